"""Toy data sets: X (N, 2) and integer labels y (N,), and the fruit of the red thread.

scikit-learn is imported by the functions that need it.
"""

from types import SimpleNamespace

import numpy as np

from .. import errors


def fruit():
    """The red thread: six fruits, and the starting numbers of the 3-2-3 network that sorts them.

    X (6, 3) measurements from 0 to 1, y (6,) labels; `inputs` and `names` say what they mean. The
    first row is the banana of notebook 01. W1 (3, 2), b1 (2,), W2 (2, 3), b2 (3,).
    """
    return SimpleNamespace(
        inputs=("yellow", "long", "sour"),
        names=("apple", "banana", "lemon"),
        X=np.array([
            [0.9, 0.8, 0.1],  # a banana
            [0.2, 0.3, 0.4],  # an apple
            [1.0, 0.4, 0.9],  # a lemon
            [0.7, 0.9, 0.2],  # a banana, not quite ripe
            [0.4, 0.3, 0.2],  # an apple, a sweet one
            [0.8, 0.5, 1.0],  # a lemon, rather green
        ]),
        y=np.array([1, 0, 2, 1, 0, 2]),
        W1=np.array([[0.9, -0.2], [0.8, 0.5], [-0.4, -0.5]]),
        b1=np.array([-0.3, 0.2]),
        W2=np.array([[-0.7, -0.6, 0.5], [0.4, -0.4, -0.9]]),
        b2=np.array([0.1, -0.2, 0.0]),
    )  # fmt: skip


def xor():
    """Exclusive or: the four corners of a square, label 1 where the two inputs differ."""
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return X, np.array([0, 1, 1, 0])


def moons(n=200, noise=0.2, rng=0):
    """Two interleaved half circles, label 0 for the upper one."""
    from sklearn.datasets import make_moons

    return _drawn(make_moons, n, noise, rng, "moons")


def circles(n=200, noise=0.1, rng=0):
    """A small circle, label 1, inside a larger one, label 0."""
    from sklearn.datasets import make_circles

    return _drawn(make_circles, n, noise, rng, "circles", factor=0.4)


def _drawn(make, n, noise, rng, who, **options):
    n = errors.whole(n, "n", who, least=2)
    noise = errors.between(noise, "noise", who, high=np.inf)
    seed = int(errors.generator(rng, who).integers(2**31))
    X, y = make(n, noise=noise, random_state=seed, **options)
    return X, y.astype(int)


def spirals(n=300, k=3, noise=0.2, rng=0):
    """k spiral arms around the origin, one class each; n points in all, `noise` in radians."""
    n, k = errors.whole(n, "n", "spirals"), errors.whole(k, "k", "spirals")
    noise = errors.between(noise, "noise", "spirals", high=np.inf)
    rng = errors.generator(rng, "spirals")
    y = np.arange(n) % k
    radius = np.linspace(0.05, 1, n)
    angle = 2 * np.pi * y / k + 4 * radius + noise * rng.standard_normal(n)
    return radius[:, None] * np.column_stack([np.sin(angle), np.cos(angle)]), y
