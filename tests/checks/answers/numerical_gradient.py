"""Answers to `numerical_gradient`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

from functools import partial

import numpy as np
from hands import right, wrong


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


def central(f, x, eps):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape, dtype=x.dtype)
        e[i] = eps
        g[i] = (f(x + e) - f(x - e)) / (2 * eps)
    return g


def slopes(f, x, h=1e-5):
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g


# ---------------------------------------------------------------- wrong


wrong("gradcheck-eps-dtype", lambda f, x: ng(f, x, 1e-13))
wrong("gradcheck-eps-dtype", lambda f, x: ng(f, x, 1e-11))
wrong("gradcheck-eps-dtype", lambda f, x: ng(f, x, 1e-10))
wrong("gradcheck-eps-dtype", lambda f, x: ng(f, x, 1e-9))
wrong("gradcheck-eps-dtype", lambda f, x: ng(f, x, 1e-16))
wrong("gradcheck-eps-dtype", lambda f, x: ng(f, x, 1e-5, dt=np.float32))
wrong("nudge-does-not-arrive", lambda f, x: ng(f, x, 1e-9, dt=np.float32))
wrong("step-too-long", lambda f, x: ng(f, x, 0.1), "h .1")
wrong("step-too-long", lambda f, x: ng(f, x, 1), "h 1")
wrong("accepted", lambda f, x: ng(f, x, 1e-5, two=1, fwd=True), "forward diff")
wrong("forgot-the-2", lambda f, x: ng(f, x, 1e-5, two=1), "no 2")
wrong("half-of-the-way", lambda f, x: ng(f, x, 1e-5, two=2, fwd=True), "forward by 2h")
wrong("slope-sign", lambda f, x: -ng(f, x), "sign")
wrong("no-division-by-eps", lambda f, x: ng(f, x) * 1e-5 * 2, "not divided")
wrong("int-weights", lambda f, x: ng(f, x, dt=int))


@wrong("all-entries-at-once")
def all_at_once_filled(f, x):
    h = 1e-5
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@wrong("nudge-does-not-arrive")
def alias_xp_x(f, x):
    g = np.zeros_like(x)
    h = 1e-5
    for i in np.ndindex(x.shape):
        xp = x
        xm = x
        xp[i] += h
        xm[i] -= h
        g[i] = (f(xp) - f(xm)) / (2 * h)
    return g


@wrong("not-put-back")
def not_restored(f, x):
    g = np.zeros_like(x)
    h = 1e-5
    for i in np.ndindex(x.shape):
        x[i] += h
        a = f(x)
        x[i] -= 2 * h
        b = f(x)
        g[i] = (a - b) / (2 * h)
    return g


@wrong("not-put-back")
def not_restored_h_1e_2(f, x):
    g = np.zeros_like(x)
    h = 1e-3
    for i in np.ndindex(x.shape):
        x[i] += h
        a = f(x)
        x[i] -= 2 * h
        b = f(x)
        g[i] = (a - b) / (2 * h)
    return g


@wrong("not-put-back")
def copy_not_reset(f, x):
    g = np.zeros_like(x)
    h = 1e-4
    x = x.copy()
    for i in np.ndindex(x.shape):
        b = f(x)
        x[i] += h
        g[i] = (f(x) - b) / h
    return g


@wrong("overwrite-in-loop")
def _(f, x):
    h = 1e-5
    for i in np.ndindex(x.shape):
        g = np.zeros_like(x)
        e = np.zeros_like(x)
        e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g


@wrong("")
def rows_only(f, x):
    g = np.zeros_like(x)
    h = 1e-5
    for i in range(len(x)):
        e = np.zeros_like(x)
        e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g


wrong("gradient-flat", lambda f, x: ng(f, x).ravel(), "flat")
wrong("all-entries-at-once", lambda f, x: ng(f, x).sum(), "scalar sum")
wrong("mean-over-all-entries", lambda f, x: ng(f, x) / len(x), "/N")
wrong("mean-over-all-entries", lambda f, x: ng(f, x) / x.size, "/size")
wrong("gradcheck-eps-dtype", lambda f, x: central(f, x.astype(np.float32), np.float32(1e-5)))
wrong("step-too-long", lambda f, x: central(f, x, 0.5))
wrong("forgot-the-2", lambda f, x: 2 * central(f, x, 1e-6))


@wrong("half-of-the-way")
def n_half(f, x):
    g, h = np.zeros_like(x), 1e-6
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= h
        g[i] = (up - f(x)) / (2 * h)
    return g


@wrong("not-put-back")
def n_not_put_back(f, x):
    g, h = np.zeros_like(x), 1e-6
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        g[i] = (up - f(x)) / (2 * h)
    return g


@wrong("not-put-back")
def n_not_put_back_in_a_copy(f, x):
    g, h, x = np.zeros_like(x), 1e-5, x.copy()
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        g[i] = (up - f(x)) / (2 * h)
    return g


wrong("forgot-the-2+slope-sign", lambda f, x: -2 * central(f, x, 1e-5))


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


@wrong("", says="return the slopes, an array of the shape of x")
def no_slopes_returned(f, x):
    f(x)


# ---------------------------------------------------------------- right


right(slopes)
right(partial(slopes, h=1e-3), "h=1e-3")
right(partial(slopes, h=1e-4), "h=1e-4")
right(partial(slopes, h=1e-6), "h=1e-6")
right(partial(slopes, h=1e-7), "h=1e-7")


@right
def in_place_restored(f, x, h=1e-5):
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


@right
def five_points(f, x):
    h = 1e-3
    return (8 * slopes(f, x, h) * 2 * h - slopes(f, x, 2 * h) * 4 * h) / (12 * h)


@right
def relative_step(f, x):
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        h = 1e-5 * max(1, abs(x[i]))
        e = np.zeros_like(x)
        e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g


right(lambda f, x: slopes(f, x).tolist(), "list")
right(
    lambda f, x: np.vectorize(
        lambda k: (
            float(
                f(x + 1e-5 * (np.arange(x.size) == k).reshape(x.shape))
                - f(x - 1e-5 * (np.arange(x.size) == k).reshape(x.shape))
            )
            / 2e-5
        )
    )(np.arange(x.size)).reshape(x.shape),
    "float(f)",
)


@right
def ng_complex(f, x):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        z = x.astype(complex)
        z[i] += 1e-30j
        g[i] = f(z).imag / 1e-30
    return g


@right
def ng_lists(f, x):
    basis = np.eye(x.size).reshape(x.size, *x.shape) * 1e-5
    return np.array([(f(x + e) - f(x - e)) / 2e-5 for e in basis]).reshape(x.shape)


@right
def ng_relative_step(f, x):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        h = 1e-6 * max(1.0, abs(x[i]))
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (up[i] - down[i])
    return g


right(lambda f, x: slopes(f, x, h=1e-7))


@right
def ng_one_sided(f, x):
    g, here = np.zeros(x.shape), f(x)
    for i in np.ndindex(x.shape):
        z = x.copy()
        z[i] += 1e-6
        g[i] = (f(z) - here) / 1e-6
    return g
