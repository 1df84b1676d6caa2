"""`pip install nnlib` is enough: a wheel, an environment without the project, a notebook alone.

Without the internet nothing else can be installed, so the environment has the packages of this one,
but not its nnlib.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tools import ROOT, variants
from tools.notebooks import all_notebooks, cleared, read, write

NOTEBOOK = "03_softmax_and_cross_entropy.ipynb"
RUN = """
import sys, nbformat, nnlib
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
NotebookClient(notebook, timeout=60, kernel_name="python3", coalesce_streams=True).execute()
nbformat.write(notebook, sys.argv[1])
print(nnlib.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy: building leaves files beside the sources."""
    pytest.importorskip("setuptools", minversion="77", reason="setuptools is not here")
    copy = tmp_path_factory.mktemp("source")
    shutil.copytree(ROOT / "nnlib", copy / "nnlib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    build = "from setuptools.build_meta import build_wheel; print(build_wheel('.'))"
    told = subprocess.run(
        [sys.executable, "-c", build], cwd=copy, capture_output=True, text=True, check=True
    )
    return copy / told.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The Python of an environment that has the wheel."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    found = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([found, "-c", ask], capture_output=True, text=True, check=True)
    packages = Path(packages.stdout.strip())
    zipfile.ZipFile(wheel).extractall(packages)
    # A line of a .pth is a path, and no further .pth is read there: no editable nnlib comes along.
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return found


def test_the_wheel_holds_every_file_of_the_package(wheel):
    held = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("nnlib/")}
    kinds = ("*.py", "*.toml", "*.mplstyle", "widgets/front/*")
    wanted = {
        path.relative_to(ROOT).as_posix() for kind in kinds for path in (ROOT / "nnlib").rglob(kind)
    }
    assert wanted == held


def test_a_notebook_runs_alone_in_an_empty_folder(python, tmp_path):
    (committed,) = (read(p) for p in all_notebooks() if p.name == NOTEBOOK)
    write(cleared(committed), tmp_path / NOTEBOOK)
    told = subprocess.run(
        [python, "-c", RUN, NOTEBOOK],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr[-2000:]
    assert told.stdout.strip().startswith(str(python.parent.parent))
    assert variants.differences(committed, read(tmp_path / NOTEBOOK)) == []
    assert os.listdir(tmp_path) == [NOTEBOOK]
