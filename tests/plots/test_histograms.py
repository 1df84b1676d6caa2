"""The values in each layer, one histogram a layer."""

import numpy as np
import pytest
from examples import numbers

import nnlib as nn

plots = nn.plots


def test_one_row_a_layer_on_one_scale():
    ax = plots.histograms({"layer 1": [[0, 1], [2, 3]], "layer 2": [1, 1, 1]}, bins=3)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["layer 1", "layer 2"]
    first, second = (p.get_data() for p in ax.patches)
    assert first.baseline == 1 and second.baseline == 0
    assert np.array_equal(first.edges, second.edges)
    assert np.allclose(second.values, [0, 0.85, 0])
    assert numbers(ax) == ["std 1.1", "std 0"]


@pytest.mark.parametrize("values", [[1, np.nan, 2], [np.inf, np.nan], [1e300, 1e-300], [0, 0, 0]])
def test_histograms_of_a_diverged_layer_are_drawn_calmly(values):
    assert plots.histograms({"layer 1": values}, kind="gradient").patches


def test_histograms_says_what_is_wrong():
    with pytest.raises(TypeError, match="a dict such as"):
        plots.histograms([1, 2])
    with pytest.raises(ValueError, match="layer 1 is empty"):
        plots.histograms({"layer 1": []})
    with pytest.raises(ValueError, match="kind must be"):
        plots.histograms({"layer 1": [1]}, kind="loss")
    with pytest.raises(TypeError, match="must be numbers"):
        plots.histograms({"layer 1": ["a"]})
