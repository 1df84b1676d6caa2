"""The canvas on a page without a kernel: the browser makes the same pixels of the same strokes, and
reads them as NumPy does.

Needs Chromium and playwright; skipped by name where one of them is missing.
"""

import os
from pathlib import Path

import numpy as np
import pytest
from test_strokes import DRAWN, SEVEN

import nnlib as nn
from nnlib.widgets import Painting, canvas, pixels_of
from nnlib.widgets.browser import module as address
from nnlib.widgets.packed import LARGE, bits_for, leaves, packed, rounded
from nnlib.widgets.strokes import moved
from tools.pages import ALLOWED

DIGIT = pixels_of(SEVEN, side=28)


def dense(rng=0, hidden=20, **options):
    layers = [nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10)]
    return nn.Sequential(*layers, rng=rng, **options)


def convolution(rng=0):
    first = [
        nn.Conv2d(1, 3, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(3, 4, 3, stride=2, padding=1),
    ]
    last = [nn.LeakyReLU(0.1), nn.MaxPool2d(3, stride=2), nn.Flatten(), nn.Linear(16, 10)]
    return nn.Sequential(*first, *last, rng=rng, dtype="float32")


def small(rng=0):
    """Pictures of 8 × 8, a network in a network, and the other activations."""
    inner = nn.Sequential(nn.Linear(12, 9), nn.Sigmoid(), nn.Dropout(0.3, rng=0))
    return nn.Sequential(nn.Linear(64, 12), nn.Tanh(), inner, nn.Linear(9, 10), rng=rng)


NETS = {"dense": (dense, 28), "convolution": (convolution, 28), "small": (small, 8)}
NETS["large"] = (lambda rng: dense(rng, hidden=80), 28)  # in 8 bits


# ---------------------------------------------------------------- in little room


@pytest.mark.parametrize("name, bits", [("dense", 16), ("large", 8), ("convolution", 16)])
def test_a_weight_is_rounded_by_half_a_step_at_most(name, bits):
    net = NETS[name][0](0)
    assert bits_for(net) == bits and (net.theta.size > LARGE) == (bits == 8)
    before = net.theta.copy()
    for layer, other in zip(leaves(net), leaves(rounded(net)), strict=True):
        if layer.size:
            units = layer.W.reshape(len(layer.W), -1) if layer.W.ndim == 4 else layer.W.T
            theirs = other.W.reshape(len(other.W), -1) if layer.W.ndim == 4 else other.W.T
            step = np.abs(units).max(axis=1, keepdims=True) / (2 ** (bits - 1) - 1)
            assert np.all(np.abs(units - theirs) <= 0.501 * step)
            assert np.any(units != theirs) and np.abs(layer.b - other.b).max() < 1e-6
    assert np.array_equal(net.theta, before)


def test_a_unit_without_weights_and_one_with_huge_ones_survive():
    net = dense()
    net.layers[0].W[:, 3] = 0
    net.layers[0].W[:, 4] *= 1e6
    W = rounded(net).layers[0].W
    assert not W[:, 3].any() and np.allclose(W[:, 4], net.layers[0].W[:, 4], rtol=0, atol=1e2)
    assert np.abs(W[:, 5] - net.layers[0].W[:, 5]).max() < 1e-4


class Own(nn.ReLU):
    """A layer of a learner's own: only Python knows what it does."""


@pytest.mark.parametrize("last", [Own, nn.Softmax, nn.Sigmoid])
def test_what_a_browser_could_not_run_stays_here(last):
    net = nn.Sequential(nn.Linear(784, 4), last(), rng=0)
    assert packed(net) is None
    if last is nn.Softmax:
        assert Painting(net, side=28).on_a_page() is None


# ---------------------------------------------------------------- in a browser


@pytest.fixture
def page(chromium):
    page = chromium.new_page(viewport={"width": 900, "height": 1200})
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    # a hint about speed, for this test alone reads pictures back
    assert [text for text in said if "willReadFrequently" not in text] == []


@pytest.fixture
def module(page):
    page.evaluate("async (place) => { window.canvas = await import(place) }", address(canvas.ALONE))
    return page


def plain(strokes):
    return [np.asarray(stroke, dtype=float).tolist() for stroke in strokes]


@pytest.mark.parametrize("side", [8, 28])
def test_the_browser_makes_the_same_pixels(side, module):
    rng = np.random.default_rng(side)
    walks = [
        [
            np.cumsum(rng.normal(scale=0.06, size=(rng.integers(1, 25), 2)), axis=0) + 0.5
            for _ in range(rng.integers(1, 4))
        ]
        for _ in range(40)
    ]
    cases = [plain(strokes) for strokes in [*DRAWN, *walks, [], [[(0.3, 0.3)]]]]
    theirs = module.evaluate(
        "([cases, side]) => cases.map(one => [...canvas.pixelsOf(one, side)])", [cases, side]
    )
    for strokes, pixels in zip(cases, theirs, strict=True):
        assert np.abs(pixels_of(strokes, side) - pixels).max() <= 1e-12
    shifts = [(2, 0), (-3, 1), (40, 0)]
    if side == 28:
        for right, down in shifts:
            pixels = module.evaluate(
                "([pixels, right, down]) => [...canvas.moved(pixels, right, down)]",
                [DIGIT.tolist(), right, down],
            )
            assert np.array_equal(pixels, moved(DIGIT, right, down))


@pytest.mark.parametrize("name", NETS)
def test_the_browser_reads_as_numpy_does(name, module):
    """Probabilities and the slopes of the winning score, of pictures painted and of noise."""
    make, side = NETS[name]
    rng = np.random.default_rng(0)
    pictures = [pixels_of(strokes, side) for strokes in DRAWN] + list(rng.random((3, side**2)))
    for seed in range(2):
        net = make(seed)
        net.theta += rng.normal(scale=0.05, size=net.theta.size).astype(net.dtype)
        reader = canvas.Reader(rounded(net), side)
        theirs = module.evaluate(
            "([net, side, pictures]) => { const reader = canvas.networkOf(net, side);"
            "return pictures.map(one => reader.read(one, true)) }",
            [packed(net), side, [each.tolist() for each in pictures]],
        )
        shown = []
        for pixels, answer in zip(pictures, theirs, strict=True):
            P = reader.probabilities(pixels)
            assert np.abs(P - answer["probabilities"]).max() < 1e-10
            assert np.abs(reader.slopes(pixels) - answer["slopes"]).max() < 1e-10
            shown.append(P)
        assert np.ptp(shown, axis=0).max() > 0.01  # the pictures differ in what is read


def on_a_page(painting, folder):
    """A file with this canvas alone, as strict as the pages of the course."""
    (folder / "page.html").write_text(
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{ALLOWED}"><link rel="icon" href="data:,">{painting.on_a_page()}',
        encoding="utf-8",
    )
    return folder / "page.html"


def test_a_hand_paints_on_a_page(page, tmp_path):
    nets = {"dense": dense(), "convolution": convolution()}
    painting = Painting(nets, side=28, shift=5, why=True)
    page.goto(on_a_page(painting, tmp_path).as_uri())
    paper = page.locator(".nnlib-paint-paper")
    paper.wait_for()
    reading = page.locator(".nnlib-paint-reading")
    nothing = "Nothing is painted yet."
    assert reading.inner_text() == nothing

    box = paper.bounding_box()
    way = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in SEVEN[0]]
    page.mouse.move(*way[0])
    page.mouse.down()
    for place in way[1:]:
        page.mouse.move(*place)
    page.mouse.up()

    def says(text):
        condition = "text => document.querySelector('.nnlib-paint-reading').textContent === text"
        page.wait_for_function(condition, arg=text, timeout=20_000)

    def as_wanted(strokes, shift=0):
        """All that is shown is what NumPy says of the rounded networks."""
        pixels = moved(pixels_of(strokes, side=28), shift)
        readers = {name: canvas.Reader(rounded(net), 28) for name, net in nets.items()}
        read = {name: reader.probabilities(pixels) for name, reader in readers.items()}
        told = [f"{name.capitalize()} reads {canvas.in_words(P)}." for name, P in read.items()]
        says("\n".join(told))
        alts = page.locator(".nnlib-paint-why")
        for n, (name, P) in enumerate(read.items()):
            slopes = readers[name].slopes(pixels)
            bars = page.locator("ol").nth(n).locator(".nnlib-paint-bar")
            widths = bars.evaluate_all("bars => bars.map(bar => parseFloat(bar.style.width))")
            assert np.abs(np.array(widths) / 100 - P).max() < 1e-5
            assert page.locator("ol").nth(n).locator(".nnlib-paint-first").count() == 1
            row, column = np.array(divmod(int(slopes.argmax()), 28)) + 1
            wanted = f"the score of {P.argmax()} most in row {row}, column {column}, "
            assert wanted in alts.nth(n).get_attribute("aria-label")
        seen = page.locator(".nnlib-paint-seen").evaluate(
            "paper => [...paper.getContext('2d').getImageData(0, 0, 28, 28).data]"
        )
        grey = np.array(seen).reshape(784, 4)[:, 0]
        assert np.abs(255 * (1 - pixels) - grey).max() <= 0.51

    strokes = [[[round(x, 3), round(y, 3)] for x, y in SEVEN[0]]]
    as_wanted(strokes)
    slider = page.locator(".nnlib-paint input")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "2 pixels to the right"
    as_wanted(strokes, 2)
    page.keyboard.press("Home")
    assert page.locator(".nnlib-paint output").inner_text() == "5 pixels to the left"
    as_wanted(strokes, -5)
    page.get_by_role("button", name="clear").click()
    says(nothing)
    assert page.locator(".nnlib-paint-first").count() == 0
    paper.focus()
    for key in ["ArrowUp"] * 4 + [" "] + ["ArrowDown"] * 7:
        page.keyboard.press(key)
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    as_wanted([[[0.5625, 0.0625 + row / 8] for row in range(8)]])


UP, DOWN = "\ue013", "\ue015"  # as WebDriver names the keys
SHOWN = """(async () => {
    while (!document.querySelector('.nnlib-paint-first')) await new Promise(requestAnimationFrame);
    await new Promise(done => setTimeout(done, 500)); // the answer to the last key
    const bars = [...document.querySelectorAll('.nnlib-paint-bar')];
    return bars.map(bar => parseFloat(bar.style.width) / 100);
})()"""


def test_firefox_reads_as_numpy_does_too(tmp_path, firefox):
    net = convolution()
    firefox.go(on_a_page(Painting(net, side=28), tmp_path))
    firefox.evaluate("document.querySelector('.nnlib-paint-paper').focus()")
    firefox.press(*[UP] * 4, " ", *[DOWN] * 7)
    shares = firefox.evaluate(SHOWN)
    pixels = pixels_of([[(0.5625, 0.0625 + row / 8) for row in range(8)]], side=28)
    P = canvas.Reader(rounded(net), 28).probabilities(pixels)
    assert np.abs(P - shares).max() < 1e-5


def test_what_the_rounding_costs_on_mnist():
    """A network of the notebook's size, packed in 8 bits, reads as many digits right."""
    if not Path(os.environ.get("NNLIB_MNIST", "")).is_file():
        pytest.skip("NNLIB_MNIST names no file: MNIST is not here")
    X, y, X_test, y_test = nn.data.mnist()
    X, X_test = (each.reshape(-1, 784).astype("float32") / 255 for each in (X, X_test))
    net = dense(hidden=128, dtype="float32")
    assert bits_for(net) == 8
    adam = nn.Adam(net, lr=0.002)
    nn.fit(net, X, y, loss=nn.CrossEntropyLoss(), optimizer=adam, epochs=1, batch_size=100, rng=0)
    P, P_rounded = net.predict(X_test), rounded(net).predict(X_test)
    right, right_rounded = nn.accuracy(P, y_test), nn.accuracy(P_rounded, y_test)
    assert right > 0.94 and abs(right - right_rounded) < 0.001
    assert np.median(np.abs(P - P_rounded).max(axis=1)) < 0.005
