"""The engine against numeric differentiation, against PyTorch where it is installed, and at work.

Every operation on random shapes, broadcasting included; orders, deep chains, repeated calls; what
is refused; the networks of 01, 08 and 17, and what others have printed.
"""

import ast
import importlib.util
import inspect
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import nnlib as nn
from nnlib import autodiff
from nnlib.autodiff import Value, topological_order, unbroadcast
from nnlib.checks import catalogue

pytestmark = pytest.mark.filterwarnings("error")
CLOSE = 1e-10
NUMERIC = 1e-6  # what central differences can tell
MANY = settings(
    max_examples=500,
    deadline=None,
    derandomize=True,
)
HAS_TORCH = importlib.util.find_spec("torch") is not None

ONE = {
    "exp": lambda a: a.exp(),
    "log": lambda a: (a * a).log(),
    "tanh": lambda a: a.tanh(),
    "relu": lambda a: a.relu(),
    "negative": lambda a: -a,
    "square": lambda a: a**2,
    "cube": lambda a: a**3,
    "power 0": lambda a: a**0,
    "power 1": lambda a: a**1,
    "reciprocal": lambda a: 1 / a,
    "root": lambda a: (a * a + 1) ** 0.5,
    "1 minus": lambda a: 1 - a,
    "minus 2": lambda a: a - 2,
    "3 times": lambda a: 3 * a,
    "2 plus": lambda a: 2 + a,
    "over 2": lambda a: a / 2,
    "itself twice": lambda a: a * a + a,
}
TWO = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def numbers(rng, shape):
    """Random entries, none nearer to 0 than 0.3: no step crosses a kink, no fraction explodes."""
    x = rng.uniform(0.3, 2.0, size=shape)
    return np.where(rng.random(shape) < 0.5, -x, x)


def by_engine(f, arrays, weights):
    """The gradients of Σ weights · f(arrays), one for each array, and f's value."""
    values = [Value(x) for x in arrays]
    out = f(*values)
    (out * weights).sum().backward()
    return [v.grad for v in values], out.data


def by_nudging(f, arrays, weights):
    def loss(k, x):
        given = [Value(x if i == k else other) for i, other in enumerate(arrays)]
        return float((f(*given) * weights).sum().data)

    return [nn.numerical_gradient(lambda x, k=k: loss(k, x), a) for k, a in enumerate(arrays)]


def by_torch(f, arrays, weights):
    import torch

    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in arrays]
    out = f(*tensors)
    (out * torch.tensor(weights)).sum().backward()
    return [np.zeros(t.shape) if t.grad is None else t.grad.numpy() for t in tensors], out


LARGEST = {}


def note(claim, error):
    LARGEST[claim] = max(LARGEST.get(claim, 0.0), float(error))


def compare(f, f_torch, arrays, rng):
    """Engine against nudges and PyTorch, at weights that make every entry's path its own."""
    shape = f(*(Value(x) for x in arrays)).shape
    weights = rng.normal(size=shape)
    ours, out = by_engine(f, arrays, weights)
    for mine, x in zip(ours, arrays, strict=True):
        assert mine.shape == np.shape(x)
    for mine, measured in zip(ours, by_nudging(f, arrays, weights), strict=True):
        scale = max(1.0, np.abs(measured).max(initial=0))
        error = np.abs(mine - measured).max(initial=0) / scale
        note("engine against nudges", error)
        assert error <= NUMERIC
    if HAS_TORCH:
        theirs, out_torch = by_torch(f_torch, arrays, weights)
        pairs = [*zip(ours, theirs, strict=True), (out, out_torch.detach().numpy())]
        for mine, other in pairs:
            assert mine.shape == other.shape
            scale = max(1.0, np.abs(other).max(initial=0))
            error = np.abs(mine - other).max(initial=0) / scale
            note("engine against PyTorch", error)
            assert error <= CLOSE


SEEDS = st.integers(0, 2**32 - 1)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=4)
PAIRS = hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, min_side=1, max_side=4)


@MANY
@given(st.sampled_from(sorted(ONE)), SHAPES, SEEDS)
def test_operations_on_one_value(name, shape, seed):
    rng = np.random.default_rng(seed)
    compare(ONE[name], ONE[name], [numbers(rng, shape)], rng)


@MANY
@given(st.sampled_from(sorted(TWO)), PAIRS, SEEDS)
def test_operations_on_two_values_with_broadcasting(name, shapes, seed):
    rng = np.random.default_rng(seed)
    arrays = [numbers(rng, shape) for shape in shapes.input_shapes]
    compare(TWO[name], TWO[name], arrays, rng)


@MANY
@given(
    hnp.mutually_broadcastable_shapes(
        signature="(n,m),(m,k)->(n,k)", max_dims=2, min_side=1, max_side=3
    ),
    SEEDS,
)
def test_products_of_tables_and_of_stacks_of_them(shapes, seed):
    rng = np.random.default_rng(seed)
    arrays = [numbers(rng, shape) for shape in shapes.input_shapes]
    compare(lambda a, b: a @ b, lambda a, b: a @ b, arrays, rng)


@MANY
@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4), st.data(), SEEDS)
def test_sum_and_max_along_axes(shape, data, seed):
    rng = np.random.default_rng(seed)
    keep = data.draw(st.booleans())
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    # numbers that differ by more than any nudge, so that the largest stays the largest
    x = rng.permutation(np.prod(shape)).reshape(shape) / 4 - 1.0
    compare(
        lambda a: a.max(axis, keepdims=keep),
        lambda a: a.max(axis, keepdim=keep).values,
        [x],
        rng,
    )
    several = data.draw(st.none() | hnp.valid_tuple_axes(len(shape), min_size=1))
    compare(
        lambda a: a.sum(several, keepdims=keep),
        lambda a: a.sum(tuple(range(a.ndim)) if several is None else several, keepdim=keep),
        [numbers(rng, shape)],
        rng,
    )


@MANY
@given(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4), st.data(), SEEDS)
def test_indexing_by_places_slices_and_lists(shape, data, seed):
    rng = np.random.default_rng(seed)
    basic = hnp.basic_indices(shape, allow_newaxis=True).filter(positive_steps)
    lists = hnp.integer_array_indices(shape, result_shape=hnp.array_shapes(max_dims=2, max_side=5))
    index = data.draw(basic | lists)  # in lists, an entry may be taken several times
    compare(lambda a: a[index], lambda a: a[index], [numbers(rng, shape)], rng)


def positive_steps(index):
    """PyTorch has no negative steps."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(not isinstance(part, slice) or (part.step or 1) > 0 for part in parts)


def test_the_largest_errors_of_all_these(worst):
    assert LARGEST
    for claim, error in LARGEST.items():
        worst(claim, error)


@MANY
@given(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=3))
def test_unbroadcast_undoes_broadcasting(shapes):
    """The sum over all copies: <grad, broadcast x> is <unbroadcast grad, x> for every x."""
    rng = np.random.default_rng(0)
    grad = rng.normal(size=shapes.result_shape)
    for shape in shapes.input_shapes:
        x = rng.normal(size=shape)
        back = unbroadcast(grad, shape)
        assert back.shape == shape
        assert np.isclose((grad * x).sum(), (back * x).sum(), rtol=0, atol=1e-10)


def test_negative_steps_in_an_index():
    x = Value([1.0, 2.0, 3.0])
    (x[::-1] * [1.0, 10.0, 100.0]).sum().backward()
    assert x.grad.tolist() == [100.0, 10.0, 1.0]


def test_of_equal_numbers_the_first_is_the_largest():
    x = Value([[1.0, 2.0, 2.0], [3.0, 3.0, 3.0]])
    x.max(axis=1).sum().backward()
    assert x.grad.tolist() == [[0, 1, 0], [1, 0, 0]]


def test_a_power_of_0_is_constant_at_zero_too():
    x = Value([0.0, 2.0])
    (x**0).sum().backward()
    assert x.grad.tolist() == [0, 0]


def test_relu_has_no_slope_at_zero():
    x = Value([0.0, -1.0, 2.0])
    x.relu().sum().backward()
    assert x.grad.tolist() == [0, 0, 1]


# ---------------------------------------------------------------- order, depth, repetition


def diamond():
    x = Value(2.0)
    y = x * 3.0
    return x, y * 2.0 + y * 5.0


def test_the_diamond():
    x, L = diamond()
    L.backward()
    assert L.data == 42 and x.grad == 21


def test_backward_again_overwrites():
    x, L = diamond()
    L.backward()
    L.backward()
    assert x.grad == 21
    cube = x * x * x
    cube.backward()
    assert x.grad == 12


def test_a_value_in_two_graphs_gets_the_gradient_of_the_last_one():
    w = Value(3.0)
    first, second = w * w, w * 5.0
    first.backward()
    second.backward()
    assert w.grad == 5
    first.backward()
    assert w.grad == 6


def random_graph(rng, n):
    nodes = [Value(1.0)]
    for _ in range(n):
        a, b = rng.integers(len(nodes), size=2)
        nodes.append(nodes[a] + nodes[b])
    return nodes


@pytest.mark.parametrize("seed", range(20))
def test_operands_stand_before_results_each_once(seed):
    nodes = random_graph(np.random.default_rng(seed), 40)
    order = topological_order(nodes[-1])
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order) and order[-1] is nodes[-1]
    for node in order:
        assert all(place[parent] < place[node] for parent in node.parents)
    reached, todo = set(), [nodes[-1]]
    while todo:
        node = todo.pop()
        reached.add(node)
        todo += [p for p in node.parents if p not in reached]
    assert reached == set(order)


def test_the_number_of_paths_of_a_graph_that_doubles():
    x = y = Value(1.0)
    for _ in range(50):
        y = y + y
    y.backward()  # 2 to the 50 paths, 51 nodes
    assert x.grad == 2.0**50 and len(topological_order(y)) == 51


def test_a_chain_of_ten_thousand():
    x = y = Value(1.0)
    for _ in range(10_000):
        y = y + 0.5
    y.backward()
    assert x.grad == 1 and y.data == 5001
    del y  # taking it apart needs no recursion, either


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "act, says",
    [
        (lambda v: setattr(v, "data", np.ones(2)), "Fix: make a new Value"),
        (lambda v: v.data.__iadd__(1), "read-only"),
        (lambda v: v.data.__setitem__(0, 1), "read-only"),
        (lambda v: (v * 2).data.__iadd__(1), "read-only"),
        (lambda v: v[:1].data.__iadd__(1), "read-only"),
        (lambda v: v.backward(), "expected one number, got shape"),
        (lambda v: v @ v, "expected tables"),
        (lambda v: v @ np.ones((v.shape[0], 2)), "expected tables"),
        (lambda v: v[None] @ v[None], "expected tables"),
        (lambda v: Value([1.0, np.nan]), "finite"),
        (lambda v: Value("text"), "expected"),
    ],
)
def test_is_refused_and_nothing_has_changed(act, says):
    v = Value([1.0, 2.0])
    with pytest.raises(ValueError, match=says):
        act(v)
    assert v.data.tolist() == [1, 2] and v.grad is None


def test_a_value_as_exponent_is_refused():
    with pytest.raises(TypeError):
        Value(2.0) ** Value(3.0)


def test_the_array_that_came_in_stays_the_callers():
    x = np.array([1.0, 2.0])
    v = Value(x)
    y = v * v
    x[0] = 7
    y.sum().backward()
    assert v.grad.tolist() == [2, 4] and v.data.tolist() == [1, 2]


def test_an_array_on_the_left():
    x = Value([1.0, 2.0])
    y = np.array([3.0, 4.0]) * x
    assert isinstance(y, Value)
    y.sum().backward()
    assert x.grad.tolist() == [3, 4]
    assert repr(x) == "Value([1.0, 2.0])"


# ---------------------------------------------------------------- at work


def loss_of(W1, b1, W2, b2, X, Y):
    Z = (X @ W1 + b1).relu() @ W2 + b2
    m = Z.max(axis=1, keepdims=True)
    log_total = (Z - m).exp().sum(axis=1, keepdims=True).log() + m
    return ((log_total - Z) * Y).sum() / len(Y)


def flat(values):
    return np.concatenate([v.grad.ravel() for v in values])


def test_the_17_gradients_of_the_fruit_network(fruit, worst):
    net, loss, X, y = fruit
    for rows in (slice(0, 1), slice(None)):
        L = loss(net(X[rows]), y[rows])
        net.backward(loss.backward())
        data = nn.data.fruit()
        values = [Value(x) for x in (data.W1, data.b1, data.W2, data.b2)]
        ours = loss_of(*values, X[rows], nn.one_hot(y[rows], 3))
        ours.backward()
        error = np.abs(flat(values) - net.grad).max()
        worst("engine against layers, 17 gradients", error)
        assert abs(float(ours.data) - L) <= 1e-12 and error <= 1e-12


def test_the_moons_of_08_give_the_same_curve(worst):
    X, y = nn.data.moons(200, noise=0.12, rng=0)
    net = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2), rng=0)
    arrays = [getattr(net.layers[i], name).copy() for i in (0, 2) for name in "Wb"]
    Y, losses = nn.one_hot(y), []
    for _ in range(300):
        values = [Value(x) for x in arrays]
        L = loss_of(*values, X, Y)
        L.backward()
        losses.append(float(L.data))
        arrays = [v.data - 1 * v.grad for v in values]
    how = {"loss": nn.CrossEntropyLoss(), "optimizer": nn.SGD(net, lr=1), "epochs": 300}
    history = nn.fit(net, X, y, **how, batch_size=None, rng=0)
    error = np.abs(np.array(losses) - history.loss).max()
    worst("engine against fit, 300 losses of 08", error)
    assert error <= 1e-12


def test_a_convolution_by_indexing(worst):
    """The gradients of notebook 17's loops, by an engine that knows no convolution."""
    rng = np.random.default_rng(0)
    X, layer = rng.normal(size=(2, 2, 4, 5)), nn.Conv2d(2, 3, 3, rng=0)
    layer.b = rng.normal(size=3)
    Z = layer.forward(X)
    dZ = np.cos(Z)
    dX = layer.backward(dZ)
    x, W, b = Value(X), Value(layer.W), Value(layer.b)
    L = 0.0
    for i, j in np.ndindex(Z.shape[2:]):
        windows = x[:, None, :, i : i + 3, j : j + 3]  # (N, 1, C, 3, 3) * (F, C, 3, 3)
        L = L + (((windows * W).sum(axis=(2, 3, 4)) + b) * dZ[:, :, i, j]).sum()
    L.backward()
    for mine, theirs in ((x, dX), (W, layer.dW), (b, layer.db)):
        error = np.abs(mine.grad - theirs).max()
        worst("engine against Conv2d", error)
        assert error <= 1e-12


def test_the_rules_that_the_exercises_ask_for_are_the_engines():
    """Division, max and softmax, as the checks' solutions write them."""
    rng, asked = np.random.default_rng(0), catalogue.exercises()
    softmax = lambda z: (e := z.exp()) / e.sum(axis=1, keepdims=True)  # noqa: E731
    ways = {
        "division_rule": lambda a, b: a / b,
        "max_rule": lambda x: x.max(axis=1),
        "softmax_rule": softmax,
    }
    for name, way in ways.items():
        operands = [Value(rng.uniform(0.5, 2, (5, 4))) for _ in inspect.signature(way).parameters]
        result = way(*operands)
        d = rng.normal(size=result.shape)
        (result * d).sum().backward()
        known = [result.data] if way is softmax else [v.data for v in operands]
        grads = asked[name].function()(d, *known)
        for v, grad in zip(operands, grads if isinstance(grads, tuple) else [grads], strict=True):
            assert np.allclose(v.grad, grad, rtol=0, atol=1e-12), name


# ---------------------------------------------------------------- what others have printed


def test_the_readme_of_micrograd():
    a, b = Value(-4.0), Value(2.0)
    c, d = a + b, a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    f = (c - d) ** 2
    g = f / 2.0
    g = g + 10.0 / f
    g.backward()
    assert [f"{n:.4f}" for n in (g.data, a.grad, b.grad)] == ["24.7041", "138.8338", "645.5773"]


def test_the_traces_of_a_survey_and_of_autograds_readme():
    """Baydin et al. 2018, tables 2 and 3: ln x₁ + x₁x₂ − sin x₂, sine by its series; a tanh."""
    a, b = Value(2.0), Value(5.0)
    sine, term = 0.0, b
    for k in range(1, 30):
        sine = sine + term
        term = -term * b * b / ((2 * k) * (2 * k + 1))
    y = a.log() + a * b - sine
    y.backward()
    assert [f"{n:.3f}" for n in (y.data, a.grad, b.grad)] == ["11.652", "5.500", "1.716"]
    x = Value(1.0)
    e = (-2.0 * x).exp()
    ((1 - e) / (1 + e)).backward()
    assert f"{float(x.grad):.12f}" == "0.419974341614"


def test_forward_and_backward_of_every_operation_stand_within_four_lines():
    source = Path(inspect.getfile(autodiff)).read_text(encoding="utf-8")
    tree = next(n for n in ast.parse(source).body if isinstance(n, ast.ClassDef))
    seen = set()
    for method in tree.body:
        made = [
            node
            for node in ast.walk(method)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Value" and node.args[1:]
        ]
        for call in made:
            rule = call.args[2]
            if isinstance(rule, ast.Name):  # a rule of several lines, above
                rule = next(n for n in ast.walk(method) if getattr(n, "name", "") == rule.id)
            assert abs(call.lineno - rule.end_lineno) <= 4, method.name
            seen.add(method.name.strip("_"))
    assert seen == set("add mul truediv pow matmul exp log tanh relu sum max getitem".split())
    assert len(source.splitlines()) <= 150


def test_a_rule_that_forgets_an_operand_is_refused():
    a, b = Value(2.0), Value(3.0)
    with pytest.raises(ValueError, match="shorter"):
        Value(6.0, (a, b), lambda d: (d * 3.0,)).backward()
