"""Numbers and choices that the learner types: right, rounded, a known slip, or measured."""

import re
from decimal import Decimal

import numpy as np

from . import measure
from .catalogue import namespace
from .result import Result, named, told


def expected(exercise, keywords):
    """The right numbers, and a function that evaluates an expression where they were computed."""
    space = namespace() | exercise.keywords | keywords
    exec(compile(exercise.setup, f"<setup of {exercise.name}>", "exec"), space)

    def value(expression):
        return eval(expression, space) if isinstance(expression, str) else expression

    answers = exercise.answer if isinstance(exercise.answer, list) else [exercise.answer]
    return [value(each) for each in answers], value


def judge_number(exercise, *given, **keywords):
    right, value = expected(exercise, keywords)
    names = exercise.names or ([exercise.name] if len(right) == 1 else [])
    result = Result(exercise.name, False)
    given = unpacked(given, names, len(right))
    if all(each is ... or each is None for each in given):
        result.passed = None
        return result
    result.answer = ", ".join(map(shown, given))
    result.answer += "".join(f", {key}={word!r}" for key, word in keywords.items())
    if len(given) != len(right):
        text = [each for each in given if isinstance(each, str)]
        if text:
            return hints(result, "no-number", name="One answer", got=measure.kind(text[0]))
        effect = measure.say(
            "number-count", got=len(given), asked=len(right), names=", ".join(names)
        )
        return told(exercise, result, effect)
    todo = [name for name, each in zip(names, given, strict=True) if each is ... or each is None]
    if todo:
        result.passed, result.note = None, f"Not finished yet: {measure.listed(todo)} to do."
        return result
    numbers = [as_number(each) for each in given]
    numbers = [
        n.reshape(()) if n is not None and n.size == 1 and not np.ndim(r) else n
        for n, r in zip(numbers, right, strict=True)
    ]
    for name, number, each in zip(names, numbers, given, strict=True):
        if number is None:
            return hints(result, "no-number", name=name, got=measure.kind(each))
        if not np.isfinite(number).all():
            return hints(result, "number-nan", name=name, got=shown(each))

    fine = [window(exercise, each) for each in numbers]
    wrong = [k for k, n in enumerate(numbers) if not near(n, right[k], fine[k])]
    if not wrong:
        rough = [k for k, n in enumerate(numbers) if not near(n, right[k], exercise.tolerance)]
        result.passed, result.note = True, exercise.why
        if rough:
            exact = measure.listed([f"{names[k]} is {rounded(right[k])}" for k in rough])
            result.note = f"Rounding, fine: {exact}, to more digits. {exercise.why}".strip()
        return result
    found = slips(exercise, names, numbers, right, wrong, value, fine)
    if found:
        return known(result, found)
    k = wrong[0]
    effect = in_other_order(names, numbers, right, wrong, exercise.tolerance)
    effect = effect or of_number(names[k], numbers[k], right[k], exercise)
    if len(wrong) < len(names):
        fit = [name for j, name in enumerate(names) if j not in wrong]
        effect.hints[1] = f"Right: {measure.listed(fit)}. {effect.hints[1]}"
    result.hints = effect.hints
    return result


def window(exercise, typed):
    """How far a number may be off: as asked; or, rounded, by one unit of the last digit typed."""
    number = as_number(typed)
    if number is None or number.ndim or not np.isfinite(number):
        return exercise.tolerance
    last = Decimal(repr(float(number))).normalize().as_tuple().exponent
    return max(exercise.tolerance, min(exercise.rounding, 10.0 ** min(last, 0)))


def unpacked(given, names, number):
    """Numbers one after the other, or all of them in one tuple, list, array or dict of names."""
    if len(given) == 1 and number > 1:
        only = given[0]
        if isinstance(only, dict):
            return tuple(only.get(name, ...) for name in names)
        if isinstance(only, (tuple, list)) or isinstance(only, np.ndarray) and only.ndim == 1:
            return tuple(only)
        if only is ... or only is None:
            return (...,) * number
    return given


def as_number(value):
    """The value as an array of floats, or None."""
    if isinstance(value, (str, bytes)):
        return None
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return None


def near(a, b, tolerance):
    b = np.asarray(b, dtype=float)
    return np.shape(a) == b.shape and bool((np.abs(a - b) <= tolerance + 1e-12).all())


def slips(exercise, names, numbers, right, wrong, value, fine):
    """The known mistakes that give these numbers: one for all of them, or one for each."""
    for mistake in exercise.mistakes:
        for way in mistake.values:
            if isinstance(way, dict):
                continue
            values = value(way)
            values = values if isinstance(values, tuple) and len(names) > 1 else (values,)
            if len(values) == len(names) and all(
                near(n, v, f) for n, v, f in zip(numbers, values, fine, strict=True)
            ):
                return [mistake]
    found = {}
    for mistake in exercise.mistakes:
        for way in mistake.values:
            if isinstance(way, dict) and all(
                near(numbers[k := names.index(name)], value(each), fine[k])
                for name, each in way.items()
            ):
                for name in way:
                    found.setdefault(names.index(name), mistake)
    explained = [found.get(k) for k in wrong]
    return [] if None in explained else list({m.id: m for m in explained}.values())


def in_other_order(names, numbers, right, wrong, tolerance):
    """Two right numbers that have changed places."""
    if len(wrong) != 2 or any(np.ndim(right[k]) for k in wrong):
        return None
    a, b = wrong
    if near(numbers[a], right[b], tolerance) and near(numbers[b], right[a], tolerance):
        return measure.say("number-order", a=names[a], b=names[b])
    return None


def of_number(name, number, right, exercise):
    """What distinguishes a number from the right one, when nothing else is known."""
    if np.shape(number) != np.shape(right):
        return measure.say("number-shape", name=name, got=np.shape(number), asked=np.shape(right))
    tolerance = exercise.tolerance
    if near(number, -np.asarray(right), tolerance):
        return measure.say("number-sign", name=name)
    for factor, text in FACTORS.items():
        if near(number, factor * np.asarray(right), abs(factor) * tolerance) and np.any(right):
            return measure.say("number-factor", name=name, factor=text)
    if np.ndim(right) == 0 and right and near(number, 1 / right, tolerance):
        return measure.say("number-inverse", name=name)
    if near(number, 1 - np.asarray(right), tolerance):
        return measure.say("number-rest", name=name)
    if exercise.hints:
        return measure.Effect("values", [h.replace("{name}", name) for h in exercise.hints])
    off = np.abs(number - np.asarray(right)).max()
    if off <= 0.05 * np.abs(right).max():
        return measure.say("number-near", name=name)
    which = "high" if np.ndim(right) == 0 and number > right else "low"
    return measure.say("number-off" if np.ndim(right) == 0 else "numbers-off", name=name, way=which)


FACTORS = {
    2: "twice", 0.5: "half", 10: "ten times", 0.1: "a tenth of", 100: "a hundred times",
    0.01: "a hundredth of", -2: "minus twice", -0.5: "minus half",
}  # fmt: skip


def judge_choice(exercise, given=..., *more):
    result = Result(exercise.name, False)
    if given is ... or given is None:
        result.passed = None
        return result
    result.answer = shown(given)
    right = exercise.answer if isinstance(exercise.answer, list) else [exercise.answer]
    given = in_our_order(given, exercise.options)
    if more or not any(alike(given, option) for option in [*exercise.options, *right]):
        options = ", ".join(shown(option) for option in exercise.options)
        return hints(result, "no-option", options=options)
    if any(alike(given, option) for option in right):
        result.passed, result.note = True, exercise.why
        return result
    for mistake in exercise.mistakes:
        if any(alike(given, value) for value in mistake.values):
            return known(result, [mistake])
    result.hints = list(exercise.hints) or measure.say("other-option").hints
    return result


def alike(given, option):
    """The same choice: letters of either case, 3 and "3", True and "true"."""
    return str(given).strip().lower() == str(option).strip().lower()


def in_our_order(given, options):
    """`d and b` is the option `b and d`, where no other option has the same parts."""

    def parts(text):
        return sorted(part.strip() for part in re.split(r",|\band\b", str(text).lower()))

    same = [option for option in options if parts(option) == parts(given)]
    return same[0] if len(same) == 1 and len(parts(given)) > 1 else given


def shown(value):
    """A value as the learner would type it."""
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    return "..." if value is ... else repr(value)


def rounded(value):
    return f"{float(value):.6g}" if np.ndim(value) == 0 else str(np.round(value, 6).tolist())


def hints(result, effect, **gaps):
    result.hints = measure.say(effect, **gaps).hints
    return result


def known(result, mistakes):
    return named(result, mistakes)
