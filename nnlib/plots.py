"""Every picture of the course: one style, one colour per meaning, one alt text each.

A plot function takes an `ax` (or makes a figure), draws, remembers in one sentence what is
to be seen, and returns the ax. `show` displays the picture once, with that sentence as its
alt text and its caption. Importing this module changes no setting of matplotlib.
"""

import base64
import io
import re
from contextlib import contextmanager
from functools import wraps
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

__all__ = [
    "CLASS_COLOURS",
    "CLASS_MARKERS",
    "COLOURS",
    "boundary",
    "confusion",
    "curves",
    "figure",
    "graph",
    "histograms",
    "images",
    "network",
    "show",
    "style",
]

SCALE = 1.0  # one factor for letters, lines and markers: 1.5 is for a projector
STYLE_FILE = Path(__file__).with_name("course.mplstyle")

# Okabe and Ito's palette, one colour per meaning. An activation is the next layer's input
# and a positive number is most often a weight, so these share a colour on purpose.
COLOURS = {
    "ink": "#1A1A1A",
    "neutral": "#767676",
    "input": "#009E73",
    "activation": "#009E73",
    "weight": "#0072B2",
    "gradient": "#D55E00",
    "loss": "#CC79A7",
    "train": "#1A1A1A",
    "validation": "#E69F00",
    "test": "#56B4E9",
    "positive": "#0072B2",
    "negative": "#E69F00",
    "mistake": "#E69F00",
}
CLASS_COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9"),
    *("#D55E00", "#F0E442", "#1A1A1A", "#999999", "#595959"),
)
CLASS_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p")
DASHES = {"train": "-", "validation": (0, (3.2, 1.4)), "test": (0, (1, 1.2))}
SIGNED = LinearSegmentedColormap.from_list(
    "signed", [COLOURS["negative"], "#FFFFFF", COLOURS["positive"]]
)


# ------------------------------------------------------------------ style, figures, display


@contextmanager
def style():
    """The course's style inside a `with`; the settings from before come back after it."""
    settings = dict(matplotlib.rc_params_from_file(STYLE_FILE, use_default_template=False))
    for key in settings:
        if key.endswith(("size", "width", "pad")) and isinstance(settings[key], float):
            settings[key] *= SCALE
    with matplotlib.rc_context(settings):
        yield


def _styled(draw):
    """Run a plot function in the course's style."""

    @wraps(draw)
    def styled(*args, **options):
        with style():
            return draw(*args, **options)

    return styled


def figure(rows=1, columns=1, *, size=None, **options):
    """A new figure in the course's style: (fig, ax), or (fig, array of axes) for a grid.

    size is (width, height) in inches; options go to `matplotlib.pyplot.subplots`.
    """
    if size is None:
        wide = {1: 6.4, 2: 9.6}.get(columns, min(3.6 * columns, 11.0))
        size = (wide, 4.0 if rows == columns == 1 else 3.5 * rows)
    size = [round(inches + 0.04, 1) for inches in size]  # whole pixels on every machine
    with style():
        return plt.subplots(rows, columns, figsize=size, **options)


def show(picture, alt=None):
    """Display a figure (or the figure of an ax) once, with its alt text as the caption.

    alt is one or two sentences on what is to be seen. Without it, the text that the plot
    function made is used. The figure is closed afterwards.
    """
    from IPython.display import display

    fig = _figure_of(picture)
    alt = alt_text(fig) if alt is None else _one_line(alt)
    if not alt:
        raise ValueError(
            "show needs alt=..., one sentence on what is to be seen: "
            "this figure was not drawn by a function of plots, so there is no text yet"
        )
    png = base64.b64encode(png_bytes(fig)).decode("ascii")
    plt.close(fig)  # otherwise Jupyter draws it again at the end of the cell
    metadata = {"image/png": {"alt": alt}}
    display({"image/png": png, "text/plain": alt}, raw=True, metadata=metadata)
    # JupyterLab passes no alt text on, so the sentence is on the page as well
    caption = re.sub(r"([\\`*_$<>\[\]])", r"\\\1", alt)
    display({"text/markdown": f"*{caption}*"}, raw=True)


def alt_text(picture):
    """What `show` would say of a figure: its own text, or those of its axes one by one."""
    fig = _figure_of(picture)
    if getattr(fig, "alt", None):
        return fig.alt
    axes = [ax for ax in fig.axes if getattr(ax, "alt", None)]
    if len(axes) > 1 and len({ax.alt for ax in axes}) == 1:  # one kind of picture, repeated
        titles = [_title(ax) for ax in axes if _title(ax)]
        return f"{len(axes)} panels{f' ({_listed(titles)})' if titles else ''}. {axes[0].alt}"
    if len(axes) > 1:
        return " ".join(f"{_title(ax)}: {ax.alt}" if _title(ax) else ax.alt for ax in axes)
    return "".join(ax.alt for ax in axes)


def png_bytes(fig):
    """The figure as the bytes of a PNG file: the same every time, and small (256 colours)."""
    from PIL import Image, PngImagePlugin  # come with matplotlib

    drawn, small = io.BytesIO(), io.BytesIO()
    with style():
        fig.savefig(drawn, format="png")
    made = PngImagePlugin.PngInfo()
    made.add_text("Software", f"matplotlib {matplotlib.__version__}")
    Image.open(drawn).convert("RGB").quantize(256, dither=0).save(small, "png", pnginfo=made)
    return small.getvalue()


def _figure_of(picture):
    if isinstance(picture, np.ndarray | list | tuple) and len(picture):
        picture = np.asarray(picture, dtype=object).flat[0]
    if isinstance(picture, matplotlib.axes.Axes):
        picture = picture.get_figure()
    if not isinstance(picture, matplotlib.figure.Figure):
        raise TypeError(f"show needs a figure or an ax, got {type(picture).__name__}")
    return picture


def _title(ax):
    return next((t for t in map(ax.get_title, ("left", "center", "right")) if t), "")


def _one_line(text):
    return " ".join(str(text).split())


def _axes(ax, size, name):
    """The ax to draw on: the one given, or that of a new figure."""
    if ax is None:
        return figure(size=size)[1]
    if not isinstance(ax, matplotlib.axes.Axes):
        raise TypeError(f"{name} needs ax to be a matplotlib Axes, got {type(ax).__name__}")
    return ax


# ------------------------------------------------------------------------------ small tools


def _array(values, what):
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"{what} must be numbers in an array or a list") from None


def _vector(values, n, what):
    vector = _array(values, what)
    if vector.size != n or vector.ndim > 2 or vector.shape not in {(n,), (1, n), (n, 1)}:
        raise ValueError(f"{what} needs {n} numbers, one a unit, got shape {vector.shape}")
    return vector.reshape(n)


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


def _names(names, k, what):
    if names is None:
        return None
    names = [str(name) for name in names]
    if len(names) != k:
        raise ValueError(f"{what} needs {k} names, got {len(names)}: {', '.join(names)}")
    return names


def _digits(values, most):
    """The fewest decimals, at most `most`, that print all the values as `most` would."""
    values = np.concatenate([np.ravel(v) for v in values]) if len(values) else np.zeros(0)
    values = values[np.isfinite(values)]
    fewer = (d for d in range(most) if np.allclose(values, np.round(values, d), atol=10.0**-9))
    return next(fewer, most)


def _number(value, decimals):
    if not np.isfinite(value):
        return "not finite"
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "\N{MINUS SIGN}")


def _math(name):
    """x_1 with a true subscript; anything else as it stands."""
    found = re.fullmatch(r"([^\W_]+)_(\w+)", name)
    return rf"$\mathrm{{{found[1]}}}_{{{found[2]}}}$" if found else name


def _listed(words):
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _tint(colour, strength):
    """A colour mixed with white; strength may be an array."""
    strength = np.asarray(strength)[..., None]
    return 1 - strength * (1 - np.array(to_rgb(colour)))


def _canvas(ax, left, right, bottom, top):
    """Make an ax a sheet of paper measured in inches; returns the factor for its letters."""
    ax.set(xlim=(left, right), ylim=(bottom, top))
    ax.set_aspect("equal")
    ax.set_axis_off()
    box = ax.get_position().bounds
    wide, high = ax.get_figure().get_size_inches()
    if ax.get_figure().axes == [ax]:
        box = (0, 0, 1, 1)
    return SCALE * min(1.0, box[2] * wide / (right - left), box[3] * high / (top - bottom))


def _readable(colour):
    """The colour, darkened until letters in it can be read on white."""
    colour = np.array(to_rgb(colour))
    while 1.05 / (_luminance(colour) + 0.05) < 3.8:
        colour = colour * 0.97
    return tuple(colour)


def _luminance(colour):
    """How light a colour is, 0 to 1: what is left of it in grey."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _direct_labels(ax, labels):
    """Names at the right end of lines, moved apart where they would overlap.

    labels: (x, y, text, colour) each, y in the ax's own scale.
    """
    if not labels:
        return
    to_axes = ax.transData + ax.transAxes.inverted()
    height = ax.get_window_extent().height * 72 / ax.get_figure().dpi
    gap = 1.3 * 12 * SCALE / max(height, 1)
    placed = sorted(
        ((to_axes.transform((x, y))[1], text, colour) for x, y, text, colour in labels),
        key=lambda label: -label[0],
    )
    heights = _apart([np.clip(y, 0, 1) for y, _, _ in placed], [gap] * (len(placed) - 1))
    lowest = 0.02
    for i in reversed(range(len(heights))):  # and none below the axis
        heights[i] = max(heights[i], lowest)
        lowest = heights[i] + gap
    for y, (_, text, colour) in zip(heights, placed, strict=True):
        ax.annotate(
            *(text, (1, y)),
            xycoords="axes fraction",
            xytext=(6 * SCALE, 0),
            textcoords="offset points",
            color=_readable(colour),
            fontsize=12 * SCALE,
            va="center",
            fontweight="bold",
            annotation_clip=False,
        )


# --------------------------------------------------------------------------------- network


@_styled
def network(
    net,
    *,
    ax=None,
    biases=None,
    values=None,
    dW=None,
    db=None,
    dZ=None,
    inputs=None,
    outputs=None,
    numbers=None,
    decimals=2,
):
    """Draw a network: its units, its weights and, for a small one, its numbers.

    net      sizes such as (3, 2, 3), or a list of weight matrices [W1, W2], each
             (n_in, n_out), or a Sequential
    biases   [b1, b2]
    values   what flows forward, one entry a column: [x, (z1, a1), (z2, p)]
    dW, db   gradients of the weights and biases, shaped like them: [dW1, dW2], [db1, db2]
    dZ       gradients of the pre-activations: [dz1, dz2]
    inputs, outputs   names
    numbers  print the numbers? Left to itself, only where there is room (24 weights)
    """
    sizes, weights, biases = _network_parts(net, biases)
    inputs = _names(inputs, sizes[0], "inputs")
    outputs = _names(outputs, sizes[-1], "outputs")
    edges = sum(m * n for m, n in pairwise(sizes))
    if numbers is None:
        numbers = edges <= 24 and (weights is not None or values is not None)
    if not numbers:
        ax = _network_small(sizes, weights, inputs, outputs, ax)
    else:
        columns = _network_values(values, sizes)
        dW = _per_layer(dW, sizes, "dW", matrix=True)
        db = _per_layer(db, sizes, "db")
        dZ = _per_layer(dZ, sizes, "dZ")
        ax = _network_numbers(
            sizes, weights, biases, columns, (dW, db, dZ), (inputs, outputs), decimals, ax
        )
    shape = "-".join(map(str, sizes))
    alt = f"A {shape} network, drawn from left to right"
    if inputs and outputs:
        alt += f": {_listed(inputs)} in, {_listed(outputs)} out"
    seen = []
    if numbers:
        seen += ["the weights on the lines"] if weights is not None else []
        seen += ["the values in the units"] if values is not None else []
        back = any(g is not None for g in (dW, db, dZ))
        seen += ["the gradients below them"] if back else []
    ax.alt = alt + (f"; {_listed(seen)}." if seen else ".")
    return ax


def _network_parts(net, biases):
    """Sizes, weights (or None) and biases (or None) of whatever was given as a network."""
    if hasattr(net, "layers"):
        linear = [layer for layer in net.layers if getattr(layer, "W", None) is not None]
        if not linear:
            raise ValueError("network needs at least one layer with weights W")
        net = [layer.W for layer in linear]
        if biases is None and all(getattr(layer, "b", None) is not None for layer in linear):
            biases = [layer.b for layer in linear]
    net = list(net)
    if all(np.ndim(entry) == 0 for entry in net):
        if len(net) < 2 or not all(float(n) == int(n) and n >= 1 for n in net):
            raise ValueError(
                f"network needs at least two sizes, whole numbers from 1 up, got {net}"
            )
        sizes, weights = [int(n) for n in net], None
    else:
        weights = [_array(W, f"W{i}") for i, W in enumerate(net, 1)]
        for i, W in enumerate(weights, 1):
            if W.ndim != 2:
                raise ValueError(f"W{i} needs shape (n_in, n_out), got {W.shape}")
        for i, (V, W) in enumerate(pairwise(weights), 1):
            if V.shape[1] != W.shape[0]:
                raise ValueError(
                    f"W{i} has {V.shape[1]} columns, so W{i + 1} needs {V.shape[1]} rows, "
                    f"got shape {W.shape}"
                )
        sizes = [W.shape[0] for W in weights] + [weights[-1].shape[1]]
    return sizes, weights, _per_layer(biases, sizes, "biases")


def _per_layer(entries, sizes, what, matrix=False):
    if entries is None:
        return None
    if len(entries) != len(sizes) - 1:
        raise ValueError(f"{what} needs {len(sizes) - 1} entries, one a layer, got {len(entries)}")
    if not matrix:
        return [_vector(v, n, what) for v, n in zip(entries, sizes[1:], strict=True)]
    arrays = [_array(entry, what) for entry in entries]
    for i, (array, shape) in enumerate(zip(arrays, pairwise(sizes), strict=True), 1):
        if array.shape != shape:
            raise ValueError(f"{what}, layer {i}, needs shape {shape}, got {array.shape}")
    return arrays


def _network_values(values, sizes):
    """One tuple of vectors a column: (x,), (z1, a1), ...; None where nothing is known."""
    if values is None:
        return [None] * len(sizes)
    if len(values) != len(sizes):
        raise ValueError(
            f"values needs {len(sizes)} entries, one a column: [x, (z1, a1), ...], "
            f"got {len(values)}"
        )
    columns = []
    for entry, n in zip(values, sizes, strict=True):
        if entry is None:
            columns.append(None)
        elif isinstance(entry, tuple) and np.ndim(entry[0]) > 0:
            columns.append(tuple(_vector(v, n, "values") for v in entry))
        else:
            columns.append((_vector(entry, n, "values"),))
    return columns


def _edge_look(w, biggest):
    """Width by size, dashes by sign: readable without any colour."""
    width = (0.9 + 3.6 * abs(w) / biggest) * SCALE if biggest else 0.9 * SCALE
    dashes = "-" if w >= 0 else (0, (3.0, 1.6))
    return {"linewidth": width, "linestyle": dashes}


def _network_small(sizes, weights, inputs, outputs, ax):
    """Units as small circles, long columns shortened in the middle; no numbers."""
    most, row, gap, r = 8, 0.5, 2.0, 0.17
    top = max(min(n, most) for n in sizes)
    names = (inputs, outputs)
    left, right = (1.3 if names[0] else 0.5), (1.4 if names[1] else 0.5)
    wide, high = (len(sizes) - 1) * gap, max(top - 1, 1) * row
    size = (left + wide + right, high + 1.3)
    ax = _axes(ax, size, "network")
    letters = _canvas(ax, -left, wide + right, -high / 2 - 0.85, high / 2 + 0.45)
    places = []
    for c, n in enumerate(sizes):
        shown = min(n, most)
        ys = [((shown - 1) / 2 - i) * row for i in range(shown)]
        units = list(range(n))
        if n > most:  # the middle row becomes three dots
            units = [*range(most // 2), None, *range(n - most // 2 + 1, n)]
        places.append([(c * gap, y, unit) for y, unit in zip(ys, units, strict=True)])
    biggest = max(np.abs(W).max() for W in weights) if weights is not None else 0
    for c, (here, there) in enumerate(pairwise(places)):
        for x0, y0, i in here:
            for x1, y1, j in there:
                if i is None or j is None:
                    continue
                look = {"linewidth": 0.8 * SCALE, "color": COLOURS["neutral"], "alpha": 0.45}
                if weights is not None:
                    w = weights[c][i, j]
                    look = _edge_look(w, biggest) | {"color": COLOURS["weight"], "alpha": 0.55}
                    look["linewidth"] *= 0.6
                ax.plot([x0, x1], [y0, y1], zorder=1, **look)
    for c, column in enumerate(places):
        colour = COLOURS["input"] if c == 0 else COLOURS["ink"]
        for x, y, unit in column:
            if unit is None:
                ax.text(x, y, "⋮", ha="center", va="center", fontsize=16 * letters)
                continue
            fill = _tint(colour, 0.25) if c == 0 else "white"
            ax.add_patch(Circle((x, y), r, fc=fill, ec=colour, lw=1.6 * SCALE, zorder=3))
            if c == 0 and inputs:
                style_ = {"ha": "right", "va": "center", "fontsize": 13 * letters}
                ax.text(x - 0.3, y, _math(inputs[unit]), **style_)
            if c == len(sizes) - 1 and outputs:
                style_ = {"ha": "left", "va": "center", "fontsize": 13 * letters}
                ax.text(x + 0.3, y, _math(outputs[unit]), **style_)
        kind = "inputs" if c == 0 else "outputs" if c == len(sizes) - 1 else "units"
        text = f"{sizes[c]} {kind if sizes[c] > 1 else kind[:-1]}"
        where = (c * gap, -high / 2 - 0.6)
        ax.text(*where, text, ha="center", va="center", fontsize=12 * letters)
    return ax


def _network_numbers(sizes, weights, biases, columns, gradients, names, decimals, ax):
    """Every number in its place: values in the units, weights on the lines, gradients below."""
    dW, db, dZ = gradients
    back = any(g is not None for g in gradients)
    inputs, outputs = names
    told = any(column is not None for column in columns)
    free, row = 2.3, 1.5 if back else 1.25
    half = [0.27 if c is None else 0.5 if len(c) == 1 else 0.92 for c in columns]
    tall = 0.27
    at = [0.0]  # the middle of each column
    for h, next_h in pairwise(half):
        at.append(at[-1] + h + free + next_h)
    wide, high = at[-1], (max(sizes) - 1) * row
    left = half[0] + (1.1 if inputs else 0.15)
    right = half[-1] + (1.2 if outputs else 0.15)
    top = high / 2 + tall + (0.1 if biases is None else 0.4)
    bottom = -high / 2 - tall - 0.1 - 0.3 * (dZ is not None) - 0.3 * told - 0.4 * back
    ax = _axes(ax, (left + wide + right, top - bottom), "network")
    letters = _canvas(ax, -left, wide + right, bottom, top)

    def write(x, y, text, colour="ink", size=14, **look):
        look = {"ha": "center", "va": "center", "zorder": 5} | look
        ax.text(x, y, text, color=COLOURS[colour], fontsize=size * letters, **look)

    def places(c):
        return [(at[c], ((sizes[c] - 1) / 2 - i) * row) for i in range(sizes[c])]

    # lines first, then their labels, so that no line crosses a number
    biggest = max(np.abs(W).max() for W in weights) if weights is not None else 0
    lines = []
    for c in range(len(sizes) - 1):
        for i, (x0, y0) in enumerate(places(c)):
            for j, (x1, y1) in enumerate(places(c + 1)):
                ends = (x0 + half[c], y0), (x1 - half[c + 1], y1)
                look = {"linewidth": 1.2 * SCALE, "color": COLOURS["neutral"]}
                if weights is not None:
                    look = _edge_look(weights[c][i, j], biggest) | {"color": COLOURS["weight"]}
                ax.plot(*zip(*ends, strict=True), alpha=0.45, zorder=1, **look)
                lines.append((c, i, j, ends))
    if weights is not None:
        fewest = _digits(weights, decimals)
        for c in range(len(sizes) - 1):
            here = [line for line in lines if line[0] == c]
            texts = [_number(w, fewest) for w in weights[c].ravel()]
            long = 0.125 * max(map(len, texts)) + 0.1
            spots = _label_spots([line[3] for line in here], long, (1, -1) if dW else (1,))
            for (_, i, j, ends), spot in zip(here, spots, strict=True):
                (x0, y0), (x1, y1) = ends
                lean = {"rotation": np.degrees(np.arctan2(y1 - y0, x1 - x0))}
                lean |= {"rotation_mode": "anchor", "path_effects": _halo(letters)}
                aside = 0.035 + 0.5 * _edge_look(weights[c][i, j], biggest)["linewidth"] / 72
                dx, dy = np.array([y0 - y1, x1 - x0]) / np.hypot(x1 - x0, y1 - y0) * aside
                x, y = spot
                text = texts[i * sizes[c + 1] + j]
                write(x + dx, y + dy, text, "weight", va="bottom", weight="bold", **lean)
                if dW is not None:
                    text = _number(dW[c][i, j], decimals)
                    write(x - dx, y - dy, text, "gradient", 13, va="top", **lean)

    for c in range(len(sizes)):
        d_v = decimals if c else _digits([columns[0][0]] if columns[0] else [], decimals)
        edge = COLOURS["input"] if c == 0 else COLOURS["ink"]
        for i, (x, y) in enumerate(places(c)):
            h = half[c]
            pill = FancyBboxPatch(
                (x - h, y - tall),
                *(2 * h, 2 * tall),
                boxstyle=f"round,pad=0,rounding_size={tall}",
                fc=_tint(COLOURS["input"], 0.14) if c == 0 else "white",
                ec=edge,
                lw=1.6 * SCALE,
                zorder=3,
            )
            ax.add_patch(pill)
            column = columns[c]
            if column is not None and len(column) == 1:
                write(x, y, _number(column[0][i], d_v), size=15)
            elif column is not None:
                ax.plot([x, x], [y - tall, y + tall], color=edge, lw=0.8 * SCALE, zorder=4)
                write(x - h / 2, y, _number(column[0][i], d_v), size=15)
                write(x + h / 2, y, _number(column[1][i], d_v), size=15)
            if c == 0:
                if inputs:
                    write(x - h - 0.12, y, _math(inputs[i]), size=15, ha="right")
                continue
            if outputs and c == len(sizes) - 1:
                write(x + h + 0.12, y, _math(outputs[i]), size=15, ha="left")
            if biases is not None:
                text = f"b {_number(biases[c - 1][i], _digits(biases, decimals))}"
                write(x - h / 2, y + tall + 0.17, text, "weight", 13, weight="bold")
                if db is not None:
                    text = f"db {_number(db[c - 1][i], decimals)}"
                    write(x + h / 2, y + tall + 0.17, text, "gradient", 13)
            if dZ is not None:
                text = f"dz {_number(dZ[c - 1][i], decimals)}"
                write(x - h / 2, y - tall - 0.17, text, "gradient", 13)
    y = bottom + 0.2 + 0.4 * back
    for c, column in enumerate(columns):
        if column is not None and len(column) == 2:
            write(at[c] - half[c] / 2, y, "z", "neutral", 13)
            write(at[c] + half[c] / 2, y, "p" if c == len(sizes) - 1 else "a", "neutral", 13)
        elif column is not None:
            write(at[c], y, "a" if c else "x", "neutral", 13)
    if back:
        write(wide / 2 - 0.3, bottom + 0.2, "values forward →", ha="right")
        write(wide / 2 + 0.3, bottom + 0.2, "← gradients back", "gradient", ha="left")
    return ax


def _halo(letters):
    return [withStroke(linewidth=3.5 * letters, foreground="white")]


def _label_spots(ends, width, sides):
    """A place on each line for its label: near the source, clear of labels and other lines.

    A label is five points beside its line, on one side or on both; what comes closer to
    them than a letter is high costs. Each label in turn takes its cheapest place, from
    several beginnings, and the cheapest picture of all stays.
    """
    ends = np.array(ends)
    ray = ends[:, 1] - ends[:, 0]
    length = np.hypot(*ray.T)[:, None]
    along, across = ray / length, (ray / length) @ [[0, 1], [-1, 0]]
    free = width + 0.3  # a label keeps clear of both ends
    fractions = np.linspace(0, 1, 28) * (1 - free / length) + free / 2 / length
    centre = ends[:, None, 0] + fractions[..., None] * ray[:, None]
    # line, place, point of the label, x and y
    spread = np.linspace(-0.5, 0.5, 5)[:, None] * width * along[:, None]
    spread = np.concatenate([spread + side * 0.16 * across[:, None] for side in sides], axis=1)
    points = centre[:, :, None] + spread[:, None]
    lines = ends[:, None, 0] + np.linspace(0, 1, 80)[:, None] * ray[:, None]

    def crowding(ours, theirs, reach):
        """How close our points come to theirs, summed over ours."""
        apart = np.hypot(*np.moveaxis(ours[..., :, None, :] - theirs[..., None, :, :], -1, 0)).min(
            axis=-1
        )
        return np.maximum(0, 1 - apart / reach).sum(axis=-1)

    n = range(len(ends))
    alone = 0.5 * fractions + np.array(
        [sum(crowding(points[i], lines[k], 0.17) for k in n if k != i) for i in n]
    )
    pair = np.zeros((len(ends), len(ends), 28, 28))  # line, other line, place, other place
    for i, k in combinations(n, 2):
        pair[i, k] = 3 * crowding(points[i][:, None], points[k], 0.26)
        pair[k, i] = pair[i, k].T
    best = (np.inf, None)
    for start in range(0, 28, 3):
        chosen = [(start + 9 * i) % 28 for i in n]
        for _ in range(6):
            for i in n:
                chosen[i] = int(np.argmin(alone[i] + sum(pair[i, k, :, chosen[k]] for k in n)))
        total = sum(alone[i, chosen[i]] for i in n)
        total += sum(pair[i, k, chosen[i], chosen[k]] for i, k in combinations(n, 2))
        best = min(best, (total, chosen))
    return [tuple(centre[i, f]) for i, f in enumerate(best[1])]


# ------------------------------------------------------------------------------------ graph


@_styled
def graph(nodes, edges, *, values=None, gradients=None, highlight=(), ax=None, decimals=2):
    """Draw a computational graph: values above each node, gradients below it.

    nodes      {name: symbol}: a circle with the symbol for an operation, None for a box
               with the name; or a list of names (what has an edge coming in is a circle)
    edges      pairs (from, to)
    values     {name: number or array}, printed above; gradients the same, printed below
    highlight  names along one path, drawn in strong lines
    """
    edges = [tuple(edge) for edge in edges]
    if not isinstance(nodes, dict):
        made = {edge[1] for edge in edges}
        nodes = {name: name if name in made else None for name in nodes}
    values, gradients = dict(values or {}), dict(gradients or {})
    for what, names in (
        ("an edge", [name for edge in edges for name in edge]),
        ("values", values),
        ("gradients", gradients),
        ("highlight", highlight),
    ):
        for name in names:
            if name not in nodes:
                raise ValueError(
                    f"graph: {what} names {name!r}, which is not among the nodes "
                    f"({', '.join(map(str, nodes))})"
                )
    above = {n: _cells(v, decimals) for n, v in values.items()}
    below = {n: _cells(v, decimals) for n, v in gradients.items()}
    for name, told in above.items():
        if nodes[name] is not None and not name.startswith("_") and "\n" not in told:
            above[name] = (
                f"{_math(name)} = {told}" if "  " not in told else f"{_math(name)}\n{told}"
            )
    texts = {n: _math(n) if symbol is None else str(symbol) for n, symbol in nodes.items()}
    half = {n: max(0.3, 0.065 * _long(text) + 0.1) for n, text in texts.items()}
    r = 0.3

    def tall(told):
        return {n: r + 0.12 + 0.24 * (told[n].count("\n") + 1) * (n in told) for n in told}

    up = dict.fromkeys(nodes, r + 0.12) | tall(above)
    down = dict.fromkeys(nodes, r + 0.12) | tall(below)
    columns, y, chains = _graph_layout(list(nodes), edges, up, down)
    reach = {
        n: max(half[n], 0.056 * _long(above.get(n, "")), 0.056 * _long(below.get(n, "")))
        for n in nodes
    }
    wide = [max((reach.get(n, 0) for n in column), default=0) + 0.12 for column in columns]
    at, gap = [wide[0]], 0.32
    for w, next_w in pairwise(wide):
        at.append(at[-1] + w + gap + next_w)
    column_of = {n: c for c, column in enumerate(columns) for n in column}
    spots = {n: (at[column_of[n]], y[n]) for n in nodes}
    highest = max(y[n] + up[n] for n in nodes)
    lowest = min(y[n] - down[n] for n in nodes)
    box = (0.0, at[-1] + wide[-1], lowest - 0.05, highest + 0.05)
    ax = _axes(ax, (box[1] - box[0], box[3] - box[2]), "graph")
    letters = _canvas(ax, *box)

    path = set(pairwise(highlight))
    for edge in edges:
        strong = edge in path
        # level past the numbers of a column; all rising and falling is done between columns
        points = [(at[column_of[edge[0]]] + half[edge[0]], y[edge[0]])]
        for one, other in pairwise(chains[edge]):
            c = column_of[one]
            points += [(at[c] + wide[c], y[one]), (at[c + 1] - wide[c + 1], y[other])]
        points.append((at[column_of[edge[1]]] - half[edge[1]], y[edge[1]]))
        colour = COLOURS["ink"] if strong or not path else COLOURS["neutral"]
        arrow = FancyArrowPatch(
            path=_smooth(points),
            arrowstyle=f"-|>,head_length={4 * letters},head_width={2.4 * letters}",
            shrinkA=0,
            shrinkB=0,
            lw=(3.0 if strong else 1.3) * SCALE,
            color=colour,
            joinstyle="miter",
            zorder=1,
        )
        ax.add_patch(arrow)
    for name, (x, y) in spots.items():
        look = {"lw": (2.8 if name in highlight else 1.5) * SCALE, "zorder": 3}
        h, corner = half[name], 0.06 if nodes[name] is None else r
        look |= {"ec": COLOURS["ink"], "fc": "white" if nodes[name] is not None else "#F0F0F0"}
        if nodes[name] is not None and h == r:
            ax.add_patch(Circle((x, y), r, **look))
        else:  # a box, or for a long word a circle drawn out
            style_ = f"round,pad=0,rounding_size={corner}"
            ax.add_patch(FancyBboxPatch((x - h, y - r), 2 * h, 2 * r, boxstyle=style_, **look))
        centre = {"ha": "center", "zorder": 5, "path_effects": _halo(letters)}
        size = 16 if len(texts[name]) == 1 and nodes[name] is not None else 14
        ax.text(x, y, texts[name], va="center", fontsize=size * letters, ha="center", zorder=4)
        centre |= {"linespacing": 1.15, "fontsize": 13 * letters}
        if name in above:
            ax.text(x, y + r + 0.07, above[name], va="bottom", **centre)
        if name in below:
            gradient = COLOURS["gradient"]
            ax.text(x, y - r - 0.09, below[name], va="top", color=gradient, **centre)
    ops = sum(symbol is not None for symbol in nodes.values())
    alt = f"A computational graph, from left to right: {len(nodes) - ops} values in boxes and "
    alt += f"{ops} operations in circles"
    if above:
        alt += ", the forward value above each"
    if below:
        alt += f"{',' if not above else ' and'} the gradient below {'it' if above else 'each'}"
    if highlight:
        alt += f"; the path {' → '.join(map(str, highlight))} stands out"
    ax.alt = alt + "."
    return ax


def _cells(value, decimals):
    """A number, a row or a matrix as text, its columns aligned."""
    value = _array(value, "graph: values and gradients")
    if value.ndim > 2:
        raise ValueError(f"graph prints numbers, rows and matrices, got shape {value.shape}")
    d = _digits([value], decimals)
    rows = [[_number(v, d) for v in row] for row in np.atleast_2d(value)]
    if len(rows) == 1:
        return "  ".join(rows[0])
    longest = max(len(text) for row in rows for text in row)
    return "\n".join("  ".join(t.rjust(longest, "\N{FIGURE SPACE}") for t in row) for row in rows)


def _long(text):
    """Letters in the longest line of a text, markup for a subscript not counted."""
    return max(len(re.sub(r"\\mathrm|[${}_]", "", line)) for line in text.split("\n"))


def _graph_layout(names, edges, up, down):
    """Columns by depth; within one, the order and the places that keep lines short.

    up and down say how much room each node takes. Returns the columns (lists of nodes from
    top to bottom), {node: y}, and {edge: nodes on its way}: a long edge gets a place of its
    own in every column that it crosses, so that it runs through no node.
    """
    before = {n: [a for a, b in edges if b == n] for n in names}
    after = {n: [b for a, b in edges if a == n] for n in names}
    depth, open_ = {}, set()

    def find(n):
        if n in open_:
            raise ValueError(f"graph needs edges without a circle, got one through {n!r}")
        if n not in depth:
            open_.add(n)
            depth[n] = 1 + max((find(m) for m in before[n]), default=-1)
            open_.discard(n)
        return depth[n]

    for n in names:
        find(n)
    for n in names:  # what nothing feeds stands beside the first node that uses it
        if not before[n] and after[n]:
            depth[n] = min(depth[m] for m in after[n]) - 1
    columns = [[] for _ in range(max(depth.values()) + 1)]
    for n in names:
        columns[depth[n]].append(n)
    links, chains = {}, {}
    for a, b in edges:
        way = [(a, b, c) for c in range(depth[a] + 1, depth[b])]
        for n in way:
            columns[n[2]].append(n)
        chains[a, b] = [a, *way, b]
        for p, q in pairwise(chains[a, b]):
            links.setdefault(p, []).append(q)
            links.setdefault(q, []).append(p)

    y = {n: float(-i) for column in columns for i, n in enumerate(column)}
    for _ in range(8):
        for column in [*columns, *columns[::-1]]:
            column.sort(key=lambda n: -np.mean([y[m] for m in links.get(n, [n])]))
            y |= {n: (len(column) - 1) / 2 - i for i, n in enumerate(column)}
    # what is computed runs on straight; the values that feed it make room
    pull = {n: 1 if n in names and not before[n] else 1e6 for column in columns for n in column}
    for _ in range(40):
        for column in [*columns, *columns[::-1]]:
            wish = [
                np.average([y[m] for m in links[n]], weights=[pull[m] for m in links[n]])
                if n in links
                else y[n]
                for n in column
            ]
            gaps = [down.get(a, 0.2) + up.get(b, 0.2) for a, b in pairwise(column)]
            y |= zip(column, _apart(wish, gaps, [pull[n] for n in column]), strict=True)
    for column in columns:  # a value that is nearly level with its operation becomes level
        off = [y[links[n][0]] - y[n] for n in column if n in links]
        shift = min(off, key=abs, default=0)
        if all(pull[n] == 1 for n in column) and abs(shift) < 0.3:
            y |= {n: y[n] + shift for n in column}
    return columns, {n: round(float(place), 3) for n, place in y.items()}, chains


def _apart(wish, gaps, weights=None):
    """The falling places nearest to those wished for, neighbours at least a gap apart.

    Neighbours that come too close become one block, which moves to its weighted mean.
    """
    offsets = np.concatenate([[0.0], np.cumsum(gaps)])
    blocks = []
    for place, offset, w in zip(wish, offsets, weights or [1] * len(wish), strict=True):
        blocks.append((place + offset, w, 1))
        while len(blocks) > 1 and blocks[-1][0] > blocks[-2][0]:
            p, v, n = blocks.pop()
            q, u, m = blocks.pop()
            blocks.append(((p * v + q * u) / (v + u), v + u, n + m))
    flat = [place for place, _, n in blocks for _ in range(n)]
    return [float(place - offset) for place, offset in zip(flat, offsets, strict=True)]


def _smooth(points):
    """A path through points, level in each of them."""
    vertices, codes = [points[0]], [Outline.MOVETO]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        level = abs(y0 - y1) < 1e-9
        vertices += [(x1, y1)] if level else [(middle, y0), (middle, y1), (x1, y1)]
        codes += [Outline.LINETO] if level else [Outline.CURVE4] * 3
    return Outline(vertices, codes)


# --------------------------------------------------------------------------------- boundary


@_styled
def boundary(predict, X, y, *, ax=None, names=None, inputs=("x_1", "x_2"), resolution=200):
    """Which class a model gives to every point of the plane, and the data on top.

    predict     takes points (M, 2), returns probabilities (M, K), such as `net.predict`
    X, y        the data: points (N, 2) and labels (N,)
    The stronger the colour, the surer the model; the line is where two classes tie.
    """
    X = _array(X, "boundary: X")
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
    names = _names(names, k, "names")
    P = np.pad(P, ((0, 0), (0, k - P.shape[1])))
    P = P.reshape(resolution, resolution, k)

    ax = _axes(ax, (5.4, 4.4), "boundary")
    known = np.isfinite(P).all(axis=-1)
    best = np.where(known[..., None], P, 0).argmax(axis=-1)
    sure = (np.where(known, P.max(axis=-1), 1 / k) - 1 / k) / (1 - 1 / k) if k > 1 else 1.0 * known
    colours = np.array([to_rgb(_class_colour(c)) for c in range(k)])
    strength = np.clip(0.5 * sure, 0, 1)[..., None]
    picture = np.where(known[..., None], 1 - strength * (1 - colours[best]), 0.93)
    extent = (low[0], high[0], low[1], high[1])
    ax.imshow(
        picture, extent=extent, origin="lower", aspect="auto", interpolation="bilinear", zorder=0
    )
    for c in range(k):
        others = np.delete(P, c, axis=-1).max(axis=-1) if k > 1 else P[..., 0]
        ahead = np.where(known, P[..., c] - others, -1.0)
        if k > 1 and ahead.min() < 0 < ahead.max():
            line = {"colors": COLOURS["ink"], "linewidths": 1.1 * SCALE, "zorder": 1}
            ax.contour(gx, gy, ahead, levels=[0], **line)
            if k == 2:
                break
    height = ax.get_position().height * ax.get_figure().get_figheight()
    size = (50 if len(X) <= 150 else 34 if len(X) <= 500 else 16) * min(1, height / 3.2) * SCALE**2
    for c in np.unique(y):
        marker = CLASS_MARKERS[c % len(CLASS_MARKERS)]
        ax.scatter(
            *X[y == c].T,
            s=size * {"^": 1.3, "s": 0.85, "D": 0.7}.get(marker, 1.0),
            marker=marker,
            color=_class_colour(c),
            edgecolors="white",
            linewidths=0.7 * SCALE,
            label=names[c] if names else f"class {c}",
            zorder=2,
        )
    ax.set(xlim=extent[:2], ylim=extent[2:], xlabel=_math(inputs[0]), ylabel=_math(inputs[1]))
    if names:
        beside = {"loc": "upper left", "bbox_to_anchor": (1, 1), "borderpad": 0}
        ax.legend(**beside, handletextpad=0.1, markerscale=1.3)
    shown = _listed(names) if names else f"{k} classes"
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
    P = _array(P, "boundary: what predict returns")
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


# ----------------------------------------------------------------------------------- curves


@_styled
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
        pair = [_axes(ax, (7.0, 4.0), "curves")]
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
        values = _array(values, f"curves: {key}")
        if values.ndim != 1:
            raise ValueError(f"curves: {key} needs one number an epoch, got shape {values.shape}")
        found[key] = values
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
        ax.axvline(start + epoch, color=COLOURS["neutral"], lw=1.0 * SCALE, zorder=0)
        ax.plot([start + epoch], [height], "o", color=COLOURS["validation"], mec="white")
        ax.annotate(
            *(f"best {xlabel} {start + epoch}", (start + epoch, 1)),
            xycoords=("data", "axes fraction"),
            xytext=(-5 * SCALE, -2),
            textcoords="offset points",
            ha="right" if epoch > longest / 2 else "left",
            va="top",
            fontsize=12 * SCALE,
            color=COLOURS["neutral"],
        )
    if list(lines) != ["loss"]:
        _direct_labels(ax, labels)
    for i, (_, name, colour) in enumerate(left):  # beside the place where the last one leaves
        ax.annotate(
            *(f"{name} diverged", (max(x for x, _, _ in left), 1)),
            xycoords=("data", "axes fraction"),
            xytext=(8 * SCALE, -16 * SCALE * i),
            textcoords="offset points",
            fontsize=12 * SCALE,
            fontweight="bold",
            color=_readable(colour),
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
    alt = f"{what.capitalize()} against {xlabel}: {_listed(told)}."
    if {"train", "validation"} <= set(lines):
        alt += " Training is the solid line, validation the dashed one."
    return alt


# -------------------------------------------------------------------------------- confusion


@_styled
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
        counts = _array(matrix, "confusion: the matrix")
        if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
            raise ValueError(
                "confusion needs a square matrix of counts (K, K), or the pair (y, predicted); "
                f"got shape {counts.shape}"
            )
        if not np.isfinite(counts).all() or counts.min() < 0 or np.any(counts != counts.round()):
            raise ValueError("confusion needs counts: whole numbers from 0 up")
        counts = counts.astype(int)
    k = len(counts)
    names = _names(names, k, "names") or [str(c) for c in range(k)]
    cell = 0.52 if k > 5 else 0.8
    ax = _axes(ax, (cell * k + 1.2, cell * k + 1.0), "confusion")
    wrong = counts * (1 - np.eye(k, dtype=int))
    strength = np.where(wrong > 0, 0.25 + 0.75 * wrong / max(wrong.max(), 1), 0.0)
    picture = _tint(COLOURS["mistake"], strength)
    picture[np.arange(k), np.arange(k)] = 0.92
    ax.imshow(picture, interpolation="nearest")
    for i in range(k):
        for j in range(k):
            loud = i != j and counts[i, j] > 0
            ax.text(
                *(j, i, counts[i, j] if counts[i, j] or i == j else "·"),
                ha="center",
                va="center",
                fontsize=(13 if k <= 10 else 9) * SCALE,
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


# ----------------------------------------------------------------------------------- images


@_styled
def images(X, titles=None, *, columns=None, signed=None, ax=None, shape=None):
    """Draw a grid of small pictures: digits, or the weights of hidden units.

    X        (N, 64) or (N, 784) or any (N, side * side), or (N, height, width)
    titles   one a picture
    signed   True draws orange below zero, white at zero, blue above; left to itself, True
             where there are negative values
    """
    X = _array(X, "images: X")
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
    titles = _names(titles, n, "titles")
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
    ax = _axes(ax, (columns * across * inch, rows * down * inch * high / wide + 0.1), "images")
    for i, picture in enumerate(X):
        x, y = (i % columns) * across, -(i // columns) * down
        ax.imshow(picture, extent=(x, x + 1, y - 1, y), interpolation="nearest", **colour)
        frame = ([x, x + 1, x + 1, x, x], [y - 1, y - 1, y, y, y - 1])
        ax.plot(*frame, color=COLOURS["neutral"], lw=0.6 * SCALE)
        if titles:
            small = {"ha": "center", "va": "bottom", "fontsize": 12 * SCALE}
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


# ------------------------------------------------------------------------------- histograms


@_styled
def histograms(layers, *, ax=None, kind="activation", bins=60, xlabel=None):
    """How the numbers of each layer are spread: one row a layer, all on one scale.

    layers   {"layer 1": array, "layer 2": array, ...}, arrays of any shape
    kind     "activation", "gradient" or "weight": the colour and the label
    """
    if not isinstance(layers, dict) or not layers:
        raise TypeError('histograms needs a dict such as {"layer 1": values}, not empty')
    if kind not in ("activation", "gradient", "weight"):
        raise ValueError(f'kind must be "activation", "gradient" or "weight", got {kind!r}')
    arrays = {str(k): np.ravel(_array(v, f"histograms: {k}")) for k, v in layers.items()}
    for name, values in arrays.items():
        if not values.size:
            raise ValueError(f"histograms: {name} is empty")
    finite = {k: v[np.isfinite(v) & (np.abs(v) < 1e100)] for k, v in arrays.items()}
    everything = np.concatenate(list(finite.values()))
    low, high = (everything.min(), everything.max()) if everything.size else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    edges = np.linspace(low, high, bins + 1)
    ax = _axes(ax, (7.2, 0.85 * len(arrays) + 1.2), "histograms")
    colour, k = COLOURS[kind], len(arrays)
    for i, (name, values) in enumerate(finite.items()):
        base = k - 1 - i
        counts = np.histogram(values, edges)[0]
        heights = 0.85 * counts / max(counts.max(), 1)
        look = {"lw": 1.4 * SCALE, "ec": colour, "fc": _tint(colour, 0.35), "label": name}
        ax.stairs(base + heights, edges, baseline=base, fill=True, zorder=2, **look)
        lost = len(arrays[name]) - len(values)
        note = f"std {np.std(values):.2g}" if values.size else "diverged"
        if lost and values.size:
            note += f", {lost} not finite"
        ax.annotate(
            *(note, (1, base + 0.3)),
            xycoords=("axes fraction", "data"),
            xytext=(6 * SCALE, 0),
            textcoords="offset points",
            fontsize=12 * SCALE,
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
