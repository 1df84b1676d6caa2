"""A network in the hands of someone who calls anything in any order, beside plain formulas.

Assign, forward, loss, backward, step, train, eval, save, load, copy, pickle, refused calls between
them: after each call theta and grad are what formulas on plain float64 arrays say.
"""

import copy
import pickle
import tempfile
from pathlib import Path

import numpy as np
import pytest
from fuzzing import Refused, asked, fuzzed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import nnlib as nn

pytestmark = pytest.mark.filterwarnings("error")
SEEDS = st.integers(0, 2**16)
NAMES = ("W1", "b1", "W2", "b2")
SHAPES = ((3, 4), (4,), (4, 2), (2,))
CUTS = np.cumsum([np.prod(shape, dtype=int) for shape in SHAPES])
MASK = np.repeat([1.0, 0.0, 1.0, 0.0], np.diff([0, *CUTS]))


def parts(theta):
    pieces = np.split(theta, CUTS[:-1])
    return [piece.reshape(shape) for piece, shape in zip(pieces, SHAPES, strict=True)]


def forward(theta, X, mask):
    W1, b1, W2, b2 = parts(theta)
    A = np.tanh(X @ W1 + b1)
    return A, (A * mask) @ W2 + b2


def gradient(theta, X, y, mask):
    """∂L/∂theta of the cross-entropy, and L, by the formulas of notebook 05."""
    W2 = parts(theta)[2]
    A, Z = forward(theta, X, mask)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P, Y = E / E.sum(axis=1, keepdims=True), np.eye(2)[y]
    dZ = (P - Y) / len(X)
    dH = dZ @ W2.T * mask * (1 - A * A)
    grads = (X.T @ dH, dH.sum(axis=0), (A * mask).T @ dZ, dZ.sum(axis=0))
    return np.concatenate([g.ravel() for g in grads]), -np.log((P * Y).sum(axis=1)).mean()


class Rule:
    """The update rules as their docstrings say them, on float64, keeping nothing in place."""

    def __init__(self, kind):
        self.kind, self.t = kind, 0
        self.a, self.b = np.zeros(CUTS[-1]), np.zeros(CUTS[-1])

    def moved(self, theta, g, lr):
        self.t += 1
        if self.kind == "SGD":
            self.a = 0.9 * self.a + g + 0.1 * MASK * theta
            return theta - lr * self.a
        if self.kind == "RMSprop":
            self.b = 0.99 * self.b + 0.01 * g**2
            return theta - lr * g / (np.sqrt(self.b) + 1e-8)
        if self.kind == "AdamW":
            theta = theta - lr * 0.1 * MASK * theta
        self.a, self.b = 0.9 * self.a + 0.1 * g, 0.999 * self.b + 0.001 * g**2
        m, v = self.a / (1 - 0.9**self.t), self.b / (1 - 0.999**self.t)
        return theta - lr * m / (np.sqrt(v) + 1e-8)


OPTIMISERS = {
    "SGD": lambda net: nn.SGD(net, lr=0.05, momentum=0.9, weight_decay=0.1),
    "RMSprop": lambda net: nn.RMSprop(net, lr=0.05),
    "Adam": lambda net: nn.Adam(net, lr=0.05),
    "AdamW": lambda net: nn.AdamW(net, lr=0.05, weight_decay=0.1),
}


class Network(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        dense = nn.Linear(3, 4), nn.Tanh(), nn.Dropout(0.5), nn.Linear(4, 2)
        self.net, self.loss = nn.Sequential(*dense, rng=0), nn.CrossEntropyLoss()
        self.theta, self.grad = self.net.theta.copy(), np.zeros(CUTS[-1])
        self.left_behind = []  # networks that copies were made of, with what they must still hold
        self.use("SGD")
        self.training, self.has_gradient, self.lr = True, False, 0.05
        self.forget()

    def use(self, kind):
        self.opt, self.rule, self.lr = OPTIMISERS[kind](self.net), Rule(kind), 0.05

    def forget(self):
        self.batch = self.mask = None  # the last forward; and what the last loss was asked
        self.measured = False

    # --- what is done right -----------------------------------------------------------------

    @rule(seed=SEEDS, n=st.integers(1, 4))
    def forward(self, seed, n):
        X = np.random.default_rng(seed).normal(size=(n, 3))
        Z = asked(self.net, X)
        mask = self.net.layers[2].mask
        assert (mask is None) == (not self.training)
        self.batch, self.mask = X, np.ones((n, 4)) if mask is None else mask.copy()
        assert set(np.unique(self.mask)) <= ({0.0, 2.0} if self.training else {1.0})
        np.testing.assert_allclose(Z, forward(self.theta, X, self.mask)[1], rtol=1e-9, atol=1e-9)
        self.Z, self.measured = Z, False
        self.then = self.theta.copy()  # what the forward pass was computed with

    @precondition(lambda self: self.batch is not None)
    @rule(seed=SEEDS)
    def measure(self, seed):
        self.y = np.random.default_rng(seed).integers(0, 2, len(self.batch))
        L = asked(self.loss, self.Z, self.y)
        right = gradient(self.then, self.batch, self.y, self.mask)[1]
        assert L == pytest.approx(right, rel=1e-9, abs=1e-9)
        self.measured = True

    @precondition(lambda self: self.measured and np.array_equal(self.then, self.theta))
    @rule(twice=st.booleans())
    def backward(self, twice):
        for _ in range(1 + twice):  # nothing accumulates
            assert asked(lambda: self.net.backward(self.loss.backward())) is None
        self.grad = gradient(self.theta, self.batch, self.y, self.mask)[0]
        self.has_gradient = True

    @rule()
    def step(self):
        if not self.has_gradient:
            with pytest.raises(Refused):
                asked(self.opt.step)
            return
        asked(self.opt.step)
        self.theta = self.rule.moved(self.theta, self.grad, self.lr)

    @rule(seed=SEEDS, name=st.sampled_from(("theta", "grad", *NAMES)), how=st.integers(0, 3))
    def assign(self, seed, name, how):
        layer = self.net if len(name) > 2 else self.net.layers[0 if name[1] == "1" else 3]
        called = name if len(name) > 2 else name[0]
        which = self.grad if name == "grad" else self.theta
        mine = which if len(name) > 2 else parts(which)[NAMES.index(name)]
        new = np.random.default_rng(seed).normal(size=mine.shape)
        if how == 0:
            setattr(layer, called, np.asfortranarray(new))
        elif how == 1:
            setattr(layer, called, new.tolist())
        elif how == 2:
            getattr(layer, called)[...] = new
        else:
            new = mine + new
            setattr(layer, called, getattr(layer, called) + (new - mine))
            new = getattr(layer, called).copy()
        mine[...] = new
        if name == "grad" and how != 2 or name == "grad" and new.any():
            self.has_gradient = True

    @rule(lr=st.floats(1e-4, 0.2))
    def another_rate(self, lr):
        self.opt.lr = self.lr = lr

    @rule(kind=st.sampled_from(list(OPTIMISERS)))
    def another_optimiser(self, kind):
        self.use(kind)

    @rule(mode=st.booleans())
    def train_or_eval(self, mode):
        assert (self.net.train() if mode else self.net.eval()) is self.net
        self.training = mode

    @rule(seed=SEEDS)
    def predict(self, seed):
        X = np.random.default_rng(seed).normal(size=(5, 3))
        Z = forward(self.theta, X, np.ones((5, 4)))[1]
        np.testing.assert_allclose(asked(self.net.scores, X), Z, rtol=1e-9, atol=1e-9)
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        P = E / E.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(asked(self.net.predict, X), P, rtol=1e-9, atol=1e-12)

    @rule(seed=SEEDS)
    def check(self, seed):
        X = np.random.default_rng(seed).normal(size=(3, 3))
        if np.abs(self.theta).max() < 5:
            assert asked(nn.check_gradients, self.net, self.loss, X, [0, 1, 0])

    # --- copies, and files ------------------------------------------------------------------

    @rule(how=st.sampled_from((copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x)))))
    def go_on_with_a_copy(self, how):
        self.left_behind.append((self.net, self.theta.copy(), self.grad.copy()))
        self.net = how(self.net)
        self.use(self.rule.kind)

    @rule(how=st.sampled_from((copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x)))))
    def go_on_with_a_copy_of_all(self, how):
        self.left_behind.append((self.net, self.theta.copy(), self.grad.copy()))
        self.net, self.loss, self.opt = how((self.net, self.loss, self.opt))
        assert self.opt.net is self.net

    @rule()
    def save_and_load(self):
        with tempfile.TemporaryDirectory() as folder:
            path = asked(nn.save, self.net, Path(folder) / "net")
            self.left_behind.append((self.net, self.theta.copy(), self.grad.copy()))
            self.net = asked(nn.load, path)
        self.use(self.rule.kind)
        self.grad, self.training, self.has_gradient = np.zeros(CUTS[-1]), True, False
        self.forget()

    # --- what is refused, and changes nothing -----------------------------------------------

    @rule(wrong=st.sampled_from((
        lambda self: self.net(np.ones((2, 4))),
        lambda self: self.net(np.full((2, 3), np.nan)),
        lambda self: self.net.predict(np.ones(3)),
        lambda self: setattr(self.net, "theta", np.ones(3)),
        lambda self: setattr(self.net, "grad", np.ones((CUTS[-1], 1))),
        lambda self: setattr(self.net.layers[0], "W", np.ones((3, 4), int)),
        lambda self: setattr(self.net.layers[3], "b", "00"),
        lambda self: self.net.backward(np.ones((9, 2))),
        lambda self: self.net.backward("dZ"),
        lambda self: setattr(self.opt, "lr", 0),
        lambda self: nn.Sequential(self.net.layers[0], nn.ReLU()),
        lambda self: self.loss(np.ones((2, 2)), [0, 2]),
        lambda self: nn.fit(self.net, np.ones((2, 3)), [0, 5], loss=self.loss, optimizer=self.opt,
                            epochs=1),
        lambda self: nn.fit(self.net, np.ones((2, 3)), [0, 1], loss=self.loss, optimizer=self.opt,
                            epochs=0),
        lambda self: nn.save(self.net, ""),
    )))  # fmt: skip
    def refused(self, wrong):
        with pytest.raises(Refused):
            asked(wrong, self)

    # --- always -----------------------------------------------------------------------------

    @invariant()
    def holds_what_the_formulas_say(self):
        np.testing.assert_allclose(self.net.theta, self.theta, rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(self.net.grad, self.grad, rtol=1e-7, atol=1e-9)
        self.theta, self.grad = self.net.theta.copy(), self.net.grad.copy()  # rounding adds up
        if self.batch is not None and not np.array_equal(self.then, self.theta):
            near = np.allclose(self.then, self.theta, rtol=1e-12, atol=0)
            self.then = self.theta.copy() if near else self.then
        assert self.net.training is self.training and self.opt.lr == self.lr
        for layer, names in ((self.net.layers[0], NAMES[:2]), (self.net.layers[3], NAMES[2:])):
            for name in names:
                assert np.shares_memory(getattr(layer, name[0]), self.net.theta)
                assert np.shares_memory(getattr(layer, "d" + name[0]), self.net.grad)

    def teardown(self):
        for net, theta, grad in self.left_behind:
            np.testing.assert_array_equal(net.theta, theta)
            np.testing.assert_array_equal(net.grad, grad)


TestNetwork = Network.TestCase
TestNetwork.settings = fuzzed("machine")
