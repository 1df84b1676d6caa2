"""The inputs of the checks, chosen so that they hide nothing.

A generator of cases is named by exercises (`cases = "scores"`) and yields `Case`s. No shape is
square where a transpose could hide, and one is square where a missing transpose runs without an
error. No z is 0, where ReLU has two right slopes. Labels hold the first class and the last.

A player (`play = "epochs"`) calls the function and turns what comes back into what is compared;
without one, that is what the function returns.
"""

from dataclasses import dataclass, field

import numpy as np

GENERATORS, PLAYERS = {}, {}


@dataclass
class Case:
    """One set of arguments; `sizes` are the letters of the notation, `what` is for the hints."""

    arguments: tuple
    sizes: dict = field(default_factory=dict)
    what: str = ""  # "scores of 1000", when there is something special about it


def generator(function):
    """Register a function of an rng that yields Cases or tuples of arguments."""
    GENERATORS[function.__name__] = function
    return function


def player(function):
    PLAYERS[function.__name__] = function
    return function


@player
def call(function, *arguments):
    return function(*arguments)


def normal(rng, *shape):
    """Numbers of both signs, none closer to 0 than 0.05: no step of 1e-4 crosses a kink."""
    Z = rng.normal(size=shape)
    return np.where(np.abs(Z) < 0.05, Z + np.copysign(0.1, Z), Z)


@generator
def scores(rng):
    """Z, as for a softmax."""
    yield Case((normal(rng, 5, 4),), {"N": 5, "K": 4})
    yield Case((normal(rng, 3, 3),), {"N": 3, "K": 3}, "as many examples as classes")
    yield Case((normal(rng, 2, 6),), {"N": 2, "K": 6})
    yield Case((normal(rng, 1, 4),), {"N": 1, "K": 4}, "a single example")
    big = np.array([[1000.0, 1000.0, 998.0], [-1000.0, -1000.5, -1002.0]])
    yield Case((big,), {"N": 2, "K": 3}, "scores of 1000 and −1000")
    apart = np.array([[1000.0, -1000.0, 0.5, 0.0]])
    yield Case((apart,), {"N": 1, "K": 4}, "scores from −1000 to 1000")
