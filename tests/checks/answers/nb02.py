"""Answers to exercises of nb02.toml, as many hands write them; see tests/checks/test_answers.py."""

import numpy as np
from hands import of, wrong

of("neuron_for_line")
wrong("", (-3, 6), "changed places", says="have changed places")

of("two_layer_scores")
wrong("other-gate-abs", lambda X, W1, b1, W2, b2: np.abs(X @ W1 + b1) @ W2 + b2)
wrong("hidden-bias-subtracted", lambda X, W1, b1, W2, b2: np.maximum(0, X @ W1 - b1) @ W2 + b2)

of("sweet_by_long")


@wrong("sweet-always", says="a fruit that should fire no neuron")
def at_a_score_of_0(X):
    A1 = np.maximum(0, X @ np.array([[1, -1], [1, -1]]) + np.array([-1, 1]))
    return ((A1 @ np.array([[1], [1]]))[:, 0] >= 0).astype(int)
