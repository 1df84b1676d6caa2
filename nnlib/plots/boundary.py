"""The plane, coloured by what a model answers at every point."""

import numpy as np
from matplotlib.colors import to_rgba

from . import theme
from .theme import (
    CLASS_COLOURS,
    CLASS_MARKERS,
    COLOURS,
    array_of,
    axes_for,
    labels_of,
    listed,
    names_for,
    styled,
    subscript,
)


@styled
def boundary(predict, X, y, *, ax=None, names=None, inputs=("x_1", "x_2"), resolution=200):
    """Which class a model gives to every point of the plane, and the data on top.

    predict     takes points (M, 2), returns probabilities (M, K), such as `net.predict`
    X, y        the data: points (N, 2) and labels (N,)
    The stronger the colour, the surer the model; the line is where two classes tie.
    """
    X = array_of(X, "boundary: X")
    if X.ndim != 2 or X.shape[1] != 2:
        raise ValueError(f"boundary needs X with two columns, (N, 2), got shape {X.shape}")
    if not len(X) or not np.isfinite(X).all():
        raise ValueError("boundary needs at least one point, without NaN or infinity")
    y = labels_of(y, "boundary: y")
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
    names = names_for(names, k, "names")
    P = np.pad(P, ((0, 0), (0, k - P.shape[1])))
    P = P.reshape(resolution, resolution, k)

    ax = axes_for(ax, (5.4, 4.4), "boundary")
    known = np.isfinite(P).all(axis=-1)
    best = np.where(known[..., None], P, 0).argmax(axis=-1)
    sure = (np.where(known, P.max(axis=-1), 1 / k) - 1 / k) / (1 - 1 / k) if k > 1 else 1.0 * known
    # RGBA in float32 is the format that matplotlib draws fastest
    colours = np.array([to_rgba(_class_colour(c)) for c in range(k)], dtype=np.float32)
    strength = np.clip(0.5 * sure, 0, 1)[..., None].astype(np.float32)
    grey = np.array(to_rgba("0.93"), dtype=np.float32)
    picture = np.where(known[..., None], 1 - strength * (1 - colours[best]), grey)
    extent = (low[0], high[0], low[1], high[1])
    ax.imshow(
        picture, extent=extent, origin="lower", aspect="auto", interpolation="bilinear", zorder=0
    )
    for c in range(k):
        others = np.delete(P, c, axis=-1).max(axis=-1) if k > 1 else P[..., 0]
        ahead = np.where(known, P[..., c] - others, -1.0)
        if k > 1 and ahead.min() < 0 < ahead.max():
            line = {"colors": COLOURS["ink"], "linewidths": 1.1, "zorder": 1}
            ax.contour(gx, gy, ahead, levels=[0], **line)
            if k == 2:
                break
    height = ax.get_position().height * theme.inches(ax)[1]
    size = (50 if len(X) <= 150 else 34 if len(X) <= 500 else 16) * min(1, height / 3.2)
    for c in np.unique(y):
        marker = CLASS_MARKERS[c % len(CLASS_MARKERS)]
        ax.scatter(
            *X[y == c].T,
            s=size * {"^": 1.3, "s": 0.85, "D": 0.7}.get(marker, 1.0),
            marker=marker,
            color=_class_colour(c),
            edgecolors="white",
            linewidths=0.7,
            label=names[c] if names else f"class {c}",
            zorder=2,
        )
    ax.set(
        xlim=extent[:2], ylim=extent[2:], xlabel=subscript(inputs[0]), ylabel=subscript(inputs[1])
    )
    if names:
        beside = {"loc": "upper left", "bbox_to_anchor": (1, 1), "borderpad": 0}
        ax.legend(**beside, handletextpad=0.1, markerscale=1.3)
    shown = listed(names) if names else f"{k} classes"
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
    P = array_of(P, "boundary: what predict returns")
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
