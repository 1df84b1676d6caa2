"""Makes the course as pages for a browser, in build/pages (`make pages`).

    python -m tools.pages [NOTEBOOK ...]           (default: all in notebooks/)

A page is one HTML file that holds everything: no kernel, no server, no internet. Each notebook is
run once more, so that its sliders hold pictures in place of a kernel, and its canvas the networks
that read (see nnlib/widgets/slider.py and canvas.py). What a run gave is kept in build/runs, and
used again as long as the notebook, nnlib and the installed packages are the same.
Formulas become MathML, with a small font of their own; solutions are folded; notes for the teacher
are left out. A link to another notebook leads to its page.
"""

import base64
import hashlib
import html
import io
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader
from math_core import LatexError, LatexToMathML
from mistune.plugins.table import render_table_cell
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from PIL import Image
from pygments.formatters import HtmlFormatter
from traitlets.config import Config

from nnlib import files
from nnlib.plots.theme import DENSITY
from nnlib.widgets import NO_CANVAS, PAGES
from tools import ROOT
from tools.notebooks import (
    WIDGET,
    NotebookFailed,
    all_notebooks,
    execute,
    missing,
    read,
    tags,
    without,
)

TARGET = ROOT / "build" / "pages"
RUNS = ROOT / "build" / "runs"
TEMPLATE = Path(__file__).with_name("page_template")
COURSE = "A neural network from scratch in NumPy"
ABOUT = (
    "This page is for reading: its sliders move, and solutions unfold. To run and change the code, "
    "and to have your answers checked, open the notebook: the course's README says how. "
    "Text and pictures: CC BY 4.0; code: MIT licence."
)
# A page makes no requests: the browser blocks everything that is not part of it.
ALLOWED = (
    "default-src 'none'; img-src data: blob:; font-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline' data:"
)
# The font's own metrics, made for formulas of any height, double the height of a line in Firefox.
AS_HIGH_AS_TEXT = "ascent-override: 90%; descent-override: 25%; line-gap-override: 0%"
STATE = "application/vnd.jupyter.widget-state+json"
CLASS_NAME = "#1b6f88"  # of code on light ground; the style's own is too pale to be read by all
LONG = 60  # characters of MathML text that may not fit in a line of a phone
SHOWN = ("text/html", "text/markdown", "text/latex", "image/png", "text/plain")  # the first there


class CannotBeShown(Exception):
    """Something in a notebook that a page cannot hold; the message says what, and where."""


@dataclass
class Page:
    """What the templates ask for."""

    name: str
    title: str = ""
    previous: "Page | None" = None
    next: "Page | None" = None
    about: str = ABOUT
    allowed: str = ALLOWED
    folded: str = "Solution"

    @property
    def file(self):
        return f"{self.name}.html"

    @property
    def heading(self):
        return f"{self.title} · {COURSE}" if self.title != COURSE else COURSE

    @property
    def css(self):
        font = base64.b64encode((TEMPLATE / "math.woff2").read_bytes()).decode("ascii")
        return css(f"data:font/woff2;base64,{font}")

    @property
    def script(self):
        return (TEMPLATE / "page.js").read_text(encoding="utf-8")

    @staticmethod
    def is_folded(cell):
        return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def css(font):
    """The style of a page; `font` is where the font of its formulas is."""
    code, dark = (
        HtmlFormatter(style=style, nobackground=True).get_style_defs(".highlight")
        for style in ("vs", "github-dark")
    )
    return (
        (TEMPLATE / "page.css").read_text(encoding="utf-8")
        + f'@font-face {{ font-family: "Course Math"; src: url({font}); {AS_HIGH_AS_TEXT} }}\n'
        + f"{code}\n.highlight .nc {{ color: {CLASS_NAME} }}\n"
        + f"@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
    )


class Renderer(IPythonRenderer):
    """Markdown to HTML: formulas, anchors, links between pages, pictures inside the page."""

    def __init__(self, folder, names, **options):
        super().__init__(escape=False, **options)
        self.folder, self.names, self.taken = folder, names, {}

    def block_math(self, body):
        return f'<div class="formula">{mathml(body, display=True)}</div>\n'

    def inline_math(self, body):
        formula = mathml(body)
        wide = len(html.unescape(re.sub(r"<[^>]*>", "", formula))) > LONG
        return f'<span class="long">{formula}</span>' if wide else formula

    def latex_environment(self, name, body):
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def heading(self, text, level, **_):
        # The ids are those of JupyterLab, so that a link to a heading holds in both.
        anchor = re.sub(r"<[^>]*>", "", text).strip().replace(" ", "-")
        self.taken[anchor] = count = self.taken.get(anchor, 0) + 1
        anchor += f"-{count}" if count > 1 else ""
        link = f'<a class="anchor" href="#{anchor}" aria-label="Link to this heading">#</a>'
        return f'<h{level} id="{anchor}">{text}{link}</h{level}>\n'

    def link(self, text, url, title=None):
        place, mark, anchor = url.partition("#")
        name = Path(place).stem
        if place.endswith((".ipynb", ".md")) and name in self.names:
            url = f"{name}.html{mark}{anchor}"
        return super().link(text, url, title)

    def image(self, text, url, title=None):
        return picture((self.folder / url).read_bytes(), text)

    def table(self, text):
        return f'<div class="table"><table>\n{text}</table></div>\n'

    def table_cell(self, text, align=None, head=False):
        """A head without words is no head; one that is a formula is said in words, too, since not
        everything that reads a table aloud reads formulas."""
        if head and not text.strip():
            return "<td></td>"
        if head and not re.sub(r"<math.*?</math>|<[^>]*>", "", text, flags=re.S).strip():
            text = f'<span class="said">{in_words(text)}</span>' + text.replace(
                "<math", '<math aria-hidden="true"'
            )
        return render_table_cell(self, text, align, head)


class Exporter(HTMLExporter):
    """nbconvert's exporter with our template and our Markdown, and no external resources."""

    def __init__(self, renderer, template=TEMPLATE, **options):
        self.renderer = renderer
        shown = {"display_data_priority": list(SHOWN)}
        super().__init__(
            template_name=template.name,
            extra_template_basedirs=[str(template.parent)],
            config=Config(NbConvertBase=shown),
            **options,
        )

    def default_filters(self):
        yield from super().default_filters()
        yield "markdown2html", lambda source: MarkdownWithMath(self.renderer).render(source)
        yield "picture", picture_of


def mathml(formula, display=False):
    formula = re.sub(r"\\\\\s*\[[\d.]+\w+\]", r"\\\\", formula)  # page.css parts the rows
    try:
        return LatexToMathML(fancy_error=False).convert_with_local_state(
            formula, displaystyle=display
        )
    except LatexError as error:
        raise CannotBeShown(f"{error} in the formula {formula}") from None


def in_words(formula):
    """A short formula of MathML as it is said: for the head of a column."""
    said = re.sub(r"(<msup>.*?)<mn>2</mn></msup>", r"\1 squared ", formula)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", said)).split())


def picture(data, alt, width=None):
    """The image of a file's bytes, pixel for pixel in less than half of a PNG's room.

    Its width on the page is told, so that a small screen does not shrink it without end. Without
    it, the picture is one of `plots.png_bytes`.
    """
    image, held = Image.open(io.BytesIO(data)), io.BytesIO()
    image.convert("RGB").save(held, "webp", lossless=True, method=2, quality=40)
    source = f"data:image/webp;base64,{base64.b64encode(held.getvalue()).decode('ascii')}"
    width = width or image.width // DENSITY
    return (
        f'<span class="picture" style="--width: {width}px">'
        f'<img src="{source}" alt="{html.escape(alt)}" width="{width}"></span>'
    )


def picture_of(output):
    told, data = output.metadata.get("image/png", {}), base64.b64decode(output.data["image/png"])
    width = told.get("width") or Image.open(io.BytesIO(data)).width
    return picture(data, told.get("alt", ""), width)


def title(notebook):
    return re.search(r"^# +(.+)$", notebook.cells[0].source, flags=re.M)[1].replace("`", "")


def last_picture(notebook, cell, output):
    """What an Image widget, which a cell draws on while it runs, shows at the end."""
    states = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    model = states.get(output.data[WIDGET]["model_id"], {})
    values = [held["data"] for held in model.get("buffers", []) if held["path"] == ["value"]]
    if model.get("model_name") != "ImageModel" or not values:
        raise CannotBeShown(f"cell '{cell.id}' shows a widget that needs a kernel")
    said = "".join(each.get("text", "") for each in cell.outputs).strip()
    data = base64.b64decode(values[0])
    return picture(data, said, Image.open(io.BytesIO(data)).width)


def convert(notebook, page, folder, names, exporter=None):
    """The page of a notebook that has been run, with its outputs changed to what a page shows."""
    exporter = exporter or Exporter(Renderer(folder, names))
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("data") and not set(output.data) & set(SHOWN):
                raise CannotBeShown(f"cell '{cell.id}' shows only {', '.join(output.data)}")
            data = output.get("data", {})
            if data.get("text/plain") == NO_CANVAS:
                continue  # where the networks are in the page, HTML stands beside this sentence
            if WIDGET in data and "text/html" not in data:
                output.data["text/html"] = last_picture(notebook, cell, output)
    return exporter.from_notebook_node(notebook, resources={"page": page})[0]


def run(path):
    """The notebook with its outputs for a page. Where an optional package that it needs is not
    here, everything but its sliders and canvas shows what is committed."""
    committed = read(path)
    after = execute(committed, path.parent)
    if missing(committed):
        for cell, before in zip(after.cells, committed.cells, strict=True):
            data = [output.get("data", {}) for output in cell.get("outputs", [])]
            canvas = any(each.get("text/plain") == NO_CANVAS for each in data)
            if cell.cell_type == "code" and "slider" not in tags(cell) and not canvas:
                cell.outputs = before.outputs
    return after


def everything_it_depends_on(path):
    """A digest of all that can change what a run of the notebook shows on a page."""
    sources = [path, *sorted(each for each in (ROOT / "nnlib").rglob("*") if each.is_file())]
    sources += sorted(path.parent.glob("[!.]*.csv")) + sorted((ROOT / "figures").glob("*.*"))
    digest = hashlib.sha256(sys.version.encode())
    for each in sources:
        if "__pycache__" not in each.parts:
            digest.update(f"{each.name}\0".encode() + each.read_bytes())
    here = {f"{each.name} {each.version}" for each in metadata.distributions()}
    said = [f"{name}={value}" for name, value in os.environ.items() if name.startswith("NNLIB_")]
    digest.update("\n".join([*sorted(here), *sorted(said)]).encode())
    return digest.hexdigest()


def run_once(path):
    """`run`, or what it gave before, as long as nothing that it depends on has changed."""
    kept = RUNS / f"{path.stem}-{everything_it_depends_on(path)[:20]}.ipynb"
    if kept.exists():
        return read(kept)
    notebook = run(path)
    RUNS.mkdir(parents=True, exist_ok=True)
    for old in RUNS.glob(f"{path.stem}-*.ipynb"):
        old.unlink()
    files.write_text(kept, nbformat.writes(notebook))
    return notebook


@contextmanager
def for_pages():
    """The kernels that are started meanwhile make pictures for pages."""
    wanted = PAGES in os.environ
    os.environ[PAGES] = "1"
    try:
        yield
    finally:
        if not wanted:
            del os.environ[PAGES]


def framed(page, body, *folders):
    """A page around HTML of our own; a frame in one of the folders comes before the pages' own."""
    loader = FileSystemLoader([*folders, TEMPLATE])
    frame = Environment(loader=loader).get_template("frame.html.j2").module
    return f"{frame.before(page)}{body}{frame.after(page)}"


def chain(paths, kind=Page):
    """The pages of the notebooks, each knowing its neighbours."""
    pages = [kind(path.stem, title(read(path))) for path in paths]
    for before, after in zip(pages, pages[1:], strict=False):
        before.next, after.previous = after, before
    return pages


def contents(pages, glossary):
    """The first page: what there is, and what one can do after each."""
    can = abilities()
    rows = [
        f'<li><a href="{page.file}">{html.escape(page.title)}</a><br>'
        f"{html.escape(can.get(page.name, ''))}</li>"
        for page in pages
    ]
    more = '<p><a href="GLOSSARY.html">Glossary</a>: every term in the words that explain it.</p>'
    return (
        f"<h1>{COURSE}</h1>\n<p>After each of these you can do what stands below it.</p>\n"
        f'<ul class="contents">\n{"".join(rows)}\n</ul>\n{more if glossary else ""}'
    )


def abilities():
    """What one can do after each notebook, as README.md says it."""
    return dict(re.findall(r"\]\(notebooks/(\w+)\.ipynb\)[^|]* \| (.+) \|", readme()))


def readme():
    return (ROOT / "README.md").read_text(encoding="utf-8")


def for_each(make, paths, pages, chosen=None):
    """make(path, page) of every notebook, or of those chosen, two at a time.

    Returns what each gave, or a line about what went wrong; and these lines alone.
    """
    made = [each for each in zip(paths, pages, strict=True) if each[0] in (chosen or paths)]
    faults = []

    def one(each):
        path, page = each
        try:
            return make(path, page)
        except (NotebookFailed, CannotBeShown) as error:
            faults.append(f"FAILED     {path.name}: {error}")
            return faults[-1]

    with for_pages(), ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, made)), faults


def write(paths, target=TARGET, chosen=None, run=run):
    """Write the pages of a course's notebooks, or of those chosen from them.

    Returns lines to show, and whether all went well.
    """
    chosen = paths if chosen is None else chosen
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.html"):
        if old.stem in {path.stem for path in chosen} or chosen == paths:
            old.unlink()
    pages = chain(paths)
    glossary = paths[0].parent / "GLOSSARY.md"
    names = {page.name for page in pages} | ({"GLOSSARY"} if glossary.exists() else set())

    def one(path, page):
        text = convert(without(run(path), "teacher"), page, path.parent, names)
        files.write_text(target / page.file, text)
        return f"{len(text.encode()) / 1e6:5.2f} MB   {page.file}"

    lines, faults = for_each(one, paths, pages, chosen)
    if glossary.exists():
        renderer = Renderer(glossary.parent, names)
        body = MarkdownWithMath(renderer).render(glossary.read_text(encoding="utf-8"))
        text = framed(Page("GLOSSARY", "Glossary"), body)
        files.write_text(target / "GLOSSARY.html", text)
    text = framed(Page("index", COURSE), contents(pages, glossary.exists()))
    files.write_text(target / "index.html", text)
    return lines, not faults


def main(chosen):
    lines, passed = write(all_notebooks(), chosen=chosen or None, run=run_once)
    print("\n".join(lines))
    print(f"Open {(TARGET / 'index.html').relative_to(ROOT)} in a browser.")
    return not passed


if __name__ == "__main__":
    sys.exit(main([Path(name).resolve() for name in sys.argv[1:]]))
