"""Scale and Distort: what they do to pixels, and that they do nothing where they must not."""

import numpy as np
import pytest

import nnlib as nn
from nnlib.pictures import bends, distortions

NONE = {"turn": 0, "stretch": 0, "slant": 0, "shift": 0, "bend": 0}
rng = np.random.default_rng(0)
X = rng.integers(1, 256, (6, 9, 9)).astype(np.uint8)


def test_scale_is_a_product_forward_and_backward():
    layer = nn.Scale(1 / 255)
    A = layer.forward(X.astype(np.float32))
    assert A.dtype == np.float32 and A.min() > 0 and A.max() <= 1
    np.testing.assert_allclose(A, X / 255, rtol=1e-6)
    np.testing.assert_allclose(layer.backward(np.ones((2, 3))), 1 / 255)


def test_without_any_distortion_the_pictures_stay_as_they_are():
    np.testing.assert_array_equal(nn.Distort(9, **NONE, rng=0).forward(X), X)


def test_in_evaluation_mode_nothing_happens():
    layer = nn.Distort(9, rng=0)
    layer.eval()
    assert layer.forward(X) is X


def test_a_whole_turn_of_the_shift_moves_every_pixel_by_it():
    """A field that shifts by two rows shows, in each row, the row two further down."""
    places = distortions(1, 9, **NONE, rng=rng) + 2 * 9
    layer = nn.Distort(9, rng=0)
    layer.places = places
    np.testing.assert_array_equal(layer.forward(X)[:, :-2], X[:, 2:])


@pytest.mark.parametrize("much", [{"turn": 90}, {"turn": 8}, {"bend": 3}, {"shift": 20}])
def test_every_pixel_comes_from_its_own_picture(much):
    own = np.repeat(np.arange(1, 7), 81).reshape(6, 9, 9)
    layer = nn.Distort(9, **(NONE | much), rng=1)
    np.testing.assert_array_equal(layer.forward(own), own)
    channels = np.stack([own, own + 10], axis=1)
    np.testing.assert_array_equal(layer.forward(channels), channels)


def test_all_channels_of_a_picture_are_distorted_alike():
    both = np.stack([X, X], axis=1)
    A = nn.Distort(9, rng=2).forward(both)
    np.testing.assert_array_equal(A[:, 0], A[:, 1])
    assert not np.array_equal(A[:, 0], X)


def test_each_picture_and_each_time_has_a_distortion_of_its_own():
    layer = nn.Distort(9, rng=3)
    same = np.repeat(X[:1], 20, axis=0)
    first, second = layer.forward(same), layer.forward(same)
    assert len(np.unique(first, axis=0)) > 15 and not np.array_equal(first, second)


def test_a_quarter_turn_is_a_quarter_turn():
    class Quarter:
        def uniform(self, low, high, size):
            return np.full(size, high)

        def standard_normal(self, size):
            return np.zeros(size)

    places = distortions(1, 9, **(NONE | {"turn": 90}), rng=Quarter())
    np.testing.assert_array_equal(X[0].ravel()[places[0]].reshape(9, 9), np.rot90(X[0], -1))


def test_bends_are_smooth_and_have_the_stated_size():
    fields = bends(4000, 28, np.random.default_rng(0))
    assert fields.shape == (4000, 28, 28)
    np.testing.assert_allclose(fields.std(axis=0), 1, atol=0.06)
    assert np.abs(np.diff(fields, axis=1)).std() < 0.25  # neighbours move nearly alike


def test_each_pixel_gets_back_the_gradients_of_the_pixels_that_show_it():
    layer = nn.Distort(9, rng=4)
    inputs = rng.normal(size=(6, 9, 9))
    layer.forward(inputs)
    dA, index = rng.normal(size=inputs.shape), layer.index

    def loss(X):
        return (X.ravel()[index].reshape(X.shape) * dA).sum()

    slopes = nn.numerical_gradient(loss, inputs)
    np.testing.assert_allclose(layer.backward(dA), slopes, atol=1e-6)
    layer.eval()
    layer.forward(inputs)
    assert layer.backward(dA) is dA


def small_net(seed):
    layers = nn.Distort(9, tables=50), nn.Scale(1 / 255), nn.Flatten(), nn.Linear(81, 3)
    return nn.Sequential(*layers, rng=seed, dtype=np.float32)


def trained(seed):
    net = small_net(seed)
    how = {"loss": nn.CrossEntropyLoss(), "optimizer": nn.Adam(net), "epochs": 2, "batch_size": 4}
    history = nn.fit(net, X, np.arange(6) % 3, **how, rng=0)
    return net, history


def test_a_network_takes_bytes_and_is_the_same_for_the_same_seed():
    (one, h1), (other, h2) = trained(5), trained(5)
    assert h1.loss == h2.loss and np.array_equal(one.theta, other.theta)
    assert not np.array_equal(one.theta, trained(6)[0].theta)
    np.testing.assert_array_equal(one.predict(X), one.predict(X))


def test_a_run_that_was_cut_off_ends_the_same(tmp_path):
    def run(epochs, path=None):
        net = small_net(8)
        how = {"loss": nn.CrossEntropyLoss(), "optimizer": nn.Adam(net), "batch_size": 4, "rng": 0}
        nn.fit(net, X, np.arange(6) % 3, **how, epochs=epochs, checkpoint=path)
        return net.theta

    run(2, tmp_path / "run")
    np.testing.assert_array_equal(run(4, tmp_path / "run"), run(4))


def test_the_weights_after_it_are_drawn_as_without_it():
    plain = nn.Sequential(nn.Flatten(), nn.Linear(81, 3), rng=5, dtype=np.float32)
    np.testing.assert_array_equal(small_net(5).theta, plain.theta)


def test_a_network_with_both_is_saved_and_loaded(tmp_path):
    net, _ = trained(7)
    nn.save(net, tmp_path / "net")
    np.testing.assert_array_equal(nn.load(tmp_path / "net").predict(X), net.predict(X))


@pytest.mark.parametrize("shape", [(6, 81), (6, 8, 9), (6, 9, 9, 1)])
def test_what_is_no_square_picture_is_refused(shape):
    with pytest.raises(ValueError, match=r"Distort\(9\) expected pictures \(N, 9, 9\)"):
        nn.Sequential(nn.Distort(9), nn.Flatten(), rng=0)(np.zeros(shape))


@pytest.mark.parametrize(
    "options", [{"side": 0}, {"side": 9, "turn": -1}, {"side": 9, "tables": 0}]
)
def test_bad_options_are_refused(options):
    with pytest.raises(ValueError, match="Distort expected"):
        nn.Distort(**options)
