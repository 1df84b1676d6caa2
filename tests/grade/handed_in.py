"""Makes notebooks as students hand them in: from the course's own, with answers typed into them."""

import copy
import json

from nnlib.checks.catalogue import exercises
from nnlib.checks.typed import expected
from nnlib.grade import course
from tools.editions import student
from tools.notebooks import FOLDER, read

BOOKS = {book.number: book for book in course.read(FOLDER)}
EDITIONS = {}


def notebook(number):
    """The student edition of a notebook, as a table."""
    if number not in EDITIONS:
        made = student(read(FOLDER / f"{BOOKS[number].name}.ipynb"))
        EDITIONS[number] = json.loads(json.dumps(made))
    return copy.deepcopy(EDITIONS[number])


def answer(question, mistake=None):
    """What a student types: the right answer, or one with a known mistake."""
    exercise = exercises()[question.name]
    if exercise.kind == "function":
        row = next((m for m in exercise.mistakes if m.id == mistake), None)
        source = exercise.source(row.replacements[0] if row else None)
        made = exercise.signature.partition("(")[0]
        return f"{source}\n{question.arguments[0]} = {made}\n"
    right, value = (
        expected(exercise, {}) if exercise.kind == "number" else ([exercise.answer], repr)
    )
    given = list(right)
    if exercise.kind == "choice" and isinstance(exercise.answer, list):
        given = exercise.answer[:1]
    if mistake:
        row = next(m for m in exercise.mistakes if m.id == mistake)
        wrong = row.values[0]
        if exercise.kind == "choice":
            given = [wrong]
        elif isinstance(wrong, dict):
            names = exercise.names
            given = [
                value(wrong[n]) if n in wrong else g for n, g in zip(names, given, strict=True)
            ]
        else:
            wrong = value(wrong)
            given = list(wrong) if isinstance(wrong, tuple) else [wrong]
    names = question.arguments
    if len(names) == 1 and len(given) > 1:
        return f"{names[0].lstrip('*')} = [{', '.join(map(plain, given))}]\n"
    return "".join(f"{n} = {plain(g)}\n" for n, g in zip(names, given, strict=True))


def plain(value):
    return repr(value.tolist() if hasattr(value, "tolist") else value)


def question(number, name):
    return next(q for q in BOOKS[number].questions if q.name == name)


def typed(table, name, source, number):
    """Type an answer: into the cell before the check, or, where it holds other things, after it."""
    asked = question(number, name)
    cells = table["cells"]
    place = next(k for k, cell in enumerate(cells) if cell.get("id") == asked.cell)
    cells[place - 1]["source"] = source
    return table


def solved(number, wrong=(), left=()):
    """A notebook with all answers right, but those named in wrong = {name: mistake} and left."""
    table = notebook(number)
    for each in BOOKS[number].questions:
        if each.judge == "checks" and each.name not in left:
            typed(table, each.name, answer(each, dict(wrong).get(each.name)), number)
    return table


def cell(source, name="added"):
    row = {"cell_type": "code", "id": name, "metadata": {}, "outputs": [], "source": source}
    return row | {"execution_count": None}


def hand_in(folder, who, number, table):
    target = folder / who / f"{BOOKS[number].name}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(table), encoding="utf-8")
    return target
