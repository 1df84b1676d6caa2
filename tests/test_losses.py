"""The losses: by hand, what they promise at the extremes, and their gradients."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import nnlib as nn

pytestmark = pytest.mark.filterwarnings("error")


def test_cross_entropy_by_hand():
    loss = nn.CrossEntropyLoss()
    Z = [[0, math.log(3)], [0, 0]]  # P = [¼, ¾], [½, ½]
    assert loss(Z, [1, 0]) == pytest.approx((math.log(4 / 3) + math.log(2)) / 2)
    np.testing.assert_allclose(loss.backward(), [[0.125, -0.125], [-0.25, 0.25]])


def test_mse_by_hand_divides_by_every_entry():
    loss = nn.MSELoss()
    assert loss([[1, 2], [3, 4]], [[1, 0], [0, 4]]) == (4 + 9) / 4
    np.testing.assert_array_equal(loss.backward(), [[0, 1], [1.5, 0]])


@given(arrays(np.float64, (4, 3), elements=st.floats(-30, 30)), st.floats(-100, 100))
def test_cross_entropy_does_not_see_a_shift_and_its_gradient_sums_to_0(Z, shift):
    loss, y = nn.CrossEntropyLoss(), [0, 2, 1, 1]
    assert loss(Z + shift, y) == pytest.approx(loss(Z, y), abs=1e-11)
    np.testing.assert_allclose(loss.backward().sum(axis=1), 0, atol=1e-15)


def test_cross_entropy_is_the_mean_of_minus_log_softmax():
    Z = np.random.default_rng(0).normal(size=(5, 4))
    y = np.array([0, 1, 2, 3, 0])
    assert nn.CrossEntropyLoss()(Z, y) == pytest.approx(-nn.log_softmax(Z)[np.arange(5), y].mean())


def test_one_column_of_scores_is_refused():
    """Its softmax is 1 whatever the score, so the loss would be 0 and nothing would be learned."""
    with pytest.raises(ValueError, match="at least two columns.*BCEWithLogitsLoss"):
        nn.CrossEntropyLoss()([[5.0], [-1e300]], [0, 0])


def test_binary_cross_entropy_worked_by_hand():
    """σ(ln 3) = 3/4: the loss of a yes is ln 4/3, of a no ln 4."""
    loss = nn.BCEWithLogitsLoss()
    assert loss([[math.log(3)]], [[1]]) == pytest.approx(math.log(4 / 3), abs=1e-15)
    assert loss([[math.log(3)]], [[0]]) == pytest.approx(math.log(4), abs=1e-15)
    np.testing.assert_allclose(loss.backward(), [[0.75]], atol=1e-15)


@given(arrays(np.float64, (4, 1), elements=st.floats(-700, 700)))
def test_binary_cross_entropy_is_the_cross_entropy_of_two_scores(z):
    """One output z against two outputs (0, z): the same probabilities, loss and gradient."""
    one, two, y = nn.BCEWithLogitsLoss(), nn.CrossEntropyLoss(), np.array([0, 1, 1, 0])
    assert one(z, y[:, None]) == pytest.approx(two(np.hstack([0 * z, z]), y), rel=1e-13, abs=1e-15)
    np.testing.assert_allclose(one.backward(), two.backward()[:, 1:], atol=1e-15)


def test_binary_cross_entropy_of_extreme_scores_has_no_warning():
    loss = nn.BCEWithLogitsLoss()
    assert loss([[1e300, -1e300]], [[1, 0]]) == 0
    assert loss([[1e300, -1e300]], [[0, 1]]) == 1e300
    np.testing.assert_array_equal(loss.backward(), [[0.5, -0.5]])


@pytest.mark.parametrize(
    "Y, told", [([[2]], "0 or 1.*got 2"), ([[-1]], "got -1"), ([1], r"Y\[:, None\]")]
)
def test_what_is_no_yes_or_no_is_refused(Y, told):
    with pytest.raises(ValueError, match=told):
        nn.BCEWithLogitsLoss()([[0.5]], Y)


def test_extreme_scores_give_a_loss_and_a_gradient_without_a_warning():
    loss = nn.CrossEntropyLoss()
    assert loss([[1e300, -1e300]], [0]) == 0
    assert loss([[1e300, -1e300]], [1]) == 2e300
    np.testing.assert_array_equal(loss.backward(), [[1, -1]])
    assert loss([[1.7e308, -1.7e308]], [1]) == math.inf
    np.testing.assert_array_equal(loss.backward(), [[1, -1]])
    assert nn.MSELoss()([[1e300]], [[0]]) == math.inf


def test_a_loss_is_a_python_float():
    Z = np.zeros((2, 3), np.float32)
    assert type(nn.CrossEntropyLoss()(Z, [0, 1])) is float
    assert type(nn.MSELoss()(Z, Z)) is float


@pytest.mark.parametrize(
    "loss, y",
    [
        (nn.CrossEntropyLoss(), [0, 1]),
        (nn.MSELoss(), np.ones((2, 3))),
        (nn.BCEWithLogitsLoss(), np.ones((2, 3))),
    ],
)
def test_float32_scores_give_a_float32_gradient(loss, y):
    loss(np.zeros((2, 3), np.float32), np.asarray(y))
    assert loss.backward().dtype == np.float32


@pytest.mark.parametrize(
    "loss, y",
    [
        (nn.CrossEntropyLoss(), np.array([0, 2])),
        (nn.MSELoss(), np.zeros((2, 3))),
        (nn.BCEWithLogitsLoss(), np.zeros((2, 3))),
    ],
)
def test_nothing_done_to_scores_labels_or_gradient_afterwards_matters(loss, y):
    Z, y = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]]), y.copy()
    loss(Z, y)
    expected = loss.backward().copy()
    Z[...], y[...] = 9, 1
    loss.backward()[...] = 5
    np.testing.assert_array_equal(loss.backward(), expected)


@pytest.mark.parametrize("method, most", [("central", 1e-9), ("complex", 1e-14)])
def test_gradients_against_numbers(method, most):
    rng = np.random.default_rng(2)
    Z, y, Y = rng.normal(size=(4, 3)), np.array([0, 2, 1, 1]), rng.normal(size=(4, 3))
    bits = (Y > 0).astype(float)
    cases = (nn.CrossEntropyLoss(), y), (nn.MSELoss(), Y), (nn.BCEWithLogitsLoss(), bits)
    for loss, target in cases:
        numeric = nn.numerical_gradient(lambda Z: loss.forward(Z, target), Z, method=method)  # noqa: B023
        loss(Z, target)
        assert np.abs(loss.backward() - numeric).max() <= most, (loss.backward(), numeric)


def test_the_accuracy_of_yes_and_no_by_hand():
    """A score above 0 says yes; exactly 0 says no, and so does a target of one half."""
    loss = nn.BCEWithLogitsLoss()
    Z, Y = np.array([[2.0, -1.0], [0.3, 0.0], [-0.2, 4.0]]), np.array([[1, 0], [0, 0], [1, 0.5]])
    right = [[True, True], [False, True], [False, False]]
    assert loss.accuracy(Z, Y) == np.mean(right) == 0.5
    assert loss.accuracy(np.array([[0.7]]), np.array([[0.8]])) == 1


def test_the_accuracy_of_classes_is_that_of_the_course():
    Z, y = np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]]), np.array([1, 1, 1])
    assert nn.CrossEntropyLoss().accuracy(Z, y) == nn.accuracy(Z, y) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "make, classifies, labels, predicts",
    [
        (nn.CrossEntropyLoss, True, True, "classes"),
        (nn.BCEWithLogitsLoss, True, False, "labels"),
        (nn.MSELoss, False, False, None),
    ],
)
def test_a_loss_says_what_it_is_for(make, classifies, labels, predicts):
    loss = make()
    assert (loss.classifies, loss.takes_labels, loss.predicts) == (classifies, labels, predicts)


@pytest.mark.parametrize("make", [nn.CrossEntropyLoss, nn.BCEWithLogitsLoss, nn.MSELoss])
def test_every_loss_refuses_to_go_back_before_it_was_called(make):
    with pytest.raises(ValueError, match=rf"{make.__name__}\(\)\.backward\(\) expected loss"):
        make().backward()


def test_the_first_wrong_value_is_named_and_the_ends_are_allowed():
    loss = nn.BCEWithLogitsLoss()
    with pytest.raises(ValueError, match="got 1.25"):
        loss([[0.0, 0.0, 0.0]], [[0.5, 1.25, -3]])
    for wrong in ([0.5, 2], [0.5, 1.25], [0, 1.25], [1, 1.25]):
        with pytest.raises(ValueError, match=f"got {wrong[1]}"):
            loss([[0.0, 0.0]], [wrong])
    with pytest.raises(ValueError, match="got -3"):
        loss([[0.0, 0.0]], [[0.5, -3]])
    assert loss([[0.0, 0.0]], [[0, 1]]) == pytest.approx(math.log(2))


def test_a_loss_that_is_made_of_a_value_names_it():
    with pytest.raises(ValueError, match="no values when it is made, got 3. Fix: make it first"):
        nn.MSELoss(3)


def test_rows_as_far_apart_as_floats_go_are_added_like_others():
    Z, y = np.array([[1.7e308, -1.7e308], [0.0, 5.0], [1.0, 0.0]]), np.array([0, 0, 0])
    expected = (0 + math.log1p(math.exp(5)) + math.log1p(math.exp(-1))) / 3
    assert nn.CrossEntropyLoss()(Z, y) == pytest.approx(expected)
