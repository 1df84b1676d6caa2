"""A network is one vector: its views, its copies, what it returns, and its file."""

import copy
import io
import json
import os
import pickle
import subprocess
import sys
import tracemalloc
import zipfile

import joblib
import numpy as np
import pytest
from strategies import Scale

import nnlib as nn
from tools import ROOT

pytestmark = pytest.mark.filterwarnings("error")

COPIES = {
    "copy.copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda net: pickle.loads(pickle.dumps(net)),
    "joblib": lambda net: _through_joblib(net),
}


def _through_joblib(net):
    file = io.BytesIO()
    joblib.dump(net, file)
    file.seek(0)
    return joblib.load(file)


def small(*more, **options):
    return nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3), *more, **{"rng": 0} | options)


def learn(net, steps=20):
    data, loss, opt = nn.data.fruit(), nn.CrossEntropyLoss(), nn.SGD(net, lr=0.1)
    losses = []
    for _ in range(steps):
        losses.append(loss(net(data.X), data.y))
        net.backward(loss.backward())
        opt.step()
    return losses


# --- by hand ---------------------------------------------------------------------------------


def test_the_red_thread_by_hand(fruit):
    """One fruit through 3-2-3, in nothing but additions and products."""
    net, loss, X, y = fruit
    data, x = nn.data.fruit(), X[0]
    h = [max(0, sum(x[i] * data.W1[i, j] for i in range(3)) + data.b1[j]) for j in range(2)]
    z = [sum(h[j] * data.W2[j, k] for j in range(2)) + data.b2[k] for k in range(3)]
    np.testing.assert_allclose(net(X[:1])[0], z, rtol=0, atol=1e-15)
    p = np.exp(z) / np.exp(z).sum()
    assert loss(net(X[:1]), y[:1]) == pytest.approx(-np.log(p[y[0]]), abs=1e-15)
    net.backward(loss.backward())
    delta = p - np.eye(3)[y[0]]
    np.testing.assert_allclose(net.layers[2].dW, np.outer(h, delta), rtol=0, atol=1e-15)
    back = (data.W2 @ delta) * (np.array(h) > 0)
    np.testing.assert_allclose(net.layers[0].dW, np.outer(x, back), rtol=0, atol=1e-15)
    np.testing.assert_allclose(net.layers[0].db, back, rtol=0, atol=1e-15)


def test_it_has_seventeen_parameters():
    assert small().theta.shape == small().grad.shape == (17,)


# --- one vector ------------------------------------------------------------------------------


def test_every_parameter_is_a_view_into_theta_and_every_gradient_into_grad():
    net = small()
    net.theta, net.grad = np.arange(17.0), -np.arange(17.0)
    np.testing.assert_array_equal(net.layers[0].W, [[0, 1], [2, 3], [4, 5]])
    np.testing.assert_array_equal(net.layers[0].b, [6, 7])
    np.testing.assert_array_equal(net.layers[2].W, [[8, 9, 10], [11, 12, 13]])
    np.testing.assert_array_equal(net.layers[2].db, [-14, -15, -16])


@pytest.mark.parametrize("name", ["theta", "grad"])
def test_assigning_to_the_network_copies(name):
    net = small()
    vector, values = getattr(net, name), np.ones(17)
    setattr(net, name, values)
    assert getattr(net, name) is vector and (vector == 1).all()
    values[...] = 5
    assert (vector == 1).all()


@pytest.mark.parametrize("name", ["W", "b", "dW", "db"])
def test_assigning_to_a_layer_copies(name):
    net = small()
    values = np.ones(getattr(net.layers[0], name).shape)
    setattr(net.layers[0], name, values)
    values[...] = 5
    assert (getattr(net.layers[0], name) == 1).all()
    assert (net.theta == 1).sum() + (net.grad == 1).sum() == values.size


def test_updating_in_place_moves_the_one_vector():
    net = small()
    vector, before = net.theta, net.theta.copy()
    net.theta -= 0.5
    net.layers[0].W -= 1.0
    net.layers[2].b *= 2
    assert net.theta is vector
    expected = before - 0.5
    expected[:6] -= 1
    expected[-3:] *= 2
    np.testing.assert_array_equal(net.theta, expected)


def test_a_square_matrix_may_be_assigned_its_own_transpose():
    net = nn.Sequential(nn.Linear(3, 3), rng=0)
    expected = net.layers[0].W.T.copy()
    net.layers[0].W = net.layers[0].W.T
    np.testing.assert_array_equal(net.layers[0].W, expected)


# --- starting values -------------------------------------------------------------------------


def test_values_that_somebody_has_looked_at_are_kept():
    layers = [nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3)]
    seen = layers[0].W.copy()
    net = nn.Sequential(*layers, rng=0)
    np.testing.assert_array_equal(net.layers[0].W, seen)
    alone = nn.Sequential(nn.Linear(2, 3), rng=0)  # the network draws the others, from its rng
    np.testing.assert_array_equal(net.layers[2].W, alone.layers[0].W)


def test_a_network_without_rng_draws_once_and_keeps():
    net, X = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3)), np.ones((1, 3))
    P = net.predict(X)
    np.testing.assert_array_equal(net.predict(X), P)
    np.testing.assert_array_equal(nn.softmax(net(X)), P)
    assert net.theta.any() and net.layers[0].W.base is net.theta


@pytest.mark.parametrize("chosen", ["assigned", "nudged", "seeded"])
def test_values_that_somebody_chose_are_kept(chosen):
    layer = nn.Linear(3, 2, rng=7) if chosen == "seeded" else nn.Linear(3, 2)
    if chosen == "assigned":
        layer.W = np.ones((3, 2))
    if chosen == "nudged":
        layer.W[0, 0] += 1
    before = layer.theta.copy()
    net = nn.Sequential(layer, nn.Linear(2, 2), rng=0)
    np.testing.assert_array_equal(net.layers[0].theta, before)


def test_a_layer_that_learned_alone_goes_on_in_a_network():
    layer = nn.Linear(3, 2)
    layer(np.ones((2, 3)))
    layer.backward(np.ones((2, 2)))
    layer.W -= layer.dW
    learned = layer.W.copy()
    net = nn.Sequential(layer, rng=0)
    np.testing.assert_array_equal(net.theta[:6], learned.ravel())


# --- copies ----------------------------------------------------------------------------------


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_copy_has_views_of_its_own_and_trains(duplicate, dtype):
    net = small(dtype=dtype)
    learn(net, 3)
    before = net.theta.copy()
    other = duplicate(net)
    np.testing.assert_array_equal(other.theta, before)
    np.testing.assert_array_equal(other.grad, net.grad)
    losses = learn(other)
    assert losses[-1] < losses[0] and other.dtype == dtype
    np.testing.assert_array_equal(net.theta, before)
    other.theta[...] = 3
    assert all((layer.W == 3).all() for layer in (other.layers[0], other.layers[2]))


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
def test_a_copy_made_between_forward_and_backward_can_go_back(duplicate, fruit):
    net, loss, X, y = fruit
    loss(net(X), y)
    other = duplicate(net)
    dZ = loss.backward()
    net.backward(dZ)
    other.backward(dZ)
    np.testing.assert_array_equal(other.grad, net.grad)


def test_a_pickled_network_comes_back_in_a_new_process(tmp_path):
    """Where no Linear has been made before, whose making declares W and b."""
    (tmp_path / "net").write_bytes(pickle.dumps(small()))
    code = """if True:
        import pickle, sys
        net = pickle.load(open(sys.argv[1], "rb"))
        net.layers[0].W -= net.layers[0].W
        print(net.theta[:6].any(), net.theta.any())
    """
    command = [sys.executable, "-c", code, tmp_path / "net"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert (run.stdout, run.stderr) == ("False True\n", "")


def test_network_and_optimiser_copied_together_stay_together(fruit):
    net, loss, X, y = fruit
    opt = nn.Adam(net, lr=0.1)
    other, other_opt = copy.deepcopy((net, opt))
    assert other_opt.net is other
    nn.fit(other, X, y, loss=loss, optimizer=other_opt, epochs=2, rng=0)
    assert not np.array_equal(other.theta, net.theta)


# --- what a call returns belongs to the caller ----------------------------------------------


@pytest.mark.parametrize("last", [None, nn.ReLU, nn.Sigmoid, nn.Tanh, nn.Softmax, nn.Dropout])
def test_changing_inputs_outputs_or_labels_in_between_changes_nothing(last):
    make = lambda: small(*([last()] if last else []))  # noqa: E731
    X, Y = np.random.default_rng(0).normal(size=(2, 4, 3))
    gradients = []
    for meddle in (False, True):
        net, loss, x, y = make(), nn.MSELoss(), X.copy(), Y.copy()
        Z = net(x)
        loss(Z, y)
        if meddle:
            Z[...], x[...], y[...] = 1, 2, 3
            net.predict(X)[...] = 4
            net.scores(X)[...] = 5
        dZ = loss.backward()
        net.backward(dZ)
        dX = net.backward(dZ, to_input=True)
        dX[...] = 9
        dZ[...] = 9
        net.backward(loss.backward())
        gradients.append(net.grad.copy())
    np.testing.assert_array_equal(*gradients)


def test_outputs_are_never_reused():
    net, X = small(), np.ones((2, 3))
    one, two = net(X), net(X)
    assert not np.may_share_memory(one, two)
    assert not np.may_share_memory(net.predict(X), net.predict(X))


def test_even_a_layer_that_writes_into_its_input_leaves_the_learners_data_alone():
    class Careless(nn.Layer):
        def forward(self, X):
            X *= 2
            return X

        def backward(self, dA):
            dA *= 2
            return dA

    net, X, dZ = nn.Sequential(Careless()), np.ones((2, 3)), np.ones((2, 3))
    net(X), net.predict(X), net.scores(X)
    dX = net.backward(dZ, to_input=True)
    assert (X == 1).all() and (dZ == 1).all() and (dX == 2).all()


def test_predict_and_scores_disturb_nothing_between_forward_and_backward(fruit):
    net, loss, X, y = fruit
    loss(net(X), y)
    net.backward(loss.backward())
    expected = net.grad.copy()
    loss(net(X), y)
    net.predict(X[:2] + 1)
    net.scores(X[:1] - 1)
    net.backward(loss.backward())
    np.testing.assert_array_equal(net.grad, expected)


def test_predict_keeps_nothing():
    net = small(nn.Dropout())
    state = net.layers[-1].rng.bit_generator.state
    net.predict(np.ones((2, 3)))
    assert net.training and net.layers[-1].rng.bit_generator.state == state
    assert not hasattr(net.layers[0], "X")


# --- backward --------------------------------------------------------------------------------


def test_backward_again_changes_nothing_and_returns_none(fruit):
    net, loss, X, y = fruit
    loss(net(X), y)
    assert net.backward(loss.backward()) is None
    once = net.grad.copy()
    net.backward(loss.backward())
    np.testing.assert_array_equal(net.grad, once)


def test_the_gradient_with_respect_to_the_data_is_computed_only_when_asked_for():
    class Spy(nn.Linear):
        asked = ()

        def backward(self, dZ, to_input=True):
            self.asked += (to_input,)
            return super().backward(dZ, to_input)

    class Forbidden(nn.Tanh):
        def backward(self, dA):
            raise AssertionError("nobody reads this gradient")

    first, second = Spy(3, 2), Spy(2, 3)
    net = nn.Sequential(Forbidden(), first, nn.ReLU(), second, rng=0)
    net(np.ones((2, 3)))
    net.backward(np.ones((2, 3)))
    assert first.asked == (False,) and second.asked == (True,)


def test_to_input_gives_the_gradient_and_leaves_the_same_grad(fruit):
    net, loss, X, y = fruit
    loss(net(X), y)
    net.backward(loss.backward())
    expected = net.grad.copy()
    dX = net.backward(loss.backward(), to_input=True)
    np.testing.assert_array_equal(net.grad, expected)
    numeric = nn.numerical_gradient(lambda X: loss(net(X), y), X)
    np.testing.assert_allclose(dX, numeric, rtol=0, atol=1e-9)


def test_a_stale_gradient_is_refused_and_says_why(fruit):
    net, loss, X, y = fruit
    loss(net(X), y)
    net(X[:2])
    before = net.grad.copy()
    with pytest.raises(
        ValueError, match=r"\(2, 3\).*got \(6, 3\)\. Fix: .*another batch went through"
    ):
        net.backward(loss.backward())
    np.testing.assert_array_equal(net.grad, before)


# --- modes, dtype ----------------------------------------------------------------------------


def test_train_and_eval_as_in_pytorch():
    net, X = small(nn.Dropout(0.5)), np.ones((50, 3))
    assert net.eval() is net and not net.training and not net.layers[-1].training
    np.testing.assert_array_equal(net(X), net.scores(X))
    assert net.train() is net and net.training
    assert not np.array_equal(net(X), net.scores(X))


@pytest.mark.parametrize("loss", [nn.CrossEntropyLoss(), nn.MSELoss()])
def test_float32_stays_float32_from_end_to_end(loss):
    kinds = [nn.ReLU, nn.LeakyReLU, nn.Sigmoid, nn.Tanh, nn.Softmax, nn.Dropout]
    layers = [layer for kind in kinds for layer in (nn.Linear(3, 3), kind())]
    net = nn.Sequential(*layers, Scale(3), rng=0, dtype=np.float32)
    X = np.random.default_rng(0).normal(size=(4, 3))
    y = np.array([0, 1, 2, 0]) if loss.classifies else X
    for given in (X, X.astype(np.float32), X.tolist()):
        Z = net(given)
        loss(Z, y)
        dX = net.backward(loss.backward(), to_input=True)
        arrays = [
            Z,
            dX,
            loss.backward(),
            net.theta,
            net.grad,
            net.predict(given),
            net.scores(given),
        ]
        arrays += [getattr(layer, name) for layer in net.layers for name in layer.shapes]
        kept = [
            v for layer in net.layers for v in vars(layer).values() if isinstance(v, np.ndarray)
        ]
        arrays += [array for array in kept if array.dtype.kind == "f"]
        assert {array.dtype for array in arrays} == {np.dtype("f4")}


def test_predict_gives_probabilities_whatever_the_last_layer():
    X = np.random.default_rng(0).normal(size=(5, 3))
    np.testing.assert_allclose(small().predict(X), nn.softmax(small().scores(X)))
    for last in (nn.Softmax(), nn.Sigmoid()):
        net = small(last)
        np.testing.assert_array_equal(net.predict(X), net.scores(X))


def test_one_column_and_columns_of_labels_are_read_by_the_sigmoid():
    X = np.random.default_rng(0).normal(size=(5, 3))
    one, two = nn.Sequential(nn.Linear(3, 1), rng=0), nn.Sequential(nn.Linear(3, 2), rng=0)
    np.testing.assert_allclose(one.predict(X), nn.sigmoid(one.scores(X)))
    np.testing.assert_allclose(two.predict(X), nn.softmax(two.scores(X)))
    two.predicts = "labels"
    np.testing.assert_allclose(two.predict(X), nn.sigmoid(two.scores(X)))


def test_a_first_layer_of_ones_own_gives_no_gradient_of_the_data_unasked():
    net, X = nn.Sequential(Scale(3), nn.Linear(3, 2), rng=0), np.ones((4, 3))
    assert net.backward(np.ones_like(net(X))) is None
    assert net.backward(np.ones((4, 2)), to_input=True).shape == (4, 3)


def test_a_network_is_printed_as_a_table():
    net = nn.Sequential(nn.Linear(30, 40), nn.Tanh(), nn.Linear(40, 2), rng=0, dtype="float32")
    lines = [
        "Sequential(",
        "  Linear(30, 40)      1,240",
        "  Tanh()",
        "  Linear(40, 2)          82",
        ")  1,322 parameters, float32",
    ]
    assert repr(net).splitlines() == lines


def test_a_network_prints_its_layers_and_counts_its_parameters():
    text = repr(small())
    assert "Linear(3, 2)" in text and "17 parameters" in text and "float64" in text


# --- a layer of the learner's own ------------------------------------------------------------


def test_the_learners_own_layer_needs_no_change_anywhere_else(tmp_path, fruit):
    _, loss, X, y = fruit
    net = nn.Sequential(Scale(3), nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 3), rng=0)
    net.layers[0].w = np.array([1.0, 2.0, 3.0])
    assert nn.check_gradients(net, loss, X, y, to_input=True).error < 1e-7
    losses = learn(net)
    assert losses[-1] < losses[0]
    assert not np.array_equal(net.layers[0].w, [1, 2, 3]), "the first layer learns too"
    other = nn.load(nn.save(net, tmp_path / "own"), layers=[Scale])
    np.testing.assert_array_equal(other.predict(X), net.predict(X))
    np.testing.assert_array_equal(copy.deepcopy(net).theta, net.theta)


class Flatten(nn.Layer):
    def forward(self, X):
        self.shape = X.shape
        return X.reshape(len(X), -1)

    def backward(self, dA):
        return dA.reshape(self.shape)


def test_behind_a_layer_of_ones_own_a_wrong_shape_is_refused_at_the_door():
    net = nn.Sequential(Flatten(), nn.Linear(4, 2), nn.ReLU(), nn.Linear(2, 3), rng=0)
    X = np.random.default_rng(0).normal(size=(5, 2, 2))
    loss, y = nn.CrossEntropyLoss(), np.array([0, 1, 2, 0, 1])
    loss(net(X), y)
    dZ = loss.backward()
    net.backward(dZ)
    before = net.grad.copy()
    with pytest.raises(
        ValueError, match=r"Linear\(4, 2\) expected X of shape \(N, 4\), got \(7, 6\)"
    ):
        net(np.ones((7, 3, 2)))
    net.backward(dZ)  # the forward that waited for it is still there
    np.testing.assert_array_equal(net.grad, before)


def test_a_layer_of_ones_own_is_tried_without_a_warning_or_a_trace():
    class Ratio(nn.Layer):
        def forward(self, X):
            assert len(X) > 1, "one example alone has no mean to compare with"
            X /= X.mean(axis=0)  # and it writes into its input
            self.X = X
            return np.log(X)

    net, X = nn.Sequential(Ratio(), nn.ReLU()), np.array([[1.0, 2.0], [3.0, 2.0]])
    np.testing.assert_allclose(net(X), [[0, 0], [np.log(1.5), 0]])
    net = nn.Sequential(Flatten(), nn.Linear(4, 2), rng=0)
    net.predict(np.ones((2, 2, 2)))
    assert not hasattr(net.layers[0], "shape"), "nothing is kept"


def test_a_layer_of_ones_own_may_have_the_name_of_one_of_ours(tmp_path):
    class ReLU(nn.Layer):
        def forward(self, X):
            return X + 1

    path = nn.save(nn.Sequential(nn.Linear(3, 2), ReLU(), rng=0), tmp_path / "net")
    with pytest.raises(ValueError, match=r"ReLU in net\.npz.*layers=\[ReLU\]"):
        nn.load(path)
    assert type(nn.load(path, layers=[ReLU]).layers[1]) is ReLU


def test_the_broken_layers_of_the_clinic_are_never_loaded(tmp_path):
    from nnlib.lessons import clinic

    broken = (clinic._Forgetful, clinic._WrongMask, clinic._AlwaysOn, clinic._SoftmaxTwice)
    healthy = (nn.Linear, nn.ReLU, nn.Dropout, nn.Softmax)
    assert [c.__name__ for c in broken] == [c.__name__ for c in healthy]
    layers = [nn.Linear(3, 2), nn.ReLU(), nn.Dropout(0.5), nn.Linear(2, 2), nn.Softmax()]
    other = nn.load(nn.save(nn.Sequential(*layers, rng=0), tmp_path / "net"))
    assert [type(layer) for layer in other.layers] == [type(layer) for layer in layers]
    sick = nn.save(nn.Sequential(clinic._Forgetful(3, 2), rng=0), tmp_path / "sick")
    with pytest.raises(ValueError, match=r"Linear in sick\.npz"):
        nn.load(sick)


# --- save and load ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "config, size", [((10**9, 10**9), 3), ((50_000, 50_000), 3), ((3, 2), 10**7)]
)
def test_a_file_that_promises_gigabytes_costs_nothing(config, size, tmp_path):
    path = tmp_path / "net.npz"
    rows = json.dumps([["Linear", True, {"n_in": config[0], "n_out": config[1]}]])
    np.savez_compressed(path, format="nnlib network 1", layers=rows, theta=np.zeros(size))
    tracemalloc.start()
    with pytest.raises(ValueError, match="net.npz, which is none or is damaged"):
        nn.load(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2e6


def test_a_description_that_no_network_needs_is_not_read(tmp_path):
    path = tmp_path / "net.npz"
    rows = json.dumps([["Linear", True, {"n_in": 3, "n_out": 2, "init": "x" * 10**7}]])
    np.savez_compressed(path, format="nnlib network 1", layers=rows, theta=np.zeros(8))
    with pytest.raises(ValueError, match="none or is damaged"):
        nn.load(path)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_are_neither_saved_nor_loaded(bad, tmp_path):
    net = nn.Sequential(nn.Linear(3, 2), rng=0)
    path = nn.save(net, tmp_path / "net")
    with np.load(path) as saved:
        arrays = dict(saved)
    arrays["theta"] = np.full(8, bad)
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match="none or is damaged"):
        nn.load(path)
    net.theta[3] = bad
    before = path.read_bytes()
    with pytest.raises(ValueError, match="parameters to hold finite numbers"):
        nn.save(net, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["", ".", None, 3])
def test_a_name_that_is_none_is_refused_in_our_words(name):
    net = nn.Sequential(nn.Linear(3, 2), rng=0)
    for use in (lambda: nn.save(net, name), lambda: nn.load(name)):
        with pytest.raises(ValueError, match="expected the name of a file"):
            use()


def test_what_a_killed_process_left_is_swept(tmp_path):
    net = nn.Sequential(nn.Linear(3, 2), rng=0)
    old, new, other = (tmp_path / name for name in ("net.npz.a.part", "net.npz.b.part", "x.part"))
    for path in (old, new, other):
        path.write_bytes(b"half")
    for path in (old, other):
        os.utime(path, (0, 0))
    nn.save(net, tmp_path / "net")
    assert sorted(os.listdir(tmp_path)) == ["net.npz", "net.npz.b.part", "x.part"]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ["net", "net.npz", "net.v2"])
def test_what_is_loaded_is_what_was_saved(tmp_path, name, dtype):
    layers = [nn.Linear(3, 4, init="xavier"), nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(4, 2)]
    net = nn.Sequential(*layers, rng=0, dtype=dtype)
    path = nn.save(net, tmp_path / name)
    assert path.suffix == ".npz" and os.listdir(tmp_path) == [path.name]
    for given in (path, str(path), tmp_path / name):
        other = nn.load(given)
        np.testing.assert_array_equal(other.theta, net.theta)
        assert other.dtype == dtype and repr(other) == repr(net)


def test_a_crash_while_writing_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    net = small()
    path = nn.save(net, tmp_path / "net")
    before = path.read_bytes()

    def crash(file, **arrays):
        file.write(b"half a file")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", crash)
    net.theta += 1
    with pytest.raises(KeyboardInterrupt):
        nn.save(net, path)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["net.npz"]


def test_a_file_is_put_in_its_place_in_one_move(tmp_path, monkeypatch):
    net = small()
    path = nn.save(net, tmp_path / "net")
    before = path.read_bytes()

    def crash(*_):
        raise OSError("the disk is gone")

    monkeypatch.setattr(os, "replace", crash)
    net.theta += 1
    with pytest.raises(OSError, match="the disk is gone"):
        nn.save(net, path)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["net.npz"]


def test_no_pickle_is_ever_read(tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "trapped"),)

    path = tmp_path / "net.npz"
    np.savez(path, format=np.array([Trap()], dtype=object), layers="[]", theta=np.zeros(1))
    with pytest.raises(ValueError, match="nn.load expected a network saved by nn.save"):
        nn.load(path)
    assert not (tmp_path / "trapped").exists()


def test_a_saved_file_holds_no_pickle(tmp_path):
    with zipfile.ZipFile(nn.save(small(), tmp_path / "net")) as file:
        for name in file.namelist():
            np.lib.format.read_array(io.BytesIO(file.read(name)), allow_pickle=False)


def test_a_damaged_file_gives_one_clear_error_wherever_the_damage_is(tmp_path):
    path = nn.save(small(), tmp_path / "net")
    good = path.read_bytes()
    theta = small().theta
    for i in range(0, len(good), 7):
        for bad in (good[:i], good[:i] + bytes([good[i] ^ 0x55]) + good[i + 1 :]):
            path.write_bytes(bad)
            try:
                net = nn.load(path)
            except ValueError as error:
                assert str(error).startswith("nn.load expected"), error
            else:  # a byte that says nothing, such as a date
                np.testing.assert_array_equal(net.theta, theta)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK"])
def test_a_file_that_is_no_network_gives_a_clear_error(tmp_path, content):
    path = tmp_path / "net.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"nn.load expected a network .*, got net\.npz"):
        nn.load(path)


@pytest.mark.parametrize("theta", [np.zeros(3), np.zeros(0, int), np.zeros((2, 2)), ["a"]])
@pytest.mark.parametrize(
    "layers",
    ["", "[]", "7", '["Linear"]', '[["Linear", true, {"n_in": 2}]]', '[["ReLU", true, {}]]'],
)
def test_a_file_that_somebody_changed_gives_a_clear_error(tmp_path, layers, theta):
    path = tmp_path / "net.npz"
    np.savez(path, format="nnlib network 1", layers=layers, theta=theta)
    with pytest.raises(ValueError, match=r"expected .*, got |has shape"):
        nn.load(path)


def test_an_unknown_version_is_no_network_of_ours(tmp_path):
    path = nn.save(small(), tmp_path / "net")
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **arrays | {"format": "nnlib network 999"})
    with pytest.raises(ValueError, match="nn.load"):
        nn.load(path)


def test_a_config_that_is_no_plain_data_is_refused_before_a_file_is_touched(tmp_path):
    class Shift(nn.Layer):
        def forward(self, X):
            return X

        def config(self):
            return {"by": np.zeros(2)}

    with pytest.raises(ValueError, match=r"config\(\)"):
        nn.save(nn.Sequential(Shift()), tmp_path / "net")
    assert os.listdir(tmp_path) == []


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="save a network there first"):
        nn.load(tmp_path / "net")
    with pytest.raises(ValueError, match="folder that exists"):
        nn.save(small(), tmp_path / "nowhere" / "net")


@pytest.mark.parametrize("layers", [(nn.Tanh(),), (nn.ReLU(), nn.Tanh())])
def test_a_network_without_parameters_goes_back_through_every_layer(layers):
    X = np.array([[0.5, 0.25]])
    net = nn.Sequential(*layers)
    A = net(X)
    np.testing.assert_allclose(net.backward(np.ones((1, 2)), to_input=True), 1 - A**2)
    assert net.backward(np.ones((1, 2))) is None


def test_a_gradient_of_zeros_is_a_gradient():
    net = nn.Sequential(nn.Linear(2, 2), rng=0)
    assert not net.has_gradient
    net.grad = np.zeros(6)
    assert net.has_gradient
    other = nn.Sequential(nn.Linear(2, 2), rng=0)
    other(np.ones((1, 2)))
    assert other._backward(np.zeros((1, 2))) is None and other.has_gradient


def test_scores_of_three_axes_are_read_along_the_last():
    net = nn.Sequential(nn.Tanh())
    X = np.random.default_rng(0).normal(size=(2, 1, 4))
    np.testing.assert_allclose(net.predict(X), nn.softmax(np.tanh(X)))


@pytest.mark.parametrize("shape", [(2, 6, 3), (2, 5, 3), (3,), (6, 4)])
def test_what_does_not_fit_is_refused_after_what_did(shape):
    net = nn.Sequential(nn.Linear(3, 2), rng=0)
    net(np.ones((6, 3)))
    with pytest.raises(ValueError, match=r"expected X of shape \(N, 3\)"):
        net(np.ones(shape))
