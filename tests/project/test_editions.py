"""The editions: what each holds, and that nobody's work is lost."""

import errno
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from test_guards import code, good_notebook

from nnlib.checks import catalogue
from tools import editions, variants
from tools.notebooks import all_notebooks, execute, read, tags, write


@pytest.fixture
def source(tmp_path):
    """A course of one notebook, with a teacher's note, and the learner's folder beside it."""
    notebook = good_notebook()
    notebook.cells.append(
        nbformat.v4.new_markdown_cell(
            "Ten minutes.",
            id="note",
            metadata={"tags": ["teacher"], "jupyter": {"source_hidden": True}},
        )
    )
    path = tmp_path / "notebooks" / "99_a_try.ipynb"
    path.parent.mkdir()
    write(notebook, path)
    return path


def held(notebook):
    return {tag for cell in notebook.cells for tag in tags(cell)}


# ---------------------------------------------------------------- what each edition holds


def test_the_learner_sees_no_output_and_no_teachers_note(source):
    notebook = editions.learner(read(source))
    assert held(notebook) == {"exercise", "solution"}
    assert not any(c.outputs or c.execution_count for c in notebook.cells if c.cell_type == "code")
    assert [c.metadata.jupyter.source_hidden for c in notebook.cells if "solution" in tags(c)] == [
        True
    ]


def test_the_student_edition_has_no_solution(source):
    notebook = editions.student(read(source))
    assert held(notebook) == {"exercise"}
    assert "double_solution" not in nbformat.writes(notebook)


def test_the_teachers_edition_shows_notes_and_outputs(source):
    notebook = editions.teacher(read(source))
    assert held(notebook) == {"exercise", "solution", "teacher"}
    assert "jupyter" not in notebook.cells[-1].metadata
    assert notebook.cells[1].outputs


# ---------------------------------------------------------------- the learner's own copy


def test_the_learners_copy_is_made_once_and_never_overwritten(source, tmp_path):
    mine = tmp_path / "my_course"
    assert editions.lay_out(mine, [source]) == []
    copied = mine / source.name
    work(copied, "my work")
    before = copied.read_bytes()
    assert editions.lay_out(mine, [source]) == []
    assert copied.read_bytes() == before


def work(path, words):
    """What a learner does: the notebook, with another text in it."""
    notebook = read(path)
    notebook.cells[0].source = words
    nbformat.write(notebook, path)


@pytest.mark.parametrize("broken", ["", "my work", '{"cells": [', "[]"])
def test_beside_a_broken_copy_a_fresh_one_is_laid_once(broken, source, tmp_path):
    mine = tmp_path / "my_course"
    editions.lay_out(mine, [source])
    copied, fresh = mine / source.name, mine / "99_a_try.new.ipynb"
    good = copied.read_bytes()
    copied.write_text(broken)
    for _ in range(3):  # it is said at every start, and laid out once
        (line,) = editions.lay_out(mine, [source])
        assert (
            line == f"99_a_try.ipynb is damaged and cannot be opened: a fresh one is {fresh.name}"
        )
    assert copied.read_text() == broken and fresh.read_bytes() == good
    assert len(list(mine.glob("*.ipynb"))) == 2


@pytest.mark.parametrize("record", ["", '{"99_a_try.ipynb": "3', "[1]", "\x00"])
def test_a_damaged_record_counts_as_none(record, source, tmp_path):
    mine = tmp_path / "my_course"
    editions.lay_out(mine, [source])
    (mine / editions.RECORD).write_text(record)
    assert editions.lay_out(mine, [source]) == []
    changed(source, " And more.")
    assert editions.lay_out(mine, [source]), "the record has been made anew"


def test_a_write_that_fails_leaves_no_half_notebook(source, tmp_path, monkeypatch):
    def full(number):
        raise OSError(errno.ENOSPC, "No space left on device")

    mine = tmp_path / "my_course"
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="99_a_try.ipynb could not be written .No space left"):
        editions.lay_out(mine, [source])
    assert os.listdir(mine) == []
    monkeypatch.undo()
    editions.lay_out(mine, [source])
    before = source.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="The file that was there is unchanged"):
        changed(source, " And more.")
    assert source.read_bytes() == before


def changed(path, words):
    notebook = read(path)
    notebook.cells[0].source += words
    write(notebook, path)


def test_a_changed_notebook_is_offered_beside_the_learners(source, tmp_path):
    mine = tmp_path / "my_course"
    editions.lay_out(mine, [source])
    work(mine / source.name, "my work")
    before = (mine / source.name).read_bytes()
    changed(source, " And more.")
    (line,) = editions.lay_out(mine, [source])
    assert line == "99_a_try.ipynb has changed in the course: yours is kept, see 99_a_try.new.ipynb"
    offered = mine / "99_a_try.new.ipynb"
    assert "And more." in offered.read_text(encoding="utf-8")
    assert editions.lay_out(mine, [source]) == [], "it is offered once"

    offered.write_text("my work, too")
    changed(source, " And still more.")
    assert editions.lay_out(mine, [source])
    assert (mine / source.name).read_bytes() == before
    assert offered.read_text() == "my work, too"
    assert (mine / "99_a_try.new2.ipynb").exists()


def test_outputs_that_moved_are_no_change_for_the_learner(source, tmp_path):
    editions.lay_out(tmp_path / "my_course", [source])
    notebook = read(source)
    notebook.cells[1].outputs[0].text = "0.143\n"
    write(notebook, source)
    assert editions.lay_out(tmp_path / "my_course", [source]) == []


def test_a_new_notebook_is_added_and_a_deleted_one_comes_back(source, tmp_path):
    mine = tmp_path / "my_course"
    editions.lay_out(mine, [])
    assert editions.lay_out(mine, [source]) == []
    (mine / source.name).unlink()
    editions.lay_out(mine, [source])
    assert (mine / source.name).exists()


# ---------------------------------------------------------------- the zips


@pytest.mark.parametrize("edition", ["student", "teacher"])
def test_a_zip_holds_all_that_it_takes_to_run(edition, source, tmp_path):
    archive = zipfile.ZipFile(editions.pack(edition, tmp_path / "dist", [source]))
    names = {name.removeprefix(f"course-{edition}/") for name in archive.namelist()}
    assert {
        "README.md",
        "requirements.txt",
        "pyproject.toml",
        "notebooks/99_a_try.ipynb",
        "nnlib/__init__.py",
        "nnlib/plots/course.mplstyle",
    } <= names
    assert not [name for name in names if name.startswith(("tests", "tools", "my_course"))]


def test_the_same_course_makes_the_same_zip(source, tmp_path):
    one = editions.pack("student", tmp_path / "one", [source])
    two = editions.pack("student", tmp_path / "two", [source])
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.skipif(not all_notebooks(), reason="there is no notebook yet")
def test_the_student_zip_holds_no_solution_and_runs_to_its_end_on_its_own(tmp_path, monkeypatch):
    with zipfile.ZipFile(editions.pack("student", tmp_path / "dist")) as archive:
        archive.extractall(tmp_path)
    course = tmp_path / "course-student"
    # The zip's own nnlib, and not this folder's.
    monkeypatch.setenv("PYTHONPATH", str(course))
    paths = sorted((course / "notebooks").glob("*.ipynb"))
    assert [path.name for path in paths] == [path.name for path in all_notebooks()]
    # Two of them run here; `make matrix` runs the student's edition of every notebook.
    with ThreadPoolExecutor(2) as pool:
        faults = pool.map(runs_alone, paths[:2], all_notebooks()[:2])
    assert list(faults) == [[], []]


def test_no_file_of_the_student_zip_shows_a_right_line(source, tmp_path):
    """Of the exercises of functions, every longer line of a solution; of all, their files' form.

    Left out is nnlib itself, which holds what the course derives, and effects.toml, whose hints
    show lines of their own.
    """
    archive = zipfile.ZipFile(editions.pack("student", tmp_path / "dist", all_notebooks()))
    names = [n.removeprefix("course-student/") for n in archive.namelist()]
    texts = {n: archive.read(f"course-student/{n}").decode("utf-8", "replace") for n in names}
    own = {n: t for n, t in texts.items() if n.startswith("nnlib/checks/")}
    checks = "".join(t for n, t in own.items() if not n.endswith("effects.toml"))
    assert "solution = " not in checks and "[[mistake]]" not in checks
    lines = {
        line.strip()
        for exercise in catalogue.exercises().values()
        for line in exercise.solution.splitlines()[1:]
        if len(line.strip()) > 24
    }
    assert len(lines) > 50
    assert not [line for line in sorted(lines) if line in checks]
    assert not [n for n in names if n.startswith("nnlib/checks/exercises/") and n.endswith("toml")]


def test_the_checks_of_the_student_zip_still_name_a_mistake(source, tmp_path):
    with zipfile.ZipFile(editions.pack("student", tmp_path, [source])) as archive:
        archive.extractall(tmp_path)
    lines = [
        "import numpy as np, nnlib",
        "from nnlib import checks",
        "print(nnlib.__file__, len(dir(checks)))",
        "print(checks.softmax(lambda Z: np.exp(Z - Z.max()) / np.exp(Z - Z.max()).sum()).mistake)",
        "print(checks.softmax(checks.softmax.exercise.function()).passed)",
    ]
    told = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=tmp_path / "course-student",
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert str(tmp_path) in told and f" {len(catalogue.exercises())}\n" in told
    assert "softmax-whole-array" in told and told.endswith("True\n")


def runs_alone(path, committed):
    """Run a student's notebook with the nnlib beside it; the faults that it shows."""
    notebook = read(path)
    assert not held(notebook) & {"solution", "teacher"}
    notebook.cells.append(code("asked", None, "import nnlib\nprint(nnlib.__file__)"))
    result = execute(notebook, path.parent)
    assert result.cells.pop().outputs[0].text.startswith(str(path.parent.parent))
    return variants.differences(read(committed), result)
