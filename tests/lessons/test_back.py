"""The pictures of notebook 05: what they draw, what they say, what they refuse."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

import nnlib as nn
from nnlib.lessons import back

DATA = nn.data.fruit()
NAMES, X = DATA.names, DATA.X[0]
DS = nn.softmax(np.maximum(0, X @ DATA.W1 + DATA.b1)[None] @ DATA.W2 + DATA.b2)[0]
DS = DS - [0, 1, 0]  # the banana's; both of its gates are open
DZ = DATA.W2 @ DS
DW = np.outer(X, DZ)


def drawn(off=()):
    passes = np.ones((2, 3))
    for link in off:
        passes[link] = 0
    shares = passes * DS * DATA.W2
    dz = shares.sum(axis=1)
    _, ax = plt.subplots()
    told = back.draw(ax, "some", X, DS, shares, dz, np.outer(X, dz), before=(DZ, DW), names=NAMES)
    shown = [t.get_text() for t in ax.texts if t.get_text()]
    plt.close("all")
    return told, shown, ax


def test_links_name_every_link_once_and_each_unit_whole():
    off = back.links(NAMES)
    assert off["nothing"] == []
    assert off["banana to unit 1"] == [(0, 1)]
    assert off["all to unit 2"] == [(1, 0), (1, 1), (1, 2)]
    assert sorted(links[0] for links in off.values() if len(links) == 1) == [
        (j, k) for j in range(2) for k in range(3)
    ]


def test_with_nothing_off_all_numbers_are_nnlibs(fruit):
    net, loss, rows, labels = fruit
    first, _, second = net.layers
    loss(net(rows[:1]), labels[:1])
    net.backward(loss.backward())
    told, shown, _ = drawn()
    for number in [*first.dW.ravel(), *second.db, *(second.db * DATA.W2).ravel()]:
        assert any(f"{number:.3f}".replace("-", "−") in text for text in shown), number
    for number in first.db:
        assert any(text.endswith(f"\n{number:.3f}".replace("-", "−")) for text in shown)
    assert told.endswith("Changed: 0 of the 17 gradients.")


def test_a_link_that_is_off_changes_four_and_frames_them():
    told, shown, ax = drawn([(0, 1)])
    assert told.endswith("Changed: 4 of the 17 gradients.")
    assert "dw_11 = −0.1687 + off + 0.2553 = 0.0866" in told
    assert shown.count("off") == 1
    framed = [
        t.get_text()
        for t in ax.texts
        if t.get_bbox_patch() and t.get_bbox_patch().get_edgecolor() == (0, 0, 0, 1)
    ]
    assert len(framed) == 5  # dz_1, three dw, and the link itself


def test_with_a_unit_cut_off_its_gradients_are_0():
    told, shown, _ = drawn([(0, 0), (0, 1), (0, 2)])
    assert "dw_11 = off + off + off = 0.0000" in told
    assert shown.count("0.000") == 3 and shown.count("off") == 3


def test_numbers_that_do_not_belong_together_are_refused():
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match="is not dw"):
        back.draw(ax, "", X, DS, DS * DATA.W2, DZ, 2 * DW, before=(DZ, DW), names=NAMES)
    plt.close("all")


def test_a_fruit_that_is_wrong_has_an_empty_bar_and_its_answer_beside_it():
    _, ax = plt.subplots()
    P = np.array([[0.1, 0.7, 0.2], [0.3, 0.3, 0.4]])
    told = back.draw_fruits(ax, P, [1, 0], names=NAMES, title="")
    assert told == "banana 0.70; apple 0.30, says lemon"
    assert [patch.get_width() for patch in ax.patches] == [0.7, 0.3]
    assert ax.patches[1].get_facecolor() == (1, 1, 1, 1) != ax.patches[0].get_facecolor()
    assert [t.get_text() for t in ax.texts] == ["0.70", "0.30  says lemon"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["banana", "apple"]
    plt.close("all")
