"""How fast a training step is, beside the matrix products that it cannot do without (`make bench`).

    python -m tools.bench [NETS] [--peers NAMES] [--rounds 15] [--keep]

A step takes a shuffled batch, forward, loss, backward and update, and records the loss, inside
`nn.fit` or a peer's usual loop: all in float32, in one process, on one BLAS thread. A round takes
every runner once, one after the other, so that a slow minute of the machine slows all of them; what
is told are medians of the ratios within a round. Peers that are not installed are left out.
`--keep` writes figures/benchmark.json, from which figures/benchmark.py draws the picture.
"""

import argparse
import json
import os
import platform
import sys
import time
import warnings
from dataclasses import dataclass
from itertools import pairwise

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")  # read when NumPy is imported

import numpy as np  # noqa: E402

import nnlib as nn  # noqa: E402
from nnlib import files  # noqa: E402
from tools import ROOT  # noqa: E402

KEPT = ROOT / "figures" / "benchmark.json"
LONG_ENOUGH = 0.02  # seconds that one measurement takes at least
LR = 0.01


@dataclass(frozen=True)
class Net:
    sizes: tuple
    activation: str
    batch: int
    steps: int = 32  # batches in an epoch

    def __str__(self):
        return f"{'-'.join(map(str, self.sizes))} {self.activation}, batch {self.batch}"

    def data(self):
        rng = np.random.default_rng(0)
        N = self.steps * self.batch
        X = rng.random((N, self.sizes[0]), dtype=np.float32)
        return X, rng.integers(self.sizes[-1], size=N)


NETS = {
    "A": Net((784, 30, 10), "sigmoid", 10),
    "B": Net((784, 128, 10), "relu", 32),
    "C": Net((784, 256, 128, 10), "relu", 128),
    "D": Net((784, 1024, 1024, 10), "relu", 256, steps=8),
    "E": Net((2, 3, 2), "sigmoid", 4),
    "F": Net((2, 16, 16, 2), "tanh", 200),
}


# ---------------------------------------------------------------- runners: epochs(n) for one net


def bare_products(net):
    """The matrix products of a step, by `np.matmul`, and nothing else: the yardstick."""
    rng = np.random.default_rng(0)
    A = [rng.random((net.batch, n), dtype=np.float32) for n in net.sizes]
    W = [rng.random((m, n), dtype=np.float32) for m, n in pairwise(net.sizes)]
    dA, dW = [a.copy() for a in A], [w.copy() for w in W]

    def epochs(n):
        for _ in range(n * net.steps):
            for i, w in enumerate(W):
                np.matmul(A[i], w, out=A[i + 1])
            for i in reversed(range(len(W))):
                np.matmul(A[i].T, dA[i + 1], out=dW[i])
                if i:
                    np.matmul(dA[i + 1], W[i].T, out=dA[i])

    return epochs


def ours(net, optimizer=nn.SGD):
    X, y = net.data()
    activation = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU, "tanh": nn.Tanh}[net.activation]
    layers = [nn.Linear(*net.sizes[:2])]
    for m, n in pairwise(net.sizes[1:]):
        layers += [activation(), nn.Linear(m, n)]
    model, loss = nn.Sequential(*layers, rng=0, dtype=np.float32), nn.CrossEntropyLoss()
    opt = optimizer(model, lr=LR)

    def epochs(n):
        nn.fit(model, X, y, loss=loss, optimizer=opt, epochs=n, batch_size=net.batch, rng=0)

    return epochs


def ours_adam(net):
    return ours(net, nn.Adam)


def pytorch(net, optimizer="SGD", **options):
    import torch

    torch.set_num_threads(1)
    X, y = map(torch.from_numpy, net.data())
    activation = {"sigmoid": "Sigmoid", "relu": "ReLU", "tanh": "Tanh"}[net.activation]
    layers = [torch.nn.Linear(*net.sizes[:2])]
    for m, n in pairwise(net.sizes[1:]):
        layers += [getattr(torch.nn, activation)(), torch.nn.Linear(m, n)]
    model, loss = torch.nn.Sequential(*layers), torch.nn.CrossEntropyLoss()
    opt = getattr(torch.optim, optimizer)(model.parameters(), lr=LR, **options)

    def epochs(n):
        for _ in range(n):
            order, total = torch.randperm(len(X)), 0.0
            for rows in order.split(net.batch):
                L = loss(model(X[rows]), y[rows])
                opt.zero_grad()
                L.backward()
                opt.step()
                total += L.detach()
            total.item()

    return epochs


def pytorch_adam(net):
    return pytorch(net, "Adam", fused=True)


def scikit_learn(net):
    from sklearn.neural_network import MLPClassifier

    X, y = net.data()
    activation = {"sigmoid": "logistic"}.get(net.activation, net.activation)

    def epochs(n):
        model = MLPClassifier(
            net.sizes[1:-1], activation=activation, solver="sgd", alpha=0, momentum=0, tol=0,
            batch_size=net.batch, learning_rate_init=LR, max_iter=n, n_iter_no_change=n + 1,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "did not converge"
            model.fit(X, y)

    return epochs


def jax_parts(net):
    """Data, starting parameters, and one step: (params, X, y) -> (new params, loss)."""
    import jax
    import jax.numpy as jnp

    X, y = net.data()
    act = {"sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu, "tanh": jnp.tanh}[net.activation]
    rng = np.random.default_rng(0)
    params = [
        (jnp.asarray(rng.standard_normal((m, n), dtype=np.float32) * 0.05), jnp.zeros(n))
        for m, n in pairwise(net.sizes)
    ]

    def loss(params, X, y):
        for i, (W, b) in enumerate(params):
            X = (act(X) if i else X) @ W + b
        return -jnp.take_along_axis(jax.nn.log_softmax(X), y[:, None], axis=1).mean()

    def step(params, X, y):
        L, grads = jax.value_and_grad(loss)(params, X, y)
        return jax.tree.map(lambda p, g: p - LR * g, params, grads), L

    return X, y, params, step


def jax_jit(net):
    import jax

    X, y, params, step = jax_parts(net)
    step = jax.jit(step)
    shuffle = np.random.default_rng(0)

    def epochs(n):
        nonlocal params
        for _ in range(n):
            order, total = shuffle.permutation(len(X)), 0.0
            for start in range(0, len(X), net.batch):
                rows = order[start : start + net.batch]
                params, L = step(params, X[rows], y[rows])
                total += L
            float(total)

    return epochs


def jax_loop(net):
    """The loop over the batches is compiled, too: NumPy only shuffles, and Python calls once."""
    import jax

    X, y, params, step = jax_parts(net)
    X, y = jax.numpy.asarray(X), jax.numpy.asarray(y)

    @jax.jit
    def run(params, batches):
        return jax.lax.scan(lambda p, rows: step(p, X[rows], y[rows]), params, batches)

    shuffle = np.random.default_rng(0)

    def epochs(n):
        nonlocal params
        order = np.concatenate([shuffle.permutation(len(X)) for _ in range(n)])
        params, losses = run(params, order.reshape(n * net.steps, net.batch))
        float(losses.mean())

    return epochs


RUNNERS = {
    "bare products": bare_products,
    "ours": ours,
    "ours with Adam": ours_adam,
    "PyTorch": pytorch,
    "PyTorch with Adam": pytorch_adam,
    "scikit-learn": scikit_learn,
    "JAX jit": jax_jit,
    "JAX loop": jax_loop,
}


# ---------------------------------------------------------------- measuring


def measure(nets, names, rounds):
    """{net: {runner: seconds of one step, one number a round}}."""
    found = {}
    for letter in nets:
        runners = {}
        for name in names:
            try:
                runners[name] = RUNNERS[name](NETS[letter])
            except ImportError:
                print(f"{name} is not installed: left out", file=sys.stderr)
                names = [other for other in names if other != name]
        often = {}
        for name, epochs in runners.items():
            epochs(1)  # warm
            often[name] = max(1, round(LONG_ENOUGH / timed(epochs, 1)))
        times = {name: [] for name in runners}
        for _ in range(rounds):
            for name, epochs in runners.items():
                times[name].append(timed(epochs, often[name]) / (often[name] * NETS[letter].steps))
        found[letter] = {name: np.array(t) for name, t in times.items()}
    return found


def timed(epochs, n):
    start = time.perf_counter()
    epochs(n)
    return time.perf_counter() - start


def ratio(found, letter, above, below):
    """Median and quartiles of a ratio within rounds, or None where one was not measured."""
    times = found[letter]
    if above not in times or below not in times:
        return None
    return np.percentile(times[above] / times[below], (25, 50, 75))


# what is wanted: (name, above, below, "at most" or "at least", the target of each net)
TARGETS = [
    ("ours ÷ bare products", "ours", "bare products", "at most", (2.5, 1.6, 1.2, 1.1, 8, 6)),
    ("PyTorch ÷ ours", "PyTorch", "ours", "at least", (4.5, 2.0, 1.3, 1.0, 10, 4)),
    ("scikit-learn ÷ ours", "scikit-learn", "ours", "at least", (3.5, 2, 1.4, 1.15, 4, 2)),
    ("JAX jit ÷ ours", "JAX jit", "ours", None, ()),
    ("ours ÷ JAX loop", "ours", "JAX loop", None, ()),
    (
        *("ours ÷ PyTorch, both Adam", "ours with Adam", "PyTorch with Adam", "at most"),
        (0.3, 0.65, 0.95, 1.1),
    ),
]


def summary(found):
    """What is kept of a run: medians in microseconds, and every ratio with its quartiles."""
    return {
        "machine": machine(),
        "nets": {letter: str(NETS[letter]) for letter in found},
        "microseconds a step": {
            letter: {name: round(1e6 * float(np.median(t)), 2) for name, t in times.items()}
            for letter, times in found.items()
        },
        "ratios": {
            name: {
                letter: [round(float(value), 3) for value in between]
                for letter in found
                if (between := ratio(found, letter, above, below)) is not None
            }
            for name, above, below, *_ in TARGETS
        },
    }


def table(kept):
    """A summary as text."""
    times, ratios = kept["microseconds a step"], kept["ratios"]
    letters = list(times)
    lines = [kept["machine"], *(f"{letter}  {kept['nets'][letter]}" for letter in letters), ""]
    lines.append(f"{'µs a step':27}" + "".join(f"{letter:>23}" for letter in letters))
    for name in RUNNERS:
        cells = [
            f"{times[letter][name]:.4g}" if name in times[letter] else "" for letter in letters
        ]
        if any(cells):
            lines.append(f"{name:27}" + "".join(f"{cell:>23}" for cell in cells))
    lines += ["", "median of the ratios, and their quartiles"]
    for name, _, _, rule, targets in TARGETS:
        if not ratios[name]:
            continue
        found = [ratios[name].get(letter) for letter in letters]
        cells = [f"{r[1]:.3g} ({r[0]:.3g} to {r[2]:.3g})" if r else "" for r in found]
        lines.append(f"{name:27}" + "".join(f"{cell:>23}" for cell in cells))
        if rule:
            wanted = dict(zip(NETS, targets, strict=False))
            cells = [f"{wanted[letter]:g}" if letter in wanted else "" for letter in letters]
            lines.append(f"{'   wanted: ' + rule:27}" + "".join(f"{cell:>23}" for cell in cells))
    return "\n".join(lines)


def machine():
    from threadpoolctl import threadpool_info

    several = [info for info in threadpool_info() if info["user_api"] == "blas"]
    blas = min(several, key=lambda info: "numpy" not in info["filepath"].lower())  # not SciPy's
    return (
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, {blas['internal_api']} {blas['version']} for "
        f"{blas.get('architecture', '?')}, one thread"
    )


def main():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("nets", nargs="?", default="ABCDEF")
    parser.add_argument("--peers", default=",".join(RUNNERS))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--keep", action="store_true", help="as the project's own table")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    chosen = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):  # JAX has threads of its own: one core for everybody
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    kept = summary(measure(chosen.nets, chosen.peers.split(","), chosen.rounds))
    print(json.dumps(kept) if chosen.json else table(kept))
    if chosen.keep:
        files.write_text(KEPT, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
