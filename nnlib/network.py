"""Sequential: layers in a row whose parameters are one flat vector.

`net.theta` holds all parameters, `net.grad` all gradients; every layer's `W`, `b`, `dW`, `db` are
views into them. So an optimiser is a formula on one vector, and saving is saving one array.
Built step by step in notebook 05.
"""

import copy

import numpy as np

from . import errors
from .functional import shifted
from .layer import UNKNOWN, chain, check_fit, check_row


class Sequential:
    """Layers walked forward for the output and backward for the gradients.

    `rng`, a seed or a Generator, draws the starting weights of all layers whose values nobody
    has chosen yet; `dtype` is float64 or, for speed, float32. `net.layers` is the tuple of layers;
    `net.weight_mask` has a 1 for each weight (two axes or more) in theta, a 0 for each bias.
    """

    training = True
    has_gradient = False  # True once backward has filled grad

    def __init__(self, *layers, rng=None, dtype=np.float64):
        dtype = errors.float_type(dtype, "Sequential")
        check_row(layers)
        rng = errors.generator(rng, "Sequential")
        for layer in layers:
            if layer.untouched:
                layer.initialise(rng)
        self.layers = layers
        self._adopt(dtype)

    def _adopt(self, dtype):
        """Move the parameters of all layers into one vector, and make the layers views of it."""
        self._theta = np.concatenate([layer.theta for layer in self.layers]).astype(dtype)
        self._grad = np.concatenate([layer.grad for layer in self.layers]).astype(dtype)
        self.dtype = self._theta.dtype
        start = 0
        for layer in self.layers:
            stop = start + layer.size
            layer.bind(self._theta[start:stop], self._grad[start:stop])
            layer.adopted, layer._drawn = True, None
            start = stop
        with_parameters = [i for i, layer in enumerate(self.layers) if layer.size]
        # the way back may end at the first layer with parameters, as nobody reads ∂L/∂X
        self._first = with_parameters[0] if with_parameters else len(self.layers) - 1
        self._last = self.layers[self._first]
        self._way_back = self.layers[: self._first : -1]
        self._seen = self._out_shape = None  # of an example let in; of the last forward's output
        shapes = [shape for layer in self.layers for shape in layer.shapes.values()]
        weights = [np.full(shape, len(shape) >= 2).ravel() for shape in shapes]
        self.weight_mask = np.concatenate([[], *weights]).astype(dtype)

    @property
    def theta(self):
        """All parameters as one vector; assigning copies into it."""
        return self._theta

    @theta.setter
    def theta(self, value):
        errors.assign(self._theta, value, "net.theta")

    @property
    def grad(self):
        """∂L/∂theta of the last backward, one vector; assigning copies into it."""
        return self._grad

    @grad.setter
    def grad(self, value):
        errors.assign(self._grad, value, "net.grad")
        self.has_gradient = True

    def __call__(self, X):
        """Check X, then `forward`: the output (N, K). It belongs to the caller."""
        X = self._door(X)
        with np.errstate(over="ignore", invalid="ignore"):  # the loss names a run that diverged
            return np.array(self.forward(X))

    def forward(self, X):
        """The output of the last layer; every layer keeps what the way back needs."""
        for layer in self.layers:
            X = layer.forward(X)
        self._out_shape = X.shape
        return X

    def backward(self, dZ, to_input=False):
        """Fill `grad` from dZ = ∂L/∂(output). Returns None, or ∂L/∂X with `to_input=True`.

        Nothing accumulates: calling it again changes nothing. The gradient with respect to the
        data is computed only when asked for: nobody reads it, and it can be a third of the work.
        """
        dZ = errors.floats(dZ, "net.backward", "dZ", self.dtype, copy=True)
        errors.last_forward(dZ, self._out_shape, "net.backward")
        with np.errstate(over="ignore", invalid="ignore"):
            return self.backpropagate(dZ, to_input)

    def backpropagate(self, dZ, to_input=False):
        """`backward` without its door, for `fit`."""
        for layer in self._way_back:
            dZ = layer.backward(dZ)
        self.has_gradient = True
        if self._last.can_skip_input and not to_input:
            return self._last.backward(dZ, to_input=False)
        for layer in reversed(self.layers[: self._first + 1]):
            dZ = layer.backward(dZ)
        return dZ if to_input else None

    def scores(self, X):
        """The last layer's output in evaluation mode: scores of classes, or predicted values.

        Keeps nothing and disturbs nothing: a forward that waits for its backward stays valid.
        """
        A = self._door(X)
        with np.errstate(over="ignore", invalid="ignore"):
            for layer in self.layers:
                A = layer.twin().forward(A)
        return A

    def predict(self, X):
        """Probabilities (N, K) in evaluation mode; keeps nothing and disturbs nothing.

        The softmax of the scores, except where the last layer gives probabilities already. For a
        network that predicts values, not classes, `scores` gives them.
        """
        Z = self.scores(X)
        errors.finite(Z, "net.predict", "the network's scores")
        if self.layers[-1].gives_probabilities:
            return Z
        E = np.exp(shifted(Z))
        return E / E.sum(axis=-1, keepdims=True)

    def train(self, mode=True):
        """Training mode: layers such as Dropout are active. Returns the network."""
        self.training = bool(mode)
        for layer in self.layers:
            layer.training = self.training
        return self

    def eval(self):
        """Evaluation mode: the network as it is used. Returns the network."""
        return self.train(False)

    def __getstate__(self):
        made_again = ("_theta", "_grad", "weight_mask")
        return {k: v for k, v in self.__dict__.items() if k not in made_again}

    def __setstate__(self, state):
        self.__dict__.update(state)
        out_shape = self._out_shape
        self._adopt(self.dtype)
        self._out_shape = out_shape

    def __copy__(self):
        return copy.deepcopy(self)  # half a copy would share its layers with the original

    def __repr__(self):
        return layers_table(self)

    def _door(self, X):
        """X in the network's dtype, checked against every layer before any of them runs."""
        X = errors.batch(X, self.layers[0], dtype=self.dtype, copy=True)
        if X.shape[1:] != self._seen:
            check_fit(self.layers, X)
            self._seen = X.shape[1:]
        return X

    def output_shape(self, shape=UNKNOWN):
        """The shape that comes out for an input of this shape; a wrong one is refused."""
        return chain(self.layers, shape)


def layers_table(net):
    """A network as its layers, one a line, with their numbers of parameters."""
    rows = [(repr(layer), layer.size) for layer in net.layers]
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:{width}}  {size:>9,}" if size else f"  {name}" for name, size in rows]
    inside = "\n".join(lines)
    return f"Sequential(\n{inside}\n)  {net.theta.size:,} parameters, {net.dtype}"
