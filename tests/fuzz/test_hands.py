"""Answers of a thousand careless hands: whatever a function does, its check has a verdict."""

import contextlib
import io

import numpy as np
from fuzzing import Frame, fuzzed
from hypothesis import assume, given
from hypothesis import strategies as st

from nnlib import checks
from nnlib.checks import catalogue
from nnlib.checks.outcome import settled

SLOW = {"two_layer_gradients", "average_in_place", "numerical_gradient"}
EXERCISES = [
    e for e in catalogue.exercises().values() if e.kind == "function" and e.name not in SLOW
]


class Unshown(Exception):
    """An exception that objects to being shown."""

    def __str__(self):
        raise RuntimeError("no")


ERRORS = (
    ValueError, TypeError, KeyError, IndexError, ZeroDivisionError, StopIteration, SystemExit,
    MemoryError, RecursionError, AssertionError, NotImplementedError, Unshown, OSError,
    AttributeError("'list' has no 'sum'"), ValueError("<!--<script>"), Exception("\0\n" * 50),
    UnicodeDecodeError("utf-8", b"", 0, 1, "\ud800"), ExceptionGroup("g", [ValueError()]),
)  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.complex_numbers(),
    st.binary(max_size=2), st.sampled_from((
        np.zeros((2, 2)), np.zeros(0), np.array("a"), np.array([None]), np.ma.masked, np.nan, len,
        range(3), Frame([1]), np.float32(1), np.datetime64("2020"), NotImplemented, Exception,
    )),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(("dW", "P", 1)), inner, max_size=2)
    ),
    max_leaves=6,
)
KINDS = {
    "list": lambda A: A.tolist(),
    "objects": lambda A: A.astype(object),
    "Fortran": lambda A: np.asfortranarray(A) if A.ndim else A,
    "long double": lambda A: A.astype(np.longdouble if A.dtype.kind == "f" else A.dtype),
    "frame": Frame,
    "masked, nothing": lambda A: np.ma.masked_array(A),
    "read-only": lambda A: np.broadcast_to(A, A.shape),
}


def leaves(value, change):
    """A value with `change` applied to each array of floats in it."""
    if isinstance(value, dict):
        return {key: leaves(each, change) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(leaves(each, change) for each in value)
    return change(value)


def verdict(exercise, function):
    """What a check says; nothing on the screen but that."""
    out, err = io.StringIO(), io.StringIO()
    before = np.geterr(), np.random.get_state()[1].copy()  # noqa: NPY002
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        result = getattr(checks, exercise.name)(function)
    assert "Traceback" not in out.getvalue() and not err.getvalue()
    assert np.geterr() == before[0]
    if result.passed is False:
        assert len(result.hints) == 3 and all(result.hints)
        assert result.mistake or result.effect
    return result


@fuzzed("hands")
@given(st.sampled_from(EXERCISES), st.data())
def test_whatever_a_function_does_its_check_has_a_verdict(exercise, data):
    right = exercise.function()
    what = data.draw(
        st.sampled_from(("off", "off", "kind", "value", "raises", "later", "signature"))
    )
    if what == "off":
        by = data.draw(st.sampled_from((-1.0, 0.5, 2.0, 1.001, 1e6)))
        add = data.draw(st.sampled_from((0.0, 0.01, -3.0)))
        assume(by != 1.0 or add)
        touched = []

        def function(*given):
            def change(A):
                if isinstance(A, (float, np.floating)) or getattr(A, "dtype", 0) == np.float64:
                    touched.append(bool(np.size(A)) and np.any(np.asarray(A) * by + add != A))
                    return A * by + add
                return A

            return leaves(settled(right(*given)), change)

        assert verdict(exercise, function).passed is False or not any(touched)
    elif what == "kind":
        kind = KINDS[data.draw(st.sampled_from(list(KINDS)))]

        def function(*given):
            value = settled(right(*given))
            return leaves(value, lambda A: kind(A) if isinstance(A, np.ndarray) else A)

        assert verdict(exercise, function).passed is True
    elif what == "value":
        value = data.draw(VALUES)
        assert verdict(exercise, lambda *given: value).passed is not True
    elif what == "raises":
        error = data.draw(st.sampled_from(ERRORS))

        def function(*given):
            raise error

        assert verdict(exercise, function).passed is not True
    elif what == "later":
        calls, error = [], data.draw(st.sampled_from(ERRORS) | st.none())

        def function(*given):
            calls.append(1)
            if len(calls) > 1 and error:
                raise error
            return right(*given) if len(calls) < 2 else None

        result = verdict(exercise, function)
        assert result.passed is not True or len(calls) < 2
    else:
        function = data.draw(st.sampled_from((lambda: 1, lambda a, b, c, d, e, f, g, h, i, j: 1)))
        assert verdict(exercise, function).passed is not True
