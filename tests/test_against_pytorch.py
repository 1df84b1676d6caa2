"""The same weights, the same numbers as PyTorch: outputs, losses, gradients, 100 optimiser steps.

Where PyTorch is installed the reference is computed by it now; elsewhere it comes from
tests/golden/pytorch.npz, which `python -m tools.golden` makes.
"""

import importlib.util

import numpy as np
import pytest

import nnlib as nn
from tools import golden

pytestmark = pytest.mark.filterwarnings("error")
HAS_TORCH = importlib.util.find_spec("torch") is not None
CLOSE = 1e-10


@pytest.fixture(scope="module")
def stored():
    with np.load(golden.PATH, allow_pickle=False) as file:
        return dict(file)


@pytest.fixture(scope="module")
def reference(stored):
    return golden.reference() if HAS_TORCH else stored


def built(name):
    layers, loss, _, _ = golden.NETWORKS[name]
    theta, X, y = golden.numbers(name)
    net = nn.Sequential(*(getattr(nn, kind)(*given) for kind, *given in layers))
    net.theta = theta
    return net, getattr(nn, loss)(), X, y


def close(ours, theirs, what, worst):
    error = np.abs(ours - theirs)
    worst("nnlib against PyTorch", error.max())
    where = np.unravel_index(error.argmax(), error.shape)
    seen = f"{what}{[int(i) for i in where]}: nnlib {ours[where]}, PyTorch {theirs[where]}"
    assert ours.shape == theirs.shape and error.max() <= CLOSE, seen


@pytest.mark.parametrize("name", golden.NETWORKS)
def test_one_pass(name, reference, worst):
    net, loss, X, y = built(name)
    Z = net(X)
    L = loss(Z, y)
    dX = net.backward(loss.backward(), to_input=True)
    results = {"output": Z, "loss": np.array(L), "grad": net.grad, "to_input": dX}
    for what, ours in results.items():
        close(ours, reference[f"{name}/{what}"], what, worst)


@pytest.mark.parametrize("decay", golden.DECAYS)
@pytest.mark.parametrize("name", golden.OPTIMISERS)
def test_a_hundred_steps(name, decay, reference, worst):
    net, loss, X, y = built("relu")
    kind, options = golden.OPTIMISERS[name]
    opt = getattr(nn, kind)(net, **options, weight_decay=decay)
    thetas = []
    for _ in range(golden.STEPS):
        loss(net(X), y)
        net.backward(loss.backward())
        opt.step()
        thetas.append(net.theta.copy())
    close(np.array(thetas), reference[f"{name}, weight_decay={decay}"], "theta", worst)


def test_the_defaults_are_those_of_pytorch():
    """Written down here, and compared with PyTorch's own where it is installed."""
    net = built("relu")[0]
    ours = {
        "RMSprop": (lambda o: {"lr": o.lr, "alpha": o.alpha, "eps": o.eps})(nn.RMSprop(net)),
        "Adam": (lambda o: {"lr": o.lr, "betas": o.betas, "eps": o.eps})(nn.Adam(net)),
    }
    assert ours["RMSprop"] == {"lr": 0.01, "alpha": 0.99, "eps": 1e-8}
    assert ours["Adam"] == {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-8}
    if HAS_TORCH:
        import torch

        for name, options in ours.items():
            theirs = getattr(torch.optim, name)([torch.zeros(1)]).defaults
            assert {key: theirs[key] for key in options} == options


def test_the_stored_values_are_what_pytorch_computes(stored, worst):
    pytest.importorskip("torch")
    fresh = golden.reference()
    assert fresh.keys() == stored.keys()
    for name, array in fresh.items():
        np.testing.assert_allclose(stored[name], array, rtol=0, atol=1e-11, err_msg=name)


def test_a_wrong_number_would_be_noticed(stored):
    with pytest.raises(AssertionError, match="nnlib"):
        theirs = stored["relu/grad"]
        close(theirs + 1e-9 * (np.arange(theirs.size) == 3), theirs, "grad", lambda *_: None)
