"""How the cost of training grows, as it was measured by `make growth`."""

import json
from pathlib import Path

import numpy as np

import nnlib as nn
from tools.growth import slope

ROWS = {"step": ("a step, ms", 1e3), "epoch": ("an epoch, ms", 1e3), "memory": ("memory, MB", 1e-6)}
LABELS = {"batch": "batch size", "width": "units a layer", "depth": "hidden layers"}


def draw():
    kept = json.loads(Path(__file__).with_name("growth.json").read_text(encoding="utf-8"))
    found = kept["found"]
    fig, axes = nn.plots.figure(len(ROWS), len(found), size=(13, 8.4), sharex="col", sharey="row")
    told = []
    for column, (what, rows) in enumerate(found.items()):
        steeps = []
        for row, (name, (label, unit)) in enumerate(ROWS.items()):
            ax, costs = axes[row, column], unit * np.array(rows[name])
            ax.loglog(rows["sizes"], costs, "o-", base=2, color=nn.plots.COLOURS["ink"])
            steep = slope(rows["sizes"], costs)
            ax.set_title(f"slope {steep:z.1f}", loc="left", fontsize=12)
            ax.set_yscale("log", base=10)
            if column == 0:
                ax.set_ylabel(label)
            if row == len(ROWS) - 1:
                ax.set_xlabel(LABELS.get(what, what))
            ax.set_xticks(rows["sizes"][::2], [str(size) for size in rows["sizes"][::2]])
            ax.minorticks_off()
            steeps.append(f"{steep:.1f}")
        told.append(f"{what} {', '.join(steeps)}")
    fig.alt = (
        "Time of a step, time of an epoch and memory, on log axes, as batch size, width, depth and "
        f"number of examples double. Slopes, in this order: {'; '.join(told)}."
    )
    return fig


if __name__ == "__main__":
    Path(__file__).with_suffix(".png").write_bytes(nn.plots.png_bytes(draw()))
