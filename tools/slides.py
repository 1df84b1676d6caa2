"""Makes each notebook's slides, in build/slides (`make slides`); nothing of them is kept by hand.

    python -m tools.slides [NOTEBOOK ...]          (default: all in notebooks/)

They are cut from the same run as `make pages`, and like a page each file holds everything: sliders
move without a kernel, without internet. What stands where follows from the notebook:

- a slide begins at each heading, and at each cell that shows something;
- on it stand the first paragraph below the heading, formulas, tables and lists; before a cell's
  output the question that the notebook asks there, which stands alone until the next key;
- code is shown where its output is text; a picture or slider has the slide to itself;
- the rest of the prose is what the speaker says: it stands in the notes, with teacher cells.

Keys: → and ← a step, Home, End, S opens the notes in a window of their own, Esc shows all slides
and notes one below the other, as they are printed, too, and as they are without JavaScript.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat.v4 as v4

from nnlib import files
from tools import ROOT, pages
from tools.notebooks import WIDGET, all_notebooks, tags, without

TARGET = ROOT / "build" / "slides"
TEMPLATE = Path(__file__).with_name("slides_template")
CELLS = "slides.html.j2"
LONGEST = 14  # lines of code that a room can read
DRAWS = re.compile(r"watch\(\s*(\w+)|(\w+)\.walk\(")  # in a slider's cell: what draws it
QUESTION = re.compile(r"\*\*[^*]+\?\*\*")  # what is asked before a cell is run
SHORT = 240  # characters of a paragraph that may stand whole before a cell
ABOUT = "→ and ← go from slide to slide; S opens the notes; Esc shows all slides with their notes."


@dataclass
class Slides(pages.Page):
    """What the templates ask for."""

    about: str = ABOUT
    BETWEEN = "<!-- next cell -->"

    @property
    def css(self):
        return super().css + (TEMPLATE / "slides.css").read_text(encoding="utf-8")

    @property
    def script(self):
        """A page's own, of which slides.js replaces what a step is."""
        return super().script + (TEMPLATE / "slides.js").read_text(encoding="utf-8")


@dataclass
class Slide:
    shown: list = field(default_factory=list)  # cells
    notes: list = field(default_factory=list)

    @property
    def has_text(self):
        return any(cell.metadata.get("block") == "text" for cell in self.shown)

    def has_room(self, what):
        """Whether it has a place here: there is one output, and beside a picture only words."""
        kinds = {cell.metadata.get("block", "code") for cell in self.shown}
        return not kinds & (
            {"code", "list", "table"} | ({"formula"} if what == "picture" else set())
        )

    @property
    def drawn(self):
        """The name of what draws the slider on this slide."""
        found = [DRAWS.search(cell.source) for cell in self.shown if cell.cell_type == "code"]
        return found[-1] and found[-1][found[-1].lastindex] if found else None


# ---------------------------------------------------------------- what a notebook's cells are


def blocks(source):
    """A cell's Markdown in blocks: a paragraph, a formula, a list, a table, text as code."""
    found, inside = [], None
    for piece in re.split(r"\n[ \t]*\n", source.strip()):
        fences = len(re.findall(r"^```", piece, flags=re.M)) + piece.count("$$")
        goes_on = inside or (
            found and kind(found[-1]) == "list" and re.match(r" |[-*] |\d+\. ", piece)
        )
        if goes_on:
            found[-1] += "\n\n" + piece
        else:
            found.append(piece)
        inside = bool(inside) != bool(fences % 2)
    return [part for piece in found for part in heading_apart(piece)]


def heading_apart(block):
    """A heading may be followed by text without an empty line."""
    first, _, rest = block.partition("\n")
    return [first, rest] if first.startswith("#") and rest else [block]


def kind(block):
    if block.startswith("#"):
        return "heading"
    if re.match(r"[-*] |\d+\. ", block):
        return "list"
    if block.startswith("$$"):
        return "formula"
    return "table" if re.match(r"\||```|!\[|<", block) else "text"


def markdown(source, what):
    return v4.new_markdown_cell(source, metadata={"block": what})


def shows(cell):
    """What a cell shows a room: "picture" (or a table), "text", or nothing."""
    data = [output.get("data", {}) for output in cell.outputs]
    if any({"image/png", WIDGET} & set(each) for each in data):
        return "picture"
    text = "".join(each.get("text/html", "") + each.get("text/markdown", "") for each in data)
    if "nnlib-" in text or "<table" in text or "|--" in text:
        return "picture"
    return "text" if cell.outputs else None


def question(prose):
    """What is asked or said right before a cell: its question, or what leads to it."""
    if asked := QUESTION.findall(prose):
        return asked[-1]
    if len(prose) <= SHORT:
        return prose
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z`*$])", prose.strip())
    return sentences[-1 if prose.endswith(":") else 0]


# ---------------------------------------------------------------- slides


def slides(notebook):
    """The slides of a notebook that was run for pages."""
    made, title, prose = [], None, []

    def new(heading=None):
        made.append(Slide([heading or markdown(re.sub("^#+", "###", title.source), "heading")]))

    def say():
        made[-1].notes += prose
        prose.clear()

    def of_text(cell):
        nonlocal title
        exercise = "exercise" in tags(cell)
        for block in blocks(cell.source):
            what = kind(block)
            made_of = markdown(block, what)
            if what == "heading":
                if made:
                    say()
                title = made_of
                new(title)
            elif what == "text" and (exercise or made[-1].has_room(what) and not made[-1].has_text):
                made[-1].shown.append(made_of)
            elif what == "text":
                prose.append(made_of)
            else:
                if not made[-1].has_room(what):
                    new()
                say()
                made[-1].shown.append(made_of)

    def of_code(cell):
        what = shows(cell)
        if "exercise" in tags(cell):
            if not cell.source.lstrip().startswith("checks."):
                cell.outputs, cell.metadata["code_shown"] = [], True
                made[-1].shown.append(cell)
            return
        short = len(cell.source.splitlines()) <= LONGEST
        cell.metadata["code_shown"] = what == "text" and short
        if what == "picture" and made[-1].drawn and made[-1].drawn in cell.source:
            return  # single pictures of the slider that is on the slide
        if not what:  # what it defines is used, and seen, in the next one
            return
        before = prose[-1].source if prose else ""
        if not made[-1].has_room(what):
            new()
            if before:
                made[-1].shown.append(markdown(question(before), "text"))
        elif before and QUESTION.search(before):
            made[-1].shown.append(markdown(question(before), "text"))
        say()
        made[-1].shown.append(cell)

    for cell in without(notebook, "solution").cells:
        if "teacher" in tags(cell):
            prose.append(markdown(cell.source, "teacher"))
        elif cell.cell_type == "markdown":
            of_text(cell)
        else:
            of_code(cell)
    say()
    return made


def is_asked(slide):
    return any(QUESTION.search(cell.source) for cell in slide.shown if cell.cell_type == "markdown")


def convert(notebook, page, folder, names):
    """The file of a notebook's slides."""
    made = slides(notebook)
    cells = [cell for slide in made for cell in slide.shown + slide.notes]
    whole = v4.new_notebook(cells=cells, metadata=notebook.metadata)
    exporter = pages.Exporter(pages.Renderer(folder, names), TEMPLATE, template_file=CELLS)
    text = pages.convert(whole, page, folder, names, exporter)
    rendered = iter(text.split(page.BETWEEN)[1:])
    parts = []
    for slide in made:
        waits = " waits" if is_asked(slide) else ""
        shown = [
            f'<div class="{"told" + waits if cell.cell_type == "code" else "asked"}">{html}</div>'
            for cell, html in zip(slide.shown, rendered, strict=False)
        ]
        notes = [next(rendered) for _ in slide.notes]
        aside = f'<aside class="notes">{"".join(notes)}</aside>' if notes else ""
        parts.append(f'<section class="slide">{"".join(shown)}</section>\n{aside}\n')
    return pages.framed(page, "".join(parts), TEMPLATE)


def write(paths, target=TARGET, chosen=None, run=pages.run):
    """Write the slides of a course's notebooks, or of those chosen from them."""
    target.mkdir(parents=True, exist_ok=True)
    chain = pages.chain(paths, Slides)
    names = {page.name for page in chain}

    def one(path, page):
        text = convert(run(path), page, path.parent, names)
        files.write_text(target / page.file, text)
        return f"{text.count('<section'):4} slides   {page.file}"

    lines, faults = pages.for_each(one, paths, chain, chosen)
    text = pages.framed(pages.Page("index", pages.COURSE), pages.contents(chain, False))
    files.write_text(target / "index.html", text)
    return lines, not faults


def main(chosen):
    lines, passed = write(all_notebooks(), chosen=chosen, run=pages.run_once)
    print("\n".join(lines))
    print(f"Open {(TARGET / 'index.html').relative_to(ROOT)} in a browser. {ABOUT}")
    return not passed


if __name__ == "__main__":
    sys.exit(main([Path(name).resolve() for name in sys.argv[1:]]))
