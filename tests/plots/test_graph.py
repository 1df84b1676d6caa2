"""The drawing of a computational graph."""

import numpy as np
import pytest
from examples import numbers
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

import nnlib as nn

plots = nn.plots


def circuit(**more):
    """CS231n's first circuit: (x + y) z."""
    return plots.graph(
        {"x": None, "y": None, "z": None, "q": "+", "f": "×"},
        [("x", "q"), ("y", "q"), ("q", "f"), ("z", "f")],
        **more,
    )


def test_operations_are_circles_values_boxes_and_numbers_stand_above_and_below():
    ax = circuit(values={"x": -2, "q": 3, "f": -12}, gradients={"x": -4, "q": -4, "f": 1})
    kinds = [type(p) for p in ax.patches]
    assert (kinds.count(Circle), kinds.count(FancyBboxPatch)) == (2, 3)
    assert kinds.count(FancyArrowPatch) == 4
    told = {t: p.get_position()[1] for t, p in zip(numbers(ax), ax.texts, strict=True)}
    node = {c.get_center()[0]: c.get_center()[1] for c in ax.patches if isinstance(c, Circle)}
    assert told["f = -12"] > node[max(node)] > told["1"]
    assert "q = 3" in told and "-2" in told


def test_the_computed_chain_runs_level_from_left_to_right():
    places = {t.get_text(): t.get_position() for t in circuit().texts}
    assert places["x"][0] < places["+"][0] < places["×"][0]
    assert places["+"][1] == pytest.approx(places["×"][1])


def test_a_highlighted_path_is_thicker_and_named():
    ax = circuit(highlight=["x", "q", "f"])
    widths = [p.get_linewidth() for p in ax.patches if isinstance(p, FancyArrowPatch)]
    assert [w > 2 for w in widths] == [True, False, True, False]
    assert "x → q → f" in ax.alt


def test_a_long_edge_passes_the_nodes_between_at_a_distance():
    ax = plots.graph(["x", "a", "b", "c"], [("x", "a"), ("a", "b"), ("b", "c"), ("x", "c")])
    between = [t.get_position() for t in ax.texts if t.get_text() in "ab"]
    long_way = [p for p in ax.patches if isinstance(p, FancyArrowPatch)][3]
    # rays through the columns of a and b meet the long edge away from the nodes
    points = long_way._path_original.vertices
    for x, y in between:
        height = np.interp(x, points[:, 0], points[:, 1])
        assert abs(height - y) > 0.3


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: plots.graph(["x"], [("x", "y")]), "an edge names 'y'"),
        (lambda: plots.graph(["x"], [], values={"w": 1}), "values names 'w'"),
        (lambda: plots.graph(["x", "y"], [("x", "y"), ("y", "x")]), "without a circle"),
        (lambda: plots.graph(["x"], [], values={"x": np.zeros((2, 2, 2))}), "numbers, rows and"),
    ],
)
def test_graph_says_what_is_wrong(call, told):
    with pytest.raises(ValueError, match=told):
        call()


TABLE = np.array([[0.9, -0.2], [-0.4, 0.5]])


def test_the_columns_of_a_table_end_under_each_other():
    ax = plots.graph({"w": None, "z": "+"}, [("w", "z")], values={"w": TABLE})
    columns = [t for t in ax.texts if "\n" in t.get_text()]
    assert [t for t in numbers(ax) if "\n" in t] == ["0.9\n-0.4", "-0.2\n0.5"]
    assert [t.get_ha() for t in columns] == ["right", "right"]
    FigureCanvasAgg(ax.figure).draw()  # whatever backend another test has left behind
    boxes = [t.get_window_extent() for t in columns]
    assert boxes[0].x1 < boxes[1].x0


def test_shapes_stand_above_the_numbers_and_in_the_alt_text():
    values = {"w": TABLE, "b": np.zeros(2), "z": 1.0}
    nodes = {"w": None, "b": None, "z": "+"}
    ax = plots.graph(nodes, [("w", "z"), ("b", "z")], values=values, shapes=True)
    places = {t.get_text(): t.get_position()[1] for t in ax.texts}
    assert places["(2, 2)"] > places["−0.2\n0.5"] and "(2,)" in places
    assert not any(t.startswith("()") for t in places)
    assert "shape" in ax.alt
    assert "shape" not in plots.graph(nodes, [("w", "z"), ("b", "z")], values=values).alt
