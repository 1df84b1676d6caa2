"""Answers to `accuracy`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

from functools import partial

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


def oh(y, K):
    return np.eye(K)[y]


A = "accuracy"
wrong(A, "argmax-axis", lambda P, y: (P.argmax(0) == y).mean())
wrong(A, "argmax-axis", lambda P, y: np.mean(P.argmax() == y))
wrong(A, "argmax-axis", lambda P, y: np.mean(np.argmax(P, axis=0) == y))
wrong(A, "argmax-axis", lambda P, y: sum(int(np.argmax(P) == c) for c in y) / len(y))
wrong(A, "count-not-share", lambda P, y: (P.argmax(1) == y).sum(), "count")
wrong(A, "percent", lambda P, y: 100 * (P.argmax(1) == y).mean(), "percent")
wrong(A, "errors-not-hits", lambda P, y: (P.argmax(1) != y).mean(), "error rate")
wrong(A, "argmin", lambda P, y: (P.argmin(1) == y).mean(), "argmin")
wrong(A, "", lambda P, y: P.argmax(1) == y, "vector")
wrong(A, "one-hot-off", lambda P, y: (P.argmax(1) == y - 1).mean())
wrong(A, "one-hot-off", lambda P, y: (P.argmax(1) + 1 == y).mean())
wrong(A, "broadcast-N-by-N1", lambda P, y: (P.argmax(1)[:, None] == y).mean())
wrong(A, "broadcast-N-by-N1", lambda P, y: (P.argmax(1, keepdims=True) == y).mean())
wrong(
    A,
    "broadcast-N-by-N1",
    lambda P, y: np.equal(P.argmax(1), y.reshape(-1, 1)).sum() / len(y),
    "/N of NxN",
)
wrong(A, "mean-over-all-entries", lambda P, y: (P.argmax(1) == y).sum() / P.size, "/NK")
wrong(A, "mean-over-all-entries", lambda P, y: ((P > 0.5) == oh(y, P.shape[1])).mean())
wrong(A, "", lambda P, y: (P.argmax(1) == y).sum() / 10, "/10")
wrong(A, "all-or-nothing", lambda P, y: (P.argmax(1) == y).sum() // len(y), "//")
wrong(A, "accuracy-max-not-argmax", lambda P, y: (P.max(1) == y).mean(), "max not argmax")
wrong(A, "probability-not-accuracy", lambda P, y: P[np.arange(len(y)), y].mean(), "mean p")
wrong(
    A, "threshold-not-argmax", lambda P, y: (P.round() == oh(y, P.shape[1])).all(1).mean(), "round"
)


@wrong(A, "overwrite-in-loop")
def _(P, y):
    c = 0
    for p, k in zip(P, y):
        c = int(p.argmax() == k)
    return c / len(y)


wrong(A, "all-or-nothing", lambda P, y: (P.argmax(1) == y).all(), "all")
wrong(A, "any-hit", lambda P, y: bool((P.argmax(1) == y).mean()), "bool")
wrong(A, "", lambda P, y: np.abs(P.argmax(1) - y).mean(), "distance")


# ---------------------------------------------------------------- each with exactly these mistakes


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


def central(f, x, eps):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape, dtype=x.dtype)
        e[i] = eps
        g[i] = (f(x + e) - f(x - e)) / (2 * eps)
    return g


@fed("accuracy", "errors-not-hits", "count-not-share")
def p_errors_count(P, y):
    return (P.argmax(axis=1) != y).sum()


# ---------------------------------------------------------------- right


s = "accuracy"
for f in [
    lambda P, y: (P.argmax(1) == y).mean(),
    lambda P, y: np.mean(np.argmax(P, axis=-1) == y),
    lambda P, y: (P.argmax(1) == y).sum() / len(y),
    lambda P, y: np.count_nonzero(P.argmax(1) == y) / len(P),
    lambda P, y: sum(int(np.argmax(p) == c) for p, c in zip(P, y)) / len(y),
    lambda P, y: 1 - (P.argmax(1) != y).mean(),
    lambda P, y: float(np.average(np.argsort(P, 1)[:, -1] == y)),
    lambda P, y: np.float32((P.argmax(1) == y).mean()),
    lambda P, y: (np.eye(P.shape[1])[P.argmax(1)] * np.eye(P.shape[1])[y]).sum() / len(y),
    lambda P, y: len([1 for p, c in zip(P.tolist(), y) if p.index(max(p)) == c]) / len(y),
    lambda P, y: np.array((P.argmax(1) == y).mean()),
    lambda P, y: (P[np.arange(len(y)), y] == P.max(1)).mean(),
    partial(lambda ax, P, y: (P.argmax(ax) == y).mean(), 1),
    lambda P, y: np.equal(P.T.argmax(0), y).astype(float).mean(),
    lambda P, y: (P.argmax(1, keepdims=True) == y[:, None]).mean(),
    lambda P, y: 1 - np.count_nonzero(P.argmax(1) - y) / len(y),
]:
    right(s, f)


@right(s)
def _(P, y):
    ok = 0
    for i in range(len(y)):
        best = 0
        for k in range(1, P.shape[1]):
            if P[i, k] > P[i, best]:
                best = k
        if best == y[i]:
            ok += 1
    return ok / len(y)


# ---------------------------------------------------------------- right, in other styles


@right("accuracy")
def ac_plain(P, y):
    return (P.argmax(axis=1) == y).mean()


@right("accuracy")
def ac_float(P, y):
    return float(np.mean(np.argmax(P, axis=1) == y))


@right("accuracy")
def ac_sum(P, y):
    return np.sum(P.argmax(1) == y) / len(y)


@right("accuracy")
def ac_loop(P, y):
    hits = 0
    for p, label in zip(P, y, strict=True):
        if np.argmax(p) == label:
            hits += 1
    return hits / len(y)


@right("accuracy")
def ac_lists(P, y):
    return sum(list(p).index(max(p)) == k for p, k in zip(P, y, strict=True)) / len(y)


@right("accuracy")
def ac_count(P, y):
    return np.count_nonzero(P.argmax(axis=-1) == y) / y.size


@right("accuracy")
def ac_errors(P, y):
    return 1 - (P.argmax(axis=1) != y).mean()


@right("accuracy")
def ac_sorted(P, y):
    return np.average(np.argsort(P, axis=1)[:, -1] == y)


@right("accuracy")
def ac_single(P, y):
    return np.mean(P.argmax(axis=1) == y, dtype=np.float32)


@right("accuracy")
def ac_largest(P, y):
    return (P[np.arange(len(y)), y] == P.max(axis=1)).mean()


@right("accuracy")
def ac_zero_dimensional(P, y):
    return np.array((P.argmax(axis=1) == y).mean())


@right("accuracy")
def ac_confusion(P, y):
    K = P.shape[1]
    C = np.zeros((K, K))
    np.add.at(C, (y, P.argmax(axis=1)), 1)
    return np.trace(C) / C.sum()
