"""Layers for pictures: pixels brought to the range of weights, and pictures distorted in training.

Pictures of whole numbers stay whole numbers in memory, one byte a pixel. `fit` takes a batch of
them, makes floats of it, and these layers do the rest. Derived in notebook 18.
"""

import numpy as np

from . import errors
from .layer import Layer, Random

CELLS = 6  # bumps along each side of the picture, of which a bend is made


class Scale(Layer):
    """A = factor · X, such as 1/255 for pixels from 0 to 255; ∂L/∂X = factor · ∂L/∂A."""

    def __init__(self, factor):
        self.factor = errors.positive(factor, "factor", "Scale")
        super().__init__()

    def forward(self, X):
        return X * X.dtype.type(self.factor)

    def backward(self, dA):
        return dA * dA.dtype.type(self.factor)

    def config(self):
        return {"factor": self.factor}

    def output_shape(self, shape):
        return shape


class Distort(Random):
    """In training each picture is turned, stretched, slanted, shifted and bent a little.

    X (N, side, side), or with channels (N, C, side, side). A table of `tables` distortions is drawn
    once; each picture of a batch gets one of them by chance, anew in every epoch. In evaluation
    mode nothing happens. The numbers say how much at most: `turn` in degrees, `stretch` and
    `slant` as shares, `shift` in pixels; `bend` in pixels is a standard deviation. Backward: each
    pixel's gradient goes to the pixel that it came from. Simard, Steinkraus and Platt 2003;
    derived in notebook 18.
    """

    def __init__(
        self, side, turn=8, stretch=0.07, slant=0.1, shift=1, bend=1, tables=4000, rng=None
    ):
        self.side = errors.whole(side, "side", "Distort")
        self.tables = errors.whole(tables, "tables", "Distort")
        much = {"turn": turn, "stretch": stretch, "slant": slant, "shift": shift, "bend": bend}
        for name, value in much.items():
            setattr(self, name, errors.between(value, name, "Distort", high=np.inf))
        self.much = much
        self.places = None
        super().__init__(rng)

    def forward(self, X):
        self.index = None
        if not self.training:
            return X
        if self.places is None:
            rng = self.rng.spawn(1)[0]  # of its seed alone: a resumed run draws the same tables
            self.places = distortions(self.tables, self.side, rng=rng, **self.much)
        which = self.rng.integers(len(self.places), size=len(X))
        pixels = self.side * self.side
        index = self.places[which]  # (N, pixels), or below (N, C, pixels)
        if X.ndim == 4:
            index = index[:, None] + pixels * np.arange(X.shape[1], dtype=index.dtype)[:, None]
        start = X[0].size * np.arange(len(X), dtype=np.intp)
        self.index = start.reshape(-1, *[1] * (index.ndim - 1)) + index
        return X.ravel().take(self.index, mode="clip").reshape(X.shape)

    def backward(self, dA):
        if self.index is None:
            return dA
        dX = np.bincount(self.index.ravel(), dA.ravel(), minlength=dA.size)
        return dX.reshape(dA.shape).astype(dA.dtype)

    def config(self):
        return {"side": self.side, **self.much, "tables": self.tables}

    def output_shape(self, shape):
        square = (self.side, self.side)
        if shape is not None and (len(shape) not in (3, 4) or shape[-2:] != square):
            rule = f"Distort({self.side}) expected pictures (N, {self.side}, {self.side})"
            fix = "Distort comes first, Flatten after it."
            errors.reject(rule, str(shape).replace("None", "N"), fix)
        return shape


def bends(n, side, rng):
    """n smooth random fields (n, side, side), mean 0 and standard deviation 1: B R Bᵀ.

    R (CELLS, CELLS) holds normal random numbers, and each column of B (side, CELLS) is a bump.
    """
    centres = np.linspace(0, side - 1, CELLS)
    width = 0.7 * (centres[1] - centres[0])
    B = np.exp(-0.5 * ((np.arange(side)[:, None] - centres) / width) ** 2)
    B /= np.sqrt((B * B).sum(axis=1, keepdims=True))  # so that each entry has variance 1
    return B @ rng.standard_normal((n, CELLS, CELLS)) @ B.T


def distortions(n, side, turn, stretch, slant, shift, bend, rng):
    """n tables (n, side²): for each pixel of the new picture, the pixel of the old one it shows."""
    middle = (side - 1) / 2
    rows, columns = np.mgrid[:side, :side] - middle

    def drawn(most):
        return rng.uniform(-most, most, (n, 1, 1))

    angle, tall, wide, slope = np.radians(drawn(turn)), drawn(stretch), drawn(stretch), drawn(slant)
    r, c = rows * (1 + tall), columns * (1 + wide) + rows * slope
    sources = np.cos(angle) * r - np.sin(angle) * c, np.sin(angle) * r + np.cos(angle) * c
    places = []
    for source in sources:
        source = source + middle + drawn(shift) + bend * bends(n, side, rng)
        places.append(np.clip(np.rint(source), 0, side - 1).astype(np.int32))
    return (places[0] * side + places[1]).reshape(n, -1)
