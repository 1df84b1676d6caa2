"""Checkpoints: `fit(..., checkpoint="run.npz")` goes on where an earlier run of it was cut off."""

import json
import zlib

import numpy as np

from . import errors, files, storage

FORMAT = "nnlib checkpoint 1"
LISTS = ("loss", "accuracy", "val_loss", "val_accuracy")


class Checkpoint:
    """One file that holds a run after a whole epoch: the weights, the optimizer's memory, the
    random generators, the History, the best weights so far. Resumed from it, a run ends in the
    same numbers, to the last bit, as one that was never cut off.

    `run` describes the call, in words and numbers; a file of another call is refused.
    """

    def __init__(self, path, every, net, optimizer, rng, history, best, run):
        self.path = storage.npz(path, "fit (checkpoint)")
        if not self.path.parent.is_dir():
            fix = "Make it first."
            errors.reject("fit expected checkpoint in a folder that exists", path, fix)
        self.every = errors.whole(every, "every", "fit")
        self.net, self.optimizer, self.history, self.best = net, optimizer, history, best
        self.streams = [rng, *net.streams]  # what shuffles, then each Dropout's
        self.run = {"net": storage.rows_of(net), "optimizer": type(optimizer).__name__, **run}
        self.ended = None
        if self.path.exists():
            self.resume()
        else:
            self.write()  # at once: a folder that cannot be written to is found out before training

    def look(self, stopped=None, last=False):
        """Called after every epoch: write, if it is this epoch's turn or the last one."""
        self.ended = stopped
        if stopped or last or self.history.epochs % self.every == 0:
            self.write()

    def write(self):
        arrays, numbers = _state(self.optimizer)
        if self.best.theta is not None:
            arrays["best"] = self.best.theta
        text = json.dumps({
            "run": self.run,
            "optimizer": numbers,
            "random": [_plain(stream.bit_generator.state) for stream in self.streams],
            "history": {name: getattr(self.history, name) for name in LISTS},
            "best_epoch": self.history.best_epoch,
            "best_loss": self.best.loss,
            "ended": self.ended,
        })  # fmt: skip
        with files.whole(self.path) as file:
            np.savez(file, format=FORMAT, state=text, theta=self.net.theta, **arrays)

    def resume(self):
        """Put everything back as the file has it; nothing has changed when it is refused."""
        state, arrays = self.read()
        self.check(state["run"])
        own, _ = _state(self.optimizer)
        expected = {"theta": self.net.theta, **own}
        if state["best_epoch"] is not None and "best" in arrays:
            expected["best"] = self.net.theta
        for name, there in expected.items():
            if name not in arrays or arrays[name].shape != there.shape:
                raise self.damaged()
        for name, there in expected.items():
            if name == "best":
                self.best.theta = arrays[name]
            else:
                there[...] = arrays[name]
        for name, value in state["optimizer"].items():
            setattr(self.optimizer, name, value)
        for stream, saved in zip(self.streams, state["random"], strict=True):
            stream.bit_generator.state = saved
        for name in LISTS:
            getattr(self.history, name).extend(state["history"][name])
        self.history.best_epoch, self.best.loss = state["best_epoch"], state["best_loss"]
        self.ended = state["ended"]

    def read(self):
        """The file's state and arrays, or one clear error."""
        try:
            with open(self.path, "rb") as file, np.load(file, allow_pickle=False) as saved:
                kind = str(saved["format"])
                if kind == FORMAT:
                    arrays = {name: saved[name] for name in saved.files}
                    return json.loads(str(arrays.pop("state"))), arrays
        except Exception as cause:  # a damaged zip file can raise almost any exception
            raise self.damaged() from cause
        raise ValueError(
            f"fit expected a checkpoint that it can read, got {self.path.name}, which says "
            f"{kind!r}. Fix: use another name, or the version of nnlib that wrote it."
        )

    def damaged(self):
        return ValueError(
            f"fit expected a checkpoint, got {self.path.name}, which is none or is damaged. "
            "Fix: use another name, or delete it to begin again."
        )

    def check(self, saved):
        """Refuse the checkpoint of another call."""
        for name, now in self.run.items():
            if saved.get(name) != json.loads(json.dumps(now)):
                errors.reject(
                    f"fit expected {self.path.name} to be a checkpoint of this very call",
                    f"another {name} ({_short(saved.get(name))} there, {_short(now)} here)",
                    "Use another name, or delete the file to begin again.",
                )


def digest(*arrays):
    """A number that tells two data sets apart: of shapes and of up to 1,000 rows of each array."""
    total = 0
    for array in arrays:
        rows = np.ascontiguousarray(array[:: max(1, len(array) // 1000)])
        total = zlib.crc32(rows.tobytes(), zlib.crc32(str(array.shape).encode(), total))
    return total


def _state(optimizer):
    """What an optimizer keeps from step to step: its vectors, and its numbers."""
    kept = {k: v for k, v in vars(optimizer).items() if k not in ("net", "spare")}
    arrays = {f"optimizer.{k}": v for k, v in kept.items() if isinstance(v, np.ndarray)}
    return arrays, {k: v for k, v in kept.items() if isinstance(v, (int, float))}


def _plain(value):
    """A generator's state as numbers, texts and lists."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value.tolist() if isinstance(value, np.ndarray) else value


def _short(value):
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
