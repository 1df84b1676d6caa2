"""Worked examples that others have published, reproduced to every digit that they print.

tests/notebooks/published.json holds each set-up, the printed numbers as text, and where they stand.
"""

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import nnlib as nn

pytestmark = pytest.mark.filterwarnings("error")
PUBLISHED = json.loads(Path(__file__).with_name("published.json").read_text(encoding="utf-8"))


def prints_as(value, printed):
    """True where value, rounded to as many decimals as printed, is the printed number."""
    return Decimal(float(value)).quantize(Decimal(printed)) == Decimal(printed)


def assert_printed(values, printed):
    for value, text in zip(np.ravel(values), np.ravel(printed), strict=True):
        assert prints_as(value, text), f"{value!r} does not print as {text}"


def test_one_digit_off_is_noticed():
    assert prints_as(0.291027774, "0.291027774") and not prints_as(0.291027773, "0.291027774")
    assert prints_as(0.19661, "0.2") and not prints_as(0.24, "0.3")


# --- Mazur 2015 ------------------------------------------------------------------------------

MAZUR = PUBLISHED["mazur"]
ETA = MAZUR["setup"]["eta"]


def mazur():
    """His network, loss and data. His ½ Σ (target − out)² is MSELoss over two outputs."""
    setup = MAZUR["setup"]
    net = nn.Sequential(nn.Linear(2, 2), nn.Sigmoid(), nn.Linear(2, 2), nn.Sigmoid())
    net.layers[0].W = np.array(setup["W1_rows_are_hidden_neurons"]).T
    net.layers[2].W = np.array(setup["W2_rows_are_outputs"]).T
    net.layers[0].b, net.layers[2].b = np.full(2, setup["b1"]), np.full(2, setup["b2"])
    return net, nn.MSELoss(), np.array([setup["inputs"]]), np.array([setup["targets"]])


def right_step(net, loss, X, y):
    """All gradients first, then all weights; his biases stay as they are."""
    loss.forward(net.forward(X), y)
    net.backward(loss.backward())
    net.theta -= ETA * net.weight_mask * net.grad


def w2_first_step(net, loss, X, y):
    """The mistake: W2 has moved already when the hidden gradient is taken through it."""
    loss.forward(net.forward(X), y)
    net.backward(loss.backward())
    net.layers[2].W -= ETA * net.layers[2].dW
    net.backward(loss.backward())
    net.layers[0].W -= ETA * net.layers[0].dW


def after(step, steps):
    """His network after so many steps."""
    net, loss, X, y = mazur()
    for _ in range(steps):
        step(net, loss, X, y)
    return net


def error(net):
    _, loss, X, y = mazur()
    return loss(net(X), y)


def test_mazur_one_pass_and_the_new_weights():
    net, loss, X, y = mazur()
    printed = MAZUR["published"]
    out = net(X)
    L = loss(out, y)
    net.backward(loss.backward())
    one, two = net.layers[0], net.layers[2]
    hidden, slope = net.layers[1].A[0], net.layers[1].A[0] * (1 - net.layers[1].A[0])
    dA = one.db / slope  # db is the hidden delta, for one example
    results = {
        "net_h1": (X @ one.W + one.b)[0, 0], "out_h1": hidden[0], "out_h2": hidden[1],
        "net_o1": (hidden @ two.W + two.b)[0], "out_o1": out[0, 0], "out_o2": out[0, 1],
        "E_total": L, "dE_dw5": two.dW[0, 0], "dE_dout_h1": dA[0], "dout_h1_dnet": slope[0],
        "dE_dw1": one.dW[0, 0],
    }  # fmt: skip
    net.theta -= ETA * net.weight_mask * net.grad
    results |= {f"w{i + 1}": w for i, w in enumerate([*one.W.T.ravel(), *two.W.T.ravel()])}
    for name, value in results.items():
        assert prints_as(value, printed[name]), f"{name}: {value!r}, printed {printed[name]}"
    assert not set(printed) - set(results) - {
        "E_after_1_step", "E_after_10000", "outputs_after_10000"
    }, "every printed number is compared"  # fmt: skip


def test_mazur_after_one_step_prints_the_mistake_not_the_right_way():
    printed, right = MAZUR["published"]["E_after_1_step"], MAZUR["right"]["E_after_1_step"]
    assert_printed(error(after(w2_first_step, 1)), printed)
    assert_printed(error(after(right_step, 1)), right)
    assert not prints_as(error(after(right_step, 1)), printed)


def test_mazur_after_ten_thousand_steps_both_ways():
    printed, (_, loss, X, y) = MAZUR["published"], mazur()
    earlier, later = printed["E_after_10000"]
    net = after(w2_first_step, 10_000)
    assert_printed(net(X), printed["outputs_after_10000"])
    assert_printed(error(net), earlier)
    net = after(right_step, 9_999)
    assert_printed(error(net), later)
    right_step(net, loss, X, y)
    assert_printed(net(X), MAZUR["right"]["outputs_after_10000"])


# --- CS231n ----------------------------------------------------------------------------------

CS231N = PUBLISHED["cs231n"]["published"]


def test_cs231n_the_first_circuit():
    x, y, z = point = np.array([-2.0, 5.0, -4.0])
    printed = CS231N["a"]
    slopes = nn.numerical_gradient(lambda v: (v[0] + v[1]) * v[2], point, method="complex")
    results = [x + y, (x + y) * z, *slopes]
    assert_printed(results, [printed[name] for name in ("q", "f", "df_dx", "df_dy", "df_dz")])


def test_cs231n_the_sigmoid_neuron():
    net = nn.Sequential(nn.Linear(2, 1), nn.Sigmoid())
    net.theta = np.array([2.0, -3.0, -3.0])
    printed = CS231N["b"]
    f = net([[-1, -2]])
    dx = net.backward([[1.0]], to_input=True)
    assert_printed(net.layers[0]([[-1, -2]]), [printed["dot"]])
    assert_printed(f, [printed["f"]])
    assert_printed(net.layers[0].db, [printed["ddot"]])
    assert_printed(net.grad, printed["dw"])
    assert_printed(dx, printed["dx"])


def test_cs231n_the_softmax():
    assert_printed(nn.softmax([1, -2, 0]), CS231N["c"])


# --- Trask 2015 ------------------------------------------------------------------------------

TRASK = PUBLISHED["trask"]["published"]
TRASK_X = np.array(PUBLISHED["trask"]["setup"]["X"], float)


class Stack(nn.Layer):
    """m small linear layers side by side: X (N, n_in) or (m, N, n_in), W (m, n_in, n_out)."""

    def __init__(self, m, n_in, n_out):
        super().__init__(W=(m, n_in, n_out))

    def forward(self, X):
        self.X = X
        return X @ self.W

    def backward(self, dZ):
        self.dW[...] = np.swapaxes(self.X, -1, -2) @ dZ
        return dZ @ np.swapaxes(self.W, -1, -2)


def test_trask_two_layers():
    net = nn.Sequential(Stack(1, 3, 1), nn.Sigmoid())
    net.theta = 2 * np.random.RandomState(1).random_sample(3) - 1
    y = np.array([[0.0], [0.0], [1.0], [1.0]])
    for _ in range(10_000):
        out = net.forward(TRASK_X)
        net.backward(out - y)  # his loss is ½ Σ (y − out)², summed
        net.theta -= net.grad
    assert_printed(out, TRASK["two_layer_outputs"])


def test_trask_seven_learning_rates():
    """Seven networks as one, a learning rate each. Six to every digit, alpha = 100 to nine."""
    rates = list(TRASK["three_layer"])
    random = np.random.RandomState(1)
    W1, W2 = 2 * random.random_sample((3, 4)) - 1, 2 * random.random_sample((4, 1)) - 1
    one, two = Stack(len(rates), 3, 4), Stack(len(rates), 4, 1)
    net = nn.Sequential(one, nn.Sigmoid(), two, nn.Sigmoid())
    one.W[...], two.W[...] = W1, W2
    alpha = np.array(rates, float)
    lr = np.concatenate([np.repeat(alpha, 12), np.repeat(alpha, 4)])
    y = np.array([[0.0], [1.0], [1.0], [0.0]])
    seen = []
    for step in range(50_001):
        out = TRASK_X
        for layer in net.layers:
            out = layer.forward(out)
        if step % 10_000 == 0:
            seen.append(np.abs(y - out).mean(axis=(1, 2)))
        back = out - y
        for layer in reversed(net.layers):
            back = layer.backward(back)
        net.theta -= lr * net.grad
    for rate, errors in zip(rates, np.transpose(seen), strict=True):
        printed = TRASK["three_layer"][rate]
        if rate == "100":  # the middle of a cliff: its last digits depend on the order of a sum
            np.testing.assert_allclose(errors, np.array(printed, float), rtol=0, atol=5e-10)
        else:
            assert_printed(errors, printed)


# --- Karpathy 2022 ---------------------------------------------------------------------------


def test_the_neuron_of_the_lecture_with_and_without_rounding_to_float32():
    """The two numbers of notebook 16: only the bias has been rounded, and turned back."""
    neuron, printed = PUBLISHED["lecture_neuron"]["setup"], PUBLISHED["lecture_neuron"]["published"]
    z = float(np.dot(neuron["x"], neuron["w"]))
    assert abs(np.tanh(z + neuron["b"]) - float(printed["engine"])) < 1e-15
    assert abs(np.tanh(z + float(np.float32(neuron["b"]))) - float(printed["pytorch"])) < 1e-15
