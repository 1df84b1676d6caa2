"""Answers to `standardise`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import math
from functools import partial

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


D = "standardise"


def z(X, m, s):
    return (X - m) / np.where(s == 0, 1, s)


wrong(D, "test-statistics", lambda a, b: (z(a, a.mean(0), a.std(0)), z(b, b.mean(0), b.std(0))))


@wrong(D, "test-statistics")
def _(a, b):
    out = []
    for X in (a, b):
        m = X.mean(axis=0)
        s = X.std(axis=0) + 1e-12
        out.append((X - m) / s)
    return tuple(out)


wrong(
    D,
    "test-statistics",
    lambda a, b: (z(a, a.mean(0), a.std(0)), z(b, b.mean(0), a.std(0))),
    "mean only",
)
wrong(
    D,
    "test-statistics",
    lambda a, b: (z(a, a.mean(0), a.std(0)), z(b, a.mean(0), b.std(0))),
    "std only",
)


@wrong(D, "statistics-of-both", label="both together")
def _(a, b):
    c = np.vstack([a, b])
    return z(a, c.mean(0), c.std(0)), z(b, c.mean(0), c.std(0))


@wrong(D, "test-not-scaled", label="mean of train standardised already")
def _(a, b):
    a = z(a, a.mean(0), a.std(0))
    return a, z(b, a.mean(0), a.std(0))


wrong(
    D,
    "whole-table-statistics",
    lambda a, b: (z(a, a.mean(), a.std()), z(b, a.mean(), a.std())),
    "whole array",
)
wrong(
    D,
    "rows-standardised",
    lambda a, b: (
        z(a, a.mean(1, keepdims=True), a.std(1, keepdims=True)),
        z(b, b.mean(1, keepdims=True), b.std(1, keepdims=True)),
    ),
    "axis 1",
)
wrong(D, "test-not-scaled", lambda a, b: (z(a, a.mean(0), a.std(0)), b), "test untouched")
wrong(
    D,
    "variance-for-std",
    lambda a, b: (z(a, a.mean(0), a.var(0)), z(b, a.mean(0), a.var(0))),
    "var",
)
wrong(D, "scale-inputs", lambda a, b: (a - a.mean(0), b - a.mean(0)), "no std")
wrong(D, "scale-inputs", lambda a, b: (z(a, 0, a.std(0)), z(b, 0, a.std(0))), "no mean")
wrong(D, "scale-inputs", lambda a, b: (a / 255, b / 255))
wrong(D, "scale-inputs", lambda a, b: (a, b), "unchanged")
wrong(
    D,
    "min-max",
    lambda a, b: (
        (a - a.min(0)) / (a.max(0) - a.min(0) + 1e-12),
        (b - a.min(0)) / (a.max(0) - a.min(0) + 1e-12),
    ),
    "minmax",
)
wrong(D, "", lambda a, b: z(a, a.mean(0), a.std(0)), "only train")
wrong(D, "", lambda a, b: (z(b, a.mean(0), a.std(0)), z(a, a.mean(0), a.std(0))), "swapped")


@wrong(D, "")
def _(a, b):
    m = a.mean(0)
    s = a.std(0)
    s[s == 0] = 1
    a -= m
    a /= s
    b -= m
    b /= s
    return a, b


@wrong(D, "test-statistics", label="in-place then stats of the changed a")
def _(a, b):
    a = a.copy()
    b = b.copy()
    a -= a.mean(0)
    b -= a.mean(0)
    s = a.std(0)
    s[s == 0] = 1
    return a / s, b / s


wrong(
    D,
    "",
    lambda a, b: (
        z(a.astype(np.uint8), a.mean(0).astype(np.uint8), 1),
        z(b.astype(np.uint8), a.mean(0).astype(np.uint8), 1),
    ),
)
wrong(
    D,
    "int-weights",
    lambda a, b: (z(a, a.mean(0), a.std(0)).astype(int), z(b, a.mean(0), a.std(0)).astype(int)),
)
wrong(
    D,
    "division-before-subtraction",
    lambda a, b: (a - a.mean(0) / (a.std(0) + 1e-12), b - a.mean(0) / (a.std(0) + 1e-12)),
    "brackets",
)
wrong(
    D,
    "accepted",
    lambda a, b: ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.std(0)),
    "no guard for constant column",
)
wrong(
    D, "", lambda a, b: (z(a, a.mean(0), 1) * a.std(0), z(b, a.mean(0), 1) * a.std(0)), "times std"
)


# ---------------------------------------------------------------- each with exactly these mistakes


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


@fed("standardise", "variance-for-std", "test-not-scaled")
def p_variance_train_only(X_train, X_test):
    return scaled(X_train, X_train.mean(axis=0), X_train.var(axis=0)), X_test


# ---------------------------------------------------------------- right


s = "standardise"


def st(a, b):
    m = a.mean(0)
    d = a.std(0)
    d = np.where(d == 0, 1, d)
    return (a - m) / d, (b - m) / d


right(s, st)
right(s, lambda a, b: list(st(a, b)), "list")
right(
    s,
    lambda a, b: ((a - a.mean(0)) / (a.std(0) + 1e-8), (b - a.mean(0)) / (a.std(0) + 1e-8)),
    "eps",
)
right(
    s,
    lambda a, b: (
        (a - a.mean(0)) / np.maximum(a.std(0), 1e-12),
        (b - a.mean(0)) / np.maximum(a.std(0), 1e-12),
    ),
    "max",
)
right(s, lambda a, b: tuple(v.astype("f4") for v in st(a, b)), "f4")
right(
    s,
    lambda a, b: (
        (a - a.mean(0)) / np.sqrt(a.var(0) + 1e-12),
        (b - a.mean(0)) / np.sqrt(a.var(0) + 1e-12),
    ),
    "sqrt",
)


@right(s, label="copies")
def _(a, b):
    a = a.astype(float).copy()
    b = b.astype(float).copy()
    m = a.mean(0)
    d = a.std(0)
    d[d == 0] = 1
    a -= m
    b -= m
    a /= d
    b /= d
    return a, b


@right(s, label="loop")
def _(a, b):
    A = np.zeros(a.shape)
    B = np.zeros(b.shape)
    for j in range(a.shape[1]):
        c = a[:, j]
        m = sum(c) / len(c)
        d = math.sqrt(sum((v - m) ** 2 for v in c) / len(c)) or 1.0
        A[:, j] = (c - m) / d
        B[:, j] = (b[:, j] - m) / d
    return A, B


@right(s, label="einsum")
def _(a, b):
    m = np.einsum("nd->d", a) / len(a)
    d = np.sqrt(np.einsum("nd,nd->d", a - m, a - m) / len(a))
    d[d < 1e-12] = 1
    return (a - m) / d, (b - m) / d


@right(s, label="divide where")
def _(a, b):
    m = a.mean(0)
    d = a.std(0)
    return tuple(np.divide(v - m, d, out=np.zeros(v.shape), where=d > 0) for v in (a, b))


@right(s, label="tolist")
def _(a, b):
    return [v.tolist() for v in st(a, b)]


@right(s, label="generator")
def _(a, b):
    m = a.mean(0)
    d = a.std(0)
    d[d == 0] = 1
    for v in (a, b):
        yield (v - m) / d


@right(s, label="nan_to_num")
def _(a, b):
    with np.errstate(all="ignore"):
        return tuple(np.nan_to_num((v - a.mean(0)) / a.std(0), posinf=0, neginf=0) for v in (a, b))


@right(s, label="keepdims")
def _(train, test):
    m, d = train.mean(0, keepdims=True), train.std(0, keepdims=True)
    d[d == 0] = 1.0
    return np.subtract(train, m) / d, np.subtract(test, m) / d


right(
    s,
    partial(
        lambda e, a, b: ((a - a.mean(0)) / (a.std(0) + e), (b - a.mean(0)) / (a.std(0) + e)), 1e-7
    ),
    "eps 1e-7",
)


@right(s, label="ddof=1 (unreasonable?)")
def _(a, b):
    m = a.mean(0)
    d = a.std(0, ddof=1)
    d[d == 0] = 1
    return (a - m) / d, (b - m) / d


# ---------------------------------------------------------------- right, in other styles


@right("standardise")
def st_plain(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    return (X_train - mean) / std, (X_test - mean) / std


@right("standardise")
def st_list(X_train, X_test):
    mean, std = np.mean(X_train, 0), np.std(X_train, 0)
    return [(X - mean) / std for X in (X_train, X_test)]


@right("standardise")
def st_small_number(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0) + 1e-8
    return (X_train - mean) / std, (X_test - mean) / std


@right("standardise")
def st_copies(X_train, X_test):
    train, test = X_train.copy(), X_test.copy()
    mean = train.mean(axis=0)
    train -= mean
    test -= mean
    std = np.sqrt((train**2).mean(axis=0))
    train /= std
    test /= std
    return train, test


@right("standardise")
def st_variance(X_train, X_test):
    mean = X_train.mean(axis=0, keepdims=True)
    std = X_train.var(axis=0, keepdims=True) ** 0.5
    return (X_train - mean) / std, (X_test - mean) / std


@right("standardise")
def st_columns(X_train, X_test):
    train, test = np.zeros(X_train.shape), np.zeros(X_test.shape)
    for d in range(X_train.shape[1]):
        mean, std = X_train[:, d].mean(), X_train[:, d].std()
        train[:, d] = (X_train[:, d] - mean) / std
        test[:, d] = (X_test[:, d] - mean) / std
    return train, test


@right("standardise")
def st_loops(X_train, X_test):
    N, D = X_train.shape
    mean = [sum(X_train[n, d] for n in range(N)) / N for d in range(D)]
    std = [math.sqrt(sum((X_train[n, d] - mean[d]) ** 2 for n in range(N)) / N) for d in range(D)]
    return tuple(
        np.array([[(row[d] - mean[d]) / std[d] for d in range(D)] for row in X])
        for X in (X_train, X_test)
    )


@right("standardise")
def st_dict(X_train, X_test):
    train, test = st_plain(X_train, X_test)
    return {"X_train": train, "X_test": test}


@right("standardise")
def st_scaled_first(X_train, X_test):
    std = X_train.std(axis=0)
    shift = (X_train / std).mean(axis=0)
    return X_train / std - shift, X_test / std - shift


@right("standardise")
def st_single(X_train, X_test):
    train, test = st_plain(X_train, X_test)
    return train.astype(np.float32), test.astype(np.float32)


@right("standardise")
def st_still_columns(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std = np.where(std == 0, 1, std)
    return (X_train - mean) / std, (X_test - mean) / std


@right("standardise")
def st_transposed_inside(X_train, X_test):
    T, S = X_train.T, X_test.T
    mean, std = T.mean(axis=1)[:, None], T.std(axis=1)[:, None]
    return ((T - mean) / std).T, ((S - mean) / std).T


@right("standardise")
def st_sample(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0, ddof=1)
    return (X_train - mean) / std, (X_test - mean) / std
