"""The files of exercises and mistakes hold together, whoever writes them."""

import re

import numpy as np
import pytest

from nnlib import checks
from nnlib.checks import catalogue, match, typed
from nnlib.checks.measure import words

ALL = catalogue.exercises()
FUNCTIONS = [e for e in ALL.values() if e.kind == "function"]
NUMBERS = [e for e in ALL.values() if e.kind == "number"]
CHOICES = [e for e in ALL.values() if e.kind == "choice"]
MISTAKES = [m for e in ALL.values() for m in e.mistakes]
VARIANTS = [(e, v) for e in FUNCTIONS for v in e.singles]


def name(each):
    return each.name if hasattr(each, "name") else f"{each.exercise}-{each.id}"


@pytest.mark.parametrize("exercise", FUNCTIONS, ids=name)
def test_a_solution_is_right_on_inputs_of_several_sizes(exercise):
    answers = [match.unpack(answer, exercise.returns) for answer in exercise.right]
    assert len(answers) >= 2 and all(answer is not None for answer in answers)
    assert getattr(checks, exercise.name)(exercise.function()).passed is True


@pytest.mark.parametrize(
    "exercise, variant",
    VARIANTS,
    ids=[f"{e.name}-{v.ids[0]}-{k}" for k, (e, v) in enumerate(VARIANTS)],
)
def test_a_row_is_recognised_by_its_own_line(exercise, variant):
    """Its line is in the solution, it is wrong, and no row before it gives the same answers."""
    function = exercise.function(variant.replaced)
    result = getattr(checks, exercise.name)(function)
    harmless = variant.mistakes[0].harmless
    assert result.passed is harmless
    assert result.mistakes == ([] if harmless else variant.ids), result


@pytest.mark.parametrize("mistake", MISTAKES, ids=name)
def test_hints_are_three_and_the_first_is_short(mistake):
    if mistake.harmless:
        return
    assert len(mistake.hints) == 3 and all(hint.strip() == hint != "" for hint in mistake.hints)
    assert len(re.findall(r"[.!?](?=\s|$)", mistake.hints[0])) <= 2, mistake.hints[0]
    assert not re.search(r"\b(simply|just|obviously|of course)\b", " ".join(mistake.hints), re.I)


@pytest.mark.parametrize("mistake", MISTAKES, ids=name)
def test_a_mistake_has_its_evidence(mistake):
    assert mistake.evidence and mistake.symptom


@pytest.mark.parametrize("exercise", NUMBERS, ids=name)
def test_numbers_right_rounded_and_wrong(exercise):
    check = getattr(checks, exercise.name)
    right, value = typed.expected(exercise, {})
    names = exercise.names or [exercise.name]
    assert len(names) == len(right)
    assert check(*right).passed is True
    assert check(tuple(right) if len(right) > 1 else right[0]).passed is True
    assert check(*[...] * len(right)).passed is None
    if exercise.rounding > exercise.tolerance:
        for k, number in enumerate(right):
            for digits in range(1, 9):
                short = np.round(number, digits)
                off = abs(short - number)
                if exercise.tolerance < off < exercise.rounding:
                    assert "Rounding, fine" in repr(check(*right[:k], short, *right[k + 1 :]))
            off = number + (exercise.tolerance + exercise.rounding) / 2 + 1e-9 / 7
            assert check(*right[:k], off, *right[k + 1 :]).passed is False, "these digits are wrong"
    for mistake in exercise.mistakes:
        for way in mistake.values:
            given = list(right)
            if isinstance(way, dict):
                for key, expression in way.items():
                    given[names.index(key)] = value(expression)
            else:
                wrong = value(way)
                several = isinstance(wrong, tuple) and len(names) > 1
                given = list(wrong) if several else [wrong]
            result = check(*given)
            assert result.passed is False and result.mistake == mistake.id, (way, result)


@pytest.mark.parametrize("exercise", NUMBERS, ids=name)
def test_a_tolerance_swallows_no_neighbouring_number(exercise):
    """What a slip gives, another of the numbers, one more or one less of a count: none is right."""
    right, value = typed.expected(exercise, {})
    names = exercise.names or [exercise.name]
    window = max(exercise.tolerance, exercise.rounding)
    for k, number in enumerate(right):
        others = [each for each in right if np.shape(each) == np.shape(number)]
        others += [number + 1, number - 1, -np.asarray(number)]
        for mistake in exercise.mistakes:
            for way in mistake.values:
                found = way.get(names[k]) if isinstance(way, dict) else way
                found = value(found) if found is not None else number
                several = isinstance(found, tuple) and len(names) > 1
                others.append(found[k] if several else found)
        for other in others:
            if np.shape(other) != np.shape(number):
                continue
            off = np.abs(np.asarray(other, dtype=float) - number).max()
            assert off < 1e-9 or off > window, (names[k], number, other)


@pytest.mark.parametrize(
    "name, typed, passed",
    [
        ("blame_of_w_22", (-0.0695, -0.0695, -0.0556), True),
        ("blame_of_w_22", (-0.0694, -0.0695, -0.0556), True),  # one unit of the last digit
        ("blame_of_w_22", (-0.0625, -0.0695, -0.0556), False),
        ("blame_of_w_22", (-0.0693, -0.0695, -0.0556), False),
        ("signatures", (5 / 6, 2), False),
        ("signatures", (0.8, 2), True),
        ("two_scores", (0.88, 2.13), True),
        ("two_scores", (0.8850, 2.1269), False),  # four digits, and the third is wrong
        ("zero_start", (0.7,), True),
        ("zero_start", (0.6999,), False),
    ],
)
def test_rounding_follows_the_digits_that_were_typed(name, typed, passed):
    assert getattr(checks, name)(*typed).passed is passed


@pytest.mark.parametrize("exercise", CHOICES, ids=name)
def test_each_wrong_choice_has_its_hints(exercise):
    check = getattr(checks, exercise.name)
    right = exercise.answer if isinstance(exercise.answer, list) else [exercise.answer]
    assert check(...).passed is None
    for option in exercise.options:
        result = check(option)
        assert result.passed is (option in right)
        assert bool(result.mistake) is (option not in right), option
    assert "Choose one of these" in check("no such option").hints[0]


# Rows whose words were written for one exercise and are said in another one, too: read twice.
SHARED = {
    ("forgot-upstream", "relu_backward"), ("alias-inplace-activation", "softmax"),
    ("no-zero-grad", "two_layer_gradients"), ("relu-as-derivative", "relu_backward"),
}  # fmt: skip


def test_words_written_for_one_exercise_are_said_in_no_other():
    """ "Your loss ..." was once said of a gradient: its row had taken the words of another one."""
    first, shared = {}, set()
    for mistake in MISTAKES:
        key = (mistake.id, tuple(mistake.hints))
        if first.setdefault(key, mistake.exercise) != mistake.exercise:
            shared.add((mistake.id, mistake.exercise))
    assert shared <= SHARED


def test_every_effect_has_three_hints():
    for effect in words().values():
        assert len(effect["hints"]) == 3
        for special in effect.get("special", []):
            assert len(special["hints"]) == 2


def test_every_named_effect_exists():
    assert {m.effect for m in MISTAKES if m.effect} <= words().keys()


def test_no_exercise_hides_a_module():
    from pathlib import Path

    modules = {path.stem for path in Path(checks.__file__).parent.glob("*.py")}
    assert not modules & ALL.keys()


# ---------------------------------------------------------------- the format


GOOD = """
[exercise.double]
signature = "double(x)"
solution = '''
def double(x):
    y = x
    return 2 * y
'''
cases = '''
for n in 3, 4:
    yield rng.normal(size=n),
'''
returns = ["y"]

[[mistake]]
id = "triple"
exercise = "double"
right = "return 2 * y"
wrong = "return 3 * y"
hints = ["a", "b", "c"]
"""


def test_a_file_can_hold_its_own_inputs():
    exercise = catalogue.read({"a.toml": GOOD})["double"]
    assert [a.shape for a in exercise.right] == [(3,), (4,), (3,)]  # the first one twice
    assert [v.ids for v in exercise.singles] == [["triple"]]


@pytest.mark.parametrize(
    "before, after, said",
    [
        ('hints = ["a", "b", "c"]', 'hints = ["a"]', "triple needs 3 hints"),
        ('exercise = "double"', 'exercise = "duble"', "there is no exercise 'duble'"),
    ],
)
def test_a_slip_in_a_file_is_named(before, after, said):
    with pytest.raises(ValueError, match=said):
        catalogue.read({"a.toml": GOOD.replace(before, after)})


def test_a_line_that_is_not_in_the_solution_is_named():
    broken = GOOD.replace('right = "return 2 * y"', 'right = "return 2 * x"')
    exercise = catalogue.read({"a.toml": broken})["double"]
    with pytest.raises(ValueError, match="a.toml: double has no line 'return 2 \\* x'"):
        exercise.answers(exercise.singles[0].replaced)


def test_two_files_may_not_name_one_exercise_twice():
    with pytest.raises(ValueError, match="b.toml: double is also in a.toml"):
        catalogue.read({"a.toml": GOOD, "b.toml": GOOD})


# ---------------------------------------------------------------- two mistakes at once


def test_pairs_on_different_lines_are_told_apart():
    """Two rows made at once are both named, unless one hides the other: then the answers are those
    of a single mistake. Of an exercise with many pairs, some are tried."""
    told, other, hidden = 0, [], 0
    for exercise in FUNCTIONS:
        if exercise.file != "core.toml":
            continue
        for pair in exercise.pairs[:: 1 + len(exercise.pairs) // 150]:
            answers = [match.unpack(a, exercise.returns) for a in exercise.answers(pair.replaced)]
            if all(answer is None for answer in answers):
                continue
            matcher = match.Matcher(exercise, answers)
            if matcher.all_right() or any(map(matcher.explains, exercise.singles)):
                hidden += 1
                continue
            pair = matcher.explain(exercise.pairs)
            found = {m.id for m in pair.mistakes} if pair else set()
            if found == set(pair.ids):
                told += 1
            else:
                other.append((exercise.name, pair.ids, found))
    assert told > 500 and len(other) < 0.05 * told, (told, hidden, other)
