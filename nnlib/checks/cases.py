"""The inputs of the checks, chosen so that they hide nothing.

A generator of cases is named by exercises (`cases = "scores"`) and yields `Case`s. No shape is
square where a transpose could hide, and one is square where a missing transpose runs without an
error. No z is 0, where ReLU has two right slopes. Labels hold the first class and the last.

A player (`play = "epochs"`) calls the function and turns what comes back into what is compared;
without one, that is what the function returns.
"""

import copy
import tracemalloc
from dataclasses import dataclass, field

import numpy as np

from ..gradcheck import numerical_gradient

GENERATORS, PLAYERS = {}, {}


@dataclass
class Case:
    """One set of arguments; `sizes` are the letters of the notation, `what` is for the hints."""

    arguments: tuple
    sizes: dict = field(default_factory=dict)
    what: str = ""  # "scores of 1000", when there is something special about it
    beside: str = ""  # a note for one whose answer is another here; it is right all the same


def generator(function):
    """Register a function of an rng that yields Cases or tuples of arguments."""
    GENERATORS[function.__name__] = function
    return function


def player(function):
    """Register a player. It is handed a copy of each answer of the function, in a usual kind
    (outcome.py), unless `as_it_is` is set on it."""
    PLAYERS[function.__name__] = function
    return function


@dataclass
class Instead:
    """What a player hands on where it can make nothing of the answer: the name of an effect."""

    effect: str


@player
def call(function, *arguments):
    """What comes back."""
    return function(*arguments)


def normal(rng, *shape):
    """Numbers of both signs, none closer to 0 than 0.05: no step of 1e-4 crosses a kink."""
    Z = rng.normal(size=shape)
    return np.where(np.abs(Z) < 0.05, Z + np.copysign(0.1, Z), Z)


@generator
def scores(rng):
    """Z, as for a softmax."""
    yield Case((normal(rng, 5, 4),), {"N": 5, "K": 4})
    yield Case((normal(rng, 3, 3),), {"N": 3, "K": 3}, "as many examples as classes")
    yield Case((normal(rng, 2, 6),), {"N": 2, "K": 6})
    yield Case((normal(rng, 1, 4),), {"N": 1, "K": 4}, "a single example")
    big = np.array([[1000.0, 1000.0, 998.0], [-1000.0, -1000.5, -1002.0]])
    yield Case((big,), {"N": 2, "K": 3}, "scores of 1000 and −1000")
    ten = np.array([[4.0, -6.0, 0.5], [-9.0, 3.0, 2.0]])
    yield Case((ten,), {"N": 2, "K": 3}, "scores that lie 10 apart")
    apart = np.array([[1000.0, -1000.0, 0.5, 0.0]])
    yield Case((apart,), {"N": 1, "K": 4}, "scores from −1000 to 1000")


def labels(rng, N, K):
    """Integer labels in no order, with the first class and the last wherever N allows."""
    y = rng.integers(K, size=N)
    y[:2] = [K - 1, 0][:N]
    return rng.permutation(y)


def probabilities(rng, N, K):
    E = np.exp(rng.normal(size=(N, K)))
    return E / E.sum(axis=1, keepdims=True)


@generator
def plain_numbers(rng):
    """Z, for a function that works entry by entry."""
    yield Case((normal(rng, 5, 4),), {"N": 5})
    yield Case((normal(rng, 3, 3),), {"N": 3})
    yield Case((np.array([[-2.0, 3.0]]),), {"N": 1}, "a single example")
    some = np.array([[5.0, -5.0], [8.0, -8.0], [11.0, -11.0]])
    yield Case((some,), {"N": 3}, "numbers of ±5, ±8 and ±11")
    # Large, but e^700 is still a float: every way of writing the formula gets there.
    yield Case((np.array([[700.0, -700.0], [30.0, -30.0]]),), {"N": 2}, "numbers of ±700")


@generator
def sigmoid_gradients(rng):
    """dA and A = σ(Z)."""
    for N, H in (5, 4), (3, 3), (1, 6):
        yield Case((rng.normal(size=(N, H)), 1 / (1 + np.exp(-normal(rng, N, H)))), {"N": N})


AT_ZERO = (
    "One thing to know: where z is exactly 0 you let some of the gradient through. "
    "This course counts 0 as closed: Z > 0."
)


@generator
def relu_gradients(rng):
    """dA and Z: all four pairs of signs; beside them, a z of 0."""
    for N, H in (5, 4), (3, 3), (2, 8):
        yield Case((normal(rng, N, H), normal(rng, N, H)), {"N": N})
    Z = np.array([[-1.0, 2.0, -3.0, 4.0]])
    yield Case((np.array([[1.5, 2.0, -2.5, -3.0]]), Z), {"N": 1}, "a single example")
    Z = np.array([[-1.0, 2.0], [0.0, -4.0]])
    yield Case((np.array([[1.5, 2.0], [3.5, -3.0]]), Z), {"N": 2}, beside=AT_ZERO)


@generator
def probabilities_and_labels(rng):
    for N, K in (5, 4), (3, 3), (6, 2), (1, 4):
        what = "a single example" if N == 1 else "as many examples as classes" if N == K else ""
        yield Case((probabilities(rng, N, K), labels(rng, N, K)), {"N": N, "K": K}, what)
    P, y = probabilities(rng, 4, 3), np.array([1, 0, 0, 1])
    yield Case((P, y), {"N": 4, "K": 3}, "labels without the last class")


HIGH_FLOOR = (
    "One thing to know: for a probability of 1e-9 at the label your loss is not −log(1e-9), "
    "about 20.7. A lower floor, such as 1e-12, still keeps log away from 0."
)
OTHER_FLOOR = (
    "One thing to know: for a probability of 5e-11 at the label your loss is not −log(5e-11), "
    "about 23.72. Only what is below 1e-12 is to be counted as something else."
)
NO_FLOOR = (
    "One thing to know: for a probability of 1e-15 at the label your loss is not −log(1e-12), "
    "about 27.63. All that is below 1e-12 is to be counted as 1e-12, not 0 alone."
)
NOT_0_AT_1 = (
    "One thing to know: for a probability of exactly 1 at the label your loss is not exactly 0. "
    "Often a small number is added to every p; np.maximum(p, 1e-12) changes only those below it."
)


@generator
def probabilities_with_zeros(rng):
    """For a loss: also probabilities of 0, at other classes and at the label's own."""
    yield from probabilities_and_labels(rng)
    y = np.array([2, 0, 1], dtype=np.uint8)
    yield Case((probabilities(rng, 3, 4), y), {"N": 3, "K": 4}, "labels of the type uint8")
    P = np.array([[1.0, 0.0], [0.25, 0.75]])
    yield Case((P, np.array([0, 1])), {"N": 2, "K": 2}, "a probability of 0")
    P = np.array([[0.005, 0.995], [0.3, 0.7]])
    yield Case((P, np.array([0, 1])), {"N": 2, "K": 2}, "a probability of 0.005 at the label")
    p = np.exp(-10.822)  # two decimals hold when 1e-7 is added
    P = np.array([[0.9, 0.1 - p, p]])
    yield Case((P, np.array([2])), {"N": 1, "K": 3}, "a probability of 0.00002 at the label")
    P = np.array([[0.0, 1.0, 0.0]])
    yield Case((P, np.array([0])), {"N": 1, "K": 3}, "a probability of 0 at the label")
    P = np.array([[0.7, 0.2, 0.1], [0.0, 0.4, 0.6], [0.1, 0.9, 0.0], [0.3, 0.2, 0.5]])
    what = "a probability of 0 at the label of one of four examples"
    yield Case((P, np.array([0, 0, 1, 2])), {"N": 4, "K": 3}, what)
    for p, note in (1e-9, HIGH_FLOOR), (5e-11, OTHER_FLOOR), (1e-15, NO_FLOOR):
        P = np.array([[1.0 - p, p]])
        yield Case((P, np.array([1])), {"N": 1, "K": 2}, beside=note)
    yield Case((np.array([[1.0, 0.0]]), np.array([0])), {"N": 1, "K": 2}, beside=NOT_0_AT_1)


FLOORED = -np.log(1e-12)


@player
def loss(function, P, y):
    """A loss; where the label's probability is 0, any large number will do (it depends on where
    the learner clips), and counts here as ±27.6, also inside a mean or a sum: what the function
    gives for such an example alone says what to take out. Where it is tiny, two decimals will do: a
    small number may have been added to it."""
    P0, p = P.copy(), P[np.arange(len(y)), y]  # before the call, which may change P
    least, zero = p.min(), p == 0
    L = function(P, y)
    if not is_number(L):
        return L
    if least:
        return L if least > 1e-3 else np.round(np.asarray(L), 2)
    if zero.all():
        return np.copysign(FLOORED, L) if is_finite(L) and abs(L) > 2 else L
    alone, rest = function(P0[zero][:1], y[zero][:1]), function(P0[~zero], y[~zero])
    if not all(is_number(each) and is_finite(each) for each in (L, alone, rest)) or abs(alone) <= 2:
        return L
    counted, share = np.copysign(FLOORED, alone), zero.mean()
    for a, b in (share, 1 - share), (zero.sum(), 1):  # a mean, a sum
        if np.isclose(L, a * alone + b * rest, rtol=1e-5):
            return a * counted + b * rest
    return L


def is_number(L):
    return isinstance(L, (int, float, np.number, np.ndarray)) and np.size(L) == 1


def is_finite(L):
    return np.isrealobj(L) and bool(np.isfinite(L))


@generator
def linear_layer(rng):
    """X, W and b; n_in = n_out = N once."""
    for N, D, M in (5, 4, 2), (3, 3, 3), (5, 2, 3), (1, 3, 4):
        what = "a single example" if N == 1 else "as many examples as columns" if N == M else ""
        arguments = rng.normal(size=(N, D)), rng.normal(size=(D, M)), rng.normal(size=M)
        yield Case(arguments, {"N": N, "D": D, "M": M}, what)


@generator
def linear_layer_backward(rng):
    """dZ, X and W."""
    for N, D, M in (5, 4, 2), (3, 3, 3), (5, 2, 3), (1, 3, 4):
        what = "a single example" if N == 1 else "a square W" if D == M else ""
        arguments = rng.normal(size=(N, M)), rng.normal(size=(N, D)), rng.normal(size=(D, M))
        yield Case(arguments, {"N": N, "D": D, "M": M}, what)


@generator
def two_layers(rng):
    """X, y, W1, b1, W2, b2, with hidden units on both sides of 0, none of them at it."""
    for N, D, H, K in (5, 4, 2, 3), (4, 3, 3, 3), (3, 4, 2, 3), (3, 3, 3, 3), (1, 3, 5, 2):
        while True:
            X, W1, b1 = rng.normal(size=(N, D)), rng.normal(size=(D, H)), rng.normal(size=H)
            Z1 = X @ W1 + b1
            if np.abs(Z1).min() > 0.01 and (Z1 < 0).any() and (Z1 > 0).any():
                break
        arguments = X, labels(rng, N, K), W1, b1, rng.normal(size=(H, K)), rng.normal(size=K)
        what = "a single example" if N == 1 else "square weights" if D == H == K else ""
        yield Case(arguments, {"N": N, "D": D, "H": H, "K": K}, what)
        if N == 3 and K == 3 and D == 4:
            other = (X, np.array([1, 0, 0]), *arguments[2:])
            yield Case(other, {"N": N, "D": D, "H": H, "K": K}, "labels without the last class")


@generator
def labels_and_classes(rng):
    yield Case((np.array([0, 2, 1, 3, 0]), 4), {"N": 5, "K": 4})
    yield Case((np.array([2, 0, 1]), 3), {"N": 3, "K": 3}, "as many examples as classes")
    yield Case((np.array([1, 0, 1, 1]), 4), {"N": 4, "K": 4}, "the last classes do not occur")
    yield Case((np.array([1]), 3), {"N": 1, "K": 3}, "a single example")


@generator
def parameters(rng):
    """params, grads and lr: two layers' weights and biases."""
    for lr in 0.1, 0.5, 2.0:
        shapes = (3, 2), (2,), (2, 4), (4,)
        params = [rng.normal(size=shape) for shape in shapes]
        grads = [rng.normal(size=shape) for shape in shapes]
        yield Case((params, grads, lr), {}, f"lr = {lr}")


@player
def step(function, params, grads, lr):
    """New parameters: returned as a list, a tuple, or an iterator of arrays."""
    return function(params, grads, lr)


@player
def step_of_a_dictionary(function, params, grads, lr):
    """New parameters in a dictionary, and what became of the old ones.

    same dictionary: it is the old one that comes back; old arrays: their numbers have moved.
    """
    before = {name: array.copy() for name, array in params.items()}
    arrays = dict(params)
    new = function(params, grads, lr)
    if not isinstance(new, dict) or set(new) != set(before):
        return new
    moved = any(not np.array_equal(arrays[name], before[name]) for name in before)
    return new | {"same dictionary": new is params, "old arrays": moved}


step_of_a_dictionary.as_it_is = True
step_of_a_dictionary.asked = "a dictionary with all names of params"
step_of_a_dictionary.notes = ("same dictionary", "old arrays")


@player
def what_became_of_mean(function, mean, new, beta, spare):
    """What stands in the caller's array afterwards, and whether a new array was made for it.

    The second is measured with larger arrays, and only where the numbers are right: a function
    that gives other numbers is told about these.
    """
    right = beta * mean + (1 - beta) * new
    value = function(mean, new, beta, spare)
    if value is ... or not np.allclose(mean, right, rtol=1e-9, atol=1e-12):
        return value if value is ... else (mean.copy(), 0)
    large = [np.resize(table, 40_000) for table in (mean, new, spare)]
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        function(large[0], large[1], beta, large[2])
        made = tracemalloc.get_traced_memory()[1] - before
    finally:
        if not tracing:
            tracemalloc.stop()
    return mean.copy(), int(made > large[0].nbytes / 2)


what_became_of_mean.asked = "nothing: mean itself changes"
what_became_of_mean.as_it_is = True  # a copy of what comes back would be a new array
what_became_of_mean.notes = ("new arrays",)


@player
def order_of_a_graph(function, node):
    """An order of nodes, told by what must hold for it, whichever of the right orders it is.

    all: how many nodes are missing; once: how many come again; operands: how many edges lead
    from a node to one that stands before it; only: how many nodes are none of the graph's.
    """
    order = function(node)
    if not isinstance(order, (list, tuple)) or not all(hasattr(n, "parents") for n in order):
        return order
    graph, todo = [node], [node]
    while todo:
        new = [n for n in todo.pop().parents if not any(n is known for known in graph)]
        new = [n for i, n in enumerate(new) if not any(n is other for other in new[:i])]
        graph, todo = graph + new, todo + new
    first = {id(n): i for i, n in reversed(list(enumerate(order)))}
    edges = [(id(p), id(n)) for n in graph for p in n.parents]
    late = [first.get(p, -1) > first.get(n, len(order)) for p, n in edges]
    return {
        "all": sum(id(n) not in first for n in graph),
        "once": len(order) - len(first),
        "operands": sum(late),
        "only": len(first.keys() - {id(n) for n in graph}),
    }


order_of_a_graph.asked = "a list of nodes"


@generator
def predictions(rng):
    """P and y, some right and some wrong; many, so that no two shares are alike by chance."""
    many = (37, 5, 16), (41, 7, 12), (3, 4, 3)
    for N, K, hits in (5, 4, 3), (4, 4, 3), (8, 3, 3), (3, 3, 1), (1, 4, 1), *many:
        P, y = probabilities(rng, N, K), labels(rng, N, K)
        P = P[rng.permutation(N)]
        y[:hits] = P[:hits].argmax(axis=1)
        y[hits:] = (P[hits:].argmax(axis=1) + rng.integers(1, K, size=N - hits)) % K
        order = np.argsort(np.arange(N) % 2 == 0, kind="stable")  # a hit is last, and not first
        P, y = P[order[::-1]], y[order[::-1]]
        what = "a single example" if N == 1 else "as many examples as classes" if N == K else ""
        yield Case((P, y), {"N": N, "K": K}, what)


@generator
def functions_to_differentiate(rng):
    """f and x: tables and a vector; smooth functions with gradients of size 1."""
    a, b, c = rng.normal(size=(2, 3)), rng.normal(size=(3, 3)), rng.normal(size=4)
    yield Case((lambda x: np.sum(a * x * x + x), normal(rng, 2, 3)), {}, "a table x")
    yield Case((lambda x: np.sum(np.sin(x) * b), normal(rng, 3, 3)), {}, "a square table x")
    yield Case((lambda x: np.sum(c * x**3) + x[0] * x[1], normal(rng, 4)), {}, "a vector x")


class Nudges:
    """f, and a record of where it was asked: how far from x, to which side, in which floats."""

    def __init__(self, f, x):
        self.f, self.x, self.seen, self.whole = f, np.array(x), [], False

    def __call__(self, x):
        x = np.asarray(x)
        self.whole = self.whole or x.dtype.kind in "iu"
        if x.shape == self.x.shape:
            self.seen.append((x.dtype.itemsize, np.real(x) - self.x, np.imag(x)))
        return self.f(x)

    def stands_still(self):
        """True where every pair of calls asks at one and the same place, beside x or at it."""
        places = [d for _, d, i in self.seen if not i.any()]
        pairs = list(zip(places[::2], places[1::2], strict=False))
        return len(places) == len(self.seen) and all(np.array_equal(a, b) for a, b in pairs)


@player
def slopes(function, f, x):
    """The slopes, to the four digits that any sensible nudge gives, and how they were measured.

    nudge: 0 for a sensible one, −1 for one that drowns in rounding, 1 for one that is too large,
    2 for one so wide that it shows in the sixth digit, where there is nothing worse,
    −2 where f was asked twice at the same place, −3 where x was made of whole numbers.
    side: 0 when f was asked on both sides of x, 1 when on one alone; then fewer digits will do.
    left: 1 when an entry was left nudged while another was measured; that shows in no digit.
    """
    f, given = Nudges(f, x), x
    gradient = function(f, x)
    if gradient is None or isinstance(gradient, dict):
        return gradient
    if given.shape == f.x.shape and np.allclose(given, f.x, rtol=0, atol=1e-14):
        given[...] = f.x  # x + eps − 2 eps + eps: put back, up to rounding
    moves = np.array([d.flat[np.abs(d).argmax()] for _, d, i in f.seen if d.any() and not i.any()])
    complex_step = any(i.any() for _, _, i in f.seen)
    if complex_step or not f.seen:
        return gradient, 0, 0, 0
    if f.whole:
        return np.zeros(np.shape(gradient)), -3, 0, 0
    if len(f.seen) > 1 and f.stands_still():
        return np.zeros(np.shape(gradient)), -2, 0, 0
    if min(size for size, _, _ in f.seen) < 8:
        return np.zeros(np.shape(gradient)), -1, 0, 0
    if not moves.size:
        return gradient, 0, 0, 0
    length = np.abs(moves).max()
    if length < 5e-9 or length > 0.02:  # then the digits mean nothing
        return np.zeros(np.shape(gradient)), -1 if length < 5e-9 else 1, 0, 0
    moved = {np.sum(np.abs(d) > length / 10) for _, d, _ in f.seen}
    left = 1 in moved and max(moved) > 1
    one_side = abs(np.sign(moves).mean()) >= 0.9 and not left
    wide = length > 1e-3 and not (left or one_side)
    if left or one_side or wide:
        true = numerical_gradient(f.f, f.x)  # x as it came: the function may have changed it
        wide = wide and np.shape(gradient) == true.shape and not np.allclose(gradient, true, 1e-6)
        if np.shape(gradient) == true.shape and np.allclose(gradient, true, atol=20 * length):
            gradient = true
    return gradient, 2 * int(wide), int(one_side), int(left)


slopes.asked = "the slopes, an array of the shape of x"
slopes.notes = ("nudge", "side", "left")


@generator
def data_to_batch(rng):
    """X and y whose rows know each other, batch_size, and a Generator."""
    for N, size in (23, 5), (24, 4), (7, 1), (6, 10):
        X = np.column_stack([np.arange(N) + 0.25, rng.normal(size=(N, 3))])
        what = "the last batch is smaller" if N == 23 else ""
        what = "a batch_size above N" if size > N else what
        yield Case((X, np.arange(N) * 3, size, np.random.default_rng(N)), {"N": N}, what)


@player
def epochs(function, X, y, batch_size, rng):
    """Two epochs with one generator, told by what must hold for them, whatever the shuffle.

    pairs: each x with its own y; each: does every example come, does one come more than once;
    sizes: number of batches, size of the largest, and, where all else is right, whether one before
    the last is not full; shuffled: not in the order of the data;
    mixed: neighbours, in the data or in the epoch before, are parted, and so are those who shared
    a batch; different: the second epoch's order is another one;
    repeatable: the same seed brings the same order. Of few examples two shuffles may agree by
    chance, so orders are compared from 8 on. Rows or labels that are not among those handed in
    are told as such: nothing of the above can be measured then.
    """
    rows, label = X.copy(), y.copy()
    again = copy.deepcopy(rng)
    first = one_epoch(function, X, y, batch_size, rng)
    if not isinstance(first, tuple):
        return first
    second = one_epoch(function, rows.copy(), label.copy(), batch_size, rng)
    repeated = one_epoch(function, rows.copy(), label.copy(), batch_size, again)
    x_seen, y_seen, sizes = first
    if not (x_seen[:, None] == rows).all(axis=2).any(axis=1).all():
        return Instead("other-rows")
    if not np.isin(y_seen, label).all():
        return Instead("other-labels")
    N = len(rows)
    number = np.rint(x_seen[:, 0] - 0.25).astype(int)
    known = np.clip(number, 0, N - 1)
    pairs = np.array_equal(rows[known], x_seen) and np.array_equal(label[known], y_seen)
    counts = np.bincount(known, minlength=N)
    uneven = any(size != batch_size for size in sizes[:-1])
    in_order = np.array_equal(number, np.sort(number))
    then = np.rint(second[0][:, 0] - 0.25).astype(int) if isinstance(second, tuple) else number
    parted = N < 8 or (
        np.mean(np.diff(number) == 1) < 0.5
        and kept(number, then) < 0.5
        and shared(number, sizes) != shared(then, second[2])
    )
    found = {
        "pairs": pairs,
        "each": [counts.min() > 0, counts.max() > 1],
        "sizes": [len(sizes), max(sizes), False],
        "shuffled": N < 8 or not in_order,
        "mixed": parted or np.array_equal(number, then),
        "different": N < 8 or not np.array_equal(first[0], second[0]),
        "repeatable": N < 8 or np.array_equal(first[0], repeated[0]),
    }
    good = counts.min() == counts.max() == 1 and all(
        found[name] for name in ("pairs", "shuffled", "mixed", "different", "repeatable")
    )
    found["sizes"][2] = good and uneven
    return found


@player
def truths(function, y, share):
    """True or False for each label. Zeros and ones would pick the rows 0 and 1 again and again."""
    held = function(y, share)
    numbers = isinstance(held, (list, tuple, np.ndarray)) and np.shape(held) == y.shape
    if numbers and np.asarray(held).dtype.kind in "iuf" and np.isin(held, (0, 1)).all():
        return Instead("zeros-and-ones")
    return held


truths.asked = "an array of True and False, as long as y"

epochs.asked = "batches, each of them a pair: rows of X and their labels"


def kept(before, after):
    """The share of neighbours in one order that are neighbours in the other, too."""
    pairs = [
        set(zip(each[:-1].tolist(), each[1:].tolist(), strict=True)) for each in (before, after)
    ]
    return len(pairs[0] & pairs[1]) / max(len(pairs[0]), 1)


def shared(order, sizes):
    """Who is in a batch with whom: the batches as a set of sets."""
    return {frozenset(part.tolist()) for part in np.split(order, np.cumsum(sizes)[:-1])}


def one_epoch(function, X, y, batch_size, rng):
    """The batches of one epoch: all rows, all labels, and the sizes; or what came instead."""
    batches = function(X, y, batch_size, rng)
    if batches is None or batches is ...:
        return batches
    if isinstance(batches, tuple) and len(batches) == 2 and np.ndim(batches[1]) == 1:
        return Instead("one-batch")
    if not hasattr(batches, "__iter__"):
        return batches
    batches = list(batches)
    if not batches:
        return Instead("no-batches")
    if any(batch is ... for batch in batches):
        return ...
    if not all(isinstance(batch, (tuple, list)) and len(batch) == 2 for batch in batches):
        return Instead("no-pairs")
    if not all(is_batch(*batch, X.shape[1]) for batch in batches):
        return Instead("odd-batch")
    xs, ys = ([np.asarray(part) for part in column] for column in zip(*batches, strict=True))
    return np.concatenate(xs), np.concatenate(ys), [len(x) for x in xs]


def is_batch(x, y, columns):
    """Rows of X, and as many labels."""
    x, y = np.asarray(x, dtype=object), np.asarray(y, dtype=object)
    return y.ndim == 1 and (x.shape == (len(y), columns) or x.size == y.size == 0)


@generator
def two_sets(rng):
    """X_train and X_test: columns of other sizes and places, test rows from elsewhere."""
    for N, M, D in (6, 4, 3), (3, 3, 3), (5, 1, 2):
        scale, place = rng.uniform(0.5, 20, size=D), rng.uniform(-10, 10, size=D)
        train = rng.normal(size=(N, D)) * scale + place
        test = (rng.normal(size=(M, D)) + 0.5) * scale * 1.3 + place
        yield Case((train, test), {"N": N}, "a test set of one example" if M == 1 else "")
