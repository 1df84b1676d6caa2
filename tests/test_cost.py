"""What training costs: memory that stays bounded, a step that stays near its matrix products."""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nnlib as nn
from tools import ROOT, growth

MB = 1e6


def most(epochs=1, **setting):
    run = growth.run(**growth.USUAL | setting)
    run(1)  # what is made once and kept is there
    gc.collect()
    return growth.most_bytes(run, epochs)


def test_memory_does_not_grow_with_the_number_of_epochs():
    one = most(1)
    assert most(20) <= one + 20 * 64 + 2000  # a few floats of history an epoch


def test_memory_is_that_of_one_batch():
    batch, width, depth = 512, 256, 4
    layers = 4 * batch * (growth.INPUTS + 2 * depth * width)  # bytes of each layer's output
    assert most(batch=batch, width=width, depth=depth) <= 1.5 * layers


def test_a_longer_training_set_takes_a_few_bytes_an_example():
    short, long = 20_000, 80_000
    grown = (most(examples=long) - most(examples=short)) / (long - short)
    assert grown <= 24, grown  # its label, and its place in the shuffled order; the data: 256


def test_a_validation_set_is_measured_in_pieces():
    X, y = np.zeros((40_000, 8), np.float32), np.zeros(40_000, int)
    net = nn.Sequential(nn.Linear(8, 256), nn.ReLU(), nn.Linear(256, 2), rng=0, dtype=np.float32)
    options = {"loss": nn.CrossEntropyLoss(), "optimizer": nn.SGD(net, lr=0.1), "batch_size": 64}

    def epochs(n):
        nn.fit(net, X[:64], y[:64], **options, epochs=n, validation=(X, y))

    whole = 40_000 * 256 * 4  # what the hidden layer would take for all of them at once
    assert growth.most_bytes(epochs) <= 0.4 * whole


def test_memory_grows_in_proportion_to_batch_and_depth():
    for what, sizes in (("batch", [128, 256, 512, 1024]), ("depth", [4, 8, 16, 32])):
        steep = growth.slope(sizes, [most(**{what: size}) for size in sizes])
        assert 0.7 <= steep <= 1.1, (what, steep)


FROM_DISK = """
import resource, sys
import numpy as np
import nnlib as nn

def held():  # memory of this process's own, without pages of files
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1000 for line in status if line.startswith("RssAnon"))

N = 5_000_000_000 // (784 * 4)
X = np.memmap(sys.argv[1], np.float32, "w+", shape=(N, 784))  # zeros take no place on the disk
X[::50_000] = 1
y = (np.arange(N) % 10 == 0).astype(int)
net = nn.Sequential(nn.Linear(784, 8), nn.ReLU(), nn.Linear(8, 2), rng=0)  # in float64
before, most = held(), []
loss = nn.CrossEntropyLoss()
note = lambda net, history: most.append(held())
history = nn.fit(net, X, y, loss=loss, optimizer=nn.SGD(net, lr=0.01), epochs=1, batch_size=4096,
                 rng=0, callbacks=[note])
after = nn.CrossEntropyLoss()(net.scores(X[:1000]), y[:1000])
print(X.nbytes, most[0] - before, history.loss[0], after)
"""


def test_data_larger_than_memory_train_from_disk(tmp_path):
    """A memory-mapped array of 5 GB; most of it is never written, so the disk needs no room."""
    if "NNLIB_BIG" not in os.environ:
        pytest.skip("NNLIB_BIG is not set: this takes half a minute and 5 GB of page cache")
    if not Path("/proc/self/status").exists():
        pytest.skip("memory is read from /proc, which is not here")
    file = tmp_path / "X.dat"
    try:
        run = subprocess.run(
            [sys.executable, "-c", FROM_DISK, str(file)],
            env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
            capture_output=True, text=True,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
    finally:
        file.unlink(missing_ok=True)
    size, grown, mean, after = map(float, run.stdout.split())
    assert size > 4.99e9
    assert grown < 150, f"{grown} MB of memory for data on the disk"
    assert 0.325 < after < mean < np.log(2)  # one class in ten: the best loss is 0.325


def test_the_kept_table_and_picture_belong_together():
    kept = json.loads((ROOT / "figures" / "benchmark.json").read_text(encoding="utf-8"))
    assert set(kept["nets"]) == set("ABCDEF") and "one thread" in kept["machine"]
    for letter, times in kept["microseconds a step"].items():
        between = kept["ratios"]["ours ÷ bare products"][letter]
        assert between[0] <= between[1] <= between[2]
        assert between[1] == pytest.approx(times["ours"] / times["bare products"], rel=0.25)


# How many times its bare matrix products a step inside `fit` may take. The project's own table
# (figures/benchmark.json) is well below; a busy machine of another kind still has to pass.
ALLOWED = {"A": 4.0, "B": 2.4, "C": 1.6, "E": 7.5, "F": 6.0}


@pytest.mark.clock
@pytest.mark.parametrize("letter", ALLOWED)
def test_a_step_stays_near_its_matrix_products(letter):
    command = [sys.executable, "-m", "tools.bench", letter, "--peers=bare products,ours", "--json"]
    ratios = []
    for _ in range(3):  # three tries: noise passes, a slower library does not
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        quartiles = json.loads(run.stdout)["ratios"]["ours ÷ bare products"][letter]
        ratios.append(quartiles[0])  # what disturbs a round mostly makes it slower
        if ratios[-1] <= ALLOWED[letter]:
            break
    assert min(ratios) <= ALLOWED[letter], ratios
