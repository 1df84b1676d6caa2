"""Data sets: small ones that come with the course, the handwritten digits, and MNIST."""

from .handwritten import digits, idx, mnist
from .prepare import split, standardise
from .toy import circles, fruit, moons, spirals, xor

__all__ = [
    "circles", "digits", "fruit", "idx", "mnist", "moons", "spirals", "split", "standardise", "xor",
]  # fmt: skip
