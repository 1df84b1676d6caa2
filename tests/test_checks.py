"""The checks of exercises as a learner meets them."""

import numpy as np
import pytest

from nnlib import checks


def test_an_answer_that_is_right():
    def my_softmax(Z):
        E = np.exp(Z - np.max(Z, axis=1)[:, None])
        return E / np.sum(E, axis=1)[:, None]

    result = checks.softmax(my_softmax)
    assert result.passed is True and result.mistake is None and result.mistakes == []


def test_a_known_mistake_names_itself(capsys):
    def my_softmax(Z):
        E = np.exp(Z - np.max(Z))
        return E / np.sum(E)

    result = checks.softmax(my_softmax)
    assert result.passed is False and result.mistake == "softmax-whole-array"
    assert len(result.hints) == 3
    shown = capsys.readouterr().out
    assert result.hints[0] in shown and result.hints[1] not in shown


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_hints_come_in_tiers(tier, capsys):
    result = checks.softmax(lambda Z: np.exp(Z) / np.exp(Z).sum(), hint=tier)
    shown = capsys.readouterr().out
    assert [hint in shown for hint in result.hints] == [n <= tier for n in (1, 2, 3)]
    assert ("More:" in shown) == (tier < 3)


def test_the_placeholder_is_no_error(capsys):
    assert checks.softmax(...).passed is None
    assert capsys.readouterr().out == "Not attempted yet.\n"
