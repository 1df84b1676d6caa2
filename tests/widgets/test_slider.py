"""The sliders without a browser: what is asked of `watch`, how a slider answers.

And every slider of the course, drawn at its values as a plain function."""

import contextlib
import functools
import io
import statistics
import time
from types import SimpleNamespace

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

import nnlib as nn
from nnlib import widgets
from nnlib.widgets import slider
from nnlib.widgets.screen import Screen
from tools.notebooks import FOLDER, all_notebooks, read, tags

SIZE = (2, 1.4)


def draw(ax, k):
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.plot([0, 1], [0, 0.1 * k])
    return f"the line ends at {0.1 * k:.1f}"


@pytest.fixture
def shown(monkeypatch):
    """The last thing that was displayed."""
    held = SimpleNamespace(last=None)
    monkeypatch.setattr("IPython.display.display", lambda thing, **_: setattr(held, "last", thing))
    return held


def watched(shown, *arguments, **options):
    widgets.watch(*arguments, **({"size": SIZE} | options))
    return shown.last


def picture(draw, *values):
    return Screen(draw, size=SIZE).picture(*values)[0]


# what watch is given


@pytest.mark.parametrize(
    "values",
    [[1, 2, 3], (1, 2, 3), range(1, 4), np.arange(1, 4), (k for k in (1, 2, 3)), [1, 2, 2, 3, 1]],
    ids=["list", "tuple", "range", "array", "generator", "twice"],
)
def test_values_may_come_in_any_row(values, shown):
    slider = watched(shown, draw, {"k": values}, start=2)
    assert slider.sliders == [{"label": "k", "texts": ["1", "2", "3"]}]
    assert (slider.start, slider.choice, slider.shown) == ([1], [1], [1])
    assert slider.frame == picture(draw, 2)
    assert slider.reading == "the line ends at 0.2"


def test_without_a_start_it_begins_at_the_first():
    assert slider._understood({"k": [5, 6]}, None)[2] == [0]


def test_start_may_be_off_by_rounding():
    values = np.linspace(0, 1, 11)
    for start, place in ((0.3, 3), (0.1 + 0.2, 3), (np.float32(0.5), 5), (0, 0), (1, 10)):
        assert slider._understood({"k": values}, start)[2] == [place]
    for start in (0.31, 0.3001, "0.3", 2):
        with pytest.raises(ValueError, match="is no value of the slider 'k': 11 values, 0 to 1"):
            slider._understood({"k": values}, start)
    assert slider._understood({"f": ["ReLU", "tanh"]}, "tanh")[2] == [1]
    assert slider._understood({"a": [1, 2], "b": [3, 4], "c": [5, 6]}, (2, 3, 6))[2] == [1, 0, 1]


@pytest.mark.parametrize(
    ("choices", "start", "told"),
    [
        ([1, 2, 3], None, "needs a label and its values"),
        ({}, None, "one to three"),
        ({c: [1, 2] for c in "abcd"}, None, "one to three"),
        ({"rate": []}, None, "'rate' needs at least two values, got 0"),
        ({"rate": [1]}, None, "'rate' needs at least two values, got 1"),
        ({"rate": [1, 1.0]}, None, "'rate' needs at least two values, got 1"),
        ({"rate": 3}, None, "'rate' needs a list of values, got 3"),
        ({"rate": "fast"}, None, "'rate' needs a list of values, got 'fast'"),
        ({"rate": [1, 2]}, 3, "start 3 is no value of the slider 'rate': 2 values, 1 and 2"),
        ({"rate": [1, 2]}, (1, 2), "start needs 1 values, one a slider, got 2"),
        ({"w": [1, 2], "b": [1, 2]}, 1, "start needs 2 values, one a slider, got 1"),
    ],
)
def test_what_is_wrong_is_told_in_words(choices, start, told):
    with pytest.raises((TypeError, ValueError), match=told):
        widgets.watch(draw, choices, start=start)


def test_a_draw_that_is_no_function_or_fails_at_once_is_the_cells_own_error():
    with pytest.raises(TypeError, match="needs a function draw"):
        widgets.watch("draw", {"k": [1, 2]})
    with pytest.raises(ZeroDivisionError):
        widgets.watch(lambda ax, k: 1 / k, {"k": [0, 1]}, size=SIZE)


# how a slider answers


def test_choose_moves_it_and_only_the_value_decides(shown):
    slider = watched(shown, draw, {"k": range(1, 9)}, start=3)
    first = slider.frame
    assert slider.choose(8) == slider.reading == "the line ends at 0.8"
    assert (slider.choice, slider.shown) == ([7], [7])
    assert slider.frame == picture(draw, 8) != first
    slider.choose(3)
    assert slider.frame == first
    with pytest.raises(ValueError, match="not among the slider's values: k, 1 to 8"):
        slider.choose(9)


def test_several_sliders_give_draw_a_value_each(shown):
    def both(ax, w, b):
        return f"{w} and {b}"

    slider = watched(shown, both, {"w": [1, 2], "b": ["x", "y", "z"]}, start=(2, "y"))
    assert slider.reading == "2 and y"
    assert slider.choose(1, "z") == "1 and z"
    assert slider.choice == [0, 2]


def test_an_error_is_told_with_the_learners_line_and_the_next_value_clears_it(shown):
    def fragile(ax, k):
        ax.plot([0, 1], [0, k])
        if k == 2:
            nn.Linear(2, 3).forward(np.ones((4, 5)))  # fails inside the library
        return f"k is {k}"

    slider = watched(shown, fragile, {"learning rate": [1, 2, 3]})
    before = slider.frame
    assert slider.choose(2) == "learning rate 2: no picture"
    assert slider.fault.startswith("This picture could not be drawn: ")
    assert "(in fragile: nn.Linear(2, 3).forward(np.ones((4, 5)))" in slider.fault
    assert (slider.frame, slider.shown) == (before, [1])
    assert slider.choose(3) == "k is 3"
    assert slider.fault == ""
    assert slider.frame == picture(fragile, 3)


def test_an_error_in_pythons_own_library_names_the_learners_line_too(shown):
    def fragile(ax, k):
        if k == 3:
            statistics.mean([])

    slider = watched(shown, fragile, {"k": [1, 2, 3]})
    slider.choose(3)
    assert slider.fault.endswith("(in fragile: statistics.mean([]))")


def test_an_interrupt_is_told_and_passes(shown):
    def slow(ax, k):
        if k == 2:
            raise KeyboardInterrupt
        return draw(ax, k)

    slider = watched(shown, slow, {"k": [1, 2, 3]})
    slider.choose(2)
    assert "it was interrupted (in slow: raise KeyboardInterrupt)." in slider.fault
    assert slider.choose(3) == "the line ends at 0.3"
    assert slider.fault == ""


def test_what_draw_prints_stands_under_the_picture(shown, capsys):
    def talking(ax, k):
        print("k is", k)
        if k == 3:
            raise ValueError("no")
        return "reading"

    slider = watched(shown, talking, {"k": [1, 2, 3, 4]})
    capsys.readouterr()
    slider.choose(2)
    assert slider.printed == "k is 2\n"
    slider.choose(3)
    assert slider.printed == "k is 3\n"
    slider.choose(4)
    assert (slider.printed, slider.fault) == ("k is 4\n", "")
    assert capsys.readouterr().out == ""


def test_where_no_widget_can_be_shown_there_is_a_sentence(shown):
    choices = {"w": range(3), "rate": [0.001, 0.1, 1, 10]}
    slider = watched(shown, lambda ax, w, rate: None, choices)
    data, _ = slider._repr_mimebundle_()
    assert data["text/plain"] == (
        "Slider (w, 0, 1 and 2; rate, 0.001 to 10). Without a running kernel it is not shown; "
        "its pictures follow below."
    )
    assert "application/vnd.jupyter.widget-view+json" in data


def test_picture_and_reading_go_to_the_browser_in_one_message(shown):
    slider = watched(shown, draw, {"k": [1, 2, 3]})
    sent = []
    slider.send_state = lambda key=None: sent.append(set(key or ()))
    slider.choose(2)
    assert [names for names in sent if "frame" in names] == [{"frame", "reading", "shown"}]


# every slider of the course


WITH_SLIDERS = [
    path for path in all_notebooks() if any("slider" in tags(c) for c in read(path).cells)
]


@pytest.mark.parametrize("path", WITH_SLIDERS, ids=[path.name[:2] for path in WITH_SLIDERS])
def test_every_slider_of_the_course_draws_all_its_values(path, monkeypatch, capsys, table):
    """After the whole notebook has run: what later cells did must not show in a picture."""
    made = []

    def watch(draw, choices, *, start=None, pace=None, **options):
        new = functools.partial(Screen, draw, **options)
        _, values, chosen = slider._understood(choices, start)
        made.append((list(choices), values, chosen, new().picture(*_at(values, chosen)), new))

    monkeypatch.setattr(nn.widgets, "watch", watch)
    monkeypatch.chdir(FOLDER)
    shell = InteractiveShell()
    for cell in read(path).cells:
        if cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()):
                shell.run_cell(cell.source).raise_error()
    assert len(made) == sum("slider" in tags(cell) for cell in read(path).cells)
    capsys.readouterr()
    for labels, values, chosen, first, new in made:
        kept, said, times = new(), {}, []
        for places in _places(values, chosen):
            begun = time.perf_counter()
            shown, reading = kept.picture(*_at(values, places))
            times.append(1e3 * (time.perf_counter() - begun))
            assert reading.strip(), f"{labels}: no reading at {_at(values, places)}"
            said[tuple(places)] = (shown, reading)
        median, high = np.percentile(times, [50, 95])
        name = f"{path.name[:2]}, {' and '.join(labels)}"
        table(f"picture of the slider in {name}: {median:.0f} ms, 95 of 100 under {high:.0f} ms")
        assert kept.picture(*_at(values, chosen)) == first, f"{labels}: a later cell changed it"
        assert len({shown for shown, _ in said.values()}) > len(said) / 2
        assert len({reading for _, reading in said.values()}) > len(said) / 2
        for places in (list(said)[0], list(said)[-1]):
            assert new().picture(*_at(values, places)) == said[places]
    assert capsys.readouterr().err == ""


def _at(values, places):
    return [held[place] for held, place in zip(values, places, strict=True)]


def _places(values, chosen, most=16):
    """All places of each slider, the others at their start; of long ones, a part."""
    for i, held in enumerate(values):
        for place in np.unique(np.linspace(0, len(held) - 1, most).round().astype(int)):
            yield [int(place) if j == i else start for j, start in enumerate(chosen)]
