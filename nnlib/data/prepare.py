"""Prepare data for training: split it into parts, and scale its columns."""

import numpy as np

from .. import errors


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
            counts = np.unique(y, return_counts=True)[1]
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
    for X in sets[1:]:
        if X.shape[1:] != sets[0].shape[1:]:
            expected = f"(N, {', '.join(map(str, sets[0].shape[1:]))})"
            errors.reject(f"standardise expected every set of shape {expected}", X.shape)
    low, high = sets[0].min(axis=0), sets[0].max(axis=0)
    still = low == high  # its std may be 1e-17, rounding, not 0
    sets = _within_reach(sets, np.maximum(abs(low), abs(high)))
    mean, std = sets[0].mean(axis=0), sets[0].std(axis=0)
    with np.errstate(over="ignore"):  # a set may lie as far outside as floats go
        return tuple(np.where(still, 0, X - mean) / np.where(still, 1, std) for X in sets)


def _within_reach(sets, size):
    """Columns whose squares would be inf or 0, times a power of two, the same in each set."""
    far = (size > 1e15) | ((size < 1e-15) & (size > 0))
    if not far.any():
        return sets
    power = np.where(far, -np.frexp(size)[1], 0)
    with np.errstate(over="ignore"):  # another set may lie further out than floats go
        return [np.ldexp(X, power) for X in sets]
