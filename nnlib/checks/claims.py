"""What a hint claims of the answer, measured on the answer itself.

A mistake's words are true of that mistake alone. Beside a second one they may be false: where
softmax is taken of columns first and of rows afterwards, "your columns sum to 1" no longer holds.
So words about the numbers are looked up here, and hints that hold no longer are not said.
"""

import re

import numpy as np


def hold(mistakes, matcher):
    """False where a first hint says something of the answer that is not so."""
    return all(holds(mistake.hints[0], matcher) is not False for mistake in mistakes)


def holds(hint, matcher):
    """True, False, or None where the hint says nothing that is known here."""
    found = [
        truth
        for pattern, measure in CLAIMS
        for words in re.finditer(pattern, hint)
        if (truth := measure(matcher, *words.groups())) is not None
    ]
    return all(found) if found else None


OF_ALL = re.compile(
    r"\b(all (of )?(your|the) (gradients|outputs|results)|every (gradient|output|result)"
    r"|both (sets|results|averages|of)|everything is|your gradients|your probabilities|your loss"
    r"|what comes back are|come back as they were|these are|both)\b",
    re.IGNORECASE,
)


def speaks_of_one(hint, matcher):
    """True where the hint says nothing of outputs that are right, and nothing of all of them."""
    right = set(matcher.names) - {matcher.names[k] for k in matcher.wrong_outputs()}
    return not OF_ALL.search(hint) and not right & set(re.findall(r"[\w\[\]]+", hint))


def tables(matcher):
    """The learner's tables, where they are all that is asked for."""
    if len(matcher.names) != 1:
        return []
    shown = [S[0] for S, R in matcher.rows() if S[0].ndim == 2 and S[0].shape == R[0].shape]
    return [S.astype(float) for S in shown if len(S) > 1 and np.isfinite(S).all()]


def sums(axis, wanted):
    def measure(matcher):
        found = tables(matcher) if matcher.names == ["P"] else []
        if not found:
            return None
        return all(np.allclose(S.sum(axis=axis), 1) for S in found) is wanted

    return measure


def number(text):
    return float(text.replace("−", "-"))


def numbers(matcher):
    if len(matcher.names) != 1:
        return np.array([])
    return np.concatenate([np.ravel(S[0]) for S, _ in matcher.rows()] or [[]]).astype(float)


def between(matcher, low, high):
    found = numbers(matcher)
    if not found.size:
        return None
    return bool((found >= number(low) - 1e-2).all() and (found <= number(high) + 1e-2).all())


def some(test):
    def measure(matcher):
        found = numbers(matcher)
        return bool(test(found).any()) if found.size else None

    return measure


def outputs(wrong):
    """`dW1 and db1 are off`: these names are outputs, and all of them are (not) right."""

    def measure(matcher, text):
        names = re.split(r", | and ", text)
        if not set(names) <= set(matcher.names):
            return None
        off = {matcher.names[k] for k in matcher.wrong_outputs()}
        return all((name in off) is wrong for name in names)

    return measure


def whole(matcher):
    """`Both sets are centred`, `All your gradients`: none of the outputs is right."""
    return len(matcher.wrong_outputs()) == len(matcher.names) if len(matcher.names) > 1 else None


NAMES = r"((?:\w+, )*\w+ and \w+|\w+)"
NUMBER = r"(−?\d+(?:\.\d+)?)"
CLAIMS = [
    (r"[Ee]ach row sums to 1\b", sums(1, True)),
    (r"[Yy]our rows do not\b", sums(1, False)),
    (r"your rows nor your columns sum to 1\b", sums(1, False)),
    (r"and not each row\b", sums(1, False)),
    (r"(?<!nor )[Yy]our columns sum to 1\b", sums(0, True)),
    (rf"values (?:lie between|go from) {NUMBER} (?:and|to) {NUMBER}", between),
    (r"values are above 1\b", some(lambda a: a > 1)),
    (r"loss is negative\b|values are negative\b", some(lambda a: a < 0)),
    (r"\b(?:[Bb]oth (?:sets|averages|results|of)|All your|Every (?:gradient|entry))\b", whole),
    (rf"\b{NAMES} (?:is|are) off\b", outputs(True)),
    (rf"(?<!numbers of )\b{NAMES} (?:is|are) right[;.,]", outputs(False)),
]
