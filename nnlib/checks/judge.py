"""From an answer to a verdict: is it an attempt, does it run, is it right, and if not, why not?"""

import dis
import inspect

from . import measure, run
from .match import Matcher, unpack
from .result import Result, named, this_cell, told
from .typed import judge_choice, judge_number


class Check:
    """`checks.softmax`: call it with your answer."""

    def __init__(self, exercise):
        self.exercise = exercise
        self.__name__ = exercise.name
        what = exercise.signature or exercise.name
        self.__doc__ = f"Check {what}; hint=2 and hint=3 show more, quiet=True nothing if right."

    def __repr__(self):
        what = {"function": f"your {self.exercise.signature}", "number": "your number"}
        return f"checks.{self.__name__}: hand in {what.get(self.exercise.kind, 'your choice')}"

    def __call__(self, *answer, hint=None, quiet=False, **keywords):
        with run.quiet():
            result = JUDGES[self.exercise.kind](self.exercise, *(answer or (...,)), **keywords)
        asked = 0 if hint is None else min(max(int(hint), 1), 3)
        if result.passed is None:
            result.hints, result.tier = list(self.exercise.begin), asked
        else:
            result.tier = max(asked, 1)
        if quiet and result.passed:  # a solution, of which no word shall stand below an attempt
            result.shown_in = this_cell()
            return result
        return result.show()


def judge_function(exercise, function=..., *more):
    result = Result(exercise.name, False, answer=name_of(function))
    if is_placeholder(function) or is_given(exercise, function):
        result.passed = None
        return result
    wrong_door = at_the_door(exercise, function, more)
    if wrong_door:
        return told(exercise, result, wrong_door)

    outcomes = []

    def work():
        for number, case in enumerate(exercise.inputs):
            outcomes.append(run.call(exercise.player, function, case.arguments, names))
            if number == 0:
                again.append(run.call(exercise.player, function, case.arguments, names))

    names, again = exercise.parameters, []
    _, stopped = run.watched(work)
    unfinished = placeholders(exercise, outcomes)
    if unfinished is not None:
        result.passed, result.note = None, unfinished
        return result
    if stopped:
        return told(exercise, result, measure.stopped(stopped, run.SECONDS))

    answers = [None if o.trouble else unpack(o.value, exercise.returns) for o in outcomes]
    matcher = Matcher(exercise, answers)
    keeps = measure.repeated(exercise, outcomes[0], again[0])
    if keeps and not matcher.all_right():
        return told(exercise, result, keeps)
    if matcher.all_right():
        harm = measure.behaviour(exercise, outcomes, again[0])
        result.passed, result.note = not harm, exercise.why
        return told(exercise, result, harm) if harm else result
    found = matcher.explain()
    notes, found = [m for m in found if m.harmless], [m for m in found if not m.harmless]
    if found:
        return named(result, found)
    if notes:
        harm = measure.behaviour(exercise, outcomes, again[0])
        result.passed, result.note = not harm, notes[0].hints[0]
        return told(exercise, result, harm) if harm else result
    return told(exercise, result, effect_of(exercise, matcher, outcomes))


def effect_of(exercise, matcher, outcomes):
    """What is measured on answers that no known mistake explains."""
    if any(o.trouble for o in outcomes):
        pairs = zip(matcher.answers, matcher.right, outcomes, strict=True)
        right = all(o.trouble or matcher.equal(S, R) for S, R, o in pairs)
        return measure.of_math(outcomes, right) or measure.raises(outcomes, exercise.inputs)
    if any(answer is None for answer in matcher.answers):
        return measure.structure(exercise, outcomes)
    return measure.swapped(exercise, matcher) or measure.values(exercise, matcher)


# ---------------------------------------------------------------- is it an attempt?


def name_of(function):
    name = getattr(function, "__name__", "...")
    return name if name.isidentifier() else "..."


def is_placeholder(function):
    """`...` itself, or a function whose body is `...`, `pass` or a docstring alone."""
    if function is ... or function is None:
        return True
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = [
        (step.opname, step.argval)
        for step in dis.get_instructions(code)
        if step.opname not in ("RESUME", "NOP", "COPY_FREE_VARS")
    ]
    return steps in (
        [("LOAD_CONST", None), ("RETURN_VALUE", None)],
        [("RETURN_CONST", None)],
    )


def is_given(exercise, function):
    """The faulty function of the exercise, as the learner found it."""
    code = getattr(function, "__code__", None)
    if not exercise.given or code is None:
        return False
    space = {}
    exec(compile(exercise.given, f"<given {exercise.name}>", "exec"), space)
    (given,) = (f.__code__ for f in space.values() if hasattr(f, "__code__"))
    parts = "co_code", "co_consts", "co_names", "co_varnames"
    return all(getattr(code, part) == getattr(given, part) for part in parts)


def placeholders(exercise, outcomes):
    """A sentence when a `...` still stands in the function, "" when it is all there is, or None."""
    if not outcomes:
        return None
    outcome = outcomes[0]
    if outcome.trouble:
        error = outcome.trouble.error
        if isinstance(error, NotImplementedError):
            return ""
        if isinstance(error, (TypeError, AttributeError)) and "ellipsis" in str(error).lower():
            place = f" It was met at {outcome.trouble.place}." if outcome.trouble.place else ""
            return f"Not finished yet: a ... still stands in your function.{place}"
        return None
    value = outcome.value
    if value is ...:
        return ""
    parts = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(parts, (list, tuple)) or not any(part is ... for part in parts):
        return None
    if all(part is ... for part in parts):
        return ""
    if len(parts) != len(exercise.returns):
        return "Not finished yet: a ... is among what your function returns."
    missing = [n for n, part in zip(exercise.returns, parts, strict=True) if part is ...]
    return f"Not finished yet: {' and '.join(missing)} to do."


def at_the_door(exercise, function, more):
    """Something that cannot be called as the exercise asks: an effect, or None."""
    if not callable(function) or more:
        got = "several things" if more else f"a value of the type {type(function).__name__}"
        return measure.say("no-function", got=got, exercise=exercise.name)
    try:
        wanted = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    names, kinds = exercise.parameters, (inspect.Parameter.POSITIONAL_ONLY,)
    kinds += (inspect.Parameter.POSITIONAL_OR_KEYWORD,)
    own = [p.name for p in wanted.parameters.values() if p.kind in kinds]
    try:
        wanted.bind(*names)
    except TypeError:
        return measure.say(
            "arguments",
            own=f"{len(own)} argument{'s' * (len(own) != 1)}",
            asked=f"{len(names)} {'is' if len(names) == 1 else 'are'}",
            names=", ".join(names),
            signature=exercise.signature,
        )
    if own[: len(names)] != names and sorted(own[: len(names)]) == sorted(names):
        return measure.say("arguments-swapped", own=", ".join(own), signature=exercise.signature)
    return None


JUDGES = {"function": judge_function, "number": judge_number, "choice": judge_choice}
