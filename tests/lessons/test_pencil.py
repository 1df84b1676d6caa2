"""The worksheet: right numbers, and the usual wrong ones named."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import nnlib as nn
from nnlib.lessons.pencil import LINES, Worksheet
from tools.worksheets import write

BANANA = Worksheet(0)


def said(name, value, sheet=BANANA):
    return sheet.verdict(name, value)


def test_sheet_0_is_the_banana_of_notebook_01():
    assert BANANA.right["z_1"] == pytest.approx(1.11)
    assert BANANA.right["L"] == pytest.approx(1.8027, abs=5e-5)
    assert BANANA.right["dw_11"] == pytest.approx(0.5376, abs=5e-5)


@pytest.mark.parametrize("seed", range(20))
def test_every_sheet_has_the_numbers_that_nnlib_gives(seed):
    sheet = Worksheet(seed)
    x, W1, b1, W2, b2 = sheet.tables
    net, loss = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3)), nn.CrossEntropyLoss()
    net.theta = np.concatenate([W1.ravel(), b1, W2.ravel(), b2])
    assert sheet.right["L"] == pytest.approx(loss(net(x[None]), [sheet.truth]), abs=1e-12)
    net.backward(loss.backward())
    dW1, dW2 = net.layers[0].dW, net.layers[2].dW
    for name, value in (("dw_11", dW1[0, 0]), ("dw_32", dW1[2, 1]), ("du_23", dW2[1, 2])):
        assert sheet.right[name] == pytest.approx(value, abs=1e-12)


def test_seeds_give_other_numbers_and_the_same_seed_the_same():
    assert Worksheet(1).given != Worksheet(2).given
    assert Worksheet(1).given == Worksheet(1).given


@pytest.mark.parametrize("seed", range(6))
def test_every_right_answer_is_right_exact_or_rounded(seed):
    sheet = Worksheet(seed)
    for name in LINES:
        assert said(name, sheet.right[name], sheet) == "right."
        assert said(name, round(sheet.right[name], 2), sheet).startswith("right.")


@pytest.mark.parametrize("seed", range(60))
def test_the_old_weight_is_on_no_sheet_the_new_one(seed):
    sheet = Worksheet(seed)
    old, new, dw = sheet.given["w_11"], sheet.right["w_11_new"], sheet.right["dw_11"]
    assert "old weight" in said("w_11_new", old, sheet)
    assert "old weight" in said("w_11_new", round(old, 2), sheet)
    on_the_way = round(old - 0.1 * round(dw, 2), 2)
    assert on_the_way != round(old, 2)
    for value in (new, round(new, 2), on_the_way):
        assert said("w_11_new", value, sheet).startswith("right")
    assert "subtract" in said("w_11_new", old + 0.1 * dw, sheet)


@pytest.mark.parametrize(
    "name, value, words",
    [
        ("z_1", 1.41, "you forgot b_1"),
        ("z_1", 1.19, "the sign of x_3*w_31"),
        ("z_1", 1.5, "you forgot the weights"),
        ("s_1", 0.248, "you forgot a_1*u_11"),
        ("a_1", -1.11, "the gate"),
        ("p_2", 0.3628, "divide by the total"),
        ("L", 0.783, "natural logarithm"),
        ("L", -1.8027, "the minus sign"),
        ("L", 1.3175, "the truth is banana"),
        ("ds_2", 0.1649, "minus 1"),
        ("ds_2", 0.8351, "not truth minus probability"),
        ("ds_1", -0.7322, "no minus 1 here"),
        ("da_1", 0.501, "u_12*ds_2 alone"),
        ("dz_1", 0, "the gate is open"),
        ("dw_11", 0.5974, "times what came in, x_1"),
        ("w_11_new", 0.9538, "subtract"),
        ("z_1", 77, "not yet"),
        ("z_1", "a", "one number"),
        ("z_1", ..., "not attempted yet"),
    ],
)
def test_the_usual_slips_are_named(name, value, words):
    assert words in said(name, value)


def test_a_closed_gate_has_its_own_slips():
    sheet = next(s for s in map(Worksheet, range(1, 50)) if s.right["z_2"] < 0)
    assert "negative becomes 0" in said("a_2", sheet.right["z_2"], sheet)
    assert "no blame passes" in said("dz_2", sheet.right["da_2"], sheet)


def test_check_prints_a_line_for_each_number(capsys):
    BANANA.check(z_1=1.11, z_2=...)
    assert capsys.readouterr().out == "z_1: right.\nz_2: not attempted yet.\n"
    with pytest.raises(ValueError, match="The sheet has no z_9"):
        BANANA.check(z_9=1)


def test_the_page_has_a_box_for_every_line_and_no_result_unless_asked():
    for answers in (False, True):
        fig = BANANA.draw(answers)
        texts = [text.get_text() for text in fig.texts]
        assert len(fig.patches) + len([a for a in fig.artists]) >= len(LINES)
        assert (f"{BANANA.right['L']:.2f}" in texts) == answers
        assert "worksheet" in nn.plots.alt_text(fig)
        plt.close(fig)


def test_the_pdfs_hold_a_page_for_each_student(tmp_path):
    sheets, answers = write(2, tmp_path)
    for path in (sheets, answers):
        assert path.read_bytes().count(b"/Type /Page ") == 2


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("seed", [0, 3, 11])
def test_nothing_leaves_the_margin_or_runs_into_a_box(seed, paper):
    fig = Worksheet(seed).draw(answers=True, paper=paper)
    renderer = FigureCanvasAgg(fig).get_renderer()
    wide = fig.bbox.width
    boxes = [patch.get_window_extent(renderer) for patch in fig.artists + fig.patches]
    boxes = [box for box in boxes if box.width < 0.2 * wide]
    assert len(boxes) == len(LINES)
    formulas = [text for text in fig.texts if " = " in text.get_text()]
    assert len(formulas) == len(LINES)
    for text in formulas:
        extent = text.get_window_extent(renderer)
        assert not any(extent.overlaps(box) for box in boxes), text.get_text()
    for text in [*fig.texts, *fig.axes[0].texts]:
        extent = text.get_window_extent(renderer)
        assert 0.04 * wide < extent.x0 and extent.x1 < 0.96 * wide, text.get_text()
    plt.close(fig)


def test_another_paper_is_refused():
    with pytest.raises(ValueError, match="a4 or letter, got 'a5'"):
        BANANA.draw(paper="a5")


def test_a_sheet_knows_which_numbers_were_right_when_last_checked(capsys):
    sheet = Worksheet(1)
    assert not sheet.right_so_far("z_1")
    sheet.check(z_1=7, z_2=sheet.right["z_2"])
    assert not sheet.right_so_far("z_1") and sheet.right_so_far("z_2")
    sheet.check(z_1=sheet.right["z_1"])
    assert sheet.right_so_far("z_1") and sheet.right_so_far("z_2")
