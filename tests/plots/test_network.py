"""The drawing of a network: every number in its place."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from examples import W1, W2, numbers, texts
from matplotlib.patches import Circle, FancyBboxPatch

import nnlib as nn

plots = nn.plots


def test_every_number_of_the_small_network_is_printed():
    fruit = nn.data.fruit()
    ax = plots.network(
        [W1, W2],
        biases=[[0.11, 0.12], [0.13, 0.14, 0.15]],
        values=[fruit.X[0], ([0.21, 0.22], [0.23, 0.24]), ([0.25, 0.26, 0.27], [0.31, 0.32, 0.33])],
        dW=[np.full((3, 2), 0.41), np.full((2, 3), 0.42)],
        db=[[0.51, 0.52], [0.53, 0.54, 0.55]],
        dZ=[[0.61, 0.62], [0.63, 0.64, 0.65]],
        inputs=fruit.inputs,
        outputs=fruit.names,
    )
    told = numbers(ax)
    for w in (*W1.ravel(), *W2.ravel(), *fruit.X[0]):
        assert f"{w:.1f}" in told
    assert told.count("0.41") == told.count("0.42") == 6
    for text in ("b 0.11", "b 0.15", "db 0.51", "dz 0.65", "0.21", "0.33", *fruit.inputs):
        assert text in told
    assert len([p for p in ax.patches if isinstance(p, FancyBboxPatch)]) == 8
    assert "yellow, long and sour in" in ax.alt and "gradients" in ax.alt


def test_letters_give_every_weight_and_bias_its_own_name():
    letters = [("w", "b", "z", "a"), ("u", "c", "s", "p")]
    ax = plots.network([W1, W2], biases=[[0, 0], [0, 0, 0]], letters=letters)
    told = texts(ax)
    assert {t.split()[0] for t in told} >= {"w₃₂", "u₂₃", "b₂", "c₃"}
    assert len(told) == len(set(told)) == 17


def test_the_signs_of_weights_are_dashes_and_their_sizes_are_widths():
    ax = plots.network([np.array([[2.0, -1.0]])])
    strong, weak = ax.lines[:2]
    assert strong.get_linestyle() == "-" and weak.get_linestyle() == "--"
    assert strong.get_linewidth() > weak.get_linewidth()


def test_no_two_weights_are_printed_on_top_of_each_other():
    for seed in range(10):
        draw = np.random.default_rng(seed)
        ax = plots.network([draw.normal(size=(3, 2)), draw.normal(size=(2, 3))])
        at = np.array([t.get_position() for t in ax.texts if t.get_rotation()])
        apart = np.hypot(*(at[:, None] - at).T) + 9 * np.eye(len(at))
        assert len(at) == 12 and apart.min() > 0.25, "inches between the middles of two labels"
        plt.close("all")


def test_a_big_network_is_drawn_without_numbers_and_shortened():
    ax = plots.network((2, 16, 16, 3))
    assert len([p for p in ax.patches if isinstance(p, Circle)]) == 2 + 7 + 7 + 3
    assert texts(ax).count("⋮") == 2 and "16 units" in texts(ax)


def test_a_sequential_is_drawn_with_its_own_weights():
    net = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3), rng=0)
    told = numbers(plots.network(net))
    assert f"{net.layers[0].W[0, 0]:.2f}" in told and told.count("b 0") == 5


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: plots.network([3]), "at least two sizes"),
        (lambda: plots.network([3, 0.5]), "whole numbers"),
        (lambda: plots.network([W1, W1]), r"W2 needs 2 rows, got shape \(3, 2\)"),
        (lambda: plots.network([W1, [1, 2]]), r"W2 needs shape \(n_in, n_out\)"),
        (lambda: plots.network([W1, W2], biases=[[1, 2]]), "2 entries, one a layer"),
        (lambda: plots.network([W1, W2], dW=[W1.T, W2]), r"layer 1, needs shape \(3, 2\)"),
        (lambda: plots.network([W1, W2], values=[[1, 2, 3]]), r"one a column.*got 1"),
        (lambda: plots.network([3, 2], inputs=["a"]), "inputs needs 3 names, got 1"),
    ],
)
def test_network_says_what_is_wrong(call, told):
    with pytest.raises(ValueError, match=told):
        call()
