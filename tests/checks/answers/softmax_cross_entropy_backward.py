"""Answers to `softmax_cross_entropy_backward`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


def oh(y, K):
    return np.eye(K)[y]


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


S = "softmax_cross_entropy_backward"


def Yof(P, y):
    return oh(y, P.shape[1])


wrong(S, "no-1-over-N", lambda P, y: P - Yof(P, y))


@wrong(S, "no-1-over-N")
def _(P, y):
    d = P.copy()
    d[np.arange(len(y)), y] -= 1
    return d


@wrong(S, "no-1-over-N")
def _(P, y):
    return np.array(
        [[P[i, k] - (1 if y[i] == k else 0) for k in range(P.shape[1])] for i in range(len(y))]
    )


wrong(S, "mean-over-all-entries", lambda P, y: (P - Yof(P, y)) / P.size)


@wrong(S, "mean-over-all-entries")
def _(P, y):
    N, K = P.shape
    d = np.array(P)
    d[range(N), y] -= 1
    return d / (N * K)


wrong(S, "divided-by-K", lambda P, y: (P - Yof(P, y)) / P.shape[1], "/K")
wrong(S, "sign-of-ds", lambda P, y: (Yof(P, y) - P) / len(y))


@wrong(S, "sign-of-ds")
def _(P, y):
    d = -P.copy()
    d[np.arange(len(y)), y] += 1
    return d / len(P)


wrong(S, "forgot-minus-y", lambda P, y: P / len(y))


@wrong(S, "forgot-minus-y")
def _(P, y):
    d = np.zeros(P.shape)
    for i in range(len(y)):
        d[i] = P[i] / P.shape[0]
    return d


wrong(S, "extra-sigmoid-prime", lambda P, y: (P - Yof(P, y)) * P * (1 - P) / len(y))


@wrong(S, "extra-sigmoid-prime")
def _(P, y):
    d = P.copy()
    d[np.arange(len(y)), y] -= 1
    s = P - P**2
    d *= s
    return d / len(y)


wrong(S, "one-hot-off", lambda P, y: (P - np.eye(P.shape[1])[y - 1]) / len(y))


@wrong(S, "one-hot-off")
def _(P, y):
    d = P.copy()
    for i in range(len(y)):
        d[i, y[i] - 1] -= 1
    return d / len(y)


@wrong(S, "")
def _(P, y):
    d = P
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
    return d


@wrong(S, "")
def _(P, y):
    P[np.arange(len(y)), y] -= 1
    return P / len(y)


wrong(S, "mse-factor-2", lambda P, y: 2 * (P - Yof(P, y)) / len(y))
wrong(S, "mse-factor-2", lambda P, y: (P - Yof(P, y)) / (2 * len(y)))
wrong(S, "double-softmax", lambda P, y: (softmax(P) - Yof(P, y)) / len(y))


@wrong(S, "all-rows-at-once")
def _(P, y):
    d = P.copy()
    d[:, y] -= 1
    return d / len(y)


wrong(S, "labels-not-one-hot", lambda P, y: (P - y[:, None]) / len(y), "P - y column")
wrong(S, "labels-not-one-hot", lambda P, y: (P - y) / len(y), "P - y")
wrong(S, "gradient-to-P", lambda P, y: -Yof(P, y) / P / len(y), "dP not dZ")
wrong(S, "", lambda P, y: (P - Yof(P, y)) / len(y) ** 2, "1/N twice")


@wrong(S, "only-the-label", label="only correct class")
def _(P, y):
    d = np.zeros_like(P)
    r = np.arange(len(y))
    d[r, y] = (P[r, y] - 1) / len(y)
    return d


@wrong(S, "division-before-subtraction", label="precedence")
def _(P, y):
    return P - Yof(P, y) / len(y)


@wrong(S, "overwrite-in-loop")
def _(P, y):
    for i in range(len(y)):
        d = np.zeros_like(P)
        d[i] = P[i] / len(y)
        d[i, y[i]] -= 1 / len(y)
    return d


wrong(S, "", lambda P, y: ((P - Yof(P, y)) / len(y)).sum(0), "summed")


@wrong(S, "uint8-labels")
def _(P, y):
    Y = np.eye(P.shape[1], dtype=np.uint8)[y]
    return (P + -Y) / len(y)


@wrong(S, "")
def _(P, y):
    d = np.zeros(P.shape, dtype=int)
    d[:] = P
    d[np.arange(len(y)), y] -= 1
    return d / len(y)


# ---------------------------------------------------------------- each with exactly these mistakes


def one_hot(y, K):
    return np.eye(K)[y]


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@fed("softmax_cross_entropy_backward", "no-1-over-N")
def b_no_mean(P, y):
    dZ = P.copy()
    dZ[range(len(y)), y] -= 1
    return dZ


@fed("softmax_cross_entropy_backward", "mean-over-all-entries")
def b_all_entries(P, y):
    return (P - one_hot(y, P.shape[1])) / P.shape[0] / P.shape[1]


@fed("softmax_cross_entropy_backward", "divided-by-K")
def b_by_K(P, y):
    return (P - one_hot(y, P.shape[1])) / P.shape[1]


@fed("softmax_cross_entropy_backward", "sign-of-ds")
def b_sign(P, y):
    return (one_hot(y, P.shape[1]) - P) / len(y)


@fed("softmax_cross_entropy_backward", "forgot-minus-y")
def b_no_y(P, y):
    return P / P.shape[0]


@fed("softmax_cross_entropy_backward", "extra-sigmoid-prime")
def b_extra(P, y):
    return (P - one_hot(y, P.shape[1])) / len(y) * (P - P**2)


@fed("softmax_cross_entropy_backward", "one-hot-off")
def b_off(P, y):
    dZ = P.copy()
    for n, k in enumerate(y):
        dZ[n, k - 1] -= 1
    return dZ / len(y)


@fed("softmax_cross_entropy_backward", "double-softmax")
def b_double(P, y):
    return (softmax(P) - one_hot(y, P.shape[1])) / len(y)


@fed("softmax_cross_entropy_backward", "gradient-to-P")
def b_to_P(P, y):
    dP = np.zeros_like(P)
    dP[np.arange(len(y)), y] = -1 / P[np.arange(len(y)), y]
    return dP / len(y)


@fed("softmax_cross_entropy_backward", "only-the-label")
def b_only_label(P, y):
    dZ = np.zeros_like(P)
    for n, k in enumerate(y):
        dZ[n, k] = (P[n, k] - 1) / len(y)
    return dZ


@fed("softmax_cross_entropy_backward", "all-rows-at-once")
def b_all_rows(P, y):
    dZ = np.array(P)
    dZ[:, y] -= 1
    return dZ / len(y)


@fed("softmax_cross_entropy_backward", "sign-of-ds", "no-1-over-N")
def p_sign_no_mean(P, y):
    return one_hot(y, P.shape[1]) - P


@fed("softmax_cross_entropy_backward", "extra-sigmoid-prime", "no-1-over-N")
def p_extra_no_mean(P, y):
    return (P - one_hot(y, P.shape[1])) * P * (1 - P)


@fed("softmax_cross_entropy_backward", "one-hot-off", "no-1-over-N")
def p_off_no_mean(P, y):
    return P - one_hot(y - 1, P.shape[1])


# ---------------------------------------------------------------- right


s = "softmax_cross_entropy_backward"
E = lambda P, y: np.eye(P.shape[1])[y]
right(s, lambda P, y: (P - E(P, y)) / len(y))
right(s, lambda P, y: P / len(y) - E(P, y) / len(y))
right(s, lambda P, y: (P - (y[:, None] == np.arange(P.shape[1]))) / P.shape[0])
right(s, lambda P, y: ((P - E(P, y)) / len(y)).tolist(), "list")
right(s, lambda P, y: ((P - E(P, y)) / len(y)).astype("f4"), "f4")
right(
    s,
    lambda P, y: np.array(
        [[(p - (k == c)) / len(y) for k, p in enumerate(r)] for r, c in zip(P, y)]
    ),
)
right(s, lambda P, y: -(E(P, y) - P) * (1 / len(y)))
right(s, lambda P, y: np.einsum("nk,->nk", P - E(P, y), 1 / len(P)))


@right(s)
def _(P, y):
    d = P.copy()
    d[np.arange(len(y)), y] -= 1
    return d / len(y)


@right(s)
def _(P, y):
    d = np.array(P, dtype=float)
    np.subtract.at(d, (range(len(y)), y), 1)
    d /= len(y)
    return d


@right(s)
def _(P, y):
    d = np.zeros_like(P)
    for i in range(P.shape[0]):
        for j in range(P.shape[1]):
            d[i, j] = P[i, j] / len(y) if j != y[i] else (P[i, j] - 1) / len(y)
    return d


@right(s, label="jacobian")
def _(P, y):
    N, K = P.shape
    out = []
    for p, c in zip(P, y):
        J = np.diag(p) - np.outer(p, p)
        g = np.zeros(K)
        g[c] = -1 / p[c] / N
        out.append(J @ g)
    return np.array(out)


@right(s, label="jacobian with clip")
def _(P, y):
    N, K = P.shape
    return np.stack(
        [
            (np.diag(p) - np.outer(p, p)) @ (-np.eye(K)[c] / max(p[c], 1e-12) / N)
            for p, c in zip(P, y)
        ]
    )


@right(s, label="in place then restored")
def _(P, y):
    i = np.arange(len(y))
    d = np.where(np.arange(P.shape[1]) == y.reshape(-1, 1), P - 1, P)
    return np.divide(d, len(y))


class C:
    def __call__(self, P, y):
        return (P - E(P, y)) / len(P)


right(s, C())


# ---------------------------------------------------------------- right, in other styles


@right("softmax_cross_entropy_backward")
def sc_plain(P, y):
    return (P - np.eye(P.shape[1])[y]) / len(y)


@right("softmax_cross_entropy_backward")
def sc_copy(P, y):
    dZ = P.copy()
    dZ[np.arange(len(y)), y] -= 1
    dZ /= len(y)
    return dZ


@right("softmax_cross_entropy_backward")
def sc_loop(P, y):
    N, K = P.shape
    dZ = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            dZ[n, k] = (P[n, k] - (1 if k == y[n] else 0)) / N
    return dZ


@right("softmax_cross_entropy_backward")
def sc_lists(P, y):
    return [[(p - (k == c)) / len(y) for k, p in enumerate(r)] for r, c in zip(P, y, strict=True)]


@right("softmax_cross_entropy_backward")
def sc_mean_first(P, y):
    Y = np.zeros_like(P)
    Y[range(len(y)), y] = 1.0
    return P / len(P) - Y / len(P)


@right("softmax_cross_entropy_backward")
def sc_jacobian(P, y):
    N, K = P.shape
    dZ = np.zeros_like(P)
    for n in range(N):
        J = np.diag(P[n]) - np.outer(P[n], P[n])
        dP = np.zeros(K)
        dP[y[n]] = -1 / P[n, y[n]] / N
        dZ[n] = J @ dP
    return dZ


@right("softmax_cross_entropy_backward")
def sc_through_dP(P, y):
    dP = -np.eye(P.shape[1])[y] / P / len(y)
    return P * (dP - (dP * P).sum(axis=1, keepdims=True))


@right("softmax_cross_entropy_backward")
def sc_minus_of_minus(P, y):
    return -(np.eye(P.shape[1])[y] - P) / y.size


@right("softmax_cross_entropy_backward")
def sc_single(P, y):
    return ((P - np.eye(P.shape[1])[y]) / len(y)).astype(np.float32)


@right("softmax_cross_entropy_backward")
def sc_einsum(P, y):
    return np.einsum("nk,->nk", P - np.identity(P.shape[1])[y], 1 / len(y))


@right("softmax_cross_entropy_backward")
def sc_subtract_at(P, y):
    dZ = np.array(P)
    np.subtract.at(dZ, (np.arange(len(y)), y), 1.0)
    return dZ * (1 / len(y))
