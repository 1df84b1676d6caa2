"""Every committed picture is what its script draws."""

import importlib
import io
import sys
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from PIL import Image

import nnlib as nn

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


def averages(picture, block):
    """Mean colour of every block of pixels."""
    pixels = np.asarray(picture.convert("RGB"), dtype=float)
    rows, columns = pixels.shape[0] // block, pixels.shape[1] // block
    pixels = pixels[: rows * block, : columns * block]
    return pixels.reshape(rows, block, columns, block, 3).mean(axis=(1, 3))


def difference(old, new):
    """What separates two pictures, in words, or None.

    Under the matplotlib that drew the committed one, every letter counts. Another version
    sets letters a pixel aside, so there only what is larger than letters can be compared.
    """
    same_version = old.info.get("Software") == f"matplotlib {matplotlib.__version__}"
    block, most, slack = (4, 25, 0) if same_version else (16, 40, 1)
    if max(abs(a - b) for a, b in zip(old.size, new.size, strict=True)) > slack:
        return f"{old.size} pixels committed, {new.size} drawn"
    old, new = averages(old, block), averages(new, block)
    rows, columns = np.minimum(old.shape[:2], new.shape[:2])
    apart = np.abs(old[:rows, :columns] - new[:rows, :columns]).max(axis=-1)
    if apart.max() > most:
        y, x = np.unravel_index(apart.argmax(), apart.shape)
        return f"differs most near x {x * block}, y {y * block}: by {apart.max():.0f} of 255"
    return None


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
