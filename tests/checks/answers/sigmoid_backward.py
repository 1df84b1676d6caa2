"""Answers to `sigmoid_backward`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

from functools import partial

import numpy as np
from hands import right, wrong


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class SB:
    def __call__(self, dA, A):
        return A * (1 - A) * dA


# ---------------------------------------------------------------- wrong


wrong("sigmoid-applied-twice", lambda dA, A: dA * sigmoid(A) * (1 - sigmoid(A)))


@wrong("sigmoid-prime-of-activation")
def _(dA, A):
    z = np.log(A / (1 - A))
    return dA * z * (1 - z)


wrong("forgot-upstream", lambda dA, A: A * (1 - A), "forgot dA")
wrong("half-of-sigmoid-prime", lambda dA, A: dA * A, "only A")
wrong("half-of-sigmoid-prime", lambda dA, A: dA * (1 - A), "only 1-A")
wrong("", lambda dA, A: dA * A * (A - 1))
wrong("extra-sigmoid-prime", lambda dA, A: dA * (A * (1 - A)) ** 2)
wrong("dot-vs-star", lambda dA, A: dA @ (A * (1 - A)).T)
wrong("dot-vs-star", lambda dA, A: np.dot(dA.T, A * (1 - A)))


@wrong("")
def _(dA, A):
    dA *= A * (1 - A)
    return dA


wrong("", lambda dA, A: dA * A * (1 - A) / len(A), "extra 1/N")
wrong("tanh-prime-for-sigmoid", lambda dA, A: dA * (1 - A**2), "tanh")
wrong("sigmoid-minus-for-times", lambda dA, A: dA * (A - (1 - A)))
wrong("sigmoid-brackets", lambda dA, A: dA * A - (1 - A))

# ---------------------------------------------------------------- right


right(lambda dA, A: dA * A * (1 - A))
right(lambda dA, A: dA * (A - A**2))
right(lambda dA, A: np.einsum("ij,ij,ij->ij", dA, A, 1 - A))
right(lambda dA, A: [[d * a * (1 - a) for d, a in zip(p, q)] for p, q in zip(dA, A)])
right(lambda dA, A: np.multiply(dA, np.multiply(A, np.subtract(1, A))))
right(lambda dA, A: (dA * A * (1 - A)).astype(np.float32))
right(lambda dA, A: (dA.T * A.T * (1 - A.T)).T)
right(partial(lambda one, dA, A: dA * A * (one - A), 1))


@right
def _(dA, A):
    g = dA.copy()
    g *= A
    g *= 1 - A
    return g


@right
def _(dA, A):
    out = np.zeros_like(A)
    for i in np.ndindex(*A.shape):
        out[i] = dA[i] * A[i] * (1 - A[i])
    return out


right(SB())
right(lambda dA, A: np.array(list(map(lambda d, a: d * a * (1 - a), dA, A))))
right(lambda dA, A: dA * (0.25 - (A - 0.5) ** 2))
right(lambda dA, A: [[d * a * (1 - a) for d, a in zip(p, q)] for p, q in zip(dA, A)])


@right
def sb_long(dA, A):
    A = A.astype(np.longdouble)
    return dA * A * (1 - A)


@right
def sb_through_z(dA, A):
    Z = np.log(A) - np.log(1 - A)
    return dA * np.exp(-Z) / (1 + np.exp(-Z)) ** 2
