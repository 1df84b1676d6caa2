"""From an answer to a verdict: is it an attempt, does it run, is it right, and if not, why not?"""

import inspect
import time

import numpy as np

from . import claims, measure, run
from .catalogue import Variant
from .elsewhere import Elsewhere, is_empty, is_made_by, names_in
from .match import Matcher, unpack
from .measure import usual
from .result import Result, named, often, this_cell, told
from .typed import judge_choice, judge_number

SHORT = 1.0  # seconds for all inputs: then each is tried twice, to see whether the answer stays


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
            result = self.judge(answer or (...,), keywords)
        asked = 0 if hint is None else min(max(int(hint), 1), 3)
        if result.passed is None:
            result.hints, result.tier = list(self.exercise.begin), asked
        else:
            result.tier = max(asked, 1)
        if quiet and result.passed:  # a solution, of which no word shall stand below an attempt
            result.shown_in = this_cell()
            return result
        return result.show()

    def judge(self, answer, keywords):
        unknown = sorted(keywords.keys() - self.exercise.keywords.keys())
        if unknown:
            possible = measure.listed(list(self.exercise.keywords))
            raise TypeError(
                f"checks.{self.__name__} knows no {unknown[0]}=; its keywords: {possible}"
            )
        try:
            return JUDGES[self.exercise.kind](self.exercise, *answer, **keywords)
        except Exception:  # an answer of a kind that nobody thought of
            return told(
                self.exercise, Result(self.__name__, False), measure.undiagnosed(self.exercise)
            )


def judge_function(exercise, function=..., *more):
    result = Result(exercise.name, False, answer=name_of(function))
    if is_placeholder(function) or is_given(exercise, function):
        result.passed = None
        return result
    wrong_door = at_the_door(exercise, function, more)
    if wrong_door:
        return told(exercise, result, wrong_door)

    right = exercise.right  # computed before any of the learner's code runs
    outcomes, again, began = [], [], []

    def work(progress):
        def call(case):
            progress()
            began.append(time.monotonic())
            return run.call(exercise.player, function, case.arguments, exercise.parameters)

        for case in exercise.inputs:
            outcomes.append(call(case))
            if not again:  # at once: what is kept from call to call grows
                again.append(call(case))
        if time.monotonic() - began[0] < SHORT:
            for case in exercise.inputs[1:]:
                again.append(call(case))

    with run.untouched(np):
        _, stopped = run.watched(work)
    unfinished = placeholders(exercise, outcomes)
    if unfinished is not None:
        result.passed, result.note = None, unfinished
        return result
    if stopped and len(outcomes) < len(right):
        return told(exercise, result, measure.stopped(exercise, stopped, began, time.monotonic()))
    try:
        return diagnosed(exercise, result, function, outcomes, again)
    except Exception:  # whatever came back, the learner gets a sentence
        result.passed = False
        return told(exercise, result, measure.undiagnosed(exercise))


def diagnosed(exercise, result, function, outcomes, again):
    """The verdict on what came back."""
    answers = [None if o.trouble else usual(exercise, o.value) for o in outcomes]
    matcher = Matcher(exercise, answers)
    if matcher.all_right():
        note = next((n for name, n in exercise.without.items() if uses(function, name)), "")
        note = note or beside(exercise, function)
        return passed(exercise, result, outcomes, again, note or exercise.why)
    keeps = measure.repeated(exercise, outcomes, again)
    if keeps:
        return told(exercise, result, keeps)
    found = matcher.explain(exercise.singles)
    if found:
        if found.mistakes[0].harmless:
            return passed(exercise, result, outcomes, again, found.mistakes[0].hints[0])
        return named(result, found.mistakes)
    ran = [i for i, outcome in enumerate(outcomes) if not outcome.trouble]
    if any(answers[i] is None for i in ran):
        pair = matcher.explain(exercise.pairs)
        if pair:
            return two_at_once(exercise, result, matcher, pair.mistakes)
        effect = measure.structure(exercise, [outcomes[i] for i in ran], ran)
        return told(exercise, result, effect)
    return explained(exercise, result, matcher, outcomes, ran)


def beside(exercise, function):
    """The note of a case in which another answer than ours is right, too, and this is another."""

    def work(progress):
        for case in exercise.beside:
            outcome = run.call(exercise.player, function, case.arguments, exercise.parameters)
            right = unpack(exercise.answer_of(exercise.function(), case), exercise.returns)
            answer = None if outcome.trouble else usual(exercise, outcome.value)
            if answer is not None and not Matcher(exercise, [answer]).equal(answer, right):
                return case.beside
        return ""

    return run.watched(work)[0] or ""


def passed(exercise, result, outcomes, again, note):
    """Right numbers, which are right only if the function does no harm beside them."""
    harm = measure.behaviour(exercise, outcomes, again)
    moved = [name for o in outcomes for name in o.changed]
    if moved and exercise.play == "step":
        note = (
            f"One thing to know: it changes {moved[0]}, the list or its arrays. Asked are new ones."
        )
    result.passed = not harm
    result.note = " ".join(filter(None, (note, digits(exercise, outcomes))))
    return told(exercise, result, harm) if harm else result


def digits(exercise, outcomes):
    """A word where what comes back is of a smaller kind of float than the right answer."""
    if exercise.play != "call":
        return ""
    for outcome, right in zip(outcomes, exercise.right, strict=True):
        pairs = zip(usual(exercise, outcome.value), unpack(right, exercise.returns), strict=True)
        small = {
            S.dtype for S, R in pairs if S.dtype.kind == R.dtype.kind == "f" and S.itemsize < 8
        }
        if small:
            kind = min(small, key=lambda dtype: dtype.itemsize)
            holds = {2: "three", 4: "seven"}[kind.itemsize]
            return f"(What you return is {kind}, which holds about {holds} digits.)"
    return ""


def explained(exercise, result, matcher, outcomes, ran):
    """Numbers that no single mistake gives: measured where that needs no guess, then two mistakes
    at once, then one for each output, then measured."""
    if len(ran) < len(outcomes):
        return with_errors(exercise, result, matcher, outcomes, ran)
    effect = measure.before_pairs(exercise, matcher)
    if effect:
        return told(exercise, result, effect)
    pair = matcher.explain(exercise.pairs)
    if pair:
        return two_at_once(exercise, result, matcher, pair.mistakes)
    found = matcher.explain_by_output()
    mistakes = [m for each, _ in found for m in each]
    if found and all(exact for _, exact in found) and claims.hold(mistakes, matcher):
        return named(result, mistakes)
    effect = measure.values(exercise, matcher)
    if found and all(exact for _, exact in found):
        return often(result, effect, mistakes)
    if effect.name in VAGUE and not exercise.off:
        if outcomes and all(outcome.idle for outcome in outcomes):
            return told(exercise, result, measure.say("rng-unused"))
        k = matcher.wrong_outputs()[0]
        known = matcher.explain_alone(k) if len(exercise.returns) > 1 else None
        if known and not known.mistakes[0].harmless:
            return in_one_output(exercise, result, matcher, effect, known, exercise.returns[k])
    return told(exercise, result, effect)


def in_one_output(exercise, result, matcher, effect, variant, name):
    """A mistake that spoils more than what is off: in its own words, where they speak of no other
    output; otherwise the lines that give these numbers are shown."""
    mistakes = variant.mistakes
    first_of_one = all(claims.speaks_of_one(m.hints[0], matcher) for m in mistakes)
    if first_of_one and not any(claims.OF_ALL.search(hint) for m in mistakes for hint in m.hints):
        result = named(result, mistakes)
        first = result.hints[0]
        right = effect.hints[1].partition(" right. ")
        result.hints = [
            f"In {name}: {first}",
            "".join(right[:2]) + result.hints[1],
            result.hints[2],
        ]
        return result
    lines = [
        (right, "; ".join(wrong.strip().splitlines())) for right, wrong in variant.replaced.items()
    ]
    enough = [each for each in lines if alone_enough(exercise, matcher, variant, each[0], name)]
    shown = " and ".join(f"`{wrong}` in place of `{right}`" for right, wrong in enough[:1] or lines)
    result.mistakes, result.effect = [m.id for m in mistakes], effect.name
    known = f"{name} is off: its numbers are those of a known slip, which hint 3 names."
    result.hints = [
        known if effect.name == "values" else effect.hints[0],
        effect.hints[1],
        f"Your {name} is what comes out with {shown}. Look for that on the way to {name}.",
    ]
    return result


def alone_enough(exercise, matcher, variant, right, name):
    """True where this one of the variant's lines gives the learner's numbers of that output."""
    one = Variant(variant.mistakes, {right: variant.replaced[right]})
    k = exercise.returns.index(name)
    ran = [i for i in matcher.cases if matcher.answers[i] is not None]
    return matcher.explains_one(one, k, ran)


# What is measured and says little: a known slip says more.
VAGUE = (
    "values",
    "entries",
    "rows",
    "factors",
    "some-cases",
    "some-zero",
    "evenness",
    "shift",
    "added",
)


def two_at_once(exercise, result, matcher, mistakes):
    """Two mistakes: in their own words, unless the one makes false what is said of the other."""
    mistakes = [m for m in mistakes if not m.harmless]
    if claims.hold(mistakes, matcher):
        return named(result, mistakes)
    return often(result, measure.values(exercise, matcher), mistakes)


def with_errors(exercise, result, matcher, outcomes, ran):
    """Some calls ended in an error. Two mistakes at once may tell why; otherwise, where most calls
    came to an end and are wrong, that comes first."""
    pair = matcher.explain(exercise.pairs)
    if pair:
        return two_at_once(exercise, result, matcher, pair.mistakes)
    found = matcher.explain_by_output()
    if found and all(exact for _, exact in found):
        return named(result, [m for each, _ in found for m in each])
    rest = Matcher(exercise, matcher.answers, ran)
    right = rest.all_right()
    if right or 2 * len(ran) < len(outcomes):
        effect = measure.of_math(outcomes, right) or measure.raises(outcomes, exercise.inputs)
        return told(exercise, result, effect)
    single = rest.explain(exercise.singles)
    if single and not single.mistakes[0].harmless:
        result = named(result, single.mistakes)
    else:
        result = explained(exercise, result, rest, [outcomes[i] for i in ran], ran)
    result.hints[1] += " " + measure.stops_too(outcomes, exercise.inputs)
    return result


# ---------------------------------------------------------------- is it an attempt?


def name_of(function):
    name = getattr(function, "__name__", "...")
    return name if name.isidentifier() else "..."


def is_placeholder(function):
    """`...` itself, or a function whose body is `...`, `pass` or a docstring alone."""
    if function is ... or function is None:
        return True
    if isinstance(function, Elsewhere):
        return function.placeholder
    return is_empty(function)


def uses(function, name):
    """True where the name stands in the function, or in one of the learner's that it calls."""
    names = function.names if isinstance(function, Elsewhere) else names_in(function)
    return name in names


def is_given(exercise, function):
    """The faulty function of the exercise, as the learner found it."""
    if isinstance(function, Elsewhere):
        return function.given
    return is_made_by(exercise.given, function)


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
    named = value if isinstance(value, dict) else None
    parts = value if named is None else list(named.values())
    if not isinstance(parts, (list, tuple)) or not any(part is ... for part in parts):
        return None
    if all(part is ... for part in parts):
        return ""
    if named is not None:
        missing = [str(name) for name, part in named.items() if part is ...]
        return f"Not finished yet: {' and '.join(missing)} to do."
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
