"""A fault in the learner's own network of 08: chosen by the seed, seen where it belongs."""

import numpy as np
import pytest

import nnlib as nn
from nnlib import clinic
from nnlib.checks import ward
from nnlib.lessons.clinic import DISEASES
from nnlib.lessons.own import FAULTS, Own


def start(D, H, K, rng):
    rng = np.random.default_rng(rng)
    W1 = rng.standard_normal((D, H)) * np.sqrt(2 / D)
    W2 = rng.standard_normal((H, K)) * np.sqrt(2 / H)
    return {"W1": W1, "b1": np.zeros(H), "W2": W2, "b2": np.zeros(K)}


def forward(params, X):
    Z1 = X @ params["W1"] + params["b1"]
    A1 = np.maximum(0, Z1)
    return Z1, A1, nn.softmax(A1 @ params["W2"] + params["b2"])


def backward(params, X, Y, Z1, A1, P):
    dZ2 = (P - Y) / len(X)
    dZ1 = (dZ2 @ params["W2"].T) * (Z1 > 0)
    first = {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0)}
    return first | {"W2": A1.T @ dZ2, "b2": dZ2.sum(axis=0)}


def update(params, grads, lr):
    return {name: params[name] - lr * grads[name] for name in params}


OWN = {"start": start, "forward": forward, "backward": backward, "update": update}


def out(own):
    return {line.looked_at for line in own.examine().complaints}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_shows_in_its_line_and_nothing_else_is_called_right(fault):
    sick = Own(0, OWN, (fault,))
    assert DISEASES[fault].sign in out(sick)
    assert ward.diagnosis(sick, fault, quiet=True).passed
    for other in [*FAULTS, "healthy"]:
        if other != fault:
            result = ward.diagnosis(sick, other)
            assert result.passed is False and fault not in result.hints[0]


def test_a_healthy_one_has_no_complaint():
    assert out(Own(0, OWN, ())) == set()
    assert ward.diagnosis(Own(0, OWN, ()), "healthy", quiet=True).passed


def test_every_fault_is_met_and_sometimes_none():
    met = [clinic.infect(seed, **OWN).diseases for seed in range(60)]
    assert {name for each in met for name in each} == set(FAULTS) and () in met
    assert met[:5] == [clinic.infect(seed, **OWN).diseases for seed in range(5)]


@pytest.mark.parametrize("name", OWN)
def test_it_tells_nothing_and_leaves_what_was_handed_in(name):
    sick = clinic.infect(3, **OWN)
    assert not any(fault in repr(sick) for fault in FAULTS)
    with pytest.raises(ValueError, match=f"expected {name} to be a function"):
        clinic.infect(3, **OWN | {name: 3})


def test_a_fault_that_was_there_before_is_told():
    def unmasked(params, X, Y, Z1, A1, P):
        return backward(params, X, Y, np.ones_like(Z1), A1, P)

    with pytest.raises(ValueError, match="functions that work, got gradient: wrong in W1, b1"):
        clinic.infect(3, **OWN | {"backward": unmasked})
