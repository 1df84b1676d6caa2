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

is a canvas: what is painted on it goes through the network with each stroke. Several networks read
the same picture beside each other, and it can be moved, and asked why:

    nn.widgets.paint({"the dense network": net, "the other": other}, side=28, shift=6, why=True)

On an exported page the browser itself runs the networks.
"""

from .browser import PAGES
from .canvas import NO_CANVAS, Painting, paint
from .slider import Slider, watch
from .strokes import pixels_of
from .values import log_steps

__all__ = [
    "NO_CANVAS", "PAGES", "Painting", "Slider", "log_steps", "paint", "pixels_of", "watch",
]  # fmt: skip
