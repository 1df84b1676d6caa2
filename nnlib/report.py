"""What is shown: the layers of a network, the history of a run, a table of gradients."""

import numpy as np

from .functional import accuracy

PIECE = 4096  # examples that go through a network at once when nothing is learned
FLOOR = 1e-4  # entries below this share of the largest one are judged on that scale


def relative_error(analytic, numeric):
    """|a − n| / max(|a|, |n|), entry by entry.

    Entries far below the largest one (`FLOOR` times it) are measured on its scale: there the
    numeric value is mostly rounding error.
    """
    size = np.maximum(np.abs(analytic), np.abs(numeric))
    scale = np.maximum(size, FLOOR * size.max(initial=0))
    scale = np.where(scale == 0, 1, scale)
    return np.abs(analytic - numeric) / scale


class GradientReport:
    """The outcome of `check_gradients`: true when every entry agrees; prints as a table.

    passed, error      whether all agree, and the largest relative error
    worst              (name, index, analytic, numeric) of the entry with the largest error
    analytic, numeric  two dicts from a name such as "layers[0].W" to an array; errors likewise
    kinks              entries that sit on a kink of the loss, where either one-sided slope is right
    """

    def __init__(self, analytic, numeric, tolerance, kinks=()):
        self.analytic, self.numeric = analytic, numeric
        self.tolerance, self.kinks = tolerance, list(kinks)
        both = [np.concatenate([v.ravel() for v in d.values()]) for d in (analytic, numeric)]
        entries = np.nan_to_num(relative_error(*both), nan=np.inf)
        cuts = np.cumsum([v.size for v in analytic.values()])[:-1]
        parts = zip(analytic, np.split(entries, cuts), strict=True)
        self.errors = {name: part.reshape(analytic[name].shape) for name, part in parts}
        for name, index in self.kinks:
            self.errors[name][index] = 0.0
        name = max(self.errors, key=lambda name: self.errors[name].max())
        index = np.unravel_index(self.errors[name].argmax(), self.errors[name].shape)
        self.error = float(self.errors[name][index])
        self.passed = self.error <= tolerance
        values = float(analytic[name][index]), float(numeric[name][index])
        self.worst = (name, tuple(int(i) for i in index), *values)

    def __bool__(self):
        return self.passed

    def __repr__(self):
        width = max(len(name) for name in self.errors)
        lines = [f"{'':{width}}  entries  largest relative error"]
        for name, e in self.errors.items():
            mark = "" if e.max() <= self.tolerance else "   <- wrong"
            lines.append(f"{name:{width}}  {e.size:7}  {e.max():.1e}{mark}")
        name, index, analytic, numeric = self.worst
        worst = _entry(name, index)
        lines.append(f"worst entry: {worst}  analytic {analytic:.9g}  numeric {numeric:.9g}")
        if self.kinks:
            names = ", ".join(_entry(*kink) for kink in self.kinks)
            lines.append(f"on a kink, where either slope is right: {names}")
        verdict = "agree" if self.passed else "DO NOT agree"
        lines.append(f"analytic and numeric gradients {verdict} (tolerance {self.tolerance:.0e})")
        return "\n".join(lines)


def _entry(name, index):
    return f"{name}[{', '.join(map(str, index))}]"


class History:
    """What happened in a run: one number per completed epoch in each list.

    loss          mean training loss over the epoch's batches, taken while the weights moved
    accuracy      on the training set at the end of the epoch (only with record_accuracy=True)
    val_loss      on the validation set at the end of the epoch
    val_accuracy  the same for the accuracy
    best_epoch    the epoch with the lowest validation loss, counted from 0, or None
    stopped       "completed", "early", "interrupted", "diverged" or "callback"
    """

    def __init__(self):
        self.loss, self.accuracy, self.val_loss, self.val_accuracy = [], [], [], []
        self.best_epoch = None
        self.stopped = "completed"

    @property
    def epochs(self):
        """The number of completed epochs."""
        return len(self.loss)

    def measure(self, net, loss, train_set, validation):
        """Append an epoch's accuracy and validation numbers; each set is (X, y), or None."""
        if train_set is not None:
            self.accuracy.append(_accuracy(_scores(net, train_set[0]), train_set[1]))
        if validation is not None:
            Z = _scores(net, validation[0])
            self.val_loss.append(float(loss.forward(Z, validation[1])))
            if loss.classifies:
                self.val_accuracy.append(_accuracy(Z, validation[1]))

    def __repr__(self):
        if self.stopped == "diverged" or not self.loss:
            return f"History({self.epochs} epochs, {self.stopped})"
        last = f", loss {self.loss[-1]:.4f}"
        if self.val_accuracy:
            last += f", validation accuracy {self.val_accuracy[-1]:.1%}"
        return f"History({self.epochs} epochs{last}, {self.stopped})"


def _scores(net, X):
    """The scores of all examples, some thousand at a time: a large set's layers fill the memory."""
    return np.concatenate([net.scores(X[i : i + PIECE]) for i in range(0, len(X), PIECE)])


def _accuracy(Z, y):
    """`accuracy`, or nan where the scores of a run that diverges are no numbers any more."""
    return accuracy(Z, y) if np.isfinite(Z).all() else float("nan")


def layers_table(net):
    """A network as its layers, one a line, with their numbers of parameters."""
    rows = [(repr(layer), layer.size) for layer in net.layers]
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:{width}}  {size:>9,}" if size else f"  {name}" for name, size in rows]
    inside = "\n".join(lines)
    return f"Sequential(\n{inside}\n)  {net.theta.size:,} parameters, {net.dtype}"
