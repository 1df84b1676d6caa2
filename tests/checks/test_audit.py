"""The audit of a learner's own table: leaks are told, honest work in any style passes."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_wine

import nnlib as nn
from nnlib.checks import audit

TABLES = {"wine": load_wine, "cancer": load_breast_cancer}


@pytest.fixture(params=TABLES)
def table(request):
    found = TABLES[request.param]()
    return found.data, found.target


def cut(X, y, rows):
    return [(X[part], y[part]) for part in rows]


def honest(X, y, seed=0):
    return nn.data.split(X, y, rng=seed)


def by_hand(X, y):
    order = np.random.default_rng(0).permutation(len(y))
    a, b = int(0.6 * len(y)), int(0.8 * len(y))
    return cut(X, y, (order[:a], order[a:b], order[b:]))


@pytest.mark.parametrize("way", [honest, by_hand])
def test_an_honest_split_passes(way, table):
    assert audit.sets(*table, *way(*table)).passed


def test_rows_that_the_table_holds_twice_may_stand_in_two_sets():
    X, y = load_wine(return_X_y=True)
    X, y = np.vstack([X, X[:40]]), np.r_[y, y[:40]]
    for seed in range(5):
        assert audit.sets(X, y, *honest(X, y, seed)).passed


def overlapping(X, y):
    order = np.random.default_rng(0).permutation(len(y))
    n = len(y)
    return cut(
        X, y, (order[: int(0.7 * n)], order[int(0.6 * n) : int(0.8 * n)], order[int(0.8 * n) :])
    )


def sorted_cut(X, y):
    order = np.argsort(y, kind="stable")
    a, b = int(0.6 * len(y)), int(0.8 * len(y))
    return cut(X, y, (order[:a], order[a:b], order[b:]))


def drawn_three_times(X, y):
    rng = np.random.default_rng(0)
    n = len(y)
    return cut(X, y, (rng.permutation(n)[: int(0.6 * n)], rng.permutation(n)[: int(0.2 * n)],
                      rng.permutation(n)[: int(0.2 * n)]))  # fmt: skip


def test_as_validation(X, y):
    train, validation, _ = honest(X, y)
    return train, validation, validation


test_as_validation.__test__ = False


def with_rows_left_out(X, y):
    train, validation, test = honest(X, y)
    return (train[0][:-9], train[1][:-9]), validation, test


@pytest.mark.parametrize(
    "way, told",
    [
        (overlapping, "validation set stand in another set"),
        (drawn_three_times, "stand in another set"),
        (test_as_validation, "test set stand in another set"),
        (sorted_cut, "quite another share"),
        (with_rows_left_out, "the table has"),
        (lambda X, y: (X[:100], X[100:140], X[140:]), "pair"),
    ],
)
def test_a_leak_between_sets_is_told(way, told, table):
    result = audit.sets(*table, *way(*table))
    assert result.passed is False and told in result.hints[0]


def standard(train, *others):
    mean, std = train.mean(axis=0), train.std(axis=0)
    return [(X - mean) / std for X in (train, *others)]


def unbiased(train, *others):
    mean, std = train.mean(axis=0), train.std(axis=0, ddof=1)
    return [(X - mean) / std for X in (train, *others)]


def to_range(train, *others):
    low, high = train.min(axis=0), train.max(axis=0)
    return [(X - low) / (high - low) for X in (train, *others)]


@pytest.mark.parametrize("way", [standard, nn.data.standardise, unbiased, to_range])
def test_scaling_by_the_training_set_passes(way, table):
    parts = honest(*table)
    assert audit.scaled(*parts, scaled=way(*(X for X, _ in parts))).passed


def by_all(*sets):
    whole = np.concatenate(sets)
    return [(X - whole.mean(axis=0)) / whole.std(axis=0) for X in sets]


def each_alone(*sets):
    return [(X - X.mean(axis=0)) / X.std(axis=0) for X in sets]


@pytest.mark.parametrize(
    "way, told",
    [
        (by_all, "Leakage"),
        (each_alone, "own mean and spread"),
        (lambda *sets: sets, "as it was"),
        (lambda train, *others: (standard(train)[0], *others), "as it was"),
        (lambda *sets: [X / X.max() for X in sets], "one rule for each column"),
        (lambda *sets: [X[:5] for X in sets], "shape"),
    ],
)
def test_a_leak_in_the_scale_is_told(way, told, table):
    parts = honest(*table)
    result = audit.scaled(*parts, scaled=way(*(X for X, _ in parts)))
    assert result.passed is False and told in result.hints[0]


def test_the_baseline(table):
    train, validation, _ = honest(*table)
    right = np.mean(validation[1] == np.bincount(train[1]).argmax())
    assert audit.baseline(train, validation, right).passed
    assert audit.baseline(train, validation, round(right, 2)).passed
    assert audit.baseline(train, validation, right + 0.05).passed is False


def test_a_search_that_is_wide_enough():
    rates, units = (0.01, 0.1, 1.0, 10.0), (4, 32)
    wide = {(lr, n): 0.9 for lr in rates for n in units}
    assert audit.search(wide).passed
    assert "too little" in audit.search({(0.1, 4): 0.9, (0.2, 8): 0.9}).hints[0]
    assert "one width" in audit.search({(lr, 4): 0.9 for lr in rates}).hints[0]
    assert "between 0 and 1" in audit.search({k: 95.0 for k in wide}).hints[0]
    assert "no dictionary" in audit.search([0.9, 0.8]).hints[0]


def test_a_spread_needs_five_runs_on_the_test_set():
    test = (np.zeros((36, 2)), np.zeros(36, int))
    assert audit.seeds([35 / 36, 1.0, 34 / 36, 35 / 36, 1.0], test).passed
    assert "too few" in audit.seeds([0.97], test).hints[0]
    assert "no shares of 36" in audit.seeds([0.97, 0.96, 0.95, 0.99, 0.98], test).hints[0]
    assert "between 0 and 1" in audit.seeds([97, 96, 95, 99, 98], test).hints[0]


def test_the_confusion_matrix():
    y = np.array([0, 0, 1, 1, 1, 2])
    counts = np.array([[1, 1, 0], [0, 3, 0], [0, 1, 0]])
    test = (np.zeros((6, 2)), y)
    assert audit.confusion(test, counts).passed
    assert "exchanged" in audit.confusion(test, counts.T).hints[0]
    assert "add up" in audit.confusion(test, counts + 1).hints[0]
    assert "for each of the 3 classes" in audit.confusion(test, counts[:2]).hints[0]


def test_placeholders_are_no_error_and_nonsense_is_no_traceback():
    X, y = load_wine(return_X_y=True)
    assert audit.sets(X, y, ..., ..., ...).passed is None
    assert audit.scaled(..., ..., ..., scaled=(..., ..., ...)).passed is None
    assert audit.seeds(...).passed is None
    for junk in (None, "three", 3, [[1, 2], [3]], {"a": 1}):
        assert audit.sets(X, y, junk, junk, junk).passed is False
        assert audit.confusion((X, y), junk).passed is False
        assert audit.confusion(junk, np.eye(3)).passed is False
        assert audit.seeds(junk, (X, y)).passed is False
        assert audit.seeds([1.0] * 5, junk).passed is False
