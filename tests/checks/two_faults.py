"""Answers with two mistakes at once: (exercise, ids, function)."""
# ruff: noqa: B905, E731

import itertools

import numpy as np
from faulty_network import softmax, two

ds = {
    "no-1-over-N": lambda p, Y, N: p - Y,
    "sign-of-ds": lambda p, Y, N: (Y - p) / N,
    "mean-over-all-entries": lambda p, Y, N: (p - Y) / p.size,
    "forgot-minus-y": lambda p, Y, N: p / N,
    "extra-sigmoid-prime": lambda p, Y, N: (p - Y) * p * (1 - p) / N,
    "mse-factor-2": lambda p, Y, N: 2 * (p - Y) / N,
}


mask = {
    "relu-mask-on-output-ge0": lambda z1, h, z2, dh: dh,
    "relu-as-derivative": lambda z1, h, z2, dh: dh * h,
}


db = {
    "db-not-summed": lambda d, a: d,
    "db-wrong-axis": lambda d, a: d.sum(1),
    "db-from-dW": lambda d, a: (a.T @ d).sum(0),
}


dW = {"dW-transposed": lambda a, d: d.T @ a}


back = {"W-not-transposed": lambda d, W: d @ W}


soft = {
    "softmax-axis0": lambda z: np.exp(z) / np.exp(z).sum(0),
    "softmax-whole-array": lambda z: np.exp(z) / np.exp(z).sum(),
    "double-softmax": lambda z: softmax(softmax(z)),
}


groups = {"ds": ds, "mask": mask, "db": db, "dW": dW, "back": back, "soft": soft}


PAIRS = []


for (g1, d1), (g2, d2) in itertools.combinations(groups.items(), 2):
    for (i1, f1), (i2, f2) in itertools.product(d1.items(), d2.items()):
        PAIRS.append(
            (
                "two_layer_gradients",
                {i1, i2},
                lambda X, y, *a, k={g1: f1, g2: f2}: two(X, y, *a, **k),
            )
        )


bx = {"W-not-transposed": lambda dZ, X, W: dZ @ W, "dot-vs-star": lambda dZ, X, W: dZ * W.T}


bw = {
    "dW-transposed": lambda dZ, X, W: dZ.T @ X,
    "overwrite-in-loop": lambda dZ, X, W: np.outer(X[-1], dZ[-1]),
    "divided-by-N-twice": lambda dZ, X, W: X.T @ dZ / len(X),
}


bb = {
    "db-not-summed": lambda dZ, X, W: dZ,
    "db-wrong-axis": lambda dZ, X, W: dZ.sum(1),
    "db-from-dW": lambda dZ, X, W: (X.T @ dZ).sum(0),
}


ok = [
    {"x": lambda dZ, X, W: dZ @ W.T},
    {"w": lambda dZ, X, W: X.T @ dZ},
    {"b": lambda dZ, X, W: dZ.sum(0)},
]


for A, B, c in ((bx, bw, 2), (bx, bb, 1), (bw, bb, 0)):
    for (i1, f1), (i2, f2) in itertools.product(A.items(), B.items()):

        def f(dZ, X, W, f1=f1, f2=f2, c=c):
            r = [f1(dZ, X, W), f2(dZ, X, W)]
            r.insert(c, list(ok[c].values())[0](dZ, X, W))
            return tuple(r)

        PAIRS.append(("linear_backward", {i1, i2}, f))


e = 1e-12


pick = lambda P, y: P[np.arange(len(y)), y]


PAIRS += [
    ("cross_entropy", {"wrong-log", "log-zero"}, lambda P, y: -np.log2(pick(P, y)).mean()),
    (
        "cross_entropy",
        {"wrong-log", "loss-sum-gradient-mean"},
        lambda P, y: -np.log10(pick(P, y) + e).sum(),
    ),
    (
        "cross_entropy",
        {"loss-sum-gradient-mean", "log-zero"},
        lambda P, y: -np.log(pick(P, y)).sum(),
    ),
    ("cross_entropy", {"loss-sign", "wrong-log"}, lambda P, y: np.log2(pick(P, y) + e).mean()),
    (
        "cross_entropy",
        {"mean-over-all-entries", "loss-sign"},
        lambda P, y: np.log(pick(P, y) + e).sum() / P.size,
    ),
    ("softmax", {"softmax-axis0", "softmax-overflow"}, lambda Z: np.exp(Z) / np.exp(Z).sum(0)),
    (
        "softmax",
        {"softmax-no-keepdims", "softmax-overflow"},
        lambda Z: np.exp(Z) / np.exp(Z).sum(1),
    ),
    ("softmax", {"softmax-whole-array", "softmax-overflow"}, lambda Z: np.exp(Z) / np.exp(Z).sum()),
    ("softmax", {"double-softmax", "softmax-axis0"}, lambda Z: softmax(softmax(Z.T).T)),
    (
        "softmax_cross_entropy_backward",
        {"sign-of-ds", "no-1-over-N"},
        lambda P, y: np.eye(P.shape[1])[y] - P,
    ),
    (
        "softmax_cross_entropy_backward",
        {"one-hot-off", "no-1-over-N"},
        lambda P, y: P - np.eye(P.shape[1])[y - 1],
    ),
    (
        "softmax_cross_entropy_backward",
        {"extra-sigmoid-prime", "sign-of-ds"},
        lambda P, y: (np.eye(P.shape[1])[y] - P) * P * (1 - P) / len(y),
    ),
    ("sgd_step", {"update-sign", "forgot-lr"}, lambda P, g, lr: [p + d for p, d in zip(P, g)]),
    ("accuracy", {"percent", "errors-not-hits"}, lambda P, y: 100 * (P.argmax(1) != y).mean()),
    ("accuracy", {"argmax-axis", "percent"}, lambda P, y: 100 * np.mean(P.argmax() == y)),
    (
        "minibatches",
        {"shuffle-separately", "last-batch"},
        lambda X, y, b, r: [
            (x, y[k * b : k * b + b])
            for k, x in [
                (k, X[p[k * b : k * b + b]])
                for p in [r.permutation(len(X))]
                for k in range(len(X) // b)
            ]
        ],
    ),
    ("relu_backward", {"relu-mask-inverted", "forgot-upstream"}, lambda dA, Z: 1.0 * (Z < 0)),
    (
        "numerical_gradient",
        {"forgot-the-2", "slope-sign"},
        lambda f, x: np.array(
            [
                (f(x - 1e-5 * k.reshape(x.shape)) - f(x + 1e-5 * k.reshape(x.shape))) / 1e-5
                for k in np.eye(x.size)
            ]
        ).reshape(x.shape),
    ),
]
