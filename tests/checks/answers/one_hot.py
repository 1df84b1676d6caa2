"""Answers to `one_hot`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


O = "one_hot"
wrong(O, "one-hot-off", lambda y, K: np.eye(K)[y - 1])


@wrong(O, "one-hot-off")
def _(y, K):
    Y = np.zeros((len(y), K))
    for i, c in enumerate(y):
        Y[i, c - 1] = 1
    return Y


wrong(O, "one-hot-off", lambda y, K: (np.arange(1, K + 1) == y[:, None]).astype(float))
wrong(O, "one-hot-off", lambda y, K: np.eye(K + 1)[y][:, 1:], "drops 0")
wrong(O, "one-hot-transposed", lambda y, K: np.eye(K)[y].T, "transposed")
wrong(O, "one-hot-transposed", lambda y, K: np.eye(K)[:, y], "columns")


@wrong(O, "all-rows-at-once")
def _(y, K):
    Y = np.zeros((len(y), K))
    Y[:, y] = 1
    return Y


wrong(O, "one-hot-ignores-K", lambda y, K: np.eye(y.max() + 1)[y], "K from y")
wrong(O, "", lambda y, K: np.eye(len(np.unique(y)))[np.unique(y, return_inverse=True)[1]], "unique")
wrong(O, "", lambda y, K: np.eye(K), "eye")
wrong(O, "one-hot-off", lambda y, K: np.eye(K + 1)[y], "K+1")
wrong(O, "one-hot-inverted", lambda y, K: 1 - np.eye(K)[y], "inverted")


@wrong(O, "overwrite-in-loop")
def _(y, K):
    for i, c in enumerate(y):
        Y = np.zeros((len(y), K))
        Y[i, c] = 1
    return Y


@wrong(O, "", label="writes y")
def _(y, K):
    Y = np.zeros((len(y), K))
    Y[np.arange(len(y)), y] = y
    return Y


wrong(O, "", lambda y, K: np.array([[c] * K for c in y]), "copies")


@wrong(O, "one-hot-transposed", label="swapped idx")
def _(y, K):
    Y = np.zeros((len(y), K))
    Y[y, np.arange(len(y))] = 1
    return Y


wrong(O, "", lambda y, K: (y[:, None] == np.arange(len(y))).astype(float), "N wide")


@wrong(O, "one-hot-whole-rows", label="rows by label")
def _(y, K):
    table = np.zeros((len(y), K))
    for label in y:
        table[label] = 1.0
    return table


# ---------------------------------------------------------------- each with exactly these mistakes


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


# ---------------------------------------------------------------- right


s = "one_hot"
for f in [
    lambda y, K: np.eye(K)[y],
    lambda y, K: np.identity(K)[y],
    lambda y, K: np.eye(K)[list(y)],
    lambda y, K: (y[:, None] == np.arange(K)).astype(float),
    lambda y, K: (y[:, None] == np.arange(K)).astype(int),
    lambda y, K: np.eye(K, dtype=int)[y],
    lambda y, K: np.equal.outer(y, np.arange(K)) * 1.0,
    lambda y, K: [[1 if k == c else 0 for k in range(K)] for c in y],
    lambda y, K: np.array([[float(k == c) for k in range(K)] for c in y]),
    lambda y, K: np.eye(K, dtype="f4")[y],
    lambda y, K: np.take(np.eye(K), y, axis=0),
    lambda y, K: np.where(y.reshape(-1, 1) == np.arange(K), 1.0, 0.0),
    lambda y, K: y[:, None] == np.arange(K),
    lambda y, K: np.eye(K, dtype=np.uint8)[y],
    lambda y, K: tuple(np.eye(K)[c] for c in y),
]:
    right(s, f)


@right(s)
def _(y, K):
    Y = np.zeros((len(y), K))
    Y[np.arange(len(y)), y] = 1
    return Y


@right(s)
def _(y, K):
    Y = np.zeros((y.size, K))
    for i, c in enumerate(y):
        Y[i][c] = 1
    return Y


@right(s)
def _(y, K):
    Y = np.zeros((len(y), K))
    np.put_along_axis(Y, y[:, None], 1, axis=1)
    return Y


# ---------------------------------------------------------------- right, in other styles


@right("one_hot")
def oh_integers(y, K):
    return np.identity(K, dtype=int)[y]


@right("one_hot")
def oh_booleans(y, K):
    return y.reshape(-1, 1) == np.arange(K).reshape(1, -1)


@right("one_hot")
def oh_stack(y, K):
    return np.array([np.eye(K)[label] for label in y])


@right("one_hot")
def oh_single(y, K):
    return np.eye(K, dtype=np.float32)[y]


@right("one_hot")
def oh_flat(y, K):
    Y = np.zeros(len(y) * K)
    Y[np.arange(len(y)) * K + y] = 1
    return Y.reshape(len(y), K)
