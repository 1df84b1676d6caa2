"""What the slider and the canvas share: their files for the browser, turns, errors in words."""

import threading
import traceback
from pathlib import Path

from IPython import get_ipython

FRONT = Path(__file__).with_name("front")
PAGES = "NNLIB_PAGES"  # set while `make pages` runs a notebook: sliders then become albums


def in_turn(follow):
    """Follow after the running cell, not beside it.

    JupyterLab hands what a widget is told to a thread of its own (a subshell) where it can.
    matplotlib and print know one thread only: the running cell would lose its words and its style.
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
