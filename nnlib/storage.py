"""Saving a network, and loading it again: one .npz file, no pickle."""

import json
import os
import uuid
from pathlib import Path

import numpy as np

from . import errors, layers
from .network import Sequential

FORMAT = "nnlib network 1"


def save(net, path):
    """Write a network to one .npz file: its layers and `theta`. Returns the path.

    The file appears whole or not at all: it is written beside its place and then moved there.
    """
    errors.instance(net, "weight_mask", "nn.save expected a network", "The order: save(net, path).")
    path = _npz(path, "nn.save")
    if not path.parent.is_dir():
        errors.reject("nn.save expected a folder that exists", path.parent, "Make it first.")
    rows = [[type(layer).__name__, _ours(type(layer)), layer.config()] for layer in net.layers]
    try:
        rows = json.dumps(rows)
    except TypeError as cause:
        rule = "nn.save expected each layer's config() to hold plain numbers, texts and lists"
        raise ValueError(f"{rule}, got something else ({cause}).") from cause
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        with open(part, "wb") as file:
            np.savez(file, format=FORMAT, layers=rows, theta=net.theta)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return path


def load(path, own=()):
    """Read a network that `save` wrote. `own` lists the classes of layers of your own."""
    own = own if isinstance(own, (list, tuple)) else [own]
    path = _npz(path, "nn.load")
    if not path.is_file():
        raise FileNotFoundError(f"nn.load found no file {path}: save a network there first.")
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as saved:
            kind, theta = str(saved["format"]), saved["theta"]
            rows = json.loads(str(saved["layers"]))
        if kind != FORMAT:
            raise KeyError(kind)
        rows = [(str(name), bool(ours), dict(config)) for name, ours, config in rows]
    except Exception as cause:  # a damaged zip file can raise nearly anything
        message = f"nn.load expected a network saved by nn.save, got {path.name}, which is none"
        raise ValueError(f"{message} or is damaged. Save the network again.") from cause
    made = [_make(name, ours, config, own, path) for name, ours, config in rows]
    net = Sequential(*made, dtype=theta.dtype)
    net.theta = theta
    return net


def _npz(path, who):
    """The path with its ending .npz, added where it is missing."""
    if not isinstance(path, (str, os.PathLike)):
        errors.reject(f"{who} expected the name of a file", errors.describe(path))
    path = Path(path)
    return path if path.suffix == ".npz" else path.with_name(path.name + ".npz")


def _ours(kind):
    """True for a layer of the library, False for one of the learner's own, whatever its name."""
    return getattr(layers, kind.__name__, None) is kind


def _make(name, ours, config, own, path):
    known = {cls.__name__: cls for cls in (vars(layers).values() if ours else own)
             if isinstance(cls, type) and issubclass(cls, layers.Layer)}  # fmt: skip
    if name not in known:
        mend = f"For a layer of your own: nn.load(path, own=[{name}])."
        errors.reject("nn.load expected only layers that it knows", f"{name} in {path.name}", mend)
    try:
        return known[name](**config)
    except TypeError as cause:
        rule = f"nn.load expected {name}'s config() to hold what its constructor takes"
        raise ValueError(f"{rule}, got {config} ({cause}).") from cause
