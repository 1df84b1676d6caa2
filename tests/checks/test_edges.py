"""Where what is recognised ends: just outside a tolerance, just not a factor, just not a copy."""

import time

import numpy as np
import pytest

from nnlib import checks
from nnlib.checks import catalogue, match, outcome

FLOATS = [
    e
    for e in catalogue.exercises().values()
    if e.kind == "function"
    and e.play == "call"
    and any(
        part.dtype.kind == "f" and part.any() and (part % 1).any()
        for part in match.unpack(e.right[0], e.returns)
    )
]


def times(exercise, factor):
    """The right function, its floats multiplied."""
    function = exercise.function()

    def scaled(part):
        part = np.asarray(part)
        return part.astype(float) * factor if part.dtype.kind == "f" else part

    def answer(*arguments):
        value = outcome.settled(function(*arguments))
        if isinstance(value, dict):
            return {name: scaled(part) for name, part in value.items()}
        return scaled(value) if len(exercise.returns) == 1 else tuple(map(scaled, value))

    return answer


@pytest.mark.parametrize("exercise", FLOATS, ids=lambda e: e.name)
def test_just_inside_and_just_outside_the_tolerance(exercise):
    check = getattr(checks, exercise.name)
    assert check(times(exercise, 1 + exercise.tolerance / 3)).passed is True
    assert check(times(exercise, 1 + 3 * exercise.tolerance)).passed is False


softmax = checks.softmax.exercise.function()


def scalars():
    """Each argument that is a number: the exercise, its place, and its values in the cases."""
    for exercise in catalogue.exercises().values():
        if exercise.kind == "function":
            columns = zip(*(case.arguments for case in exercise.inputs), strict=True)
            for place, column in enumerate(columns):
                if all(isinstance(value, (int, float, np.number)) for value in column):
                    yield exercise, place, list(dict.fromkeys(column))


@pytest.mark.parametrize(
    "exercise, place, values",
    [pytest.param(*each, id=f"{each[0].name}-{each[0].parameters[each[1]]}") for each in scalars()],
)
def test_no_number_may_be_typed_in_place_of_an_argument(exercise, place, values):
    """Right but for one argument, which is always the value that it has in some case."""
    function = exercise.function()
    assert len(values) > 1
    for value in values:
        answer = lambda *given, v=value: function(*given[:place], v, *given[place + 1 :])  # noqa: E731
        assert getattr(checks, exercise.name)(answer).passed is False, value


def test_arguments_that_are_numbers_are_found():
    found = {(exercise.name, exercise.parameters[place]) for exercise, place, _ in scalars()}
    assert {("adam_step", "beta2"), ("sgd_step", "lr"), ("one_hot", "K")} <= found


def test_nothing_but_the_same_infinity_is_close_to_an_infinite_number():
    S = np.array([np.inf, -np.inf, np.nan, 27.6])
    assert match.close(S, np.full(4, np.inf)).tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    "kind, off, passed",
    [
        (np.float32, 1e-5, True), (np.float32, 1e-3, False),
        (np.float16, 1e-3, True), (np.float16, 6e-2, False),
        (np.float64, 1e-5, False),
    ],
)  # fmt: skip
def test_fewer_digits_for_smaller_floats_and_no_fewer(kind, off, passed):
    assert checks.softmax(lambda Z: (softmax(Z) * (1 + off)).astype(kind)).passed is passed


def but_one(factor, how_much):
    def answer(Z):
        P = factor * softmax(Z)
        P[0, 0] *= 1 + how_much
        return P

    return answer


@pytest.mark.parametrize("factor", [2, -1, 0.5, 7.3])
def test_a_factor_is_named_only_where_it_holds_everywhere(factor):
    named = "sign" if factor == -1 else "factor"
    assert checks.softmax(but_one(factor, 0)).effect == named
    for how_much in 1e-4, 1e-2:
        assert checks.softmax(but_one(factor, how_much)).effect != named


def test_a_factor_of_n_is_told_from_one_that_is_nearly_n():
    exercise = checks.softmax_cross_entropy_backward.exercise
    right = exercise.function()
    told = [
        repr(
            checks.softmax_cross_entropy_backward(lambda P, y, f=f: f(len(y)) * right(P, y), hint=2)
        )
        for f in (lambda N: N**2, lambda N: N**2 + 0.01, lambda N: 5.0)
    ]
    assert "N·N times" in told[0]
    assert "N·N times" not in told[1] and "N times" not in told[2] and "5 times" in told[2]


@pytest.mark.parametrize("off", [1e-4, 1e-2])
def test_what_is_nearly_zero_or_nearly_a_copy_is_not_called_so(off):
    assert checks.softmax(lambda Z: 0 * Z + off * np.cos(Z)).effect != "zero"
    assert checks.softmax(lambda Z: Z * (1 + off)).effect != "copy"
    assert checks.softmax(lambda Z: np.full(Z.shape, 0.3) + off * (Z > 0)).effect != "constant"


def test_a_known_mistake_is_named_only_where_its_numbers_come_back():
    def columns(off):
        return lambda Z: softmax(Z.T).T * (1 + off)

    assert "softmax-axis0" in checks.softmax(columns(0)).mistakes
    assert not checks.softmax(columns(1e-4)).mistakes


def test_of_two_mistakes_both_are_said():
    def both(P, y):
        return np.log2(P[np.arange(len(y)), y] + 1e-12).mean()

    result = checks.cross_entropy(both)
    assert len(result.mistakes) == 2 and " Also: " in result.hints[0]


def test_what_must_be_fresh_may_not_share_memory():
    assert checks.to_weight.exercise.fresh
    assert checks.to_weight(lambda W: W.T).effect == "shared"
    assert checks.to_weight(lambda W: W.T.copy()).passed is True


@pytest.mark.parametrize("name", ["softmax", "two_layer_gradients", "backward_deep", "accuracy"])
def test_a_warm_check_takes_less_than_fifty_milliseconds(name):
    """Of the processor, the fastest of several: the machine may be busy."""
    exercise = getattr(checks, name).exercise
    names = exercise.returns
    function = times(exercise, 1.37) if len(names) == 1 else exercise.function()

    def odd(*arguments):
        value = outcome.settled(function(*arguments))
        if isinstance(value, dict):
            return value | {names[0]: value[names[0]] ** 2}
        return value + 0.1 if len(names) == 1 else (value[0] ** 2, *value[1:])

    took = []
    for _ in range(8):
        start = time.process_time()
        assert getattr(checks, name)(odd).passed is False
        took.append(time.process_time() - start)
    assert min(took[1:]) < 0.05, took


sigmoid = checks.sigmoid.exercise.function()
forward = checks.linear_forward.exercise.function()


def first_rows(X, W, b):
    Z = forward(X, W, b)
    Z[len(Z) // 2 + 1 :, 1:] = 0
    return Z


@pytest.mark.parametrize(
    "effect, exercise, function, nearly",
    [
        ("signs", "linear_forward", lambda *a: np.abs(forward(*a)), lambda Z: Z * 1.001),
        ("rounded", "linear_forward", lambda *a: np.round(forward(*a), 2), lambda Z: Z + 0.001),
        ("reordered", "linear_forward", lambda *a: forward(*a)[:, ::-1], lambda Z: Z + 0.01),
        ("clipped", "linear_forward", lambda *a: np.clip(forward(*a), -1, 1), lambda Z: Z * 1.01),
        ("one-minus", "softmax", lambda Z: 1 - softmax(Z), lambda P: P * 1.01),
        ("reordered", "softmax", lambda Z: np.sort(softmax(Z)), lambda P: P * 1.01),
        ("factors", "linear_forward", lambda *a: forward(*a) * np.std(a[0]), None),
        ("stretched", "sigmoid", lambda Z: 0.7 * sigmoid(Z) + 0.1, lambda A: A + 0.01 * A**2),
        ("times", "sigmoid_backward", lambda dA, A: dA * A * A * (1 - A), lambda dZ: dZ * 1.01),
        (
            "more",
            "weight_decay_gradient",
            lambda dW, W, lam: dW + (3 + lam) * W,
            lambda dW: dW * 1.01,
        ),
        (
            "added",
            "weight_decay_gradient",
            lambda dW, W, lam: dW + 7 * lam * W,
            lambda dW: dW * 1.01,
        ),
        ("function", "mse_backward", lambda Z, Y: 1 / (2 * (Z - Y) / Z.size), lambda d: d * 1.01),
        ("shift", "linear_forward", lambda *a: forward(*a) + 0.3, lambda Z: Z + 0.01 * Z**2),
        ("evenness", "softmax", lambda Z: softmax(Z / 2), None),
        ("rows-do-not-sum", "softmax", lambda Z: sigmoid(Z) ** 3, None),
        ("some-zero", "linear_forward", first_rows, lambda Z: Z * 1.01),
    ],
)
def test_what_is_measured_of_an_answer_that_nobody_foresaw(effect, exercise, function, nearly):
    """And what is nearly so is not called so."""
    assert getattr(checks, exercise)(function).effect == effect
    if nearly:
        assert getattr(checks, exercise)(lambda *a: nearly(function(*a))).effect != effect
