"""examine: look a network over, and say what was seen beside what is usual.

Derived in notebook 14. Every line of the report is a measurement on this network and this batch.
A line without advice does not prove that all is well; it says that this test saw nothing.
"""

import copy
from dataclasses import dataclass

import numpy as np

from . import errors
from .layers import ReLU, Sigmoid, Tanh
from .optim import Adam

ROWS = 256  # rows that are looked at, evenly spaced
FEW = 50  # with fewer rows than this, nothing is said about neighbours
NUDGE, BESIDE = 1e-6, 1e-3
EPSILON = np.finfo(float).eps
SLOPE_TOLERANCE = 1e-3  # of a nudge of a whole array at once, which may cross some kinks
HEART_ROWS, HEART_STEPS = 8, 100
STEPS = 20


def examine(net, loss, X, y, *, optimizer=None, validation=None, rng=0):
    """Examine a network on X and y; the `complaints` of the Examination are what stands out.

    With the `optimizer`, its steps are tried, too; with `validation=(X_val, y_val)`, rows that
    stand in both sets are counted. Works on copies: network, loss, optimizer and their random
    streams stay as they are. `rng` draws the directions of the gradient check. At most `ROWS` rows
    are used, evenly spaced. Derived in notebook 14.
    """
    order = "The order is examine(net, loss, X, y)."
    errors.instance(net, "weight_mask", "examine expected a network", order)
    errors.instance(loss, "check", "examine expected a loss", order)
    if optimizer is not None:
        errors.instance(
            optimizer, "update", "examine expected an optimizer", "Such as SGD(net, lr=0.1)."
        )
        if optimizer.net is not net:
            rule = "examine expected an optimizer of this network"
            errors.reject(rule, f"{optimizer}, which moves another one", "SGD(net, lr=...).")
    if validation is not None:
        validation = errors.pair(validation, "validation=(X_val, y_val)", "examine")
    rng = errors.generator(rng, "examine")
    net.expect_complete("examine")
    X = errors.inputs(X, "examine", net.takes)
    net.output_shape(X.shape)
    Z = net.scores(X)
    _, y = loss.check(np.zeros_like(Z), y)  # refuses labels that do not fit
    rows = np.unique(np.linspace(0, len(X) - 1, ROWS).astype(int))
    lines = [_inputs(X), _neighbours(loss, X, y), _shared_rows(X, validation)]
    with np.errstate(all="ignore"):
        seen = _Seen(net, loss, X[rows], y[rows], optimizer, rng)
        lines += [test(seen) for test in (TESTS if np.isfinite(Z).all() else TESTS[:1])]
    return Examination([line for line in lines if line])


class Examination:
    """What `examine` saw: `lines`, and those of them that stand out as `complaints`.

    Prints as a table. A line has `looked_at`, `seen`, `usual`, and, where it stands out, `advice`.
    """

    def __init__(self, lines):
        self.lines = list(lines)

    @property
    def complaints(self):
        return [line for line in self.lines if line.advice]

    def __getitem__(self, name):
        """The line of one test: report["gradient"]."""
        for line in self.lines:
            if line.looked_at == name:
                return line
        known = ", ".join(line.looked_at for line in self.lines)
        raise KeyError(f"this examination has no line {name!r}; it has {known}")

    def __repr__(self):
        head = ("looked at", "seen", "usual")
        rows = [head] + [(line.looked_at, line.seen, line.usual) for line in self.lines]
        wide = [max(len(row[k]) for row in rows) for k in range(2)]
        text = []
        for row, line in zip(rows, [None, *self.lines], strict=True):
            mark = "! " if line and line.advice else "  "
            text.append(f"{mark}{row[0]:{wide[0]}}  {row[1]:{wide[1]}}  {row[2]}")
        text += [f"try ({line.looked_at}): {line.advice}" for line in self.complaints]
        if not self.complaints:
            text.append("nothing stands out in these tests")
        return "\n".join(text)


@dataclass(frozen=True)
class Line:
    """One test: `advice`, what to try, is empty unless what was `seen` stands out."""

    looked_at: str
    seen: str
    usual: str
    advice: str = ""


class _Seen:
    """Copies of what is examined, and what several tests need."""

    def __init__(self, net, loss, X, y, optimizer, rng):
        self.given = net, loss, optimizer
        self.X, self.y, self.rng = X, y, rng
        net, loss, _ = self.copies()
        net.eval()
        self.Z = net.scores(X)
        self.L = float(loss.forward(self.Z, y))
        self.P = getattr(loss, "P", None)
        self.guessing = knowing_nothing(loss, self.Z, y)

    def copies(self):
        """Fresh copies of network, loss and optimizer; the optimizer's network is the copy."""
        return copy.deepcopy(self.given)

    def with_gradient(self):
        """Copies after one forward and one backward pass."""
        net, loss, optimizer = self.copies()
        net.train()
        _pass(net, loss, self.X, self.y)
        return net, loss, optimizer


def _pass(net, loss, X, y):
    """One forward and one backward pass; the loss."""
    X = X.astype(net.dtype) if net.takes == "floats" else X
    L = float(loss.forward(net.forward(X), y))
    net._backward(loss.backward())
    return L


# ---------------------------------------------------------------- numbers of notebook 14


def knowing_nothing(loss, Z, y):
    """The loss of a network that knows nothing: ln K, ln 2, or the variance of the targets."""
    if loss.takes_labels:
        return float(np.log(Z.shape[1]))
    if loss.classifies:
        return float(np.log(2))
    return float(((y - y.mean(axis=0)) ** 2).mean())


def neighbour_agreement(X, y):
    """The share of rows whose nearest other row has the same label, and what chance would give.

    X (N, ...), each column divided by its spread; y (N,) labels. By chance two rows agree with
    probability Σ_k p_k², where p_k is the share of class k. Derived in notebook 14.
    """
    X = X.reshape(len(X), -1).astype(float)
    spread = X.std(axis=0)
    X = (X - X.mean(axis=0)) / np.where(spread > 0, spread, 1)
    squares = (X * X).sum(axis=1)
    far = squares[:, None] + squares - 2 * X @ X.T  # |a − b|² = |a|² + |b|² − 2 ab
    np.fill_diagonal(far, np.inf)
    shares = np.bincount(y) / len(y)
    return float((y[far.argmin(axis=1)] == y).mean()), float((shares**2).sum())


def dead_units(A):
    """How many units (columns) are 0 for every example (row) of A (N, H). Notebook 14."""
    return int((A == 0).all(axis=0).sum())


def update_ratio(theta_before, theta_after):
    """|step| / |theta|: how far a step moves, against the size of what it moves. Notebook 14."""
    step = theta_after - theta_before
    return float(np.linalg.norm(step) / np.linalg.norm(theta_before))


def by_heart(net, loss, X, y, steps=HEART_STEPS, lr=0.03):
    """The losses while a copy of the network learns these few rows by heart, with Adam.

    The network itself stays as it is. Derived in notebook 14.
    """
    net, loss = copy.deepcopy((net, loss))
    net.train()
    optimizer, losses = Adam(net, lr=lr), []
    for _ in range(steps):
        losses.append(_pass(net, loss, X, y))
        optimizer._step()
    return losses


# ---------------------------------------------------------------- data


def _inputs(X):
    if X.dtype.kind != "f":
        return None
    flat = X.reshape(len(X), -1)
    large, spreads = np.abs(flat).max(), flat.std(axis=0)
    moving = spreads[spreads > 0]
    ratio = moving.max() / np.median(moving) if moving.size else 1.0
    advice = ""
    if large > 30 or ratio > 100:
        advice = "scale the inputs: nn.data.standardise, or pixels divided by their maximum"
    seen = f"largest {large:.2g}; widest column {ratio:.2g} times the median"
    return Line("inputs", seen, "up to about 10, columns alike", advice)


def _neighbours(loss, X, y):
    if not loss.takes_labels or len(X) < FEW or X.dtype.kind != "f":
        return None
    rows = np.unique(np.linspace(0, len(X) - 1, 2 * ROWS).astype(int))
    agree, chance = neighbour_agreement(X[rows], y[rows])
    error = np.sqrt(chance * (1 - chance) / len(rows))
    advice = ""
    if chance < 1 and agree < chance + 3 * error:
        advice = "look at some rows with their labels: do they belong together, are the rows whole?"
    seen = f"nearest rows agree in {agree:.0%}, by chance {chance:.0%}"
    return Line("labels", seen, "well above chance", advice)


def _shared_rows(X, validation):
    if validation is None:
        return None
    known = {row.tobytes() for row in np.ascontiguousarray(X, dtype=float)}
    other = np.ascontiguousarray(validation[0], dtype=float)
    share = float(np.mean([row.tobytes() in known for row in other]))
    advice = ""
    if share > 0.1:
        advice = "split before you repeat or add rows; then measure on rows that are new"
    return Line("validation", f"{share:.0%} of its rows are training rows", "0%", advice)


# ---------------------------------------------------------------- output and loss


def _scores(seen):
    Z, loss = seen.Z, seen.given[1]
    if not np.isfinite(Z).all():
        return Line(
            "scores", "not finite", "finite", "go back to weights that were finite; lower the rate"
        )
    spread = np.ptp(Z, axis=0).max()
    said, advice = f"from {Z.min():.2g} to {Z.max():.2g}", ""
    if len(Z) > 1 and spread <= 1e-9 * max(1.0, np.abs(Z).max()):
        said, advice = "the same for every row", "look where the rows become alike, layer by layer"
    elif loss.takes_labels and Z.min() >= 0 and np.allclose(Z.sum(axis=1), 1, atol=1e-5):
        said = "each row is positive and adds up to 1"
        advice = "leave the last softmax out: the loss applies one to the scores itself"
    return Line("scores", said, "any numbers, another row for each example", advice)


def _first_loss(seen):
    limit = 3 * seen.guessing + 1 if seen.given[1].classifies else 100 * seen.guessing
    advice = ""
    if not seen.L <= limit:
        advice = "worse than guessing: smaller starting weights, scaled inputs, or a lower rate"
    seen_ = f"{seen.L:.2g}; guessing gives {seen.guessing:.2g}"
    return Line("loss", seen_, "near guessing at the start, then below", advice)


def _row_sums(seen):
    if seen.P is None or not seen.given[1].takes_labels or np.shape(seen.P) != seen.Z.shape:
        return None
    sums = np.sum(seen.P, axis=1)
    advice = ""
    if not np.allclose(sums, 1, atol=1e-4):
        advice = "normalise along each row: axis=1, keepdims=True"
    said = f"rows of P add up to {sums.min():.2f} … {sums.max():.2f}"
    return Line("probabilities", said, "1 for every row", advice)


def _mean_of_rows(seen):
    """The loss of a batch is the mean of the losses of its rows."""
    _, loss, _ = seen.copies()
    k = min(len(seen.X), 16)
    whole = float(loss.forward(seen.Z[:k], seen.y[:k]))
    alone = [float(loss.forward(seen.Z[i : i + 1], seen.y[i : i + 1])) for i in range(k)]
    mean = float(np.mean(alone))
    advice = ""
    if np.isfinite(whole) and abs(whole - mean) > 1e-4 * max(abs(whole), abs(mean), 1e-3):
        advice = (
            "a row's loss depends on the other rows, or the mean is a sum: look at axis and 1/N"
        )
    said = f"{k} rows together {whole:.2g}, one by one {mean:.2g}"
    return Line("mean", said, "equal", advice)


def _rows_apart(seen):
    """In evaluation mode a row's scores do not depend on the rows beside it, nor on the call."""
    net, _, _ = seen.copies()
    net.eval()
    first, again = net.scores(seen.X), net.scores(seen.X)
    scale = max(np.abs(first).max(), 1e-12)
    advice, said = "", "the same scores, called twice, and row by row"
    if np.abs(first - again).max() > 1e-9 * scale:
        said = f"called twice, scores differ by up to {np.abs(first - again).max():.2g}"
        advice = "something random is left on in evaluation mode, such as dropout"
    else:
        k = min(len(seen.X), 8)
        alone = np.concatenate([net.scores(seen.X[i : i + 1]) for i in range(k)])
        far = np.abs(alone - first[:k]).max()
        if far > 1e-4 * scale:
            said = f"alone, a row's scores differ by up to {far:.2g}"
            advice = "rows are mixed inside the network: look for a reshape or a sum over axis 0"
    return Line("repetition", said, "the same", advice)


# ---------------------------------------------------------------- gradients


def _gradient(seen):
    """Along a random direction for each array of parameters: g · d against (L(+) − L(−)) / 2ε.

    Taken a little beside the parameters, where no z of the data sits on the kink of a ReLU.
    """
    net, loss, _ = seen.copies()
    net.train()
    net.gather(np.float64)
    X = seen.X[:64].astype(np.float64) if net.takes == "floats" else seen.X[:64]
    y = seen.y[:64]
    streams = net.streams
    states = [stream.bit_generator.state for stream in streams]

    def value():
        for stream, state in zip(streams, states, strict=True):
            stream.bit_generator.state = state  # the same dropout mask every time
        return float(loss.forward(net.forward(X), y))

    def slope(A, d, eps):
        before, values = A.copy(), []
        for sign in (1, -1):
            A += sign * eps * d
            values.append(value())
            A[...] = before
        return (values[0] - values[1]) / (2 * eps)

    parts = [(f"{path}.{name}", layer, name) for path, layer in net.walk() for name in layer.shapes]
    for _, layer, name in parts:
        A = getattr(layer, name)
        A += BESIDE * _direction(seen.rng, A)
    L = value()
    net.grad[...] = 0  # what backward does not write stays 0
    net._backward(loss.backward())
    if not np.isfinite(net.grad).all():
        return Line(
            "gradient", "not finite", "finite", "look for the first layer that is not finite"
        )
    arrays = [(path, getattr(layer, name), getattr(layer, "d" + name).copy())
              for path, layer, name in parts]  # fmt: skip

    def compared(A, dA, eps):
        d = _direction(seen.rng, A)
        return float((dA * d).sum()), slope(A, d, eps)

    pairs = {name: compared(A, dA, NUDGE) for name, A, dA in arrays}
    floor = max([1e-5, *(abs(n) for pair in pairs.values() for n in pair)]) * 1e-4
    wrong = {}
    for name, A, dA in arrays:  # wrong once may be a kink that was crossed; wrong twice is wrong
        if _differ(*pairs[name], floor):
            again = compared(A, dA, NUDGE / 10)
            if _differ(*again, floor, 20 * EPSILON * abs(L) / (NUDGE / 10)):
                wrong[name] = again
    usual = "agrees with what is measured"
    if not wrong:
        return Line("gradient", f"agrees in all {len(pairs)} arrays", usual)
    said = f"wrong in {_listed(list(wrong))}"
    factors = [a / n for a, n in wrong.values() if n]
    if len(wrong) == len(pairs) == len(factors) and np.ptp(factors) < 0.01 * abs(np.mean(factors)):
        said = f"{np.mean(factors):.3g} times too large everywhere; these were {len(X)} rows"
    advice = "nn.check_gradients, for the entries; the fault is nearest to the last wrong array"
    return Line("gradient", said, usual, advice)


def _differ(analytic, numeric, floor, rounding=0.0):
    size = max(abs(analytic), abs(numeric), floor)
    return abs(analytic - numeric) > SLOPE_TOLERANCE * size + rounding


def _direction(rng, A):
    """A random direction for A, with a typical entry as large as one of A (1 where A is 0)."""
    return rng.standard_normal(A.shape) * (np.sqrt((A * A).mean()) or 1.0)


def _listed(names):
    return (
        ", ".join(names) if len(names) <= 3 else f"{names[0]} to {names[-1]}, {len(names)} arrays"
    )


def _units(seen):
    """Of each ReLU layer the share of units that are 0 for every row."""
    shares = [dead_units(A) / A.shape[1] for layer, A in _activations(seen, ReLU) if A.ndim == 2]
    if not shares or len(seen.X) < 2:
        return None
    worst = max(shares)
    advice = ""
    if worst > 0.75:
        advice = "biases at 0, weights of size √(2/n), scaled inputs; a lower learning rate"
    return Line("closed units", f"at most {worst:.0%} of a layer", "under a half", advice)


def _saturated(seen):
    """Of each sigmoid or tanh layer the share of entries with a slope below 5% of the steepest."""
    shares = []
    for layer, A in _activations(seen, (Sigmoid, Tanh)):
        slope = 4 * A * (1 - A) if isinstance(layer, Sigmoid) else 1 - A * A
        shares.append(float((slope < 0.05).mean()))
    if not shares:
        return None
    advice = "smaller starting weights, scaled inputs" if max(shares) > 0.75 else ""
    return Line("saturation", f"at most {max(shares):.0%} of a layer", "under a half", advice)


def _activations(seen, kinds):
    """Pairs (layer, its output) in evaluation mode, for the layers of these kinds."""
    A = seen.X.astype(seen.given[0].dtype) if seen.given[0].takes == "floats" else seen.X
    for layer in seen.given[0].layers:
        A = layer.twin().forward(A)
        if isinstance(layer, kinds):
            yield layer, A


def _sizes(seen):
    """|dW| / |W| of each table of weights: does the gradient reach the first one?"""
    net, _, _ = seen.with_gradient()
    ratios = []
    for path, layer in net.walk():
        for name, shape in layer.shapes.items():
            if len(shape) >= 2:
                W, dW = getattr(layer, name), getattr(layer, "d" + name)
                ratios.append((f"{path}.{name}", np.linalg.norm(dW) / (np.linalg.norm(W) or 1)))
    if len(ratios) < 2:
        return None
    (least, low), (_, high) = min(ratios, key=lambda r: r[1]), max(ratios, key=lambda r: r[1])
    share = low / high if high else 1.0
    advice = ""
    if share < 1e-6:
        advice = f"nearly no gradient reaches {least}: look at closed or saturated units above it"
    return Line("gradient sizes", f"smallest {share:.1g} of the largest", "above 1e-4", advice)


# ---------------------------------------------------------------- learning


def _heart(seen):
    if not seen.given[1].classifies or not np.isfinite(seen.L):
        return None
    rows = _mixed(seen.y)
    net, loss, _ = seen.given
    losses = by_heart(net, loss, seen.X[rows], seen.y[rows])
    best = min(losses)
    advice = ""
    if not best < 0.7 * max(seen.guessing, losses[0]):
        advice = "it cannot learn a handful by heart: do not train longer, look at the lines above"
    end = f"{best:.2g}" if best > 0.05 else "below 0.05"
    said = f"{len(rows)} rows, {HEART_STEPS} steps: {losses[0]:.2g} → {end}"
    return Line("by heart", said, "nearly 0", advice)


def _mixed(y):
    """A few rows, of as many classes as possible."""
    if y.ndim != 1:
        return np.arange(min(len(y), HEART_ROWS))
    order = np.argsort(y, kind="stable")
    return order[np.unique(np.linspace(0, len(y) - 1, HEART_ROWS).astype(int))]


def _after(seen, factor=1.0):
    """STEPS steps on these rows, at `factor` times the rate: the loss at the end, the highest."""
    net, loss, optimizer = seen.copies()
    net.train()
    optimizer.lr = factor * optimizer.lr
    peak = 0.0
    for _ in range(STEPS):
        L = _pass(net, loss, seen.X, seen.y)
        if not np.isfinite(L):
            return np.inf, np.inf
        peak = max(peak, L)
        optimizer._step()
    L = float(loss.forward(net.scores(seen.X), seen.y))
    return (L, max(peak, L)) if np.isfinite(L) else (np.inf, np.inf)


def _steps(seen):
    if seen.given[2] is None or not np.isfinite(seen.L):
        return None
    L, advice = seen.L, ""
    after, peak = _after(seen)
    if peak > max(3 * L, 2 * seen.guessing):
        slow = _after(seen, 0.01)[0]
        if slow < L:
            advice = f"a lower learning rate: at a hundredth of it, {L:.2g} → {slow:.2g}"
    elif after > 0.995 * L:
        fast, times = min((_after(seen, times)[0], times) for times in (100, 10_000))
        if fast < 0.9 * L:
            advice = f"a higher learning rate: at {times:,} times it, {L:.2g} → {fast:.2g}"
    rises = advice and peak > 3 * L  # unstable: its digits mean nothing
    said = f"{STEPS} steps on these rows: {L:.2g} → {'rises' if rises else f'{after:.2g}'}"
    return Line("steps", said, "falls", advice)


def _update(seen):
    if seen.given[2] is None or not np.isfinite(seen.L):
        return None
    net, loss, optimizer = seen.with_gradient()
    optimizer._step()
    _pass(net, loss, seen.X, seen.y)
    before, g = net.theta.copy(), np.abs(net.grad)
    optimizer._step()  # the second step: the first one may round what was drawn
    ratio = update_ratio(before, net.theta)
    large = g > 1e-3 * g.max()
    still = float((net.theta[large] == before[large]).mean()) if large.any() else 0.0
    advice, said = "", f"{ratio:.1g} of the parameters' size"
    if still > 0.1:
        said += f"; {still:.0%} of those with a gradient stay as they are"
        advice = "steps are lost in rounding: keep the parameters in float32 or float64"
    return Line("update", said, "about 1e-3, at the start up to 1e-1", advice)


def _decay(seen):
    """What a step does to the parameters themselves: the same gradient, theta moved by 1."""
    if seen.given[2] is None:
        return None
    moves = []
    for shift in (0.0, 1.0):
        net, _, optimizer = seen.with_gradient()
        net.theta[...] = shift
        optimizer._step()
        moves.append(net.theta - shift)
    pull = moves[1] - moves[0] < -10 * np.finfo(net.dtype).eps
    names = {"weights": net.weight_mask == 1, "biases": net.weight_mask == 0}
    found = [name for name, part in names.items() if part.any() and pull[part].mean() > 0.9]
    advice = "leave the biases out of weight decay" if "biases" in found else ""
    said = f"pulls {' and '.join(found)} to 0" if found else "none"
    return Line("decay", said, "none, or of weights alone", advice)


TESTS = (
    _scores, _first_loss, _row_sums, _mean_of_rows, _rows_apart, _gradient, _sizes, _units,
    _saturated, _heart, _steps, _update, _decay,
)  # fmt: skip
