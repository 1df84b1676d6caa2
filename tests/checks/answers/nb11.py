"""Answers to exercises of nb11.toml, as many hands write them; see tests/checks/test_answers.py."""

import numpy as np
from hands import of, right, wrong

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
wrong(
    "remarked",
    lambda n_in, n_out, rng: rng.standard_normal((n_out, n_in)).T / np.sqrt(n_in / 2),
    "turned",
)

of("signal_sizes")


def sizes(weights, A, size=np.std, gate=lambda Z: np.maximum(0, Z)):
    found = []
    for W in weights:
        Z = A @ W
        found.append(size(Z))
        A = gate(Z)
    return found


wrong("signal-per-unit-listed", lambda w, X: sizes(w, X, lambda Z: Z.std(axis=0)))
wrong("signal-first-weights", lambda w, X: [(X @ w[0]).std() for _ in w])
wrong("signal-other-gate", lambda w, X: sizes(w, X, gate=np.tanh))


@right
def a_tuple_of_sizes(weights, X):
    if not weights:
        return ()
    Z = X @ weights[0]
    return (Z.std(), *a_tuple_of_sizes(weights[1:], np.maximum(0, Z)))


of("xavier_normal")
wrong(
    "remarked",
    lambda n_in, n_out, rng: (rng.standard_normal((n_out, n_in)) * np.sqrt(2 / (n_in + n_out))).T,
    "turned",
)
