"""Answers to exercises of nb16.toml, as many hands write them; see tests/checks/test_answers.py."""

import numpy as np
from hands import of, right, wrong

of("five_mistakes")
wrong("five-zero-grad-early", (4, 7, 9, 6, 13), "zero_grad before line 6")

of("to_weight")
wrong("remarked", lambda W: np.ascontiguousarray(W.T, dtype=np.float32))
wrong("", lambda W: W.T, says=".T or .reshape")

of("lost_digits")
right(("d and b",), "in another order")
wrong("", ("d and c",), "no option", says="Choose one of these")
