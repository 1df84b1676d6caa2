"""What a learner gets wrong: one error in plain words, before anything has changed.

Each case below is one mistake and a piece of the sentence that must come back. For every one of
them: it is a ValueError, raised by input validation and not from inside NumPy; it names the rule
and the value that came ("..., got ..."); and network, gradient, optimiser and the forward pass
that waits for its backward are as they were.

The second half is the other side: input that is odd but fine works, and never warns.
"""

import traceback
from types import SimpleNamespace

import numpy as np
import pytest

import nnlib as nn

pytestmark = pytest.mark.filterwarnings("error")

X = np.random.default_rng(0).normal(size=(6, 3))
y = np.array([0, 1, 2, 0, 1, 2])
N3 = np.zeros((6, 3))


def scene():
    """A network in the middle of its work: a step behind it, a forward that waits for backward."""
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3), rng=0)
    loss, opt = nn.CrossEntropyLoss(), nn.Adam(net, lr=0.1)
    loss(net(X), y)
    net.backward(loss.backward())
    opt.step()
    Z = net(X)
    loss(Z, y)
    return SimpleNamespace(net=net, loss=loss, opt=opt, mse=nn.MSELoss(), Z=Z, layer=net.layers[0])


def fit(s, X=X, y=y, net=None, **options):
    options = {"loss": s.loss, "optimizer": s.opt, "epochs": 1} | options
    return nn.fit(s.net if net is None else net, X, y, **options)


def with_one(value, like=X):
    array = like.copy()
    array[2, 1] = value
    return array


def assigning(target, name, value):
    return lambda s: setattr(target(s), name, value)


net, layer, opt = (lambda s: s.net), (lambda s: s.layer), (lambda s: s.opt)
masked = np.ma.masked_array(X, X > 1)

MISTAKES = {
    # the data
    "one example without its row": (
        lambda s: s.net(X[0]),
        r"(N, 3), got (3,). Fix: pass one example as X[N",
    ),
    "transposed": (lambda s: s.net(np.zeros((3, 6))), "got (3, 6). Fix: rows are examples; X.T"),
    "too few columns": (
        lambda s: s.net(X[:, :2]),
        "Linear(3, 4) expected X of shape (N, 3), got (6",
    ),
    "images not yet rows": (lambda s: s.net(np.zeros((5, 3, 1))), "X.reshape(len(X), -1)"),
    "one number": (lambda s: s.net(3.0), "one row per example, got the single number 3.0"),
    "nothing": (lambda s: s.net(None), "to hold numbers, got None"),
    "text": (lambda s: s.net("abc"), "to hold numbers, got 'abc'"),
    "a table of text": (lambda s: s.net([["1", "2", "3"]]), ".astype(float)"),
    "objects": (lambda s: s.net(X.astype(object)), "got object of shape (6, 3)"),
    "ragged rows": (lambda s: s.net([[1, 2, 3], [1]]), "got rows of different lengths"),
    "dates": (lambda s: s.net(np.zeros((2, 3), "M8[s]")), "to hold numbers"),
    "complex numbers": (lambda s: s.net(X + 1j), "to hold real numbers, got complex128"),
    "masked entries": (lambda s: s.net(masked), "Fix: leave those rows out, or fill them"),
    "NaN": (lambda s: s.net(with_one(np.nan)), "finite numbers, got nan at X[2, 1]"),
    "inf": (lambda s: s.net(with_one(-np.inf)), "finite numbers, got -inf at X[2, 1]"),
    "no examples": (lambda s: s.net(X[:0]), "at least one example in X, got an empty array"),
    "no examples, a list": (lambda s: s.net([]), "at least one example in X, got an empty array"),
    "predict NaN": (lambda s: s.net.predict(with_one(np.nan)), "got nan at X[2, 1]"),
    "scores of a wrong shape": (
        lambda s: s.net.scores(X.T),
        "expected X of shape (N, 3), got (3, 6)",
    ),
    "a layer alone": (
        lambda s: nn.Linear(3, 2)(X[:, :2]),
        "Linear(3, 2) expected X of shape (N, 3)",
    ),
    "too large for float32": (
        lambda s: nn.Sequential(nn.Linear(3, 2), dtype=np.float32)(X * 1e300),
        "finite numbers, got inf at X[0, 0]",
    ),
    "fit: NaN": (lambda s: fit(s, X=with_one(np.nan)), "fit expected X to hold finite"),
    "fit: complex": (lambda s: fit(s, X=X + 1j), "fit expected X to hold real numbers"),
    "fit: no examples": (lambda s: fit(s, X=X[:0], y=y[:0]), "at least one example"),
    "fit: one row": (lambda s: fit(s, X=X[0]), "got (3,)"),
    "fit: text": (lambda s: fit(s, X="data.csv"), "got 'data.csv'"),
    "rows of which one is masked": (lambda s: s.net(list(masked)), "1 masked one. Fix: leave"),
    "one masked number in a list": (lambda s: s.net([[1.0, np.ma.masked, 2.0]]), "1 masked one."),
    "a whole number that no float holds": (lambda s: s.net([[10**400, 0, 0]]), "X"),
    # the labels
    "labels 1 to K": (lambda s: s.loss(s.Z, y + 1), "labels 0 to 2 for 3 classes, got y[2] = 3"),
    "a negative label": (lambda s: s.loss(s.Z, y - 1), "got y[0] = -1"),
    "a huge label": (
        lambda s: s.loss(s.Z, np.full(6, 2**63, "u8")),
        "got y[0] = 9223372036854775808",
    ),
    "a label that no table has a column for": (
        lambda s: nn.one_hot(np.array([2**63], "u8")),
        "labels 0, 1, 2, ..., got y[0] = 9223372036854775808",
    ),
    "a table of labels that no memory holds": (
        lambda s: nn.one_hot([0, 10**15]),
        "a size that memory holds, got 2,000,000,000,000,002 numbers",
    ),
    "labels as a column": (lambda s: s.loss(s.Z, y[:, None]), "got (6, 1). Fix: use y.ravel()"),
    "one-hot labels": (lambda s: s.loss(s.Z, nn.one_hot(y)), "got (6, 3). Fix: if this is one-hot"),
    "float labels": (
        lambda s: s.loss(s.Z, y * 1.0),
        "got float64 labels such as 0.0. Fix: use y.ast",
    ),
    "probabilities as labels": (lambda s: s.loss(s.Z, s.Z[:, 0]), "got float64 labels"),
    "names as labels": (lambda s: s.loss(s.Z, list("abcabc")), "Fix: number the classes"),
    "objects as labels": (
        lambda s: s.loss(s.Z, np.array(list("abcabc"), object)),
        "Fix: number the cl",
    ),
    "too few labels": (lambda s: s.loss(s.Z, y[:4]), "one label for each of the 6 examples, got 4"),
    "one label": (lambda s: s.loss(s.Z, 1), "one label each, got 1"),
    "no labels": (lambda s: s.loss(s.Z, None), "got None"),
    "an empty list of labels": (lambda s: s.loss(s.Z, []), "at least one label"),
    "ragged labels": (lambda s: s.loss(s.Z, [[0, 1], [2]]), "rows of different lengths"),
    "masked labels": (lambda s: s.loss(s.Z, np.ma.masked_array(y, y > 1)), "masked"),
    "one missing label": (lambda s: s.loss(s.Z, [0, 1, np.nan, 0, 1, 2]), "Fix: use y.astype(int)"),
    "fit: labels 1 to K": (lambda s: fit(s, y=y + 1), "fit expected labels 0 to 2"),
    "fit: float labels": (lambda s: fit(s, y=y * 1.0), "fit expected y to hold integer labels"),
    "fit: X and y of two lengths": (lambda s: fit(s, y=y[:4]), "each of the 6 examples, got 4"),
    # the losses
    "labels first": (lambda s: s.loss(y, s.Z), "expected Z of shape (N, K), got shape (6,)"),
    "one row of scores": (lambda s: s.loss(s.Z[0], y[:1]), "Fix: pass one example as Z[None, :]"),
    "NaN scores": (lambda s: s.loss(with_one(np.nan, N3), y), "start again with a smaller lr"),
    "complex scores": (lambda s: s.loss(s.Z + 0j, y), "real numbers"),
    "empty scores": (lambda s: s.loss(N3[:0], []), "at least one example in Z"),
    "MSE: labels": (lambda s: s.mse(s.Z, y), "MSELoss expected Y of Z's shape (6, 3), got (6,)"),
    "MSE: a row against a column": (lambda s: s.mse(s.Z[:, :1], X[:, 0]), "Y[:, None]"),
    "MSE: NaN": (lambda s: s.mse(N3, with_one(np.nan)), "Y to hold finite numbers, got nan"),
    "MSE: complex": (lambda s: s.mse(N3, X + 1j), "real numbers"),
    "a loss made of data": (
        lambda s: nn.CrossEntropyLoss(s.Z, y),
        "loss = CrossEntropyLoss(), loss(",
    ),
    "loss.backward() first": (lambda s: nn.MSELoss().backward(), "loss(Z, y) to be called before"),
    "a network that ends in softmax": (
        lambda s: (lambda net: fit(s, net=net, optimizer=nn.SGD(net, 0.1)))(
            nn.Sequential(nn.Linear(3, 3), nn.Softmax())
        ),
        "the softmax is inside it, got a network that ends in Softmax()",
    ),
    # backward
    "backward of another batch": (lambda s: s.net.backward(N3[:2]), "got (2, 3). Fix: call net(X)"),
    "backward of nothing": (lambda s: s.net.backward(None), "dZ to hold numbers, got None"),
    "backward of a loss": (lambda s: s.net.backward(0.7), "dZ of shape (6, 3)"),
    "backward of text": (lambda s: s.net.backward([list("abc")] * 6), "dZ to hold numbers"),
    "backward of NaN": (lambda s: s.net.backward(N3 * np.nan), "got nan at dZ[0, 0]"),
    "backward of complex numbers": (lambda s: s.net.backward(N3 + 1j), "real numbers"),
    "backward before forward": (
        lambda s: nn.Sequential(nn.Linear(3, 3)).backward(N3),
        "net(X) to be called before",
    ),
    "step before backward": (
        lambda s: nn.SGD(nn.Sequential(nn.Linear(3, 3)), lr=0.1).step(),
        "net.backward(loss.backward())",
    ),
    # layers and networks
    "Linear of text": (lambda s: nn.Linear("2", 3), "n_in to be a whole number, got '2'"),
    "Linear of a float": (lambda s: nn.Linear(2, 3.0), "n_out to be a whole number, got 3.0"),
    "Linear of nothing": (lambda s: nn.Linear(0, 3), "n_in >= 1, got 0"),
    "Linear of less": (lambda s: nn.Linear(2, -3), "n_out >= 1, got -3"),
    "Linear of a shape": (lambda s: nn.Linear((2, 3), 4), "got (2, 3)"),
    "Linear of True": (lambda s: nn.Linear(True, 4), "whole number, got True"),
    "Linear with weights": (
        lambda s: nn.Linear(3, 3, N3),
        '"he", "xavier" or a function, got float',
    ),
    "an unknown init": (lambda s: nn.Linear(2, 3, init="xaver"), "got 'xaver'"),
    "an init of a wrong shape": (
        lambda s: nn.Sequential(nn.Linear(2, 3, init=lambda a, b, rng: np.ones((b, a))), rng=0),
        "got (3, 2)",
    ),
    "an init of NaN": (
        lambda s: nn.Sequential(nn.Linear(1, 1, init=lambda a, b, rng: [[np.nan]]), rng=0),
        "starting W",
    ),
    "an rng of text": (lambda s: nn.Linear(2, 3, rng="seed"), "rng to be a seed"),
    "an rng of a float": (lambda s: nn.Sequential(nn.Linear(2, 3), rng=0.5), "rng to be a seed"),
    "an rng of the old kind": (
        lambda s: nn.Sequential(nn.Linear(2, 3), nn.Dropout(), rng=np.random.RandomState(0)),
        "numpy.random.Generator, got RandomState",
    ),
    "a negative rng": (lambda s: nn.Sequential(nn.Linear(2, 3), rng=-1), "rng to be a seed"),
    "ReLU of a size": (lambda s: nn.ReLU(16), "ReLU() takes no values when it is made, got 16"),
    "ReLU of data": (lambda s: nn.ReLU(X), "layer = ReLU(), layer(X)"),
    "Dropout of everything": (lambda s: nn.Dropout(1), "0 <= p < 1, got 1"),
    "Dropout in per cent": (lambda s: nn.Dropout(50), "0 <= p < 1, got 50"),
    "Dropout of text": (lambda s: nn.Dropout("half"), "p to be one number, got 'half'"),
    "LeakyReLU below 0": (lambda s: nn.LeakyReLU(-0.1), "0 <= negative_slope < 1, got -0.1"),
    "a layer's parameter without a shape": (
        lambda s: nn.Layer(w=3),
        "a new name and a shape, got w=3",
    ),
    "a layer's parameter called size": (lambda s: nn.Layer(size=(3,)), "a new name and a shape"),
    "a layer that no memory holds": (
        lambda s: nn.Linear(10**9, 10**9).W,
        "a size that memory holds, got 1,000,000,001,000,000,000 numbers",
    ),
    "Linear of more than can be counted": (lambda s: nn.Linear(10**20, 1), "n_in <= 9,007"),
    "pooling that does not move": (lambda s: nn.MaxPool2d(2, stride=0), "stride >= 1, got 0"),
    "no layers": (lambda s: nn.Sequential(), "at least one layer, got none"),
    "a list of layers": (
        lambda s: nn.Sequential([nn.Linear(2, 3)]),
        "Fix: unpack the list with a star",
    ),
    "a class of layer": (lambda s: nn.Sequential(nn.Linear(2, 3), nn.ReLU), "brackets: ReLU(...)"),
    "a function as layer": (
        lambda s: nn.Sequential(np.tanh),
        "Sequential expected layers, got <ufunc",
    ),
    "a name as layer": (
        lambda s: nn.Sequential(nn.Linear(2, 3), "relu"),
        "expected layers, got 'relu'",
    ),
    "layers that do not fit": (
        lambda s: nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(4, 2)),
        "(N, 4), got (N, 3)",
    ),
    "a layer of a network": (
        lambda s: nn.Sequential(nn.Sequential(nn.Linear(3, 3)).layers[0], nn.ReLU()),
        "layers that belong to no network yet",
    ),
    "one output for a cross-entropy": (
        lambda s: (lambda net: fit(s, net=net, optimizer=nn.SGD(net, 0.1)))(
            nn.Sequential(nn.Linear(3, 1))
        ),
        "at least two columns of scores, one for each class, got shape (6, 1)",
    ),
    "a layer twice": (
        lambda s: (lambda layer: nn.Sequential(layer, nn.ReLU(), layer))(nn.Linear(3, 3)),
        "each layer once",
    ),
    "a layer of another network": (lambda s: nn.Sequential(s.layer), "copy.deepcopy(layer)"),
    "integers as dtype": (
        lambda s: nn.Sequential(nn.Linear(2, 3), dtype=int),
        "got int64. Fix: use np.float64; integers",
    ),
    "float16 as dtype": (lambda s: nn.Sequential(nn.Linear(2, 3), dtype="f2"), "got float16"),
    "no dtype at all": (lambda s: nn.Sequential(nn.Linear(2, 3), dtype="single?"), "got 'single?'"),
    # assigning
    "theta of a wrong length": (
        assigning(net, "theta", np.ones(3)),
        "net.theta has shape (31,), got",
    ),
    "one number as theta": (assigning(net, "theta", 0.5), "net.theta has shape (31,)"),
    "integers as theta": (
        assigning(net, "theta", np.zeros(31, int)),
        "net.theta holds floats, got int64",
    ),
    "complex theta": (assigning(net, "theta", np.ones(31) * 1j), "real numbers"),
    "grad of a wrong length": (assigning(net, "grad", np.ones(3)), "net.grad has shape (31,), got"),
    "integer weights": (assigning(layer, "W", np.eye(3, 4, dtype=int)), "write 1.0 for 1"),
    "a list of integers as weights": (
        assigning(layer, "b", [1, 2, 3, 4]),
        "Linear(3, 4).b holds floats",
    ),
    "transposed weights": (
        assigning(layer, "W", np.ones((4, 3))),
        "Linear(3, 4).W has shape (3, 4), got",
    ),
    "a row as bias": (assigning(layer, "b", np.ones((1, 4))), "has shape (4,), got"),
    "text as weights": (assigning(layer, "W", "he"), "to hold numbers, got 'he'"),
    "nothing as weights": (assigning(layer, "dW", None), "Linear(3, 4).dW"),
    "ragged weights": (assigning(layer, "W", [[1.0], [1.0, 2.0]]), "rows of different lengths"),
    # optimisers
    "lr of 0": (lambda s: nn.SGD(s.net, lr=0), "SGD expected lr > 0, got 0"),
    "a negative lr": (lambda s: nn.Adam(s.net, lr=-0.1), "Adam expected lr > 0, got -0.1"),
    "lr of text": (lambda s: nn.SGD(s.net, lr="0.1"), "lr to be one number, got '0.1'"),
    "lr of NaN": (lambda s: nn.RMSprop(s.net, lr=np.nan), "RMSprop expected lr > 0, got nan"),
    "lr of inf": (lambda s: nn.SGD(s.net, lr=np.inf), "lr > 0, got inf"),
    "no lr": (lambda s: nn.SGD(s.net, None), "lr to be one number, got None"),
    "several lr": (lambda s: nn.SGD(s.net, [0.1, 0.2]), "lr to be one number, got [0.1, 0.2]"),
    "ragged lr": (lambda s: nn.SGD(s.net, [0.1, [0.2]]), "lr to be one number"),
    "a bad lr later": (assigning(opt, "lr", 0), "Adam expected lr > 0, got 0"),
    "momentum of 1": (lambda s: nn.SGD(s.net, 0.1, momentum=1), "0 <= momentum < 1, got 1"),
    "negative decay": (lambda s: nn.SGD(s.net, 0.1, weight_decay=-1), "weight_decay"),
    "one beta": (lambda s: nn.Adam(s.net, betas=0.9), "betas as two numbers"),
    "three betas": (lambda s: nn.Adam(s.net, betas=(0.9, 0.9, 0.9)), "betas as two numbers"),
    "a beta of 1": (lambda s: nn.Adam(s.net, betas=(0.9, 1)), "0 <= betas < 1, got 1"),
    "eps of 0": (lambda s: nn.Adam(s.net, eps=0), "eps > 0, got 0"),
    "lr before the network": (lambda s: nn.SGD(0.1, s.net), "SGD expected a network first"),
    "an optimiser of theta": (lambda s: nn.SGD(s.net.theta, 0.1), "network first"),
    "an optimiser of a layer": (lambda s: nn.SGD(s.layer, 0.1), "network first"),
    "an optimiser of a class": (lambda s: nn.SGD(nn.Sequential, 0.1), "got the class Sequential"),
    # fit
    "a class of loss": (
        lambda s: fit(s, loss=nn.CrossEntropyLoss),
        "brackets: CrossEntropyLoss(...)",
    ),
    "a name as loss": (
        lambda s: fit(s, loss="cross_entropy"),
        "fit expected a loss, got 'cross_en",
    ),
    "a class of optimiser": (lambda s: fit(s, optimizer=nn.SGD), "brackets: SGD(...)"),
    "a name as optimiser": (
        lambda s: fit(s, optimizer="adam"),
        "fit expected an optimizer, got 'adam'",
    ),
    "another network's optimiser": (
        lambda s: fit(s, optimizer=nn.SGD(nn.Sequential(nn.Linear(3, 3)), 0.1)),
        "SGD(net, lr=...)",
    ),
    "a class as network": (lambda s: fit(s, net=nn.Sequential), "got the class Sequential"),
    "X first": (lambda s: fit(s, net=X, X=y, y=s.net), "Fix: the order is fit(net, X, y"),
    "X and y exchanged": (lambda s: fit(s, X=y, y=X), "expected X of shape (N, 3), got (6,)"),
    "2.5 epochs": (lambda s: fit(s, epochs=2.5), "epochs to be a whole number, got 2.5"),
    "negative epochs": (lambda s: fit(s, epochs=-1), "epochs >= 1, got -1"),
    "a batch of 0": (lambda s: fit(s, batch_size=0), "batch_size >= 1, got 0"),
    "a batch of text": (lambda s: fit(s, batch_size="32"), "whole number, got '32'"),
    "an rng of text in fit": (lambda s: fit(s, rng="zero"), "fit expected rng to be a seed"),
    "validation as a share": (
        lambda s: fit(s, validation=0.2),
        "validation=(X_val, y_val), got 0.2",
    ),
    "validation without y": (
        lambda s: fit(s, validation=X),
        "validation=(X_val, y_val), got float64",
    ),
    "validation exchanged": (
        lambda s: fit(s, validation=(y, X)),
        "expected X of shape (N, 3), got (6,)",
    ),
    "validation with bad labels": (
        lambda s: fit(s, validation=(X, y + 1)),
        "fit (validation) expected",
    ),
    "patience alone": (lambda s: fit(s, patience=3), "fit with patience needs validation"),
    "patience of 0": (lambda s: fit(s, patience=0, validation=(X, y)), "patience >= 1, got 0"),
    "a bare callback": (lambda s: fit(s, callbacks=print), "callbacks=[f, ...]"),
    "a callback that is none": (lambda s: fit(s, callbacks=[3]), "callbacks=[f, ...]"),
    # the functions
    "sigmoid of text": (lambda s: nn.sigmoid("x"), "sigmoid expected Z to hold numbers"),
    "softmax of nothing": (lambda s: nn.softmax([]), "softmax expected at least one example"),
    "softmax of a number": (lambda s: nn.softmax(3.0), "got the single number 3.0"),
    "softmax of NaN": (lambda s: nn.softmax([1, np.nan]), "got nan at Z[1]"),
    "one_hot of floats": (lambda s: nn.one_hot([0.0, 1.0]), "one_hot expected y to hold integer"),
    "one_hot with too few classes": (
        lambda s: nn.one_hot([0, 3], K=3),
        "0 to 2 for 3 classes, got y[1]",
    ),
    "one_hot with no class": (lambda s: nn.one_hot([0], K=0), "K >= 1, got 0"),
    "accuracy exchanged": (lambda s: nn.accuracy(y, s.Z), "accuracy expected Z of shape (N, K)"),
    "accuracy of labels": (lambda s: nn.accuracy(y, y), "accuracy expected Z of shape (N, K)"),
    "starting weights of nothing": (lambda s: nn.he_normal(0, 3, 0), "n_in >= 1, got 0"),
    "starting weights without luck": (lambda s: nn.xavier_normal(2, 3, "x"), "rng to be a seed"),
    "a naive softmax of text": (lambda s: nn.softmax_naive("x"), "softmax_naive expected Z"),
    "steps counted in halves": (lambda s: nn.step_schedule(0.5, 10, 0.5, 0.1), "whole number"),
    "a step after the last": (lambda s: nn.cosine_schedule(9, 8, 0.1), "got step 9 of 8"),
    "a warm-up of no steps": (lambda s: nn.warmup_schedule(0, 0, 0.1), "warmup >= 1, got 0"),
    "an eps that float32 does not hold": (
        lambda s: nn.Adam(nn.Sequential(nn.Linear(2, 2), rng=0, dtype="f4"), eps=1e-60),
        "eps > 0 in float32, got 1e-60",
    ),
    "a masked learning rate": (lambda s: nn.SGD(s.net, lr=np.ma.masked), "lr to be one number"),
    # gradients
    "check: loss last": (lambda s: nn.check_gradients(s.net, X, y, s.loss), "(net, loss, X, y)"),
    "check: data first": (lambda s: nn.check_gradients(X, y, s.net, s.loss), "(net, loss, X, y)"),
    "check: a class of loss": (
        lambda s: nn.check_gradients(s.net, nn.MSELoss, X, y),
        "got the class MSELoss",
    ),
    "check: labels 1 to K": (lambda s: nn.check_gradients(s.net, s.loss, X, y + 1), "got y[2] = 3"),
    "check: an unknown method": (
        lambda s: nn.check_gradients(s.net, s.loss, X, y, method="forward"),
        "got 'forward'",
    ),
    "check: eps of 0": (lambda s: nn.check_gradients(s.net, s.loss, X, y, eps=0), "eps > 0, got 0"),
    "a gradient at integers": (lambda s: nn.numerical_gradient(np.sum, [1, 2]), ".astype(float)"),
    "a gradient of data": (
        lambda s: nn.numerical_gradient(X, np.sum),
        "expected a function f first",
    ),
    "a gradient of a vector": (
        lambda s: nn.numerical_gradient(lambda x: x, X),
        "f must give one number",
    ),
    "a gradient of masked entries": (lambda s: nn.numerical_gradient(np.sum, masked), "masked"),
    "a gradient at NaN": (lambda s: nn.numerical_gradient(np.sum, with_one(np.nan)), "x[2, 1]"),
    "a gradient beyond the reach of eps": (
        lambda s: nn.numerical_gradient(np.sum, np.array([1.0, 1e12])),
        "every entry of x, got eps=1e-05 beside x[1] = 1e+12",
    ),
    "gradients of two shapes": (
        lambda s: nn.relative_error(X, X[0]),
        "one shape, (6, 3), got (3,)",
    ),
    # data and files
    "split: one size": (lambda s: nn.data.split(X, y, sizes=0.8), "such as (0.8, 0.2), got 0.8"),
    "split: too much": (lambda s: nn.data.split(X, y, sizes=(0.8, 0.8)), "add up to 1, got 1.6"),
    "split: X alone": (lambda s: nn.data.split(X, None), "split expected y"),
    "standardise: two widths": (
        lambda s: nn.data.standardise(X, X[:, :2]),
        "every set of shape (N, 3)",
    ),
    "moons: one point": (lambda s: nn.data.moons(n=1), "n >= 2, got 1"),
    "moons: negative noise": (lambda s: nn.data.moons(noise=-1), "noise"),
    "save: exchanged": (lambda s: nn.save("net", s.net), "save(net, path)"),
    "save: no name": (lambda s: nn.save(s.net, None), "the name of a file, got None"),
}


def state(s):
    """Everything that a refused call must leave as it was."""
    kept = [value for layer in s.net.layers for value in vars(layer).values()]
    arrays = [s.net.theta, s.net.grad, s.opt.m, s.opt.v, s.loss.P, s.loss.Y]
    arrays += [value for value in kept if isinstance(value, np.ndarray)]
    return [array.copy() for array in arrays], (s.opt.t, s.opt.lr, s.net.training)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_gets_one_sentence_and_changes_nothing(mistake):
    act, piece = MISTAKES[mistake]
    s = scene()
    arrays, numbers = state(s)
    with pytest.raises(ValueError) as caught:
        act(s)
    message = str(caught.value)
    assert piece in message, message
    assert ", got " in message and message.endswith("."), message
    assert len(message) < 330 and "\n" not in message, message
    assert type(caught.value) is ValueError
    assert traceback.extract_tb(caught.value.__traceback__)[-1].name == "reject", (
        "not by input validation"
    )
    assert caught.value.__cause__ is None
    after, same = state(s)
    assert same == numbers
    for before, now in zip(arrays, after, strict=True):
        np.testing.assert_array_equal(now, before)
    s.net.backward(s.loss.backward())  # the forward that waited still has its backward
    fresh = scene()
    fresh.net.backward(fresh.loss.backward())
    np.testing.assert_array_equal(s.net.grad, fresh.net.grad)


def test_refused_layers_are_as_free_as_before():
    """A row that is refused, whatever the reason, has adopted none of its layers."""
    taken = nn.Sequential(nn.Linear(3, 3), rng=0).layers[0]
    for wrong in (taken, nn.Linear(5, 5), "relu", nn.ReLU):
        layers = [nn.Linear(2, 3), nn.ReLU(), wrong]
        with pytest.raises(ValueError):
            nn.Sequential(*layers, rng=0)
        net = nn.Sequential(*layers[:2], rng=0)
        np.testing.assert_array_equal(net.theta, nn.Sequential(nn.Linear(2, 3), rng=0).theta)


def test_a_refused_fit_has_not_drawn_from_the_learners_generator():
    s, rng = scene(), np.random.default_rng(0)
    for wrong in ({"y": y + 1}, {"epochs": 0}, {"callbacks": 3}, {"validation": 1}):
        with pytest.raises(ValueError):
            fit(s, rng=rng, **wrong)
    assert rng.random() == np.random.default_rng(0).random()


# --- odd, and fine ---------------------------------------------------------------------------


class Frame:
    """What a table of pandas is to NumPy: something that turns into an array."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def on_disk(array, folder):
    file = np.memmap(folder / "array", dtype=array.dtype, mode="w+", shape=array.shape)
    file[...] = array
    return file


WHOLE = np.arange(18).reshape(6, 3) % 5  # numbers that every type can hold

ODD = {
    "a list": lambda A, folder: A.tolist(),
    "tuples": lambda A, folder: tuple(map(tuple, A.tolist())) if A.ndim == 2 else tuple(A.tolist()),
    "a list of rows": lambda A, folder: list(A),
    "int8": lambda A, folder: A.astype(np.int8),
    "uint8": lambda A, folder: A.astype(np.uint8),
    "int64": lambda A, folder: A.astype(np.int64),
    "Fortran order": lambda A, folder: np.asfortranarray(A),
    "every second row": lambda A, folder: np.repeat(A, 2, axis=0)[::2],
    "backwards twice": lambda A, folder: A[::-1].copy()[::-1],
    "read-only": lambda A, folder: read_only(A),
    "big-endian": lambda A, folder: A.astype(A.dtype.newbyteorder(">")),
    "a memmap": on_disk,
    "masked, nothing masked": lambda A, folder: np.ma.masked_array(A),
    "a table as in pandas": lambda A, folder: Frame(A),
}
FLOATS = {
    "float16": lambda A, folder: A.astype(np.float16),
    "float32": lambda A, folder: A.astype(np.float32),
    "long double": lambda A, folder: A.astype(np.longdouble),
}


def whole_story(X, y, dtype):
    """Every public call on this data; what comes out."""
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 3), rng=0, dtype=dtype)
    loss, opt = nn.CrossEntropyLoss(), nn.Adam(net, lr=0.01)
    Z = net(X)
    L = loss(Z, y)
    net.backward(loss.backward())
    opt.step()
    history = nn.fit(
        net, X, y, loss=loss, optimizer=opt, epochs=2, batch_size=4, rng=0, validation=(X, y),
        record_accuracy=True, patience=9,
    )  # fmt: skip
    report = nn.check_gradients(net, loss, X, y)
    return [Z, L, net.theta, history.loss, history.val_accuracy, net.predict(X), net.scores(X),
            nn.accuracy(net.scores(X), y), report.error]  # fmt: skip


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", ODD | FLOATS)
def test_odd_but_fine_input_gives_the_same_numbers_without_a_warning(kind, dtype, tmp_path):
    make_X = (ODD | FLOATS)[kind]
    make_y = ODD.get(kind, lambda A, folder: A)
    (tmp_path / "y").mkdir()
    expected = whole_story(WHOLE.astype(float), y, dtype)
    odd = whole_story(make_X(WHOLE, tmp_path), make_y(y, tmp_path / "y"), dtype)
    for one, two in zip(odd, expected, strict=True):
        np.testing.assert_array_equal(one, two)


def test_single_complex_numbers_keep_both_their_parts():
    z = np.array([0.5 + 2j], np.complex64)
    np.testing.assert_allclose(nn.sigmoid(z), 1 / (1 + np.exp(-z.astype(complex))), rtol=1e-12)


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.bool_])
def test_naive_formulas_do_not_wrap_around(kind):
    """−1 as an 8-bit number without a sign is 255, and e^ of an 8-bit number a half float."""
    z = np.array([[0, 1, 1]]).astype(kind)
    for naive, stable in (
        (nn.sigmoid_naive, nn.sigmoid), (nn.softmax_naive, nn.softmax),
        (nn.log_softmax_naive, nn.log_softmax),
    ):  # fmt: skip
        np.testing.assert_allclose(naive(z), stable(z), rtol=1e-14)


def test_the_difference_of_small_integers_is_one():
    errors = nn.relative_error(np.array([1, 200], np.uint8), np.array([2, 100], np.uint8))
    np.testing.assert_allclose(errors, [0.5, 0.5])
    assert nn.relative_error(np.array([-128], np.int8), np.array([127], np.int8)) == 255 / 128


@pytest.mark.parametrize("size", [1.0, 1e-320, 1e-200, 1e200, 1.7e308])
def test_columns_of_any_size_are_standardised(size):
    A = np.array([[0.0, 1.0], [1.0, 1.0], [-1.0, 1.0]]) * [size, 1]
    Z, other = nn.data.standardise(A, A[:1])
    np.testing.assert_allclose(Z, np.array([[0, 0], [1, 0], [-1, 0]]) * np.sqrt(1.5), rtol=1e-3)
    np.testing.assert_array_equal(other, Z[:1])


def test_the_gradient_of_a_large_error_is_its_own():
    loss = nn.MSELoss()
    assert loss([[1.5e308, 0.0]], [[0.0, 0.0]]) == np.inf
    np.testing.assert_array_equal(loss.backward(), [[1.5e308, 0]])


def test_a_layer_alone_whose_sums_overflow_warns_nobody():
    layer = nn.Linear(2, 1)
    layer.W = [[1.0], [-1.0]]
    layer.W = [[10.0], [-10.0]]
    assert np.isnan(layer([[1e308, 1e308]]))


def test_labels_may_be_true_and_false():
    net = nn.Sequential(nn.Linear(3, 2), rng=0)
    loss = nn.CrossEntropyLoss()
    assert loss(net(X), y > 0) == loss(net(X), (y > 0).astype(int))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("n, k", [(1, 2), (1, 3), (5, 2)])
def test_one_example_or_one_met_class_trains(n, k, dtype):
    net = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, k), rng=0, dtype=dtype)
    history = nn.fit(
        net, X[:n], np.zeros(n, int), loss=nn.CrossEntropyLoss(), optimizer=nn.SGD(net, lr=0.1),
        epochs=3, rng=0, validation=(X[:1], [0]), record_accuracy=True,
    )  # fmt: skip
    assert history.stopped == "completed" and np.isfinite(net.theta).all()
    np.testing.assert_allclose(net.predict(X).sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("dtype, size", [(np.float64, 1e300), (np.float32, 1e38)])
def test_extreme_scores_go_all_the_way_without_a_warning(dtype, size):
    net = nn.Sequential(nn.Linear(2, 2), rng=0, dtype=dtype)
    net.layers[0].W = np.eye(2)
    loss = nn.CrossEntropyLoss()
    Z = net([[size, -size], [-size, size]])
    assert loss(Z, [0, 1]) == 0 and loss(Z, [1, 1]) > 1e37
    net.backward(loss.backward())
    assert np.isfinite(net.grad).all()
    np.testing.assert_array_equal(net.predict([[size, -size]]), [[1, 0]])
    for last in (nn.Sigmoid(), nn.Tanh(), nn.ReLU(), nn.LeakyReLU(), nn.Softmax()):
        assert np.isfinite(last([[size, -size]])).all()


def test_weights_that_overflow_are_named_and_warn_nobody():
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3), rng=0)
    net.theta *= 1e308
    with pytest.raises(ValueError, match="diverged: start again with a smaller lr"):
        nn.CrossEntropyLoss()(net(X), y)
    with pytest.raises(ValueError, match="net.predict expected the network's scores"):
        net.predict(X)


def test_settings_may_be_numpy_numbers():
    net = nn.Sequential(
        nn.Linear(np.int64(3), np.uint8(4)), nn.Dropout(np.float32(0.5)), rng=np.int64(0)
    )
    nn.SGD(net, lr=np.float32(0.5), momentum=np.array(0.9))
    assert net(X).shape == (6, 4)
