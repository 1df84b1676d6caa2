"""A computational graph: what feeds what, with values forward and gradients backward."""

import re
from itertools import pairwise

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Outline

from .sheet import canvas, digits, halo, number
from .theme import COLOURS, apart, array_of, axes_for, styled, subscript

LINE = 0.24  # height of a line of numbers, in inches
WIDTHS = {"0": 0.115, ".": 0.057, "\N{MINUS SIGN}": 0.151}  # of the numbers' letters, in inches


@styled
def graph(
    nodes, edges, *, values=None, gradients=None, shapes=False, highlight=(), ax=None, decimals=2
):
    """Draw a computational graph: values above each node, gradients below it.

    nodes      {name: symbol}: a circle with the symbol for an operation, None for a box
               with the name; or a list of names (what has an edge coming in is a circle)
    edges      pairs (from, to)
    values     {name: number or array}, printed above; gradients the same, printed below
    shapes     True: the shape of each value that is an array stands above it, in grey
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
                f"{subscript(name)} = {told}" if "  " not in told else f"{subscript(name)}\n{told}"
            )
    shaped = {n: np.shape(v) for n, v in values.items() if shapes and np.ndim(v)}
    texts = {n: subscript(n) if symbol is None else str(symbol) for n, symbol in nodes.items()}
    half = {n: max(0.3, 0.065 * _long(text) + 0.1) for n, text in texts.items()}
    r = 0.3

    def tall(told):
        return {n: r + 0.12 + LINE * (told[n].count("\n") + 1) * (n in told) for n in told}

    up = dict.fromkeys(nodes, r + 0.12) | tall(above)
    up |= {n: up[n] + LINE for n in shaped}
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
    ax = axes_for(ax, (box[1] - box[0], box[3] - box[2]), "graph")
    letters = canvas(ax, *box)

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
            lw=(3.0 if strong else 1.3),
            color=colour,
            joinstyle="miter",
            zorder=1,
        )
        ax.add_patch(arrow)
    for name, (x, y) in spots.items():
        look = {"lw": (2.8 if name in highlight else 1.5), "zorder": 3}
        h, corner = half[name], 0.06 if nodes[name] is None else r
        look |= {"ec": COLOURS["ink"], "fc": "white" if nodes[name] is not None else "#F0F0F0"}
        if nodes[name] is not None and h == r:
            ax.add_patch(Circle((x, y), r, **look))
        else:  # a box, or for a long word a circle drawn out
            style_ = f"round,pad=0,rounding_size={corner}"
            ax.add_patch(FancyBboxPatch((x - h, y - r), 2 * h, 2 * r, boxstyle=style_, **look))
        centre = {"ha": "center", "zorder": 5, "path_effects": halo(letters)}
        size = 16 if len(texts[name]) == 1 and nodes[name] is not None else 14
        ax.text(x, y, texts[name], va="center", fontsize=size * letters, ha="center", zorder=4)
        centre |= {"linespacing": 1.15, "fontsize": 13 * letters}
        if name in above:
            _told(ax, x, y + r + 0.07, above[name], va="bottom", **centre)
        if name in shaped:
            top = y + r + 0.1 + 0.21 * (above[name].count("\n") + 1)
            told = f"({', '.join(map(str, shaped[name]))}{',' * (len(shaped[name]) == 1)})"
            ax.text(x, top, told, va="bottom", color=COLOURS["neutral"], **centre)
        if name in below:
            gradient = COLOURS["gradient"]
            _told(ax, x, y - r - 0.09, below[name], va="top", color=gradient, **centre)
    ops = sum(symbol is not None for symbol in nodes.values())
    alt = f"A computational graph, from left to right: {len(nodes) - ops} values in boxes and "
    alt += f"{ops} operations in circles"
    if above:
        alt += ", the forward value above each"
    if below:
        alt += f"{',' if not above else ' and'} the gradient below {'it' if above else 'each'}"
    if shaped:
        alt += ", with the shape of each table"
    if highlight:
        alt += f"; the path {' → '.join(map(str, highlight))} stands out"
    ax.alt = alt + "."
    return ax


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
            y |= zip(column, apart(wish, gaps, [pull[n] for n in column]), strict=True)
    for column in columns:  # a value that is nearly level with its operation becomes level
        off = [y[links[n][0]] - y[n] for n in column if n in links]
        shift = min(off, key=abs, default=0)
        if all(pull[n] == 1 for n in column) and abs(shift) < 0.3:
            y |= {n: y[n] + shift for n in column}
    return columns, {n: round(float(place), 3) for n, place in y.items()}, chains


def _smooth(points):
    """A path through points, level in each of them."""
    vertices, codes = [points[0]], [Outline.MOVETO]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        level = abs(y0 - y1) < 1e-9
        vertices += [(x1, y1)] if level else [(middle, y0), (middle, y1), (x1, y1)]
        codes += [Outline.LINETO] if level else [Outline.CURVE4] * 3
    return Outline(vertices, codes)


def _told(ax, x, y, text, **look):
    """Write a node's numbers. The columns of a table end under each other: a minus is wider than a
    space, so a table in one piece of text would not be aligned."""
    rows = [line.split("  ") for line in text.split("\n")]
    if len(rows) == 1 or {len(row) for row in rows} != {len(rows[0])} or len(rows[0]) == 1:
        ax.text(x, y, text, **look)
        return
    columns = [[cell.strip() for cell in column] for column in zip(*rows, strict=True)]
    wide = [max(sum(WIDTHS.get(c, WIDTHS["0"]) for c in cell) for cell in c) for c in columns]
    right = x - (sum(wide) + WIDTHS["0"] * (len(wide) - 1)) / 2
    for column, w in zip(columns, wide, strict=True):
        right += w
        ax.text(right, y, "\n".join(column), **look | {"ha": "right"}, multialignment="right")
        right += WIDTHS["0"]


def _cells(value, decimals):
    """A number, a row or a matrix as text, its columns aligned."""
    value = array_of(value, "graph: values and gradients")
    if value.ndim > 2:
        raise ValueError(f"graph prints numbers, rows and matrices, got shape {value.shape}")
    d = digits([value], decimals)
    rows = [[number(v, d) for v in row] for row in np.atleast_2d(value)]
    if len(rows) == 1:
        return "  ".join(rows[0])
    longest = max(len(text) for row in rows for text in row)
    return "\n".join("  ".join(t.rjust(longest, "\N{FIGURE SPACE}") for t in row) for row in rows)


def _long(text):
    """Letters in the longest line of a text, markup for a subscript not counted."""
    return max(len(re.sub(r"\\mathrm|[${}_]", "", line)) for line in text.split("\n"))
