"""`make nbgrader`: the exercises as nbgrader wants them; and, where it is installed (the workflow
does it), three submissions that it really grades."""

import ast
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import handed_in
import nbformat
import pytest

from nnlib.grade import course
from tools import ROOT, assignments
from tools.editions import student
from tools.notebooks import all_notebooks, read, tags

NOTEBOOKS = [path for path in all_notebooks() if "exercise" in path.read_text(encoding="utf-8")]
MARKER = re.compile(r"### (BEGIN|END) SOLUTION")


def about(cell):
    return cell.metadata.get("nbgrader", {})


def asking(cell):
    """The calls of checks in a cell of an exercise, but for those of a worksheet."""
    if cell.cell_type != "code" or "exercise" not in tags(cell):
        return []
    return [c for c in course.calls(ast.parse(cell.source)) if c.func.value.id != "sheet"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_check_is_one_locked_point_and_each_answer_a_solution_cell(path):
    made, handed_out = assignments.assignment(read(path)), student(read(path))
    nbformat.validate(made)
    names = [about(cell)["grade_id"] for cell in made.cells if about(cell)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[\w-]+", name) for name in names)
    tests = [cell for cell in made.cells if about(cell).get("grade")]
    for cell in tests:
        assert about(cell)["points"] == 1 and about(cell)["locked"] and not about(cell)["solution"]
        assert isinstance(ast.parse(cell.source).body[-1], ast.Assert)
    asked = [ast.unparse(call) for cell in handed_out.cells for call in asking(cell)]
    sheets = [cell for cell in tests if "sheet.right_so_far" in cell.source]
    assert len(sheets) == (path.name[:2] == "01")
    given = [ast.parse(cell.source).body[-1].test for cell in tests if cell not in sheets]
    assert [ast.unparse(each) for each in given] == asked and assignments.points(made) > 0
    answers = [cell for cell in made.cells if about(cell).get("solution")]
    assert answers and all(MARKER.findall(cell.source) == ["BEGIN", "END"] for cell in answers)
    # Without the markers and the tests it is the student edition, which has no solution.
    rest = [cell.source.replace(assignments.ROOM, "") for cell in made.cells if cell not in tests]
    checks = [c for c in handed_out.cells if c.source not in rest]
    assert rest == [c.source for c in handed_out.cells if c not in checks]
    assert all(asking(c) and ("..." not in c.source or "cured" in c.source) for c in checks)
    assert not any("solution" in tags(cell) or cell.get("outputs") for cell in made.cells)


def test_a_course_folder_is_written_and_nothing_else_in_it_is_touched(tmp_path):
    (tmp_path / "gradebook.db").write_text("marks")
    found = assignments.write(tmp_path, NOTEBOOKS[:2])
    assert found == {"nn_00": 2, "nn_01": 4}
    written = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*"))
    sources = [f"source/nn_{path.name[:2]}/{path.name}" for path in NOTEBOOKS[:2]]
    assert written == ["gradebook.db", "nbgrader_config.py", *sources]
    assert (tmp_path / "gradebook.db").read_text() == "marks"
    compile((tmp_path / "nbgrader_config.py").read_text(), "nbgrader_config.py", "exec")


# ---------------------------------------------------------------- nbgrader itself

SCORES = """
import json, sys
from nbgrader.api import Gradebook
found = {}
with Gradebook("sqlite:///gradebook.db") as book:
    for sent in book.assignment_submissions(sys.argv[1]):
        marks = found.setdefault(sent.student.id, {})
        for grade in sent.notebooks[0].grades:
            assert grade.max_score == 1 and not grade.needs_manual_grade
            marks[grade.name] = grade.score
print(json.dumps(found))
"""


@pytest.fixture
def environment():
    """The folder of an environment with the course's packages and nbgrader."""
    if there := os.environ.get("NNLIB_NBGRADER"):
        return Path(there)
    pytest.importorskip("nbgrader", reason="nbgrader is not here; NNLIB_NBGRADER names one")
    return Path(sys.prefix)


@pytest.mark.ways
@pytest.mark.parametrize("number", ["01", "03"])
def test_nbgrader_generates_collects_and_grades_three(number, environment, tmp_path):
    path = next(path for path in NOTEBOOKS if path.name[:2] == number)
    assignments.write(tmp_path, [path])
    settings = tmp_path / "nbgrader_config.py"
    settings.write_text(settings.read_text().replace("timeout = 120", "timeout = 60"))
    # A teacher's own solution, typed between the markers, must not get out.
    source = tmp_path / "source" / f"nn_{number}" / path.name
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("### BEGIN SOLUTION", "### BEGIN SOLUTION\\nmine = 7", 1))
    env = os.environ | {
        "PATH": os.pathsep.join([str(environment / "bin"), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path / "home"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }

    def run(*command):
        done = subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=900
        )
        assert done.returncode == 0, done.stdout + done.stderr
        # Of an endless loop it says so, and goes on.
        said = done.stderr.replace("| ERROR] Timeout", "").replace("| ERROR] Interrupting", "")
        assert "| ERROR]" not in said, said
        return done.stdout

    run("nbgrader", "generate_assignment", f"nn_{number}")
    text = (tmp_path / "release" / f"nn_{number}" / path.name).read_text(encoding="utf-8")
    assert "SOLUTION" not in text and "mine = 7" not in text
    archive = tmp_path / "downloaded" / f"nn_{number}" / "archive"
    archive.mkdir(parents=True)
    sent = {"untouched": json.loads(text)}
    sent["right"] = handed_in.solved(number, table=json.loads(text))
    sent["wrong"] = spoilt(json.loads(json.dumps(sent["right"])))
    with zipfile.ZipFile(archive / "class.zip", "w") as file:
        for who, table in sent.items():
            between = "/" if who == "right" else "_"
            file.writestr(f"{who}{between}{path.name}", json.dumps(table))
    run("nbgrader", "zip_collect", f"nn_{number}")
    run("nbgrader", "autograde", f"nn_{number}")
    marks = json.loads(run("python", "-c", SCORES, f"nn_{number}"))
    print(json.dumps(marks, indent=1))
    assert not any(marks["untouched"].values())
    assert all(marks["right"].values())
    lost = {name for name in marks["right"] if marks["right"][name] > marks["wrong"][name]}
    assert lost == SPOILT[number]


# What a student gets wrong: answers, one of them with its test cell emptied; an endless loop (03).
# Each costs its own point, and no other.
SPOILT = {
    "01": {"ex1-check", "ex4-check-points"},
    "03": {"ex1-check", "ex4-check"},
}


def spoilt(table):
    changes = [
        (r"change_of_z_1 = .*", "change_of_z_1 = 7"),
        (r"z_1=[-\d.]+", "z_1=7"),
        (r"unchanged = .*", "unchanged = 'c'"),
        (r"(?s)def softmax\(Z\):.*|def my_softmax\(Z\):.*", "while True: pass"),
        (r"(?s).*assert checks.same_probabilities.*", "pass"),
    ]
    for cell in table["cells"]:
        source = "".join(cell["source"])
        if cell["metadata"].get("nbgrader"):
            for old, new in changes:
                source = re.sub(old, new, source)
        cell["source"] = source
    return table
