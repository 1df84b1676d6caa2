"""Answers to `linear_forward`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

from functools import partial

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


L = "linear_forward"
wrong(L, "W-transposed", lambda X, W, b: X @ W.T + b)
wrong(L, "W-transposed", lambda X, W, b: np.einsum("nd,kd->nk", X, W) + b)
wrong(L, "dot-vs-star", lambda X, W, b: X * W + b)
wrong(L, "forgot-b", lambda X, W, b: X @ W, "no b")
wrong(L, "minus-b", lambda X, W, b: X @ W - b, "minus b")
wrong(L, "", lambda X, W, b: (X @ W + b).T, "transposed")
wrong(L, "", lambda X, W, b: W.T @ X.T + b[:, None], "transposed")
wrong(L, "vector-plus-column-bias", lambda X, W, b: X @ W + b.reshape(-1, 1))
wrong(L, "vector-plus-column-bias", lambda X, W, b: np.add(np.dot(X, W), b[:, np.newaxis]))
wrong(L, "", lambda X, W, b: np.array([x @ W + b[:, None] for x in X]), "per example (N,H,H)")


@wrong(L, "overwrite-in-loop")
def _(X, W, b):
    Z = np.zeros((len(X), W.shape[1]))
    for i in range(len(X)):
        for k in range(W.shape[1]):
            for d in range(W.shape[0]):
                Z[i, k] = X[i, d] * W[d, k]
            Z[i, k] += b[k]
    return Z


@wrong(L, "b-in-the-loop", label="b added D times")
def _(X, W, b):
    Z = np.zeros((len(X), W.shape[1]))
    for i in range(len(X)):
        for k in range(W.shape[1]):
            for d in range(W.shape[0]):
                Z[i, k] += X[i, d] * W[d, k] + b[k]
    return Z


wrong(L, "activation-too-many", lambda X, W, b: np.maximum(0, X @ W + b), "relu")


wrong(L, "b-in-the-loop", lambda X, W, b: X @ (W + b), "b in brackets")
wrong(L, "", lambda X, W, b: X @ W * b, "times b")
wrong(L, "", lambda X, W, b: X @ W + b.sum(), "b summed")
wrong(L, "", lambda X, W, b: X @ W + b[0], "b[0]")
wrong(L, "", lambda X, W, b: (X @ W + b) / len(X), "/N")


@wrong(L, "")
def _(X, W, b):
    Z = np.zeros((len(X), W.shape[1]), dtype=int)
    Z[:] = X @ W + b
    return Z


@wrong(L, "")
def _(X, W, b):
    W *= 2
    W /= 2
    b += 1
    return X @ W + b - 1


# ---------------------------------------------------------------- each with exactly these mistakes


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


@fed("linear_forward", "W-transposed")
def f_transposed(X, W, b):
    return np.matmul(X, np.transpose(W)) + b


@fed("linear_forward", "W-transposed", "forgot-b")
def p_transposed_no_b(X, W, b):
    return X @ W.T


# ---------------------------------------------------------------- right


s = "linear_forward"
for f in [
    lambda X, W, b: X @ W + b,
    lambda X, W, b: np.dot(X, W) + b,
    lambda X, W, b: np.einsum("nd,dk->nk", X, W) + b,
    lambda X, W, b: (W.T @ X.T + b[:, None]).T,
    lambda X, W, b: np.array([x @ W + b for x in X]),
    lambda X, W, b: [
        [sum(x[d] * W[d, k] for d in range(len(x))) + b[k] for k in range(len(b))] for x in X
    ],
    lambda X, W, b: (X[:, :, None] * W).sum(1) + b,
    lambda X, W, b: np.hstack([X, np.ones((len(X), 1))]) @ np.vstack([W, b]),
    lambda X, W, b: np.tensordot(X, W, 1) + b.reshape(1, -1),
    lambda X, W, b: np.add(np.matmul(X, W), np.tile(b, (len(X), 1))),
    lambda X, W, b: (X @ W + b).astype("f4"),
    partial(lambda k, X, W, b: k * X @ W + b, 1),
    lambda X, W, b: np.stack([(W * x[:, None]).sum(0) + b for x in X]),
    lambda X, W, b: np.matrix(X) * np.matrix(W) + b,
]:
    right(s, f)


@right(s)
def _(X, W, b):
    Z = np.zeros((X.shape[0], W.shape[1]))
    for n in range(Z.shape[0]):
        for k in range(Z.shape[1]):
            Z[n, k] = b[k]
            for d in range(W.shape[0]):
                Z[n, k] += X[n, d] * W[d, k]
    return Z


@right(s)
def _(X, W, b):
    Z = X @ W
    Z += b
    return Z


@right(s, label="nnlib Dense maybe")
def _(inputs, weights, bias):
    return np.vstack([np.inner(x, weights.T) + bias for x in inputs])


# ---------------------------------------------------------------- right, in other styles


@right("linear_forward")
def lf_einsum(X, W, b):
    return np.einsum("nd,dm->nm", X, W) + b[None, :]


@right("linear_forward")
def lf_loops(X, W, b):
    Z = np.zeros((X.shape[0], W.shape[1]))
    for n in range(X.shape[0]):
        for m in range(W.shape[1]):
            Z[n, m] = b[m]
            for d in range(X.shape[1]):
                Z[n, m] += X[n, d] * W[d, m]
    return Z


@right("linear_forward")
def lf_pure_python(X, W, b):
    return [
        [sum(x * w for x, w in zip(row, W[:, m], strict=True)) + b[m] for m in range(len(b))]
        for row in X
    ]


@right("linear_forward")
def lf_bias_folded_in(X, W, b):
    return np.c_[X, np.ones(len(X))] @ np.vstack([W, b])


@right("linear_forward")
def lf_tensordot(X, W, b):
    return np.add(np.tensordot(X, W, axes=1), b.reshape(1, -1))


@right("linear_forward")
def lf_single(X, W, b):
    return (X.astype(np.float32) @ W.astype(np.float32)) + b.astype(np.float32)


@right("linear_forward")
def lf_broadcast(X, W, b):
    return (X[:, :, None] * W[None, :, :]).sum(axis=1) + b
