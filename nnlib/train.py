"""fit, the training loop of notebook 08, and the History of what happened in a run."""

from math import isfinite

import numpy as np

from . import errors
from .functional import accuracy
from .running import Best, interrupts, rounds

PIECE = 4096  # examples that go through a network at once when nothing is learned


def fit(
    net, X, y, *, loss, optimizer, epochs, batch_size=32, rng=None, validation=None,
    patience=None, callbacks=(), progress=False, record_accuracy=False,
):  # fmt: skip
    """Train: every epoch shuffles, then takes one step for each batch. Returns the History.

    X (N, ...) and y as the loss wants them. `batch_size=None`, or one above N, is one full batch.
    `rng`, a seed or a Generator, shuffles. `validation=(X_val, y_val)` is measured after every
    epoch in evaluation mode. `patience`: that many epochs without a lower validation loss end the
    run, and the best weights come back. Each callback(net, history) runs after every epoch;
    returning True ends the run. An interrupt (the stop button) lets the step finish and returns
    what was reached. A loss that is no longer finite ends the run as "diverged".
    """
    X, y = errors.examples(net, loss, X, y, "fit")
    if validation is not None:
        validation = errors.pair(validation, "validation=(X_val, y_val)", "fit")
        validation = errors.examples(net, loss, *validation, "fit (validation)")
    errors.optimizer_of(net, optimizer, "fit")
    errors.callbacks(callbacks, "fit")
    epochs = errors.whole(epochs, "epochs", "fit")
    size = len(X) if batch_size is None else errors.whole(batch_size, "batch_size", "fit")
    errors.patience(patience, validation, "fit")
    rng = errors.generator(rng, "fit")

    history, best, mode = History(), Best(net, patience), net.training
    train_set = (X, y) if record_accuracy else None
    with interrupts() as pressed, np.errstate(all="ignore"):
        try:
            for _ in rounds(epochs, progress):
                net.train()
                mean, stopped = _epoch(net, loss, optimizer, X, y, size, rng, pressed)
                if not stopped:
                    history.loss.append(mean)
                    history.measure(net.eval(), loss, train_set, validation)
                    stopped = best.look(history)
                    if any([callback(net, history) for callback in callbacks]):
                        stopped = "callback"
                if stopped or pressed:
                    history.stopped = stopped or "interrupted"
                    break
        except KeyboardInterrupt:  # raised by a callback, or by pressing stop a second time
            history.stopped = "interrupted"
        finally:
            best.restore()
            net.train(mode)
    if not np.isfinite(net.theta).all():
        history.stopped = "diverged"
    return history


def _epoch(net, loss, optimizer, X, y, size, rng, pressed):
    """One pass over the data in a new order: the mean loss, and why it stopped early, or None."""
    total = 0.0
    order = rng.permutation(len(X))  # one permutation for X and y
    for start in range(0, len(X), size):
        rows = order[start : start + size]
        # every row is there, so nothing is clipped: the mode spares NumPy a look at each number
        Z = net.forward(X.take(rows, axis=0, mode="clip").astype(net.dtype, copy=False))
        L = float(loss.forward(Z, y.take(rows, axis=0, mode="clip")))
        if not isfinite(L):
            return total, "diverged"
        net.backpropagate(loss.gradient())
        optimizer.move()
        total += L * len(rows)  # the last batch may be shorter: weigh it by its length
        if pressed and start + size < len(X):  # with its last batch done an epoch is complete
            return total, "interrupted"
    return total / len(X), None


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
