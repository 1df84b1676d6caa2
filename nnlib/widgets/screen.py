"""Fast redrawing of one picture: what every slider is built on.

    screen = Screen(draw, size=(6.4, 3.2))
    picture, reading = screen.picture(0.1)

`draw(ax, value)` draws one picture on an empty ax, and may return one sentence that says in words
and numbers what is to be seen. Nothing else is asked of it, so the same function makes the static
pictures of a page (`strip`) and every frame of a slider.
"""

import io
import warnings
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import FontProperties
from matplotlib.spines import Spine
from PIL import Image

from ..plots.strip import title_artists, titles
from ..plots.theme import DENSITY, figure, style


class Screen:
    """One kept figure for a draw function.

    draw            `draw(ax, *values)`; with more than one panel, ax is the array of axes
    rows, columns, size, options    of the figure, as `plots.figure` takes them

    Ticks and their labels take most of the time of a drawing and rarely change. They are drawn
    once and kept as pixels; everything else is drawn anew. Where they do change, the layout and
    they are made again; where `draw` changed what cannot be put back, the whole figure is. So a
    picture depends on the values alone, never on the picture before.
    """

    def __init__(self, draw, rows=1, columns=1, *, size=None, **options):
        if not callable(draw):
            raise TypeError(
                f"the picture needs a function draw(ax, value), got {type(draw).__name__}"
            )
        self.draw = draw
        self._make = partial(figure, rows, columns, size=size, **options)
        self._kept = self._places = self._behind = None
        self._begin()

    @property
    def size(self):
        """Width and height in pixels of the page."""
        return tuple(n // DENSITY for n in self._canvas.get_width_height())

    def picture(self, *values):
        """The bytes of an image file, and the reading: what `draw` says of it, or the titles.

        A JPEG of this quality cannot be told from the drawing, and is made in 3 ms: a PNG takes 30.
        """
        reading = self._paint(values)
        return _encoded(self._canvas, "jpeg", quality=90, subsampling=0), reading

    def small_picture(self, *values):
        """The same for a page that holds many of them: a file of a tenth of the size."""
        reading = self._paint(values)
        return _encoded(self._canvas, "avif", quality=36, subsampling="4:4:4", speed=8), reading

    def _begin(self):
        self.fig, self.axes = self._make()
        plt.close(self.fig)  # displayed by us, not by the inline backend
        dpi, self._canvas = self.fig.dpi, FigureCanvasAgg(self.fig)
        self.fig.set_dpi(DENSITY * dpi)
        self._layout = self.fig.get_layout_engine()
        self._own = {ax: set(ax.get_children()) for ax in self.fig.axes}
        self._begun = [ax.get_position(original=True) for ax in self._own]
        self._looked = self._empty()

    def _wipe(self):
        """Make the figure empty: this one where everything can be put back, or else a new one."""
        if set(self.fig.get_children()) == {self.fig.patch, *self._own}:
            if self._empty() == self._looked:
                return
        self._begin()

    def _empty(self):
        for ax, bones in self._own.items():
            _emptied(ax, bones)
        _put(self._own, self._begun)  # some plots size their letters by the room they find
        return [_look(ax, *title_artists(ax)) for ax in self._own]

    def _paint(self, values):
        with style(), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._wipe()
            said = self.draw(self.axes, *values)
            renderer = self._canvas.get_renderer()
            kept = _what_stays(self.fig, renderer)
            if kept != self._kept or self.fig.texts:  # the layout moves a figure's own titles
                self._lay_out(renderer)
                self._kept = kept
            _put(self.fig.axes, self._places)
            self.fig.set_layout_engine("none")
            self._canvas.restore_region(self._behind)
            with _hidden([self.fig.patch, *_decoration(self.fig)]):
                self.fig.draw(renderer)
        return said if isinstance(said, str) else titles(self.fig)

    def _lay_out(self, renderer):
        """Find every axes' place, and draw what stays: the paper, the ticks and their labels."""
        self._kept = None
        self.fig.set_layout_engine(self._layout)
        self.fig.draw_without_rendering()
        self.fig.set_layout_engine("none")
        renderer.clear()
        kept = set(_decoration(self.fig))
        drawn_anew = [a for ax in self.fig.axes for a in ax.get_children() if a not in kept]
        with _hidden([*drawn_anew, *self.fig.texts, *self.fig.legends]):
            self.fig.draw(renderer)
        self._behind = self._canvas.copy_from_bbox(self.fig.bbox)
        self._places = [ax.get_position(original=True) for ax in self.fig.axes]


def _emptied(ax, bones):
    """As `ax.clear()`, in a tenth of its time: ticks are not made anew."""
    for artist in ax.get_children():
        if artist not in bones:
            artist.remove()
    ax.containers.clear()
    for loc in ("left", "center", "right"):
        ax.set_title("", loc=loc)
    ax.set(xlabel="", ylabel="", xscale="linear", yscale="linear", aspect="auto")
    ax.set_prop_cycle(None)
    ax.set_axis_on()
    ax.relim()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.autoscale(True, tight=False)


def _put(axes, places):
    for ax, place in zip(axes, places, strict=True):
        ax.set_position(place)
        ax.set_in_layout(True)


def _decoration(fig):
    """What is kept from picture to picture."""
    return [part for ax in fig.axes for part in (ax.patch, ax.xaxis, ax.yaxis)]


# What changes with every drawing and says nothing about a setting.
PASSING = {"_renderer", "_stale", "stale", "_x", "_y", "_text", "_tick_position", "alt"}
PLAIN = {str, int, float, bool, tuple, type(None)}


def _look(ax, *more):
    """Every plain setting of an ax and of its parts, to be compared."""
    parts = [ax, ax.patch, *ax.spines.values(), *more]
    found = []
    for axis in (ax.xaxis, ax.yaxis):
        parts += [axis, axis.label, axis.offsetText]
        found += [axis.get_tick_params(which) for which in ("major", "minor")]
        looks = [_settings(tick.label1) for tick in axis.majorTicks]
        found.append([look for i, look in enumerate(looks) if look not in looks[:i]])
    return found + [_settings(part) for part in parts]


def _settings(part):
    found = {}
    for name, value in vars(part).items():
        kind = type(value)
        if kind is FontProperties:
            found[name] = hash(value)
        elif name not in PASSING:
            found[name] = value if kind in PLAIN else kind
    return found


def _what_stays(fig, renderer):
    """All that the ticks and the places of a figure's axes depend on, to be compared."""
    found = [len(fig.texts), *(legend.get_window_extent(renderer).bounds for legend in fig.legends)]
    for ax in fig.axes:
        found += [_look(ax), _reach(ax, renderer), ax.get_position(original=True).bounds]
        found += [ax.get_aspect(), ax.get_xlim(), ax.get_ylim()]
        for axis in (ax.xaxis, ax.yaxis):
            places = axis.get_majorticklocs()
            found += [axis.get_scale(), tuple(places), tuple(axis.get_minorticklocs())]
            found += [axis.get_label_text(), axis.get_major_formatter().format_ticks(places)]
    return found


def _reach(ax, renderer):
    """How far titles, legend and texts reach out of an ax: it is given its place accordingly."""
    found = [title.get_window_extent(renderer).height for title in title_artists(ax)]
    outside = [a for a in ax.get_default_bbox_extra_artists() if not isinstance(a, Spine)]
    boxes = [box for box in (a.get_tightbbox(renderer) for a in outside) if box is not None]
    boxes = [box.extents for box in boxes if np.isfinite(box.extents).all()]
    if boxes:
        low, high = np.min(boxes, axis=0)[:2], np.max(boxes, axis=0)[2:]
        found += [*np.minimum(low - ax.bbox.min, 0), *np.maximum(high - ax.bbox.max, 0)]
    return found


class _hidden:
    """A context manager that hides artists."""

    def __init__(self, artists):
        self.artists = [artist for artist in artists if artist.get_visible()]

    def __enter__(self):
        for artist in self.artists:
            artist.set_visible(False)

    def __exit__(self, *_):
        for artist in self.artists:
            artist.set_visible(True)


def _encoded(canvas, kind, **options):
    width, height = canvas.get_width_height()
    image = Image.frombuffer("RGBA", (width, height), canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
    held = io.BytesIO()
    image.convert("RGB").save(held, kind, **options)
    return held.getvalue()
