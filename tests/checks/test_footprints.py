"""The walker of notebook 12: one rule and one set of constants left its footprints, and the check
takes no other."""

from itertools import product

import numpy as np
import pytest

from nnlib import checks
from nnlib.checks import catalogue, typed
from tools.notebooks import all_notebooks, read

RATES = (0.01, 0.02, 0.05, 0.1)
BETAS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
ASKED = [*product(range(1, 7), RATES, BETAS, BETAS)]
ASKED += [(1, lr, mu, 0) for lr, mu in product(RATES, BETAS)]
ASKED += [(2, lr, 0, alpha) for lr, alpha in product(RATES, BETAS)]
RIGHT, _ = typed.expected(catalogue.exercises()["footprints"], {})


@pytest.fixture(scope="module")
def given():
    (path,) = [path for path in all_notebooks() if path.stem.startswith("12_")]
    (cell,) = [cell for cell in read(path).cells if cell.id == "ex5b-given"]
    space = {"np": np}
    exec(cell.source, space)
    return space["gradients"], space["x"]


def walk(gradients, rule, lr, beta1, beta2, eps=1e-8):
    path, m, v = [0.0], 0.0, 0.0
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (g if rule == 1 else (1 - beta1) * g)
        v = beta2 * v + (1 - beta2) * g * g
        if rule == 1:
            step = m
        elif rule == 2:
            step = g / (np.sqrt(v) + eps)
        else:
            m_hat, v_hat = m, v
            if rule in (3, 6):
                m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
            step = m_hat / (np.sqrt(v_hat + eps) if rule in (5, 6) else np.sqrt(v_hat) + eps)
        path.append(path[-1] - lr * step)
    return np.array(path)


def test_the_right_answer_leaves_these_footprints_and_no_other_comes_near(given):
    gradients, x = given
    off = {tried: np.abs(walk(gradients, *tried) - x).max() for tried in ASKED}
    assert off.pop(tuple(RIGHT)) < 1e-7
    assert min(off.values()) > 0.005


def test_the_check_takes_no_other_answer():
    assert checks.footprints(*RIGHT, quiet=True).passed is True
    others = [tried for tried in ASKED if tried != tuple(RIGHT)]
    assert [tried for tried in others if checks.footprints(*tried, quiet=True).passed] == []


def test_a_near_number_is_not_taken():
    for k in range(4):
        for off in (1.01, 0.99):
            near = [number * (off if j == k else 1) for j, number in enumerate(RIGHT)]
            assert checks.footprints(*near, quiet=True).passed is False
