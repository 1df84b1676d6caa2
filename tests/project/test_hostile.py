"""No text that comes out of a cell can break an exported page; tried in Chromium."""

import nbformat.v4 as v4
import pytest
from test_browser import CHROMIUM, OPTIONS

from tools import pages
from tools.notebooks import write

HOSTILE = [
    "<!--<script>", "<!--", "-->", "</script>", "</SCRIPT >", "<script>window.evil = 1</script>",
    "]]>", "<![CDATA[", "<b class=evil>bold", "</div></main></body></html>", "<p class=evil>",
    "<img src=x onerror='window.evil = 1'>", "\"onload='window.evil = 1'", "'; window.evil = 1; '",
    "${window.evil = 1}", "`", "\\", "\\u003cb class=evil>", "&lt;b class=evil&gt;", "&amp;amp;",
    "{{ evil }}", "{% raw %}", "</style>", "<style>* { display: none }", "<textarea>", "</title>",
    "<plaintext>", "<svg onload='window.evil = 1'>", "javascript:window.evil = 1", "$x < y$",
    "**bold**", "\u2028 and \u2029", "\ufeff", "\x07", "\u202e turned", "100 % of ümläuts 😀",
    "a\nb", "<", ">", "&#60;",
]  # fmt: skip


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not here")
def test_no_text_that_comes_out_of_a_cell_can_break_a_page(tmp_path):
    pytest.importorskip("playwright", reason="playwright is not here")
    from playwright.sync_api import sync_playwright

    said = repr(HOSTILE)
    shown = {
        "printed": f"print({said})",
        "repr": f"type('T', (), dict(__repr__=lambda self: ' '.join({said})))()",
        "check": f"from nnlib.checks import card\nprint(card.__name__)\nhostile = {said}",
        "reading": "import nnlib as nn\n"
        "draw = lambda ax, i: ax.plot([i, 1]) and hostile[i]\n"
        "nn.widgets.watch(draw, {'<b class=evil>': range(len(hostile))}, start=0)",
        "last": "print('the last line')",
    }
    cells = [v4.new_code_cell(source, id=name) for name, source in shown.items()]
    title = v4.new_markdown_cell("# 00 · First\n\nWords.")
    write(v4.new_notebook(cells=[title, *cells]), tmp_path / "00_first.ipynb")
    lines, passed = pages.write([tmp_path / "00_first.ipynb"], tmp_path / "pages")
    assert passed, lines
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        looked_at(browser.new_page(), tmp_path / "pages" / "00_first.html")
        browser.close()


def looked_at(page, path):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    assert "the last line" in page.locator("body").inner_text()
    assert page.evaluate("window.evil") is None and page.locator(".evil").count() == 0
    slider = page.locator("input[type=range]").first
    for text in HOSTILE[1:]:
        slider.press("ArrowRight")
        reading = page.locator(".nnlib-page").inner_text()
        assert " ".join(text.split()) in " ".join(reading.split()) or not text.isprintable(), text
    assert page.evaluate("window.evil") is None and page.locator(".evil").count() == 0
    assert complaints == []
