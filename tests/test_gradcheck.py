"""The gradients are right: measured entry by entry, on hundreds of random networks."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from strategies import Scale, cases
from test_nested import Embedding

import nnlib as nn

pytestmark = pytest.mark.filterwarnings("error")


def test_a_slope_worked_by_hand():
    x = np.array([1.0, -2.0])
    slopes = nn.numerical_gradient(lambda x: x[0] ** 3 + 5 * x[0] * x[1], x)  # 3 x₀² + 5 x₁, 5 x₀
    np.testing.assert_allclose(slopes, [-7, 5], rtol=0, atol=1e-9)
    np.testing.assert_array_equal(x, [1, -2])


def test_the_complex_step_has_no_rounding_error():
    x = np.array([0.3, 1.5])
    slopes = nn.numerical_gradient(lambda x: np.sum(np.exp(x) * np.sin(x)), x, method="complex")
    exact = np.exp(x) * (np.sin(x) + np.cos(x))
    np.testing.assert_allclose(slopes, exact, rtol=1e-15)


def test_float32_is_measured_in_float64():
    slopes = nn.numerical_gradient(lambda x: np.sum(x * x), np.array([1, 2], dtype=np.float32))
    np.testing.assert_allclose(slopes, [2, 4], rtol=1e-9)


def test_relative_error_is_the_textbook_one():
    np.testing.assert_allclose(nn.relative_error(np.array([1.0]), np.array([1.1])), [0.1 / 1.1])
    assert nn.relative_error(np.zeros(2), np.zeros(2)).max() == 0
    assert nn.relative_error(np.array([1.0]), np.array([-1.0])).max() == 2


def test_the_report_names_the_worst_entry_with_both_values(fruit):
    net, loss, X, y = fruit

    class Wrong(nn.Linear):
        def backward(self, dZ):
            dX = super().backward(dZ)
            self.dW[1, 0] *= 2
            return dX

    broken = nn.Sequential(Wrong(3, 2), nn.Tanh(), nn.Linear(2, 3), rng=0)
    report = nn.check_gradients(broken, loss, X, y)
    name, index, analytic, numeric = report.worst
    assert not report and not report.passed
    assert (name, index) == ("layers[0].W", (1, 0))
    assert analytic == pytest.approx(2 * numeric)
    text = repr(report)
    for piece in ("layers[0].W[1, 0]", f"{analytic:.9g}", f"{numeric:.9g}", "DO NOT agree"):
        assert piece in text
    assert report.errors["layers[2].W"].max() < 1e-7, "only the wrong layer is blamed"


def test_a_gradient_of_nan_does_not_pass(fruit):
    _, loss, X, y = fruit

    class Lost(nn.Tanh):
        def backward(self, dA):
            return dA * np.nan

    net = nn.Sequential(nn.Linear(3, 2), Lost(), nn.Linear(2, 3), rng=0)
    assert not nn.check_gradients(net, loss, X, y)


def test_true_story_two_a_mask_that_masks_nothing_is_found(fruit):
    _, loss, X, y = fruit

    class MaskFromActivation(nn.ReLU):
        def forward(self, Z):
            A = super().forward(Z)
            self.open = A >= 0  # always true
            return A

    net = nn.Sequential(nn.Linear(3, 8), MaskFromActivation(), nn.Linear(8, 3), rng=0)
    assert not nn.check_gradients(net, loss, X, y)
    assert nn.check_gradients(
        nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 3), rng=0), loss, X, y
    )


def test_a_unit_on_relus_kink_is_named_and_not_called_wrong():
    net = nn.Sequential(nn.Linear(1, 1), nn.ReLU(), nn.Linear(1, 2), rng=0)  # b = 0, x = 0: z = 0
    report = nn.check_gradients(net, nn.CrossEntropyLoss(), [[0.0]], [0])
    assert report and ("layers[0].b", (0,)) in report.kinks
    assert "kink" in repr(report)


def test_checking_disturbs_nothing(fruit):
    net, loss, X, y = fruit
    loss(net(X), y)
    net.backward(loss.backward())
    theta, grad = net.theta.copy(), net.grad.copy()
    nn.check_gradients(net, loss, X[:1], y[:1])
    np.testing.assert_array_equal(net.theta, theta)
    np.testing.assert_array_equal(net.grad, grad)
    net.backward(loss.backward())
    np.testing.assert_array_equal(net.grad, grad)


def test_dropout_keeps_one_mask_throughout_and_its_stream_stays():
    net = nn.Sequential(nn.Linear(4, 6), nn.Dropout(0.5), nn.Linear(6, 2), rng=0)
    before = net.layers[1].rng.bit_generator.state
    X = np.random.default_rng(1).normal(size=(5, 4))
    assert nn.check_gradients(net, nn.CrossEntropyLoss(), X, [0, 1, 0, 1, 1]).error < 1e-7
    assert net.layers[1].rng.bit_generator.state == before


def test_a_loss_beyond_all_floats_is_a_finding_and_no_warning():
    net = nn.Sequential(nn.Linear(2, 2), rng=0)
    assert not nn.check_gradients(net, nn.MSELoss(), [[1e200, -1e200]], [[0, 0]])


def distance(report):
    """The largest difference of analytic and numeric, on the scale of the largest entry.

    Below 1e-3 the scale stays at 1e-3: such a gradient is what is left of terms of size one.
    """
    analytic, numeric = (
        np.concatenate([gradient.ravel() for gradient in part.values()])
        for part in (report.analytic, report.numeric)
    )
    return np.abs(analytic - numeric).max() / max(np.abs(numeric).max(), 1e-3)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases())
def test_every_gradient_agrees_with_central_differences(worst, case):
    net, loss, X, y = case
    report = nn.check_gradients(net, loss, X, y, to_input=True)
    if distance(report) > 1e-8:  # a sharp bend, or a kink within the step: a smaller step tells
        finer = nn.check_gradients(net, loss, X, y, eps=1e-6, to_input=True)
        report = min(report, finer, key=distance)
    worst("analytic against central differences", distance(report))
    assert distance(report) <= 1e-7, f"{net}\n{report}"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases())
def test_every_gradient_agrees_with_the_complex_step(worst, case):
    """No step size, no rounding: four digits more, and 1e-7 entry by entry."""
    net, loss, X, y = case
    report = nn.check_gradients(net, loss, X, y, method="complex", to_input=True, tolerance=1e-7)
    worst("analytic against the complex step", distance(report))
    worst("the same, relative to each entry", report.error)
    assert report and distance(report) <= 1e-11, f"{net}\n{report}"


@settings(max_examples=50)
@given(cases())
def test_what_a_learner_measures_through_the_public_calls_agrees_too(case):
    net, loss, X, y = case
    if net.dtype == np.float32 or any(isinstance(layer, nn.Dropout) for layer in net.layers):
        net = nn.Sequential(nn.Linear(X.shape[1], 3), nn.Tanh(), Scale(3), rng=0)
        loss, y = nn.MSELoss(), np.ones((len(X), 3))
    loss(net(X), y)
    net.backward(loss.backward())

    def at(theta):
        net.theta = theta
        return loss(net(X), y)

    numeric = nn.numerical_gradient(at, net.theta.copy())
    scale = max(np.abs(numeric).max(), 1e-3)
    where = int(np.abs(net.grad - numeric).argmax())
    seen = f"theta[{where}]: analytic {net.grad[where]}, numeric {numeric[where]}\n{net}"
    assert np.abs(net.grad - numeric).max() <= 1e-7 * scale, seen


def test_steps_are_of_a_hundred_thousandth_unless_said_otherwise():
    seen = []
    nn.numerical_gradient(lambda x: seen.append(x[0]) or 0.0, np.array([2.0]))
    assert seen == [2 + 1e-5, 2 - 1e-5]


def test_small_entries_are_measured_on_the_scale_of_the_largest():
    """Below a ten-thousandth of it the numeric value is mostly rounding error."""
    error = nn.relative_error(np.array([1.0, 1e-6, 2e-4]), np.array([1.0, 3e-6, 1e-4]))
    np.testing.assert_allclose(error, [0, 2e-6 / 1e-4, 0.5])
    np.testing.assert_allclose(nn.relative_error(np.array([1e-6]), np.array([2e-6])), 0.5)
    for pair in ([-1.0], [0.5]), ([0.5], [-1.0]):
        np.testing.assert_allclose(nn.relative_error(*map(np.array, pair)), 1.5)


def test_an_error_as_large_as_the_tolerance_agrees_in_verdict_and_table():
    analytic, numeric = {"W": np.array([1.0, 2.0])}, {"W": np.array([1.0, 1.0])}
    report = nn.gradcheck.GradientReport(analytic, numeric, tolerance=0.5)
    assert report and report.error == 0.5 and report.worst == ("W", (1,), 2.0, 1.0)
    assert repr(report).splitlines() == [
        "   entries  largest relative error",
        "W        2  5.0e-01",
        "worst entry: W[1]  analytic 2  numeric 1",
        "analytic and numeric gradients agree (tolerance 5e-01)",
    ]
    wrong = nn.gradcheck.GradientReport(analytic, numeric, tolerance=0.4)
    assert not wrong and "5.0e-01   <- wrong" in repr(wrong)
    assert "DO NOT agree" in repr(wrong)
    two = {"b": np.ones(1), "layers[10].W": np.ones(1)}
    table = repr(nn.gradcheck.GradientReport(two, two, tolerance=0.5)).splitlines()
    assert table[1:3] == [f"{name:12}        1  0.0e+00" for name in two]


@pytest.mark.parametrize("method", ["central", "complex"])
def test_data_that_may_not_be_written_to_are_checked_too(method):
    X = np.array([[0.5, -1.0, 2.0]])
    X.flags.writeable = False
    net = nn.Sequential(nn.Linear(3, 2), rng=0)
    call = {"method": method, "to_input": True}
    assert nn.check_gradients(net, nn.MSELoss(), X, np.ones((1, 2)), **call)


def test_a_gradient_of_which_a_part_is_missing_is_wrong_and_not_unreached():
    class Half(nn.Linear):
        def backward(self, dZ):
            dX = super().backward(dZ)
            self.dW[0] = np.nan
            return dX

    net = nn.Sequential(Half(3, 2), rng=0)
    report = nn.check_gradients(net, nn.MSELoss(), np.ones((2, 3)), np.ones((2, 2)))
    assert not report and report.unreached == [] and report.worst[:2] == ("layers[0].W", (0, 0))


def test_a_check_says_nothing_of_the_data_unless_asked(fruit):
    net, loss, X, y = fruit
    report = nn.check_gradients(net, loss, X, y)
    assert "X" not in report.analytic and "X" not in report.numeric
    same = nn.check_gradients(net, loss, X, y, eps=1e-5, tolerance=1e-6, to_input=False)
    assert repr(report) == repr(same)
    for name, numeric in report.numeric.items():
        np.testing.assert_array_equal(numeric, same.numeric[name])


def test_without_parameters_only_the_data_can_be_checked():
    net, X = nn.Sequential(nn.Tanh()), np.array([[0.5, -1.0]])
    assert nn.check_gradients(net, nn.MSELoss(), X, X, to_input=True)
    with pytest.raises(ValueError, match="expected parameters, got none. Fix: try to_input=True"):
        nn.check_gradients(net, nn.MSELoss(), X, X)


@pytest.mark.parametrize("method", ["central", "complex"])
def test_a_network_of_integers_is_checked_too(method):
    net = nn.Sequential(Embedding(5, 2), nn.Linear(2, 2), rng=0)
    X, y = np.array([[0], [3], [3]]), np.array([0, 1, 1])
    assert nn.check_gradients(net, nn.CrossEntropyLoss(), X, y, method=method)


ELSEWHERE = nn.Linear(2, 2, rng=0)  # of another network, in the file of the function below


def test_only_what_a_function_encloses_belongs_to_its_layer():
    """Not all that stands in the function's file; but a layer in its closure is out of sight."""

    class Applied(nn.Layer):
        def __init__(self, f):
            super().__init__()
            self.f = f

        def forward(self, X):
            return self.f(X)

        def backward(self, dA):
            return dA

    X, inner = np.array([[0.5, -1.0]]), nn.Linear(2, 2, rng=0)
    for f, unreached in ((lambda X: X, []), (lambda X: X + 0 * inner.W.sum(), [inner])):
        net = nn.Sequential(nn.Linear(2, 2), Applied(f), rng=0)
        report = nn.check_gradients(net, nn.MSELoss(), X, X)
        assert report.unreached == [f"{layer} (6 parameters)" for layer in unreached]
        assert report.passed is not bool(unreached)
