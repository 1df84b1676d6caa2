"""A strip: a few values of a slider, side by side."""

import matplotlib.pyplot as plt
import pytest

from nnlib import plots


def line(ax, k):
    ax.plot([0, 1], [0, 0.1 * k])
    ax.set(xlim=(0, 1), ylim=(0, 1))


def test_strip_draws_each_value_and_says_what_draw_says():
    fig = plots.strip(lambda ax, k: (line(ax, k), f"k is {k}")[1], [1, 2, 5], size=(6, 2))
    assert len(fig.axes) == 3
    assert fig.alt == "k is 1. k is 2. k is 5."
    assert plots.alt_text(fig) == fig.alt
    assert [ax.lines[0].get_ydata()[-1] for ax in fig.axes] == pytest.approx([0.1, 0.2, 0.5])
    plt.close(fig)


def test_strip_takes_titles_for_words_tuples_for_several_sliders_and_rows_for_panels():
    def draw(axes, w, b):
        axes[0].set_title(f"w {w}, b {b}")
        axes[1].plot([w, b])

    fig = plots.strip(draw, [(1, 2), (3, 4)], rows=2)
    assert fig.alt == "w 1, b 2. w 3, b 4."
    assert [ax.lines[0].get_ydata().tolist() for ax in fig.axes if ax.lines] == [[1, 2], [3, 4]]
    plt.close(fig)
    with pytest.raises(ValueError, match="at least one value"):
        plots.strip(draw, [])
