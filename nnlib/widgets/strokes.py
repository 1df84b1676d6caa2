"""What a hand paints, brought into the form that the data have which a network learned.

Pictures of 8 × 8 pixels are like scikit-learn's handwritten digits. Those were scanned as 32 × 32
black or white pixels and counted in blocks of 4 × 4. Before that (by NIST's handprint system, 1994)
all were made alike, as the data still show: a digit fills the whole height, is about 20 pixels wide
at most before it is set upright, its top and its bottom begin above one another, and its lines are
thinner or thicker so that all have about the same ink.

Pictures of 28 × 28 pixels are like MNIST's. There a digit was scaled, without being stretched,
until its longer side was 20 pixels, and moved by whole pixels until its centre of mass lay in pixel
14 of 0 to 27, both ways: so it is in the data. Lines are drawn as wide as theirs in the median.

On a page without a kernel `front/strokes.js` does the same; a test holds the two equal.
"""

import numpy as np

FINE = 4  # fine pixels to a pixel, both ways
SIDE, WIDE = 32, 20  # fine pixels: the whole picture of 8 × 8, and the widest digit
INK = 310  # the data's mean of black fine pixels
RADII = np.arange(1.25, 5.5, 0.25)  # of the pen, in fine pixels

BOX, MIDDLE = 20, 14  # pixels of MNIST: the size of a digit, and where its centre of mass lies
PEN = 4.75  # the radius of the pen, in fine pixels


def pixels_of(strokes, side=8):
    """Painted strokes as one row of the data: (side²,) pixels from 0, paper, to 1, ink.

    strokes   lists of points (x, y), x to the right and y down, both from 0 to 1
    side      8, as scikit-learn's digits are, or 28, as MNIST's are
    """
    return form_of(side)(strokes)


def form_of(side):
    """What makes pixels of strokes, for pictures of this size."""
    if side not in FORMS:
        raise ValueError(
            "a painted picture has side=8, like scikit-learn's digits, or side=28, like MNIST's, "
            f"got side={side!r}"
        )
    return FORMS[side]


def like_digits(strokes):
    return counted(bitmap_of(strokes))


def like_mnist(strokes):
    strokes = _met(strokes)
    if not strokes:
        return np.zeros(28 * 28)
    low, high = _reach(strokes)
    scale = (FINE * BOX - 2 * PEN) / max((high - low).max(), 1e-9)
    scale = min(scale, 4 * FINE * 28)  # a dot stays a dot
    way = [_dense((stroke - (low + high) / 2) * scale) for stroke in strokes]
    pixels = counted(_drawn(np.concatenate(way) + FINE * 28 / 2, PEN, FINE * 28), side=28)
    image, places = pixels.reshape(28, 28), np.arange(28)
    x, y = (image.sum(axis=axis) @ places / image.sum() for axis in (0, 1))
    return moved(pixels, MIDDLE - int(x + 0.5), MIDDLE - int(y + 0.5))


def moved(pixels, right=0, down=0):
    """A picture (side²,) moved by whole pixels: paper comes in, what goes out is lost."""
    side = int(len(pixels) ** 0.5)
    sheet = np.zeros((3 * side, 3 * side))
    right, down = (max(-side, min(side, int(n))) for n in (right, down))
    rows, columns = (slice(side + n, 2 * side + n) for n in (down, right))
    sheet[rows, columns] = np.reshape(pixels, (side, side))
    return sheet[side : 2 * side, side : 2 * side].ravel()


def counted(bitmap, side=8):
    """The share of ink in each block of 4 × 4: (32, 32) of 0 and 1 becomes (64,)."""
    bitmap = np.asarray(bitmap, dtype=float)
    if bitmap.shape != (FINE * side, FINE * side):
        needed = (FINE * side, FINE * side)
        raise ValueError(f"a bitmap needs the shape {needed}, got {bitmap.shape}")
    return bitmap.reshape(side, FINE, side, FINE).mean(axis=(1, 3)).ravel()


def bitmap_of(strokes):
    """Strokes as a bitmap (32, 32) of True and False, made alike as the data's were.

    strokes   lists of points (x, y), x to the right and y down, both from 0 to 1
    """
    strokes = _met(strokes)
    if not strokes:
        return np.zeros((SIDE, SIDE), dtype=bool)
    thin, thick = 0, len(RADII) - 1
    while thin < thick:  # the thinnest pen that brings enough ink
        middle = (thin + thick) // 2
        if _bitmap(strokes, RADII[middle]).sum() < INK:
            thin = middle + 1
        else:
            thick = middle
    return _bitmap(strokes, RADII[thin])


FORMS = {8: like_digits, 28: like_mnist}


def _met(strokes):
    """The strokes that have a point, as arrays (M, 2)."""
    strokes = [np.asarray(stroke, dtype=float).reshape(-1, 2) for stroke in strokes]
    return [stroke for stroke in strokes if len(stroke)]


def _reach(strokes):
    return (f(np.concatenate(strokes), axis=0) for f in (np.min, np.max))


def _bitmap(strokes, radius):
    return _drawn(_placed(strokes, radius), radius, SIDE)


def _drawn(way, radius, side):
    """The bitmap of a round pen: fine pixels whose middle is not farther than its radius."""
    near = np.arange(-int(radius) - 1, int(radius) + 2)
    columns, rows = (np.floor(way[:, i, None]).astype(int) + near for i in (0, 1))  # (M, n)
    across, down = (columns + 0.5 - way[:, :1]) ** 2, (rows + 0.5 - way[:, 1:]) ** 2
    met = down[:, :, None] + across[:, None, :] <= radius**2
    on_sheet = [(0 <= places) & (places < side) for places in (rows, columns)]
    met &= on_sheet[0][:, :, None] & on_sheet[1][:, None, :]
    point, i, j = np.nonzero(met)
    bitmap = np.zeros((side, side), dtype=bool)
    bitmap[rows[point, i], columns[point, j]] = True
    return bitmap


def _placed(strokes, radius):
    """The pen's way in fine pixels, as points half a pixel apart: (M, 2)."""
    low, high = _reach(strokes)
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
    steps = np.sqrt((np.diff(stroke, axis=0) ** 2).sum(axis=1))
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], int(2 * along[-1]) + 2)
    return np.column_stack([np.interp(wanted, along, stroke[:, i]) for i in (0, 1)])
