"""Answers to exercises of nb10.toml, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B905

import math

import numpy as np
from hands import of, right, wrong

of("hold_out")


def held_out(number, kind=bool):
    def answer(y, share):
        held = np.zeros(len(y), dtype=kind)
        for k in np.unique(y):
            rows = np.flatnonzero(y == k)
            held[rows[: number(share * len(rows))]] = True
        return held

    return answer


wrong("hold-out-rounded-up", held_out(math.ceil), "ceil")
wrong("", held_out(round, int), "integers", says="What comes back holds 0 and 1")
wrong("hold-out-at-least-one", held_out(lambda n: max(1, round(n))), "at least one")
wrong("hold-out-half-up", held_out(lambda n: int(n + 0.5)), "half up")

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


wrong(
    "",
    lambda v, p: (stopping(v, p)[0], stopping(v, p)[1] + 1),
    "one more",
    says="last is off by one number everywhere: 1 too large.",
)


@wrong("stop-only-for-a-clear-drop")
def drops_of_002(losses, patience):
    best, kept = np.inf, 0
    for epoch, now in enumerate(losses, start=1):
        if now < best - 0.02:
            best, kept = now, epoch
        if epoch - kept == patience:
            break
    return kept, epoch


of("confusion_matrix")


@wrong("")
def counted_in_uint8(y, predicted, K):
    C = np.zeros((K, K), np.uint8)
    for i, j in zip(y, predicted):
        C[i, j] += 1
    return C


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
