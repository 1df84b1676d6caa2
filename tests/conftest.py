"""What tests ask for by name: the fruit network, and where numbers are written down."""

import pytest
from firefox import FIREFOX, Firefox

import nnlib as nn
from tools.chromium import CHROMIUM, OPTIONS

LARGEST = "largest error, "
LINE = "line"


@pytest.fixture
def worst(record_property):
    """worst(claim, error) keeps the largest error of each claim; printed when the run ends."""
    return lambda claim, error: record_property(LARGEST + claim, float(error))


@pytest.fixture
def table(record_property):
    """table(line) prints a line when the run ends: a measured time, which no test limits."""
    return lambda line: record_property(LINE, line)


def pytest_terminal_summary(terminalreporter):
    largest = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            if name.startswith(LARGEST):
                largest[name] = max(value, largest.get(name, 0.0))
            if name == LINE:
                terminalreporter.write_line(value)
    for name, value in largest.items():
        terminalreporter.write_line(f"{name}: {value:.1e}")


@pytest.fixture(scope="module")
def chromium():
    """A Chromium without a window, skipped by name where it or playwright is missing."""
    if CHROMIUM is None:
        pytest.skip("chromium is not here")
    pytest.importorskip("playwright", reason="playwright is not here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    """A Firefox without a window, skipped by name where it is missing."""
    if FIREFOX is None:
        pytest.skip("firefox is not here")
    with Firefox(tmp_path_factory.mktemp("profile")) as firefox:
        yield firefox


@pytest.fixture
def fruit():
    """The 3-2-3 network of the red thread, its loss and its data."""
    data = nn.data.fruit()
    net = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3), rng=0)
    net.layers[0].W, net.layers[0].b = data.W1, data.b1
    net.layers[2].W, net.layers[2].b = data.W2, data.b2
    return net, nn.CrossEntropyLoss(), data.X, data.y
