"""What the drawings of networks and graphs share."""

import numpy as np
from matplotlib.patheffects import withStroke

from . import theme


def number(value, decimals):
    if not np.isfinite(value):
        return "not finite"
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "\N{MINUS SIGN}")


def canvas(ax, left, right, bottom, top):
    """Make an ax a sheet of paper measured in inches; returns the factor for its letters."""
    ax.set(xlim=(left, right), ylim=(bottom, top))
    ax.set_aspect("equal")
    ax.set_axis_off()
    box = ax.get_position().bounds
    wide, high = theme.inches(ax)
    if ax.get_figure().axes == [ax]:
        box = (0, 0, 1, 1)
    return min(1.0, box[2] * wide / (right - left), box[3] * high / (top - bottom))


def halo(letters):
    return [withStroke(linewidth=3.5 * letters, foreground="white")]


def digits(values, most):
    """The fewest decimals, at most `most`, that print all the values as `most` would."""
    values = np.concatenate([np.ravel(v) for v in values]) if len(values) else np.zeros(0)
    values = values[np.isfinite(values)]
    fewer = (d for d in range(most) if np.allclose(values, np.round(values, d), atol=10.0**-9))
    return next(fewer, most)
