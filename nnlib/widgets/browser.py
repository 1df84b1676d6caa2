"""Shared by slider and canvas: front-end files, callback scheduling, errors in words."""

import threading
import traceback
from pathlib import Path

from IPython import get_ipython

FRONT = Path(__file__).with_name("front")
PAGES = "NNLIB_PAGES"  # set while `make pages` runs a notebook: sliders then become albums


def in_turn(follow):
    """Run a callback after the running cell, not concurrently with it.

    JupyterLab runs widget callbacks in a thread of their own (a subshell) where it can. matplotlib
    and print are not thread-safe: the running cell would lose its output and its style.
    """

    def called(change):
        kernel = getattr(get_ipython(), "kernel", None)
        if kernel and threading.current_thread() is not threading.main_thread():
            kernel.io_loop.add_callback(follow, change)
        else:
            follow(change)

    return called


def error_in_words(error):
    """The error, and the learner's own line that it came from."""
    others = {
        Path(__file__).parents[1],
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
