"""Answers to `one_hot`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import numpy as np
from hands import right, wrong

# ---------------------------------------------------------------- wrong


wrong("one-hot-off", lambda y, K: np.eye(K)[y - 1])
wrong("one-hot-off", lambda y, K: (np.arange(1, K + 1) == y[:, None]).astype(float))
wrong("one-hot-transposed", lambda y, K: np.eye(K)[y].T, "transposed")


@wrong("all-rows-at-once")
def _(y, K):
    Y = np.zeros((len(y), K))
    Y[:, y] = 1
    return Y


wrong("one-hot-ignores-K", lambda y, K: np.eye(y.max() + 1)[y], "K from y")
wrong("", lambda y, K: np.eye(len(np.unique(y)))[np.unique(y, return_inverse=True)[1]], "unique")
wrong("", lambda y, K: np.eye(K), "eye")
wrong("one-hot-off", lambda y, K: np.eye(K + 1)[y], "K+1")
wrong("one-hot-inverted", lambda y, K: 1 - np.eye(K)[y], "inverted")


@wrong("overwrite-in-loop")
def _(y, K):
    for i, c in enumerate(y):
        Y = np.zeros((len(y), K))
        Y[i, c] = 1
    return Y


@wrong("")
def writes_y(y, K):
    Y = np.zeros((len(y), K))
    Y[np.arange(len(y)), y] = y
    return Y


wrong("", lambda y, K: np.array([[c] * K for c in y]), "copies")


@wrong("one-hot-transposed")
def swapped_idx(y, K):
    Y = np.zeros((len(y), K))
    Y[y, np.arange(len(y))] = 1
    return Y


wrong("", lambda y, K: (y[:, None] == np.arange(len(y))).astype(float), "N wide")


@wrong("one-hot-whole-rows")
def rows_by_label(y, K):
    table = np.zeros((len(y), K))
    for label in y:
        table[label] = 1.0
    return table


wrong("broadcast-N-by-N1", lambda y, K: np.identity(K)[y.reshape(-1, 1)])


# ---------------------------------------------------------------- right


right(lambda y, K: np.eye(K)[y])
right(lambda y, K: np.eye(K)[list(y)])
right(lambda y, K: (y[:, None] == np.arange(K)).astype(int))
right(lambda y, K: np.equal.outer(y, np.arange(K)) * 1.0)
right(lambda y, K: [[1 if k == c else 0 for k in range(K)] for c in y])
right(lambda y, K: np.array([[float(k == c) for k in range(K)] for c in y]))
right(lambda y, K: np.eye(K, dtype="f4")[y])
right(lambda y, K: np.take(np.eye(K), y, axis=0))
right(lambda y, K: np.where(y.reshape(-1, 1) == np.arange(K), 1.0, 0.0))
right(lambda y, K: y[:, None] == np.arange(K))
right(lambda y, K: np.eye(K, dtype=np.uint8)[y])
right(lambda y, K: tuple(np.eye(K)[c] for c in y))


@right
def _(y, K):
    Y = np.zeros((y.size, K))
    for i, c in enumerate(y):
        Y[i][c] = 1
    return Y


right(lambda y, K: np.identity(K, dtype=int)[y])
right(lambda y, K: np.eye(K, dtype=np.float32)[y])
