"""Every committed picture is what its script draws."""

import base64
import importlib
import io
import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

import nnlib as nn
from tools import ROOT
from tools.notebooks import execute
from tools.pictures import difference, differences

FIGURES = Path(__file__).parents[2] / "figures"
NAMES = sorted(path.stem for path in FIGURES.glob("*.py"))


@pytest.fixture(autouse=True)
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(str(FIGURES))
    yield
    plt.close("all")
    for name in NAMES:
        sys.modules.pop(name, None)


def committed(name):
    return Image.open(FIGURES / f"{name}.png")


def drawn(name):
    fig = importlib.import_module(name).draw()
    return Image.open(io.BytesIO(nn.plots.png_bytes(fig)))


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_picture_is_what_its_script_draws(name):
    told = difference(committed(name), drawn(name))
    assert told is None, f"figures/{name}.png: {told}; run `make figures`"


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_has_an_alt_text_and_stays_small(name):
    alt = nn.plots.alt_text(importlib.import_module(name).draw())
    assert 40 < len(alt) < 400
    assert (FIGURES / f"{name}.png").stat().st_size < 250_000


def test_no_picture_without_a_script_and_no_script_without_a_picture():
    assert sorted(path.stem for path in FIGURES.glob("*.png")) == NAMES


@pytest.mark.parametrize("name", ["network_323", "graph_323"])
def test_one_changed_number_is_noticed(name, monkeypatch):
    fruit = nn.data.fruit()
    fruit.W1[2, 0] -= 0.1
    monkeypatch.setattr(nn.data, "fruit", lambda: fruit)
    new = drawn(name)
    old = committed(name)
    old.info["Software"] = f"matplotlib {matplotlib.__version__}"
    assert difference(old, new)


def test_one_changed_letter_is_noticed(monkeypatch):
    course_map = importlib.import_module("course_map")
    monkeypatch.setitem(course_map.PARTS, "derive", ("the chain rule", "a", "checking gradient"))
    old = committed("course_map")
    assert difference(old, drawn("course_map"))


def test_another_version_of_matplotlib_is_allowed_a_pixel_but_not_another_picture():
    old, moved = committed("network_323"), committed("network_323")
    old.info["Software"] = "matplotlib 3.0"
    moved = moved.transform(moved.size, Image.Transform.AFFINE, (1, 0, 1, 0, 1, 0), fillcolor=0)
    shifted = moved.crop((0, 0, moved.width - 1, moved.height))
    assert difference(old, shifted) is None
    assert difference(old, committed("graph_323"))


def test_the_map_names_the_notebooks_as_they_name_themselves():
    titles = [t for part in importlib.import_module("course_map").PARTS.values() for t in part]
    assert len(titles) == 21
    for path in (FIGURES.parent / "notebooks").glob("[0-9][0-9]_*.ipynb"):
        cells = nbformat.read(path, as_version=4)["cells"]
        heading = next(c["source"] for c in cells if c["source"].startswith("# "))
        assert titles[int(path.name[:2])].lower() in heading.splitlines()[0].lower(), path.name


# --- pictures in notebooks: conftest.py has nbval hold each against what its cell draws now


def outputs(picture, width):
    file, info = io.BytesIO(), PngInfo()
    info.add_text("Software", f"matplotlib {matplotlib.__version__}")
    picture.save(file, "PNG", pnginfo=info)
    data = {"image/png": base64.b64encode(file.getvalue()).decode()}
    return [{"data": data, "metadata": {"image/png": {"width": width}}}]


def curve(constant, letter="a"):
    fig, ax = nn.plots.figure(size=(6, 3))
    x = np.linspace(0, 6, 200)
    ax.plot(x, np.sin(constant * x))
    ax.set_title(letter)
    return Image.open(io.BytesIO(nn.plots.png_bytes(fig)))


def test_a_changed_constant_or_a_swapped_picture_of_a_notebook_is_noticed():
    one, same = outputs(curve(1), 600), outputs(curve(1), 600)
    assert differences(one, same) is None
    for other in (curve(1.1), curve(-1), committed("course_map").resize(curve(1).size)):
        assert "differs most near" in differences(one, outputs(other, 600))
    assert "2 pictures committed, 1 drawn" in differences(one + same, one)
    assert differences([{"text": "no picture"}], []) is None


def test_nbval_compares_pictures(tmp_path):
    draw = "from nnlib import plots\nfig, ax = plots.figure()\nax.plot([1, 2, {}])\n"
    draw += "plots.show(fig, alt='a line')"
    notebook = nbformat.v4.new_notebook()
    for name, tags in (("drawn", []), ("timed", ["measured"])):
        cell = nbformat.v4.new_code_cell(draw.format(3), id=name, metadata={"tags": tags})
        notebook.cells.append(cell)
    notebook = execute(notebook)
    for cell in notebook.cells:
        cell.source = draw.format(9)
    path = tmp_path / "try.ipynb"
    nbformat.write(notebook, path)
    command = [*(sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q")]
    command += ["-p", "no:cacheprovider", "-p", "conftest", "-c", os.devnull, path]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path)
    assert "1 failed, 1 passed" in run.stdout, run.stdout
    assert "the picture" in run.stdout, run.stdout
