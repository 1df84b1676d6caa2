"""The pass in the page: its numbers are nnlib's, it is read and moved by hand, by key and by ear.

The driving needs Chromium and playwright, and Firefox; skipped by name where one is missing.
"""

import base64
import json

import numpy as np
import pytest
import test_browser
from firefox import ARROW_RIGHT

import nnlib as nn
from nnlib.lessons import stepper
from nnlib.widgets import steps
from nnlib.widgets.browser import FRONT
from tools import pages

lab, opened = test_browser.lab, test_browser.opened  # fixtures

TABLE = stepper.table()
SOURCE = base64.b64encode((FRONT / "stepper.js").read_bytes()).decode("ascii")
MODULE = f'import("data:text/javascript;base64,{SOURCE}")'
WIDTHS = {"a phone": 390, "a page": 900, "a wide window": 1500}


def test_without_a_kernel_a_sentence_stands_there_and_on_a_page_the_steps(monkeypatch):
    made = steps.Steps(table=TABLE)
    assert made._repr_mimebundle_()[0]["text/plain"] == steps.NO_STEPS
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **how: shown.append(data))
    stepper.walk()
    assert isinstance(shown[0], steps.Steps) and shown[0].table == TABLE
    monkeypatch.setenv("NNLIB_PAGES", "1")
    stepper.walk()
    assert shown[1] == {"text/html": steps.page(TABLE), "text/plain": steps.NO_STEPS}


# ---------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A page with the steps, as `make pages` writes it, as wide as the window."""
    path = tmp_path_factory.mktemp("steps") / "steps.html"
    body = f"<style>body {{ max-width: none !important }}</style>{steps.page(TABLE)}<h2>Next</h2>"
    path.write_text(pages.framed(pages.Page("steps", "Steps"), body), encoding="utf-8")
    return path


@pytest.fixture
def at(chromium, file):
    """at(width, ...) opens the page in a window of this width; nothing may complain."""
    said, windows = [], []

    def open_one(width=900, **options):
        window = chromium.new_page(viewport={"width": width, "height": 900}, **options)
        windows.append(window)
        window.on("console", lambda message: said.append(message.text))
        window.on("pageerror", lambda error: said.append(str(error)))
        window.goto(file.as_uri())
        window.locator(".nnlib-steps input").wait_for()
        return window

    yield open_one
    for window in windows:
        window.close()
    assert said == []


def numbers_of(rng):
    """Any 17 numbers that a hand may set, and the network that has them."""
    W1, b1, W2, b2 = (rng.integers(-20, 21, n) / 10 for n in [(3, 2), 2, (2, 3), 3])
    net = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3), rng=0)
    net.layers[0].W, net.layers[0].b, net.layers[2].W, net.layers[2].b = W1, b1, W2, b2
    numbers = {name: TABLE["numbers"][name] for name in ("x_1", "x_2", "x_3")}
    for letter, held in (("w", W1), ("b", b1), ("u", W2), ("c", b2)):
        for place, number in np.ndenumerate(held):
            numbers[f"{letter}_{''.join(str(k + 1) for k in place)}"] = float(number)
    return numbers, net


def arrays(values, letter, shape, after=""):
    names = ["".join(str(k + 1) for k in place) for place in np.ndindex(*shape)]
    return np.reshape([values[f"{letter}_{name}{after}"] for name in names], shape)


def test_javascript_computes_what_numpy_computes(at, worst):
    """For 200 settings of the 17 numbers: probabilities, loss, all blames, the update, the end."""
    rng = np.random.default_rng(0)
    settings = [numbers_of(rng) for _ in range(200)]
    found = at().evaluate(
        f"""async ([steps, settings]) => {{
            const {{ pass }} = await {MODULE};
            return settings.map((numbers) => pass(steps, numbers).slice(-2));
        }}""",
        [TABLE["steps"], [numbers for numbers, _ in settings]],
    )
    fruit, loss, error, closed = nn.data.fruit(), nn.CrossEntropyLoss(), 0, 0

    def compare(own, library):
        nonlocal error
        error = max(error, np.abs(own - library).max())

    for (_, net), (values, again) in zip(settings, found, strict=True):
        Z2 = net(fruit.X[:1])
        compare(arrays(values, "s", (3,)), Z2[0])
        compare(arrays(values, "p", (3,)), nn.softmax(Z2)[0])
        compare(values["L"], loss(Z2, fruit.y[:1]))
        net.backward(loss.backward())
        first, _, second = net.layers
        closed += bool((first(fruit.X[:1]) <= 0).any())
        held = {"w": first.W, "b": first.b, "u": second.W, "c": second.b}
        blames = {"dw": first.dW, "db": first.db, "du": second.dW, "dc": second.db}
        for letter, blame in blames.items():
            compare(arrays(values, letter, blame.shape), blame)
        nn.SGD(net, lr=0.1).step()
        for letter, moved in held.items():
            compare(arrays(values, letter, moved.shape, "_new"), moved)
        compare(again["L"], loss(net(fruit.X[:1]), fruit.y[:1]))
    worst("the pass in JavaScript against nnlib, 200 settings of the 17 numbers", error)
    assert error < 1e-12 and closed > 50


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_every_step_is_read_as_python_reads_it_and_nothing_lies_on_another(width, at):
    page = at(width, reduced_motion="reduce")
    slider = page.locator(".nnlib-steps input")
    slider.focus()
    for name in stepper.STEPS:
        assert slider.get_attribute("aria-valuetext") == stepper._seen()[name]["reading"]
        assert page.locator(".nnlib-steps output").inner_text() == name
        assert page.evaluate(LYING) == []
        new = len(stepper._seen()[name]["new"])
        assert page.locator('.nnlib-number[data-state="new"]:visible').count() == new
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# Texts that are cut off by the drawing, or lie on one another, in the units of the drawing.
LYING = """() => {
    const svg = document.querySelector('.nnlib-steps svg');
    const { width, height } = svg.viewBox.baseVal;
    const seen = [...svg.querySelectorAll(':not(.nnlib-flight) > text')]
        .filter(text => text.getClientRects().length)
        .map(text => [text.textContent, text.getBBox()]);
    const faults = [];
    seen.forEach(([name, a], i) => {
        if (a.x < 0 || a.x + a.width > width) faults.push(name);
        if (a.y < 0 || a.y + a.height > height) faults.push(name);
        for (const [other, b] of seen.slice(0, i)) {
            const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
            const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
            if (wide > 2 && high > 4) faults.push(`${name} on ${other}`);
        }
    });
    return faults;
}"""


def luminance(colour):
    rgb = np.array(colour) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ (
        0.2126,
        0.7152,
        0.0722,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_number_stands_out_from_its_ground(scheme, at):
    page = at(color_scheme=scheme)
    page.locator(".nnlib-steps input").press("End")
    colours = page.evaluate(
        """() => [...document.querySelectorAll('.nnlib-steps svg text')].map(text => {
            const style = getComputedStyle(text);
            return [style.fill, style.stroke, Number(style.opacity)];
        })"""
    )
    assert len(colours) > 40
    for text, ground, opacity in colours:
        pair = [luminance(json.loads(f"[{c[4:-1]}]")) + 0.05 for c in (text, ground)]
        assert opacity == 1 and max(pair) / min(pair) >= 4.5
    body = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert {ground for _, ground, _ in colours} == {body}


def test_a_number_is_dragged_and_everything_answers(at):
    page = at()
    number = page.get_by_role("slider", name="u₁₂")
    box = number.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=5)
    page.mouse.up()
    assert number.get_attribute("aria-valuenow") == "-0.1"
    told = page.locator(".nnlib-answer p")
    numbers = TABLE["numbers"] | {"u_12": -0.1}
    W2 = nn.data.fruit().W2.copy()
    W2[0, 1] = numbers["u_12"]
    fruit = nn.data.fruit()
    A = np.maximum(0, fruit.X[:1] @ fruit.W1 + fruit.b1)
    P = nn.softmax(A @ W2 + fruit.b2)[0]
    blame = A[0, 0] * (P[1] - 1)
    said = told.inner_text().replace("−", "-")
    assert said.startswith("u₁₂ -0.6 → -0.1: loss 1.8027 → ")
    assert f"→ {-np.log(P[1]):.4f}".rstrip("0") in said and f"{blame:.4f}".rstrip("0") in said
    shares = page.locator(".nnlib-answer li > :last-child").all_inner_texts()
    assert shares == [f"{p:.4f}" for p in P]
    page.get_by_role("button", name="reset").click()
    assert number.get_attribute("aria-valuenow") == "-0.6" and not told.is_visible()


def test_all_17_numbers_are_labelled_and_move_by_key(at):
    page = at()
    handles = page.locator('.nnlib-steps [role="slider"]').all()
    assert len(handles) == 17
    labels = {handle.get_attribute("aria-label") for handle in handles}
    assert len(labels) == 17
    assert "w₂₁, weight from long to hidden unit 1" in labels and "c₂, bias of banana" in labels
    for handle in handles:
        start = float(handle.get_attribute("aria-valuenow"))
        handle.press("ArrowUp")
        assert float(handle.get_attribute("aria-valuenow")) == pytest.approx(start + 0.1)
        handle.press("End")
        assert handle.get_attribute("aria-valuenow") == "2"
        handle.press("Delete")
        assert float(handle.get_attribute("aria-valuenow")) == start
    assert not page.locator(".nnlib-answer").is_visible()


def test_words_stay_true_when_a_gate_closes(at):
    page = at()
    page.get_by_role("slider", name="b₁").press("Home")
    slider = page.locator(".nnlib-steps input")
    slider.focus()
    for _ in range(stepper.STEPS.index("dz_1")):
        page.keyboard.press("ArrowRight")
    assert page.locator(".nnlib-words").inner_text() == stepper.CLOSED
    assert "· 0" in page.locator(".nnlib-lines").inner_text()
    assert slider.get_attribute("aria-valuetext").startswith("Backward: dz_1 = 0.")


def test_values_travel_unless_motion_is_unwelcome(at):
    step = """() => {
        const slider = document.querySelector('.nnlib-steps input');
        slider.value = 1;
        slider.dispatchEvent(new Event('input'));
        return document.querySelectorAll('.nnlib-flight').length;
    }"""
    page = at()
    assert page.evaluate(step) == 3 * 2 + 1  # three products in two parts, and the bias
    page.locator(".nnlib-flight").last.wait_for(state="detached", timeout=10_000)
    assert at(reduced_motion="reduce").evaluate(step) == 0


def test_presenting_each_key_is_a_step_of_the_pass(at):
    page = at(1280)
    page.locator("button.present").first.click()
    shown = page.locator(".nnlib-steps output")
    for name in stepper.STEPS[1:4]:
        page.keyboard.press("ArrowRight")
        assert shown.inner_text() == name
    page.keyboard.press("ArrowLeft")
    assert shown.inner_text() == stepper.STEPS[2]
    page.locator(".nnlib-steps input").press("End")
    page.evaluate("document.activeElement.blur()")
    before = page.evaluate("scrollY")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("scrollY") > before and shown.inner_text() == stepper.STEPS[-1]


@pytest.mark.clock
def test_a_step_is_painted_within_a_tenth_of_a_second(at, table):
    page = at()
    page.evaluate("""() => {
        window.taken = [];
        document.addEventListener('keydown', () => {
            const pressed = performance.now();
            requestAnimationFrame(() => setTimeout(() => taken.push(performance.now() - pressed)));
        }, true);
    }""")
    slider = page.locator(".nnlib-steps input")
    for _ in range(30):
        slider.press("ArrowRight")
        page.wait_for_timeout(60)
    number = page.get_by_role("slider", name="w₁₁")
    for _ in range(10):
        number.press("ArrowUp")
        page.wait_for_timeout(60)
    median, high = np.percentile(page.evaluate("taken"), [50, 95])
    table(f"key to painted step: median {median:.0f} ms, 95 of 100 under {high:.0f} ms")
    assert median < 100


def test_in_firefox_every_step_is_read_as_python_reads_it(file, firefox):
    slider = "document.querySelector('.nnlib-steps input')"
    firefox.go(file)
    firefox.evaluate(f"{slider}.focus()")
    for name in stepper.STEPS:
        said = firefox.evaluate(f"{slider}.getAttribute('aria-valuetext')")
        assert said == stepper._seen()[name]["reading"]
        assert firefox.evaluate(f"({LYING})()") == []
        firefox.press(ARROW_RIGHT)


def test_in_jupyterlab_the_steps_move_and_a_number_too(opened):
    notebook = opened("01_one_pass_by_hand.ipynb")
    notebook.run()
    page = notebook.page
    cell = page.evaluate("course.cells().findIndex(cell => cell.model.id === 'stepper')")
    page.evaluate("i => course.goTo(i)", cell)
    slider = page.locator(".nnlib-steps input")
    slider.wait_for()
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == stepper._seen()["z_1"]["reading"]
    number = page.get_by_role("slider", name="w₁₁")
    number.press("ArrowUp")
    assert number.get_attribute("aria-valuenow") == "1"
    assert "1.2" in page.locator(".nnlib-lines b").inner_text()
    assert notebook.errors == []
