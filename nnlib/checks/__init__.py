"""Checks of the exercises: they say what is wrong, not only that something is.

    from nnlib import checks

    checks.softmax(my_softmax)             # the verdict and the first hint
    checks.softmax(my_softmax, hint=3)     # all three: what is off, where to look, the fix

The exercises and the known mistakes are data: exercises/README.md says how to add one.
"""

import difflib

from . import catalogue as _catalogue


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)
    known = _catalogue.exercises()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        mean = f" Do you mean checks.{near[0]}?" if near else ""
        raise AttributeError(f"There is no check {name!r}.{mean} dir(checks) lists all of them.")
    from .judge import Check

    check = Check(known[name])
    globals()[name] = check
    return check


def __dir__():
    return sorted(_catalogue.exercises())
