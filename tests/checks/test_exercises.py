"""Every exercise, done as a learner does it: not attempted, wrong, a hint, another hint, right."""

import re

import pytest

from nnlib import checks
from nnlib.checks import catalogue, typed
from tools.notebooks import all_notebooks, read, tags

CALL = re.compile(r"\bchecks\.(\w+)\(")
AUDIT = re.compile(r"\baudit\.(\w+)\(")
# Checks for a teacher's own exercises.
SPARE = {
    "linear_forward",
    "softmax_cross_entropy_backward",
}


def exercise_cells(path):
    return [
        cell for cell in read(path).cells if cell.cell_type == "code" and "exercise" in tags(cell)
    ]


def checked(path):
    """(check cell, name of its check) for every check in a notebook."""
    return [(c, name) for c in exercise_cells(path) for name in CALL.findall(c.source)]


def audited(path):
    """The same for a project, which is looked through and not compared with an answer."""
    return [(c, name) for c in exercise_cells(path) for name in AUDIT.findall(c.source)]


NAMES = sorted({name for path in all_notebooks() for _, name in checked(path)})


@pytest.mark.parametrize("path", all_notebooks(), ids=lambda path: path.stem[:2])
def test_a_notebook_has_its_exercises_each_with_a_check_and_none_attempted(path):
    calls = checked(path) or audited(path)
    assert 2 <= len({name for _, name in calls}) <= 6
    for cell, name in calls:
        printed = "".join(output.get("text", "") for output in cell.outputs)
        assert "ot attempted yet" in printed, f"{cell.id}, {name}: {printed}"


def test_every_exercise_of_the_catalogue_stands_in_a_notebook():
    assert set(NAMES) | SPARE == set(catalogue.exercises())


def answers(exercise):
    """A placeholder, the wrong answers with the mistake that each should be told, the right one."""
    if exercise.kind == "function":
        wrong = [
            ((exercise.function(v.replaced),), v.ids[0])
            for v in exercise.singles
            if not v.mistakes[0].harmless
        ]
        return (...,), wrong, (exercise.function(),)
    if exercise.kind == "choice":
        right = exercise.answer[0] if isinstance(exercise.answer, list) else exercise.answer
        wrong = [((m.values[0],), m.id) for m in exercise.mistakes]
        return (...,), wrong, (right,)
    right, value = typed.expected(exercise, {})
    names, wrong = exercise.names or [exercise.name], []
    for mistake in exercise.mistakes:
        for way in mistake.values:
            given = list(right)
            if isinstance(way, dict):
                for key, expression in way.items():
                    given[names.index(key)] = value(expression)
            else:
                one = value(way)
                given = list(one) if isinstance(one, tuple) and len(names) > 1 else [one]
            wrong.append((tuple(given), mistake.id))
    return (...,) * len(right), wrong, tuple(right)


@pytest.mark.parametrize("name", NAMES)
def test_placeholder_wrong_hint_right(name, capsys):
    check = getattr(checks, name)
    placeholder, wrong, right = answers(catalogue.exercises()[name])
    assert check(*placeholder).passed is None
    assert "ot attempted yet" in capsys.readouterr().out
    assert wrong, f"{name} knows no mistake"
    for answer, mistake in wrong[:3]:
        result = check(*answer)
        told = capsys.readouterr().out
        assert result.passed is False and result.mistake == mistake
        assert result.hints[0] in told and result.hints[2] not in told
        check(*answer, hint=3)
        told = capsys.readouterr().out
        assert all(hint in told for hint in result.hints)
        assert "Traceback" not in told
    assert check(*right).passed is True
    assert "right" in capsys.readouterr().out
