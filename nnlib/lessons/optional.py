"""Cells that need something optional: they run where it is, and are left out elsewhere.

    %load_ext nnlib.lessons.optional

    # needs torch
    import torch

A cell that starts so runs as always where torch is installed; elsewhere it does nothing, and
`optional.report()` at the end says how many cells were not run, and for want of what. What is
needed is a package, or "mnist": the images, at hand without a download.
"""

import re
from importlib.util import find_spec

from ..data import download

MARK = re.compile(r"# needs (\w+)\s*$")
OTHERS = {"mnist": (download.at_hand, "MNIST")}  # no packages: (is it here?, what it is called)
left_out = {}  # what is missing → the sources of the cells that were not run


def needs(source):
    """What a cell asks for in its first line, or None."""
    found = MARK.match(source.split("\n", 1)[0])
    return found and found[1]


def is_here(name):
    return OTHERS[name][0]() if name in OTHERS else find_spec(name) is not None


def called(name):
    return OTHERS[name][1] if name in OTHERS else name


def transformed(lines):
    """A cell's lines as they are, or a comment in their place where what it needs is missing."""
    name = needs("".join(lines))
    if name is None or is_here(name):
        return lines
    left_out.setdefault(name, set()).add("".join(lines))
    return [f"# not run: {called(name)} is not here\n"]


def report():
    """One sentence: what was not run."""
    if not left_out:
        return "Every cell was run."
    what = ", ".join(f"{len(c)} cells that need {called(name)}" for name, c in left_out.items())
    return f"Not run here: {what}. The notebook as it came shows what they print."


def load_ipython_extension(shell):
    """What `%load_ext nnlib.lessons.optional` does."""
    left_out.clear()
    if transformed not in shell.input_transformers_cleanup:
        shell.input_transformers_cleanup.append(transformed)


def unload_ipython_extension(shell):
    shell.input_transformers_cleanup.remove(transformed)
