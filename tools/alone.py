"""The notebooks as each of them opens alone, in build/alone, and in the branch that Colab opens.

    python -m tools.alone              write them
    python -m tools.alone publish      and push them as the branch `colab` (the workflow does)

Each is the learner's edition with the pictures of its text inside, and a first cell (tag `setup`),
which brings nnlib from the project's address where it is missing, and what the notebook reads from
figures/; where both are there it does nothing. No other edition has this cell: it is made here.

The project's address is `Repository` in pyproject.toml's [project.urls], or what COURSE_ADDRESS
says. Without either there is nothing that a first cell could fetch, and none is made.
"""

import base64
import mimetypes
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import nbformat.v4 as v4

from tools import ROOT, editions, notebooks
from tools.notebooks import FOLDER, all_notebooks, read

TARGET = ROOT / "build" / "alone"
BRANCH = "colab"
# Where a notebook is opened, its front end is there; another one could only be in its way.
FRONT_ENDS = {"jupyterlab", "ipywidgets"}
SETUP = """\
# Opened alone, as in Colab, this notebook fetches what it needs. Elsewhere this cell does nothing.
try:
    import nnlib
except ModuleNotFoundError:
    %pip install --quiet {packages}
    %pip install --quiet --no-deps "git+{address}"
"""
FIGURES = """\

import os

if not os.path.exists("../figures"):  # measured before, and read below
    if not os.path.exists("course"):
        !git clone --quiet --depth 1 {address} course
    %cd -q course/notebooks
"""


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def address():
    """The project's own address, without a slash at its end; empty where none is known."""
    told = project().get("urls", {}).get("Repository", "")
    return (os.environ.get("COURSE_ADDRESS") or told).rstrip("/")


def on_github(where):
    """OWNER/NAME of an address there, or None."""
    found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+)", where)
    return found and found[1]


def in_colab(where, name):
    """The link that opens a notebook of the published branch."""
    place = on_github(where)
    return f"https://colab.research.google.com/github/{place}/blob/{BRANCH}/{name}.ipynb"


def setup(notebook, where):
    """The first cell of a notebook that is opened alone."""
    needed = [
        f'"{each}"'
        for each in project()["dependencies"]
        if re.match(r"[\w-]+", each)[0] not in FRONT_ENDS
    ]
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    source = SETUP + (FIGURES if "../figures/" in code else "")
    source = source.format(packages=" ".join(needed), address=where).rstrip()
    return v4.new_code_cell(source, id="setup", metadata={"tags": ["setup"]})


def alone(notebook, where, folder=FOLDER):
    """The learner's edition for a folder that holds nothing else."""
    result = editions.learner(notebook)

    def inside(match):
        path = folder / match[2]
        kind, data = mimetypes.guess_type(path)[0], base64.b64encode(path.read_bytes()).decode()
        return f"{match[1]}(data:{kind};base64,{data})"

    for cell in result.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"(!\[[^\]]*\])\((?!\w+:)([^)\s]+)\)", inside, cell.source)
    if where:
        result.cells.insert(0, setup(result, where))
    return result


def linked(notebook, where, names):
    """The same with links to other notebooks of the course that hold in Colab."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for name in names & set(re.findall(r"\]\((\w+)\.ipynb", cell.source)):
                cell.source = cell.source.replace(f"]({name}.ipynb", f"]({in_colab(where, name)}")
            glossary = f"]({where}/blob/main/notebooks/GLOSSARY.md"
            cell.source = cell.source.replace("](GLOSSARY.md", glossary)
    return notebook


def write(target=TARGET, paths=None):
    paths = all_notebooks() if paths is None else paths
    where, names = address(), {path.stem for path in paths}
    target.mkdir(parents=True, exist_ok=True)
    for path in paths:
        made = alone(read(path), where, path.parent)
        made = linked(made, where, names) if on_github(where) else made
        notebooks.write(made, target / path.name)


def publish(folder=TARGET, remote="origin", repository=ROOT):
    """Make the folder the only commit of the remote's branch."""
    with tempfile.TemporaryDirectory() as empty:
        environment = os.environ | {"GIT_INDEX_FILE": str(Path(empty) / "index")}

        def git(*command):
            run = ["git", "-c", "user.name=The workflow", "-c", "user.email=workflow@localhost"]
            done = subprocess.run(
                [*run, *command],
                cwd=repository,
                env=environment,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
            return done.stdout.strip()

        git(f"--work-tree={folder}", "add", "--all", "--force", str(folder))
        commit = git("commit-tree", git("write-tree"), "-m", "The notebooks, each to open alone")
        git("push", "--quiet", "--force", remote, f"{commit}:refs/heads/{BRANCH}")


def main(command="write"):
    if command not in ("write", "publish"):
        return __doc__
    write()
    if command == "publish":
        if not address():
            return "The project's address is not known: see python -m tools.alone help."
        publish()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
