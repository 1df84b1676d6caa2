"""Answers to `softmax_cross_entropy_backward`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import numpy as np
from hands import right, wrong


def oh(y, K):
    return np.eye(K)[y]


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


E = lambda P, y: np.eye(P.shape[1])[y]


class C:
    def __call__(self, P, y):
        return (P - E(P, y)) / len(P)


# ---------------------------------------------------------------- wrong


wrong("no-1-over-N", lambda P, y: P - oh(y, P.shape[1]))
wrong("mean-over-all-entries", lambda P, y: (P - oh(y, P.shape[1])) / P.size)
wrong("divided-by-K", lambda P, y: (P - oh(y, P.shape[1])) / P.shape[1], "/K")
wrong("sign-of-ds", lambda P, y: (oh(y, P.shape[1]) - P) / len(y))
wrong("forgot-minus-y", lambda P, y: P / len(y))
wrong("extra-sigmoid-prime", lambda P, y: (P - oh(y, P.shape[1])) * P * (1 - P) / len(y))
wrong("one-hot-off", lambda P, y: (P - np.eye(P.shape[1])[y - 1]) / len(y))


@wrong("")
def _(P, y):
    d = P
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
    return d


@wrong("")
def _(P, y):
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


wrong("mse-factor-2", lambda P, y: 2 * (P - oh(y, P.shape[1])) / len(y))
wrong("mse-factor-2", lambda P, y: (P - oh(y, P.shape[1])) / (2 * len(y)))
wrong("double-softmax", lambda P, y: (softmax(P) - oh(y, P.shape[1])) / len(y))


@wrong("all-rows-at-once")
def _(P, y):
    d = P.copy()
    d[:, y] -= 1
    return d / len(y)


wrong("labels-not-one-hot", lambda P, y: (P - y[:, None]) / len(y), "P - y column")
wrong("labels-not-one-hot", lambda P, y: (P - y) / len(y), "P - y")
wrong("gradient-to-P", lambda P, y: -oh(y, P.shape[1]) / P / len(y), "dP not dZ")
wrong("", lambda P, y: (P - oh(y, P.shape[1])) / len(y) ** 2, "1/N twice")


@wrong("only-the-label")
def only_correct_class(P, y):
    d = np.zeros_like(P)
    r = np.arange(len(y))
    d[r, y] = (P[r, y] - 1) / len(y)
    return d


wrong("division-before-subtraction", lambda P, y: P - oh(y, P.shape[1]) / len(y), "precedence")


@wrong("overwrite-in-loop")
def _(P, y):
    for i in range(len(y)):
        d = np.zeros_like(P)
        d[i] = P[i] / len(y)
        d[i, y[i]] -= 1 / len(y)
    return d


wrong("", lambda P, y: ((P - oh(y, P.shape[1])) / len(y)).sum(0), "summed")


@wrong("uint8-labels")
def _(P, y):
    Y = np.eye(P.shape[1], dtype=np.uint8)[y]
    return (P + -Y) / len(y)


@wrong("")
def _(P, y):
    d = np.zeros(P.shape, dtype=int)
    d[:] = P
    d[np.arange(len(y)), y] -= 1
    return d / len(y)


wrong("no-1-over-N+sign-of-ds", lambda P, y: oh(y, P.shape[1]) - P)
wrong("no-1-over-N+extra-sigmoid-prime", lambda P, y: (P - oh(y, P.shape[1])) * P * (1 - P))
wrong("no-1-over-N+one-hot-off", lambda P, y: P - oh(y - 1, P.shape[1]))
wrong("extra-sigmoid-prime+sign-of-ds", lambda P, y: (oh(y, P.shape[1]) - P) * P * (1 - P) / len(y))


# ---------------------------------------------------------------- right


right(lambda P, y: (P - E(P, y)) / len(y))
right(lambda P, y: (P - (y[:, None] == np.arange(P.shape[1]))) / P.shape[0])
right(lambda P, y: ((P - E(P, y)) / len(y)).tolist(), "list")
right(lambda P, y: ((P - E(P, y)) / len(y)).astype("f4"), "f4")
right(lambda P, y: -(E(P, y) - P) * (1 / len(y)))


@right
def _(P, y):
    d = np.array(P, dtype=float)
    np.subtract.at(d, (range(len(y)), y), 1)
    d /= len(y)
    return d


@right
def _(P, y):
    d = np.zeros_like(P)
    for i in range(P.shape[0]):
        for j in range(P.shape[1]):
            d[i, j] = P[i, j] / len(y) if j != y[i] else (P[i, j] - 1) / len(y)
    return d


@right
def jacobian(P, y):
    N, K = P.shape
    out = []
    for p, c in zip(P, y):
        J = np.diag(p) - np.outer(p, p)
        g = np.zeros(K)
        g[c] = -1 / p[c] / N
        out.append(J @ g)
    return np.array(out)


@right
def jacobian_with_clip(P, y):
    N, K = P.shape
    return np.stack(
        [
            (np.diag(p) - np.outer(p, p)) @ (-np.eye(K)[c] / max(p[c], 1e-12) / N)
            for p, c in zip(P, y)
        ]
    )


@right
def in_place_then_restored(P, y):
    i = np.arange(len(y))
    d = np.where(np.arange(P.shape[1]) == y.reshape(-1, 1), P - 1, P)
    return np.divide(d, len(y))


right(C())
right(lambda P, y: [[(p - (k == c)) / len(y) for k, p in enumerate(r)] for r, c in zip(P, y)])
right(lambda P, y: -(np.eye(P.shape[1])[y] - P) / y.size)
right(lambda P, y: ((P - np.eye(P.shape[1])[y]) / len(y)).astype(np.float32))
right(lambda P, y: np.einsum("nk,->nk", P - np.identity(P.shape[1])[y], 1 / len(y)))
