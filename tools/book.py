"""Prints the course as a book, dist/course.pdf (`make pdf`): A4, or PAPER=letter.

    python -m tools.book [PAPER]

Its chapters are the notebooks as `make pages` runs them: formulas typeset, pictures where sliders
move on a screen, solutions at the end of each chapter, the glossary at the end of all. Chromium
prints it, by way of playwright; both are optional, and without them this says so.

The table of contents has page numbers. Where a heading lands is known only once the book is
printed, so it is printed again with the numbers of the first print, until they stay.
"""

import html
import re
import sys
from pathlib import Path

import nbformat.v4 as v4
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from nnlib import files
from tools import ROOT, pages, site
from tools.chromium import CHROMIUM, OPTIONS
from tools.notebooks import NotebookFailed, all_notebooks, tags, without

TARGET = ROOT / "dist" / "course.pdf"
STYLE = Path(__file__).with_name("book.css")
MISSING = """The book is printed by Chromium, by way of playwright, and {} is not here:
install Chromium or Chrome, and:  .venv/bin/python -m pip install playwright"""
STILL = '<p class="moves">On a screen this moves; the pictures that follow show a few values.</p>'
NUMBER = (
    '<div style="width: 100%; text-align: center; font: 8pt sans-serif; color: #595959">'
    '<span class="pageNumber"></span></div>'
)
NOT_YET = "000"
MOST_PRINTS = 4


class Renderer(pages.Renderer):
    """Markdown as on a page, with anchors and links that hold in one file of all chapters."""

    def __init__(self, chapter, folder, names):
        super().__init__(folder, names)
        self.chapter, self.headings = chapter, []

    def heading(self, text, level, **_):
        anchor = self.chapter if level == 1 else f"{self.chapter}-{len(self.headings)}"
        self.headings.append((level, anchor, site.unlinked(text)))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def link(self, text, url, title=None):
        name = Path(url.partition("#")[0]).stem
        if url.startswith("#"):
            return text
        return super().link(text, f"#{chapter_of(name)}" if name in self.names else url, title)


class Chapter(pages.Page):
    """What the templates ask for: nothing is folded on paper."""

    @staticmethod
    def is_folded(cell):
        return False


def chapter_of(name):
    return f"c-{name[:2] if name[:2].isdigit() else name}"


def still(notebook):
    """A copy with a sentence where something moves."""
    result = without(notebook, "teacher")
    for cell in result.cells:
        for output in cell.get("outputs", []):
            if "<script" in output.get("data", {}).get("text/html", ""):
                output.data = {"text/html": STILL}
    return result


def solutions_last(notebook):
    """The notebook's solutions under a heading of their own, each with that of its exercise."""
    kept, moved, heading = [], [], ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := re.findall(r"^### (.+)$", cell.source, re.M)):
            heading = found[-1]
        if "solution" not in tags(cell):
            kept.append(cell)
            continue
        if heading:
            moved.append(v4.new_markdown_cell(f"### {heading}"))
            heading = ""
        moved.append(cell)
    if moved:
        kept += [v4.new_markdown_cell("## Solutions"), *moved]
    notebook.cells = kept
    return notebook


def chapters(paths, run):
    """[(headings, HTML)] of each notebook, and of the glossary."""
    chain, folder = pages.chain(paths, Chapter), paths[0].parent
    glossary = folder / "GLOSSARY.md"
    names = {page.name for page in chain} | ({"GLOSSARY"} if glossary.exists() else set())
    made = []
    with pages.for_pages():
        for path, page in zip(paths, chain, strict=True):
            renderer = Renderer(chapter_of(path.stem), folder, names)
            notebook = solutions_last(still(run(path)))
            exporter = pages.Exporter(renderer)
            text = pages.convert(notebook, page, folder, names, exporter)
            made.append((renderer.headings, site.main_of(text)))
    if glossary.exists():
        renderer = Renderer(chapter_of("GLOSSARY"), folder, names)
        text = glossary.read_text(encoding="utf-8").replace(" Made by `make glossary`.", "")
        text = MarkdownWithMath(renderer).render(text)
        made.append((renderer.headings, text))
    return made


def contents(made, numbers):
    """The table of contents: chapters and their sections."""
    rows = [
        f'<li class="level{level}"><a href="#{anchor}"><span>{text}</span>'
        f'<span class="at">{numbers.get(anchor, NOT_YET)}</span></a></li>'
        for headings, _ in made
        for level, anchor, text in headings
        if level < 3
    ]
    return f'<nav class="contents"><h2>Contents</h2><ul>{"".join(rows)}</ul></nav>'


def book(made, numbers, paper):
    style = Chapter("book").css + STYLE.read_text(encoding="utf-8")
    body = "".join(f'<section class="chapter">{text}</section>' for _, text in made)
    about = site.markdown(site.introduction())
    title = (
        f'<div class="title"><h1>{html.escape(pages.COURSE)}</h1>{about}'
        "<p>Text and pictures: CC BY 4.0; code: MIT licence.</p></div>"
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{pages.COURSE}</title>'
        f"<style>{style}\n@page {{ size: {paper} }}</style></head><body>{title}"
        f"{contents(made, numbers)}<main>{body}</main></body></html>"
    )


def pages_of(pdf):
    """{anchor: page number} of everything that a link of the PDF leads to.

    Chromium writes objects of a PDF as plain text, and a destination for each such anchor.
    """
    objects = dict(re.findall(rb"^(\d+) 0 obj\s*(.*?)\s*^endobj", pdf, flags=re.S | re.M))

    def leaves(number):
        kids = re.search(rb"/Kids\s*\[(.*?)\]", objects[number], flags=re.S)
        if not kids:
            return [number]
        return [leaf for kid in re.findall(rb"(\d+) 0 R", kids[1]) for leaf in leaves(kid)]

    (root,) = (
        n
        for n, held in objects.items()
        if b"/Pages" in held and b"/Parent" not in held and b"/Kids" in held
    )
    order = {number: at for at, number in enumerate(leaves(root), 1)}
    found = re.findall(rb"/(c-[\w-]+)\s*\[\s*(\d+) 0 R\s*/XYZ", pdf)
    return {anchor.decode(): order[page] for anchor, page in found}, len(order)


def printed(source, page, paper):
    page.goto(source.as_uri())
    page.evaluate("document.fonts.ready")
    return page.pdf(
        format=paper,
        margin={"top": "18mm", "bottom": "20mm", "left": "18mm", "right": "18mm"},
        print_background=True,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=NUMBER,
        outline=True,
        tagged=True,
    )


def write(paths, browser, target=TARGET, paper="A4", run=pages.run_once):
    """Print the book; returns {anchor: page number}, and how many pages there are."""
    made, numbers = chapters(paths, run), {}
    source = target.with_suffix(".html")
    page = browser.new_page(color_scheme="light")
    page.set_default_timeout(300_000)
    for _ in range(MOST_PRINTS):
        files.write_text(source, book(made, numbers, paper))
        pdf, before = printed(source, page, paper), numbers
        numbers, count = pages_of(pdf)
        if numbers == before:
            break
    page.close()
    source.unlink()
    if numbers != before:
        raise pages.CannotBeShown("the page numbers change with each print")
    with files.whole(target) as file:
        file.write(pdf)
    return numbers, count


def missing():
    """What it takes to print and is not here."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "playwright"
    return None if CHROMIUM else "Chromium"


def main(paper="A4"):
    if lacks := missing():
        return MISSING.format(lacks)
    TARGET.parent.mkdir(exist_ok=True)
    from playwright.sync_api import sync_playwright

    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
            _, count = write(all_notebooks(), browser, paper=paper)
    except (NotebookFailed, pages.CannotBeShown) as error:
        return f"FAILED     {error}"
    size = TARGET.stat().st_size / 1e6
    print(f"{TARGET.relative_to(ROOT)}: {count} pages, {size:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
