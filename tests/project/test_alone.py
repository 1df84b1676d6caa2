"""A notebook opened alone, as in Colab: its first cell fetches what is missing, and only that.

The last test installs what Colab has, anew, and runs every notebook from a folder of its own
(minutes; the workflow does it). Colab itself cannot be tried here.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import nbformat.v4 as v4
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from test_ways import copy_to

from tools import alone, editions
from tools.notebooks import all_notebooks, read, tags, write

ADDRESS = "https://github.com/somebody/course"
# Of what Colab has, what the course uses; anywidget, tqdm and nnlib are not there.
IN_COLAB = ["numpy", "matplotlib", "ipywidgets", "scikit-learn", "ipykernel"]
RUN = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
"""


@pytest.mark.parametrize("path", all_notebooks(), ids=lambda path: path.stem)
def test_a_notebook_alone_is_the_learners_edition_behind_one_cell(path):
    first, *rest = alone.alone(read(path), ADDRESS).cells
    assert tags(first) == {"setup"} and f"git+{ADDRESS}" in first.source
    wanted = editions.learner(read(path)).cells
    for made, cell in zip(rest, wanted, strict=True):
        assert made.source == cell.source or "data:image/png;base64," in made.source
        for link in re.findall(r"!\[[^\]]*\]\(([^)]*)\)", made.source):
            assert link.startswith("data:")
    assert alone.alone(read(path), "").cells[0].source == wanted[0].source
    assert not any("setup" in tags(cell) for cell in read(path).cells)


def commands(source, tmp_path, monkeypatch):
    """What a first cell asks of the shell and of pip."""
    asked = []

    class Shell:
        def run_line_magic(self, name, line):
            asked.append(f"%{name} {line}")

        def system(self, line):
            asked.append(f"!{line}")

    monkeypatch.chdir(tmp_path)
    code = TransformerManager().transform_cell(source)
    exec(code, {"get_ipython": Shell})
    return asked


@pytest.mark.parametrize("number", ["00", "18"])
def test_the_first_cell_does_nothing_where_all_is_there(number, tmp_path, monkeypatch):
    (path,) = (path for path in all_notebooks() if path.name.startswith(number))
    source = alone.alone(read(path), ADDRESS).cells[0].source
    (tmp_path / "figures").mkdir()
    (tmp_path / "notebooks").mkdir()
    assert commands(source, tmp_path / "notebooks", monkeypatch) == []


def test_the_first_cell_fetches_what_is_missing_and_no_front_end(tmp_path, monkeypatch):
    (path,) = (path for path in all_notebooks() if path.name.startswith("18"))
    source = alone.alone(read(path), ADDRESS).cells[0].source
    assert "../figures/" in "".join(cell.source for cell in read(path).cells)
    monkeypatch.setitem(sys.modules, "nnlib", None)  # as if it were not installed
    (tmp_path / "alone").mkdir()
    packages, nnlib, figures, folder = commands(source, tmp_path / "alone", monkeypatch)
    assert '"anywidget' in packages and "jupyterlab" not in packages + nnlib
    assert nnlib == f'%pip install --quiet --no-deps "git+{ADDRESS}"'
    assert figures == f"!git clone --quiet --depth 1 {ADDRESS} course"
    assert folder == "%cd -q course/notebooks"


def test_links_between_notebooks_hold_in_colab(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_ADDRESS", ADDRESS)
    text = (
        "# 00\n[next](01_b.ipynb#A-heading), [terms](GLOSSARY.md), [there](https://a.org/x.ipynb)"
    )
    for name, source in (("00_a", text), ("01_b", "# 01")):
        write(v4.new_notebook(cells=[v4.new_markdown_cell(source)]), tmp_path / f"{name}.ipynb")
    alone.write(tmp_path / "made", sorted(tmp_path.glob("*.ipynb")))
    made = read(tmp_path / "made" / "00_a.ipynb").cells[1].source
    colab = "https://colab.research.google.com/github/somebody/course/blob/colab"
    assert f"({colab}/01_b.ipynb#A-heading)" in made and "(https://a.org/x.ipynb)" in made
    assert f"({ADDRESS}/blob/main/notebooks/GLOSSARY.md)" in made


def test_what_is_published_is_the_folder_and_nothing_else(tmp_path):
    def git(*command):
        done = subprocess.run(["git", *command], cwd=tmp_path, check=True, capture_output=True)
        return done.stdout.decode()

    git("init", "--quiet", "--bare", "there")
    git("init", "--quiet", "here")
    (tmp_path / "here" / "other.txt").write_text("not published")
    folder = tmp_path / "here" / "build" / "alone"
    folder.mkdir(parents=True)
    (tmp_path / "here" / ".gitignore").write_text("build/\n")
    for text in ("one", "two"):  # the second takes the place of the first
        (folder / "00_a.ipynb").write_text(text)
        alone.publish(folder, remote="../there", repository=tmp_path / "here")
    listed = git("-C", "there", "ls-tree", "-r", "--name-only", alone.BRANCH)
    assert listed.split() == ["00_a.ipynb"]
    assert git("-C", "there", "show", f"{alone.BRANCH}:00_a.ipynb") == "two"
    assert git("-C", "there", "rev-list", "--count", alone.BRANCH).strip() == "1"


def test_the_address_is_that_of_the_project_or_what_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(alone, "ROOT", tmp_path)
    monkeypatch.delenv("COURSE_ADDRESS", raising=False)
    project = tmp_path / "pyproject.toml"
    project.write_text('[project]\nname = "a"\n')
    assert alone.address() == ""
    project.write_text('[project]\n[project.urls]\nRepository = "https://github.com/a/b/"\n')
    assert alone.address() == "https://github.com/a/b"
    monkeypatch.setenv("COURSE_ADDRESS", "https://github.com/c/d")
    assert alone.address() == "https://github.com/c/d"


@pytest.mark.ways
def test_every_notebook_runs_alone_where_only_colabs_packages_are(tmp_path, monkeypatch):
    course, environment = tmp_path / "course", tmp_path / "environment"
    copy_to(course)
    git = ["git", "-c", "user.name=me", "-c", "user.email=me@localhost"]
    for command in (["add", "--all"], ["commit", "--quiet", "--message=all"]):
        subprocess.run([*git, *command], cwd=course, check=True)
    monkeypatch.setenv("COURSE_ADDRESS", course.as_uri())
    alone.write(tmp_path / "made")
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *IN_COLAB, "nbclient"], check=True)

    # Its own cache of fonts: one that names this environment's would outlive it in everybody's.
    outside = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    outside["MPLCONFIGDIR"] = str(tmp_path / "matplotlib")

    def run(path):
        folder = tmp_path / "alone" / path.stem / "folder"
        folder.mkdir(parents=True)
        (folder / path.name).write_bytes(path.read_bytes())
        done = subprocess.run(
            [python, "-c", RUN, path.name], cwd=folder, env=outside, capture_output=True, text=True
        )
        return f"{path.stem}: {done.stderr[-1500:]}" if done.returncode else None

    first, *others = sorted((tmp_path / "made").glob("*.ipynb"))
    assert len(others) == len(all_notebooks()) - 1
    assert run(first) is None  # it brings nnlib; the others find it
    with ThreadPoolExecutor(2) as pool:
        assert [fault for fault in pool.map(run, others) if fault] == []
    ask = [python, "-c", "import nnlib; print(nnlib.__file__)"]
    found = subprocess.run(
        ask, cwd=tmp_path, env=outside, capture_output=True, text=True, check=True
    ).stdout
    assert str(environment) in found
