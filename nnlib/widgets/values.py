"""The values of a slider: log steps, how they are told, and fewer of them for a page."""

import itertools

import numpy as np

from ..plots.theme import listed


def log_steps(low, high, count):
    """`count` values from low to high, each a constant factor above the one before (about).

    They are rounded to two digits: a value that is read is a value that can be typed.
    """
    if not 0 < low < high or count < 2:
        raise ValueError(
            f"log_steps needs 0 < low < high and at least 2 values, got {low}, {high}, {count}"
        )
    return sorted({float(f"{value:.1e}") for value in np.geomspace(low, high, count)})


def in_words(values, of):
    """How a slider tells its values: "25 values, 0.001 to 10"."""
    texts = [text_of(v) for v in values]
    return f"{of}, {listed(texts) if len(texts) < 4 else f'{texts[0]} to {texts[-1]}'}"


def text_of(value):
    """A value as it stands beside the slider."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return f"{value:g}" if number else str(value)


def thinned(choices, start, limit):
    """Fewer values of each slider, so that all combinations are at most `limit`; starts stay."""
    kept = [list(range(len(values))) for values in choices]
    while int(np.prod([len(k) for k in kept])) > limit:
        longest = max(kept, key=len)
        axis = kept.index(longest)
        want = np.linspace(0, len(choices[axis]) - 1, len(longest) - 1).round().astype(int)
        nearest = min(range(len(want)), key=lambda i: abs(want[i] - start[axis]))
        want[nearest] = start[axis]
        kept[axis] = sorted(set(want.tolist()))
    return kept


def combinations(kept):
    return itertools.product(*kept)
