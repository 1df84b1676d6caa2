"""No text that comes out of a cell can break an exported page; tried in Chromium."""

import nbformat.v4 as v4
import pytest

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


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The page; made before the browser is opened, which keeps an event loop."""
    folder, said = tmp_path_factory.mktemp("hostile"), repr(HOSTILE)
    shown = {
        "printed": f"print({said})",
        "repr": f"type('T', (), dict(__repr__=lambda self: ' '.join({said})))()",
        "reading": f"import nnlib as nn\nhostile = {said}\n"
        "draw = lambda ax, i: ax.plot([i, 1]) and hostile[i]\n"
        "nn.widgets.watch(draw, {'<b class=evil>': range(len(hostile))}, start=0)",
        "last": "print('the last line')",
    }
    cells = [v4.new_code_cell(source, id=name) for name, source in shown.items()]
    title = v4.new_markdown_cell("# 00 · First\n\nWords.")
    write(v4.new_notebook(cells=[title, *cells]), folder / "00_first.ipynb")
    lines, passed = pages.write([folder / "00_first.ipynb"], folder / "pages")
    assert passed, lines
    return folder / "pages" / "00_first.html"


def test_no_text_that_comes_out_of_a_cell_can_break_a_page(built, chromium):
    page, complaints = chromium.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(built.as_uri())
    assert "the last line" in page.locator("body").inner_text()
    assert page.evaluate("window.evil") is None and page.locator(".evil").count() == 0
    slider = page.locator("input[type=range]").first
    for text in HOSTILE[1:]:
        slider.press("ArrowRight")
        reading = page.locator(".nnlib-page").inner_text()
        assert " ".join(text.split()) in " ".join(reading.split()) or not text.isprintable(), text
    assert page.evaluate("window.evil") is None and page.locator(".evil").count() == 0
    assert complaints == []
