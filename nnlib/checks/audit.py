"""Looks for leakage in what a learner did with a table of their own (notebook 20).

There is no right answer to compare with, so each function measures what must hold whatever the
table: that no row stands in two sets, that the scale comes from the training set alone, and so on.
It says nothing about what it cannot see, such as how often the test set was looked at.
"""

import numpy as np

from .result import Result

FEW = 20  # with fewer rows in a set than this, shares of classes are not compared


def sets(X, y, train=..., validation=..., test=...):
    """Three pairs (X, y) cut from a table: every row in one of them, in no order, shares kept."""
    return _verdict("sets", (train, validation, test), lambda: _sets(X, y, train, validation, test))


def scaled(train, validation, test, scaled=...):
    """The inputs of the three sets after scaling, by the training set's numbers."""
    parts = scaled if isinstance(scaled, (tuple, list)) else (scaled,)
    given = (train, validation, test, *parts)
    return _verdict("scaled", given, lambda: _scaled([train, validation, test], scaled))


def baseline(train, validation, share=...):
    """The validation accuracy of answering the training set's most frequent class every time."""
    given = (train, validation, share)
    return _verdict("baseline", given, lambda: _baseline(train, validation, share))


def search(tried=...):
    """A dictionary from (learning rate, units) to the validation accuracy that came out."""
    return _verdict("search", (tried,), lambda: _search(tried))


def seeds(accuracies=..., test=...):
    """Accuracies on the pair test = (X, y) of the same choice, trained from several seeds."""
    return _verdict("seeds", (accuracies, test), lambda: _seeds(accuracies, _labels(test)))


def confusion(test=..., counts=...):
    """The confusion matrix of the pair test = (X, y): rows the true class, columns the answer."""
    return _verdict("confusion", (test, counts), lambda: _confusion(_labels(test), counts))


# ---------------------------------------------------------------- what is measured


def _sets(X, y, *parts):
    X, y = np.asarray(X, float), np.asarray(y)
    pairs = [_pair(part) for part in parts]
    if any(pair is None for pair in pairs):
        return "A set is a pair (X, y) with as many labels as rows.", (
            "Write train = (X_train, y_train), and the same for the other two.",
            "(X_train, y_train), ... = nn.data.split(X, y, rng=0) gives three such pairs.",
        )
    total = sum(len(labels) for _, labels in pairs)
    own = [_rows(inputs) for inputs, _ in pairs]
    whole = _rows(X)
    twice = {name for name, rows in zip(("validation", "test"), own[1:], strict=True)
             if _shared(rows, own[0], whole)}  # fmt: skip
    if _shared(own[1], own[2], whole):
        twice |= {"test"}
    if twice:
        return f"Rows of the {' and the '.join(sorted(twice))} set stand in another set, too.", (
            "A network that has seen a row can know it by heart. Deal each row out once.",
            "Shuffle the row numbers once, then cut that one list into three pieces.",
        )
    if total != len(y):
        return f"The three sets hold {total} rows, the table has {len(y)}.", (
            "Every row belongs to one of the three sets.",
            "The pieces begin where the one before ends: order[:a], order[a:b], order[b:].",
        )
    shares = np.array([_shares(labels, np.unique(y)) for _, labels in pairs])
    small = min(len(labels) for _, labels in pairs)
    if small >= FEW and np.ptp(shares, axis=0).max() > 0.15:
        return "A class has quite another share in one set than in another.", (
            "If the table was sorted by class, its first rows are no sample of it.",
            "Shuffle before you cut, or cut each class for itself: nn.data.split does both.",
        )
    if small < 10:
        return f"One set has {small} rows: no accuracy can be read off so few.", (
            "With 10 rows an accuracy moves in steps of a tenth.",
            "Give validation and test a fifth of the table each.",
        )
    return None


def _scaled(parts, after):
    before = [np.asarray(_pair(part)[0], float) for part in parts if _pair(part)]
    after = [np.asarray(X, float) for X in after]
    if len(before) != 3 or [X.shape for X in before] != [X.shape for X in after]:
        return "Scaling keeps the shape of each of the three sets.", (
            "Hand in the three scaled inputs, without labels, in the order of the sets.",
            "nn.data.standardise(X_train, X_val, X_test) returns these three.",
        )
    if any(np.allclose(a, b) for a, b in zip(before, after, strict=True)):
        return "At least one set is as it was.", (
            "All three sets are scaled.",
            "nn.data.standardise(X_train, X_val, X_test) scales all three alike.",
        )
    if not all(np.isfinite(X).all() for X in after):
        return "A scaled set holds nan or inf.", (
            "A column that never changes has a standard deviation of 0.",
            "Leave such a column out, or divide it by 1.",
        )
    ways = {
        "train": _standardised(before, before[:1] * 3),
        "each": _standardised(before, [[X] for X in before]),
        "all": _standardised(before, [before] * 3),
    }
    same = {name: all(np.allclose(a, b, atol=1e-6) for a, b in zip(way, after, strict=True))
            for name, way in ways.items()}  # fmt: skip
    if same["each"]:
        return "Each set was scaled by its own mean and spread.", (
            "The same flower must get the same number in whatever set it stands.",
            "Take mean and standard deviation of X_train, and use them for all three.",
        )
    if same["all"]:
        return "Leakage: mean and spread were taken over all rows, the test set's included.", (
            "What is learned from the test set, a mean included, is learned from the test set.",
            "Take mean and standard deviation of X_train alone.",
        )
    if same["train"] or _one_map(before, after):
        return None
    return "The three sets were not scaled by one rule for each column.", (
        "For each column one number is taken away and one divided by, the same in all three sets.",
        "mean, std = X_train.mean(axis=0), X_train.std(axis=0), then (X - mean) / std three times.",
    )


def _baseline(train, validation, share):
    (_, y_train), (_, y_val) = _pair(train), _pair(validation)
    values, counts = np.unique(y_train, return_counts=True)
    right = float(np.mean(np.asarray(y_val) == values[counts.argmax()]))
    if isinstance(share, (int, float, np.number)) and abs(float(share) - right) < 0.006:
        return None
    return "That is not the share of the validation set in the most frequent class.", (
        "Which class is most frequent in y_train? How often is it right on y_val?",
        "np.bincount(y_train).argmax() is the class; compare y_val with it and take the mean.",
    )


def _search(tried):
    try:
        pairs = {(float(lr), int(units)): float(a) for (lr, units), a in dict(tried).items()}
    except (TypeError, ValueError):
        return "This is no dictionary from (learning rate, units) to an accuracy.", (
            "Such as {(0.1, 16): 0.95, (0.3, 16): 0.97}.",
            "tried[lr, units] = history.val_accuracy[-1], inside two loops.",
        )
    rates, units = {lr for lr, _ in pairs}, {n for _, n in pairs}
    if len(rates) < 4 or max(rates) < 30 * min(rates):
        return "The learning rates cover too little to see where it breaks.", (
            "Try at least four rates, over a factor of 30 or more.",
            "0.003, 0.03, 0.3 and 3: does the largest one break?",
        )
    if len(units) < 2:
        return "Only one width was tried.", (
            "How do you know that more units, or fewer, would not do better?",
            "Try two widths at least, such as 4 and 32.",
        )
    if not all(0 <= a <= 1 or np.isnan(a) for a in pairs.values()):
        return "An accuracy lies between 0 and 1.", (
            "Hand in shares, not percentages or losses.",
            "history.val_accuracy[-1] is such a share.",
        )
    return None


def _seeds(accuracies, y_test):
    n = len(y_test)
    a = np.asarray(accuracies, float).ravel()
    if a.size < 5:
        return f"{a.size} runs are too few for a spread.", (
            "Train the same choice from at least five seeds.",
            "for seed in range(5): build, train and measure a network with rng=seed.",
        )
    if a.min() < 0 or a.max() > 1:
        return "An accuracy lies between 0 and 1.", (
            "Hand in shares, not percentages.",
            "nn.accuracy(net.predict(X), y) is such a share.",
        )
    if not np.allclose(a * n, np.round(a * n), atol=1e-6):
        return f"These are no shares of {n} rows.", (
            "Measure on the test set, scaled, and hand in what nn.accuracy returns, unrounded.",
            "[nn.accuracy(net.predict(X_test_scaled), y_test) for each of the five networks]",
        )
    return None


def _confusion(y_test, counts):
    table = np.asarray(counts)
    classes, true = np.unique(np.asarray(y_test), return_counts=True)
    if table.shape != (len(classes),) * 2:
        return f"The table needs a row and a column for each of the {len(classes)} classes.", (
            "Rows are the true classes, columns the answers.",
            "table = np.zeros((K, K), int), then table[true, answer] += 1 for each test row.",
        )
    if not np.array_equal(table.sum(axis=1), true):
        turned = np.array_equal(table.sum(axis=0), true)
        said = (
            "Rows and columns are exchanged." if turned else "A row does not add up to its class."
        )
        return said, (
            "Row k holds the test rows whose true class is k.",
            "table[true, answer] += 1, in this order, for each test row once.",
        )
    return None


# ---------------------------------------------------------------- small things


GOOD = {
    "sets": "No row stands in two sets, and every class has about the same share in each.",
    "scaled": "One rule for each column, from the training set alone.",
    "baseline": "Whatever you build has to beat this.",
    "search": "Wide enough to see both sides.",
    "seeds": "Report the mean and the range, not the best one.",
    "confusion": "It adds up.",
}


def _verdict(name, given, look):
    result = Result(f"audit.{name}", None)
    if any(_open(each) for each in given):
        return result.show()
    try:
        found = look()
    except Exception as error:  # whatever was passed in: a sentence, never a traceback of ours
        found = f"This could not be read ({type(error).__name__}).", ("Look at its type.", "")
    result.passed = found is None
    if found:
        first, others = found
        result.hints = [first, *(hint for hint in others if hint)]
    else:
        result.note = GOOD[name]
    return result.show()


def _open(value):
    """Not attempted yet: a placeholder, or a pair that holds one."""
    if value is ...:
        return True
    return isinstance(value, (tuple, list)) and any(each is ... for each in value)


def _pair(part):
    if not isinstance(part, (tuple, list)) or len(part) != 2 or len(part[0]) != len(part[1]):
        return None
    return np.asarray(part[0], float), np.asarray(part[1])


def _labels(part):
    """The labels of a pair (X, y)."""
    pair = _pair(part)
    if pair is None:
        raise TypeError("expected a pair (X, y)")
    return pair[1]


def _rows(X):
    values, counts = np.unique(np.asarray(X, float), axis=0, return_counts=True)
    return {row.tobytes(): int(n) for row, n in zip(values, counts, strict=True)}


def _shared(some, others, whole):
    """Rows in both sets which the table does not hold that often."""
    return any(some[row] + others[row] > whole.get(row, 0) for row in some.keys() & others.keys())


def _shares(y, classes):
    return [float(np.mean(y == k)) for k in classes]


def _standardised(sets, sources):
    made = []
    for X, source in zip(sets, sources, strict=True):
        known = np.concatenate(source)
        std = known.std(axis=0)
        made.append((X - known.mean(axis=0)) / np.where(std == 0, 1, std))
    return made


def _one_map(before, after):
    """True where each column is the same straight line of the old one in all three sets."""
    x, z = np.concatenate(before), np.concatenate(after)
    n = len(before[0])
    for i in range(x.shape[1]):
        if np.ptp(x[:n, i]) == 0:
            continue
        slope, start = np.polyfit(x[:n, i], z[:n, i], 1)
        room = 1e-6 * max(1, np.abs(z[:, i]).max())
        if not np.allclose(z[:, i], start + slope * x[:, i], atol=room):
            return False
    z = z[:n]  # the line is the training set's own: its range, or its mean and spread (any ddof)
    own_range = np.allclose([z.min(axis=0), z.max(axis=0)], [[0], [1]], atol=1e-6)
    centred = np.allclose(z.mean(axis=0), 0, atol=1e-6)
    return bool(own_range or (centred and np.allclose(z.std(axis=0), 1, atol=0.02)))
