"""Saving a network, and loading it again: one .npz file, no pickle."""

import json
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from . import errors, layers
from .network import Sequential

FORMAT = "nnlib network 1"


def save(net, path):
    """Write a network to one .npz file: its layers and `theta`. Returns the path.

    The file appears whole or not at all: it is written beside its place and then moved there.
    """
    path = Path(path)
    if path.suffix != ".npz":
        path = path.with_name(path.name + ".npz")
    rows = [[type(layer).__name__, layer.config()] for layer in net.layers]
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, format=FORMAT, layers=json.dumps(rows), theta=net.theta)
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise
    return path


def load(path, own=()):
    """Read a network that `save` wrote. `own` lists the classes of layers of your own."""
    path = Path(path)
    if not path.exists() and path.with_name(path.name + ".npz").exists():
        path = path.with_name(path.name + ".npz")
    if not path.exists():
        raise FileNotFoundError(f"nn.load found no file {path}: save a network there first.")
    try:
        with np.load(path, allow_pickle=False) as file:
            kind, rows, theta = str(file["format"]), json.loads(str(file["layers"])), file["theta"]
        if kind != FORMAT:
            raise KeyError(kind)
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as cause:
        message = f"nn.load expected a network saved by nn.save, got {path.name}, which is none"
        raise ValueError(f"{message} or is damaged. Save the network again.") from cause
    known = {cls.__name__: cls for cls in (*vars(layers).values(), *own)
             if isinstance(cls, type) and issubclass(cls, layers.Layer)}  # fmt: skip
    for name, _ in rows:
        if name not in known:
            errors.reject(
                "nn.load expected only layers that it knows",
                f"{name} in {path.name}",
                f"For a layer of your own: nn.load(path, own=[{name}]).",
            )
    net = Sequential(*(known[name](**config) for name, config in rows), dtype=theta.dtype)
    net.theta = theta
    return net
