"""A two-layer network whose every part can be exchanged for a faulty one."""

import numpy as np


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def oh(y, K):
    return np.eye(K)[y]


def two(
    X,
    y,
    W1,
    b1,
    W2,
    b2,
    act=lambda z: np.maximum(0, z),
    soft=softmax,
    ds=None,
    mask=lambda z1, h, z2, dh: dh * (z1 > 0),
    dW=lambda a, d: a.T @ d,
    db=lambda d, a: d.sum(0),
    back=lambda d, W: d @ W.T,
    upd=0,
    b=True,
):
    z1 = X @ W1 + b1
    h = act(z1)
    z2 = h @ W2 + b2
    p = soft(z2)
    N, K = p.shape
    Y = oh(y, K)
    d = (p - Y) / N if ds is None else ds(p, Y, N)
    dW2 = dW(h, d)
    db2 = db(d, h)
    if upd:
        W2 = W2 - upd * dW2
    dz = mask(z1, h, z2, back(d, W2))
    return dW(X, dz), db(dz, X), dW2, db2
