"""Every test of a picture: no warning, and no figure left open."""

import warnings

import matplotlib
import matplotlib.pyplot as plt
import pytest

import nnlib as nn

plots = nn.plots


@pytest.fixture(autouse=True)
def quiet_and_clean():
    """No warning from right use, no setting changed; figures are closed after each test."""
    before = dict(matplotlib.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    assert {k: v for k, v in matplotlib.rcParams.items() if before[k] != v} == {}
    plt.close("all")
