"""Answers to exercises of nb06.toml, as many hands write them; see tests/checks/test_answers.py."""

from hands import of, wrong

of("signatures")
wrong("", (2, 0.8), "changed places", says="have changed places")
