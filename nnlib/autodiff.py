"""Reverse-mode automatic differentiation: a Value remembers how it was computed.

    W, b = Value([[1.0, -2.0], [0.5, 3.0]]), Value([0.1, 0.2])
    L = (X @ W + b).tanh().sum()     # any formula of the operations below
    L.backward()                     # W.grad is ∂L/∂W, in the shape of W; b.grad, ∂L/∂b

Each operation has a forward pass and a rule: from d = ∂L/∂result to each operand's gradient (15).
"""

from operator import matmul, sub, truediv

import numpy as np

from . import errors


def unbroadcast(grad, shape):
    """The gradient of what had this shape before broadcasting: a copied number collects a sum."""
    if grad.shape == shape:
        return grad
    new = grad.ndim - len(shape)  # axes that broadcasting put in front
    stretched = (new + axis for axis, n in enumerate(shape) if n == 1)
    return grad.sum(axis=(*range(new), *stretched)).reshape(shape)


def topological_order(node):
    """node and all that it was computed from, each once, operands before results; no recursion."""
    order, seen, todo = [], set(), [(node, False)]
    while todo:
        node, operands_done = todo.pop()
        if operands_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            todo += [(node, True), *((parent, False) for parent in node.parents)]
    return order


def as_value(data):
    return data if isinstance(data, Value) else Value(data)


def reflected(operation):
    """What Python calls where the left operand is no Value: 1 - v, 1 / v, array @ v."""
    return lambda self, other: operation(as_value(other), self)


class Value:
    """An array of float64 (or one number), its parents, and the rule that leads back to them.

    `data` is a copy that cannot be changed, because rules read it later: an update makes a new
    Value. Raises ValueError for data that is not finite numbers.
    """

    __array_ufunc__ = None  # array * Value asks Value, not NumPy

    def __init__(self, data, parents=(), rule=None):
        if not parents:
            data = errors.floats(data, "Value", "data", dtype=float, copy=True)
        self._data = np.asarray(data)
        self._data.flags.writeable = False
        self.parents, self.rule, self.grad = parents, rule, None

    def _refuse(self, data):
        errors.reject("Value expected its data to stay", "an assignment", "Make a new Value of it.")

    data = property(lambda self: self._data, _refuse)
    shape = property(lambda self: self._data.shape)

    def __repr__(self):
        return f"Value({self.data.tolist()})"

    def backward(self):
        """Write ∂self/∂node into every node's grad; overwrite what an earlier call left there."""
        if self.data.size != 1:
            errors.reject("backward expected one number", f"shape {self.shape}", "Use x.sum().")
        order = topological_order(self)
        for node in order:
            node.grad = np.zeros(node.shape)
        self.grad += 1  # ∂L/∂L
        for node in reversed(order):  # its grad is complete: all that use it have come before
            grads = node.rule(node.grad) if node.parents else ()
            for parent, grad in zip(node.parents, grads, strict=True):
                parent.grad += unbroadcast(grad, parent.shape)  # paths add

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, (self, other), lambda d: (d, d))

    def __mul__(self, other):
        a, b = self, as_value(other)
        return Value(a.data * b.data, (a, b), lambda d: (d * b.data, d * a.data))

    def __truediv__(self, other):
        a, b = self, as_value(other)
        return Value(a.data / b.data, (a, b), lambda d: (d / b.data, -d * a.data / b.data**2))

    def __pow__(self, n):  # a plain number
        x = self.data
        return Value(x**n, (self,), lambda d: (d * (n * x ** (n - 1) if n else 0),))

    def __matmul__(self, other):
        a, b = self, as_value(other)
        if min(a.data.ndim, b.data.ndim) < 2 or a.shape[-1] != b.shape[-2]:
            rule = "@ expected tables (..., n, m) @ (..., m, k)"
            errors.reject(rule, f"{a.shape} @ {b.shape}", "Give a vector its second axis: [None].")
        return Value(a.data @ b.data, (a, b), lambda d: (d @ b.data.mT, a.data.mT @ d))

    def exp(self):
        e = np.exp(self.data)
        return Value(e, (self,), lambda d: (d * e,))

    def log(self):
        return Value(np.log(self.data), (self,), lambda d: (d / self.data,))

    def tanh(self):
        t = np.tanh(self.data)
        return Value(t, (self,), lambda d: (d * (1 - t**2),))

    def relu(self):
        return Value(np.maximum(0, self.data), (self,), lambda d: (d * (self.data > 0),))

    def sum(self, axis=None, keepdims=False):
        kept = self.data.sum(axis, keepdims=True).shape
        total = self.data.sum(axis, keepdims=keepdims)
        return Value(total, (self,), lambda d: (d.reshape(kept) + np.zeros(self.shape),))

    def max(self, axis, keepdims=False):
        first = np.expand_dims(self.data.argmax(axis), axis)  # of equals the first one, as in 17
        mask = np.zeros(self.shape)
        np.put_along_axis(mask, first, 1, axis)
        m = self.data.max(axis, keepdims=keepdims)
        return Value(m, (self,), lambda d: (d.reshape(first.shape) * mask,))

    def __getitem__(self, index):
        def rule(d, shape=self.shape):
            grad = np.zeros(shape)
            np.add.at(grad, index, d)  # an entry that is taken twice collects a sum
            return (grad,)

        return Value(self.data[index], (self,), rule)

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -as_value(other)

    __radd__, __rmul__ = __add__, __mul__
    __rsub__, __rtruediv__, __rmatmul__ = map(reflected, (sub, truediv, matmul))
