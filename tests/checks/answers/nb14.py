"""Answers to exercises of nb14.toml, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: E741

import numpy as np
from hands import of, right, wrong

of("dead_units")
wrong("dead-first-example", lambda A: (A[0] == 0).sum())
wrong("dead-small", lambda A: (A.mean(axis=0) < 0.1).sum())
wrong("dead-mostly", lambda A: ((A == 0).mean(axis=0) > 0.9).sum())
wrong("", lambda A: sum((A[:, j] == 0).all() for j in range(A.shape[1] - 1)), "but the last")
wrong("", lambda A: (A[:-1] == 0).all(axis=0).sum(), "but the last example")

of("scale_images")
wrong("images-minus-one-half", lambda I: I.reshape(len(I), -1) / 255 - 0.5)
wrong("images-int8", lambda I: I.reshape(len(I), -1).astype(np.int8) / 255 - 128 / 255)
wrong("", lambda I: (I.reshape(len(I), -1) - 120.0) / 255, says="0.03137 too large")

of("update_ratio")
wrong("remarked", lambda a, b: np.linalg.norm(b - a, 2) / np.linalg.norm(a, 2), "spectral")
right(lambda a, b: np.sqrt((b - a) @ (b - a) / (a @ a)))
