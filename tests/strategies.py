"""What the tests share: a layer of the learner's own, and random networks with their data."""

import numpy as np
from hypothesis import strategies as st

import nnlib as nn

ACTIVATIONS = (nn.ReLU, nn.LeakyReLU, nn.Sigmoid, nn.Tanh, nn.Softmax, nn.Dropout)
INITS = ("he", "xavier", lambda n_in, n_out, rng: rng.normal(size=(n_in, n_out)))


class Scale(nn.Layer):
    """The learner's own layer of `layer.py`, as its docstring shows it."""

    def __init__(self, n):
        self.n = n
        super().__init__(w=(n,))

    def forward(self, X):
        self.X = X
        return X * self.w

    def backward(self, dA):
        self.dw[...] = (dA * self.X).sum(axis=0)
        return dA * self.w

    def config(self):
        return {"n": self.n}


class Residual(nn.Layer):
    """The layer that holds layers of `layer.py`, as its docstring shows it."""

    def __init__(self, *layers):
        super().__init__()
        self.layers = layers

    def forward(self, X):
        A = X
        for layer in self.layers:
            A = layer.forward(A)
        return X + A

    def backward(self, dA):
        dX = dA
        for layer in reversed(self.layers):
            dX = layer.backward(dX)
        return dA + dX

    def config(self):
        return {"layers": self.layers}


NESTED = (
    lambda n: Residual(nn.Linear(n, n), nn.Tanh()),
    lambda n: nn.Sequential(nn.Linear(n, 2), nn.Sequential(Residual(Scale(2)), nn.Linear(2, n))),
)


@st.composite
def cases(draw):
    """A random network with a loss and a batch that fit it: (net, loss, X, y).

    From one example, one input and one class up to deep and narrow; every layer, start, loss and
    dtype. All parameters are drawn, biases too, so that no unit sits on ReLU's kink.
    """
    n, d, k = (
        draw(st.integers(1, most), label=name) for most, name in ((6, "N"), (5, "D"), (4, "K"))
    )
    loss = draw(st.sampled_from((nn.CrossEntropyLoss, nn.MSELoss, nn.BCEWithLogitsLoss)))()
    k += loss.takes_labels  # one column of scores has nothing to choose from
    hidden = draw(st.lists(st.integers(1, 4), max_size=5), label="hidden")
    init = draw(st.sampled_from(INITS))
    layers, width = [], d
    if draw(st.booleans(), label="starts with a layer of the learner's own"):
        layers.append(Scale(d))
    for units in hidden:
        layers.append(nn.Linear(width, units, init=init))
        kinds = draw(st.lists(st.sampled_from(ACTIVATIONS), min_size=1, max_size=2))
        layers += [kind() for kind in kinds]
        width = units
        if draw(st.booleans(), label="layers inside layers"):
            layers.append(draw(st.sampled_from(NESTED))(width))
    layers.append(nn.Linear(width, k, init=init))
    if not loss.classifies:
        layers += [kind() for kind in draw(st.sampled_from(((), (nn.Sigmoid,), (nn.Softmax,))))]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1), label="seed"))
    dtype = draw(st.sampled_from((np.float64, np.float32)))
    net = nn.Sequential(*layers, rng=rng, dtype=dtype)
    net.theta += 0.5 * rng.standard_normal(net.theta.shape).astype(dtype)
    X = rng.standard_normal((n, d))
    y = rng.integers(0, k, n) if loss.takes_labels else rng.standard_normal((n, k))
    y = (y > 0).astype(float) if loss.predicts == "labels" else y
    return net, loss, X, y
