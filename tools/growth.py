"""How the cost of training grows: one thing doubles, and then doubles again (`make growth`).

    python -m tools.growth [--keep]

Batch size, width, depth and number of examples grow by factors of two, the others stay as they
are. Time is that of a step and of an epoch inside `nn.fit`, the shortest of some runs; memory is
the most that a run holds at once, beyond the data and the network that were there before. All on
one BLAS thread, in float32. `--keep` writes figures/growth.json; figures/growth.py draws it.
"""

import argparse
import json
import os
import sys
import time
import tracemalloc

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # read when NumPy is imported

import numpy as np  # noqa: E402

import nnlib as nn  # noqa: E402
from nnlib import files  # noqa: E402
from tools import ROOT  # noqa: E402

KEPT = ROOT / "figures" / "growth.json"
USUAL = {"examples": 2048, "batch": 64, "width": 128, "depth": 2}
GROWN = {
    "batch": [8, 16, 32, 64, 128, 256, 512, 1024],
    "width": [16, 32, 64, 128, 256, 512, 1024],
    "depth": [1, 2, 4, 8, 16, 32],
    "examples": [512, 1024, 2048, 4096, 8192, 16384],
}
INPUTS, CLASSES = 64, 10


def run(examples, batch, width, depth, dtype=np.float32):
    """A function that trains for some epochs, on data that are there already."""
    rng = np.random.default_rng(0)
    X, y = rng.random((examples, INPUTS), dtype=dtype), rng.integers(CLASSES, size=examples)
    layers = [nn.Linear(INPUTS, width)]
    for _ in range(depth - 1):
        layers += [nn.ReLU(), nn.Linear(width, width)]
    net = nn.Sequential(*layers, nn.ReLU(), nn.Linear(width, CLASSES), rng=0, dtype=dtype)
    loss, optimizer = nn.CrossEntropyLoss(), nn.SGD(net, lr=0.001)

    def epochs(n):
        nn.fit(net, X, y, loss=loss, optimizer=optimizer, epochs=n, batch_size=batch, rng=0)

    epochs.net = net
    return epochs


def seconds(epochs, repeat=5):
    """The shortest time of an epoch."""
    epochs(1)
    found = []
    for _ in range(repeat):
        start = time.perf_counter()
        epochs(1)
        found.append(time.perf_counter() - start)
    return min(found)


def most_bytes(epochs, n=1):
    """The most that n epochs hold at once, beyond what was there before."""
    tracemalloc.start()
    epochs(n)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def measure():
    """{what grows: {"sizes", "step": seconds, "epoch": seconds, "memory": bytes}}."""
    found = {}
    for what, sizes in GROWN.items():
        rows = []
        for size in sizes:
            setting = USUAL | {what: size}
            epochs = run(**setting)
            epoch = seconds(epochs)
            rows.append((epoch / -(-setting["examples"] // setting["batch"]), epoch,
                         most_bytes(epochs)))  # fmt: skip
        columns = map(list, zip(*rows, strict=True))
        found[what] = {"sizes": sizes} | dict(
            zip(("step", "epoch", "memory"), columns, strict=True)
        )
    return found


def slope(sizes, costs):
    """How steep the last three doublings are on log axes: 1 is "twice as much costs twice"."""
    return float(np.polyfit(np.log2(sizes[-4:]), np.log2(costs[-4:]), 1)[0])


def table(found):
    lines = []
    for what, rows in found.items():
        lines.append(f"{what:>9}  ms a step  ms an epoch  MB")
        for size, step, epoch, memory in zip(*rows.values(), strict=True):
            lines.append(f"{size:9}  {1e3 * step:9.3f}  {1e3 * epoch:11.1f}  {memory / 1e6:.2f}")
        slopes = [slope(rows["sizes"], rows[name]) for name in ("step", "epoch", "memory")]
        lines.append(f"    slope  {slopes[0]:9.2f}  {slopes[1]:11.2f}  {slopes[2]:.2f}\n")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="make growth", description=__doc__.splitlines()[0])
    parser.add_argument("--keep", action="store_true", help="as the project's own picture")
    chosen = parser.parse_args()
    found = measure()
    print(table(found))
    if chosen.keep:
        from tools.bench import machine

        text = json.dumps({"machine": machine(), "found": found}, indent=1, ensure_ascii=False)
        files.write_text(KEPT, text + "\n")


if __name__ == "__main__":
    sys.exit(main())
