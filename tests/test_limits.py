"""Where things end: just not a kink, just outside of a tolerance, a tie, an infinite weight.

Each of these once survived with its limit moved: the other tests say what is recognised, not where
that stops.
"""

import numpy as np
import pytest

import nnlib as nn
from nnlib import gradcheck
from nnlib.layer import Layer

# ---------------------------------------------------------------- kinks of the gradient check


def on_kink(f, x, eps, analytic):
    return gradcheck._on_kink(lambda _: f(x[0]), x, 0, eps, analytic)


@pytest.mark.parametrize(
    "analytic, kink",
    [(1.0, True), (-1.0, True), (1.0008, True), (-0.9995, True), (1.0015, False), (0.9, False),
     (0.5, False), (0.0, False), (2.0, False)],
)  # fmt: skip
def test_at_a_kink_only_the_two_slopes_are_right(analytic, kink):
    x = np.array([0.0])
    for size in (1, 5, 0.2, -1):
        assert on_kink(lambda t: size * abs(t), x, 1e-5, size * analytic) == kink  # noqa: B023


@pytest.mark.parametrize("left, right", [(-1, -3), (-3, -1), (1, 3), (3, 1)])
def test_the_larger_slope_of_a_kink_is_the_scale(left, right):
    x = np.array([0.0])
    bent = lambda t: (left if t < 0 else right) * t  # noqa: E731
    for analytic, kink in ((left, True), (right, True), (3.002, True), (3.004, False)):
        analytic = np.copysign(analytic, left)
        assert on_kink(bent, x, 1e-5, analytic) == kink, analytic


@pytest.mark.parametrize("bend, kink", [(5, False), (9, False), (12, True)])
def test_a_curve_that_bends_a_little_is_no_kink(bend, kink):
    """e^(kt), a step of 0.001: the slopes left and right differ by k thousandths."""
    x = np.array([0.0])
    right = (np.exp(bend * 1e-3) - 1) / 1e-3
    assert on_kink(lambda t: np.exp(bend * t), x, 1e-3, right) == kink


@pytest.mark.parametrize("factor", [1.002, 1.1, 0.5, 0.0, -1.0])
def test_a_wrong_gradient_beside_a_kink_does_not_pass(factor):
    class Wrong(nn.ReLU):
        def backward(self, dA):
            return super().backward(dA) * factor

    net = nn.Sequential(nn.Linear(1, 2), Wrong(), nn.Linear(2, 2), rng=0)
    net.layers[0].W[...] = [[1.0, 2.0]]
    net.layers[0].b[...] = [0.0, 0.5]  # for x = 0 the first unit sits on the kink
    assert not nn.check_gradients(net, nn.CrossEntropyLoss(), [[0.0]], [0])
    right = nn.Sequential(nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 2), rng=0)
    right.layers[0].W[...], right.layers[0].b[...] = [[1.0, 2.0]], [0.0, 0.5]
    assert nn.check_gradients(right, nn.CrossEntropyLoss(), [[0.0]], [0])


@pytest.mark.parametrize("off, passes", [(0.9e-6, True), (1.1e-6, False), (1e-5, False)])
def test_the_tolerance_of_the_gradient_check_ends_where_it_says(off, passes):
    class Scaled(Layer):
        def forward(self, X):
            return X

        def backward(self, dA):
            return dA * (1 + off)

    net = nn.Sequential(nn.Linear(2, 3), Scaled(), rng=0)
    X = np.random.default_rng(0).normal(size=(4, 2))
    report = nn.check_gradients(net, nn.MSELoss(), X, X @ np.ones((2, 3)), method="complex")
    assert report.passed is passes


@pytest.mark.parametrize("method", ["central", "complex"])
def test_an_array_that_may_not_be_written_to_is_measured_all_the_same(method):
    x = np.array([1.0, 2.0])
    x.flags.writeable = False
    slopes = nn.numerical_gradient(lambda x: np.sum(x * x), x, method=method)
    np.testing.assert_allclose(slopes, [2, 4], rtol=1e-9)
    assert not x.flags.writeable


# ---------------------------------------------------------------- runs that end badly


class Jump:
    """A rule that puts the weights where they have no business to be, in its last step."""

    def __init__(self, net, where, after):
        self.net, self.where, self.left, self.lr = net, where, after, 0.1

    def step(self):
        self._step()

    def _step(self):
        self.left -= 1
        if self.left == 0:
            self.net.theta[...] = self.where


@pytest.mark.parametrize("where", [-np.inf, np.inf, np.nan])
def test_a_run_whose_weights_are_no_numbers_at_the_end_is_not_completed(where):
    X, y = nn.data.moons(40, rng=0)
    net = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 2), rng=0)
    opt = nn.SGD(net, lr=0.1)
    jump, before = Jump(net, where, after=4), opt._step

    def step():
        before()
        jump._step()

    opt._step = step
    history = nn.fit(
        net, X, y, loss=nn.CrossEntropyLoss(), optimizer=opt, epochs=2, batch_size=20, rng=0
    )
    assert jump.left == 0, "the last of four steps"
    assert history.stopped == "diverged"


@pytest.mark.parametrize("spoilt", [np.nan])
@pytest.mark.parametrize("loss, y", [(nn.CrossEntropyLoss(), [0, 1]), (nn.MSELoss(), None)])
def test_scores_that_are_no_numbers_never_give_a_finite_loss(loss, y, spoilt):
    Z = np.array([[1.0, 2.0, 0.5], [0.0, 1.0, 3.0]])
    Y = np.zeros(Z.shape) if y is None else np.array(y)
    for i in np.ndindex(Z.shape):
        broken = Z.copy()
        broken[i] = spoilt
        try:
            L = loss.forward(broken, Y)
        except ValueError:
            continue
        assert not np.isfinite(L), i


def test_scores_as_far_apart_as_floats_go_give_the_right_loss():
    loss = nn.CrossEntropyLoss()
    assert loss(np.array([[1e308, -1e308]]), np.array([0])) == 0
    assert loss(np.array([[0.0, -1e308], [0.0, 0.0]]), np.array([0, 0])) == pytest.approx(
        np.log(2) / 2
    )


# ---------------------------------------------------------------- ties, axes, streams


def test_of_equal_scores_the_first_counts():
    assert nn.accuracy([[0.5, 0.5], [0.5, 0.5]], [0, 1]) == 0.5
    assert nn.accuracy([[1.0, 3.0, 3.0]], [1]) == 1 and nn.accuracy([[1.0, 3.0, 3.0]], [2]) == 0
    assert nn.accuracy([[7, 7, 7]], [0]) == 1


@pytest.mark.parametrize("function", [nn.softmax, nn.log_softmax])
def test_softmax_of_three_axes_is_that_of_each_row(function):
    Z = np.random.default_rng(0).normal(size=(2, 3, 4)) * 5
    whole = function(Z)
    assert whole.shape == Z.shape
    for i in np.ndindex(2, 3):
        np.testing.assert_allclose(whole[i], function(Z[i]), rtol=1e-12)
        E = np.exp(Z[i] - Z[i].max())
        right = E / E.sum()
        np.testing.assert_allclose(
            np.exp(whole[i]) if function is nn.log_softmax else whole[i], right
        )


def test_the_scale_of_a_start_counts_all_inputs_of_a_unit():
    """A kernel of 5 × 6 × 7 pixels has 210 inputs a unit, not 5 and not 7."""

    start = Layer().initial("K", (5, 6, 7, 400), np.random.default_rng(0))
    assert start.shape == (5, 6, 7, 400)
    assert start.std() == pytest.approx(np.sqrt(2 / 210), rel=0.02)


def test_dropout_draws_a_new_mask_in_each_pass_and_begins_anew_with_its_seed():
    X = np.ones((20, 50))
    layers = [nn.Sequential(nn.Dropout(0.5), rng=3) for _ in range(2)]
    for net in layers:
        net.train() if hasattr(net, "train") else None
    first, second = ([net.forward(X).copy() for _ in range(3)] for net in layers)
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(first[0], first[1]) and not np.array_equal(first[1], first[2])
