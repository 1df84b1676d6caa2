"""The printed book: its page numbers are those of its pages. Needs Chromium and playwright."""

import os
import re
import shutil
import subprocess
import sys

import nbformat.v4 as v4
import pytest

from tools import book
from tools.notebooks import read, write

FIRST = (
    "# 00 · One\n\nSee [two](01_two.ipynb#Here).\n\n## First part\n\n$$a = b$$\n\n## Second part"
)
EXERCISE = "## Exercises\n\n### 1 · Try\n\nDo."
CELLS = {
    "00_one": [
        v4.new_markdown_cell(FIRST),
        v4.new_markdown_cell("**For the teacher.** Wait.", metadata={"tags": ["teacher"]}),
        v4.new_markdown_cell(EXERCISE, metadata={"tags": ["exercise"]}),
        v4.new_code_cell("answer = 'the right one'", metadata={"tags": ["solution"]}),
        v4.new_markdown_cell("## What we found\n\n" + "\n\n".join(["A line."] * 150)),
    ],
    "01_two": [v4.new_markdown_cell("# 01 · Two\n\n## Here")],
}


@pytest.fixture
def course(tmp_path):
    for name, cells in CELLS.items():
        write(v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    return sorted(tmp_path.glob("*.ipynb"))


def test_solutions_come_last_under_the_name_of_their_exercise_and_no_notes(course):
    (headings, text), _ = book.chapters(course, read)
    told = [re.sub("<.*?>", "", heading) for _, _, heading in headings]
    assert told[-3:] == ["What we found", "Solutions", "1 · Try"]
    assert text.index("the right one") > text.index("A line.")
    assert "Wait." not in text and "<details" not in text and "<math" in text
    assert 'href="#c-01"' in text


def test_what_moves_is_a_sentence_on_paper():
    moving = v4.new_output("display_data", {"text/html": "<div></div><script>move()</script>"})
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x", outputs=[moving])])
    (cell,) = book.still(notebook).cells
    assert cell.outputs[0].data == {"text/html": book.STILL}


def test_a_destination_is_on_the_page_where_chromium_put_it(chromium):
    page = chromium.new_page()
    break_ = '<div style="break-before: page">'
    page.set_content(
        '<a href="#c-1">1</a><a href="#c-2-x">2</a><a href="#c-5">5</a><p id="c-1">one</p>'
        f'{break_}<p id="c-2-x">two</p></div>{break_}</div>{break_}</div>'
        f'{break_}<p id="c-5">five</p></div>'
    )
    numbers, count = book.pages_of(page.pdf())
    assert (numbers, count) == ({"c-1": 1, "c-2-x": 2, "c-5": 5}, 5)
    page.close()


def test_the_contents_name_the_page_of_each_heading(course, chromium, tmp_path):
    numbers, count = book.write(course, chromium, tmp_path / "book.pdf", run=read)
    # A title, the contents; 150 paragraphs fill more than two pages of 00, and 01 begins a new one.
    assert numbers["c-00"] == 3 and numbers["c-01"] == count > 5
    assert numbers["c-00-1"] == 3 < numbers["c-00-6"]
    text = book.contents(book.chapters(course, read), numbers)
    listed = dict(re.findall(r'"#(c-[\d-]+)".*?class="at">(\d+)', text))
    assert listed == {anchor: str(numbers[anchor]) for anchor in listed} and "c-00-6" in listed
    assert os.listdir(tmp_path).count("book.html") == 0
    if shutil.which("pdftotext"):
        ask = ["pdftotext", "-f", str(numbers["c-01"]), str(tmp_path / "book.pdf"), "-"]
        last = subprocess.run(ask, capture_output=True, text=True, check=True).stdout
        assert "01 · Two" in last and last.split()[-1] == str(count)


def test_without_a_browser_or_playwright_it_says_so(monkeypatch):
    monkeypatch.setattr(book, "CHROMIUM", None)
    monkeypatch.setitem(sys.modules, "playwright", object())  # as if it were installed
    assert "Chromium is not here" in book.main()
    monkeypatch.setitem(sys.modules, "playwright", None)  # as if it were not
    assert "playwright is not here" in book.main()
