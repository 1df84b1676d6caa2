"""Makes notebooks as students hand them in: from the course's own, with answers typed into them."""

import copy
import json
import re

from nnlib.checks.catalogue import exercises
from nnlib.checks.typed import expected
from nnlib.grade import course
from nnlib.lessons import clinic
from nnlib.lessons.pencil import Worksheet
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


def solved(number, wrong=(), left=(), table=None):
    """A notebook with all answers right, but those named in wrong = {name: mistake} and left."""
    table = table or notebook(number)
    for each in BOOKS[number].questions:
        if each.judge == "checks" and each.name not in left:
            typed(table, each.name, answer(each, dict(wrong).get(each.name)), number)
    for row in table["cells"]:
        row["source"] = beside_checks(number).get(row.get("id"), row["source"])
    return table


def source_of(number, name):
    return "".join(next(c["source"] for c in notebook(number)["cells"] if c.get("id") == name))


def beside_checks(number):
    """Answers to what other judges than `checks` ask, by the cell that they are typed into."""
    if number == "01":
        right = Worksheet(1).right
        found = source_of(number, "ex4-check")
        return {"ex4-check": re.sub(r"(\w+)=\.\.\.", lambda m: f"{m[1]}={right[m[1]]!r}", found)}
    if number == "14":
        asked = re.findall(r"diagnosis_(\d+) =", source_of(number, "ex4"))
        has = {n: tuple(clinic.patient(int(n)).diseases) or "healthy" for n in asked}
        return {"ex4": "\n".join(f"diagnosis_{n} = {names!r}" for n, names in has.items())}
    return WINE if number == "20" else {}


WINE = {
    "cut": "train, validation, test = nn.data.split(X, y, (0.6, 0.2, 0.2), rng=0)",
    "scale": "X_train, X_val, X_test = nn.data.standardise(train[0], validation[0], test[0])",
    "baseline": "baseline = np.mean(validation[1] == np.bincount(train[1]).argmax())",
    "search": "tried = {(lr, n): 0.5 for lr in (0.003, 0.03, 0.3, 3) for n in (4, 32)}",
    "seeds": "test_accuracies = [k / len(test[1]) for k in (30, 31, 32, 33, 34)]",
    "confusion": "counts = np.diag(np.bincount(test[1]))",
}


def cell(source, name="added"):
    row = {"cell_type": "code", "id": name, "metadata": {}, "outputs": [], "source": source}
    return row | {"execution_count": None}


def hand_in(folder, who, number, table):
    target = folder / who / f"{BOOKS[number].name}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(table), encoding="utf-8")
    return target
