"""Losses: how wrong the network is, as one number, and the gradient where the way back begins.

`loss(Z, y)` checks, then calls `forward`; `loss.backward()` returns ∂L/∂Z. The average over the
batch is taken here, and nowhere else.
"""

import numpy as np

from . import errors
from .functional import ones, unit_rows


class Loss:
    """What every loss shares: the door, and the order of the two calls."""

    classifies = False  # True where y are labels, so that an accuracy makes sense

    def __init__(self, *given):
        errors.made_empty(self, given)

    def __call__(self, Z, y):
        """Check Z and y, then `forward`; the loss as a float."""
        Z, y = self.check(Z, y)
        with np.errstate(over="ignore"):  # a square above 1e308 is inf, and inf is the answer
            return float(self.forward(Z, y))

    def backward(self):
        """∂L/∂Z of the last loss(Z, y), a fresh array of Z's shape."""
        if not hasattr(self, "N"):
            errors.reject(
                f"{self}.backward() expected loss(Z, y) to be called before", "no such call"
            )
        return self.gradient()

    def __repr__(self):
        return f"{type(self).__name__}()"


class CrossEntropyLoss(Loss):
    """L = −(1/N) Σₙ log p[n, y_n] with P = softmax(Z): surprise, averaged over the batch.

    Z (N, K) are scores (logits), not probabilities: the softmax is inside, where its logarithm
    can be taken safely. y (N,) integer labels. Backward: ∂L/∂Z = (P − Y) / N.
    The loss is derived in notebook 03, its gradient in notebook 05.
    """

    classifies = True

    def check(self, Z, y):
        Z = errors.scores(Z, "CrossEntropyLoss")
        return Z, errors.labels(y, "CrossEntropyLoss", N=len(Z), K=Z.shape[1])

    def forward(self, Z, y):
        N, K = Z.shape
        S = Z - np.maximum.reduce(np.asfortranarray(Z), axis=1, keepdims=True)  # column by column
        E = np.exp(S)
        total = E.dot(ones((K, 1), E.dtype))  # Σ_k e^s
        self.P = np.divide(E, total, out=E)
        self.Y = unit_rows(K, dtype=E.dtype).take(y, axis=0)  # one-hot
        self.N = N
        s = np.vdot(self.Y, S)  # Σₙ s[n, y_n]: the product with Y picks each label's score
        if s != s:  # 0 · (−inf) is nan: scores as far apart as floats go
            s = S[np.arange(N), y].sum()
        return (np.add.reduce(np.log(total), axis=None) - s) / N  # −log p = log Σ e^s − s

    def gradient(self):
        dZ = self.P - self.Y
        dZ /= self.N  # the 1/N, once
        return dZ


class MSELoss(Loss):
    """L = Σ (Z − Y)² / (N K): the mean of the squared differences over all N · K entries.

    Z and Y (N, K), both floats. Backward: ∂L/∂Z = 2 (Z − Y) / (N K). Derived in notebook 04.
    """

    def check(self, Z, Y):
        Z = errors.batch(Z, "MSELoss", "Z")
        Y = errors.floats(Y, "MSELoss", "Y", Z.dtype, copy=True)
        errors.same_shape(Z, Y, "MSELoss")
        return Z, Y

    def forward(self, Z, Y):
        self.E = Z - Y
        self.N = len(Z)
        return (self.E * self.E).sum() / self.E.size

    def gradient(self):
        return 2 * self.E / self.E.size
