"""Answers of a second examination: they were told something untrue, or refused though right."""
# ruff: noqa: B905, E501, E701, E702, E731

import numpy as np
from hands import of, right, wrong

import nnlib as nn

# ---------------------------------------------------------------- 02 to 04

of("sigmoid")
wrong("sigmoid-sign", lambda Z: (1 - np.tanh(Z / 2)) / 2, says="before the tanh")

of("sweet_by_long")


@wrong("sweet-always", says="a fruit that should fire no neuron")
def at_a_score_of_0(X):
    A1 = np.maximum(0, X @ np.array([[1, -1], [1, -1]]) + np.array([-1, 1]))
    return ((A1 @ np.array([[1], [1]]))[:, 0] >= 0).astype(int)


of("cross_entropy")


@wrong("", says="changed its argument P")
def P_itself_kept_from_0(P, y):
    P[P < 1e-12] = 1e-12
    return -np.log(P[np.arange(len(y)), y]).mean()


@wrong("log-zero-without-surprise", says="your loss is 0, too")
def infinite_surprise_taken_for_0(P, y):
    surprise = -np.log(P[np.arange(len(y)), y])
    surprise[np.isinf(surprise)] = 0
    return surprise.mean()


@wrong("log-zero-without-surprise")
def a_1_in_place_of_0(P, y):
    p = P[np.arange(len(y)), y]
    return -np.log(np.where(p > 1e-12, p, 1)).mean()


@wrong("", says="is 1 and should be 27.63")
def infinite_surprise_taken_for_1(P, y):
    surprise = -np.log(P[np.arange(len(y)), y])
    return np.where(np.isinf(surprise), 1, surprise).mean()


of("relu_backward")
wrong("relu-mask-on-output-ge0", lambda dA, Z: dA, "no mask", says="Is there a mask?")
wrong(
    "relu-mask-of-gradient",
    lambda dA, Z: np.maximum(0, dA) * (Z > 0),
    says="depends on the sign of dA",
)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


of("swish_backward")
wrong(
    "swish-z-left-out",
    lambda dA, Z: dA * (sigmoid(Z) + sigmoid(Z) * (1 - sigmoid(Z))),
    says="the factor z is missing",
)
wrong("swish-factor-left-out", lambda dA, Z: dA * (1 + sigmoid(Z) * (1 - sigmoid(Z))))

of("two_scores")
right((np.array([0.8808]), np.array(2.1269)), "arrays with one entry")

of("lost_digits")
right(("d and b",), "in another order")
wrong("", ("d and c",), "no option", says="Choose one of these")

# ---------------------------------------------------------------- 07 and 08

of("sgd_step")


@wrong("", says="none of its arrays")
def grads_scaled_in_place(params, grads, lr):
    for g in grads:
        g *= lr
    return [p - g for p, g in zip(params, grads)]


@wrong("remarked")
def entries_of_the_old_list(params, grads, lr):
    for i in range(len(params)):
        params[i] = params[i] - lr * grads[i]
    return params


of("update_mended")


@wrong("", says="changed its argument grads")
def grads_of_a_dictionary_scaled(params, grads, lr):
    new = {}
    for n in params:
        grads[n] *= lr
        new[n] = params[n] - grads[n]
    return new


@wrong("", says="changed its argument params")
def new_arrays_in_both_dictionaries(params, grads, lr):
    for n in params:
        params[n] = params[n] - lr * grads[n]
    return dict(params)


@wrong("update-shallow-copy", says="the old arrays have moved, too")
def copies_of_what_has_moved(params, grads, lr):
    for n in params:
        params[n] -= lr * grads[n]
    return {n: v.copy() for n, v in params.items()}


of("forward_deep")


@wrong("", says="Z1 holds the same numbers as A1")
def written_into_Z1(params, X):
    Z1 = X @ params["W1"] + params["b1"]
    A1 = np.maximum(0, Z1, out=Z1)
    Z2 = A1 @ params["W2"] + params["b2"]
    A2 = np.maximum(0, Z2)
    return Z1, A1, Z2, A2, nn.softmax(A2 @ params["W3"] + params["b3"])


@wrong("", says="Z2 holds the same numbers as A2")
def two_names_for_Z2(params, X):
    Z1 = X @ params["W1"] + params["b1"]
    A1 = np.maximum(0, Z1)
    Z2 = A1 @ params["W2"] + params["b2"]
    A2 = Z2
    A2[A2 < 0] = 0
    return Z1, A1, Z2, A2, nn.softmax(A2 @ params["W3"] + params["b3"])


of("backward_deep")


@wrong("", says="params.copy() alone copies the dictionary")
def a_step_on_the_way(params, X, Y, Z1, A1, Z2, A2, P):
    dZ3 = (P - Y) / len(X)
    dZ2 = (dZ3 @ params["W3"].T) * (Z2 > 0)
    dZ1 = (dZ2 @ params["W2"].T) * (Z1 > 0)
    pairs = {"3": (A2, dZ3), "2": (A1, dZ2), "1": (X, dZ1)}
    weights = {"W" + k: A.T @ dZ for k, (A, dZ) in pairs.items()}
    params["W1"] -= weights["W1"]
    return weights | {"b" + k: dZ.sum(axis=0) for k, (A, dZ) in pairs.items()}


# ---------------------------------------------------------------- 09 to 11


def batches(X, y, batch_size, rng, of_rows=lambda x: x, of_labels=lambda y: y):
    order = rng.permutation(len(X))
    pieces = np.split(order, range(batch_size, len(X), batch_size))
    return [(of_rows(X[piece]), of_labels(y[piece])) for piece in pieces]


of("minibatches")
wrong(
    "",
    lambda X, y, n, rng: batches(X, y, n, rng, lambda x: x[:, ::-1]),
    "columns turned round",
    says="not rows of X",
)
wrong(
    "", lambda X, y, n, rng: batches(X, y, n, rng, lambda x: 2 * x), "doubled", says="not rows of X"
)
wrong(
    "",
    lambda X, y, n, rng: batches(X, y, n, rng, of_labels=lambda y: y + 1),
    "labels from 1",
    says="do not occur in y",
)

of("confusion_matrix")


@wrong("confusion-shares", says="Look for a division")
def shares_in_the_loop(y, predicted, K):
    C = np.zeros((K, K))
    for i, j in zip(y, predicted):
        C[i, j] += 1 / len(y)
    return C


@wrong("", says="The counts are off")
def without_the_last_pair(y, predicted, K):
    C = np.zeros((K, K), dtype=int)
    for n in range(len(y) - 1):
        C[y[n], predicted[n]] += 1
    return C


of("he_normal")
wrong(
    "remarked",
    lambda n_in, n_out, rng: rng.standard_normal((n_out, n_in)).T / np.sqrt(n_in / 2),
    "turned",
)
of("xavier_normal")
wrong(
    "remarked",
    lambda n_in, n_out, rng: (rng.standard_normal((n_out, n_in)) * np.sqrt(2 / (n_in + n_out))).T,
    "turned",
)

of("signal_sizes")


@right
def a_tuple_of_sizes(weights, X):
    if not weights:
        return ()
    Z = X @ weights[0]
    return (Z.std(), *a_tuple_of_sizes(weights[1:], np.maximum(0, Z)))


# ---------------------------------------------------------------- 17

of("conv1d_forward")


@wrong("", says="z is not right yet")
def three_weights_at_most(x, w, b):
    k = len(w)
    return np.array([x[i : i + min(3, k)] @ w[:3] + b for i in range(len(x) - k + 1)])


@wrong("", says="Compute one place")
def the_bias_of_the_first_place(x, w, b):
    z = np.correlate(x, w, "valid")
    z[0] += b
    return z


@wrong("", says="axis 0 is 5 long and not 3")
def the_same_size(x, w, b):
    return np.correlate(x, w, "same") + b


of("conv2d_forward")


def convolved(
    X, W, b, stride, padding, total=lambda window, kernel: (window * kernel).sum(), **how
):
    pairs = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    X, k = np.pad(X, how.pop("pairs", pairs), **how), W.shape[2]
    rows, columns = ((n - k) // stride + 1 for n in X.shape[2:])
    Z = np.zeros((len(X), len(W), rows, columns))
    for n, o, i, j in np.ndindex(Z.shape):
        window = X[n, :, stride * i : stride * i + k, stride * j : stride * j + k]
        Z[n, o, i, j] = total(window, W[o]) + b[o]
    return Z


right(lambda X, W, b, s, p: convolved(X, W, b, s, p), "with options")
wrong("conv-padded-with-the-edge", lambda X, W, b, s, p: convolved(X, W, b, s, p, mode="edge"))
wrong("conv-padded-with-ones", lambda X, W, b, s, p: convolved(X, W, b, s, p, constant_values=1))
wrong("conv-padded-twice", lambda X, W, b, s, p: convolved(X, W, b, s, 2 * p))
wrong(
    "conv-padded-at-one-side",
    lambda X, W, b, s, p: convolved(X, W, b, s, p, pairs=((0, 0), (0, 0), (p, 0), (p, 0))),
)
wrong(
    "conv-padded-along-one-axis",
    lambda X, W, b, s, p: convolved(X, W, b, s, p, pairs=((0, 0), (0, 0), (p, p), (0, 0))),
)
wrong(
    "conv-kernel-transposed", lambda X, W, b, s, p: convolved(X, W.transpose(0, 1, 3, 2), b, s, p)
)
wrong("conv-bias-for-each-channel", lambda X, W, b, s, p: convolved(X, W, b * X.shape[1], s, p))
wrong("conv-mean-of-channels", lambda X, W, b, s, p: convolved(X, W / X.shape[1], b, s, p))
wrong(
    "",
    lambda X, W, b, s, p: convolved(X, W[::-1], b[::-1], s, p),
    "filters turned round",
    says="frame of `padding` zeros",
)

of("max_pool_backward")


def pooled(dA, X, place=lambda n, c: (n, c), give=lambda d, window: d):
    dX = np.zeros(X.shape)
    for n, c, i, j in np.ndindex(dA.shape):
        window = X[(*place(n, c), slice(2 * i, 2 * i + 2), slice(2 * j, 2 * j + 2))]
        r, s = divmod(int(window.argmax()), 2)
        dX[n, c, 2 * i + r, 2 * j + s] = give(dA[n, c, i, j], window)
    return dX


right(lambda dA, X: pooled(dA, X), "with options")
wrong("pool-windows-of-the-first-channel", lambda dA, X: pooled(dA, X, lambda n, c: (n, 0)))
wrong("pool-windows-of-the-first-picture", lambda dA, X: pooled(dA, X, lambda n, c: (0, c)))
wrong("pool-times-the-pixel", lambda dA, X: pooled(dA, X, give=lambda d, window: d * window.max()))
wrong(
    "pool-positive-only", lambda dA, X: pooled(dA, X, give=lambda d, window: d * (window.max() > 0))
)

# ---------------------------------------------------------------- 12

of("adam_step")


def adam(
    theta, m, v, g, t, lr, beta1, beta2, eps, share=lambda beta: 1 - beta, root=None, old=False
):
    before = m
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + share(beta2) * g**2
    m_hat = (before if old else m) / (1 - beta1**t)
    below = root(v, t, beta2) if root else np.sqrt(v / (1 - beta2**t))
    return theta - lr * m_hat / (below + eps), m, v


right(lambda *given: adam(*given), "with options")
wrong("adam-v-whole-square", lambda *given: adam(*given, share=lambda beta: 1))
wrong(
    "adam-correction-past-the-root",
    lambda *given: adam(*given, root=lambda v, t, beta: np.sqrt(v) / (1 - beta**t)),
)
wrong(
    "adam-beta-times-t",
    lambda *given: adam(*given, root=lambda v, t, beta: np.sqrt(v / (1 - beta * t))),
)
wrong("adam-old-m", lambda *given: adam(*given, old=True))
wrong("adam-fixed-betas", lambda *given: adam(*given[:6], 0.9, 0.999, given[8]))


@wrong("adam-beta1-times-t", says="not taken to the power")
def times_t(theta, m, v, g, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return theta - lr * m / (1 - beta1 * t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong("adam-m-whole-gradient")
def added_up(theta, m, v, g, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + g, beta2 * v + (1 - beta2) * g**2
    return theta - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v
