"""`make mutants ARGS=notebooks`: change one number in a notebook's code, and see whether it shows.

A number is drawn by SEED from all code cells of all notebooks: a whole one becomes one larger,
another one a tenth larger. In a copy of the project the notebook is validated against its committed
outputs, cell by cell; where nothing differs, the other tests that read notebooks run. What survives
is printed, with its cell.

    make mutants ARGS=notebooks COUNT=20 SEED=0
"""

import ast
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass

import nbformat

from . import ROOT, apply_settings
from .notebooks import all_notebooks, missing, read
from .variants import replaced

COPY = ROOT / "build" / "mutants"
COPIED = ("nnlib", "tools", "tests", "figures", "notebooks", "conftest.py", "pyproject.toml")
READERS = ("tests/notebooks", "tests/checks/test_exercise_numbers.py")


@dataclass(frozen=True)
class Constant:
    notebook: str
    cell: int
    line: int
    start: int  # of the number in its line, in bytes of UTF-8, as `ast` counts
    end: int
    value: int | float

    @property
    def new(self):
        return self.value + 1 if isinstance(self.value, int) else self.value * 1.1 or 0.1

    def changed(self, source):
        return replaced(source, self.line, self.start, self.end, repr(self.new))


def constants(path):
    """Every number in the code cells of a notebook."""
    for cell, each in enumerate(read(path).cells):
        if each.cell_type != "code":
            continue
        try:
            tree = ast.parse(each.source)
        except SyntaxError:  # a magic command
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and type(node.value) in (int, float):
                place = node.lineno, node.col_offset, node.end_col_offset
                yield Constant(path.name, cell, *place, node.value)


def copy():
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, COPY / name)
        else:
            shutil.copy2(ROOT / name, COPY / name)
    for page in ROOT.glob("*.md"):
        shutil.copy2(page, COPY / page.name)


def tested(*arguments):
    """What pytest found in the copy: the first test that failed and its words, or None."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=short", "-p", "no:cacheprovider"]
    environment = os.environ | {"PYTHONPATH": str(COPY)}
    options = {"cwd": COPY, "env": environment, "capture_output": True, "text": True}
    done = subprocess.run([*command, *arguments], **options)
    if done.returncode == 0:
        return None
    failed = re.search(r"^(?:FAILED|ERROR) (\S.*)$", done.stdout, re.MULTILINE)
    if not failed:
        raise SystemExit(f"pytest: {done.stdout[-500:]}{done.stderr[-500:]}")
    return failed.group(1), done.stdout


def noticed(constant):
    """Who notices that this number is another one: "its cell", "a later cell", a test, or None."""
    path = COPY / "notebooks" / constant.notebook
    before, notebook = path.read_bytes(), read(path)
    cell = notebook.cells[constant.cell]
    cell.source = constant.changed(cell.source)
    code = [i for i, each in enumerate(notebook.cells) if each.cell_type == "code"]
    nbformat.write(notebook, path)
    try:
        found = tested(f"notebooks/{constant.notebook}")
        if found is None:
            found = tested(*READERS)
            return found and found[0].partition(" - ")[0]
        where = code[int(re.search(r"::Cell (\d+)", found[0]).group(1))]
        if where < constant.cell:
            raise SystemExit(f"{constant.notebook} fails before what was changed:\n{found[1]}")
        late = ", by its time" if "Timeout of" in found[1] else ""
        return ("its cell" if where == constant.cell else "a later cell") + late
    finally:
        path.write_bytes(before)


def main(count=20, seed=0):
    apply_settings()  # the copy shares this folder's caches
    copy()
    books = [path for path in all_notebooks() if not missing(read(path))]
    every = [constant for path in books for constant in constants(path)]
    drawn = random.Random(seed).sample(every, min(count, len(every)))
    if tested(*READERS):
        raise SystemExit("mutants: the tests of notebooks fail on them as they are")
    began, told = time.monotonic(), Counter()
    for constant in drawn:
        who = noticed(constant)
        told[who] += 1
        source = read(COPY / "notebooks" / constant.notebook).cells[constant.cell].source
        print(
            f"{who or 'SURVIVED'}: {constant.notebook}, cell {constant.cell}, "
            f"{constant.value} -> {constant.new}: {source.splitlines()[constant.line - 1].strip()}",
            flush=True,
        )
    survived = told.pop(None, 0)
    ways = ", ".join(f"{number} by {who}" for who, number in told.most_common())
    print(
        f"{len(every)} numbers, {len(drawn)} drawn (seed {seed}): {len(drawn) - survived} noticed "
        f"({ways}), {survived} survived, in {time.monotonic() - began:.0f} s"
    )
    return 1 if survived else 0
