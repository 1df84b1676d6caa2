"""The course as pages: what stands in them, and that their sliders move without a kernel.

The driving needs Chromium and playwright, and Firefox; skipped by name where one is missing. The
pages of the real course are driven where `make pages` has built them, as CI does.
"""

import base64
import io
import json
import re
import shutil
from html.parser import HTMLParser

import nbformat.v4 as v4
import numpy as np
import pytest
from firefox import ARROW_RIGHT
from PIL import Image

from nnlib.widgets import NO_CANVAS, PAGES, slider
from nnlib.widgets.screen import Screen
from tools import pages
from tools.notebooks import all_notebooks, write

FORMULA = (
    r"$$\begin{aligned} z &= \frac{\partial L}{\partial w} \\[4pt] &\approx 0.5 \end{aligned}$$"
)
FIRST = r"""# 00 · A first page

The weight $w_{11}$ and `code`. See [the next](01_second.ipynb#A-heading) and the
[glossary](GLOSSARY.md) and [elsewhere](https://example.org/).

![Three circles](picture.png)

## A heading

| a | b |
|---|---|
| 1 | 2 |
"""
DRAW = """import nnlib as nn

def draw(ax, lr):
    ax.plot([0, lr], [0, 1])
    return f"learning rate {lr:g}: to the left & <right>"
"""
WATCH = 'nn.widgets.watch(draw, {"learning rate": [0.1, 1, 10]}, start=1, size=(9, 3))'
STRIP = 'nn.plots.show(nn.plots.strip(draw, [0.1, 10]), alt="Two lines, <steep> and flat.")'
LATEX = f"""from IPython.display import Latex
Latex(r'''{FORMULA}''')"""
SMALL = {
    "00_first": [
        v4.new_markdown_cell(FIRST),
        v4.new_markdown_cell("A word to the teacher.", metadata={"tags": ["teacher"]}),
        v4.new_code_cell(DRAW),
        v4.new_code_cell(WATCH, metadata={"tags": ["slider"]}),
        v4.new_code_cell(STRIP),
        v4.new_code_cell(LATEX),
        v4.new_code_cell('print("wide " * 200)'),
        v4.new_code_cell(
            "# One way\nprint('the ' + 'answer')",
            metadata={
                "tags": ["solution"],
                "jupyter": {"source_hidden": True, "outputs_hidden": True},
            },
        ),
    ],
    "01_second": [v4.new_markdown_cell("# 01 · A second page\n\n## A heading\n\n## A heading")],
}
GLOSSARY = "# Glossary\n\n**weight** (first in [00](00_first.ipynb)). It is $w$.\n"


def notebook(cells):
    return v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The pages of two small notebooks."""
    course = tmp_path_factory.mktemp("notebooks")
    for name, cells in SMALL.items():
        write(notebook(cells), course / f"{name}.ipynb")
    (course / "GLOSSARY.md").write_text(GLOSSARY, encoding="utf-8")
    shutil.copy(pages.ROOT / "figures" / "network_323.png", course / "picture.png")
    target = course / "pages"
    lines, passed = pages.write(sorted(course.glob("*.ipynb")), target)
    assert passed, lines
    return target


class Tags(HTMLParser):
    """All tags of a page, in order, as (name, attributes), and the text of the whole."""

    def __init__(self, text):
        super().__init__()
        self.found, self.words, self.inside = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.inside.append(tag)

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"script", "style"} & set(self.inside):
            self.words.append(data)

    def all(self, name):
        return [attrs for tag, attrs in self.found if tag == name]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def tags(path):
    return Tags(path.read_text(encoding="utf-8"))


def broken_links(path):
    """Links of a page that lead to no page, or to no place in it."""
    faults = []
    for link in [attrs["href"] for attrs in tags(path).all("a")]:
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        ids = {attrs.get("id") for _, attrs in tags(target).found} if target.is_file() else set()
        if not target.is_file() or (anchor and anchor not in ids):
            faults.append(link)
    return faults


def test_a_page_for_each_notebook_a_glossary_and_a_first_page(folder):
    names = sorted(path.name for path in folder.glob("*"))
    assert names == ["00_first.html", "01_second.html", "GLOSSARY.html", "index.html"]
    for path in folder.glob("*.html"):
        page = tags(path)
        assert page.all("html") == [{"lang": "en"}]
        assert page.all("title") and len(page.all("h1")) == 1
        assert broken_links(path) == []
    assert "00 · A first page" in tags(folder / "index.html").text


def test_links_lead_from_page_to_page(folder):
    links = [attrs["href"] for attrs in tags(folder / "00_first.html").all("a")]
    assert "01_second.html#A-heading" in links
    assert "GLOSSARY.html" in links and "https://example.org/" in links
    headings = [attrs["id"] for attrs in tags(folder / "01_second.html").all("h2")]
    assert headings == ["A-heading", "A-heading-2"]


def test_formulas_are_typeset_wherever_they_come_from(folder):
    page = tags(folder / "00_first.html")
    assert len(page.all("math")) == 2  # in the text, and in the output of a cell
    assert "$" not in page.text.split("import nnlib")[0]
    assert "[4pt]" not in (folder / "00_first.html").read_text("utf-8").split("<mtable")[1]
    assert tags(folder / "GLOSSARY.html").all("math")
    assert "font/woff2" in (folder / "00_first.html").read_text("utf-8")


def test_pictures_stand_in_the_page_with_their_alt_text(folder):
    pictures = tags(folder / "00_first.html").all("img")
    assert [attrs["alt"] for attrs in pictures] == [
        "Three circles",
        "Two lines, <steep> and flat.",
    ]
    assert all(attrs["src"].startswith("data:image/webp;base64,") for attrs in pictures)


def test_a_solution_is_folded_and_the_teachers_notes_are_left_out(folder):
    page = tags(folder / "00_first.html")
    assert page.all("details") == [{}]  # not open
    assert "the answer" in page.text.split("Solution")[1]
    assert "teacher" not in page.text


def test_nothing_is_asked_of_anybody(folder):
    """What can leave a page: a source, a style's url, an import. Links wait to be clicked."""
    for path in folder.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        sources = [attrs.get("src") or "" for _, attrs in tags(path).found]
        sources += [attrs["href"] for attrs in tags(path).all("link")]
        sources += re.findall(r"url\(([^)]+)\)", text) + re.findall(r'import\("([^"]+)', text)
        assert all(source.startswith("data:") for source in filter(None, sources))
        assert "default-src 'none'" in text


def test_one_page_can_be_made_anew_and_the_others_stay(folder):
    course = sorted(folder.parent.glob("*.ipynb"))
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("0*.html")}
    (line,), passed = pages.write(course, folder, chosen=course[1:])
    after = {path.name: path.stat().st_mtime_ns for path in folder.glob("0*.html")}
    assert passed and "01_second.html" in line
    assert after["00_first.html"] == before["00_first.html"]
    assert after["01_second.html"] > before["01_second.html"]
    assert broken_links(folder / "01_second.html") == []


@pytest.mark.parametrize(
    "cell, said",
    [
        (v4.new_markdown_cell("# 00 · T\n\n$\\nonsense$"), "nonsense"),
        (v4.new_code_cell("1 / 0"), "ZeroDivisionError"),
        (v4.new_code_cell("import ipywidgets\nipywidgets.IntSlider()"), "needs a kernel"),
    ],
)
def test_what_a_page_cannot_hold_is_named(cell, said, tmp_path):
    cells = [cell] if cell.cell_type == "markdown" else [v4.new_markdown_cell("# 00 · T"), cell]
    write(notebook(cells), tmp_path / "00_t.ipynb")
    (line,), passed = pages.write([tmp_path / "00_t.ipynb"], tmp_path / "pages")
    assert not passed and line.startswith("FAILED     00_t.ipynb") and said in line
    assert not (tmp_path / "pages" / "00_t.html").exists()


def test_a_canvas_whose_networks_could_not_be_made_here_is_a_sentence(tmp_path):
    """Where data are missing, a page shows what is committed: a widget that needs a kernel."""
    cell = v4.new_code_cell("nn.widgets.paint(net)")
    data = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": NO_CANVAS}
    cell.outputs = [v4.new_output("display_data", data)]
    shown = notebook([v4.new_markdown_cell("# 00 · T"), cell])
    html = pages.convert(shown, pages.Page("00_t", "00 · T"), tmp_path, set())
    assert NO_CANVAS in html and "<canvas" not in html


def test_where_a_package_is_missing_the_canvas_still_reads(tmp_path, monkeypatch):
    """Other cells show what is committed."""
    monkeypatch.setenv(PAGES, "1")
    net = "import nnlib as nn\nnet = nn.Sequential(nn.Linear(64, 3), rng=0)\nnn.widgets.paint(net)"
    cells = [v4.new_code_cell(text) for text in ("# needs nonsense\nprint(1)", net, "print(2)")]
    cells[2].outputs = [v4.new_output("stream", text="committed")]
    write(notebook([v4.new_markdown_cell("# 00 · T"), *cells]), tmp_path / "00_t.ipynb")
    after = pages.run(tmp_path / "00_t.ipynb")
    assert after.cells[3].outputs[0].text == "committed"
    assert pages.missing(after) == ["nonsense"]
    (canvas,) = after.cells[2].outputs
    assert canvas.data["text/plain"] == NO_CANVAS and "front.alone(" in canvas.data["text/html"]


def test_the_head_of_a_column_is_words_or_no_head(tmp_path):
    table = "# 00 · T\n\n| | $x^2$ | square of $x$ |\n|---|---|---|\n| a | b | c |"
    made = pages.MarkdownWithMath(pages.Renderer(tmp_path, set())).render(table)
    row = made.partition("<thead>")[2].partition("</thead>")[0]
    assert row.count("<td></td>") == 1 and row.count("<th") == 2
    assert '<span class="said">x squared</span><math aria-hidden="true">' in row
    assert row.count("said") == 1


def test_a_run_is_kept_until_something_that_it_depends_on_changes(tmp_path, monkeypatch):
    ran = []
    monkeypatch.setattr(pages, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(pages, "run", lambda path: ran.append(path) or pages.read(path))
    path = tmp_path / "00_t.ipynb"
    write(notebook([v4.new_markdown_cell("# 00 · T")]), path)
    assert pages.run_once(path) == pages.run_once(path) and len(ran) == 1
    write(notebook([v4.new_markdown_cell("# 00 · U")]), path)
    assert pages.run_once(path).cells[0].source == "# 00 · U" and len(ran) == 2
    monkeypatch.setenv("NNLIB_PROJECTOR", "1.4")
    pages.run_once(path)
    assert len(ran) == 3
    assert len(list((tmp_path / "runs").iterdir())) == 1  # what is out of date is not kept


def test_of_a_picture_that_is_drawn_on_while_a_cell_runs_the_last_one_stays(tmp_path):
    show = """import io
import ipywidgets
from PIL import Image
screen = ipywidgets.Image()
display(screen)
for width in (5, 7):
    held = io.BytesIO()
    Image.new("RGB", (width, 3)).save(held, "png")
    screen.value = held.getvalue()
print("seven wide")"""
    cells = [v4.new_markdown_cell("# 00 · T"), v4.new_code_cell(show)]
    write(notebook(cells), tmp_path / "00_t.ipynb")
    lines, passed = pages.write([tmp_path / "00_t.ipynb"], tmp_path / "pages")
    assert passed, lines
    page = tags(tmp_path / "pages" / "00_t.html")
    assert [attrs["alt"] for attrs in page.all("img")] == ["seven wide"]
    assert {"class": "picture", "style": "--width: 7px"} in page.all("span")


# ---------------------------------------------------------------- in a browser


@pytest.fixture
def opened(chromium):
    """opened(path) opens a page as a file; afterwards nothing may have been asked or complained."""
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    def go(path):
        page.goto(path.as_uri())
        return page

    yield go
    page.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == asked[:1]


def albums(path):
    """What each slider of a page holds."""
    held = re.findall(r"front\.album\((\{.*\})\) \}\); \}\)", path.read_text(encoding="utf-8"))
    return [json.loads(text) for text in held]


SHOWN = """slider => {
    const picture = slider.querySelector('img');
    const inputs = [...slider.querySelectorAll('input')];
    return picture.decode().then(() => ({
        places: inputs.map(input => Number(input.value)),
        said: inputs.map(input => input.getAttribute('aria-valuetext')),
        shown: [picture.src, slider.querySelector('.nnlib-reading').textContent],
        alt: picture.alt,
    }));
}"""


def check(slider, album, places):
    """The slider shows what it holds for these places."""
    state = slider.evaluate(SHOWN)
    assert state["places"] == places
    wanted = [held["texts"][i] for held, i in zip(album["sliders"], places, strict=True)]
    assert state["said"] == wanted
    assert state["shown"] == album["frames"][",".join(map(str, places))]
    assert state["alt"] == state["shown"][1]
    return tuple(state["shown"])


def drive(page, path):
    """Move every slider of a page by keyboard over all its values, and look at each."""
    held = albums(path)
    sliders = page.locator(".nnlib-slider")
    sliders.nth(len(held) - 1).wait_for() if held else None
    assert sliders.count() == len(held) == page.locator(".nnlib-page:has(.nnlib-slider)").count()
    for n, album in enumerate(held):
        slider, places = sliders.nth(n), list(album["start"])
        seen = {check(slider, album, places)}
        for i, one in enumerate(album["sliders"]):
            handle = slider.locator("input").nth(i)
            handle.focus()
            page.keyboard.press("Home")
            for places[i] in range(len(one["texts"])):
                seen.add(check(slider, album, places))
                page.keyboard.press("ArrowRight")
        slider.locator("button").last.click()
        check(slider, album, album["start"])
        assert len({picture for picture, _ in seen}) > 1
        assert len({reading for _, reading in seen}) > 1


def paint(page):
    """Paint a stroke on every canvas of a page: it is read."""
    for canvas in page.locator(".nnlib-paint").all():
        paper, reading = canvas.locator(".nnlib-paint-paper"), canvas.locator("[role=status]").first
        assert reading.inner_text() == "Nothing is painted yet."
        paper.scroll_into_view_if_needed()
        box = paper.bounding_box()
        for i, share in enumerate((0.2, 0.5, 0.8)):
            page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + share * box["height"])
            page.mouse.down() if i == 0 else None
        page.mouse.up()
        canvas.locator(".nnlib-paint-first").first.wait_for()
        page.wait_for_timeout(500)  # for the answer to the last point
        for bars in canvas.locator("ol").all():
            digit = bars.locator(".nnlib-paint-first > span").first.inner_text()
            assert f" reads {digit} (" in reading.inner_text()


def fits(page):
    """Nothing makes the page scroll sideways, as wide as it is now."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_slider_moves_by_keyboard_without_a_kernel(folder, opened):
    path = folder / "00_first.html"
    page = opened(path)
    drive(page, path)
    (album,) = albums(path)
    assert [held["texts"] for held in album["sliders"]] == [["0.1", "1", "10"]]
    assert album["frames"]["2"][1] == "learning rate 10: to the left & <right>"
    assert fits(page)
    assert not page.get_by_text("the answer").is_visible()
    page.locator("summary").click()
    assert page.get_by_text("the answer").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_belong_on_the_ground_of_the_page(scheme, folder, opened):
    """In the dark the paper of a picture and the ground of the page are both near black."""
    page = opened(folder / "00_first.html")
    page.emulate_media(color_scheme=scheme)
    for picture in page.locator("main img").all():
        shot = Image.open(io.BytesIO(picture.screenshot())).convert("L")
        lightness = np.asarray(shot)
        corner, most = lightness[:4, :4].mean(), np.median(lightness)
        assert (corner < 40 and most < 40) if scheme == "dark" else (corner > 250 and most > 250)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 21, 21)"}[scheme]


def test_presenting_shows_a_step_for_each_key_and_no_code(folder, opened):
    page = opened(folder / "00_first.html")
    code = page.locator(".highlight").first
    assert code.is_visible()
    page.locator("button.present").first.click()
    assert not code.is_visible() and fits(page)
    places = []
    for _ in range(3):
        places.append(page.evaluate("scrollY"))
        page.keyboard.press("ArrowRight")
    assert len(set(places)) == 3 and places == sorted(places)
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("scrollY") == places[2]
    page.keyboard.press("Escape")
    assert code.is_visible()


def test_on_paper_the_first_picture_stands_there(folder, opened):
    page = opened(folder / "00_first.html")
    page.locator(".nnlib-slider img").wait_for()
    page.emulate_media(media="print")
    assert page.locator(".nnlib-slider img").is_visible()
    assert not page.locator(".nnlib-buttons").is_visible()
    assert page.pdf()[:4] == b"%PDF"


def test_the_pictures_of_a_page_are_those_of_the_screen():
    """An album's frames are what the same `draw` gives for the same value."""

    def draw(ax, a):
        ax.plot([0, a])

    screen = Screen(draw, size=(3, 2))
    made = slider.album(screen, ["a"], [[1, 2]], [0])
    assert screen.small_picture(2)[0] != screen.small_picture(1)[0]
    for value in (1, 2):
        data = base64.b64encode(screen.small_picture(value)[0]).decode("ascii")
        assert data in made


# ---------------------------------------------------------------- in Firefox


# The height of each paragraph with formulas, and the one that it has without them.
HEIGHTS = """document.fonts.ready.then(() => [...document.querySelectorAll('p')]
    .filter(p => p.querySelector('math')).map(p => {
        const height = p.offsetHeight;
        for (const formula of p.querySelectorAll('math')) formula.replaceWith('w');
        return [height, p.offsetHeight];
    }))"""


def test_in_firefox_a_line_with_a_formula_is_as_high_as_one_without(folder, firefox):
    firefox.go(folder / "00_first.html")
    heights = firefox.evaluate(HEIGHTS)
    assert heights and all(height <= bare + 2 for height, bare in heights)


def test_in_firefox_a_slider_moves_by_keyboard(folder, firefox):
    path = folder / "00_first.html"
    firefox.go(path)
    (album,) = albums(path)
    for place in (1, 2):  # it starts at 1
        shown = firefox.evaluate(f"({SHOWN})(document.querySelector('.nnlib-slider'))")
        assert shown["places"] == [place]
        assert shown["shown"] == album["frames"][str(place)]
        firefox.evaluate("document.querySelector('.nnlib-slider input').focus()")
        firefox.press(ARROW_RIGHT)


def built(path):
    """The page of a notebook, when `make pages` has made it since the notebook changed."""
    page = pages.TARGET / f"{path.stem}.html"
    if not page.exists() or page.stat().st_mtime < path.stat().st_mtime:
        pytest.skip("its pages are not built, or have changed since: make pages")
    return page


@pytest.mark.parametrize("path", all_notebooks(), ids=lambda path: path.stem[:2])
def test_a_built_page_of_the_course(path, opened):
    path = built(path)
    page = opened(path)
    drive(page, path)
    paint(page)
    assert fits(page)
    assert broken_links(path) == []
    assert all(attrs.get("alt") for attrs in tags(path).all("img"))
    assert path.stat().st_size < 4_000_000
