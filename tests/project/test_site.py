"""The site: nothing leads nowhere, nothing is asked of another host, all can be read without
JavaScript and reached by keyboard.

Tried on a small course; the site of the real one is tried where `make site` has built it, as CI
does. The driving needs Chromium and playwright; axe-core is looked for in build/npm
(npm install --prefix build/npm axe-core). What is missing is skipped by name.
"""

import functools
import http.server
import json
import re
import shutil
import threading
from urllib.parse import unquote

import nbformat.v4 as v4
import pytest
from firefox import ARROW_RIGHT

from tools import ROOT, alone, pages, site
from tools.notebooks import all_notebooks, read, write

AXE = ROOT / "build" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
MAP = """## The map

**By hand**
- 00 start here
- [01 softmax](01_softmax.ipynb): turn scores into probabilities

**Beyond**
- [02 the end](02_end.ipynb)
"""
FIRST = """# 00 · Start here

A puzzle: *which* of these lines is steeper? This takes 20 minutes to a place to stop, and
15 minutes after it.

A **weight** is a number that is learned.

## One

## Two

![Three circles](picture.png)
"""
SECOND = """# 01 · Softmax

**Time:** 30 minutes.

A weight here, `weight` there, a weight again, and $w$. See [weight](GLOSSARY.md).

## What softmax does to scores

| | of a table with so many columns | that a phone has no room for them | $x^2$ |
|---|---|---|---|
| softmax | one weight in a cell of the table | 0.0000000000000000000000000000001 | y |

```python
class Weight:
    pass
```

## Another heading

### And one below

Straße, naïve, and <b>markup</b>.
"""
DRAW = """import nnlib as nn

def draw(ax, lr):
    ax.plot([0, lr], [0, 1])
    return f"slope {lr:g}"
"""
WATCH = 'nn.widgets.watch(draw, {"slope": [0.1, 1, 10]}, start=1, size=(5, 3))'
STRIP = 'nn.plots.show(nn.plots.strip(draw, [0.1, 10]), alt="Two lines, steep and flat.")'
SMALL = {
    "00_start_here": [
        v4.new_markdown_cell(FIRST),
        v4.new_markdown_cell("A word to the teacher.", metadata={"tags": ["teacher"]}),
        v4.new_code_cell(DRAW),
        v4.new_markdown_cell("Which of them is **steeper**?"),
        v4.new_code_cell(WATCH, metadata={"tags": ["slider"]}, id="slopes"),
        v4.new_code_cell(STRIP),
        v4.new_markdown_cell(MAP),
    ],
    "01_softmax": [
        v4.new_markdown_cell(SECOND),
        v4.new_code_cell(f"numbers = [{', '.join(map(str, range(100)))}]"),
    ],
    "02_end": [v4.new_markdown_cell("# 02 · The end\n\n15 minutes.\n\n## Only one")],
}
GLOSSARY = (
    "# Glossary\n\nEach term.\n\n"
    "**weight** (first in [00](00_start_here.ipynb)). A weight is a number $w$ that is learned.\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The site of a course of three small notebooks."""
    course = tmp_path_factory.mktemp("notebooks")
    for name, cells in SMALL.items():
        notebook = v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
        write(notebook, course / f"{name}.ipynb")
    (course / "GLOSSARY.md").write_text(GLOSSARY, encoding="utf-8")
    shutil.copy(ROOT / "figures" / "network_323.png", course / "picture.png")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COURSE_ADDRESS", "https://github.com/somebody/course/")
        lines, passed = site.write(
            sorted(course.glob("*.ipynb")),
            course / "site",
            run=pages.run,
            puzzle="00",
            first=("00", "slopes"),
            built=[("00", "slopes")],
        )
    assert passed, lines
    return course / "site"


def text_of(path):
    return path.read_text(encoding="utf-8")


def without_scripts(text):
    return re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S)


def broken_links(path):
    """Links of a page to a file or a place of the site that is not there."""
    faults, text = [], without_scripts(text_of(path))
    for link in re.findall(r'<(?:a|link)\b[^>]*?\shref="([^"]*)"', text):
        if re.match(r"https?:|data:", link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = path.parent / name if name else path
        if not target.is_file():
            faults.append(link)
        elif anchor and f'id="{anchor}"' not in without_scripts(text_of(target)):
            faults.append(link)
    return faults


def test_an_entry_contents_a_page_for_each_notebook_and_the_notebooks_themselves(folder):
    names = {path.stem for path in folder.glob("*.html")}
    assert names == {"index", "contents", "GLOSSARY", *SMALL}
    assert {path.stem for path in folder.glob("notebooks/*")} == set(SMALL)
    for path in folder.glob("*.html"):
        assert broken_links(path) == []
        assert len(re.findall(r"<h1\b", text_of(path))) == 1
    handed = json.loads(text_of(folder / "notebooks" / "00_start_here.ipynb"))
    assert "teacher" not in json.dumps(handed) and not any(
        cell.get("outputs") for cell in handed["cells"]
    )


def test_the_contents_name_parts_minutes_and_pages(folder):
    text = text_of(folder / "contents.html")
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", text) == ["By hand", "Beyond"]
    assert re.findall(r'class="minutes">(.*?)<', text) == [
        "20 + 15 minutes",
        "30 minutes",
        "15 minutes",
    ]


def test_a_page_knows_its_neighbours_and_where_else_it_opens(folder):
    text = text_of(folder / "01_softmax.html")
    assert re.search(r'class="previous" href="00_start_here.html"', text)
    assert re.search(r'class="next" href="02_end.html"', text)
    assert '/github/somebody/course/blob/colab/01_softmax.ipynb">Open in Colab' in text
    assert "/gh/somebody/course/HEAD?urlpath=lab/tree/my_course/01_softmax.ipynb" in text
    (download,) = re.findall(r"<a\b[^>]*>(?=Download)", text)
    assert "download=" in download and 'href="notebooks/01_softmax.ipynb"' in download


@pytest.mark.parametrize("told", ["", "https://example.org/somebody/course", "https://github.com/"])
def test_without_an_address_there_is_no_link_that_leads_nowhere(told, monkeypatch):
    monkeypatch.setattr(alone, "address", lambda: told)
    assert site.SitePage("01_softmax").elsewhere == []


def test_every_notebook_says_what_the_contents_show_of_it():
    """Its minutes, what one can do after it, and its part, from the places that say so."""
    can, told = pages.abilities(), site.parts(read(all_notebooks()[0]))
    for path in all_notebooks():
        assert site.sittings(read(path)), path.stem
        assert can.get(path.stem), path.stem
    assert len(set(told.values())) > 3 and "00" in told


def test_what_the_entry_page_shows_stands_in_the_notebooks():
    notebooks = {path.name[:2]: read(path) for path in all_notebooks()}
    for number, name in [site.FIRST, *site.BUILT]:
        cell, words = site.cell_of(notebooks[number], name)
        assert cell.cell_type == "code" and len(words) < 500
    puzzle = site.paragraphs(notebooks[site.PUZZLE])[0]
    assert "?" in puzzle and len(puzzle) < 400
    assert len(site.introduction()) < 500 and not site.introduction().startswith(("#", "!"))


def test_a_sentence_that_stands_within_a_line_brings_no_block_and_no_link():
    made = site.as_sentence("See [there](01_a.ipynb), it is $w$: $$\\frac{1}{2}$$")
    assert not re.search(r"<(p|div|a)\b", made)
    assert made.count("<span") == made.count("</span")
    assert site.as_sentence("A *word*.") == "A <em>word</em>."


def test_a_term_tells_its_sentence_once_and_only_in_running_text(folder):
    text = text_of(folder / "01_softmax.html")
    (link,) = re.findall(r'<a\b[^>]*class="term"[^>]*>(.*?)</a>', text)
    assert link == "weight"
    assert text.index('class="term"') < text.index("<code>weight")
    assert 'class="term"' not in text_of(folder / "00_start_here.html")  # where it is explained


def test_the_table_of_contents_is_that_of_the_page(folder):
    text = text_of(folder / "01_softmax.html")
    toc = re.search(r'<nav class="toc".*?</nav>', text, flags=re.S)[0]
    assert re.findall(r'href="#([^"]+)"', toc) == [
        "What-softmax-does-to-scores",
        "Another-heading",
        "And-one-below",
    ]
    assert 'class="toc"' not in text_of(folder / "02_end.html")  # a single heading needs none


def test_the_index_holds_the_text_and_no_more(folder):
    rows = json.loads(text_of(folder / "search.js").partition(" = ")[2].rstrip(";\n"))
    held = {file: sections for file, _, sections in rows}
    assert set(held) == {"contents.html", "GLOSSARY.html", *(f"{name}.html" for name in SMALL)}
    headings = [heading for _, heading, _ in held["01_softmax.html"]]
    assert "What softmax does to scores" in headings
    words = json.dumps(held["01_softmax.html"])
    assert "Another" in words and "import nnlib" not in words and "is learned" not in words
    assert ["term-weight", "weight"] in [section[:2] for section in held["GLOSSARY.html"]]


def test_a_failing_notebook_is_named_and_no_site_claims_to_be_whole(tmp_path):
    cells = [v4.new_markdown_cell("# 00 · T\n\n10 minutes"), v4.new_code_cell("1 / 0")]
    write(v4.new_notebook(cells=cells, metadata={}), tmp_path / "00_t.ipynb")
    lines, passed = site.write([tmp_path / "00_t.ipynb"], tmp_path / "site", run=pages.run)
    assert not passed and "00_t.ipynb" in lines[0] and "ZeroDivisionError" in lines[0]
    assert not (tmp_path / "site" / "index.html").exists()


# ---------------------------------------------------------------- in a browser


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def served():
    """served(folder) is its address on this machine."""
    servers = []

    def serve(folder):
        handler = functools.partial(Quiet, directory=folder)
        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield functools.cache(serve)
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def opened(chromium, served):
    """opened(path) opens a page from a server; afterwards no other host was asked, and no complaint
    stands on the console."""
    made, said, asked, hosts = [], [], [], set()

    def go(path, **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        made.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        hosts.add(served(path.parent))
        page.goto(f"{served(path.parent)}/{path.name}", wait_until="load")
        return page

    yield go
    for context in made:
        context.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("data:", "blob:", *hosts))] == []


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


REACHABLE = "a[href], button, input, summary"
STAMP = """selector => {
    let n = 0;
    for (const part of document.querySelectorAll(selector)) {
        const box = part.getBoundingClientRect(), style = getComputedStyle(part);
        const folded = part.closest('details:not([open])');
        const shown = box.width && style.visibility === 'visible' && !part.closest('[hidden]')
            && !(folded && !part.closest('summary')) && !part.closest('.tip');
        if (shown) part.dataset.stop = n++;
    }
    return n;
}"""


def check_keyboard(page):
    """Tab reaches all that can be clicked, and each shows that it has the focus."""
    count = page.evaluate(STAMP, REACHABLE)
    seen = set()
    for _ in range(2 * count + 60):
        page.keyboard.press("Tab")
        stop = page.evaluate("document.activeElement.dataset.stop")
        if stop is not None:
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", page.evaluate("document.activeElement.outerHTML")
            seen.add(int(stop))
        if len(seen) == count:
            break
    missed = sorted(set(range(count)) - seen)
    shown = [
        page.locator(f'[data-stop="{n}"]').evaluate("e => e.outerHTML.slice(0, 90)")
        for n in missed[:5]
    ]
    assert not missed, shown


def check_search(page, asked, wanted):
    page.keyboard.press("/")
    page.keyboard.type(asked)
    first = page.locator("dialog.search li a").first
    first.wait_for()
    assert wanted in first.get_attribute("href")
    assert "place" in page.locator("dialog.search [role=status]").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{wanted}*")


def check_terms(page):
    """Every term shows its sentence while it has the focus, within the window, until Escape."""
    for gloss in page.locator("main .gloss").all():
        tip = gloss.locator(".tip")
        assert not tip.is_visible()
        gloss.locator(".term").focus()
        assert tip.is_visible() and tip.inner_text().strip()
        box, wide = tip.bounding_box(), page.evaluate("document.documentElement.clientWidth")
        assert box["x"] >= 0 and box["x"] + box["width"] <= wide
        page.keyboard.press("Escape")
        assert not tip.is_visible()
    return page.locator("main .gloss").count()


def check_without_scripts(page):
    """What stands there can be read, and nothing stands there that does nothing."""
    assert page.locator("main h1").is_visible()
    assert page.locator("main p").first.is_visible()
    assert page.locator("button:visible").count() == 0
    assert all(page.locator("main img").evaluate_all("all => all.map(one => one.naturalWidth > 0)"))
    for toc in page.locator(".toc a").all()[:1]:
        assert toc.is_visible()


def check_axe(page):
    if not AXE.is_file():
        pytest.skip("axe-core is not here")
    page.add_script_tag(content=text_of(AXE))
    page.wait_for_timeout(100)
    faults = page.evaluate("axe.run().then(found => found.violations)")
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(100)
    faults += page.evaluate(
        "axe.run({runOnly: ['color-contrast']}).then(found => found.violations)"
    )
    told = [f"{f['id']}: {f['help']}: {f['nodes'][0]['html'][:120]}" for f in faults]
    assert told == []


@pytest.mark.parametrize("name", ["index", "contents", "GLOSSARY", "01_softmax"])
def test_the_keyboard_reaches_everything(name, folder, opened):
    check_keyboard(opened(folder / f"{name}.html"))


@pytest.mark.parametrize("name", ["index", "contents", "GLOSSARY", *SMALL])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_scrolls_sideways(name, width, folder, opened):
    page = opened(folder / f"{name}.html", viewport={"width": width, "height": 800})
    assert fits(page)
    assert check_terms(page) == (name == "01_softmax")
    assert fits(page)


@pytest.mark.parametrize("name", ["index", "contents", "GLOSSARY", *SMALL])
def test_without_javascript_it_can_be_read(name, folder, opened):
    page = opened(folder / f"{name}.html", java_script_enabled=False)
    check_without_scripts(page)
    if name == "index":
        assert page.locator(".first img").is_visible()  # the slider's first picture


def test_the_search_finds_by_title_by_text_and_by_term(folder, opened):
    page = opened(folder / "index.html")
    check_search(page, "softmax", "01_softmax.html")
    check_search(page, "weight", "GLOSSARY.html#term-weight")
    check_search(page, "naive markup", "01_softmax.html#And-one-below")
    page.keyboard.press("/")
    page.keyboard.type("nonsense")
    page.get_by_text("Nothing found.").wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("dialog.search").is_visible()


def test_the_entry_page_has_a_slider_that_moves_on_the_first_screen(folder, opened):
    for width, height in ((1280, 800), (390, 844)):
        page = opened(folder / "index.html", viewport={"width": width, "height": height})
        handle = page.locator(".first .nnlib-slider input")
        handle.wait_for()
        box = handle.bounding_box()
        assert 0 < box["y"] < height - box["height"]
        before = page.locator(".first .nnlib-slider img").get_attribute("src")
        handle.focus()
        page.keyboard.press("ArrowRight")
        assert page.locator(".first .nnlib-slider img").get_attribute("src") != before
        assert page.locator(".first .nnlib-reading").inner_text() == "slope 10"


def test_the_table_of_contents_follows(folder, opened):
    page = opened(folder / "01_softmax.html", viewport={"width": 1280, "height": 260})
    assert page.locator(".toc [aria-current]").count() == 0
    page.locator("#Another-heading").evaluate("e => e.scrollIntoView({behavior: 'instant'})")
    page.locator(".toc [aria-current]", has_text="heading").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_button_turns_light_to_dark_and_the_next_page_remembers(scheme, folder, opened):
    page = opened(folder / "01_softmax.html", color_scheme=scheme)
    ground = "getComputedStyle(document.body).backgroundColor"
    shades = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 21, 21)"}
    other = {"light": "dark", "dark": "light"}[scheme]
    assert page.evaluate(ground) == shades[scheme]
    page.locator("button.shade").click()
    assert page.evaluate(ground) == shades[other]
    page.locator(".way .next").click()
    page.get_by_role("heading", name="The end").wait_for()
    assert page.evaluate(ground) == shades[other]
    assert (
        page.locator("button.shade").get_attribute("aria-pressed") == str(other == "dark").lower()
    )


def test_in_firefox_from_a_file_sliders_move_and_the_search_finds(folder, firefox):
    firefox.go(folder / "index.html")
    reading = "document.querySelector('.nnlib-reading').textContent"
    assert firefox.evaluate(reading) == "slope 1"
    firefox.evaluate("document.querySelector('.nnlib-slider input').focus()")
    firefox.press(ARROW_RIGHT)
    assert firefox.evaluate(reading) == "slope 10"
    found = """(async () => {
        document.querySelector("button.seek").click();
        const field = document.querySelector("dialog.search input");
        field.value = "softmax";
        for (let i = 0; i < 100; i++) {
            field.dispatchEvent(new Event("input"));
            const link = document.querySelector("dialog.search li a");
            if (link) return link.getAttribute("href");
            await new Promise((go) => setTimeout(go, 50));
        }
    })()"""
    assert firefox.evaluate(found).startswith("01_softmax.html")


@pytest.mark.parametrize("name", ["index", "contents", "GLOSSARY", "00_start_here", "01_softmax"])
def test_axe_finds_nothing(name, folder, opened):
    check_axe(opened(folder / f"{name}.html"))


# ---------------------------------------------------------------- the course itself

NAMES = ["index", "contents", "GLOSSARY", *(path.stem for path in all_notebooks())]


def built(name):
    """A page of the site, when `make site` has made it since the notebooks changed."""
    page = site.TARGET / f"{name}.html"
    newest = max(path.stat().st_mtime for path in all_notebooks())
    if not page.exists() or page.stat().st_mtime < newest:
        pytest.skip("its pages are not built, or have changed since: make site")
    return page


@pytest.mark.parametrize("name", NAMES)
def test_a_built_page_of_the_site(name, opened):
    path = built(name)
    assert broken_links(path) == []
    assert path.stat().st_size <= site.MOST
    page = opened(path)
    assert fits(page)
    check_terms(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert fits(page)
    check_terms(page)


@pytest.mark.parametrize("name", NAMES)
def test_a_built_page_by_keyboard(name, opened):
    check_keyboard(opened(built(name)))


@pytest.mark.parametrize("name", NAMES)
def test_a_built_page_without_javascript(name, opened):
    check_without_scripts(opened(built(name), java_script_enabled=False))


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_in_a_built_page(name, opened):
    check_axe(opened(built(name)))


def test_a_search_of_the_built_course(opened):
    page = opened(built("index"))
    check_search(page, "softmax", "GLOSSARY.html#term-softmax")
    check_search(page, "softmax and cross-entropy", "03_softmax_and_cross_entropy.html")
    check_search(page, "learning rate", "GLOSSARY.html#term-learning-rate")


# A page may be loaded before it is painted: the answer waits for it.
PAINTED = """() => new Promise((done) => new PerformanceObserver((list) => {
    const [first] = list.getEntriesByName("first-contentful-paint");
    if (first) done(first.startTime);
}).observe({ type: "paint", buffered: true }))"""


@pytest.mark.clock
@pytest.mark.parametrize("name", NAMES)
def test_a_built_page_is_shown_in_a_second(name, opened, table):
    page = opened(built(name))
    times = []
    for _ in range(3):
        page.reload(wait_until="load")
        times.append(page.evaluate(PAINTED))
    shown = min(times)
    table(f"{name}: shown after {shown:.0f} ms")
    assert shown < 1000
