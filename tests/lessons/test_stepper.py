"""The stepper: the pass of notebook 01 in single steps, its numbers nnlib's, its drawing whole."""

import ast

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import nnlib as nn
from nnlib import plots
from nnlib.lessons import stepper
from nnlib.lessons.pencil import Worksheet
from tools.notebooks import all_notebooks, read

fruit = nn.data.fruit()
SEEN = stepper._seen()
LAST = SEEN["new b_1 and b_2"]["values"]  # all that is known after the update


def table(letter, *shape, after=""):
    """The single numbers of a letter as an array, as nnlib holds them."""
    names = ["".join(str(i + 1) for i in place) for place in np.ndindex(*shape)]
    return np.array([LAST[f"{letter}_{name}{after}"] for name in names]).reshape(shape)


def network(W1, b1, W2, b2):
    net = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3), rng=0)
    net.layers[0].W, net.layers[0].b, net.layers[2].W, net.layers[2].b = W1, b1, W2, b2
    return net


def same(own, library):
    np.testing.assert_allclose(own, library, rtol=0, atol=1e-12)


def test_every_number_is_the_one_that_nnlib_gives():
    net, loss = network(fruit.W1, fruit.b1, fruit.W2, fruit.b2), nn.CrossEntropyLoss()
    Z2 = net(fruit.X[:1])
    same(table("s", 3), Z2[0])
    same(table("p", 3), nn.softmax(Z2)[0])
    same(LAST["L"], loss(Z2, fruit.y[:1]))
    net.backward(loss.backward())
    first, gate, second = net.layers
    same(table("z", 2), first(fruit.X[:1])[0])
    same(table("a", 2), gate(first(fruit.X[:1]))[0])
    same(table("ds", 3), loss.backward()[0])
    for letter, found in (("dw", first.dW), ("db", first.db), ("du", second.dW), ("dc", second.db)):
        same(table(letter, *found.shape), found)
    same(table("da", 2), loss.backward()[0] @ fruit.W2.T)
    same(table("dz", 2), first.db)
    nn.SGD(net, lr=0.1).step()
    for letter, moved in (("w", first.W), ("b", first.b), ("u", second.W), ("c", second.b)):
        same(table(letter, *moved.shape, after="_new"), moved)
    again = SEEN["the pass again"]["values"]
    same(again["L"], loss(net(fruit.X[:1]), fruit.y[:1]))
    same([again["p_1"], again["p_2"], again["p_3"]], net.predict(fruit.X[:1])[0])


def test_it_agrees_with_sheet_0_of_the_worksheet():
    sheet = Worksheet(0)
    same([LAST[name] for name in sheet.right], list(sheet.right.values()))


def test_a_line_of_notebook_01_is_the_same_line_here():
    path = next(path for path in all_notebooks() if path.stem.startswith("01"))
    lines = [
        ast.unparse(line)
        for cell in read(path).cells
        if cell.cell_type == "code" and cell.source.startswith("# on paper")
        for line in ast.parse(cell.source).body
    ]
    here = [
        ast.unparse(line) for *_, code in stepper.PASS.values() for line in ast.parse(code).body
    ]
    assert len(lines) > 20 and set(lines) <= set(here)


def test_nothing_is_used_before_it_is_known_and_nothing_is_missing():
    known = set(SEEN["start"]["values"])
    assert len(known) == 3 + 17
    for step in stepper.STEPS[1:-1]:
        assert SEEN[step]["used"] - {"exp", "log", "max"} <= known
        assert SEEN[step]["new"] and not SEEN[step]["new"] & known
        known |= SEEN[step]["new"]
    assert sum(name.endswith("_new") for name in known) == 17


def test_the_first_number_that_needs_the_truth_is_the_loss_and_no_line_needs_the_loss():
    assert stepper.STEPS.index("L") < stepper.STEPS.index("ds_1")
    assert not any("L" in SEEN[step]["used"] for step in stepper.STEPS)


def drawn(step):
    fig, ax = plots.figure(size=stepper.SIZE)
    plt.close(fig)
    canvas = FigureCanvasAgg(fig)
    said = stepper.draw(ax, step)
    canvas.draw()
    return canvas, ax, said


def box(text, renderer):
    frame = text.get_bbox_patch()
    framed = frame is not None and frame.get_edgecolor()[3] > 0
    return (frame if framed else text).get_window_extent(renderer)


@pytest.mark.parametrize("step", stepper.STEPS)
def test_nothing_is_cut_and_no_number_lies_on_another(step):
    canvas, ax, _ = drawn(step)
    renderer, (wide, high) = canvas.get_renderer(), canvas.get_width_height()
    boxes = [(text.get_text(), box(text, renderer)) for text in ax.texts]
    for i, (text, a) in enumerate(boxes):
        assert a.x0 > 1 and a.y0 > 1 and a.x1 < wide - 1 and a.y1 < high - 1, text
        for other, b in boxes[:i]:
            across = min(a.x1, b.x1) - max(a.x0, b.x0)
            assert across <= 2 or min(a.y1, b.y1) - max(a.y0, b.y0) <= 4, (text, other)


@pytest.mark.parametrize("step", stepper.STEPS[1:])
def test_what_is_new_stands_in_a_frame_and_what_goes_in_is_bold(step):
    _, ax, _ = drawn(step)
    framed = [t for t in ax.texts if t.get_bbox_patch() and t.get_bbox_patch().get_edgecolor()[3]]
    assert len(framed) == len(SEEN[step]["new"])
    bold = [t for t in ax.texts if t.get_weight() == "bold" and t not in framed]
    assert len(bold) > 1  # the heading, and a number


def test_the_reading_says_the_part_the_result_and_what_is_done():
    _, ax, said = drawn("da_1")
    assert said == ax.alt
    assert said.startswith("Backward: da_1 ≈ 0.5974. Rule 3: three paths")
    assert drawn("start")[2].startswith("Start. Three measurements")


def test_what_is_said_of_other_numbers_does_not_hold_of_the_notebooks():
    for step, variants in stepper.OTHERWISE.items():
        known = SEEN[step]["values"] | {"L_before": LAST["L"], "max": max}
        assert not any(eval(condition, {}, known) for condition, _ in variants)


def test_the_table_for_the_page_has_every_line():
    made = stepper.table()
    assert [step["name"] for step in made["steps"]] == stepper.STEPS
    assert {line["name"] for step in made["steps"] for line in step["lines"]} == {
        name for step in stepper.STEPS for name in SEEN[step]["new"]
    }
    assert made["numbers"] == {n: LAST[n] for n in made["numbers"]} and len(made["numbers"]) == 20


def test_small_figures_and_short_numbers():
    assert stepper._plain("dw_31") == "dw₃₁" and stepper._plain("total") == "total"
    assert [stepper._short(v) for v in (0.9, -0.529, 0.0, -0.001)] == [
        "0.9",
        "−0.53",
        "0.0",
        "0.00",
    ]
