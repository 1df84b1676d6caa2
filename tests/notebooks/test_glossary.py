"""Terms: glossed where they first appear, used nowhere before, and collected in the glossary."""

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tools import glossary

NOTEBOOKS = glossary.numbered()
TERMS = glossary.terms()
SPARK = glossary.Term("spark", first="02", explained="02")


def notebook(*texts):
    return new_notebook(cells=[new_markdown_cell(text) for text in texts])


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_a_term_is_glossed_in_its_place_and_used_nowhere_before(term):
    gloss = glossary.gloss(term, dict(NOTEBOOKS)[term.first])
    assert gloss and len(gloss.split()) >= 5, f"{term.name} has no sentence in {term.first}"
    assert list(glossary.used_too_early(term, NOTEBOOKS)) == []


def test_the_committed_glossary_is_the_one_that_the_notebooks_make():
    assert glossary.GLOSSARY.read_text("utf-8") == glossary.page(), "run: make glossary"


def test_a_term_used_before_its_place_is_found():
    place = notebook("# 02", "A **spark** is a small fire, and it is over at once.")
    early = notebook("# 01", "Two sparks fly.")
    assert list(glossary.used_too_early(SPARK, [("01", early), ("02", place)]))
    later = notebook("# 02", "Two sparks fly.", "A **spark** is a small fire.")
    assert list(glossary.used_too_early(SPARK, [("02", later)]))


@pytest.mark.parametrize(
    "text",
    [
        "Why it glows, notebook 02 says by the word spark.",  # it points to the place
        "# A spark",  # a heading announces it
        "**You will learn** what a spark is.",
        "In code it is `spark`, in a formula $spark$.",
        "A sparkling sea.",  # another word
    ],
)
def test_announcing_a_term_is_not_using_it(text):
    place = notebook("A **spark** is a small fire, and it is over at once.")
    assert not list(glossary.used_too_early(SPARK, [("01", notebook(text)), ("02", place)]))


def test_the_gloss_is_the_sentence_in_which_the_term_stands_out():
    place = notebook("First this. A **spark** is a small fire. Then that.")
    assert glossary.gloss(SPARK, place) == "A **spark** is a small fire."
    assert glossary.gloss(SPARK, notebook("A spark is a small fire.")) is None
