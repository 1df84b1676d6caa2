"""What PyTorch computes with the same weights, for machines without PyTorch.

`python -m tools.golden` (needs PyTorch) writes tests/golden/pytorch.npz, which
tests/test_against_pytorch.py compares with nnlib, and with PyTorch itself where it is installed.
"""

import numpy as np

from tools import ROOT

PATH = ROOT / "tests" / "golden" / "pytorch.npz"

# name: (layers, loss, N, size of the inputs). A layer is its name and what its constructor takes.
NETWORKS = {
    "relu": ([("Linear", 3, 2), ("ReLU",), ("Linear", 2, 3)], "CrossEntropyLoss", 6, 1.0),
    "leaky": ([("Linear", 4, 5), ("LeakyReLU", 0.1), ("Linear", 5, 2)], "CrossEntropyLoss", 7, 1.0),
    "sigmoid": ([("Linear", 2, 3), ("Sigmoid",), ("Linear", 3, 2), ("Sigmoid",)], "MSELoss", 4, 1),
    "tanh": ([("Linear", 5, 4), ("Tanh",), ("Linear", 4, 3)], "MSELoss", 5, 1.0),
    "softmax": ([("Linear", 3, 4), ("Softmax",)], "MSELoss", 4, 1.0),
    "deep": (
        [("Linear", 3, 4), *[("Tanh",), ("Linear", 4, 4), ("ReLU",), ("Linear", 4, 4)] * 3],
        "CrossEntropyLoss", 9, 1.0,
    ),
    "one example": ([("Linear", 3, 2), ("Tanh",), ("Linear", 2, 3)], "CrossEntropyLoss", 1, 1.0),
    "one output": ([("Linear", 3, 2), ("Tanh",), ("Linear", 2, 1)], "MSELoss", 5, 1.0),
    "large scores": ([("Linear", 3, 4)], "CrossEntropyLoss", 6, 1000.0),
    "one yes or no": ([("Linear", 3, 4), ("ReLU",), ("Linear", 4, 1)], "BCEWithLogitsLoss", 6, 1.0),
    "several": ([("Linear", 2, 5), ("Tanh",), ("Linear", 5, 3)], "BCEWithLogitsLoss", 5, 1.0),
    "large logits": ([("Linear", 3, 2)], "BCEWithLogitsLoss", 6, 1000.0),
}  # fmt: skip

OPTIMISERS = {
    "SGD": ("SGD", {"lr": 0.1}),
    "momentum": ("SGD", {"lr": 0.05, "momentum": 0.9}),
    "RMSprop": ("RMSprop", {"lr": 0.01}),
    "Adam": ("Adam", {"lr": 0.02}),
    "AdamW": ("AdamW", {"lr": 0.02}),
}
DECAYS = (0.0, 0.03)
STEPS = 100


def numbers(name):
    """theta, X and y of one network, drawn from a seed of its own."""
    layers, loss, n, size = NETWORKS[name]
    rng = np.random.default_rng(list(NETWORKS).index(name))
    linear = [layer[1:] for layer in layers if layer[0] == "Linear"]
    theta = rng.standard_normal(sum((n_in + 1) * n_out for n_in, n_out in linear))
    X = size * rng.standard_normal((n, linear[0][0]))
    k = linear[-1][1]
    return theta, X, rng.integers(0, k, n) if loss == "CrossEntropyLoss" else rng.random((n, k))


class TorchNetwork:
    """One of NETWORKS in PyTorch, float64, with the numbers that nnlib gets."""

    def __init__(self, name):
        import torch

        layers, loss, _, _ = NETWORKS[name]
        theta, X, y = numbers(name)
        modules, start = [], 0
        for kind, *given in layers:
            if kind == "Softmax":
                given = [1]
            modules.append(getattr(torch.nn, kind)(*given))
            if kind == "Linear":
                n_in, n_out = given
                W = theta[start : start + n_in * n_out].reshape(n_in, n_out)
                b = theta[start + n_in * n_out :][:n_out]
                start += (n_in + 1) * n_out
                modules[-1].weight.data = torch.tensor(W.T.copy())
                modules[-1].bias.data = torch.tensor(b)
        self.net, self.loss = torch.nn.Sequential(*modules), getattr(torch.nn, loss)()
        self.X, self.y = torch.tensor(X, requires_grad=True), torch.tensor(y)

    def flat(self, gradient=False):
        """All parameters, or their gradients, in nnlib's order: W transposed, then b."""
        parts = [p.grad if gradient else p for p in self.net.parameters()]
        return np.concatenate([part.detach().numpy().T.ravel() for part in parts])

    def backward(self):
        self.net.zero_grad()
        Z = self.net(self.X)
        L = self.loss(Z, self.y)
        L.backward()
        return Z, L


def one_pass(name):
    """Output, loss, gradient and gradient with respect to the data of one pass."""
    torch_network = TorchNetwork(name)
    Z, L = torch_network.backward()
    return {
        f"{name}/output": Z.detach().numpy(),
        f"{name}/loss": np.array(L.item()),
        f"{name}/grad": torch_network.flat(gradient=True),
        f"{name}/to_input": torch_network.X.grad.numpy(),
    }


def trajectory(name, decay):
    """theta after each of STEPS steps of one optimiser, on the network "relu"."""
    import torch

    torch_network = TorchNetwork("relu")
    kind, options = OPTIMISERS[name]
    parameters = list(torch_network.net.parameters())
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": decay},
        {"params": [p for p in parameters if p.ndim == 1], "weight_decay": 0.0},
    ]
    optimiser = getattr(torch.optim, kind)(groups, **options)
    thetas = []
    for _ in range(STEPS):
        torch_network.backward()
        optimiser.step()
        thetas.append(torch_network.flat())
    return {f"{name}, weight_decay={decay}": np.array(thetas)}


def reference():
    """Everything that the tests compare, as one dict of arrays, computed by PyTorch now."""
    arrays = {}
    for name in NETWORKS:
        arrays |= one_pass(name)
    for name in OPTIMISERS:
        for decay in DECAYS:
            arrays |= trajectory(name, decay)
    return arrays


def main():
    PATH.parent.mkdir(exist_ok=True)
    np.savez_compressed(PATH, **reference())
    print(f"{PATH.relative_to(ROOT)}: {PATH.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
