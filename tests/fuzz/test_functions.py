"""Plain functions, labels, losses, schedules and gradients, asked with whatever a hand can reach.

Whatever comes in: the right numbers, compared with the plain formula in long doubles, or one
sentence of refusal. No warning, nothing that was handed in has changed, no traceback from inside.
"""

import numpy as np
import pytest
from fuzzing import (
    ANYTHING,
    FLOATS,
    INTEGERS,
    NO_NUMBERS,
    SINGLES,
    answer_or_none,
    as_number,
    close,
    disguised,
    fuzzed,
    is_whole,
    plain_arrays,
)
from hypothesis import assume, given
from hypothesis import strategies as st

import nnlib as nn
from nnlib.errors import MOST

pytestmark = pytest.mark.filterwarnings("error")


def exact(A):
    """The same numbers in the widest type of their kind."""
    return A.astype(np.clongdouble if A.dtype.kind == "c" else np.longdouble)


def refused_rightly(given, kinds="fiub"):
    """Numbers that are not all there, or not finite, are refused; nothing else is."""
    if not given.holds(kinds):
        return True
    A = given.plain
    with np.errstate(all="ignore"):
        narrow = A.dtype == np.float16 or A.dtype.kind in "iub"
        return not np.isfinite(A.astype(np.float64) if narrow else A).all()


# ---------------------------------------------------------------- functions of numbers


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def log_softmax(Z):
    S = Z - Z.max(axis=-1, keepdims=True)
    return S - np.log(np.exp(S).sum(axis=-1, keepdims=True))


def softmax(Z):
    return np.exp(log_softmax(Z))


FUNCTIONS = {
    nn.sigmoid: sigmoid,
    nn.softmax: softmax,
    nn.log_softmax: log_softmax,
    nn.sigmoid_naive: sigmoid,
    nn.softmax_naive: softmax,
    nn.log_softmax_naive: log_softmax,
}
EVERYTHING = INTEGERS + FLOATS * 3 + SINGLES + NO_NUMBERS[:4]


@fuzzed("functions")
@given(st.sampled_from(list(FUNCTIONS)), disguised(plain_arrays(kinds=EVERYTHING)))
def test_functions_of_numbers(function, Z):
    if "naive" in function.__name__ and Z.holds("fiubc"):  # the naive forms break, and say so
        with np.errstate(all="ignore"):
            assume((np.abs(exact(Z.plain)) < 80).all() or not Z.finite)
        assume(Z.plain.dtype.kind != "c" or "log" not in function.__name__)  # another branch
    result = answer_or_none(function, Z)
    empty = Z.holds("fiubc") and "softmax" in function.__name__ and (
        Z.plain.ndim == 0 or Z.plain.size == 0
    )  # fmt: skip
    assert (result is None) == (refused_rightly(Z, "fiubc") or empty)
    if result is None:
        return
    assert isinstance(result, (np.ndarray, np.floating, np.complexfloating))
    assert np.shape(result) == Z.plain.shape
    with np.errstate(all="ignore"):
        right = FUNCTIONS[function](exact(Z.plain))
        size = np.abs(exact(Z.plain)).max(initial=0) if "log" in function.__name__ else 1
    close(result, right, scale=float(min(size, 1e300)))
    if isinstance(Z.shown, np.ndarray) and isinstance(result, np.ndarray):
        assert not np.may_share_memory(result, np.asarray(Z.shown))


# ---------------------------------------------------------------- labels


@st.composite
def label_arrays(draw):
    n = draw(st.integers(0, 5))
    kinds = INTEGERS * 2 + FLOATS + ("O", "U3")
    shape = draw(st.sampled_from(((n,), (n,), (n,), (n, 1), (n, 3), ())))
    y = draw(plain_arrays(shape, kinds, odd=draw(st.integers(0, 3)) == 0))
    if y.dtype.kind == "i" and draw(st.integers(0, 3)):
        y = np.asarray(np.abs(y))
    return y


def right_labels(y, K=None):
    if not y.holds("iub") or y.plain.ndim != 1 or not len(y.plain):
        return None
    labels = [int(label) for label in y.plain]
    inside = all(0 <= label and (K is None or label < K) for label in labels)
    return labels if inside else None


@fuzzed("labels")
@given(disguised(label_arrays()), st.none() | st.integers(1, 4) | ANYTHING, st.data())
def test_labels(y, K, data):
    result = answer_or_none(nn.one_hot, y, K)
    labels = right_labels(y, K) if K is None or is_whole(K) and K >= 1 else None
    columns = None if labels is None else int(K or max(labels) + 1)
    if labels is None or columns > 10**9:  # no memory holds such a table
        assert result is None
    elif result is not None or columns < 10**5:
        table = np.zeros((len(labels), columns))
        for n, label in enumerate(labels):
            table[n, label] = 1
        np.testing.assert_array_equal(result, table)

    Z = data.draw(disguised(plain_arrays((data.draw(st.integers(1, 4)), 3), FLOATS + ("i2", "u1"))))
    share = answer_or_none(nn.accuracy, Z, y)
    labels = right_labels(y, 3)
    if refused_rightly(Z) or labels is None or len(labels) != len(Z.plain):
        assert share is None
    else:
        rows = exact(Z.plain).tolist()
        right = sum(row.index(max(row)) == label for row, label in zip(rows, labels, strict=True))
        assert share == right / len(labels) and type(share) is float


# ---------------------------------------------------------------- losses


def cross_entropy(Z, y):
    P, Y = softmax(Z), np.zeros(Z.shape)
    Y[np.arange(len(Z)), y] = 1
    return -(log_softmax(Z)[np.arange(len(Z)), y]).mean(), (P - Y) / len(Z)


def squared_error(Z, Y):
    return ((Z - Y) ** 2).mean(), 2 * (Z - Y) / Z.size


def binary(Z, Y):
    L = np.maximum(Z, 0) - Z * Y + np.log1p(np.exp(-np.abs(Z)))
    return L.mean(), (sigmoid(Z) - Y) / Z.size


SHAPES = ((3, 2), (1, 3), (2, 1), (4, 4), (2, 0), (3,), (2, 2, 2), ())
LOSSES = {
    nn.CrossEntropyLoss: cross_entropy,
    nn.MSELoss: squared_error,
    nn.BCEWithLogitsLoss: binary,
}


@fuzzed("losses")
@given(st.sampled_from(list(LOSSES)), st.data())
def test_losses(kind, data):
    loss = kind()
    shape = data.draw(st.sampled_from(SHAPES))
    Z = data.draw(disguised(plain_arrays(shape, FLOATS * 3 + INTEGERS)))
    if loss.takes_labels:
        y = data.draw(disguised(label_arrays()))
    else:
        y = data.draw(disguised(plain_arrays(shape, FLOATS + INTEGERS)))
    before = {k: np.array(v) for k, v in vars(loss).items()}
    L = answer_or_none(loss, Z, y)
    good = not refused_rightly(Z) and Z.plain.size and Z.plain.ndim
    if good and loss.takes_labels:
        labels = right_labels(y, Z.plain.shape[1]) if Z.plain.ndim == 2 else None
        good = labels is not None and len(labels) == len(Z.plain) and Z.plain.shape[1] > 1
    elif good:
        with np.errstate(all="ignore"):
            double = Z.plain.dtype.type not in (np.float32, np.longdouble)
            dtype = np.float64 if double else Z.plain.dtype
            good = not refused_rightly(y) and y.plain.shape == Z.plain.shape
            good = good and np.isfinite(y.plain.astype(dtype)).all()
        if good and kind is nn.BCEWithLogitsLoss:
            good = ((y.plain >= 0) & (y.plain <= 1)).all() and Z.plain.ndim == 2
    assert (L is not None) == bool(good)
    if L is None:
        assert {k: np.array(v) for k, v in vars(loss).items()} == before, "half a forward"
        assert answer_or_none(loss.backward) is None
        return
    assert type(L) is float
    with np.errstate(all="ignore"):
        target = np.array(labels) if loss.takes_labels else exact(y.plain.astype(dtype))
        right, gradient = LOSSES[kind](exact(Z.plain), target)
        dZ = answer_or_none(loss.backward)
        assert dZ.shape == Z.plain.shape
        close(
            np.float32(L) if dZ.dtype == np.float32 else L,
            right,
            scale=float(min(np.abs(exact(Z.plain)).max(), 1e300)),
        )
        close(dZ, gradient, scale=1.0 if loss.classifies else 0.0)
    assert not np.may_share_memory(dZ, loss.backward()), "a fresh array each time"


# ---------------------------------------------------------------- measured gradients


@fuzzed("gradients")
@given(disguised(plain_arrays(kinds=FLOATS * 3 + INTEGERS + SINGLES)), st.data())
def test_measured_gradients(x, data):
    method = data.draw(st.sampled_from(("central", "complex", "other")))

    def measured(x):
        return nn.numerical_gradient(square, x, method=method)

    def square(x):
        with np.errstate(all="ignore"):
            return (x * x).sum()

    slopes = answer_or_none(measured, x)
    good = x.holds("f") and method != "other"
    with np.errstate(all="ignore"):
        good = good and bool(np.isfinite(x.plain.astype(float)).all())
    if not good:
        assert slopes is None
    if slopes is not None:
        wide = x.plain.astype(float)
        assert slopes.shape == wide.shape
        if np.abs(wide).max(initial=0) > 1e150:  # f itself is inf
            return
        error = 1e-9 * (1 + (wide * wide).sum() / 1e-5 * 1e-6) if method == "central" else 1e-300
        np.testing.assert_allclose(slopes, 2 * wide, rtol=1e-6, atol=error)

    a, n = (data.draw(disguised(plain_arrays(kinds=FLOATS + INTEGERS))) for _ in range(2))
    errors = answer_or_none(nn.relative_error, a, n)
    if refused_rightly(a) or refused_rightly(n) or a.plain.shape != n.plain.shape:
        assert errors is None
    else:
        with np.errstate(all="ignore"):
            A, B = exact(a.plain), exact(n.plain)
            size = np.maximum(abs(A), abs(B))
            scale = np.maximum(size, np.longdouble(1e-4) * size.max(initial=0))
            right = np.where(scale == 0, 0, abs(A - B) / np.where(scale == 0, 1, scale))
        np.testing.assert_allclose(errors, right.astype(float), rtol=1e-9, atol=1e-12)


# ---------------------------------------------------------------- schedules


@fuzzed("schedules")
@given(st.sampled_from((nn.step_schedule, nn.cosine_schedule, nn.warmup_schedule)), st.data())
def test_schedules(schedule, data):
    step, length = (data.draw(st.integers(0, 12) | ANYTHING) for _ in range(2))
    lr, factor = (data.draw(st.floats(0.01, 1) | ANYTHING) for _ in range(2))
    given = (step, length, factor, lr) if schedule is nn.step_schedule else (step, length, lr)
    rate = answer_or_none(schedule, *given)
    numbers = [as_number(each) for each in given]
    whole = all(map(is_whole, given[:2])) and 0 <= step <= MOST and 1 <= length <= MOST
    good = whole and all(n is not None and 0 < n < np.inf for n in numbers[2:])
    if schedule is nn.step_schedule:
        good = good and numbers[2] <= 1
    elif schedule is nn.cosine_schedule:
        good = good and step <= length
    assert (rate is not None) == good
    if not good:
        return
    assert type(rate) is float
    assert 0 <= rate <= numbers[-1]
    step, length, lr = int(step), int(length), numbers[-1]
    if schedule is nn.step_schedule:
        right = np.longdouble(lr) * np.longdouble(numbers[2]) ** (step // length)
    elif schedule is nn.cosine_schedule:
        right = lr / 2 * (1 + np.cos(np.pi * (step / length)))
    else:
        right = lr * min(1, (step + 1) / length)
    assert rate == pytest.approx(float(right), rel=1e-9, abs=1e-12 * lr)
