"""Checkpoints: a run that was cut off ends in the same numbers as one that was not."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import nnlib as nn

X, y = nn.data.moons(n=60)
HELD = nn.data.moons(n=40, rng=1)
OPTIMIZERS = {
    "SGD": lambda net: nn.SGD(net, lr=0.1),
    "momentum": lambda net: nn.SGD(net, lr=0.1, momentum=0.9, weight_decay=0.01),
    "RMSprop": lambda net: nn.RMSprop(net, lr=0.01),
    "Adam": lambda net: nn.Adam(net, lr=0.01),
    "AdamW": lambda net: nn.AdamW(net, lr=0.01),
}
WAYS = {
    "plain": {},
    "validation": {"validation": HELD, "record_accuracy": True},
    "patience": {"validation": HELD, "patience": 4},
    "schedule": {"schedule": lambda step: nn.cosine_schedule(step, 60, 0.05)},
}


class Cut(Exception):
    pass


def cut_at(epoch):
    """A callback that ends a run as a crash would: in the middle of an epoch's work."""

    def callback(net, history):
        if history.epochs == epoch:
            raise Cut

    return callback


def run(path=None, optimizer="Adam", epochs=12, cut=None, dtype=np.float64, **way):
    net = nn.Sequential(
        nn.Linear(2, 8), nn.Tanh(), nn.Dropout(0.3), nn.Linear(8, 2), rng=0, dtype=dtype
    )
    if cut:
        way["callbacks"] = [cut_at(cut)]
    options = {"batch_size": 16, "rng": 0, "loss": nn.CrossEntropyLoss()} | way
    optimizer = OPTIMIZERS[optimizer](net)
    if path is not None:
        options["checkpoint"] = path
    history = nn.fit(net, X, y, optimizer=optimizer, epochs=epochs, **options)
    return net, history, optimizer


def same(one, other):
    assert one[0].theta.tobytes() == other[0].theta.tobytes()
    assert vars(one[1]) == vars(other[1])
    assert one[2].lr == other[2].lr


@pytest.mark.parametrize(
    "optimizer, way",
    [*((each, "plain") for each in OPTIMIZERS), *(("Adam", way) for way in list(WAYS)[1:])],
)
def test_a_run_that_was_cut_off_ends_as_one_that_was_not(optimizer, way, tmp_path):
    whole = run(None, optimizer, **WAYS[way])
    for cuts in ([5], [3, 4, 9]):
        path = tmp_path / f"run{len(cuts)}{cuts[0]}.npz"
        for cut in cuts:
            with pytest.raises(Cut):
                run(path, optimizer, cut=cut, **WAYS[way])
        same(run(path, optimizer, **WAYS[way]), whole)
        same(run(path, optimizer, **WAYS[way]), whole)  # it has ended: nothing more happens


@pytest.mark.parametrize("every", [1, 3, 5])
def test_every_so_many_epochs_and_at_the_end(every, tmp_path):
    path = tmp_path / "run.npz"
    with pytest.raises(Cut):
        run(path, cut=8, every=every)
    there = json.loads(str(np.load(path)["state"]))
    assert len(there["history"]["loss"]) == 7 // every * every
    same(run(path, every=every), run())
    assert len(json.loads(str(np.load(path)["state"]))["history"]["loss"]) == 12


def test_every_epoch_is_written_unless_said_otherwise(tmp_path):
    with pytest.raises(Cut):
        run(tmp_path / "run.npz", cut=2)
    assert len(json.loads(str(np.load(tmp_path / "run.npz")["state"]))["history"]["loss"]) == 1


def test_more_epochs_go_further(tmp_path):
    run(tmp_path / "run", epochs=5)
    same(run(tmp_path / "run", epochs=12), run())


def test_float32_and_an_early_end(tmp_path):
    way = {"patience": 2, "validation": HELD, "dtype": np.float32, "epochs": 200}
    whole = run(**way)
    assert whole[1].stopped == "early"
    with pytest.raises(Cut):
        run(tmp_path / "run", cut=whole[1].epochs - 1, **way)
    same(run(tmp_path / "run", **way), whole)
    same(run(tmp_path / "run", **way), whole)


def test_the_generator_of_ones_own_goes_on(tmp_path):
    way = {"rng": np.random.Generator(np.random.MT19937(3))}
    with pytest.raises(Cut):
        run(tmp_path / "run", cut=4, **way)
    fresh = run(tmp_path / "run", rng=np.random.Generator(np.random.MT19937(8)))
    same(fresh, run(rng=np.random.Generator(np.random.MT19937(3))))


@pytest.mark.parametrize(
    "other, words",
    [
        ({"batch_size": 8}, "another batch_size"),
        ({"optimizer": "SGD"}, "another optimizer"),
        ({"validation": HELD}, "another validation"),
        ({"schedule": lambda step: 0.1}, "another schedule"),
        ({"patience": 3, "validation": HELD}, "another patience"),
    ],
)
def test_the_checkpoint_of_another_call_is_refused(other, words, tmp_path):
    run(tmp_path / "run", epochs=2)
    before = (tmp_path / "run.npz").read_bytes()
    with pytest.raises(ValueError, match=f"{words}.*Fix: use another name"):
        run(tmp_path / "run", epochs=4, **other)
    assert (tmp_path / "run.npz").read_bytes() == before


def test_other_data_and_another_network_are_refused(tmp_path):
    run(tmp_path / "run", epochs=2)
    net = nn.Sequential(nn.Linear(2, 9), nn.Tanh(), nn.Linear(9, 2), rng=0)
    theta = net.theta.copy()
    call = {"loss": nn.CrossEntropyLoss(), "epochs": 4, "batch_size": 16, "rng": 0}
    call["checkpoint"] = tmp_path / "run"
    with pytest.raises(ValueError, match="another net"):
        nn.fit(net, X, y, optimizer=nn.Adam(net, lr=0.01), **call)
    assert np.array_equal(net.theta, theta)
    net = run(epochs=1)[0]
    with pytest.raises(ValueError, match="another data"):
        nn.fit(net, X + 1, y, optimizer=nn.Adam(net, lr=0.01), **call)


def test_a_damaged_file_and_one_of_a_newer_version(tmp_path):
    path = tmp_path / "run.npz"
    run(path, epochs=2)
    good = path.read_bytes()
    for length in range(0, len(good), 97):
        path.write_bytes(good[:length])
        with pytest.raises(
            ValueError, match="expected a checkpoint, got run.npz.*Fix: use another"
        ):
            run(path)
        assert path.read_bytes() == good[:length]
    with np.load(tmp_path / nn.save(run(epochs=1)[0], tmp_path / "net")) as saved:
        arrays = dict(saved)
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match="can read, got run.npz, which says 'nnlib network 1'"):
        run(path)
    np.savez(path, **(arrays | {"format": "nnlib checkpoint 2"}))
    with pytest.raises(ValueError, match="'nnlib checkpoint 2'.*the version of nnlib that wrote"):
        run(path)


def test_bad_names_are_refused_before_training(tmp_path):
    for path, words in (
        ("", "name of a file"), (7, "name of a file"), (tmp_path / "no" / "run", "that exists"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=words):
            run(path)
    with pytest.raises(ValueError, match="every"):
        run(tmp_path / "run", every=0)


SCRIPT = """
import sys, numpy as np, nnlib as nn
X, y = nn.data.moons(n=60)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Dropout(0.3), nn.Linear(8, 2), rng=0)
nn.fit(net, X, y, loss=nn.CrossEntropyLoss(), optimizer=nn.Adam(net, lr=0.01), epochs=100,
       batch_size=16, rng=0, checkpoint=sys.argv[1])
print(net.theta.tobytes().hex())
"""


def test_killed_again_and_again_it_ends_as_if_it_had_not_been(tmp_path):
    kills, draw = int(os.environ.get("NNLIB_KILLS", "2")), random.Random(0)
    command = [sys.executable, "-c", SCRIPT]
    ask = {"capture_output": True, "text": True, "check": True}
    whole = subprocess.run([*command, tmp_path / "whole"], **ask).stdout
    died = 0
    while died < kills:
        path = tmp_path / f"run{died // 8}"
        process = subprocess.Popen([*command, path], stdout=subprocess.DEVNULL)
        while not path.with_suffix(".npz").exists() and process.poll() is None:
            time.sleep(0.002)
        time.sleep(draw.random() * 0.3)
        process.kill()
        if process.wait() == 0:  # it ended before its kill: begin anew
            path.with_suffix(".npz").unlink()
        else:
            died += 1
    for path in sorted(tmp_path.glob("run*.npz")):
        assert subprocess.run([*command, path], **ask).stdout == whole


FULL = """
import resource, signal, sys, numpy as np, nnlib as nn
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
net = nn.Sequential(nn.Linear(20, 20), rng=0)
path = nn.save(net, sys.argv[1])
before = path.read_bytes()
resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
X, y = np.ones((4, 20)), np.arange(4)
for write in (
    lambda: nn.save(net, path),
    lambda: nn.fit(net, X, y, loss=nn.CrossEntropyLoss(), optimizer=nn.SGD(net, lr=0.1), epochs=3,
                   checkpoint=sys.argv[1] + "run"),
):
    try:
        write()
    except OSError as error:
        print(error)
assert path.read_bytes() == before
"""


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="Windows has no limit on files")
def test_on_a_full_disk_nothing_is_lost(tmp_path):
    command = [sys.executable, "-c", FULL, str(tmp_path / "net")]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert "net.npz could not be written (File too large). The file that was there" in lines[0]
    assert "netrun.npz could not be written (File too large). Nothing was left" in lines[1]
    assert os.listdir(tmp_path) == ["net.npz"]
