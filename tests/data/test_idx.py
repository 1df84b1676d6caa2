"""Data sets in MNIST's own format: four files in a folder, read or refused in words."""

import gzip

import numpy as np
import pytest

import nnlib as nn

rng = np.random.default_rng(0)
X, y = rng.integers(0, 256, (20, 28, 28)).astype(np.uint8), rng.integers(0, 10, 20)
SET = {
    "train-images-idx3-ubyte": X[:15],
    "train-labels-idx1-ubyte": y[:15].astype(np.uint8),
    "t10k-images-idx3-ubyte": X[15:],
    "t10k-labels-idx1-ubyte": y[15:].astype(np.uint8),
}


def packed(array):
    """An array as the bytes of a file of this format."""
    lengths = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return bytes([0, 0, 8, array.ndim]) + lengths + array.tobytes()


@pytest.fixture
def folder(tmp_path):
    for name, array in SET.items():
        (tmp_path / name).write_bytes(packed(array))
    return tmp_path


def assert_whole(arrays):
    for got, wanted in zip(arrays, (X[:15], y[:15], X[15:], y[15:]), strict=True):
        np.testing.assert_array_equal(got, wanted)
    assert arrays[0].dtype == np.uint8 and arrays[1].dtype.kind == "i"


def test_four_plain_files(folder):
    assert_whole(nn.data.idx(folder))
    assert_whole(nn.data.idx(str(folder)))


def test_four_packed_files(folder):
    for name in SET:
        path = folder / name
        path.with_name(name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert_whole(nn.data.idx(folder))


def test_names_with_a_dot(folder):
    for name in SET:
        (folder / name).rename(folder / name.replace("-idx", ".idx"))
    assert_whole(nn.data.idx(folder))


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="idx expected a folder, got .*nowhere"):
        nn.data.idx(tmp_path / "nowhere")


def test_a_file_that_is_missing(folder):
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(FileNotFoundError, match="expected a file t10k-labels-idx1-ubyte"):
        nn.data.idx(folder)


@pytest.mark.parametrize(
    "spoil, words",
    [
        (lambda data: data[:-1], "expected .* numbers"),
        (lambda data: data[:6], "another beginning"),
        (lambda data: b"<html>" + data, "another beginning"),
        (lambda data: packed(y[:14].astype(np.uint8)), "as many labels as pictures"),
    ],
)
def test_a_damaged_file(folder, spoil, words):
    path = folder / "train-labels-idx1-ubyte"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(ValueError, match=words):
        nn.data.idx(folder)


def test_a_damaged_packed_file(folder):
    path = folder / "train-labels-idx1-ubyte"
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes())[:-5])
    path.unlink()
    with pytest.raises(ValueError, match="damaged one"):
        nn.data.idx(folder)
