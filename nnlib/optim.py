"""Optimisers: how the gradient moves the parameters. Each is its textbook formula on one vector.

The formula stands in the docstring; `update` computes it in place, with one spare vector: a new
vector for each product would take longer than the product.

`opt.step()` reads `net.grad`, moves `net.theta`, and leaves the gradient as it is. Names, defaults
and results are those of PyTorch, except that weight decay touches weights only, not biases.
"""

import math

import numpy as np

from . import errors


class Optimizer:
    """What every optimiser shares: its network, lr, and weight decay.

    `weight_decay` λ adds λ · theta to the gradient, as the penalty λ/2 · Σ W² in the loss would
    do; it touches weights only (arrays with two axes or more), never biases. Notebook 13.
    """

    memory = ()  # the vectors that remember old gradients
    _taken = 0  # steps so far

    def __init__(self, net, lr, weight_decay=0.0):
        who = type(self).__name__
        order = f"{who} expected a network first, as in {who}(net, lr=0.1)"
        errors.instance(net, "weight_mask", order)
        self.net = net
        self.spare = np.empty_like(net.theta)  # scratch space for an update
        self.lr = lr
        self.weight_decay = errors.between(weight_decay, "weight_decay", who, high=math.inf)

    @property
    def lr(self):
        """The learning rate η; may be changed between steps."""
        return self._lr

    @lr.setter
    def lr(self, value):
        self._lr = errors.positive(value, "lr", type(self).__name__)

    def step(self):
        """Move net.theta by one step."""
        net = self.net
        if not net.has_gradient and not net.grad.any():
            rule = f"{type(self).__name__}.step() expected a gradient in net.grad"
            errors.reject(rule, "none yet", "Call net.backward(loss.backward()) first.")
        with np.errstate(over="ignore", invalid="ignore"):  # `fit` reports divergence
            self._step()

    def _step(self):
        """`step` without input validation, for `fit`."""
        net = self.net
        g = net.grad
        if self.weight_decay:
            g = self.decayed(net.theta, g)
        self.update(net.theta, g)
        self._taken += 1
        if self._taken % 16 == 0:
            for vector in self.memory:
                drop_subnormals(vector)

    def decayed(self, theta, g):
        """The gradient with that of the penalty, λ · theta, added."""
        return g + self.weight_decay * self.net.weight_mask * theta

    def average(self, mean, beta, new):
        """mean ← β mean + (1 − β) new, in place."""
        mean *= beta
        mean += np.multiply(new, 1 - beta, out=self.spare)

    def scaled_step(self, theta, rate, g, s):
        """theta ← theta − rate · g / (√s + ε), in place."""
        step = np.sqrt(s, out=self.spare)
        step += self.eps
        np.divide(g, step, out=step)
        step *= rate
        theta -= step

    def __repr__(self):
        decay = f", weight_decay={self.weight_decay:g}" if self.weight_decay else ""
        return f"{type(self).__name__}(lr={self.lr:g}{decay})"


class SGD(Optimizer):
    """theta ← theta − η g; with momentum μ: v ← μ v + g, theta ← theta − η v.

    Derived in notebook 07, momentum in notebook 12.
    """

    def __init__(self, net, lr, momentum=0.0, weight_decay=0.0):
        super().__init__(net, lr, weight_decay)
        self.momentum = errors.between(momentum, "momentum", "SGD")
        self.v = np.zeros_like(net.theta)
        self.memory = (self.v,) if self.momentum else ()

    def update(self, theta, g):
        if self.momentum:
            self.v *= self.momentum
            self.v += g
            g = self.v
        theta -= np.multiply(g, self.lr, out=self.spare)


class RMSprop(Optimizer):
    """s ← α s + (1 − α) g², theta ← theta − η g / (√s + ε). Hinton 2012; notebook 12."""

    def __init__(self, net, lr=0.01, alpha=0.99, eps=1e-8, weight_decay=0.0):
        super().__init__(net, lr, weight_decay)
        self.alpha = errors.between(alpha, "alpha", "RMSprop")
        self.eps = errors.tiny(eps, "eps", "RMSprop", net.theta.dtype)
        self.s = np.zeros_like(net.theta)
        self.memory = (self.s,)

    def update(self, theta, g):
        self.average(self.s, self.alpha, np.multiply(g, g, out=self.spare))
        self.scaled_step(theta, self.lr, g, self.s)


class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², both corrected for their start at 0:
    m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), theta ← theta − η m̂ / (√v̂ + ε).

    t counts steps from 1. Kingma and Ba 2015; derived in notebook 12.
    """

    def __init__(self, net, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(net, lr, weight_decay)
        betas = errors.pair(betas, "betas as two numbers, such as (0.9, 0.999)", "Adam")
        self.betas = tuple(errors.between(beta, "betas", "Adam") for beta in betas)
        self.eps = errors.tiny(eps, "eps", "Adam", net.theta.dtype)
        self.m = np.zeros_like(net.theta)
        self.v = np.zeros_like(net.theta)
        self.memory = (self.m, self.v)
        self.t = 0

    def update(self, theta, g):
        self.t += 1
        beta1, beta2 = self.betas
        self.average(self.m, beta1, g)
        self.average(self.v, beta2, np.multiply(g, g, out=self.spare))
        v_hat = np.divide(self.v, 1 - beta2**self.t, out=self.spare)
        self.scaled_step(theta, self.lr / (1 - beta1**self.t), self.m, v_hat)


class AdamW(Adam):
    """Adam with decoupled weight decay: theta ← theta − η λ theta, then Adam's own step.

    In Adam a decay that is part of the gradient is divided by √v̂ with the rest, so weights with
    large gradients hardly shrink; here all shrink alike. Loshchilov and Hutter 2019; notebook 13.
    """

    def __init__(self, net, lr=0.001, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        super().__init__(net, lr, betas, eps, weight_decay)

    def decayed(self, theta, g):
        """The gradient as it is: the weights shrink on their own."""
        theta -= self.lr * self.weight_decay * self.net.weight_mask * theta
        return g


def drop_subnormals(x):
    """Set what is too small for a normal float to 0, in place; nothing else changes visibly.

    An average that forgets, mean ← β mean, never reaches 0: the smallest floats, called subnormal,
    round back to themselves when multiplied by 0.9, and many processors are several times slower on
    them. Adding a number so large that they are rounded away, then subtracting it, leaves 0.
    Notebook 12 tells the story.
    """
    numbers = np.finfo(x.dtype)
    large = numbers.tiny * 2.0 ** (numbers.nmant + 2)
    x += large
    x -= large


# Schedules: the learning rate of a step, for `fit(..., schedule=lambda step: ...)`. Steps count
# from 0. Notebook 12.


def step_schedule(step, every, factor, lr):
    """η · factor^⌊step / every⌋: constant for a while, then smaller by a factor."""
    step, every = _steps(step, every, "every", "step_schedule")
    if errors.positive(factor, "factor", "step_schedule") > 1:
        errors.reject("step_schedule expected factor <= 1", factor)
    return errors.positive(lr, "lr", "step_schedule") * float(factor) ** (step // every)


def cosine_schedule(step, steps, lr):
    """η/2 · (1 + cos(π · step / steps)): from η at step 0 along half a cosine to 0 at `steps`."""
    step, steps = _steps(step, steps, "steps", "cosine_schedule")
    if step > steps:  # the cosine would rise again
        errors.reject("cosine_schedule expected step <= steps", f"step {step} of {steps}")
    lr = errors.positive(lr, "lr", "cosine_schedule")
    return lr / 2 * (1 + math.cos(math.pi * step / steps))


def warmup_schedule(step, warmup, lr):
    """η · (step + 1) / warmup in the first `warmup` steps, then η."""
    step, warmup = _steps(step, warmup, "warmup", "warmup_schedule")
    return errors.positive(lr, "lr", "warmup_schedule") * min(1, (step + 1) / warmup)


def _steps(step, length, name, who):
    return errors.whole(step, "step", who, least=0), errors.whole(length, name, who)
