"""Answers to exercises of nb13.toml, as many hands write them; see tests/checks/test_answers.py."""

import numpy as np
from hands import of, right, wrong

of("weight_decay_gradient")
wrong("decay-of-the-gradient", lambda dW, W, lam: dW + lam * dW)
wrong(
    "",
    lambda dW, W, lam: (dW + lam * W) / (1 - lam),
    "a factor",
    says="1/(1 − lam) times the right one",
)
wrong("decay-lam-added", lambda dW, W, lam: dW + W + lam)

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


@wrong("dropout-hidden-as-they-were")
def hidden_as_they_were(X, p, rng):
    keep = rng.random(X.shape) >= p
    return np.where(keep, X / (1 - p), X), keep / (1 - p)


@wrong("dropout-mask-added")
def mask_added(X, p, rng):
    mask = (rng.random(X.shape) >= p) / (1 - p)
    return X + mask, mask


@wrong("dropout-times", says="In A: The entries that are left are multiplied by 1 − p")
def A_alone_shrinks(X, p, rng):
    keep = rng.random(X.shape) >= p
    return X * keep * (1 - p), keep / (1 - p)


@wrong("")
def mask_from_the_output(X, p, rng):
    A = X * (rng.random(X.shape) >= p) / (1 - p)
    return A, (A != 0) / (1 - p)


of("dropout_backward")
wrong("dropout-back-hidden-ones", lambda dA, mask, p: dA * (1 - mask) / (1 - p))
wrong("dropout-back-brackets", lambda dA, mask, p: dA * mask / 1 - p)
wrong(
    "", lambda dA, mask, p: dA * mask / np.sqrt(1 - p), says="dX is √(1 − p) times the right one."
)

of("early_stopping")


@wrong("stop-against-previous")
def by_index(losses, patience):
    waited = 0
    for epoch in range(1, len(losses)):
        waited = waited + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if waited >= patience:
            return epoch, int(np.argmin(losses[: epoch + 1]))
    return len(losses) - 1, int(np.argmin(losses))


def stopping(losses, patience):
    best, kept = np.inf, 0
    for epoch, now in enumerate(losses, start=1):
        if now < best:
            best, kept = now, epoch
        if epoch - kept == patience:
            break
    return kept, epoch


@wrong("", says="best_epoch is right for most inputs, but not for losses that are all the same.")
def the_last_of_equal_ones(losses, patience):
    kept, last = stopping(losses, patience)
    seen = losses[:last]
    return last - 1, max(i for i, loss in enumerate(seen) if loss == min(seen))


@right
def in_an_array(losses, patience):
    return np.array(stopping(losses, patience))[::-1] - 1


@wrong("stop-only-for-a-clear-drop")
def drops_of_001(losses, patience):
    best, kept = np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < best - 0.005:
            best, kept = loss, epoch
        if epoch - kept >= patience:
            break
    return epoch, kept
