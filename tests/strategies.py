"""What the tests share: a layer of the learner's own, and random networks with their data."""

import numpy as np
from hypothesis import strategies as st

import nnlib as nn

ACTIVATIONS = (nn.ReLU, nn.LeakyReLU, nn.Sigmoid, nn.Tanh, nn.Softmax, nn.Dropout)
INITS = ("he", "xavier", lambda n_in, n_out, rng: rng.normal(size=(n_in, n_out)))


class Scale(nn.Layer):
    """The learner's own layer of `parameters.py`, as its docstring shows it."""

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


@st.composite
def cases(draw):
    """A random network with a loss and a batch that fit it: (net, loss, X, y).

    From one example, one input and one class up to deep and narrow; every layer, start, loss and
    dtype. All parameters are drawn, biases too, so that no unit sits on ReLU's kink.
    """
    n, d, k = (
        draw(st.integers(1, most), label=name) for most, name in ((6, "N"), (5, "D"), (4, "K"))
    )
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
    layers.append(nn.Linear(width, k, init=init))
    loss = draw(st.sampled_from((nn.CrossEntropyLoss, nn.MSELoss)))()
    if not loss.classifies:
        layers += [kind() for kind in draw(st.sampled_from(((), (nn.Sigmoid,), (nn.Softmax,))))]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1), label="seed"))
    dtype = draw(st.sampled_from((np.float64, np.float32)))
    net = nn.Sequential(*layers, rng=rng, dtype=dtype)
    net.theta += 0.5 * rng.standard_normal(net.theta.shape).astype(dtype)
    X = rng.standard_normal((n, d))
    y = rng.integers(0, k, n) if loss.classifies else rng.standard_normal((n, k))
    return net, loss, X, y
