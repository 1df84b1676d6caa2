"""A class hands in: right, wrong, untouched and hostile notebooks, and each gets its mark."""

import csv
import html
import io
import os
import sys
import tempfile

import pytest
from handed_in import BOOKS, cell, hand_in, notebook, solved, typed

from nnlib.checks.catalogue import exercises
from nnlib.grade import __main__ as grade
from nnlib.grade import course, marks, sandbox, table
from tools import ROOT

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="grading needs Linux or macOS")
NUMBER = "04"
ASKED = ["three_operations", "sigmoid_backward", "relu_backward", "mse_backward", "swish_backward"]
ALL_RIGHT = dict.fromkeys(ASKED, "right")
NONE = dict.fromkeys(ASKED, "not attempted")


def mistakes():
    """Known mistakes of the notebook's exercises, one for each student."""
    for name in ASKED:
        exercise = exercises()[name]
        rows = [m for m in exercise.mistakes if not (m.free or m.harmless or m.effect)]
        for row in rows[:6]:
            if exercise.kind == "number" or row.replacements:
                yield name, row.id


def with_cell(source, place):
    made = solved(NUMBER)
    made["cells"].insert(place, cell(source))
    return made


def answering(name, source):
    return typed(solved(NUMBER), name, source, NUMBER)


SETUP = 3  # a place in the notebook after its imports
RELU = "def my_relu_backward(dA, Z):\n    "
HOSTILE = {
    # who: (the notebook, what differs from all right)
    "loops in a function": (
        lambda: answering("relu_backward", RELU + "while True: pass"),
        {"relu_backward": "wrong: endless"},
    ),
    "overwrites an argument and loops": (
        lambda: answering("relu_backward", RELU + "while True: dA -= 1"),
        {"relu_backward": "wrong: endless-changed"},
    ),
    "loops in a cell": (
        lambda: answering("relu_backward", "while True: pass\n" + RELU + "return dA"),
        {"relu_backward": "wrong: endless"},
    ),
    "swallows the clock": (
        lambda: answering(
            "relu_backward",
            RELU + "while True:\n        try:\n            while True: pass\n"
            "        except BaseException: pass",
        ),
        {"relu_backward": "wrong: endless"},
    ),
    "wipes the names": (lambda: with_cell("%reset -f", -1), {}),
    "forges the checks": (
        lambda: forged(notebook(NUMBER)),
        NONE,
    ),
    "forges a check for a wrong answer": (
        lambda: forged(answering("relu_backward", RELU + "return dA")),
        {"relu_backward": "wrong: relu-mask-on-output-ge0"},
    ),
    "leaves with success": (
        lambda: answering("relu_backward", RELU + "import sys; sys.exit(0)"),
        {"relu_backward": "wrong: exits"},
    ),
    "leaves at once": (
        lambda: answering("relu_backward", RELU + "import os; os._exit(0)"),
        {"relu_backward": "wrong: exits"},
    ),
    "leaves in a cell": (
        lambda: answering("relu_backward", "import os; my_relu_backward = 1; os._exit(0)"),
        {"relu_backward": "wrong: exits"},
    ),
    "edits nnlib": (
        lambda: with_cell(
            "import nnlib.checks as c, numpy\nc.relu_backward = lambda *_: True\n"
            "nn.softmax = None\nnumpy.allclose = lambda *_: True",
            SETUP,
        ),
        {},
    ),
    "writes rubbish to the grader": (
        lambda: answering(
            "relu_backward",
            "import os\nfor n in range(3, 30):\n    try: os.write(n, b'x' * 100)\n"
            "    except OSError: pass\n" + RELU + "return dA",
        ),
        {"relu_backward": "wrong: exits"},
    ),
    "sends too much": (
        lambda: answering("relu_backward", RELU + "return np.zeros((10**5, 10**3))"),
        {"relu_backward": "wrong: kind"},
    ),
    "does not parse": (
        lambda: answering("relu_backward", "def my_relu_backward(dA, Z)\n    return dA"),
        {"relu_backward": "wrong: SyntaxError"},
    ),
}


def forged(made):
    made["cells"].insert(SETUP, cell("class checks:\n    pass"))
    for name in ASKED:
        source = f"checks.{name} = lambda *a, **k: print('{name}: right.')"
        made["cells"].insert(SETUP + 1, cell(source, f"forged-{name}"))
    return made


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    """The folder, and for each student the marks that are expected, by exercise."""
    folder, wanted = tmp_path_factory.mktemp("handed"), {}
    for number, (name, mistake) in enumerate(mistakes()):
        who = f"wrong {number}"
        hand_in(folder, who, NUMBER, solved(NUMBER, {name: mistake}))
        wanted[who] = ALL_RIGHT | {name: f"wrong: {mistake}"}
    for who, left in ("right", ()), ("half", ASKED[2:]), ("untouched", ASKED):
        hand_in(folder, who, NUMBER, solved(NUMBER, left=left))
        wanted[who] = ALL_RIGHT | dict.fromkeys(left, "not attempted")
    for who, (make, differs) in HOSTILE.items():
        hand_in(folder, who, NUMBER, make())
        wanted[who] = ALL_RIGHT | differs
    return folder, wanted


@pytest.fixture(scope="module")
def result(handed, tmp_path_factory):
    """The table as rows by student, the page, and the folder for what lasts no longer than it."""
    to, scratch = tmp_path_factory.mktemp("marks"), tmp_path_factory.mktemp("scratch")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(scratch))
        assert grade.main([str(handed[0]), "--to", str(to), "--cell-seconds", "15"]) == 0
    rows = csv.DictReader(io.StringIO((to / "marks.csv").read_text("utf-8")))
    return {row["student"]: row for row in rows}, (to / "marks.html").read_text("utf-8"), scratch


def test_every_student_gets_the_mark_that_is_deserved(handed, result):
    rows, wanted = result[0], handed[1]
    assert len(wanted) >= 40 and rows.keys() == wanted.keys()
    got = {who: {n: rows[who][f"{NUMBER} {n}"] for n in ASKED} for who in wanted}
    assert {w: got[w] for w in wanted if got[w] != wanted[w]} == {}


def test_the_page_says_what_helps_on_monday(handed, result):
    page = result[1]
    mistake = next(m for m in exercises()["relu_backward"].mistakes if m.id in page)
    assert html.escape(mistake.hints[0]).split("`")[0] in page
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")


def test_nothing_is_left_behind(result):
    assert os.listdir(result[2]) == []


# Every notebook is run to its end: minutes for the whole course, which NNLIB_BIG asks for.
BIG = BOOKS if "NNLIB_BIG" in os.environ else {n: BOOKS[n] for n in list(BOOKS)[3::4]}
NOT_JUDGED = {"14 cure 3", "14 cure 5", "14 cure 8", "14 diagnosis sick"}


def test_the_course_is_right_when_it_is_solved_and_else_not_attempted(tmp_path):
    """So that no exercise is forgotten when a notebook changes."""
    for number in BIG:
        hand_in(tmp_path, "solved", number, solved(number))
    for number in list(BIG)[::4]:
        hand_in(tmp_path, "untouched", number, notebook(number))
    to = tmp_path / "marks"
    assert grade.main([str(tmp_path), "--to", str(to), "--seconds", "900"]) == 0
    full, empty = csv.DictReader(io.StringIO((to / "marks.csv").read_text("utf-8")))
    asked = {q.column for book in BIG.values() for q in book.questions if course.judged_here(q)}
    assert len(asked) >= 3 * len(BIG)
    assert {name: full[name] for name in asked if full[name] != "right"} == {}
    assert {empty[name] for name in asked} == {"not attempted", ""}


def test_what_cannot_be_judged_elsewhere_is_known_by_name():
    questions = [q for book in BOOKS.values() for q in book.questions]
    assert {q.column for q in questions if not course.judged_here(q)} == NOT_JUDGED


# ---------------------------------------------------------------- small things


def mark(student, column, status="right", *mistakes):
    return marks.Mark(student, column, status, list(mistakes), ["<b>what</b>", "", "the fix"])


def test_no_name_breaks_the_table_or_the_page():
    evil = "=cmd|' /C calc'!A0<script>alert(1)</script>"
    found = [mark(evil, "04 a", "wrong", "</td><img src=x onerror=alert(1)>")]
    page = table.as_page(found)
    assert "<script>" not in page and "<img" not in page and "<b>" not in page
    rows = list(csv.reader(io.StringIO(table.as_csv(found))))
    assert rows[1][0].startswith("'=") and len(rows) == 2 and len(rows[0]) == len(rows[1])


def test_the_most_frequent_mistake_comes_first():
    found = [mark(w, "04 a", "wrong", "rare") for w in "a"]
    found += [mark(w, "04 b", "wrong", "often") for w in "abc"]
    assert [(row.mistake, row.students) for row in table.frequent(found)] == [
        ("often", ["a", "b", "c"]),
        ("rare", ["a"]),
    ]


@pytest.mark.parametrize("broken", ["", "[]", "{", '{"cells": 3}', "[" * 100_000])
def test_a_file_that_is_no_notebook_is_named(broken, tmp_path):
    (tmp_path / "ann_04_the_chain_rule.ipynb").write_text(broken)
    (found,) = course.handed_in(tmp_path, course.read(ROOT / "notebooks"))
    assert found.student == "ann" and found.problem and found.notebook.number == "04"


def test_a_notebook_is_known_by_its_cells_and_the_newest_counts(tmp_path):
    books = course.read(ROOT / "notebooks")
    old = hand_in(tmp_path, "ann", NUMBER, solved(NUMBER))
    os.utime(old, (1, 1))
    new = old.rename(old.with_name("final FINAL.ipynb"))
    again = hand_in(tmp_path, "ann", NUMBER, notebook(NUMBER))
    (found,) = course.handed_in(tmp_path, books)
    assert found.path == again and found.notebook.number == NUMBER
    again.unlink()
    (found,) = course.handed_in(tmp_path, books)
    assert found.path == new and found.notebook.number == NUMBER and found.student == "ann"


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_the_fence_holds():
    with sandbox.fence() as fence:
        if not fence.apart:
            pytest.skip("this machine lets nobody make namespaces")
        process = sandbox.Process(fence)
        tried = {
            "import socket; socket.create_connection(('192.0.2.1', 80), 1)": "OSError",
            f"open({str(ROOT / 'evil')!r}, 'w')": "OSError",
            "x = bytearray(2**40)": "MemoryError",
            "open('own', 'w').write('fine')": None,
            "import nnlib.checks.catalogue": "ModuleNotFoundError",
        }
        for source, error in tried.items():
            found = process.run(source, 10)
            assert (found[0] if found else None) == error, (source, found)
        assert not list(fence.folder.rglob("*.toml")), "a solution stands in the learner's nnlib"
        process.end()
    assert not (ROOT / "evil").exists()
