"""Sliders: a value is moved, and the picture that belongs to it stands there at once. And a canvas.

    def draw(ax, lr):
        ...                                    # draw the picture of this value on an empty ax
        return f"learning rate {lr:g}: ..."    # and say in a sentence what is to be seen

    nn.widgets.watch(draw, {"learning rate": nn.widgets.log_steps(0.001, 10, 25)}, start=0.1)

The kernel draws one picture at a time. A slider that moves faster than that skips values, and the
last one is always shown. The slider can be moved with the arrow keys and read by a screen reader;
what `draw` says is the picture's alt text. On an exported page (`make pages`) the same slider turns
over pictures that the same `draw` has made beforehand.

    nn.widgets.paint(net.predict)

is a canvas: what is painted on it goes through the network with each stroke.
"""

import base64
import io
import json
import os
import threading
import traceback
from collections.abc import Iterable
from contextlib import redirect_stdout
from math import isclose
from numbers import Real
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from IPython import get_ipython

from . import drawing
from .painting import pixels_of
from .screen import Screen, combinations, in_words, log_steps, text_of, thinned

__all__ = ["Painting", "Slider", "log_steps", "paint", "pixels_of", "watch"]

FRONT = Path(__file__).with_name("front")
PAGES = "NNLIB_PAGES"  # set while `make pages` runs a notebook: sliders then become albums
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
    look = {"pace": pace, "scale": drawing.SCALE}
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
        self.observe(_in_turn(self._follow), names="choice")

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
            news["fault"] = f"This picture could not be drawn: {_in_words(error)}"
        with self.hold_sync():  # one message, so that picture and reading change together
            self.set_trait("printed", said.getvalue())
            for name, value in news.items():
                self.set_trait(name, value)
            self.shown = self.choice

    def _repr_mimebundle_(self, **options):
        data, metadata = super()._repr_mimebundle_(**options)
        return data | {"text/plain": _told(self.labels, self.values)}, metadata


def paint(predict):
    """Show a canvas to paint a digit on, the 8 × 8 pixels that become of it, and how it is read.

    predict     takes pictures (N, 64) and returns probabilities (N, K), such as `net.predict`

    It needs no mouse: with the arrow keys the pen moves, Space puts it down and lifts it.
    """
    from IPython.display import display

    canvas = Painting(predict)  # also says at once what is wrong with `predict`
    display({"text/plain": NO_CANVAS}, raw=True) if os.environ.get(PAGES) else display(canvas)


NO_CANVAS = "A canvas to paint on. It needs a running kernel; a few painted pictures follow below."


class Painting(anywidget.AnyWidget):
    """The canvas of `paint`. `read` reads strokes, as if a hand had painted them."""

    _esm = FRONT / "paint.js"
    _css = FRONT / "paint.css"

    # what the browser asks: the strokes, and the number of this request
    question = traitlets.Dict({"number": 0, "strokes": []}).tag(sync=True, echo_update=False)
    answered = traitlets.Int().tag(sync=True)  # the number of the request that the rest belongs to
    pixels = traitlets.List([0.0] * 64).tag(sync=True)
    probabilities = traitlets.List().tag(sync=True)  # empty as long as nothing is read
    reading = traitlets.Unicode("Nothing is painted yet.").tag(sync=True)
    printed = traitlets.Unicode().tag(sync=True)
    fault = traitlets.Unicode().tag(sync=True)
    classes = traitlets.Int().tag(sync=True)
    scale = traitlets.Float().tag(sync=True)

    def __init__(self, predict):
        if not callable(predict):
            raise TypeError(
                "paint needs a function from pictures (N, 64) to probabilities, such as "
                f"net.predict, got {type(predict).__name__}"
            )
        self.predict = predict
        with redirect_stdout(io.StringIO()):
            classes = len(self._probabilities(np.zeros(64)))
        super().__init__(classes=classes, scale=drawing.SCALE)
        self.observe(_in_turn(self._follow), names="question")

    def read(self, strokes):
        """Paint these strokes; returns the reading."""
        self.question = {"number": self.question["number"] + 1, "strokes": strokes}
        return self.reading

    def _probabilities(self, pixels):
        P = np.asarray(self.predict(pixels[None]))
        if P.ndim != 2 or len(P) != 1 or P.shape[1] < 2 or P.dtype.kind not in "fiub":
            raise ValueError(
                "paint: predict was given one picture, (1, 64), and must return its "
                f"probabilities, (1, K), got {P.dtype} of shape {P.shape}"
            )
        P = P[0].astype(float)
        if not np.isfinite(P).all():
            raise ValueError("paint: what predict returns holds NaN or infinity")
        if P.min() < -1e-6 or abs(P.sum() - 1) > 1e-3:
            raise ValueError(
                "paint: what predict returns must be probabilities that add up to 1; these are "
                "scores: pass net.predict, or softmax of the scores"
            )
        return P

    def _follow(self, change):
        said = io.StringIO()
        news = {"probabilities": [], "reading": Painting.reading.default_value, "fault": ""}
        try:
            pixels = pixels_of(self.question["strokes"])
            news["pixels"] = pixels.tolist()
            if pixels.any():
                with redirect_stdout(said):
                    P = self._probabilities(pixels)
                news["probabilities"], news["reading"] = P.tolist(), _read(P)
        except (Exception, KeyboardInterrupt) as error:
            news["reading"] = "not read"
            news["fault"] = f"The picture could not be read: {_in_words(error)}"
        with self.hold_sync():  # one message
            self.set_trait("printed", said.getvalue())
            for name, value in news.items():
                self.set_trait(name, value)
            self.answered = self.question["number"]

    def _repr_mimebundle_(self, **options):
        data, metadata = super()._repr_mimebundle_(**options)
        return data | {"text/plain": NO_CANVAS}, metadata


def _read(P):
    first, second = np.argsort(-P, kind="stable")[:2]
    return f"The network reads {first} ({_share(P[first])}), then {second} ({_share(P[second])})."


def _share(p):
    return "over 99%" if p > 0.995 else "under 1%" if p < 0.005 else f"{p:.0%}"


def album(screen, labels, values, chosen, **look):
    """The slider as HTML that needs no kernel: it turns over pictures made beforehand."""
    kept = thinned(values, chosen, MOST_FRAMES)
    held = [[v[i] for i in k] for v, k in zip(values, kept, strict=True)]
    frames = {}
    for places in combinations([range(len(k)) for k in kept]):
        picture, reading = screen.small_picture(*(h[i] for h, i in zip(held, places, strict=True)))
        data = base64.b64encode(picture).decode("ascii")
        frames[",".join(map(str, places))] = [f"data:image/webp;base64,{data}", reading]
    state = {
        "sliders": _texts(labels, held),
        "start": [k.index(i) for k, i in zip(kept, chosen, strict=True)],
        "frames": frames,
        **look,
        **dict(zip(("width", "height"), screen.size, strict=True)),
    }
    script = base64.b64encode((FRONT / "slider.js").read_bytes()).decode("ascii")
    state = json.dumps(state).replace("</", r"<\/")
    return (
        f"<style>{(FRONT / 'slider.css').read_text(encoding='utf-8')}</style>"
        '<div class="nnlib-page"><noscript>This slider needs JavaScript; the pictures that follow '
        "show a few of its values.</noscript></div>"
        '<script>(async (el) => { const slider = await import("data:text/javascript;base64,'
        f'{script}"); slider.default.render({{ el, model: slider.album('
        f"{state}) }}); }})"
        "(document.currentScript.previousElementSibling)</script>"
    )


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


def _in_turn(follow):
    """Follow after the running cell, not beside it.

    JupyterLab hands what a widget is told to a thread of its own (a subshell) where it can.
    matplotlib and print know one thread only: the running cell would lose its words and its style.
    """

    def called(change):
        kernel = getattr(get_ipython(), "kernel", None)
        if kernel and threading.current_thread() is not threading.main_thread():
            kernel.io_loop.add_callback(follow, change)
        else:
            follow(change)

    return called


def _listed(labels, values):
    return "; ".join(in_words(held, label) for label, held in zip(labels, values, strict=True))


def _in_words(error):
    """The error, and the learner's own line that it came from."""
    others = {
        Path(__file__).parent,
        Path(traceback.__file__).parent,
    }  # this library's, Python's own
    lines = [
        line
        for line in traceback.extract_tb(error.__traceback__)
        if "site-packages" not in line.filename and not others & set(Path(line.filename).parents)
    ]
    where = f" (in {lines[-1].name}: {lines[-1].line})" if lines and lines[-1].line else ""
    if isinstance(error, KeyboardInterrupt):
        return f"it was interrupted{where}."
    return f"{type(error).__name__}: {error}{where}"
