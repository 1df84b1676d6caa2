"""What a hand paints, brought into the form that scikit-learn's handwritten digits have.

They were scanned as 32 × 32 black or white pixels and counted in blocks of 4 × 4. Before that (by
NIST's handprint system, 1994) all were made alike, as the data still show: a digit fills the whole
height, is about 20 pixels wide at most before it is set upright, its top and its bottom begin above
one another, and its lines are thinner or thicker so that all have about the same ink.
"""

import numpy as np

SIDE, WIDE = 32, 20  # fine pixels: the whole picture, and the widest digit
INK = 310  # the data's mean of black fine pixels
RADII = np.arange(1.25, 5.5, 0.25)  # of the pen, in fine pixels


def pixels_of(strokes):
    """Painted strokes as one row of the data: (64,) pixels from 0, paper, to 1, ink."""
    return counted(bitmap_of(strokes))


def counted(bitmap):
    """The share of ink in each block of 4 × 4: (32, 32) of 0 and 1 becomes (64,)."""
    bitmap = np.asarray(bitmap, dtype=float)
    if bitmap.shape != (SIDE, SIDE):
        raise ValueError(f"a bitmap needs the shape (32, 32), got {bitmap.shape}")
    return bitmap.reshape(8, 4, 8, 4).mean(axis=(1, 3)).ravel()


def bitmap_of(strokes):
    """Strokes as a bitmap (32, 32) of True and False, made alike as the data's were.

    strokes   lists of points (x, y), x to the right and y down, both from 0 to 1
    """
    strokes = [np.asarray(stroke, dtype=float).reshape(-1, 2) for stroke in strokes]
    strokes = [stroke for stroke in strokes if len(stroke)]
    if not strokes:
        return np.zeros((SIDE, SIDE), dtype=bool)
    thin, thick = 0, len(RADII) - 1
    while thin < thick:  # the thinnest pen that brings enough ink
        middle = (thin + thick) // 2
        if _drawn(strokes, RADII[middle]).sum() < INK:
            thin = middle + 1
        else:
            thick = middle
    return _drawn(strokes, RADII[thin])


def _drawn(strokes, radius):
    """The bitmap of a round pen."""
    x, y = _placed(strokes, radius).T
    centre = np.arange(SIDE) + 0.5
    across, down = (centre[:, None] - x) ** 2, (centre[:, None] - y) ** 2
    return (down[:, None, :] + across[None, :, :]).min(axis=2) <= radius**2


def _placed(strokes, radius):
    """The pen's way in fine pixels, as points half a pixel apart: (M, 2)."""
    low, high = (f(np.concatenate(strokes), axis=0) for f in (np.min, np.max))
    wide, tall = np.maximum(high - low, 1e-9)
    most = 4 * SIDE  # a dot stays a dot
    scale_y = min((SIDE - 2 * radius) / tall, most)
    scale_x = min((WIDE - 2 * radius) / wide, scale_y)
    scale_y = min(scale_y, 3 * scale_x)  # a dash stays a dash
    scale = np.array([scale_x, scale_y])
    way = np.concatenate([_dense((stroke - (low + high) / 2) * scale) for stroke in strokes])
    top, bottom = way[:, 1].min(), way[:, 1].max()
    if bottom - top > SIDE / 2:  # upright: the left ends of its top and its bottom in one column
        begin = way[way[:, 1] <= top + 2, 0].min()
        end = way[way[:, 1] >= bottom - 2, 0].min()
        way[:, 0] -= (end - begin) / (bottom - top) * way[:, 1]
    return way + SIDE / 2


def _dense(stroke):
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], int(2 * along[-1]) + 2)
    return np.column_stack([np.interp(wanted, along, stroke[:, i]) for i in (0, 1)])
