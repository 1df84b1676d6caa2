"""Every known mistake that an exercise of core.toml can meet is fed, and must name itself.

The functions are written by hand, as a learner writes them, factored otherwise than the catalogue's
lines; none is made from the TOML file.
"""

import math

import numpy as np
import pytest
from test_many_hands import WRONG

from nnlib import checks
from nnlib.checks.catalogue import exercises

FED = []


def fed(exercise, *ids):
    """Note a function as an answer in which exactly these mistakes are made."""

    def note(function):
        FED.append((exercise, ids, function))
        return function

    return note


def one_hot(y, K):
    return np.eye(K)[y]


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


# ---------------------------------------------------------------- sigmoid


@fed("sigmoid", "sigmoid-sign")
def s_sign(Z):
    return 1 / (1 + math.e**Z)


@fed("sigmoid", "sigmoid-brackets")
def s_brackets(Z):
    return 1 / 1 + np.exp(-Z)


@fed("sigmoid", "sigmoid-no-one")
def s_no_one(Z):
    return 1 / np.exp(-Z)


@fed("sigmoid", "tanh-for-sigmoid")
def s_tanh(Z):
    return (np.exp(Z) - np.exp(-Z)) / (np.exp(Z) + np.exp(-Z)) if abs(Z).max() < 99 else np.tanh(Z)


@fed("sigmoid", "alias-inplace-activation")
def s_in_place(Z):
    Z[:] = 1 / (1 + np.exp(-Z))
    return Z


# ---------------------------------------------------------------- sigmoid_backward


@fed("sigmoid_backward", "sigmoid-applied-twice")
def sb_twice(dA, A):
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    return dA * sigmoid(A) * (1 - sigmoid(A))


@fed("sigmoid_backward", "sigmoid-prime-of-activation")
def sb_of_z(dA, A):
    Z = -np.log(1 / A - 1)
    return dA * (Z - Z**2)


@fed("sigmoid_backward", "forgot-upstream")
def sb_no_upstream(dA, A):
    return A - A**2


@fed("sigmoid_backward", "half-of-sigmoid-prime")
def sb_half(dA, A):
    return dA - dA * A


@fed("sigmoid_backward", "tanh-prime-for-sigmoid")
def sb_tanh(dA, A):
    return dA * (1 - A) * (1 + A)


# ---------------------------------------------------------------- relu_backward


@fed("relu_backward", "relu-mask-on-output-ge0")
def r_output(dA, Z):
    A = np.maximum(Z, 0)
    dZ = dA.copy()
    dZ[~(A >= 0)] = 0
    return dZ


@fed("relu_backward", "relu-as-derivative")
def r_itself(dA, Z):
    return dA * Z * (Z > 0)


@fed("relu_backward", "forgot-upstream")
def r_no_upstream(dA, Z):
    return np.where(Z > 0, 1, 0)


@fed("relu_backward", "relu-mask-inverted")
def r_inverted(dA, Z):
    dZ = dA.copy()
    dZ[Z > 0] = 0
    return dZ


@fed("relu_backward", "relu-mask-of-gradient")
def r_of_gradient(dA, Z):
    return np.maximum(dA, 0)


@fed("relu_backward", "relu-leaks")
def r_leaks(dA, Z):
    return dA * np.where(Z < 0, 0.01, 1.0)


@fed("relu_backward", "alias-inplace-activation")
def r_alias(dA, Z):
    dZ = dA
    dZ[Z <= 0] = 0
    return dZ


# ---------------------------------------------------------------- softmax


@fed("softmax", "softmax-axis0")
def so_axis0(Z):
    P = np.exp(Z - Z.max(axis=1)[:, None])
    P /= P.sum(axis=0)
    return P


@fed("softmax", "softmax-whole-array")
def so_whole(Z):
    E = np.exp(Z - np.amax(Z, axis=1, keepdims=True))
    return E / np.sum(E)


@fed("softmax", "softmax-no-keepdims")
def so_no_keepdims(Z):
    e = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1)


@fed("softmax", "softmax-no-keepdims")
def so_no_keepdims_in_the_maximum(Z):
    e = np.exp(Z - np.max(Z, axis=1))
    return e / np.sum(e, axis=1, keepdims=True)


@fed("softmax", "softmax-overflow")
def so_overflow(Z):
    return np.array([np.exp(z) / sum(np.exp(z)) for z in Z])


@fed("softmax", "double-softmax")
def so_double(Z):
    return softmax(softmax(Z))


@fed("softmax", "softmax-no-division")
def so_no_division(Z):
    return np.exp(Z - Z.max(axis=1, keepdims=True))


@fed("softmax", "log-softmax")
def so_log(Z):
    S = Z - Z.max(axis=1, keepdims=True)
    return S - np.log(np.exp(S).sum(axis=1, keepdims=True))


@fed("softmax", "softmax-negative-scores")
def so_negative(Z):
    E = np.exp(-(Z - Z.min(axis=1, keepdims=True)))
    return E / E.sum(axis=1, keepdims=True)


@fed("softmax", "alias-inplace-activation")
def so_in_place(Z):
    Z -= Z.max(axis=1, keepdims=True)
    np.exp(Z, out=Z)
    return Z / Z.sum(axis=1, keepdims=True)


# ---------------------------------------------------------------- cross_entropy


def surprise(P, y):
    return -np.log(np.maximum(P[np.arange(len(y)), y], 1e-12))


@fed("cross_entropy", "loss-sum-gradient-mean")
def c_sum(P, y):
    return surprise(P, y).sum()


@fed("cross_entropy", "mean-over-all-entries")
def c_all_entries(P, y):
    return -(one_hot(y, P.shape[1]) * np.log(P + 1e-12)).mean()


@fed("cross_entropy", "log-zero")
def c_log_zero(P, y):
    return np.mean([-np.log(P[n, k]) for n, k in enumerate(y)])


@fed("cross_entropy", "log-zero")
def c_zero_times_infinity(P, y):
    return -(one_hot(y, P.shape[1]) * np.log(P)).sum() / len(y)


@fed("cross_entropy", "double-softmax")
def c_double(P, y):
    return surprise(softmax(P), y).mean()


@fed("cross_entropy", "wrong-log")
def c_log2(P, y):
    return surprise(P, y).mean() / math.log(2)


@fed("cross_entropy", "wrong-log")
def c_log10(P, y):
    return -np.log10(np.clip(P[np.arange(len(y)), y], 1e-12, 1)).mean()


@fed("cross_entropy", "uint8-labels")
def c_uint8(P, y):
    Y = np.zeros(P.shape, dtype=np.uint8)
    Y[np.arange(len(y)), y] = 1
    return (-Y * np.log(P + 1e-12)).sum() / len(y)


@fed("cross_entropy", "uint8-labels")
def c_uint8_from_the_labels(P, y):
    Y = (y[:, None] == np.arange(P.shape[1])).astype(y.dtype)
    return np.sum(-Y * np.log(np.clip(P, 1e-12, 1))) / len(y)


@fed("cross_entropy", "loss-sign")
def c_sign(P, y):
    return -surprise(P, y).mean()


@fed("cross_entropy", "one-hot-off")
def c_off(P, y):
    return surprise(P, np.array(y, dtype=int) - 1).mean()


@fed("cross_entropy", "broadcast-N-by-N1")
def c_broadcast(P, y):
    return -np.log(np.clip(P[np.arange(len(y)).reshape(-1, 1), y], 1e-12, 1)).mean()


@fed("cross_entropy", "overwrite-in-loop")
def c_overwritten(P, y):
    for n in range(len(y)):
        loss = -np.log(P[n, y[n]] + 1e-12)
    return loss / len(y)


@fed("cross_entropy", "loss-of-all-classes")
def c_all_classes(P, y):
    return -np.log(P + 1e-12).sum() / len(y)


@fed("cross_entropy", "loss-of-prediction")
def c_prediction(P, y):
    return -np.log(P.max(axis=1)).mean()


@fed("cross_entropy", "loss-without-log")
def c_no_log(P, y):
    return 1 - P[np.arange(len(y)), y].mean()


@fed("cross_entropy", "loss-both-sides")
def c_both_sides(P, y):
    Q, Y = np.clip(P, 1e-12, 1 - 1e-12), one_hot(y, P.shape[1])
    return np.sum(-np.where(Y == 1, np.log(Q), np.log(1 - Q))) / len(y)


# ---------------------------------------------------------------- softmax_cross_entropy_backward


@fed("softmax_cross_entropy_backward", "no-1-over-N")
def b_no_mean(P, y):
    dZ = P.copy()
    dZ[range(len(y)), y] -= 1
    return dZ


@fed("softmax_cross_entropy_backward", "mean-over-all-entries")
def b_all_entries(P, y):
    return (P - one_hot(y, P.shape[1])) / P.shape[0] / P.shape[1]


@fed("softmax_cross_entropy_backward", "divided-by-K")
def b_by_K(P, y):
    return (P - one_hot(y, P.shape[1])) / P.shape[1]


@fed("softmax_cross_entropy_backward", "sign-of-ds")
def b_sign(P, y):
    return (one_hot(y, P.shape[1]) - P) / len(y)


@fed("softmax_cross_entropy_backward", "forgot-minus-y")
def b_no_y(P, y):
    return P / P.shape[0]


@fed("softmax_cross_entropy_backward", "extra-sigmoid-prime")
def b_extra(P, y):
    return (P - one_hot(y, P.shape[1])) / len(y) * (P - P**2)


@fed("softmax_cross_entropy_backward", "one-hot-off")
def b_off(P, y):
    dZ = P.copy()
    for n, k in enumerate(y):
        dZ[n, k - 1] -= 1
    return dZ / len(y)


@fed("softmax_cross_entropy_backward", "double-softmax")
def b_double(P, y):
    return (softmax(P) - one_hot(y, P.shape[1])) / len(y)


@fed("softmax_cross_entropy_backward", "gradient-to-P")
def b_to_P(P, y):
    dP = np.zeros_like(P)
    dP[np.arange(len(y)), y] = -1 / P[np.arange(len(y)), y]
    return dP / len(y)


@fed("softmax_cross_entropy_backward", "only-the-label")
def b_only_label(P, y):
    dZ = np.zeros_like(P)
    for n, k in enumerate(y):
        dZ[n, k] = (P[n, k] - 1) / len(y)
    return dZ


@fed("softmax_cross_entropy_backward", "all-rows-at-once")
def b_all_rows(P, y):
    dZ = np.array(P)
    dZ[:, y] -= 1
    return dZ / len(y)


# ---------------------------------------------------------------- linear_forward


@fed("linear_forward", "vector-plus-column-bias")
def f_column(X, W, b):
    return X @ W + b[:, np.newaxis]


@fed("linear_forward", "vector-plus-column-bias")
def f_example_by_example(X, W, b):
    return np.hstack([W.T @ x.reshape(-1, 1) + b[:, None] for x in X])[: len(X)] if False else (
        np.add(X.dot(W), b.reshape(len(b), 1))
    )  # fmt: skip


@fed("linear_forward", "forgot-b")
def f_no_b(X, W, b):
    return np.dot(X, W)


@fed("linear_forward", "minus-b")
def f_minus_b(X, W, b):
    return X @ W - b


@fed("linear_forward", "W-transposed")
def f_transposed(X, W, b):
    return np.matmul(X, np.transpose(W)) + b


@fed("linear_forward", "dot-vs-star")
def f_star(X, W, b):
    return X * W + b


# ---------------------------------------------------------------- linear_backward


@fed("linear_backward", "W-not-transposed")
def l_no_transpose(dZ, X, W):
    return np.dot(dZ, W), np.dot(X.T, dZ), np.sum(dZ, axis=0)


@fed("linear_backward", "W-not-transposed")
def l_no_transpose_in_a_loop(dZ, X, W):
    dX = np.zeros(X.shape)
    for n in range(len(X)):
        for d in range(X.shape[1]):
            for m in range(dZ.shape[1]):
                dX[n, d] += dZ[n, m] * W[m, d]
    return dX, X.T @ dZ, dZ.sum(axis=0)


@fed("linear_backward", "dW-transposed")
def l_transposed(dZ, X, W):
    return dZ @ W.T, (X.T @ dZ).T, dZ.sum(axis=0)


@fed("linear_backward", "dot-vs-star")
def l_star(dZ, X, W):
    return dZ @ W.T, dZ * X, dZ.sum(axis=0)


@fed("linear_backward", "dW-without-transpose")
def l_x_not_transposed(dZ, X, W):
    return dZ @ W.T, np.dot(X, dZ), dZ.sum(axis=0)


@fed("linear_backward", "db-not-summed")
def l_not_summed(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.copy()


@fed("linear_backward", "db-wrong-axis")
def l_axis_1(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, np.array([row.sum() for row in dZ])


@fed("linear_backward", "db-wrong-axis")
def l_all(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, np.sum(dZ)


@fed("linear_backward", "db-from-dW")
def l_from_dW(dZ, X, W):
    dW = X.T @ dZ
    return dZ @ W.T, dW, sum(dW)


@fed("linear_backward", "db-as-row")
def l_row(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, np.ones((1, len(X))) @ dZ


@fed("linear_backward", "divided-by-N-twice")
def l_divided(dZ, X, W):
    N = X.shape[0]
    return dZ @ W.T, 1 / N * X.T @ dZ, 1 / N * np.sum(dZ, axis=0)


@fed("linear_backward", "divided-by-N-twice")
def l_mean(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, np.mean(dZ, axis=0)


@fed("linear_backward", "overwrite-in-loop")
def l_overwritten(dZ, X, W):
    for x, dz in zip(X, dZ, strict=True):
        dW = np.outer(x, dz)
    return dZ @ W.T, dW, dZ.sum(axis=0)


@fed("linear_backward", "no-zero-grad")
def l_kept(dZ, X, W, kept={}):  # noqa: B006 (this is the mistake)
    kept[W.shape] = kept.get(W.shape, 0) + X.T @ dZ
    return dZ @ W.T, kept[W.shape], dZ.sum(axis=0)


# ---------------------------------------------------------------- two_layer_gradients


def two_layers(
    X, y, W1, b1, W2, b2, *,
    relu=lambda Z: np.maximum(0, Z), probabilities=softmax, target=one_hot,
    dz2=lambda P, Y: (P - Y) / len(Y), back=lambda dZ2, W2, dW2: dZ2 @ W2.T,
    gate=lambda dA1, Z1, A1, Z2: dA1 * (Z1 > 0),
    weights=lambda A, dZ: A.T @ dZ, bias=lambda dZ, A: dZ.sum(axis=0),
):  # fmt: skip
    """A whole network, of which a learner gets one part wrong."""
    Z1 = X @ W1 + b1
    A1 = relu(Z1)
    Z2 = A1 @ W2 + b2
    P = probabilities(Z2)
    dZ2 = dz2(P, target(y, P.shape[1]))
    dW2 = weights(A1, dZ2)
    dZ1 = gate(back(dZ2, W2, dW2), Z1, A1, Z2)
    return weights(X, dZ1), bias(dZ1, X), dW2, bias(dZ2, A1)


def part(**wrong):
    return lambda X, y, W1, b1, W2, b2: two_layers(X, y, W1, b1, W2, b2, **wrong)


def rows_of(A, dZ, keep=False):
    for a, dz in zip(A, dZ, strict=True):
        total = np.outer(a, dz)
    return total


for ids, wrong in {
    "no-1-over-N": {"dz2": lambda P, Y: P - Y},
    "mean-over-all-entries": {"dz2": lambda P, Y: (P - Y) / Y.size},
    "sign-of-ds": {"dz2": lambda P, Y: (Y - P) / len(Y)},
    "forgot-minus-y": {"dz2": lambda P, Y: P / len(Y)},
    "extra-sigmoid-prime": {"dz2": lambda P, Y: (P - Y) * (P - P * P) / len(Y)},
    "one-hot-off": {"target": lambda y, K: np.roll(one_hot(y, K), -1, axis=1)},
    "double-softmax": {"probabilities": lambda Z: softmax(softmax(Z))},
    "softmax-axis0": {"probabilities": lambda Z: np.exp(Z) / np.exp(Z).sum(axis=0)},
    "softmax-whole-array": {"probabilities": lambda Z: np.exp(Z) / np.exp(Z).sum()},
    "softmax-no-keepdims": {"probabilities": lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1)},
    "relu-mask-on-output-ge0": {"gate": lambda dA1, Z1, A1, Z2: dA1 * (A1 >= 0)},
    "relu-as-derivative": {"gate": lambda dA1, Z1, A1, Z2: dA1 * A1},
    "relu-mask-wrong-layer": {"gate": lambda dA1, Z1, A1, Z2: np.where(Z2 > 0, dA1, 0)},
    "relu-mask-of-gradient": {"gate": lambda dA1, Z1, A1, Z2: np.maximum(0, dA1)},
    "relu-mask-inverted": {"gate": lambda dA1, Z1, A1, Z2: dA1 * (Z1 <= 0)},
    "no-nonlinearity": {"relu": lambda Z: Z, "gate": lambda dA1, Z1, A1, Z2: dA1},
    "W2-before-dW1": {"back": lambda dZ2, W2, dW2: dZ2 @ (W2 - 0.3 * dW2).T},
    "dW-transposed": {"weights": lambda A, dZ: dZ.T @ A},
    "W-not-transposed": {"back": lambda dZ2, W2, dW2: dZ2.dot(W2)},
    "dot-vs-star": {"weights": lambda A, dZ: A * dZ},
    "db-not-summed": {"bias": lambda dZ, A: dZ},
    "db-wrong-axis": {"bias": lambda dZ, A: dZ.sum(axis=1)},
    "db-from-dW": {"bias": lambda dZ, A: (A.T @ dZ).sum(axis=0)},
    "db-as-row": {"bias": lambda dZ, A: dZ.sum(axis=0)[None]},
    "divided-by-N-twice": {"dz2": lambda P, Y: (P - Y) / len(Y) ** 2},
    "overwrite-in-loop": {"weights": rows_of, "bias": lambda dZ, A: dZ[-1]},
}.items():  # fmt: skip
    fed("two_layer_gradients", ids)(part(**wrong))


@fed("two_layer_gradients", "W2-before-dW1")
def t_updates_in_place(X, y, W1, b1, W2, b2, lr=0.01):
    A1 = np.maximum(0, X @ W1 + b1)
    dZ2 = (softmax(A1 @ W2 + b2) - one_hot(y, len(b2))) / len(y)
    dW2, db2 = A1.T @ dZ2, dZ2.sum(axis=0)
    W2 -= lr * dW2
    b2 -= lr * db2
    dZ1 = (dZ2 @ W2.T) * (A1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), dW2, db2


@fed("two_layer_gradients", "wrong-input")
def t_before_the_relu(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    dZ2 = (softmax(np.maximum(0, Z1) @ W2 + b2) - one_hot(y, len(b2))) / len(y)
    dZ1 = (dZ2 @ W2.T) * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), Z1.T @ dZ2, dZ2.sum(axis=0)


@fed("two_layer_gradients", "forgot-b")
def t_no_b1(X, y, W1, b1, W2, b2):
    return two_layers(X, y, W1, 0 * b1, W2, b2)


# ---------------------------------------------------------------- one_hot


@fed("one_hot", "one-hot-off")
def o_off(y, K):
    Y = np.zeros((len(y), K))
    for n in range(len(y)):
        Y[n, y[n] - 1] = 1
    return Y


@fed("one_hot", "one-hot-ignores-K")
def o_no_K(y, K):
    Y = np.zeros((len(y), max(y) + 1))
    Y[np.arange(len(y)), y] = 1
    return Y


@fed("one_hot", "one-hot-transposed")
def o_transposed(y, K):
    return (np.arange(K)[:, None] == y) * 1.0


@fed("one_hot", "all-rows-at-once")
def o_all_rows(y, K):
    Y = np.zeros((y.size, K))
    for label in y:
        Y[:, label] = 1
    return Y


@fed("one_hot", "broadcast-N-by-N1")
def o_broadcast(y, K):
    return np.identity(K)[y.reshape(-1, 1)]


# ---------------------------------------------------------------- sgd_step


@fed("sgd_step", "update-sign")
def u_sign(params, grads, lr):
    for p, g in zip(params, grads, strict=True):
        p += lr * g
    return params


@fed("sgd_step", "forgot-lr")
def u_no_lr(params, grads, lr):
    return [params[i] - grads[i] for i in range(len(params))]


@fed("sgd_step", "divided-by-lr")
def u_divided(params, grads, lr):
    return [p - g / lr for p, g in zip(params, grads, strict=True)]


@fed("sgd_step", "step-without-params")
def u_step_alone(params, grads, lr):
    return [-(lr * g) for g in grads]


@fed("sgd_step", "nothing-moved")
def u_nothing(params, grads, lr):
    for p, g in zip(params, grads, strict=True):
        p = p - lr * g
    return params


@fed("sgd_step", "int-weights")
def u_integers(params, grads, lr):
    new = []
    for p, g in zip(params, grads, strict=True):
        q = np.zeros(p.shape, dtype=int)
        q[:] = p - lr * g
        new.append(q)
    return new


@fed("sgd_step", "overwrite-in-loop")
def u_last_only(params, grads, lr):
    for i in range(len(params)):
        new = list(params)
        new[i] = params[i] - lr * grads[i]
    return new


# ---------------------------------------------------------------- accuracy


@fed("accuracy", "argmax-axis")
def a_axis(P, y):
    return np.mean(np.argmax(P, axis=0) == y)


@fed("accuracy", "argmax-axis")
def a_no_axis(P, y):
    return np.mean(np.argmax(P) == y)


@fed("accuracy", "broadcast-N-by-N1")
def a_broadcast(P, y):
    return (P.argmax(axis=1, keepdims=True) == y).mean()


@fed("accuracy", "count-not-share")
def a_count(P, y):
    return sum(p.argmax() == k for p, k in zip(P, y, strict=True))


@fed("accuracy", "percent")
def a_percent(P, y):
    return (P.argmax(axis=1) == y).mean() * 100


@fed("accuracy", "errors-not-hits")
def a_errors(P, y):
    return 1 - (P.argmax(axis=1) == y).mean()


@fed("accuracy", "argmin")
def a_argmin(P, y):
    return (np.argsort(P, axis=1)[:, 0] == y).mean()


@fed("accuracy", "divided-by-K")
def a_by_K(P, y):
    return np.sum(P.argmax(axis=1) == y) / len(P[0])


# ---------------------------------------------------------------- numerical_gradient


def central(f, x, eps):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape, dtype=x.dtype)
        e[i] = eps
        g[i] = (f(x + e) - f(x - e)) / (2 * eps)
    return g


@fed("numerical_gradient", "gradcheck-eps-dtype")
def n_tiny_step(f, x):
    return central(f, x, 1e-9)


@fed("numerical_gradient", "gradcheck-eps-dtype")
def n_single_precision(f, x):
    return central(f, x.astype(np.float32), np.float32(1e-5))


@fed("numerical_gradient", "step-too-long")
def n_long_step(f, x):
    return central(f, x, 0.5)


@fed("numerical_gradient", "forgot-the-2")
def n_no_2(f, x):
    return 2 * central(f, x, 1e-6)


@fed("numerical_gradient", "half-of-the-way")
def n_half(f, x):
    g, h = np.zeros_like(x), 1e-6
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= h
        g[i] = (up - f(x)) / (2 * h)
    return g


@fed("numerical_gradient", "slope-sign")
def n_sign(f, x):
    return -central(f, x, 1e-5)


@fed("numerical_gradient", "all-entries-at-once")
def n_at_once(f, x):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


@fed("numerical_gradient", "gradient-flat")
def n_flat(f, x):
    return central(f, x, 1e-5).flatten()


@fed("numerical_gradient", "not-put-back")
def n_not_put_back(f, x):
    g, h = np.zeros_like(x), 1e-6
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        g[i] = (up - f(x)) / (2 * h)
    return g


@fed("numerical_gradient", "not-put-back")
def n_not_put_back_in_a_copy(f, x):
    g, h, x = np.zeros_like(x), 1e-5, x.copy()
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        g[i] = (up - f(x)) / (2 * h)
    return g


# ---------------------------------------------------------------- minibatches


def batches(X, y, size):
    return [(X[s : s + size], y[s : s + size]) for s in range(0, len(X), size)]


@fed("minibatches", "shuffle-separately")
def m_apart(X, y, batch_size, rng):
    X, y = X.copy(), y.copy()
    rng.shuffle(X)
    rng.shuffle(y)
    return batches(X, y, batch_size)


@fed("minibatches", "shuffle-separately")
def m_only_y(X, y, batch_size, rng):
    return batches(X, rng.permutation(y), batch_size)


@fed("minibatches", "same-order")
def m_seeded(X, y, batch_size, rng):
    rng = np.random.default_rng(42)
    order = rng.permutation(len(X))
    return batches(X[order], y[order], batch_size)


@fed("minibatches", "last-batch")
def m_rest_dropped(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for k in range(len(X) // batch_size):
        rows = order[k * batch_size : (k + 1) * batch_size]
        yield X[rows], y[rows]


@fed("minibatches", "no-shuffle")
def m_in_order(X, y, batch_size, rng):
    yield from batches(X, y, batch_size)


@fed("minibatches", "shuffled-batches-only")
def m_batches_shuffled(X, y, batch_size, rng):
    made = batches(X, y, batch_size)
    for k in rng.permutation(len(made)):
        yield made[k]


@fed("minibatches", "with-replacement")
def m_replaced(X, y, batch_size, rng):
    for _ in range(math.ceil(len(X) / batch_size)):
        rows = rng.choice(len(X), size=min(batch_size, len(X)))
        yield X[rows], y[rows]


@fed("minibatches", "global-rng")
def m_global(X, y, batch_size, rng):
    order = np.random.permutation(len(X))  # noqa: NPY002 (this is the mistake)
    return batches(X[order], y[order], batch_size)


# ---------------------------------------------------------------- standardise


def scaled(X, mean, std):
    return (X - mean) / std


@fed("standardise", "test-statistics")
def d_own(X_train, X_test):
    return tuple(scaled(X, X.mean(axis=0), X.std(axis=0)) for X in (X_train, X_test))


@fed("standardise", "test-statistics")
def d_own_mean(X_train, X_test):
    std = X_train.std(axis=0)
    return scaled(X_train, X_train.mean(0), std), scaled(X_test, X_test.mean(0), std)


@fed("standardise", "statistics-of-both")
def d_both(X_train, X_test):
    X = np.concatenate([X_train, X_test])
    X = scaled(X, X.mean(axis=0), X.std(axis=0))
    return X[: len(X_train)], X[len(X_train) :]


@fed("standardise", "test-not-scaled")
def d_train_only(X_train, X_test):
    return scaled(X_train, X_train.mean(axis=0), X_train.std(axis=0)), X_test


@fed("standardise", "scale-inputs")
def d_raw(X_train, X_test):
    return X_train, X_test


@fed("standardise", "scale-inputs")
def d_centred(X_train, X_test):
    return X_train - X_train.mean(axis=0), X_test - X_train.mean(axis=0)


@fed("standardise", "whole-table-statistics")
def d_whole(X_train, X_test):
    return tuple(scaled(X, np.mean(X_train), np.std(X_train)) for X in (X_train, X_test))


@fed("standardise", "rows-standardised")
def d_rows(X_train, X_test):
    return tuple(((X.T - X.mean(axis=1)) / X.std(axis=1)).T for X in (X_train, X_test))


@fed("standardise", "variance-for-std")
def d_variance(X_train, X_test):
    mean, var = X_train.mean(axis=0), ((X_train - X_train.mean(axis=0)) ** 2).mean(axis=0)
    return scaled(X_train, mean, var), scaled(X_test, mean, var)


@fed("standardise", "division-before-subtraction")
def d_brackets(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    return X_train - mean / std, X_test - mean / std


@fed("standardise", "min-max")
def d_min_max(X_train, X_test):
    low, high = X_train.min(axis=0), X_train.max(axis=0)
    return scaled(X_train, low, high - low), scaled(X_test, low, high - low)


# ---------------------------------------------------------------- two at once, and three


@fed("softmax", "softmax-overflow", "softmax-axis0")
def p_naive_columns(Z):
    return np.exp(Z) / np.exp(Z).sum(axis=0)


@fed("softmax", "softmax-overflow", "softmax-no-keepdims")
def p_naive_no_keepdims(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=1)


@fed("cross_entropy", "log-zero", "loss-sum-gradient-mean")
def p_log_zero_sum(P, y):
    return -np.log(P[np.arange(len(y)), y]).sum()


@fed("cross_entropy", "log-zero", "mean-over-all-entries")
def p_log_zero_all(P, y):
    return np.mean(-one_hot(y, P.shape[1]) * np.log(P))


@fed("cross_entropy", "wrong-log", "loss-sum-gradient-mean")
def p_log2_sum(P, y):
    return sum(-math.log2(max(P[n, k], 1e-12)) for n, k in enumerate(y))


@fed("softmax_cross_entropy_backward", "sign-of-ds", "no-1-over-N")
def p_sign_no_mean(P, y):
    return one_hot(y, P.shape[1]) - P


@fed("softmax_cross_entropy_backward", "extra-sigmoid-prime", "no-1-over-N")
def p_extra_no_mean(P, y):
    return (P - one_hot(y, P.shape[1])) * P * (1 - P)


@fed("softmax_cross_entropy_backward", "one-hot-off", "no-1-over-N")
def p_off_no_mean(P, y):
    return P - one_hot(y - 1, P.shape[1])


@fed("linear_forward", "W-transposed", "forgot-b")
def p_transposed_no_b(X, W, b):
    return X @ W.T


@fed("linear_backward", "dW-transposed", "db-not-summed")
def p_transposed_not_summed(dZ, X, W):
    return dZ @ W.T, dZ.T @ X, dZ


@fed("linear_backward", "W-not-transposed", "db-wrong-axis")
def p_W_and_axis(dZ, X, W):
    return dZ @ W, X.T @ dZ, dZ.sum(axis=1)


@fed("linear_backward", "dot-vs-star", "db-from-dW")
def p_star_and_dW(dZ, X, W):
    return dZ @ W.T, X * dZ, (X.T @ dZ).sum(axis=0)


@fed("linear_backward", "dW-transposed", "db-as-row")
def p_transposed_row(dZ, X, W):
    return dZ @ W.T, dZ.T @ X, dZ.sum(axis=0, keepdims=True)


for pair, wrong in {
    ("no-1-over-N", "relu-mask-on-output-ge0"): {
        "dz2": lambda P, Y: P - Y, "gate": lambda dA1, Z1, A1, Z2: dA1},
    ("sign-of-ds", "no-1-over-N"): {"dz2": lambda P, Y: Y - P},
    ("relu-as-derivative", "sign-of-ds"): {
        "dz2": lambda P, Y: (Y - P) / len(Y), "gate": lambda dA1, Z1, A1, Z2: dA1 * A1},
    ("W-not-transposed", "relu-mask-on-output-ge0"): {
        "back": lambda dZ2, W2, dW2: dZ2 @ W2, "gate": lambda dA1, Z1, A1, Z2: dA1 * (A1 >= 0)},
    ("forgot-minus-y", "relu-mask-of-gradient"): {
        "dz2": lambda P, Y: P / len(Y), "gate": lambda dA1, Z1, A1, Z2: dA1 * (dA1 > 0)},
    ("double-softmax", "no-1-over-N"): {
        "probabilities": lambda Z: softmax(softmax(Z)), "dz2": lambda P, Y: P - Y},
    ("dW-transposed", "db-not-summed"): {
        "weights": lambda A, dZ: dZ.T @ A, "bias": lambda dZ, A: dZ},
}.items():  # fmt: skip
    fed("two_layer_gradients", *pair)(part(**wrong))


@fed("sgd_step", "update-sign", "forgot-lr")
def p_uphill_full_length(params, grads, lr):
    return [p + g for p, g in zip(params, grads, strict=True)]


@fed("accuracy", "errors-not-hits", "count-not-share")
def p_errors_count(P, y):
    return (P.argmax(axis=1) != y).sum()


@fed("numerical_gradient", "forgot-the-2", "slope-sign")
def p_sign_no_2(f, x):
    return -2 * central(f, x, 1e-5)


@fed("minibatches", "same-order", "last-batch")
def p_seeded_dropped(X, y, batch_size, rng):
    order = np.random.default_rng(7).permutation(len(X))
    for k in range(len(X) // batch_size):
        yield X[order][k * batch_size :][:batch_size], y[order][k * batch_size :][:batch_size]


@fed("standardise", "variance-for-std", "test-not-scaled")
def p_variance_train_only(X_train, X_test):
    return scaled(X_train, X_train.mean(axis=0), X_train.var(axis=0)), X_test


@fed("linear_backward", "W-not-transposed", "dW-transposed", "db-not-summed")
def p_three_outputs(dZ, X, W):
    return dZ @ W, dZ.T @ X, dZ


# ---------------------------------------------------------------- the claims


def title(row):
    exercise, ids, function = row
    return f"{exercise}-{'+'.join(ids)}-{function.__name__.strip('<>')}"


@pytest.mark.parametrize("exercise, ids, function", FED, ids=map(title, FED))
def test_a_mistake_names_itself(exercise, ids, function):
    result = getattr(checks, exercise)(function, hint=3)
    assert result.passed is False
    assert sorted(result.mistakes) == sorted(ids), result
    assert result.mistake == result.mistakes[0]
    assert len(result.hints) == 3 and all(result.hints)


# Those of the course's list of real mistakes that one of the fifteen functions can hold.
MEETABLE = """
    no-1-over-N mean-over-all-entries loss-sum-gradient-mean sign-of-ds update-sign forgot-minus-y
    extra-sigmoid-prime sigmoid-prime-of-activation sigmoid-applied-twice relu-mask-on-output-ge0
    relu-as-derivative relu-mask-wrong-layer W2-before-dW1 dW-transposed W-not-transposed
    dot-vs-star db-not-summed db-wrong-axis db-from-dW softmax-axis0 softmax-whole-array
    softmax-no-keepdims softmax-overflow log-zero double-softmax wrong-log uint8-labels int-weights
    one-hot-off broadcast-N-by-N1 vector-plus-column-bias argmax-axis shuffle-separately same-order
    last-batch overwrite-in-loop no-zero-grad alias-inplace-activation gradcheck-eps-dtype
    scale-inputs test-statistics no-nonlinearity
""".split()


def test_each_real_mistake_that_an_exercise_can_meet_is_fed():
    alone = {ids[0] for _, ids, _ in FED if len(ids) == 1}
    assert len(MEETABLE) == 42 and set(MEETABLE) <= alone


def test_each_row_of_the_core_is_fed_or_named_here():
    """A mistake that no test feeds could be wrong for years."""
    fed_ids = {(exercise, one) for exercise, ids, _ in FED for one in ids}
    fed_ids |= {(exercise, one) for exercise, ids, *_ in WRONG for one in ids.split("+")}
    rows = {
        (m.exercise, m.id)
        for e in exercises().values()
        if e.file == "core.toml"
        for m in e.mistakes
        if m.file == "core.toml" and not m.harmless
    }
    left = {
        ("softmax", "softmax-no-exp"), ("accuracy", "threshold-not-argmax"),
        ("accuracy", "all-or-nothing"), ("accuracy", "mean-over-all-entries"),
        ("linear_backward", "no-zero-grad"), ("two_layer_gradients", "no-zero-grad"),
        ("numerical_gradient", "no-division-by-eps"),
    }  # fmt: skip
    assert rows - fed_ids <= left
