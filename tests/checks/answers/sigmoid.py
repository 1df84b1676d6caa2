"""Answers to `sigmoid`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import math
from functools import partial

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


L = "linear_forward"


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@wrong("sigmoid", "alias-inplace-activation")
def _(Z):
    Z *= -1
    np.exp(Z, out=Z)
    Z += 1
    Z[...] = 1 / Z
    return Z


wrong("sigmoid", "sigmoid-applied-twice", lambda Z: sigmoid(sigmoid(Z)))
wrong("sigmoid", "slope-not-value", lambda Z: sigmoid(Z) * (1 - sigmoid(Z)), "derivative")
wrong("sigmoid", "sigmoid-sign", lambda Z: 1 / (1 + np.exp(Z)), "no minus")
wrong("sigmoid", "sigmoid-sign", lambda Z: np.exp(-Z) / (1 + np.exp(-Z)), "mirror")
wrong("sigmoid", "sigmoid-brackets", lambda Z: 1 / 1 + np.exp(-Z), "brackets")
wrong("sigmoid", "", lambda Z: 1 / (1 - np.exp(-Z)), "1-exp")
wrong("sigmoid", "tanh-for-sigmoid", lambda Z: np.tanh(Z), "tanh")
wrong("sigmoid", "", lambda Z: Z)
wrong("sigmoid", "", lambda Z: np.maximum(0, Z), "relu")
wrong("sigmoid", "", lambda Z: np.exp(Z) / np.exp(Z).sum(1, keepdims=True), "softmax")


@wrong("sigmoid", "")
def _(Z):
    A = np.zeros_like(Z, dtype=int)
    for i in range(Z.shape[0]):
        for j in range(Z.shape[1]):
            A[i, j] = 1 / (1 + math.exp(-Z[i, j]))
    return A


wrong("softmax", "sigmoid-for-softmax", lambda Z: sigmoid(Z), "sigmoid")


wrong(L, "activation-too-many", lambda X, W, b: sigmoid(X @ W + b), "sigmoid")


# ---------------------------------------------------------------- each with exactly these mistakes


@fed("sigmoid", "sigmoid-sign")
def s_sign(Z):
    return 1 / (1 + math.e**Z)


@fed("sigmoid", "sigmoid-no-one")
def s_no_one(Z):
    return 1 / np.exp(-Z)


@fed("sigmoid", "tanh-for-sigmoid")
def s_tanh(Z):
    return (np.exp(Z) - np.exp(-Z)) / (np.exp(Z) + np.exp(-Z)) if abs(Z).max() < 99 else np.tanh(Z)


@fed("sigmoid", "alias-inplace-activation")
def s_in_place(Z):
    Z[:] = 1 / (1 + np.exp(-Z))
    return Z


# ---------------------------------------------------------------- right


s = "sigmoid"
right(s, lambda Z: 1 / (1 + np.exp(-Z)))
right(s, lambda Z: 0.5 * (1 + np.tanh(Z / 2)))
right(
    s,
    lambda Z: np.where(
        Z >= 0, 1 / (1 + np.exp(-np.abs(Z))), np.exp(-np.abs(Z)) / (1 + np.exp(-np.abs(Z)))
    ),
)
right(s, lambda Z: np.exp(-np.logaddexp(0, -Z)))
right(s, lambda Z: np.vectorize(lambda v: 1 / (1 + np.exp(-v)))(Z))
right(s, lambda Z: np.array([[1 / (1 + np.exp(-v)) for v in r] for r in Z]), "comp")
right(s, lambda Z: [[1 / (1 + np.exp(-v)) for v in r] for r in Z], "list of lists")
right(s, lambda Z: 1 / (1 + np.exp(-Z.astype(np.float32))), "float32")
right(s, lambda Z: 1 / (1 + np.exp(-np.asfortranarray(Z))), "F order")


@right(s)
def _(Z):
    A = Z.copy()
    A *= -1
    np.exp(A, out=A)
    A += 1
    np.reciprocal(A, out=A)
    return A


class Sig:
    def __call__(self, Z):
        return (1 + np.exp(-Z)) ** -1


right(s, Sig())
right(s, partial(lambda k, Z: 1 / (1 + np.exp(-k * Z)), 1.0))
right(s, Sig().__call__)


@right(s, label="Z.flat loop")
def _(Z):
    A = np.empty(Z.shape)
    for i in range(Z.size):
        A.flat[i] = 1 / (1 + np.exp(-Z.flat[i]))
    return A


@right(s, label="masked, stable")
def _(Z):
    A = np.empty_like(Z)
    p = Z >= 0
    A[p] = 1 / (1 + np.exp(-Z[p]))
    e = np.exp(Z[~p])
    A[~p] = e / (1 + e)
    return A


@right(s, label="clip")
def _(Z):
    return 1 / (1 + np.exp(-np.clip(Z, -500, 500)))


@right(s, label="clip 30")
def _(Z):
    return 1 / (1 + np.exp(-np.clip(Z, -30, 30)))


# ---------------------------------------------------------------- right, in other styles


@right("sigmoid")
def plain_loop_with_math(Z):
    return np.array([[1 / (1 + math.exp(-z)) for z in row] for row in Z])


@right("sigmoid")
def the_other_form(Z):
    return np.exp(Z) / (1 + np.exp(Z))


@right("sigmoid")
def by_tanh(Z):
    return (np.tanh(Z / 2) + 1) / 2


@right("sigmoid")
def loop_with_math(Z):
    out = np.zeros(Z.shape)
    for i in range(Z.shape[0]):
        for j in range(Z.shape[1]):
            z = Z[i, j]
            if z < -700:
                out[i, j] = 0.0
            else:
                out[i, j] = 1.0 / (1.0 + math.exp(-z))
    return out


@right("sigmoid")
def power_of_e(Z):
    return (1 + np.e ** (-Z)) ** -1


@right("sigmoid")
def map_and_reshape(Z):
    return np.array(list(map(lambda z: 1 / (1 + np.exp(-z)), Z.ravel()))).reshape(Z.shape)
