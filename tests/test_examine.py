"""`examine`: quiet about healthy networks, and it changes nothing.

Healthy are the small networks of the course, on its sets, before training and after. What it finds
on sick ones: tests/lessons/test_clinic.py.
"""

import copy

import numpy as np
import pytest

import nnlib as nn
from nnlib.examine import TESTS, by_heart, dead_units, neighbour_agreement, update_ratio

SEEDS = 3


def tables(seed):
    """Name, X, y, learning rate, epochs."""
    from sklearn.datasets import load_wine

    yield "moons", *nn.data.moons(100, noise=(0.1, 0.2, 0.3)[seed % 3], rng=seed), 0.3, 40
    yield "circles", *nn.data.circles(100, rng=seed), 0.3, 40
    yield "spirals", *nn.data.spirals(150, rng=seed), 0.3, 40
    X, y = nn.data.digits()
    rows = np.random.default_rng(seed).permutation(len(y))[:300]
    yield "digits", X[rows], y[rows], 0.3, 8
    fruit = nn.data.fruit()
    yield "fruit", fruit.X, fruit.y, 0.5, 50
    yield "xor", *nn.data.xor(), 0.5, 100
    X, y = load_wine(return_X_y=True)
    yield "wine", *nn.data.standardise(X), y, 0.1, 20


def stacks(D, K):
    linear = nn.Linear
    yield "relu", [linear(D, 16), nn.ReLU(), linear(16, K)]
    yield "tanh", [linear(D, 12, init="xavier"), nn.Tanh(), linear(12, K)]
    yield "sigmoid", [linear(D, 12, init="xavier"), nn.Sigmoid(), linear(12, K)]
    yield "deep", [linear(D, 24), nn.ReLU(), linear(24, 24), nn.LeakyReLU(), linear(24, K)]
    yield "dropout", [linear(D, 32), nn.ReLU(), nn.Dropout(0.3), linear(32, K)]


def optimizers(net, lr):
    yield nn.SGD(net, lr=lr)
    yield nn.SGD(net, lr=lr / 5, momentum=0.9)
    yield nn.Adam(net, lr=0.01)
    yield nn.SGD(net, lr=lr, weight_decay=1e-3)
    yield nn.AdamW(net, lr=0.01)


def others(seed):
    """Name, layers, loss, X, y, (optimizer, rate), epochs: other losses, pictures, a deep one."""
    X, y = nn.data.moons(100, rng=seed)
    layers = [nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1)]
    yield "one output", layers, nn.BCEWithLogitsLoss(), X, y[:, None] * 1.0, (nn.SGD, 0.3), 30
    x = np.random.default_rng(seed).uniform(-2, 2, (80, 1))
    layers = [nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 1)]
    yield "values", layers, nn.MSELoss(), x, np.sin(2 * x), (nn.Adam, 0.01), 30
    D, labels = nn.data.digits()
    rows = np.random.default_rng(seed).permutation(len(D))[:200]
    pictures = D[rows].reshape(-1, 1, 8, 8)
    layers = [nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 10)]
    yield "pictures", layers, nn.CrossEntropyLoss(), pictures, labels[rows], (nn.SGD, 0.2), 8
    layers = [nn.Linear(2, 50)]
    for _ in range(18):
        layers += [nn.ReLU(), nn.Linear(50, 50)]
    layers += [nn.ReLU(), nn.Linear(50, 2)]
    yield "twenty layers", layers, nn.CrossEntropyLoss(), X, y, (nn.SGD, 0.01), 5


def healthy_runs(seeds):
    """(name, net, loss, X, y, optimizer), each once before training and once after."""
    for seed in seeds:
        count = 0
        for table, X, y, lr, epochs in tables(seed):
            for kind, layers in stacks(X.shape[1], y.max() + 1):
                dtype = (np.float64, np.float32)[seed % 2]
                net = nn.Sequential(*layers, rng=seed, dtype=dtype)
                optimizer = list(optimizers(net, lr))[(seed + count) % 5]
                count += 1
                run = net, nn.CrossEntropyLoss(), X, y, optimizer
                yield f"{table} {kind} {optimizer} {seed} before", *run
                nn.fit(net, X, y, loss=run[1], optimizer=optimizer, epochs=epochs, rng=seed)
                yield f"{table} {kind} {optimizer} {seed} after", *run
        for name, layers, loss, X, y, (make, lr), epochs in others(seed):
            net = nn.Sequential(*layers, rng=seed)
            optimizer = make(net, lr=lr)
            yield f"{name} {seed} before", net, loss, X, y, optimizer
            nn.fit(net, X, y, loss=loss, optimizer=optimizer, epochs=epochs, rng=seed)
            yield f"{name} {seed} after", net, loss, X, y, optimizer


def test_at_most_two_in_a_hundred_healthy_networks_get_a_complaint():
    """The limits were set on seeds 100 to 105; these are others."""
    number, false = 0, []
    for name, net, loss, X, y, optimizer in healthy_runs(range(SEEDS)):
        number += 1
        report = nn.examine(net, loss, X, y, optimizer=optimizer)
        false += [f"{name}: {line}" for line in report.complaints[:1]]
    print(f"false alarms: {len(false)} of {number}", *false, sep="\n")
    assert number >= 200
    assert len(false) <= 0.02 * number, "\n".join(false)


# ---------------------------------------------------------------- it changes nothing


class Counting(nn.Layer):
    """A layer with state of its own: how often it ran, and a random stream."""

    def __init__(self):
        super().__init__()
        self.runs, self.rng = [0], np.random.default_rng(5)

    def forward(self, X):
        self.runs[0] += 1
        return X

    def backward(self, dA):
        return dA


def everything(net, loss, optimizer):
    """All that a run could have changed, as plain values."""
    streams = [each.rng.bit_generator.state for _, each in net.walk() if hasattr(each, "rng")]
    memory = [vector.copy() for vector in optimizer.memory]
    arrays = [net.theta.copy(), net.grad.copy(), loss.P.copy(), *memory]
    modes = [layer.training for _, layer in net.walk()]
    return arrays, (repr(streams), modes, optimizer.lr, optimizer._taken, net.predicts)


def test_it_changes_nothing():
    X, y = nn.data.moons(60, rng=0)
    counting = Counting()
    layers = nn.Linear(2, 8), nn.ReLU(), counting, nn.Dropout(0.5), nn.Linear(8, 2)
    net, loss = nn.Sequential(*layers, rng=0), nn.CrossEntropyLoss()
    optimizer = nn.Adam(net, lr=0.01)
    nn.fit(net, X, y, loss=loss, optimizer=optimizer, epochs=2, rng=0)
    loss(net(X), y)  # a forward pass that awaits its backward pass
    dZ, runs = loss.backward(), list(counting.runs)
    given, before = (X.copy(), y.copy()), everything(net, loss, optimizer)
    expected = copy.deepcopy(net)
    expected.backward(dZ)
    nn.examine(net, loss, X, y, optimizer=optimizer, validation=(X[:5], y[:5]))
    arrays, rest = everything(net, loss, optimizer)
    for was, now in zip(before[0], arrays, strict=True):
        np.testing.assert_array_equal(was, now)
    assert rest == before[1]
    np.testing.assert_array_equal(given[0], X)
    np.testing.assert_array_equal(given[1], y)
    net.backward(dZ)
    np.testing.assert_array_equal(net.grad, expected.grad)
    assert runs[0] <= counting.runs[0] <= runs[0] + 10  # twins share what is not an array of theirs


def test_the_same_call_gives_the_same_report():
    X, y = nn.data.spirals(90, rng=0)
    layers = nn.Linear(2, 8), nn.Tanh(), nn.Dropout(0.5), nn.Linear(8, 3)
    net, loss = nn.Sequential(*layers, rng=0), nn.CrossEntropyLoss()
    assert repr(nn.examine(net, loss, X, y)) == repr(nn.examine(net, loss, X, y))


# ---------------------------------------------------------------- the report


@pytest.fixture
def report():
    X, y = nn.data.moons(60, rng=0)
    net = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2), rng=0)
    return nn.examine(net, nn.CrossEntropyLoss(), 500 * X, y)


def test_a_line_says_what_was_seen_what_is_usual_and_what_to_try(report):
    line = report["inputs"]
    assert line in report.complaints and "standardise" in line.advice
    assert "up to about 10" in line.usual
    text = repr(report)
    assert "! inputs" in text and "try (inputs): scale the inputs" in text
    assert "nothing stands out" not in text
    for each in report.lines:
        assert each.looked_at and each.seen and each.usual


def test_an_unknown_line_is_named(report):
    with pytest.raises(KeyError, match="no line 'colour'; it has inputs, labels"):
        report["colour"]


def test_without_an_optimizer_nothing_is_said_about_steps(report):
    names = {line.looked_at for line in report.lines}
    assert not names & {"steps", "update", "decay", "validation"}
    assert len(TESTS) == 13


def test_a_healthy_report_claims_no_health():
    X, y = nn.data.moons(60, rng=0)
    net = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2), rng=0)
    report = nn.examine(net, nn.CrossEntropyLoss(), X, y)
    assert report.complaints == []
    assert repr(report).endswith("nothing stands out in these tests")


@pytest.mark.filterwarnings("error")
def test_a_network_that_diverged_is_examined_all_the_same():
    X, y = nn.data.moons(60, rng=0)
    net = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2), rng=0)
    net.layers[0].W[0, 0] = np.inf
    report = nn.examine(net, nn.CrossEntropyLoss(), X, y, optimizer=nn.SGD(net, lr=0.1))
    assert [line.looked_at for line in report.lines] == ["inputs", "labels", "scores"]
    assert report["scores"].seen == "not finite" and report["scores"].advice


X, y = nn.data.moons(20, rng=0)


def a_net():
    return nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 2), rng=0)


@pytest.mark.parametrize(
    "call, told",
    [
        (lambda n, L: nn.examine(L, n, X, y), "examine expected a network"),
        (lambda n, L: nn.examine(n, X, X, y), "examine expected a loss"),
        (lambda n, L: nn.examine(n, L, X, y, optimizer=0.1), "examine expected an optimizer"),
        (
            lambda n, L: nn.examine(n, L, X, y, optimizer=nn.SGD(a_net(), lr=1)),
            "examine expected an optimizer of this network",
        ),
        (lambda n, L: nn.examine(n, L, X, y, validation=X), "validation=(X_val, y_val)"),
        (lambda n, L: nn.examine(n, L, X[:0], y[:0]), "at least one example"),
        (lambda n, L: nn.examine(n, L, X, y + 5), "labels 0 to 1"),
        (lambda n, L: nn.examine(n, L, X.T, y), "expected X of shape"),
    ],
)
def test_what_does_not_fit_is_refused(call, told):
    with pytest.raises(ValueError) as error:
        call(a_net(), nn.CrossEntropyLoss())
    assert told in str(error.value)


# ---------------------------------------------------------------- its numbers, worked by hand


def test_neighbours_by_hand():
    six = np.array([[1.0], [2.0], [4.0], [8.0], [9.0], [11.0]])
    assert neighbour_agreement(six, np.array([0, 0, 0, 1, 1, 1])) == (1.0, 0.5)
    agree, chance = neighbour_agreement(six, np.array([0, 1, 0, 1, 0, 1]))
    assert agree == pytest.approx(2 / 6) or agree == 0.0
    assert chance == pytest.approx(0.5)


def test_dead_units_and_update_ratio_by_hand():
    assert dead_units(np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 2.0]])) == 1
    before = np.array([3.0, 4.0])
    assert update_ratio(before, before + [0.03, -0.04]) == pytest.approx(0.01)


def test_by_heart_learns_a_handful_and_leaves_the_network():
    net = a_net()
    theta = net.theta.copy()
    losses = by_heart(net, nn.CrossEntropyLoss(), X[:8], y[:8])
    assert losses[-1] < 0.1 * losses[0]
    np.testing.assert_array_equal(net.theta, theta)


def test_rows_mixed_inside_the_network_are_seen():
    class Mixes(nn.Layer):
        def forward(self, X):
            return X - X.mean(axis=0)

        def backward(self, dA):
            return dA - dA.mean(axis=0)

    net = nn.Sequential(nn.Linear(2, 4), Mixes(), nn.ReLU(), nn.Linear(4, 2), rng=0)
    line = nn.examine(net, nn.CrossEntropyLoss(), X, y)["repetition"]
    assert "alone, a row's scores differ" in line.seen and "axis 0" in line.advice


def test_a_sum_in_place_of_the_mean_is_seen():
    class Summed(nn.CrossEntropyLoss):
        def forward(self, Z, y):
            return len(Z) * super().forward(Z, y)

        def backward(self):
            return len(self.P) * super().backward()

    report = nn.examine(a_net(), Summed(), X, y)
    assert report["mean"].advice and not report["gradient"].advice
