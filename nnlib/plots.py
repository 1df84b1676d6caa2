"""Every picture of the course: one style, one colour per meaning, one alt text each.

A plot function takes an `ax` (or makes a figure), draws, remembers in one sentence what is
to be seen, and returns the ax. `show` displays the picture once, with that sentence as its
alt text and its caption.
"""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.ticker import PercentFormatter

from . import drawing
from .diagrams import graph, network
from .drawing import (
    CLASS_COLOURS,
    CLASS_MARKERS,
    COLOURS,
    alt_text,
    apart,
    array_of,
    axes_for,
    figure,
    listed,
    names_for,
    png_bytes,
    projector,
    readable,
    show,
    style,
    styled,
    subscript,
    tint,
)
from .screen import strip

__all__ = [
    "CLASS_COLOURS",
    "CLASS_MARKERS",
    "COLOURS",
    "alt_text",
    "boundary",
    "confusion",
    "curves",
    "figure",
    "graph",
    "histograms",
    "images",
    "network",
    "png_bytes",
    "projector",
    "show",
    "strip",
    "style",
]

DASHES = {"train": "-", "validation": (0, (3.2, 1.4)), "test": (0, (1, 1.2))}
SIGNED = LinearSegmentedColormap.from_list(
    "signed", [COLOURS["negative"], "#FFFFFF", COLOURS["positive"]]
)


@styled
def boundary(predict, X, y, *, ax=None, names=None, inputs=("x_1", "x_2"), resolution=200):
    """Which class a model gives to every point of the plane, and the data on top.

    predict     takes points (M, 2), returns probabilities (M, K), such as `net.predict`
    X, y        the data: points (N, 2) and labels (N,)
    The stronger the colour, the surer the model; the line is where two classes tie.
    """
    X = array_of(X, "boundary: X")
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"boundary needs X with two columns, (N, 2), got shape {X.shape}")
    if not len(X) or not np.isfinite(X).all():
        raise ValueError("boundary needs at least one point, without NaN or infinity")
    y = _labels(y, "boundary: y")
    if len(y) != len(X):
        raise ValueError(f"boundary needs one label a point, got {len(X)} points, {len(y)} labels")
    if not callable(predict):
        raise TypeError(
            "boundary needs a function from points to probabilities, such as net.predict, "
            f"got {type(predict).__name__}"
        )
    low, high = X.min(axis=0), X.max(axis=0)
    pad = np.where(high > low, 0.12 * (high - low), 1.0)
    low, high = low - pad, high + pad
    gx, gy = (np.linspace(low[i], high[i], resolution) for i in (0, 1))
    plane = np.stack(np.meshgrid(gx, gy), axis=-1).reshape(-1, 2)
    P = _probabilities(predict(plane), len(plane))
    k = max(P.shape[1], y.max() + 1)
    names = names_for(names, k, "names")
    P = np.pad(P, ((0, 0), (0, k - P.shape[1])))
    P = P.reshape(resolution, resolution, k)

    ax = axes_for(ax, (5.4, 4.4), "boundary")
    known = np.isfinite(P).all(axis=-1)
    best = np.where(known[..., None], P, 0).argmax(axis=-1)
    sure = (np.where(known, P.max(axis=-1), 1 / k) - 1 / k) / (1 - 1 / k) if k > 1 else 1.0 * known
    # with a fourth channel, all 1, and in float32 matplotlib takes less time for the picture
    colours = np.array([to_rgba(_class_colour(c)) for c in range(k)], dtype=np.float32)
    strength = np.clip(0.5 * sure, 0, 1)[..., None].astype(np.float32)
    grey = np.array(to_rgba("0.93"), dtype=np.float32)
    picture = np.where(known[..., None], 1 - strength * (1 - colours[best]), grey)
    extent = (low[0], high[0], low[1], high[1])
    ax.imshow(
        picture, extent=extent, origin="lower", aspect="auto", interpolation="bilinear", zorder=0
    )
    for c in range(k):
        others = np.delete(P, c, axis=-1).max(axis=-1) if k > 1 else P[..., 0]
        ahead = np.where(known, P[..., c] - others, -1.0)
        if k > 1 and ahead.min() < 0 < ahead.max():
            line = {"colors": COLOURS["ink"], "linewidths": 1.1 * drawing.SCALE, "zorder": 1}
            ax.contour(gx, gy, ahead, levels=[0], **line)
            if k == 2:
                break
    height = ax.get_position().height * ax.get_figure().get_figheight()
    size = (
        (50 if len(X) <= 150 else 34 if len(X) <= 500 else 16)
        * min(1, height / 3.2)
        * drawing.SCALE**2
    )
    for c in np.unique(y):
        marker = CLASS_MARKERS[c % len(CLASS_MARKERS)]
        ax.scatter(
            *X[y == c].T,
            s=size * {"^": 1.3, "s": 0.85, "D": 0.7}.get(marker, 1.0),
            marker=marker,
            color=_class_colour(c),
            edgecolors="white",
            linewidths=0.7 * drawing.SCALE,
            label=names[c] if names else f"class {c}",
            zorder=2,
        )
    ax.set(
        xlim=extent[:2], ylim=extent[2:], xlabel=subscript(inputs[0]), ylabel=subscript(inputs[1])
    )
    if names:
        beside = {"loc": "upper left", "bbox_to_anchor": (1, 1), "borderpad": 0}
        ax.legend(**beside, handletextpad=0.1, markerscale=1.3)
    shown = listed(names) if names else f"{k} classes"
    ax.alt = (
        f"The plane of {inputs[0]} and {inputs[1]}, coloured by the predicted class ({shown}), "
        f"stronger where the model is surer; {len(X)} points marked by their true class."
    )
    if not known.all():
        ax.alt += " Grey where the model gives no number."
    return ax


def _class_colour(c):
    return CLASS_COLOURS[c % len(CLASS_COLOURS)]


def _probabilities(P, m):
    """Whatever predict returned as (M, K) probabilities; NaN is allowed, scores are not."""
    P = np.asarray(P)
    if P.shape == (m,) and P.dtype.kind in "iub":  # labels: a perceptron's answer
        return np.eye(max(int(P.max()) + 1, 2))[P.astype(int)]
    P = array_of(P, "boundary: what predict returns")
    if P.shape in {(m,), (m, 1)}:  # one sigmoid: the probability of class 1
        P = np.stack([1 - P.reshape(m), P.reshape(m)], axis=1)
    if P.ndim != 2 or len(P) != m:
        raise ValueError(
            f"boundary: predict was given {m} points and must return ({m}, K) probabilities, "
            f"got shape {P.shape}"
        )
    known = P[np.isfinite(P).all(axis=1)]
    if known.size and (known.min() < -1e-6 or np.abs(known.sum(axis=1) - 1).max() > 1e-3):
        raise ValueError(
            "boundary: what predict returns must be probabilities, each row adding up to 1; "
            "these are scores: pass net.predict, or softmax of the scores"
        )
    return P


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
        ax.axvline(start + epoch, color=COLOURS["neutral"], lw=1.0 * drawing.SCALE, zorder=0)
        ax.plot([start + epoch], [height], "o", color=COLOURS["validation"], mec="white")
        ax.annotate(
            *(f"best {xlabel} {start + epoch}", (start + epoch, 1)),
            xycoords=("data", "axes fraction"),
            xytext=(-5 * drawing.SCALE, -2),
            textcoords="offset points",
            ha="right" if epoch > longest / 2 else "left",
            va="top",
            fontsize=12 * drawing.SCALE,
            color=COLOURS["neutral"],
        )
    if list(lines) != ["loss"]:
        _direct_labels(ax, labels)
    for i, (_, name, colour) in enumerate(left):  # beside the place where the last one leaves
        ax.annotate(
            *(f"{name} diverged", (max(x for x, _, _ in left), 1)),
            xycoords=("data", "axes fraction"),
            xytext=(8 * drawing.SCALE, -16 * drawing.SCALE * i),
            textcoords="offset points",
            fontsize=12 * drawing.SCALE,
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
    gap = 1.3 * 12 * drawing.SCALE / max(height, 1)
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
            xytext=(6 * drawing.SCALE, 0),
            textcoords="offset points",
            color=readable(colour),
            fontsize=12 * drawing.SCALE,
            va="center",
            fontweight="bold",
            annotation_clip=False,
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
            _labels(v, f"confusion: {n}") for v, n in zip(matrix, ("y", "predicted"), strict=True)
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
                fontsize=(13 if k <= 10 else 9) * drawing.SCALE,
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
        ax.plot(*frame, color=COLOURS["neutral"], lw=0.6 * drawing.SCALE)
        if titles:
            small = {"ha": "center", "va": "bottom", "fontsize": 12 * drawing.SCALE}
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


@styled
def histograms(layers, *, ax=None, kind="activation", bins=60, xlabel=None):
    """How the numbers of each layer are spread: one row a layer, all on one scale.

    layers   {"layer 1": array, "layer 2": array, ...}, arrays of any shape
    kind     "activation", "gradient" or "weight": the colour and the label
    """
    if not isinstance(layers, dict) or not layers:
        raise TypeError('histograms needs a dict such as {"layer 1": values}, not empty')
    if kind not in ("activation", "gradient", "weight"):
        raise ValueError(f'kind must be "activation", "gradient" or "weight", got {kind!r}')
    arrays = {str(k): np.ravel(array_of(v, f"histograms: {k}")) for k, v in layers.items()}
    for name, values in arrays.items():
        if not values.size:
            raise ValueError(f"histograms: {name} is empty")
    finite = {k: v[np.isfinite(v) & (np.abs(v) < 1e100)] for k, v in arrays.items()}
    everything = np.concatenate(list(finite.values()))
    low, high = (everything.min(), everything.max()) if everything.size else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, bins + 1)
    ax = axes_for(ax, (7.2, 0.85 * len(arrays) + 1.2), "histograms")
    colour, k = COLOURS[kind], len(arrays)
    for i, (name, values) in enumerate(finite.items()):
        base = k - 1 - i
        counts = np.histogram(values, edges)[0]
        heights = 0.85 * counts / max(counts.max(), 1)
        look = {"lw": 1.4 * drawing.SCALE, "ec": colour, "fc": tint(colour, 0.35), "label": name}
        ax.stairs(base + heights, edges, baseline=base, fill=True, zorder=2, **look)
        lost = len(arrays[name]) - len(values)
        note = f"std {np.std(values):.2g}" if values.size else "diverged"
        if lost and values.size:
            note += f", {lost} not finite"
        ax.annotate(
            *(note, (1, base + 0.3)),
            xycoords=("axes fraction", "data"),
            xytext=(6 * drawing.SCALE, 0),
            textcoords="offset points",
            fontsize=12 * drawing.SCALE,
            color=COLOURS["ink"],
            va="center",
            annotation_clip=False,
        )
    ax.set(xlim=(low, high), ylim=(0, k), xlabel=xlabel or kind)
    ax.set_yticks([k - 1 - i + 0.3 for i in range(k)], list(arrays))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.alt = (
        f"Histograms of the {kind}s, one row a layer, from {next(iter(arrays))} at the top "
        f"to {list(arrays)[-1]} at the bottom, on one scale."
        if k > 1
        else f"Histogram of the {kind}s of {next(iter(arrays))}."
    )
    return ax


def _labels(y, what):
    y = np.asarray(y)
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    whole = y.dtype.kind in "iub" or (y.dtype.kind == "f" and np.all(y == np.round(y)))
    if y.ndim != 1 or not whole:
        raise ValueError(
            f"{what} must be whole-number labels of shape (N,), got {y.dtype} of shape {y.shape}"
        )
    if y.size and y.min() < 0:
        raise ValueError(f"{what} must be labels from 0 up, got {int(y.min())}")
    return y.astype(int)
