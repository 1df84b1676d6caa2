"""From strokes to the pixels of the data."""

import numpy as np
import pytest

import nnlib as nn
from nnlib.widgets.strokes import bitmap_of, counted, pixels_of

LINE = [[(0.5, 0.1), (0.5, 0.9)]]
TURN = np.linspace(0, 2 * np.pi, 40)
RING = [np.column_stack([0.5 + 0.25 * np.cos(TURN), 0.5 + 0.35 * np.sin(TURN)])]
SEVEN = [[(0.2, 0.1), (0.7, 0.1), (0.4, 0.9)]]


def test_ink_is_counted_in_blocks_of_four_by_four():
    bitmap = np.zeros((32, 32), dtype=bool)
    bitmap[:4, 4:8] = True  # all of block 1
    bitmap[31, 28:31] = True  # three of sixteen in the last
    pixels = counted(bitmap)
    assert pixels.shape == (64,)
    assert pixels[1] == 1 and pixels[63] == 3 / 16 and pixels.sum() == 19 / 16
    with pytest.raises(ValueError, match=r"\(32, 32\), got \(8, 8\)"):
        counted(np.zeros((8, 8)))


def test_nothing_painted_is_white_paper():
    assert not pixels_of([]).any() and not pixels_of([[]]).any()


@pytest.mark.parametrize("strokes", [LINE, RING, SEVEN], ids=["line", "ring", "seven"])
def test_a_digit_gets_the_form_of_the_data(strokes):
    """Full height, in the middle, as much ink as they have."""
    X, _ = nn.data.digits()
    ink = 16 * X.sum(axis=1)
    bitmap = bitmap_of(strokes)
    assert bitmap[0].any() and bitmap[-1].any()
    assert abs(bitmap.sum() - ink.mean()) < ink.std()
    assert set(np.flatnonzero(pixels_of(strokes).reshape(8, 8).any(axis=0))) <= set(range(1, 8))


def test_place_size_and_stretch_do_not_matter():
    here = bitmap_of(RING)
    for scale, x, y in ((0.4, 0.05, 0.5), (0.9, 0.1, 0.0)):
        there = bitmap_of([scale * RING[0] + (x, y)])
        assert np.mean(here != there) < 0.01
    wide = bitmap_of([RING[0] * (2, 1)])
    assert np.mean(wide[:, 16:] != wide[:, :16][:, ::-1]) < 0.02  # still in the middle


def test_a_slanted_line_is_set_upright():
    slanted = bitmap_of([[(0.7, 0.1), (0.4, 0.9)]])
    assert np.mean(slanted != bitmap_of(LINE)) < 0.05


def test_a_dot_stays_a_dot_and_a_dash_a_dash():
    dot = bitmap_of([[(0.2, 0.8)]])
    assert 0 < dot.sum() < 150 and dot[16, 16]
    rows = bitmap_of([[(0.2, 0.5), (0.8, 0.51)]]).any(axis=1)
    assert rows.sum() < 16
    jitter = bitmap_of([[(0.5, 0.5), (0.501, 0.502)]])
    assert jitter.any(axis=1).sum() < 16


def test_it_is_the_same_however_densely_the_hand_was_followed():
    sparse, dense = [SEVEN[0]], []
    for (x0, y0), (x1, y1) in zip(SEVEN[0], SEVEN[0][1:], strict=False):
        dense += list(zip(np.linspace(x0, x1, 200), np.linspace(y0, y1, 200), strict=True))
    assert np.mean(bitmap_of(sparse) != bitmap_of([dense])) < 0.01
