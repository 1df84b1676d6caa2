"""Answers to `softmax`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import math

import numpy as np
from hands import right, wrong


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


class SM:
    def __call__(self, Z):
        return softmax(Z)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# ---------------------------------------------------------------- wrong


wrong("sigmoid-for-softmax", lambda Z: sigmoid(Z), "sigmoid")
wrong("softmax-axis0", lambda Z: np.exp(Z - Z.max()) / np.exp(Z - Z.max()).sum(axis=0))
wrong("softmax-axis0+softmax-overflow", lambda Z: np.exp(Z) / np.exp(Z).sum(axis=0))


@wrong("softmax-axis0")
def _(Z):
    out = np.zeros(Z.shape)
    for j in range(Z.shape[1]):
        e = np.exp(Z[:, j] - max(Z[:, j]))
        out[:, j] = e / e.sum()
    return out


wrong("softmax-whole-array+softmax-overflow", lambda Z: np.exp(Z) / np.sum(np.exp(Z)))


@wrong("softmax-whole-array")
def _(Z):
    e = np.exp(Z - Z.max(1, keepdims=True))
    return e / e.sum()


@wrong("softmax-whole-array")
def _(Z):
    e = np.exp(Z - np.max(Z))
    t = 0
    for r in e:
        for v in r:
            t += v
    return e / t


@wrong("softmax-no-keepdims")
def _(Z):
    e = np.exp(Z - Z.max(1, keepdims=True))
    return e / e.sum(axis=1)


wrong("softmax-no-keepdims+softmax-overflow", lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1))


@wrong("softmax-no-keepdims")
def max_without_keepdims(Z):
    e = np.exp(Z - Z.max(axis=1))
    return e / e.sum(axis=1, keepdims=True)


wrong("softmax-overflow", lambda Z: np.exp(Z) / np.exp(Z).sum(1, keepdims=True))
wrong(
    "softmax-overflow",
    lambda Z: (
        np.array([[math.exp(v) for v in r] for r in Z.tolist()])
        / np.array([[sum(math.exp(v) for v in r)] for r in Z.tolist()])
    ),
)


@wrong("softmax-overflow")
def shift_by_mean(Z):
    e = np.exp(Z - Z.mean(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


@wrong("softmax-overflow")
def shift_by_min(Z):
    e = np.exp(Z - Z.min(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


@wrong("softmax-overflow")
def shift_added(Z):
    e = np.exp(Z + Z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


wrong("double-softmax", lambda Z: softmax(softmax(Z)))


@wrong("alias-inplace-activation")
def _(Z):
    Z -= Z.max(1, keepdims=True)
    e = np.exp(Z)
    return e / e.sum(1, keepdims=True)


@wrong("softmax-overflow")
def max_along_axis_0(Z):
    e = np.exp(Z - Z.max(0))
    return e / e.sum(1, keepdims=True)


wrong("log-softmax", lambda Z: np.log(softmax(Z)), "log softmax")
wrong("softmax-no-division", lambda Z: np.exp(Z - Z.max(1, keepdims=True)), "no normalise")
wrong("softmax-no-exp", lambda Z: Z / Z.sum(1, keepdims=True), "no exp")
wrong("softmax-negative-scores", lambda Z: softmax(-Z), "exp(-Z)")
wrong("", lambda Z: np.eye(Z.shape[1])[Z.argmax(1)], "hardmax")
wrong(
    "",
    lambda Z: (
        2.0 ** (Z - Z.max(1, keepdims=True))
        / (2.0 ** (Z - Z.max(1, keepdims=True))).sum(1, keepdims=True)
    ),
)


@wrong("")
def _(Z):
    e = np.exp(Z - Z.max(1, keepdims=True))
    s = np.zeros((len(Z), 1))
    for j in range(Z.shape[1]):
        s = e[:, [j]]
    return e / s


@wrong("softmax-axis0")
def so_axis0(Z):
    P = np.exp(Z - Z.max(axis=1)[:, None])
    P /= P.sum(axis=0)
    return P


@wrong("log-softmax")
def so_log(Z):
    S = Z - Z.max(axis=1, keepdims=True)
    return S - np.log(np.exp(S).sum(axis=1, keepdims=True))


wrong("double-softmax+softmax-axis0", lambda Z: softmax(softmax(Z.T).T))
wrong(
    "softmax-max-by-division",
    lambda Z: (lambda E: E / E.sum(axis=1, keepdims=True))(
        np.exp(Z / Z.max(axis=1, keepdims=True))
    ),
)


@wrong("")
def small_ones_dropped(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    E[E < 1e-4] = 0
    return E / E.sum(axis=1, keepdims=True)


# ---------------------------------------------------------------- right


right(softmax)
right(
    lambda Z: np.exp(
        Z
        - Z.max(1, keepdims=True)
        - np.log(np.exp(Z - Z.max(1, keepdims=True)).sum(1, keepdims=True))
    )
)
right(lambda Z: (lambda e: (e.T / e.sum(1)).T)(np.exp((Z.T - Z.max(1)).T)))
right(
    lambda Z: [[math.exp(v - max(r)) / sum(math.exp(u - max(r)) for u in r) for v in r] for r in Z],
    "lists",
)
right(lambda Z: tuple(np.exp(r - r.max()) / np.exp(r - r.max()).sum() for r in Z), "tuple of rows")
right(
    lambda Z: np.apply_along_axis(lambda r: np.exp(r - r.max()) / np.exp(r - r.max()).sum(), 1, Z)
)
right(lambda Z: softmax(Z.astype("f4")), "f4")
right(lambda Z: np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)))
right(lambda Z: np.stack([np.exp(r - max(r)) / sum(np.exp(r - max(r))) for r in Z]))
right(
    lambda Z: np.einsum(
        "nk,n->nk",
        np.exp(Z - Z.max(1, keepdims=True)),
        1 / np.exp(Z - Z.max(1, keepdims=True)).sum(1),
    )
)
right(lambda Z: 1 / np.exp(Z[:, None, :] - Z[:, :, None]).clip(0, 1e300).sum(2), "pairwise")


@right
def loops(Z):
    P = np.zeros(Z.shape)
    for i in range(len(Z)):
        m = max(Z[i])
        t = 0
        for j in range(len(Z[i])):
            P[i, j] = math.exp(Z[i, j] - m)
            t += P[i, j]
        for j in range(len(Z[i])):
            P[i, j] /= t
    return P


@right
def global_max(Z):
    e = np.exp(Z - Z.max())
    return e / e.sum(1, keepdims=True)


right(SM())
right(lambda Z: np.array([np.exp(z - z.max()) / np.exp(z - z.max()).sum() for z in Z]))
right(lambda Z: [list(row) for row in softmax(Z)])
