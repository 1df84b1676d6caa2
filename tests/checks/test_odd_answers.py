"""Answers that no mistake explains: nothing, exceptions, other shapes, mutated inputs."""
# ruff: noqa: B023, F821

import sys
import time

import numpy as np
import pytest
from hands import answers, friendly

from nnlib import checks
from nnlib.checks import run

ODD = []

ARGS = {
    "sigmoid": 1,
    "softmax": 1,
    "sigmoid_backward": 2,
    "relu_backward": 2,
    "cross_entropy": 2,
    "softmax_cross_entropy_backward": 2,
    "linear_forward": 3,
    "linear_backward": 3,
    "two_layer_gradients": 6,
    "one_hot": 2,
    "sgd_step": 3,
    "accuracy": 2,
    "numerical_gradient": 2,
    "minibatches": 4,
    "standardise": 2,
}

good = {}

for ex, f in ((a.exercise, a.function) for a in answers() if a.kind == "right"):
    good.setdefault(ex, f)


def mp(g, r):
    if isinstance(r, tuple):
        return tuple(g(v) for v in r)
    if isinstance(r, list):
        return [g(v) for v in r]
    if hasattr(r, "__next__"):
        return [tuple(g(v) for v in b) for b in r]
    return g(r)


def rnd(v):
    return np.random.default_rng(int(time.time() * 1e6) % 2**31).normal(size=np.shape(v))


def deep(*a):
    return deep(*a)


def noisy(*a):
    print("hello from me")


class NoCall:
    pass


def only5(ex):
    def f(*a):
        r = good[ex](*a)
        n = len(a[0]) if hasattr(a[0], "__len__") else 5
        if n != 5:
            return mp(lambda v: np.zeros_like(v), r)
        return r

    return f


for ex in ARGS:
    g = good[ex]

    def k(name, f):
        ODD.append((ex, name, f))

    k("ellipsis", lambda *a: ...)
    k("pass", lambda *a: None)

    def ni(*a):
        raise NotImplementedError

    k("NotImplementedError", ni)

    def ni2(*a):
        raise NotImplementedError("your code here")

    k("NotImplementedError msg", ni2)
    k("returns NotImplemented", lambda *a: NotImplemented)

    def pr(*a, g=g):
        print(g(*a))

    k("prints", pr)

    def ra(*a):
        raise ValueError("boom")

    k("raises", ra)

    def ke(*a):
        return {}["x"]

    k("KeyError", ke)

    def nn(*a):
        return undefined_name

    k("NameError", nn)

    def ks(*a):
        raise KeyboardInterrupt

    k("KeyboardInterrupt", ks)

    def ex1(*a):
        sys.exit(1)

    k("sys.exit", ex1)

    def ge(*a):
        raise GeneratorExit

    k("GeneratorExit", ge)

    def si(*a):
        raise StopIteration

    k("StopIteration", si)

    def me(*a):
        raise MemoryError

    k("MemoryError", me)
    k("recursion", deep)
    k("no args", lambda: 0)
    k("too many args", lambda a, b, c, d, e, f, g, h: 0)
    k("kwonly", lambda *, Z: Z)
    k("number", 3.0)
    k("array", np.zeros((5, 3)))
    k("None", None)
    k("string", "softmax")
    k("class without call", NoCall())
    k("type", NoCall)
    k("ellipsis itself", ...)
    k("identity", lambda *a: a[0])
    k("inputs tuple", lambda *a: a)
    k("last arg", lambda *a: a[-1])
    k("zero", lambda *a: 0)
    k("string out", lambda *a: "abc")
    k("dict out", lambda *a: {"a": 1})
    k("empty list", lambda *a: [])
    k("empty array", lambda *a: np.array([]))
    k("lambda out", lambda *a: lambda: 0)
    k("True", lambda *a: True)
    k("ragged", lambda *a: [[1, 2], [3]])
    k("object array", lambda *a: np.array([None, {}], dtype=object))
    k("set", lambda *a: {1, 2})
    k("nan", lambda *a, g=g: mp(lambda v: np.asarray(v) * np.nan, g(*a)))
    k("inf", lambda *a, g=g: mp(lambda v: np.asarray(v) + np.inf, g(*a)))
    k("complex", lambda *a, g=g: mp(lambda v: np.asarray(v) * (1 + 1j), g(*a)))
    k("int trunc", lambda *a, g=g: mp(lambda v: np.asarray(v).astype(int), g(*a)))
    k("bool", lambda *a, g=g: mp(lambda v: np.asarray(v).astype(bool), g(*a)))
    k("transposed", lambda *a, g=g: mp(lambda v: np.asarray(v).T, g(*a)))
    k("x2", lambda *a, g=g: mp(lambda v: np.asarray(v) * 2, g(*a)))
    k("x7.3", lambda *a, g=g: mp(lambda v: np.asarray(v) * 7.3, g(*a)))
    k("neg", lambda *a, g=g: mp(lambda v: -np.asarray(v, float), g(*a)))
    k("+1", lambda *a, g=g: mp(lambda v: np.asarray(v) + 1, g(*a)))
    k("extra axis", lambda *a, g=g: mp(lambda v: np.asarray(v)[None], g(*a)))
    k("flat", lambda *a, g=g: mp(lambda v: np.asarray(v).ravel(), g(*a)))
    k("row short", lambda *a, g=g: mp(lambda v: np.atleast_1d(v)[:-1], g(*a)))
    k("reversed rows", lambda *a, g=g: mp(lambda v: np.atleast_1d(v)[::-1], g(*a)))
    k("random", lambda *a, g=g: mp(rnd, g(*a)))
    k("only N=5", only5(ex))
    k(
        "one entry off",
        lambda *a, g=g: mp(
            lambda v: (
                (
                    lambda w: (
                        w.__setitem__(0, w.flat[0] + 0.3)
                        if w.ndim == 1
                        else w.flat.__setitem__(0, w.flat[0] + 0.3),
                        w,
                    )[1]
                )(np.array(v, dtype=float, ndmin=1))
                if np.ndim(v)
                else np.asarray(v) + 0.3
            ),
            g(*a),
        ),
    )
    k("wrapped in tuple", lambda *a, g=g: (g(*a),))
    k("wrapped twice", lambda *a, g=g: (g(*a), g(*a)))

    def mutates(*a, g=g):
        r = g(*a)
        if hasattr(r, "__next__"):
            r = list(r)
        for v in a:
            for w in v if isinstance(v, list) else [v]:
                if isinstance(w, np.ndarray) and w.dtype.kind == "f":
                    w += 1
        return r

    k("mutates input", mutates)
    k("N x N", lambda *a: np.zeros((len(a[0]) if hasattr(a[0], "__len__") else 5,) * 2))

    def both(*a, g=g):
        print("debug")
        return g(*a)

    k("RIGHT noisy", both)

    def err(*a, g=g):
        sys.stderr.write("debug\n")
        return g(*a)

    k("RIGHT stderr", err)


ACCEPTED = {
    ("one_hot", "int trunc"),
    ("one_hot", "bool"),
    ("one_hot", "mutates input"),
    ("minibatches", "reversed rows"),
    ("numerical_gradient", "only N=5"),
}

PLACEHOLDERS = {
    "ellipsis",
    "pass",
    "NotImplementedError",
    "NotImplementedError msg",
    "ellipsis itself",
    "None",
}


@pytest.mark.parametrize("exercise, kind, function", ODD, ids=[f"{e}/{k}" for e, k, _ in ODD])
def test_an_odd_answer(exercise, kind, function, capfd):
    result = getattr(checks, exercise)(function)
    shown = capfd.readouterr()
    if kind in PLACEHOLDERS:
        assert result.passed is None
    elif (exercise, kind) in ACCEPTED or kind.startswith("RIGHT"):
        assert result.passed is True, result.hints
    elif kind == "wrapped in tuple" and result.passed:
        assert result.passed is True
    elif kind == "transposed" and result.passed:
        assert exercise in ("accuracy", "cross_entropy")
    else:
        assert result.passed is False
        friendly(result, shown)


@pytest.mark.parametrize("swallowed", [(), Exception])
def test_a_loop_without_end(swallowed, monkeypatch, capfd):
    monkeypatch.setattr(run, "SECONDS", 0.2)

    def my_softmax(Z):
        while True:
            try:
                while True:
                    pass
            except swallowed:
                pass

    result = checks.softmax(my_softmax)
    assert result.passed is False and "still running" in result.hints[0]
    friendly(result, capfd.readouterr())
