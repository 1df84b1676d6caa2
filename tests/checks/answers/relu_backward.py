"""Answers to `relu_backward`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


wrong("relu_backward", "relu-mask-on-output-ge0", lambda dA, Z: dA * (np.maximum(0, Z) >= 0))


@wrong("relu_backward", "relu-mask-on-output-ge0")
def _(dA, Z):
    h = Z * (Z > 0)
    out = dA.copy()
    out[h < 0] = 0
    return out


@wrong("relu_backward", "relu-mask-on-output-ge0")
def _(dA, Z):
    out = np.zeros_like(dA)
    for i in range(Z.shape[0]):
        for j in range(Z.shape[1]):
            h = max(0, Z[i, j])
            if h >= 0:
                out[i, j] = dA[i, j]
    return out


wrong(
    "relu_backward", "relu-mask-on-output-ge0", lambda dA, Z: np.where(np.maximum(Z, 0) >= 0, dA, 0)
)
wrong("relu_backward", "relu-as-derivative", lambda dA, Z: dA * np.maximum(0, Z))
wrong("relu_backward", "relu-as-derivative", lambda dA, Z: np.where(Z > 0, dA * Z, 0))
wrong("relu_backward", "relu-mask-of-gradient", lambda dA, Z: dA * (dA > 0))
wrong("relu_backward", "relu-mask-of-gradient", lambda dA, Z: np.maximum(0, dA))


@wrong("relu_backward", "alias-inplace-activation")
def _(dA, Z):
    dA[Z < 0] = 0
    return dA


@wrong("relu_backward", "alias-inplace-activation")
def _(dA, Z):
    dZ = dA
    dZ *= Z > 0
    return dZ


wrong("relu_backward", "forgot-upstream", lambda dA, Z: (Z > 0).astype(float), "forgot dA")
wrong("relu_backward", "relu-mask-inverted", lambda dA, Z: dA * (Z < 0), "inverted")
wrong("relu_backward", "relu-as-derivative", lambda dA, Z: dA * Z, "times Z")
wrong("relu_backward", "dot-vs-star", lambda dA, Z: dA.T @ (Z > 0))
wrong("relu_backward", "dot-vs-star", lambda dA, Z: dA @ (Z > 0).T)
wrong(
    "relu_backward", "relu-as-derivative+forgot-upstream", lambda dA, Z: np.maximum(0, Z), "forward"
)
wrong("relu_backward", "", lambda dA, Z: dA * (Z > 1), "Z>1")
wrong("relu_backward", "relu-leaks", lambda dA, Z: np.where(Z > 0, dA, 0.01 * dA), "leaky")
wrong("relu_backward", "", lambda dA, Z: np.where(Z > 0, dA, -dA), "abs")
wrong(
    "relu_backward",
    "sigmoid-prime-for-relu",
    lambda dA, Z: dA * sigmoid(Z) * (1 - sigmoid(Z)),
    "sigmoid",
)


# ---------------------------------------------------------------- each with exactly these mistakes


@fed("relu_backward", "relu-mask-on-output-ge0")
def r_output(dA, Z):
    A = np.maximum(Z, 0)
    dZ = dA.copy()
    dZ[~(A >= 0)] = 0
    return dZ


@fed("relu_backward", "relu-as-derivative")
def r_itself(dA, Z):
    return dA * Z * (Z > 0)


@fed("relu_backward", "forgot-upstream")
def r_no_upstream(dA, Z):
    return np.where(Z > 0, 1, 0)


@fed("relu_backward", "relu-mask-inverted")
def r_inverted(dA, Z):
    dZ = dA.copy()
    dZ[Z > 0] = 0
    return dZ


@fed("relu_backward", "relu-mask-of-gradient")
def r_of_gradient(dA, Z):
    return np.maximum(dA, 0)


@fed("relu_backward", "relu-leaks")
def r_leaks(dA, Z):
    return dA * np.where(Z < 0, 0.01, 1.0)


@fed("relu_backward", "alias-inplace-activation")
def r_alias(dA, Z):
    dZ = dA
    dZ[Z <= 0] = 0
    return dZ


# ---------------------------------------------------------------- right


s = "relu_backward"
right(s, lambda dA, Z: dA * (Z > 0))
right(s, lambda dA, Z: dA * (Z >= 0))
right(s, lambda dA, Z: np.where(Z > 0, dA, 0))
right(s, lambda dA, Z: np.where(Z <= 0, 0, dA))
right(s, lambda dA, Z: dA * np.heaviside(Z, 0))
right(s, lambda dA, Z: dA * np.heaviside(Z, 0.5))
right(s, lambda dA, Z: dA * (np.sign(Z) + 1) / 2)
right(s, lambda dA, Z: dA * (np.maximum(0, Z) > 0))
right(s, lambda dA, Z: np.einsum("ij,ij->ij", dA, (Z > 0).astype(float)))
right(s, lambda dA, Z: (dA * (Z > 0)).astype("f4"))
right(s, lambda dA, Z: [[d if z > 0 else 0 for d, z in zip(a, b)] for a, b in zip(dA, Z)])


@right(s)
def _(dA, Z):
    d = dA.copy()
    d[Z <= 0] = 0
    return d


@right(s)
def _(dA, Z):
    d = np.array(dA)
    d[Z < 0] = 0.0
    return d


@right(s)
def _(dA, Z):
    d = np.zeros_like(dA)
    for i in range(len(Z)):
        for j in range(Z.shape[1]):
            if Z[i, j] > 0:
                d[i, j] = dA[i, j]
    return d


@right(s)
def _(dA, Z):
    d = np.zeros(Z.shape)
    m = Z > 0
    d[m] = dA[m]
    return d


right(s, lambda dA, Z: np.multiply(dA, 1.0 * (Z > 0)))


# ---------------------------------------------------------------- right, in other styles


@right("relu_backward")
def rb_array_copy(dA, Z):
    dZ = np.array(dA, copy=True)
    dZ[Z < 0] = 0
    return dZ


@right("relu_backward")
def rb_sign(dA, Z):
    return dA * np.maximum(0, np.sign(Z))


@right("relu_backward")
def rb_heaviside(dA, Z):
    return dA * np.heaviside(Z, 0.0)


@right("relu_backward")
def rb_by_activation(dA, Z):
    A = np.maximum(0, Z)
    return dA * (A > 0)


@right("relu_backward")
def rb_loop(dA, Z):
    dZ = np.zeros(Z.shape)
    for n, row in enumerate(Z):
        for h, z in enumerate(row):
            if z > 0:
                dZ[n, h] = dA[n, h]
    return dZ


@right("relu_backward")
def rb_lists(dA, Z):
    return [
        [d if z > 0 else 0 for d, z in zip(a, b, strict=True)] for a, b in zip(dA, Z, strict=True)
    ]


@right("relu_backward")
def rb_single(dA, Z):
    return dA.astype("float32") * (Z > 0).astype("float32")


@right("relu_backward")
def rb_masked(dA, Z):
    return np.ma.filled(np.ma.masked_array(dA, mask=Z <= 0), 0.0)
