"""The patients of notebook 14: small networks that do not work, though nothing raises an error.

    p = clinic.patient(1)
    net, loss, optimizer = p.build()
    nn.examine(net, loss, p.X, p.y, optimizer=optimizer, validation=(p.X_val, p.y_val))
    p.train()                                       # what becomes of it
    p.treat(loss=nn.CrossEntropyLoss).train()       # the same, with one part exchanged

A patient is made of five parts, each a function:

    data(X, y)      → (X_train, y_train), (X_val, y_val), from what was collected
    layers()        → a list of layers
    start(net)      changes the starting weights, or nothing
    loss()          → a loss
    optimizer(net)  → an optimizer

A disease is a change to one of them. Each was made by real people: `DISEASES` says where it was
seen. Humbatova et al. 2020, "Taxonomy of Real Faults in Deep Learning Systems", sorts many more.
"""

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from .. import errors
from ..data import digits, moons, split, standardise
from ..examine import examine
from ..functional import accuracy, one_hot_of
from ..layer import Layer
from ..layers import Dropout, Linear, ReLU, Sigmoid, Softmax
from ..losses import CrossEntropyLoss, Loss
from ..network import Sequential
from ..optim import SGD
from ..train import fit
from .own import infect as infect

PARTS = ("data", "layers", "start", "loss", "optimizer")


@dataclass
class Patient:
    """Five parts, what was collected, and what its owner says."""

    number: int
    says: str
    raw: tuple  # inputs and labels, as they were collected
    parts: dict
    epochs: int
    goal: float  # the validation accuracy that the cured patient reaches
    diseases: tuple = field(default=(), repr=False)
    seed: int = 0
    treated: tuple = ()

    def __post_init__(self):
        (self.X, self.y), (self.X_val, self.y_val) = self.parts["data"](*self.raw)

    def build(self):
        """A fresh network, its loss and its optimizer."""
        net = Sequential(*self.parts["layers"](), rng=self.seed)
        self.parts["start"](net)
        return net, self.parts["loss"](), self.parts["optimizer"](net)

    def train(self):
        """Train a fresh network; an Outcome."""
        net, loss, optimizer = self.build()
        how = {"loss": loss, "optimizer": optimizer, "epochs": self.epochs, "rng": self.seed}
        history = fit(net, self.X, self.y, **how, batch_size=32)
        return Outcome(net, history, right(net, self.X, self.y), right(net, self.X_val, self.y_val))

    def examine(self):
        """`nn.examine` on a fresh network, with its optimizer and its validation set."""
        net, loss, optimizer = self.build()
        others = {"optimizer": optimizer, "validation": (self.X_val, self.y_val)}
        return examine(net, loss, self.X, self.y, **others)

    def treat(self, **parts):
        """The same patient with these parts exchanged; the patient itself stays as it is."""
        for name, part in parts.items():
            errors.one_of(name, PARTS, "the name of a part", "treat")
            if not callable(part) or isinstance(part, (Layer, Loss)):
                fix = "Hand in the function itself: loss=nn.CrossEntropyLoss, without brackets."
                errors.reject(f"treat expected {name} to be a function", errors.describe(part), fix)
        treated = tuple(dict.fromkeys((*self.treated, *parts)))
        return Patient(
            self.number, self.says, self.raw, self.parts | parts, self.epochs, self.goal,
            self.diseases, self.seed, treated,
        )  # fmt: skip

    @property
    def sick_parts(self):
        """The parts that hold a disease, in the order of PARTS."""
        return [part for part in PARTS if part in {DISEASES[name].part for name in self.diseases}]

    def __repr__(self):
        layers = ", ".join(map(repr, self.parts["layers"]()))
        rows = f"{len(self.y)} rows for training, {len(self.y_val)} for validation"
        return f"patient {self.number}: “{self.says}”\n  {layers}; {rows}"


@dataclass
class Outcome:
    """A trained network, its history, and the shares that it gets right."""

    net: object
    history: object
    training: float
    validation: float

    def __repr__(self):
        if self.history.stopped == "diverged" or not np.isfinite(self.training):
            return "diverged"
        ends = self.history.loss[0], self.history.loss[-1]
        losses = "loss " + " → ".join(f"{L:.2f}" if L < 100 else "over 100" for L in ends)
        shares = f"{self.training:.0%} in training, {self.validation:.0%} in validation"
        return f"{losses}, right: {shares}"


def right(net, X, y):
    """The share of rows that a network gets right in evaluation mode; nan where it diverged."""
    Z = net.scores(X)
    return accuracy(Z, y) if np.isfinite(Z).all() else float("nan")


# ---------------------------------------------------------------- sound parts


def pictures(seed):
    """300 digits as a scanner gives them: images (300, 8, 8) from 0 to 255, and labels."""
    X, y = digits()
    rows = np.random.default_rng(seed).permutation(len(y))[:300]
    return (255 * X[rows]).round().reshape(-1, 8, 8), y[rows]


def table(seed, n=200, noise=0.15):
    """Two moons, one column in metres, one in millimetres."""
    X, y = moons(n, noise=noise, rng=seed)
    return X * [1, 1000], y


def pictures_data(X, y):
    return split(X.reshape(len(X), -1) / 255, y, (0.7, 0.3), rng=0)


def table_data(X, y):
    (X_train, y_train), (X_val, y_val) = split(X, y, (0.7, 0.3), rng=0)
    X_train, X_val = standardise(X_train, X_val)
    return (X_train, y_train), (X_val, y_val)


def pictures_layers():
    return [Linear(64, 32), ReLU(), Linear(32, 10)]


def table_layers():
    return [Linear(2, 16), ReLU(), Linear(16, 16), ReLU(), Linear(16, 2)]


def as_drawn(net):
    """The start of notebook 11, as the network drew it."""


def sgd(net, lr=0.2):
    return SGD(net, lr=lr)


def sound(kind):
    data, layers = {
        "pictures": (pictures_data, pictures_layers),
        "table": (table_data, table_layers),
    }[kind]
    return {
        "data": data, "layers": layers, "start": as_drawn, "loss": CrossEntropyLoss,
        "optimizer": sgd,
    }  # fmt: skip


# ---------------------------------------------------------------- diseases


@dataclass
class Disease:
    """A change to one part. `sign` names the line of `nn.examine` that shows it."""

    name: str
    part: str
    infect: object  # a function of the parts and the kind, which changes the parts
    sign: str
    seen: str  # where real people made it
    kinds: tuple = ("pictures", "table")


DISEASES = {}


def disease(name, part, sign, seen, kinds=("pictures", "table")):
    def register(infect):
        DISEASES[name] = Disease(name, part, infect, sign, seen, kinds)
        return infect

    return register


def change_layers(parts, change):
    """Let `change` make other layers of the healthy ones, whenever a network is built."""
    before = parts["layers"]
    parts["layers"] = lambda: change(before())


@disease("labels shuffled", "data", "labels", "https://github.com/mlcommons/GaNDLF/pull/870")
def labels_shuffled(parts, kind):
    sound_data = parts["data"]

    def data(X, y):
        rng = np.random.default_rng(0)
        return sound_data(X[rng.permutation(len(X))], y[rng.permutation(len(y))])

    parts["data"] = data


@disease(
    "inputs not scaled", "data", "inputs",
    "https://theorangeduck.com/page/neural-network-not-working",
)  # fmt: skip
def inputs_not_scaled(parts, kind):
    parts["data"] = lambda X, y: split(X.reshape(len(X), -1), y, (0.7, 0.3), rng=0)


@disease(
    "pictures mixed by reshape", "data", "labels",
    "https://github.com/abdur75648/Deep-Learning-Specialization-Coursera/issues/7",
    ("pictures",),
)  # fmt: skip
def mixed_by_reshape(parts, kind):
    parts["data"] = lambda X, y: split(X.reshape(64, len(X)).T / 255, y, (0.7, 0.3), rng=0)


@disease(
    "validation rows in training", "data", "validation",
    "https://github.com/MicrosoftDocs/ml-basics/issues/55",
)  # fmt: skip
def leak(parts, kind):
    sound_data = parts["data"]
    parts["data"] = lambda X, y: sound_data(np.repeat(X, 4, axis=0), np.repeat(y, 4))


@disease("dead units", "start", "closed units", "https://github.com/tensorflow/minigo/pull/425")
def dead(parts, kind):
    def start(net):
        net.layers[0].b = np.full(net.layers[0].n_out, -10.0)

    parts["start"] = start


@disease(
    "saturated sigmoids", "start", "saturation", "Glorot and Bengio 2010, section 3", ("table",)
)
def saturated(parts, kind):
    def start(net):
        net.layers[0].W = 40 * net.layers[0].W
        net.layers[2].W = 40 * net.layers[2].W

    change_layers(parts, lambda layers: [Sigmoid() if isinstance(x, ReLU) else x for x in layers])
    parts["start"] = start


@disease("softmax twice", "layers", "scores", "https://github.com/tflearn/tflearn/pull/562")
def softmax_twice(parts, kind):
    change_layers(parts, lambda layers: [*layers, _SoftmaxTwice()])


@disease(
    "a gradient is missing", "layers", "gradient",
    "https://github.com/deeplearning4j/deeplearning4j/pull/364",
)  # fmt: skip
def gradient_missing(parts, kind):
    def forgetful(layers):
        first, *others = layers
        return [_Forgetful(first.n_in, first.n_out), *others]

    change_layers(parts, forgetful)


@disease(
    "mask of the wrong array", "layers", "gradient", "a widely read NumPy tutorial on MNIST (06)"
)
def wrong_mask(parts, kind):
    change_layers(parts, lambda layers: [_WrongMask() if type(x) is ReLU else x for x in layers])


@disease("dropout left on", "layers", "repetition", "https://github.com/Coderx7/SimpleNet/issues/2")
def dropout_on(parts, kind):
    change_layers(parts, lambda layers: [*layers[:-1], _AlwaysOn(0.5), layers[-1]])


@disease(
    "missing 1/N", "loss", "gradient",
    "https://github.com/peterroelants/peterroelants.github.io/issues/5",
)  # fmt: skip
def missing_mean(parts, kind):
    parts["loss"] = _WithoutMean


@disease("softmax along the wrong axis", "loss", "probabilities",
         "https://github.com/perone/euclidesdb/issues/2")  # fmt: skip
def wrong_axis(parts, kind):
    parts["loss"] = _WrongAxis


@disease(
    "learning rate too low", "optimizer", "steps", "https://cs231n.github.io/neural-networks-3"
)
def too_low(parts, kind):
    parts["optimizer"] = partial(sgd, lr=1e-5)


@disease(
    "learning rate too high", "optimizer", "steps",
    "https://github.com/DrSleep/light-weight-refinenet/issues/79",
)  # fmt: skip
def too_high(parts, kind):
    parts["optimizer"] = partial(sgd, lr=30)


@disease(
    "biases decay", "optimizer", "decay", "https://github.com/tensorflow/benchmarks/issues/191"
)
def biases_decay(parts, kind):
    parts["optimizer"] = partial(_DecaysAll, lr=0.2, weight_decay=0.03)


@disease("float16", "optimizer", "update", "https://github.com/Nerogar/OneTrainer/issues/146")
def half(parts, kind):
    parts["optimizer"] = partial(_Half, lr=0.02)


# Their classes bear the names of what they were meant to be: a name tells nothing.


class _SoftmaxTwice(Softmax):
    gives_probabilities = False  # or `fit` would refuse it at once


class _Forgetful(Linear):
    def backward(self, dZ, to_input=True):
        self.dW[...] = 0  # the line that is missing: dW = Xᵀ dZ
        self.db[...] = dZ.sum(axis=0)
        return dZ @ self.W.T if to_input else None


class _WrongMask(ReLU):
    def forward(self, Z):
        A = np.maximum(Z, 0)
        self.open = A >= 0  # of the activation, and it is never negative
        return A


class _AlwaysOn(Dropout):
    def forward(self, X):
        self.mask = (self.rng.random(X.shape) >= self.p) / (1 - self.p)
        return X * self.mask


class _WithoutMean(CrossEntropyLoss):
    def backward(self):
        return self.P - self.Y


class _WrongAxis(CrossEntropyLoss):
    """The softmax of each column: its gradient is right, for a loss that nobody wants."""

    def forward(self, Z, y):
        E = np.exp(Z - Z.max(axis=0))
        self.P, self.Y = E / E.sum(axis=0), one_hot_of(y, Z.shape[1])
        self.N = len(Z)
        return -np.log(self.P[np.arange(len(y)), y]).mean()

    def backward(self):
        return (self.P * self.Y.sum(axis=0) - self.Y) / self.N


class _DecaysAll(SGD):
    def decayed(self, theta, g):
        return g + self.weight_decay * theta


class _Half(SGD):
    def update(self, theta, g):
        super().update(theta, g)
        theta[...] = theta.astype(np.float16)


for _each, _name in (
    (_SoftmaxTwice, "Softmax"), (_Forgetful, "Linear"), (_WrongMask, "ReLU"),
    (_AlwaysOn, "Dropout"), (_WithoutMean, "CrossEntropyLoss"), (_WrongAxis, "CrossEntropyLoss"),
    (_DecaysAll, "SGD"), (_Half, "SGD"),
):  # fmt: skip
    _each.__name__ = _name


# ---------------------------------------------------------------- the ward

WARD = {  # number: kind, seed, diseases, what the owner says
    1: ("table", 1, ["learning rate too low"], "Forty epochs, and the loss has not moved."),
    2: ("pictures", 2, ["labels shuffled"], "The loss falls. On new pictures it guesses."),
    3: ("pictures", 3, ["softmax twice"], "It learns, but the loss stays high."),
    4: ("noisy table", 3, [], "It never gets all training rows right, however long I wait."),
    5: ("table", 5, ["inputs not scaled"], "The first loss is enormous. Later it never changes."),
    6: ("table", 6, ["mask of the wrong array"], "It trains. Others get a few more right."),
    7: ("pictures", 7, ["dead units"], "It gives the same answer to every picture."),
    8: ("pictures", 8, ["missing 1/N"], "My rate worked on five rows. On all of them it fails."),
    9: (
        "pictures", 9, ["validation rows in training"],
        "Nearly perfect in validation. In use it disappoints.",
    ),
    10: ("pictures", 10, ["pictures mixed by reshape"], "The loss falls, validation guesses."),
    11: (
        "table", 11, ["saturated sigmoids", "a gradient is missing"],
        "It learns a little, then stays there.",
    ),
    12: (
        "pictures", 12, ["softmax along the wrong axis", "dropout left on"],
        "Every evaluation gives another number.",
    ),
}  # fmt: skip
RECIPES = {  # kind → what was collected for a seed, its sound parts, epochs
    "pictures": (pictures, "pictures", 30),
    "table": (table, "table", 40),
    "noisy table": (partial(table, noise=0.35), "table", 40),
}
GOALS = {"pictures": 0.8, "table": 0.85, "noisy table": 0.75}


def patient(number):
    """One of the twelve patients of the ward, 1 to 12."""
    number = errors.whole(number, "number", "patient")
    if number > len(WARD):
        errors.reject(f"patient expected a number from 1 to {len(WARD)}", f"{number}")
    kind, seed, names, says = WARD[number]
    return admitted(number, kind, names, seed, says)


def stranger(seed):
    """A patient drawn by a seed, for an exam: with one disease, with two in two parts, or healthy.

    Each of its diseases shows in the line of `nn.examine` that belongs to it; where one hides the
    other (with dead units no gradient is wrong), another patient is drawn.
    """
    seed = errors.whole(seed, "seed", "stranger", least=0)
    rng = np.random.default_rng(seed)
    while True:
        kind = ("pictures", "table")[rng.integers(2)]
        possible = [each for each in DISEASES.values() if kind in each.kinds]
        number = rng.choice(3, p=(0.1, 0.6, 0.3))
        drawn = [possible[k] for k in rng.permutation(len(possible))[:number]]
        names = [each.name for each in drawn]
        p = admitted(f"of seed {seed}", kind, names, int(rng.integers(1000)), "It does not work.")
        shown = {line.looked_at for line in p.examine().complaints}
        if len(p.sick_parts) == number and {each.sign for each in drawn} <= shown:
            if number or not shown:
                return p


def admitted(number, kind, names, seed, says=""):
    """A patient of this kind with these diseases; the seed draws its rows and its start."""
    collect, recipe, epochs = RECIPES[kind]
    parts = sound(recipe)
    for name in names:
        DISEASES[name].infect(parts, recipe)
    return Patient(number, says, collect(seed), parts, epochs, GOALS[kind], tuple(names), seed)


def diseases():
    """The names that a diagnosis can have, and the part in which each sits."""
    wide = max(map(len, DISEASES))
    for part in PARTS:
        for each in DISEASES.values():
            if each.part == part:
                print(f"{each.name:{wide}}  {part}")
    print(f"{'healthy':{wide}}  none")


def sources():
    """Where real people made each of them."""
    wide = max(map(len, DISEASES))
    for each in DISEASES.values():
        print(f"{each.name:{wide}}  {each.seen}")


def key(patients):
    """For the teacher: each patient's diseases, and the parts they sit in."""
    for p in patients:
        names = " and ".join(p.diseases) or "healthy"
        where = f"  ({', '.join(p.sick_parts)})" if p.diseases else ""
        print(f"patient {p.number}: {names}{where}")
