"""Answers to `accuracy`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

from functools import partial

import numpy as np
from hands import right, wrong


def oh(y, K):
    return np.eye(K)[y]


# ---------------------------------------------------------------- wrong


wrong("argmax-axis", lambda P, y: (P.argmax(0) == y).mean())
wrong("argmax-axis", lambda P, y: np.mean(P.argmax() == y))
wrong("argmax-axis", lambda P, y: sum(int(np.argmax(P) == c) for c in y) / len(y))
wrong("count-not-share", lambda P, y: (P.argmax(1) == y).sum(), "count")
wrong("percent", lambda P, y: 100 * (P.argmax(1) == y).mean(), "percent")
wrong("errors-not-hits", lambda P, y: (P.argmax(1) != y).mean(), "error rate")
wrong("argmin", lambda P, y: (P.argmin(1) == y).mean(), "argmin")
wrong("", lambda P, y: P.argmax(1) == y, "vector")
wrong("one-hot-off", lambda P, y: (P.argmax(1) == y - 1).mean())
wrong("broadcast-N-by-N1", lambda P, y: (P.argmax(1)[:, None] == y).mean())
wrong(
    "broadcast-N-by-N1",
    lambda P, y: np.equal(P.argmax(1), y.reshape(-1, 1)).sum() / len(y),
    "/N of NxN",
)
wrong("mean-over-all-entries", lambda P, y: (P.argmax(1) == y).sum() / P.size, "/NK")
wrong("mean-over-all-entries", lambda P, y: ((P > 0.5) == oh(y, P.shape[1])).mean())
wrong("", lambda P, y: (P.argmax(1) == y).sum() / 10, "/10")
wrong("all-or-nothing", lambda P, y: (P.argmax(1) == y).sum() // len(y), "//")
wrong("accuracy-max-not-argmax", lambda P, y: (P.max(1) == y).mean(), "max not argmax")
wrong("probability-not-accuracy", lambda P, y: P[np.arange(len(y)), y].mean(), "mean p")
wrong("threshold-not-argmax", lambda P, y: (P.round() == oh(y, P.shape[1])).all(1).mean(), "round")


@wrong("overwrite-in-loop")
def _(P, y):
    c = 0
    for p, k in zip(P, y):
        c = int(p.argmax() == k)
    return c / len(y)


wrong("all-or-nothing", lambda P, y: (P.argmax(1) == y).all(), "all")
wrong("any-hit", lambda P, y: bool((P.argmax(1) == y).mean()), "bool")
wrong("", lambda P, y: np.abs(P.argmax(1) - y).mean(), "distance")
wrong("divided-by-K", lambda P, y: np.sum(P.argmax(axis=1) == y) / len(P[0]))
wrong("count-not-share+errors-not-hits", lambda P, y: (P.argmax(axis=1) != y).sum())
wrong("percent+errors-not-hits", lambda P, y: 100 * (P.argmax(1) != y).mean())
wrong("argmax-axis+percent", lambda P, y: 100 * np.mean(P.argmax() == y))


# ---------------------------------------------------------------- right


right(lambda P, y: (P.argmax(1) == y).mean())
right(lambda P, y: sum(int(np.argmax(p) == c) for p, c in zip(P, y)) / len(y))
right(lambda P, y: 1 - (P.argmax(1) != y).mean())
right(lambda P, y: float(np.average(np.argsort(P, 1)[:, -1] == y)))
right(lambda P, y: np.float32((P.argmax(1) == y).mean()))
right(lambda P, y: (np.eye(P.shape[1])[P.argmax(1)] * np.eye(P.shape[1])[y]).sum() / len(y))
right(lambda P, y: len([1 for p, c in zip(P.tolist(), y) if p.index(max(p)) == c]) / len(y))
right(lambda P, y: np.array((P.argmax(1) == y).mean()))
right(lambda P, y: (P[np.arange(len(y)), y] == P.max(1)).mean())
right(partial(lambda ax, P, y: (P.argmax(ax) == y).mean(), 1))
right(lambda P, y: np.equal(P.T.argmax(0), y).astype(float).mean())
right(lambda P, y: (P.argmax(1, keepdims=True) == y[:, None]).mean())


@right
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


right(lambda P, y: sum(list(p).index(max(p)) == k for p, k in zip(P, y)) / len(y))
right(lambda P, y: np.count_nonzero(P.argmax(axis=-1) == y) / y.size)


@right
def ac_confusion(P, y):
    K = P.shape[1]
    C = np.zeros((K, K))
    np.add.at(C, (y, P.argmax(axis=1)), 1)
    return np.trace(C) / C.sum()
