"""Colours, and how a picture is shown: once, with its alt text."""

import base64
import io

import matplotlib.pyplot as plt
import nbclient
import nbformat
import numpy as np
import pytest
from examples import Y2, X, half_plane
from PIL import Image

import nnlib as nn
from nnlib.plots import theme

plots = nn.plots

# -------------------- colours


@pytest.mark.parametrize(
    "together",
    [
        ("train", "validation"),
        ("weight", "gradient"),
        ("ink", "gradient"),
        ("input", "weight"),
        ("positive", "negative"),
    ],
)
def test_colours_used_together_differ_in_grey(together):
    light, dark = sorted((theme.luminance(plots.COLOURS[c]) for c in together), reverse=True)
    assert (light + 0.05) / (dark + 0.05) > 1.25


def test_the_first_three_classes_differ_in_grey_and_every_class_has_its_own_marker():
    greys = sorted(theme.luminance(c) for c in plots.CLASS_COLOURS[:3])
    assert np.all((np.array(greys[1:]) + 0.05) / (np.array(greys[:-1]) + 0.05) > 1.25)
    assert len(set(plots.CLASS_COLOURS)) == len(set(plots.CLASS_MARKERS)) == 10


def test_letters_in_any_colour_can_be_read_on_white():
    for colour in (*plots.COLOURS.values(), *plots.CLASS_COLOURS):
        assert 1.05 / (theme.luminance(theme.readable(colour)) + 0.05) >= 3.8


# -------------------- show


@pytest.fixture
def shown(monkeypatch):
    """What `show` hands to Jupyter: (bundle, metadata) of every display."""
    import IPython.display

    seen = []

    def display(bundle, raw, metadata=None):
        assert raw
        seen.append((bundle, metadata))

    monkeypatch.setattr(IPython.display, "display", display)
    return seen


def test_show_displays_once_with_alt_text_and_caption_and_closes(shown):
    ax = plots.confusion([[5, 1], [0, 4]])
    assert plots.show(ax) is None
    (picture, metadata), (caption, _) = shown
    assert metadata == {"image/png": {"alt": ax.alt, "width": 280, "height": 260}}
    pixels = Image.open(io.BytesIO(base64.b64decode(picture["image/png"])))
    assert pixels.size == (560, 520), "two pixels for one of the page"
    assert picture["image/png"].startswith("iVBOR") and picture["text/plain"] == ax.alt
    assert list(caption) == ["text/html"] and f"<em>{ax.alt}</em>" in caption["text/html"]
    assert plt.get_fignums() == []


def test_an_alt_text_of_yours_comes_first_and_its_signs_stay_signs(shown):
    plots.show(plots.curves([1, 0.5]), alt="The <loss>\n  of W_1.")
    assert shown[0][1]["image/png"]["alt"] == "The <loss> of W_1."
    assert "<em>The &lt;loss&gt; of W_1.</em>" in shown[1][0]["text/html"]


def test_panels_of_one_kind_are_told_once():
    fig, axes = plots.figure(columns=2)
    for ax, epoch in zip(axes, (1, 50), strict=True):
        plots.boundary(half_plane, X, Y2, ax=ax).set_title(f"epoch {epoch}")
    alt = plots.alt_text(fig)
    assert alt.startswith("2 panels (epoch 1 and epoch 50). The plane") and alt.count("plane") == 1


def test_show_without_words_asks_for_them(shown):
    fig, ax = plots.figure()
    ax.plot([1, 2])
    with pytest.raises(ValueError, match="alt="):
        plots.show(fig)
    with pytest.raises(TypeError, match="a figure or an ax, got int"):
        plots.show(3)
    assert shown == []


def test_in_a_notebook_a_picture_comes_once_and_runs_the_same_again():
    cells = [
        "import nnlib as nn",
        "nn.plots.show(nn.plots.curves([3, 2, 1]))",
        "fig, ax = nn.plots.figure()\n_ = ax.plot([1, 2])\nnn.plots.show(fig, alt='A line.')",
    ]
    runs = []
    for _ in range(2):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
        runs.append([cell["outputs"] for cell in notebook["cells"]])
    assert runs[0] == runs[1]
    assert runs[0][0] == []
    for outputs in runs[0][1:]:
        assert [sorted(o["data"]) for o in outputs] == [
            ["image/png", "text/plain"],
            ["text/html"],
        ]
        assert outputs[0]["metadata"]["image/png"]["alt"] == outputs[0]["data"]["text/plain"]
