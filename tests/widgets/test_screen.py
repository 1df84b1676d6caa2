"""The pictures behind the sliders: the same values give the same picture, whatever was before."""

import gc
import io
import random
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.ticker import PercentFormatter
from PIL import Image

import nnlib as nn
from nnlib import plots
from nnlib.plots import theme
from nnlib.widgets.screen import Screen

SIZE = (3.2, 2.2)
x = np.linspace(0, 1, 20)
X, Y = nn.data.moons(60, noise=0.2, rng=0)
DRAWS = {}


def case(draw):
    DRAWS[draw.__name__] = draw
    return draw


def line(ax, k):
    ax.plot(x, 0.1 * k * x)
    ax.set(xlim=(0, 1), ylim=(0, 1))


@case
def limits_that_change(ax, k):
    ax.plot(x, k * x)


@case
def titles_of_one_and_two_lines(ax, k):
    line(ax, k)
    ax.set_title("one" + "\ntwo" * (k % 2), loc="left", color="red" if k == 2 else "black")


@case
def a_high_formula_in_the_title(ax, k):
    line(ax, k)
    ax.set_title(r"$\frac{1}{2}$" if k % 2 else "half")


@case
def a_legend_beside(ax, k):
    ax.plot(x, 0.1 * k * x, label="a" * k)
    if k % 3:
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1))


@case
def words_beside(ax, k):
    line(ax, k)
    right = {"xycoords": "axes fraction", "textcoords": "offset points", "xytext": (6, 0)}
    ax.annotate("a" * k, (1, 0.3), annotation_clip=False, **right)


@case
def a_second_axis(ax, k):
    line(ax, k)
    if k % 2:
        ax.twinx().plot(x, k * x)
    if k % 3 == 1:
        ax.secondary_xaxis("top")


@case
def pictures_inside(ax, k):
    line(ax, k)
    for i in range(k % 4):
        ax.inset_axes([0.1 + 0.2 * i, 0.6, 0.15, 0.3]).plot(x, k * x)


@case
def a_colorbar(ax, k):
    image = ax.imshow(np.outer(x, x) * k)
    if k % 2:
        ax.figure.colorbar(image, ax=ax)


@case
def log_scales(ax, k):
    ax.plot(x + 0.01, (x + 0.01) ** k)
    if k % 2:
        ax.set(xscale="log", yscale="log")


@case
def ticks_of_their_own(ax, k):
    line(ax, k)
    if k == 1:
        ax.set_xticks([0, 0.5], ["none", "half"])
    if k == 2:
        ax.tick_params(axis="y", length=0, labelsize=20)
    if k == 3:
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    if k == 4:
        ax.set_yticks([])
        ax.minorticks_on()
    if k == 5:
        plt.setp(ax.get_xticklabels(), rotation=45, color="red")


@case
def labels_of_their_own(ax, k):
    line(ax, k)
    if k % 2:
        ax.set_xlabel("sometimes", color="red", fontsize=20)
    else:
        ax.set_xlabel("sometimes")


@case
def frames_of_their_own(ax, k):
    line(ax, k)
    if k == 1:
        ax.spines["left"].set_visible(False)
        ax.spines["bottom"].set(position=("data", 0.5), color="red")
    if k == 2:
        ax.set_axis_off()
    if k == 3:
        ax.grid(True)
        ax.set_facecolor("#eee")
    if k == 4:
        ax.set_position([0.3, 0.3, 0.4, 0.4])
    if k == 5:
        ax.yaxis.tick_right()


@case
def room_of_its_own(ax, k):
    ax.plot(x, 0.1 * k * x)
    if k == 1:
        ax.set_aspect("equal")
    if k == 2:
        ax.set_box_aspect(1)
    if k == 3:
        ax.margins(0.3)
    if k == 4:
        ax.set_autoscale_on(False)
    if k == 5:
        ax.invert_yaxis()


@case
def words_of_the_figure(ax, k):
    line(ax, k)
    if k % 3 == 1:
        ax.figure.suptitle("above all")
    if k % 3 == 2:
        ax.figure.text(0.5, 0.5, "across")
        ax.figure.supxlabel("below all")


@case
def bars_of_names(ax, k):
    if k == 2:
        ax.plot(x, x)
    else:
        ax.bar(list("abcde")[:k], range(k), label="bars")
        ax.legend()


@case
def all_kinds_of_plots(ax, k):
    if k == 1:
        scores = np.array([[k, -1], [1, 2.0]])
        plots.boundary(lambda P: nn.softmax(P @ scores), X, Y, ax=ax, resolution=20)
    if k == 2:
        plots.curves({"train": [1, 0.5, 0.2], "other": [1, 0.8, 0.5]}, ax=ax)
    if k == 3:
        plots.histograms({"layer 1": x, "layer 2": x**2}, ax=ax)
    if k == 4:
        plots.confusion([[5, 1], [k, 4]], ax=ax)
    if k == 5:
        plots.images(np.full((3, 64), 0.1 * k), ax=ax)


def pixels(drawn):
    return np.asarray(Image.open(io.BytesIO(drawn)).convert("RGB"))


def in_full(fig):
    """A drawing without any shortcut."""
    drawn = io.BytesIO()
    with plots.style():
        fig.savefig(drawn, format="png", dpi=fig.dpi)
    return pixels(drawn.getvalue())


def on_the_canvas(kept):
    return np.asarray(kept._canvas.buffer_rgba())[..., :3].copy()


@pytest.mark.parametrize("name", DRAWS)
def test_a_picture_depends_on_its_value_alone(name):
    """In any order, and equal to a drawing without any shortcut."""
    first = {}
    for k in range(1, 6):
        fresh = Screen(DRAWS[name], size=SIZE)
        first[k] = fresh.picture(k)
        apart = on_the_canvas(fresh).astype(int) - in_full(fresh.fig)
        assert np.abs(apart).max() <= 1, "no more than rounding"
    kept = Screen(DRAWS[name], size=SIZE)
    order = [*range(1, 6), *random.Random(0).choices(range(1, 6), k=9)]
    for before, k in zip([None, *order], order, strict=False):
        assert kept.picture(k) == first[k], f"{k} after {before}"


def test_kept_ticks_are_not_drawn_again_and_the_picture_is_that_of_a_full_drawing():
    kept = Screen(line, size=SIZE)
    kept.picture(1)
    behind = kept._behind
    for k in range(2, 10):
        kept.picture(k)
        assert kept._behind is behind
        np.testing.assert_array_equal(on_the_canvas(kept), in_full(kept.fig))


def test_what_a_slider_shows_cannot_be_told_from_the_drawing():
    """The JPEG is at most a few shades off, and less than one on average."""
    kept = Screen(all_kinds_of_plots, size=(4.8, 3.2))
    for k in range(1, 6):
        shown = pixels(kept.picture(k)[0]).astype(int)
        assert np.abs(shown - on_the_canvas(kept)).mean() < 1


def test_several_panels_are_an_array_of_axes():
    def draw(axes, k):
        assert axes.shape == (2,)
        line(axes[0], k)
        axes[1].bar(["a", "b"], [k, 1])
        axes[1].set_title(f"k is {k}")

    kept = Screen(draw, columns=2, size=(4, 2))
    assert kept.size == (400, 200)
    assert [kept.picture(k)[1] for k in (1, 2)] == ["k is 1", "k is 2"]
    first = Screen(draw, columns=2, size=(4, 2)).picture(1)
    assert kept.picture(1) == first


def test_the_reading_is_what_draw_says_or_the_titles():
    said = Screen(lambda ax, k: f"{k} things", size=SIZE).picture(3)[1]
    titled = Screen(lambda ax, k: ax.set_title(f"k {k}"), size=SIZE).picture(3)[1]
    silent = Screen(lambda ax, k: None, size=SIZE).picture(3)[1]
    assert (said, titled, silent) == ("3 things", "k 3", "")


@pytest.mark.parametrize("where", ["before", "half", "formula"])
def test_after_an_error_the_next_picture_is_right(where):
    def draw(ax, k):
        if k == 0 and where == "before":
            raise ValueError("no")
        line(ax, k)
        ax.set_title("$\\frac{1}{$" if k == 0 and where == "formula" else "title")
        if k == 0:
            ax.tick_params(length=0)
            raise KeyboardInterrupt if where == "half" else ValueError("no")

    kept, first = Screen(draw, size=SIZE), Screen(draw, size=SIZE).picture(2)
    for _ in range(2):
        with pytest.raises((ValueError, KeyboardInterrupt)):
            kept.picture(0)
        assert kept.picture(2) == first


def test_no_warning_comes_out_and_none_is_lost_for_others():
    def draw(ax, k):
        warnings.warn("loud", stacklevel=1)
        ax.plot(x, np.log(np.zeros(20)) / 0)
        ax.set_ylim(1, 1)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Screen(draw, size=SIZE).picture(1)
        warnings.warn("other", stacklevel=1)
    assert [str(w.message) for w in caught] == ["other"]


@pytest.mark.parametrize("draw", [line, bars_of_names, all_kinds_of_plots])
def test_many_pictures_leave_nothing_behind(draw):
    kept = Screen(draw, size=(1.5, 1))
    held = []
    for count in (20, 80):
        for i in range(count):
            kept.picture(1 + i % (5 if count == 20 else 3))
        gc.collect()
        held.append(sum(isinstance(thing, Artist) for thing in gc.get_objects()))
    assert held[1] < held[0] + 200  # a figure has about a hundred artists: 80 would be seen
    assert plt.get_fignums() == []


def test_a_draw_that_is_no_function_is_told():
    with pytest.raises(TypeError, match=r"draw\(ax, value\), got int"):
        Screen(3)


def letters(screen):
    """The title's letters and a line's width, in pixels."""
    points = screen.axes.title.get_size(), screen.axes.lines[0].get_linewidth()
    return [screen.fig.dpi / 72 * n for n in points]


def test_projector_enlarges_the_letters_of_the_next_pictures():
    def draw(ax, k):
        line(ax, k)
        ax.set_title("title")

    usual = Screen(draw, size=SIZE)
    before = usual.picture(3)[0]
    sizes = letters(usual)
    try:
        theme.projector(1.5)
        large = Screen(draw, size=SIZE)
        assert large.picture(3)[0] != before
        assert letters(large) == pytest.approx([1.5 * size for size in sizes])
        assert large.size == usual.size
    finally:
        theme.projector(1)
    assert Screen(draw, size=SIZE).picture(3)[0] == before
