"""The exercises as assignments for nbgrader (`make nbgrader`), made from notebooks/ by the tags.

    python -m tools.assignments [FOLDER]         (default: build/nbgrader)

FOLDER becomes a course folder of nbgrader: its settings, and source/nn_03/03_....ipynb for each
notebook that has exercises. A notebook is the student edition's. In it a cell for an answer is a
solution cell, with room for yours between nbgrader's markers; and each call of a check stands in a
locked cell of its own, worth a point, which raises where the answer is not right.
"""

import ast
import copy
import sys
from pathlib import Path

from nnlib import files
from nnlib.grade import course
from tools import ROOT, notebooks
from tools.editions import student
from tools.notebooks import all_notebooks, read, tags

FOLDER = ROOT / "build" / "nbgrader"
SETTINGS = r"""# Made by `make nbgrader`. Every setting: nbgrader generate_config
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "nn"
# What stands between the markers is yours; the stub in front of them is the learner's.
c.ClearSolutions.code_stub = {"python": ""}
# Seconds for a cell. One that takes longer is stopped, and the cells after it are run.
c.ExecutePreprocessor.timeout = 120
c.ExecutePreprocessor.interrupt_on_timeout = True
c.ExecutePreprocessor.iopub_timeout = 60  # on a busy machine
# For nbgrader zip_collect: NAME/03_....ipynb and NAME_03_....ipynb, as nnlib.grade reads them.
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/\\](?P<student_id>[^/\\]+?)[_/\\](?P<file_id>[0-9][0-9]_[a-z]\w*)"
)
"""
ROOM = "\n### BEGIN SOLUTION\n### END SOLUTION"
IMPORTS = {
    "checks": "from nnlib import checks\n",
    "audit": "from nnlib.checks import audit\n",
    "ward": "from nnlib.checks import ward\n",
}
ASSERT = 'assert {}, "not right yet"'
SHEET = """\
numbers = {}
assert all(sheet.right_so_far(name) for name in numbers), "not right yet\""""


def assignment(notebook):
    """The notebook as nbgrader's source."""
    result = student(notebook)
    result.cells = [made for cell in result.cells for made in marked(cell)]
    return result


def marked(cell):
    """The cells that nbgrader gets for one of ours."""
    if cell.cell_type != "code" or "exercise" not in tags(cell):
        return [cell]
    calls = list(course.calls(ast.parse(cell.source)))
    sheet = [call for call in calls if call.func.value.id == "sheet"]
    if calls and not sheet:
        many = len(calls) > 1
        return [
            graded(cell, f"{cell.id}-{n}" if many else cell.id, test(call))
            for n, call in enumerate(calls, 1)
        ]
    answer = copy.deepcopy(cell)
    answer.source += ROOM
    answer.metadata["nbgrader"] = about(cell.id, solution=True)
    names = [keyword.arg for call in sheet for keyword in call.keywords]
    # The numbers are typed into the calls themselves: a cell after them asks what was right.
    return [answer, *([graded(cell, f"{cell.id}-points", SHEET.format(names))] if names else [])]


def test(call):
    return IMPORTS[call.func.value.id] + ASSERT.format(ast.unparse(call))


def graded(cell, name, source):
    result = copy.deepcopy(cell)
    result.id, result.source = name, source
    result.metadata["nbgrader"] = about(name, grade=True, locked=True, points=1)
    return result


def about(name, **more):
    plain = {"grade": False, "locked": False, "solution": False, "task": False}
    return plain | {"schema_version": 3, "cell_type": "code", "grade_id": name} | more


def points(notebook):
    return sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in notebook.cells)


def write(folder=FOLDER, paths=None):
    """Write the course folder; returns {name of the assignment: points}."""
    found = {}
    for path in all_notebooks() if paths is None else paths:
        made = assignment(read(path))
        if points(made):
            name = f"nn_{path.name[:2]}"
            target = folder / "source" / name / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            notebooks.write(made, target)
            found[name] = points(made)
    files.write_text(folder / "nbgrader_config.py", SETTINGS)
    return found


def main(folder=FOLDER):
    found = write(Path(folder))
    print(f"{folder}: {len(found)} assignments, {sum(found.values())} points.")
    print("In an environment that has the course and nbgrader (pip install '.[graders]'), there:")
    print(f"    nbgrader generate_assignment {min(found)}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
