"""The network of the red thread with every number of its first pass, forward and back."""

from pathlib import Path

import numpy as np

import nnlib as nn


def one_pass():
    """One example through the 3-2-3 network, and its gradients: {name: array}."""
    fruit = nn.data.fruit()
    x, W1, b1, W2, b2 = fruit.X[0], fruit.W1, fruit.b1, fruit.W2, fruit.b2
    z1 = x @ W1 + b1
    a1 = np.maximum(z1, 0)
    z2 = a1 @ W2 + b2
    p = nn.softmax(z2[None])[0]
    L = -np.log(p[fruit.y[0]])
    dz2 = p - np.eye(3)[fruit.y[0]]
    da1 = dz2 @ W2.T
    dz1 = da1 * (z1 > 0)
    passed = {"x": x, "z1": z1, "a1": a1, "z2": z2, "p": p, "L": L}
    parameters = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    back = {"dz2": dz2, "da1": da1, "dz1": dz1}
    back |= {"dW2": np.outer(a1, dz2), "db2": dz2, "dW1": np.outer(x, dz1), "db1": dz1}
    return passed | parameters | back


def draw():
    fruit, v = nn.data.fruit(), one_pass()
    ax = nn.plots.network(
        [v["W1"], v["W2"]],
        biases=[v["b1"], v["b2"]],
        values=[v["x"], (v["z1"], v["a1"]), (v["z2"], v["p"])],
        dW=[v["dW1"], v["dW2"]],
        db=[v["db1"], v["db2"]],
        dZ=[v["dz1"], v["dz2"]],
        inputs=fruit.inputs,
        outputs=fruit.names,
        letters=[("w", "b", "z", "a"), ("u", "c", "s", "p")],  # as in notebook 01
    )
    return ax.get_figure()


if __name__ == "__main__":
    Path(__file__).with_suffix(".png").write_bytes(nn.plots.png_bytes(draw()))
