"""What a learner's function hands back, copied at once and brought into one usual kind.

Arrays of any library become NumPy's, iterators become lists, fractions become floats. A copy,
since a buffer that is used again would show the last answer everywhere. What cannot be brought
into a usual kind stays what it is: measure.py then says of what type it is.
"""

import collections
import itertools
from collections.abc import Iterator, Mapping, ValuesView
from decimal import Decimal
from numbers import Number

import numpy as np

MANY = 1000  # an iterator may have no end
DEEP = 20  # a list may hold itself


def settled(value, depth=0):
    """The value, copied, of a usual kind."""
    if value is None or value is ... or isinstance(value, (str, bytes, bool, int, float, complex)):
        return value
    if depth > DEEP or isinstance(value, (np.generic, type)):
        return value
    if isinstance(value, np.ndarray):
        return from_array(value, depth)
    if isinstance(value, Mapping):
        return {key: settled(each, depth + 1) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return (tuple if isinstance(value, tuple) else list)(settled(v, depth + 1) for v in value)
    if isinstance(value, (Iterator, ValuesView, collections.deque, range)):
        return [settled(each, depth + 1) for each in itertools.islice(value, MANY)]
    if isinstance(value, (Number, Decimal)):
        return as_float(value)
    return from_library(value)


def from_array(array, depth):
    if array.dtype.kind != "O":
        return np.array(array)
    try:
        return np.array(settled(array.tolist(), depth + 1))
    except Exception:  # rows of different lengths
        return settled(array.tolist(), depth + 1) if array.ndim == 1 else array.copy()


def as_float(number):
    try:
        return float(number)
    except Exception:
        return number


def from_library(value):
    """An array of PyTorch, JAX, pandas and others; anything else as it is."""
    try:
        if hasattr(value, "detach") and hasattr(value, "numpy"):
            value = value.detach().cpu()
            return np.array(value.numpy())
        if hasattr(value, "__array__"):
            array = np.array(value)
            return value if array.dtype.kind == "O" else array
    except Exception:  # an object that objects
        pass
    return value
