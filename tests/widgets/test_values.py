"""The values of a slider: steps, texts, and fewer of them for a page."""

import numpy as np
import pytest

from nnlib.widgets.values import log_steps, text_of, thinned


def test_log_steps_are_values_that_can_be_typed():
    steps = log_steps(0.001, 10, 25)
    assert (steps[0], steps[-1], len(steps)) == (0.001, 10, 25)
    assert all(float(f"{v:.1e}") == v for v in steps)
    factors = np.array(steps[1:]) / steps[:-1]
    assert 1.35 < factors.min() and factors.max() < 1.6
    assert {0.001, 0.01, 0.1, 1, 10} <= set(steps)
    for wrong in ((0, 1, 5), (1, 1, 5), (2, 1, 5), (1, 2, 1), (-1, 1, 5)):
        with pytest.raises(ValueError, match="0 < low < high"):
            log_steps(*wrong)


@pytest.mark.parametrize(
    "counts", [(25,), (64,), (65,), (500,), (9, 9), (31, 31), (2, 90), (5, 6, 7)]
)
@pytest.mark.parametrize("limit", [8, 64])
def test_thinned_keeps_the_start_the_ends_and_the_order(counts, limit):
    choices = [[10 * i for i in range(n)] for n in counts]
    for start in ([0] * len(counts), [n - 1 for n in counts], [n // 3 for n in counts]):
        kept = thinned(choices, start, limit)
        assert np.prod([len(k) for k in kept]) <= limit
        assert np.prod([len(k) for k in kept]) > limit / 3 or np.prod(counts) <= limit
        for held, at, n in zip(kept, start, counts, strict=True):
            assert at in held and held == sorted(set(held))
            assert 0 <= held[0] and held[-1] < n
            if len(held) > 2:
                assert (held[0], held[-1]) == (0, n - 1)
    assert thinned([[1, 2, 3]], [1], 64) == [[0, 1, 2]]


def test_values_as_they_stand_beside_a_slider():
    values = [0.1, 3, 3.0, np.float32(0.5), 1e-05, 1234567, "relu", True, (1, 2), None]
    told = ["0.1", "3", "3", "0.5", "1e-05", "1.23457e+06", "relu", "True", "(1, 2)", "None"]
    assert [text_of(v) for v in values] == told
