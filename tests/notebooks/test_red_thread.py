"""The red thread: the 3-2-3 network gives the same numbers in each of its forms, to 1e-12."""

from math import exp, log

import numpy as np
import pytest

import nnlib as nn
from tools.notebooks import all_notebooks, read

DATA = nn.data.fruit()


def with_scalars(x, y, W1, b1, W2, b2):
    """One example in single numbers and loops: the loss and its 17 derivatives."""
    z = [sum(x[i] * W1[i][j] for i in range(3)) + b1[j] for j in range(2)]
    a = [max(0.0, value) for value in z]
    s = [sum(a[j] * W2[j][k] for j in range(2)) + b2[k] for k in range(3)]
    total = sum(exp(value) for value in s)
    p = [exp(value) / total for value in s]
    ds = [p[k] - (k == y) for k in range(3)]
    da = [sum(W2[j][k] * ds[k] for k in range(3)) for j in range(2)]
    dz = [da[j] * (z[j] > 0) for j in range(2)]
    dW1 = [[x[i] * dz[j] for j in range(2)] for i in range(3)]
    dW2 = [[a[j] * ds[k] for k in range(3)] for j in range(2)]
    return -log(p[y]), (dW1, dz, dW2, ds)


def with_matrices(X, y, W1, b1, W2, b2):
    """The batch in matrices, as notebook 05 derives it."""
    Z1 = X @ W1 + b1
    A1 = np.maximum(0, Z1)
    P = nn.softmax(A1 @ W2 + b2)
    dZ2 = (P - nn.one_hot(y, 3)) / len(y)
    dZ1 = (dZ2 @ W2.T) * (Z1 > 0)
    L = -np.log(P[np.arange(len(y)), y]).mean()
    return L, (X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0))


def flat(gradients):
    return np.concatenate([np.ravel(g) for g in gradients])


def numbers():
    return DATA.W1, DATA.b1, DATA.W2, DATA.b2


@pytest.mark.parametrize("i", range(6))
def test_scalars_and_matrices_agree_on_every_fruit(i):
    L, gradients = with_scalars(DATA.X[i], DATA.y[i], *numbers())
    L_matrix, gradients_matrix = with_matrices(DATA.X[i : i + 1], DATA.y[i : i + 1], *numbers())
    assert L == pytest.approx(L_matrix, abs=1e-12)
    np.testing.assert_allclose(flat(gradients), flat(gradients_matrix), rtol=0, atol=1e-12)


def test_the_batch_is_the_mean_of_its_examples():
    each = [with_scalars(x, y, *numbers()) for x, y in zip(DATA.X, DATA.y, strict=True)]
    L, gradients = with_matrices(DATA.X, DATA.y, *numbers())
    assert np.mean([one for one, _ in each]) == pytest.approx(L, abs=1e-12)
    mean = np.mean([flat(g) for _, g in each], axis=0)
    np.testing.assert_allclose(mean, flat(gradients), rtol=0, atol=1e-12)


def test_nnlib_gives_the_same_numbers(fruit):
    net, loss, X, y = fruit
    L, gradients = with_matrices(X, y, *numbers())
    assert loss(net(X), y) == pytest.approx(L, abs=1e-12)
    net.backward(loss.backward())
    np.testing.assert_allclose(net.grad, flat(gradients), rtol=0, atol=1e-12)


def test_no_fruit_sits_on_a_gate_and_each_gate_closes_for_some():
    Z1 = DATA.X @ DATA.W1 + DATA.b1
    assert (np.abs(Z1) > 1e-3).all()
    assert (Z1 < 0).any(axis=0).all() and (Z1[0] > 0).all()
    start = np.concatenate([each.ravel() for each in numbers()])
    assert len(start) == 17 and np.array_equal(start, start.round(1))


def test_notebook_01_prints_these_numbers():
    (path,) = [path for path in all_notebooks() if path.name.startswith("01")]
    outputs = "\n".join(
        str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", ""))
        for cell in read(path).cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    L, (dW1, dz, dW2, _) = with_scalars(DATA.X[0], DATA.y[0], *numbers())
    for number in (L, dW1[0][0], dz[0], dW2[0][0]):
        assert f"{number:.4f}".rstrip("0") in outputs
