"""MNIST: 70,000 handwritten digits, from a file at hand or downloaded once, always verified."""

import hashlib
import http.client
import os
import shutil
import tempfile
import urllib.request
from pathlib import Path

import numpy as np

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHAPES = {
    "x_train": (60000, 28, 28),
    "y_train": (60000,),
    "x_test": (10000, 28, 28),
    "y_test": (10000,),
}
# of the bytes of the four arrays, one after the other, however the file was packed
SHA256 = "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16"
HELP = (
    "Either let nn.data.mnist() download it once, or fetch {url} yourself and set the environment "
    "variable NNLIB_MNIST to the file's place."
)


def load(path=None, url=URL):
    """The four arrays; see `nnlib.data.mnist`."""
    path = path or os.environ.get("NNLIB_MNIST")
    if not path:
        path = cache() / "mnist.npz"
        if not path.exists():
            download(url, path)
    elif not Path(path).is_file():
        raise FileNotFoundError(
            f"MNIST expected a file at {path}, got none. {HELP.format(url=url)}"
        )
    return read(path, url)


def at_hand():
    """Is there a file already, so that `load` needs no download?"""
    path = os.environ.get("NNLIB_MNIST") or cache() / "mnist.npz"
    return Path(path).is_file()


def cache():
    """The folder that keeps the download: NNLIB_CACHE, or nnlib in the user's cache."""
    return Path(os.environ.get("NNLIB_CACHE") or Path.home() / ".cache" / "nnlib")


def read(path, url=URL):
    """The arrays of one .npz file, refused unless they are MNIST to the last bit."""
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as packed:
            arrays = {name: np.ascontiguousarray(packed[name]) for name in SHAPES}
    except Exception as cause:  # a damaged zip file can raise nearly anything
        message = f"{path} is not MNIST or is damaged. Delete it or move it away."
        raise ValueError(f"{message} {HELP.format(url=url)}") from cause
    digest = hashlib.sha256()
    for array in arrays.values():
        digest.update(array)
    shapes = {name: array.shape for name, array in arrays.items()}
    if shapes != SHAPES or digest.hexdigest() != SHA256:
        message = f"{path} does not hold the MNIST images: its checksum is another one."
        raise ValueError(f"{message} Delete it or move it away. {HELP.format(url=url)}")
    X_train, y_train, X_test, y_test = arrays.values()
    return X_train, y_train.astype(int), X_test, y_test.astype(int)


def download(url, target):
    """Fetch url to target, verified, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file, urllib.request.urlopen(url, timeout=60) as answer:
            shutil.copyfileobj(answer, file)
        read(part, url)
        os.replace(part, target)
    except (OSError, http.client.HTTPException) as cause:
        message = f"MNIST could not be downloaded from {url} ({cause})"
        raise OSError(f"{message}. {HELP.format(url=url)}") from cause
    except ValueError as cause:
        message = f"what came from {url} is not MNIST, or the download broke off"
        raise ValueError(f"MNIST: {message}. Try again. {HELP.format(url=url)}") from cause
    finally:
        Path(part).unlink(missing_ok=True)
