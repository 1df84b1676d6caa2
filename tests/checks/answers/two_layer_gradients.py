"""Answers to `two_layer_gradients`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031, B006

import itertools
from functools import partial

import numpy as np
from hands import right, wrong


def oh(y, K):
    return np.eye(K)[y]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def two(
    X, y, W1, b1, W2, b2,
    act=lambda z: np.maximum(0, z), soft=softmax, ds=lambda p, Y, N: (p - Y) / N,
    mask=lambda z1, h, z2, dh: dh * (z1 > 0), back=lambda d, W, dW: d @ W.T,
    dW=lambda a, d: a.T @ d, db=lambda d, a: d.sum(0),
):  # fmt: skip
    """A two-layer network, every part of which can be exchanged for a faulty one."""
    z1 = X @ W1 + b1
    h = act(z1)
    z2 = h @ W2 + b2
    p = soft(z2)
    d = ds(p, oh(y, p.shape[1]), len(p))
    dW2 = dW(h, d)
    dz = mask(z1, h, z2, back(d, W2, dW2))
    return dW(X, dz), db(dz, X), dW2, db(d, h)


def gradients(X, y, W1, b1, W2, b2):
    z = X @ W1 + b1
    h = np.maximum(0, z)
    p = softmax(h @ W2 + b2)
    p[np.arange(len(y)), y] -= 1
    p /= len(y)
    g = p @ W2.T * (z > 0)
    return X.T @ g, g.sum(0), h.T @ p, p.sum(0)


class Net:
    def __call__(self, X, y, W1, b1, W2, b2):
        return gradients(X, y, W1, b1, W2, b2)


# ---------------------------------------------------------------- wrong


def t(ids, label=None, **parts):
    wrong(
        ids,
        lambda X, y, W1, b1, W2, b2: two(X, y, W1, b1, W2, b2, **parts),
        label or " ".join(parts),
    )


# In the order in which two of them are named.
PARTS = {
    "mean-over-all-entries": {"ds": lambda p, Y, N: (p - Y) / p.size},
    "extra-sigmoid-prime": {"ds": lambda p, Y, N: (p - Y) * p * (1 - p) / N},
    "sign-of-ds": {"ds": lambda p, Y, N: (Y - p) / N},
    "no-1-over-N": {"ds": lambda p, Y, N: p - Y},
    "forgot-minus-y": {"ds": lambda p, Y, N: p / N},
    "double-softmax": {"soft": lambda z: softmax(softmax(z))},
    "softmax-whole-array": {"soft": lambda z: np.exp(z) / np.exp(z).sum()},
    "softmax-axis0": {"soft": lambda z: np.exp(z) / np.exp(z).sum(0)},
    "relu-mask-on-output-ge0": {"mask": lambda z1, h, z2, dh: dh * (h >= 0)},
    "relu-as-derivative": {"mask": lambda z1, h, z2, dh: dh * h},
    "W-not-transposed": {"back": lambda d, W, dW: d @ W},
    "mse-factor-2": {"ds": lambda p, Y, N: 2 * (p - Y) / N},
    "dW-transposed": {"dW": lambda a, d: d.T @ a},
    "db-from-dW": {"db": lambda d, a: (a.T @ d).sum(0)},
    "db-wrong-axis": {"db": lambda d, a: d.sum(1)},
    "db-not-summed": {"db": lambda d, a: d},
}
for mistake, part in PARTS.items():
    t(mistake, **part)
for (i, one), (j, other) in itertools.combinations(PARTS.items(), 2):
    if one.keys() != other.keys():
        t(f"{i}+{j}", **one, **other)

t("no-1-over-N+sign-of-ds", ds=lambda p, Y, N: Y - p)
t(
    "forgot-minus-y+relu-mask-of-gradient",
    ds=lambda p, Y, N: p / N,
    mask=lambda z1, h, z2, dh: dh * (dh > 0),
)
t("mse-factor-2", "half", ds=lambda p, Y, N: (p - Y) / N / 2)
t("relu-mask-wrong-layer", mask=lambda z1, h, z2, dh: dh * (z2 > 0))
t("relu-mask-wrong-layer", "where", mask=lambda z1, h, z2, dh: np.where(z2 > 0, dh, 0))
t("relu-mask-of-gradient", mask=lambda z1, h, z2, dh: dh * (dh > 0))
t("relu-mask-inverted", mask=lambda z1, h, z2, dh: dh * (z1 <= 0))
for lr in (0.1, 0.3, 0.5, 1):
    t("W2-before-dW1", f"{lr=}", back=lambda d, W, dW, lr=lr: d @ (W - lr * dW).T)
t("W-not-transposed", "dot", back=lambda d, W, dW: d.dot(W))
t("dot-vs-star", dW=lambda a, d: a * d)
t("db-all-axes", db=lambda d, a: d.sum())
t("db-all-axes", "mean", db=lambda d, a: d.mean())
t("db-as-row", db=lambda d, a: d.sum(0)[None])
t("overwrite-in-loop", dW=lambda a, d: np.outer(a[-1], d[-1]), db=lambda d, a: d[-1])
t("softmax-no-keepdims", soft=lambda z: np.exp(z) / np.exp(z).sum(1))
t("accepted", soft=lambda z: np.exp(z) / np.exp(z).sum(1, keepdims=True))
t("", "no softmax", soft=lambda z: z)
t("", "sigmoid instead of softmax", soft=sigmoid)
t("no-nonlinearity", act=lambda z: z, mask=lambda z1, h, z2, dh: dh)
t("no-nonlinearity", "only forward", act=lambda z: z)
t("", "sigmoid hidden", act=sigmoid, mask=lambda z1, h, z2, dh: dh * h * (1 - h))
t("", "sigmoid deriv", mask=lambda z1, h, z2, dh: dh * h * (1 - h))
t("", "sigmoid of z", act=sigmoid, mask=lambda z1, h, z2, dh: dh * z1 * (1 - z1))
t("", "tanh", act=np.tanh, mask=lambda z1, h, z2, dh: dh * (1 - h**2))
t("db-mean", db=lambda d, a: d.mean(0))
t("divided-by-N-twice", dW=lambda a, d: a.T @ d / len(a), db=lambda d, a: d.mean(0))
t("", "1/N dW only", ds=lambda p, Y, N: p - Y, dW=lambda a, d: a.T @ d / len(a))
wrong("one-hot-off", lambda X, y, *a: two(X, y - 1, *a))
wrong("forgot-b", lambda X, y, W1, b1, W2, b2: two(X, y, W1, 0 * b1, W2, b2), "forgot b1")
wrong("forgot-b", lambda X, y, W1, b1, W2, b2: two(X, y, W1, b1, W2, 0 * b2), "forgot b2")


def of(ids, label, change):
    """The right gradients, changed: change(dW1, db1, dW2, db2, W1, b1, W2, b2)."""
    wrong(ids, lambda X, y, *params: change(*two(X, y, *params), *params), label)


of("dW-transposed", "dW2 only", lambda A, a, B, b, *params: (A, a, B.T, b))
of("dW-transposed", "dW1 only", lambda A, a, B, b, *params: (A.T, a, B, b))
of("db-from-dW", "db2 only", lambda A, a, B, b, *params: (A, a, B, B.sum(0)))
of("", "order", lambda A, a, B, b, *params: (B, b, A, a))
of("", "order W W b b", lambda A, a, B, b, *params: (A, B, a, b))
of("", "reg added", lambda A, a, B, b, W1, b1, W2, b2: (A + 0.1 * W1, a, B + 0.1 * W2, b))
of("", "updates returned", lambda *g: tuple(p - 0.1 * d for d, p in zip(g[:4], g[4:])))


@wrong("W2-before-dW1")
def in_place(X, y, W1, b1, W2, b2, lr=0.1):
    z = X @ W1 + b1
    h = np.maximum(0, z)
    d = (softmax(h @ W2 + b2) - oh(y, len(b2))) / len(y)
    dW2 = h.T @ d
    W2 -= lr * dW2
    dh = d @ W2.T * (z > 0)
    return X.T @ dh, dh.sum(0), dW2, d.sum(0)


@wrong("W2-before-dW1")
def both_in_place(X, y, W1, b1, W2, b2, lr=0.01):
    h = np.maximum(0, X @ W1 + b1)
    d = (softmax(h @ W2 + b2) - oh(y, len(b2))) / len(y)
    dW2, db2 = h.T @ d, d.sum(axis=0)
    W2 -= lr * dW2
    b2 -= lr * db2
    dh = (d @ W2.T) * (h > 0)
    return X.T @ dh, dh.sum(axis=0), dW2, db2


@wrong("wrong-input")
def before_the_relu(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    d = (softmax(np.maximum(0, Z1) @ W2 + b2) - oh(y, len(b2))) / len(y)
    dZ1 = (d @ W2.T) * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), Z1.T @ d, d.sum(axis=0)


@wrong("no-zero-grad")
def kept(*a, sums={}):
    for i, g in enumerate(two(*a)):
        sums[i, g.shape] = sums.get((i, g.shape), 0) + g
    return tuple(sums[i, g.shape] for i, g in enumerate(two(*a)))


@wrong("db-first-row", says="`db2 = dZ2[0]` in place of `db2 = dZ2.sum(axis=0)`. Look")
def first_row_for_db2(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    Z2 = np.maximum(0, Z1) @ W2 + b2
    dZ2 = (np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True) - np.eye(len(b2))[y]) / len(X)
    dZ1 = (dZ2 @ W2.T) * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), np.maximum(0, Z1).T @ dZ2, dZ2[0]


# ---------------------------------------------------------------- right


right(gradients)
right(lambda *a: list(gradients(*a)), "list")
right(lambda *a: tuple(g.astype("f4") for g in gradients(*a)), "f4out")
right(lambda X, y, *p: gradients(X.astype("f4"), y, *[q.astype("f4") for q in p]), "f4 throughout")


@right
def einsum(X, y, W1, b1, W2, b2):
    z = np.einsum("nd,dh->nh", X, W1) + b1
    h = np.maximum(z, 0)
    d = (softmax(np.einsum("nh,hk->nk", h, W2) + b2) - (y[:, None] == np.arange(len(b2)))) / len(y)
    dh = np.einsum("nk,hk->nh", d, W2) * np.heaviside(z, 0)
    return np.einsum("nd,nh->dh", X, dh), dh.sum(0), np.einsum("nh,nk->hk", h, d), d.sum(0)


@right
def numeric(X, y, W1, b1, W2, b2):
    P = [v.copy() for v in (W1, b1, W2, b2)]

    def f():
        q = np.maximum(0, X @ P[0] + P[1]) @ P[2] + P[3]
        m = q.max(1)
        return (m + np.log(np.exp(q - m[:, None]).sum(1)) - q[np.arange(len(y)), y]).mean()

    out = []
    for v in P:
        g = np.zeros_like(v)
        for i in np.ndindex(v.shape):
            o = v[i]
            v[i] = o + 1e-6
            a = f()
            v[i] = o - 1e-6
            b = f()
            v[i] = o
            g[i] = (a - b) / 2e-6
        out.append(g)
    return tuple(out)


@right
def log_sum_exp(X, y, W1, b1, W2, b2):
    z = X @ W1 + b1
    h = z.clip(0)
    q = h @ W2 + b2
    d = (np.exp(q - np.logaddexp.reduce(q, 1)[:, None]) - np.eye(len(b2))[y]) / len(X)
    dh = np.where(z >= 0, d @ W2.T, 0)
    return X.T @ dh, dh.sum(0), h.T @ d, d.sum(0)


right(Net())
right(partial(gradients))


@right
def augmented(X, y, W1, b1, W2, b2):
    A = np.c_[X, np.ones(len(X))]
    U = np.r_[W1, b1[None]]
    V = np.r_[W2, b2[None]]
    z = A @ U
    h = np.c_[np.maximum(0, z), np.ones(len(X))]
    d = (softmax(h @ V) - np.eye(len(b2))[y]) / len(X)
    dV = h.T @ d
    dU = A.T @ ((d @ V.T)[:, :-1] * (z > 0))
    return dU[:-1], dU[-1], dV[:-1], dV[-1]


right(
    lambda X, y, W1, b1, W2, b2: dict(
        zip(["dW1", "db1", "dW2", "db2"], gradients(X, y, W1, b1, W2, b2))
    )
)


@right
def tl_naive_softmax(X, y, W1, b1, W2, b2):
    h = np.clip(X.dot(W1) + b1, 0, None)
    e = np.exp(h.dot(W2) + b2)
    ds = e / e.sum(1, keepdims=True)
    ds[range(len(y)), y] -= 1
    ds /= len(y)
    dh = ds.dot(W2.T)
    dh[h <= 0] = 0
    return X.T.dot(dh), dh.sum(0), h.T.dot(ds), ds.sum(0)


@right
def tl_single(X, y, W1, b1, W2, b2):
    X, W1, b1, W2, b2 = (a.astype(np.float32) for a in (X, W1, b1, W2, b2))
    return tuple(g.astype(np.float32) for g in gradients(X, y, W1, b1, W2, b2))


@right
def tl_with_helpers(X, y, W1, b1, W2, b2):
    def linear(X, W, b):
        return X @ W + b

    def back(dZ, X, W):
        return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)

    Z1 = linear(X, W1, b1)
    A1 = (abs(Z1) + Z1) / 2
    dZ2 = softmax(linear(A1, W2, b2))
    dZ2[np.arange(len(X)), y] -= 1
    dA1, dW2, db2 = back(dZ2 / len(X), A1, W2)
    _, dW1, db1 = back(dA1 * (A1 != 0), X, W1)
    return dW1, db1, dW2, db2


@right
def columns_as_examples(X, y, W1, b1, W2, b2):
    Z1 = W1.T @ X.T + b1[:, None]
    A1 = np.maximum(0, Z1)
    Z2 = W2.T @ A1 + b2[:, None]
    E = np.exp(Z2 - Z2.max(axis=0))
    dZ2 = (E / E.sum(axis=0) - np.eye(len(b2))[y].T) / len(y)
    dZ1 = (W2 @ dZ2) * (Z1 > 0)
    return (dZ1 @ X).T, dZ1.sum(axis=1), (dZ2 @ A1.T).T, dZ2.sum(axis=1)
