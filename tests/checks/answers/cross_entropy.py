"""Answers to `cross_entropy`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import math

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


eps = 1e-12


def oh(y, K):
    return np.eye(K)[y]


def pick(P, y):
    return P[np.arange(len(y)), y]


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


wrong(
    "cross_entropy",
    "mean-over-all-entries",
    lambda P, y: -(oh(y, P.shape[1]) * np.log(P + eps)).mean(),
)
wrong(
    "cross_entropy",
    "mean-over-all-entries",
    lambda P, y: -np.mean(np.where(oh(y, P.shape[1]) == 1, np.log(np.clip(P, eps, 1)), 0)),
)


@wrong("cross_entropy", "mean-over-all-entries")
def _(P, y):
    t = 0
    for i in range(len(y)):
        t -= math.log(max(P[i, y[i]], 1e-12))
    return t / P.size


wrong(
    "cross_entropy",
    "loss-sum-gradient-mean",
    lambda P, y: -np.log(np.maximum(pick(P, y), eps)).sum(),
)
wrong(
    "cross_entropy",
    "loss-sum-gradient-mean",
    lambda P, y: sum(-math.log(max(p[k], 1e-300)) for p, k in zip(P, y)),
)
wrong("cross_entropy", "log-zero", lambda P, y: -np.log(pick(P, y)).mean())
wrong("cross_entropy", "log-zero", lambda P, y: -(oh(y, P.shape[1]) * np.log(P)).sum() / len(y))
wrong(
    "cross_entropy",
    "log-zero",
    lambda P, y: -sum(math.log(P[i, y[i]]) for i in range(len(y))) / len(y),
)
wrong("cross_entropy", "wrong-log", lambda P, y: -np.log10(pick(P, y) + eps).mean())
wrong("cross_entropy", "wrong-log", lambda P, y: -np.log2(np.clip(pick(P, y), eps, 1)).mean())
wrong(
    "cross_entropy",
    "wrong-log",
    lambda P, y: np.mean([-math.log(max(p[k], 1e-12), 2) for p, k in zip(P, y)]),
)
wrong(
    "cross_entropy",
    "wrong-log",
    lambda P, y: np.mean([-math.log10(max(p[k], 1e-12)) for p, k in zip(P, y)]),
)
wrong("cross_entropy", "", lambda P, y: -np.log1p(pick(P, y)).mean(), "log1p")
wrong("cross_entropy", "double-softmax", lambda P, y: -np.log(pick(softmax(P), y)).mean())


@wrong("cross_entropy", "double-softmax")
def _(P, y):
    e = np.exp(P)
    Q = e / e.sum(axis=1, keepdims=True)
    return -sum(np.log(Q[i, c]) for i, c in enumerate(y)) / len(y)


@wrong("cross_entropy", "uint8-labels")
def _(P, y):
    Y = np.eye(P.shape[1], dtype=np.uint8)[y]
    return (-Y * np.log(P + eps)).sum() / len(y)


@wrong("cross_entropy", "uint8-labels")
def _(P, y):
    Y = np.zeros(P.shape, dtype="uint8")
    Y[np.arange(len(y)), y] = 1
    return np.mean(np.sum(-Y * np.log(np.clip(P, eps, 1)), axis=1))


wrong(
    "cross_entropy",
    "one-hot-off",
    lambda P, y: -np.log(np.clip(P[np.arange(len(y)), y - 1], eps, 1)).mean(),
)
wrong(
    "cross_entropy",
    "one-hot-off",
    lambda P, y: -(np.eye(P.shape[1])[y - 1] * np.log(P + eps)).sum(1).mean(),
)
wrong("cross_entropy", "broadcast-N-by-N1", lambda P, y: -np.log(np.clip(P[:, y], eps, 1)).mean())
wrong(
    "cross_entropy",
    "loss-sign",
    lambda P, y: np.log(np.clip(pick(P, y), eps, 1)).mean(),
    "no minus",
)
wrong("cross_entropy", "", lambda P, y: -np.log(np.clip(pick(P, y), eps, 1)), "vector")
wrong("cross_entropy", "loss-without-log", lambda P, y: -pick(P, y).mean(), "no log")
wrong(
    "cross_entropy",
    "loss-of-prediction",
    lambda P, y: -np.log(np.clip(P.max(1), eps, 1)).mean(),
    "max instead of y",
)
wrong("cross_entropy", "log-of-mean", lambda P, y: -np.log(pick(P, y).mean()), "log of mean")
wrong(
    "cross_entropy",
    "loss-of-all-classes",
    lambda P, y: -np.log(np.clip(P, eps, 1)).sum(1).mean(),
    "all classes",
)


@wrong("cross_entropy", "overwrite-in-loop")
def _(P, y):
    for i in range(len(y)):
        t = -math.log(max(P[i, y[i]], 1e-12))
    return t / len(y)


@wrong("cross_entropy", "overwrite-in-loop")
def _(P, y):
    for i in range(len(y)):
        t = -math.log(max(P[i, y[i]], 1e-12))
    return t


@wrong("cross_entropy", "loss-both-sides", label="bce")
def _(P, y):
    Y = oh(y, P.shape[1])
    Q = np.clip(P, 1e-12, 1 - 1e-12)
    return -(Y * np.log(Q) + (1 - Y) * np.log(1 - Q)).sum() / len(y)


wrong("cross_entropy", "", lambda P, y: ((P - oh(y, P.shape[1])) ** 2).mean())
wrong(
    "cross_entropy",
    "",
    lambda P, y: -(P * np.log(oh(y, P.shape[1]) + 1e-12)).sum(1).mean(),
    "P log Y",
)


# ---------------------------------------------------------------- each with exactly these mistakes


def one_hot(y, K):
    return np.eye(K)[y]


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


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


@fed("cross_entropy", "log-zero", "loss-sum-gradient-mean")
def p_log_zero_sum(P, y):
    return -np.log(P[np.arange(len(y)), y]).sum()


@fed("cross_entropy", "log-zero", "mean-over-all-entries")
def p_log_zero_all(P, y):
    return np.mean(-one_hot(y, P.shape[1]) * np.log(P))


@fed("cross_entropy", "wrong-log", "loss-sum-gradient-mean")
def p_log2_sum(P, y):
    return sum(-math.log2(max(P[n, k], 1e-12)) for n, k in enumerate(y))


# ---------------------------------------------------------------- right


s = "cross_entropy"
pk = lambda P, y: P[np.arange(len(y)), y]
right(s, lambda P, y: -np.log(np.clip(pk(P, y), 1e-12, 1)).mean())
right(s, lambda P, y: -np.log(np.maximum(pk(P, y), 1e-15)).sum() / len(y))
right(s, lambda P, y: -np.log(pk(P, y) + 1e-12).mean())
right(s, lambda P, y: -np.mean(np.log(pk(P, y) + 1e-8)), "1e-8")
right(s, lambda P, y: -np.mean(np.log(pk(P, y) + 1e-300)))
right(s, lambda P, y: -(np.eye(P.shape[1])[y] * np.log(P + 1e-12)).sum(1).mean())
right(
    s,
    lambda P, y: (
        -np.einsum("nk,nk->", np.eye(P.shape[1])[y], np.log(np.clip(P, 1e-12, 1))) / len(P)
    ),
)
right(s, lambda P, y: sum(-math.log(max(p[k], 1e-12)) for p, k in zip(P, y)) / len(y))
right(
    s,
    lambda P, y: float(
        np.average(-np.log(np.clip(np.take_along_axis(P, y[:, None], 1), 1e-12, None)))
    ),
)
right(s, lambda P, y: -np.log(np.clip(P, 1e-12, 1))[range(len(y)), y].mean())
right(s, lambda P, y: np.array([-np.log(np.clip(pk(P, y), 1e-12, 1)).mean()]).squeeze(), "0-d")
right(s, lambda P, y: np.float32(-np.log(np.clip(pk(P, y), 1e-12, 1)).mean()))
right(s, lambda P, y: np.log(1 / np.clip(pk(P, y), 1e-12, 1)).mean())
right(s, lambda P, y: -np.log(np.clip((P * np.eye(P.shape[1])[y]).sum(1), 1e-12, 1)).mean())
right(s, lambda P, y: -np.log(np.maximum(P, np.finfo(float).tiny))[np.arange(len(y)), y].mean())
right(s, lambda P, y: -np.log(np.clip(pk(P, y), 1e-7, 1 - 1e-7)).mean(), "keras clip 1e-7")
right(s, lambda P, y: -np.trace(np.log(np.clip(P[:, y], 1e-12, 1))) / len(y), "trace")


@right(s)
def _(P, y):
    t = 0.0
    for i in range(len(y)):
        p = P[i][y[i]]
        if p < 1e-12:
            p = 1e-12
        t += -np.log(p)
    return t / len(y)


# ---------------------------------------------------------------- right, in other styles


@right("cross_entropy")
def ce_plain(P, y):
    return -np.log(np.clip(P[np.arange(len(y)), y], 1e-12, 1)).mean()


@right("cross_entropy")
def ce_float(P, y):
    return float(np.mean([-math.log(max(p[k], 1e-15)) for p, k in zip(P, y, strict=True)]))


@right("cross_entropy")
def ce_one_hot(P, y):
    Y = np.eye(P.shape[1])[y]
    return -(Y * np.log(P + 1e-12)).sum() / len(y)


@right("cross_entropy")
def ce_one_hot_by_rows(P, y):
    Y = np.zeros(P.shape)
    Y[np.arange(len(y)), y] = 1
    return np.mean(-np.sum(Y * np.log(np.maximum(P, 1e-10)), axis=1))


@right("cross_entropy")
def ce_loop(P, y):
    loss = 0
    for n in range(len(y)):
        loss += -np.log(P[n, y[n]] + 1e-9)
    return loss / len(y)


@right("cross_entropy")
def ce_take(P, y):
    p = np.take_along_axis(P, y[:, None].astype(int), axis=1)
    return np.mean(-np.log(np.clip(p, 1e-8, None)))


@right("cross_entropy")
def ce_mask(P, y):
    chosen = P[y[:, None] == np.arange(P.shape[1])]
    return -np.log(chosen.clip(1e-12)).mean()


@right("cross_entropy")
def ce_product_with_one_hot(P, y):
    p = (P * np.eye(P.shape[1])[y]).sum(axis=1)
    return np.log(1 / np.clip(p, 1e-12, 1)).sum() / P.shape[0]


@right("cross_entropy")
def ce_single(P, y):
    P = P.astype(np.float32)
    return -np.log(np.clip(P[range(len(y)), y], 1e-7, 1)).mean()


@right("cross_entropy")
def ce_zero_dimensional(P, y):
    return np.array(ce_plain(P, y))


@right("cross_entropy")
def ce_tiny(P, y):
    tiny = np.finfo(float).tiny
    return -np.mean(np.log(np.maximum(P[np.arange(len(P)), y], tiny)))


@right("cross_entropy")
def ce_trace(P, y):
    return -np.trace(np.log(P[:, y].clip(1e-12))) / len(y)
