"""Answers to exercises of nb12.toml, as many hands write them; see tests/checks/test_answers.py."""

import numpy as np
from hands import of, right, wrong

of("momentum_step")
wrong("momentum-mu-on-both", lambda th, v, g, lr, mu: (th - lr * mu * (v + g), mu * (v + g)))


@right
def both_in_one_array(theta, v, g, lr, mu):
    v = mu * v + g
    return np.stack([theta - lr * v, v])


wrong(
    "",
    lambda th, v, g, lr, mu: (th - (mu * v + g), mu * v + g),
    "no lr in theta",
    says="is 1/lr times the right one",
)
wrong("", lambda th, v, g, lr, mu: (th - 0.1 * (mu * v + g), mu * v + g), "lr is 0.1")
wrong("", lambda th, v, g, lr, mu: (th - lr * (0.8 * v + g), 0.8 * v + g), "mu is 0.8")

of("rmsprop_step")
wrong(
    "rmsprop-adds-up",
    lambda th, s, g, lr, a, eps: (th - lr * g / (np.sqrt(s + g**2) + eps), s + g**2),
)
wrong(
    "rmsprop-sign-of-g",
    lambda th, s, g, lr, a, eps: (
        th - lr * np.sign(g) / (np.sqrt(a * s + (1 - a) * g**2) + eps),
        a * s + (1 - a) * g**2,
    ),
)


def rmsprop(theta, s, g, lr, alpha, eps):
    s = alpha * s + (1 - alpha) * g**2
    return theta - lr * g / (np.sqrt(s) + eps), s


wrong("", lambda th, s, g, lr, a, eps: rmsprop(th, s, g, 0.1, a, eps), "lr is 0.1")
wrong("", lambda th, s, g, lr, a, eps: rmsprop(th, s, g, lr, 0.9, eps), "alpha is 0.9")
wrong("", lambda th, s, g, lr, a, eps: rmsprop(th, s, g, lr, a, 0.01), "eps is 0.01")

of("adam_step")


@wrong("adam-beta1-in-v")
def beta1_in_v(theta, m, v, g, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta1 * v + (1 - beta1) * g**2
    return theta - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


def adam(theta, m, v, g, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return m / (1 - beta1**t), np.sqrt(v / (1 - beta2**t)), m, v


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


def adam_with(
    theta, m, v, g, t, lr, beta1, beta2, eps, share=lambda beta: 1 - beta, root=None, old=False
):
    before = m
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + share(beta2) * g**2
    m_hat = (before if old else m) / (1 - beta1**t)
    below = root(v, t, beta2) if root else np.sqrt(v / (1 - beta2**t))
    return theta - lr * m_hat / (below + eps), m, v


wrong("", lambda *a: adam_with(*a[:5], 0.1, *a[6:]), "lr is 0.1")
wrong("", lambda *a: adam_with(*a[:6], 0.9, *a[7:]), "beta1 is 0.9")
wrong("", lambda *a: adam_with(*a[:7], 0.99, 0.01), "beta2 is 0.99, eps is 0.01")
right(lambda *given: adam_with(*given), "with options")
wrong("adam-v-whole-square", lambda *given: adam_with(*given, share=lambda beta: 1))
wrong(
    "adam-correction-past-the-root",
    lambda *given: adam_with(*given, root=lambda v, t, beta: np.sqrt(v) / (1 - beta**t)),
)
wrong(
    "adam-beta-times-t",
    lambda *given: adam_with(*given, root=lambda v, t, beta: np.sqrt(v / (1 - beta * t))),
)
wrong("adam-old-m", lambda *given: adam_with(*given, old=True))
wrong("adam-fixed-betas", lambda *given: adam_with(*given[:6], 0.9, 0.999, given[8]))


@wrong("adam-beta1-times-t", says="not taken to the power")
def times_t(theta, m, v, g, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
    return theta - lr * m / (1 - beta1 * t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


@wrong("adam-m-whole-gradient")
def added_up(theta, m, v, g, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + g, beta2 * v + (1 - beta2) * g**2
    return theta - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v


of("cosine_schedule")
wrong("cosine-sine", lambda step, steps, lr: lr / 2 * (1 + np.sin(np.pi * step / steps)))
