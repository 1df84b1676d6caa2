"""The plane, coloured by what a model answers."""

import matplotlib
import numpy as np
import pytest
from examples import Y2, X, half_plane
from matplotlib.collections import PathCollection

import nnlib as nn

plots = nn.plots


def test_regions_follow_the_prediction_and_points_their_class():
    ax = plots.boundary(half_plane, X, Y2, names=["left", "right"])
    picture = ax.images[0].get_array()
    assert ax.images[0].origin == "lower"
    blue, orange = plots.CLASS_COLOURS[:2]
    for colour, side in ((blue, picture[-3, 2]), (orange, picture[2, -3])):  # rows go upward
        wanted = np.array(matplotlib.colors.to_rgb(colour))
        assert np.argmin(side) == np.argmin(wanted)
    groups = [c for c in ax.collections if isinstance(c, PathCollection)]
    assert [len(g.get_offsets()) for g in groups] == [np.sum(Y2 == 0), np.sum(Y2 == 1)]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["left", "right"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == (r"$\mathrm{x}_{1}$", r"$\mathrm{x}_{2}$")


def test_the_line_runs_where_two_classes_tie():
    ax = plots.boundary(half_plane, X, Y2)
    line = next(c for c in ax.collections if not isinstance(c, PathCollection))
    assert np.allclose(line.get_paths()[0].vertices @ [2, -1], 0, atol=0.02)


def test_undecided_is_white():
    ax = plots.boundary(lambda P: np.full((len(P), 3), 1 / 3), X, Y2)
    assert np.allclose(ax.images[0].get_array(), 1)


@pytest.mark.parametrize(
    "predict",
    [
        lambda P: nn.sigmoid(P[:, :1]),
        lambda P: nn.sigmoid(P[:, 0]),
        lambda P: (P[:, 0] > 0).astype(int),
        lambda P: np.full((len(P), 2), np.nan),
        lambda P: np.ones((len(P), 1)),
    ],
    ids=["one sigmoid", "flat", "labels", "nan", "certain"],
)
def test_boundary_takes_what_models_answer(predict):
    assert plots.boundary(predict, X, Y2).images


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: plots.boundary(half_plane, X[:, :1], Y2), r"two columns.*got shape \(60, 1\)"),
        (lambda: plots.boundary(half_plane, X, Y2[:5]), "60 points, 5 labels"),
        (lambda: plots.boundary(half_plane, X, Y2 + 0.5), "whole-number labels"),
        (lambda: plots.boundary(half_plane, X, Y2 - 1), "from 0 up, got -1"),
        (lambda: plots.boundary(half_plane, X * np.nan, Y2), "without NaN"),
        (lambda: plots.boundary(lambda P: P * 9, X, Y2), "these are scores: pass net.predict"),
        (lambda: plots.boundary(lambda P: P[:3], X, Y2), r"must return \(40000, K\)"),
        (lambda: plots.boundary(half_plane, X, Y2, names=["a"]), "names needs 2 names"),
    ],
)
def test_boundary_says_what_is_wrong(call, told):
    with pytest.raises(ValueError, match=told):
        call()


def test_boundary_asks_for_a_function():
    with pytest.raises(TypeError, match="such as net.predict, got ndarray"):
        plots.boundary(X, X, Y2)
