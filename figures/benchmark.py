"""A training step beside its bare matrix products and beside other libraries (`make bench`)."""

import json
from pathlib import Path

import nnlib as nn

SHOWN = {
    "ours": ("nnlib", "weight", "o"),
    "JAX jit": ("JAX, compiled steps", "validation", "D"),
    "scikit-learn": ("scikit-learn", "input", "s"),
    "PyTorch": ("PyTorch", "gradient", "^"),
}


def draw():
    kept = json.loads(Path(__file__).with_name("benchmark.json").read_text(encoding="utf-8"))
    times = kept["microseconds a step"]
    fig, ax = nn.plots.figure(size=(9.6, 4.4))
    letters = list(times)
    for row, (name, (label, colour, marker)) in enumerate(SHOWN.items()):
        there = [(i, times[letter]) for i, letter in enumerate(letters) if name in times[letter]]
        ax.plot(
            [t[name] / t["bare products"] for _, t in there],
            [0.27 - 0.18 * row - i for i, _ in there],  # none hides another
            marker,
            color=nn.plots.COLOURS[colour],
            label=label,
            markersize=8,
        )
    ax.axvline(1, color=nn.plots.COLOURS["neutral"], lw=1)
    ax.set_xscale("log")
    ticks = [1, 2, 5, 10, 20, 50]
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    ax.minorticks_off()
    ax.set_xlabel("time of a training step ÷ time of its matrix products alone")
    ax.set_yticks([-i for i in range(len(letters))], [kept["nets"][letter] for letter in letters])
    with nn.plots.style():
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    ours = {letter: t["ours"] / t["bare products"] for letter, t in times.items()}
    fig.alt = (
        "Six networks; for each the time of a training step as a multiple of its bare matrix "
        f"products. nnlib needs {min(ours.values()):.1f} to {max(ours.values()):.1f} times the "
        "products; PyTorch and scikit-learn need more, most of all on the small networks."
    )
    return fig


if __name__ == "__main__":
    Path(__file__).with_suffix(".png").write_bytes(nn.plots.png_bytes(draw()))
