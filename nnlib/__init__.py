"""nnlib: the small library of the course "a neural network from scratch in NumPy".

    import nnlib as nn

    net = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 3), rng=0)
    history = nn.fit(net, X, y, loss=nn.CrossEntropyLoss(), optimizer=nn.SGD(net, lr=0.1),
                     epochs=200, rng=0)

Importing it brings NumPy and nothing else; pictures, sliders and exercise checks load when used.
"""

from importlib import import_module

from . import data
from .conv import Conv2d, Flatten, MaxPool2d
from .examine import Examination, examine
from .functional import (
    accuracy,
    he_normal,
    log_softmax,
    log_softmax_naive,
    one_hot,
    sigmoid,
    sigmoid_naive,
    softmax,
    softmax_naive,
    xavier_normal,
)
from .gradcheck import GradientReport, check_gradients, numerical_gradient, relative_error
from .layer import Layer
from .layers import Dropout, LeakyReLU, Linear, ReLU, Sigmoid, Softmax, Tanh
from .losses import BCEWithLogitsLoss, CrossEntropyLoss, Loss, MSELoss
from .network import Sequential
from .optim import (
    SGD,
    Adam,
    AdamW,
    Optimizer,
    RMSprop,
    cosine_schedule,
    step_schedule,
    warmup_schedule,
)
from .pictures import Distort, Scale
from .train import History, fit

RMSProp = RMSprop  # the spelling of the lecture that it comes from

_ON_DEMAND = {
    "autodiff": ".autodiff",
    "checks": ".checks",
    "clinic": ".lessons.clinic",
    "paper": ".lessons.paper",
    "pencil": ".lessons.pencil",
    "plots": ".plots",
    "stepper": ".lessons.stepper",
    "widgets": ".widgets",
}


def __getattr__(name):
    if name in _ON_DEMAND:
        return import_module(_ON_DEMAND[name], __name__)
    if name in ("save", "load"):
        return getattr(import_module(".storage", __name__), name)
    if name in ("to_torch", "from_torch"):
        return getattr(import_module(".bridge", __name__), name)
    raise AttributeError(f"nnlib has no {name!r}")


__all__ = [
    "Adam", "AdamW", "BCEWithLogitsLoss", "Conv2d", "CrossEntropyLoss", "Distort", "Dropout",
    "Examination", "Flatten", "GradientReport", "History", "Layer", "LeakyReLU", "Linear", "Loss",
    "MSELoss", "MaxPool2d", "Optimizer", "RMSProp", "RMSprop", "ReLU", "SGD", "Scale", "Sequential",
    "Sigmoid", "Softmax", "Tanh", "accuracy", "autodiff", "check_gradients", "checks", "clinic",
    "cosine_schedule", "data", "examine", "fit", "from_torch", "he_normal", "load", "log_softmax",
    "log_softmax_naive", "numerical_gradient", "one_hot", "paper", "pencil", "plots",
    "relative_error", "save", "sigmoid", "sigmoid_naive", "softmax", "softmax_naive",
    "step_schedule", "to_torch", "warmup_schedule", "widgets", "xavier_normal",
]  # fmt: skip
