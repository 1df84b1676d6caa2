"""Running notebooks, their variants, and the environment: each does its work and can fail."""

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions, version
from pathlib import Path

import pytest
from test_guards import code, good_notebook, markdown

from tools import OWN_FOLDERS, ROOT, apply_settings, environment, variants
from tools.notebooks import execute, normalised, read, refresh, write

TRAIN = """import numpy as np
rng = np.random.default_rng(0)
w = rng.standard_normal(3)"""


def runnable(*cells):
    notebook = good_notebook()
    notebook.cells = list(cells)
    return notebook


# ---------------------------------------------------------------- running


def test_a_run_counts_from_one_and_a_second_one_leaves_the_file_alone(tmp_path):
    path = tmp_path / "try.ipynb"
    source = "import sys\nprint(1)\nsys.stdout.flush()\nprint({'b', 'a', 'c'})"
    write(runnable(code("one", 7, "x = 1"), code("two", 3, source)), path)
    assert refresh(path) == ("changed    try.ipynb", True)
    assert [cell.execution_count for cell in read(path).cells] == [1, 2]
    before = path.stat().st_mtime_ns
    assert refresh(path) == ("unchanged  try.ipynb", True)
    assert path.stat().st_mtime_ns == before


def test_an_error_names_the_cell_and_keeps_the_file(tmp_path):
    path = tmp_path / "try.ipynb"
    write(runnable(code("fine", 1, "x = 1"), code("wrong", 2, "1 / 0")), path)
    before = path.read_bytes()
    line, passed = refresh(path)
    assert not passed
    assert (
        line == "FAILED     try.ipynb: cell 'wrong' (In [2]): ZeroDivisionError: division by zero"
    )
    assert path.read_bytes() == before


def test_what_belongs_to_one_run_is_left_out():
    notebook = good_notebook()
    notebook.metadata.widgets = {"state": {}}
    notebook.metadata.language_info.version = "3.11.7"
    notebook.cells[1].metadata.execution = {"iopub.status.busy": "now"}
    assert normalised(notebook) == good_notebook()


def test_a_picture_of_times_stays_as_long_as_the_rest_does(tmp_path):
    path = tmp_path / "try.ipynb"
    source = """import time
from IPython.display import display
png = "iVBORw0KGgo="
display({"image/png": png, "text/plain": "a picture"}, raw=True, metadata={"made": time.time_ns()})
print(1)"""
    cell = code("one", 1, source)
    cell.metadata["tags"] = ["measured"]
    write(runnable(cell), path)
    refresh(path)
    first = read(path)
    assert refresh(path) == ("unchanged  try.ipynb", True)
    first.cells[0].outputs[-1].text = "2\n"  # not what the cell prints: it has changed
    write(first, path)
    assert refresh(path) == ("changed    try.ipynb", True)
    first = read(path)
    first.cells[0].source += " # edited in place, the picture is that of the code before"
    write(first, path)
    assert refresh(path) == ("changed    try.ipynb", True)
    assert read(path).cells[0].outputs[0].metadata != first.cells[0].outputs[0].metadata
    first = read(path)
    first.cells.insert(0, code("above", 1, "x = 1"))  # what the cell measures may stand above it
    write(first, path)
    refresh(path)
    assert read(path).cells[1].outputs[0].metadata != first.cells[1].outputs[0].metadata
    first.cells[1].metadata["tags"] = []
    write(first, path)
    refresh(path)
    assert refresh(path) == ("changed    try.ipynb", True)


# ---------------------------------------------------------------- the variants can fail


def test_a_nudge_moves_no_rounded_digit_and_is_seen_in_a_full_one():
    steady = execute(runnable(code("draw", 1, TRAIN), code("show", 2, "print(f'{w[0]:.4f}')")))
    assert variants.nudged(steady) == []
    full = execute(runnable(code("draw", 1, TRAIN), code("show", 2, "print(repr(w[0]))")))
    (fault,) = variants.nudged(full)
    assert fault.startswith("cell 'show' printed «np.float64(0.1257")


def test_a_nudge_finds_a_run_past_the_edge():
    unstable = """for _ in range(200):
    w = 3.9 * w * (1 - w) if abs(w).max() < 1 else abs(w) % 1
print(w.round(4))"""
    notebook = execute(runnable(code("draw", 1, TRAIN), code("steps", 2, unstable)))
    assert variants.nudged(notebook)


def test_the_nudge_reaches_every_source_of_starting_weights():
    sources = {
        "numpy": "from numpy.random import default_rng\nprint(repr(default_rng(1).normal()))",
        "nnlib": "import nnlib as nn",
        "fruit": "print(repr(float(nn.data.fruit().W1.sum())))",
        "fruit-too": "from nnlib.data import fruit\nprint(repr(float(fruit().W2.sum())))",
        "layer": "print(repr(float(nn.Linear(2, 3, rng=0).W.sum())))",
        "network": "print(repr(nn.Sequential(nn.Linear(2, 3), rng=0).theta.sum()))",
    }
    cells = [code(name, n, source) for n, (name, source) in enumerate(sources.items(), 1)]
    faults = variants.nudged(execute(runnable(*cells)))
    assert [fault.split("'")[1] for fault in faults] == [n for n in sources if n != "nnlib"]


def test_a_notebook_without_starting_weights_is_told():
    notebook = execute(runnable(code("none", 1, "print(1)")))
    assert variants.nudged(notebook) == ["draws no starting weights that could be nudged"]


def with_exercise(later):
    return execute(
        runnable(
            code("start", 1, "values = [1, 2]\ndouble = 0"),
            markdown("task", "### Exercise 1", "exercise"),
            code("answer", 2, "double = ...\nvalues.append(3)", tags=["exercise"]),
            code(
                "check",
                3,
                "if double is not ...:\n    assert double == 4, 'It is 4.'",
                tags=["exercise"],
            ),
            code("mine", 4, "half_solution = 1", tags=["solution"]),
            code("later", 5, later),
        )
    )


def test_a_later_cell_that_needs_no_exercise_passes_every_variant():
    notebook = with_exercise("print(values[0])")
    for run in (variants.unpractised, variants.mistaken):
        assert run(notebook) == []


@pytest.mark.parametrize(
    "variant, later",
    [
        (variants.unpractised, "print(values)"),
        (variants.unpractised, "print(half_solution)"),
        (variants.mistaken, "print(double)"),
        (variants.mistaken, "assert double is ..."),
    ],
)
def test_a_later_cell_that_needs_an_exercise_is_found(variant, later):
    assert variant(with_exercise(later))


def test_an_exercise_may_not_break_down_on_a_wrong_answer():
    notebook = with_exercise("print(1)")
    notebook.cells[3].source = "if double is not ...:\n    double.shape"
    (fault,) = variants.mistaken(notebook)
    assert fault.startswith("cell 'check' raises AttributeError")


@pytest.mark.parametrize(
    "source, answered",
    [
        ("answer = ...", "answer = 9"),
        ("σ = ...  # é", "σ = 9  # é"),
        ("check(a=..., bb=...)", "check(a=9, bb=9)"),
        ("def f(x):\n    ...", "def f(x):\n    return 9"),
        ("def f(x):\n    return ...", "def f(x):\n    return 9"),
        ("if answer is ...:\n    print(x[..., 0])", "if answer is ...:\n    print(x[..., 0])"),
    ],
)
def test_every_placeholder_gets_a_wrong_answer(source, answered):
    assert variants.answered_wrongly(source, "9") == answered


# ---------------------------------------------------------------- the environment


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, **options)


def test_importing_nnlib_loads_numpy_alone():
    seen = run(
        sys.executable,
        "-c",
        "import numpy, sys; before = set(sys.modules); import nnlib; "
        "print(*sorted({m.split('.')[0] for m in set(sys.modules) - before}))",
    )
    loaded = set(seen.stdout.split()) - sys.stdlib_module_names
    assert seen.returncode == 0, seen.stderr
    assert loaded == {"nnlib"}


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_style(command):
    result = run(sys.executable, "-m", "ruff", *command, ".")
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_lock_pins_all_that_is_asked_for_and_names_no_address():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, flags=re.M))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["test"]
    assert {re.match(r"[a-z0-9-]+", name)[0] for name in asked} <= pinned, "run: make lock"
    assert not re.search(r"://|--index|--find-links|@ ", lock)
    assert lock.count("\n    --hash=sha256:") > len(pinned)


def test_the_sanitize_file_is_short_and_ascii():
    text = (ROOT / "tests" / "notebooks" / "nbval_sanitize.cfg").read_bytes()
    assert text.isascii() and len(text) < 1000
    assert not re.search(rb"regex:.*[^\\][*+]", text), "an unbounded regex is slow on pictures"


def test_a_failed_installation_leaves_no_stamp(tmp_path, monkeypatch):
    folder = tmp_path / "venv"
    monkeypatch.setattr(environment.venv, "create", lambda *_, **__: None)
    failing = lambda *_, **__: subprocess.CompletedProcess([], 1)  # noqa: E731
    monkeypatch.setattr(environment.subprocess, "run", failing)
    with pytest.raises(SystemExit, match="Run the same command again"):
        environment.make(folder)
    assert not (folder / "installed").exists()


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A folder with an environment in it, and a list of what was done to it since."""
    folder, done = tmp_path / ".venv", []
    python = environment.python_in(folder)
    packages = next(Path(each) for each in sys.path if each.endswith("site-packages"))
    (folder / packages.relative_to(sys.prefix)).mkdir(parents=True)
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()
    monkeypatch.setattr(environment.venv, "create", lambda *_, clear, **__: done.append(clear))
    monkeypatch.setattr(environment, "usable", lambda _: True)
    well = lambda *_, **__: subprocess.CompletedProcess([], 0)  # noqa: E731
    monkeypatch.setattr(environment.subprocess, "run", well)
    environment.make(folder)
    assert done == [False]
    done.clear()
    return folder, done


def test_what_is_installed_is_left_alone(installed):
    folder, done = installed
    environment.make(folder)
    assert done == []


def test_nnlib_is_found_by_a_relative_path(installed):
    folder, _ = installed
    (path,) = folder.rglob("nnlib.pth")
    line = path.read_text(encoding="utf-8")
    assert line.startswith("..") and (path.parent / line.strip()).resolve() == ROOT
    (found,) = distributions(name="nnlib", path=[str(path.parent)])
    assert found.version == version("nnlib")
    assert {each.locate().exists() for each in found.files} == {True}


def test_an_environment_that_was_moved_or_copied_is_made_anew(installed, monkeypatch, tmp_path):
    folder, done = installed
    (tmp_path / "elsewhere").mkdir()
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / "elsewhere" / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(environment, "ROOT", tmp_path / "elsewhere")
    environment.make(folder)
    assert done == [True], "cleared, since the paths in it are another folder's"
    environment.make(folder)
    assert done == [True]


@pytest.mark.parametrize("stamp", [b"", b"\xff\xfe", b"3.11.7", b"3.11.7 abc /nowhere"])
def test_a_damaged_stamp_counts_as_none(stamp, installed):
    folder, done = installed
    (folder / "installed").write_bytes(stamp)
    environment.make(folder)
    assert len(done) == 1
    assert (folder / "installed").read_text(encoding="utf-8") == environment.wanted()


def test_only_a_python_that_was_named_replaces_another(installed):
    folder, done = installed
    stamp = folder / "installed"
    stamp.write_text("3.10.0 " + environment.wanted().split(" ", 1)[1], encoding="utf-8")
    environment.make(folder, this_python=False)
    assert done == []
    environment.make(folder, this_python=True)
    assert done == [False]


def test_without_the_right_to_write_the_error_says_what_is_needed(monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied", ".venv")

    monkeypatch.setattr(environment, "make", forbidden)
    with pytest.raises(SystemExit, match="Permission denied.*\n.*in its own folder"):
        environment.main()


@pytest.mark.skipif(os.name == "nt", reason="the Makefile is not for Windows")
def test_a_python_that_is_too_old_is_told_in_one_line(tmp_path):
    old = tmp_path / "python2"
    old.write_text("#!/bin/sh\n[ $1 = --version ] && echo Python 2.7.18 && exit\nexit 1\n")
    old.chmod(0o755)
    told = run("make", "--no-print-directory", f"PYTHON={old}", ".venv/installed").stdout
    assert told.splitlines()[0] == (
        "Python 2.7.18 is too old for the course. "
        "Name a Python 3.11 or newer: make PYTHON=python3.12 lab"
    )


@pytest.mark.parametrize("home", ["", "nowhere"])
def test_where_the_home_folder_is_no_place_to_write_jupyter_writes_in_the_course(
    home, tmp_path, monkeypatch
):
    monkeypatch.setattr(os, "environ", {"HOME": str(tmp_path / home)})
    apply_settings()
    own = {name: os.environ.get(name) for name in OWN_FOLDERS}
    if home:
        assert all(Path(each).is_relative_to(ROOT / "build" / "home") for each in own.values())
    else:
        assert set(own.values()) == {None}


@pytest.mark.parametrize("required, code", [("mnist", 0), ("torch mnist", 1)])
def test_where_something_is_required_a_skip_for_want_of_it_fails_the_run(required, code, tmp_path):
    (tmp_path / "test_one.py").write_text(
        "import pytest\n\n\n"
        "def test_skipped():\n    pytest.skip('PyTorch (torch) is not here')\n\n\n"
        "def test_runs():\n    assert 1\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "-c", os.devnull]
    environment = os.environ | {"NNLIB_REQUIRE": required, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([*command, str(tmp_path)], env=environment, capture_output=True, text=True)
    assert run.returncode == code, run.stdout
