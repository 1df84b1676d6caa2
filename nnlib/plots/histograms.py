"""The values in each layer of a network, one histogram a layer."""

import numpy as np

from .theme import COLOURS, array_of, axes_for, styled, tint


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
        look = {"lw": 1.4, "ec": colour, "fc": tint(colour, 0.35), "label": name}
        ax.stairs(base + heights, edges, baseline=base, fill=True, zorder=2, **look)
        lost = len(arrays[name]) - len(values)
        note = f"std {np.std(values):.2g}" if values.size else "diverged"
        if lost and values.size:
            note += f", {lost} not finite"
        ax.annotate(
            *(note, (1, base + 0.3)),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            fontsize=12,
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
