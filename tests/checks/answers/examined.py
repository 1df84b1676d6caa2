"""Answers of an examination, to many exercises: they passed, or were told something untrue."""
# ruff: noqa: B905, E501, E731, E741

import math

import numpy as np
from hands import of, right, wrong

# ---------------------------------------------------------------- numbers

of("neuron_for_line")
wrong("", (-3, 6), "changed places", says="have changed places")
of("signatures")
wrong("", (2, 0.8), "changed places", says="have changed places")
of("five_mistakes")
wrong("five-zero-grad-early", (4, 7, 9, 6, 13), "zero_grad before line 6")

# ---------------------------------------------------------------- 02 to 10

of("two_layer_scores")
wrong("other-gate-abs", lambda X, W1, b1, W2, b2: np.abs(X @ W1 + b1) @ W2 + b2)

of("softmax")
wrong(
    "softmax-max-by-division",
    lambda Z: (lambda E: E / E.sum(axis=1, keepdims=True))(
        np.exp(Z / Z.max(axis=1, keepdims=True))
    ),
)

of("cross_entropy")
wrong("remarked", lambda P, y: -np.log(np.maximum(P[np.arange(len(y)), y], 1e-7)).mean(), "1e-7")
wrong("remarked", lambda P, y: -np.log(P[np.arange(len(y)), y] + 1e-12).mean(), "+ 1e-12")

of("sigmoid_backward")
wrong("sigmoid-minus-for-times", lambda dA, A: dA * (A - (1 - A)))


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


of("swish_backward")
wrong("swish-one-plus", lambda dA, Z: dA * (sigmoid(Z) + Z * sigmoid(Z) * (1 + sigmoid(Z))))
wrong(
    "swish-one-minus-output",
    lambda dA, Z: dA * (sigmoid(Z) + Z * sigmoid(Z) * (1 - Z * sigmoid(Z))),
)

of("numerical_gradient")


@wrong("remarked")
def a_wide_nudge(f, x, eps=1e-2):
    x, slopes = x.copy(), np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        before = x[i]
        x[i] = before + eps
        up = f(x)
        x[i] = before - eps
        slopes[i] = (up - f(x)) / (2 * eps)
        x[i] = before
    return slopes


of("sgd_step")


@wrong("", says="It is the last one")
def list_made_in_each_turn(params, grads, lr):
    for p, g in zip(params, grads):
        new = [p - lr * g]
    return new


@wrong("", says="It is the first one")
def return_inside_the_loop(params, grads, lr):
    for p, g in zip(params, grads):
        return [p - lr * g]


of("update_mended")
wrong(
    "update-names-missing",
    lambda params, grads, lr: {n: params[n] - lr * grads[n] for n in params if n[0] == "W"},
    "weights only",
    says="Missing: b1 and b2.",
)

of("backward_deep")


def backward(params, X, Y, Z1, A1, Z2, A2, P):
    dZ3 = (P - Y) / len(X)
    dA2 = dZ3 @ params["W3"].T
    dZ2 = dA2 * (Z2 > 0)
    return dZ3, dA2, dZ2


@wrong("deep-past-the-second-gate")
def dA2_for_dZ2(params, X, Y, Z1, A1, Z2, A2, P):
    dZ3, dA2, dZ2 = backward(params, X, Y, Z1, A1, Z2, A2, P)
    dZ1 = (dA2 @ params["W2"].T) * (Z1 > 0)
    pairs = {"3": (A2, dZ3), "2": (A1, dZ2), "1": (X, dZ1)}
    weights = {"W" + k: A.T @ dZ for k, (A, dZ) in pairs.items()}
    return weights | {"b" + k: dZ.sum(axis=0) for k, (A, dZ) in pairs.items()}


@wrong("", says='return {"b3": …')
def names_with_a_d(params, X, Y, Z1, A1, Z2, A2, P):
    dZ3, dA2, dZ2 = backward(params, X, Y, Z1, A1, Z2, A2, P)
    dZ1 = (dZ2 @ params["W2"].T) * (Z1 > 0)
    pairs = {"3": (A2, dZ3), "2": (A1, dZ2), "1": (X, dZ1)}
    weights = {"dW" + k: A.T @ dZ for k, (A, dZ) in pairs.items()}
    return weights | {"db" + k: dZ.sum(axis=0) for k, (A, dZ) in pairs.items()}


of("minibatches")


@wrong("shuffle-separately", says="one that reaches X or y alone")
def y_as_it_was(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for s in range(0, len(X), batch_size):
        yield X[order[s : s + batch_size]], y[s : s + batch_size]


of("hold_out")


@wrong("hold-out-rounded-up")
def ceil(y, share):
    held = np.zeros(len(y), dtype=bool)
    for k in np.unique(y):
        rows = np.flatnonzero(y == k)
        held[rows[: math.ceil(share * len(rows))]] = True
    return held


of("stop_at")


def stopping(losses, patience):
    best, kept = np.inf, 0
    for epoch, now in enumerate(losses, start=1):
        if now < best:
            best, kept = now, epoch
        if epoch - kept == patience:
            break
    return kept, epoch


@wrong("", says="last is None for some inputs")
def none_when_patience_lasts(losses, patience):
    kept, last = stopping(losses, patience)
    return kept, last if last - kept == patience else None


@right
def as_an_array(losses, patience):
    return np.array(stopping(losses, patience))


# ---------------------------------------------------------------- 11 to 13

of("he_normal")
wrong(
    "he-own-generator",
    lambda n, m, rng: np.random.default_rng(0).standard_normal((n, m)) * np.sqrt(2 / n),
    "seed 0",
)
wrong(
    "",
    lambda n, m, rng: np.random.default_rng(77).standard_normal((n, m)) * np.sqrt(2 / n),
    "another seed",
    says="draws nothing from rng",
)


def sizes(weights, A, size=np.std, gate=lambda Z: np.maximum(0, Z)):
    found = []
    for W in weights:
        Z = A @ W
        found.append(size(Z))
        A = gate(Z)
    return found


of("signal_sizes")
wrong("signal-per-unit-listed", lambda w, X: sizes(w, X, lambda Z: Z.std(axis=0)))
wrong("signal-first-weights", lambda w, X: [(X @ w[0]).std() for _ in w])
wrong("signal-other-gate", lambda w, X: sizes(w, X, gate=np.tanh))

of("momentum_step")
wrong("momentum-mu-on-both", lambda th, v, g, lr, mu: (th - lr * mu * (v + g), mu * (v + g)))


@right
def both_in_one_array(theta, v, g, lr, mu):
    v = mu * v + g
    return np.stack([theta - lr * v, v])


of("rmsprop_step")
wrong(
    "rmsprop-adds-up",
    lambda th, s, g, lr, a, eps: (th - lr * g / (np.sqrt(s + g**2) + eps), s + g**2),
)

of("adam_step")


@wrong("adam-beta1-in-v")
def beta1_in_v(theta, m, v, g, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta1 * v + (1 - beta1) * g**2
    return theta - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


of("weight_decay_gradient")
wrong("decay-of-the-gradient", lambda dW, W, lam: dW + lam * dW)
wrong(
    "",
    lambda dW, W, lam: (dW + lam * W) / (1 - lam),
    "a factor",
    says="1/(1 − lam) times the right one",
)

of("dropout_forward")


@wrong("dropout-scaled-twice")
def scaled_twice(X, p, rng):
    mask = (rng.random(X.shape) >= p) / (1 - p)
    return X * mask / (1 - p), mask


@wrong("dropout-divide-by-p")
def by_p(X, p, rng):
    mask = (rng.random(X.shape) >= p) / p
    return X * mask, mask


@wrong("dropout-other-draw")
def kept_below(X, p, rng):
    mask = (rng.random(X.shape) < 1 - p) / (1 - p)
    return X * mask, mask


of("dropout_backward")
wrong("dropout-back-hidden-ones", lambda dA, mask, p: dA * (1 - mask) / (1 - p))
wrong("dropout-back-brackets", lambda dA, mask, p: dA * mask / 1 - p)

of("early_stopping")


@wrong("stop-against-previous")
def by_index(losses, patience):
    waited = 0
    for epoch in range(1, len(losses)):
        waited = waited + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if waited >= patience:
            return epoch, int(np.argmin(losses[: epoch + 1]))
    return len(losses) - 1, int(np.argmin(losses))


# ---------------------------------------------------------------- 14 to 17

of("dead_units")
wrong("dead-first-example", lambda A: (A[0] == 0).sum())
wrong("dead-small", lambda A: (A.mean(axis=0) < 0.1).sum())
wrong("dead-mostly", lambda A: ((A == 0).mean(axis=0) > 0.9).sum())

of("scale_images")
wrong("images-minus-one-half", lambda I: I.reshape(len(I), -1) / 255 - 0.5)
wrong("images-int8", lambda I: I.reshape(len(I), -1).astype(np.int8) / 255 - 128 / 255)
wrong("", lambda I: (I.reshape(len(I), -1) - 120.0) / 255, says="0.03137 too large")

of("division_rule")
wrong("division-forgot-upstream-in-db", lambda d, a, b: (d / b, -a / b**2))
wrong("division-forgot-upstream-in-da", lambda d, a, b: (1 / b, -d * a / b**2))

of("walk_back")


@wrong("walk-to-itself", says="Nothing arrives at its parents")
def times_equal(order):
    for node in order:
        node.grad = 0.0
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, slope in zip(node.parents, node.slopes):
            parent.grad *= slope * node.grad
    return [node.grad for node in order]


of("topological_order")


@wrong("order-appended-by-its-users")
def appended_in_the_loop(node):
    order, seen = [], set()

    def visit(n):
        if n not in seen:
            seen.add(n)
            for p in n.parents:
                visit(p)
                order.append(p)

    visit(node)
    return [*order, node]


of("max_rule")


@wrong("max-of-the-table")
def of_the_whole_table(d, x):
    dx = np.zeros_like(x)
    dx[np.unravel_index(x.argmax(), x.shape)] = d.sum()
    return dx


@wrong("max-of-sizes")
def farthest_from_0(d, x):
    dx = np.zeros_like(x)
    dx[np.arange(len(x)), np.abs(x).argmax(axis=1)] = d
    return dx


of("to_weight")
wrong("remarked", lambda W: np.ascontiguousarray(W.T, dtype=np.float32))
wrong("", lambda W: W.T, says=".T or .reshape")

of("output_size")
wrong("size-rounded", lambda n, k, s, p: round((n + 2 * p - k) / s) + 1)
wrong("size-rounded-up", lambda n, k, s, p: math.ceil((n + 2 * p - k) / s) + 1)

of("conv1d_forward")
wrong(
    "conv1d-mean",
    lambda x, w, b: [(x[i : i + len(w)] * w).mean() + b for i in range(len(x) - len(w) + 1)],
)


def pooled(dA, X, first):
    dX = np.zeros(X.shape)
    for n, c, i, j in np.ndindex(dA.shape):
        r, s = first(X[n, c, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2])
        dX[n, c, 2 * i + r, 2 * j + s] = dA[n, c, i, j]
    return dX


of("max_pool_backward")
wrong(
    "pool-back-by-columns",
    lambda dA, X: pooled(dA, X, lambda w: np.unravel_index(w.T.argmax(), (2, 2))[::-1]),
)
wrong(
    "pool-back-sizes",
    lambda dA, X: pooled(dA, X, lambda w: np.unravel_index(np.abs(w).argmax(), (2, 2))),
)


def convolved(X, W, b, stride, padding, bias=True, turned=False):
    p, k = padding, W.shape[2]
    X = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))
    rows, columns = ((n - k) // stride + 1 for n in X.shape[2:])
    Z = np.zeros((len(X), len(W), rows, columns))
    for n, o, i, j in np.ndindex(Z.shape):
        r, c = stride * i, stride * j
        if turned:
            r, c = c, r
        window = X[n, :, r : r + k, c : c + k]
        part = W[o][:, : window.shape[1], : window.shape[2]]
        Z[n, o, i, j] = (window * part).sum() + b[o] if bias else (window * part + b[o]).sum()
    return Z


of("conv2d_forward")
wrong("conv-no-stride", lambda X, W, b, s, p: convolved(X, W, b, 1, p))
wrong("conv-no-padding", lambda X, W, b, s, p: convolved(X, W, b, s, 0))
wrong("conv-rows-for-columns", lambda X, W, b, s, p: convolved(X, W, b, s, p, turned=True))
wrong("conv-bias-in-sum", lambda X, W, b, s, p: convolved(X, W, b, s, p, bias=False))

# ---------------------------------------------------------------- a second examination


def layer(change):
    """The gradients of a linear layer, some of them changed."""

    def answer(dZ, X, W):
        right = {"dX": dZ @ W.T, "dW": X.T @ dZ, "db": dZ.sum(axis=0)}
        return tuple((right | change(dZ, X, W)).values())

    return answer


of("relu_backward")
wrong("relu-forward-again", lambda dA, Z: Z * (Z > 0))

of("standardise")
wrong(
    "test-plus-mean",
    lambda a, b: ((a - a.mean(0)) / a.std(0), (b + a.mean(0)) / a.std(0)),
)
wrong(
    "median-for-mean",
    lambda a, b: ((a - np.median(a, 0)) / a.std(0), (b - np.median(a, 0)) / a.std(0)),
)

of("cross_entropy")
wrong("loss-median", lambda P, y: np.median(-np.log(np.maximum(P[np.arange(len(y)), y], 1e-12))))
wrong("loss-of-inverse", lambda P, y: (1 / np.maximum(P[np.arange(len(y)), y], 1e-12)).mean())

of("two_layer_scores")
wrong("hidden-bias-subtracted", lambda X, W1, b1, W2, b2: np.maximum(0, X @ W1 - b1) @ W2 + b2)

of("swish_backward")
wrong("swish-upstream-added", lambda dA, Z: dA + sigmoid(Z) + Z * sigmoid(Z) * (1 - sigmoid(Z)))

of("linear_backward")
wrong("", layer(lambda dZ, X, W: {"db": 2 * dZ.sum(axis=0)}), "db twice", says="db is 2 times")

of("two_layer_gradients")


@wrong("db-first-row", says="`db2 = dZ2[0]` in place of `db2 = dZ2.sum(axis=0)`. Look")
def first_row_for_db2(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    Z2 = np.maximum(0, Z1) @ W2 + b2
    dZ2 = (np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True) - np.eye(len(b2))[y]) / len(X)
    dZ1 = (dZ2 @ W2.T) * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), np.maximum(0, Z1).T @ dZ2, dZ2[0]


of("sgd_step")
wrong(
    "",
    lambda p, g, lr: [a - lr * b if a.ndim == 2 else a.copy() for a, b in zip(p, g)],
    "biases stay",
    says="is it computed at all",
)
wrong(
    "update-sign",
    lambda p, g, lr: [*(a - lr * b for a, b in zip(p[:3], g)), p[3] + lr * g[3]],
    "the last one",
    says="In params[3]",
)
wrong("gradient-squared", lambda p, g, lr: [a - lr * b * b for a, b in zip(p, g)])
wrong("gradient-clipped", lambda p, g, lr: [a - lr * np.clip(b, -0.5, 0.5) for a, b in zip(p, g)])

of("update_mended")
wrong(
    "",
    lambda p, g, lr: {n: p[n] - lr * g[n] if n != "W1" else p[n].copy() for n in p},
    "W1 stays",
    says="Compute the new W1 from the old one",
)

of("forward_deep")


def forward(p, X):
    Z1 = X @ p["W1"] + p["b1"]
    A1 = np.maximum(0, Z1)
    Z2 = A1 @ p["W2"] + p["b2"]
    A2 = np.maximum(0, Z2)
    E = np.exp(A2 @ p["W3"] + p["b3"])
    return Z1, A1, Z2, A2, E / E.sum(axis=1, keepdims=True)


wrong(
    "deep-classes-for-probabilities", lambda p, X: (*forward(p, X)[:4], forward(p, X)[4].argmax(1))
)
wrong(
    "", lambda p, X: forward(p, X)[:4], "P missing", says="4 things, the right Z1, A1, Z2 and A2;"
)
wrong(
    "",
    lambda p, X: (*forward(p, X)[:4], np.log(forward(p, X)[4])),
    "logarithm",
    says="P is the natural logarithm of the right one",
)

of("backward_deep")


@wrong("", says="W3 is no array of numbers, but None.")
def None_for_one(params, X, Y, Z1, A1, Z2, A2, P):
    dZ3, _, dZ2 = backward(params, X, Y, Z1, A1, Z2, A2, P)
    dZ1 = (dZ2 @ params["W2"].T) * (Z1 > 0)
    pairs = {"3": (A2, dZ3), "2": (A1, dZ2), "1": (X, dZ1)}
    found = {"W" + k: A.T @ dZ for k, (A, dZ) in pairs.items()} | {"W3": None}
    return found | {"b" + k: dZ.sum(axis=0) for k, (A, dZ) in pairs.items()}


of("stop_at")
wrong(
    "",
    lambda v, p: (stopping(v, p)[0], stopping(v, p)[1] + 1),
    "one more",
    says="last is off by one number everywhere: 1 too large.",
)

of("early_stopping")


@wrong("", says="best_epoch is right for most inputs, but not for losses that are all the same.")
def the_last_of_equal_ones(losses, patience):
    kept, last = stopping(losses, patience)
    seen = losses[:last]
    return last - 1, max(i for i, loss in enumerate(seen) if loss == min(seen))


@right
def in_an_array(losses, patience):
    return np.array(stopping(losses, patience))[::-1] - 1


of("momentum_step")
wrong(
    "",
    lambda th, v, g, lr, mu: (th - (mu * v + g), mu * v + g),
    "no lr in theta",
    says="is 1/lr times the right one",
)
of("rmsprop_step")
wrong(
    "rmsprop-sign-of-g",
    lambda th, s, g, lr, a, eps: (
        th - lr * np.sign(g) / (np.sqrt(a * s + (1 - a) * g**2) + eps),
        a * s + (1 - a) * g**2,
    ),
)


def adam(theta, m, v, g, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return m / (1 - beta1**t), np.sqrt(v / (1 - beta2**t)), m, v


of("adam_step")


@wrong("adam-g-for-m")
def g_for_m(theta, m, v, g, t, lr, *rest):
    m_hat, root, m, v = adam(theta, m, v, g, t, lr, *rest)
    return theta - lr * g / (root + rest[-1]), m, v


@wrong("adam-eps-outside")
def eps_outside(theta, m, v, g, t, lr, *rest):
    m_hat, root, m, v = adam(theta, m, v, g, t, lr, *rest)
    return theta - lr * m_hat / root + rest[-1], m, v


@wrong("", says="What is added to the old theta is 1/t times the right one.")
def rate_divided_by_t(theta, m, v, g, t, lr, *rest):
    m_hat, root, m, v = adam(theta, m, v, g, t, lr, *rest)
    return theta - lr / t * m_hat / (root + rest[-1]), m, v


@wrong("", says="v is the square root of the right one")
def root_of_v(theta, m, v, g, t, lr, *rest):
    m_hat, root, m, v = adam(theta, m, v, g, t, lr, *rest)
    return theta - lr * m_hat / (root + rest[-1]), m, np.sqrt(v)


of("cosine_schedule")
wrong("cosine-sine", lambda step, steps, lr: lr / 2 * (1 + np.sin(np.pi * step / steps)))

of("weight_decay_gradient")
wrong("decay-lam-added", lambda dW, W, lam: dW + W + lam)

of("dropout_forward")


@wrong("dropout-hidden-as-they-were")
def hidden_as_they_were(X, p, rng):
    keep = rng.random(X.shape) >= p
    return np.where(keep, X / (1 - p), X), keep / (1 - p)


@wrong("dropout-mask-added")
def mask_added(X, p, rng):
    mask = (rng.random(X.shape) >= p) / (1 - p)
    return X + mask, mask


of("dropout_backward")
wrong(
    "", lambda dA, mask, p: dA * mask / np.sqrt(1 - p), says="dX is √(1 − p) times the right one."
)

of("walk_back")


@wrong("walk-clears-too-late")
def cleared_when_used(order):
    for node in order:
        node.grad = 0.0
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, slope in zip(node.parents, node.slopes):
            parent.grad += slope * node.grad
            node.grad = 0.0
    return [node.grad for node in order]


of("topological_order")


@wrong("", says="A result stands before something that it was computed from.")
def sorted_by_value(node):
    found, todo = [node], [node]
    while todo:
        new = [p for p in todo.pop().parents if p not in found]
        found, todo = [*found, *dict.fromkeys(new)], todo + new
    return sorted(found, key=lambda n: float(n.data))


of("division_rule")


@right
def stacked(d, a, b):
    return np.stack([d / b, -d * a / b**2])


of("conv1d_backward")
wrong(
    "",
    lambda dz, x, w: (np.convolve(dz, w), np.correlate(x, dz, "valid"), len(w) * dz.sum()),
    "db k times",
    says="db is k times the right one.",
)

of("output_size")
wrong("size-minus-padding", lambda n, k, s, p: (n - 2 * p - k) // s + 1)

of("max_pool_backward")
wrong(
    "pool-back-smallest",
    lambda dA, X: pooled(dA, X, lambda w: np.unravel_index(w.argmin(), (2, 2))),
)


of("sigmoid_backward")
wrong("sigmoid-brackets", lambda dA, A: dA * A - (1 - A))

of("conv1d_forward")
wrong(
    "conv1d-bias-subtracted",
    lambda x, w, b: [(x[i : i + len(w)] * w).sum() - b for i in range(len(x) - len(w) + 1)],
)

of("standardise")
wrong(
    "variance-for-std",
    lambda a, b: ((a - a.mean(0)) / a.std(0), (b - a.mean(0)) / a.var(0)),
    "X_test alone",
    says="In X_test: You divide by the variance.",
)

of("dropout_forward")


@wrong("dropout-times", says="In A: The entries that are left are multiplied by 1 − p")
def A_alone_shrinks(X, p, rng):
    keep = rng.random(X.shape) >= p
    return X * keep * (1 - p), keep / (1 - p)


# ---------------------------------------------------------------- what is asked for, in words


of("update_mended")
wrong(
    "",
    lambda p, g, lr: {n: p[n] - lr * g[n] if n != "W2" else g[n].copy() for n in p},
    "a gradient for W2",
    says="return a dictionary with all names of params",
)

of("minibatches")


@wrong("", says="return batches, each of them a pair")
def no_return(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X, y = X[order], y[order]


of("topological_order")
wrong("", lambda node: (1, 2), says="asked for: a list of nodes.")

of("numerical_gradient")


@wrong("", says="return the slopes, an array of the shape of x")
def no_slopes_returned(f, x):
    f(x)


of("backward_deep")


@wrong("", says='return {"b3": …')
def no_gradients_returned(params, X, Y, Z1, A1, Z2, A2, P):
    backward(params, X, Y, Z1, A1, Z2, A2, P)


# ---------------------------------------------------------------- a third one: these had passed


of("momentum_step")
wrong("", lambda th, v, g, lr, mu: (th - 0.1 * (mu * v + g), mu * v + g), "lr is 0.1")
wrong("", lambda th, v, g, lr, mu: (th - lr * (0.8 * v + g), 0.8 * v + g), "mu is 0.8")

of("rmsprop_step")


def rmsprop(theta, s, g, lr, alpha, eps):
    s = alpha * s + (1 - alpha) * g**2
    return theta - lr * g / (np.sqrt(s) + eps), s


wrong("", lambda th, s, g, lr, a, eps: rmsprop(th, s, g, 0.1, a, eps), "lr is 0.1")
wrong("", lambda th, s, g, lr, a, eps: rmsprop(th, s, g, lr, 0.9, eps), "alpha is 0.9")
wrong("", lambda th, s, g, lr, a, eps: rmsprop(th, s, g, lr, a, 0.01), "eps is 0.01")

of("adam_step")


def adam_with(theta, m, v, g, t, lr, beta1, beta2, eps):
    m_hat, root, m, v = adam(theta, m, v, g, t, lr, beta1, beta2, eps)
    return theta - lr * m_hat / (root + eps), m, v


wrong("", lambda *a: adam_with(*a[:5], 0.1, *a[6:]), "lr is 0.1")
wrong("", lambda *a: adam_with(*a[:6], 0.9, *a[7:]), "beta1 is 0.9")
wrong("", lambda *a: adam_with(*a[:7], 0.99, 0.01), "beta2 is 0.99, eps is 0.01")

of("accuracy_in_batches")
wrong(
    "",
    lambda predict, X, y, size: np.mean(predict(X).argmax(axis=1) == y),
    "all at once",
    says="predict got 10 rows at once where size is 4",
)

of("sigmoid")
wrong("", lambda Z: np.where(Z > 4, 1.0, (1 + np.tanh(Z / 2)) / 2), "1 above 4")
wrong(
    "",
    lambda Z: np.where(Z > 3, 1, np.where(Z < -3, 0, (1 + np.tanh(Z / 2)) / 2)),
    "0 and 1 beyond 3",
)

of("softmax")


@wrong("")
def small_ones_dropped(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    E[E < 1e-4] = 0
    return E / E.sum(axis=1, keepdims=True)


of("cross_entropy")


def of_truth(P, y):
    return P[np.arange(len(y)), y]


wrong("remarked", lambda P, y: -np.log(np.maximum(of_truth(P, y), 1e-10)).mean(), "1e-10")
wrong(
    "remarked",
    lambda P, y: -np.log(np.where(of_truth(P, y) == 0, 1e-12, of_truth(P, y))).mean(),
    "0 alone",
)
wrong(
    "",
    lambda P, y: -np.maximum(np.log(of_truth(P, y)).mean(), np.log(1e-12)),
    "floor of the mean",
)


@wrong("")
def one_zero_is_all(P, y):
    p = of_truth(P, y)
    return -np.log(1e-12) if (p == 0).any() else -np.log(p).mean()


of("minibatches")


@wrong("remarked")
def first_batch_short(X, y, batch_size, rng):
    order, first = rng.permutation(len(X)), len(X) % batch_size or batch_size
    later = [order[i : i + batch_size] for i in range(first, len(X), batch_size)]
    return [(X[rows], y[rows]) for rows in [order[:first], *later]]


@wrong("remarked")
def equal_parts(X, y, batch_size, rng):
    parts = np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size))
    return [(X[rows], y[rows]) for rows in parts]


@wrong("", says="not rows of X")
def columns_too(X, y, batch_size, rng):
    order, columns = rng.permutation(len(X)), rng.permutation(X.shape[1])
    starts = range(0, len(X), batch_size)
    cuts = [order[i : i + batch_size] for i in starts]
    return [(X[rows][:, columns], y[rows]) for rows in cuts]


of("epoch_loss")


@wrong("")
def all_but_the_last_like_the_first(losses, sizes):
    weights = np.full(len(losses), sizes[0], float)
    weights[-1] = sizes[-1]
    return (np.array(losses) * weights).sum() / weights.sum()


of("hold_out")


def held_out(number, kind=bool):
    def answer(y, share):
        held = np.zeros(len(y), dtype=kind)
        for k in np.unique(y):
            rows = np.flatnonzero(y == k)
            held[rows[: number(share * len(rows))]] = True
        return held

    return answer


wrong("", held_out(round, int), "integers", says="What comes back holds 0 and 1")
wrong("hold-out-at-least-one", held_out(lambda n: max(1, round(n))), "at least one")
wrong("hold-out-half-up", held_out(lambda n: int(n + 0.5)), "half up")

of("stop_at")


@wrong("stop-only-for-a-clear-drop")
def drops_of_002(losses, patience):
    best, kept = np.inf, 0
    for epoch, now in enumerate(losses, start=1):
        if now < best - 0.02:
            best, kept = now, epoch
        if epoch - kept == patience:
            break
    return kept, epoch


of("early_stopping")


@wrong("stop-only-for-a-clear-drop")
def drops_of_001(losses, patience):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < best - 0.005:
            best, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return epoch, kept


of("confusion_matrix")


@wrong("")
def counted_in_uint8(y, predicted, K):
    C = np.zeros((K, K), np.uint8)
    for i, j in zip(y, predicted):
        C[i, j] += 1
    return C


of("dropout_forward")


@wrong("")
def mask_from_the_output(X, p, rng):
    A = X * (rng.random(X.shape) >= p) / (1 - p)
    return A, (A != 0) / (1 - p)


of("dead_units")
wrong("", lambda A: sum((A[:, j] == 0).all() for j in range(A.shape[1] - 1)), "but the last")
wrong("", lambda A: (A[:-1] == 0).all(axis=0).sum(), "but the last example")

of("update_ratio")
wrong("remarked", lambda a, b: np.linalg.norm(b - a, 2) / np.linalg.norm(a, 2), "spectral")
right(lambda a, b: np.sqrt((b - a) @ (b - a) / (a @ a)))

of("unbroadcast")


@wrong("")
def first_stretched_axis_alone(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, n in enumerate(shape):
        if n == 1:
            return grad.sum(axis=axis, keepdims=True)
    return grad


of("topological_order")


@wrong("")
def list_kept_between_calls(node, order=[]):  # noqa: B006
    for parent in node.parents:
        list_kept_between_calls(parent)
    if node not in order:
        order.append(node)
    return order


@wrong("", says="that node was not computed from")
def a_foreign_node_in_front(node):
    order, seen = [], set()

    def visit(n):
        if n not in seen:
            seen.add(n)
            for p in n.parents:
                visit(p)
            order.append(n)

    visit(node)
    return [type(node)(0.0), *order]


of("conv2d_forward")
wrong(
    "",
    lambda X, W, b, s, p: convolved(X, W[:, :, :3, :3], b, s, p),
    "kernels of 3 at most",
)
