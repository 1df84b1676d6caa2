"""Whatever comes back: right numbers of any kind pass, anything else gets a sentence.

Outcomes are copied at once and brought into one usual kind; what the diagnosis itself cannot
handle ends in a plain "not right yet".
"""

import sys
import time
from collections import OrderedDict, deque, namedtuple
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hands import friendly

from nnlib import checks
from nnlib.checks import catalogue, judge, measure, outcome, run

FUNCTIONS = [e for e in catalogue.exercises().values() if e.kind == "function"]
softmax = checks.softmax.exercise.function()
linear_backward = checks.linear_backward.exercise.function()


def table(kind):
    return lambda Z: [[kind(float(p)) for p in row] for row in softmax(Z)]


class Holder:
    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None, copy=None):
        return np.array(self.array, dtype=dtype)


def reused(space=np.zeros(100)):  # noqa: B008 (that is the point)
    def function(Z):
        view = space[: Z.size].reshape(Z.shape)
        view[...] = softmax(Z)
        return view

    return function


RIGHT = {
    "map": lambda Z: map(list, softmax(Z)),
    "iterator": lambda Z: iter(softmax(Z)),
    "deque": lambda Z: deque(softmax(Z)),
    "values of a dictionary": lambda Z: dict(enumerate(softmax(Z))).values(),
    "array of objects": lambda Z: softmax(Z).astype(object),
    "Decimal": table(Decimal),
    "Fraction": table(Fraction),
    "array of Fractions": lambda Z: np.array(table(Fraction)(Z), dtype=object),
    "an object with __array__": lambda Z: Holder(softmax(Z)),
    "matrix": lambda Z: np.asmatrix(softmax(Z)),
    "a buffer used again": reused(),
}


@pytest.mark.parametrize("kind", RIGHT)
def test_right_numbers_of_any_kind_pass(kind):
    assert checks.softmax(RIGHT[kind]).passed is True


def test_right_numbers_of_several_outputs_pass():
    Three = namedtuple("Three", "dX dW db")
    names = checks.linear_backward.exercise.returns
    for pack in (
        lambda three: Three(*three),
        lambda three: iter(three),
        lambda three: OrderedDict(zip(names, three, strict=True)),
        lambda three: dict(zip(names, three, strict=True)).values(),
    ):
        assert checks.linear_backward(lambda *a, pack=pack: pack(linear_backward(*a))).passed


def test_a_tensor_with_its_gradient_passes():
    torch = pytest.importorskip("torch")
    assert checks.softmax(lambda Z: torch.tensor(softmax(Z), requires_grad=True)).passed is True
    found = checks.softmax(lambda Z: torch.tensor(2 * softmax(Z), requires_grad=True))
    assert found.effect == "factor"


class Objects:
    """An object that objects to being shown, compared or turned into anything."""

    def refuses(self, *some, **more):
        raise RuntimeError("no")

    __str__ = __repr__ = __array__ = __len__ = __eq__ = __bool__ = __iter__ = __float__ = refuses
    __hash__ = None


def loop():
    round_and_round = []
    round_and_round.append(round_and_round)
    return round_and_round


ODD = [
    {}, {"x": 1}, {1: 2, None: 3}, Objects(), (Objects(), Objects()), [Objects()], loop(), object,
    (), [[]], [[], [1]], np.array([None]), np.array(["a"]), np.zeros(0), b"bytes", 1j, float("nan"),
    iter(int, 1), (n for n in "ab"), np.datetime64("2020-01-01"), memoryview(b"ab"), 10**400,
    [10**400], Fraction(1, 3), np.ma.masked, np.zeros((2, 2), dtype=[("a", int)]), {1, 2}, range(3),
]  # fmt: skip


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda e: e.name)
def test_whatever_comes_back_gets_a_sentence(exercise, capfd):
    """And the diagnosis knows it all: the plain sentence is for what nobody has thought of."""
    for value in ODD:
        result = getattr(checks, exercise.name)(lambda *a, value=value: value)
        if result.passed is False:
            friendly(result, capfd.readouterr())
            assert result.effect != "undiagnosed", type(value)


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda e: e.name)
def test_parts_of_a_right_answer_get_a_sentence(exercise, capfd):
    function = exercise.function()

    def part(change):
        def answer(*arguments):
            value = outcome.settled(function(*arguments))
            if isinstance(value, dict):
                return dict(list(value.items())[:-1]) if change is None else change
            if isinstance(value, (tuple, list)) and len(value) > 1:
                return value[:-1] if change is None else (*value[:-1], change)
            return change

        return answer

    for change in (None, "text", {}, Objects(), np.zeros((2, 2, 2)), [[1], [2, 3]], 1j, np.nan):
        result = getattr(checks, exercise.name)(part(change))
        if result.passed is not None:
            assert result.passed is False or exercise.returns[0] == "mean"
            assert result.effect != "undiagnosed", change


@pytest.mark.parametrize("name", ["two_scores", "closed_gate", "same_probabilities", "takings"])
def test_whatever_is_typed_gets_a_sentence(name, capfd):
    for value in ODD:
        result = getattr(checks, name)(value)
        if result.passed is False:
            friendly(result, capfd.readouterr())


def test_when_the_diagnosis_breaks_the_learner_sees_no_trace_of_it(monkeypatch, capfd):
    def breaks(*some):
        raise ZeroDivisionError

    monkeypatch.setattr(measure, "values", breaks)
    monkeypatch.setattr(measure, "before_pairs", breaks)
    result = checks.softmax(lambda Z: softmax(Z) ** 1.5)
    assert result.passed is False and result.effect == "undiagnosed"
    friendly(result, capfd.readouterr())
    monkeypatch.setitem(judge.JUDGES, "number", breaks)
    assert checks.two_scores(1, 2).effect == "undiagnosed"


def test_numpy_is_put_right_when_the_learner_has_changed_it():
    def patched(Z):
        np.asarray = np.array = np.abs = lambda *a, **k: np.zeros(1)
        return Z

    before = np.asarray, np.abs
    assert checks.softmax(patched).passed is False
    assert (np.asarray, np.abs) == before


def test_the_right_answers_are_computed_first():
    exercise = catalogue.exercises()["softmax"]
    exercise.__dict__.pop("right", None)
    seen = []

    def looks(Z):
        seen.append("right" in exercise.__dict__)
        return Z

    checks.softmax(looks)
    assert all(seen)


# ---------------------------------------------------------------- the same answer every time


def test_an_answer_kept_by_its_shape_is_found():
    kept = {}
    result = checks.softmax(lambda Z: kept.setdefault(Z.shape, softmax(Z)))
    assert result.passed is False and result.effect == "stale"


@pytest.mark.parametrize("every", [2, 3, 5, 7])
def test_an_answer_that_is_wrong_now_and_then_is_found(every):
    calls = []

    def sometimes(Z):
        calls.append(1)
        return softmax(Z) * (3 if len(calls) % every == 0 else 1)

    result = checks.softmax(sometimes)
    assert result.passed is False and result.effect in ("unsteady", "some-cases")


def test_every_outcome_names_what_was_measured():
    assert checks.softmax(softmax).effect == ""
    assert checks.softmax(lambda Z: 1 / 0).effect == "raises"
    assert checks.softmax(lambda Z: softmax(Z)[0]).effect == "shape"
    assert checks.softmax(lambda Z: "text").effect == "kind"
    assert checks.softmax(lambda Z: 7.3 * softmax(Z)).effect == "factor"
    assert checks.softmax(lambda Z: softmax(softmax(Z))).effect == ""  # a known mistake


# ---------------------------------------------------------------- time


def test_a_slow_function_is_not_called_endless(monkeypatch):
    monkeypatch.setattr(run, "SECONDS", 0.2)
    monkeypatch.setattr(judge, "SHORT", 0.1)

    def slow(Z):
        time.sleep(0.1)
        return softmax(Z)

    assert checks.softmax(slow).passed is True
    monkeypatch.setattr(run, "ALL_SECONDS", 0.4)
    result = checks.softmax(slow)
    assert result.effect == "slow" and "still running" not in repr(result)


def aside(f, gradient, theta, lr):
    g = gradient(theta)
    while f(theta - lr * g) >= f(theta):
        lr = lr / 2
        theta -= lr * g
    return theta, lr


def into_the_table(f, gradient, theta, lr):
    before = f(theta)
    while True:
        theta[:] = theta - lr * gradient(theta)
        if f(theta) < before:
            return theta, lr
        lr = lr / 2


def by_a_second_name(f, gradient, theta, lr):
    new, g, before = theta, gradient(theta), f(theta)
    new -= lr * g
    while f(new) >= before:
        lr = lr / 2
        new -= lr * g
    return new, lr


def never_halves(f, gradient, theta, lr):
    while f(theta - lr * gradient(theta)) >= f(theta):
        pass
    return theta - lr * gradient(theta), lr


@pytest.mark.parametrize("overwrites", [aside, into_the_table, by_a_second_name])
def test_an_endless_loop_that_overwrites_its_input_is_told_of_it(overwrites, monkeypatch):
    monkeypatch.setattr(run, "SECONDS", 0.3)
    result = checks.careful_step(overwrites)
    assert result.effect == "endless-changed"
    assert "has changed its argument theta" in result.hints[0]
    assert "still running" in result.hints[0] and "theta.copy()" in result.hints[2]


def test_an_endless_loop_that_changes_nothing_is_not(monkeypatch):
    monkeypatch.setattr(run, "SECONDS", 0.3)
    result = checks.careful_step(never_halves)
    assert result.effect == "endless" and "argument" not in result.hints[0]


def sleeps(Z):
    while True:
        try:
            time.sleep(0.1)
        except:  # noqa: E722
            continue


def sleeps_inside(Z):
    for _ in range(1000):
        try:
            sleeps(Z)
        except BaseException:
            pass


def counts(Z):
    n = 0
    while True:
        try:
            n += 1
            time.sleep(0.05)
        except:  # noqa: E722
            n -= 1
            pass


@pytest.mark.parametrize("stubborn", [sleeps, counts])
def test_a_loop_that_swallows_everything_is_stopped(stubborn, monkeypatch):
    monkeypatch.setattr(run, "SECONDS", 0.2)
    monkeypatch.setattr(run, "AGAIN", 0.1)
    traced, start = sys.gettrace(), time.monotonic()
    result = checks.softmax(stubborn)
    assert result.effect == "endless" and time.monotonic() - start < 5
    assert sys.gettrace() is traced
    assert checks.softmax(softmax).passed is True
