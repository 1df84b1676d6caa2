"""Grids: a confusion matrix, and rows of small images."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from .theme import COLOURS, array_of, axes_for, labels_of, names_for, styled, tint

SIGNED = LinearSegmentedColormap.from_list(
    "signed", [COLOURS["negative"], "#FFFFFF", COLOURS["positive"]]
)


@styled
def confusion(matrix, names=None, *, ax=None):
    """Count the answers: rows are the truth, columns the prediction, mistakes in colour.

    matrix   counts (K, K), or the pair (y, predicted) of labels
    """
    if isinstance(matrix, tuple):
        if len(matrix) != 2:
            raise ValueError(f"confusion needs the pair (y, predicted), got {len(matrix)} entries")
        y, predicted = (
            labels_of(v, f"confusion: {n}") for v, n in zip(matrix, ("y", "predicted"), strict=True)
        )
        if len(y) != len(predicted) or not len(y):
            raise ValueError(
                "confusion needs as many predictions as labels, at least one, "
                f"got {len(predicted)} and {len(y)}"
            )
        k = max(y.max(), predicted.max(), len(names or ()) - 1) + 1
        counts = np.zeros((k, k), dtype=int)
        np.add.at(counts, (y, predicted), 1)
    else:
        counts = array_of(matrix, "confusion: the matrix")
        if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
            raise ValueError(
                "confusion needs a square matrix of counts (K, K), or the pair (y, predicted); "
                f"got shape {counts.shape}"
            )
        if not np.isfinite(counts).all() or counts.min() < 0 or np.any(counts != counts.round()):
            raise ValueError("confusion needs counts: whole numbers from 0 up")
        counts = counts.astype(int)
    k = len(counts)
    names = names_for(names, k, "names") or [str(c) for c in range(k)]
    cell = 0.52 if k > 5 else 0.8
    ax = axes_for(ax, (cell * k + 1.2, cell * k + 1.0), "confusion")
    wrong = counts * (1 - np.eye(k, dtype=int))
    strength = np.where(wrong > 0, 0.25 + 0.75 * wrong / max(wrong.max(), 1), 0.0)
    picture = tint(COLOURS["mistake"], strength)
    picture[np.arange(k), np.arange(k)] = 0.92
    ax.imshow(picture, interpolation="nearest")
    for i in range(k):
        for j in range(k):
            loud = i != j and counts[i, j] > 0
            ax.text(
                *(j, i, counts[i, j] if counts[i, j] or i == j else "·"),
                ha="center",
                va="center",
                fontsize=(13 if k <= 10 else 9),
                fontweight="bold" if loud else "normal",
                color=COLOURS["ink"] if loud else "#595959",
            )
    ax.set(xticks=range(k), yticks=range(k), xlabel="predicted", ylabel="true")
    longest = max(map(len, names))
    ax.set_xticklabels(names, rotation=45 if longest > 6 else 0)
    ax.set_yticklabels(names)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    right, total = int(np.trace(counts)), int(counts.sum())
    where = "all counts are" if right == total else "most counts are"
    if 2 * right <= total:
        where = "half of the counts or fewer are"
    ax.alt = (
        f"Confusion matrix of {k} classes, rows the true class, columns the prediction: "
        f"{where} on the diagonal" + (", mistakes are coloured." if right < total else ".")
    )
    return ax


@styled
def images(X, titles=None, *, columns=None, signed=None, ax=None, shape=None):
    """Draw a grid of small pictures: digits, or the weights of hidden units.

    X        (N, 64) or (N, 784) or any (N, side * side), or (N, height, width)
    titles   one a picture
    signed   True draws orange below zero, white at zero, blue above; left to itself, True
             where there are negative values
    """
    X = array_of(X, "images: X")
    if X.ndim == 2 and shape is None:
        side = int(round(X.shape[1] ** 0.5))
        if side * side != X.shape[1]:
            raise ValueError(
                "images needs rows that make a square, (N, 64) or (N, 784), or images "
                f"(N, height, width); got shape {X.shape}"
            )
        X = X.reshape(-1, side, side)
    elif X.ndim == 2:
        X = X.reshape(-1, *shape)
    if X.ndim != 3 or not X.size:
        raise ValueError(
            f"images needs X of shape (N, 64) or (N, height, width), N >= 1, got {X.shape}"
        )
    n, high, wide = X.shape
    titles = names_for(titles, n, "titles")
    if columns is None:
        columns = min(n, 10) if n <= 10 else int(np.ceil(n / np.ceil(n / 10)))
    rows = -(-n // columns)
    finite = X[np.isfinite(X)]
    signed = bool(finite.size and finite.min() < 0) if signed is None else signed
    reach = np.abs(finite).max() if finite.size else 1.0
    colour = {"cmap": SIGNED, "vmin": -reach or -1, "vmax": reach or 1}
    if not signed:
        colour = {"cmap": "Greys", "vmin": 0, "vmax": reach or 1}
    across, down = 1.12, (1.42 if titles else 1.12)
    inch = min(1.05, 10.5 / (columns * across))
    ax = axes_for(ax, (columns * across * inch, rows * down * inch * high / wide + 0.1), "images")
    for i, picture in enumerate(X):
        x, y = (i % columns) * across, -(i // columns) * down
        ax.imshow(picture, extent=(x, x + 1, y - 1, y), interpolation="nearest", **colour)
        frame = ([x, x + 1, x + 1, x, x], [y - 1, y - 1, y, y, y - 1])
        ax.plot(*frame, color=COLOURS["neutral"], lw=0.6)
        if titles:
            small = {"ha": "center", "va": "bottom", "fontsize": 12}
            ax.text(x + 0.5, y + 0.05, titles[i], **small)
    ax.set(xlim=(-0.04, columns * across - 0.08), ylim=(-(rows - 1) * down - 1.04, down - 1.06))
    ax.set_aspect(high / wide)
    ax.set_axis_off()
    what = "picture" if n == 1 else "pictures"
    ax.alt = f"{n} {what} of {high} by {wide} pixels"
    ax.alt += (
        ", blue above zero and orange below" if signed else ", the darker the larger the value"
    )
    ax.alt += (", each with a title." if n > 1 else ", with a title.") if titles else "."
    return ax
