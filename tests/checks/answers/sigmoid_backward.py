"""Answers to `sigmoid_backward`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import math
from functools import partial

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


wrong("sigmoid_backward", "sigmoid-applied-twice", lambda dA, A: dA * sigmoid(A) * (1 - sigmoid(A)))


@wrong("sigmoid_backward", "sigmoid-applied-twice")
def _(dA, A):
    s = 1 / (1 + np.exp(-A))
    d = s - s**2
    return np.multiply(d, dA)


@wrong("sigmoid_backward", "sigmoid-applied-twice")
def _(dA, A):
    out = np.zeros(A.shape)
    for i in range(len(A)):
        for j in range(A.shape[1]):
            s = 1 / (1 + math.exp(-A[i, j]))
            out[i, j] = dA[i, j] * s * (1 - s)
    return out


@wrong("sigmoid_backward", "sigmoid-prime-of-activation")
def _(dA, A):
    z = np.log(A / (1 - A))
    return dA * z * (1 - z)


wrong("sigmoid_backward", "forgot-upstream", lambda dA, A: A * (1 - A), "forgot dA")
wrong("sigmoid_backward", "half-of-sigmoid-prime", lambda dA, A: dA * A, "only A")
wrong("sigmoid_backward", "half-of-sigmoid-prime", lambda dA, A: dA * (1 - A), "only 1-A")
wrong("sigmoid_backward", "", lambda dA, A: dA * A * (A - 1))
wrong("sigmoid_backward", "extra-sigmoid-prime", lambda dA, A: dA * (A * (1 - A)) ** 2)
wrong("sigmoid_backward", "dot-vs-star", lambda dA, A: dA @ (A * (1 - A)).T)
wrong("sigmoid_backward", "dot-vs-star", lambda dA, A: np.dot(dA.T, A * (1 - A)))


@wrong("sigmoid_backward", "")
def _(dA, A):
    dA *= A * (1 - A)
    return dA


wrong("sigmoid_backward", "", lambda dA, A: dA * A * (1 - A) / len(A), "extra 1/N")
wrong("sigmoid_backward", "tanh-prime-for-sigmoid", lambda dA, A: dA * (1 - A**2), "tanh")


# ---------------------------------------------------------------- each with exactly these mistakes


@fed("sigmoid_backward", "sigmoid-applied-twice")
def sb_twice(dA, A):
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    return dA * sigmoid(A) * (1 - sigmoid(A))


@fed("sigmoid_backward", "sigmoid-prime-of-activation")
def sb_of_z(dA, A):
    Z = -np.log(1 / A - 1)
    return dA * (Z - Z**2)


@fed("sigmoid_backward", "forgot-upstream")
def sb_no_upstream(dA, A):
    return A - A**2


@fed("sigmoid_backward", "half-of-sigmoid-prime")
def sb_half(dA, A):
    return dA - dA * A


@fed("sigmoid_backward", "tanh-prime-for-sigmoid")
def sb_tanh(dA, A):
    return dA * (1 - A) * (1 + A)


# ---------------------------------------------------------------- right


s = "sigmoid_backward"
right(s, lambda dA, A: dA * A * (1 - A))
right(s, lambda dA, A: dA * (A - A**2))
right(s, lambda dA, A: np.einsum("ij,ij,ij->ij", dA, A, 1 - A))
right(s, lambda dA, A: [[d * a * (1 - a) for d, a in zip(p, q)] for p, q in zip(dA, A)])
right(s, lambda dA, A: np.multiply(dA, np.multiply(A, np.subtract(1, A))))
right(s, lambda dA, A: (dA * A * (1 - A)).astype(np.float32))
right(s, lambda dA, A: (dA.T * A.T * (1 - A.T)).T)
right(s, partial(lambda one, dA, A: dA * A * (one - A), 1))


@right(s)
def _(dA, A):
    g = dA.copy()
    g *= A
    g *= 1 - A
    return g


@right(s)
def _(dA, A):
    out = np.zeros_like(A)
    for i in np.ndindex(*A.shape):
        out[i] = dA[i] * A[i] * (1 - A[i])
    return out


class SB:
    def __call__(self, dA, A):
        return A * (1 - A) * dA


right(s, SB())
right(s, lambda dA, A: np.array(list(map(lambda d, a: d * a * (1 - a), dA, A))))
right(s, lambda dA, A: dA * (0.25 - (A - 0.5) ** 2))


# ---------------------------------------------------------------- right, in other styles


@right("sigmoid_backward")
def sb_loop(dA, A):
    dZ = np.zeros_like(dA)
    for index in np.ndindex(A.shape):
        dZ[index] = dA[index] * A[index] * (1 - A[index])
    return dZ


@right("sigmoid_backward")
def sb_lists(dA, A):
    return [
        [d * a * (1 - a) for d, a in zip(p, q, strict=True)] for p, q in zip(dA, A, strict=True)
    ]


@right("sigmoid_backward")
def sb_long(dA, A):
    A = A.astype(np.longdouble)
    return dA * A * (1 - A)


@right("sigmoid_backward")
def sb_multiply(dA, A):
    return np.multiply(np.multiply(A, np.subtract(1, A)), dA)


@right("sigmoid_backward")
def sb_through_z(dA, A):
    Z = np.log(A) - np.log(1 - A)
    return dA * np.exp(-Z) / (1 + np.exp(-Z)) ** 2


@right("sigmoid_backward")
def sb_transposed_inside(dA, A):
    return (dA.T * (A.T - A.T * A.T)).T
