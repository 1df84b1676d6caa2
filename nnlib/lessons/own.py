"""The last exercise of notebook 14: the network of 08, as the learner wrote it, with a fault in it.

sick = clinic.infect(3, start=start, forward=forward, backward=backward, update=update)
params = sick.start(2, 8, 2, rng=0)          # the same four functions, one of them with a fault
Z1, A1, P = sick.forward(params, X)
"""

import numpy as np

from .. import errors
from ..data import moons
from ..examine import Examination, Line, dead_units
from ..functional import one_hot
from ..gradcheck import numerical_gradient

FAULTS = {  # as in clinic.diseases(): the function that it sits in
    "missing 1/N": "backward",
    "a gradient is missing": "backward",
    "mask of the wrong array": "backward",
    "softmax along the wrong axis": "forward",
    "dead units": "start",
    "learning rate too low": "update",
    "learning rate too high": "update",
}
HEALTHY = 0.1  # the share of seeds that leave the network as it is


def infect(seed, *, start, forward, backward, update):
    """Your four functions of notebook 08, one of them with a fault that the seed chooses, or none.

    First they are examined as they are: what was wrong before is told, not hidden.
    """
    seed = errors.whole(seed, "seed", "infect", least=0)
    functions = {"start": start, "forward": forward, "backward": backward, "update": update}
    for name, function in functions.items():
        if not callable(function):
            rule = f"infect expected {name} to be a function"
            errors.reject(rule, errors.describe(function), f"Hand in {name}, without brackets.")
    complaints = Own(seed, functions, ()).examine().complaints
    if complaints:
        rule = "infect expected functions that work"
        fix = "Let the checks of notebook 08 pass first."
        errors.reject(rule, f"{complaints[0].looked_at}: {complaints[0].seen}", fix)
    rng = np.random.default_rng(seed)
    healthy = rng.random() < HEALTHY
    return Own(seed, functions, () if healthy else (str(rng.choice(list(FAULTS))),))


class Own:
    """`start`, `forward`, `backward` and `update`, to be called as in notebook 08."""

    def __init__(self, seed, functions, diseases):
        self.number, self.diseases = f"of your own, seed {seed}", diseases
        self._functions = functions

    @property
    def sick_parts(self):
        """The function that holds the fault."""
        return [FAULTS[name] for name in self.diseases]

    def start(self, D, H, K, rng):
        params = dict(self._functions["start"](D, H, K, rng))
        if "dead units" in self.diseases:
            params["b1"] = params["b1"] - 10.0
        return params

    def forward(self, params, X):
        Z1, A1, P = self._functions["forward"](params, X)
        if "softmax along the wrong axis" in self.diseases:
            Z2 = A1 @ params["W2"] + params["b2"]
            E = np.exp(Z2 - Z2.max(axis=0))
            P = E / E.sum(axis=0)
        return Z1, A1, P

    def backward(self, params, X, Y, Z1, A1, P):
        grads = dict(self._functions["backward"](params, X, Y, Z1, A1, P))
        if "missing 1/N" in self.diseases:
            grads = {name: len(X) * grad for name, grad in grads.items()}
        if "a gradient is missing" in self.diseases:
            grads["W1"] = np.zeros_like(grads["W1"])
        if "mask of the wrong array" in self.diseases:  # A1 >= 0: always open
            dZ1 = (P - Y) / len(X) @ params["W2"].T
            grads |= {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0)}
        return grads

    def update(self, params, grads, lr):
        if "learning rate too low" in self.diseases:
            lr = 1e-4 * lr
        if "learning rate too high" in self.diseases:
            lr = 300 * lr
        return self._functions["update"](params, grads, lr)

    def examine(self):
        """The lines of `nn.examine` that four functions can have, on two moons."""
        X, y = moons(60, noise=0.1, rng=0)
        Y, params = one_hot(y, 2), self.start(2, 8, 2, 0)

        def loss(params):
            return -np.log(self.forward(params, X)[-1][np.arange(len(y)), y]).mean()

        Z1, A1, P = self.forward(params, X)
        sums, grads = P.sum(axis=1), self.backward(params, X, Y, Z1, A1, P)
        wrong = [name for name, value in params.items() if not np.allclose(
            grads[name], numerical_gradient(lambda A, name=name: loss(params | {name: A}), value),
            rtol=1e-4, atol=1e-7)]  # fmt: skip
        dead, first = dead_units(A1) / A1.shape[1], loss(params)
        with np.errstate(all="ignore"):
            for _ in range(20):
                grads = self.backward(params, X, Y, *self.forward(params, X))
                params = self.update(params, grads, 0.3)
            last = loss(params)
        seen = f"wrong in {', '.join(wrong)}" if wrong else "agrees in all arrays"
        falls = "falls" if last < 0.995 * first else "does not fall"
        return Examination([
            _line("probabilities", f"rows of P add up to {sums.min():.2f} … {sums.max():.2f}",
                  "1 for every row", not np.allclose(sums, 1)),
            _line("gradient", seen, "agrees with what is measured", wrong),
            _line("closed units", f"{dead:.0%} of the hidden layer", "under a half", dead > 0.75),
            _line("steps", f"20 steps: the loss {falls}", "falls", falls != "falls"),
        ])  # fmt: skip

    def __repr__(self):
        return f"the network {self.number}: start, forward, backward, update"


def _line(looked_at, seen, usual, stands_out):
    return Line(looked_at, seen, usual, "look there" if stands_out else "")
