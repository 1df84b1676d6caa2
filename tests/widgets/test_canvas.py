"""The canvas: strokes become pixels of the data's own form, and a network reads them."""

import copy
import time

import numpy as np
import pytest
import test_browser

import nnlib as nn
from nnlib.widgets import NO_CANVAS, Painting, paint, pixels_of
from nnlib.widgets.strokes import moved
from tools.notebooks import FOLDER, read

lab, opened = test_browser.lab, test_browser.opened  # fixtures

LINE = [[(0.5, 0.1), (0.5, 0.9)]]
TURN = np.linspace(0, 2 * np.pi, 40)
RING = [np.column_stack([0.5 + 0.25 * np.cos(TURN), 0.5 + 0.35 * np.sin(TURN)])]
SEVEN = [[(0.2, 0.1), (0.7, 0.1), (0.4, 0.9)]]


@pytest.fixture(scope="module")
def net():
    """As notebook 10 trains it."""
    (X, y), *_ = nn.data.split(*nn.data.digits(), rng=0)
    net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 10), rng=0)
    sgd = nn.SGD(net, lr=0.3)
    nn.fit(net, X, y, loss=nn.CrossEntropyLoss(), optimizer=sgd, epochs=60, rng=0)
    return net


# ---------------------------------------------------------------- the reading


@pytest.mark.parametrize("digit, strokes", [(1, LINE), (0, RING), (7, SEVEN)])
def test_a_clear_digit_is_read(digit, strokes, net):
    canvas = Painting(net.predict)
    said = canvas.read([np.asarray(stroke).tolist() for stroke in strokes])
    assert said.startswith(f"The network reads {digit} (over 99%), then ")
    assert np.argmax(canvas.probabilities) == digit and len(canvas.probabilities) == 10
    assert np.allclose(canvas.pixels, pixels_of(strokes))
    assert canvas.answered == canvas.question["number"] == 1 and canvas.fault == ""


def test_an_empty_canvas_is_not_read(net):
    canvas = Painting(net.predict)
    canvas.read(LINE)
    assert canvas.read([]) == "Nothing is painted yet."
    assert canvas.probabilities == [] and not any(canvas.pixels) and canvas.answered == 2


def test_the_answer_comes_in_one_message(net):
    canvas = Painting(net.predict)
    sent = []
    canvas.send_state = lambda key: sent.append({key} if isinstance(key, str) else set(key))
    canvas.read(LINE)
    (keys,) = [keys for keys in sent if "answered" in keys]
    assert {"pixels", "answers", "reading"} <= keys


@pytest.mark.parametrize(
    "predict, error, says",
    [
        (3, TypeError, "from pictures .* net.predict, got int"),
        (lambda X: X, ValueError, "these are scores"),
        (lambda X: np.full((1, 10), np.nan), ValueError, "NaN"),
        (lambda X: np.full(10, 0.1), ValueError, r"\(1, K\), got float64 of shape \(10,\)"),
        (lambda X: None, ValueError, r"\(1, K\)"),
        (lambda X: np.array([["a", "b"]]), ValueError, r"\(1, K\)"),
    ],
)
def test_a_bad_predict_is_refused_at_once(predict, error, says):
    with pytest.raises(error, match=says):
        Painting(predict)


def test_scores_are_refused_with_the_mend(net):
    with pytest.raises(ValueError, match="pass net.predict, or softmax"):
        Painting(net.scores)


def test_an_error_while_painting_is_told_in_words(net):
    sick = []

    def predict(X):
        print("reading")
        if sick:
            raise RuntimeError("no ink")
        return net.predict(X)

    canvas = Painting(predict)
    canvas.read(LINE)
    assert canvas.printed == "reading\n"
    sick.append(True)
    assert canvas.read(RING) == "not read"
    assert "RuntimeError: no ink" in canvas.fault and "raise RuntimeError" in canvas.fault
    assert canvas.probabilities == [] and canvas.answered == 2
    sick.clear()
    assert canvas.read(RING).startswith("The network reads 0") and canvas.fault == ""


def test_without_a_kernel_a_sentence_stands_there(net, monkeypatch):
    assert Painting(net.predict)._repr_mimebundle_()[0]["text/plain"] == NO_CANVAS
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **how: shown.append(data))
    monkeypatch.setenv("NNLIB_PAGES", "1")
    paint(lambda X: net.predict(X))  # only Python knows what this does
    assert shown == [{"text/plain": NO_CANVAS}]
    paint(net.predict)  # this one goes into the page
    assert shown[1]["text/plain"] == NO_CANVAS and "text/html" in shown[1]


# ---------------------------------------------------------------- several networks, and why


@pytest.fixture
def two():
    """A dense and a convolutional network for 28 × 28 pixels, untrained, and both conventions."""
    dense = nn.Sequential(nn.Linear(784, 6), nn.Tanh(), nn.Linear(6, 10), rng=0, dtype="float32")
    layers = [nn.Conv2d(1, 2, 5), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Dropout(0.5, rng=0)]
    conv = nn.Sequential(*layers, nn.Linear(72, 10), rng=1)
    return {"dense": dense, "convolution": conv.predict}


def test_two_networks_read_the_same_picture(two):
    canvas = Painting(two, side=28, shift=4)
    said = canvas.read(SEVEN, shift=3)
    pixels = moved(pixels_of(SEVEN, side=28), 3)
    assert canvas.pixels == pixels.tolist() and canvas.names == ["dense", "convolution"]
    wanted = [
        two["dense"].predict(pixels[None])[0],
        two["convolution"](pixels.reshape(1, 1, 28, 28))[0],
    ]
    for answer, P in zip(canvas.answers, wanted, strict=True):
        assert np.array_equal(answer["probabilities"], P) and answer["slopes"] == []
    for name, P, line in zip(("Dense", "Convolution"), wanted, said.split("\n"), strict=True):
        assert line.startswith(f"{name} reads {P.argmax()} (")


def test_why_is_the_measured_slope_of_the_winning_score(two):
    """On a picture in which no two pixels are equal: at the kink of a maximum there is no slope."""
    X = np.random.default_rng(0).random(784)
    for reader in Painting(two, side=28, why=True).readers:
        double = copy.deepcopy(reader.net)
        double.gather(np.float64)
        score = lambda X, n=double, r=reader: n.scores(X.reshape(r.shape)).max()  # noqa: E731
        measured = nn.numerical_gradient(score, X)
        assert np.abs(measured).max() > 0.01
        assert np.allclose(reader.slopes(X), measured, atol=1e-6)


def test_painting_leaves_the_network_as_it_is_and_follows_it(two):
    """A training step of the learner may be half done, and the next stroke meets new weights."""
    net = two["dense"]
    X = np.random.default_rng(0).random((5, 784))
    canvas = Painting({"dense": net}, side=28, why=True)
    net(X)
    net.backward(np.ones((5, 10)))
    before = net.grad.copy()
    canvas.read(SEVEN)
    assert np.array_equal(net.grad, before)
    net.backward(np.ones((5, 10)))  # what the forward pass kept is still that of X
    assert np.array_equal(net.grad, before)
    old = canvas.answers[0]["slopes"]
    net.theta *= 2
    canvas.read(SEVEN)
    fresh = Painting({"dense": net}, side=28, why=True)
    fresh.read(SEVEN)
    assert canvas.answers == fresh.answers and canvas.answers[0]["slopes"] != old


def test_the_slopes_of_notebook_18_are_those_of_the_canvas():
    """Its own function, on the network and the pictures that it shows."""
    (path,) = FOLDER.glob("18_*.ipynb")
    source = {cell.id: cell.source for cell in read(path).cells}["slopes"].split("\n\n\n")[0]
    found = {"nn": nn}
    exec(source, found)
    conv = nn.load(FOLDER.parent / "figures" / "mnist_conv.npz")
    for strokes in (SEVEN, RING):
        X = pixels_of(strokes, side=28)
        (reader,) = Painting(conv, side=28, why=True).readers
        dX = found["slopes"](conv, X.reshape(1, 1, 28, 28))
        assert np.abs(dX).max() > 0.1 and np.allclose(dX.ravel(), reader.slopes(X), atol=1e-6)


@pytest.mark.parametrize(
    "networks, options, error, says",
    [
        ({}, {}, ValueError, "got none"),
        (lambda X: np.full((1, 10), 0.1), {"why": True}, TypeError, "asks them for gradients"),
        (
            lambda X: np.full((1, 10), 0.1),
            {"side": 9},
            ValueError,
            "side=28, like MNIST's, got side=9",
        ),
        (lambda X: np.full((1, 10), 0.1), {"shift": 8}, ValueError, "from 0 to 7, got 8"),
        (lambda X: np.full((1, 10), 0.1), {"shift": 1.5}, ValueError, "got 1.5"),
        (
            {"a": lambda X: np.full((1, 10), 0.1), "b": lambda X: np.full((1, 2), 0.5)},
            {},
            ValueError,
            "got 2 and 10 of them",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(networks, options, error, says):
    with pytest.raises(error, match=says):
        Painting(networks, **options)


# ---------------------------------------------------------------- in a browser


def test_two_networks_answer_in_jupyterlab_and_the_slider_moves_the_picture(opened):
    notebook = opened("readers.ipynb")
    notebook.run()
    page = notebook.page
    paper = page.locator(".nnlib-paint-paper")
    paper.wait_for()
    paper.focus()
    notebook.press(*["ArrowUp"] * 4, "Space", *["ArrowDown"] * 7)
    shift = page.locator(".nnlib-paint-shift input")
    notebook.wait("document.querySelectorAll('.nnlib-paint-first').length === 2", 20)

    def answered():
        """The page shows what the kernel says of what was painted last."""
        notebook.wait("course.kernel().status === 'idle'")
        said = notebook.python("print(painting.question['shift'], painting.reading, sep='|')")
        moved, _, reading = said.strip().partition("|")
        condition = "said => document.querySelector('.nnlib-paint-reading').textContent === said"
        page.wait_for_function(condition, arg=reading, timeout=20_000)
        assert reading.startswith("The first reads ") and "\nThe second reads " in reading
        seen = page.locator(".nnlib-paint-seen").evaluate(
            "paper => [...paper.getContext('2d').getImageData(0, 0, 28, 28).data]"
        )
        ink = 255 - np.array(seen).reshape(28, 28, 4)[:, :, 0]
        return int(moved), ink.sum(axis=0) @ np.arange(28) / ink.sum()

    moved, middle = answered()
    assert moved == 0 and 13.4 < middle < 14.6
    shift.focus()
    notebook.press("ArrowRight", "ArrowRight", "ArrowRight")
    condition = "document.querySelector('.nnlib-paint-shift output').textContent"
    notebook.wait(f"{condition} === '3 pixels to the right'")
    time.sleep(1)
    assert answered() == (3, pytest.approx(middle + 3, abs=0.02))
    assert page.evaluate("course.cells().length") == 1
    why = page.locator(".nnlib-paint-why").first.get_attribute("aria-label")
    assert "More ink would raise the score of" in why
    assert notebook.errors == []


def test_a_hand_paints_and_the_bars_follow(opened):
    notebook = opened("10_handwritten_digits.ipynb")
    notebook.run()
    page = notebook.page
    at = page.evaluate("course.cells().findIndex(cell => cell.model.id === 'paint')")
    page.evaluate("i => course.goTo(i)", at)
    paper = page.locator(".nnlib-paint-paper")
    for _ in range(3):  # the page comes to rest as pictures get their heights
        paper.scroll_into_view_if_needed()
        time.sleep(0.5)
    cells = page.evaluate("course.cells().length")

    def stroke(points):
        box = paper.bounding_box()
        way = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        page.mouse.move(*way[0])
        page.mouse.down()
        for place in way[1:]:
            page.mouse.move(*place, steps=2)
        page.mouse.up()

    def reads(start):
        begins = f".textContent.startsWith({start!r})"
        notebook.wait(f"document.querySelector('.nnlib-paint-reading'){begins}", 20)
        if start.startswith("Nothing"):
            return
        assert page.locator(".nnlib-paint-first").inner_text().split()[0] == start.split()[-1]
        shown = page.locator(".nnlib-paint-first .nnlib-paint-bar")
        assert float(shown.get_attribute("style").split()[1].rstrip("%;")) > 50

    stroke(LINE[0])
    reads("The network reads 1")
    page.get_by_role("button", name="clear").click()
    reads("Nothing is painted")
    stroke(RING[0][::3])
    reads("The network reads 0")
    page.get_by_role("button", name="undo").click()
    reads("Nothing is painted")
    paper.focus()
    notebook.press(*["ArrowUp"] * 4, "Space", *["ArrowDown"] * 7)
    reads("The network reads 1")
    notebook.press("d", "d", "x", "b", "Delete")  # letters that mean something to the notebook
    reads("Nothing is painted")
    for _ in range(10):  # faster than they can be read: the last one counts
        stroke([(0.1, 0.2), (0.9, 0.7)])
    notebook.press("Delete")
    stroke(LINE[0])
    reads("The network reads 1")
    page.evaluate("void course.python('import time; time.sleep(12)')")
    notebook.press("Delete")
    fault = "document.querySelector('.nnlib-paint-fault').textContent"
    notebook.wait(f"{fault}.includes('still running')", 10)
    reads("Nothing is painted")
    notebook.wait(f"{fault} === ''")
    assert page.evaluate("course.cells().length") == cells
    assert notebook.errors == []
