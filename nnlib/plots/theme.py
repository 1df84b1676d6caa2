"""Shared by all pictures: style, colours, figure creation and display.

Importing this module, or `plots` on top of it, changes no setting of matplotlib.
"""

import base64
import html
import io
import os
import re
from contextlib import contextmanager
from functools import cache, wraps
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb
from PIL import Image
from PIL.PngImagePlugin import PngInfo

# One factor for letters, lines and markers, in pictures and beside sliders; see `projector`.
SCALE = float(os.environ.get("NNLIB_PROJECTOR", 1.0))
DPI = 100  # pixels of the page for an inch of a figure
DENSITY = 2  # pixels of a picture for a pixel of the page: crisp on a screen of double density
STYLE_FILE = Path(__file__).with_name("course.mplstyle")
# Okabe and Ito's palette, one colour per meaning. An activation is the next layer's input
# and a positive number is most often a weight, so these share a colour on purpose.
COLOURS = {
    "ink": "#1A1A1A",
    "neutral": "#767676",
    "input": "#009E73",
    "activation": "#009E73",
    "weight": "#0072B2",
    "gradient": "#D55E00",
    "loss": "#CC79A7",
    "train": "#1A1A1A",
    "validation": "#E69F00",
    "test": "#56B4E9",
    "positive": "#0072B2",
    "negative": "#E69F00",
    "mistake": "#E69F00",
}
CLASS_COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9"),
    *("#D55E00", "#F0E442", "#1A1A1A", "#999999", "#595959"),
)
CLASS_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p")


def projector(scale=1.4):
    """Larger letters, lines and markers in every picture from now on; 1 is the usual size.

    For a whole course at once, set NNLIB_PROJECTOR=1.4 before JupyterLab is started.
    """
    global SCALE
    if not 0.5 <= scale <= 3:
        raise ValueError(f"projector needs a scale between 0.5 and 3, got {scale}")
    SCALE = float(scale)


@contextmanager
def style():
    """The course's style inside a `with`; the settings from before come back after it."""
    with matplotlib.rc_context(_settings()):
        yield


@cache
def _settings():
    return dict(matplotlib.rc_params_from_file(STYLE_FILE, use_default_template=False))


def styled(draw):
    """Run a plot function in the course's style."""

    @wraps(draw)
    def styled(*args, **options):
        with style():
            return draw(*args, **options)

    return styled


def figure(rows=1, columns=1, *, size=None, **options):
    """A new figure in the course's style: (fig, ax), or (fig, array of axes) for a grid.

    size is (width, height) in inches; options go to `matplotlib.pyplot.subplots`. For a projector
    the same picture has fewer and larger inches, so everything that is drawn in points is larger.
    """
    if size is None:
        wide = {1: 6.4, 2: 9.6}.get(columns, min(3.6 * columns, 11.0))
        size = (wide, 4.0 if rows == columns == 1 else 3.5 * rows)
    size = [round(inches + 0.04, 1) for inches in size]  # whole pixels on every machine
    if SCALE != 1:
        size = [inches / SCALE + 1e-9 for inches in size]
    with style():
        return plt.subplots(rows, columns, figsize=size, dpi=SCALE * DPI, **options)


def inches(ax):
    """Width and height of an ax's figure in inches, as `figure` was asked for them."""
    return SCALE * ax.get_figure().get_size_inches()


def show(picture, alt=None):
    """Display a figure (or the figure of an ax) once, with its alt text as the caption.

    alt is one or two sentences on what is to be seen. Without it, the text that the plot
    function made is used. The figure is closed afterwards.
    """
    from IPython.display import display

    fig = figure_of(picture)
    alt = alt_text(fig) if alt is None else _one_line(alt)
    if not alt:
        raise ValueError(
            "show needs alt=..., one sentence on what is to be seen: "
            "this figure was not drawn by a function of plots, so there is no text yet"
        )
    width, height = (round(n * fig.dpi) for n in fig.get_size_inches())  # on the page
    png = base64.b64encode(png_bytes(fig)).decode("ascii")
    plt.close(fig)  # otherwise Jupyter draws it again at the end of the cell
    metadata = {"image/png": {"alt": alt, "width": width, "height": height}}
    display({"image/png": png, "text/plain": alt}, raw=True, metadata=metadata)
    # JupyterLab passes no alt text on, so the sentence is on the page as well
    display({"text/html": caption(alt)}, raw=True)


# On a dark background a picture is inverted with its hues kept: black becomes white, and blue a
# lighter blue. Its white background becomes black, and blending lets the page show through.
DARK = "filter: invert(1) hue-rotate(180deg); mix-blend-mode: screen;"
AT_HOME_IN_THE_DARK = (
    '<style>[data-jp-theme-light="false"] .jp-OutputArea-child:has(+ .jp-OutputArea-child '
    f".nnlib-caption) img {{ {DARK} }}</style>"
)


def caption(alt):
    """The sentence below a picture, with the style that a dark theme needs."""
    return f'<p class="nnlib-caption"><em>{html.escape(alt)}</em></p>{AT_HOME_IN_THE_DARK}'


def alt_text(picture):
    """What `show` would say of a figure: its own text, or those of its axes one by one."""
    fig = figure_of(picture)
    if getattr(fig, "alt", None):
        return fig.alt
    axes = [ax for ax in fig.axes if getattr(ax, "alt", None)]
    if len(axes) > 1 and len({ax.alt for ax in axes}) == 1:  # one kind of picture, repeated
        titles = [_title(ax) for ax in axes if _title(ax)]
        return f"{len(axes)} panels{f' ({listed(titles)})' if titles else ''}. {axes[0].alt}"
    if len(axes) > 1:
        return " ".join(f"{_title(ax)}: {ax.alt}" if _title(ax) else ax.alt for ax in axes)
    return "".join(ax.alt for ax in axes)


def png_bytes(fig):
    """The figure as the bytes of a PNG file, the same every time.

    It has DENSITY pixels for each pixel of the page, and a palette of at most 256 colours: with
    that it takes less room than a picture of one pixel each in full colour.
    """
    drawn, small = io.BytesIO(), io.BytesIO()
    with style():
        fig.savefig(drawn, format="png", dpi=DENSITY * fig.dpi)
    made_by = PngInfo()
    made_by.add_text("Software", f"matplotlib {matplotlib.__version__}")
    _with_palette(Image.open(drawn).convert("RGB")).save(
        small, "png", optimize=True, pnginfo=made_by
    )
    return small.getvalue()


def _with_palette(picture):
    """The picture in 256 colours: those of the palette exactly, the rest quantised."""
    pixels = np.asarray(picture).astype(np.uint32)
    numbers, place = np.unique(pixels @ np.array([1 << 16, 1 << 8, 1]), return_inverse=True)
    palette = colours = numbers[:, None] >> np.array([16, 8, 0]) & 255
    if len(colours) > 256:
        greys = [
            f"#{3 * f'{level:02X}'}" for level in range(15, 256, 16)
        ]  # for the edges of letters
        kept = sorted({*COLOURS.values(), *CLASS_COLOURS, *greys})
        kept = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in kept])
        rest = picture.quantize(256 - len(kept), dither=Image.Dither.NONE).getpalette()
        palette = np.vstack([kept, np.reshape(rest, (-1, 3))[: 256 - len(kept)]])
        near = [_nearest(piece, palette) for piece in np.array_split(colours, 64)]
        place = np.concatenate(near)[place.ravel()]
    made = Image.fromarray(place.reshape(pixels.shape[:2]).astype(np.uint8), "P")
    made.putpalette(palette.astype(np.uint8).tobytes())
    return made


def _nearest(colours, palette):
    a, b = colours.astype(np.float32), palette.astype(np.float32)
    return ((b * b).sum(axis=1) - 2 * a @ b.T).argmin(axis=1)


def figure_of(picture):
    if isinstance(picture, np.ndarray | list | tuple) and len(picture):
        picture = np.asarray(picture, dtype=object).flat[0]
    if isinstance(picture, matplotlib.axes.Axes):
        picture = picture.get_figure()
    if not isinstance(picture, matplotlib.figure.Figure):
        raise TypeError(f"show needs a figure or an ax, got {type(picture).__name__}")
    return picture


def _title(ax):
    return next((t for t in map(ax.get_title, ("left", "center", "right")) if t), "")


def _one_line(text):
    return " ".join(str(text).split())


def axes_for(ax, size, name):
    """The ax to draw on: the one given, or that of a new figure."""
    if ax is None:
        return figure(size=size)[1]
    if not isinstance(ax, matplotlib.axes.Axes):
        raise TypeError(f"{name} needs ax to be a matplotlib Axes, got {type(ax).__name__}")
    return ax


def array_of(values, what):
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"{what} must be numbers in an array or a list") from None


def names_for(names, k, what):
    if names is None:
        return None
    names = [str(name) for name in names]
    if len(names) != k:
        raise ValueError(f"{what} needs {k} names, got {len(names)}: {', '.join(names)}")
    return names


def subscript(name):
    """x_1 with a true subscript; anything else as it stands."""
    found = re.fullmatch(r"([^\W_]+)_(\w+)", name)
    return rf"$\mathrm{{{found[1]}}}_{{{found[2]}}}$" if found else name


def lowered(digits):
    """Digits as a subscript in plain text, such as ₁₂: mathtext takes a hundred times as long."""
    return str(digits).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def listed(words):
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def tint(colour, strength):
    """A colour mixed with white; strength may be an array."""
    strength = np.asarray(strength)[..., None]
    return 1 - strength * (1 - np.array(to_rgb(colour)))


def readable(colour):
    """The colour, darkened until letters in it can be read on white."""
    colour = np.array(to_rgb(colour))
    while 1.05 / (luminance(colour) + 0.05) < 3.8:
        colour = colour * 0.97
    return tuple(colour)


def luminance(colour):
    """How light a colour is, 0 to 1: what is left of it in grey."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def apart(wish, gaps, weights=None):
    """The falling places nearest to those wished for, neighbours at least a gap apart.

    Neighbours that come too close become one block, which moves to its weighted mean.
    """
    offsets = np.concatenate([[0.0], np.cumsum(gaps)])
    blocks = []
    for place, offset, w in zip(wish, offsets, weights or [1] * len(wish), strict=True):
        blocks.append((place + offset, w, 1))
        while len(blocks) > 1 and blocks[-1][0] > blocks[-2][0]:
            p, v, n = blocks.pop()
            q, u, m = blocks.pop()
            blocks.append(((p * v + q * u) / (v + u), v + u, n + m))
    flat = [place for place, _, n in blocks for _ in range(n)]
    return [float(place - offset) for place, offset in zip(flat, offsets, strict=True)]


def labels_of(y, what):
    y = np.asarray(y)
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    whole = y.dtype.kind in "iub" or (y.dtype.kind == "f" and np.all(y == np.round(y)))
    if y.ndim != 1 or not whole:
        raise ValueError(
            f"{what} must be whole-number labels of shape (N,), got {y.dtype} of shape {y.shape}"
        )
    if y.size and y.min() < 0:
        raise ValueError(f"{what} must be labels from 0 up, got {int(y.min())}")
    return y.astype(int)
