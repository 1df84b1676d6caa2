"""Makes the course's site, in build/site (`make site`): plain files, for any server or none.

    python -m tools.site

Its pages are those of `make pages`, with what a site needs around them: an entry page, contents, a
table of contents beside the text, a search, the sentence of each term of the glossary where the
term stands, and the notebooks to download. All of it is made from notebooks/ and README.md. No page
asks anything of another host; without JavaScript all can be read.

The addresses for Colab and Binder begin with the project's own (tools/alone.py). Where it is not
known, no page has such a link.
"""

import html
import json
import re
import shutil
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from nbconvert.filters.markdown_mistune import MarkdownWithMath

from nnlib import files
from nnlib.plots.theme import DENSITY
from tools import ROOT, alone, editions, glossary, notebooks, pages
from tools.notebooks import all_notebooks, read, without

TARGET = ROOT / "build" / "site"
TEMPLATE = Path(__file__).with_name("site_template")
MOST = 3_000_000  # bytes of a page
# Only the site's own files; in them, pictures and the code of sliders stand as data.
ALLOWED = (
    "default-src 'none'; img-src 'self' data: blob:; font-src 'self'; style-src 'self' "
    "'unsafe-inline'; script-src 'self' 'unsafe-inline' data:; base-uri 'none'; form-action 'none'"
)
ABOUT = (
    "On this site you read, sliders move, and solutions unfold. To run and change the code, and to "
    "have your answers checked, take the notebook itself: the course's README says how. "
    "Text and pictures: CC BY 4.0; code: MIT licence."
)
# What the entry page shows: notebooks, and their cells. Each has its place in the notebook, too.
PUZZLE = "01"
FIRST = ("05", "learn-slider")
BUILT = [("08", "moons-slider"), ("10", "paint")]
AND_THEN = ["15", "16", "17", "18"]
TOC = "<!-- table of contents -->"  # written when the text below it is known
HEADINGS = {2, 3}  # the levels that a table of contents shows


@dataclass
class SitePage(pages.Page):
    """What the templates ask for, beyond what a page of `make pages` has."""

    about: str = ABOUT
    allowed: str = ALLOWED
    kind: str = "text"
    part: str = ""
    can: str = ""
    sittings: list = field(default_factory=list)
    toc: str = ""
    course: str = pages.COURSE

    @property
    def number(self):
        return self.name[:2] if self.name[:2].isdigit() else ""

    @property
    def short(self):
        """The title without its number."""
        return self.title.partition(" · ")[2] or self.title

    @property
    def minutes(self):
        return " + ".join(map(str, self.sittings)) + " minutes" if self.sittings else ""

    @property
    def download(self):
        return f"notebooks/{self.name}.ipynb" if self.number else ""

    @property
    def elsewhere(self):
        """Where the notebook opens with a click, and what the link says."""
        where = alone.address()
        place = alone.on_github(where)
        if not place or not self.number:
            return []
        mine = f"lab/tree/{editions.MINE.name}/{self.name}.ipynb"  # .binder/postBuild makes it
        return [
            (alone.in_colab(where, self.name), "Open in Colab"),
            (f"https://mybinder.org/v2/gh/{place}/HEAD?urlpath={mine}", "Open in Binder"),
        ]


class SiteRenderer(pages.Renderer):
    """Markdown as on a page; it collects the headings, and tells what a term means where it is met
    first."""

    def __init__(self, folder, names, glosses=(), **options):
        super().__init__(folder, names, **options)
        self.headings, self.glosses, self.met = [], list(glosses), set()

    def heading(self, text, level, **options):
        made = super().heading(text, level, **options)
        anchor = re.search(r'id="([^"]*)"', made)[1]
        self.headings.append((level, anchor, unlinked(text)))
        return re.sub(r"(<h1[^>]*>)(\d\d) · ", r'\1<span class="count">\2</span> ', made)

    def paragraph(self, text):
        return super().paragraph(self.with_terms(text))

    def block_text(self, text):
        return super().block_text(self.with_terms(text))

    def with_terms(self, text):
        """The first time that a term stands in the text, it gets its sentence."""
        left = [gloss for gloss in self.glosses if gloss.name not in self.met]
        if not left:
            return text
        any_term = re.compile("|".join(f"(?P<t{i}>{g.pattern})" for i, g in enumerate(left)), re.I)

        def told(match):
            gloss = left[int(match.lastgroup[1:])]
            if gloss.name in self.met:
                return match[0]
            self.met.add(gloss.name)
            return gloss.around(match[0])

        closed, made = 0, []  # how deep in something that holds no term of the text
        for piece in re.split(r"(<[^>]*>)", text):
            if tag := re.match(r"<(/?)(a|code|math|span|svg|button)\b", piece):
                closed += -1 if tag[1] else 1
            made.append(any_term.sub(told, piece) if closed == 0 and piece[:1] != "<" else piece)
        return "".join(made)

    @property
    def toc(self):
        rows = [
            f'<li class="level{level}"><a href="#{anchor}">{text}</a></li>'
            for level, anchor, text in self.headings
            if level in HEADINGS
        ]
        return f"<ul>{''.join(rows)}</ul>" if len(rows) > 2 else ""


@dataclass
class Gloss:
    """A term, and the sentence that stands for it."""

    name: str
    first: str  # the number of the notebook that says so
    pattern: str
    sentence: str  # as HTML

    @property
    def anchor(self):
        return "term-" + re.sub(r"\W+", "-", self.name)

    def around(self, word):
        name = f"gloss-{self.anchor}"
        return (
            f'<span class="gloss"><a class="term" href="GLOSSARY.html#{self.anchor}" '
            f'aria-describedby="{name}">{word}</a>'
            f'<span class="tip" role="tooltip" id="{name}">{self.sentence}</span></span>'
        )


ENTRY = re.compile(r"^\*\*(.+?)\*\* (\((?:[^()]|\([^()]*\))*\))\. (.+)$", re.M)


def glosses(path):
    """The terms of a GLOSSARY.md that the list of terms knows, longer names first."""
    if not path.exists():
        return []
    sentences = {name: text for name, _, text in ENTRY.findall(path.read_text(encoding="utf-8"))}
    made = [
        Gloss(
            term.name,
            term.first,
            re.sub(r"\(\?P?<\w+>", "(?:", term.pattern.pattern),
            as_sentence(sentences[term.name]),
        )
        for term in glossary.terms()
        if term.name in sentences
    ]
    return sorted(made, key=lambda gloss: -len(gloss.name))


def markdown(text, names=()):
    return MarkdownWithMath(pages.Renderer(ROOT / "notebooks", set(names))).render(text).strip()


def unlinked(made):
    return re.sub(r"</?a\b[^>]*>", "", made)


def as_sentence(text):
    """Markdown as HTML that may stand within a line: without blocks and links."""
    made = re.sub(r"<(/?)(?:p|div)\b", r"<\1span", unlinked(markdown(text)))
    return made.removeprefix("<span>").removesuffix("</span>") if made.count("<span") == 1 else made


# ---------------------------------------------------------------- what notebooks say of themselves


def opening(notebook):
    """What a notebook says before its first code, without its headings."""
    cells = [cell for cell in without(notebook, "teacher").cells[:8]]
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def sittings(notebook):
    """The minutes that a notebook says it takes, one number a sitting."""
    return [int(n) for n in re.findall(r"(\d+) minutes", opening(notebook))]


def parts(notebook):
    """{number: part} from the map in notebook 00: a line in bold, and the notebooks below it."""
    found, part = {}, ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if bold := re.fullmatch(r"\*\*(.+?)\*\*", line.strip()):
                    part = bold[1].rstrip(":.")
                elif (number := re.match(r"- \[?(\d\d) ", line)) and part:
                    found[number[1]] = part
    return found


def by_part(chain):
    """[(part, its pages)], in order."""
    found = {}
    for page in chain:
        found.setdefault(page.part, []).append(page)
    return list(found.items())


def hours(chain):
    return round(sum(sum(page.sittings) for page in chain) / 60)


def cell_of(notebook, name):
    """The cell of this id, and the prose right before it."""
    at = [cell.get("id") for cell in notebook.cells].index(name)
    before = [c for c in without(notebook, "teacher").cells if c.cell_type == "markdown"]
    before = [c for c in before if c in notebook.cells[:at]]
    return notebook.cells[at], before[-1].source if before else ""


def alive(notebook, name):
    """What moves without a kernel in a cell of a notebook that was run for pages; a slider has its
    first picture for a browser without JavaScript. And the words that stand before it there."""
    cell, words = cell_of(notebook, name)
    held = [o.data["text/html"] for o in cell.outputs if "text/html" in o.get("data", {})]
    if not held:
        raise pages.CannotBeShown(f"cell '{name}' shows nothing that moves without a kernel")
    if album := re.search(r"front\.album\((\{.*\})\) \}\); \}\)", held[0]):
        still = first_picture(json.loads(album[1]))
        return re.sub(r"<noscript>.*?</noscript>", f"<noscript>{still}</noscript>", held[0]), words
    return held[0], words


def first_picture(album):
    source, reading = album["frames"][",".join(map(str, album["start"]))]
    width = album["width"] // DENSITY
    return f'<img src="{source}" alt="{html.escape(reading)}" width="{width}">'


# ---------------------------------------------------------------- search


class Sections(HTMLParser):
    """The text of a page as sections: [anchor, heading, text]. Code, pictures and what the page
    repeats are left out."""

    LEFT_OUT = {"script", "style", "noscript", "pre", "nav", "button", "svg", "annotation"}
    EMPTY = {"img", "br", "hr", "input", "meta", "link", "source", "wbr"}

    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.in_heading = [["", "", ""]], [], False
        self.feed(text)
        self.found = [[a, " ".join(h.split()), " ".join(t.split())] for a, h, t in self.found]
        self.found = [section for section in self.found if section[1] or section[2]]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in self.EMPTY:
            return
        gone = tag in self.LEFT_OUT or attrs.get("role") == "tooltip"
        gone = gone or attrs.get("class") in ("anchor", "letters")
        self.open.append((tag, gone))
        if re.fullmatch("h[1-6]", tag):
            self.found.append([attrs.get("id", ""), "", ""])
            self.in_heading = True
        elif attrs.get("class") == "entry":  # of the glossary
            self.found.append([attrs["id"], "", ""])
        elif tag == "strong" and self.at_term():
            self.in_heading = True  # the term

    def at_term(self):
        """Whether an entry of the glossary has just begun."""
        anchor, *said = self.found[-1]
        return anchor.startswith("term-") and said == ["", ""]

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass
        if re.fullmatch("h[1-6]|p|li|td|th|div|summary", tag):
            self.found[-1][2] += " "
        self.in_heading = self.in_heading and not re.fullmatch("h[1-6]|strong", tag)

    def handle_data(self, data):
        if not any(gone for _, gone in self.open):
            self.found[-1][1 if self.in_heading else 2] += data


def index(made):
    """The file that a search loads: [file, title, sections] of each page."""
    rows = [[page.file, page.title, Sections(body).found] for page, body in made]
    return f"window.courseIndex = {json.dumps(rows, ensure_ascii=False, separators=(',', ':'))};\n"


# ---------------------------------------------------------------- pages


def templates():
    loader = FileSystemLoader([TEMPLATE, pages.TEMPLATE])
    return Environment(loader=loader, trim_blocks=True, lstrip_blocks=True, autoescape=False)


def of_template(name, page, **given):
    body = templates().get_template(name).render(page=page, **given)
    return pages.framed(page, body, TEMPLATE)


def glossary_body(text, names):
    """The glossary with an anchor at each term, and a way to each letter."""
    made = MarkdownWithMath(pages.Renderer(ROOT, names)).render(text)
    made = made.replace(" Made by <code>make glossary</code>.", "")  # of no use to its reader

    def entry(match):
        name = re.sub(r"\W+", "-", html.unescape(match[1]))
        return f'<p class="entry" id="term-{name}"><strong>{match[1]}</strong>'

    made = re.sub(r"<p><strong>(.+?)</strong>(?= \()", entry, made)
    firsts = {}
    for anchor in re.findall(r'<p class="entry" id="(term-[^"]+)"', made):
        firsts.setdefault(anchor.removeprefix("term-")[0].upper(), anchor)
    links = " ".join(f'<a href="#{anchor}">{letter}</a>' for letter, anchor in firsts.items())
    letters = f'<nav class="letters" aria-label="Letters">{links}</nav>\n'
    return made.replace('<p class="entry"', letters + '<p class="entry"', 1)


def main_of(text):
    return text.partition("<main")[2].partition(">")[2].rpartition("</main>")[0]


def write(paths, target=TARGET, run=pages.run_once, puzzle=PUZZLE, first=FIRST, built=BUILT):
    """Write the site of a course's notebooks; returns lines to show, and whether all went well."""
    shutil.rmtree(target, ignore_errors=True)
    (target / "notebooks").mkdir(parents=True)
    sources = {path.name[:2]: read(path) for path in paths}
    chain = pages.chain(paths, SitePage)
    told, can = parts(sources[paths[0].name[:2]]), pages.abilities()
    for page in chain:
        page.part = told.get(page.number, "On your own")
        page.can, page.sittings = can.get(page.name, ""), sittings(sources[page.number])
    terms = paths[0].parent / "GLOSSARY.md"
    known = glosses(terms)
    names = {page.name for page in chain} | ({"GLOSSARY"} if known else set())
    ran, where = {}, alone.address()

    def one(path, page):
        ran[page.number] = run(path)
        notebook = without(ran[page.number], "teacher")
        earlier = [gloss for gloss in known if gloss.first < page.number]
        renderer = SiteRenderer(path.parent, names, earlier)
        exporter = pages.Exporter(renderer, TEMPLATE)
        text = pages.convert(notebook, page, path.parent, names, exporter)
        copy = alone.alone(sources[page.number], where, path.parent)
        notebooks.write(copy, target / page.download)
        return page, text.replace(TOC, with_toc(renderer.toc))

    made, faults = pages.for_each(one, paths, chain)
    if faults:
        return faults, False
    if known:
        page = SitePage("GLOSSARY", "Glossary", kind="glossary")
        body = glossary_body(terms.read_text(encoding="utf-8"), names)
        made.append((page, pages.framed(page, body, TEMPLATE)))
    shown = {"parts": by_part(chain), "chain": chain, "hours": hours(chain), "glossary": known}
    page = SitePage("contents", "Contents", kind="contents")
    made.append((page, of_template("contents.html.j2", page, **shown)))
    page = SitePage("index", pages.COURSE, kind="entry")
    of = {page.number: page for page in chain}
    moving, words = alive(ran[first[0]], first[1])
    shown |= {
        "puzzle": markdown(paragraphs(sources[puzzle])[0]),
        "moving": moving,
        "words": markdown(words, names),
        "about": markdown(introduction()),
        "built": [(of[number], alive(ran[number], cell)[0]) for number, cell in built],
        "and_then": [of[number] for number in AND_THEN if number in of],
    }
    entry = of_template("entry.html.j2", page, **shown)
    files.write_text(target / "search.js", index([(p, main_of(t)) for p, t in made]))
    for each, text in [*made, (page, entry)]:
        files.write_text(target / each.file, text.replace(TOC, ""))
    lay_files(target)
    sizes = [(len((target / p.file).read_bytes()), p.file) for p, _ in made]
    lines = [f"{size / 1e6:5.2f} MB   {file}" for size, file in sizes]
    heavy = [f"FAILED     {file} has more than {MOST:,} bytes" for s, file in sizes if s > MOST]
    return lines + heavy, not heavy


def with_toc(toc):
    return templates().get_template("toc.html.j2").render(toc=toc) if toc else ""


def paragraphs(notebook):
    """The paragraphs of a notebook's opening, without its title."""
    blocks = [block.strip() for block in opening(notebook).split("\n\n")]
    return [block for block in blocks if block and not block.startswith("#")]


def introduction():
    """The first paragraph of README.md."""
    return pages.readme().split("\n\n")[1]


def lay_files(target):
    """What all pages share."""
    style = pages.css("math.woff2") + (TEMPLATE / "site.css").read_text(encoding="utf-8")
    files.write_text(target / "site.css", style)
    for file in (pages.TEMPLATE / "page.js", TEMPLATE / "site.js", TEMPLATE / "theme.js"):
        shutil.copyfile(file, target / file.name)
    shutil.copyfile(pages.TEMPLATE / "math.woff2", target / "math.woff2")


def main():
    lines, passed = write(all_notebooks())
    print("\n".join(lines))
    if not alone.address():
        print("No links to Colab and Binder: the project's address is not known (tools/alone.py).")
    print(f"Look at it: python -m http.server --directory {TARGET.relative_to(ROOT)}")
    return not passed


if __name__ == "__main__":
    sys.exit(main())
