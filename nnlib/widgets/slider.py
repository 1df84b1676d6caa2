"""A slider: a value is moved, and the picture that belongs to it stands there at once."""

import base64
import io
import os
from collections.abc import Iterable
from contextlib import redirect_stdout
from math import isclose
from numbers import Real

import anywidget
import traitlets

from ..plots import theme
from .browser import FRONT, PAGES, error_in_words, in_turn, on_page
from .screen import Screen
from .values import combinations, in_words, text_of, thinned

MOST_FRAMES = 125  # of one or several sliders on an exported page: five values each of three


def watch(draw, choices, *, start=None, pace=350, rows=1, columns=1, size=None, **options):
    """Show a slider, its reading and the picture that `draw` makes of the chosen value.

    draw      `draw(ax, value)` draws on an empty ax and may return a sentence for the reading;
              without one, the titles are read. With more panels than one, ax is the array of axes
    choices   {"learning rate": values}: the label and the values of the slider. With two or three
              entries there are as many sliders, and `draw` is given a value of each, in order
    start     the value to begin with, and to reset to; a tuple with more sliders than one.
              Without it, the first
    pace      milliseconds that a picture stands while the slider plays
    rows, columns, size, options    of the figure, as in `plots.figure`

    An error in `draw` while the slider moves is told below the picture.
    """
    from IPython.display import display

    screen = Screen(draw, rows, columns, size=size, **options)
    labels, values, chosen = _understood(choices, start)
    look = {"pace": pace, "scale": theme.SCALE}
    if os.environ.get(PAGES):
        data = {"text/html": album(screen, labels, values, chosen, **look)}
        display({**data, "text/plain": _told(labels, values)}, raw=True)
    else:
        display(Slider(screen, labels, values, chosen, **look))


class Slider(anywidget.AnyWidget):
    """One or more sliders over a Screen. `choose` moves them, as a hand would."""

    _esm = FRONT / "slider.js"
    _css = FRONT / "slider.css"

    sliders = traitlets.List().tag(sync=True)
    start = traitlets.List().tag(sync=True)
    choice = traitlets.List().tag(sync=True, echo_update=False)  # the browser knows it
    shown = traitlets.List().tag(sync=True)
    frame = traitlets.Bytes().tag(sync=True)
    reading = traitlets.Unicode().tag(sync=True)
    printed = traitlets.Unicode().tag(sync=True)
    fault = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    pace = traitlets.Int(350).tag(sync=True)
    scale = traitlets.Float(1.0).tag(sync=True)

    def __init__(self, screen, labels, values, chosen, **look):
        self.screen, self.labels, self.values = screen, labels, values
        frame, reading = screen.picture(*self._values_at(chosen))  # an error here is the cell's
        super().__init__(
            sliders=_texts(labels, values),
            **{"start": chosen, "choice": chosen, "shown": chosen},
            **{"frame": frame, "reading": reading, **look},
            **dict(zip(("width", "height"), screen.size, strict=True)),
        )
        self.observe(in_turn(self._follow), names="choice")

    def choose(self, *values):
        """Move the sliders to these values; returns the reading."""
        places = [_place(v, held) for held, v in zip(self.values, values, strict=True)]
        if None in places:
            raise ValueError(
                f"{values} is not among the slider's values: {_listed(self.labels, self.values)}"
            )
        self.choice = places
        return self.reading

    def _values_at(self, places):
        return [held[i] for held, i in zip(self.values, places, strict=True)]

    def _follow(self, change):
        values = self._values_at(self.choice)
        said = io.StringIO()
        news = {"fault": ""}
        try:
            with redirect_stdout(said):
                news["frame"], news["reading"] = self.screen.picture(*values)
        except (Exception, KeyboardInterrupt) as error:
            named = zip(self.labels, map(text_of, values), strict=True)
            named = ", ".join(f"{label} {text}" for label, text in named)
            news["reading"] = f"{named}: no picture"
            news["fault"] = f"This picture could not be drawn: {error_in_words(error)}"
        with self.hold_sync():  # one message, so that picture and reading change together
            self.set_trait("printed", said.getvalue())
            for name, value in news.items():
                self.set_trait(name, value)
            self.shown = self.choice

    def _repr_mimebundle_(self, **options):
        data, metadata = super()._repr_mimebundle_(**options)
        return data | {"text/plain": _told(self.labels, self.values)}, metadata


def album(screen, labels, values, chosen, **look):
    """The slider as HTML that needs no kernel: it turns over pictures made beforehand."""
    kept = thinned(values, chosen, MOST_FRAMES)
    held = [[v[i] for i in k] for v, k in zip(values, kept, strict=True)]
    frames = {}
    for places in combinations([range(len(k)) for k in kept]):
        picture, reading = screen.small_picture(*(h[i] for h, i in zip(held, places, strict=True)))
        data = base64.b64encode(picture).decode("ascii")
        frames[",".join(map(str, places))] = [f"data:image/avif;base64,{data}", reading]
    state = {
        "sliders": _texts(labels, held),
        "start": [k.index(i) for k, i in zip(kept, chosen, strict=True)],
        "frames": frames,
        **look,
        **dict(zip(("width", "height"), screen.size, strict=True)),
    }
    otherwise = "This slider needs JavaScript; the pictures that follow show a few of its values."
    return on_page("slider.css", ["slider.js"], "album", state, otherwise)


def _understood(choices, start):
    """The labels, the values and the places to start at, or an error that says what is wrong."""
    if not isinstance(choices, dict) or not 1 <= len(choices) <= 3:
        raise TypeError(
            'watch needs a label and its values, such as {"learning rate": [0.01, 0.1, 1]}; '
            "one to three of them"
        )
    labels = [str(label) for label in choices]
    values = [_different(label, held) for label, held in zip(labels, choices.values(), strict=True)]
    for label, held in zip(labels, values, strict=True):
        if len(held) < 2:
            raise ValueError(f"the slider '{label}' needs at least two values, got {len(held)}")
    if start is None:
        return labels, values, [0] * len(values)
    start = start if isinstance(start, tuple) else (start,)
    if len(start) != len(values):
        raise ValueError(f"start needs {len(values)} values, one a slider, got {len(start)}")
    for label, held, value in zip(labels, values, start, strict=True):
        if _place(value, held) is None:
            raise ValueError(
                f"start {text_of(value)} is no value of the slider '{label}': "
                f"{in_words(held, f'{len(held)} values')}"
            )
    return labels, values, [_place(v, held) for held, v in zip(values, start, strict=True)]


def _different(label, held):
    """The values of one slider, each once: with a value twice, a step would change nothing."""
    if isinstance(held, str) or not isinstance(held, Iterable):
        raise TypeError(f"the slider '{label}' needs a list of values, got {held!r}")
    values = []
    for value in held:
        if _place(value, values) is None:
            values.append(value)
    return values


def _place(value, held):
    """Where a value stands among others, or None; 0.1 + 0.2 is found as 0.3."""
    for i, other in enumerate(held):
        if isinstance(value, Real) and isinstance(other, Real):
            if isclose(value, other, rel_tol=1e-9, abs_tol=1e-12):
                return i
        elif value == other:
            return i
    return None


def _texts(labels, values):
    named = zip(labels, values, strict=True)
    return [{"label": label, "texts": [text_of(v) for v in held]} for label, held in named]


def _told(labels, values):
    """What stands in place of the slider where no widget can be shown."""
    told = _listed(labels, values)
    return f"Slider ({told}). Without a running kernel it is not shown; its pictures follow below."


def _listed(labels, values):
    return "; ".join(in_words(held, label) for label, held in zip(labels, values, strict=True))
