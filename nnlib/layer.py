"""Layer, the base of every layer: its parameters are views into one flat vector.

A layer of your own declares its parameters, both directions and what its constructor was given:

    class Scale(nn.Layer):
        def __init__(self, n):
            self.n = n
            super().__init__(w=(n,))            # a parameter self.w, its gradient self.dw

        def forward(self, X):
            self.X = X
            return X * self.w

        def backward(self, dA):
            self.dw[...] = (dA * self.X).sum(axis=0)
            return dA * self.w

        def config(self):
            return {"n": self.n}
"""

import copy
import math
from operator import attrgetter

import numpy as np

from . import errors
from .functional import INITIAL

UNKNOWN = None  # a shape that only running the layer would tell


class Layer:
    """One step of a network. Its parameters are views into one flat vector `theta`, their
    gradients into `grad`: its own small vectors at first, the network's once one adopts it.
    """

    gives_probabilities = False  # True where the output needs no softmax to be read as one
    training = True  # False in evaluation mode; only layers such as Dropout ask
    adopted = False  # True once a network owns this layer
    can_skip_input = False  # True where backward knows `to_input=False`
    shapes = {}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        # asked of every class anew: one that derives from Linear may write a plain backward(dZ)
        code = getattr(cls.backward, "__code__", None)
        cls.can_skip_input = code is not None and "to_input" in code.co_varnames

    def __init__(self, *given, **shapes):
        if given:
            errors.reject(
                f"{type(self).__name__}() takes no values when it is made",
                errors.describe(given[0]),
                f"Make the layer first, then call it: layer = {type(self).__name__}(), layer(X).",
            )
        for name, shape in shapes.items():
            is_shape = isinstance(shape, tuple) and all(hasattr(n, "__index__") for n in shape)
            if not is_shape or hasattr(Layer, name) or hasattr(Layer, "d" + name):
                errors.reject(
                    f"{type(self).__name__} expected each parameter as a new name and a shape",
                    f"{name}={errors.describe(shape)}",
                    "Such as w=(3,), a vector of three numbers.",
                )
        self.shapes = {name: tuple(map(int, shape)) for name, shape in shapes.items()}
        self._declare()

    def _declare(self):
        """Give the class a property for each parameter and its gradient: self.W, self.dW."""
        for name in self.shapes:
            for each in (name, "d" + name):
                if not hasattr(type(self), each):
                    setattr(type(self), each, _parameter(each))

    # --- what a layer is: override these -------------------------------------------------------

    def forward(self, X):
        raise NotImplementedError(f"{type(self).__name__} has no forward(X) yet")

    def backward(self, dA):
        raise NotImplementedError(f"{type(self).__name__} has no backward(dA) yet")

    def config(self):
        """What the constructor needs to make this layer again, as a dict for JSON."""
        return {}

    def initial(self, name, shape, rng):
        """Starting values of one parameter: He for tables of weights, zeros for vectors."""
        if len(shape) < 2:
            return np.zeros(shape)
        return INITIAL["he"](math.prod(shape[:-1]), shape[-1], rng).reshape(shape)

    def output_shape(self, shape):
        """The shape that comes out for an input of this shape; a wrong one is refused here."""
        return UNKNOWN

    # --- how its parameters live in one vector -------------------------------------------------

    @property
    def size(self):
        """The number of parameters."""
        return sum(math.prod(shape) for shape in self.shapes.values())

    def initialise(self, rng):
        """Draw starting values for every parameter, in the order in which they are declared."""
        rng = errors.generator(rng, self)
        if not hasattr(self, "_theta"):
            self.bind(np.zeros(self.size), np.zeros(self.size))
        for name, shape in self.shapes.items():
            getattr(self, name)[...] = self.initial(name, shape, rng)
        self._drawn = self._theta.copy()

    @property
    def untouched(self):
        """True while nobody has chosen its values, so that a network may still draw them."""
        if not hasattr(self, "_theta"):
            return True
        return self._drawn is not None and np.array_equal(self._theta, self._drawn)

    def bind(self, theta, grad):
        """Let the parameters be views into theta, and their gradients views into grad."""
        self._theta, self._grad = theta, grad
        start = 0
        for name, shape in self.shapes.items():
            stop = start + math.prod(shape)
            setattr(self, "_" + name, theta[start:stop].reshape(shape))
            setattr(self, "_d" + name, grad[start:stop].reshape(shape))
            start = stop

    def __getattr__(self, name):
        """Only asked for what is missing: a layer alone draws its values when first looked at."""
        shapes = self.__dict__.get("shapes", {})
        if name in ("theta", "grad", *shapes, *("d" + each for each in shapes)):
            if "_theta" not in self.__dict__:
                self.initialise(None)
                return getattr(self, name)
        raise AttributeError(
            f"{type(self).__name__} has no attribute {name!r}. "
            "If backward looked for it: forward comes first, and keeps what backward needs."
        )

    def __getstate__(self):
        """A copy of a layer owns its numbers; the views are made again."""
        views = {"_" + each for name in self.shapes for each in (name, "d" + name)}
        return {k: v for k, v in self.__dict__.items() if k not in views | {"adopted"}}

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._declare()
        if "_theta" in state:
            self.bind(self._theta, self._grad)

    def __copy__(self):
        return copy.deepcopy(self)  # half a copy would share its numbers with the original

    def twin(self):
        """The same layer in evaluation mode, sharing parameters; what it keeps, it keeps itself."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__, training=False)
        return twin

    # --- used alone ----------------------------------------------------------------------------

    def __call__(self, X):
        """Check X, then `forward`. What is returned belongs to the caller."""
        X = errors.batch(X, self, copy=True, kinds=errors.COMPLEX)
        self.output_shape(X.shape)
        with np.errstate(over="ignore"):  # e^710 is inf, and what follows is right all the same
            return np.array(self.forward(X))

    def __repr__(self):
        inside = ", ".join(f"{v!r}" for v in self.config().values())
        return f"{type(self).__name__}({inside})"


def _parameter(name):
    """A property that reads the view `_name` and, assigned to, copies into it."""

    def copy_into(self, value):
        errors.assign(getattr(self, name), value, f"{self!r}.{name}")

    return property(attrgetter("_" + name), copy_into, doc=f"The array {name}, a view.")


Layer.theta, Layer.grad = _parameter("theta"), _parameter("grad")


def chain(layers, shape=UNKNOWN):
    """The shape after all layers, for an input of this shape; a wrong one is refused."""
    for layer in layers:
        shape = layer.output_shape(shape)
    return shape


def check_fit(layers, X):
    """Refuse an X that does not fit some layer, before any of them keeps anything of it.

    One example goes through: only so is it known what a layer of one's own makes of a shape.
    """
    A = X[:1].copy()
    for layer in layers:
        layer.output_shape((len(X), *A.shape[1:]))
        try:
            with np.errstate(all="ignore"):
                A = layer.twin().forward(A)
        except Exception:  # a layer that cannot do with one example: its forward will tell
            return


def check_row(layers):
    """Refuse what cannot stand in one row of layers, before any of them is touched."""
    if not layers:
        errors.reject("Sequential expected at least one layer", "none")
    for i, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            mend = ""
            if hasattr(layer, "layers"):
                mend = "A network inside a network: write its layers out in one row."
            elif isinstance(layer, type) and issubclass(layer, Layer):
                mend = f"Make one with brackets: {layer.__name__}(...)."
            elif isinstance(layer, (list, tuple)):
                mend = "Unpack the list with a star: Sequential(*layers)."
            errors.reject("Sequential expected layers", errors.describe(layer), mend)
        if layer.adopted:
            errors.reject(
                "Sequential expected layers that belong to no network yet",
                f"{layer} at place {i}, which has one",
                "copy.deepcopy(layer) makes a free one with the same numbers.",
            )
        if any(layer is other for other in layers[:i]):
            errors.reject(
                "Sequential expected each layer once",
                f"the same {layer} again at place {i}",
                "Make a second one: each place keeps its own values for the way back.",
            )
    chain(layers)
