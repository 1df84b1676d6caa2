"""Answers to exercises of nb09.toml, as many hands write them; see tests/checks/test_answers.py."""

import numpy as np
from hands import of, wrong

of("epoch_loss")


@wrong("")
def all_but_the_last_like_the_first(losses, sizes):
    weights = np.full(len(losses), sizes[0], float)
    weights[-1] = sizes[-1]
    return (np.array(losses) * weights).sum() / weights.sum()
