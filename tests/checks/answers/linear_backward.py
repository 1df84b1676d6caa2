"""Answers to `linear_backward`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

from collections import namedtuple
from functools import partial

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


B = "linear_backward"
R = lambda dZ, X, W: (dZ @ W.T, X.T @ dZ, dZ.sum(0))
wrong(B, "dW-transposed", lambda dZ, X, W: (dZ @ W.T, dZ.T @ X, dZ.sum(0)))


@wrong(B, "dW-transposed")
def _(dZ, X, W):
    dW = np.zeros((W.shape[1], W.shape[0]))
    for n in range(len(X)):
        dW += np.outer(dZ[n], X[n])
    return dZ.dot(W.T), dW, np.sum(dZ, axis=0)


wrong(B, "W-not-transposed", lambda dZ, X, W: (dZ @ W, X.T @ dZ, dZ.sum(0)))
wrong(B, "W-not-transposed", lambda dZ, X, W: (np.array([d @ W for d in dZ]), X.T @ dZ, dZ.sum(0)))
wrong(B, "dot-vs-star", lambda dZ, X, W: (dZ @ W.T, X * dZ, dZ.sum(0)))
wrong(B, "dot-vs-star", lambda dZ, X, W: (dZ * W.T, X.T @ dZ, dZ.sum(0)), "dX")
wrong(B, "dot-vs-star", lambda dZ, X, W: (dZ @ W.T, X.T * dZ, dZ.sum(0)), "X.T * dZ")
wrong(B, "db-not-summed", lambda dZ, X, W: (dZ @ W.T, X.T @ dZ, dZ))
wrong(B, "db-not-summed", lambda dZ, X, W: (dZ @ W.T, X.T @ dZ, dZ * np.ones((len(dZ), 1))))
wrong(B, "db-wrong-axis", lambda dZ, X, W: (dZ @ W.T, X.T @ dZ, dZ.sum(1)))
wrong(B, "db-wrong-axis", lambda dZ, X, W: (dZ @ W.T, X.T @ dZ, np.array([sum(r) for r in dZ])))
wrong(
    B, "db-wrong-axis", lambda dZ, X, W: (dZ @ W.T, X.T @ dZ, dZ.sum(1, keepdims=True)), "keepdims"
)
wrong(B, "db-from-dW", lambda dZ, X, W: (dZ @ W.T, X.T @ dZ, (X.T @ dZ).sum(0)))


@wrong(B, "db-from-dW")
def _(dZ, X, W):
    dW = np.einsum("nd,nk->dk", X, dZ)
    db = np.zeros(W.shape[1])
    for r in dW:
        db += r
    return dZ @ W.T, dW, db


@wrong(B, "overwrite-in-loop")
def _(dZ, X, W):
    for n in range(len(X)):
        dW = np.outer(X[n], dZ[n])
    return dZ @ W.T, dW, dZ.sum(0)


@wrong(B, "overwrite-in-loop", label="db")
def _(dZ, X, W):
    dW = np.zeros(W.shape)
    for n in range(len(X)):
        dW += np.outer(X[n], dZ[n])
        db = dZ[n]
    return dZ @ W.T, dW, db


@wrong(B, "overwrite-in-loop", label="both")
def _(dZ, X, W):
    for n in range(len(X)):
        dW = np.outer(X[n], dZ[n])
        db = dZ[n]
    return dZ @ W.T, dW, db


wrong(
    B,
    "divided-by-N-twice",
    lambda dZ, X, W: (dZ @ W.T, X.T @ dZ / len(X), dZ.sum(0) / len(X)),
    "1/N again",
)
wrong(B, "divided-by-N-twice", lambda dZ, X, W: (dZ @ W.T, X.T @ dZ, dZ.mean(0)), "db mean")
wrong(B, "divided-by-N-twice", lambda dZ, X, W: (dZ @ W.T, X.T @ dZ / len(X), dZ.sum(0)), "dW/N")
wrong(B, "", lambda dZ, X, W: (dZ @ W.T / len(X), X.T @ dZ / len(X), dZ.mean(0)), "all /N")
wrong(B, "db-all-axes", lambda dZ, X, W: (dZ @ W.T, X.T @ dZ, dZ.sum()), "db scalar")
wrong(B, "", lambda dZ, X, W: (X.T @ dZ, dZ @ W.T, dZ.sum(0)), "order dW dX")
wrong(B, "", lambda dZ, X, W: (X.T @ dZ, dZ.sum(0), dZ @ W.T), "order dW db dX")
wrong(B, "", lambda dZ, X, W: (X.T @ dZ, dZ.sum(0)), "no dX")
wrong(B, "", lambda dZ, X, W: (-dZ @ W.T, -X.T @ dZ, -dZ.sum(0)), "all neg")
wrong(
    B, "reg-gradient-added", lambda dZ, X, W: (dZ @ W.T, X.T @ dZ + 0.1 * W, dZ.sum(0)), "reg added"
)


def _mk():
    acc = [0, 0, 0]

    def f(dZ, X, W):
        try:
            for i, g in enumerate(R(dZ, X, W)):
                acc[i] = acc[i] + g
        except ValueError:
            for i, g in enumerate(R(dZ, X, W)):
                acc[i] = g
        return tuple(acc)

    return f


wrong(B, "no-zero-grad", _mk())


def _mk():
    store = {}

    def f(dZ, X, W):
        out = []
        for i, g in enumerate(R(dZ, X, W)):
            if i and (i,) + g.shape in store:
                store[(i,) + g.shape] += g
            else:
                store[(i,) + g.shape] = g
            out.append(store[(i,) + g.shape].copy())
        return tuple(out)

    return f


wrong(B, "no-zero-grad", _mk())


@wrong(B, "W2-before-dW1")
def _(dZ, X, W):
    dW = X.T @ dZ
    W -= 0.1 * dW
    return dZ @ W.T, dW, dZ.sum(0)


@wrong(B, "W2-before-dW1", label="copy")
def _(dZ, X, W):
    dW = X.T @ dZ
    W = W - 0.1 * dW
    return dZ @ W.T, dW, dZ.sum(0)


# ---------------------------------------------------------------- each with exactly these mistakes


def one_hot(y, K):
    return np.eye(K)[y]


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@fed("linear_backward", "W-not-transposed")
def l_no_transpose(dZ, X, W):
    return np.dot(dZ, W), np.dot(X.T, dZ), np.sum(dZ, axis=0)


@fed("linear_backward", "W-not-transposed")
def l_no_transpose_in_a_loop(dZ, X, W):
    dX = np.zeros(X.shape)
    for n in range(len(X)):
        for d in range(X.shape[1]):
            for m in range(dZ.shape[1]):
                dX[n, d] += dZ[n, m] * W[m, d]
    return dX, X.T @ dZ, dZ.sum(axis=0)


@fed("linear_backward", "dW-transposed")
def l_transposed(dZ, X, W):
    return dZ @ W.T, (X.T @ dZ).T, dZ.sum(axis=0)


@fed("linear_backward", "dot-vs-star")
def l_star(dZ, X, W):
    return dZ @ W.T, dZ * X, dZ.sum(axis=0)


@fed("linear_backward", "dW-without-transpose")
def l_x_not_transposed(dZ, X, W):
    return dZ @ W.T, np.dot(X, dZ), dZ.sum(axis=0)


@fed("linear_backward", "db-not-summed")
def l_not_summed(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.copy()


@fed("linear_backward", "db-wrong-axis")
def l_axis_1(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, np.array([row.sum() for row in dZ])


@fed("linear_backward", "db-all-axes")
def l_all(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, np.sum(dZ)


@fed("linear_backward", "db-from-dW")
def l_from_dW(dZ, X, W):
    dW = X.T @ dZ
    return dZ @ W.T, dW, sum(dW)


@fed("linear_backward", "db-as-row")
def l_row(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, np.ones((1, len(X))) @ dZ


@fed("linear_backward", "divided-by-N-twice")
def l_divided(dZ, X, W):
    N = X.shape[0]
    return dZ @ W.T, 1 / N * X.T @ dZ, 1 / N * np.sum(dZ, axis=0)


@fed("linear_backward", "divided-by-N-twice")
def l_mean(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, np.mean(dZ, axis=0)


@fed("linear_backward", "overwrite-in-loop")
def l_overwritten(dZ, X, W):
    for x, dz in zip(X, dZ, strict=True):
        dW = np.outer(x, dz)
    return dZ @ W.T, dW, dZ.sum(axis=0)


@fed("linear_backward", "no-zero-grad")
def l_kept(dZ, X, W, kept={}):  # noqa: B006 (this is the mistake)
    kept[W.shape] = kept.get(W.shape, 0) + X.T @ dZ
    return dZ @ W.T, kept[W.shape], dZ.sum(axis=0)


def two_layers(
    X, y, W1, b1, W2, b2, *,
    relu=lambda Z: np.maximum(0, Z), probabilities=softmax, target=one_hot,
    dz2=lambda P, Y: (P - Y) / len(Y), back=lambda dZ2, W2, dW2: dZ2 @ W2.T,
    gate=lambda dA1, Z1, A1, Z2: dA1 * (Z1 > 0),
    weights=lambda A, dZ: A.T @ dZ, bias=lambda dZ, A: dZ.sum(axis=0),
):  # fmt: skip
    """A whole network, of which a learner gets one part wrong."""
    Z1 = X @ W1 + b1
    A1 = relu(Z1)
    Z2 = A1 @ W2 + b2
    P = probabilities(Z2)
    dZ2 = dz2(P, target(y, P.shape[1]))
    dW2 = weights(A1, dZ2)
    dZ1 = gate(back(dZ2, W2, dW2), Z1, A1, Z2)
    return weights(X, dZ1), bias(dZ1, X), dW2, bias(dZ2, A1)


def part(**wrong):
    return lambda X, y, W1, b1, W2, b2: two_layers(X, y, W1, b1, W2, b2, **wrong)


def rows_of(A, dZ, keep=False):
    for a, dz in zip(A, dZ, strict=True):
        total = np.outer(a, dz)
    return total


@fed("linear_backward", "dW-transposed", "db-not-summed")
def p_transposed_not_summed(dZ, X, W):
    return dZ @ W.T, dZ.T @ X, dZ


@fed("linear_backward", "W-not-transposed", "db-wrong-axis")
def p_W_and_axis(dZ, X, W):
    return dZ @ W, X.T @ dZ, dZ.sum(axis=1)


@fed("linear_backward", "dot-vs-star", "db-from-dW")
def p_star_and_dW(dZ, X, W):
    return dZ @ W.T, X * dZ, (X.T @ dZ).sum(axis=0)


@fed("linear_backward", "dW-transposed", "db-as-row")
def p_transposed_row(dZ, X, W):
    return dZ @ W.T, dZ.T @ X, dZ.sum(axis=0, keepdims=True)


@fed("linear_backward", "W-not-transposed", "dW-transposed", "db-not-summed")
def p_three_outputs(dZ, X, W):
    return dZ @ W, dZ.T @ X, dZ


# ---------------------------------------------------------------- right


s = "linear_backward"
for f in [
    lambda dZ, X, W: (dZ @ W.T, X.T @ dZ, dZ.sum(0)),
    lambda dZ, X, W: [dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)],
    lambda dZ, X, W: (
        np.einsum("nk,dk->nd", dZ, W),
        np.einsum("nd,nk->dk", X, dZ),
        np.einsum("nk->k", dZ),
    ),
    lambda dZ, X, W: ((W @ dZ.T).T, (dZ.T @ X).T, np.ones(len(dZ)) @ dZ),
    lambda dZ, X, W: (
        np.array([W @ d for d in dZ]),
        sum(np.outer(x, d) for x, d in zip(X, dZ)),
        sum(dZ),
    ),
    lambda dZ, X, W: (
        (dZ[:, None, :] * W).sum(2),
        (X[:, :, None] * dZ[:, None, :]).sum(0),
        np.add.reduce(dZ),
    ),
    lambda dZ, X, W: ((dZ @ W.T).astype("f4"), (X.T @ dZ).astype("f4"), dZ.sum(0).astype("f4")),
    lambda dZ, X, W: (np.dot(dZ, W.transpose()), np.dot(X.transpose(), dZ), dZ.mean(0) * len(dZ)),
    lambda dZ, X, W: ((dZ @ W.T).tolist(), (X.T @ dZ).tolist(), dZ.sum(0).tolist()),
    lambda dZ, X, W: (np.inner(dZ, W), np.tensordot(X, dZ, (0, 0)), [sum(c) for c in zip(*dZ)]),
    partial(lambda k, dZ, X, W: (dZ @ W.T, X.T @ dZ, dZ.sum(0)), 0),
]:
    right(s, f)
right(s, lambda dZ, X, W: (g for g in (dZ @ W.T, X.T @ dZ, dZ.sum(0))), "generator")
NT = namedtuple("NT", "dX dW db")
right(s, lambda dZ, X, W: NT(dZ @ W.T, X.T @ dZ, dZ.sum(0)))


@right(s)
def _(dZ, X, W):
    dX = np.zeros_like(X)
    dW = np.zeros_like(W)
    db = np.zeros(W.shape[1])
    for n in range(len(X)):
        for k in range(W.shape[1]):
            db[k] += dZ[n, k]
            for d in range(W.shape[0]):
                dX[n, d] += dZ[n, k] * W[d, k]
                dW[d, k] += X[n, d] * dZ[n, k]
    return dX, dW, db


# ---------------------------------------------------------------- right, in other styles


@right("linear_backward")
def lb_plain(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)


@right("linear_backward")
def lb_list(dZ, X, W):
    return [np.dot(dZ, W.T), np.dot(X.T, dZ), np.sum(dZ, 0)]


@right("linear_backward")
def lb_dict(dZ, X, W):
    return {"dW": X.T @ dZ, "db": dZ.sum(0), "dX": dZ @ W.T}


@right("linear_backward")
def lb_einsum(dZ, X, W):
    dX = np.einsum("nm,dm->nd", dZ, W)
    dW = np.einsum("nd,nm->dm", X, dZ)
    db = np.einsum("nm->m", dZ)
    return dX, dW, db


@right("linear_backward")
def lb_loops(dZ, X, W):
    (N, D), M = X.shape, W.shape[1]
    dX, dW, db = np.zeros((N, D)), np.zeros((D, M)), np.zeros(M)
    for n in range(N):
        for m in range(M):
            db[m] += dZ[n, m]
            for d in range(D):
                dX[n, d] += dZ[n, m] * W[d, m]
                dW[d, m] += X[n, d] * dZ[n, m]
    return dX, dW, db


@right("linear_backward")
def lb_outer(dZ, X, W):
    dW = sum(np.outer(x, dz) for x, dz in zip(X, dZ, strict=True))
    dX = np.array([W @ dz for dz in dZ])
    return dX, dW, sum(dZ)


@right("linear_backward")
def lb_transposed_inside(dZ, X, W):
    return (W @ dZ.T).T, (dZ.T @ X).T, dZ.T.sum(axis=1)


@right("linear_backward")
def lb_ones(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, np.ones(len(X)) @ dZ


@right("linear_backward")
def lb_single(dZ, X, W):
    dZ, X, W = dZ.astype(np.float32), X.astype(np.float32), W.astype(np.float32)
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)


@right("linear_backward")
def lb_nested_lists(dZ, X, W):
    return (dZ @ W.T).tolist(), (X.T @ dZ).tolist(), dZ.sum(axis=0).tolist()


@right("linear_backward")
def lb_averages(dZ, X, W):
    N = len(X)
    return np.matmul(dZ, W.transpose()), N * (X.T @ (dZ / N)), dZ.mean(axis=0) * N


@right("linear_backward")
def lb_accumulated(dZ, X, W):
    dW, db = np.zeros_like(W), np.zeros(W.shape[1])
    for n in range(len(X)):
        dW += X[n][:, None] * dZ[n][None, :]
        db += dZ[n]
    return np.tensordot(dZ, W, axes=([1], [1])), dW, db


def probabilities(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)
