"""Answers to `careful_step`, as many hands write them; see tests/checks/test_answers.py."""

import numpy as np
from hands import right, wrong

# ---------------------------------------------------------------- wrong


@wrong("", says="has changed its argument theta")
def overwrites_theta_and_runs_for_ever(f, gradient, theta, lr):
    g = gradient(theta)
    while f(theta - lr * g) >= f(theta):
        lr = lr / 2
        theta -= lr * g
    return theta, lr


@wrong("", says="has changed its argument theta")
def overwrites_theta_at_the_end(f, gradient, theta, lr):
    g = gradient(theta)
    while f(theta - lr * g) >= f(theta):
        lr = lr / 2
    theta -= lr * g
    return theta, lr


# ---------------------------------------------------------------- right


@right
def tries_from_a_copy(f, gradient, theta, lr):
    before, g = f(theta), gradient(theta)
    while True:
        new = theta.copy()
        new -= lr * g
        if f(new) < before:
            return new, lr
        lr /= 2


@right
def counts_the_halvings(f, gradient, theta, lr):
    g = gradient(theta)
    rates = lr / 2.0 ** np.arange(60)
    rate = next(r for r in rates if f(theta - r * g) < f(theta))
    return theta - rate * g, rate
