"""A network as units and lines, small or with all its numbers."""

from itertools import combinations, pairwise

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch

from .sheet import canvas, digits, halo, number
from .theme import COLOURS, array_of, axes_for, listed, lowered, names_for, styled, subscript, tint


@styled
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
    letters=None,
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
    letters  names of a layer's (weights, biases, sums, outputs), a tuple for each layer, such as
             [("w", "b", "z", "a"), ("u", "c", "s", "p")]: each weight then bears its own name
    numbers  print the numbers? Left to itself, only where there is room (24 weights)
    """
    sizes, weights, biases = _network_parts(net, biases)
    inputs = names_for(inputs, sizes[0], "inputs")
    outputs = names_for(outputs, sizes[-1], "outputs")
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
        letters, named = letters or _letters(sizes), letters is not None and dW is None
        names = inputs, outputs, letters, named
        ax = _network_numbers(sizes, weights, biases, columns, (dW, db, dZ), names, decimals, ax)
    shape = "-".join(map(str, sizes))
    alt = f"A {shape} network, drawn from left to right"
    if inputs and outputs:
        alt += f": {listed(inputs)} in, {listed(outputs)} out"
    seen = []
    if numbers:
        seen += ["the weights on the lines"] if weights is not None else []
        seen += ["the values in the units"] if values is not None else []
        back = any(g is not None for g in (dW, db, dZ))
        seen += ["the gradients in a second colour beside them"] if back else []
    ax.alt = alt + (f"; {listed(seen)}." if seen else ".")
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
        weights = [array_of(W, f"W{i}") for i, W in enumerate(net, 1)]
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
    arrays = [array_of(entry, what) for entry in entries]
    for i, (array, shape) in enumerate(zip(arrays, pairwise(sizes), strict=True), 1):
        if array.shape != shape:
            raise ValueError(f"{what}, layer {i}, needs shape {shape}, got {array.shape}")
    return arrays


def _vector(values, n, what):
    vector = array_of(values, what)
    if vector.size != n or vector.ndim > 2 or vector.shape not in {(n,), (1, n), (n, 1)}:
        raise ValueError(f"{what} needs {n} numbers, one a unit, got shape {vector.shape}")
    return vector.reshape(n)


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
    width = (0.9 + 3.6 * abs(w) / biggest) if biggest else 0.9
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
    ax = axes_for(ax, size, "network")
    letters = canvas(ax, -left, wide + right, -high / 2 - 0.85, high / 2 + 0.45)
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
                look = {
                    "linewidth": 0.8,
                    "color": COLOURS["neutral"],
                    "alpha": 0.45,
                }
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
            fill = tint(colour, 0.25) if c == 0 else "white"
            ax.add_patch(Circle((x, y), r, fc=fill, ec=colour, lw=1.6, zorder=3))
            if c == 0 and inputs:
                style_ = {"ha": "right", "va": "center", "fontsize": 13 * letters}
                ax.text(x - 0.3, y, subscript(inputs[unit]), **style_)
            if c == len(sizes) - 1 and outputs:
                style_ = {"ha": "left", "va": "center", "fontsize": 13 * letters}
                ax.text(x + 0.3, y, subscript(outputs[unit]), **style_)
        kind = "inputs" if c == 0 else "outputs" if c == len(sizes) - 1 else "units"
        text = f"{sizes[c]} {kind if sizes[c] > 1 else kind[:-1]}"
        where = (c * gap, -high / 2 - 0.6)
        ax.text(*where, text, ha="center", va="center", fontsize=12 * letters)
    return ax


def _network_numbers(sizes, weights, biases, columns, gradients, names, decimals, ax):
    """Every number in its place: values in the units, weights on the lines, gradients below."""
    dW, db, dZ = gradients
    back = any(g is not None for g in gradients)
    inputs, outputs, symbols, named = names
    told = any(column is not None for column in columns)
    free, row = 3.0 if named else 2.3, 1.5 if back else 1.25
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
    ax = axes_for(ax, (left + wide + right, top - bottom), "network")
    letters = canvas(ax, -left, wide + right, bottom, top)

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
                look = {"linewidth": 1.2, "color": COLOURS["neutral"]}
                if weights is not None:
                    look = _edge_look(weights[c][i, j], biggest) | {"color": COLOURS["weight"]}
                ax.plot(*zip(*ends, strict=True), alpha=0.45, zorder=1, **look)
                lines.append((c, i, j, ends))
    if weights is not None:
        fewest = digits(weights, decimals)
        for c in range(len(sizes) - 1):
            here = [line for line in lines if line[0] == c]
            texts = [number(w, fewest) for w in weights[c].ravel()]
            long = 0.125 * (max(map(len, texts)) + 3 * named) + 0.1
            spots = _label_spots([line[3] for line in here], long, (1, -1) if dW else (1,))
            for (_, i, j, ends), spot in zip(here, spots, strict=True):
                (x0, y0), (x1, y1) = ends
                lean = {"rotation": np.degrees(np.arctan2(y1 - y0, x1 - x0))}
                lean |= {"rotation_mode": "anchor", "path_effects": halo(letters)}
                aside = 0.035 + 0.5 * _edge_look(weights[c][i, j], biggest)["linewidth"] / 72
                dx, dy = np.array([y0 - y1, x1 - x0]) / np.hypot(x1 - x0, y1 - y0) * aside
                x, y = spot
                text = texts[i * sizes[c + 1] + j]
                if named:
                    text = f"{symbols[c][0]}{lowered(f'{i + 1}{j + 1}')} {text}"
                write(x + dx, y + dy, text, "weight", va="bottom", weight="bold", **lean)
                if dW is not None:
                    text = number(dW[c][i, j], decimals)
                    write(x - dx, y - dy, text, "gradient", 13, va="top", **lean)

    for c in range(len(sizes)):
        d_v = decimals if c else digits([columns[0][0]] if columns[0] else [], decimals)
        edge = COLOURS["input"] if c == 0 else COLOURS["ink"]
        for i, (x, y) in enumerate(places(c)):
            h = half[c]
            pill = FancyBboxPatch(
                (x - h, y - tall),
                *(2 * h, 2 * tall),
                boxstyle=f"round,pad=0,rounding_size={tall}",
                fc=tint(COLOURS["input"], 0.14) if c == 0 else "white",
                ec=edge,
                lw=1.6,
                zorder=3,
            )
            ax.add_patch(pill)
            column = columns[c]
            if column is not None and len(column) == 1:
                write(x, y, number(column[0][i], d_v), size=15)
            elif column is not None:
                ax.plot([x, x], [y - tall, y + tall], color=edge, lw=0.8, zorder=4)
                write(x - h / 2, y, number(column[0][i], d_v), size=15)
                write(x + h / 2, y, number(column[1][i], d_v), size=15)
            if c == 0:
                if inputs:
                    write(x - h - 0.12, y, subscript(inputs[i]), size=15, ha="right")
                continue
            if outputs and c == len(sizes) - 1:
                write(x + h + 0.12, y, subscript(outputs[i]), size=15, ha="left")
            if biases is not None:
                bias = symbols[c - 1][1]
                name = f"{bias}{lowered(i + 1)}" if named else bias
                text = f"{name} {number(biases[c - 1][i], digits(biases, decimals))}"
                aside = h / 4 if named and c == len(sizes) - 1 else -h / 2  # off the lines
                write(x + aside, y + tall + 0.17, text, "weight", 13, weight="bold")
                if db is not None:
                    text = f"d{bias} {number(db[c - 1][i], decimals)}"
                    write(x + h / 2, y + tall + 0.17, text, "gradient", 13)
            if dZ is not None:
                text = f"d{symbols[c - 1][2]} {number(dZ[c - 1][i], decimals)}"
                write(x - h / 2, y - tall - 0.17, text, "gradient", 13)
    y = bottom + 0.2 + 0.4 * back
    for c, column in enumerate(columns):
        if column is not None and len(column) == 2:
            write(at[c] - half[c] / 2, y, symbols[c - 1][2], "neutral", 13)
            write(at[c] + half[c] / 2, y, symbols[c - 1][3], "neutral", 13)
        elif column is not None:
            write(at[c], y, symbols[c - 1][3] if c else "x", "neutral", 13)
    if back:
        write(wide / 2 - 0.3, bottom + 0.2, "values forward →", ha="right")
        write(wide / 2 + 0.3, bottom + 0.2, "← gradients back", "gradient", ha="left")
    return ax


def _letters(sizes):
    """The usual names: w, b, z and a in every layer, and p for what comes out."""
    layers = len(sizes) - 1
    return [("w", "b", "z", "p" if k == layers - 1 else "a") for k in range(layers)]


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
