"""In a real browser: a learner opens the course in JupyterLab and runs it from top to bottom.

Needs Chromium and playwright; skipped by name where one of them is missing.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import ROOT, editions
from tools.notebooks import all_notebooks

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
IDLE = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.sessionContext?.session?.kernel?.status === 'idle';
}"""
RUN = "window.jupyterapp.commands.execute('notebook:run-all-cells')"
STATE = """window.jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code')
    .map(cell => [cell.model.executionCount, cell.model.outputs.toJSON()
        .filter(output => output.output_type === 'error' || output.name === 'stderr').length])"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a learner's copy of the course; the address of a notebook in it."""
    if CHROMIUM is None:
        pytest.skip("chromium is not here")
    pytest.importorskip("playwright", reason="playwright is not here")
    folder = tmp_path_factory.mktemp("course")
    editions.lay_out(folder / "my_course")
    shutil.copytree(ROOT / "figures", folder / "figures")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--allow-root"),
        *(f"--port={port}", "--IdentityProvider.token=course", f"--ServerApp.root_dir={folder}"),
        *("--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None"),
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    log = (folder / "lab.log").open("w")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    yield lambda name: f"http://127.0.0.1:{port}/lab/tree/my_course/{name}?token=course&reset"
    server.terminate()
    server.wait(20)
    log.close()


@pytest.fixture(scope="module")
def page(lab):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser.new_page(viewport={"width": 1300, "height": 1600})
        browser.close()


def open_notebook(page, address):
    for _ in range(60):
        try:
            page.goto(address)
            break
        except Exception:  # the server is not up yet
            time.sleep(0.5)
    page.wait_for_function(IDLE, timeout=60_000)


@pytest.mark.parametrize("number", ["01", "10"])
def test_a_notebook_runs_from_top_to_bottom(number, lab, page):
    (path,) = [path for path in all_notebooks() if path.name.startswith(number)]
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else 0)
    open_notebook(page, lab(Path(path).name))
    page.evaluate(RUN)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        state = page.evaluate(STATE)
        if all(count for count, _ in state):
            break
        time.sleep(0.5)
    assert [count for count, _ in state] == list(range(1, len(state) + 1))
    assert sum(faults for _, faults in state) == 0
    assert said == []
    assert page.locator(".jp-RenderedImage img").count() > 0
    if number == "01":
        assert page.locator("mjx-container").count() > 20  # formulas are typeset
