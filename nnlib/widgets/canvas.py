"""A canvas: what is painted on it goes through a network with each stroke."""

import io
import os
from contextlib import redirect_stdout

import anywidget
import numpy as np
import traitlets

from ..plots import theme
from .browser import FRONT, PAGES, error_in_words, in_turn
from .strokes import pixels_of


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
        super().__init__(classes=classes, scale=theme.SCALE)
        self.observe(in_turn(self._follow), names="question")

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
            news["fault"] = f"The picture could not be read: {error_in_words(error)}"
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
