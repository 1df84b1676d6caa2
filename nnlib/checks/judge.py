"""From an answer to a verdict: is it an attempt, does it run, is it right, and if not, why not?"""

import re

from . import measure
from .match import Matcher, unpack
from .result import Result
from .run import call, watched


class Check:
    """`checks.softmax`: call it with your answer."""

    def __init__(self, exercise):
        self.exercise = exercise
        self.__name__ = exercise.name
        self.__doc__ = f"Checks {exercise.signature or exercise.name}; hint=1, 2 or 3 shows more."

    def __repr__(self):
        what = {"function": f"your {self.exercise.signature}", "number": "your number"}
        return f"checks.{self.__name__}: hand in {what.get(self.exercise.kind, 'your choice')}"

    def __call__(self, *answer, hint=1, **keywords):
        result = JUDGES[self.exercise.kind](self.exercise, *answer, **keywords)
        result.tier = min(max(int(hint), 1), 3)
        return result.show()


def judge_function(exercise, function=...):
    name = getattr(function, "__name__", "...")
    result = Result(exercise.name, False, answer=name if name.isidentifier() else "...")
    if is_placeholder(function):
        result.passed = None
        return result
    cases, names = exercise.inputs, exercise.parameters

    def work():
        return [call(exercise.player, function, c.arguments, names) for c in cases]

    outcomes, stopped = watched(work)
    answers = [unpack(o.value, exercise.returns) if not o.trouble else None for o in outcomes]
    matcher = Matcher(exercise, answers)
    if matcher.all_right():
        result.passed = True
        return result
    found = matcher.explain()
    notes, found = [m for m in found if m.harmless], [m for m in found if not m.harmless]
    if notes and not found:
        result.passed, result.note = True, notes[0].hints[0]
    elif found:
        result.mistakes = [m.id for m in found]
        result.hints = combine([m.hints for m in found])
    else:
        result.hints = measure.values(exercise, matcher, outcomes).hints
    return result


def combine(triples):
    """The hints of several mistakes as three: the first one keeps to a sentence for each."""
    if len(triples) == 1:
        return list(triples[0])
    first = " Also: ".join(re.split(r"(?<=[.!?])\s", each[0])[0] for each in triples)
    rest = (" ".join(f"({n}) {each[k]}" for n, each in enumerate(triples, 1)) for k in (1, 2))
    return [first, *rest]


def is_placeholder(function):
    return function is ... or function is None


JUDGES = {"function": judge_function}
