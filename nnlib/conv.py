"""Convolution, max-pooling and flattening: layers for pictures (N, C, H, W), as in PyTorch.

Inside, the batch comes last, (C, H, W, N): then a window that is moved over the picture moves over
whole rows of examples, which lie side by side in memory, and the products are large. A layer hands
on a view, so that the next one finds its batch last again without a copy. Derived in notebook 17.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from . import errors
from .functional import INITIAL
from .layer import UNKNOWN, Layer

PIECE = 256  # pictures that are unfolded at once when nothing is learned


def output_size(n, k, stride=1, padding=0):
    """How many places a window of k finds along n pixels: ⌊(n + 2 padding − k) / stride⌋ + 1."""
    return (n + 2 * padding - k) // stride + 1


class Windows(Layer):
    """What convolution and pooling share: a square window of k pixels that moves by `stride`."""

    padding = 0

    def windows(self, X):
        """Views of all windows of X (C, H, W, N): (C, k, k, rows, columns, N)."""
        k, s = self.kernel_size, self.stride
        views = sliding_window_view(X, (k, k), axis=(1, 2))[:, ::s, ::s]
        return views.transpose(0, 4, 5, 1, 2, 3)

    def places(self, X):
        """For each pixel of the window: (its place, the part of X that it meets on its way)."""
        k, s = self.kernel_size, self.stride
        rows, columns = (s * (output_size(n, k, s) - 1) + 1 for n in X.shape[1:3])
        for i, j in np.ndindex(k, k):
            yield (i, j), X[:, i : i + rows : s, j : j + columns : s]

    def picture_size(self, shape):
        """(H, W) of what comes out, or an error that says what does not fit."""
        k, s, p = self.kernel_size, self.stride, self.padding
        if len(shape) != 4:
            fix = "One picture is X[None, None]; a batch of grey ones X[:, None]."
            text = str(shape).replace("None", "N")
            errors.reject(f"{self} expected pictures (N, C, H, W)", text, fix)
        size = tuple(None if n is None else output_size(n, k, s, p) for n in shape[2:])
        if any(n is not None and n < 1 for n in size):
            rule = f"{self} expected pictures of at least {k - 2 * p} × {k - 2 * p} pixels"
            errors.reject(rule, f"{shape[2]} × {shape[3]}")
        return size


class Conv2d(Windows):
    """Z[o] = b[o] + Σ_c W[o, c] ⋆ X[c]: each of n_out kernels slides over all channels and sums.

    X (N, n_in, H, W), W (n_out, n_in, k, k), b (n_out,), Z (N, n_out, rows, columns). As a product:
    Z = W · windows + b, with W as (n_out, n_in k²) and each window as a column of n_in k² numbers.
    Backward: ∂L/∂W = dZ · windowsᵀ, ∂L/∂b = Σ dZ over examples and places, and Wᵀ · dZ is added
    back at the pixels that each window covered. Derived in notebook 17.
    """

    def __init__(self, n_in, n_out, kernel_size, stride=1, padding=0, init="he", rng=None):
        who = "Conv2d(n_in, n_out, kernel_size)"
        self.n_in, self.n_out = errors.whole(n_in, "n_in", who), errors.whole(n_out, "n_out", who)
        self.kernel_size = errors.whole(kernel_size, "kernel_size", who)
        self.stride = errors.whole(stride, "stride", who)
        self.padding = errors.whole(padding, "padding", who, least=0)
        errors.one_of(init, tuple(INITIAL), "init", "Conv2d")
        self.init = init
        super().__init__(W=(n_out, n_in, kernel_size, kernel_size), b=(n_out,))
        if rng is not None:
            self.initialise(rng)

    def forward(self, X):
        X = padded(batch_last(X), self.padding)
        if self.training:
            self.columns, self.padded_shape = self.unfolded(X), X.shape
            return batch_first(self.product(self.columns, X))
        pieces = [X[..., i : i + PIECE] for i in range(0, X.shape[3], PIECE)]
        return batch_first(
            np.concatenate([self.product(self.unfolded(x), x) for x in pieces], axis=3)
        )

    def backward(self, dZ, to_input=True):
        dZ = batch_last(dZ)
        rows = dZ.reshape(self.n_out, -1)
        dW = self.columns @ rows.T  # ∂L/∂Wᵀ = windows · dZᵀ: faster than dZ · windowsᵀ
        self.dW[...] = dW.T.reshape(self.W.shape)
        self.db[...] = rows.sum(axis=1)  # ∂L/∂b = Σ dZ over places and examples
        if not to_input:
            return None
        d_windows = (self.flat_W.T @ rows).reshape(self.n_in, *self.W.shape[2:], *dZ.shape[1:])
        dX = np.zeros(self.padded_shape, dZ.dtype)
        for (i, j), met in self.places(dX):  # ∂L/∂X: what overlapped adds up
            met += d_windows[:, i, j]
        p = self.padding
        return batch_first(dX[:, p : dX.shape[1] - p, p : dX.shape[2] - p])

    @property
    def flat_W(self):
        return self.W.reshape(self.n_out, -1)

    def unfolded(self, X):
        """Every window as a column: (n_in k², rows · columns · N)."""
        return self.windows(X).reshape(self.flat_W.shape[1], -1)

    def product(self, columns, X):
        Z = self.flat_W @ columns  # Z = W · windows + b
        Z += self.b[:, None]
        size = (output_size(n, self.kernel_size, self.stride) for n in X.shape[1:3])
        return Z.reshape(self.n_out, *size, X.shape[3])

    def initial(self, name, shape, rng):
        if name == "b":
            return np.zeros(shape)
        return INITIAL[self.init](np.prod(shape[1:]), self.n_out, rng).T.reshape(shape)

    def config(self):
        given = {"n_in": self.n_in, "n_out": self.n_out, "kernel_size": self.kernel_size}
        usual = {"stride": 1, "padding": 0, "init": "he"}
        return given | {k: getattr(self, k) for k, v in usual.items() if getattr(self, k) != v}

    def output_shape(self, shape):
        if shape is UNKNOWN:
            return UNKNOWN
        size = self.picture_size(shape)
        if shape[1] is not None and shape[1] != self.n_in:
            text = str(shape).replace("None", "N")
            errors.reject(f"{self} expected {self.n_in} channels, (N, {self.n_in}, H, W)", text)
        return (shape[0], self.n_out, *size)


class MaxPool2d(Windows):
    """The largest of each window of k × k pixels, which moves by k, or by `stride`.

    X (N, C, H, W) to A (N, C, rows, columns). Backward: each window's blame goes to the pixel that
    was the largest, to the first one where several are. Derived in notebook 17.
    """

    def __init__(self, kernel_size, stride=None):
        self.kernel_size = errors.whole(kernel_size, "kernel_size", "MaxPool2d")
        self.stride = errors.whole(kernel_size if stride is None else stride, "stride", "MaxPool2d")
        super().__init__()

    def forward(self, X):
        self.X = batch_last(X)
        parts = [met for _, met in self.places(self.X)]
        self.A = parts[0].copy()
        for met in parts[1:]:
            np.maximum(self.A, met, out=self.A)
        return batch_first(self.A)

    def backward(self, dA):
        dA, dX = batch_last(dA), np.zeros(self.X.shape, dA.dtype)
        left = np.ones(self.A.shape, bool)  # windows whose largest pixel has not been met yet
        for (_, met), (_, blame) in zip(self.places(self.X), self.places(dX), strict=True):
            largest = (met == self.A) & left
            blame += dA * largest
            left &= ~largest
        return batch_first(dX)

    def config(self):
        given = {"kernel_size": self.kernel_size}
        return given if self.stride == self.kernel_size else given | {"stride": self.stride}

    def output_shape(self, shape):
        return UNKNOWN if shape is UNKNOWN else (*shape[:2], *self.picture_size(shape))


class Flatten(Layer):
    """Each example as one row: (N, C, H, W) to (N, C H W). Backward: the same, turned back."""

    def forward(self, X):
        self.shape = X.shape
        return np.ascontiguousarray(X).reshape(len(X), -1)

    def backward(self, dA):
        return dA.reshape(self.shape)

    def output_shape(self, shape):
        if shape is UNKNOWN or None in shape[1:]:
            return UNKNOWN
        return (shape[0], int(np.prod(shape[1:])))


def batch_last(X):
    """(N, C, H, W) as (C, H, W, N), without a copy where it lies so in memory already."""
    return np.ascontiguousarray(X.transpose(1, 2, 3, 0))


def batch_first(X):
    """(C, H, W, N) as (N, C, H, W): a view."""
    return X.transpose(3, 0, 1, 2)


def padded(X, p):
    """X (C, H, W, N) with p rows and columns of zeros on every side."""
    return np.pad(X, ((0, 0), (p, p), (p, p), (0, 0))) if p else X
