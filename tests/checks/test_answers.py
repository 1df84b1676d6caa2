"""What learners write, right and wrong: every answer of answers/ gets the verdict that it deserves.

One file for each exercise of core.toml, written by several hands, and one for those of a notebook,
such as nb12.py for nb12.toml; `hands.py` says how to add an answer. A wrong answer names its
mistake, or none where it is measured; a right one passes, whatever its style: loops, einsum, other
floats, lists, copies.
"""

import pytest
from hands import answers, friendly

from nnlib import checks
from nnlib.checks.catalogue import exercises


def of(kind):
    found = [answer for answer in answers() if answer.kind == kind]
    return pytest.mark.parametrize("answer", found, ids=[answer.id for answer in found])


def verdict(answer, **options):
    given = answer.function if isinstance(answer.function, tuple) else (answer.function,)
    return getattr(checks, answer.exercise)(*given, **options)


@of("wrong")
def test_a_wrong_answer_names_its_mistakes(answer, capfd):
    result = verdict(answer)
    shown = capfd.readouterr()
    if answer.ids == ("accepted",):
        assert result.passed is True
        return
    if answer.ids == ("remarked",):
        why = getattr(checks, answer.exercise).exercise.why
        assert result.passed is True and result.note not in ("", why)
        return
    assert result.passed is False
    assert result.mistakes == list(answer.ids), result
    assert answer.says in " ".join(result.hints)
    friendly(result, shown)


@of("right")
def test_a_right_answer_passes(answer, capfd):
    result = verdict(answer, hint=3)
    assert result.passed is True, result
    assert result.mistakes == [] and result.hints == []
    assert not capfd.readouterr().err


# ---------------------------------------------------------------- what is covered


CORE = {name: e for name, e in exercises().items() if e.file == "core.toml"}


@pytest.mark.parametrize("name", CORE)
def test_each_core_exercise_has_fifteen_right_styles(name):
    assert sum(a.exercise == name and a.kind == "right" for a in answers()) >= 15


@pytest.mark.parametrize("name", CORE)
def test_the_catalogues_own_solution_passes(name):
    exercise = getattr(checks, name).exercise
    assert getattr(checks, name)(exercise.function()).passed is True


# Those of the course's list of real mistakes that one of the fifteen functions can hold.
MEETABLE = """
    no-1-over-N mean-over-all-entries loss-sum-gradient-mean sign-of-ds update-sign forgot-minus-y
    extra-sigmoid-prime sigmoid-prime-of-activation sigmoid-applied-twice relu-mask-on-output-ge0
    relu-as-derivative relu-mask-wrong-layer W2-before-dW1 dW-transposed W-not-transposed
    dot-vs-star db-not-summed db-wrong-axis db-from-dW softmax-axis0 softmax-whole-array
    softmax-no-keepdims softmax-overflow log-zero double-softmax wrong-log uint8-labels int-weights
    one-hot-off broadcast-N-by-N1 vector-plus-column-bias argmax-axis shuffle-separately same-order
    last-batch overwrite-in-loop no-zero-grad alias-inplace-activation gradcheck-eps-dtype
    scale-inputs test-statistics no-nonlinearity
""".split()


def test_each_real_mistake_that_an_exercise_can_meet_is_fed():
    alone = {a.ids[0] for a in answers() if len(a.ids) == 1}
    assert len(MEETABLE) == 42 and set(MEETABLE) <= alone


def test_each_row_of_the_core_is_fed_or_named_here():
    """A mistake that no test feeds could be wrong for years."""
    fed = {(a.exercise, one) for a in answers() for one in a.ids}
    rows = {
        (m.exercise, m.id)
        for e in CORE.values()
        for m in e.mistakes
        if m.file == "core.toml" and not m.harmless
    }
    left = {
        ("softmax", "softmax-no-exp"), ("accuracy", "threshold-not-argmax"),
        ("accuracy", "all-or-nothing"), ("accuracy", "mean-over-all-entries"),
        ("linear_backward", "no-zero-grad"), ("two_layer_gradients", "no-zero-grad"),
        ("numerical_gradient", "no-division-by-eps"),
    }  # fmt: skip
    assert rows - fed <= left
