"""Saving a network, and loading it again: one .npz file, no pickle."""

import inspect
import json
import os
import sys
from pathlib import Path

import numpy as np

from . import errors, files
from .layer import Layer
from .network import Sequential

FORMAT = "nnlib network 1"
MOST = 1 << 20  # bytes of a network's description, which is text
HEADER = 128  # at most so many bytes stand before the numbers in an .npy file


def save(net, path):
    """Write a network to one .npz file: its layers and `theta`. Returns the path.

    Whole or not at all: a full disk or a kill leaves the file that was there before.
    """
    errors.instance(net, "weight_mask", "nn.save expected a network", "The order: save(net, path).")
    net.expect_complete("nn.save")
    path = npz(path, "nn.save")
    if not path.parent.is_dir():
        errors.reject("nn.save expected a folder that exists", path.parent, "Make it first.")
    errors.finite(net.theta, "nn.save", "the network's parameters")
    try:
        rows = json.dumps(rows_of(net))
    except TypeError as cause:
        rule = "nn.save expected each layer's config() to hold numbers, texts, lists and layers"
        raise ValueError(f"{rule}, got something else ({cause}).") from cause
    with files.whole(path) as file:
        np.savez(file, format=FORMAT, layers=rows, theta=net.theta, predicts=net.predicts)
    return path


def load(path, layers=()):
    """Read a network that `save` wrote. `layers` lists the classes of layers of your own."""
    layers = layers if isinstance(layers, (list, tuple)) else [layers]
    path = npz(path, "nn.load")
    if not path.is_file():
        raise FileNotFoundError(f"nn.load found no file {path}: save a network there first.")
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as saved:
            small = [name for name in saved.files if name != "theta"]
            if any(_bytes(saved, name) > MOST for name in small):
                raise ValueError("a description that no network needs")
            kind, rows = str(saved["format"]), json.loads(str(saved["layers"]))
            predicts = str(saved["predicts"]) if "predicts" in saved else Sequential.predicts
            if kind != FORMAT:
                raise KeyError(kind)
            rows = [(str(name), bool(ours), dict(config)) for name, ours, config in rows]
    except Exception as cause:  # a damaged zip file can raise almost any exception
        raise _damaged(path) from cause
    made = [_made(row, layers, path) for row in rows]
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as saved:
            # compared before anything is allocated: a small file can promise gigabytes
            size = sum(layer.size for layer in made)
            if not any(0 < _bytes(saved, "theta") - each * size <= HEADER for each in (4, 8)):
                raise ValueError("another number of parameters")
            theta = saved["theta"]
        if theta.shape != (size,) or not np.isfinite(theta).all():
            raise ValueError("parameters that are not finite, or not a vector")
    except Exception as cause:
        raise _damaged(path) from cause
    net = Sequential(*made, dtype=theta.dtype)
    net.theta, net.predicts = theta, predicts
    return net


def _bytes(saved, name):
    """The size of an array in an .npz file, unpacked, as its table of contents has it."""
    return saved.zip.getinfo(f"{name}.npy").file_size


def _damaged(path):
    message = f"nn.load expected a network saved by nn.save, got {path.name}, which is none"
    return ValueError(f"{message} or is damaged. Save the network again.")


def npz(path, who):
    """The path with its ending .npz, added where it is missing."""
    if not isinstance(path, (str, os.PathLike)) or not Path(path).name:
        errors.reject(f"{who} expected the name of a file", errors.describe(path))
    path = Path(path)
    return path if path.suffix == ".npz" else path.with_name(path.name + ".npz")


def rows_of(net):
    """A network's layers as rows of plain values, for a file."""
    return [_row(layer) for layer in net.layers]


def _row(layer):
    """A layer as [name, is it the library's?, config]; a layer inside as {"layer": its row}."""
    ours = _library().get(type(layer).__name__) is type(layer)
    return [type(layer).__name__, ours, {k: _plain(v) for k, v in layer.config().items()}]


def _plain(value):
    if isinstance(value, Layer):
        return {"layer": _row(value)}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def _made(row, layers, path):
    """The layer of a row, the layers inside it included."""
    name, ours, config = row
    own = {cls.__name__: cls for cls in layers if isinstance(cls, type) and issubclass(cls, Layer)}
    known = _library() if ours else own
    if name not in known:
        fix = f"For a layer of your own: nn.load(path, layers=[{name}])."
        errors.reject("nn.load expected only layers that it knows", f"{name} in {path.name}", fix)
    given = {key: _filled(value, layers, path) for key, value in config.items()}
    try:
        return known[name](*_starred(known[name], given), **given)
    except TypeError as cause:
        rule = f"nn.load expected {name}'s config() to hold what its constructor takes"
        raise ValueError(f"{rule}, got {config} ({cause}).") from cause


def _filled(value, layers, path):
    if isinstance(value, dict) and set(value) == {"layer"}:
        return _made(value["layer"], layers, path)
    return [_filled(each, layers, path) for each in value] if isinstance(value, list) else value


def _starred(cls, given):
    """Pop the arguments that a constructor takes as *args."""
    for parameter in inspect.signature(cls).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL and parameter.name in given:
            return given.pop(parameter.name)
    return ()


def _library():
    """The library's own layers by name, in whatever module of it they stand.

    A class counts where its module offers it under its name. The broken layers of notebook 14,
    which bear the names of healthy ones, are not offered so.
    """
    found, queue, root = {}, [Layer], Layer.__module__.split(".")[0]
    while queue:
        for cls in queue.pop().__subclasses__():
            queue.append(cls)
            module = sys.modules.get(cls.__module__)
            offered = getattr(module, cls.__name__, None) is cls
            whole = cls.forward is not Layer.forward  # a base class, such as Activation, is none
            if cls.__module__.split(".")[0] == root and offered and whole:
                found[cls.__name__] = cls
    return found
