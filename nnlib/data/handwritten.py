"""Handwritten digits: the small set that comes with scikit-learn, and MNIST."""

from . import download, idx_files


def digits():
    """1,797 handwritten digits: X (1797, 64), 8×8 pixels from 0 to 1; y (1797,), 0 to 9.

    Alpaydin and Kaynak, 1998, UCI Machine Learning Repository (CC BY 4.0); comes with scikit-learn.
    """
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    return X / 16, y.astype(int)


def mnist(path=None):
    """70,000 handwritten digits: X_train (60000, 28, 28), y_train, X_test (10000, 28, 28), y_test.

    Images are uint8, 0 to 255. Taken from `path`, else from the file that the environment variable
    NNLIB_MNIST names, else from the cache, else downloaded once (11 MB); verified in every case.
    LeCun, Cortes and Burges; CC BY-SA 3.0.
    """
    return download.load(path)


def idx(folder):
    """A data set in MNIST's own format, four files in a folder: the same arrays as `mnist` gives.

    Fashion-MNIST, KMNIST and others come so. The files, plain or .gz, bear MNIST's own names
    (train-images-idx3-ubyte, ...); pictures are uint8 (N, H, W). Nothing is downloaded.
    """
    return idx_files.load(folder)
