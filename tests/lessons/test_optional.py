"""Cells that need an optional package: run where it is, left out and counted elsewhere."""

import os
import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from test_guards import code, good_notebook, printed

from nnlib.lessons import optional
from tools import ROOT, pages
from tools.notebooks import missing, refresh, write


@pytest.fixture
def shell():
    shell = InteractiveShell()
    optional.load_ipython_extension(shell)
    yield shell
    optional.unload_ipython_extension(shell)


def test_a_cell_runs_where_its_package_is(shell):
    shell.run_cell("# needs numpy\nimport numpy\nx = 1")
    assert shell.user_ns["x"] == 1
    assert optional.report() == "Every cell was run."


def test_a_cell_is_left_out_elsewhere_and_named(shell):
    shell.run_cell("x = 0")
    for _ in range(2):
        result = shell.run_cell("# needs no_such_package\nimport no_such_package\nx = 1")
        assert result.success
    assert shell.user_ns["x"] == 0
    assert optional.report().startswith("Not run here: 1 cells that need no_such_package.")


@pytest.mark.parametrize(
    "source, name",
    [
        ("# needs torch\nimport torch", "torch"),
        ("import torch  # needs torch", None),
        ("# needs torch and time", None),
        ("", None),
    ],
)
def test_only_the_first_line_asks(source, name):
    assert optional.needs(source) == name


def test_make_notebooks_leaves_what_it_cannot_run(tmp_path):
    notebook = good_notebook()
    assert missing(notebook) == []
    notebook.cells.append(code("other", 6, "# needs no_such_package\nprint(1)"))
    assert missing(notebook) == ["no_such_package"]
    path = tmp_path / "try.ipynb"
    write(notebook, path)
    before = path.read_bytes()
    line, passed = refresh(path)
    assert passed and "no_such_package is not here" in line and path.read_bytes() == before


def test_a_page_shows_what_is_committed_where_a_package_is_missing(tmp_path):
    notebook = good_notebook()
    source = "# needs no_such_package\nprint(1)"
    notebook.cells.append(code("other", 6, source, printed("as committed\n")))
    notebook.cells[3].source = "half = 0.5"
    notebook.cells.insert(0, code("first", 0, "%load_ext nnlib.lessons.optional"))
    path = tmp_path / "try.ipynb"
    write(notebook, path)
    assert pages.run(path).cells[-1].outputs[0].text == "as committed\n"


@pytest.mark.parametrize("required, code_of_run", [("", 0), ("no_such_package", 1)])
def test_validation_is_skipped_by_name_and_refused_where_required(tmp_path, required, code_of_run):
    notebook = good_notebook()
    notebook.cells.append(code("other", 6, "# needs no_such_package\nprint(1)"))
    write(notebook, tmp_path / "try.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "-rs", "-p", "conftest", "-c", os.devnull]
    environment = os.environ | {"NNLIB_REQUIRE": required, "PYTHONPATH": str(ROOT)}
    run = subprocess.run([*command, str(tmp_path)], env=environment, capture_output=True, text=True)
    assert "try.ipynb needs no_such_package, which is not here" in run.stdout
    assert "6 skipped" in run.stdout and run.returncode == code_of_run, run.stdout


def test_a_cell_may_need_mnist(shell, tmp_path, monkeypatch):
    monkeypatch.setenv("NNLIB_MNIST", str(tmp_path / "mnist.npz"))
    assert not optional.is_here("mnist")
    shell.run_cell("# needs mnist\nx = 1")
    assert "x" not in shell.user_ns
    assert optional.report().startswith("Not run here: 1 cells that need MNIST.")
    (tmp_path / "mnist.npz").touch()
    assert optional.is_here("mnist")
    shell.run_cell("# needs mnist\nx = 1")
    assert shell.user_ns["x"] == 1


def test_mnist_may_lie_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.delenv("NNLIB_MNIST", raising=False)
    monkeypatch.setenv("NNLIB_CACHE", str(tmp_path))
    assert not optional.is_here("mnist")
    (tmp_path / "mnist.npz").touch()
    assert optional.is_here("mnist")
