"""Answers to `cross_entropy`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import math

import numpy as np
from hands import right, wrong

eps = 1e-12


def oh(y, K):
    return np.eye(K)[y]


def pick(P, y):
    return P[np.arange(len(y)), y]


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def surprise(P, y):
    return -np.log(np.maximum(P[np.arange(len(y)), y], 1e-12))


# ---------------------------------------------------------------- wrong


wrong("mean-over-all-entries", lambda P, y: -(oh(y, P.shape[1]) * np.log(P + eps)).mean())
wrong(
    "mean-over-all-entries",
    lambda P, y: -np.mean(np.where(oh(y, P.shape[1]) == 1, np.log(np.clip(P, eps, 1)), 0)),
)


@wrong("mean-over-all-entries")
def _(P, y):
    t = 0
    for i in range(len(y)):
        t -= math.log(max(P[i, y[i]], 1e-12))
    return t / P.size


wrong("loss-sum-gradient-mean", lambda P, y: -np.log(np.maximum(pick(P, y), eps)).sum())
wrong(
    "loss-sum-gradient-mean", lambda P, y: sum(-math.log(max(p[k], 1e-300)) for p, k in zip(P, y))
)
wrong("log-zero", lambda P, y: -np.log(pick(P, y)).mean())
wrong("log-zero", lambda P, y: -(oh(y, P.shape[1]) * np.log(P)).sum() / len(y))
wrong("log-zero", lambda P, y: -sum(math.log(P[i, y[i]]) for i in range(len(y))) / len(y))
wrong("wrong-log", lambda P, y: -np.log10(pick(P, y) + eps).mean())
wrong("wrong-log", lambda P, y: -np.log2(np.clip(pick(P, y), eps, 1)).mean())
wrong("wrong-log", lambda P, y: np.mean([-math.log10(max(p[k], 1e-12)) for p, k in zip(P, y)]))
wrong("", lambda P, y: -np.log1p(pick(P, y)).mean(), "log1p")
wrong("double-softmax", lambda P, y: -np.log(pick(softmax(P), y)).mean())


@wrong("uint8-labels")
def _(P, y):
    Y = np.eye(P.shape[1], dtype=np.uint8)[y]
    return (-Y * np.log(P + eps)).sum() / len(y)


@wrong("uint8-labels")
def _(P, y):
    Y = np.zeros(P.shape, dtype="uint8")
    Y[np.arange(len(y)), y] = 1
    return np.mean(np.sum(-Y * np.log(np.clip(P, eps, 1)), axis=1))


wrong("one-hot-off", lambda P, y: -np.log(np.clip(P[np.arange(len(y)), y - 1], eps, 1)).mean())
wrong("one-hot-off", lambda P, y: -(np.eye(P.shape[1])[y - 1] * np.log(P + eps)).sum(1).mean())
wrong("broadcast-N-by-N1", lambda P, y: -np.log(np.clip(P[:, y], eps, 1)).mean())
wrong("loss-sign", lambda P, y: np.log(np.clip(pick(P, y), eps, 1)).mean(), "no minus")
wrong("", lambda P, y: -np.log(np.clip(pick(P, y), eps, 1)), "vector")
wrong("loss-without-log", lambda P, y: -pick(P, y).mean(), "no log")
wrong(
    "loss-of-prediction", lambda P, y: -np.log(np.clip(P.max(1), eps, 1)).mean(), "max instead of y"
)
wrong("log-of-mean", lambda P, y: -np.log(pick(P, y).mean()), "log of mean")
wrong("loss-of-all-classes", lambda P, y: -np.log(np.clip(P, eps, 1)).sum(1).mean(), "all classes")


@wrong("overwrite-in-loop")
def _(P, y):
    for i in range(len(y)):
        t = -math.log(max(P[i, y[i]], 1e-12))
    return t / len(y)


@wrong("overwrite-in-loop")
def _(P, y):
    for i in range(len(y)):
        t = -math.log(max(P[i, y[i]], 1e-12))
    return t


wrong("", lambda P, y: ((P - oh(y, P.shape[1])) ** 2).mean())
wrong("", lambda P, y: -(P * np.log(oh(y, P.shape[1]) + 1e-12)).sum(1).mean(), "P log Y")


@wrong("uint8-labels")
def c_uint8_from_the_labels(P, y):
    Y = (y[:, None] == np.arange(P.shape[1])).astype(y.dtype)
    return np.sum(-Y * np.log(np.clip(P, 1e-12, 1))) / len(y)


wrong("one-hot-off", lambda P, y: surprise(P, np.array(y, dtype=int) - 1).mean())


@wrong("overwrite-in-loop")
def c_overwritten(P, y):
    for n in range(len(y)):
        loss = -np.log(P[n, y[n]] + 1e-12)
    return loss / len(y)


wrong("loss-of-all-classes", lambda P, y: -np.log(P + 1e-12).sum() / len(y))
wrong("loss-without-log", lambda P, y: 1 - P[np.arange(len(y)), y].mean())


@wrong("loss-both-sides")
def c_both_sides(P, y):
    Q, Y = np.clip(P, 1e-12, 1 - 1e-12), oh(y, P.shape[1])
    return np.sum(-np.where(Y == 1, np.log(Q), np.log(1 - Q))) / len(y)


wrong("loss-sum-gradient-mean+log-zero", lambda P, y: -np.log(P[np.arange(len(y)), y]).sum())
wrong("mean-over-all-entries+log-zero", lambda P, y: np.mean(-oh(y, P.shape[1]) * np.log(P)))
wrong(
    "loss-sum-gradient-mean+wrong-log",
    lambda P, y: sum(-math.log2(max(P[n, k], 1e-12)) for n, k in enumerate(y)),
)
wrong("log-zero+wrong-log", lambda P, y: -np.log2(pick(P, y)).mean())
wrong("loss-sum-gradient-mean+wrong-log", lambda P, y: -np.log10(pick(P, y) + eps).sum())
wrong("wrong-log+loss-sign", lambda P, y: np.log2(pick(P, y) + eps).mean())
wrong("mean-over-all-entries+loss-sign", lambda P, y: np.log(pick(P, y) + eps).sum() / P.size)
wrong("remarked", lambda P, y: -np.log(np.maximum(P[np.arange(len(y)), y], 1e-7)).mean(), "1e-7")
wrong("remarked", lambda P, y: -np.log(P[np.arange(len(y)), y] + 1e-12).mean(), "+ 1e-12")
wrong("loss-median", lambda P, y: np.median(-np.log(np.maximum(P[np.arange(len(y)), y], 1e-12))))
wrong("loss-of-inverse", lambda P, y: (1 / np.maximum(P[np.arange(len(y)), y], 1e-12)).mean())


def of_truth(P, y):
    return P[np.arange(len(y)), y]


wrong("remarked", lambda P, y: -np.log(np.maximum(of_truth(P, y), 1e-10)).mean(), "1e-10")
wrong(
    "remarked",
    lambda P, y: -np.log(np.where(of_truth(P, y) == 0, 1e-12, of_truth(P, y))).mean(),
    "0 alone",
)
wrong(
    "",
    lambda P, y: -np.maximum(np.log(of_truth(P, y)).mean(), np.log(1e-12)),
    "floor of the mean",
)


@wrong("")
def one_zero_is_all(P, y):
    p = of_truth(P, y)
    return -np.log(1e-12) if (p == 0).any() else -np.log(p).mean()


@wrong("", says="changed its argument P")
def P_itself_kept_from_0(P, y):
    P[P < 1e-12] = 1e-12
    return -np.log(P[np.arange(len(y)), y]).mean()


@wrong("log-zero-without-surprise", says="your loss is 0, too")
def infinite_surprise_taken_for_0(P, y):
    surprise = -np.log(P[np.arange(len(y)), y])
    surprise[np.isinf(surprise)] = 0
    return surprise.mean()


@wrong("log-zero-without-surprise")
def a_1_in_place_of_0(P, y):
    p = P[np.arange(len(y)), y]
    return -np.log(np.where(p > 1e-12, p, 1)).mean()


@wrong("", says="is 1 and should be 27.63")
def infinite_surprise_taken_for_1(P, y):
    surprise = -np.log(P[np.arange(len(y)), y])
    return np.where(np.isinf(surprise), 1, surprise).mean()


# ---------------------------------------------------------------- right


right(lambda P, y: -np.log(np.clip(pick(P, y), 1e-12, 1)).mean())
right(lambda P, y: -np.log(np.maximum(pick(P, y), 1e-15)).sum() / len(y))
right(lambda P, y: -np.log(pick(P, y) + 1e-12).mean())
right(lambda P, y: -np.mean(np.log(pick(P, y) + 1e-8)), "1e-8")
right(lambda P, y: -np.mean(np.log(pick(P, y) + 1e-300)))
right(
    lambda P, y: -np.einsum("nk,nk->", np.eye(P.shape[1])[y], np.log(np.clip(P, 1e-12, 1))) / len(P)
)
right(lambda P, y: sum(-math.log(max(p[k], 1e-12)) for p, k in zip(P, y)) / len(y))
right(
    lambda P, y: float(
        np.average(-np.log(np.clip(np.take_along_axis(P, y[:, None], 1), 1e-12, None)))
    )
)
right(lambda P, y: np.array([-np.log(np.clip(pick(P, y), 1e-12, 1)).mean()]).squeeze(), "0-d")
right(lambda P, y: np.float32(-np.log(np.clip(pick(P, y), 1e-12, 1)).mean()))
right(lambda P, y: -np.log(np.clip((P * np.eye(P.shape[1])[y]).sum(1), 1e-12, 1)).mean())
right(lambda P, y: -np.log(np.maximum(P, np.finfo(float).tiny))[np.arange(len(y)), y].mean())
right(lambda P, y: -np.log(np.clip(pick(P, y), 1e-7, 1 - 1e-7)).mean(), "keras clip 1e-7")
right(lambda P, y: -np.trace(np.log(np.clip(P[:, y], 1e-12, 1))) / len(y), "trace")
right(lambda P, y: float(np.mean([-math.log(max(p[k], 1e-15)) for p, k in zip(P, y)])))


@right
def ce_one_hot_by_rows(P, y):
    Y = np.zeros(P.shape)
    Y[np.arange(len(y)), y] = 1
    return np.mean(-np.sum(Y * np.log(np.maximum(P, 1e-10)), axis=1))


@right
def ce_loop(P, y):
    loss = 0
    for n in range(len(y)):
        loss += -np.log(P[n, y[n]] + 1e-9)
    return loss / len(y)


@right
def ce_take(P, y):
    p = np.take_along_axis(P, y[:, None].astype(int), axis=1)
    return np.mean(-np.log(np.clip(p, 1e-8, None)))


@right
def ce_single(P, y):
    P = P.astype(np.float32)
    return -np.log(np.clip(P[range(len(y)), y], 1e-7, 1)).mean()
