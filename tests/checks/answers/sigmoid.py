"""Answers to `sigmoid`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import math
from functools import partial

import numpy as np
from hands import right, wrong


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class Sig:
    def __call__(self, Z):
        return (1 + np.exp(-Z)) ** -1


# ---------------------------------------------------------------- wrong


wrong("sigmoid-applied-twice", lambda Z: sigmoid(sigmoid(Z)))
wrong("slope-not-value", lambda Z: sigmoid(Z) * (1 - sigmoid(Z)), "derivative")
wrong("sigmoid-sign", lambda Z: 1 / (1 + np.exp(Z)), "no minus")
wrong("sigmoid-brackets", lambda Z: 1 / 1 + np.exp(-Z), "brackets")
wrong("", lambda Z: 1 / (1 - np.exp(-Z)), "1-exp")
wrong("tanh-for-sigmoid", lambda Z: np.tanh(Z), "tanh")
wrong("", lambda Z: Z)
wrong("", lambda Z: np.maximum(0, Z), "relu")
wrong("", lambda Z: np.exp(Z) / np.exp(Z).sum(1, keepdims=True), "softmax")


@wrong("")
def _(Z):
    A = np.zeros_like(Z, dtype=int)
    for i in range(Z.shape[0]):
        for j in range(Z.shape[1]):
            A[i, j] = 1 / (1 + math.exp(-Z[i, j]))
    return A


wrong("sigmoid-no-one", lambda Z: 1 / np.exp(-Z))


@wrong("alias-inplace-activation")
def s_in_place(Z):
    Z[:] = 1 / (1 + np.exp(-Z))
    return Z


wrong("", lambda Z: np.where(Z > 4, 1.0, (1 + np.tanh(Z / 2)) / 2), "1 above 4")
wrong(
    "",
    lambda Z: np.where(Z > 3, 1, np.where(Z < -3, 0, (1 + np.tanh(Z / 2)) / 2)),
    "0 and 1 beyond 3",
)
wrong("sigmoid-sign", lambda Z: (1 - np.tanh(Z / 2)) / 2, says="before the tanh")

# ---------------------------------------------------------------- right


right(lambda Z: 1 / (1 + np.exp(-Z)))
right(lambda Z: 0.5 * (1 + np.tanh(Z / 2)))
right(
    lambda Z: np.where(
        Z >= 0, 1 / (1 + np.exp(-np.abs(Z))), np.exp(-np.abs(Z)) / (1 + np.exp(-np.abs(Z)))
    )
)
right(lambda Z: np.exp(-np.logaddexp(0, -Z)))
right(lambda Z: np.vectorize(lambda v: 1 / (1 + np.exp(-v)))(Z))
right(lambda Z: [[1 / (1 + np.exp(-v)) for v in r] for r in Z], "list of lists")
right(lambda Z: 1 / (1 + np.exp(-Z.astype(np.float32))), "float32")
right(lambda Z: 1 / (1 + np.exp(-np.asfortranarray(Z))), "F order")


@right
def _(Z):
    A = Z.copy()
    A *= -1
    np.exp(A, out=A)
    A += 1
    np.reciprocal(A, out=A)
    return A


right(partial(lambda k, Z: 1 / (1 + np.exp(-k * Z)), 1.0))
right(Sig().__call__)


@right
def z_flat_loop(Z):
    A = np.empty(Z.shape)
    for i in range(Z.size):
        A.flat[i] = 1 / (1 + np.exp(-Z.flat[i]))
    return A


right(lambda Z: 1 / (1 + np.exp(-np.clip(Z, -500, 500))), "clip")
right(lambda Z: 1 / (1 + np.exp(-np.clip(Z, -30, 30))), "clip 30")
right(lambda Z: (1 + np.e ** (-Z)) ** -1)
right(lambda Z: np.array(list(map(lambda z: 1 / (1 + np.exp(-z)), Z.ravel()))).reshape(Z.shape))
