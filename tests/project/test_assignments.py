"""Assignments for nbgrader: each check is a point, and submissions get those that they deserve.

The last test asks nbgrader itself, where it is installed (minutes; the workflow does it).
"""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tools import ROOT, assignments, editions, variants
from tools.notebooks import all_notebooks, read, tags, write

NAME = "03_softmax_and_cross_entropy"
SCORES = """
    select submitted_assignment.student_id, sum(grade.auto_score) from grade
    join submitted_notebook on grade.notebook_id = submitted_notebook.id
    join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
    group by submitted_assignment.student_id
"""
NBGRADER = [sys.executable, "-m", "nbgrader"]


def of(cell):
    return cell.metadata.get("nbgrader", {})


@pytest.mark.parametrize("path", all_notebooks(), ids=lambda path: path.stem)
def test_each_check_is_a_locked_point_below_a_cell_of_the_students(path):
    made = assignments.assignment(read(path))
    plain = editions.student(read(path))
    checks = [c for c in plain.cells if re.match(r"checks\.\w+\(", c.source)]
    if made is None:
        assert not checks and path.name[:2] == "20"  # its audits are no points
        return
    graded = [cell for cell in made.cells if of(cell).get("grade")]
    assert [cell.id for cell in graded] == [cell.id for cell in checks]
    assert all(of(cell)["locked"] and of(cell)["points"] == 1 for cell in graded)
    names = [of(cell)["grade_id"] for cell in made.cells if of(cell)]
    assert len(names) == len(set(names)) > len(graded)
    for cell in graded:
        before = made.cells[: made.cells.index(cell)]
        assert any(of(each).get("solution") for each in before)
    assert not any("solution" in tags(cell) for cell in made.cells)


def handed_in(notebook, kind):
    """The released assignment as a student hands it in; the right lines are those of the course."""
    solutions = []
    for cell in read(ROOT / "notebooks" / f"{NAME}.ipynb").cells:
        if "solution" in tags(cell):
            lines = [line for line in cell.source.splitlines() if not line.startswith("checks.")]
            solutions.append(re.sub(r"(\w+)_solution\b", r"\1", "\n".join(lines)))
    mine = [cell for cell in notebook.cells if of(cell).get("solution")]
    for cell in mine:
        if kind == "wrong":
            cell.source = variants.answered_wrongly(cell.source)
        elif kind == "right":  # what stands in an earlier cell is not overwritten by its dots
            cell.source = "\n\n".join(solutions).replace("def ", "def my_")
    return notebook


@pytest.mark.ways
def test_nbgrader_gives_a_right_a_wrong_and_an_untouched_one_their_points(tmp_path):
    pytest.importorskip("nbgrader", reason="nbgrader is not here")
    (path,) = (path for path in all_notebooks() if path.stem == NAME)
    assignments.write(tmp_path, [path])

    here = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # for alembic

    def run(*command):
        done = subprocess.run(
            [*NBGRADER, *command],
            cwd=tmp_path,
            env=os.environ | {"PATH": here},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-3000:]

    run("generate_assignment", NAME)
    released = read(tmp_path / "release" / NAME / path.name)
    dots = [c.source for c in released.cells if of(c).get("solution")]
    assert dots == [
        c.source for c in assignments.assignment(read(path)).cells if of(c).get("solution")
    ]
    for kind in ("right", "wrong", "untouched"):
        folder = tmp_path / "submitted" / kind / NAME
        folder.mkdir(parents=True)
        released = read(tmp_path / "release" / NAME / path.name)
        write(handed_in(released, kind), folder / path.name)
    run("autograde", NAME)
    with sqlite3.connect(tmp_path / "gradebook.db") as book:
        scores = book.execute(SCORES).fetchall()
    most = sum(of(cell).get("points", 0) for cell in released.cells)
    assert dict(scores) == {"right": most, "wrong": 0, "untouched": 0} and most >= 5
