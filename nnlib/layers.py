"""Layers: each a forward formula and, right below it, its backward formula.

`forward(X)` keeps what backward needs. `backward(dA)` takes ∂L/∂(output) and returns
∂L/∂(input); a layer with parameters also writes ∂L/∂W and ∂L/∂b into `dW` and `db`. Every
formula sums over the batch: the 1/N stands once, in the loss. `layer.py` shows a layer of
your own.
"""

import math

import numpy as np

from . import errors
from .functional import INITIAL, product, softmax_of, sum_of_rows
from .layer import UNKNOWN, Layer, Random


class Linear(Layer):
    """Z = X W + b.  X (N, n_in), W (n_in, n_out), b (n_out,), Z (N, n_out).

    Backward: ∂L/∂W = Xᵀ dZ, ∂L/∂b = Σₙ dZₙ, ∂L/∂X = dZ Wᵀ. Derived in notebook 05.

    `init` draws the starting weights: "he", "xavier" or a function (n_in, n_out, rng) -> W;
    biases start at 0. With an `rng` of its own the layer draws at once; else its network draws.
    """

    def __init__(self, n_in, n_out, init="he", rng=None):
        self.n_in = errors.whole(n_in, "n_in", "Linear(n_in, n_out)")
        self.n_out = errors.whole(n_out, "n_out", "Linear(n_in, n_out)")
        if not callable(init) and not (isinstance(init, str) and init in INITIAL):
            rule = 'Linear expected init to be "he", "xavier" or a function'
            errors.reject(rule, errors.describe(init))
        self.init = init
        super().__init__(W=(n_in, n_out), b=(n_out,))
        if rng is not None:
            self.initialise(rng)

    def forward(self, X):
        self.X = X
        Z = product(X, self.W)  # Z = X · W + b    (N, n_out)
        Z += self.b
        return Z

    def backward(self, dZ, to_input=True):
        product(self.X.T, dZ, out=self.dW)  # ∂L/∂W = Xᵀ · ∂L/∂Z                 (n_in, n_out)
        sum_of_rows(dZ, out=self.db)  # ∂L/∂b = Σₙ ∂L/∂Zₙ                        (n_out,)
        return product(dZ, self.W.T) if to_input else None  # ∂L/∂X = ∂L/∂Z · Wᵀ (N, n_in)

    def config(self):
        shape = {"n_in": self.n_in, "n_out": self.n_out}
        return shape if self.init == "he" or callable(self.init) else shape | {"init": self.init}

    def initial(self, name, shape, rng):
        if name == "b":
            return np.zeros(shape)
        draw = self.init if callable(self.init) else INITIAL[self.init]
        W = errors.floats(draw(*shape, rng), f"{self}", "the starting W")
        errors.shaped(W, shape, f"{self} expected init(n_in, n_out, rng) to give {shape}")
        return W

    def output_shape(self, shape):
        if shape is UNKNOWN:
            return (None, self.n_out)
        if len(shape) != 2 or shape[1] != self.n_in:
            rule = f"{self} expected X of shape (N, {self.n_in})"
            errors.reject(rule, str(shape).replace("None", "N"), self._fix(shape))
        return (shape[0], self.n_out)

    def _fix(self, shape):
        if len(shape) == 1 and shape[0] == self.n_in:
            return "pass one example as X[None, :]."
        if len(shape) == 2 and shape[0] == self.n_in:
            return "rows are examples; X.T may be what you mean."
        if len(shape) > 2 and math.prod(shape[1:]) == self.n_in:
            return "X.reshape(len(X), -1) makes one row of each example."
        return ""


class Activation(Layer):
    """A layer without parameters that works entry by entry: the shape stays."""

    def output_shape(self, shape):
        return shape


class ReLU(Activation):
    """A = max(0, Z); ∂L/∂Z = ∂L/∂A where Z > 0, else 0 (at the kink itself: 0).

    Derived in notebook 04.
    """

    def forward(self, Z):
        self.open = Z > 0
        return np.maximum(Z, 0)

    def backward(self, dA):
        return dA * self.open  # a product: several times faster than boolean assignment


class LeakyReLU(Activation):
    """A = Z where Z > 0, else slope · Z; ∂L/∂Z = ∂L/∂A · (1 or slope). Derived in notebook 04."""

    def __init__(self, negative_slope=0.01):
        self.negative_slope = errors.between(negative_slope, "negative_slope", "LeakyReLU")
        super().__init__()

    def forward(self, Z):
        self.slope = np.where(Z > 0, Z.dtype.type(1), Z.dtype.type(self.negative_slope))
        return Z * self.slope

    def backward(self, dA):
        return dA * self.slope

    def config(self):
        return {"negative_slope": self.negative_slope}


class Sigmoid(Activation):
    """A = σ(Z) = 1 / (1 + e^−Z); ∂L/∂Z = ∂L/∂A · A (1 − A). Derived in notebook 04."""

    gives_probabilities = True

    def forward(self, Z):
        self.A = 1 / (1 + np.exp(-Z))  # e^−z may overflow to inf, and 1 / (1 + inf) = 0 is right
        return self.A

    def backward(self, dA):
        return dA * self.A * (1 - self.A)


class Tanh(Activation):
    """A = tanh(Z); ∂L/∂Z = ∂L/∂A · (1 − A²). Derived in notebook 04."""

    def forward(self, Z):
        self.A = np.tanh(Z)
        return self.A

    def backward(self, dA):
        return dA * (1 - self.A * self.A)


class Softmax(Activation):
    """P = softmax(Z) along each row; ∂L/∂Z = P (∂L/∂P − Σ_k P_k ∂L/∂P_k). Derived in notebook 05.

    For a network that itself gives probabilities. `CrossEntropyLoss` takes the scores before it.
    """

    gives_probabilities = True

    def forward(self, Z):
        self.P = softmax_of(Z)
        return self.P

    def backward(self, dP):
        return self.P * (dP - (dP * self.P).sum(axis=-1, keepdims=True))  # (Diag(p) − ppᵀ) dp


class Dropout(Random):
    """In training each entry is 0 with probability p, the others are divided by 1 − p.

    So the expected value stays, and in evaluation mode nothing happens. Backward: the same mask,
    the same scale. The random numbers come from the network's `rng`. Derived in notebook 13.
    """

    def __init__(self, p=0.5, rng=None):
        self.p = errors.between(p, "p", "Dropout")
        super().__init__(rng)

    def forward(self, X):
        self.mask = None
        if not self.training or self.p == 0:
            return X
        keep = self.rng.random(X.shape) >= self.p
        self.mask = (keep / (1 - self.p)).astype(X.dtype)
        return X * self.mask

    def backward(self, dA):
        return dA if self.mask is None else dA * self.mask

    def config(self):
        return {"p": self.p}
