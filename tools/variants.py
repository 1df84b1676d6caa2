"""Runs a notebook in other circumstances; what it prints must stay as it is committed.

    nudged      the starting weights are multiplied by 1 + 1e-12·u, u uniform in -1 to 1. What is
                well conditioned prints the same digits; an unstable computation does not.
    unpractised without any exercise and solution: nothing else may depend on them.
    mistaken    without solutions, and with a wrong answer for every placeholder. Nothing outside
                the exercises may notice, and there only an assertion may speak.

That nothing solved is no error either, the student edition shows, which `make test` runs.

Each takes a notebook and returns a list of faults. `make matrix` runs all on every notebook.
"""

import ast
import copy
import re

from nbformat.v4 import new_code_cell

from tools import ROOT
from tools.editions import student
from tools.notebooks import FOLDER, NotebookFailed, execute, tags, without

# nnlib asks NumPy for its random numbers only through default_rng, and so do the notebooks (ruff's
# NPY002 sees to it). The red thread's typed numbers come from nnlib.data.fruit.
NUDGE = """
import numpy as _numpy

class _Nudged(_numpy.random.Generator):
    count = 0

    def __init__(self, bits):
        super().__init__(bits)
        # The same for each, so that two networks of one seed stay equal.
        self.noise = _numpy.random.Generator(_numpy.random.PCG64(12345))

    def nudge(self, values):
        _Nudged.count += _numpy.size(values)
        result = values * (1 + SIZE * self.noise.uniform(-1, 1, _numpy.shape(values)))
        return result.astype(values.dtype) if isinstance(values, _numpy.ndarray) else float(result)

def _method(name):
    plain = getattr(_numpy.random.Generator, name)
    return lambda self, *args, **kwargs: self.nudge(plain(self, *args, **kwargs))

for _name in ("standard_normal", "normal", "uniform"):
    setattr(_Nudged, _name, _method(_name))

def _default_rng(seed=None, plain=_numpy.random.default_rng):
    return seed if isinstance(seed, _Nudged) else _Nudged(plain(seed).bit_generator)

_numpy.random.default_rng = _default_rng

import nnlib.data as _data

if hasattr(_data, "fruit"):
    def _fruit(plain=_data.fruit):
        fruit, rng = plain(), _default_rng(0)
        for name in ("W1", "b1", "W2", "b2"):
            setattr(fruit, name, rng.nudge(getattr(fruit, name)))
        return fruit

    _data.fruit = _fruit
"""


def comparable(cell):
    """A cell's outputs as text, pictures left out, as nbval compares them."""
    lines = []
    for output in cell.outputs:
        data = output.get("data", {})
        texts = [output.get("text", "")] + [v for k, v in sorted(data.items()) if "text/" in k]
        lines += [text for text in texts if isinstance(text, str)]
        lines += [f"{output.ename}: {output.evalue}"] if output.output_type == "error" else []
    text = "".join(lines)
    for pattern, replacement in SANITIZE:
        text = re.sub(pattern, replacement, text)
    return text


SANITIZE = re.findall(
    r"^regex: (.*)\nreplace: (.*)$",
    (ROOT / "tests" / "notebooks" / "nbval_sanitize.cfg").read_text(encoding="ascii"),
    flags=re.M,
)


def differences(committed, again):
    """A sentence for each cell of `again` whose text is not the one that is committed."""
    before = {cell.id: comparable(cell) for cell in committed.cells if cell.cell_type == "code"}
    faults = []
    for cell in again.cells:
        if cell.cell_type == "code" and cell.id in before and comparable(cell) != before[cell.id]:
            faults.append(f"cell '{cell.id}' {first_difference(before[cell.id], comparable(cell))}")
    return faults


def first_difference(old, new):
    old, new = old.splitlines(), new.splitlines()
    for was, now in zip(old, new, strict=False):
        if was != now:
            return f"printed «{was.strip()}», now «{now.strip()}»"
    return f"printed {len(old)} lines, now {len(new)}"


def rerun(committed, changed, folder):
    try:
        return differences(committed, execute(changed, folder))
    except NotebookFailed as error:
        return [str(error)]


def nudged(notebook, folder=FOLDER, size=1e-12):
    changed = copy.deepcopy(notebook)
    setup = new_code_cell(NUDGE.replace("SIZE", repr(size)), id="injected-nudge")
    report = new_code_cell("print(_Nudged.count)", id="injected-count")
    changed.cells = [setup, *changed.cells, report]
    try:
        result = execute(changed, folder)
    except NotebookFailed as error:
        return [str(error)]
    faults = differences(notebook, result)
    if result.cells[-1].outputs[0].text.strip() == "0":
        faults.append("draws no starting weights that could be nudged")
    return faults


def unpractised(notebook, folder=FOLDER):
    return rerun(notebook, without(notebook, "exercise", "solution"), folder)


def mistaken(notebook, folder=FOLDER):
    changed = student(notebook)
    for cell in changed.cells:
        if cell.cell_type == "code" and "exercise" in tags(cell):
            cell.source = answered_wrongly(cell.source)
    result = execute(changed, folder, allow_errors=True)
    faults = []
    for cell in result.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and not (
                "exercise" in tags(cell) and output.ename == "AssertionError" and output.evalue
            ):
                faults.append(f"cell '{cell.id}' raises {output.ename}: {output.evalue}")
    plain = without(result, "exercise")
    return faults + differences(notebook, plain)


def answered_wrongly(source, wrong="-12345.678"):
    """The cell with a wrong number for each placeholder `x = ...`, `return ...` or bare `...`."""
    places = []
    for node in ast.walk(ast.parse(source)):
        value = getattr(node, "value", None)
        if isinstance(value, ast.Constant) and value.value is ...:
            # A bare `...` in a function's body is where its `return` will stand.
            bare = isinstance(node, ast.Expr) and value.col_offset > 0
            answer = ("return " if bare else "") + wrong
            places.append((value.lineno, value.col_offset, value.end_col_offset, answer))
    for place in sorted(places, reverse=True):  # from the back: none moves
        source = replaced(source, *place)
    return source


def replaced(source, line, start, end, new):
    """The source with something new between two offsets of a line, which `ast` counts in bytes."""
    lines = source.encode().split(b"\n")
    old = lines[line - 1]
    lines[line - 1] = old[:start] + new.encode() + old[end:]
    return b"\n".join(lines).decode()


VARIANTS = (nudged, unpractised, mistaken)
