"""Writes the course as assignments for nbgrader, in dist/nbgrader (`make nbgrader`).

    python -m tools.assignments

The folder is a course as nbgrader wants it: its configuration, and in source/ an assignment for
each notebook that has checks. It is the student edition: the cell with the dots is the student's;
the check below it is locked, gives one point, and still says what is wrong. Then, in there:

    nbgrader generate_assignment 03_softmax_and_cross_entropy
    nbgrader autograde 03_softmax_and_cross_entropy

nnlib must be installed where nbgrader is. nbgrader runs a check in the student's own kernel, where
whoever is out to forge a point can: `python -m nnlib.grade` judges outside of it, and names the
mistakes.
"""

import re
import sys

import nbformat

from nnlib import files
from tools import ROOT, editions
from tools.notebooks import all_notebooks, read, tags

TARGET = ROOT / "dist" / "nbgrader"
CHECK = re.compile(r"checks\.\w+\(.*\)")
CONFIGURATION = '''\
"""Made by `make nbgrader`, anew each time."""

from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import ClearSolutions

c = get_config()
c.CourseDirectory.course_id = "nnlib"
c.ExecutePreprocessor.timeout = 300
# There is no solution in source/ to be cleared, and the student begins with our dots.
wanted = GenerateAssignment.class_traits()["preprocessors"].default()
c.GenerateAssignment.preprocessors = [each for each in wanted if each is not ClearSolutions]
'''


def told(cell, **what):
    """The cell with nbgrader's metadata."""
    plain = {"grade": False, "solution": False, "locked": False, "task": False}
    cell.metadata["nbgrader"] = plain | what | {"grade_id": cell.id, "schema_version": 3}


def assignment(notebook):
    """The student edition as nbgrader reads it; None, where there is nothing to grade."""
    result, points = editions.student(notebook), 0
    for cell in result.cells:
        if cell.cell_type != "code" or "exercise" not in tags(cell):
            continue
        if CHECK.fullmatch(cell.source.strip()):
            cell.source = f"int(bool({cell.source.strip()}))  # the points"
            told(cell, grade=True, locked=True, points=1)
            points += 1
        else:
            told(cell, solution=True)
    return result if points else None


def write(target=TARGET, paths=None):
    """Write the course's folder; returns lines to show."""
    lines = []
    for path in all_notebooks() if paths is None else paths:
        made = assignment(read(path))
        if made is None:
            lines.append(f"no points  {path.stem}")
            continue
        folder = target / "source" / path.stem
        folder.mkdir(parents=True, exist_ok=True)
        files.write_text(folder / path.name, nbformat.writes(made) + "\n")
        points = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in made.cells)
        lines.append(f"{points} points   {path.stem}")
    files.write_text(target / "nbgrader_config.py", CONFIGURATION)
    return lines


def main():
    print("\n".join(write()))
    print(f"{TARGET.relative_to(ROOT)}: a course for nbgrader (pip install nbgrader)")


if __name__ == "__main__":
    sys.exit(main())
