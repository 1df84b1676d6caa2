"""From strokes to the pixels of the data."""

import os
from pathlib import Path

import numpy as np
import pytest

import nnlib as nn
from nnlib.widgets.strokes import bitmap_of, counted, moved, pixels_of

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


# ---------------------------------------------------------------- as MNIST's


def extent(image):
    rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
    return rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1


def middle(image):
    """The centre of mass: row and column, counted from 0."""
    return tuple(image.sum(axis=axis) @ np.arange(28) / image.sum() for axis in (1, 0))


def line_width(images):
    """Of a stroke w wide and l long, the ink is w·l and the length of its edges 2·l."""
    sheets = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    across, down = np.diff(sheets, axis=2)[:, :-1], np.diff(sheets, axis=1)[:, :, :-1]
    return 2 * images.sum(axis=(1, 2)) / np.hypot(across, down).sum(axis=(1, 2))


CORNER = [[(0.1, 0.1), (0.1, 0.8), (0.5, 0.8)]]
DRAWN = [LINE, RING, SEVEN, CORNER, [[(0.2, 0.5), (0.8, 0.55)]]]


@pytest.mark.parametrize("strokes", DRAWN, ids=["line", "ring", "seven", "corner", "dash"])
def test_a_digit_gets_the_form_of_mnist(strokes):
    """Its longer side 20 pixels, its centre of mass in pixel 14, nothing stretched."""
    image = pixels_of(strokes, side=28).reshape(28, 28)
    assert max(extent(image)) == 20
    assert all(13.5 <= place < 14.5 for place in middle(image))
    assert image.min() == 0 and image.max() == 1
    low, high = np.concatenate(strokes).min(axis=0), np.concatenate(strokes).max(axis=0)
    pen = 2 * 4.75 / 4
    wide, tall = pen + (20 - pen) * (high - low) / (high - low).max()
    more = np.array(extent(image)) - (tall, wide)
    assert np.all((-0.5 <= more) & (more < 2))  # a line may begin and end within a pixel


def test_place_and_size_do_not_matter_to_mnist_either():
    here = pixels_of(SEVEN, side=28)
    there = pixels_of([0.4 * np.array(SEVEN[0]) + (0.05, 0.5)], side=28)
    assert np.abs(here - there).max() < 1e-9
    dot = pixels_of([[(0.2, 0.8)]], side=28).reshape(28, 28)
    assert max(extent(dot)) <= 4 and dot[14, 14] > 0.9
    assert not pixels_of([], side=28).any() and not pixels_of([[]], side=28).any()
    with pytest.raises(ValueError, match="got side=16"):
        pixels_of(SEVEN, side=16)


def test_a_picture_is_moved_by_whole_pixels():
    image = np.arange(1.0, 17).reshape(4, 4)
    assert np.array_equal(moved(image.ravel(), 1).reshape(4, 4)[:, 1:], image[:, :3])
    assert not moved(image.ravel(), 1).reshape(4, 4)[:, 0].any()
    assert np.array_equal(moved(image.ravel(), -1, 2).reshape(4, 4)[2:, :3], image[:2, 1:])
    assert np.array_equal(moved(image.ravel()), image.ravel()) and not moved(image.ravel(), 9).any()


def test_mnist_has_the_form_that_is_painted():
    """What the module says of the data is true of them, and of lines that are painted."""
    if not Path(os.environ.get("NNLIB_MNIST", "")).is_file():
        pytest.skip("NNLIB_MNIST names no file: MNIST is not here")
    X, *_ = nn.data.mnist()
    images = X[:5000] / 255
    assert np.mean([max(extent(image)) == 20 for image in images]) > 0.999
    middles = np.array([middle(image) for image in images])
    assert np.mean((middles >= 13.49) & (middles < 14.51)) > 0.999
    painted = np.array([pixels_of(strokes, side=28).reshape(28, 28) for strokes in DRAWN])
    assert np.median(line_width(painted)) == pytest.approx(np.median(line_width(images)), abs=0.2)
