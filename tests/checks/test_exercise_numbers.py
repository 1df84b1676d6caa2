"""The numbers in an exercise's text are those that its check computes with.

Whoever changes one of the two, and not the other, is told: a number of the text that stands in no
setup, and a number of the setup that stands nowhere in the text.
"""

import ast
import re
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pytest

from nnlib.checks import catalogue, typed

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NUMBERS = [e for e in catalogue.exercises().values() if e.kind == "number"]
SMALL = {0, 1, 2}  # indices, ones and squares: they stand in every formula
WORDS = "three four five six seven eight nine ten".split()

# Numbers of a text that decide nothing, and numbers of a setup that the text need not say.
SAID_ONLY = {
    "soft_truth": {4},  # p.round(4)
    "zero_start": {1000},  # any number of epochs
    "bits_of_a_step": {32, 64},  # the answers to choose from
}
COMPUTED_ONLY = {
    "three_curvatures": {100},  # a hundredth
    "closed_gate": {3},  # classes of the fruit
    "bits_of_a_step": {3, 4, 8},  # any sizes; bits of a byte
}
ABOVE = {"takings"}  # its tables stand in the cells above
WALKED = {"footprints"}  # the numbers of its text are those of a walk
LINES = {  # answers that are numbers of lines, and what stands in these lines
    "five_mistakes": ["reshape(-1, 1)", "softmax", "requires_grad", "L.backward()", "no_grad"],
}


@cache
def texts():
    """The text of each exercise, from its heading to its check, and the code above it."""
    found = {}
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        for i, cell in enumerate(cells):
            called = re.match(r"checks\.(\w+)\(", cell.source) if cell.cell_type == "code" else None
            if called and "exercise" in cell.metadata.get("tags", []):
                first = max(k for k in range(i) if cells[k].cell_type == "markdown")
                text = cells[first].source.rpartition("\n### ")[2].partition("\n")[2]
                code = [c.source for c in cells[first + 1 : i + 1]]
                above = [c.source for c in cells[:first] if c.cell_type == "code"]
                found[called[1]] = "\n".join([text, *code]), "\n".join(above)
    return found


def literals(source):
    nodes = ast.walk(ast.parse(source))
    return {n.value for n in nodes if isinstance(n, ast.Constant) and type(n.value) in (int, float)}


def computed(exercise):
    """The numbers that the check computes with."""
    answers = exercise.answer if isinstance(exercise.answer, list) else [exercise.answer]
    sources = [exercise.setup, *map(str, answers), *map(repr, exercise.keywords.values())]
    return set().union(*map(literals, sources)) - SMALL


def said(text):
    """The numbers of a text; 10 % is 0.1, and x_1, rule 4 and $w_{11}$ hold none."""
    text = re.sub(r"_\{?\d+\}?|[Rr]ules? [\d, and]+", "", text)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    found = re.findall(r"(?<![\w.])(\d+(?:\.\d+)?(?:e-?\d+)?)( ?\\?%)?", text)
    return {round(float(n) / 100, 12) if share else float(n) for n, share in found} - SMALL


def differences(exercise, text):
    """(numbers that only the text has, numbers that only the check has)."""
    own, words = computed(exercise), {n for n, word in enumerate(WORDS, 3) if word in text.lower()}
    only_said = said(text) - own - SAID_ONLY.get(exercise.name, set())
    return only_said, own - said(text) - words - COMPUTED_ONLY.get(exercise.name, set())


COMPARED = [e for e in NUMBERS if e.name not in ABOVE | WALKED | LINES.keys()]


@pytest.mark.parametrize("exercise", COMPARED, ids=lambda e: e.name)
def test_text_and_check_have_the_same_numbers(exercise):
    text, _ = texts()[exercise.name]
    assert differences(exercise, text) == (set(), set())


@pytest.mark.parametrize("exercise", COMPARED, ids=lambda e: e.name)
def test_a_changed_number_is_noticed(exercise):
    text, _ = texts()[exercise.name]
    for number in said(text) - SAID_ONLY.get(exercise.name, set()):
        for shown in (f"{number:g}", f"{number:,g}", f"{number:.1f}"):
            changed = re.sub(rf"(?<![\w.]){re.escape(shown)}(?![\d.]*\d)", "77.5", text, count=1)
            if changed != text:
                break
        else:
            changed = text.replace(f"{100 * number:g} %", "77.5 %", 1)
        assert changed != text and differences(exercise, changed)[0], number


@pytest.mark.parametrize("name", sorted(ABOVE))
def test_tables_of_the_check_are_those_above(name):
    exercise = catalogue.exercises()[name]
    lines = [line for line in exercise.setup.splitlines() if "np.array(" in line]
    assert lines and all(line in texts()[name][1] for line in lines)


@pytest.mark.parametrize("name", sorted(LINES))
def test_the_lines_asked_for_hold_what_is_meant(name):
    exercise, (text, _) = catalogue.exercises()[name], texts()[name]
    right, _ = typed.expected(exercise, {})
    shown = dict(re.findall(r"^ ?(\d+)  (.*)$", text, flags=re.M))
    for number, part in zip(exercise.answer, LINES[name], strict=True):
        assert part in shown[str(number)]
    assert len(right) == len(LINES[name])


def test_the_places_of_the_walker_are_those_of_the_rule_asked_for():
    text, _ = texts()["footprints"]
    (rule, lr, beta1, beta2), _ = typed.expected(catalogue.exercises()["footprints"], {})
    assert f"{rule:g}. Adam, not corrected, with $\\varepsilon$ in the root" in text
    assert all(f"{number:g}" in text for number in (lr, beta1, beta2)) and "is 1e-8" in text
    shown = {"np": np}
    exec("\n".join(re.findall(r"^(?:gradients|x) = .*$", text, flags=re.M)), shown)
    places, m, v = [0.0], 0.0, 0.0
    for g in shown["gradients"]:
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        places.append(places[-1] - lr * m / (v + 1e-8) ** 0.5)
    assert np.abs(shown["x"] - places).max() < 1e-6


def test_every_number_asked_for_is_compared():
    assert {e.name for e in NUMBERS} <= texts().keys() and len(NUMBERS) >= 21
