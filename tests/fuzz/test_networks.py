"""Layers, networks, settings and data sets, asked with whatever a hand can reach.

A network that is handed numbers in any disguise computes, bit for bit, what it computes of the same
numbers in a plain array, or refuses both; and a plain array gives what the formula gives.
"""

import math

import numpy as np
import pytest
from fuzzing import (
    ANYTHING,
    FLOATS,
    INTEGERS,
    Refused,
    answer_or_none,
    as_number,
    asked,
    close,
    disguised,
    fingerprint,
    fuzzed,
    is_whole,
    plain_arrays,
    same_bits,
)
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import nnlib as nn
from nnlib.errors import MOST

pytestmark = pytest.mark.filterwarnings("error")


def wide(A):
    return np.asarray(A, np.longdouble)


# ---------------------------------------------------------------- layers, by their formulas


def linear(layer, X, dZ):
    W, b = wide(layer.W), wide(layer.b)
    return X @ W + b, dZ @ W.T, {"W": X.T @ dZ, "b": dZ.sum(axis=0)}


def entry_by_entry(f, slope):
    return lambda layer, Z, dA: (f(Z, layer), dA * slope(Z, layer), {})


def sigmoid(Z, layer=None):
    return 1 / (1 + np.exp(-Z))


def softmax(layer, Z, dP):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    P = E / E.sum(axis=-1, keepdims=True)
    return P, P * (dP - (P * dP).sum(axis=-1, keepdims=True)), {}


def conv(layer, X, dZ):
    k, s, p = layer.kernel_size, layer.stride, layer.padding
    W, b = wide(layer.W), wide(layer.b)
    X = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))
    Z, dX, dW = np.zeros(dZ.shape, X.dtype), np.zeros(X.shape, X.dtype), np.zeros(W.shape, X.dtype)
    for n, o, i, j in np.ndindex(dZ.shape):
        place = n, slice(None), slice(s * i, s * i + k), slice(s * j, s * j + k)
        Z[n, o, i, j] = b[o] + (W[o] * X[place]).sum()
        dX[place] += dZ[n, o, i, j] * W[o]
        dW[o] += dZ[n, o, i, j] * X[place]
    inside = slice(p, X.shape[2] - p), slice(p, X.shape[3] - p)
    return Z, dX[:, :, *inside], {"W": dW, "b": dZ.sum(axis=(0, 2, 3))}


def pool(layer, X, dA):
    k, s = layer.kernel_size, layer.stride
    A, dX = np.zeros(dA.shape, X.dtype), np.zeros(X.shape, X.dtype)
    for n, c, i, j in np.ndindex(dA.shape):
        window = X[n, c, s * i : s * i + k, s * j : s * j + k]
        first = np.unravel_index(window.argmax(), window.shape)
        A[n, c, i, j] = window[first]
        dX[n, c, s * i : s * i + k, s * j : s * j + k][first] += dA[n, c, i, j]
    return A, dX, {}


def same(layer, X, dA):
    return X.reshape(dA.shape), dA.reshape(X.shape), {}


def dropped(layer, X, dA):
    mask = np.ones(X.shape) if layer.mask is None else layer.mask
    assert set(np.unique(mask)) <= {0.0, mask.dtype.type(1 / (1 - layer.p)), 1.0}
    return X * mask, dA * mask, {}


LAYERS = {
    nn.Linear: ((2, 3), linear),
    nn.ReLU: ((), entry_by_entry(lambda Z, layer: np.maximum(Z, 0), lambda Z, layer: Z > 0)),
    nn.LeakyReLU: (
        (0.25,),
        entry_by_entry(
            lambda Z, layer: np.where(Z > 0, Z, Z / 4), lambda Z, layer: np.where(Z > 0, 1, 0.25)
        ),
    ),
    nn.Sigmoid: ((), entry_by_entry(sigmoid, lambda Z, layer: sigmoid(Z) * sigmoid(-Z))),
    nn.Tanh: (
        (),
        entry_by_entry(lambda Z, layer: np.tanh(Z), lambda Z, layer: 1 - np.tanh(Z) ** 2),
    ),
    nn.Softmax: ((), softmax),
    nn.Dropout: ((0.25,), dropped),
    nn.Scale: (
        (0.5,),
        entry_by_entry(lambda Z, layer: Z / 2, lambda Z, layer: np.full(Z.shape, 0.5)),
    ),
    nn.Flatten: ((), same),
    nn.Conv2d: ((2, 3, 2), conv),
    nn.MaxPool2d: ((2,), pool),
}
FORMS = {nn.Linear: (3, 2), nn.Conv2d: (2, 2, 3, 4), nn.MaxPool2d: (2, 1, 4, 5)}
WINDOWS = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(0, 2))


def fits(kind, layer, shape):
    """Does a layer take this shape? Written anew, from its docstring."""
    if kind is nn.Linear:
        return len(shape) == 2 and shape[1] == 2
    if kind in (nn.Conv2d, nn.MaxPool2d):
        p = layer.padding
        large = len(shape) == 4 and min(shape[2:]) + 2 * p >= layer.kernel_size
        return large and (kind is nn.MaxPool2d or shape[1] == 2)
    return True


def kept(layer):
    """What a layer has stored, its arrays for the most part."""
    return [(name, value) for name, value in vars(layer).items() if name != "rng"]


@fuzzed("layers")
@given(st.sampled_from(list(LAYERS)), st.data())
def test_layers(kind, data):
    arguments, formula = LAYERS[kind]
    if kind in (nn.Conv2d, nn.MaxPool2d):
        k, s, p = data.draw(WINDOWS)
        arguments = (2, 3, k, s, p) if kind is nn.Conv2d else (k, s)
    layer = kind(*arguments)
    seed = data.draw(st.integers(0, 99))
    layer.initialise(seed)
    for name in layer.shapes:
        setattr(layer, name, np.random.default_rng(seed).normal(size=layer.shapes[name]))
    layer.train(data.draw(st.booleans()) or kind is nn.Conv2d)
    usual = FORMS.get(kind, (3, 2))
    shape = data.draw(
        st.just(usual) | hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
    )
    X = data.draw(disguised(plain_arrays(shape, FLOATS * 2 + INTEGERS)))
    before = fingerprint(kept(layer))
    A = answer_or_none(layer, X)
    good = X.holds("fiub") and X.plain.size and X.plain.ndim and fits(kind, layer, X.plain.shape)
    with np.errstate(all="ignore"):
        good = (
            good and np.isfinite(X.plain if X.plain.dtype != "f2" else X.plain.astype(float)).all()
        )
    assert (A is not None) == bool(good)
    if A is None:
        assert fingerprint(kept(layer)) == before, "half a forward"
        return
    if isinstance(X.shown, np.ndarray):
        assert not np.may_share_memory(A, np.asarray(X.shown))
    exact = wide(X.plain)
    assume(np.abs(exact).max() < 1e4)  # where sums round as a whole; larger ones did not warn
    dA = np.random.default_rng(seed).normal(size=A.shape).astype(A.dtype)
    given_dA = dA.copy()
    dX = asked(layer.backward, dA)
    same_bits(dA, given_dA)
    right, right_dX, right_grads = formula(layer, exact, wide(dA))
    size = float(np.abs(exact).max()) * 40
    single = A.dtype == np.float32
    for mine, theirs in ((A, right), (dX, right_dX)):
        assert mine.shape == np.shape(theirs)
        close(mine if not single else np.float32(mine), theirs, scale=max(size, 40))
    for name, gradient in right_grads.items():
        mine = getattr(layer, "d" + name)
        close(np.float32(mine) if single else mine, gradient, scale=max(size, 40))


# ---------------------------------------------------------------- whole networks


def network(dtype, classes):
    return nn.Sequential(
        nn.Linear(3, 4), nn.Tanh(), nn.Dropout(0.25), nn.Linear(4, classes), rng=0, dtype=dtype
    )


def story(X, y, dtype, kind, classes):
    """Every public call on this data: what each answers, or the sentence that refuses it."""
    net, loss = network(dtype, classes), kind()
    opt = nn.Adam(net, lr=0.01)
    how = {"loss": loss, "optimizer": opt, "epochs": 2, "batch_size": 2, "rng": 0}
    calls = {
        "forward": lambda: net(X),
        "loss": lambda: loss(net(X), y),
        "predict": lambda: net.predict(X),
        "check": lambda: nn.check_gradients(net, loss, X, y).errors["layers[0].W"],
        "fit": lambda: nn.fit(net, X, y, validation=(X, y), patience=2, **how).loss,
        "theta": lambda: net.theta.copy(),
        "examine": lambda: repr(nn.examine(net, loss, X, y).complaints),
    }
    told = {}
    for name, call in calls.items():
        theta, grad, mode = net.theta.copy(), net.grad.copy(), net.training
        try:
            told[name] = asked(call)
        except Refused as refusal:
            told[name] = str(refusal)
            same_bits(net.theta, theta)
            same_bits(net.grad, grad)
            assert net.training is mode
        net.train()
    return told


@fuzzed("networks")
@given(st.data())
def test_networks_compute_the_same_of_every_disguise(data):
    dtype = data.draw(st.sampled_from((np.float64, np.float32)))
    kind = data.draw(st.sampled_from((nn.CrossEntropyLoss, nn.MSELoss, nn.BCEWithLogitsLoss)))
    N, classes = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 3))
    shape = data.draw(st.sampled_from(((N, 3), (N, 3), (N, 3), (N, 3), (N, 2), (0, 3), (3,))))
    odd = data.draw(st.integers(0, 3)) == 0
    X = data.draw(disguised(plain_arrays(shape, FLOATS * 2 + INTEGERS, odd)))
    if kind is nn.CrossEntropyLoss:
        kinds, shape = INTEGERS if not odd else INTEGERS + FLOATS, (N,)
    else:
        kinds, shape = FLOATS + ("bool",), (N, classes)
    y = data.draw(disguised(plain_arrays(shape, kinds, odd)))
    assume(X.plain is not None and y.plain is not None)
    told = asked(lambda X, y: story(X, y, dtype, kind, classes), X, y)
    numbers = X.plain.astype(np.longdouble) if X.plain.dtype.char == "g" else X.plain.astype(float)
    if X.plain.dtype == np.float32:
        numbers = X.plain.copy()
    targets = y.plain.copy()
    plainly = story(numbers, targets, dtype, kind, classes)
    for name, one in told.items():
        if isinstance(one, str) or isinstance(plainly[name], str):
            assert isinstance(plainly[name], str) and isinstance(one, str), (name, one)
        else:
            np.testing.assert_array_equal(one, plainly[name], err_msg=name)


# ---------------------------------------------------------------- settings

RULES = {
    nn.SGD: {"lr": (0.1, 0), "momentum": (0.9, 1), "weight_decay": (0.1, 2)},
    nn.RMSprop: {"lr": (0.1, 0), "alpha": (0.9, 1), "eps": (1e-8, 0), "weight_decay": (0.1, 2)},
    nn.Adam: {"lr": (0.1, 0), "eps": (1e-8, 0), "weight_decay": (0.1, 2)},
    nn.AdamW: {"lr": (0.1, 0), "eps": (1e-8, 0), "weight_decay": (0.1, 2)},
    nn.Dropout: {"p": (0.5, 1)},
    nn.LeakyReLU: {"negative_slope": (0.1, 1)},
    nn.Scale: {"factor": (0.5, 0)},
    nn.Linear: {"n_in": (2, "whole"), "n_out": (3, "whole")},
    nn.Conv2d: {
        "n_in": (2, "whole"), "n_out": (3, "whole"), "kernel_size": (2, "whole"),
        "stride": (1, "whole"), "padding": (0, "from 0"),
    },
    nn.MaxPool2d: {"kernel_size": (2, "whole"), "stride": (2, "or None")},
    nn.Distort: {
        "side": (4, "whole"), "turn": (8, 2), "stretch": (0.1, 2), "slant": (0.1, 2),
        "shift": (1, 2), "bend": (1, 2), "tables": (3, "whole"),
    },
    nn.he_normal: {"n_in": (2, "whole"), "n_out": (3, "whole")},
    nn.xavier_normal: {"n_in": (2, "whole"), "n_out": (3, "whole")},
    nn.data.moons: {"n": (6, "from 2"), "noise": (0.1, 2)},
    nn.data.circles: {"n": (6, "from 2"), "noise": (0.1, 2)},
    nn.data.spirals: {"n": (6, "whole"), "k": (2, "whole"), "noise": (0.1, 2)},
}  # fmt: skip


def allowed(value, rule):
    """0: above 0; 1: from 0 to below 1; 2: from 0; or a whole number."""
    if isinstance(rule, str):
        if rule == "or None" and value is None:
            return True
        least = int(rule[-1]) if rule.startswith("from") else 1
        return is_whole(value) and least <= value <= MOST
    number = as_number(value)
    if number is None or not math.isfinite(number):
        return False
    return (number > 0, 0 <= number < 1, number >= 0)[rule]


@fuzzed("settings")
@given(st.sampled_from(list(RULES)), st.data())
def test_settings(kind, data):
    rules, optimiser = RULES[kind], hasattr(kind, "step")
    given = {name: usual for name, (usual, _) in rules.items()}
    for name in data.draw(st.sets(st.sampled_from(list(rules)), max_size=2)):
        given[name] = data.draw(ANYTHING)
    good = all(allowed(value, rules[name][1]) for name, value in given.items())
    net = nn.Sequential(nn.Linear(2, 3), rng=0, dtype=data.draw(st.sampled_from(("f4", "f8"))))
    if optimiser and good and "eps" in given:
        with np.errstate(all="ignore"):
            good = 0 < net.dtype.type(given["eps"]) < np.inf
    extra = {"rng": 0} if kind in (nn.he_normal, nn.xavier_normal) else {}
    made = answer_or_none(lambda: kind(net, **given) if optimiser else kind(**given, **extra))
    if not good:
        assert made is None
        return
    large = [
        v
        for v, (_, rule) in zip(given.values(), rules.values(), strict=True)
        if isinstance(rule, str) and v
    ]
    if max(large, default=0) > 100:  # no memory holds it: refused now, or at the first look
        if made is not None and getattr(made, "shapes", None):
            assert answer_or_none(lambda: made.theta) is None
        return
    assert made is not None
    if optimiser:
        for name, value in given.items():
            assert getattr(made, name) == float(value)
        net.grad = np.random.default_rng(0).normal(size=net.grad.shape)
        grad = net.grad.copy()
        for _ in range(3):
            assert asked(made.step) is None
        same_bits(net.grad, grad)
    elif isinstance(made, nn.Layer):
        for name, value in given.items():
            if value is not None:
                assert getattr(made, name) == value
        shape = (3, made.n_in) if kind is nn.Linear else (3, getattr(made, "n_in", 2), 4, 4)
        answer_or_none(made, np.random.default_rng(0).normal(size=shape))
    elif isinstance(made, tuple):
        X, y = made
        assert X.shape == (given["n"], 2) and y.shape == (given["n"],)
    else:
        assert made.shape == (given["n_in"], given["n_out"]) and np.isfinite(made).all()


# ---------------------------------------------------------------- data sets


@fuzzed("data")
@given(st.data())
def test_preparing_data(data):
    shape = data.draw(st.sampled_from(((6, 2), (3, 1), (1, 3), (0, 2), (4,), (3, 2, 2))))
    X = data.draw(disguised(plain_arrays(shape, FLOATS * 3 + INTEGERS)))
    sets = answer_or_none(nn.data.standardise, X, X)
    good = X.holds("fiub") and X.plain.size and X.plain.ndim
    with np.errstate(all="ignore"):
        good = (
            good
            and np.isfinite(X.plain.astype(float) if X.plain.dtype.char == "e" else X.plain).all()
        )
    assert (sets is not None) == bool(good)
    if good:
        same_bits(*sets)
        Z, A = sets[0], wide(X.plain)
        A = np.ldexp(A, -np.frexp(np.abs(A).max(axis=0))[1])
        mean, std = A.mean(axis=0), A.std(axis=0)
        right = np.where(A.min(axis=0) == A.max(axis=0), 0, (A - mean) / np.where(std, std, 1))
        noise = np.finfo(Z.dtype if Z.dtype.kind == "f" else float).eps / np.where(std, std, 1)
        assert (abs(Z - right) <= 64 * np.maximum(noise, np.finfo(Z.dtype).eps)).all()

    y = data.draw(disguised(plain_arrays((data.draw(st.integers(0, 8)),), INTEGERS)))
    sizes = data.draw(
        st.sampled_from(((0.5, 0.5), (0.6, 0.2, 0.2), (1.0,), (0.5, 0.4), 0.5, ())) | ANYTHING
    )
    parts = answer_or_none_or_few(y, sizes)
    if parts is not None:
        rows = np.concatenate([np.asarray(part[0])[:, 0] for part in parts])
        assert sorted(rows) == list(range(len(y.plain)))
        for A, labels in parts:
            same_bits(labels, y.plain.astype(np.intp)[A[:, 0]])


def answer_or_none_or_few(y, sizes):
    """split's answer; None where it is refused, also for too few examples of a class."""
    table = np.arange(len(y.shown) if y.plain is None else y.plain.size)[:, None]
    try:
        return answer_or_none(nn.data.split, table, y, sizes)
    except ValueError as error:
        assert "enough examples of each class" in str(error)
