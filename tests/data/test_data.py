"""The data sets: what they hold, the split, the standardisation, and the real MNIST download."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib as nn
from nnlib.data import download
from tools import ROOT

pytestmark = pytest.mark.filterwarnings("error")
TOYS = {"moons": nn.data.moons, "circles": nn.data.circles, "spirals": nn.data.spirals}


def test_xor_by_hand():
    X, y = nn.data.xor()
    np.testing.assert_array_equal(y, X[:, 0] != X[:, 1])


def test_the_fruit_have_numbers_of_at_most_one_decimal_and_start_with_the_banana():
    data = nn.data.fruit()
    assert data.names[data.y[0]] == "banana"
    for array in (data.X, data.W1, data.b1, data.W2, data.b2):
        np.testing.assert_array_equal(array, np.round(array, 1))
    assert (data.W1.shape, data.b1.shape, data.W2.shape, data.b2.shape) == (
        (3, 2),
        (2,),
        (2, 3),
        (3,),
    )
    assert data.X.shape == (len(data.y), 3) and data.X.min() >= 0 and data.X.max() <= 1


def test_the_fruit_are_fresh_every_time():
    nn.data.fruit().X[...] = 0
    assert nn.data.fruit().X.any()


@pytest.mark.parametrize("make", TOYS.values(), ids=TOYS)
def test_toys_are_floats_and_integer_labels_and_the_same_for_the_same_seed(make):
    X, y = make(n=101, rng=3)
    assert X.shape == (101, 2) and X.dtype == np.float64
    assert y.shape == (101,) and y.dtype == int and y.min() == 0
    np.testing.assert_array_equal(X, make(n=101, rng=3)[0])
    assert not np.array_equal(X, make(n=101, rng=4)[0])
    np.testing.assert_array_equal(X, make(n=101, rng=np.random.default_rng(3))[0])
    assert np.ptp(np.bincount(y)) <= 1


def test_spirals_have_as_many_arms_as_asked():
    assert set(nn.data.spirals(n=90, k=5)[1]) == set(range(5))


def test_digits():
    X, y = nn.data.digits()
    assert X.shape == (1797, 64) and X.min() == 0 and X.max() == 1
    assert set(y) == set(range(10)) and y.dtype == int


@settings(max_examples=30)
@given(
    st.lists(st.integers(10, 30), min_size=1, max_size=4),
    st.sampled_from([(0.6, 0.2, 0.2), (0.5, 0.5), (0.8, 0.1, 0.1)]),
    st.integers(0, 9),
)
def test_a_split_is_stratified_and_every_example_lands_in_one_part(counts, sizes, seed):
    y = np.repeat(np.arange(len(counts)), counts)
    X = np.arange(len(y))[:, None]
    parts = nn.data.split(X, y, sizes=sizes, rng=seed)
    assert sorted(np.concatenate([part[0][:, 0] for part in parts])) == list(range(len(y)))
    for (X_part, y_part), size in zip(parts, sizes, strict=True):
        np.testing.assert_array_equal(y[X_part[:, 0]], y_part)
        for label, count in enumerate(counts):
            assert abs((y_part == label).sum() - size * count) <= 2


def test_a_split_is_seeded_and_owns_its_arrays():
    X, y = np.arange(20.0)[:, None], np.arange(20) % 2
    (one, _), *_ = nn.data.split(X, y, rng=1)
    (two, _), *_ = nn.data.split(X, y, rng=1)
    np.testing.assert_array_equal(one, two)
    one[...] = -1
    assert X.min() == 0


def test_standardise_by_hand_with_the_training_sets_statistics_only():
    train, other = nn.data.standardise([[1, 10], [3, 10]], [[2, 11], [5, 9]])
    np.testing.assert_array_equal(train, [[-1, 0], [1, 0]])
    np.testing.assert_array_equal(other, [[0, 0], [3, 0]])


def test_a_feature_that_never_changes_becomes_0_even_when_its_mean_is_rounded():
    train, other = nn.data.standardise(np.full((3, 1), 0.1), [[0.3]])
    np.testing.assert_array_equal(train, 0)
    np.testing.assert_array_equal(other, 0)


def test_standardise_leaves_its_input_alone():
    X = np.array([[1.0, 2.0], [3.0, 4.0]])
    before = X.copy()
    nn.data.standardise(X)
    np.testing.assert_array_equal(X, before)


def test_importing_the_library_brings_numpy_alone():
    heavy = "sklearn", "tqdm", "matplotlib", "scipy", "ipywidgets"
    code = f"import sys, nnlib; print([name for name in {heavy} if name in sys.modules])"
    command = [sys.executable, "-W", "error", "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert (run.stdout, run.stderr) == ("[]\n", "")


# --- MNIST: the real code against a server on this machine ------------------------------------


@pytest.fixture
def server(tmp_path):
    """Serve a folder over HTTP; returns (folder, address, list of requested paths)."""
    folder, asked = tmp_path / "served", []
    folder.mkdir()

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            asked.append(self.path)

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{httpd.server_port}/mnist.npz", asked
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache, and no file named by the environment."""
    given = os.environ.get("NNLIB_MNIST")
    monkeypatch.delenv("NNLIB_MNIST", raising=False)
    monkeypatch.setenv("NNLIB_CACHE", str(tmp_path / "cache"))
    for proxy in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    return tmp_path / "cache", given


@pytest.fixture
def real(cache):
    if not cache[1]:
        pytest.skip("MNIST: NNLIB_MNIST names no file")
    return cache[1]


def test_mnist_is_downloaded_once_verified_and_then_cached(server, cache, real):
    folder, url, asked = server
    shutil.copy(real, folder / "mnist.npz")
    X_train, y_train, X_test, y_test = download.load(url=url)
    assert X_train.shape == (60000, 28, 28) and X_test.shape == (10000, 28, 28)
    assert X_train.dtype == X_test.dtype == np.uint8 and y_train.dtype == y_test.dtype == int
    np.testing.assert_array_equal(np.bincount(y_test)[:3], [980, 1135, 1032])
    assert os.listdir(cache[0]) == ["mnist.npz"] and len(asked) == 1
    np.testing.assert_array_equal(nn.data.mnist()[2], X_test)
    assert len(asked) == 1, "the second time no question is asked"


def test_mnist_from_the_file_that_the_environment_names(cache, real, monkeypatch):
    monkeypatch.setenv("NNLIB_MNIST", real)
    assert nn.data.mnist()[0].shape == (60000, 28, 28)
    assert not cache[0].exists()


def test_one_changed_pixel_is_noticed(cache, real, tmp_path):
    with open(real, "rb") as opened, np.load(opened) as file:
        arrays = {name: file[name] for name in download.SHAPES}
    arrays["x_test"][0, 0, 0] ^= 1
    np.savez(tmp_path / "changed.npz", **arrays)
    with pytest.raises(ValueError, match="checksum is another one"):
        nn.data.mnist(tmp_path / "changed.npz")


def test_a_wrong_file_is_refused_and_not_kept(server, cache):
    folder, url, _ = server
    np.savez(folder / "mnist.npz", x_train=np.zeros(3))
    with pytest.raises(ValueError, match="is not MNIST"):
        download.load(url=url)
    assert os.listdir(cache[0]) == []


def test_no_such_address_says_what_to_do(server, cache):
    with pytest.raises(OSError, match=r"could not be downloaded.*404.*NNLIB_MNIST"):
        download.load(url=server[1])
    assert os.listdir(cache[0]) == []


@pytest.mark.parametrize("answer", ["half", "nothing", "nonsense"])
def test_a_download_that_breaks_off_leaves_nothing_behind(cache, answer):
    class Breaking(BaseHTTPRequestHandler):
        def do_GET(self):
            if answer == "half":
                self.send_response(200)
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                self.wfile.write(b"PK\x03\x04" + bytes(1000))
            elif answer == "nonsense":
                self.wfile.write(b"what?\r\n\r\n")
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, *_):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Breaking)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        with pytest.raises((OSError, ValueError), match="(?s)MNIST.*NNLIB_MNIST"):
            download.load(url=f"http://127.0.0.1:{httpd.server_port}/")
    finally:
        httpd.shutdown()
        httpd.server_close()
    assert os.listdir(cache[0]) == []


def test_nobody_there_says_what_to_do(cache):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(OSError, match=r"could not be downloaded.*NNLIB_MNIST"):
        download.load(url=f"http://127.0.0.1:{port}/")


def test_a_missing_file_says_what_to_do(cache, monkeypatch, tmp_path):
    monkeypatch.setenv("NNLIB_MNIST", str(tmp_path / "nowhere.npz"))
    with pytest.raises(FileNotFoundError, match="download it once, or fetch"):
        nn.data.mnist()


def test_an_environment_variable_that_is_empty_names_no_file(cache, real, monkeypatch):
    monkeypatch.setenv("NNLIB_MNIST", "")
    cache[0].mkdir()
    shutil.copy(real, cache[0] / "mnist.npz")
    assert nn.data.mnist()[0].shape == (60000, 28, 28)


def test_a_damaged_cache_says_to_delete_it(cache):
    cache[0].mkdir()
    (cache[0] / "mnist.npz").write_bytes(b"PK\x03\x04 half")
    with pytest.raises(ValueError, match="damaged. Delete it"):
        nn.data.mnist()
