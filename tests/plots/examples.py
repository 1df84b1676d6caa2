"""Shared by the tests of pictures: data, an example of each picture, what is drawn on an ax."""

from types import SimpleNamespace

import numpy as np

import nnlib as nn

plots = nn.plots

rng = np.random.default_rng(0)
X = rng.normal(size=(60, 2))
Y2 = (X @ [2, -1] > 0).astype(int)
W1, W2 = nn.data.fruit().W1, nn.data.fruit().W2


def half_plane(points):
    p = nn.sigmoid(4 * points @ [2, -1])
    return np.stack([1 - p, p], axis=1)


def history(n=20, **more):
    loss = [1.0 / (i + 1) for i in range(n)]
    return SimpleNamespace(loss=loss, stopped="completed", **more)


# one example call of every function, used by the tests that hold for all of them
EXAMPLES = {
    "network": lambda **o: plots.network([W1, W2], **o),
    "graph": lambda **o: plots.graph({"x": None, "y": "σ"}, [("x", "y")], **o),
    "boundary": lambda **o: plots.boundary(half_plane, X, Y2, **o),
    "curves": lambda **o: plots.curves(history(), **o),
    "confusion": lambda **o: plots.confusion([[5, 1], [0, 4]], **o),
    "images": lambda **o: plots.images(rng.random((4, 64)), **o),
    "histograms": lambda **o: plots.histograms({"layer 1": X}, **o),
}


def texts(ax):
    return [t.get_text() for t in ax.texts if t.get_text()]


def numbers(ax):
    return [t.replace("\N{MINUS SIGN}", "-") for t in texts(ax)]
