"""Losses: how wrong the network is, as one number, and the gradient where backward begins.

`loss(Z, y)` checks, then calls `forward`; `loss.backward()` returns ∂L/∂Z. The average over the
batch is taken here, and nowhere else.
"""

import numpy as np

from . import errors
from .functional import accuracy, logistic, one_hot_of, row_sums, shifted, total


class Loss:
    """What every loss shares: input validation, and the order of the two calls."""

    takes_labels = False  # True where y are labels, one class of K for each example
    predicts = None  # how a network trained with it reads its scores; see Sequential.predict
    N = None  # the examples of the last forward

    def __init__(self, *given):
        if given:
            fix = f"Make it first, then call it: loss = {self}, loss(Z, y)."
            errors.reject(f"{self} takes no values when it is made", errors.describe(given[0]), fix)

    def __call__(self, Z, y):
        """Check Z and y, then `forward`; the loss as a float."""
        Z, y = self.check(Z, y)
        with np.errstate(over="ignore"):  # a square above 1e308 is inf, and inf is the answer
            return float(self.forward(Z, y))

    def _expect_forward(self):
        if self.N is None:
            rule = f"{self}.backward() expected loss(Z, y) to be called before"
            errors.reject(rule, "no such call")

    @property
    def classifies(self):
        """True where an accuracy makes sense."""
        return self.predicts is not None

    def __repr__(self):
        return f"{type(self).__name__}()"


class CrossEntropyLoss(Loss):
    """L = −(1/N) Σₙ log p[n, y_n] with P = softmax(Z): surprise, averaged over the batch.

    Z (N, K) are scores (logits), not probabilities: the softmax is inside, where its logarithm
    can be taken safely. y (N,) integer labels, K at least 2. Backward: ∂L/∂Z = (P − Y) / N.
    The loss is derived in notebook 03, its gradient in notebook 05.
    """

    takes_labels = True
    predicts = "classes"

    def check(self, Z, y, who="CrossEntropyLoss"):
        Z = errors.scores(Z, who)
        if Z.shape[1] == 1:
            errors.reject(
                f"{self} expected at least two columns of scores, one for each class",
                f"shape {Z.shape}",
                "Two classes are Linear(..., 2), or Linear(..., 1) with BCEWithLogitsLoss.",
            )
        return Z, errors.labels(y, who, N=len(Z), K=Z.shape[1])

    def forward(self, Z, y):
        N, K = Z.shape
        S = shifted(Z)
        E = np.exp(S)
        sums = row_sums(E)  # Σ_k e^s, the denominator of the softmax
        self.P = np.divide(E, sums, out=E)
        self.Y = one_hot_of(y, K, E.dtype)
        self.N = N
        s = _of_the_labels(S, self.Y, y)
        return (total(np.log(sums)) - s) / N  # −log p = log Σ e^s − s

    def backward(self):
        """∂L/∂Z = (P − Y) / N of the last loss(Z, y), a fresh array."""
        self._expect_forward()
        dZ = self.P - self.Y
        dZ /= self.N  # the 1/N, once
        return dZ

    def accuracy(self, Z, y):
        """The share of examples whose largest score is at the label."""
        return accuracy(Z, y)


def _of_the_labels(S, Y, y):
    """Σₙ S[n, y_n], the sum of the labels' own scores: the product with Y is the fast way."""
    s = np.vdot(Y, S)
    if s != s:  # 0 · (−inf) is nan: scores as far apart as floats go
        s = S[np.arange(len(y)), y].sum()
    return s


class BCEWithLogitsLoss(Loss):
    """L = −(1/NK) Σ y log p + (1 − y) log(1 − p) with P = σ(Z): yes or no in every column.

    Z (N, K) are scores (logits), Y (N, K) holds 0 or 1: K = 1 for two classes with one output, more
    for several labels at once. The sigmoid's twin of CrossEntropyLoss: with two scores (0, z) the
    softmax gives σ(z) (notebook 03), so its loss and gradient, P − Y (notebook 05), carry over.
    In the stable form no exponent is above 0: L = max(z, 0) − z y + log(1 + e^−|z|).
    Backward: ∂L/∂Z = (P − Y) / NK.
    """

    predicts = "labels"

    def check(self, Z, Y, who="BCEWithLogitsLoss"):
        Z = errors.scores(Z, who)
        Y = errors.floats(Y, who, "Y", Z.dtype, copy=True)
        errors.same_shape(Z, Y, who)
        if Y.min() < 0 or Y.max() > 1:
            wrong = Y[(Y < 0) | (Y > 1)][0]
            errors.reject(f"{who} expected Y to hold 0 or 1, or a probability", f"{wrong:g}")
        return Z, Y

    def forward(self, Z, Y):
        self.N, self.P, self.Y = len(Z), logistic(Z), Y
        up = Z.real > 0
        size = np.where(up, Z, -Z)  # |z|
        return (np.where(up, Z, 0) - Z * Y + np.log1p(np.exp(-size))).sum() / Z.size

    def backward(self):
        """∂L/∂Z = (P − Y) / NK of the last loss(Z, Y), a fresh array."""
        self._expect_forward()
        dZ = self.P - self.Y
        dZ /= self.P.size
        return dZ

    def accuracy(self, Z, Y):
        """The share of entries on the right side: z above 0 where y is above one half."""
        return float(((Z > 0) == (Y > 0.5)).mean())


class MSELoss(Loss):
    """L = Σ (Z − Y)² / (N K): the mean of the squared differences over all N · K entries.

    Z and Y (N, K), both floats. Backward: ∂L/∂Z = 2 (Z − Y) / (N K). Derived in notebook 04.
    """

    def check(self, Z, Y, who="MSELoss"):
        Z = errors.batch(Z, who, "Z")
        Y = errors.floats(Y, who, "Y", Z.dtype, copy=True)
        errors.same_shape(Z, Y, who)
        return Z, Y

    def forward(self, Z, Y):
        self.N, self.E = len(Z), Z - Y
        return (self.E * self.E).sum() / self.E.size

    def backward(self):
        """∂L/∂Z = 2 (Z − Y) / (N K) of the last loss(Z, Y), a fresh array."""
        self._expect_forward()
        # In this order 2 E, which may be inf, is never formed.
        with np.errstate(over="ignore"):
            return 2 * (self.E / self.E.size)
