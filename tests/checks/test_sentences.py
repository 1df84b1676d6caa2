"""For sentences of the exercises, functions that break them, and that have passed once."""

import numpy as np
import pytest

import nnlib as nn
from nnlib import checks


def at_label(P, y):
    return P[np.arange(len(y)), y]


def by_blocks(X, y, batch_size, rng):
    for start in range(0, len(X), batch_size):
        rows = rng.permutation(np.arange(start, min(start + batch_size, len(X))))
        yield X[rows], y[rows]


def strided(X, y, batch_size, rng):
    n = -(-len(X) // batch_size)
    for k in rng.permutation(n):
        yield X[k::n], y[k::n]


def rotated(X, y, batch_size, rng):
    order = np.roll(np.random.default_rng(0).permutation(len(X)), rng.integers(1, len(X)))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


def without_k(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(0, Z1)
    dZ2 = (nn.softmax(A1 @ W2 + b2) - nn.one_hot(y)) / len(X)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


def six_times(f, gradient, theta, lr):
    for _ in range(6):
        new = theta - lr * gradient(theta)
        if f(new) < f(theta):
            break
        lr = lr / 2
    return new, lr


def mean_recall(P, y):
    hit = P.argmax(axis=1) == y
    return np.mean([hit[y == k].mean() for k in np.unique(y)])


def a_little_more(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / (E.sum(axis=1, keepdims=True) + 0.01)


def floor(least):
    return lambda P, y: -np.log(np.maximum(at_label(P, y), least)).mean()


def cap(most):
    return lambda P, y: np.minimum(-np.log(at_label(P, y) + 1e-12), most).mean()


def in_place(params, grads, lr):
    for p, g in zip(params, grads, strict=True):
        p -= lr * g
    return params


WRONG = {
    "a floor of a hundredth": ("cross_entropy", floor(1e-2)),
    "a floor of a thousandth": ("cross_entropy", floor(1e-3)),
    "a cap at 4": ("cross_entropy", cap(4)),
    "a cap at 6": ("cross_entropy", cap(6)),
    "shuffled inside fixed batches": ("minibatches", by_blocks),
    "every n-th": ("minibatches", strided),
    "rotated": ("minibatches", rotated),
    "one-hot without the number of classes": ("two_layer_gradients", without_k),
    "six tries at most": ("careful_step", six_times),
    "the mean of the recalls": ("accuracy", mean_recall),
    "a hundredth below the line": ("softmax", a_little_more),
    "labels without the last class": (
        "softmax_cross_entropy_backward",
        lambda P, y: (P - np.eye(y.max() + 1)[y]) / len(y),
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_breaks_a_sentence_is_not_right(what):
    exercise, function = WRONG[what]
    assert getattr(checks, exercise)(function).passed is False


@pytest.mark.parametrize("small", [1e-7, 1e-8, 1e-12, 1e-15, 1e-300])
def test_a_small_number_before_the_logarithm_is_right(small):
    assert checks.cross_entropy(lambda P, y: -np.log(at_label(P, y) + small).mean()).passed
    assert checks.cross_entropy(
        lambda P, y: -np.log(np.maximum(at_label(P, y), small)).mean()
    ).passed


@pytest.mark.parametrize(
    "exercise, function, note",
    [
        ("sigmoid", lambda Z: 1 / (1 + np.exp(-Z)), "without exp"),
        ("relu_backward", lambda dA, Z: dA * (Z >= 0), "exactly 0"),
        ("relu_backward", lambda dA, Z: dA * (1 + np.sign(Z)) / 2, "exactly 0"),
        ("sgd_step", in_place, "new ones"),
    ],
)
def test_right_numbers_in_a_way_that_the_text_does_not_ask_for_get_a_note(exercise, function, note):
    result = getattr(checks, exercise)(function)
    assert result.passed is True and note in result.note


@pytest.mark.parametrize(
    "exercise, function",
    [
        ("sigmoid", lambda Z: (1 + np.tanh(Z / 2)) / 2),
        ("relu_backward", lambda dA, Z: np.where(Z > 0, dA, 0)),
        ("sgd_step", lambda P, g, lr: [p - lr * d for p, d in zip(P, g, strict=True)]),
    ],
)
def test_and_no_note_where_it_is_as_asked(exercise, function):
    assert "One thing to know" not in getattr(checks, exercise)(function).note


@pytest.mark.parametrize(
    "name, typed, said",
    [
        ("signatures", (0.8, -1), "factor between"),
        ("signatures", (0.8, 1), "gradient of 0"),
        ("two_scores", (0.8808, 0.8808), "loss: that is p_1"),
    ],
)
def test_slips_of_readers_are_named(name, typed, said):
    assert said in getattr(checks, name)(*typed).hints[0]


def test_an_infinite_number_has_no_place_of_its_own():
    result = checks.cross_entropy(
        lambda P, y: -np.log(at_label(P, y) * (at_label(P, y) > 0.1)).mean()
    )
    assert " at L" not in result.hints[0]


def test_a_small_input_stands_beside_the_number():
    told = " ".join(checks.epoch_loss(lambda losses, sizes: np.mean(losses) + 0.1, hint=3).hints)
    assert "losses = [" in told and "sizes = [" in told


def test_what_comes_back_is_not_taken_for_an_array_made_on_the_way():
    fill = checks.average_in_place.exercise.function()

    def and_returned(mean, new, beta, spare):
        fill(mean, new, beta, spare)
        return mean

    assert checks.average_in_place(and_returned).passed is True
    result = checks.average_in_place(lambda mean, new, beta, spare: mean.fill(0), hint=2)
    assert "new arrays" not in repr(result)
