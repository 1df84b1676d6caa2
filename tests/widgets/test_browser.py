"""In a real browser: a learner opens the course in JupyterLab, runs it and moves every slider.

Needs Chromium and playwright; skipped by name where one of them is missing.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time

import nbformat
import numpy as np
import pytest

from tools import ROOT, editions
from tools.notebooks import METADATA, all_notebooks, read, tags

# In the page. The kernel's own status counts: the toolbar's comes later.
HELPERS = """window.course = {
    panel: () => window.jupyterapp?.shell.currentWidget,
    kernel: () => course.panel()?.sessionContext?.session?.kernel,
    cells: () => course.panel().content.widgets,
    counts: () => course.cells().filter(cell => cell.model.type === 'code')
        .map(cell => [cell.model.executionCount, cell.model.outputs.toJSON().filter(
            output => output.output_type === 'error' || output.name === 'stderr').length]),
    withSliders: () => course.cells().map((cell, i) =>
        (cell.model.getMetadata('tags') || []).includes('slider') ? i : -1).filter(i => i >= 0),
    goTo: async i => {
        course.panel().content.activeCellIndex = i;
        await course.panel().content.scrollToItem(i, 'start');
    },
    python: async code => {
        const future = course.kernel().requestExecute({code, store_history: false});
        let said = '';
        future.onIOPub = message => {
            if (message.header.msg_type === 'stream') said += message.content.text;
            if (message.header.msg_type === 'error') said += message.content.traceback.join('\\n');
        };
        await future.done;
        return said;
    },
    root: i => course.cells()[i].node.querySelector('.nnlib-slider'),
    seen: async i => {
        const root = course.root(i), image = root.querySelector('img');
        let digest = '';
        try {
            const bytes = await (await fetch(image.src)).arrayBuffer();
            digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))]
                .map(b => b.toString(16).padStart(2, '0')).join('');
        } catch {}  // replaced in this very moment
        const inputs = [...root.querySelectorAll('input')];
        return {
            digest, alt: image.alt, loaded: image.complete && image.naturalWidth > 0,
            reading: root.querySelector('.nnlib-reading').textContent,
            fault: root.querySelector('.nnlib-fault').textContent,
            printed: root.querySelector('pre').textContent,
            places: inputs.map(input => Number(input.value)),
            texts: inputs.map(input => input.getAttribute('aria-valuetext')),
            outputs: [...root.querySelectorAll('output')].map(output => output.textContent),
            labels: inputs.map(input => input.labels[0].textContent),
        };
    },
}"""
# In the kernel: what a new Screen draws of the same values, with what is there now.
FRESH = """exec('''
import hashlib, json, ipywidgets, nnlib
from nnlib.widgets.screen import Screen
from nnlib.widgets.values import text_of
made = ipywidgets.widgets.widget._instances.values()
slider = [widget for widget in made if isinstance(widget, nnlib.widgets.Slider)][{index}]
values = [held[place] for held, place in zip(slider.values, {places})]
make = slider.screen._make
picture, reading = Screen(slider.screen.draw, *make.args, **make.keywords).picture(*values)
digest = hashlib.sha256(picture).hexdigest()
texts = [text_of(value) for value in values]
print(json.dumps(dict(digest=digest, reading=reading, texts=texts, labels=slider.labels)))
''', {{}})"""


class Notebook:
    """An open notebook: what a hand does, and what is to be seen."""

    def __init__(self, browser, address):
        self.page = browser.new_page(viewport={"width": 1300, "height": 1000})
        self.errors = []
        listen = lambda m: self.errors.append(m.text) if m.type == "error" else None  # noqa: E731
        self.page.on("console", listen)
        self.page.add_init_script(HELPERS)
        for _ in range(120):
            try:
                self.page.goto(address)
                break
            except Exception:  # the server is not up yet
                time.sleep(0.5)
        self.wait("course.kernel()?.status === 'idle'")

    def wait(self, condition, seconds=60):
        self.page.wait_for_function(condition, timeout=1000 * seconds)

    def run(self, seconds=120):
        """Run all cells; (execution count, number of errors and warnings) of each code cell."""
        self.page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
        self.wait("course.counts().every(([count]) => count)", seconds)
        self.wait("course.kernel().status === 'idle'")
        return self.page.evaluate("course.counts()")

    def python(self, code):
        return self.page.evaluate("code => course.python(code)", code)

    def go_to(self, cell):
        self.page.evaluate("i => course.goTo(i)", cell)
        self.wait(f"course.root({cell})?.querySelector('img').naturalWidth > 0")

    def focus(self, cell, i=0):
        self.page.evaluate(
            "([c, i]) => course.root(c).querySelectorAll('input')[i].focus()", [cell, i]
        )

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def seen(self, cell):
        return self.page.evaluate("i => course.seen(i)", cell)

    def settled(self, cell, index, seconds=20):
        """What is to be seen, once it is what a new Screen draws of the same values."""
        places = self.seen(cell)["places"]
        said = self.python(FRESH.format(index=index, places=places))
        assert said.startswith("{"), said
        fresh = json.loads(said)
        deadline = time.monotonic() + seconds
        while True:
            seen = self.seen(cell)
            if (seen["digest"], seen["reading"]) == (fresh["digest"], fresh["reading"]):
                break
            assert time.monotonic() < deadline, f"{seen} is not {fresh}"
            time.sleep(0.02)
        assert seen["loaded"] and seen["places"] == places
        assert seen["alt"] == fresh["reading"] != ""
        assert seen["texts"] == seen["outputs"] == fresh["texts"]
        assert seen["labels"] == fresh["labels"]
        assert seen["fault"] == seen["printed"] == ""
        return seen

    def close(self):
        self.page.evaluate("course.panel().sessionContext.shutdown()")
        self.page.close()


@pytest.fixture(scope="module")
def lab(chromium, tmp_path_factory):
    """JupyterLab on a learner's copy of the course; the address of a notebook in it."""
    folder = tmp_path_factory.mktemp("course")
    editions.lay_out(folder / "my_course")
    shutil.copytree(ROOT / "figures", folder / "figures")
    for name, sources in OWN.items():
        cells = [
            nbformat.v4.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)
        ]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
        nbformat.write(notebook, folder / "my_course" / name)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--allow-root"),
        *(f"--port={port}", "--IdentityProvider.token=course", f"--ServerApp.root_dir={folder}"),
        *("--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None"),
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    log = (folder / "lab.log").open("w")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    yield lambda name: f"http://127.0.0.1:{port}/lab/tree/my_course/{name}?token=course&reset"
    server.terminate()
    server.wait(20)
    log.close()


@pytest.fixture
def opened(lab, chromium):
    """opened(name) opens a notebook in a page of its own; all are closed afterwards."""
    notebooks = []

    def open_one(name):
        notebooks.append(Notebook(chromium, lab(name)))
        return notebooks[-1]

    yield open_one
    for notebook in notebooks:
        notebook.close()


COURSE = [
    path
    for path in all_notebooks()
    if path.name[:2] in ("01", "10") or any("slider" in tags(cell) for cell in read(path).cells)
]


@pytest.mark.parametrize("path", COURSE, ids=[path.name[:2] for path in COURSE])
def test_a_notebook_runs_from_top_to_bottom_and_its_sliders_move(path, opened):
    """By keyboard; each picture is the one that draw gives for that value, after all cells ran."""
    notebook = opened(path.name)
    state = notebook.run()
    assert [count for count, _ in state] == list(range(1, len(state) + 1))
    assert sum(faults for _, faults in state) == 0
    cells = notebook.page.evaluate("course.withSliders()")
    assert len(cells) == sum("slider" in tags(cell) for cell in read(path).cells)
    for index, cell in enumerate(cells):
        notebook.go_to(cell)
        first = notebook.settled(cell, index)
        for i in range(len(first["places"])):
            start = first["places"][i]
            notebook.focus(cell, i)
            pictures, readings = [first["digest"]], [first["reading"]]
            notebook.press("End")
            last = notebook.settled(cell, index)
            notebook.press("Home")
            low = notebook.settled(cell, index)
            assert low["places"][i] == 0 < last["places"][i]
            notebook.press("ArrowRight")
            second = notebook.settled(cell, index)
            assert second["places"][i] == 1
            for seen in (last, low, second):
                pictures.append(seen["digest"])
                readings.append(seen["reading"])
            notebook.press(*["ArrowRight"] * (start - 1), *["ArrowLeft"] * (1 - start))
            again = notebook.settled(cell, index)
            assert (again["places"], again["digest"]) == (first["places"], first["digest"])
            assert len(set(pictures)) >= 3 - (start in (0, 1)) and len(set(readings)) >= 2
    assert notebook.errors == []
    assert notebook.page.locator(".jp-RenderedImage img").count() > 0
    if path.name.startswith("01"):
        assert notebook.page.locator("mjx-container").count() > 20  # formulas are typeset


SMALL = """
import nnlib as nn
def draw(ax, k):
    ax.set(xlim=(0, 1), ylim=(0, 1), title=f"{NAME} {k}")
    ax.plot([0, 1], [0, k / 201])
    return f"{NAME} {k}: the line ends at {k / 201:.3f}"
"""
WATCH = 'nn.widgets.watch(draw, {"steepness": range(202)}, start=100, size=(4, 2.4))'
TRAINED = """
import matplotlib.pyplot as plt
import ipywidgets
import nnlib as nn
X, y = nn.data.moons(200, noise=0.2, rng=0)
rates = nn.widgets.log_steps(0.01, 3, 60)
def draw(axes, lr):
    sizes = [nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 2)]
    net = nn.Sequential(*sizes, rng=0, dtype="float32")
    sgd = nn.SGD(net, lr=lr)
    history = nn.fit(net, X, y, loss=nn.CrossEntropyLoss(), optimizer=sgd, epochs=300,
                     batch_size=200, rng=0)
    nn.plots.boundary(net.predict, X, y, ax=axes[0], resolution=60)
    nn.plots.curves({"loss": history.loss}, ax=axes[1])
    axes[1].set_ylim(0, 1)
    axes[0].set_title(f"learning rate {lr:g}")
    return f"learning rate {lr:g}: loss {history.loss[-1]:.2f}"
"""
INTERACT = """
def shown(lr):
    fig, axes = nn.plots.figure(columns=2, size=(9.6, 3.2))
    print(draw(axes, lr))
    plt.show()
ipywidgets.interact(shown, lr=ipywidgets.SelectionSlider(options=rates, value=rates[1]))
"""
READERS = """
import nnlib as nn
dense = nn.Sequential(nn.Linear(784, 10), rng=0)
conv = nn.Sequential(nn.Conv2d(1, 2, 5), nn.ReLU(), nn.Flatten(), nn.Linear(1152, 10), rng=1)
from nnlib.widgets import canvas
painting = canvas.Painting({"the first": dense, "the second": conv}, 28, shift=5, why=True)
painting
"""
OWN = {
    "readers.ipynb": [READERS],
    "left.ipynb": ['NAME = "left"' + SMALL, WATCH, "import time\ntime.sleep(0)"],
    "right.ipynb": ['NAME = "right"' + SMALL, WATCH],
    "fast.ipynb": [
        TRAINED,
        """nn.widgets.watch(draw, {"learning rate": rates}, start=rates[1], columns=2,
                             size=(9.6, 3.2))""",
        INTERACT,
    ],
}


def test_two_hundred_moves_in_a_burst_end_on_the_last_one(opened):
    notebook = opened("left.ipynb")
    notebook.run()
    notebook.go_to(1)
    memory = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    burst = """async ([cell, from, to]) => {
        const input = course.root(cell).querySelector('input');
        for (let k = from; k !== to; k += Math.sign(to - from)) {
            input.value = k + Math.sign(to - from);
            input.dispatchEvent(new Event('input', {bubbles: true}));
            if (k % 4 === 0) await new Promise(done => setTimeout(done, 1));
        }
    }"""
    notebook.page.evaluate(
        """() => {
            const make = URL.createObjectURL, end = URL.revokeObjectURL;
            window.urls = new Set();
            URL.createObjectURL = blob => { const url = make(blob); urls.add(url); return url };
            URL.revokeObjectURL = url => { urls.delete(url); end(url) };
        }"""
    )
    held = []
    for start, end in [(0, 201), (201, 0), (0, 201)]:
        notebook.focus(1)
        notebook.press("Home" if start == 0 else "End")
        notebook.settled(1, 0)
        notebook.page.evaluate(burst, [1, start, end])
        assert notebook.settled(1, 0)["places"] == [end]
        held.append(int(notebook.python(memory)))
    notebook.focus(1)  # and with a key held down, as fast as a keyboard can
    for _ in range(200):
        notebook.page.keyboard.down("ArrowLeft")
    notebook.page.keyboard.up("ArrowLeft")
    assert notebook.settled(1, 0)["places"] == [1]
    assert int(notebook.python(memory)) - held[0] < 30_000  # kilobytes
    assert notebook.page.evaluate("urls.size") <= 1
    assert notebook.page.evaluate("course.root(1).querySelectorAll('*').length") < 20
    assert notebook.errors == []


def test_two_notebooks_side_by_side_do_not_disturb_each_other(opened):
    pair = {name: opened(f"{name}.ipynb") for name in ("left", "right")}
    for notebook in pair.values():
        notebook.run()
        notebook.go_to(1)
        notebook.focus(1)
    for _ in range(5):
        pair["left"].press("ArrowRight")
        pair["right"].press("ArrowLeft", "ArrowLeft")
    assert pair["left"].settled(1, 0)["reading"].startswith("left 105:")
    assert pair["right"].settled(1, 0)["reading"].startswith("right 90:")
    assert pair["left"].errors == pair["right"].errors == []


def test_a_slider_is_reached_and_read_without_a_mouse_or_a_picture(opened):
    notebook = opened("left.ipynb")
    notebook.run()
    notebook.go_to(1)
    active = "course.panel().content.activeCellIndex"
    before = notebook.page.evaluate(active)
    notebook.focus(1)
    notebook.press("ArrowDown", "ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft", "PageUp")
    seen = notebook.settled(1, 0)
    assert seen["places"][0] > 100
    assert notebook.page.evaluate(active) == before
    assert notebook.page.evaluate("document.activeElement.type") == "range"

    session = notebook.page.context.new_cdp_session(notebook.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    told = [
        (node["role"]["value"], node.get("name", {}).get("value", ""), node)
        for node in nodes
        if not node["ignored"]
    ]
    (slider,) = [node for role, name, node in told if (role, name) == ("slider", "steepness")]
    properties = {entry["name"]: entry["value"].get("value") for entry in slider["properties"]}
    assert properties["valuetext"] == str(seen["places"][0])
    assert any((role, name) == ("image", seen["reading"]) for role, name, _ in told)
    assert any(role == "status" for role, _, _ in told)

    notebook.press("Tab")
    assert "play" in notebook.page.evaluate("document.activeElement.textContent")
    notebook.press("Enter")
    notebook.wait("course.root(1).querySelector('button').textContent.includes('pause')")
    place = seen["places"][0]
    notebook.wait(f"Number(course.root(1).querySelector('input').value) >= {place + 2}")
    notebook.press("Space")
    notebook.wait("course.root(1).querySelector('button').textContent.includes('play')")
    notebook.settled(1, 0)
    notebook.press("Tab")
    assert "reset" in notebook.page.evaluate("document.activeElement.textContent")
    notebook.press("Enter")
    assert notebook.settled(1, 0)["places"] == [100]
    notebook.press("Shift+Tab", "Shift+Tab", "ArrowRight")
    assert notebook.settled(1, 0)["places"] == [101]
    assert notebook.page.evaluate(active) == before
    assert notebook.errors == []


def test_while_a_cell_runs_the_slider_says_so_and_follows(opened):
    """It waits for the cell: beside it, the two would mix what they print and how they draw."""
    notebook = opened("left.ipynb")
    notebook.run()
    notebook.go_to(1)
    cell = """import threading, time
threads = set()
def draw_and_tell(ax, k):
    threads.add(threading.current_thread() is threading.main_thread())
    print('of the slider')
    return draw(ax, k)
exec('import ipywidgets\\nfor w in list(ipywidgets.widgets.widget._instances.values()):'
     '\\n    if isinstance(w, nn.widgets.Slider): w.screen.draw = draw_and_tell')
for i in range(10):
    time.sleep(0.5)
    print(i, threads)"""
    notebook.page.evaluate("code => { window.said = course.python(code) }", cell)
    notebook.focus(1)
    notebook.press("ArrowRight")
    fault = "course.root(1).querySelector('.nnlib-fault').textContent"
    notebook.wait(f"{fault}.includes('still running')", 10)
    said = notebook.page.evaluate("said")
    assert said == "".join(f"{i} set()\n" for i in range(10))
    notebook.wait(f"{fault} === ''", 20)
    assert notebook.python("print(threads)") == "{True}\n"
    seen = notebook.seen(1)
    assert (seen["reading"][:8], seen["printed"]) == ("left 101", "of the slider\n")
    assert notebook.errors == []


def test_after_a_restart_the_slider_says_what_to_do(opened):
    notebook = opened("right.ipynb")
    notebook.run()
    notebook.go_to(1)
    notebook.page.evaluate("course.panel().sessionContext.restartKernel()")
    notebook.wait("course.kernel()?.status === 'idle'")
    notebook.focus(1)
    notebook.press("ArrowRight")
    notebook.wait(
        "course.root(1).querySelector('.nnlib-fault').textContent.includes('run this cell again')"
    )
    notebook.run()
    notebook.go_to(1)
    notebook.focus(1)
    notebook.press("ArrowRight")
    assert notebook.settled(1, 0)["places"] == [101]


@pytest.mark.clock
def test_a_whole_training_is_seen_within_a_tenth_of_a_second(opened, table):
    """From the key to the loaded picture, 50 moves; beside ipywidgets.interact in the same run."""
    notebook = opened("fast.ipynb")
    notebook.run()
    page = notebook.page
    page.evaluate("""() => {
        window.taken = [];
        document.addEventListener('keydown', () => { window.pressed = performance.now() }, true);
        document.addEventListener('load', event => {
            if (event.target.tagName === 'IMG') taken.push(performance.now() - pressed);
        }, true);
    }""")
    rivals = {"a slider of ours": (1, ".nnlib-slider input"), "interact": (2, ".noUi-handle")}
    taken = {name: [] for name in rivals}
    for name, (cell, handle) in 5 * list(rivals.items()):  # in turns, so that noise meets both
        page.evaluate("i => course.goTo(i)", cell)
        page.locator(handle).first.focus()
        page.evaluate("taken = []")
        for k in range(10):
            page.keyboard.press("ArrowRight")
            # asked rarely: a question at every frame would take a core from what is measured
            page.wait_for_function(f"taken.length > {k}", timeout=10_000, polling=100)
            time.sleep(0.03)
        taken[name] += page.evaluate("taken")
    found = {name: np.percentile(times, [50, 95]) for name, times in taken.items()}
    for name, (median, high) in found.items():
        what = f"key to picture, 300 epochs on 200 moons, {name}"
        table(f"{what}: median {median:.0f} ms, 95 of 100 under {high:.0f} ms")
    ours, theirs = found.values()
    assert ours[0] < 0.5 * theirs[0]  # quiet: 0.26 to 0.36
    # A quiet machine gave 86 to 111 ms (interact 227 to 333), one half as fast 180 (443).
    assert ours[0] < 400
    assert notebook.errors == []
