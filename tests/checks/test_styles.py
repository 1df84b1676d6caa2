"""No right answer is called wrong, whatever its style: loops, einsum, other floats, lists, copies.

Ten and more for each exercise. Each is written as a learner might write it, and must pass.
"""

import math

import numpy as np
import pytest

from nnlib import checks

STYLES = {}


def right(name):
    """Note a function as a right answer to the exercise of that name."""

    def note(function):
        STYLES.setdefault(name, []).append(function)
        return function

    return note


# ---------------------------------------------------------------- sigmoid


@right("sigmoid")
def plain(Z):
    return 1 / (1 + np.exp(-Z))


@right("sigmoid")
def both_branches(Z):
    out = np.empty_like(Z)
    up = Z >= 0
    out[up] = 1 / (1 + np.exp(-Z[up]))
    e = np.exp(Z[~up])
    out[~up] = e / (1 + e)
    return out


@right("sigmoid")
def plain_loop_with_math(Z):
    return np.array([[1 / (1 + math.exp(-z)) for z in row] for row in Z])


@right("sigmoid")
def the_other_form(Z):
    return np.exp(Z) / (1 + np.exp(Z))


@right("sigmoid")
def by_tanh(Z):
    return (np.tanh(Z / 2) + 1) / 2


@right("sigmoid")
def loop_with_math(Z):
    out = np.zeros(Z.shape)
    for i in range(Z.shape[0]):
        for j in range(Z.shape[1]):
            z = Z[i, j]
            if z < -700:
                out[i, j] = 0.0
            else:
                out[i, j] = 1.0 / (1.0 + math.exp(-z))
    return out


@right("sigmoid")
def nested_lists(Z):
    return [[1 / (1 + np.exp(-z)) for z in row] for row in Z]


@right("sigmoid")
def vectorized(Z):
    return np.vectorize(lambda z: 1 / (1 + np.exp(-z)))(Z)


@right("sigmoid")
def power_of_e(Z):
    return (1 + np.e ** (-Z)) ** -1


@right("sigmoid")
def single_precision(Z):
    return 1 / (1 + np.exp(-Z.astype(np.float32)))


@right("sigmoid")
def clipped(Z):
    return 1 / (1 + np.exp(-np.clip(Z, -500, 500)))


@right("sigmoid")
def in_place_on_a_copy(Z):
    A = Z.copy()
    A *= -1
    np.exp(A, out=A)
    A += 1
    np.reciprocal(A, out=A)
    return A


@right("sigmoid")
def by_logaddexp(Z):
    return np.exp(-np.logaddexp(0, -Z))


@right("sigmoid")
def map_and_reshape(Z):
    return np.array(list(map(plain, Z.ravel()))).reshape(Z.shape)


# ---------------------------------------------------------------- sigmoid_backward


@right("sigmoid_backward")
def sb_plain(dA, A):
    return dA * A * (1 - A)


@right("sigmoid_backward")
def sb_expanded(dA, A):
    return dA * (A - A**2)


@right("sigmoid_backward")
def sb_loop(dA, A):
    dZ = np.zeros_like(dA)
    for index in np.ndindex(A.shape):
        dZ[index] = dA[index] * A[index] * (1 - A[index])
    return dZ


@right("sigmoid_backward")
def sb_einsum(dA, A):
    return np.einsum("ij,ij,ij->ij", dA, A, 1 - A)


@right("sigmoid_backward")
def sb_lists(dA, A):
    return [
        [d * a * (1 - a) for d, a in zip(p, q, strict=True)] for p, q in zip(dA, A, strict=True)
    ]


@right("sigmoid_backward")
def sb_single(dA, A):
    return (dA * A * (1 - A)).astype(np.float32)


@right("sigmoid_backward")
def sb_long(dA, A):
    A = A.astype(np.longdouble)
    return dA * A * (1 - A)


@right("sigmoid_backward")
def sb_copy(dA, A):
    out = dA.copy()
    out *= A
    out *= 1 - A
    return out


@right("sigmoid_backward")
def sb_multiply(dA, A):
    return np.multiply(np.multiply(A, np.subtract(1, A)), dA)


@right("sigmoid_backward")
def sb_through_z(dA, A):
    Z = np.log(A) - np.log(1 - A)
    return dA * np.exp(-Z) / (1 + np.exp(-Z)) ** 2


@right("sigmoid_backward")
def sb_transposed_inside(dA, A):
    return (dA.T * (A.T - A.T * A.T)).T


# ---------------------------------------------------------------- relu_backward


@right("relu_backward")
def rb_plain(dA, Z):
    return dA * (Z > 0)


@right("relu_backward")
def rb_at_zero_too(dA, Z):
    return dA * (Z >= 0)


@right("relu_backward")
def rb_where(dA, Z):
    return np.where(Z > 0, dA, 0)


@right("relu_backward")
def rb_copy(dA, Z):
    dZ = dA.copy()
    dZ[Z <= 0] = 0
    return dZ


@right("relu_backward")
def rb_array_copy(dA, Z):
    dZ = np.array(dA, copy=True)
    dZ[Z < 0] = 0
    return dZ


@right("relu_backward")
def rb_sign(dA, Z):
    return dA * np.maximum(0, np.sign(Z))


@right("relu_backward")
def rb_heaviside(dA, Z):
    return dA * np.heaviside(Z, 0.0)


@right("relu_backward")
def rb_by_activation(dA, Z):
    A = np.maximum(0, Z)
    return dA * (A > 0)


@right("relu_backward")
def rb_loop(dA, Z):
    dZ = np.zeros(Z.shape)
    for n, row in enumerate(Z):
        for h, z in enumerate(row):
            if z > 0:
                dZ[n, h] = dA[n, h]
    return dZ


@right("relu_backward")
def rb_lists(dA, Z):
    return [
        [d if z > 0 else 0 for d, z in zip(a, b, strict=True)] for a, b in zip(dA, Z, strict=True)
    ]


@right("relu_backward")
def rb_single(dA, Z):
    return dA.astype("float32") * (Z > 0).astype("float32")


@right("relu_backward")
def rb_masked(dA, Z):
    return np.ma.filled(np.ma.masked_array(dA, mask=Z <= 0), 0.0)


# ---------------------------------------------------------------- softmax


@right("softmax")
def so_plain(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@right("softmax")
def so_newaxis(Z):
    E = np.exp(Z - np.max(Z, axis=1)[:, np.newaxis])
    return E / np.sum(E, axis=1)[:, None]


@right("softmax")
def so_last_axis(Z):
    Z = Z - np.amax(Z, axis=-1, keepdims=True)
    return np.exp(Z) / np.exp(Z).sum(axis=-1, keepdims=True)


@right("softmax")
def so_rows(Z):
    P = []
    for z in Z:
        e = np.exp(z - max(z))
        P.append(e / sum(e))
    return np.array(P)


@right("softmax")
def so_comprehension(Z):
    return np.array([np.exp(z - z.max()) / np.exp(z - z.max()).sum() for z in Z])


@right("softmax")
def so_math(Z):
    P = np.zeros(Z.shape)
    for n in range(Z.shape[0]):
        top = max(Z[n])
        total = 0.0
        for k in range(Z.shape[1]):
            total += math.exp(Z[n, k] - top)
        for k in range(Z.shape[1]):
            P[n, k] = math.exp(Z[n, k] - top) / total
    return P


@right("softmax")
def so_transposed_inside(Z):
    T = Z.T
    E = np.exp(T - T.max(axis=0))
    return (E / E.sum(axis=0)).T


@right("softmax")
def so_log(Z):
    S = Z - Z.max(axis=1, keepdims=True)
    return np.exp(S - np.log(np.exp(S).sum(axis=1, keepdims=True)))


@right("softmax")
def so_logaddexp(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1, keepdims=True))


@right("softmax")
def so_einsum(Z):
    E = np.exp(Z - Z.max(axis=1).reshape(-1, 1))
    return np.einsum("nk,n->nk", E, 1 / np.einsum("nk->n", E))


@right("softmax")
def so_apply(Z):
    return np.apply_along_axis(lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum(), 1, Z)


@right("softmax")
def so_copy(Z):
    Z = Z.copy()
    Z -= Z.max(axis=1, keepdims=True)
    np.exp(Z, out=Z)
    Z /= Z.sum(axis=1, keepdims=True)
    return Z


@right("softmax")
def so_single(Z):
    Z = Z.astype(np.float32)
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@right("softmax")
def so_nested_lists(Z):
    return [list(row) for row in so_plain(Z)]


@right("softmax")
def so_largest_of_all(Z):
    E = np.exp(Z - np.max(Z))
    return E / E.sum(axis=1, keepdims=True)


# ---------------------------------------------------------------- cross_entropy


@right("cross_entropy")
def ce_plain(P, y):
    return -np.log(np.clip(P[np.arange(len(y)), y], 1e-12, 1)).mean()


@right("cross_entropy")
def ce_float(P, y):
    return float(np.mean([-math.log(max(p[k], 1e-15)) for p, k in zip(P, y, strict=True)]))


@right("cross_entropy")
def ce_one_hot(P, y):
    Y = np.eye(P.shape[1])[y]
    return -(Y * np.log(P + 1e-12)).sum() / len(y)


@right("cross_entropy")
def ce_one_hot_by_rows(P, y):
    Y = np.zeros(P.shape)
    Y[np.arange(len(y)), y] = 1
    return np.mean(-np.sum(Y * np.log(np.maximum(P, 1e-10)), axis=1))


@right("cross_entropy")
def ce_loop(P, y):
    loss = 0
    for n in range(len(y)):
        loss += -np.log(P[n, y[n]] + 1e-9)
    return loss / len(y)


@right("cross_entropy")
def ce_take(P, y):
    p = np.take_along_axis(P, y[:, None].astype(int), axis=1)
    return np.mean(-np.log(np.clip(p, 1e-8, None)))


@right("cross_entropy")
def ce_mask(P, y):
    chosen = P[y[:, None] == np.arange(P.shape[1])]
    return -np.log(chosen.clip(1e-12)).mean()


@right("cross_entropy")
def ce_product_with_one_hot(P, y):
    p = (P * np.eye(P.shape[1])[y]).sum(axis=1)
    return np.log(1 / np.clip(p, 1e-12, 1)).sum() / P.shape[0]


@right("cross_entropy")
def ce_einsum(P, y):
    return -np.einsum("nk,nk->", np.eye(P.shape[1])[y], np.log(np.clip(P, 1e-12, 1))) / len(P)


@right("cross_entropy")
def ce_single(P, y):
    P = P.astype(np.float32)
    return -np.log(np.clip(P[range(len(y)), y], 1e-7, 1)).mean()


@right("cross_entropy")
def ce_zero_dimensional(P, y):
    return np.array(ce_plain(P, y))


@right("cross_entropy")
def ce_tiny(P, y):
    tiny = np.finfo(float).tiny
    return -np.mean(np.log(np.maximum(P[np.arange(len(P)), y], tiny)))


@right("cross_entropy")
def ce_trace(P, y):
    return -np.trace(np.log(P[:, y].clip(1e-12))) / len(y)


# ---------------------------------------------------------------- softmax_cross_entropy_backward


@right("softmax_cross_entropy_backward")
def sc_plain(P, y):
    return (P - np.eye(P.shape[1])[y]) / len(y)


@right("softmax_cross_entropy_backward")
def sc_copy(P, y):
    dZ = P.copy()
    dZ[np.arange(len(y)), y] -= 1
    dZ /= len(y)
    return dZ


@right("softmax_cross_entropy_backward")
def sc_loop(P, y):
    N, K = P.shape
    dZ = np.zeros((N, K))
    for n in range(N):
        for k in range(K):
            dZ[n, k] = (P[n, k] - (1 if k == y[n] else 0)) / N
    return dZ


@right("softmax_cross_entropy_backward")
def sc_lists(P, y):
    return [[(p - (k == c)) / len(y) for k, p in enumerate(r)] for r, c in zip(P, y, strict=True)]


@right("softmax_cross_entropy_backward")
def sc_bool_table(P, y):
    return (P - (y[:, None] == np.arange(P.shape[1]))) / P.shape[0]


@right("softmax_cross_entropy_backward")
def sc_mean_first(P, y):
    Y = np.zeros_like(P)
    Y[range(len(y)), y] = 1.0
    return P / len(P) - Y / len(P)


@right("softmax_cross_entropy_backward")
def sc_jacobian(P, y):
    N, K = P.shape
    dZ = np.zeros_like(P)
    for n in range(N):
        J = np.diag(P[n]) - np.outer(P[n], P[n])
        dP = np.zeros(K)
        dP[y[n]] = -1 / P[n, y[n]] / N
        dZ[n] = J @ dP
    return dZ


@right("softmax_cross_entropy_backward")
def sc_through_dP(P, y):
    dP = -np.eye(P.shape[1])[y] / P / len(y)
    return P * (dP - (dP * P).sum(axis=1, keepdims=True))


@right("softmax_cross_entropy_backward")
def sc_minus_of_minus(P, y):
    return -(np.eye(P.shape[1])[y] - P) / y.size


@right("softmax_cross_entropy_backward")
def sc_single(P, y):
    return ((P - np.eye(P.shape[1])[y]) / len(y)).astype(np.float32)


@right("softmax_cross_entropy_backward")
def sc_einsum(P, y):
    return np.einsum("nk,->nk", P - np.identity(P.shape[1])[y], 1 / len(y))


@right("softmax_cross_entropy_backward")
def sc_subtract_at(P, y):
    dZ = np.array(P)
    np.subtract.at(dZ, (np.arange(len(y)), y), 1.0)
    return dZ * (1 / len(y))


# ---------------------------------------------------------------- linear_forward


@right("linear_forward")
def lf_plain(X, W, b):
    return X @ W + b


@right("linear_forward")
def lf_dot(X, W, b):
    return np.dot(X, W) + b


@right("linear_forward")
def lf_einsum(X, W, b):
    return np.einsum("nd,dm->nm", X, W) + b[None, :]


@right("linear_forward")
def lf_loops(X, W, b):
    Z = np.zeros((X.shape[0], W.shape[1]))
    for n in range(X.shape[0]):
        for m in range(W.shape[1]):
            Z[n, m] = b[m]
            for d in range(X.shape[1]):
                Z[n, m] += X[n, d] * W[d, m]
    return Z


@right("linear_forward")
def lf_rows(X, W, b):
    return np.array([x @ W + b for x in X])


@right("linear_forward")
def lf_pure_python(X, W, b):
    return [
        [sum(x * w for x, w in zip(row, W[:, m], strict=True)) + b[m] for m in range(len(b))]
        for row in X
    ]


@right("linear_forward")
def lf_transposed_inside(X, W, b):
    return (W.T @ X.T + b[:, None]).T


@right("linear_forward")
def lf_in_place(X, W, b):
    Z = X @ W
    Z += b
    return Z


@right("linear_forward")
def lf_bias_folded_in(X, W, b):
    return np.c_[X, np.ones(len(X))] @ np.vstack([W, b])


@right("linear_forward")
def lf_tensordot(X, W, b):
    return np.add(np.tensordot(X, W, axes=1), b.reshape(1, -1))


@right("linear_forward")
def lf_single(X, W, b):
    return (X.astype(np.float32) @ W.astype(np.float32)) + b.astype(np.float32)


@right("linear_forward")
def lf_broadcast(X, W, b):
    return (X[:, :, None] * W[None, :, :]).sum(axis=1) + b


# ---------------------------------------------------------------- linear_backward


@right("linear_backward")
def lb_plain(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)


@right("linear_backward")
def lb_list(dZ, X, W):
    return [np.dot(dZ, W.T), np.dot(X.T, dZ), np.sum(dZ, 0)]


@right("linear_backward")
def lb_dict(dZ, X, W):
    return {"dW": X.T @ dZ, "db": dZ.sum(0), "dX": dZ @ W.T}


@right("linear_backward")
def lb_einsum(dZ, X, W):
    dX = np.einsum("nm,dm->nd", dZ, W)
    dW = np.einsum("nd,nm->dm", X, dZ)
    db = np.einsum("nm->m", dZ)
    return dX, dW, db


@right("linear_backward")
def lb_loops(dZ, X, W):
    (N, D), M = X.shape, W.shape[1]
    dX, dW, db = np.zeros((N, D)), np.zeros((D, M)), np.zeros(M)
    for n in range(N):
        for m in range(M):
            db[m] += dZ[n, m]
            for d in range(D):
                dX[n, d] += dZ[n, m] * W[d, m]
                dW[d, m] += X[n, d] * dZ[n, m]
    return dX, dW, db


@right("linear_backward")
def lb_outer(dZ, X, W):
    dW = sum(np.outer(x, dz) for x, dz in zip(X, dZ, strict=True))
    dX = np.array([W @ dz for dz in dZ])
    return dX, dW, sum(dZ)


@right("linear_backward")
def lb_transposed_inside(dZ, X, W):
    return (W @ dZ.T).T, (dZ.T @ X).T, dZ.T.sum(axis=1)


@right("linear_backward")
def lb_ones(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, np.ones(len(X)) @ dZ


@right("linear_backward")
def lb_single(dZ, X, W):
    dZ, X, W = dZ.astype(np.float32), X.astype(np.float32), W.astype(np.float32)
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)


@right("linear_backward")
def lb_nested_lists(dZ, X, W):
    return (dZ @ W.T).tolist(), (X.T @ dZ).tolist(), dZ.sum(axis=0).tolist()


@right("linear_backward")
def lb_averages(dZ, X, W):
    N = len(X)
    return np.matmul(dZ, W.transpose()), N * (X.T @ (dZ / N)), dZ.mean(axis=0) * N


@right("linear_backward")
def lb_accumulated(dZ, X, W):
    dW, db = np.zeros_like(W), np.zeros(W.shape[1])
    for n in range(len(X)):
        dW += X[n][:, None] * dZ[n][None, :]
        db += dZ[n]
    return np.tensordot(dZ, W, axes=([1], [1])), dW, db


# ---------------------------------------------------------------- two_layer_gradients


def probabilities(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@right("two_layer_gradients")
def tl_plain(X, y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(0, Z1)
    P = probabilities(A1 @ W2 + b2)
    dZ2 = (P - np.eye(P.shape[1])[y]) / len(y)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)
    return X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)


@right("two_layer_gradients")
def tl_list(X, y, W1, b1, W2, b2):
    return list(tl_plain(X, y, W1, b1, W2, b2))


@right("two_layer_gradients")
def tl_dict(X, y, W1, b1, W2, b2):
    return dict(zip(["dW1", "db1", "dW2", "db2"], tl_plain(X, y, W1, b1, W2, b2), strict=True))


@right("two_layer_gradients")
def tl_naive_softmax(X, y, W1, b1, W2, b2):
    h = np.clip(X.dot(W1) + b1, 0, None)
    e = np.exp(h.dot(W2) + b2)
    ds = e / e.sum(1, keepdims=True)
    ds[range(len(y)), y] -= 1
    ds /= len(y)
    dh = ds.dot(W2.T)
    dh[h <= 0] = 0
    return X.T.dot(dh), dh.sum(0), h.T.dot(ds), ds.sum(0)


@right("two_layer_gradients")
def tl_example_by_example(X, y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = (np.zeros_like(p) for p in (W1, b1, W2, b2))
    for x, k in zip(X, y, strict=True):
        z1 = x @ W1 + b1
        a1 = z1 * (z1 > 0)
        e = np.exp(a1 @ W2 + b2)
        dz2 = e / e.sum()
        dz2[k] -= 1
        dz1 = (W2 @ dz2) * (z1 > 0)
        dW1 += np.outer(x, dz1)
        db1 += dz1
        dW2 += np.outer(a1, dz2)
        db2 += dz2
    N = len(X)
    return dW1 / N, db1 / N, dW2 / N, db2 / N


@right("two_layer_gradients")
def tl_divide_at_the_end(X, y, W1, b1, W2, b2):
    N = X.shape[0]
    Z1 = X @ W1 + b1
    A1 = np.where(Z1 > 0, Z1, 0)
    dZ2 = probabilities(A1 @ W2 + b2) - np.eye(len(b2))[y]
    dZ1 = np.where(A1 > 0, dZ2 @ W2.T, 0)
    return X.T @ dZ1 / N, dZ1.mean(axis=0), A1.T @ dZ2 / N, dZ2.mean(axis=0)


@right("two_layer_gradients")
def tl_einsum(X, y, W1, b1, W2, b2):
    Z1 = np.einsum("nd,dh->nh", X, W1) + b1
    A1 = np.maximum(Z1, 0)
    P = probabilities(np.einsum("nh,hk->nk", A1, W2) + b2)
    dZ2 = (P - (y[:, None] == np.arange(len(b2)))) / len(y)
    dZ1 = np.einsum("nk,hk,nh->nh", dZ2, W2, Z1 > 0)
    return (
        np.einsum("nd,nh->dh", X, dZ1), np.einsum("nh->h", dZ1),
        np.einsum("nh,nk->hk", A1, dZ2), np.einsum("nk->k", dZ2),
    )  # fmt: skip


@right("two_layer_gradients")
def tl_columns_as_examples(X, y, W1, b1, W2, b2):
    Z1 = W1.T @ X.T + b1[:, None]
    A1 = np.maximum(0, Z1)
    Z2 = W2.T @ A1 + b2[:, None]
    E = np.exp(Z2 - Z2.max(axis=0))
    dZ2 = (E / E.sum(axis=0) - np.eye(len(b2))[y].T) / len(y)
    dZ1 = (W2 @ dZ2) * (Z1 > 0)
    return (dZ1 @ X).T, dZ1.sum(axis=1), (dZ2 @ A1.T).T, dZ2.sum(axis=1)


@right("two_layer_gradients")
def tl_single(X, y, W1, b1, W2, b2):
    X, W1, b1, W2, b2 = (a.astype(np.float32) for a in (X, W1, b1, W2, b2))
    return tuple(g.astype(np.float32) for g in tl_plain(X, y, W1, b1, W2, b2))


@right("two_layer_gradients")
def tl_measured(X, y, W1, b1, W2, b2):
    def loss(W1, b1, W2, b2):
        P = probabilities(np.maximum(0, X @ W1 + b1) @ W2 + b2)
        return -np.log(P[np.arange(len(y)), y]).mean()

    params, found = [W1.copy(), b1.copy(), W2.copy(), b2.copy()], []
    for p in params:
        g = np.zeros_like(p)
        for i in np.ndindex(p.shape):
            old = p[i]
            p[i] = old + 1e-5
            up = loss(*params)
            p[i] = old - 1e-5
            g[i] = (up - loss(*params)) / 2e-5
            p[i] = old
        found.append(g)
    return found


@right("two_layer_gradients")
def tl_with_helpers(X, y, W1, b1, W2, b2):
    def linear(X, W, b):
        return X @ W + b

    def back(dZ, X, W):
        return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)

    Z1 = linear(X, W1, b1)
    A1 = (abs(Z1) + Z1) / 2
    dZ2 = probabilities(linear(A1, W2, b2))
    dZ2[np.arange(len(X)), y] -= 1
    dA1, dW2, db2 = back(dZ2 / len(X), A1, W2)
    _, dW1, db1 = back(dA1 * (A1 != 0), X, W1)
    return dW1, db1, dW2, db2


@right("two_layer_gradients")
def tl_bias_folded_in(X, y, W1, b1, W2, b2):
    ones = np.ones((len(X), 1))
    X1 = np.hstack([X, ones])
    Z1 = X1 @ np.vstack([W1, b1])
    A1 = np.hstack([np.maximum(0, Z1), ones])
    V2 = np.vstack([W2, b2])
    dZ2 = (probabilities(A1 @ V2) - np.eye(len(b2))[y]) / len(X)
    G2 = A1.T @ dZ2
    G1 = X1.T @ ((dZ2 @ V2.T)[:, :-1] * (Z1 > 0))
    return G1[:-1], G1[-1], G2[:-1], G2[-1]


# ---------------------------------------------------------------- one_hot


@right("one_hot")
def oh_eye(y, K):
    return np.eye(K)[y]


@right("one_hot")
def oh_index(y, K):
    Y = np.zeros((len(y), K))
    Y[np.arange(len(y)), y] = 1
    return Y


@right("one_hot")
def oh_loop(y, K):
    Y = np.zeros((y.size, K))
    for n, label in enumerate(y):
        Y[n][label] = 1
    return Y


@right("one_hot")
def oh_integers(y, K):
    return np.identity(K, dtype=int)[y]


@right("one_hot")
def oh_compare(y, K):
    return (y[:, None] == np.arange(K)).astype(float)


@right("one_hot")
def oh_booleans(y, K):
    return y.reshape(-1, 1) == np.arange(K).reshape(1, -1)


@right("one_hot")
def oh_lists(y, K):
    return [[1 if k == label else 0 for k in range(K)] for label in y]


@right("one_hot")
def oh_stack(y, K):
    return np.array([np.eye(K)[label] for label in y])


@right("one_hot")
def oh_single(y, K):
    return np.eye(K, dtype=np.float32)[y]


@right("one_hot")
def oh_take(y, K):
    return np.take(np.eye(K), y, axis=0)


@right("one_hot")
def oh_put(y, K):
    Y = np.zeros((len(y), K))
    np.put_along_axis(Y, y[:, None], 1, axis=1)
    return Y


@right("one_hot")
def oh_flat(y, K):
    Y = np.zeros(len(y) * K)
    Y[np.arange(len(y)) * K + y] = 1
    return Y.reshape(len(y), K)


@right("one_hot")
def oh_bytes(y, K):
    return np.eye(K, dtype=np.uint8)[y]


# ---------------------------------------------------------------- sgd_step


@right("sgd_step")
def sg_plain(params, grads, lr):
    return [p - lr * g for p, g in zip(params, grads, strict=True)]


@right("sgd_step")
def sg_tuple(params, grads, lr):
    return tuple(p - lr * g for p, g in zip(params, grads, strict=True))


@right("sgd_step")
def sg_generator(params, grads, lr):
    for p, g in zip(params, grads, strict=True):
        yield p - lr * g


@right("sgd_step")
def sg_append(params, grads, lr):
    new = []
    for i in range(len(params)):
        new.append(params[i] + -lr * grads[i])
    return new


@right("sgd_step")
def sg_in_place_and_return(params, grads, lr):
    for p, g in zip(params, grads, strict=True):
        p -= lr * g
    return params


@right("sgd_step")
def sg_into_the_list(params, grads, lr):
    for i, g in enumerate(grads):
        params[i] = params[i] - lr * g
    return params


@right("sgd_step")
def sg_copies(params, grads, lr):
    new = [p.copy() for p in params]
    for p, g in zip(new, grads, strict=True):
        p -= lr * g
    return new


@right("sgd_step")
def sg_map(params, grads, lr):
    return map(lambda p, g: p - lr * g, params, grads)


@right("sgd_step")
def sg_entry_by_entry(params, grads, lr):
    new = []
    for p, g in zip(params, grads, strict=True):
        q = np.zeros_like(p)
        for i in np.ndindex(p.shape):
            q[i] = p[i] - lr * g[i]
        new.append(q)
    return new


@right("sgd_step")
def sg_subtract(params, grads, lr):
    return [np.subtract(p, np.multiply(lr, g)) for p, g in zip(params, grads, strict=True)]


@right("sgd_step")
def sg_single(params, grads, lr):
    return [(p - lr * g).astype(np.float32) for p, g in zip(params, grads, strict=True)]


@right("sgd_step")
def sg_one_vector(params, grads, lr):
    theta = np.concatenate([p.ravel() for p in params])
    theta = theta - lr * np.concatenate([g.ravel() for g in grads])
    new, start = [], 0
    for p in params:
        new.append(theta[start : start + p.size].reshape(p.shape))
        start += p.size
    return new


# ---------------------------------------------------------------- accuracy


@right("accuracy")
def ac_plain(P, y):
    return (P.argmax(axis=1) == y).mean()


@right("accuracy")
def ac_float(P, y):
    return float(np.mean(np.argmax(P, axis=1) == y))


@right("accuracy")
def ac_sum(P, y):
    return np.sum(P.argmax(1) == y) / len(y)


@right("accuracy")
def ac_loop(P, y):
    hits = 0
    for p, label in zip(P, y, strict=True):
        if np.argmax(p) == label:
            hits += 1
    return hits / len(y)


@right("accuracy")
def ac_lists(P, y):
    return sum(list(p).index(max(p)) == k for p, k in zip(P, y, strict=True)) / len(y)


@right("accuracy")
def ac_count(P, y):
    return np.count_nonzero(P.argmax(axis=-1) == y) / y.size


@right("accuracy")
def ac_errors(P, y):
    return 1 - (P.argmax(axis=1) != y).mean()


@right("accuracy")
def ac_sorted(P, y):
    return np.average(np.argsort(P, axis=1)[:, -1] == y)


@right("accuracy")
def ac_single(P, y):
    return np.mean(P.argmax(axis=1) == y, dtype=np.float32)


@right("accuracy")
def ac_largest(P, y):
    return (P[np.arange(len(y)), y] == P.max(axis=1)).mean()


@right("accuracy")
def ac_zero_dimensional(P, y):
    return np.array((P.argmax(axis=1) == y).mean())


@right("accuracy")
def ac_confusion(P, y):
    K = P.shape[1]
    C = np.zeros((K, K))
    np.add.at(C, (y, P.argmax(axis=1)), 1)
    return np.trace(C) / C.sum()


# ---------------------------------------------------------------- numerical_gradient


@right("numerical_gradient")
def ng_ndindex(f, x):
    g, eps = np.zeros_like(x), 1e-5
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        up = f(x)
        x[i] = old - eps
        down = f(x)
        x[i] = old
        g[i] = (up - down) / (2 * eps)
    return g


@right("numerical_gradient")
def ng_copies(f, x, eps=1e-6):
    g = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        a, b = x.copy(), x.copy()
        a[i] += eps
        b[i] -= eps
        g[i] = (f(a) - f(b)) / (2 * eps)
    return g


@right("numerical_gradient")
def ng_flat(f, x):
    h = 1e-4
    g = np.zeros(x.size)
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        step = step.reshape(x.shape)
        g[i] = (f(x + step) - f(x - step)) / (2 * h)
    return g.reshape(x.shape)


@right("numerical_gradient")
def ng_nditer(f, x):
    g, h = np.zeros_like(x), 1e-5
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        i = it.multi_index
        old = x[i]
        x[i] = old + h
        plus = f(x)
        x[i] = old - h
        minus = f(x)
        x[i] = old
        g[i] = (plus - minus) / (2 * h)
        it.iternext()
    return g


@right("numerical_gradient")
def ng_complex(f, x):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        z = x.astype(complex)
        z[i] += 1e-30j
        g[i] = f(z).imag / 1e-30
    return g


@right("numerical_gradient")
def ng_five_points(f, x):
    g, h = np.zeros(x.shape), 1e-3

    def at(i, t):
        z = x.copy()
        z[i] += t
        return f(z)

    for i in np.ndindex(x.shape):
        g[i] = (at(i, -2 * h) - 8 * at(i, -h) + 8 * at(i, h) - at(i, 2 * h)) / (12 * h)
    return g


@right("numerical_gradient")
def ng_half_steps(f, x):
    g, h = np.empty(x.shape), 2e-6
    for i, _ in np.ndenumerate(x):
        e = np.zeros(x.shape)
        e[i] = h / 2
        g[i] = (f(x + e) - f(x - e)) / h
    return g


@right("numerical_gradient")
def ng_lists(f, x):
    basis = np.eye(x.size).reshape(x.size, *x.shape) * 1e-5
    return np.array([(f(x + e) - f(x - e)) / 2e-5 for e in basis]).reshape(x.shape)


@right("numerical_gradient")
def ng_relative_step(f, x):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        h = 1e-6 * max(1.0, abs(x[i]))
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (up[i] - down[i])
    return g


@right("numerical_gradient")
def ng_step_of_1e_7(f, x):
    return ng_copies(f, x, eps=1e-7)


@right("numerical_gradient")
def ng_recursive(f, x):
    def slope(i):
        e = np.zeros(x.shape)
        e.flat[i] = 1e-5
        return (f(x + e) - f(x - e)) / 2e-5

    return np.reshape([slope(i) for i in range(x.size)], x.shape)


@right("numerical_gradient")
def ng_one_sided(f, x):
    g, here = np.zeros(x.shape), f(x)
    for i in np.ndindex(x.shape):
        z = x.copy()
        z[i] += 1e-6
        g[i] = (f(z) - here) / 1e-6
    return g


# ---------------------------------------------------------------- minibatches


@right("minibatches")
def mb_generator(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


@right("minibatches")
def mb_list(X, y, batch_size, rng):
    order = rng.permutation(len(y))
    batches = []
    for start in range(0, len(y), batch_size):
        batches.append((X[order][start : start + batch_size], y[order][start : start + batch_size]))
    return batches


@right("minibatches")
def mb_shuffled_indices(X, y, batch_size, rng):
    index = np.arange(len(X))
    rng.shuffle(index)
    X, y = X[index], y[index]
    return ((X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size))


@right("minibatches")
def mb_while(X, y, batch_size, rng):
    left = list(rng.permutation(len(X)))
    while left:
        rows, left = left[:batch_size], left[batch_size:]
        yield X[rows], y[rows]


@right("minibatches")
def mb_choice(X, y, batch_size, rng):
    order = rng.choice(len(X), size=len(X), replace=False)
    for k in range(int(np.ceil(len(X) / batch_size))):
        rows = order[k * batch_size : (k + 1) * batch_size]
        yield [X[rows], y[rows]]


@right("minibatches")
def mb_array_split(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for rows in np.array_split(order, math.ceil(len(X) / batch_size)):
        yield X[rows], y[rows]


@right("minibatches")
def mb_split_at(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    return [(X[r], y[r]) for r in np.split(order, range(batch_size, len(X), batch_size))]


@right("minibatches")
def mb_argsort(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(X)))
    return zip(
        [X[order[s : s + batch_size]] for s in range(0, len(X), batch_size)],
        [y[order[s : s + batch_size]] for s in range(0, len(X), batch_size)],
        strict=True,
    )


@right("minibatches")
def mb_zipped_lists(X, y, batch_size, rng):
    pairs = [(X[i], y[i]) for i in rng.permutation(len(X))]
    for start in range(0, len(pairs), batch_size):
        part = pairs[start : start + batch_size]
        yield np.array([x for x, _ in part]), np.array([label for _, label in part])


@right("minibatches")
def mb_class(X, y, batch_size, rng):
    class Batches:
        def __init__(self):
            self.order = rng.permutation(len(X))

        def __iter__(self):
            for s in range(0, len(X), batch_size):
                yield X[self.order[s : s + batch_size]], y[self.order[s : s + batch_size]]

    return Batches()


@right("minibatches")
def mb_in_one_table(X, y, batch_size, rng):
    table = np.column_stack([X, y])
    rng.shuffle(table)
    for s in range(0, len(table), batch_size):
        yield table[s : s + batch_size, :-1], table[s : s + batch_size, -1].astype(int)


@right("minibatches")
def mb_take(X, y, batch_size, rng):
    order = rng.permuted(np.arange(len(X)))
    for s in range(0, len(X), batch_size):
        rows = order[s : min(s + batch_size, len(X))]
        yield X.take(rows, axis=0), y.take(rows)


# ---------------------------------------------------------------- standardise


@right("standardise")
def st_plain(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    return (X_train - mean) / std, (X_test - mean) / std


@right("standardise")
def st_list(X_train, X_test):
    mean, std = np.mean(X_train, 0), np.std(X_train, 0)
    return [(X - mean) / std for X in (X_train, X_test)]


@right("standardise")
def st_small_number(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0) + 1e-8
    return (X_train - mean) / std, (X_test - mean) / std


@right("standardise")
def st_copies(X_train, X_test):
    train, test = X_train.copy(), X_test.copy()
    mean = train.mean(axis=0)
    train -= mean
    test -= mean
    std = np.sqrt((train**2).mean(axis=0))
    train /= std
    test /= std
    return train, test


@right("standardise")
def st_variance(X_train, X_test):
    mean = X_train.mean(axis=0, keepdims=True)
    std = X_train.var(axis=0, keepdims=True) ** 0.5
    return (X_train - mean) / std, (X_test - mean) / std


@right("standardise")
def st_columns(X_train, X_test):
    train, test = np.zeros(X_train.shape), np.zeros(X_test.shape)
    for d in range(X_train.shape[1]):
        mean, std = X_train[:, d].mean(), X_train[:, d].std()
        train[:, d] = (X_train[:, d] - mean) / std
        test[:, d] = (X_test[:, d] - mean) / std
    return train, test


@right("standardise")
def st_loops(X_train, X_test):
    N, D = X_train.shape
    mean = [sum(X_train[n, d] for n in range(N)) / N for d in range(D)]
    std = [math.sqrt(sum((X_train[n, d] - mean[d]) ** 2 for n in range(N)) / N) for d in range(D)]
    return tuple(
        np.array([[(row[d] - mean[d]) / std[d] for d in range(D)] for row in X])
        for X in (X_train, X_test)
    )


@right("standardise")
def st_dict(X_train, X_test):
    train, test = st_plain(X_train, X_test)
    return {"X_train": train, "X_test": test}


@right("standardise")
def st_scaled_first(X_train, X_test):
    std = X_train.std(axis=0)
    shift = (X_train / std).mean(axis=0)
    return X_train / std - shift, X_test / std - shift


@right("standardise")
def st_single(X_train, X_test):
    train, test = st_plain(X_train, X_test)
    return train.astype(np.float32), test.astype(np.float32)


@right("standardise")
def st_still_columns(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std = np.where(std == 0, 1, std)
    return (X_train - mean) / std, (X_test - mean) / std


@right("standardise")
def st_transposed_inside(X_train, X_test):
    T, S = X_train.T, X_test.T
    mean, std = T.mean(axis=1)[:, None], T.std(axis=1)[:, None]
    return ((T - mean) / std).T, ((S - mean) / std).T


@right("standardise")
def st_sample(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0, ddof=1)
    return (X_train - mean) / std, (X_test - mean) / std


# ---------------------------------------------------------------- the claims


ALL = [(name, function) for name, functions in STYLES.items() for function in functions]


@pytest.mark.parametrize(
    "name, function", ALL, ids=[f"{name}-{function.__name__}" for name, function in ALL]
)
def test_a_right_answer_passes(name, function):
    result = getattr(checks, name)(function, hint=3)
    assert result.passed is True, result
    assert result.mistakes == [] and result.hints == []


def test_each_core_exercise_has_ten_styles():
    from nnlib.checks.catalogue import exercises

    core = {e.name for e in exercises().values() if e.file == "core.toml"}
    assert len(core) == 15 and core == STYLES.keys()
    assert min(len(functions) for functions in STYLES.values()) >= 10


@pytest.mark.parametrize("name", sorted(STYLES))
def test_the_catalogues_own_solution_passes(name):
    exercise = getattr(checks, name).exercise
    assert getattr(checks, name)(exercise.function()).passed is True
