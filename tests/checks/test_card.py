"""The verdict as a card in a notebook: the same words as the text, hints that unfold."""

import nbclient
import nbformat
import numpy as np
import pytest

from nnlib import checks
from nnlib.checks import result
from nnlib.checks.card import card


@pytest.fixture(autouse=True)
def met(monkeypatch):
    monkeypatch.setattr(result, "MET", {})
    return result.MET


def wrong(Z):
    E = np.exp(Z)
    return E / E.sum(axis=0)


def right(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_hints_asked_for_stand_there_and_the_others_unfold_one_by_one(tier):
    verdict = checks.softmax(wrong, hint=tier)
    shown, *folded = card(verdict, {}).split("<details>")
    assert "softmax: not right yet." in shown and len(folded) == 3 - tier
    for n in (1, 2, 3):
        assert (f"<strong>Hint {n}.</strong>" in shown) == (n <= tier)


def test_a_right_answer_has_no_hints():
    told = card(checks.softmax(right), {})
    assert "✓" in told and "softmax: right." in told and "Hint" not in told


def test_code_stays_in_one_piece_and_signs_stay_signs():
    verdict = result.Result("softmax", False, hints=["`a < b` and x < y", "b", "c"])
    told = card(verdict, {})
    assert '<code style="white-space: nowrap">a &lt; b</code> and x &lt; y' in told


def test_what_is_solved_is_counted_and_stays_solved(met):
    checks.softmax(wrong)
    checks.softmax(right)
    checks.softmax(wrong)
    checks.one_hot(...)
    checks.accuracy(lambda P, y: 1, quiet=True)
    assert met == {"softmax": True, "one_hot": False, "accuracy": False}
    assert "1 of 3 exercises" in card(checks.softmax(wrong), met)


def test_a_solution_says_nothing_when_it_is_right(capsys, met):
    assert checks.softmax(right, quiet=True).passed
    assert capsys.readouterr().out == "" and met == {}
    checks.softmax(wrong, quiet=True)
    assert "not right yet" in capsys.readouterr().out


def test_a_notebook_gets_the_card_and_the_text():
    sources = [
        "from nnlib import checks\nchecks.softmax(...)",
        "checks.softmax(lambda Z: Z)",
        "result = checks.softmax(lambda Z: Z)\nresult",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    first, *others = (cell.outputs for cell in notebook.cells)
    assert [output.text for output in first] == ["Not attempted yet.\n"]
    for outputs in others:
        (output,) = outputs  # once, even where the result is the cell's last line
        assert sorted(output.data) == ["text/html", "text/plain"]
        assert output.data["text/plain"].startswith("softmax: not right yet.\nHint 1: ")
        assert "not right yet." in output.data["text/html"]
