"""Slides: every section and every output has its place, a question stands before its answer.

What a slide holds is looked at for each notebook as it is committed; the driving needs Chromium.
"""

from collections import Counter

import nbformat.v4 as v4
import pytest

from tools import slides
from tools.notebooks import all_notebooks, read, tags, write

FIRST = """# 00 · Start

A puzzle.

Time: a minute.

## One

The first sentence is shown.

The second is said.

$$a = b$$
"""
ASK = "More words. They are said, too. **What comes out?** It is a number."
DRAW = "import nnlib as nn\n\ndef draw(ax, a):\n    ax.plot([0, a])\n    return f'up to {a}'\n"
WATCH = 'nn.widgets.watch(draw, {"slope": [1, 2, 3]}, start=1, size=(4, 3))'
STILL = 'nn.plots.show(nn.plots.strip(draw, [1, 3]), alt="Two lines.")'
CELLS = [
    v4.new_markdown_cell(FIRST),
    v4.new_markdown_cell("**For the teacher.** Wait.", metadata={"tags": ["teacher"]}),
    v4.new_code_cell("x = 1"),
    v4.new_markdown_cell(ASK),
    v4.new_code_cell("print(x + 1)"),
    v4.new_markdown_cell("## Two\n\nMove it."),
    v4.new_code_cell(DRAW),
    v4.new_code_cell(WATCH, metadata={"tags": ["slider"]}),
    v4.new_code_cell(STILL),
    v4.new_markdown_cell("### 1 · Try\n\nAsked.\n\nAsked, too.", metadata={"tags": ["exercise"]}),
    v4.new_code_cell("answer = ...", metadata={"tags": ["exercise"]}),
    v4.new_code_cell("answer = 'secret'", metadata={"tags": ["solution"]}),
]


def texts(cells):
    return [cell.source for cell in cells]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    course = tmp_path_factory.mktemp("notebooks")
    notebook = v4.new_notebook(cells=CELLS, metadata={"language_info": {"name": "python"}})
    write(notebook, course / "00_start.ipynb")
    lines, passed = slides.write([course / "00_start.ipynb"], course / "slides")
    assert passed, lines
    return course / "slides"


def test_a_slide_holds_what_its_rule_says_and_the_notes_the_rest(tmp_path):
    write(v4.new_notebook(cells=CELLS), tmp_path / "00_start.ipynb")
    run = slides.pages.run(tmp_path / "00_start.ipynb")
    title, one, two, task = slides.slides(run)
    assert texts(title.shown) == ["# 00 · Start", "A puzzle."]
    assert texts(title.notes) == ["Time: a minute."]
    assert texts(one.shown)[:3] == ["## One", "The first sentence is shown.", "$$a = b$$"]
    assert texts(one.shown)[3:] == ["**What comes out?**", "print(x + 1)"]
    assert texts(one.notes) == ["The second is said.", "**For the teacher.** Wait.", ASK]
    assert slides.is_asked(one) and not slides.is_asked(two)
    assert texts(two.shown) == ["## Two", "Move it.", WATCH]  # its stills are left out
    assert texts(task.shown) == ["### 1 · Try", "Asked.", "Asked, too.", "answer = ..."]
    assert one.shown[-1].metadata.code_shown and not two.shown[-1].metadata.code_shown


@pytest.mark.parametrize("path", all_notebooks(), ids=lambda path: path.stem)
def test_of_a_notebook_nothing_is_lost_and_nothing_said_twice(path):
    """Each block of its text is shown, or said once; each output outside exercises is shown."""
    notebook = read(path)
    made = slides.slides(notebook)
    shown = [cell for slide in made for cell in slide.shown + slide.notes]
    kept = [cell for cell in notebook.cells if "solution" not in tags(cell)]
    parts = Counter()
    for cell in kept:
        if cell.cell_type == "markdown":
            parts.update([cell.source] if "teacher" in tags(cell) else slides.blocks(cell.source))
    assert set(parts) <= set(texts(shown))
    assert not Counter(texts(cell for slide in made for cell in slide.notes)) - parts
    outputs = [c for c in kept if c.cell_type == "code" and c.outputs and "exercise" not in tags(c)]
    code = texts(cell for cell in shown if cell.cell_type == "code")
    left_out = [cell.id for cell in outputs if cell.source not in code]
    stills = [cell.id for cell in outputs if "draw" in cell.source or "stepper" in cell.source]
    assert set(left_out) <= set(stills)
    assert len(code) == len(set(code))
    titles = [slide.shown[0].metadata["block"] for slide in made]
    assert set(titles) == {"heading"}
    for slide in made:
        assert sum(slides.shows(c) is not None for c in slide.shown if c.cell_type == "code") <= 1


@pytest.fixture
def opened(chromium, folder):
    page = chromium.new_page(viewport={"width": 1280, "height": 720})
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((folder / "00_start.html").as_uri())
    yield page
    page.close()
    assert not faults


def current(page):
    return page.locator(".slide.current")


def test_a_key_goes_on_and_a_question_stands_alone_first(opened):
    keys = opened.keyboard
    assert current(opened).count() == 1 and "Start" in current(opened).inner_text()
    keys.press("ArrowRight")
    answer = current(opened).locator(".output")
    assert "What comes out?" in current(opened).inner_text()
    assert current(opened).locator(".highlight").is_visible() and not answer.is_visible()
    keys.press("ArrowRight")
    assert answer.is_visible() and "2" in answer.inner_text()
    keys.press("ArrowRight")
    assert "Two" in current(opened).inner_text()
    slider = current(opened).locator("input[type=range]")
    before = current(opened).locator("img").first.get_attribute("src")
    slider.focus()
    keys.press("ArrowRight")  # the slider's own key
    assert current(opened).locator("img").first.get_attribute("src") != before
    keys.press("ArrowLeft")
    opened.evaluate("document.activeElement.blur()")
    keys.press("End")
    assert "Asked, too." in current(opened).inner_text()
    keys.press("Home")
    assert "Start" in current(opened).inner_text()
    assert "secret" not in opened.content()


def test_the_notes_have_a_window_of_their_own_and_follow(opened):
    opened.keyboard.press("ArrowRight")
    assert not opened.locator("aside.notes").first.is_visible()
    with opened.expect_popup() as popup:
        opened.keyboard.press("s")
    said = popup.value.locator("body")
    assert "Wait." in said.inner_text() and "2 of 4" in said.inner_text()
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowRight")
    assert "3 of 4" in said.inner_text() and "Wait." not in said.inner_text()


def test_esc_shows_everything_and_so_does_a_browser_without_javascript(opened, chromium, folder):
    opened.keyboard.press("Escape")
    assert opened.locator(".slide:visible").count() == 4
    assert opened.locator("aside.notes").first.is_visible()
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "00_start.html").as_uri())
    assert page.locator(".slide:visible").count() == 4
    assert page.get_by_text("Wait.").is_visible()
    context.close()
