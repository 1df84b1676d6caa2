"""What is said holds of what was measured: of the outputs that are off, and of no others.

Every known mistake of every exercise with several outputs is made in one output alone; then no
output that is right may be called wrong, and nothing may be said of all of them.
"""

import copy
import re

import numpy as np
import pytest
from hands import friendly

from nnlib import checks
from nnlib.checks import catalogue, claims, match, outcome

FUNCTIONS = [e for e in catalogue.exercises().values() if e.kind == "function"]
SEVERAL = [
    e
    for e in FUNCTIONS
    if len(e.returns) > 1 and e.play in ("call", "step", "step_of_a_dictionary")
]


def spoilt(exercise, variant):
    """The outputs that the mistake makes wrong."""
    answers = [
        match.unpack(answer, exercise.returns) for answer in exercise.answers(variant.replaced)
    ]
    right = [match.unpack(answer, exercise.returns) for answer in exercise.right]
    rows = [(S, R) for S, R in zip(answers, right, strict=True) if S is not None]
    names = range(len(exercise.returns))
    return [
        k for k in names if not all(match.same(S[k], R[k], exercise.tolerance) for S, R in rows)
    ]


def in_one_output(exercise, variant, k):
    """The right function, whose output number k comes from the wrong one."""
    right, wrong = exercise.function(), exercise.function(variant.replaced)

    def function(*arguments):
        own = outcome.settled(right(*copy.deepcopy(arguments)))
        other = outcome.settled(wrong(*copy.deepcopy(arguments)))
        if isinstance(own, dict):
            return own | {exercise.returns[k]: other[exercise.returns[k]]}
        return (*own[:k], other[k], *own[k + 1 :])

    return function


def called_wrong(hint, names):
    """Those of the names of which the hint says something else than that they are right."""
    for clause in re.split(r"[.;:()]\s*", re.sub(r"`[^`]*`", "", hint)):
        found = re.fullmatch(
            r"(?:Your |The )?([\w\[\]]+(?:(?:, | and )[\w\[\]]+)*) "
            r"(?:is|are|has|have|holds|comes|needs)\b(?! right)(.*)",
            clause,
        )
        words = re.split(r", | and | ", found[1]) if found else []
        yield from (name for name in names if name in words)


@pytest.mark.parametrize("exercise", SEVERAL, ids=lambda e: e.name)
def test_no_right_output_is_called_wrong(exercise, capfd):
    flags, tried = [], 0
    beside = getattr(exercise.player, "notes", ())  # what a player notes is no output
    for variant in exercise.singles:
        for k in spoilt(exercise, variant):
            if exercise.returns[k] in beside:
                continue
            result = getattr(checks, exercise.name)(in_one_output(exercise, variant, k))
            others = [name for name in exercise.returns if name != exercise.returns[k]]
            tried += 1
            assert result.passed is False and result.effect != "undiagnosed"
            friendly(result, capfd.readouterr())
            for hint in result.hints[:2]:
                flags += [(variant.ids, k, name, hint) for name in called_wrong(hint, others)]
            if claims.OF_ALL.search(result.hints[0]):
                flags.append((variant.ids, k, "all", result.hints[0]))
    assert tried and not flags, flags


@pytest.mark.parametrize("k", range(4))
@pytest.mark.parametrize("change", [lambda p, g: p, lambda p, g: p * 0.9, lambda p, g: -0.1 * g])
def test_a_new_array_is_told_from_the_old_one_of_its_name(k, change):
    def my_step(params, grads, lr):
        new = [p - lr * g for p, g in zip(params, grads, strict=True)]
        new[k] = change(params[k], grads[k])
        return new

    result = checks.sgd_step(my_step)
    name = f"params[{k}]"
    assert result.passed is False
    for hint in result.hints:
        assert len(re.findall(rf"(?<!old ){re.escape(name)}", hint)) <= 1, hint


def test_the_test_above_sees_what_it_is_for():
    assert list(called_wrong("dW1 and db1 are off: your mask blocks nothing.", ["db1", "dW2"])) == [
        "db1"
    ]
    assert list(
        called_wrong("dW2 is right. Look. (dW1 and db1 are off, too.)", ["dW1", "dW2"])
    ) == ["dW1"]
    assert not list(called_wrong("dW2 and db2 are right; look at dW1.", ["dW1", "dW2", "db2"]))
    assert claims.OF_ALL.search("All your gradients are N times too large.")


# ---------------------------------------------------------------- what is claimed of the numbers


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=lambda e: e.name)
def test_what_a_row_claims_of_the_numbers_is_so_for_its_own_mistake(exercise):
    for variant in exercise.singles:
        answers = [match.unpack(a, exercise.returns) for a in exercise.answers(variant.replaced)]
        matcher = match.Matcher(exercise, answers)
        mistake = variant.mistakes[0]
        assert claims.holds(mistake.hints[0], matcher) is not False, (mistake.id, variant.replaced)


def claimed(exercise, function, hint):
    exercise = catalogue.exercises()[exercise]
    answers = [
        match.unpack(exercise.answer_of(function, c), exercise.returns) for c in exercise.inputs
    ]
    return claims.holds(hint, match.Matcher(exercise, answers))


softmax = checks.softmax.exercise.function()


@pytest.mark.parametrize(
    "function, hint, so",
    [
        (softmax, "Each row sums to 1.", True),
        (lambda Z: softmax(Z.T).T, "Each row sums to 1.", False),
        (lambda Z: softmax(Z.T).T, "Your columns sum to 1, and your rows do not.", True),
        (lambda Z: softmax(softmax(Z.T).T), "Your columns sum to 1, and your rows do not.", False),
        (lambda Z: np.tanh(Z), "Your values go from −1 to 1.", True),
        (lambda Z: 3 * np.tanh(Z), "Your values go from −1 to 1.", False),
        (lambda Z: softmax(Z), "All your values lie between 0.5 and 0.74", False),
        (softmax, "Look at the exponent.", None),
    ],
)
def test_claims_of_numbers(function, hint, so):
    assert claimed("softmax", function, hint) is so


def test_claims_of_outputs():
    right = checks.linear_backward.exercise.function()

    def off(*arguments):
        dX, dW, db = right(*arguments)
        return dX, 2 * dW, db

    for hint, so in {
        "dX and db are right; dW is off.": True,
        "dW and db are off.": False,
        "dX, dW and db are right.": False,
        "All your gradients are off.": False,
    }.items():
        assert claimed("linear_backward", off, hint) is so, hint


def test_two_rows_that_contradict_each_other_are_not_both_said():
    """Softmax of columns, then of rows: the rows sum to 1, whatever is said of either slip."""
    result = checks.softmax(lambda Z: softmax(softmax(Z.T).T), hint=3)
    assert set(result.mistakes) == {"double-softmax", "softmax-axis0"}
    assert "rows do not" not in " ".join(result.hints) and "Often" in result.hints[2]


def test_a_mistake_of_all_outputs_in_two_of_three_is_told_of_these_two():
    right = checks.two_layer_gradients.exercise.function()

    def two_of_four(X, *rest):
        dW1, db1, dW2, db2 = right(X, *rest)
        return dW1, db1, len(X) * dW2, len(X) * db2

    result = checks.two_layer_gradients(two_of_four, hint=3)
    assert "dW2 is N times the right one" in result.hints[0]
    assert "dW1 and db1 are right" in result.hints[1] and "db2 is off, too" in result.hints[1]


def test_a_mistake_of_several_outputs_in_one_of_them_is_a_guess_about_that_one():
    right = checks.two_layer_gradients.exercise.function()

    def no_mask(X, y, W1, b1, W2, b2):
        Z1 = X @ W1 + b1
        scores = np.maximum(0, Z1) @ W2 + b2
        dZ2 = (softmax(scores) - np.eye(W2.shape[1])[y]) / len(X)
        return X.T @ (dZ2 @ W2.T), *right(X, y, W1, b1, W2, b2)[1:]

    result = checks.two_layer_gradients(no_mask, hint=3)
    assert result.hints[0].startswith("dW1 is off") and "db1" not in result.hints[0]
    assert "db1, dW2 and db2 are right" in result.hints[1]
    assert "is what comes out with" in result.hints[2] and "Z1 > 0" in result.hints[2]

    def by_range(X_train, X_test):
        low, high = X_train.min(axis=0), X_train.max(axis=0)
        standardise = checks.standardise.exercise.function()
        return (X_train - low) / (high - low), standardise(X_train, X_test)[1]

    result = checks.standardise(by_range, hint=3)
    assert result.hints[0].startswith("In X_train: Your columns run from 0 to 1")
    assert result.hints[1].startswith("X_test is right. ")


# ---------------------------------------------------------------- measured before it is guessed


linear_backward = checks.linear_backward.exercise.function()


@pytest.mark.parametrize(
    "exercise, function, effect",
    [
        ("softmax", lambda Z: 0 * Z, "zero"),
        ("softmax", lambda Z: np.full(Z.shape, 0.3), "constant"),
        ("softmax", lambda Z: Z.copy(), "copy"),
        ("sigmoid_backward", lambda dA, A: dA * 0, "zero"),
        ("linear_backward", lambda *a: linear_backward(*a)[::-1], "swapped"),
        ("sigmoid_backward", lambda dA, A: A * dA * (1 - dA), "permuted"),
        ("sgd_step", lambda p, g, lr: [p[0] - lr * g[0], *p[1:]], "copy"),
        ("cross_entropy", lambda P, y: 0.0, "zero"),
    ],
)
def test_what_needs_no_guess_comes_first(exercise, function, effect):
    result = getattr(checks, exercise)(function)
    assert result.effect == effect and not result.mistakes, result


def test_as_many_digits_as_differ():
    result = checks.softmax(lambda Z: softmax(Z) + 1e-5 * np.cos(Z) * Z, hint=2)
    wrong, right = re.search(r"is (\S+) and should be (\S+)\.", " ".join(result.hints)).groups()
    assert wrong != right


# ---------------------------------------------------------------- errors


def test_an_error_for_one_input_does_not_hide_a_fault_for_all():
    def columns(Z):
        if len(Z) == 1:
            raise IndexError("too few")
        return softmax(Z.T).T

    result = checks.softmax(columns, hint=2)
    assert "softmax-axis0" in result.mistakes
    assert "stops with an error for a single example: IndexError" in result.hints[1]


def test_an_error_points_at_the_learners_line_and_at_no_other():
    def draws(X, y, batch_size, rng):
        for _ in range(3):
            rows = rng.choice(len(X), 10 * len(X), replace=False)
            yield X[rows], y[rows]

    told = repr(checks.minibatches(draws))
    assert "rng.choice" in told and "pyx" not in told
    told = repr(checks.numerical_gradient(lambda f, x: f(x[:1, :1]) + f("text")))
    assert "lambda f, x: f(x[:1, :1])" in told and "np.sum(a" not in told


def test_tables_that_do_not_fit_are_not_told_about_keepdims():
    result = checks.swish_backward(lambda dA, Z: dA + np.ones((len(Z), 9)), hint=3)
    assert "W.T" in result.hints[2] and "keepdims" not in result.hints[2]


@pytest.mark.parametrize("exercise", SEVERAL, ids=lambda e: e.name)
def test_a_slip_of_several_outputs_made_in_one_is_not_mended_in_all(exercise):
    """The third hint, too, speaks of one output, or shows the lines whose numbers came out."""
    flags = []
    for variant in exercise.singles:
        made = spoilt(exercise, variant)
        for k in made if len(made) > 1 else ():
            result = getattr(checks, exercise.name)(in_one_output(exercise, variant, k))
            if variant.ids == result.mistakes and re.search(
                r"\b[Bb]oth\b|\ball of", result.hints[2]
            ):
                flags.append((variant.ids, k, result.hints[2]))
    assert not flags, flags
