"""A few telling pictures side by side, drawn by the function that draws for a slider."""

import itertools

import numpy as np

from .theme import figure, style


def strip(draw, values, *, rows=1, size=None, **options):
    """A few telling pictures side by side: one column a value, drawn by a slider's own function.

    values    the values, or tuples of them where the slider has more than one
    rows      how many panels `draw` fills; their axes then stand below each other
    Returns the figure, for `plots.show`. Its alt text is what `draw` says of each picture.
    """
    values = list(values)
    if not values:
        raise ValueError("strip needs at least one value")
    size = size or (min(3.3 * len(values), 13.0), 3.4 * rows)
    fig, axes = figure(rows, len(values), size=size, squeeze=False, **options)
    said = []
    for column, value in enumerate(values):
        ax = axes[0, column] if rows == 1 else axes[:, column]
        with style(), np.errstate(all="ignore"):
            told = draw(ax, *(value if isinstance(value, tuple) else (value,)))
        said.append(told if isinstance(told, str) else _title(axes[0, column]))
    for title in itertools.chain(
        *map(title_artists, axes.flat)
    ):  # none reaches into its neighbour's
        room = 0.92 * fig.bbox.width / len(values) / max(title.get_window_extent().width, 1)
        title.set_size(title.get_size() * min(1, room))
    fig.alt = " ".join(sentence(text) for text in said if text)
    return fig


def titles(fig):
    """The titles of a figure in one line."""
    return "; ".join(filter(None, map(_title, fig.axes)))


def sentence(text):
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _title(ax):
    return " ".join(filter(None, (ax.get_title(loc) for loc in ("left", "center", "right"))))


def title_artists(ax):
    return [ax.title, ax._left_title, ax._right_title]
