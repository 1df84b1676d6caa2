"""Confusion matrices and rows of small images."""

import numpy as np
import pytest
from examples import texts

import nnlib as nn

plots = nn.plots

# -------------------- confusion


def test_rows_are_the_truth_columns_the_prediction_and_counts_are_printed():
    y, predicted = [0, 0, 1, 2, 2], [0, 2, 1, 2, 2]
    ax = plots.confusion((y, predicted), ["apple", "banana", "lemon"])
    assert texts(ax) == ["1", "·", "1", "·", "1", "·", "·", "·", "2"]
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("true", "predicted")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["apple", "banana", "lemon"]


def test_mistakes_are_loud_and_the_diagonal_is_quiet():
    ax = plots.confusion([[9, 0], [2, 9]])
    picture = ax.images[0].get_array()
    spread = np.ptp(picture, axis=-1)  # 0 is grey or white
    assert spread[1, 0] > 0.5 and spread[0, 0] == spread[1, 1] == spread[0, 1] == 0
    assert [t.get_fontweight() for t in ax.texts] == ["normal", "normal", "bold", "normal"]


def test_a_pair_and_its_matrix_give_the_same_picture():
    one = plots.confusion(([0, 1, 1], [0, 1, 0]))
    other = plots.confusion(np.array([[1, 0], [1, 1]]))
    assert texts(one) == texts(other) and one.alt == other.alt


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ([[1, 2, 3]], r"square matrix.*got shape \(1, 3\)"),
        ([[1, -1], [0, 1]], "whole numbers from 0 up"),
        ([[0.5, 0], [0, 1]], "whole numbers"),
        (([0, 1], [0]), "as many predictions as labels"),
        (([0, 1], [[0.9, 0.1], [0.2, 0.8]]), "predicted must be whole-number labels"),
    ],
)
def test_confusion_says_what_is_wrong(bad, told):
    with pytest.raises(ValueError, match=told):
        plots.confusion(bad)


# -------------------- images


@pytest.mark.parametrize("shape", [(5, 64), (5, 8, 8)])
def test_rows_and_squares_are_the_same_pictures(shape):
    pixels = np.arange(5 * 64).reshape(shape) / 320
    ax = plots.images(pixels, titles=range(5), columns=3)
    assert [i.get_array().shape for i in ax.images] == [(8, 8)] * 5
    assert np.array_equal(ax.images[4].get_array(), pixels.reshape(5, 8, 8)[4])
    assert texts(ax) == ["0", "1", "2", "3", "4"]
    assert "5 pictures of 8 by 8 pixels" in ax.alt


def test_all_pictures_share_one_scale_and_weights_are_centred_on_zero():
    ax = plots.images(np.array([np.full((8, 8), -2.0), np.ones((8, 8))]))
    assert {i.get_clim() for i in ax.images} == {(-2.0, 2.0)}
    white = ax.images[0].get_cmap()(0.5)
    assert np.allclose(white, 1, atol=0.01)
    assert plots.images(np.ones((1, 784))).images[0].get_clim() == (0, 1)


@pytest.mark.parametrize(
    "bad", [np.ones((2, 10)), np.ones(64), np.ones((0, 64)), np.ones((1, 2, 3, 4))]
)
def test_images_says_what_is_wrong(bad):
    with pytest.raises(ValueError, match="images needs"):
        plots.images(bad)
