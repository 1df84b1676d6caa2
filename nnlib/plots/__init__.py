"""Every picture of the course: one style, one colour per meaning, one alt text each.

A plot function takes an `ax` (or makes a figure), draws, remembers in one sentence what is
to be seen, and returns the ax. `show` displays the picture once, with that sentence as its
alt text and its caption.
"""

from .boundary import boundary
from .curves import curves
from .graph import graph
from .histograms import histograms
from .network import network
from .strip import strip
from .tables import confusion, images
from .theme import (
    CLASS_COLOURS,
    CLASS_MARKERS,
    COLOURS,
    alt_text,
    figure,
    png_bytes,
    projector,
    show,
    style,
)

__all__ = [
    "CLASS_COLOURS", "CLASS_MARKERS", "COLOURS", "alt_text", "boundary", "confusion", "curves",
    "figure", "graph", "histograms", "images", "network", "png_bytes", "projector", "show",
    "strip", "style",
]  # fmt: skip
