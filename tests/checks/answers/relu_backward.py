"""Answers to `relu_backward`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import numpy as np
from hands import right, wrong


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# ---------------------------------------------------------------- wrong


wrong("relu-mask-on-output-ge0", lambda dA, Z: dA * (np.maximum(0, Z) >= 0))
wrong("relu-as-derivative", lambda dA, Z: dA * np.maximum(0, Z))
wrong("relu-mask-of-gradient", lambda dA, Z: dA * (dA > 0))


@wrong("alias-inplace-activation")
def open_at_0(dA, Z):
    dA[Z < 0] = 0
    return dA


@wrong("alias-inplace-activation")
def closed_at_0(dA, Z):
    dA *= Z > 0
    return dA


wrong("forgot-upstream", lambda dA, Z: (Z > 0).astype(float), "forgot dA")
wrong("relu-mask-inverted", lambda dA, Z: dA * (Z < 0), "inverted")
wrong("relu-as-derivative", lambda dA, Z: dA * Z, "times Z")
wrong("dot-vs-star", lambda dA, Z: dA.T @ (Z > 0))
wrong("dot-vs-star", lambda dA, Z: dA @ (Z > 0).T)
wrong("relu-forward-again", lambda dA, Z: np.maximum(0, Z), "forward")
wrong("", lambda dA, Z: dA * (Z > 1), "Z>1")
wrong("relu-leaks", lambda dA, Z: np.where(Z > 0, dA, 0.01 * dA), "leaky")
wrong("", lambda dA, Z: np.where(Z > 0, dA, -dA), "abs")
wrong("sigmoid-prime-for-relu", lambda dA, Z: dA * sigmoid(Z) * (1 - sigmoid(Z)), "sigmoid")
wrong("forgot-upstream", lambda dA, Z: np.where(Z > 0, 1, 0))
wrong("forgot-upstream+relu-mask-inverted", lambda dA, Z: 1.0 * (Z < 0))
wrong("relu-forward-again", lambda dA, Z: Z * (Z > 0))
wrong("relu-mask-on-output-ge0", lambda dA, Z: dA, "no mask", says="Is there a mask?")
wrong(
    "relu-mask-of-gradient",
    lambda dA, Z: np.maximum(0, dA) * (Z > 0),
    says="depends on the sign of dA",
)

# ---------------------------------------------------------------- right


right(lambda dA, Z: dA * (Z > 0))
right(lambda dA, Z: dA * (Z >= 0))
right(lambda dA, Z: np.where(Z > 0, dA, 0))
right(lambda dA, Z: dA * np.heaviside(Z, 0))
right(lambda dA, Z: dA * np.heaviside(Z, 0.5))
right(lambda dA, Z: dA * (np.sign(Z) + 1) / 2)
right(lambda dA, Z: dA * (np.maximum(0, Z) > 0))
right(lambda dA, Z: np.einsum("ij,ij->ij", dA, (Z > 0).astype(float)))
right(lambda dA, Z: (dA * (Z > 0)).astype("f4"))
right(lambda dA, Z: [[d if z > 0 else 0 for d, z in zip(a, b)] for a, b in zip(dA, Z)])


@right
def _(dA, Z):
    d = dA.copy()
    d[Z <= 0] = 0
    return d


@right
def _(dA, Z):
    d = np.array(dA)
    d[Z < 0] = 0.0
    return d


@right
def _(dA, Z):
    d = np.zeros_like(dA)
    for i in range(len(Z)):
        for j in range(Z.shape[1]):
            if Z[i, j] > 0:
                d[i, j] = dA[i, j]
    return d


right(lambda dA, Z: np.multiply(dA, 1.0 * (Z > 0)))


@right
def rb_loop(dA, Z):
    dZ = np.zeros(Z.shape)
    for n, row in enumerate(Z):
        for h, z in enumerate(row):
            if z > 0:
                dZ[n, h] = dA[n, h]
    return dZ


right(lambda dA, Z: [[d if z > 0 else 0 for d, z in zip(a, b)] for a, b in zip(dA, Z)])
right(lambda dA, Z: dA.astype("float32") * (Z > 0).astype("float32"))
right(lambda dA, Z: np.ma.filled(np.ma.masked_array(dA, mask=Z <= 0), 0.0))
