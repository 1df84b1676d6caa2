"""Answers to `two_layer_gradients`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

from functools import partial

import numpy as np
from faulty_network import oh, softmax, two
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


T = "two_layer_gradients"


def t(exp, label=None, **k):
    wrong(T, exp, lambda X, y, W1, b1, W2, b2: two(X, y, W1, b1, W2, b2, **k), label)


t("no-1-over-N", ds=lambda p, Y, N: p - Y)


@wrong(T, "no-1-over-N")
def _(X, y, W1, b1, W2, b2):
    dW1 = np.zeros_like(W1)
    db1 = np.zeros_like(b1)
    dW2 = np.zeros_like(W2)
    db2 = np.zeros_like(b2)
    for x, k in zip(X, y):
        z = x @ W1 + b1
        h = np.where(z > 0, z, 0)
        s = h @ W2 + b2
        e = np.exp(s - s.max())
        d = e / e.sum()
        d[k] -= 1
        dW2 += np.outer(h, d)
        db2 += d
        dh = W2 @ d
        dh[z <= 0] = 0
        dW1 += np.outer(x, dh)
        db1 += dh
    return dW1, db1, dW2, db2


@wrong(T, "overwrite-in-loop")
def _(X, y, W1, b1, W2, b2):
    N = len(X)
    for x, k in zip(X, y):
        z = x @ W1 + b1
        h = np.where(z > 0, z, 0)
        s = h @ W2 + b2
        e = np.exp(s - s.max())
        d = e / e.sum()
        d[k] -= 1
        d /= N
        dW2 = np.outer(h, d)
        db2 = d
        dh = W2 @ d
        dh[z <= 0] = 0
        dW1 = np.outer(x, dh)
        db1 = dh
    return dW1, db1, dW2, db2


t("mean-over-all-entries", ds=lambda p, Y, N: (p - Y) / p.size)
t("sign-of-ds", ds=lambda p, Y, N: (Y - p) / N)
t("forgot-minus-y", ds=lambda p, Y, N: p / N)
t("extra-sigmoid-prime", ds=lambda p, Y, N: (p - Y) * p * (1 - p) / N)
t("mse-factor-2", ds=lambda p, Y, N: 2 * (p - Y) / N)
t("mse-factor-2", ds=lambda p, Y, N: (p - Y) / N / 2, label="half")
t("relu-mask-on-output-ge0", mask=lambda z1, h, z2, dh: dh * (h >= 0))
t("relu-mask-on-output-ge0", mask=lambda z1, h, z2, dh: dh, label="no mask at all")


@wrong(T, "relu-mask-on-output-ge0")
def _(X, y, W1, b1, W2, b2):
    h = X @ W1 + b1
    h[h < 0] = 0
    s = h @ W2 + b2
    p = softmax(s)
    p[range(len(y)), y] -= 1
    p /= len(y)
    g = p @ W2.T
    g[h < 0] = 0
    return X.T @ g, g.sum(0), h.T @ p, p.sum(0)


t("relu-as-derivative", mask=lambda z1, h, z2, dh: dh * np.maximum(0, z1))
t("relu-as-derivative", mask=lambda z1, h, z2, dh: dh * h)
t("relu-mask-wrong-layer", mask=lambda z1, h, z2, dh: dh * (z2 > 0))
t("relu-mask-of-gradient", mask=lambda z1, h, z2, dh: dh * (dh > 0), label="dh")
t("W2-before-dW1", upd=0.1)
t("W2-before-dW1", upd=0.5)
t("W2-before-dW1", upd=1)


@wrong(T, "W2-before-dW1", label="in place")
def _(X, y, W1, b1, W2, b2):
    z = X @ W1 + b1
    h = np.maximum(0, z)
    p = softmax(h @ W2 + b2)
    d = (p - oh(y, p.shape[1])) / len(y)
    dW2 = h.T @ d
    W2 -= 0.1 * dW2
    dh = d @ W2.T * (z > 0)
    return X.T @ dh, dh.sum(0), dW2, d.sum(0)


t("dW-transposed", dW=lambda a, d: d.T @ a)


@wrong(T, "dW-transposed", label="dW2 only")
def _(*a):
    r = two(*a)
    return r[0], r[1], r[2].T, r[3]


@wrong(T, "dW-transposed", label="dW1 only")
def _(*a):
    r = two(*a)
    return r[0].T, r[1], r[2], r[3]


t("W-not-transposed", back=lambda d, W: d @ W)
t("dot-vs-star", dW=lambda a, d: a * d)
t("db-not-summed", db=lambda d, a: d)
t("db-wrong-axis", db=lambda d, a: d.sum(1))
t("db-all-axes", db=lambda d, a: d.sum(), label="one number")
t("db-from-dW", db=lambda d, a: (a.T @ d).sum(0))


@wrong(T, "db-from-dW", label="db2 only")
def _(*a):
    r = two(*a)
    return r[0], r[1], r[2], r[2].sum(0)


t("softmax-axis0", soft=lambda z: np.exp(z) / np.exp(z).sum(0))
t("softmax-whole-array", soft=lambda z: np.exp(z) / np.exp(z).sum())
t("softmax-no-keepdims", soft=lambda z: np.exp(z) / np.exp(z).sum(1))
t("accepted", soft=lambda z: np.exp(z) / np.exp(z).sum(1, keepdims=True))
t("double-softmax", soft=lambda z: softmax(softmax(z)))
t("", soft=lambda z: z, label="no softmax")
t("", soft=sigmoid, label="sigmoid instead of softmax")
t("no-nonlinearity", act=lambda z: z, mask=lambda z1, h, z2, dh: dh)
t("no-nonlinearity", act=lambda z: z, label="only forward")
t("", act=sigmoid, mask=lambda z1, h, z2, dh: dh * h * (1 - h), label="sigmoid hidden")
t("", mask=lambda z1, h, z2, dh: dh * h * (1 - h), label="sigmoid deriv")
t("", act=sigmoid, mask=lambda z1, h, z2, dh: dh * z1 * (1 - z1))
t("", act=np.tanh, mask=lambda z1, h, z2, dh: dh * (1 - h**2), label="tanh")
t("db-mean", db=lambda d, a: d.mean(0), label="db mean")
t(
    "divided-by-N-twice",
    dW=lambda a, d: a.T @ d / len(a),
    db=lambda d, a: d.mean(0),
    label="1/N twice",
)
t("", ds=lambda p, Y, N: p - Y, dW=lambda a, d: a.T @ d / len(a), label="1/N dW only")
wrong(T, "one-hot-off", lambda X, y, *a: two(X, y - 1, *a))


@wrong(T, "one-hot-off")
def _(X, y, W1, b1, W2, b2):
    z = X @ W1 + b1
    h = np.maximum(0, z)
    p = softmax(h @ W2 + b2)
    for i in range(len(y)):
        p[i, y[i] - 1] -= 1
    p = p / len(y)
    dh = p @ W2.T * (z > 0)
    return X.T @ dh, dh.sum(0), h.T @ p, p.sum(0)


@wrong(T, "relu-mask-on-output-ge0")
def _(X, y, W1, b1, W2, b2):
    z = X @ W1 + b1
    h = z
    h[h < 0] = 0
    p = softmax(h @ W2 + b2)
    d = (p - oh(y, p.shape[1])) / len(y)
    dh = d @ W2.T * (z >= 0)
    return X.T @ dh, dh.sum(0), h.T @ d, d.sum(0)


@wrong(T, "", label="order")
def _(*a):
    r = two(*a)
    return r[2], r[3], r[0], r[1]


@wrong(T, "", label="order W W b b")
def _(*a):
    r = two(*a)
    return r[0], r[2], r[1], r[3]


wrong(T, "forgot-b", lambda X, y, W1, b1, W2, b2: two(X, y, W1, 0 * b1, W2, b2), "forgot b1")
wrong(T, "forgot-b", lambda X, y, W1, b1, W2, b2: two(X, y, W1, b1, W2, 0 * b2), "forgot b2")


@wrong(T, "", label="reg added")
def _(*a):
    r = two(*a)
    return r[0] + 0.1 * a[2], r[1], r[2] + 0.1 * a[4], r[3]


@wrong(T, "", label="updates returned")
def _(*a):
    r = two(*a)
    return tuple(a[i + 2] - 0.1 * r[i] for i in range(4))


@wrong(T, "wrong-input", label="dW2 with z1")
def _(X, y, W1, b1, W2, b2):
    z = X @ W1 + b1
    h = np.maximum(0, z)
    p = softmax(h @ W2 + b2)
    d = (p - oh(y, p.shape[1])) / len(y)
    dh = d @ W2.T * (z > 0)
    return X.T @ dh, dh.sum(0), z.T @ d, d.sum(0)


def _mk():
    acc = {}

    def f(*a):
        out = []
        for i, g in enumerate(two(*a)):
            k = (i,) + g.shape
            acc[k] = acc.get(k, 0) + g
            out.append(acc[k])
        return tuple(out)

    return f


wrong(T, "no-zero-grad", _mk())


# ---------------------------------------------------------------- each with exactly these mistakes


def one_hot(y, K):
    return np.eye(K)[y]


def part(**wrong):
    return lambda X, y, W1, b1, W2, b2: two_layers(X, y, W1, b1, W2, b2, **wrong)


def rows_of(A, dZ, keep=False):
    for a, dz in zip(A, dZ, strict=True):
        total = np.outer(a, dz)
    return total


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


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


for ids, wrong in {
    "no-1-over-N": {"dz2": lambda P, Y: P - Y},
    "mean-over-all-entries": {"dz2": lambda P, Y: (P - Y) / Y.size},
    "sign-of-ds": {"dz2": lambda P, Y: (Y - P) / len(Y)},
    "forgot-minus-y": {"dz2": lambda P, Y: P / len(Y)},
    "extra-sigmoid-prime": {"dz2": lambda P, Y: (P - Y) * (P - P * P) / len(Y)},
    "one-hot-off": {"target": lambda y, K: np.roll(one_hot(y, K), -1, axis=1)},
    "double-softmax": {"probabilities": lambda Z: softmax(softmax(Z))},
    "softmax-axis0": {"probabilities": lambda Z: np.exp(Z) / np.exp(Z).sum(axis=0)},
    "softmax-whole-array": {"probabilities": lambda Z: np.exp(Z) / np.exp(Z).sum()},
    "softmax-no-keepdims": {"probabilities": lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1)},
    "relu-mask-on-output-ge0": {"gate": lambda dA1, Z1, A1, Z2: dA1 * (A1 >= 0)},
    "relu-as-derivative": {"gate": lambda dA1, Z1, A1, Z2: dA1 * A1},
    "relu-mask-wrong-layer": {"gate": lambda dA1, Z1, A1, Z2: np.where(Z2 > 0, dA1, 0)},
    "relu-mask-of-gradient": {"gate": lambda dA1, Z1, A1, Z2: np.maximum(0, dA1)},
    "relu-mask-inverted": {"gate": lambda dA1, Z1, A1, Z2: dA1 * (Z1 <= 0)},
    "no-nonlinearity": {"relu": lambda Z: Z, "gate": lambda dA1, Z1, A1, Z2: dA1},
    "W2-before-dW1": {"back": lambda dZ2, W2, dW2: dZ2 @ (W2 - 0.3 * dW2).T},
    "dW-transposed": {"weights": lambda A, dZ: dZ.T @ A},
    "W-not-transposed": {"back": lambda dZ2, W2, dW2: dZ2.dot(W2)},
    "dot-vs-star": {"weights": lambda A, dZ: A * dZ},
    "db-not-summed": {"bias": lambda dZ, A: dZ},
    "db-wrong-axis": {"bias": lambda dZ, A: dZ.sum(axis=1)},
    "db-from-dW": {"bias": lambda dZ, A: (A.T @ dZ).sum(axis=0)},
    "db-as-row": {"bias": lambda dZ, A: dZ.sum(axis=0)[None]},
    "divided-by-N-twice": {"dz2": lambda P, Y: (P - Y) / len(Y) ** 2},
    "overwrite-in-loop": {"weights": rows_of, "bias": lambda dZ, A: dZ[-1]},
}.items():  # fmt: skip
    fed("two_layer_gradients", ids)(part(**wrong))


@fed("two_layer_gradients", "W2-before-dW1")
def t_updates_in_place(X, y, W1, b1, W2, b2, lr=0.01):
    A1 = np.maximum(0, X @ W1 + b1)
    dZ2 = (softmax(A1 @ W2 + b2) - one_hot(y, len(b2))) / len(y)
    dW2, db2 = A1.T @ dZ2, dZ2.sum(axis=0)
    W2 -= lr * dW2
    b2 -= lr * db2
    dZ1 = (dZ2 @ W2.T) * (A1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), dW2, db2


@fed("two_layer_gradients", "wrong-input")
def t_before_the_relu(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    dZ2 = (softmax(np.maximum(0, Z1) @ W2 + b2) - one_hot(y, len(b2))) / len(y)
    dZ1 = (dZ2 @ W2.T) * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), Z1.T @ dZ2, dZ2.sum(axis=0)


@fed("two_layer_gradients", "forgot-b")
def t_no_b1(X, y, W1, b1, W2, b2):
    return two_layers(X, y, W1, 0 * b1, W2, b2)


for pair, wrong in {
    ("no-1-over-N", "relu-mask-on-output-ge0"): {
        "dz2": lambda P, Y: P - Y, "gate": lambda dA1, Z1, A1, Z2: dA1},
    ("sign-of-ds", "no-1-over-N"): {"dz2": lambda P, Y: Y - P},
    ("relu-as-derivative", "sign-of-ds"): {
        "dz2": lambda P, Y: (Y - P) / len(Y), "gate": lambda dA1, Z1, A1, Z2: dA1 * A1},
    ("W-not-transposed", "relu-mask-on-output-ge0"): {
        "back": lambda dZ2, W2, dW2: dZ2 @ W2, "gate": lambda dA1, Z1, A1, Z2: dA1 * (A1 >= 0)},
    ("forgot-minus-y", "relu-mask-of-gradient"): {
        "dz2": lambda P, Y: P / len(Y), "gate": lambda dA1, Z1, A1, Z2: dA1 * (dA1 > 0)},
    ("double-softmax", "no-1-over-N"): {
        "probabilities": lambda Z: softmax(softmax(Z)), "dz2": lambda P, Y: P - Y},
    ("dW-transposed", "db-not-summed"): {
        "weights": lambda A, dZ: dZ.T @ A, "bias": lambda dZ, A: dZ},
}.items():  # fmt: skip
    fed("two_layer_gradients", *pair)(part(**wrong))


# ---------------------------------------------------------------- right


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


s = "two_layer_gradients"


def gradients(X, y, W1, b1, W2, b2):
    z = X @ W1 + b1
    h = np.maximum(0, z)
    p = softmax(h @ W2 + b2)
    p[np.arange(len(y)), y] -= 1
    p /= len(y)
    g = p @ W2.T * (z > 0)
    return X.T @ g, g.sum(0), h.T @ p, p.sum(0)


right(s, gradients)
right(s, lambda *a: list(gradients(*a)), "list")
right(s, lambda *a: tuple(g.astype("f4") for g in gradients(*a)), "f4out")
right(
    s, lambda X, y, *p: gradients(X.astype("f4"), y, *[q.astype("f4") for q in p]), "f4 throughout"
)


@right(s, label="colmajor")
def _(X, y, W1, b1, W2, b2):
    x = X.T
    z = W1.T @ x + b1[:, None]
    h = z * (z > 0)
    q = W2.T @ h + b2[:, None]
    e = np.exp(q - q.max(0))
    p = e / e.sum(0)
    p[y, np.arange(len(y))] -= 1
    p /= len(y)
    dh = W2 @ p
    dh[z <= 0] = 0
    return (dh @ x.T).T, dh.sum(1), (p @ h.T).T, p.sum(1)


@right(s, label="per example")
def _(X, y, W1, b1, W2, b2):
    g = [np.zeros(v.shape) for v in (W1, b1, W2, b2)]
    for x, k in zip(X, y):
        z = x @ W1 + b1
        h = np.where(z > 0, z, 0)
        q = h @ W2 + b2
        p = np.exp(q - q.max())
        p /= p.sum()
        p[k] -= 1
        dh = (W2 @ p) * (z > 0)
        g[0] += np.outer(x, dh)
        g[1] += dh
        g[2] += np.outer(h, p)
        g[3] += p
    return [v / len(X) for v in g]


@right(s, label="1/N at end")
def _(X, y, W1, b1, W2, b2):
    N = len(y)
    z = X @ W1 + b1
    h = (z + abs(z)) / 2
    q = h @ W2 + b2
    p = np.exp(q - q.max(1, keepdims=True))
    p = p / p.sum(1, keepdims=True)
    d = p - np.eye(len(b2))[y]
    dh = d @ W2.T * (h > 0)
    return X.T @ dh / N, dh.mean(0), h.T @ d / N, d.mean(0)


@right(s, label="einsum")
def _(X, y, W1, b1, W2, b2):
    z = np.einsum("nd,dh->nh", X, W1) + b1
    h = np.maximum(z, 0)
    d = (softmax(np.einsum("nh,hk->nk", h, W2) + b2) - (y[:, None] == np.arange(len(b2)))) / len(y)
    dh = np.einsum("nk,hk->nh", d, W2) * np.heaviside(z, 0)
    return np.einsum("nd,nh->dh", X, dh), dh.sum(0), np.einsum("nh,nk->hk", h, d), d.sum(0)


@right(s, label="numeric")
def _(X, y, W1, b1, W2, b2):
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


@right(s, label="unstable softmax is softmax-overflow? lse")
def _(X, y, W1, b1, W2, b2):
    z = X @ W1 + b1
    h = z.clip(0)
    q = h @ W2 + b2
    d = (np.exp(q - np.logaddexp.reduce(q, 1)[:, None]) - np.eye(len(b2))[y]) / len(X)
    dh = np.where(z >= 0, d @ W2.T, 0)
    return X.T @ dh, dh.sum(0), h.T @ d, d.sum(0)


class Net:
    def __call__(self, X, y, W1, b1, W2, b2):
        return gradients(X, y, W1, b1, W2, b2)


right(s, Net())
right(s, partial(gradients))
right(s, lambda X, y, W1, b1, W2, b2: (g for g in gradients(X, y, W1, b1, W2, b2)), "generator")


@right(s, label="augmented")
def _(X, y, W1, b1, W2, b2):
    A = np.c_[X, np.ones(len(X))]
    U = np.r_[W1, b1[None]]
    V = np.r_[W2, b2[None]]
    z = A @ U
    h = np.c_[np.maximum(0, z), np.ones(len(X))]
    d = (softmax(h @ V) - np.eye(len(b2))[y]) / len(X)
    dV = h.T @ d
    dU = A.T @ ((d @ V.T)[:, :-1] * (z > 0))
    return dU[:-1], dU[-1], dV[:-1], dV[-1]


# ---------------------------------------------------------------- right, in other styles


def probabilities(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@right("two_layer_gradients")
def tl_plain(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(0, Z1)
    P = probabilities(A1 @ W2 + b2)
    dZ2 = (P - np.eye(P.shape[1])[y]) / len(y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@right("two_layer_gradients")
def tl_list(X, y, W1, b1, W2, b2):
    return list(tl_plain(X, y, W1, b1, W2, b2))


@right("two_layer_gradients")
def tl_dict(X, y, W1, b1, W2, b2):
    return dict(zip(["dW1", "db1", "dW2", "db2"], tl_plain(X, y, W1, b1, W2, b2), strict=True))


@right("two_layer_gradients")
def tl_naive_softmax(X, y, W1, b1, W2, b2):
    h = np.clip(X.dot(W1) + b1, 0, None)
    e = np.exp(h.dot(W2) + b2)
    ds = e / e.sum(1, keepdims=True)
    ds[range(len(y)), y] -= 1
    ds /= len(y)
    dh = ds.dot(W2.T)
    dh[h <= 0] = 0
    return X.T.dot(dh), dh.sum(0), h.T.dot(ds), ds.sum(0)


@right("two_layer_gradients")
def tl_example_by_example(X, y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = (np.zeros_like(p) for p in (W1, b1, W2, b2))
    for x, k in zip(X, y, strict=True):
        z1 = x @ W1 + b1
        a1 = z1 * (z1 > 0)
        e = np.exp(a1 @ W2 + b2)
        dz2 = e / e.sum()
        dz2[k] -= 1
        dz1 = (W2 @ dz2) * (z1 > 0)
        dW1 += np.outer(x, dz1)
        db1 += dz1
        dW2 += np.outer(a1, dz2)
        db2 += dz2
    N = len(X)
    return dW1 / N, db1 / N, dW2 / N, db2 / N


@right("two_layer_gradients")
def tl_divide_at_the_end(X, y, W1, b1, W2, b2):
    N = X.shape[0]
    Z1 = X @ W1 + b1
    A1 = np.where(Z1 > 0, Z1, 0)
    dZ2 = probabilities(A1 @ W2 + b2) - np.eye(len(b2))[y]
    dZ1 = np.where(A1 > 0, dZ2 @ W2.T, 0)
    return X.T @ dZ1 / N, dZ1.mean(axis=0), A1.T @ dZ2 / N, dZ2.mean(axis=0)


@right("two_layer_gradients")
def tl_einsum(X, y, W1, b1, W2, b2):
    Z1 = np.einsum("nd,dh->nh", X, W1) + b1
    A1 = np.maximum(Z1, 0)
    P = probabilities(np.einsum("nh,hk->nk", A1, W2) + b2)
    dZ2 = (P - (y[:, None] == np.arange(len(b2)))) / len(y)
    dZ1 = np.einsum("nk,hk,nh->nh", dZ2, W2, Z1 > 0)
    return (
        np.einsum("nd,nh->dh", X, dZ1), np.einsum("nh->h", dZ1),
        np.einsum("nh,nk->hk", A1, dZ2), np.einsum("nk->k", dZ2),
    )  # fmt: skip


@right("two_layer_gradients")
def tl_columns_as_examples(X, y, W1, b1, W2, b2):
    Z1 = W1.T @ X.T + b1[:, None]
    A1 = np.maximum(0, Z1)
    Z2 = W2.T @ A1 + b2[:, None]
    E = np.exp(Z2 - Z2.max(axis=0))
    dZ2 = (E / E.sum(axis=0) - np.eye(len(b2))[y].T) / len(y)
    dZ1 = (W2 @ dZ2) * (Z1 > 0)
    return (dZ1 @ X).T, dZ1.sum(axis=1), (dZ2 @ A1.T).T, dZ2.sum(axis=1)


@right("two_layer_gradients")
def tl_single(X, y, W1, b1, W2, b2):
    X, W1, b1, W2, b2 = (a.astype(np.float32) for a in (X, W1, b1, W2, b2))
    return tuple(g.astype(np.float32) for g in tl_plain(X, y, W1, b1, W2, b2))


@right("two_layer_gradients")
def tl_measured(X, y, W1, b1, W2, b2):
    def loss(W1, b1, W2, b2):
        P = probabilities(np.maximum(0, X @ W1 + b1) @ W2 + b2)
        return -np.log(P[np.arange(len(y)), y]).mean()

    params, found = [W1.copy(), b1.copy(), W2.copy(), b2.copy()], []
    for p in params:
        g = np.zeros_like(p)
        for i in np.ndindex(p.shape):
            old = p[i]
            p[i] = old + 1e-5
            up = loss(*params)
            p[i] = old - 1e-5
            g[i] = (up - loss(*params)) / 2e-5
            p[i] = old
        found.append(g)
    return found


@right("two_layer_gradients")
def tl_with_helpers(X, y, W1, b1, W2, b2):
    def linear(X, W, b):
        return X @ W + b

    def back(dZ, X, W):
        return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)

    Z1 = linear(X, W1, b1)
    A1 = (abs(Z1) + Z1) / 2
    dZ2 = probabilities(linear(A1, W2, b2))
    dZ2[np.arange(len(X)), y] -= 1
    dA1, dW2, db2 = back(dZ2 / len(X), A1, W2)
    _, dW1, db1 = back(dA1 * (A1 != 0), X, W1)
    return dW1, db1, dW2, db2


@right("two_layer_gradients")
def tl_bias_folded_in(X, y, W1, b1, W2, b2):
    ones = np.ones((len(X), 1))
    X1 = np.hstack([X, ones])
    Z1 = X1 @ np.vstack([W1, b1])
    A1 = np.hstack([np.maximum(0, Z1), ones])
    V2 = np.vstack([W2, b2])
    dZ2 = (probabilities(A1 @ V2) - np.eye(len(b2))[y]) / len(X)
    G2 = A1.T @ dZ2
    G1 = X1.T @ ((dZ2 @ V2.T)[:, :-1] * (Z1 > 0))
    return G1[:-1], G1[-1], G2[:-1], G2[-1]
