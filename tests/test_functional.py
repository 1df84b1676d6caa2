"""The plain functions: worked by hand, their properties, and naive against stable."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import nnlib as nn

pytestmark = pytest.mark.filterwarnings("error")

moderate = arrays(np.float64, array_shapes(min_dims=1, max_dims=3), elements=st.floats(-30, 30))
tables = arrays(np.float64, array_shapes(min_dims=2, max_dims=2), elements=st.floats(-1e300, 1e300))


def test_sigmoid_by_hand():
    e = math.e
    np.testing.assert_allclose(nn.sigmoid([0, 1, -1]), [0.5, e / (1 + e), 1 / (1 + e)], rtol=1e-15)


def test_softmax_by_hand():
    P = nn.softmax([[0.0, math.log(2), math.log(5)]])
    np.testing.assert_allclose(P, [[1 / 8, 2 / 8, 5 / 8]], rtol=1e-15)


def test_log_softmax_by_hand():
    np.testing.assert_allclose(nn.log_softmax([0.0, 0.0]), [-math.log(2)] * 2, rtol=1e-15)


def test_one_hot_by_hand():
    np.testing.assert_array_equal(nn.one_hot([2, 0]), [[0, 0, 1], [1, 0, 0]])
    np.testing.assert_array_equal(nn.one_hot([1, 0], K=3), [[0, 1, 0], [1, 0, 0]])


def test_accuracy_by_hand():
    assert nn.accuracy([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]], [1, 1, 1]) == pytest.approx(2 / 3)


@given(moderate)
def test_naive_and_stable_agree_where_nothing_overflows(Z):
    np.testing.assert_allclose(nn.sigmoid(Z), nn.sigmoid_naive(Z), rtol=1e-14)
    np.testing.assert_allclose(nn.softmax(Z), nn.softmax_naive(Z), rtol=1e-13)
    np.testing.assert_allclose(nn.log_softmax(Z), nn.log_softmax_naive(Z), rtol=1e-12, atol=1e-13)


@given(arrays(np.float64, 5, elements=st.floats(-1e300, 1e300)))
def test_sigmoid_lies_between_0_and_1_is_symmetric_and_never_falls(z):
    a = nn.sigmoid(np.sort(z))
    assert (a >= 0).all() and (a <= 1).all() and (np.diff(a) >= 0).all()
    np.testing.assert_allclose(nn.sigmoid(-z), 1 - nn.sigmoid(z), atol=1e-15)


@given(tables)
def test_softmax_gives_probabilities_for_any_scores(Z):
    P = nn.softmax(Z)
    assert (P >= 0).all()
    np.testing.assert_allclose(P.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_array_equal(P.max(axis=1), P[np.arange(len(Z)), Z.argmax(axis=1)])


@given(moderate, st.floats(-100, 100))
def test_softmax_does_not_see_a_shift(Z, shift):
    np.testing.assert_allclose(nn.softmax(Z + shift), nn.softmax(Z), rtol=1e-12)


@given(tables)
def test_log_softmax_is_never_above_0_and_never_nan(Z):
    assert (nn.log_softmax(Z) <= 0).all()


@given(st.lists(st.integers(0, 6), min_size=1))
def test_one_hot_is_undone_by_argmax(y):
    Y = nn.one_hot(y, K=7)
    np.testing.assert_array_equal(Y.argmax(axis=1), y)
    np.testing.assert_array_equal(Y.sum(axis=1), 1)


@pytest.mark.parametrize("function", [nn.sigmoid, nn.softmax, nn.log_softmax])
def test_the_extremes_give_numbers_and_no_warning(function):
    for Z in ([[1e300, -1e300, 0]], [[1.7e308, -1.7e308]], [[-1e300] * 3], [[5]]):
        assert not np.isnan(function(Z)).any()


@pytest.mark.parametrize("function", [nn.sigmoid, nn.softmax, nn.log_softmax])
def test_the_input_stays_and_float32_stays_float32(function):
    Z = np.array([[1, -2, 3]], dtype=np.float32)
    before = Z.copy()
    assert function(Z).dtype == np.float32
    np.testing.assert_array_equal(Z, before)
    assert not np.may_share_memory(function(Z), Z)


@pytest.mark.parametrize(
    "draw, variance", [(nn.he_normal, 2 / 300), (nn.xavier_normal, 2 / (300 + 200))]
)
def test_starting_weights_have_the_variance_that_their_name_promises(draw, variance):
    W = draw(300, 200, np.random.default_rng(0))
    assert W.shape == (300, 200)
    assert abs(W.mean()) < 4 * math.sqrt(variance / W.size)
    assert W.var() == pytest.approx(variance, rel=0.03)


def test_the_derivatives_of_the_course_by_the_complex_step():
    z = np.linspace(-4, 4, 9)
    slope = nn.numerical_gradient(lambda z: nn.sigmoid(z).sum(), z, method="complex")
    a = nn.sigmoid(z)
    np.testing.assert_allclose(slope, a * (1 - a), rtol=1e-13)
    slope = nn.numerical_gradient(lambda z: nn.log_softmax(z)[3], z, method="complex")
    np.testing.assert_allclose(slope, np.eye(9)[3] - nn.softmax(z), rtol=1e-13)


def test_one_hot_of_many_classes_is_the_same_table():
    y = np.array([0, 1499, 7])
    Y = nn.one_hot(y, K=1500)
    assert Y.shape == (3, 1500) and (Y[np.arange(3), y] == 1).all() and Y.sum() == 3
    assert nn.one_hot(y).shape == (3, 1500)


def test_starting_weights_are_standard_normal_numbers_times_their_scale():
    """Not only their variance: the same seed gives these numbers."""
    G = np.random.default_rng(5).standard_normal((6, 2))
    np.testing.assert_allclose(nn.he_normal(6, 2, 5), G * math.sqrt(2 / 6), rtol=1e-15)
    np.testing.assert_allclose(nn.xavier_normal(6, 2, 5), G * math.sqrt(2 / 8), rtol=1e-15)


@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)])
def test_sums_as_products_are_sums(shape):
    from nnlib import functional

    A = np.random.default_rng(0).standard_normal(shape)
    np.testing.assert_allclose(functional.row_sums(A).ravel(), A.sum(axis=-1).ravel(), rtol=1e-13)
    assert functional.total(A) == pytest.approx(A.sum(), rel=1e-13)
    np.testing.assert_array_equal(functional.row_maxima(A)[..., 0], A.max(axis=-1))
    if A.ndim == 2:
        np.testing.assert_allclose(functional.sum_of_rows(A), A.sum(axis=0), rtol=1e-13)


def test_labels_are_counted_against_the_columns_of_the_scores():
    assert nn.accuracy([[0.0, 0.0, 1.0]], [2]) == 1
    with pytest.raises(ValueError, match="0 to 1 for 2 classes"):
        nn.accuracy(np.zeros((4, 2)), [0, 1, 2, 0])
