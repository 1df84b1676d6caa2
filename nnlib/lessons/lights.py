"""Notebook 05's seven lines as formula, as code and as a graph, in one piece of HTML.

    lights.show(one)     # one: a dictionary with X, W1, Z1, ..., dZ2, dW2, ... of a single example

Point at a table, or reach it with the Tab key, and it lights up everywhere else. That is done by
style rules alone: no script, no kernel. Where styles are taken out it is a plain table.
"""

import html
import re

VALUE, GRADIENT = "#0072B2", "#D55E00"

# gradient: (index form, tables, code)
LINES = {
    "dZ2": ("ds_k = p_k − t_k", "dZ2 = P − Y", "dZ2 = P - Y"),
    "dW2": ("du_jk = a_j · ds_k", "dW2 = A1ᵀ dZ2", "dW2 = A1.T @ dZ2"),
    "db2": ("dc_k = ds_k", "db2 = dZ2", "db2 = dZ2[0]"),
    "dA1": ("da_j = Σ_k ds_k · u_jk", "dA1 = dZ2 W2ᵀ", "dA1 = dZ2 @ W2.T"),
    "dZ1": ("dz_j = da_j · [z_j > 0]", "dZ1 = dA1 · [Z1 > 0]", "dZ1 = dA1 * (Z1 > 0)"),
    "dW1": ("dw_ij = x_i · dz_j", "dW1 = Xᵀ dZ1", "dW1 = X.T @ dZ1"),
    "db1": ("db_j = dz_j", "db1 = dZ1", "db1 = dZ1[0]"),
}
LETTERS = dict(
    zip("xwbzaucspt", ["X", "W1", "b1", "Z1", "A1", "W2", "b2", "Z2", "P", "Y"], strict=True)
)

# name: (left, top) of its box; what is computed stands in one row
BOXES = {
    "X": (0, 0), "W1": (0, 66), "b1": (0, 132), "Z1": (150, 66), "A1": (285, 66),
    "W2": (285, 132), "b2": (285, 198), "Z2": (435, 66), "P": (570, 66), "Y": (570, 132),
}  # fmt: skip
ARROWS = "X>Z1 W1>Z1 b1>Z1 Z1>A1 A1>Z2 W2>Z2 b2>Z2 Z2>P"
WIDE, HIGH = 96, 50


def show(tables):
    """Display the seven lines; shapes are those of the tables that the notebook computed."""
    from IPython.display import display

    alt = "Seven lines of the backward pass, each as index form, with tables and in code: "
    alt += "; ".join(code for _, _, code in LINES.values())
    display({"text/html": lights(tables), "text/plain": alt}, raw=True)


def lights(tables):
    """The piece of HTML."""
    names = [*BOXES, *LINES]
    rows = "".join(
        f"<tr><td>{_index_form(index)}</td><td>{_with_tables(formula)}</td>"
        f"<td><code>{_marked(code)}</code></td></tr>"
        for index, formula, code in LINES.values()
    )
    head = "<tr><th>for each number</th><th>with tables</th><th>in code</th></tr>"
    style = f"<style>{_rules(names)}</style>"
    graph = _graph(tables)
    return f'<div class="nnlib-lights">{style}{graph}<table>{head}{rows}</table></div>'


def _rules(names):
    root = ".nnlib-lights"
    rules = [
        f"{root} {{ overflow-x: auto; }}",
        f"{root} svg {{ width: 100%; min-width: 520px; max-width: 680px; display: block; }}",
        f"{root} :is(td, th) {{ text-align: left; padding: 0.25em 0.8em; white-space: nowrap; }}",
        f"{root} [data-t] {{ border-radius: 3px; cursor: default; }}",
        f"{root} g[data-t] rect {{ fill: transparent; }}",
        f"{root} g[data-t]:focus {{ outline: none; }}",
        f"{root} code {{ background: none; white-space: nowrap; }}",
    ]
    for name in names:
        colour = GRADIENT if name.startswith("d") else VALUE
        chosen = f'{root}:has([data-t="{name}"]:is(:hover, :focus)) '
        lit = f"background: {colour}55; outline: 1px solid {colour};"
        rules.append(f'{chosen}span[data-t="{name}"] {{ {lit} }}')
        rules.append(f'{chosen}g[data-t="{name}"] rect {{ fill: {colour}55; }}')
        rules.append(f'{chosen}g[data-t="{name}"] text {{ fill: currentColor; }}')
    return " ".join(rules)


def _span(name, text):
    return f'<span data-t="{name}">{text}</span>'


def _index_form(text):
    """du_jk with its indices below, marked as the table that it is an entry of."""

    def entry(found):
        d, letter, index = found.groups()
        shown = f"{d}<i>{letter}</i><sub>{index}</sub>"
        return _span(d + LETTERS[letter], shown)

    text = html.escape(text).replace("Σ_k", "Σ<sub>k</sub>")
    return re.sub(r"\b(d?)([xwbzaucspt])_([ijk]+)\b", entry, text)


def _with_tables(text):
    def table(found):
        d, letter, number, turned = found.groups()
        index = f"<sub>{number}</sub>" if number else ""
        power = "<sup>T</sup>" if turned else ""
        return _span(f"{d}{letter}{number}", f"{d}<i>{letter}</i>{index}{power}")

    return re.sub(r"\b(d?)([A-Zb])([12]?)(ᵀ?)(?!\w)", table, html.escape(text))


def _marked(code):
    return re.sub(
        r"\b(d?[WbZA][12]|[XYP])\b", lambda found: _span(found[0], found[0]), html.escape(code)
    )


def _graph(tables):
    parts = []
    for arrow in ARROWS.split():
        (x0, y0), (x1, y1) = (BOXES[name] for name in arrow.split(">"))
        x0, y1 = x0 + WIDE, y1 + HIGH / 2
        y0 += HIGH / 4 if arrow.startswith("X") else HIGH / 2
        bend = (x0 + x1) / 2
        way = f"M{x0} {y0:g} C{bend:g} {y0:g} {bend:g} {y1:g} {x1} {y1:g}"
        parts.append(f'<path d="{way}" fill="none" stroke="currentColor" opacity="0.5"/>')
    for name, (left, top) in BOXES.items():
        shape = str(tables[name].shape)
        parts.append(_half(name, left, top, f"{name}  {shape}", "currentColor"))
        if "d" + name in LINES:
            parts.append(_half("d" + name, left, top + HIGH / 2, f"d{name}  {shape}", GRADIENT))
    says = "The graph of the pass. In each box a table with its shape, below it its gradient."
    return (
        f'<svg viewBox="-4 -4 676 258" role="img" aria-label="{says}" font-size="13" '
        f'font-family="inherit">{"".join(parts)}</svg>'
    )


def _half(name, left, top, text, colour):
    """One half of a box: a table's name and its shape."""
    x, y = left + WIDE / 2, top + HIGH / 4 + 4.5
    return (
        f'<g data-t="{name}" tabindex="0"><rect x="{left}" y="{top:g}" width="{WIDE}" '
        f'height="{HIGH / 2:g}" rx="3" stroke="{colour}"/><text x="{x:g}" y="{y:g}" '
        f'text-anchor="middle" fill="{colour}">{text}</text></g>'
    )
