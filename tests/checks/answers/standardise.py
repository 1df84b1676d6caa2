"""Answers to `standardise`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import math
from functools import partial

import numpy as np
from hands import right, wrong


def z(X, m, s):
    return (X - m) / np.where(s == 0, 1, s)


def scaled(X, mean, std):
    return (X - mean) / std


def st(a, b):
    m = a.mean(0)
    d = a.std(0)
    d = np.where(d == 0, 1, d)
    return (a - m) / d, (b - m) / d


# ---------------------------------------------------------------- wrong


wrong("test-statistics", lambda a, b: (z(a, a.mean(0), a.std(0)), z(b, b.mean(0), b.std(0))))
wrong(
    "test-mean",
    lambda a, b: (z(a, a.mean(0), a.std(0)), z(b, b.mean(0), a.std(0))),
    "mean only",
)
wrong(
    "test-std",
    lambda a, b: (z(a, a.mean(0), a.std(0)), z(b, a.mean(0), b.std(0))),
    "std only",
)


@wrong("statistics-of-both")
def both_together(a, b):
    c = np.vstack([a, b])
    return z(a, c.mean(0), c.std(0)), z(b, c.mean(0), c.std(0))


@wrong("test-not-scaled")
def mean_of_train_standardised_already(a, b):
    a = z(a, a.mean(0), a.std(0))
    return a, z(b, a.mean(0), a.std(0))


wrong(
    "whole-table-statistics",
    lambda a, b: (z(a, a.mean(), a.std()), z(b, a.mean(), a.std())),
    "whole array",
)
wrong(
    "rows-standardised",
    lambda a, b: (
        z(a, a.mean(1, keepdims=True), a.std(1, keepdims=True)),
        z(b, b.mean(1, keepdims=True), b.std(1, keepdims=True)),
    ),
    "axis 1",
)
wrong("test-not-scaled", lambda a, b: (z(a, a.mean(0), a.std(0)), b), "test untouched")
wrong(
    "variance-for-std", lambda a, b: (z(a, a.mean(0), a.var(0)), z(b, a.mean(0), a.var(0))), "var"
)
wrong("scale-inputs", lambda a, b: (a - a.mean(0), b - a.mean(0)), "no std")
wrong("scale-inputs", lambda a, b: (z(a, 0, a.std(0)), z(b, 0, a.std(0))), "no mean")
wrong("scale-inputs", lambda a, b: (a / 255, b / 255))
wrong("scale-inputs", lambda a, b: (a, b), "unchanged")
wrong(
    "min-max",
    lambda a, b: (
        (a - a.min(0)) / (a.max(0) - a.min(0) + 1e-12),
        (b - a.min(0)) / (a.max(0) - a.min(0) + 1e-12),
    ),
    "minmax",
)
wrong("", lambda a, b: z(a, a.mean(0), a.std(0)), "only train")
wrong("", lambda a, b: (z(b, a.mean(0), a.std(0)), z(a, a.mean(0), a.std(0))), "swapped")


@wrong("")
def _(a, b):
    m = a.mean(0)
    s = a.std(0)
    s[s == 0] = 1
    a -= m
    a /= s
    b -= m
    b /= s
    return a, b


@wrong("test-statistics")
def in_place_then_stats_of_the_changed_a(a, b):
    a = a.copy()
    b = b.copy()
    a -= a.mean(0)
    b -= a.mean(0)
    s = a.std(0)
    s[s == 0] = 1
    return a / s, b / s


wrong(
    "",
    lambda a, b: (
        z(a.astype(np.uint8), a.mean(0).astype(np.uint8), 1),
        z(b.astype(np.uint8), a.mean(0).astype(np.uint8), 1),
    ),
)
wrong(
    "int-weights",
    lambda a, b: (z(a, a.mean(0), a.std(0)).astype(int), z(b, a.mean(0), a.std(0)).astype(int)),
)
wrong(
    "division-before-subtraction",
    lambda a, b: (a - a.mean(0) / (a.std(0) + 1e-12), b - a.mean(0) / (a.std(0) + 1e-12)),
    "brackets",
)
wrong(
    "accepted",
    lambda a, b: ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.std(0)),
    "no guard for constant column",
)
wrong("", lambda a, b: (z(a, a.mean(0), 1) * a.std(0), z(b, a.mean(0), 1) * a.std(0)), "times std")
wrong(
    "test-statistics",
    lambda X_train, X_test: tuple(
        scaled(X, X.mean(axis=0), X.std(axis=0)) for X in (X_train, X_test)
    ),
)
wrong(
    "test-not-scaled+variance-for-std",
    lambda X_train, X_test: (scaled(X_train, X_train.mean(axis=0), X_train.var(axis=0)), X_test),
)
wrong(
    "test-plus-mean",
    lambda a, b: ((a - a.mean(0)) / a.std(0), (b + a.mean(0)) / a.std(0)),
)
wrong(
    "median-for-mean",
    lambda a, b: ((a - np.median(a, 0)) / a.std(0), (b - np.median(a, 0)) / a.std(0)),
)
wrong(
    "variance-for-std",
    lambda a, b: ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.var(0)),
    "X_test alone",
    says="In X_test: You divide by the variance.",
)

# ---------------------------------------------------------------- right


right(st)
right(lambda a, b: list(st(a, b)), "list")
right(
    lambda a, b: ((a - a.mean(0)) / (a.std(0) + 1e-8), (b - a.mean(0)) / (a.std(0) + 1e-8)), "eps"
)
right(
    lambda a, b: (
        (a - a.mean(0)) / np.maximum(a.std(0), 1e-12),
        (b - a.mean(0)) / np.maximum(a.std(0), 1e-12),
    ),
    "max",
)
right(lambda a, b: tuple(v.astype("f4") for v in st(a, b)), "f4")
right(
    lambda a, b: (
        (a - a.mean(0)) / np.sqrt(a.var(0) + 1e-12),
        (b - a.mean(0)) / np.sqrt(a.var(0) + 1e-12),
    ),
    "sqrt",
)


@right
def loop(a, b):
    A = np.zeros(a.shape)
    B = np.zeros(b.shape)
    for j in range(a.shape[1]):
        c = a[:, j]
        m = sum(c) / len(c)
        d = math.sqrt(sum((v - m) ** 2 for v in c) / len(c)) or 1.0
        A[:, j] = (c - m) / d
        B[:, j] = (b[:, j] - m) / d
    return A, B


@right
def einsum(a, b):
    m = np.einsum("nd->d", a) / len(a)
    d = np.sqrt(np.einsum("nd,nd->d", a - m, a - m) / len(a))
    d[d < 1e-12] = 1
    return (a - m) / d, (b - m) / d


@right
def divide_where(a, b):
    m = a.mean(0)
    d = a.std(0)
    return tuple(np.divide(v - m, d, out=np.zeros(v.shape), where=d > 0) for v in (a, b))


right(lambda a, b: [v.tolist() for v in st(a, b)], "tolist")


@right
def nan_to_num(a, b):
    with np.errstate(all="ignore"):
        return tuple(np.nan_to_num((v - a.mean(0)) / a.std(0), posinf=0, neginf=0) for v in (a, b))


@right
def keepdims(train, test):
    m, d = train.mean(0, keepdims=True), train.std(0, keepdims=True)
    d[d == 0] = 1.0
    return np.subtract(train, m) / d, np.subtract(test, m) / d


right(
    partial(
        lambda e, a, b: ((a - a.mean(0)) / (a.std(0) + e), (b - a.mean(0)) / (a.std(0) + e)), 1e-7
    ),
    "eps 1e-7",
)


@right
def st_dict(X_train, X_test):
    train, test = st(X_train, X_test)
    return {"X_train": train, "X_test": test}


@right
def st_sample(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0, ddof=1)
    return (X_train - mean) / std, (X_test - mean) / std
