"""The four files in which MNIST was published, and in which data sets like it come."""

import gzip
from pathlib import Path

import numpy as np

PARTS = ("train-images", "train-labels", "t10k-images", "t10k-labels")
HELP = (
    "Such a set has four files in one folder: train-images-idx3-ubyte, train-labels-idx1-ubyte, "
    "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each as it is or with .gz at its end."
)


def load(folder):
    """The four arrays; see `nnlib.data.idx`."""
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"idx expected a folder, got {folder}. {HELP}")
    arrays = [read(find(folder, part), 3 if "images" in part else 1) for part in PARTS]
    for part, X, y in (("train", *arrays[:2]), ("t10k", *arrays[2:])):
        if len(X) != len(y):
            raise ValueError(
                f"idx expected as many labels as pictures, got {len(y)} labels and {len(X)} "
                f"pictures in the files {part}-... of {folder}. Fix: Fetch them again."
            )
    X_train, y_train, X_test, y_test = arrays
    return X_train, y_train.astype(int), X_test, y_test.astype(int)


def find(folder, part):
    """The file of one part, whatever its ending."""
    axes = 3 if "images" in part else 1
    names = [f"{part}{sign}idx{axes}-ubyte{end}" for sign in "-." for end in ("", ".gz")]
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"idx expected a file {names[0]} in {folder}, got none. {HELP}")


def read(path, axes):
    """One file: two zero bytes, 8 for uint8, the number of axes, their lengths, the numbers."""
    packed = path.read_bytes()
    try:
        data = gzip.decompress(packed) if path.suffix == ".gz" else packed
    except (OSError, EOFError) as cause:
        message = f"idx expected a whole .gz file, got a damaged one, {path}"
        raise ValueError(f"{message}. Fix: Fetch it again.") from cause
    start = 4 + 4 * axes
    if len(data) < start or data[:4] != bytes([0, 0, 8, axes]):
        message = f"idx expected a file of uint8 with {axes} axes, got another beginning in {path}"
        raise ValueError(f"{message}. Fix: Fetch it again. {HELP}")
    shape = tuple(int(n) for n in np.frombuffer(data, ">u4", axes, 4))
    if len(data) - start != np.prod(shape, dtype=np.int64):
        message = f"idx expected {shape} numbers, got {len(data) - start} in {path}"
        raise ValueError(f"{message}. Fix: Fetch it again.")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)
