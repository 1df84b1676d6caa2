"""nnlib to PyTorch and back: the same numbers in both directions, and errors that say why not."""

import importlib.util
import sys

import numpy as np
import pytest

import nnlib as nn

HAS_TORCH = importlib.util.find_spec("torch") is not None
needs_torch = pytest.mark.skipif(not HAS_TORCH, reason="PyTorch (torch) is not here")


def dense():
    layers = [nn.Linear(5, 4), nn.Tanh(), nn.Dropout(0.3), nn.Linear(4, 4), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Linear(4, 3), nn.Softmax(), rng=0), (7, 5)


def pictures():
    layers = [nn.Conv2d(2, 3, 3, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(12, 2), rng=1), (4, 2, 8, 8)


def nested():
    inner = nn.Sequential(nn.Linear(3, 3), nn.Sigmoid(), rng=2)
    return nn.Sequential(inner, nn.Linear(3, 2), rng=3), (6, 3)


@needs_torch
@pytest.mark.parametrize("made", [dense, pictures, nested])
@pytest.mark.parametrize("dtype, close", [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_there_and_back(made, dtype, close):
    import torch

    net, shape = made()
    twin = net
    if dtype == np.float32:
        twin = nn.from_torch(nn.to_torch(net).float())
    X = np.random.default_rng(0).normal(size=shape).astype(dtype)
    module = nn.to_torch(twin).eval()
    theirs = module(torch.from_numpy(X)).detach().numpy()
    assert theirs.dtype == dtype
    np.testing.assert_allclose(theirs, twin.scores(X), rtol=0, atol=close)
    back = nn.from_torch(module)
    assert back.dtype == dtype and repr(back) == repr(twin)
    np.testing.assert_array_equal(back.theta, twin.theta)


@needs_torch
@pytest.mark.parametrize("seed", range(10))
def test_five_steps_on_either_side(seed):
    import torch

    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(20, 4)), rng.integers(3, size=20)
    net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3), rng=seed)
    module = nn.to_torch(net)
    adam, loss = torch.optim.Adam(module.parameters(), lr=0.05), nn.CrossEntropyLoss()
    ours = nn.Adam(net, lr=0.05)
    for _ in range(5):
        adam.zero_grad()
        torch.nn.functional.cross_entropy(
            module(torch.from_numpy(X)), torch.from_numpy(y)
        ).backward()
        adam.step()
        loss(net(X), y)
        net.backward(loss.backward())
        ours.step()
    np.testing.assert_allclose(nn.from_torch(module).theta, net.theta, rtol=0, atol=1e-10)


@needs_torch
def test_nothing_is_shared():
    import torch

    net, _ = dense()
    before = net.theta.copy()
    module = nn.to_torch(net)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter += 1
    np.testing.assert_array_equal(net.theta, before)
    back = nn.from_torch(module)
    back.theta += 1
    np.testing.assert_allclose(nn.from_torch(module).theta, back.theta - 1, atol=1e-12)


@needs_torch
def test_the_mode_comes_along():
    module = nn.to_torch(dense()[0]).eval()
    assert not any(layer.training for layer in nn.from_torch(module).layers)
    module.train()
    assert all(layer.training for layer in nn.from_torch(module).layers)


class Own(nn.Layer):
    def forward(self, X):
        return X

    def backward(self, dA):
        return dA


@needs_torch
def test_what_cannot_be_carried_over_is_refused():
    import torch

    there = torch.nn
    with pytest.raises(ValueError, match="layers that PyTorch has, too"):
        nn.to_torch(nn.Sequential(nn.Linear(2, 2), Own(), rng=0))
    with pytest.raises(ValueError, match="expected a network of nnlib"):
        nn.to_torch(there.Sequential(there.Linear(2, 2)))
    for module, message in (
        (there.Linear(2, 2), "expected a torch.nn.Sequential"),
        (there.Sequential(), "at least one layer"),
        (there.Sequential(there.Linear(2, 2, bias=False)), "layers with a bias"),
        (there.Sequential(there.GELU()), "layers that nnlib has, too"),
        (there.Sequential(there.Softmax(dim=0)), "layers that nnlib has, too"),
        (there.Sequential(there.Conv2d(2, 2, 3, dilation=2)), "layers that nnlib has, too"),
        (there.Sequential(there.MaxPool2d(2, padding=1)), "layers that nnlib has, too"),
        (there.Sequential(there.Linear(2, 2), there.Linear(2, 2).double()), "all float32 or all"),
        (there.Sequential(there.Linear(2, 2).half()), "all float32 or all"),
    ):
        with pytest.raises(ValueError, match=message):
            nn.from_torch(module)


@pytest.mark.parametrize("function", [nn.to_torch, nn.from_torch])
def test_without_pytorch_the_error_says_so(function, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match="expected PyTorch, got none. Fix: python -m pip install"):
        function(dense()[0])
