"""The map of the course: its notebooks along one path, in five parts and what comes then."""

from pathlib import Path

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch

import nnlib as nn

PARTS = {
    "by hand": (
        "start here",
        "one pass by hand",
        "neurons and activations",
        "softmax and cross-entropy",
    ),
    "derive": ("the chain rule", "backpropagation", "checking gradients"),
    "train": (
        "gradient descent",
        "a network that trains",
        "mini-batches",
        "handwritten digits",
    ),
    "understand": (
        "starting weights",
        "faster descent",
        "overfitting",
        "the bug clinic",
    ),
    "bridges": (
        "automatic differentiation",
        "the same network in PyTorch",
        "convolution",
        "MNIST in a minute",
    ),
    "and then": ("why it is fast", "your own data"),
}
COLOURS = (*nn.plots.CLASS_COLOURS[:5], nn.plots.COLOURS["neutral"])
ROW, PART, WIDE = 0.44, 0.34, 5.6  # inches


def draw():
    stations, panels, y, number = [], [], 0.0, 0
    for (part, titles), colour in zip(PARTS.items(), COLOURS, strict=True):
        top = y
        y -= PART
        for title in titles:
            stations.append((number, title, colour, y))
            number, y = number + 1, y - ROW
        panels.append((part, colour, top, y + 0.2))
        y -= 0.02
    fig, ax = nn.plots.figure(size=(WIDE, 0.2 - y))
    ax.set(xlim=(0, WIDE), ylim=(y, 0.2))
    ax.set_axis_off()
    with nn.plots.style():
        for part, colour, top, bottom in panels:
            shape = FancyBboxPatch(
                (0.12, bottom),
                *(WIDE - 0.24, top - bottom),
                boxstyle="round,pad=0,rounding_size=0.14",
                fc=(colour, 0.13),
                ec="none",
            )
            ax.add_patch(shape)
            ax.text(WIDE - 0.32, top - PART, part, ha="right", va="center", weight="bold", size=16)
        ys = np.array([s[3] for s in stations])
        xs = 0.62 + 0.2 * np.sin(1.15 * np.arange(len(ys)))
        fine = np.linspace(0, len(ys) - 1, 40 * len(ys))
        bend = 0.62 + 0.2 * np.sin(1.15 * fine)
        way = np.interp(fine, np.arange(len(ys)), ys)
        ax.plot(bend, way, color=nn.plots.COLOURS["ink"], lw=3, zorder=2)
        for (number, title, colour, y), x in zip(stations, xs, strict=True):
            ax.add_patch(Circle((x, y), 0.18, fc="white", ec=colour, lw=3, zorder=3))
            centre = {"ha": "center", "va": "center", "zorder": 4}
            ax.text(x, y - 0.005, f"{number:02}", size=12, weight="bold", **centre)
            ax.text(1.15, y, title, va="center", size=16)
    parts = ", ".join(f"{part} ({len(titles)})" for part, titles in PARTS.items())
    fig.alt = f"The {len(stations)} notebooks of the course along one path, in parts: {parts}."
    return fig


if __name__ == "__main__":
    Path(__file__).with_suffix(".png").write_bytes(nn.plots.png_bytes(draw()))
