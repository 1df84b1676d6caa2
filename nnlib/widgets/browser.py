"""Shared by slider and canvas: front-end files, callback scheduling, errors in words."""

import base64
import json
import threading
import traceback
from pathlib import Path

from IPython import get_ipython

FRONT = Path(__file__).with_name("front")
PAGES = "NNLIB_PAGES"  # set while `make pages` runs a notebook: sliders then become albums


def on_page(style, scripts, model, state, otherwise, name="nnlib-page"):
    """HTML in which the browser itself runs a front end, without a kernel.

    `model(state)`, a function of its module, is what `render` is given; `otherwise` is the sentence
    for a browser without JavaScript.
    """
    return (
        f"<style>{_text(style)}</style>"
        f'<div class="{name}"><noscript>{otherwise}</noscript></div>'
        f'<script>(async (el) => {{ const front = await import("{module(scripts)}");'
        f" front.default.render({{ el, model: front.{model}({in_script(state)}) }}); }})"
        "(document.currentScript.previousElementSibling)</script>"
    )


def module(scripts):
    """The address of one module made of the files of `scripts`: all its text is in it."""
    code = "\n".join(map(_text, scripts)).encode()
    return f"data:text/javascript;base64,{base64.b64encode(code).decode('ascii')}"


def _text(name):
    return (FRONT / name).read_text(encoding="utf-8")


def in_script(value):
    """A value as JSON that may stand in a <script>: no text in it can end or open an element."""
    return json.dumps(value).replace("<", r"\u003c")


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
