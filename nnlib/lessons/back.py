"""Pictures of notebook 05: the backward pass link by link, and six fruits being learned.

    cuts = back.links(fruit.names, units=2)      # "banana to unit 1": [(0, 1)], ...
    back.draw(ax, off, x, ds, shares, dz, dw, before=(dz, dw), names=fruit.names)

The notebook computes, with the formulas that it has just derived; this file only draws.
"""

import numpy as np

from ..plots.theme import CLASS_COLOURS, COLOURS, lowered, styled

SIZE = (6.4, 3.2)  # inches: what the letters are made for
UNITS = (0.85, -0.85)  # heights of the two hidden units
ENDS = (1.05, 0, -1.05)  # heights of the three inputs and of the three scores


def links(names, units=2):
    """{what is switched off: the links (unit, score)}, both counted from 0, as Python does."""
    off = {"nothing": []}
    for j in range(units):
        off |= {f"{name} to unit {j + 1}": [(j, k)] for k, name in enumerate(names)}
        off[f"all to unit {j + 1}"] = [(j, k) for k in range(len(names))]
    return off


@styled
def draw(ax, off, x, ds, shares, dz, dw, *, before, names):
    """Draw the way back from three scores through two open units to three inputs.

    off      what is switched off, in words
    shares   (2, 3), ds · u for each link from a score to a unit; exactly 0 where it is off
    dz, dw   what the notebook computed with these links; before: the same with none off
    Returns a sentence with the sums for dw_11 and dw_12, and how many of the 17 gradients changed.
    """
    shares, dz, dw = (np.asarray(table, dtype=float) for table in (shares, dz, dw))
    full_dz, full_dw = (np.asarray(table, dtype=float) for table in before)
    products = np.asarray(x)[:, None, None] * shares  # input, unit, score: one path each
    if not np.allclose(products.sum(axis=2), dw, rtol=0, atol=1e-12):
        raise ValueError("back.draw: x times the shares, added over the scores, is not dw")
    new_dz, new_dw = np.abs(dz - full_dz) > 1e-12, np.abs(dw - full_dw) > 1e-12
    for j, high in enumerate(UNITS):
        for k, level in enumerate(ENDS):
            on = shares[j, k] != 0
            text = f"{shares[j, k]:.3f}" if on else "off"
            _arrow(ax, (4, level), (2, high), 0.65, text, on, not on)
        for i, level in enumerate(ENDS):
            _arrow(ax, (2, high), (0, level), 0.35, f"{dw[i, j]:.3f}", True, new_dw[i, j])
        label = f"dz{lowered(j + 1)}\n{dz[j]:.3f}"
        _write(ax, 2, high, label, "k" if new_dz[j] else "0.6")
    for n, level in enumerate(ENDS):
        _write(ax, 0, level, f"x{lowered(n + 1)}\n{x[n]}", "0.6", "ink")
        _write(ax, 4, level, f"{names[n]}\n{ds[n]:.3f}", "0.6")
    heads = {0: "x", 1.3: "dw", 2: "dz = db", 2.7: "ds · u", 4: "ds"}
    for place, text in heads.items():
        _write(ax, place, 1.48, text, colour="neutral")
    ax.set(xlim=(-0.3, 4.45), ylim=(-1.4, 1.6), title=f"off: {off}")
    ax.set_axis_off()

    sums = []
    for j in range(len(UNITS)):
        terms = [f"{v:.4f}" if v else "off" for v in products[0, j]]
        told = " + ".join(terms).replace("+ -", "− ")
        sums.append(f"dw_1{j + 1} = {told} = {dw[0, j]:.4f}")
    changed = int(new_dw.sum() + new_dz.sum())
    told = f"Off: {off}. {'; '.join(sums)}. Changed: {changed} of the 17 gradients."
    return told.replace("-", "−")


def _arrow(ax, start, end, share, text, on, news):
    """An arrow with a number at this share of its way; dotted where nothing passes."""
    start, way = np.array(start), np.subtract(end, start)
    line = {"arrowstyle": "-|>", "linestyle": "-" if on else ":", "color": "0.45"}
    line |= {"shrinkA": 0, "shrinkB": 0}
    ax.annotate("", start + 0.86 * way, start, arrowprops=line)
    _write(ax, *(start + share * way), text, "k" if news else "none")


def _write(ax, x, y, text, frame="none", colour="gradient"):
    box = {"facecolor": "white", "edgecolor": frame, "pad": 1 if frame == "none" else 2.5}
    look = {"ha": "center", "va": "center", "fontsize": 11.5, "bbox": box}
    ax.text(x, y, text.replace("-", "−"), color=COLOURS[colour], **look)


@styled
def draw_fruits(ax, P, y, *, names, title):
    """A bar for each fruit: the probability of its truth, and beside it a wrong answer in words.

    P (N, K), y (N,). A bar is empty where another class is more probable.
    Returns all of it in words.
    """
    P, y, said_of_all = np.asarray(P), np.asarray(y), []
    for n, (truth, said) in enumerate(zip(y, P.argmax(axis=1), strict=True)):
        colour, p = CLASS_COLOURS[truth], P[n, truth]
        ax.barh(n, p, edgecolor=colour, linewidth=1.5, fc=colour if truth == said else "white")
        wrong = "" if truth == said else f"  says {names[said]}"
        ax.text(p + 0.02, n, f"{p:.2f}{wrong}", va="center", fontsize=11)
        said_of_all.append(f"{names[truth]} {p:.2f}{wrong}".replace("  ", ", "))
    ax.set_yticks(range(len(y)), [names[truth] for truth in y])
    ax.invert_yaxis()
    ax.set(xlim=(0, 1.05), xticks=[0, 0.5, 1], title=title, xlabel="probability of the truth")
    return "; ".join(said_of_all)
