"""Is the derivative right? Measured, entry by entry, against the loss itself.

Derived in notebook 06: nudge one number, run again, divide.
"""

import copy
import gc
from types import FunctionType, ModuleType

import numpy as np

from . import errors
from .layer import Layer

FLOOR = 1e-4  # entries below this share of the largest one are judged on that scale
METHODS = ("central", "complex")
COMPLEX_STEP = 1e-30  # nothing is subtracted, so it can be as small as we like


def numerical_gradient(f, x, eps=1e-5, method="central"):
    """∂f/∂x for a function f of an array to one number, one entry of x at a time.

    method="central":  (f(x + ε) − f(x − ε)) / 2ε        error of order ε²
    method="complex":  Im f(x + iε) / ε                  no subtraction, hence no rounding error

    The complex step needs an f that computes with complex numbers all the way (no abs, no float()).
    x, of any shape, is left as it was; float32 is measured in float64.
    """
    x = errors.nudged(f, x, "numerical_gradient")
    eps = errors.positive(eps, "eps", "numerical_gradient")
    errors.one_of(method, METHODS, "method", "numerical_gradient")
    if method == "complex":
        eps, x = COMPLEX_STEP, x.astype(np.complex128)
    else:
        errors.felt(x, eps, "numerical_gradient")
    slopes = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        slopes[i] = _slope(f, x, i, eps, method)
    return slopes


def _slope(f, x, i, eps, method="central"):
    """∂f/∂x[i], measured; x is nudged in place and put back."""
    before = x[i]
    try:
        if method == "complex":
            x[i] = before + 1j * eps
            return np.imag(errors.single(f(x), "f")) / eps
        x[i] = before + eps
        up = errors.single(f(x), "f")
        x[i] = before - eps
        down = errors.single(f(x), "f")
    finally:
        x[i] = before
    return (up - down) / (2 * eps)


@np.errstate(over="ignore", invalid="ignore")  # the report says it in words
def check_gradients(
    net, loss, X, y, *, eps=1e-5, method="central", tolerance=1e-6, to_input=False
):  # fmt: skip
    """Compare every entry of the network's gradient with its measured value.

    Works on a copy in float64: the network, its gradient and its random streams stay as they are
    (dropout keeps one mask throughout). `to_input=True` checks ∂L/∂X too. Returns a
    GradientReport. Derived in notebook 06.
    """
    errors.one_of(method, METHODS, "method", "check_gradients")
    eps = errors.positive(eps, "eps", "check_gradients")
    order = "The order is check_gradients(net, loss, X, y)."
    errors.instance(net, "weight_mask", "check_gradients expected a network", order)
    errors.instance(loss, "check", "check_gradients expected a loss", order)
    X = errors.inputs(X, "check_gradients", net.takes, dtype=np.float64, copy=True)
    if to_input and net.takes != "floats":
        rule = "check_gradients with to_input=True expected a network that takes floats"
        errors.reject(rule, f"one that takes {net.takes}", "Integers cannot be nudged.")
    net.expect_complete("check_gradients")
    net.output_shape(X.shape)
    net, loss = copy.deepcopy(net), copy.deepcopy(loss)
    net.gather(np.float64)
    if not net.theta.size and not to_input:
        errors.reject("check_gradients expected parameters", "none", "Try to_input=True.")
    streams = net.streams
    states = [rng.bit_generator.state for rng in streams]

    def forward(_=None):
        for rng, state in zip(streams, states, strict=True):
            rng.bit_generator.state = state  # the same dropout mask every time
        return net.forward(X)

    def value(_=None):
        return loss.forward(forward(), y)

    _, y = loss.check(forward(), y)
    value()
    net.grad[...] = np.nan  # what backward does not write stays nan
    dX = net._backward(loss.backward(), to_input=True if to_input else None)
    analytic = _by_name(net, "d") | ({"X": dX} if to_input else {})
    analytic = {name: np.array(gradient) for name, gradient in analytic.items()}
    if method == "complex":
        eps = COMPLEX_STEP
        net.gather(np.complex128)
        X = X.astype(np.complex128) if net.takes == "floats" else X
    values = _by_name(net) | ({"X": X} if to_input else {})
    numeric = {name: np.zeros(array.shape) for name, array in values.items()}
    kinks = []
    for name, array in values.items():
        for i in np.ndindex(array.shape):
            measured = numeric[name][i] = _slope(value, array, i, eps, method)
            if method == "central" and _relative(analytic[name][i], measured) > tolerance:
                if _on_kink(value, array, i, eps, analytic[name][i]):
                    kinks.append((name, i))
    unreached = [name for name, gradient in analytic.items() if np.isnan(gradient).all()]
    unreached += [f"{layer} ({layer.size} parameters)" for layer in _out_of_sight(net)]
    return GradientReport(analytic, numeric, tolerance, kinks, unreached)


def _out_of_sight(net):
    """Layers with parameters that the network refers to, but not as attributes or in lists."""
    known = {id(layer) for _, layer in net.walk()}
    seen, queue, found = set(known), [vars(layer) for _, layer in net.walk()], []
    while queue:
        for each in gc.get_referents(queue.pop()):
            if id(each) in seen or isinstance(each, (type, ModuleType, np.ndarray)):
                continue
            seen.add(id(each))
            if isinstance(each, Layer):
                found += [each] if each.size else []
            else:  # of a function its closure, not the globals of its file
                queue.append(each.__closure__ if isinstance(each, FunctionType) else each)
    return found


def _by_name(net, prefix=""):
    return {
        f"{path}.{name}": getattr(layer, prefix + name)
        for path, layer in net.walk()
        for name in layer.shapes
    }


def _on_kink(f, x, i, eps, analytic):
    """True where the slopes to the left and to the right differ and `analytic` is one of them."""
    here, before = f(x), x[i]
    try:
        x[i] = before + eps
        right = (f(x) - here) / eps
        x[i] = before - eps
        left = (here - f(x)) / eps
    finally:
        x[i] = before
    size = max(abs(left), abs(right))
    differ = abs(right - left) > 1e-2 * size
    return differ and min(abs(analytic - left), abs(analytic - right)) < 1e-3 * size


def relative_error(analytic, numeric):
    """|a − n| / max(|a|, |n|), entry by entry.

    Entries far below the largest one (`FLOOR` times it) are measured on its scale: there the
    numeric value is mostly rounding error.
    """
    analytic = errors.floats(analytic, "relative_error", "the first gradient")
    numeric = errors.floats(numeric, "relative_error", "the second one")
    rule = f"relative_error expected two gradients of one shape, {analytic.shape}"
    errors.shaped(numeric, analytic.shape, rule)
    with np.errstate(over="ignore"):  # as far apart as floats go
        return _relative(analytic, numeric)


def _relative(analytic, numeric):
    """`relative_error` for whatever a backward has written, NaN included."""
    size = np.maximum(np.abs(analytic), np.abs(numeric))
    scale = np.maximum(size, FLOOR * size.max(initial=0))
    scale = np.where(scale == 0, 1, scale)
    return np.abs(analytic - numeric) / scale


class GradientReport:
    """The outcome of `check_gradients`: true when every entry agrees; prints as a table.

    passed, error      whether all agree, and the largest relative error
    worst              (name, index, analytic, numeric) of the entry with the largest error
    analytic, numeric  two dicts from a name such as "layers[0].W" to an array; errors likewise
    kinks              entries that sit on a kink of the loss, where either one-sided slope is right
    unreached          parameters that no backward wrote a gradient for; with any, nothing passes
    """

    def __init__(self, analytic, numeric, tolerance, kinks=(), unreached=()):
        self.analytic, self.numeric = analytic, numeric
        self.tolerance, self.kinks, self.unreached = tolerance, list(kinks), list(unreached)
        both = [np.concatenate([v.ravel() for v in d.values()]) for d in (analytic, numeric)]
        entries = np.nan_to_num(_relative(*both), nan=np.inf)
        cuts = np.cumsum([v.size for v in analytic.values()])[:-1]
        parts = zip(analytic, np.split(entries, cuts), strict=True)
        self.errors = {name: part.reshape(analytic[name].shape) for name, part in parts}
        for name, index in self.kinks:
            self.errors[name][index] = 0.0
        name = max(self.errors, key=lambda name: self.errors[name].max())
        index = np.unravel_index(self.errors[name].argmax(), self.errors[name].shape)
        self.error = float(self.errors[name][index])
        self.passed = self.error <= tolerance and not self.unreached
        values = float(analytic[name][index]), float(numeric[name][index])
        self.worst = (name, tuple(int(i) for i in index), *values)

    def __bool__(self):
        return self.passed

    def __repr__(self):
        width = max(len(name) for name in self.errors)
        lines = [f"{'':{width}}  entries  largest relative error"]
        for name, e in self.errors.items():
            mark = "" if e.max() <= self.tolerance else "   <- wrong"
            lines.append(f"{name:{width}}  {e.size:7}  {e.max():.1e}{mark}")
        name, index, analytic, numeric = self.worst
        worst = _entry(name, index)
        lines.append(f"worst entry: {worst}  analytic {analytic:.9g}  numeric {numeric:.9g}")
        if self.kinks:
            names = ", ".join(_entry(*kink) for kink in self.kinks)
            lines.append(f"on a kink, where either slope is right: {names}")
        if self.unreached:
            lines.append(f"no gradient reached: {', '.join(self.unreached)}")
            lines.append(
                "  a backward that did not run, or that adds to what it should write anew;"
            )
            lines.append("  or a layer that is held neither as an attribute nor in a list")
        verdict = "agree" if self.passed else "DO NOT agree"
        lines.append(f"analytic and numeric gradients {verdict} (tolerance {self.tolerance:.0e})")
        return "\n".join(lines)


def _entry(name, index):
    return f"{name}[{', '.join(map(str, index))}]"
