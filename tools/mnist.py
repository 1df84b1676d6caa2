"""How far 55,000 images go in a minute: the runs that notebook 18 shows (`make mnist`).

    python -m tools.mnist [KIND ...] [--seeds 10] [--clock]

A run of one seed takes a fixed number of steps, so that its accuracy does not depend on how busy
the machine is. It learns from 55,000 images, is validated on 5,000 after every epoch, and opens the
10,000 test images once, at its end. What it found is added to figures/mnist.json at once, so that a
run that is stopped loses one seed at most; seeds that are there are not run again. The convolution
of the first seed is kept as figures/mnist_conv.npz.

`--clock` measures the time of a step on its own: all kinds in turn, STEPS at a time, ROUNDS rounds.
It counts the time that the processor spends on this process, in one thread, and keeps each kind's
best round, which is the one that the rest of the machine disturbed least.
"""

import argparse
import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # read when NumPy is imported

import numpy as np  # noqa: E402

import nnlib as nn  # noqa: E402
from nnlib import files  # noqa: E402
from nnlib.train import _accuracy, _scores  # noqa: E402
from tools import ROOT  # noqa: E402
from tools.bench import machine  # noqa: E402

KEPT = ROOT / "figures" / "mnist.json"
BATCH, LR = 128, 0.002
STEPS, ROUNDS = 4, 40  # of the clock


def dense_layers():
    sizes = nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10)
    return [nn.Flatten(), *sizes]


def conv_layers():
    first = nn.Conv2d(1, 16, 5), nn.MaxPool2d(2), nn.ReLU()
    second = nn.Conv2d(16, 32, 5), nn.MaxPool2d(2), nn.ReLU()
    return [*first, *second, nn.Flatten(), nn.Linear(512, 128), nn.ReLU(), nn.Linear(128, 10)]


KINDS = {  # name: (layers, epochs, distorted in training?)
    "dense": (dense_layers, 12, True),
    "dense, not distorted": (dense_layers, 12, False),
    "convolution": (conv_layers, 16, True),
}
SAVED = "convolution"  # the network of its first seed is kept, for pixels from 0 to 1
TORCH = "PyTorch, "  # before the name of a kind: the same start, batches and distortions


def data():
    """Training, validation and test set: pictures (N, 1, 28, 28), bytes, and their labels."""
    X, y, X_test, y_test = nn.data.mnist()
    train, validation = nn.data.split(X[:, None], y, (55 / 60, 5 / 60), rng=0)
    return train, validation, (X_test[:, None], y_test)


def network(kind, seed):
    layers, _, distorted = KINDS[kind]
    before = [nn.Distort(28)] if distorted else []
    return nn.Sequential(*before, nn.Scale(1 / 255), *layers(), rng=seed, dtype=np.float32)


def schedule(kind, N):
    total = KINDS[kind][1] * -(-N // BATCH)
    return lambda step: nn.cosine_schedule(step, total, LR)


def run(kind, seed, sets):
    """What one seed found: validation accuracy of each epoch, and the test images misread."""
    train, validation, test = sets
    if kind.startswith(TORCH):
        return run_torch(kind.removeprefix(TORCH), seed, sets)
    net, loss = network(kind, seed), nn.CrossEntropyLoss()
    history = nn.fit(
        net, *train, loss=loss, optimizer=nn.Adam(net, LR), epochs=KINDS[kind][1], batch_size=BATCH,
        rng=seed, schedule=schedule(kind, len(train[0])), validation=validation,
    )  # fmt: skip
    if kind == SAVED and seed == 0:
        plain = nn.Sequential(*KINDS[kind][0](), rng=0, dtype=np.float32)
        plain.theta = net.theta
        nn.save(plain, KEPT.with_name("mnist_conv"))
    return found(history.val_accuracy, *(_scores(net, X) for X, _ in (validation, test)), sets)


def found(accuracies, Z_validation, Z_test, sets):
    """A run as it is kept: shares, and for each misread image its number and the answer."""
    _, (_, y_validation), (_, y_test) = sets
    return {
        "validation": [round(a, 4) for a in accuracies],
        "validation misread": misread(Z_validation, y_validation),
        "test misread": misread(Z_test, y_test),
    }


def misread(Z, y):
    answers = Z.argmax(axis=1)
    return [[int(i), int(answers[i])] for i in np.flatnonzero(answers != y)]


def torch_parts(kind, seed):
    """The same start in PyTorch: what makes a batch, the model, and one step."""
    import torch

    torch.set_num_threads(1)
    net = network(kind, seed)
    first = next(i for i, layer in enumerate(net.layers) if isinstance(layer, nn.Scale)) + 1
    plain = nn.Sequential(*KINDS[kind][0](), rng=0, dtype=np.float32)
    plain.theta = net.theta
    model, loss = nn.to_torch(plain), torch.nn.CrossEntropyLoss()
    opt = torch.optim.Adam(model.parameters(), lr=LR, fused=True)

    def batch(X):
        X = X.astype(np.float32)
        for layer in net.layers[:first]:
            X = layer.forward(X)
        return torch.from_numpy(X)

    def step(X, y, lr):
        opt.param_groups[0]["lr"] = lr
        opt.zero_grad()
        loss(model(batch(X)), torch.from_numpy(y)).backward()
        opt.step()

    def scores(X):
        pieces = np.array_split(X, -(-len(X) // 1000))
        with torch.no_grad():
            Z = [model(torch.from_numpy(x.astype(np.float32) / np.float32(255))) for x in pieces]
        return np.concatenate([z.numpy() for z in Z])

    return step, scores


def run_torch(kind, seed, sets):
    (X, y), (X_validation, y_validation), (X_test, _) = sets
    step, scores = torch_parts(kind, seed)
    rate, rng, taken, accuracies = schedule(kind, len(X)), np.random.default_rng(seed), 0, []
    for _ in range(KINDS[kind][1]):
        order = rng.permutation(len(X))
        for start in range(0, len(X), BATCH):
            rows = order[start : start + BATCH]
            step(X[rows], y[rows], rate(taken))
            taken += 1
        accuracies.append(_accuracy(nn.CrossEntropyLoss(), scores(X_validation), y_validation))
    return found(accuracies, scores(X_validation), scores(X_test), sets)


def clock(kinds, sets):
    """Milliseconds of processor time that a step takes, for each kind: the best of many rounds."""
    X, y = (part[: STEPS * BATCH] for part in sets[0])
    steppers = {kind: stepper(kind, X, y) for kind in kinds}
    best = dict.fromkeys(kinds, np.inf)
    for _ in range(ROUNDS):
        for kind, steps in steppers.items():
            start = time.process_time()
            steps()
            best[kind] = min(best[kind], 1000 * (time.process_time() - start) / STEPS)
    return {kind: round(value, 2) for kind, value in best.items()}


def stepper(kind, X, y):
    """A function that takes STEPS steps."""
    if kind.startswith(TORCH):
        step, _ = torch_parts(kind.removeprefix(TORCH), 0)
        order = np.random.default_rng(0)

        def steps():
            rows = order.permutation(len(X))
            for i in range(0, len(X), BATCH):
                step(X[rows[i : i + BATCH]], y[rows[i : i + BATCH]], LR)

        return steps
    net, loss = network(kind, 0), nn.CrossEntropyLoss()
    how = {"loss": loss, "optimizer": nn.Adam(net, LR), "epochs": 1, "batch_size": BATCH}
    return lambda: nn.fit(net, X, y, **how, rng=0)


def kept():
    if not KEPT.exists():
        return {"recipe": {}, "runs": {}, "milliseconds a step": {}}
    return json.loads(KEPT.read_text(encoding="utf-8"))


def keep(change):
    """Read the file again, change it, write it whole: two of these may run beside each other."""
    import fcntl
    import tempfile

    with open(os.path.join(tempfile.gettempdir(), "nnlib-mnist.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        table = kept()
        change(table)
        text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
        files.write_text(KEPT, text.replace('"seed ', '\n"seed ') + "\n")


def recipe():
    return {
        "batch": BATCH,
        "rate": LR,
        "steps": {kind: epochs * -(-55000 // BATCH) for kind, (_, epochs, _) in KINDS.items()},
        "layers": {kind: [repr(layer) for layer in KINDS[kind][0]()] for kind in KINDS},
    }


def main():
    parser = argparse.ArgumentParser(prog="make mnist", description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", default=list(KINDS))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--clock", action="store_true", help="measure the time of a step")
    chosen = parser.parse_args()
    sets = data()
    keep(lambda table: table.update(recipe=recipe()))
    if chosen.clock:
        times = clock(chosen.kinds, sets)
        keep(lambda table: table.update({"milliseconds a step": times, "machine": machine()}))
        print(times)
        return
    for seed in range(chosen.seeds):
        for kind in chosen.kinds:
            if f"seed {seed}" in kept()["runs"].get(kind, {}):
                continue
            what = run(kind, seed, sets)
            keep(
                lambda t, k=kind, s=seed, w=what: (
                    t["runs"].setdefault(k, {}).update({f"seed {s}": w})
                )
            )
            wrong = len(what["test misread"])
            print(
                f"{kind}, seed {seed}: {what['validation'][-1]:.2%}, test {wrong} wrong", flush=True
            )


if __name__ == "__main__":
    sys.exit(main())
