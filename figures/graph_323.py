"""The computational graph of the same pass: values above each node, gradients below it."""

from pathlib import Path

import numpy as np
from network_323 import one_pass

import nnlib as nn


def draw():
    v = one_pass()
    # the loss is -log of the probability of the true class, here the second one
    dp = np.array([0, -1 / v["p"][1], 0])
    ax = nn.plots.graph(
        {
            "x": None,
            "W1": None,
            "b1": None,
            "z1": "x·W1 + b1",
            "a1": "ReLU",
            "W2": None,
            "b2": None,
            "z2": "a1·W2 + b2",
            "p": "softmax",
            "L": "−log p",
        },
        [
            *(("x", "z1"), ("W1", "z1"), ("b1", "z1"), ("z1", "a1"), ("a1", "z2")),
            *(("W2", "z2"), ("b2", "z2"), ("z2", "p"), ("p", "L")),
        ],
        values={n: v[n] for n in ("x", "W1", "b1", "z1", "a1", "W2", "b2", "z2", "p", "L")},
        gradients={n: v["d" + n] for n in ("W1", "b1", "z1", "a1", "W2", "b2", "z2")}
        | {"p": dp, "L": 1},
    )
    return ax.get_figure()


if __name__ == "__main__":
    Path(__file__).with_suffix(".png").write_bytes(nn.plots.png_bytes(draw()))
