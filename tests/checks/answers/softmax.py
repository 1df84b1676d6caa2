"""Answers to `softmax`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import math

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


wrong("softmax", "softmax-axis0", lambda Z: np.exp(Z - Z.max()) / np.exp(Z - Z.max()).sum(axis=0))
wrong("softmax", "softmax-axis0+softmax-overflow", lambda Z: np.exp(Z) / np.exp(Z).sum(axis=0))


@wrong("softmax", "softmax-axis0")
def _(Z):
    out = np.zeros(Z.shape)
    for j in range(Z.shape[1]):
        e = np.exp(Z[:, j] - max(Z[:, j]))
        out[:, j] = e / e.sum()
    return out


wrong("softmax", "softmax-whole-array+softmax-overflow", lambda Z: np.exp(Z) / np.sum(np.exp(Z)))


@wrong("softmax", "softmax-whole-array")
def _(Z):
    e = np.exp(Z - Z.max(1, keepdims=True))
    return e / e.sum()


@wrong("softmax", "softmax-whole-array")
def _(Z):
    e = np.exp(Z - np.max(Z))
    t = 0
    for r in e:
        for v in r:
            t += v
    return e / t


@wrong("softmax", "softmax-no-keepdims")
def _(Z):
    e = np.exp(Z - Z.max(1, keepdims=True))
    return e / e.sum(axis=1)


wrong(
    "softmax", "softmax-no-keepdims+softmax-overflow", lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1)
)
wrong(
    "softmax",
    "softmax-no-keepdims+softmax-overflow",
    lambda Z: np.divide(np.exp(Z), np.sum(np.exp(Z), 1)),
)


@wrong("softmax", "softmax-no-keepdims", label="max without keepdims")
def _(Z):
    e = np.exp(Z - Z.max(axis=1))
    return e / e.sum(axis=1, keepdims=True)


wrong("softmax", "softmax-overflow", lambda Z: np.exp(Z) / np.exp(Z).sum(1, keepdims=True))


@wrong("softmax", "softmax-overflow")
def _(Z):
    return np.array([[math.exp(v) for v in r] for r in Z.tolist()]) / np.array(
        [[sum(math.exp(v) for v in r)] for r in Z.tolist()]
    )


@wrong("softmax", "softmax-overflow")
def _(Z):
    e = np.e**Z
    return (e.T / e.sum(1)).T


@wrong("softmax", "softmax-overflow", label="shift by mean")
def _(Z):
    e = np.exp(Z - Z.mean(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


@wrong("softmax", "softmax-overflow", label="shift by MIN")
def _(Z):
    e = np.exp(Z - Z.min(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


@wrong("softmax", "softmax-overflow", label="shift added")
def _(Z):
    e = np.exp(Z + Z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


wrong("softmax", "double-softmax", lambda Z: softmax(softmax(Z)))


@wrong("softmax", "double-softmax")
def _(Z):
    for _ in range(2):
        e = np.exp(Z - Z.max(1, keepdims=True))
        Z = e / e.sum(1, keepdims=True)
    return Z


@wrong("softmax", "alias-inplace-activation")
def _(Z):
    Z -= Z.max(1, keepdims=True)
    e = np.exp(Z)
    return e / e.sum(1, keepdims=True)


@wrong("softmax", "softmax-overflow", label="max along axis 0")
def _(Z):
    e = np.exp(Z - Z.max(0))
    return e / e.sum(1, keepdims=True)


wrong("softmax", "log-softmax", lambda Z: np.log(softmax(Z)), "log softmax")
wrong(
    "softmax", "softmax-no-division", lambda Z: np.exp(Z - Z.max(1, keepdims=True)), "no normalise"
)
wrong("softmax", "softmax-no-exp", lambda Z: Z / Z.sum(1, keepdims=True), "no exp")
wrong("softmax", "softmax-negative-scores", lambda Z: softmax(-Z), "exp(-Z)")


wrong("softmax", "", lambda Z: np.eye(Z.shape[1])[Z.argmax(1)], "hardmax")
wrong(
    "softmax",
    "",
    lambda Z: (
        2.0 ** (Z - Z.max(1, keepdims=True))
        / (2.0 ** (Z - Z.max(1, keepdims=True))).sum(1, keepdims=True)
    ),
)


@wrong("softmax", "")
def _(Z):
    e = np.exp(Z - Z.max(1, keepdims=True))
    s = np.zeros((len(Z), 1))
    for j in range(Z.shape[1]):
        s = e[:, [j]]
    return e / s


def pick(P, y):
    return P[np.arange(len(y)), y]


eps = 1e-12


# ---------------------------------------------------------------- each with exactly these mistakes


@fed("softmax", "softmax-axis0")
def so_axis0(Z):
    P = np.exp(Z - Z.max(axis=1)[:, None])
    P /= P.sum(axis=0)
    return P


@fed("softmax", "softmax-whole-array")
def so_whole(Z):
    E = np.exp(Z - np.amax(Z, axis=1, keepdims=True))
    return E / np.sum(E)


@fed("softmax", "softmax-no-keepdims")
def so_no_keepdims(Z):
    e = np.exp(Z - np.max(Z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1)


@fed("softmax", "softmax-no-keepdims")
def so_no_keepdims_in_the_maximum(Z):
    e = np.exp(Z - np.max(Z, axis=1))
    return e / np.sum(e, axis=1, keepdims=True)


@fed("softmax", "softmax-overflow")
def so_overflow(Z):
    return np.array([np.exp(z) / sum(np.exp(z)) for z in Z])


@fed("softmax", "softmax-no-division")
def so_no_division(Z):
    return np.exp(Z - Z.max(axis=1, keepdims=True))


@fed("softmax", "log-softmax")
def so_log(Z):
    S = Z - Z.max(axis=1, keepdims=True)
    return S - np.log(np.exp(S).sum(axis=1, keepdims=True))


@fed("softmax", "softmax-negative-scores")
def so_negative(Z):
    E = np.exp(-(Z - Z.min(axis=1, keepdims=True)))
    return E / E.sum(axis=1, keepdims=True)


@fed("softmax", "alias-inplace-activation")
def so_in_place(Z):
    Z -= Z.max(axis=1, keepdims=True)
    np.exp(Z, out=Z)
    return Z / Z.sum(axis=1, keepdims=True)


def surprise(P, y):
    return -np.log(np.maximum(P[np.arange(len(y)), y], 1e-12))


@fed("softmax", "softmax-overflow", "softmax-no-keepdims")
def p_naive_no_keepdims(Z):
    return np.exp(Z) / np.sum(np.exp(Z), axis=1)


# ---------------------------------------------------------------- right


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


s = "softmax"
right(s, softmax)
right(
    s,
    lambda Z: np.exp(
        Z
        - Z.max(1, keepdims=True)
        - np.log(np.exp(Z - Z.max(1, keepdims=True)).sum(1, keepdims=True))
    ),
)
right(s, lambda Z: (lambda e: e / e.sum(axis=-1)[:, None])(np.exp(Z - Z.max(axis=-1)[:, None])))
right(s, lambda Z: (lambda e: (e.T / e.sum(1)).T)(np.exp((Z.T - Z.max(1)).T)))
right(
    s,
    lambda Z: [[math.exp(v - max(r)) / sum(math.exp(u - max(r)) for u in r) for v in r] for r in Z],
    "lists",
)
right(
    s, lambda Z: tuple(np.exp(r - r.max()) / np.exp(r - r.max()).sum() for r in Z), "tuple of rows"
)
right(
    s,
    lambda Z: np.apply_along_axis(lambda r: np.exp(r - r.max()) / np.exp(r - r.max()).sum(), 1, Z),
)
right(s, lambda Z: softmax(Z.astype("f4")), "f4")
right(s, lambda Z: np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)))
right(s, lambda Z: np.stack([np.exp(r - max(r)) / sum(np.exp(r - max(r))) for r in Z]))
right(
    s,
    lambda Z: np.einsum(
        "nk,n->nk",
        np.exp(Z - Z.max(1, keepdims=True)),
        1 / np.exp(Z - Z.max(1, keepdims=True)).sum(1),
    ),
)
right(s, lambda Z: 1 / np.exp(Z[:, None, :] - Z[:, :, None]).clip(0, 1e300).sum(2), "pairwise")


@right(s, label="in place on copy")
def _(Z):
    Z = Z.copy()
    Z -= Z.max(1, keepdims=True)
    np.exp(Z, out=Z)
    Z /= Z.sum(1, keepdims=True)
    return Z


@right(s, label="loops")
def _(Z):
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


@right(s, label="global max")
def _(Z):
    e = np.exp(Z - Z.max())
    return e / e.sum(1, keepdims=True)


class SM:
    def __call__(self, Z):
        return softmax(Z)


right(s, SM())


# ---------------------------------------------------------------- right, in other styles


@right("softmax")
def so_plain(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@right("softmax")
def so_newaxis(Z):
    E = np.exp(Z - np.max(Z, axis=1)[:, np.newaxis])
    return E / np.sum(E, axis=1)[:, None]


@right("softmax")
def so_last_axis(Z):
    Z = Z - np.amax(Z, axis=-1, keepdims=True)
    return np.exp(Z) / np.exp(Z).sum(axis=-1, keepdims=True)


@right("softmax")
def so_rows(Z):
    P = []
    for z in Z:
        e = np.exp(z - max(z))
        P.append(e / sum(e))
    return np.array(P)


@right("softmax")
def so_comprehension(Z):
    return np.array([np.exp(z - z.max()) / np.exp(z - z.max()).sum() for z in Z])


@right("softmax")
def so_math(Z):
    P = np.zeros(Z.shape)
    for n in range(Z.shape[0]):
        top = max(Z[n])
        total = 0.0
        for k in range(Z.shape[1]):
            total += math.exp(Z[n, k] - top)
        for k in range(Z.shape[1]):
            P[n, k] = math.exp(Z[n, k] - top) / total
    return P


@right("softmax")
def so_transposed_inside(Z):
    T = Z.T
    E = np.exp(T - T.max(axis=0))
    return (E / E.sum(axis=0)).T


@right("softmax")
def so_log(Z):
    S = Z - Z.max(axis=1, keepdims=True)
    return np.exp(S - np.log(np.exp(S).sum(axis=1, keepdims=True)))


@right("softmax")
def so_einsum(Z):
    E = np.exp(Z - Z.max(axis=1).reshape(-1, 1))
    return np.einsum("nk,n->nk", E, 1 / np.einsum("nk->n", E))


@right("softmax")
def so_copy(Z):
    Z = Z.copy()
    Z -= Z.max(axis=1, keepdims=True)
    np.exp(Z, out=Z)
    Z /= Z.sum(axis=1, keepdims=True)
    return Z


@right("softmax")
def so_single(Z):
    Z = Z.astype(np.float32)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@right("softmax")
def so_nested_lists(Z):
    return [list(row) for row in so_plain(Z)]


@right("softmax")
def so_largest_of_all(Z):
    E = np.exp(Z - np.max(Z))
    return E / E.sum(axis=1, keepdims=True)
