"""The glossary, made from the places where the notebooks explain their terms (`make glossary`).

`notebooks/terms.toml` lists the terms: where each is glossed first, and where explained fully.
Its gloss is the sentence there in which it stands in bold or italics. The same list lets a test
find a term that is used before its place.
"""

import re
import tomllib
from dataclasses import dataclass

from nnlib import files
from tools import ROOT
from tools.notebooks import all_notebooks, read, tags

TERMS = ROOT / "notebooks" / "terms.toml"
GLOSSARY = ROOT / "notebooks" / "GLOSSARY.md"
AHEAD = re.compile(r"\b(?:[nN]otebooks? )?(?:0\d|1\d)\b")  # a sentence that points to a notebook


@dataclass
class Term:
    name: str
    first: str  # the number of the notebook that glosses it, in bold
    explained: str  # the number of the notebook that explains it fully
    forms: tuple = ()  # other forms of the word, such as an irregular plural
    bold: str = ""  # how it stands in bold, where that is not its name

    @property
    def pattern(self):
        words = "|".join(re.escape(form) for form in (self.name, *self.forms))
        return re.compile(rf"(?<![\w-])(?:{words})s?(?![\w-])", re.I)

    @property
    def place(self):
        """The term in bold or italics."""
        return re.compile(rf"\*{re.escape(self.bold or self.name)}(?:s|es)?\.?\*", re.I)


def terms():
    rows = tomllib.loads(TERMS.read_text("utf-8"))["term"]
    return [Term(**{**row, "forms": tuple(row.get("forms", ()))}) for row in rows]


def prose(notebook):
    """The cells of prose that a learner reads in order."""
    return [c for c in notebook.cells if c.cell_type == "markdown" and "teacher" not in tags(c)]


def sentences(source):
    """A cell's sentences, without headings and openings, which announce terms; a row of a table is
    one."""
    for block in re.split(r"\n\s*\n|\n(?=[|#\-*] ?)", source):
        text = " ".join(block.split())
        if not text.startswith(("#", "**You will", "**You need", "**Time", "**Next")):
            yield from re.split(r"(?<=[.!?])(?:\*\*)? (?=[A-Z(*`$])", text)


def gloss(term, notebook):
    """The sentence in which the term stands out, or None; where it points back ("This is ..."),
    the sentence before it, too, and where it ends in a colon, the formula after it."""
    for cell in prose(notebook):
        told = ["", *sentences(cell.source), ""]
        for before, sentence, after in zip(told, told[1:], told[2:], strict=False):
            if term.place.search(sentence):
                points_back = re.match(r"(This|That|It|These|Its)\b", sentence.lstrip("*("))
                points_on = sentence.endswith((":", "written")) and after.startswith("$$")
                return f"{before * bool(points_back)} {sentence} {after * points_on}".strip()
    return None


def used_too_early(term, notebooks):
    """Sentences that use the term before its place, and do not point to a later notebook."""
    for number, notebook in notebooks:
        for cell in prose(notebook):
            for sentence in sentences(cell.source):
                if number == "00" and sentence.startswith("|"):
                    continue  # the tables of 00 name everything once, each with plain words
                if number == term.first and term.place.search(sentence):
                    return
                if term.pattern.search(without_formulas(sentence)) and not AHEAD.search(sentence):
                    yield f"{term.name} in {number}, cell '{cell.id}': {sentence[:80]}"
        if number == term.first:
            return


def without_formulas(text):
    return re.sub(r"\$[^$]*\$|`[^`]*`|\]\([^)]*\)", " ", text)


def numbered():
    return [(path.name[:2], read(path)) for path in all_notebooks()]


def page():
    """The glossary as Markdown."""
    notebooks = dict(numbered())
    names = {path.name[:2]: path.name for path in all_notebooks()}
    lines = [
        "# Glossary",
        "",
        "Each term in the words of the notebook that meets it first. Made by `make glossary`.",
        "",
    ]
    for term in sorted(terms(), key=lambda term: term.name.lower()):
        places = [f"first in [{term.first}]({names[term.first]})"]
        if term.explained != term.first:
            where = term.explained
            link = f"[{where}]({names[where]})" if where in names else where
            places.append(f"explained in {link}")
        text = gloss(term, notebooks[term.first]).replace("**", "")
        lines.append(f"**{term.name}** ({', '.join(places)}). {text}")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    files.write_text(GLOSSARY, page())
    print(GLOSSARY.relative_to(ROOT))
