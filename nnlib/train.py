"""fit, the training loop of notebook 08, and the History of what happened in a run."""

from itertools import count
from math import isfinite

import numpy as np

from . import errors
from .running import Best, interrupts, rounds

PIECE = 4096  # examples per chunk in evaluation


def fit(
    net, X, y, *, loss, optimizer, epochs, batch_size=32, rng=None, validation=None,
    patience=None, schedule=None, callbacks=(), progress=False, record_accuracy=False,
    checkpoint=None, every=1,
):  # fmt: skip
    """Train: every epoch shuffles, then takes one step for each batch. Returns the History.

    X (N, ...) and y as the loss wants them. `batch_size=None`, or one above N, is one full batch.
    `rng`, a seed or a Generator, shuffles. `validation=(X_val, y_val)` is measured after every
    epoch in evaluation mode. `patience`: that many epochs without a lower validation loss end the
    run, and the best weights come back. `schedule(step)` gives the learning rate of each step,
    counted from 0; afterwards the optimizer has its own again. Each callback(net, history) runs
    after every epoch; returning True ends the run. An interrupt (the stop button) lets the step
    finish and returns what was reached. A loss that is no longer finite ends the run as "diverged".

    `checkpoint="run.npz"` writes that file after `every` epochs. The same call made again, in a new
    process for instance, goes on from the file and ends as if it had never been cut off; with more
    epochs it goes further. What callbacks or layers of your own keep for themselves is not in it.
    """
    X, y = _examples(net, loss, X, y, "fit")
    if validation is not None:
        validation = errors.pair(validation, "validation=(X_val, y_val)", "fit")
        validation = _examples(net, loss, *validation, "fit (validation)")
    _check_run(net, optimizer, schedule, callbacks)
    epochs = errors.whole(epochs, "epochs", "fit")
    size = len(X) if batch_size is None else errors.whole(batch_size, "batch_size", "fit")
    if patience is not None:
        errors.whole(patience, "patience", "fit")
        if validation is None:
            errors.reject("fit with patience needs validation=(X_val, y_val)", "none")
    rng = errors.generator(rng, "fit")

    net.predicts = loss.predicts or net.predicts
    history, best, mode = History(), Best(net, patience), net.training
    lr = optimizer.lr
    saved = None
    if checkpoint is not None:
        from .checkpoint import Checkpoint, digest  # `import nnlib` is faster without it

        run = {"loss": str(loss), "batch_size": size, "patience": patience, "data": digest(X, y)}
        run["validation"] = None if validation is None else digest(*validation)
        run |= {"schedule": schedule is not None, "record_accuracy": bool(record_accuracy)}
        saved = Checkpoint(checkpoint, every, net, optimizer, rng, history, best, run)
    steps = count(history.epochs * -(-len(X) // size))
    paced = optimizer._step if schedule is None else _scheduled(optimizer, schedule, steps)
    train_set = (X, y) if record_accuracy else None
    with interrupts() as pressed, np.errstate(all="ignore"):
        try:
            net.train()
            if saved and saved.ended:
                history.stopped, epochs = saved.ended, 0
            for _ in rounds(max(0, epochs - history.epochs), progress):
                mean, stopped = _epoch(net, loss, paced, X, y, size, rng, pressed)
                if not stopped:
                    history.loss.append(mean)
                    history.measure(net, loss, train_set, validation)
                    stopped = best.look(history)
                    if callbacks:
                        net.eval()
                        if any([callback(net, history) for callback in callbacks]):
                            stopped = "callback"
                        net.train()
                    if saved:
                        saved.look(stopped, last=pressed or history.epochs == epochs)
                if stopped or pressed:
                    history.stopped = stopped or "interrupted"
                    break
        except KeyboardInterrupt:  # raised by a callback, or by pressing stop a second time
            history.stopped = "interrupted"
        finally:
            best.restore()
            net.train(mode)
            if schedule is not None:
                optimizer.lr = lr
    if not np.isfinite(net.theta).all():
        history.stopped = "diverged"
    return history


def _scheduled(optimizer, schedule, steps):
    """The optimizer's step, each with the learning rate that the schedule gives it."""

    def step():
        optimizer.lr = schedule(next(steps))
        optimizer._step()

    return step


def _epoch(net, loss, step, X, y, size, rng, pressed):
    """One pass over the data in a new order: the mean loss, and why it stopped early, or None."""
    total = 0.0
    dtype = net.dtype if net.takes == "floats" else X.dtype
    order = rng.permutation(len(X))  # one permutation for X and y
    for start in range(0, len(X), size):
        rows = order[start : start + size]
        # the indices are in range; this mode skips NumPy's bounds check
        Z = net.forward(X.take(rows, axis=0, mode="clip").astype(dtype, copy=False))
        L = float(loss.forward(Z, y.take(rows, axis=0, mode="clip")))
        if not isfinite(L):
            return total, "diverged"
        net._backward(loss.backward())
        step()
        total += L * len(rows)  # the last batch may be shorter: weigh it by its length
        if pressed and start + size < len(X):  # with its last batch done an epoch is complete
            return total, "interrupted"
    return total / len(X), None


def _examples(net, loss, X, y, who):
    """X and y of one set, checked whole and once; integers, such as pixels, stay integers."""
    order = f"the order is {who.split()[0]}(net, X, y, loss=..., optimizer=...)."
    errors.instance(net, "weight_mask", f"{who} expected a network", order)
    errors.instance(loss, "check", f"{who} expected a loss", "Such as loss=CrossEntropyLoss().")
    net.expect_complete(who)
    on_disk = isinstance(X, np.memmap)  # left on disk: it may be larger than memory
    X = errors.nonempty(errors.numbers(X, who), who)
    if net.takes == "integers":
        X = errors.inputs(X, who, net.takes)
    elif X.dtype.kind == "f":
        X = errors.floats(X, who, dtype=X.dtype if on_disk else net.dtype)
    net.output_shape(X.shape)
    if loss.classifies and net.gives_probabilities:
        inside = "softmax" if loss.takes_labels else "sigmoid"
        errors.reject(
            f"{loss} takes scores, the {inside} is inside it",
            f"a network that ends in {net.layers[-1]}",
            f"Leave {net.layers[-1]} out; net.predict(X) gives probabilities.",
        )
    shape = (len(X), *net.scores(X[:1]).shape[1:])
    if loss.takes_labels and len(shape) != 2:
        rule = f"{loss} expected a network with scores (N, K)"
        errors.reject(rule, f"an output of shape {shape}")
    zeros = np.broadcast_to(np.zeros((), net.dtype), shape)  # scores of the right shape
    if loss.takes_labels:
        return X, loss.check(zeros, y, who)[1]
    y = errors.floats(y, who, "y", dtype=net.dtype)
    loss.check(zeros, y)
    return X, y


def _check_run(net, optimizer, schedule, callbacks):
    """Refuse an optimizer of another network, and what is no function where one is called."""
    errors.instance(optimizer, "update", "fit expected an optimizer", "Such as SGD(net, lr=0.1).")
    if optimizer.net is not net:
        errors.reject(
            "fit expected an optimizer of this network",
            f"{optimizer}, which moves another one",
            "Make it with this network: SGD(net, lr=...).",
        )
    if schedule is not None and not callable(schedule):
        rule = "fit expected schedule to be a function from a step to its learning rate"
        errors.reject(rule, errors.describe(schedule), "Such as lambda step: 0.1 / (1 + step).")
    if not isinstance(callbacks, (list, tuple)) or not all(map(callable, callbacks)):
        errors.reject("fit expected callbacks=[f, ...], functions (net, history)", repr(callbacks))


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
            self.accuracy.append(_accuracy(loss, _scores(net, train_set[0]), train_set[1]))
        if validation is not None:
            Z = _scores(net, validation[0])
            self.val_loss.append(float(loss.forward(Z, validation[1])))
            if loss.classifies:
                self.val_accuracy.append(_accuracy(loss, Z, validation[1]))

    def __repr__(self):
        if self.stopped == "diverged" or not self.loss:
            return f"History({self.epochs} epochs, {self.stopped})"
        last = f", loss {self.loss[-1]:.4f}"
        if self.val_accuracy:
            last += f", validation accuracy {self.val_accuracy[-1]:.1%}"
        return f"History({self.epochs} epochs{last}, {self.stopped})"


def _scores(net, X):
    """The scores of all examples, in chunks, so that memory stays bounded."""
    return np.concatenate([net.scores(X[i : i + PIECE]) for i in range(0, len(X), PIECE)])


def _accuracy(loss, Z, y):
    """The accuracy, or nan where a diverging run's scores are not finite."""
    return loss.accuracy(Z, y) if np.isfinite(Z).all() else float("nan")
