"""Convolution, pooling, flattening: plain loops, measured gradients, and PyTorch's numbers."""

import importlib.util

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import nnlib as nn
from nnlib.conv import output_size

HAS_TORCH = importlib.util.find_spec("torch") is not None


@st.composite
def cases(draw):
    """(layer, X): a convolution with numbers of its own, and pictures that it fits."""
    n, c, o = (draw(st.integers(1, most)) for most in (3, 3, 4))
    k, s, p = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(0, 2))
    h, w = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    assume(min(h, w) + 2 * p >= k)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    layer = nn.Conv2d(c, o, k, stride=s, padding=p, rng=rng)
    layer.b = rng.standard_normal(o)
    return layer, rng.standard_normal((n, c, h, w))


def by_loops(X, W, b, stride, padding):
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    k = W.shape[2]
    rows, columns = (output_size(n, k, stride) for n in X.shape[2:])
    Z = np.zeros((len(X), len(W), rows, columns))
    for n, o, i, j in np.ndindex(Z.shape):
        window = X[n, :, stride * i : stride * i + k, stride * j : stride * j + k]
        Z[n, o, i, j] = (window * W[o]).sum() + b[o]
    return Z


@given(cases())
def test_a_convolution_is_what_the_loops_give(case):
    layer, X = case
    Z = by_loops(X, layer.W, layer.b, layer.stride, layer.padding)
    np.testing.assert_allclose(layer(X), Z, atol=1e-12)
    assert layer.output_shape(X.shape) == Z.shape
    layer.eval()
    np.testing.assert_allclose(layer(X), Z, atol=1e-12)


@pytest.mark.skipif(not HAS_TORCH, reason="PyTorch (torch) is not installed")
@settings(max_examples=200)
@given(cases())
def test_a_convolution_has_pytorchs_numbers(case):
    import torch

    layer, X = case
    tX, tW, tb = (torch.tensor(a, requires_grad=True) for a in (X, layer.W, layer.b))
    options = {"stride": layer.stride, "padding": layer.padding}
    tZ = torch.nn.functional.conv2d(tX, tW, tb, **options)
    Z = layer(X)
    dZ = np.cos(np.arange(Z.size)).reshape(Z.shape)
    tZ.backward(torch.tensor(dZ))
    dX = layer.backward(dZ)
    for ours, theirs in ((Z, tZ.detach()), (dX, tX.grad), (layer.dW, tW.grad), (layer.db, tb.grad)):
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=0, atol=1e-10)


@pytest.mark.skipif(not HAS_TORCH, reason="PyTorch (torch) is not installed")
@settings(max_examples=200)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(3, 7), st.booleans(), st.integers(0, 99))
def test_pooling_has_pytorchs_numbers(k, stride, size, ties, seed):
    """Where several pixels are the largest, too: the first one gets the blame."""
    import torch

    rng = np.random.default_rng(seed)
    X = rng.integers(0, 3, (2, 2, size, size + 1)) * 1.0 if ties else rng.random((2, 2, size, size))
    tX = torch.tensor(X, requires_grad=True)
    tA = torch.nn.functional.max_pool2d(tX, k, stride)
    layer = nn.MaxPool2d(k, stride)
    A = layer(X)
    dA = rng.standard_normal(A.shape)
    tA.backward(torch.tensor(dA))
    np.testing.assert_array_equal(A, tA.detach().numpy())
    np.testing.assert_allclose(layer.backward(dA), tX.grad.numpy(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("method, most", [("central", 1e-6), ("complex", 1e-12)])
def test_gradients_of_a_whole_network_against_numbers(method, most):
    rng = np.random.default_rng(0)
    net = nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1), nn.Tanh(), nn.Conv2d(3, 2, 2, stride=2), nn.Sigmoid(),
        nn.Flatten(), nn.Linear(8, 2), rng=0,
    )  # fmt: skip
    X, y = rng.standard_normal((3, 2, 5, 4)), [0, 1, 1]
    report = nn.check_gradients(net, nn.CrossEntropyLoss(), X, y, method=method, to_input=True)
    assert report.error < most, report


def lenet(dtype=np.float32):
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 10),
        rng=0, dtype=dtype,
    )  # fmt: skip


def test_it_learns_digits_and_is_the_same_after_saving(tmp_path):
    X, y = nn.data.digits()
    X = X.reshape(-1, 1, 8, 8)
    net, loss = lenet(), nn.CrossEntropyLoss()
    options = {"loss": loss, "optimizer": nn.Adam(net, 0.01), "epochs": 8, "rng": 0}
    history = nn.fit(net, X[:1200], y[:1200], validation=(X[1200:], y[1200:]), **options)
    assert history.val_accuracy[-1] > 0.9
    other = nn.load(nn.save(net, tmp_path / "lenet"))
    np.testing.assert_array_equal(other.predict(X[:300]), net.predict(X[:300]))


def test_a_large_set_is_predicted_in_pieces():
    """The unfolded windows of 1,000 pictures at once would take nine times their room."""
    import tracemalloc

    net, X = nn.Sequential(nn.Conv2d(1, 4, 5, rng=0)), np.ones((2000, 1, 28, 28), np.float32)
    tracemalloc.start()
    net.scores(X)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20 * X.nbytes, f"{most / X.nbytes:.0f} times the pictures"


@pytest.mark.parametrize(
    "make, told",
    [
        (lambda: nn.Conv2d(1, 4, 3)(np.ones((5, 28, 28))), r"pictures \(N, C, H, W\), got \(5, 28"),
        (lambda: nn.Conv2d(3, 4, 3)(np.ones((5, 1, 8, 8))), r"3 channels.*got \(5, 1, 8, 8\)"),
        (lambda: nn.Conv2d(1, 4, 5)(np.ones((5, 1, 4, 8))), "at least 5 × 5 pixels, got 4 × 8"),
        (lambda: nn.MaxPool2d(2)(np.ones((5, 1, 1, 8))), "at least 2 × 2 pixels, got 1 × 8"),
        (lambda: nn.Conv2d(1, 4, 0), "kernel_size >= 1, got 0"),
        (lambda: nn.Conv2d(1, 4, 3, padding=-1), "padding >= 0, got -1"),
        (lambda: nn.Conv2d(1, 4, 3, init="zeros"), "'he' or 'xavier', got 'zeros'"),
        (lambda: nn.Conv2d(1, 4, (3, 3)), r"whole number, got \(3, 3\)"),
    ],
)
def test_a_mistake_gets_one_sentence(make, told):
    with pytest.raises(ValueError, match=told):
        make()


def test_layers_that_do_not_fit_are_refused_when_the_shape_is_known():
    net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(100, 10), rng=0)
    with pytest.raises(ValueError, match=r"Linear\(100, 10\) expected X of shape \(N, 100\)"):
        net(np.ones((2, 1, 8, 8)))


def test_nothing_of_the_caller_is_written_into():
    X = np.random.default_rng(0).standard_normal((2, 1, 6, 6))
    net, before = nn.Sequential(nn.Conv2d(1, 2, 3), nn.MaxPool2d(2), rng=0), X.copy()
    dZ = np.ones(net(X).shape)
    net.backward(dZ, to_input=True)
    np.testing.assert_array_equal(X, before)
    np.testing.assert_array_equal(dZ, 1)


@pytest.mark.parametrize(
    "layer, config",
    [
        (nn.Conv2d(1, 2, 3), {"n_in": 1, "n_out": 2, "kernel_size": 3}),
        (
            nn.Conv2d(1, 2, 3, stride=2, padding=1, init="xavier"),
            {"n_in": 1, "n_out": 2, "kernel_size": 3, "stride": 2, "padding": 1, "init": "xavier"},
        ),
        (nn.MaxPool2d(2), {"kernel_size": 2}),
        (nn.MaxPool2d(3, stride=2), {"kernel_size": 3, "stride": 2}),
        (nn.MaxPool2d(2, stride=2), {"kernel_size": 2}),
    ],
)
def test_a_layer_is_described_by_what_it_was_made_of(layer, config, tmp_path):
    assert layer.config() == config
    other = nn.load(nn.save(nn.Sequential(layer, rng=0), tmp_path / "net")).layers[0]
    assert other.config() == config and (other.stride, other.padding) == (
        layer.stride,
        layer.padding,
    )


def test_a_kernel_starts_as_the_column_of_a_linear_layer_would():
    kernels = nn.Conv2d(2, 5, 3, rng=4).W
    np.testing.assert_array_equal(kernels.reshape(5, -1), nn.he_normal(18, 5, 4).T)
    xavier = nn.Conv2d(2, 5, 3, init="xavier", rng=4).W
    np.testing.assert_array_equal(xavier.reshape(5, -1), nn.xavier_normal(18, 5, 4).T)


def test_the_shape_that_comes_out_is_told_before_anything_runs():
    flat, pool, conv = nn.Flatten(), nn.MaxPool2d(2), nn.Conv2d(3, 4, 3, stride=2, padding=1)
    assert flat.output_shape((None, 3, 4, 5)) == (None, 60)
    assert flat.output_shape((7, None, 4, 5)) is None and flat.output_shape(None) is None
    assert pool.output_shape((None, 3, 5, None)) == (None, 3, 2, None)
    assert pool.output_shape(None) is None and conv.output_shape(None) is None
    assert conv.output_shape((None, None, 5, 8)) == (None, 4, 3, 4)
    assert conv.output_shape((None, 3, 1, 1)) == (None, 4, 1, 1)


def test_padding_counts_in_what_is_asked_of_a_picture():
    with pytest.raises(ValueError, match="at least 3 × 3 pixels, got 2 × 8"):
        nn.Conv2d(1, 4, 5, padding=1)(np.ones((5, 1, 2, 8)))


@pytest.mark.parametrize("n", [256, 300])
def test_pictures_taken_in_pieces_give_the_same_numbers(n):
    X = np.random.default_rng(0).standard_normal((n, 1, 4, 4))
    layer = nn.Conv2d(1, 2, 3, rng=0)
    whole = layer(X)
    layer.eval()
    np.testing.assert_allclose(layer(X), whole, atol=1e-14)


def test_the_places_of_a_window_by_hand():
    assert output_size(5, 3) == 3 and output_size(5, 3, 2) == 2 and output_size(6, 3, 2) == 2
    assert output_size(5, 3, padding=1) == 5 and output_size(2, 3) == 0
