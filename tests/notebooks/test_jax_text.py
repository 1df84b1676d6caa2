"""Notebook 16 shows a network in JAX as text, which nbval does not run: here it is run."""

import contextlib
import importlib.util
import io
import re

import numpy as np
import pytest

import nnlib as nn
from tools.notebooks import FOLDER, read


def blocks():
    cells = read(FOLDER / "16_the_same_network_in_pytorch.ipynb").cells
    text = next(cell.source for cell in cells if cell.id == "jax")
    return re.findall(r"```\w*\n(.*?)```", text, flags=re.S)


def surroundings():
    """What the notebook has at hand there: the fruits, and its network with their gradient."""
    fruit, loss = nn.data.fruit(), nn.CrossEntropyLoss()
    net = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3), rng=0)
    net.theta = np.concatenate([fruit.W1.ravel(), fruit.b1, fruit.W2.ravel(), fruit.b2])
    loss(net(fruit.X), fruit.y)
    net.backward(loss.backward())
    return {"np": np, "fruit": fruit, "net": net}


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="needs JAX")
def test_the_jax_that_is_shown_prints_what_stands_under_it():
    code, shown = blocks()
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, surroundings())
    assert printed.getvalue() == shown


def test_the_numbers_that_stand_under_it_are_nnlibs():
    _, shown = blocks()
    net, fruit = (surroundings()[name] for name in ("net", "fruit"))
    loss = nn.CrossEntropyLoss()(net(fruit.X), fruit.y)
    rows = net.layers[0].dW.round(4).tolist()
    first, second, _ = shown.splitlines()
    assert first == f"JAX: loss {loss:.6f}"
    assert second == f"gradient of the first weight: {rows}"
