"""Answers to `numerical_gradient`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

from functools import partial

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


N_ = "numerical_gradient"


def ng(f, x, h=1e-5, two=2, fwd=False, dt=float, one=False):
    x = x.astype(dt).copy()
    g = np.zeros(x.shape, dtype=dt)
    for i in np.ndindex(x.shape):
        o = x[i]
        x[i] = o + h
        a = f(x)
        x[i] = o - h if not fwd else o
        b = f(x)
        x[i] = o
        g[i] = (a - b) / (two * h)
    return g


wrong(N_, "gradcheck-eps-dtype", lambda f, x: ng(f, x, 1e-13))
wrong(N_, "gradcheck-eps-dtype", lambda f, x: ng(f, x, 1e-11))
wrong(N_, "gradcheck-eps-dtype", lambda f, x: ng(f, x, 1e-10))
wrong(N_, "gradcheck-eps-dtype", lambda f, x: ng(f, x, 1e-9))
wrong(N_, "gradcheck-eps-dtype", lambda f, x: ng(f, x, 1e-16))
wrong(N_, "gradcheck-eps-dtype", lambda f, x: ng(f, x, 1e-5, dt=np.float32))
wrong(N_, "nudge-does-not-arrive", lambda f, x: ng(f, x, 1e-9, dt=np.float32))
wrong(N_, "step-too-long", lambda f, x: ng(f, x, 0.1), "h .1")
wrong(N_, "step-too-long", lambda f, x: ng(f, x, 1), "h 1")
wrong(N_, "accepted", lambda f, x: ng(f, x, 1e-5, two=1, fwd=True), "forward diff")
wrong(N_, "forgot-the-2", lambda f, x: ng(f, x, 1e-5, two=1), "no 2")
wrong(N_, "half-of-the-way", lambda f, x: ng(f, x, 1e-5, two=2, fwd=True), "forward by 2h")
wrong(N_, "slope-sign", lambda f, x: -ng(f, x), "sign")
wrong(N_, "no-division-by-eps", lambda f, x: ng(f, x) * 1e-5 * 2, "not divided")
wrong(N_, "int-weights", lambda f, x: ng(f, x, dt=int))


@wrong(N_, "all-entries-at-once", label="all at once")
def _(f, x):
    h = 1e-5
    return (f(x + h) - f(x - h)) / (2 * h)


@wrong(N_, "all-entries-at-once", label="all at once, filled")
def _(f, x):
    h = 1e-5
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@wrong(N_, "nudge-does-not-arrive", label="alias xp = x")
def _(f, x):
    g = np.zeros_like(x)
    h = 1e-5
    for i in np.ndindex(x.shape):
        xp = x
        xm = x
        xp[i] += h
        xm[i] -= h
        g[i] = (f(xp) - f(xm)) / (2 * h)
    return g


@wrong(N_, "not-put-back", label="not restored")
def _(f, x):
    g = np.zeros_like(x)
    h = 1e-5
    for i in np.ndindex(x.shape):
        x[i] += h
        a = f(x)
        x[i] -= 2 * h
        b = f(x)
        g[i] = (a - b) / (2 * h)
    return g


@wrong(N_, "not-put-back", label="not restored, h=1e-2")
def _(f, x):
    g = np.zeros_like(x)
    h = 1e-3
    for i in np.ndindex(x.shape):
        x[i] += h
        a = f(x)
        x[i] -= 2 * h
        b = f(x)
        g[i] = (a - b) / (2 * h)
    return g


@wrong(N_, "not-put-back", label="copy not reset")
def _(f, x):
    g = np.zeros_like(x)
    h = 1e-4
    x = x.copy()
    for i in np.ndindex(x.shape):
        b = f(x)
        x[i] += h
        g[i] = (f(x) - b) / h
    return g


@wrong(N_, "overwrite-in-loop")
def _(f, x):
    h = 1e-5
    for i in np.ndindex(x.shape):
        g = np.zeros_like(x)
        e = np.zeros_like(x)
        e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g


@wrong(N_, "", label="rows only")
def _(f, x):
    g = np.zeros_like(x)
    h = 1e-5
    for i in range(len(x)):
        e = np.zeros_like(x)
        e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g


@wrong(N_, "gradient-flat", label="flat")
def _(f, x):
    return ng(f, x).ravel()


@wrong(N_, "all-entries-at-once", label="scalar sum")
def _(f, x):
    return ng(f, x).sum()


wrong(N_, "mean-over-all-entries", lambda f, x: ng(f, x) / len(x), "/N")
wrong(N_, "mean-over-all-entries", lambda f, x: ng(f, x) / x.size, "/size")


# ---------------------------------------------------------------- each with exactly these mistakes


def central(f, x, eps):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape, dtype=x.dtype)
        e[i] = eps
        g[i] = (f(x + e) - f(x - e)) / (2 * eps)
    return g


@fed("numerical_gradient", "gradcheck-eps-dtype")
def n_tiny_step(f, x):
    return central(f, x, 1e-9)


@fed("numerical_gradient", "gradcheck-eps-dtype")
def n_single_precision(f, x):
    return central(f, x.astype(np.float32), np.float32(1e-5))


@fed("numerical_gradient", "step-too-long")
def n_long_step(f, x):
    return central(f, x, 0.5)


@fed("numerical_gradient", "forgot-the-2")
def n_no_2(f, x):
    return 2 * central(f, x, 1e-6)


@fed("numerical_gradient", "half-of-the-way")
def n_half(f, x):
    g, h = np.zeros_like(x), 1e-6
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= h
        g[i] = (up - f(x)) / (2 * h)
    return g


@fed("numerical_gradient", "slope-sign")
def n_sign(f, x):
    return -central(f, x, 1e-5)


@fed("numerical_gradient", "all-entries-at-once")
def n_at_once(f, x):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5


@fed("numerical_gradient", "gradient-flat")
def n_flat(f, x):
    return central(f, x, 1e-5).flatten()


@fed("numerical_gradient", "not-put-back")
def n_not_put_back(f, x):
    g, h = np.zeros_like(x), 1e-6
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        g[i] = (up - f(x)) / (2 * h)
    return g


@fed("numerical_gradient", "not-put-back")
def n_not_put_back_in_a_copy(f, x):
    g, h, x = np.zeros_like(x), 1e-5, x.copy()
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        g[i] = (up - f(x)) / (2 * h)
    return g


def batches(X, y, size):
    return [(X[s : s + size], y[s : s + size]) for s in range(0, len(X), size)]


@fed("numerical_gradient", "forgot-the-2", "slope-sign")
def p_sign_no_2(f, x):
    return -2 * central(f, x, 1e-5)


# ---------------------------------------------------------------- right


s = "numerical_gradient"


def slopes(f, x, h=1e-5):
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g


right(s, slopes)
for h in (1e-3, 1e-4, 1e-6, 1e-7):
    right(s, partial(slopes, h=h), "h=%g" % h)


@right(s, label="in place restored")
def _(f, x, h=1e-5):
    g = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        o = x[i]
        x[i] = o + h
        a = f(x)
        x[i] = o - h
        b = f(x)
        x[i] = o
        g[i] = (a - b) / (2 * h)
        it.iternext()
    return g


@right(s, label="+= -= in place")
def _(f, x):
    h = 1e-5
    g = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        x[i] += h
        a = f(x)
        x[i] -= 2 * h
        b = f(x)
        x[i] += h
        g[i] = (a - b) / (2 * h)
    return g


@right(s, label="flat copy")
def _(f, x):
    v = x.ravel().copy()
    g = []
    for i in range(v.size):
        v[i] += 1e-5
        a = f(v.reshape(x.shape))
        v[i] -= 2e-5
        b = f(v.reshape(x.shape))
        v[i] += 1e-5
        g.append((a - b) / 2e-5)
    return np.array(g).reshape(x.shape)


@right(s, label="eye")
def _(f, x):
    h = 1e-5
    return np.array(
        [
            (f(x + h * e.reshape(x.shape)) - f(x - h * e.reshape(x.shape))) / (2 * h)
            for e in np.eye(x.size)
        ]
    ).reshape(x.shape)


@right(s, label="copies")
def _(f, x):
    g = np.zeros_like(x, dtype=float)
    for i in np.ndindex(x.shape):
        p = x.copy()
        m = x.copy()
        p[i] += 1e-5
        m[i] -= 1e-5
        g[i] = (f(p) - f(m)) / (p[i] - m[i])
    return g


@right(s, label="5 point")
def _(f, x):
    h = 1e-3
    return (8 * slopes(f, x, h) * 2 * h - slopes(f, x, 2 * h) * 4 * h) / (12 * h)


@right(s, label="relative step")
def _(f, x):
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        h = 1e-5 * max(1, abs(x[i]))
        e = np.zeros_like(x)
        e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g


@right(s, label="list")
def _(f, x):
    return slopes(f, x).tolist()


@right(s, label="float(f)")
def _(f, x):
    return np.vectorize(
        lambda k: (
            float(
                f(x + 1e-5 * (np.arange(x.size) == k).reshape(x.shape))
                - f(x - 1e-5 * (np.arange(x.size) == k).reshape(x.shape))
            )
            / 2e-5
        )
    )(np.arange(x.size)).reshape(x.shape)


@right(s, label="from nnlib")
def _(f, x):
    from nnlib.gradcheck import numerical_gradient

    return numerical_gradient(f, x)


# ---------------------------------------------------------------- right, in other styles


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
