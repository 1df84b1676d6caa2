"""Answers to `linear_forward`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

from functools import partial

import numpy as np
from hands import right, wrong


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# ---------------------------------------------------------------- wrong


wrong("W-transposed", lambda X, W, b: X @ W.T + b)
wrong("W-transposed", lambda X, W, b: np.einsum("nd,kd->nk", X, W) + b)
wrong("dot-vs-star", lambda X, W, b: X * W + b)
wrong("forgot-b", lambda X, W, b: X @ W, "no b")
wrong("minus-b", lambda X, W, b: X @ W - b, "minus b")
wrong("", lambda X, W, b: (X @ W + b).T, "transposed")
wrong("vector-plus-column-bias", lambda X, W, b: X @ W + b.reshape(-1, 1))
wrong("", lambda X, W, b: np.array([x @ W + b[:, None] for x in X]), "per example (N,H,H)")


@wrong("overwrite-in-loop")
def _(X, W, b):
    Z = np.zeros((len(X), W.shape[1]))
    for i in range(len(X)):
        for k in range(W.shape[1]):
            for d in range(W.shape[0]):
                Z[i, k] = X[i, d] * W[d, k]
            Z[i, k] += b[k]
    return Z


@wrong("b-in-the-loop")
def b_added_d_times(X, W, b):
    Z = np.zeros((len(X), W.shape[1]))
    for i in range(len(X)):
        for k in range(W.shape[1]):
            for d in range(W.shape[0]):
                Z[i, k] += X[i, d] * W[d, k] + b[k]
    return Z


wrong("activation-too-many", lambda X, W, b: np.maximum(0, X @ W + b), "relu")
wrong("b-in-the-loop", lambda X, W, b: X @ (W + b), "b in brackets")
wrong("", lambda X, W, b: X @ W * b, "times b")
wrong("", lambda X, W, b: X @ W + b.sum(), "b summed")
wrong("", lambda X, W, b: X @ W + b[0], "b[0]")
wrong("", lambda X, W, b: (X @ W + b) / len(X), "/N")


@wrong("")
def _(X, W, b):
    Z = np.zeros((len(X), W.shape[1]), dtype=int)
    Z[:] = X @ W + b
    return Z


@wrong("")
def _(X, W, b):
    W *= 2
    W /= 2
    b += 1
    return X @ W + b - 1


wrong("forgot-b+W-transposed", lambda X, W, b: X @ W.T)
wrong("activation-too-many", lambda X, W, b: sigmoid(X @ W + b), "sigmoid")


# ---------------------------------------------------------------- right


right(lambda X, W, b: X @ W + b)
right(lambda X, W, b: np.dot(X, W) + b)
right(lambda X, W, b: np.einsum("nd,dk->nk", X, W) + b)
right(lambda X, W, b: np.array([x @ W + b for x in X]))
right(
    lambda X, W, b: [
        [sum(x[d] * W[d, k] for d in range(len(x))) + b[k] for k in range(len(b))] for x in X
    ]
)
right(lambda X, W, b: np.hstack([X, np.ones((len(X), 1))]) @ np.vstack([W, b]))
right(lambda X, W, b: np.tensordot(X, W, 1) + b.reshape(1, -1))
right(lambda X, W, b: np.add(np.matmul(X, W), np.tile(b, (len(X), 1))))
right(lambda X, W, b: (X @ W + b).astype("f4"))
right(partial(lambda k, X, W, b: k * X @ W + b, 1))
right(lambda X, W, b: np.stack([(W * x[:, None]).sum(0) + b for x in X]))
right(lambda X, W, b: np.matrix(X) * np.matrix(W) + b)
right(
    lambda inputs, weights, bias: np.vstack([np.inner(x, weights.T) + bias for x in inputs]),
    "nnlib Dense maybe",
)
right(lambda X, W, b: np.einsum("nd,dm->nm", X, W) + b[None, :])
right(
    lambda X, W, b: [
        [sum(x * w for x, w in zip(row, W[:, m])) + b[m] for m in range(len(b))] for row in X
    ]
)
right(lambda X, W, b: np.c_[X, np.ones(len(X))] @ np.vstack([W, b]))
right(lambda X, W, b: (X.astype(np.float32) @ W.astype(np.float32)) + b.astype(np.float32))
