"""Sliders: a value is moved, and the picture that belongs to it stands there at once.

    def draw(ax, lr):
        ...                                    # draw the picture of this value on an empty ax
        return f"learning rate {lr:g}: ..."    # and say in a sentence what is to be seen

    nn.widgets.watch(draw, {"learning rate": nn.widgets.log_steps(0.001, 10, 25)}, start=0.1)

The kernel draws one picture at a time. A slider that moves faster than that skips values, and the
last one is always shown. The slider can be moved with the arrow keys and read by a screen reader;
what `draw` says is the picture's alt text. On an exported page (`make pages`) the same slider turns
over pictures that the same `draw` has made beforehand.
"""

import base64
import io
import json
import os
import traceback
from contextlib import redirect_stdout
from pathlib import Path

import anywidget
import traitlets

from . import drawing
from .screen import Screen, combinations, in_words, log_steps, text_of, thinned

__all__ = ["Slider", "log_steps", "watch"]

FRONT = Path(__file__).with_name("front")
PAGES = "NNLIB_PAGES"  # set while `make pages` runs a notebook: sliders then become albums
MOST_FRAMES = 64  # of one slider on an exported page


def watch(draw, choices, *, start=None, rows=1, columns=1, size=None, **options):
    """Show a slider, its reading and the picture that `draw` makes of the chosen value.

    draw      `draw(ax, value)` draws on an empty ax and may return a sentence for the reading;
              without one, the titles are read. With more panels than one, ax is the array of axes
    choices   {"learning rate": values}: the label and the values of the slider. With two or three
              entries there are as many sliders, and `draw` is given a value of each, in order
    start     the value to begin with, and to reset to; a tuple with more sliders than one.
              Without it, the first
    rows, columns, size, options    of the figure, as in `plots.figure`

    An error in `draw` while the slider moves is told below the picture.
    """
    from IPython.display import display

    screen = Screen(draw, rows, columns, size=size, **options)
    labels, values, chosen = _understood(choices, start)
    if os.environ.get(PAGES):
        data = {"text/html": album(screen, labels, values, chosen)}
        display({**data, "text/plain": _told(labels, values)}, raw=True)
    else:
        display(Slider(screen, labels, values, chosen))


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
    scale = traitlets.Float().tag(sync=True)

    def __init__(self, screen, labels, values, chosen):
        self.screen, self.labels, self.values = screen, labels, values
        frame, reading = screen.picture(*self._values_at(chosen))  # an error here is the cell's
        super().__init__(
            sliders=_texts(labels, values),
            **{"start": chosen, "choice": chosen, "shown": chosen},
            **{"frame": frame, "reading": reading, "scale": drawing.SCALE},
            **dict(zip(("width", "height"), screen.size, strict=True)),
        )
        self.observe(self._follow, names="choice")

    def choose(self, *values):
        """Move the sliders to these values; returns the reading."""
        self.choice = [held.index(v) for held, v in zip(self.values, values, strict=True)]
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


def album(screen, labels, values, chosen):
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
        "scale": drawing.SCALE,
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
    values = [list(held) for held in choices.values()]
    for label, held in zip(labels, values, strict=True):
        if len(held) < 2:
            raise ValueError(f"the slider '{label}' needs at least two values, got {len(held)}")
    if start is None:
        return labels, values, [0] * len(values)
    start = start if isinstance(start, tuple) else (start,)
    if len(start) != len(values):
        raise ValueError(f"start needs {len(values)} values, one a slider, got {len(start)}")
    for label, held, value in zip(labels, values, start, strict=True):
        if value not in held:
            raise ValueError(
                f"start {text_of(value)} is no value of the slider '{label}': "
                f"{in_words(held, f'{len(held)} values')}"
            )
    return labels, values, [held.index(v) for held, v in zip(values, start, strict=True)]


def _texts(labels, values):
    named = zip(labels, values, strict=True)
    return [{"label": label, "texts": [text_of(v) for v in held]} for label, held in named]


def _told(labels, values):
    """What stands in place of the slider where no widget can be shown."""
    named = zip(labels, values, strict=True)
    told = "; ".join(in_words(held, label) for label, held in named)
    return f"Slider ({told}). Without a running kernel it is not shown; its pictures follow below."


def _in_words(error):
    """The error, and the learner's own line that it came from."""
    own = Path(__file__).parent
    lines = [
        line
        for line in traceback.extract_tb(error.__traceback__)
        if "site-packages" not in line.filename and own not in Path(line.filename).parents
    ]
    where = f" (in {lines[-1].name}: {lines[-1].line})" if lines and lines[-1].line else ""
    if isinstance(error, KeyboardInterrupt):
        return f"it was interrupted{where}."
    return f"{type(error).__name__}: {error}{where}"
