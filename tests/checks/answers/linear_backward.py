"""Answers to `linear_backward`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031, B006

import itertools
from collections import namedtuple
from functools import partial

import numpy as np
from hands import right, wrong

Gradients = namedtuple("Gradients", "dX dW db")

# ---------------------------------------------------------------- wrong


def g(
    ids,
    label=None,
    dX=lambda dZ, X, W: dZ @ W.T,
    dW=lambda dZ, X, W: X.T @ dZ,
    db=lambda dZ, X, W: dZ.sum(0),
):
    """The right gradients, but for those that are given."""
    wrong(ids, lambda dZ, X, W: tuple(f(dZ, X, W) for f in (dX, dW, db)), label or "one by one")


# In the order in which two of them are named.
PARTS = {
    "W-not-transposed": {"dX": lambda dZ, X, W: dZ @ W},
    "dW-transposed": {"dW": lambda dZ, X, W: dZ.T @ X},
    "dot-vs-star": {"dX": lambda dZ, X, W: dZ * W.T},
    "db-from-dW": {"db": lambda dZ, X, W: (X.T @ dZ).sum(0)},
    "db-wrong-axis": {"db": lambda dZ, X, W: dZ.sum(1)},
    "db-not-summed": {"db": lambda dZ, X, W: dZ},
    "overwrite-in-loop": {"dW": lambda dZ, X, W: np.outer(X[-1], dZ[-1])},
    "divided-by-N-twice": {"dW": lambda dZ, X, W: X.T @ dZ / len(X)},
}
for mistake, part in PARTS.items():
    g(mistake, **part)
for (i, one), (j, other) in itertools.combinations(PARTS.items(), 2):
    if one.keys() != other.keys():
        g(f"{i}+{j}", **one, **other)

g(
    "W-not-transposed+dW-transposed+db-not-summed",
    dX=lambda dZ, X, W: dZ @ W,
    dW=lambda dZ, X, W: dZ.T @ X,
    db=lambda dZ, X, W: dZ,
)
g("dot-vs-star+db-from-dW", "dW", dW=lambda dZ, X, W: X * dZ, db=lambda dZ, X, W: (X.T @ dZ).sum(0))
g(
    "dW-transposed+db-as-row",
    dW=lambda dZ, X, W: dZ.T @ X,
    db=lambda dZ, X, W: dZ.sum(0, keepdims=True),
)
g("W-not-transposed", "np.dot", dX=lambda dZ, X, W: np.dot(dZ, W))
g("dot-vs-star", "X * dZ", dW=lambda dZ, X, W: X * dZ)
g("dot-vs-star", "dZ * X", dW=lambda dZ, X, W: dZ * X)
g("dot-vs-star", "X.T * dZ", dW=lambda dZ, X, W: X.T * dZ)
g("dW-without-transpose", dW=lambda dZ, X, W: np.dot(X, dZ))
g("reg-gradient-added", dW=lambda dZ, X, W: X.T @ dZ + 0.1 * W)
g("db-wrong-axis", "keepdims", db=lambda dZ, X, W: dZ.sum(1, keepdims=True))
g("db-not-summed", "copy", db=lambda dZ, X, W: dZ.copy())
g("db-as-row", db=lambda dZ, X, W: np.ones((1, len(X))) @ dZ)
g("db-all-axes", db=lambda dZ, X, W: dZ.sum())
g("db-all-axes", "mean", db=lambda dZ, X, W: dZ.mean())
g("W-not-transposed+db-all-axes", dX=lambda dZ, X, W: dZ @ W, db=lambda dZ, X, W: dZ.mean())
g("overwrite-in-loop", "db", db=lambda dZ, X, W: dZ[-1])
g(
    "overwrite-in-loop",
    "both",
    dW=lambda dZ, X, W: np.outer(X[-1], dZ[-1]),
    db=lambda dZ, X, W: dZ[-1],
)
g("divided-by-N-twice", "db mean", db=lambda dZ, X, W: dZ.mean(0))
g(
    "divided-by-N-twice",
    "both",
    dW=lambda dZ, X, W: X.T @ dZ / len(X),
    db=lambda dZ, X, W: dZ.mean(0),
)
wrong("", lambda dZ, X, W: (dZ @ W.T / len(X), X.T @ dZ / len(X), dZ.mean(0)), "all /N")
wrong("", lambda dZ, X, W: (X.T @ dZ, dZ @ W.T, dZ.sum(0)), "order dW dX")
wrong("", lambda dZ, X, W: (X.T @ dZ, dZ.sum(0), dZ @ W.T), "order dW db dX")
wrong("", lambda dZ, X, W: (X.T @ dZ, dZ.sum(0)), "no dX")
wrong("", lambda dZ, X, W: (-dZ @ W.T, -X.T @ dZ, -dZ.sum(0)), "all neg")


@wrong("no-zero-grad")
def all_three_kept(dZ, X, W, kept=[0, 0, 0]):
    new = dZ @ W.T, X.T @ dZ, dZ.sum(0)
    try:
        kept[:] = [k + g for k, g in zip(kept, new)]
    except ValueError:
        kept[:] = new
    return tuple(kept)


@wrong("no-zero-grad")
def dW_and_db_kept(dZ, X, W, kept={}):
    for name, g in (("dW", X.T @ dZ), ("db", dZ.sum(0))):
        kept[name, g.shape] = kept.get((name, g.shape), 0) + g
    return dZ @ W.T, kept["dW", W.shape].copy(), kept["db", W.shape[1:]].copy()


@wrong("no-zero-grad")
def dW_kept(dZ, X, W, kept={}):
    kept[W.shape] = kept.get(W.shape, 0) + X.T @ dZ
    return dZ @ W.T, kept[W.shape], dZ.sum(axis=0)


@wrong("W2-before-dW1")
def in_place(dZ, X, W):
    dW = X.T @ dZ
    W -= 0.1 * dW
    return dZ @ W.T, dW, dZ.sum(0)


g("W2-before-dW1", "copy", dX=lambda dZ, X, W: dZ @ (W - 0.1 * X.T @ dZ).T)


@wrong("W-not-transposed")
def in_a_loop(dZ, X, W):
    dX = np.zeros(X.shape)
    for n in range(len(X)):
        for d in range(X.shape[1]):
            for m in range(dZ.shape[1]):
                dX[n, d] += dZ[n, m] * W[m, d]
    return dX, X.T @ dZ, dZ.sum(axis=0)


def layer(change):
    """The gradients of a linear layer, some of them changed."""

    def answer(dZ, X, W):
        right = {"dX": dZ @ W.T, "dW": X.T @ dZ, "db": dZ.sum(axis=0)}
        return tuple((right | change(dZ, X, W)).values())

    return answer


wrong("", layer(lambda dZ, X, W: {"db": 2 * dZ.sum(axis=0)}), "db twice", says="db is 2 times")

# ---------------------------------------------------------------- right


right(lambda dZ, X, W: (dZ @ W.T, X.T @ dZ, dZ.sum(0)))
right(lambda dZ, X, W: [dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)])
right(
    lambda dZ, X, W: (
        np.einsum("nk,dk->nd", dZ, W),
        np.einsum("nd,nk->dk", X, dZ),
        np.einsum("nk->k", dZ),
    )
)
right(lambda dZ, X, W: ((W @ dZ.T).T, (dZ.T @ X).T, np.ones(len(dZ)) @ dZ))
right(
    lambda dZ, X, W: (
        np.array([W @ d for d in dZ]),
        sum(np.outer(x, d) for x, d in zip(X, dZ)),
        sum(dZ),
    )
)
right(
    lambda dZ, X, W: (
        (dZ[:, None, :] * W).sum(2),
        (X[:, :, None] * dZ[:, None, :]).sum(0),
        np.add.reduce(dZ),
    )
)
right(lambda dZ, X, W: ((dZ @ W.T).astype("f4"), (X.T @ dZ).astype("f4"), dZ.sum(0).astype("f4")))
right(lambda dZ, X, W: (np.dot(dZ, W.transpose()), np.dot(X.transpose(), dZ), dZ.mean(0) * len(dZ)))
right(lambda dZ, X, W: ((dZ @ W.T).tolist(), (X.T @ dZ).tolist(), dZ.sum(0).tolist()))
right(lambda dZ, X, W: (np.inner(dZ, W), np.tensordot(X, dZ, (0, 0)), [sum(c) for c in zip(*dZ)]))
right(partial(lambda k, dZ, X, W: (dZ @ W.T, X.T @ dZ, dZ.sum(0)), 0))
right(lambda dZ, X, W: Gradients(dZ @ W.T, X.T @ dZ, dZ.sum(0)))
right(lambda dZ, X, W: {"dW": X.T @ dZ, "db": dZ.sum(0), "dX": dZ @ W.T})


@right
def lb_single(dZ, X, W):
    dZ, X, W = dZ.astype(np.float32), X.astype(np.float32), W.astype(np.float32)
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)


@right
def lb_accumulated(dZ, X, W):
    dW, db = np.zeros_like(W), np.zeros(W.shape[1])
    for n in range(len(X)):
        dW += X[n][:, None] * dZ[n][None, :]
        db += dZ[n]
    return np.tensordot(dZ, W, axes=([1], [1])), dW, db
