"""What the fuzz tests share: the number of examples, arrays in disguise, what an answer may be.

500 examples in all, always the same ones, in `make test`; `make fuzz` draws 10,000 new ones.
"""

import os
import tempfile
import traceback
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

EXAMPLES = int(os.environ.get("NNLIB_FUZZ", 500))
SHARES = {  # of all examples, in per cent; an example of `machine` is a whole sequence of calls
    "functions": 14, "labels": 12, "losses": 12, "layers": 18, "networks": 8, "settings": 12,
    "data": 6, "gradients": 6, "schedules": 4, "machine": 4, "hands": 4,
}  # fmt: skip
ERRORS = Path(__file__).parents[2] / "nnlib" / "errors.py"


def fuzzed(part):
    """Settings of a fuzz test: its share of the examples."""
    return settings(
        max_examples=max(1, round(EXAMPLES * SHARES[part] / 100)),
        derandomize=EXAMPLES <= 500,
        deadline=None,
        database=None,
        phases={Phase.generate, Phase.shrink} & set(settings.default.phases),
        suppress_health_check=list(HealthCheck),
        stateful_step_count=25,
    )


# ---------------------------------------------------------------- numbers

INTEGERS = ("bool", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8")
FLOATS = ("f2", "f4", "f8", "g")
NO_NUMBERS = ("O", "U3", "S3", "M8[s]", "m8[s]", "V4")
SINGLES = ("F", "D", "G")  # complex

SMALL = st.floats(-8, 8, width=16)
ODD_NUMBERS = (0.0, -0.0, 1.0, 5e-324, -1e-310, 1e-40, 700.0, -745.5, 89.0, 1e30, -3e38, 1e155,
               1.7e308, -1.7e308, np.nan, np.inf, -np.inf)  # fmt: skip


@st.composite
def plain_arrays(draw, shape=None, kinds=INTEGERS + FLOATS, odd=True):
    """A plain array of any kind of number."""
    if shape is None:
        shape = draw(hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    dtype = np.dtype(draw(st.sampled_from(kinds)))
    size = int(np.prod(shape, dtype=int))
    if dtype.kind in "iu":
        numbers = np.iinfo(dtype)
        few = st.integers(max(-3, numbers.min), 3)
        one = few | st.sampled_from((numbers.min, numbers.max)) if odd else few
    elif dtype.kind == "b":
        one = st.booleans()
    elif dtype.kind == "f":
        one = SMALL | SMALL | SMALL | st.sampled_from(ODD_NUMBERS) if odd else SMALL
    elif dtype.kind == "c":
        one = st.builds(complex, SMALL, SMALL)
    else:
        one = st.integers(0, 9)
    values = draw(st.lists(one, min_size=size, max_size=size))
    if dtype.kind == "V":
        return np.zeros(shape, dtype)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(np.array(values, object).reshape(shape).astype(dtype))


# ---------------------------------------------------------------- disguises


class Subclass(np.ndarray):
    """A subclass that objects to whatever is computed with it: it must be turned into an array."""

    def __array_ufunc__(self, *some, **more):
        raise AssertionError("computed with a subclass of ndarray")

    def __array_function__(self, *some, **more):
        raise AssertionError("computed with a subclass of ndarray")


class Frame:
    """What a table of pandas is to NumPy: something that turns into an array."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


def _memory_mapped(A):
    if not A.size:
        return A
    with tempfile.TemporaryFile() as space:
        file = np.memmap(space, dtype=A.dtype, mode="w+", shape=A.shape or (1,))
    file[...] = A
    return file.reshape(A.shape)


def _matrix(A):
    with warnings.catch_warnings():  # NumPy means to give it up
        warnings.simplefilter("ignore")
        return np.asmatrix(A.copy())


def _unaligned(A):
    space = np.zeros(A.nbytes + 1, np.uint8)[1:]
    odd = space.view(A.dtype).reshape(A.shape) if A.size else A.copy()
    odd[...] = A
    return odd


def _strided(A):
    wide = np.zeros((*A.shape[:-1], 2 * A.shape[-1]), A.dtype)
    wide[..., ::2] = A
    return wide[..., ::2]


def _read_only(A):
    A = A.copy()
    A.flags.writeable = False
    return A


def _hidden(A):
    mask = np.zeros(A.shape, bool)
    mask.flat[-1] = True
    return np.ma.masked_array(A.copy(), mask)


DISGUISES = {
    "plain": lambda A: A.copy(),
    "list": lambda A: A.tolist(),
    "tuple": lambda A: tuple(A.tolist()),
    "rows": lambda A: list(A.copy()),
    "Fortran": np.asfortranarray,
    "strided": _strided,
    "backwards": lambda A: A[::-1].copy()[::-1],
    "one row again and again": lambda A: np.broadcast_to(A[:1], A.shape),
    "read-only": _read_only,
    "big-endian": lambda A: A.astype(A.dtype.newbyteorder(">")),
    "unaligned": _unaligned,
    "memory-mapped": _memory_mapped,
    "subclass": lambda A: A.copy().view(Subclass),
    "matrix": _matrix,
    "frame": lambda A: Frame(A.copy()),
    "objects": lambda A: A.astype(object),
    "masked, nothing": lambda A: np.ma.masked_array(A.copy(), np.zeros(A.shape, bool)),
    "masked": _hidden,
    "rows of masked": lambda A: list(_hidden(A)),
}
WITHOUT_AXES = ("plain", "read-only", "big-endian", "unaligned", "memory-mapped",
                "subclass", "frame", "objects")  # fmt: skip


@dataclass
class Given:
    """Something handed in, `shown`, and the plain array of the same numbers, or None."""

    shown: object
    plain: np.ndarray | None
    how: str

    def __post_init__(self):
        self.before = fingerprint(self.shown)

    def holds(self, kinds):
        """True where it is a whole array of these kinds of numbers."""
        return self.plain is not None and self.plain.dtype.kind in kinds

    @property
    def finite(self):
        return bool(np.isfinite(self.plain).all())


def fingerprint(value):
    """What a value holds, down to the memory beside a view of it."""
    if isinstance(value, Frame):
        return fingerprint(value.values)
    if isinstance(value, np.ma.MaskedArray):
        return fingerprint(np.asarray(value)), fingerprint(np.ma.getmaskarray(value))
    if isinstance(value, np.ndarray):
        value = value.view(np.ndarray)
        base = value if not isinstance(value.base, np.ndarray) else np.asarray(value.base)
        return value.shape, value.strides, value.flags.writeable, base.tobytes(), value.tobytes()
    if isinstance(value, (list, tuple)):
        return type(value), [fingerprint(each) for each in value]
    return repr(value)


@st.composite
def disguised(draw, arrays):
    """A Given: an array of numbers in some disguise."""
    A = draw(arrays)
    names = DISGUISES if A.ndim and A.size else WITHOUT_AXES
    how = draw(st.sampled_from(tuple(names)))
    if how == "matrix" and A.ndim != 2 or how == "rows of masked" and A.ndim < 2:
        how = "plain"
    shown = DISGUISES[how](A)
    if how in ("objects", "masked", "rows of masked"):
        return Given(shown, None, how)
    if how in ("list", "tuple", "rows", "one row again and again"):
        A = np.array(shown)  # NumPy's own choice of a type for such a list
    return Given(shown, A, how)


# ---------------------------------------------------------------- what an answer may be


class Refused(Exception):
    """nnlib's own error: input validation has refused what was handed in."""


def asked(call, *given):
    """What a call answers; `Refused` where it is refused. Anything else that is raised is a fault.

    Nothing that was handed in may have changed, and no warning may be given.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return call(*[each.shown if isinstance(each, Given) else each for each in given])
    except ValueError as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        if type(error) is not ValueError or Path(last.filename) != ERRORS:
            raise
        message = str(error)
        assert last.name == "reject" and ", got " in message and message.endswith("."), message
        assert "\n" not in message and len(message) < 400, message
        raise Refused(message) from None
    finally:
        for each in given:
            if isinstance(each, Given):
                assert fingerprint(each.shown) == each.before, f"changed what came as {each.how}"


def answer_or_none(call, *given):
    """What a call answers, or None where it is refused."""
    try:
        return asked(call, *given)
    except Refused:
        return None


def close(result, right, scale=0.0):
    """result is right, in its own precision; `scale` is the size of what was subtracted."""
    result = np.asarray(result)
    kind = result.dtype.type if result.dtype.kind in "fc" else np.float64
    eps = np.finfo(kind).eps
    with np.errstate(all="ignore"):
        right = np.asarray(right).astype(kind)
        np.testing.assert_allclose(
            result,
            right,
            rtol=float(64 * eps),
            atol=float(64 * eps * scale + 4 * np.finfo(kind).tiny),
        )


def same_bits(a, b):
    assert np.asarray(a).dtype == np.asarray(b).dtype
    np.testing.assert_array_equal(a, b)


# ---------------------------------------------------------------- settings

ANYTHING = st.one_of(
    st.integers(-2, 5),
    st.floats(0, 1),
    st.floats(),
    st.sampled_from((
        None, True, False, "0.1", "", (), [0.1], 10**15, 10**20, 10**400, -(10**20), 1e308, 5e-324,
        1e-50, 0.1j, np.float32(0.25), np.float16(0.5), np.int8(3), np.uint64(2**63),
        np.longdouble(2), np.array(0.5), np.array([0.5]), np.bool_(True), np.ma.masked,
        np.float32("nan"), ..., dict, print,
    )),
)  # fmt: skip
POSITIVE = st.sampled_from((0.1, 0.5, 1e-3, 1.0, 3.0, np.float32(0.25), 1))


def is_whole(value):
    """True for whole numbers of Python and NumPy."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, (bool, np.bool_))


def as_number(value):
    """The value as a Python float, or None where it is no real number."""
    real = isinstance(value, (int, float, np.floating, np.integer)) or (
        isinstance(value, np.ndarray) and value.ndim == 0 and not np.ma.isMaskedArray(value)
    )
    if not real or isinstance(value, (bool, np.bool_)):
        return None
    try:
        return float(value)
    except OverflowError:
        return None
