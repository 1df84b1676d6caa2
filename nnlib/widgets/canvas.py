"""A canvas: what is painted on it goes through one or several networks with each stroke."""

import io
import os
from contextlib import redirect_stdout

import anywidget
import numpy as np
import traitlets

from ..plots import theme
from .browser import FRONT, PAGES, error_in_words, in_turn, on_page
from .packed import packed
from .reader import Reader, in_words
from .strokes import form_of, moved


def paint(networks, side=8, *, shift=0, why=False):
    """Show a canvas to paint a digit on, the pixels that become of it, and how they are read.

    networks    a network or its `predict`, or a function from pictures (N, side²) to probabilities
                (N, K); or several to compare, {"the dense network": net, "the other": other}
    side        8 for pictures like scikit-learn's digits, 28 for those like MNIST's
    shift       with n, a slider moves the picture up to n pixels to the left or to the right
    why         also show, for every pixel, how more ink there would change the winning score

    It needs no mouse: with the arrow keys the pen moves, Space puts it down and lifts it. On a page
    (`make pages`) the networks go into the page and are run there, by the browser itself.
    """
    from IPython.display import display

    canvas = Painting(networks, side, shift=shift, why=why)  # says at once what is wrong
    if not os.environ.get(PAGES):
        return display(canvas)
    html = canvas.on_a_page()
    display({**({"text/html": html} if html else {}), "text/plain": NO_CANVAS}, raw=True)


NO_CANVAS = "A canvas to paint on. It needs a running kernel; a few painted pictures follow below."


class Painting(anywidget.AnyWidget):
    """The canvas of `paint`. `read` reads strokes, as if a hand had painted them."""

    _esm = FRONT / "paint.js"
    _css = FRONT / "paint.css"

    # what the browser asks: strokes, pixels to the right, and the number of this request
    question = traitlets.Dict().tag(sync=True, echo_update=False)
    answered = traitlets.Int().tag(sync=True)  # the number of the request that the rest belongs to
    pixels = traitlets.List().tag(sync=True)
    answers = traitlets.List().tag(sync=True)  # {probabilities, slopes} of each network, if read
    reading = traitlets.Unicode("Nothing is painted yet.").tag(sync=True)
    printed = traitlets.Unicode().tag(sync=True)
    fault = traitlets.Unicode().tag(sync=True)
    names = traitlets.List().tag(sync=True)
    classes = traitlets.Int().tag(sync=True)
    side = traitlets.Int().tag(sync=True)
    reach = traitlets.Int().tag(sync=True)  # of the shift
    why = traitlets.Bool().tag(sync=True)
    scale = traitlets.Float().tag(sync=True)

    def __init__(self, networks, side=8, *, shift=0, why=False):
        self._form = form_of(side)
        given = networks if isinstance(networks, dict) else {"The network": networks}
        self.readers = [Reader(each, side) for each in given.values()]
        if not self.readers:
            raise ValueError('paint needs a network, or several: {"dense": net, ...}, got none')
        if why and any(reader.net is None for reader in self.readers):
            raise TypeError(
                "paint with why=True needs networks, such as net or net.predict: it asks them for "
                "gradients, which a function does not give"
            )
        if not isinstance(shift, int) or not 0 <= shift < side:
            raise ValueError(f"paint expected shift in pixels, from 0 to {side - 1}, got {shift!r}")
        with redirect_stdout(io.StringIO()):
            blank = np.zeros(side * side)
            classes = {len(reader.probabilities(blank)) for reader in self.readers}
        if len(classes) > 1:
            told = " and ".join(map(str, sorted(classes)))
            raise ValueError(f"paint compares networks of the same classes, got {told} of them")
        super().__init__(
            **{"question": {"number": 0, "strokes": [], "shift": 0}, "pixels": blank.tolist()},
            **{"names": [str(name) for name in given], "classes": classes.pop(), "side": side},
            **{"reach": shift, "why": bool(why), "scale": theme.SCALE},
        )
        self.observe(in_turn(self._follow), names="question")

    def read(self, strokes, shift=0):
        """Paint these strokes; returns the reading."""
        number = self.question["number"] + 1
        self.question = {"number": number, "strokes": strokes, "shift": shift}
        return self.reading

    @property
    def probabilities(self):
        """Those of the first network; empty as long as nothing is read."""
        return self.answers[0]["probabilities"] if self.answers else []

    def _follow(self, change):
        said = io.StringIO()
        news = {"answers": [], "reading": Painting.reading.default_value, "fault": ""}
        try:
            pixels = self._form(self.question["strokes"])
            pixels = moved(pixels, self.question.get("shift", 0))
            news["pixels"] = pixels.tolist()
            if pixels.any():
                with redirect_stdout(said):
                    news["answers"], news["reading"] = self._answers(pixels)
        except (Exception, KeyboardInterrupt) as error:
            news["reading"] = "not read"
            news["fault"] = f"The picture could not be read: {error_in_words(error)}"
        with self.hold_sync():  # one message
            self.set_trait("printed", said.getvalue())
            for name, value in news.items():
                self.set_trait(name, value)
            self.answered = self.question["number"]

    def _answers(self, pixels):
        answers, told = [], []
        for name, reader in zip(self.names, self.readers, strict=True):
            P = reader.probabilities(pixels)
            slopes = reader.slopes(pixels).tolist() if self.why else []
            answers.append({"probabilities": P.tolist(), "slopes": slopes})
            told.append(f"{name[:1].upper()}{name[1:]} reads {in_words(P)}.")
        return answers, "\n".join(told)

    def on_a_page(self):
        """The canvas as HTML that needs no kernel, or None where a network cannot come along."""
        taken = [None if reader.net is None else packed(reader.net) for reader in self.readers]
        if None in taken:
            return None
        state = {name: getattr(self, name) for name in LOOK} | {"networks": taken}
        return page(state)

    def _repr_mimebundle_(self, **options):
        data, metadata = super()._repr_mimebundle_(**options)
        return data | {"text/plain": NO_CANVAS}, metadata


LOOK = ("names", "classes", "side", "reach", "why", "scale")  # what does not change


ALONE = ["paint.js", "strokes.js", "network.js", "alone.js"]  # all that a browser needs by itself


def page(state):
    """The HTML of a canvas that the browser itself answers."""
    otherwise = "This canvas needs JavaScript; a few painted pictures follow below."
    return on_page("paint.css", ALONE, "alone", state, otherwise)
