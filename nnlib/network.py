"""Sequential: layers in a row whose parameters are one flat vector.

`net.theta` holds all parameters, `net.grad` all gradients; every layer's `W`, `b`, `dW`, `db` are
views into them. So an optimiser is a formula on one vector, and saving is saving one array.
Built step by step in notebook 05.
"""

import numpy as np

from . import errors
from .functional import logistic, softmax_of
from .layer import UNKNOWN, Layer, check_fit, check_row


class Sequential(Layer):
    """Layers walked forward for the output and backward for the gradients.

    `rng`, a seed or a Generator, draws the starting weights of all layers that have no values yet;
    `dtype` is float64 or, for speed, float32. `net.layers` is the tuple of layers;
    `net.weight_mask` has a 1 for each weight (two axes or more) in theta, a 0 for each bias. A
    network is a layer: it may stand inside another one.

    `net.predicts` says how `predict` reads the scores: "classes" as one class of K, by softmax
    (one column alone by the sigmoid), or "labels", each column for itself, by the sigmoid. `fit`
    with `BCEWithLogitsLoss` sets the latter.
    """

    has_gradient = False  # True once backward has filled grad
    predicts = "classes"
    adopts = True

    def __init__(self, *layers, rng=None, dtype=np.float64):
        self.dtype = errors.float_type(dtype, "Sequential")
        check_row(layers)
        chain(layers)
        rng = None if rng is None else errors.generator(rng, "Sequential")
        super().__init__()
        self.layers = layers
        if rng is not None:  # without one, the values are drawn when they are first looked at
            self.initialise(rng, keep=True)
        self._adopt()
        with_parameters = [i for i, layer in enumerate(layers) if layer.size]
        # the backward pass may end at the first layer with parameters, as nobody reads ∂L/∂X
        self._first = with_parameters[0] if with_parameters else len(layers) - 1
        self._last, self._way_back = layers[self._first], layers[: self._first : -1]
        self._seen = self._out_shape = None  # of the last example; of the last forward's output

    def gather(self, dtype=None):
        super().gather(dtype or self.dtype)

    def bind(self, theta, grad):
        super().bind(theta, grad)
        self.dtype, self._mask = theta.dtype, None

    @property
    def weight_mask(self):
        """1 for each weight in theta, 0 for each bias: what weight decay acts on."""
        if getattr(self, "_mask", None) is None:
            shapes = [shape for _, layer in self.walk() for shape in layer.shapes.values()]
            weights = [np.full(shape, len(shape) >= 2).ravel() for shape in shapes]
            self._mask = np.concatenate([[], *weights]).astype(self.dtype)
        return self._mask

    @property
    def grad(self):
        """∂L/∂theta of the last backward, one vector; assigning copies into it."""
        return self._grad

    @grad.setter
    def grad(self, value):
        errors.assign(self.grad, value, "net.grad")
        self.has_gradient = True

    def __call__(self, X):
        """Check X, then `forward`: the output (N, K). It belongs to the caller."""
        X = self._checked(X)
        with np.errstate(over="ignore", invalid="ignore"):  # the loss reports divergence
            return np.array(self.forward(X))

    def forward(self, X):
        """The output of the last layer; every layer keeps what its backward needs."""
        for layer in self.layers:
            X = layer.forward(X)
        self._out_shape = X.shape
        return X

    def backward(self, dZ, to_input=None):
        """Fill `grad` from dZ = ∂L/∂(output). Returns None, or ∂L/∂X with `to_input=True`.

        Nothing accumulates: calling it again changes nothing. The gradient with respect to the
        data is computed only when asked for, or when the network is part of another layer: nobody
        else reads it, and it can be a third of the work.
        """
        dZ = errors.floats(dZ, "net.backward", "dZ", self.dtype, copy=True)
        self._expect_shape(dZ)
        with np.errstate(over="ignore", invalid="ignore"):
            return self._backward(dZ, self.adopted if to_input is None else to_input)

    def _backward(self, dZ, to_input=False):
        """`backward` without input validation, for `fit`."""
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

        Stores nothing: a forward pass that awaits its backward pass stays valid.
        """
        A = self._checked(X)
        with np.errstate(over="ignore", invalid="ignore"):
            for layer in self.layers:
                A = layer.twin().forward(A)
        return A

    def predict(self, X):
        """Probabilities (N, K) in evaluation mode; stores nothing.

        The softmax of the scores; with one column, or where each column is a label of its own
        (`net.predicts`), the sigmoid of each. Where the last layer gives probabilities already,
        those. For a network that predicts values, not classes, `scores` gives them.
        """
        Z = self.scores(X)
        errors.finite(Z, "net.predict", "the network's scores")
        if self.gives_probabilities:
            return Z
        if self.predicts == "labels" or Z.shape[-1] == 1:
            return logistic(Z)
        return softmax_of(Z)

    # --- as a layer ----------------------------------------------------------------------------

    called = "net"

    @property
    def takes(self):
        return self.layers[0].takes

    @property
    def gives_probabilities(self):
        return self.layers[-1].gives_probabilities

    def output_shape(self, shape=UNKNOWN):
        """The shape that comes out for an input of this shape; a wrong one is refused."""
        return chain(self.layers, shape)

    def config(self):
        return {"layers": self.layers}

    def __getstate__(self):
        return {k: v for k, v in super().__getstate__().items() if k != "_mask"}

    def __setstate__(self, state):
        super().__setstate__(state)
        self._adopt()

    def _adopt(self):
        """Mark the layers as belonging to this network, and to no other."""
        for _, layer in self.inside():
            for _, each in layer.walk():
                each.adopted = True

    def __repr__(self):
        if self.adopted:
            return super().__repr__()
        return layers_table(self)

    # --- input validation ----------------------------------------------------------------------

    def _checked(self, X):
        """X in the network's dtype, checked against every layer before any of them runs."""
        X = errors.inputs(X, self.layers[0], self.takes, dtype=self.dtype, copy=True)
        if X.shape[1:] != self._seen:
            check_fit(self.layers, X)
            self._seen = X.shape[1:]
        return X

    def expect_complete(self, who):
        """Raise if a layer has been given another layer since the network was created."""
        if self.size != self.theta.size:
            errors.reject(
                f"{who} expected a network whose layers hold what they held when it was made",
                "one with a layer that has been given another layer since",
                "Make the network anew: its vector has no room for the new parameters.",
            )

    def _expect_shape(self, dZ):
        """Refuse a dZ that does not belong to the last forward."""
        if self._out_shape is None:
            errors.reject("net.backward(dZ) expected net(X) to be called before", "no forward yet")
        if dZ.shape != self._out_shape:
            errors.reject(
                f"net.backward expected dZ of shape {self._out_shape}, the last forward's",
                f"{dZ.shape}",
                "call net(X) and loss(Z, y) on the same batch right before (another batch went "
                "through the network meanwhile), and use net.predict for validation.",
            )


def chain(layers, shape=UNKNOWN):
    """The shape after all layers, for an input of this shape; a wrong one is refused."""
    for layer in layers:
        shape = layer.output_shape(shape)
    return shape


def layers_table(net):
    """A network as its layers, one a line, with their numbers of parameters."""
    rows = [(repr(layer), layer.size) for layer in net.layers]
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:{width}}  {size:>9,}" if size else f"  {name}" for name, size in rows]
    inside = "\n".join(lines)
    return f"Sequential(\n{inside}\n)  {net.size:,} parameters, {net.dtype}"
