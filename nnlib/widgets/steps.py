"""A pass in single steps, computed in the page: no kernel is asked, so none has to run."""

import os

import anywidget
import traitlets

from ..plots import theme
from .browser import FRONT, PAGES, on_page

NO_STEPS = "The pass in steps: it needs a notebook or a page; some of its steps follow below."


def walk(table):
    """Show the steps of a table, as `nnlib.lessons.stepper.table` makes it."""
    from IPython.display import display

    if os.environ.get(PAGES):
        display({"text/html": page(table), "text/plain": NO_STEPS}, raw=True)
    else:
        display(Steps(table=table, scale=theme.SCALE))


class Steps(anywidget.AnyWidget):
    _esm = FRONT / "stepper.js"
    _css = FRONT / "stepper.css"

    table = traitlets.Dict().tag(sync=True)
    scale = traitlets.Float(1.0).tag(sync=True)

    def _repr_mimebundle_(self, **options):
        data, metadata = super()._repr_mimebundle_(**options)
        return data | {"text/plain": NO_STEPS}, metadata


def page(table):
    """The same as HTML, with everything in it."""
    state = {"table": table, "scale": theme.SCALE}
    otherwise = "These steps need JavaScript; the pictures that follow show a few of them."
    return on_page("stepper.css", ["stepper.js"], "held", state, otherwise, "nnlib-steps-page")
