"""Losses and accuracies over the epochs of one or several runs."""

import numpy as np
from matplotlib.ticker import PercentFormatter

from .theme import (
    CLASS_COLOURS,
    COLOURS,
    apart,
    array_of,
    axes_for,
    figure,
    listed,
    readable,
    styled,
)

DASHES = {"train": "-", "validation": (0, (3.2, 1.4)), "test": (0, (1, 1.2))}


@styled
def curves(history, *, ax=None, best=True, xlabel="epoch", start=1):
    """The loss as it falls, and the accuracy beside it where there is one.

    history   an nn.History, or a dict of lists with its names (loss, val_loss, accuracy,
              val_accuracy), or one plain list of losses, or {"name": losses, ...} to compare
    ax        one ax draws the loss alone; a pair draws loss and accuracy
    Returns the ax, or both as an array. A diverged run is drawn up to where it leaves.
    """
    losses, accuracies, diverged = _curve_parts(history)
    if isinstance(ax, list | tuple | np.ndarray):
        pair = list(np.ravel(ax))
        if len(pair) != 2:
            raise ValueError(f"curves needs one ax or two, got {len(pair)}")
    elif ax is None and accuracies:
        pair = list(figure(columns=2, size=(10.4, 4.0))[1])
    else:
        pair = [axes_for(ax, (7.0, 4.0), "curves")]
    gone = _draw_curves(pair[0], losses, xlabel, start, best, diverged)
    pair[0].set_ylabel("loss")
    pair[0].alt = _curves_alt(losses, "loss", xlabel, gone)
    if len(pair) == 2 and accuracies:
        gone = _draw_curves(pair[1], accuracies, xlabel, start, False, diverged, fraction=True)
        pair[1].set_ylabel("accuracy")
        pair[1].alt = _curves_alt(accuracies, "accuracy", xlabel, gone)
    return np.array(pair, dtype=object) if len(pair) == 2 else pair[0]


_KNOWN = ("loss", "val_loss", "accuracy", "val_accuracy")


def _curve_parts(history):
    """Curves as {name: array} for the loss and for the accuracy, and whether the run diverged."""
    diverged = getattr(history, "stopped", "") == "diverged"
    if hasattr(history, "loss"):
        history = {key: getattr(history, key, None) for key in _KNOWN}
    elif not isinstance(history, dict):
        history = {"loss": history}
    found = {}
    for key, values in history.items():
        if values is None or np.size(values) == 0:
            continue
        values = array_of(values, f"curves: {key}")
        if values.ndim != 1:
            raise ValueError(f"curves: {key} needs one number an epoch, got shape {values.shape}")
        found[key] = values
    if not found and diverged:  # in its very first epoch
        found = {"loss": np.array([np.nan])}
    if not found:
        raise ValueError("curves needs at least one loss, got an empty history")
    if not set(found) <= set(_KNOWN):
        return found, {}, diverged
    if not {"loss", "val_loss"} & set(found):
        raise ValueError("curves needs a loss, got accuracies alone")
    alone = "val_loss" not in found
    named = {"loss": "loss" if alone else "train", "val_loss": "validation"}
    losses = {named[k]: found[k] for k in ("loss", "val_loss") if k in found}
    named = {"accuracy": "train", "val_accuracy": "validation"}
    return losses, {named[k]: found[k] for k in named if k in found}, diverged


def _curve_look(name, i):
    if name in DASHES:
        return COLOURS[name], DASHES[name]
    if name == "loss":
        return COLOURS["loss"], "-"
    dashes = ("-", (0, (3.2, 1.4)), (0, (1, 1.2)), (0, (4, 1.2, 1, 1.2)))
    colours = [*CLASS_COLOURS[:6], COLOURS["ink"]]
    return colours[i % len(colours)], dashes[i % len(dashes)]


def _draw_curves(ax, lines, xlabel, start, best, diverged, fraction=False):
    """Draw named lines with direct labels; returns the names of those that diverged."""
    finite = {name: v[np.isfinite(v)] for name, v in lines.items()}
    firsts = [abs(v[0]) for v in finite.values() if len(v)]
    cap = 4 * max(firsts, default=1.0) or 1.0
    gone = {n for n, v in lines.items() if not np.isfinite(v).all() or np.any(v > 250 * cap)}
    gone = set(lines) if diverged else gone
    limit = cap if gone else np.inf
    labels, left, lows, highs = [], [], [], []
    longest = max(len(v) for v in lines.values())
    for i, (name, values) in enumerate(lines.items()):
        colour, dashes = _curve_look(name, i)
        # beyond the edge of the picture the exact height no longer matters
        inside = np.where(np.isfinite(values), np.clip(values, -2 * limit, 2 * limit), np.nan)
        if name in gone:
            out = ~(values <= limit)
            first = int(np.argmax(out)) if out.any() else len(values)
            inside = inside[: first + 1]
        x = start + np.arange(len(inside))
        marker = "o" if len(inside) == 1 else None
        ax.plot(x, inside, color=colour, linestyle=dashes, label=name, marker=marker)
        seen = inside[np.isfinite(inside) & (np.abs(inside) <= limit)]
        if len(seen):
            lows.append(seen.min())
            highs.append(seen.max())
        if name in gone:
            left.append((x[-1] if len(x) else start, name, colour))
        else:
            labels.append((x[-1], seen[-1], name, colour))
    low, high = min(lows, default=0.0), max(highs, default=1.0)
    if gone:
        high = cap
    if fraction:
        low, high = min(low, 0.9), 1.0
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    elif low >= 0:
        low = 0.0
    pad = 0.04 * ((high - low) or 1.0)
    ax.set_ylim(low - (0 if low == 0 else pad), high + (0.02 if fraction else pad))
    ax.set_xlim(start - 0.02 * longest, start + max(longest - 1, 1))
    ax.set_xlabel(xlabel)
    ax.xaxis.get_major_locator().set_params(integer=True)
    if best and "validation" in lines and not gone:
        epoch = int(np.argmin(lines["validation"]))
        height = lines["validation"][epoch]
        ax.axvline(start + epoch, color=COLOURS["neutral"], lw=1.0, zorder=0)
        ax.plot([start + epoch], [height], "o", color=COLOURS["validation"], mec="white")
        ax.annotate(
            *(f"best {xlabel} {start + epoch}", (start + epoch, 1)),
            xycoords=("data", "axes fraction"),
            xytext=(-5, -2),
            textcoords="offset points",
            ha="right" if epoch > longest / 2 else "left",
            va="top",
            fontsize=12,
            color=COLOURS["neutral"],
        )
    if list(lines) != ["loss"]:
        _direct_labels(ax, labels)
    for i, (_, name, colour) in enumerate(left):  # beside the place where the last one leaves
        ax.annotate(
            *(f"{name} diverged", (max(x for x, _, _ in left), 1)),
            xycoords=("data", "axes fraction"),
            xytext=(8, -16 * i),
            textcoords="offset points",
            fontsize=12,
            fontweight="bold",
            color=readable(colour),
            va="top",
        )
    return gone


def _curves_alt(lines, what, xlabel, gone):
    told = []
    for name, values in lines.items():
        label = {what: what, "train": f"training {what}"}.get(name, f"{name} {what}")
        way = "is lost as the run diverges" if what == "accuracy" else "diverges"
        if name not in gone:
            first, last, lowest = values[0], values[-1], values.min()
            small = 0.1 * max(abs(first), 1e-12)
            way = "falls" if last < first - small else "rises" if last > first + small else ""
            if lowest < min(first, last) - small:
                way = "falls, then rises"
            way = way or "stays about level"
        told.append(f"the {label} {way}")
    alt = f"{what.capitalize()} against {xlabel}: {listed(told)}."
    if {"train", "validation"} <= set(lines):
        alt += " Training is the solid line, validation the dashed one."
    return alt


def _direct_labels(ax, labels):
    """Names at the right end of lines, moved apart where they would overlap.

    labels: (x, y, text, colour) each, y in the ax's own scale.
    """
    if not labels:
        return
    to_axes = ax.transData + ax.transAxes.inverted()
    height = ax.get_window_extent().height * 72 / ax.get_figure().dpi
    gap = 1.3 * 12 / max(height, 1)
    placed = sorted(
        ((to_axes.transform((x, y))[1], text, colour) for x, y, text, colour in labels),
        key=lambda label: -label[0],
    )
    heights = apart([np.clip(y, 0, 1) for y, _, _ in placed], [gap] * (len(placed) - 1))
    lowest = 0.02
    for i in reversed(range(len(heights))):  # and none below the axis
        heights[i] = max(heights[i], lowest)
        lowest = heights[i] + gap
    for y, (_, text, colour) in zip(heights, placed, strict=True):
        ax.annotate(
            *(text, (1, y)),
            xycoords="axes fraction",
            xytext=(6, 0),
            textcoords="offset points",
            color=readable(colour),
            fontsize=12,
            va="center",
            fontweight="bold",
            annotation_clip=False,
        )
