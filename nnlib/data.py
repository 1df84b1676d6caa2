"""Data sets: small ones that come with the course, the handwritten digits, and MNIST.

Toy sets return X (N, 2) and integer labels y (N,). scikit-learn is imported by the functions that
need it.
"""

from types import SimpleNamespace

import numpy as np

from . import errors


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


def digits():
    """1,797 handwritten digits: X (1797, 64), 8×8 pixels from 0 to 1; y (1797,), 0 to 9.

    Alpaydin and Kaynak, 1998, UCI Machine Learning Repository (CC BY 4.0); comes with scikit-learn.
    """
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    return X / 16, y.astype(int)


def split(X, y, sizes=(0.6, 0.2, 0.2), rng=0):
    """Cut (X, y) into parts, every class in the same share in each: ((X1, y1), (X2, y2), ...).

    `sizes` are shares that add up to 1. Stratified and seeded; every example lands in one part.
    """
    from sklearn.model_selection import train_test_split

    X = errors.nonempty(errors.numbers(X, "split"), "split")
    y = errors.labels(y, "split", N=len(X))
    if not isinstance(sizes, (list, tuple)):
        rule = "split expected sizes as shares that add up to 1, such as (0.8, 0.2)"
        errors.reject(rule, errors.describe(sizes))
    sizes = [errors.positive(size, "sizes", "split") for size in sizes]
    if abs(sum(sizes) - 1) > 1e-9:
        errors.reject("split expected sizes that add up to 1", f"{sum(sizes):g}")
    rng = errors.generator(rng, "split")
    left, parts = np.arange(len(X)), []
    while len(sizes) > 1:
        share = sizes.pop(0)
        seed = int(rng.integers(2**31))
        try:
            part, left = train_test_split(
                left, train_size=share / (share + sum(sizes)), stratify=y[left], random_state=seed
            )
        except ValueError as cause:
            counts = np.bincount(y)
            message = f"split needs enough examples of each class for every part, got {counts}"
            raise ValueError(f"{message}. Use fewer parts or more data.") from cause
        parts.append(part)
    return tuple((X[rows], y[rows]) for rows in [*parts, left])


def standardise(X_train, *others):
    """Every feature to mean 0 and standard deviation 1, by the training set's statistics.

    The same shift and scale for every other set, however small: nothing is learned from them.
    A feature that never changes becomes 0. Returns a tuple of arrays, one for each argument.
    """
    sets = [errors.batch(X, "standardise") for X in (X_train, *others)]
    mean, std = sets[0].mean(axis=0), sets[0].std(axis=0)
    for X in sets[1:]:
        if X.shape[1:] != sets[0].shape[1:]:
            expected = f"(N, {', '.join(map(str, sets[0].shape[1:]))})"
            errors.reject(f"standardise expected every set of shape {expected}", X.shape)
    still = sets[0].min(axis=0) == sets[0].max(axis=0)  # its std may be 1e-17, rounding, not 0
    return tuple(np.where(still, 0, X - mean) / np.where(still, 1, std) for X in sets)


def mnist(path=None):
    """70,000 handwritten digits: X_train (60000, 28, 28), y_train, X_test (10000, 28, 28), y_test.

    Images are uint8, 0 to 255. Taken from `path`, else from the file that the environment variable
    NNLIB_MNIST names, else from the cache, else downloaded once (11 MB); verified in every case.
    LeCun, Cortes and Burges; CC BY-SA 3.0.
    """
    from .mnist import load

    return load(path)
