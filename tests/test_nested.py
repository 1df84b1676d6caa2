"""Layers inside layers: trained, checked, copied and saved like all others, to any depth."""

import copy
import pickle

import numpy as np
import pytest
from strategies import Residual, Scale

import nnlib as nn


class Gate(nn.Layer):
    """Parameters of its own, and layers as an attribute, in a list and in a dict."""

    def __init__(self, n):
        super().__init__(g=(n,))
        self.n = n
        self.first = nn.Linear(n, n)
        self.rest = [nn.Tanh(), {"deep": Residual(nn.Linear(n, n), nn.Sequential(Scale(n)))}]

    def forward(self, X):
        A = self.rest[0].forward(self.first.forward(X))
        self.A = self.rest[1]["deep"].forward(A)
        return self.A * self.g

    def backward(self, dA):
        self.dg[...] = (dA * self.A).sum(axis=0)
        dA = self.rest[1]["deep"].backward(dA * self.g)
        return self.first.backward(self.rest[0].backward(dA))

    def config(self):
        return {"n": self.n}


def gated(**options):
    net = nn.Sequential(nn.Linear(2, 3), Gate(3), nn.Linear(3, 2), rng=0, **options)
    net.theta += 0.3 * np.sin(np.arange(net.theta.size))  # Gate and Scale start at 0
    return net


NAMES = """layers[0].W layers[0].b layers[1].g layers[1].first.W layers[1].first.b
layers[1].rest[1]['deep'].layers[0].W layers[1].rest[1]['deep'].layers[0].b
layers[1].rest[1]['deep'].layers[1].layers[0].w layers[2].W layers[2].b""".split()


@pytest.fixture
def batch():
    X, y = nn.data.moons(40)
    return X, y


def test_every_parameter_lives_in_the_one_vector(batch):
    net = gated()
    report = nn.check_gradients(net, nn.CrossEntropyLoss(), *batch, to_input=True)
    assert report.passed and list(report.analytic) == [*NAMES, "X"]
    assert net.theta.size == net.size == sum(g.size for g in report.analytic.values()) - 80
    net.theta[...] = 7
    assert (net.layers[1].rest[1]["deep"].layers[1].layers[0].w == 7).all()
    net.layers[1].first.W = np.zeros((3, 3))
    assert (net.theta == 0).sum() == 9


def test_the_inner_weights_move_and_the_loss_falls(batch):
    net, before = gated(), gated().theta
    sgd = nn.SGD(net, 0.3)
    options = {"loss": nn.CrossEntropyLoss(), "optimizer": sgd, "epochs": 60, "rng": 0}
    history = nn.fit(net, *batch, **options)
    assert (net.theta != before).all()
    assert history.loss[-1] < 0.5 * history.loss[0]


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))])
def test_a_copy_is_bound_anew(duplicate, batch):
    net = gated(dtype=np.float32)
    other = duplicate(net)
    np.testing.assert_array_equal(other.theta, net.theta)
    other.theta[...] = 3
    assert (other.layers[1].rest[1]["deep"].layers[0].W == 3).all() and (net.theta != 3).any()
    assert nn.check_gradients(duplicate(net), nn.CrossEntropyLoss(), *batch).passed
    with pytest.raises(ValueError, match="belong to no network yet"):
        nn.Sequential(other.layers[1].first)


def test_saved_and_loaded_to_any_depth(tmp_path, batch):
    net = nn.Sequential(
        nn.Linear(2, 3),
        nn.Sequential(Residual(nn.Linear(3, 3), Scale(3)), nn.Dropout(0.25)),
        Gate(3),
        nn.Linear(3, 2),
        rng=0,
    )
    path = nn.save(net, tmp_path / "nested")
    other = nn.load(path, layers=[Residual, Scale, Gate])
    np.testing.assert_array_equal(other.theta, net.theta)
    np.testing.assert_array_equal(other.predict(batch[0]), net.predict(batch[0]))
    assert other.layers[1].layers[1].p == 0.25
    with pytest.raises(ValueError, match=r"layers=\[Residual\]"):
        nn.load(path, layers=[Scale, Gate])


def test_evaluation_mode_reaches_the_layers_inside(batch):
    net = nn.Sequential(nn.Linear(2, 50), Residual(nn.Dropout(0.5)), nn.Linear(50, 2), rng=0)
    np.testing.assert_array_equal(net.predict(batch[0]), net.predict(batch[0]))
    net.eval()
    np.testing.assert_array_equal(net(batch[0]), net(batch[0]))
    net.train()
    assert (net(batch[0]) != net(batch[0])).any()


def test_predict_disturbs_no_forward_that_waits(batch):
    (X, y), net, loss = batch, gated(), nn.CrossEntropyLoss()
    loss(net(X), y)
    net.backward(loss.backward())
    expected = net.grad.copy()
    loss(net(X), y)
    net.predict(X[:7])
    net.backward(loss.backward())
    np.testing.assert_array_equal(net.grad, expected)


def test_the_rng_of_the_outer_network_draws_the_inner_ones():
    made = [nn.Sequential(nn.Sequential(nn.Linear(2, 3)), nn.Linear(3, 2), rng=5) for _ in range(2)]
    np.testing.assert_array_equal(made[0].theta, made[1].theta)
    flat = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 2), rng=5)
    np.testing.assert_array_equal(made[0].theta, flat.theta)


def test_a_network_can_be_drawn_anew_and_stays_one_vector():
    net = gated()
    before = net.theta
    net.initialise(7)
    assert net.theta is before, "in place: whoever holds the vector sees the new values"
    np.testing.assert_array_equal(net.theta, nn.Sequential(*gated_layers(), rng=7).theta)
    net.layers[1].first.initialise(3)
    assert net.layers[1].first.W.base is not None
    net.theta[...] = 4
    assert (net.layers[1].first.W == 4).all()


def gated_layers():
    return nn.Linear(2, 3), Gate(3), nn.Linear(3, 2)


def test_a_layer_that_holds_layers_works_alone():
    layer, X = Residual(nn.Linear(3, 3), nn.ReLU()), np.ones((2, 3))
    A = layer(X)
    np.testing.assert_array_equal(layer(X), A)
    assert layer.theta.size == 12 and layer.layers[0].W.base is layer.theta
    np.testing.assert_array_equal(layer(X), A)
    assert layer.backward(np.ones((2, 3))).shape == (2, 3)


def test_one_layer_in_two_places_is_refused_at_any_depth():
    shared = nn.Linear(3, 3)
    for make in (
        lambda: nn.Sequential(Residual(shared), shared),
        lambda: nn.Sequential(Residual(shared), Residual(shared)),
        lambda: nn.Sequential(Residual(shared, nn.ReLU(), shared)),
    ):
        with pytest.raises(ValueError, match="each layer once"):
            make()
    assert nn.Sequential(Residual(shared)).theta.size == 12, "it is free all the same"


def test_a_second_name_for_a_layer_is_no_second_layer(batch):
    layer = Residual(nn.Linear(2, 2))
    layer.main = layer.layers[0]
    net = nn.Sequential(layer, rng=0)
    assert net.theta.size == 6
    assert nn.check_gradients(net, nn.CrossEntropyLoss(), *batch).passed


def test_a_layer_given_after_the_network_was_made_is_told(batch):
    net = nn.Sequential(nn.Linear(2, 2), Residual(nn.Tanh()), rng=0)
    net.layers[1].late = nn.Linear(2, 2)
    loss = nn.CrossEntropyLoss()
    for call in (
        lambda: nn.check_gradients(net, loss, *batch),
        lambda: nn.fit(net, *batch, loss=loss, optimizer=nn.SGD(net, 0.1), epochs=1),
        lambda: nn.save(net, "never"),
    ):
        with pytest.raises(ValueError, match="has been given another layer since"):
            call()


class Hiding(Residual):
    """Holds its layers where nobody looks: in an object, a closure, a set."""

    def __init__(self, hide):
        layers = [nn.Linear(2, 2), nn.Tanh()]
        super().__init__()
        self.held = hide(layers)
        del self.layers

    def forward(self, X):
        self.layers = ()
        del self.layers
        return X


class Box:
    def __init__(self, layers):
        self.layers = layers


@pytest.mark.parametrize("hide", [Box, lambda layers: lambda: layers, frozenset])
def test_parameters_that_no_network_sees_are_told(hide, batch):
    net = nn.Sequential(nn.Linear(2, 2), Hiding(hide), rng=0)
    net.layers[1].backward = lambda dA: dA
    report = nn.check_gradients(net, nn.CrossEntropyLoss(), *batch)
    assert not report.passed and report.error < 1e-7
    assert "Linear(2, 2) (6 parameters)" in str(report)


def test_parameters_that_no_backward_reached_are_told(batch):
    class Forgetful(Residual):
        def backward(self, dA):
            return dA

    net = nn.Sequential(nn.Linear(2, 2), Forgetful(nn.Linear(2, 2)), rng=0)
    report = nn.check_gradients(net, nn.CrossEntropyLoss(), *batch)
    assert not report.passed
    assert report.unreached == ["layers[1].layers[0].W", "layers[1].layers[0].b"]
    assert "no gradient reached: layers[1].layers[0].W" in str(report)


# --- a layer that takes integers -------------------------------------------------------------


class Embedding(nn.Layer):
    """Row x of a table for each integer x: the average over a text, (N, T) to (N, n)."""

    takes = "integers"

    def __init__(self, words, n):
        self.words, self.n = words, n
        super().__init__(W=(words, n))

    def forward(self, X):
        self.X = X
        return self.W[X].mean(axis=1)

    def backward(self, dA):
        self.dW[...] = 0
        np.add.at(self.dW, self.X, dA[:, None, :] / self.X.shape[1])

    def config(self):
        return {"words": self.words, "n": self.n}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_layer_may_take_integers(dtype, tmp_path):
    rng = np.random.default_rng(0)
    X = rng.integers(0, 9, (60, 4))
    y = (X > 4).any(axis=1).astype(int)
    net = nn.Sequential(Embedding(9, 3), nn.Tanh(), nn.Linear(3, 2), rng=0, dtype=dtype)
    loss = nn.CrossEntropyLoss()
    assert net.takes == "integers" and net(X).dtype == dtype
    assert nn.check_gradients(net, loss, X, y).passed
    options = {"loss": loss, "optimizer": nn.Adam(net, 0.05), "epochs": 40, "rng": 0}
    history = nn.fit(net, X, y, validation=(X, y), **options)
    assert history.val_accuracy[-1] > 0.95
    other = nn.load(nn.save(net, tmp_path / "words"), layers=Embedding)
    np.testing.assert_array_equal(other.predict(X), net.predict(X))


@pytest.mark.parametrize("call", ["net(X)", "net.predict(X)", "fit", "check_gradients"])
def test_floats_are_refused_where_integers_are_asked_for(call):
    net, loss = nn.Sequential(Embedding(9, 3), nn.Linear(3, 2), rng=0), nn.CrossEntropyLoss()
    X, y = np.ones((5, 4)), np.zeros(5, int)
    calls = {
        "net(X)": lambda: net(X),
        "net.predict(X)": lambda: net.predict(X),
        "fit": lambda: nn.fit(net, X, y, loss=loss, optimizer=nn.SGD(net, 0.1), epochs=1),
        "check_gradients": lambda: nn.check_gradients(net, loss, X, y),
    }
    with pytest.raises(ValueError, match=r"X to hold integers, got float64.*astype\(int\)"):
        calls[call]()


# --- small things of the same kind -----------------------------------------------------------


def test_a_local_name_to_input_is_no_parameter(batch):
    class Local(nn.Linear):
        def backward(self, dZ):
            to_input = super().backward(dZ)
            return to_input

    net = nn.Sequential(Local(2, 3), nn.Linear(3, 2), rng=0)
    assert not Local.can_skip_input and nn.Linear.can_skip_input
    sgd = nn.SGD(net, 0.1)
    nn.fit(net, *batch, loss=nn.CrossEntropyLoss(), optimizer=sgd, epochs=1)


def test_what_the_library_keeps_cannot_be_written_into():
    for kept in (nn.functional.ones(3, np.float64), nn.functional.identity(3, np.float64)):
        with pytest.raises(ValueError, match="read-only"):
            kept[0] = 5
    nn.one_hot([0, 1])[0] = 5
    np.testing.assert_array_equal(nn.one_hot([0, 1]), np.eye(2))


def test_one_output_is_read_by_the_sigmoid(tmp_path, batch):
    X, y = batch
    net, loss = (
        nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1), rng=0),
        nn.BCEWithLogitsLoss(),
    )
    Y = y[:, None].astype(float)
    options = {"loss": loss, "optimizer": nn.Adam(net, 0.05), "epochs": 80, "rng": 0}
    history = nn.fit(net, X, Y, validation=(X, Y), record_accuracy=True, **options)
    np.testing.assert_allclose(net.predict(X), nn.sigmoid(net.scores(X)), atol=1e-15)
    assert history.val_accuracy[-1] == np.mean((net.predict(X) > 0.5) == Y) > 0.85
    assert nn.check_gradients(net, loss, X, Y).passed


def test_several_labels_at_once_are_read_one_by_one(tmp_path):
    X = np.random.default_rng(0).normal(size=(80, 2))
    Y = (X > 0).astype(float)
    net = nn.Sequential(nn.Linear(2, 2), rng=0)
    options = {"loss": nn.BCEWithLogitsLoss(), "optimizer": nn.SGD(net, 1.0), "epochs": 50}
    nn.fit(net, X, Y, rng=0, **options)
    P = net.predict(X)
    np.testing.assert_allclose(P, nn.sigmoid(net.scores(X)), atol=1e-15)
    assert ((P > 0.5) == Y).mean() > 0.95
    other = nn.load(nn.save(net, tmp_path / "labels"))
    np.testing.assert_array_equal(other.predict(X), P)
