"""The canvas: strokes become pixels of the data's own form, and a network reads them."""

import time

import numpy as np
import pytest
import test_browser

import nnlib as nn
from nnlib.widgets import NO_CANVAS, Painting, paint, pixels_of

lab, browser, opened = test_browser.lab, test_browser.browser, test_browser.opened  # fixtures

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
    assert {"pixels", "probabilities", "reading"} <= keys


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
        Painting(net)


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
    paint(net.predict)
    assert shown == [{"text/plain": NO_CANVAS}]


# ---------------------------------------------------------------- in a browser


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
