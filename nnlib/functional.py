"""The plain functions of the course: one formula each, no state.

Where the course first shows a naive form that breaks for large numbers, it is kept here beside
the stable one (`softmax_naive`, ...), and a test holds the two equal.
"""

from functools import lru_cache

import numpy as np

from . import errors


def sigmoid_naive(Z):
    """σ(z) = 1 / (1 + e^−z), as on paper. Overflows for z below about −709."""
    Z = errors.floats(Z, "sigmoid_naive", "Z", kinds=errors.COMPLEX)
    return 1 / (1 + np.exp(-Z))


def sigmoid(Z):
    """σ(z) = 1 / (1 + e^−z), entry by entry, between 0 and 1; any shape.

    The exponent is never positive, so nothing overflows: for z < 0 the fraction is e^z / (1 + e^z).
    Derived in notebook 02; its derivative, a(1 − a), in notebook 04.
    """
    return logistic(errors.floats(Z, "sigmoid", "Z", kinds=errors.COMPLEX))


def logistic(Z):
    """`sigmoid` for an array that has already been validated."""
    up = Z.real >= 0
    E = np.exp(np.where(up, -Z, Z))  # e^−|z|
    return np.where(up, 1, E) / (1 + E)


def softmax_naive(Z):
    """p_k = e^z_k / Σ_j e^z_j along the last axis, as on paper. Overflows for z above about 709."""
    Z = errors.batch(Z, "softmax_naive", "Z", kinds=errors.COMPLEX)
    E = np.exp(Z)
    return E / E.sum(axis=-1, keepdims=True)


def softmax(Z):
    """p_k = e^z_k / Σ_j e^z_j along the last axis: scores to probabilities that sum to 1.

    Z (..., K) to P (..., K). Subtracting the row's maximum changes nothing, because
    e^(z−m) / Σ e^(z−m) = e^z / Σ e^z, and keeps every exponent at or below 0.
    Derived in notebook 03.
    """
    Z = errors.batch(Z, "softmax", "Z", kinds=errors.COMPLEX)
    with np.errstate(over="ignore"):  # scores as far apart as floats go: −inf, and e^−inf is 0
        return softmax_of(Z)


def softmax_of(Z):
    """`softmax` for scores that have already been validated."""
    E = np.exp(shifted(Z))
    return E / row_sums(E)


def log_softmax_naive(Z):
    """log p_k, as log(softmax). Gives −inf as soon as a probability underflows to 0."""
    return np.log(softmax_naive(Z))


def log_softmax(Z):
    """log p_k = z_k − log Σ_j e^z_j along the last axis, without ever forming p.

    Z (..., K) to log P (..., K). Derived in notebook 03.
    """
    Z = errors.batch(Z, "log_softmax", "Z", kinds=errors.COMPLEX)
    with np.errstate(over="ignore"):
        S = shifted(Z)
    return S - np.log(row_sums(np.exp(S)))


def shifted(Z):
    """Z minus the maximum of its row: the same probabilities, and no exponent above 0."""
    return Z - row_maxima(Z)


def one_hot(y, K=None):
    """Integer labels (N,) to a table (N, K) with a single 1 in each row, at the label.

    K is the number of classes; without it, the largest label plus one.
    """
    K = None if K is None else errors.whole(K, "K", "one_hot")
    y = errors.labels(y, "one_hot", K=K)
    return one_hot_of(y, int(y.max()) + 1 if K is None else K)


def one_hot_of(y, K, dtype=np.float64):
    """`one_hot` for labels that have already been validated."""
    if K > 1000:  # the identity would be larger than the table
        Y = errors.zeros((len(y), K), dtype, "one_hot")
        Y[np.arange(len(y)), y] = 1
        return Y
    return identity(K, dtype).take(y, axis=0)


def accuracy(Z, y):
    """The share of examples whose largest score is at the label, a float from 0 to 1.

    Z (N, K), scores or probabilities (the largest is the same one); y (N,) integer labels.
    """
    Z = errors.scores(Z, "accuracy")
    y = errors.labels(y, "accuracy", N=len(Z), K=Z.shape[1])
    return float((Z.argmax(axis=1) == y).mean())


def he_normal(n_in, n_out, rng):
    """Starting weights for ReLU: normal, mean 0, variance 2 / n_in; shape (n_in, n_out).

    Keeps the size of the signal through ReLU layers. He et al. 2015; derived in notebook 11.
    """
    n_in, n_out, rng = _units(n_in, n_out, rng, "he_normal")
    return rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)


def xavier_normal(n_in, n_out, rng):
    """Starting weights for tanh and sigmoid: normal, variance 2 / (n_in + n_out); (n_in, n_out).

    A compromise between the forward and the backward pass. Glorot and Bengio 2010; notebook 11.
    """
    n_in, n_out, rng = _units(n_in, n_out, rng, "xavier_normal")
    return rng.standard_normal((n_in, n_out)) * np.sqrt(2 / (n_in + n_out))


def _units(n_in, n_out, rng, who):
    n_in, n_out = errors.whole(n_in, "n_in", who), errors.whole(n_out, "n_out", who)
    errors.zeros((n_in, n_out), float, who)  # takes no time: the system hands out zeros on touch
    return n_in, n_out, errors.generator(rng, who)


INITIAL = {"he": he_normal, "xavier": xavier_normal}


# Faster ways to compute simple things, named after what they compute. Notebook 19 measures them.


@lru_cache
def ones(shape, dtype):
    """A read-only array of ones, cached for each shape and dtype."""
    return _constant(np.ones(shape, dtype))


@lru_cache(maxsize=8)
def identity(K, dtype):
    """A read-only identity matrix, cached likewise: row k is the one-hot row of class k."""
    return _constant(np.eye(K, dtype=dtype))


def _constant(A):
    A.flags.writeable = False
    return A


def product(A, B, out=None):
    """A @ B. `dot` has less call overhead than `@`, but its `out` needs a single dtype."""
    try:
        return A.dot(B, out)
    except ValueError:
        return np.matmul(A, B, out=out)


def sum_of_rows(A, out=None):
    """Σₙ A[n], computed as the product 1ᵀ A: for a matrix, faster than `A.sum(axis=0)`."""
    return product(ones(len(A), A.dtype), A, out)


def row_sums(A):
    """Σₖ A[..., k], as a column: the product with a column of ones."""
    return A.dot(ones((A.shape[-1], 1), A.dtype))


def total(A):
    """Σ of all entries, as a product with ones."""
    return np.vdot(ones(A.shape, A.dtype), A)


def row_maxima(A):
    """The maximum of each row, as a column. NumPy is faster on column-major memory."""
    return np.maximum.reduce(np.asfortranarray(A), axis=-1, keepdims=True)
