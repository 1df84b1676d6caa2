"""Every definition that a notebook derives equals the library's.

DERIVED names them: notebook → {definition: how to compare it}. The notebook's imports and top-level
definitions are run, without the rest of it; the comparison gets the notebook's definition and
raises where it differs from nnlib's. A definition that bears a name of nnlib's must be listed.
"""

import ast

import numpy as np
import pytest
from nbformat.v4 import new_notebook
from test_guards import code, good_notebook

import nnlib as nn
from nnlib import autodiff
from nnlib.examine import by_heart, neighbour_agreement
from nnlib.pictures import bends
from tools.notebooks import all_notebooks, missing, read, tags

rng = np.random.default_rng(0)
Z, y = rng.normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])
LARGE = np.vstack([Z[:3], 1000 * Z[3:]])  # scores with and without overflow
fruit = nn.data.fruit()
GIVEN = {"X": fruit.X[:1], "loss": nn.CrossEntropyLoss()}  # names that definitions need, too


def same(own, library):
    np.testing.assert_allclose(own, library, rtol=0, atol=1e-12)


def network(W1, b1, W2, b2):
    """nnlib's network with these numbers: Linear, ReLU, Linear."""
    net = nn.Sequential(nn.Linear(*W1.shape), nn.ReLU(), nn.Linear(*W2.shape), rng=0)
    net.layers[0].W, net.layers[0].b, net.layers[2].W, net.layers[2].b = W1, b1, W2, b2
    return net


def parts(net, kind=""):
    """Its parameters, or with kind="d" its gradients, as the notebooks order them."""
    return [getattr(net.layers[i], kind + name) for i in (0, 2) for name in "Wb"]


def with_gradients(net, X, y):
    loss = nn.CrossEntropyLoss()
    loss(net(X), y)
    net.backward(loss.backward())
    return net


ROW, NUMBERS = fruit.X[:1], [rng.normal(size=size) for size in ((3, 2), 2, (2, 3), 3)]
X = rng.normal(size=(5, 3))


def forward_by_hand(own):
    net = network(*NUMBERS)
    *_, Z2, P = own(ROW, *NUMBERS)
    same(Z2, net(ROW))
    same(P, net.predict(ROW))


def gradients_by_hand(own):
    ours = with_gradients(network(*NUMBERS), ROW, [1])
    for mine, library in zip(own(ROW, nn.one_hot([1], 3), *NUMBERS), parts(ours, "d"), strict=True):
        same(mine, library)


def loss_by_hand(own):
    same(own(*NUMBERS, X=ROW, truth=2), nn.CrossEntropyLoss()(network(*NUMBERS)(ROW), [2]))


NAMES = ("W1", "b1", "W2", "b2")
PARAMS = dict(zip(NAMES, NUMBERS, strict=True))


def backward_08(own):
    ours = with_gradients(network(*NUMBERS), X, y)
    A1 = np.maximum(0, X @ NUMBERS[0] + NUMBERS[1])
    grads = own(PARAMS, X, nn.one_hot(y, 3), X @ NUMBERS[0] + NUMBERS[1], A1, ours.predict(X))
    for name, library in zip(NAMES, parts(ours, "d"), strict=True):
        same(grads[name], library)


def train_08(own):
    ours = network(*NUMBERS)
    how = {"loss": nn.CrossEntropyLoss(), "optimizer": nn.SGD(ours, lr=0.1), "epochs": 20}
    history = nn.fit(ours, X, y, **how, batch_size=None, rng=0)
    params, losses = own({k: v.copy() for k, v in PARAMS.items()}, X, y, 0.1, 20)
    same(losses, history.loss)
    for name, library in zip(NAMES, parts(ours), strict=True):
        same(params[name], library)


def start_08(own):
    ours = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 3), rng=7)
    for mine, library in zip(own(2, 8, 3, rng=7).values(), parts(ours), strict=True):
        same(mine, library)


def gradients_05(own):
    ours = with_gradients(network(*NUMBERS), X, y)
    for mine, library in zip(own(X, y, **PARAMS).values(), parts(ours, "d"), strict=True):
        same(mine, library)


def linear_05(own):
    library = nn.Linear(3, 4, rng=0)
    layer, dZ = own(library.W, library.b), rng.normal(size=(5, 4))
    same(layer.forward(X), library(X))
    same(layer.backward(dZ), library.backward(dZ))
    same(layer.dW, library.dW)
    same(layer.db, library.db)


def relu_05(own):
    layer, library = own(), nn.ReLU()
    same(layer.forward(Z), library(Z))
    same(layer.backward(X), library.backward(X))


def cross_entropy_05(own):
    loss = nn.CrossEntropyLoss()
    L, dZ = own(Z, y)
    same(L, loss(Z, y))
    same(dZ, loss.backward())


def smooth(table):
    return (np.sin(table) * X[:, :1]).sum()


def relative_error_06(own):
    small = Z * 10.0 ** -np.arange(3)  # some entries below the floor of the scale, some not
    for mine, theirs in ((Z, Z**2), (small**3, 2 * small**3), (0 * Z, 0 * Z), (0 * Z, Z)):
        same(own(mine, theirs), nn.relative_error(mine, theirs))


def epoch_09(own):
    ours, mine = network(*NUMBERS), network(*NUMBERS)
    how = {"loss": nn.CrossEntropyLoss(), "optimizer": nn.SGD(ours, lr=0.1), "epochs": 1}
    history = nn.fit(ours, X, y, **how, batch_size=2, rng=0)  # batches of 2, 2 and 1
    order = np.random.default_rng(0).permutation(5)
    losses = own(mine, nn.SGD(mine, lr=0.1), X, y, order, 2)
    same(np.average(losses, weights=[2, 2, 1]), history.loss[0])
    same(mine.theta, ours.theta)


Z_PICTURES = np.random.default_rng(2).normal(size=(2, 3, 4, 6))


def pictures_17():
    layer = nn.Conv2d(2, 3, 3, rng=0)
    layer.b = NUMBERS[3]
    return layer, np.random.default_rng(1).normal(size=(2, 2, 4, 5))


def conv2d_17(own):
    layer, pictures = pictures_17()
    same(own(pictures, layer.W, layer.b), layer.forward(pictures))


def bends_18(own):
    same(own(5, 28, np.random.default_rng(0)), bends(5, 28, np.random.default_rng(0)))


def conv2d_backward_17(own):
    layer, pictures = pictures_17()
    dZ = np.cos(layer.forward(pictures))
    dX = layer.backward(dZ)
    for mine, theirs in zip(own(dZ, pictures, layer.W), (dX, layer.dW, layer.db), strict=True):
        same(mine, theirs)


def formula_15(a, b):
    return (a * b + a) * (b + 2.0) + a * a


def backward_15(own):
    Number = own.__globals__["Number"]
    mine, theirs = [Number(0.7), Number(-1.3)], [autodiff.Value(0.7), autodiff.Value(-1.3)]
    own(formula_15(*mine))
    formula_15(*theirs).backward()
    for a, b in zip(mine, theirs, strict=True):
        same(a.grad, b.grad)


def history_15(own):
    x = autodiff.Value(0.7)
    for made, node in enumerate((x, y := x * x, z := x + y, last := z * y)):
        node.born = made
    assert own(last) == [x, y, z, last] == autodiff.topological_order(last)


def one_number_15(name):
    """An operation on a Number: its value and its slope against the library's."""

    def compare(own):
        for number in (0.7, 1.9):
            mine, x = own(own.__globals__["Number"](number)), autodiff.Value(number)
            theirs = 1 / x if name == "inverse" else getattr(x, name)()
            theirs.backward()
            same(mine.data, theirs.data)
            same(mine.slopes, [x.grad])

    return compare


def sum_copies_15(own):
    for shape in ((3,), (5, 3), ()):
        same(own(Z, shape), autodiff.unbroadcast(Z, shape))


def value_15(own):
    mine, theirs = [own(Z), own(Z[0])], [autodiff.Value(Z), autodiff.Value(Z[0])]
    total = own.__init__.__globals__["value_sum"]
    total(formula_15(*mine)).backward()
    formula_15(*theirs).sum().backward()
    for a, b in zip(mine, theirs, strict=True):
        same(a.grad, b.grad)


def rule_15(operation, *arrays):
    """An operation on Values: its value and what its rule hands to each operand."""

    def compare(own):
        mine = own(*(own.__globals__["Value"](a) for a in arrays))
        theirs = operation(*map(autodiff.Value, arrays))
        d = np.cos(theirs.data)
        same(mine.data, theirs.data)
        for a, b in zip(mine.rule(d), theirs.rule(d), strict=True):
            same(a, b)

    return compare


def dual_15(own):
    x = autodiff.Value(0.7)
    (x * x + x).backward()
    mine = own(0.7, 1.0)
    same((mine * mine + mine).slope, x.grad)


def penalty_13(own):
    """Its measured gradient is what the optimiser adds: λW on weights, nothing on biases."""
    net = network(*NUMBERS)
    added = nn.SGD(net, lr=0.1, weight_decay=0.3).decayed(net.theta, np.zeros_like(net.theta))
    net.grad[:] = added
    for value, mine in zip(parts(net), parts(net, "d"), strict=True):
        slope = nn.numerical_gradient(lambda W: own(W, 0.3), value) if value.ndim == 2 else 0
        np.testing.assert_allclose(mine, slope, rtol=0, atol=1e-8)


def rule_12(name, maker):
    """Three steps of a notebook's rule, from no memory, beside the library's optimiser."""

    def compare(own):
        net = network(*NUMBERS)
        theta, optimizer = net.theta.copy(), maker(net)
        memory = [np.zeros_like(theta) for _ in optimizer.memory]
        for t in (1, 2, 3):
            net.grad = np.cos(t + np.arange(len(theta)))
            theta, *memory = own(theta, *memory, net.grad, *([t] if name == "adam" else []))
            optimizer.step()
            same(theta, net.theta)

    return compare


def by_heart_14(own):
    net, loss = network(*NUMBERS), nn.CrossEntropyLoss()
    same(own(net, loss, X, y), by_heart(net, loss, X, y))


DERIVED = {
    "01_one_pass_by_hand": {
        "forward": forward_by_hand,
        "loss": loss_by_hand,
        "gradients": gradients_by_hand,
    },
    "02_neurons_and_activations": {
        "sigmoid_naive": lambda own: same(own(Z), nn.sigmoid_naive(Z)),
        "sigmoid": lambda own: same(own(1000 * Z), nn.sigmoid(1000 * Z)),
        "relu": lambda own: same(own(Z), nn.ReLU()(Z)),
        "leaky_relu": lambda own: same(own(Z, leak=0.01), nn.LeakyReLU()(Z)),
    },
    "03_softmax_and_cross_entropy": {
        "softmax_naive": lambda own: same(own(Z), nn.softmax_naive(Z)),
        "softmax": lambda own: same(own(LARGE), nn.softmax(LARGE)),
        "log_softmax": lambda own: same(own(LARGE), nn.log_softmax(LARGE)),
        "cross_entropy": lambda own: same(own(nn.softmax(Z), y), nn.CrossEntropyLoss()(Z, y)),
        "cross_entropy_of_scores": lambda own: same(own(LARGE, y), nn.CrossEntropyLoss()(LARGE, y)),
        "one_hot": lambda own: same(own(y, 4), nn.one_hot(y, 4)),
        "accuracy": lambda own: same(own(Z, y), nn.accuracy(Z, y)),
    },
    "04_the_chain_rule": {
        "mse": lambda own: same(own(Z, Z**2), nn.MSELoss()(Z, Z**2)),
    },
    "05_backpropagation": {
        "loss": lambda own: same(
            own(X, y, **PARAMS), nn.CrossEntropyLoss()(network(*NUMBERS)(X), y)
        ),
        "gradients": gradients_05,
        "Linear": linear_05,
        "ReLU": relu_05,
        "cross_entropy_of": cross_entropy_05,
    },
    "06_checking_gradients": {
        "loss": lambda own: same(
            own(X, y, **PARAMS), nn.CrossEntropyLoss()(network(*NUMBERS)(X), y)
        ),
        "gradients": gradients_05,
        "numerical_gradient": lambda own: same(own(smooth, Z), nn.numerical_gradient(smooth, Z)),
        "complex_step": lambda own: same(
            own(smooth, Z), nn.numerical_gradient(smooth, Z, method="complex")
        ),
        "relative_error": relative_error_06,
    },
    "08_a_network_that_trains": {
        "forward": lambda own: same(own(PARAMS, X)[-1], network(*NUMBERS).predict(X)),
        "cross_entropy": lambda own: same(own(nn.softmax(Z), y), nn.CrossEntropyLoss()(Z, y)),
        "backward": backward_08,
        "train": train_08,
        "start": start_08,
    },
    "09_mini_batches": {"one_epoch": epoch_09},
    "18_mnist_in_a_minute": {"bends": bends_18},
    "17_convolution": {
        "conv2d": conv2d_17,
        "conv2d_backward": conv2d_backward_17,
        "max_pool": lambda own: same(own(Z_PICTURES), nn.MaxPool2d(2).forward(Z_PICTURES)),
    },
    "12_faster_descent": {
        name: rule_12(name, maker)
        for name, maker in (
            ("momentum", lambda net: nn.SGD(net, lr=0.1, momentum=0.9)),
            ("rmsprop", lambda net: nn.RMSprop(net, lr=0.01, alpha=0.9)),
            ("adam", lambda net: nn.Adam(net, lr=0.01)),
        )
    },
    "13_overfitting": {"penalty": penalty_13},
    "14_the_bug_clinic": {
        "neighbour_agreement": lambda own: same(own(Z, y), neighbour_agreement(Z, y)),
        "by_heart": by_heart_14,
    },
    "15_automatic_differentiation": {
        "backward": backward_15,
        "history": history_15,
        **{name: one_number_15(name) for name in ("exp", "log", "relu", "inverse")},
        "sum_copies": sum_copies_15,
        "Value": value_15,
        "matmul": rule_15(lambda a, b: a @ b, X, NUMBERS[0]),
        "value_relu": rule_15(lambda a: a.relu(), Z),
        "value_exp": rule_15(lambda a: a.exp(), Z),
        "value_log": rule_15(lambda a: a.log(), Z**2),
        "value_sum": rule_15(lambda a: a.sum(), Z),
        "Dual": dual_15,
    },
}


def definitions(notebook):
    """The functions and classes that a notebook defines outside exercises and solutions."""
    namespace, own = {"__name__": "notebook"} | GIVEN, {}
    for cell in notebook.cells:
        if cell.cell_type != "code" or tags(cell) & {"exercise", "solution"}:
            continue
        if missing(new_notebook(cells=[cell])):  # its package is not here
            continue
        lines = [line for line in cell.source.splitlines() if not line.startswith(("%", "!"))]
        for node in ast.parse("\n".join(lines)).body:
            if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)):
                exec(compile(ast.Module([node], []), "notebook", "exec"), namespace)
                if hasattr(node, "name"):
                    own[node.name] = namespace[node.name]
    return own


def faults(notebook, table):
    own = definitions(notebook)
    found = [f"{name} is listed, and not defined" for name in table if name not in own]
    found += [
        f"{name} bears a name of nnlib's, and nothing compares the two"
        for name in own
        if callable(getattr(nn, name, None)) and name not in table
    ]
    for name in table.keys() & own.keys():
        try:
            table[name](own[name])
        except Exception as error:
            found.append(f"{name} is not the library's: {error}")
    return found


@pytest.mark.parametrize("path", all_notebooks(), ids=lambda path: path.stem)
def test_what_a_notebook_derives_is_what_the_library_does(path):
    assert faults(read(path), DERIVED.get(path.stem, {})) == []


def test_the_table_names_notebooks_that_there_are():
    assert set(DERIVED) <= {path.stem for path in all_notebooks()}


SOFTMAX = {"softmax": lambda own: same(own(Z), nn.softmax(Z))}
RIGHT = """import numpy as np
def softmax(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)"""


@pytest.mark.parametrize(
    "source, table, number",
    [
        (RIGHT, SOFTMAX, 0),
        (RIGHT, {}, 1),
        (RIGHT.replace("axis=1", "axis=0"), SOFTMAX, 1),
        ("print(1)", SOFTMAX, 1),
        ("def draw(ax):\n    pass", {}, 0),
    ],
)
def test_a_definition_that_differs_is_found(source, table, number):
    notebook = good_notebook()
    notebook.cells.append(code("definition", 6, source))
    assert len(faults(notebook, table)) == number
