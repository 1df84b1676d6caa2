"""`make mnist`: the runs that notebook 18 shows. Short ones here, on a part of the data.

With MNIST (NNLIB_MNIST, or a download in the cache); without it, on noise of the same shape.
"""

import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest

import nnlib as nn
from nnlib.data import download
from tools import ROOT, mnist
from tools.notebooks import read

HAS_MNIST = download.at_hand()
HAS_TORCH = importlib.util.find_spec("torch") is not None


@pytest.fixture
def sets():
    """Bars of three widths, (N, 1, 28, 28) bytes: learned in a few steps."""
    rng = np.random.default_rng(0)
    y = rng.integers(3, size=700)
    X = rng.integers(0, 60, (700, 1, 28, 28))
    for i, label in enumerate(y):
        X[i, 0, :, 8 : 11 + 4 * label] += 180
    X = X.astype(np.uint8)
    return (X[:400], y[:400]), (X[400:500], y[400:500]), (X[500:], y[500:])


@pytest.fixture
def short(monkeypatch, tmp_path):
    monkeypatch.setattr(mnist, "KEPT", tmp_path / "mnist.json")
    kinds = {name: (layers, 2, bent) for name, (layers, _, bent) in mnist.KINDS.items()}
    monkeypatch.setattr(mnist, "KINDS", kinds)
    return tmp_path


@pytest.mark.parametrize("kind", list(mnist.KINDS))
def test_a_run_says_what_was_misread(kind, short, sets):
    found = mnist.run(kind, 0, sets)
    share = 1 - len(found["test misread"]) / 200
    assert len(found["validation"]) == 2 and share > 0.5
    assert found["validation"][-1] == 1 - len(found["validation misread"]) / 100
    for image, answer in found["test misread"]:
        assert answer != sets[2][1][image]


@pytest.mark.skipif(not HAS_TORCH, reason="PyTorch (torch) is not installed")
@pytest.mark.parametrize("kind", ["dense", "convolution"])
def test_pytorch_gets_the_same_start_batches_and_distortions(kind, short, sets):
    ours, theirs = (mnist.run(name, 0, sets) for name in (kind, mnist.TORCH + kind))
    assert abs(ours["validation"][-1] - theirs["validation"][-1]) <= 0.02
    one, other = ({image for image, _ in run["test misread"]} for run in (ours, theirs))
    assert len(one ^ other) <= 4


def test_runs_are_added_and_none_is_run_twice(short, sets, monkeypatch, capsys):
    monkeypatch.setattr(mnist, "data", lambda: sets)
    monkeypatch.setattr(sys, "argv", ["mnist", "dense", "--seeds", "2"])
    mnist.main()
    first = capsys.readouterr().out
    assert "dense, seed 0" in first and "dense, seed 1" in first
    mnist.main()
    assert capsys.readouterr().out == ""
    kept = json.loads((short / "mnist.json").read_text(encoding="utf-8"))
    assert set(kept["runs"]["dense"]) == {"seed 0", "seed 1"}
    assert not list(short.glob("*.part"))


def test_the_clock_measures_every_kind(short, sets, monkeypatch):
    monkeypatch.setattr(mnist, "STEPS", 1)
    monkeypatch.setattr(mnist, "ROUNDS", 2)
    times = mnist.clock(["dense", "convolution"], sets)
    assert 0 < times["dense"] < times["convolution"]


def test_what_is_kept_belongs_to_the_recipe_of_today():
    kept = json.loads((ROOT / "figures" / "mnist.json").read_text(encoding="utf-8"))
    assert kept["recipe"] == mnist.recipe()
    for kind, runs in kept["runs"].items():
        _, epochs, _ = mnist.KINDS[kind.removeprefix(mnist.TORCH)]
        for run in runs.values():
            assert len(run["validation"]) == epochs
            assert abs(run["validation"][-1] - 1 + len(run["validation misread"]) / 5000) < 1e-4


@pytest.mark.skipif(not HAS_MNIST, reason="MNIST (mnist) is not at hand")
def test_the_kept_network_misreads_what_its_run_says():
    kept = json.loads((ROOT / "figures" / "mnist.json").read_text(encoding="utf-8"))
    net = nn.load(ROOT / "figures" / "mnist_conv.npz")
    _, (X, y), _ = mnist.data()
    answers = net.predict(X[:1000] / 255).argmax(axis=1)
    misread = {i for i, _ in kept["runs"][mnist.SAVED]["seed 0"]["validation misread"] if i < 1000}
    assert len(set(np.flatnonzero(answers != y[:1000]).tolist()) ^ misread) <= 2  # rounding


MEMORY = """
import tools.mnist as mnist
mnist.KINDS = {name: (layers, 1, bent) for name, (layers, _, bent) in mnist.KINDS.items()}
(X, y), *others = mnist.data()
mnist.KEPT = mnist.KEPT.with_name("none.json")
mnist.run("convolution", 1, ((X[:1280], y[:1280]), *others))
lines = open("/proc/self/status").read().splitlines()  # getrusage would count the parent's, too
print(next(line for line in lines if line.startswith("VmHWM")).split()[1])
"""


@pytest.mark.skipif(not HAS_MNIST, reason="MNIST (mnist) is not at hand")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's measure of memory")
def test_a_run_takes_less_than_a_gigabyte():
    command = [sys.executable, "-c", MEMORY]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < 1_000_000, f"{int(run.stdout):,} kB"


def test_the_notebook_runs_on_another_set_of_the_same_format(sets, tmp_path, monkeypatch):
    """Its own cells, with the folder of four small files in place of MNIST."""
    (X, y), (X_more, y_more), (X_test, y_test) = sets
    X, y = np.concatenate([X, X_more]), np.concatenate([y, y_more])
    for name, array in (("train", X[:, 0]), ("t10k", X_test[:, 0])):
        labels = y if name == "train" else y_test
        for part, what in (("images-idx3", array), ("labels-idx1", labels.astype(np.uint8))):
            lengths = b"".join(n.to_bytes(4, "big") for n in what.shape)
            head = bytes([0, 0, 8, what.ndim]) + lengths
            (tmp_path / f"{name}-{part}-ubyte").write_bytes(head + what.tobytes())
    monkeypatch.chdir(ROOT / "notebooks")
    monkeypatch.setattr(nn.plots, "show", lambda *args, **options: None)
    namespace = {}
    for cell in read(ROOT / "notebooks" / "18_mnist_in_a_minute.ipynb").cells:
        if cell.id in (
            "imports",
            "load",
            "look",
            "dense-run",
            "dense-rest",
            "dense-curve",
            "confused",
        ):
            source = cell.source.replace("%load_ext nnlib.lessons.optional", "")
            source = source.replace("FOLDER = None", f"FOLDER = {str(tmp_path)!r}")
            exec(source, namespace)
    assert namespace["X_train"].dtype == np.uint8
    assert namespace["rest"].val_accuracy[-1] > 0.4 and namespace["same"]


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="only Linux tells the cores")
def test_who_imports_the_tool_keeps_all_cores():
    """It once took the tests with it: both workers, every kernel and browser, on one core."""
    code = "import os; before = os.sched_getaffinity(0); import tools.mnist, tools.growth, "
    code += "tools.bench; assert os.sched_getaffinity(0) == before"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
