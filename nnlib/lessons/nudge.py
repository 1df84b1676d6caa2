"""Pictures of notebook 04: a square that grows, and what a gradient promises for a nudge."""

import numpy as np
from matplotlib.patches import Rectangle

from ..plots.theme import COLOURS, styled


@styled
def square(ax, x=3.0, h=0.6):
    """A square of side x grows by h: two strips and a corner."""
    parts = [  # left, bottom, width, height, text, colour
        (0, 0, x, x, "$x · x$", "neutral"),
        (x, 0, h, x, "$h · x$", "gradient"),
        (0, x, x, h, "$x · h$", "gradient"),
        (x, x, h, h, "$h · h$", "ink"),
    ]
    for left, bottom, wide, high, text, colour in parts:
        look = {"facecolor": COLOURS[colour], "alpha": 0.3, "edgecolor": "k"}
        ax.add_patch(Rectangle((left, bottom), wide, high, **look))
        ax.text(left + wide / 2, bottom + high / 2, text, ha="center", va="center", fontsize=15)
    ax.set(xlim=(-0.1, x + h + 0.1), ylim=(-0.1, x + h + 0.1), aspect="equal")
    ax.set_axis_off()
    ax.alt = "A square of side x grows by two strips, x long and h wide, and a corner, h by h."


@styled
def draw(axes, eps, changes, gradient, gate):
    """What a gradient promises for a nudge eps, and what happens: two panels.

    axes      left: both for every eps from −2.4 to 2.4; right: the part up to |eps|, enlarged
    changes   a function: the measured changes of the loss for an array of nudges
    gate      a word for the state of the gate at eps, for the reading
    Returns a sentence with the numbers.
    """
    measured, promised = float(changes([eps])[0]), gradient * eps
    axes[0].axvspan(-abs(eps), abs(eps), color="0.92")
    for ax, far, wide, high in [
        (axes[0], 2.4, 1, 1),
        (axes[1], abs(eps), abs(eps), abs(promised)),  # in units of its own size
    ]:
        some = np.linspace(-far, far, 61)
        red, orange = COLOURS["loss"], COLOURS["gradient"]
        ax.axhline(0, color="0.8", lw=0.8)
        ax.plot(some / wide, changes(some) / high, color=red)
        ax.plot(some / wide, gradient * some / high, "--", color=orange, lw=1.8)
        ax.plot([eps / wide] * 2, np.array([promised, measured]) / high, color="k", lw=1.2)
        ax.plot(eps / wide, measured / high, "o", color=red, mec="k")
        ax.plot(eps / wide, promised / high, "D", color="white", mec=orange, mew=1.8)
    axes[0].text(-2.3, 1.6, "curve: measured ΔL\ndashed: gradient · ε", va="center", fontsize=11)
    axes[0].set(xlim=(-2.4, 2.4), ylim=(-1.4, 2), xlabel="ε, nudge of $w_{11}$", ylabel="ΔL")
    axes[0].set(xticks=range(-2, 3), yticks=range(-1, 3), title=f"ε = {eps:g}".replace("-", "−"))
    axes[1].set(xlim=(-1.1, 1.1), ylim=(-1.6, 1.6), xlabel="the grey part, enlarged")
    axes[1].set(xticks=[-1, 0, 1], xticklabels=["−|ε|", "0", "|ε|"], yticks=[-1, 0, 1])
    axes[1].set_ylabel("ΔL ÷ |gradient · ε|")
    off = abs(measured - promised) / abs(promised)
    return (
        f"ε = {eps:g}: gradient · ε = {promised:.4g}, measured ΔL = {measured:.4g}. "
        f"They differ by {100 * off:.2g} % of gradient · ε; the gate is {gate}."
    ).replace("-", "−")
