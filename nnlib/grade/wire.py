"""Values as bytes, between the grader and the process of a learner: JSON and raw arrays, no pickle.

What comes from the learner's process can be any bytes. Reading them makes numbers, texts, lists,
dictionaries and arrays, and nothing else; sizes are limited, and what does not fit raises
`Garbled`.

The arguments of a call have numbers, so that it can be said of what comes back that it *is* an
argument, or a part of its memory, and what became of each argument.
"""

import json
import struct
from collections.abc import Iterator, Mapping, ValuesView
from itertools import islice
from types import SimpleNamespace

import numpy as np

LARGEST = 64 * 2**20  # bytes of a message
MANY = 1000  # items of an iterator, which may have no end
DEEP = 30
HEAD = struct.Struct("<II")
PLAIN = "biufcSUmM?"  # kinds of arrays


class Garbled(Exception):
    """Bytes that are no message."""


class Home:
    """The functions and the arguments of this side; what the other side calls by number."""

    def __init__(self):
        self.functions, self.numbers = [], {}
        self.forget()

    def forget(self):
        """A new call: its arguments get new numbers."""
        self.objects, self.keys = [], {}

    def keep(self, thing):
        self.keys[id(thing)] = len(self.objects)
        self.objects.append(thing)
        return thing

    def number(self, function):
        if id(function) not in self.numbers:
            self.numbers[id(function)] = len(self.functions)
            self.functions.append(function)
        return self.numbers[id(function)]


class Packer:
    """A value as a tree that JSON can hold, and the raw bytes of its arrays.

    new: containers get numbers, as the arguments of a call do. settle(value): a value of a kind
    that is not known here as one that is. describe(function): what to tell of a function.
    """

    def __init__(self, home, new=False, settle=None, describe=None):
        self.home, self.new, self.settle = home, new, settle
        self.describe = describe or (lambda function: {})
        self.raw = []

    def pack(self, value, depth=0):
        if value is None or value is True or value is False or type(value) is str:
            return value
        if type(value) is int:
            return value if abs(value) < 2**63 else float(value)
        if type(value) is float:
            return value
        if value is ...:
            return ["..."]
        if id(value) in self.home.keys:
            return ["x", self.home.keys[id(value)]]
        if depth > DEEP:
            return ["?", "object that holds itself"]
        return self.container(value, depth + 1)

    def container(self, value, depth):
        if isinstance(value, np.ndarray):
            return self.array(value)
        if isinstance(value, np.generic) and value.dtype.kind in PLAIN:
            return ["n", value.dtype.str, self.put(value.tobytes())]
        if isinstance(value, tuple):
            return ["t", [self.pack(each, depth) for each in value]]
        if isinstance(value, list):
            self.met(value)
            return ["l", [self.pack(each, depth) for each in value]]
        if isinstance(value, Mapping):
            self.met(value)
            return ["d", [[self.pack(k, depth), self.pack(v, depth)] for k, v in value.items()]]
        if isinstance(value, complex):
            return ["c", value.real, value.imag]
        if isinstance(value, np.random.Generator):
            self.met(value)
            return ["r", self.state(value)]
        if self.new and (type(value) is SimpleNamespace or type(value).__name__ == "Value"):
            self.met(value)
            return ["o", type(value).__name__, self.attributes(value, depth)]
        if isinstance(value, (Iterator, ValuesView)):
            return ["l", [self.pack(each, depth) for each in islice(value, MANY)]]
        if isinstance(value, type):
            return ["k", value.__module__.partition(".")[0], value.__name__]
        if callable(value):
            return ["f", self.home.number(value), self.describe(value)]
        if self.settle is not None:
            other = self.settle(value)
            if other is not value:
                return self.pack(other, depth)
        return ["?", type(value).__name__]

    def met(self, thing):
        if self.new:
            self.home.keep(thing)

    def put(self, data):
        self.raw.append(data)
        return len(self.raw) - 1

    def attributes(self, value, depth=0):
        return [[name, self.pack(each, depth)] for name, each in vars(value).items()]

    def array(self, value):
        if value.dtype.kind not in PLAIN:
            other = self.settle(value) if self.settle else value
            if not isinstance(other, np.ndarray) or other.dtype.kind not in PLAIN:
                return ["?", "ndarray"]
            value = other
        self.met(value)
        if not self.new:
            for number, base in enumerate(self.home.objects):
                if isinstance(base, np.ndarray) and part_of(value, base):
                    start = address(value) - address(base)
                    return ["v", number, start, list(value.shape), list(value.strides)]
        return self.copied(value)

    def copied(self, value):
        if value.nbytes > LARGEST:
            return ["?", "ndarray of more than 64 MB"]
        return ["a", value.dtype.str, list(value.shape), self.put(value.tobytes())]

    def state(self, rng):
        return plain_state(rng.bit_generator.state)

    def after(self):
        """What became of the arguments: one entry for each object that has a number."""
        entries = []
        for thing in self.home.objects:
            if isinstance(thing, np.ndarray):
                entries.append(self.copied(thing))
            elif isinstance(thing, list):
                entries.append([self.pack(each) for each in thing])
            elif isinstance(thing, dict):
                entries.append([[self.pack(k), self.pack(v)] for k, v in thing.items()])
            elif isinstance(thing, np.random.Generator):
                entries.append(self.state(thing))
            else:
                entries.append(self.attributes(thing))
        return entries


def part_of(value, base):
    return (
        base.flags.c_contiguous
        and value.size > 0
        and value.dtype == base.dtype
        and np.may_share_memory(value, base)
    )


def address(array):
    return array.__array_interface__["data"][0]


def plain_state(state):
    """The state of a bit generator, its arrays as lists."""
    if isinstance(state, dict):
        return {name: plain_state(each) for name, each in state.items()}
    return state.tolist() if isinstance(state, (np.ndarray, np.generic)) else state


class Unpacker:
    """The value of a tree; far(number, description) makes a function of the other side."""

    def __init__(self, home, raw, far, new=False):
        self.home, self.raw, self.far, self.new = home, raw, far, new

    def unpack(self, tree):
        try:
            return self.value(tree)
        except (Garbled, MemoryError):
            raise
        except Exception as error:
            raise Garbled(str(error)) from None

    def value(self, tree):
        if not isinstance(tree, list):
            if isinstance(tree, dict):
                raise Garbled("a bare dictionary")
            return tree
        tag, *rest = tree
        return getattr(self, READ[tag])(*rest)

    def met(self, thing):
        return self.home.keep(thing) if self.new else thing

    def dots(self):
        return ...

    def known(self, number):
        return self.home.objects[number]

    def several(self, items):
        return tuple(self.value(each) for each in items)

    def row(self, items):
        made = self.met([])
        made.extend(self.value(each) for each in items)
        return made

    def table(self, items):
        made = self.met({})
        made.update((self.value(k), self.value(v)) for k, v in items)
        return made

    def complex(self, real, imag):
        return complex(real, imag)

    def one(self, dtype, number):
        return np.frombuffer(self.raw[number], self.dtype(dtype))[0]

    def array(self, dtype, shape, number):
        flat = np.frombuffer(self.raw[number], self.dtype(dtype))
        return self.met(flat.reshape(shape).copy())

    def dtype(self, text):
        dtype = np.dtype(text) if isinstance(text, str) else None
        if dtype is None or dtype.kind not in PLAIN:
            raise Garbled(f"an array of {text!r}")
        return dtype

    def view(self, number, start, shape, strides):
        base = self.home.objects[number]
        return np.ndarray(tuple(shape), base.dtype, base, start, tuple(strides))  # checks bounds

    def rng(self, state):
        made = np.random.Generator(getattr(np.random, BITS[state["bit_generator"]])(0))
        made.bit_generator.state = state
        return self.met(made)

    def thing(self, kind, attributes):
        if kind == "Value":
            from ..autodiff import Value as cls
        else:
            cls = SimpleNamespace
        made = self.met(cls.__new__(cls))
        for name, each in attributes:
            vars(made)[name] = self.value(each)
        return made

    def function(self, number, about):
        return self.far(number, about)

    def nnlibs(self, module, name):
        import nnlib

        found = getattr(nnlib, name, None) if module == "nnlib" and name.isidentifier() else None
        return found if isinstance(found, type) else opaque(name)

    def other(self, kind):
        return opaque(kind)()

    def apply(self, entries):
        """Bring the arguments of this side to what became of them on the other one."""
        for thing, entry in zip(self.home.objects, entries, strict=True):
            try:
                self.bring(thing, entry)
            except MemoryError:
                raise
            except Exception as error:
                raise Garbled(str(error)) from None

    def bring(self, thing, entry):
        if isinstance(thing, np.ndarray):
            new = self.array(*entry[1:])
            if new.shape != thing.shape:
                thing.shape = new.shape
            if thing.flags.writeable and thing.dtype == new.dtype:
                thing[...] = new
        elif isinstance(thing, list):
            thing[:] = [self.value(each) for each in entry]
        elif isinstance(thing, dict):
            new = {self.value(k): self.value(v) for k, v in entry}
            thing.clear()
            thing.update(new)
        elif isinstance(thing, np.random.Generator):
            thing.bit_generator.state = entry
        elif isinstance(thing, SimpleNamespace):
            vars(thing).update((name, self.value(each)) for name, each in entry)


READ = {
    "...": "dots", "x": "known", "t": "several", "l": "row", "d": "table", "c": "complex",
    "n": "one", "a": "array", "v": "view", "r": "rng", "o": "thing", "f": "function",
    "k": "nnlibs", "?": "other",
}  # fmt: skip
BITS = {name: name for name in ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")}


def opaque(name):
    """A type of that name, of which nothing else is known."""
    return type(name if isinstance(name, str) else "object", (), {})


# ---------------------------------------------------------------- messages


def to_bytes(tree, raw=()):
    text = json.dumps([tree, [len(each) for each in raw]]).encode("ascii")
    body = b"".join([text, *raw])
    if len(body) > LARGEST:
        raise Garbled("what comes back is larger than 64 MB")
    return HEAD.pack(len(body), len(text)) + body


def from_bytes(body, size):
    """The tree and the raw parts of a message without its head; size is that of the text."""
    try:
        tree, lengths = json.loads(body[:size].decode("ascii"))
        raw, at = [], size
        for length in lengths:
            if not isinstance(length, int) or not 0 <= length <= len(body) - at:
                raise Garbled("a wrong length")
            raw.append(body[at : at + length])
            at += length
    except (ValueError, TypeError, RecursionError) as error:
        raise Garbled(str(error)) from None
    return tree, raw
