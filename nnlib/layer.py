"""Layer, the base of every layer: its parameters are views into one flat vector.

A layer of your own declares its parameters, forward, backward, and its constructor's arguments:

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

A layer may hold other layers, as attributes or in lists, to any depth. Their parameters belong to
it and live in the same vector: its own first, then theirs, in the order of the attributes.

    class Residual(nn.Layer):
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
            return dA + dX                      # the two paths to X add up

        def config(self):
            return {"layers": self.layers}
"""

import copy
import math
from operator import attrgetter

import numpy as np

from . import errors
from .functional import INITIAL

UNKNOWN = None  # a shape known only by running the layer


class Layer:
    """One step of a network. Its parameters are views into one flat vector `theta`, their
    gradients into `grad`: its own small vectors at first, the network's once it belongs to one.
    """

    takes = "floats"  # or "integers": what X holds, for a layer such as an embedding
    gives_probabilities = False  # True where the output needs no softmax to be read as one
    training = True  # False in evaluation mode; only layers such as Dropout ask
    adopted = False  # True once it belongs to a network
    adopts = False  # True for a network: what it holds belongs to it
    can_skip_input = False  # True where backward has a parameter `to_input`
    shapes = {}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        # checked for every subclass: one of Linear may define a plain backward(dZ)
        code = getattr(cls.backward, "__code__", None)
        cls.can_skip_input = code is not None and "to_input" in _parameters(code)

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
        """What the constructor needs to make this layer again: numbers, texts, lists, layers."""
        return {}

    def initial(self, name, shape, rng):
        """Starting values of one parameter: He for tables of weights, zeros for vectors."""
        if len(shape) < 2:
            return np.zeros(shape)
        return INITIAL["he"](math.prod(shape[:-1]), shape[-1], rng).reshape(shape)

    def output_shape(self, shape):
        """The shape that comes out for an input of this shape; a wrong one is refused here."""
        return UNKNOWN

    @property
    def called(self):
        """What an error message calls it."""
        return repr(self)

    # --- the layers inside ---------------------------------------------------------------------

    def inside(self):
        """Pairs (name, layer) of the layers held: ("gate", ...), ("parts[0]", ...)."""
        seen = set()
        for name, value in vars(self).items():
            # an alias for a layer adds no second one
            found = [pair for pair in _layers_in(value, name) if id(pair[1]) not in seen]
            seen.update(id(layer) for _, layer in found)
            yield from found

    def walk(self, name="", above=()):
        """Pairs (name, layer): this layer, then all that it holds, to any depth."""
        yield name, self
        above = (*above, self)
        for inner, layer in self.inside():
            if not any(
                layer is holder for holder in above
            ):  # a reference to a parent is not a child
                yield from layer.walk(f"{name}.{inner}" if name else inner, above)

    @property
    def streams(self):
        """The random generators in it, such as a Dropout's: set back, it runs twice alike."""
        return [layer.rng for _, layer in self.walk() if hasattr(layer, "rng")]

    # --- how its parameters live in one vector -------------------------------------------------

    @property
    def own_size(self):
        """The number of parameters that it declares itself."""
        return sum(math.prod(shape) for shape in self.shapes.values())

    @property
    def size(self):
        """The number of parameters, those of the layers inside included."""
        return self.own_size + sum(layer.size for _, layer in self.inside())

    @property
    def has_values(self):
        """True once its parameters hold numbers: drawn, assigned or looked at."""
        return "_theta" in self.__dict__

    def initialise(self, rng, keep=False):
        """Draw starting values, its own and those of the layers inside.

        With `keep`, layers inside that have values already keep them.
        """
        rng, begun = errors.generator(rng, self), self.has_values
        if not begun:
            n = self.own_size
            self._bind_own(errors.zeros(n, float, self), errors.zeros(n, float, self))
        for name, shape in self.shapes.items():
            getattr(self, name)[...] = self.initial(name, shape, rng)
        for _, layer in self.inside():
            if not (keep and layer.has_values):
                layer.initialise(rng, keep)
        if not begun:
            self.gather()

    def gather(self, dtype=None):
        """Move all parameters into one new vector, and make them views of it."""
        parts = [self, *(layer for _, layer in self.inside())]
        n = self.own_size
        theta = [self._theta[:n], *(layer.theta for layer in parts[1:])]
        grad = [self._grad[:n], *(layer.grad for layer in parts[1:])]
        dtype = dtype or np.result_type(*theta)
        self.bind(*(np.concatenate(vectors).astype(dtype) for vectors in (theta, grad)))

    def bind(self, theta, grad):
        """Let all parameters be views into theta, and their gradients views into grad."""
        self._bind_own(theta, grad)
        start = self.own_size
        for _, layer in self.inside():
            stop = start + layer.size
            layer.bind(theta[start:stop], grad[start:stop])
            start = stop

    def _bind_own(self, theta, grad):
        self._theta, self._grad = theta, grad
        start = 0
        for name, shape in self.shapes.items():
            stop = start + math.prod(shape)
            setattr(self, "_" + name, theta[start:stop].reshape(shape))
            setattr(self, "_d" + name, grad[start:stop].reshape(shape))
            start = stop

    def __getattr__(self, name):
        """Called for missing attributes: a standalone layer draws its values on first access."""
        shapes = self.__dict__.get("shapes", {})
        if name in ("theta", "grad", *shapes, *("d" + each for each in shapes)):
            if not self.has_values:
                self.initialise(None, keep=True)
                return getattr(self, name)
        raise AttributeError(
            f"{type(self).__name__} has no attribute {name!r}. "
            "If backward looked for it: forward comes first, and keeps what backward needs."
        )

    # --- copies --------------------------------------------------------------------------------

    def __getstate__(self):
        """A copy owns its numbers, and the layers inside own theirs; the views are made again."""
        views = {"_" + each for name in self.shapes for each in (name, "d" + name)}
        state = {k: v for k, v in self.__dict__.items() if k not in views | {"adopted"}}
        if self.has_values:
            n = self.own_size
            state["_theta"], state["_grad"] = self._theta[:n].copy(), self._grad[:n].copy()
        return state

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._declare()
        if self.has_values:
            self.gather()

    def __copy__(self):
        return copy.deepcopy(self)  # a shallow copy would share its parameters with the original

    def twin(self):
        """The same layer in evaluation mode: shared parameters, its own stored intermediates."""
        if not self.has_values:
            self.initialise(None, keep=True)
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__, training=False)
        twins = {id(layer): layer.twin() for _, layer in self.inside()}
        if twins:
            for name, value in self.__dict__.items():
                twin.__dict__[name] = _exchanged(value, twins)
        return twin

    def train(self, mode=True):
        """Training mode, also of the layers inside: Dropout is active. Returns the layer."""
        for _, layer in self.walk():
            layer.training = bool(mode)
        return self

    def eval(self):
        """Evaluation mode: the layer as it is used. Returns the layer."""
        return self.train(False)

    # --- used alone ----------------------------------------------------------------------------

    def __call__(self, X):
        """Check X, then `forward`. What is returned belongs to the caller."""
        X = errors.inputs(X, self, self.takes, copy=True, kinds=errors.COMPLEX)
        self.output_shape(X.shape)
        with np.errstate(over="ignore", invalid="ignore"):  # e^710 is inf; inf − inf shows as nan
            return np.array(self.forward(X))

    def __repr__(self):
        inside = ", ".join(f"{v!r}" for v in self.config().values())
        return f"{type(self).__name__}({inside})"


HOLDERS = (list, tuple, dict)


def _layers_in(value, name):
    """Pairs (name, layer) of the layers in an attribute's value: itself, or in lists and dicts."""
    if isinstance(value, Layer):
        yield name, value
    elif isinstance(value, HOLDERS):
        places = value.items() if isinstance(value, dict) else enumerate(value)
        for place, each in places:
            yield from _layers_in(each, f"{name}[{place!r}]")


def _exchanged(value, twins):
    """The value of an attribute with the twin of each layer in its place."""
    if isinstance(value, Layer):
        return twins[id(value)]
    if isinstance(value, dict):
        return {key: _exchanged(each, twins) for key, each in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_exchanged(each, twins) for each in value)
    return value


def _parameters(code):
    """The names of a function's parameters, without its local variables."""
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _parameter(name):
    """A property that reads the view `_name` and, assigned to, copies into it."""

    def copy_into(self, value):
        errors.assign(getattr(self, name), value, f"{self.called}.{name}")

    return property(attrgetter("_" + name), copy_into, doc=f"The array {name}, a view.")


Layer.theta, Layer.grad = _parameter("theta"), _parameter("grad")


class Random(Layer):
    """A layer that draws numbers in training, from a stream of its own.

    The network's `rng` gives it that stream, unless it was made with an `rng` itself.
    """

    def __init__(self, rng=None):
        self.rng = errors.generator(rng, type(self).__name__)
        self._seeded = rng is not None
        super().__init__()

    def initialise(self, rng, keep=False):
        super().initialise(rng, keep)
        if not self._seeded:  # a stream of its own: the weights after it stay the same
            self.rng = errors.generator(rng, self).spawn(1)[0]

    def output_shape(self, shape):
        return shape


def check_fit(layers, X):
    """Refuse an X that does not fit some layer, before any of them stores anything.

    A single example is passed through: a custom layer's output shape is not known otherwise.
    """
    A = X[:1].copy()
    for layer in layers:
        layer.output_shape((len(X), *A.shape[1:]))
        try:
            with np.errstate(all="ignore"):
                A = layer.twin().forward(A)
        except Exception:  # a layer that cannot take a single example; the real forward will raise
            return


def check_row(layers):
    """Refuse layers that cannot form a network, before any of them is modified."""
    if not layers:
        errors.reject("Sequential expected at least one layer", "none")
    met = []
    for i, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            fix = ""
            if isinstance(layer, type) and issubclass(layer, Layer):
                fix = f"Make one with brackets: {layer.__name__}(...)."
            elif isinstance(layer, (list, tuple)):
                fix = "Unpack the list with a star: Sequential(*layers)."
            errors.reject("Sequential expected layers", errors.describe(layer), fix)
        for each in _taken(layer):
            errors.reject(
                "Sequential expected layers that belong to no network yet",
                f"{each} at place {i}, which has one",
                "copy.deepcopy(layer) makes a free one with the same numbers.",
            )
        for _, each in layer.walk():
            if any(each is other for other in met):
                errors.reject(
                    "Sequential expected each layer once",
                    f"the same {each} again at place {i}",
                    "Make a second one: each place keeps its own values for the backward pass.",
                )
            met.append(each)


def _taken(layer):
    """This layer, or layers inside it, that belong to another network already."""
    if layer.adopted:
        yield layer
    elif not layer.adopts:
        for _, each in layer.inside():
            yield from _taken(each)
