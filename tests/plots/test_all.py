"""What holds for every picture of the course."""

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from examples import EXAMPLES, history

import nnlib as nn
from nnlib.plots import theme

plots = nn.plots


@pytest.mark.parametrize("name", EXAMPLES)
def test_draws_on_the_ax_it_is_given_and_returns_it(name):
    fig, axes = plots.figure(columns=2)
    assert EXAMPLES[name](ax=axes[1]) is axes[1]
    assert len(axes[1].get_children()) > len(axes[0].get_children())
    assert plt.get_fignums() == [fig.number]


@pytest.mark.parametrize("name", EXAMPLES)
def test_without_an_ax_makes_a_figure_in_the_courses_style(name):
    ax = EXAMPLES[name]()
    assert ax.get_figure().dpi == 100
    assert not ax.spines["top"].get_visible() or not ax.axison


@pytest.mark.parametrize("name", EXAMPLES)
def test_says_in_one_paragraph_what_is_seen(name):
    alt = plots.alt_text(EXAMPLES[name]())
    assert 20 < len(alt) < 300 and alt.endswith(".") and "\n" not in alt
    assert alt == plots.alt_text(EXAMPLES[name]())


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_picture_gives_the_same_bytes(name):
    again = [plots.png_bytes(theme.figure_of(EXAMPLES[name](**o))) for o in ({}, {})]
    if name != "images":  # its example draws new numbers
        assert again[0] == again[1]
    assert len(again[0]) < 100_000


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_ax_that_is_none_is_refused(name):
    with pytest.raises(TypeError, match="ax"):
        EXAMPLES[name](ax="here")


def test_importing_plots_leaves_a_picture_of_someone_else_as_it_was():
    fig, ax = plt.subplots()
    assert ax.spines["top"].get_visible() == matplotlib.rcParams["axes.spines.top"]


def test_one_factor_enlarges_letters_and_lines(monkeypatch):
    def sizes():
        ax = plots.curves(history())
        points = ax.lines[0].get_linewidth(), ax.xaxis.label.get_size()
        return [ax.get_figure().dpi * n for n in points]  # on the page

    small = sizes()
    monkeypatch.setattr(theme, "SCALE", 1.5)
    assert np.allclose(sizes(), 1.5 * np.array(small))
