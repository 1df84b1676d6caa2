"""Answers to exercises of nb04.toml, as many hands write them; see tests/checks/test_answers.py."""

import numpy as np
from hands import of, wrong

of("swish_backward")


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


wrong("swish-one-plus", lambda dA, Z: dA * (sigmoid(Z) + Z * sigmoid(Z) * (1 + sigmoid(Z))))
wrong(
    "swish-one-minus-output",
    lambda dA, Z: dA * (sigmoid(Z) + Z * sigmoid(Z) * (1 - Z * sigmoid(Z))),
)
wrong("swish-upstream-added", lambda dA, Z: dA + sigmoid(Z) + Z * sigmoid(Z) * (1 - sigmoid(Z)))
wrong(
    "swish-z-left-out",
    lambda dA, Z: dA * (sigmoid(Z) + sigmoid(Z) * (1 - sigmoid(Z))),
    says="the factor z is missing",
)
wrong("swish-factor-left-out", lambda dA, Z: dA * (1 + sigmoid(Z) * (1 - sigmoid(Z))))
