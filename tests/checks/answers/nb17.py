"""Answers to exercises of nb17.toml, as many hands write them; see tests/checks/test_answers.py."""

import math

import numpy as np
from hands import of, right, wrong

of("output_size")
wrong("size-rounded", lambda n, k, s, p: round((n + 2 * p - k) / s) + 1)
wrong("size-rounded-up", lambda n, k, s, p: math.ceil((n + 2 * p - k) / s) + 1)
wrong("size-minus-padding", lambda n, k, s, p: (n - 2 * p - k) // s + 1)

of("conv1d_forward")
wrong(
    "conv1d-mean",
    lambda x, w, b: [(x[i : i + len(w)] * w).mean() + b for i in range(len(x) - len(w) + 1)],
)
wrong(
    "conv1d-bias-subtracted",
    lambda x, w, b: [(x[i : i + len(w)] * w).sum() - b for i in range(len(x) - len(w) + 1)],
)


@wrong("", says="z is not right yet")
def three_weights_at_most(x, w, b):
    k = len(w)
    return np.array([x[i : i + min(3, k)] @ w[:3] + b for i in range(len(x) - k + 1)])


@wrong("", says="Compute one place")
def the_bias_of_the_first_place(x, w, b):
    z = np.correlate(x, w, "valid")
    z[0] += b
    return z


@wrong("", says="axis 0 is 5 long and not 3")
def the_same_size(x, w, b):
    return np.correlate(x, w, "same") + b


of("max_pool_backward")


def pooled(dA, X, first):
    dX = np.zeros(X.shape)
    for n, c, i, j in np.ndindex(dA.shape):
        r, s = first(X[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2])
        dX[n, c, 2 * i + r, 2 * j + s] = dA[n, c, i, j]
    return dX


wrong(
    "pool-back-by-columns",
    lambda dA, X: pooled(dA, X, lambda w: np.unravel_index(w.T.argmax(), (2, 2))[::-1]),
)
wrong(
    "pool-back-sizes",
    lambda dA, X: pooled(dA, X, lambda w: np.unravel_index(np.abs(w).argmax(), (2, 2))),
)
wrong(
    "pool-back-smallest",
    lambda dA, X: pooled(dA, X, lambda w: np.unravel_index(w.argmin(), (2, 2))),
)


def pooled_with(dA, X, place=lambda n, c: (n, c), give=lambda d, window: d):
    dX = np.zeros(X.shape)
    for n, c, i, j in np.ndindex(dA.shape):
        window = X[(*place(n, c), slice(2 * i, 2 * i + 2), slice(2 * j, 2 * j + 2))]
        r, s = divmod(int(window.argmax()), 2)
        dX[n, c, 2 * i + r, 2 * j + s] = give(dA[n, c, i, j], window)
    return dX


right(lambda dA, X: pooled_with(dA, X), "with options")
wrong("pool-windows-of-the-first-channel", lambda dA, X: pooled_with(dA, X, lambda n, c: (n, 0)))
wrong("pool-windows-of-the-first-picture", lambda dA, X: pooled_with(dA, X, lambda n, c: (0, c)))
wrong(
    "pool-times-the-pixel",
    lambda dA, X: pooled_with(dA, X, give=lambda d, window: d * window.max()),
)
wrong(
    "pool-positive-only",
    lambda dA, X: pooled_with(dA, X, give=lambda d, window: d * (window.max() > 0)),
)

of("conv2d_forward")


def convolved(X, W, b, stride, padding, bias=True, turned=False):
    p, k = padding, W.shape[2]
    X = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))
    rows, columns = ((n - k) // stride + 1 for n in X.shape[2:])
    Z = np.zeros((len(X), len(W), rows, columns))
    for n, o, i, j in np.ndindex(Z.shape):
        r, c = stride * i, stride * j
        if turned:
            r, c = c, r
        window = X[n, :, r : r + k, c : c + k]
        part = W[o][:, : window.shape[1], : window.shape[2]]
        Z[n, o, i, j] = (window * part).sum() + b[o] if bias else (window * part + b[o]).sum()
    return Z


wrong("conv-no-stride", lambda X, W, b, s, p: convolved(X, W, b, 1, p))
wrong("conv-no-padding", lambda X, W, b, s, p: convolved(X, W, b, s, 0))
wrong("conv-rows-for-columns", lambda X, W, b, s, p: convolved(X, W, b, s, p, turned=True))
wrong("conv-bias-in-sum", lambda X, W, b, s, p: convolved(X, W, b, s, p, bias=False))
wrong(
    "",
    lambda X, W, b, s, p: convolved(X, W[:, :, :3, :3], b, s, p),
    "kernels of 3 at most",
)


def convolved_with(
    X, W, b, stride, padding, total=lambda window, kernel: (window * kernel).sum(), **how
):
    pairs = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    X, k = np.pad(X, how.pop("pairs", pairs), **how), W.shape[2]
    rows, columns = ((n - k) // stride + 1 for n in X.shape[2:])
    Z = np.zeros((len(X), len(W), rows, columns))
    for n, o, i, j in np.ndindex(Z.shape):
        window = X[n, :, stride * i : stride * i + k, stride * j : stride * j + k]
        Z[n, o, i, j] = total(window, W[o]) + b[o]
    return Z


right(lambda X, W, b, s, p: convolved_with(X, W, b, s, p), "with options")
wrong("conv-padded-with-the-edge", lambda X, W, b, s, p: convolved_with(X, W, b, s, p, mode="edge"))
wrong(
    "conv-padded-with-ones", lambda X, W, b, s, p: convolved_with(X, W, b, s, p, constant_values=1)
)
wrong("conv-padded-twice", lambda X, W, b, s, p: convolved_with(X, W, b, s, 2 * p))
wrong(
    "conv-padded-at-one-side",
    lambda X, W, b, s, p: convolved_with(X, W, b, s, p, pairs=((0, 0), (0, 0), (p, 0), (p, 0))),
)
wrong(
    "conv-padded-along-one-axis",
    lambda X, W, b, s, p: convolved_with(X, W, b, s, p, pairs=((0, 0), (0, 0), (p, p), (0, 0))),
)
wrong(
    "conv-kernel-transposed",
    lambda X, W, b, s, p: convolved_with(X, W.transpose(0, 1, 3, 2), b, s, p),
)
wrong(
    "conv-bias-for-each-channel", lambda X, W, b, s, p: convolved_with(X, W, b * X.shape[1], s, p)
)
wrong("conv-mean-of-channels", lambda X, W, b, s, p: convolved_with(X, W / X.shape[1], b, s, p))
wrong(
    "",
    lambda X, W, b, s, p: convolved_with(X, W[::-1], b[::-1], s, p),
    "filters turned round",
    says="frame of `padding` zeros",
)

of("conv1d_backward")
wrong(
    "",
    lambda dz, x, w: (np.convolve(dz, w), np.correlate(x, dz, "valid"), len(w) * dz.sum()),
    "db k times",
    says="db is k times the right one.",
)
