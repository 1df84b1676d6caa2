"""What is off, measured: for answers that no known mistake explains.

A measure looks at the learner's answers beside the right ones and returns an Effect, which is a
name and three hints, or None. The first one that speaks is heard. The words stand in effects.toml.
"""

import copy
import itertools
import math
import re
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from . import run
from .cases import Instead
from .match import as_array, close, parted, same, unpack

SIZES = {
    "N": "the number of examples",
    "K": "the number of classes",
    "D": "the number of inputs",
    "M": "the number of outputs",
    "H": "the number of hidden units",
}


@dataclass
class Effect:
    name: str
    hints: list


@lru_cache
def words():
    return tomllib.loads(Path(__file__).with_name("effects.toml").read_text(encoding="utf-8"))


def say(effect, **gaps):
    """The effect of that name, its hints with their gaps filled."""
    hints = [" ".join(hint.format(**gaps).split()) for hint in words()[effect]["hints"]]
    return Effect(effect, [re.sub("^the ", "The ", hint) for hint in hints])


def listed(names):
    """a, b and c"""
    *most, last = names or ["nothing"]
    return f"{', '.join(most)} and {last}" if most else last


def usual(exercise, value):
    """The value as one array for each output, or None."""
    if asks_dictionary(exercise) and not isinstance(value, dict):
        return None
    names = exercise.returns
    one = isinstance(value, tuple) and len(value) == len(names) == 1
    if one or isinstance(value, np.ndarray) and len(names) > 1:
        axes = [{part.ndim for part in unpack(right, names)} for right in exercise.right]
        if one and np.ndim(as_array(value[0])) == 0 and all(each == {1} for each in axes):
            value = list(value)  # a row with one entry, as a tuple
        value = parted(value, len(names), {n for each in axes if len(each) == 1 for n in each})
    return unpack(value, names)


# ---------------------------------------------------------------- how it behaves


def stopped(exercise, trouble, began, now):
    """It ran too long: in one call, or in all of them together though each came to its end."""
    place = f" It was at {trouble.place}." if trouble.place else ""
    if now - began[-1] >= 0.9 * run.SECONDS:
        changed = [name for name in trouble.error.changed if name not in exercise.may_change]
        if changed:
            effect = say("endless-changed", seconds=run.SECONDS, place=place, name=changed[0])
            return of_what_holds_arrays(exercise, changed[0], effect)
        return say("endless", seconds=run.SECONDS, place=place)
    return say("slow", calls=len(began), seconds=now - began[0], place=place)


UNUSUAL = {
    "SystemExit": "exits",
    "KeyboardInterrupt": "interrupted",
    "RecursionError": "recursion",
    "MemoryError": "memory",
}


def raises(outcomes, cases):
    """The first call that ended in an error."""
    number = next(i for i, outcome in enumerate(outcomes) if outcome.trouble)
    trouble, case = outcomes[number].trouble, cases[number]
    place = trouble.place or "a place that cannot be named"
    if trouble.kind in UNUSUAL:
        return say(UNUSUAL[trouble.kind], place=place)
    sizes = ", ".join(f"{k} = {v}" for k, v in case.sizes.items())
    some = any(not outcome.trouble for outcome in outcomes) and (case.what or sizes)
    message = " ".join(str(trouble.error).split()).split(". ")[0]  # NumPy can go on for long
    message = message if len(message) <= 160 else message[:157] + "..."
    effect = say(
        "raises",
        when=f" for {case.what or sizes}" if some else "",
        place=place,
        error=f"{trouble.kind}: {message}".removesuffix(": "),
        sizes=f" The sizes were {sizes}." if sizes else "",
    )
    tables = re.search(r"shapes \((\d+),(\d+)\) \((\d+),(\d+)\)", str(trouble.error))
    if tables and tables[1] == tables[3] and not case.what:
        effect.hints[1:] = words()["raises"]["tables"]
        return effect
    for special in words()["raises"]["special"]:
        if any(word in str(trouble.error) for word in special["words"]):
            effect.hints[1:] = special["hints"]
            break
    return effect


def of_math(outcomes, right):
    """An error of Python's own `math` at numbers where np.exp gives inf or np.log −inf."""
    errors = [outcome.trouble for outcome in outcomes if outcome.trouble]
    if not right or not errors or len(errors) == len(outcomes):
        return None
    for effect, kind, start in (
        ("math-range", "OverflowError", "math range error"),
        ("math-domain", "ValueError", ("math domain error", "expected a positive input")),
    ):
        if all(e.kind == kind and str(e.error).startswith(start) for e in errors):
            return say(effect, place=errors[0].place or "the line with it")
    return None


def behaviour(exercise, outcomes, again):
    """A right answer that yet does harm: input changed, memory shared, another answer each time."""
    changed = [name for o in outcomes for name in o.changed if name not in exercise.may_change]
    if changed:
        effect = say("changed-input", name=changed[0])
        return of_what_holds_arrays(exercise, changed[0], effect)
    if exercise.fresh and any(o.shared for o in outcomes):
        return say("shared")
    return repeated(exercise, outcomes, again)


def of_what_holds_arrays(exercise, name, effect):
    """The effect; where the argument is a list of arrays, .copy() is no cure."""
    given = exercise.inputs[0].arguments[exercise.parameters.index(name)]
    if isinstance(given, (list, dict)):
        kind = "list" if isinstance(given, list) else "dictionary"
        effect.hints[0] = effect.hints[0].replace("needs that array.", "needs it as it was.")
        each = given.values() if isinstance(given, dict) else given
        holds = "arrays" if any(isinstance(a, np.ndarray) for a in each) else "numbers"
        inside = words()["changed-input"][holds]
        effect.hints[1:] = [hint.format(name=name, kind=kind) for hint in inside]
    return effect


def repeated(exercise, outcomes, again):
    """The same call twice must give the same answer. The first is repeated at once."""
    for number, (first, second) in enumerate(zip(outcomes, again, strict=False)):
        if bool(first.trouble) != bool(second.trouble):
            return say("unsteady")
        both = [None if o.trouble else usual(exercise, o.value) for o in (first, second)]
        if any(each is None for each in both):
            continue
        pairs = list(zip(*both, strict=True))
        if not all(same(b, a, exercise.tolerance) for a, b in pairs):
            twice = all(same(b, a) or same(b, 2 * np.asarray(a, dtype=float)) for a, b in pairs)
            return say("grows" if twice and not number else "unsteady")
    return None


# ---------------------------------------------------------------- what kind of thing came back


def structure(exercise, outcomes, cases):
    """Nothing, the wrong number of things, or things that are no numbers; `cases` are the numbers
    of the cases that the outcomes belong to."""
    names, (asked, back) = exercise.returns, asked_for(exercise)
    values = [outcome.value for outcome in outcomes]
    instead = [value.effect for value in values if isinstance(value, Instead)]
    if instead:
        return say(instead[0])
    if any(value is None for value in values):
        return nothing(exercise, outcomes, back)
    value = next((v for v in values if usual(exercise, v) is None), values[0])
    if asks_dictionary(exercise) and not isinstance(value, dict) and not callable(value):
        return say("no-dictionary", got=a_type(value), asked=asked)
    if callable(value):
        return say("not-called")
    if isinstance(value, dict) and set(value) != set(names):
        return dictionary(exercise, value, asked)
    several = isinstance(value, (tuple, list, dict)) if len(names) > 1 else isinstance(value, tuple)
    if several and len(value) != len(names):
        got = f"{len(value)} thing{'s' * (len(value) != 1)}"
        return counted(exercise, values, cases, got)
    if len(names) > 1 and not several:
        return counted(exercise, values, cases, "one thing")
    named = [value[name] for name in names] if isinstance(value, dict) else None
    parts = named or (value if several else [value])
    name, part = next(
        (name, part) for name, part in zip(names, parts, strict=True) if as_array(part) is None
    )
    if part is None and (others := where_none(exercise, values, cases, names.index(name))):
        return say("none-sometimes", name=name, cases=others)
    return say("kind", name=name, got=kind(part))


def where_none(exercise, values, cases, k):
    """In words, the cases in which output number k is None; "" where that is so in all of them."""
    names = exercise.returns
    parts = [[v.get(n) for n in names] if isinstance(v, dict) else v for v in values]
    parts = [v if isinstance(v, (tuple, list)) else [v] for v in parts]
    none = [i for i, v in zip(cases, parts, strict=True) if k < len(v) and v[k] is None]
    if len(none) == len(values):
        return ""
    what = [exercise.inputs[i].what for i in none if exercise.inputs[i].what]
    return f", such as {what[0]}" if what else " and not for others"


def asked_for(exercise):
    """What is to come back, in words, and as it stands behind `return`. A player that makes facts
    of it has words of its own."""
    own = getattr(exercise.player, "asked", "")
    names = exercise.returns
    if own:
        return own, own
    if len(names) > 1 and names[0].endswith("[0]"):
        return (f"a list of {len(names)} arrays",) * 2
    text = ", ".join(names)
    entries = ", ".join(f'"{name}": …' for name in names)
    return text, f"{{{entries}}}" if asks_dictionary(exercise) else text


def counted(exercise, values, cases, got):
    """Too few things, or too many; which of the right ones they are is told where they are."""
    asked, back = asked_for(exercise)
    effect = say("count", got=got, asked=asked, back=back)
    if hasattr(exercise.player, "asked"):
        return effect
    names = exercise.returns
    found = {places(exercise, v, i) for v, i in zip(values, cases, strict=True)}
    came = found.pop() if len(found) == 1 else ()
    if not came or None in came or len(came) >= len(names):
        return effect
    got += f", the right {listed([names[k] for k in came])}"
    effect = say("count", got=got, asked=asked, back=back)
    if asked.startswith("a list of"):
        if came == (len(names) - 1,):
            effect.hints[1:] = words()["count"]["last"]
        if came == (0,):
            effect.hints[1:] = words()["count"]["first"]
    return effect


def places(exercise, value, i):
    """For each thing that came back in case number i: the number of the output that it is."""
    right = unpack(exercise.right[i], exercise.returns)
    parts = value if isinstance(value, (tuple, list)) else [value]
    arrays, each = [as_array(part) for part in parts], list(enumerate(right))
    return tuple(
        None if a is None else next((k for k, R in each if same(a, R, exercise.tolerance)), None)
        for a in arrays
    )


def asks_dictionary(exercise):
    return all(isinstance(answer, dict) for answer in exercise.right) and exercise.play == "call"


def dictionary(exercise, value, asked):
    """A dictionary whose names are not those asked for."""
    own = [str(key) for key in value]
    got = f"a dictionary of {listed(own)}" if own else "an empty dictionary"
    effect = say("count", got=got, asked=asked, back=asked_for(exercise)[1])
    beside = getattr(exercise.player, "notes", ())
    missing = [name for name in exercise.returns if name not in value and name not in beside]
    updates = exercise.play == "step_of_a_dictionary"
    if (asks_dictionary(exercise) or updates) and own and missing:
        effect.hints[1] = f"Missing: {listed(missing)}. {effect.hints[1]}"
    return effect


def a_type(value):
    """a tuple, an array, an int"""
    name = "array" if isinstance(value, np.ndarray) else type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def nothing(exercise, outcomes, back):
    if any(outcome.value is not None for outcome in outcomes):
        return say("nothing-sometimes")
    if any(outcome.printed for outcome in outcomes):
        return say("printed", back=back)
    for name in exercise.may_change:
        if any(name in outcome.changed for outcome in outcomes):
            return say("nothing-but-in-place", name=name)
    return say("nothing", back=back)


def kind(part):
    """What a thing is that is no array of numbers, in words."""
    if part is None:
        return "None"
    if isinstance(part, str):
        return f"text ({part[:40]!r})"
    if isinstance(part, (list, tuple)):
        try:
            dtype = np.asarray(part).dtype
        except ValueError:
            return "rows of different lengths"
        except Exception:  # an object that objects
            dtype = np.dtype(object)
        if dtype.kind != "c":
            return f"a {type(part).__name__} of other things"
        return "complex numbers"
    if isinstance(part, (np.ndarray, np.generic, complex)) and np.asarray(part).dtype.kind == "c":
        return "complex numbers"
    return f"an object of the type {type(part).__name__}"


def swapped(exercise, matcher):
    """All outputs are right, in another order."""
    names = exercise.returns
    if not 1 < len(names) <= 4:
        return None
    for order in itertools.permutations(range(len(names))):
        if all(
            same(S[k], R[j], exercise.tolerance)
            for S, R in matcher.rows()
            for k, j in enumerate(order)
        ):
            return say("swapped", got=", ".join(names[j] for j in order), asked=", ".join(names))
    return None


def permuted(exercise, matcher):
    """The right function of its arguments, two of which are exchanged."""
    names = exercise.parameters
    if exercise.play != "call" or not 1 < len(names) <= 6:
        return None
    for a, b in itertools.combinations(range(len(names)), 2):
        order = list(range(len(names)))
        order[a], order[b] = b, a
        if gives(exercise, matcher, order):
            return say("permuted", a=names[a], b=names[b], signature=exercise.signature)
    return None


def gives(exercise, matcher, order):
    """True where the solution, called with its arguments in this order, gives these answers."""
    function = exercise.function()
    for i in matcher.cases:
        case = exercise.inputs[i]
        if len(case.arguments) != len(order):
            return False
        other = replace(case, arguments=tuple(case.arguments[k] for k in order))
        V = unpack(exercise.answer_of(function, other), exercise.returns)
        if V is None or not matcher.equal(matcher.answers[i], V):
            return False
    return True


def shape_of(value):
    """The shape of an array; of a list, the shapes of what stands in it."""
    if isinstance(value, dict):
        value = [*value.values()]
    return [*map(shape_of, value)] if isinstance(value, (list, tuple)) else np.shape(value)


def stale(exercise, matcher):
    """Each answer is right, or is the right one to an earlier input of the same shapes; not where
    it is one whole number, which comes again by chance."""
    answers, old = matcher.answers, 0
    shapes = [shape_of(case.arguments) for case in exercise.inputs]
    if all(sum(R.size for R in right) == 1 and not (right[0] % 1).any() for right in matcher.right):
        return None
    for i in matcher.cases:
        if not matcher.equal(answers[i], matcher.right[i]):
            before = [j for j in matcher.cases if j < i and shapes[j] == shapes[i]]
            if not any(matcher.equal(answers[i], matcher.right[j]) for j in before):
                return None
            old += 1
    return say("stale") if old and matcher.equal(answers[0], matcher.right[0]) else None


def before_pairs(exercise, matcher):
    """What needs no guess: another order, exchanged arguments, nothing but zeros, a copy of an
    argument, one number everywhere. Two mistakes at once are looked for only after these."""
    for measure in swapped, permuted, stale:
        if found := measure(exercise, matcher):
            return found
    wrong = matcher.wrong_outputs()
    if not wrong or exercise.off:
        return None
    look = Look(exercise, matcher, wrong[0])
    for measure in zero, argument, constant:
        if found := measure(look):
            return with_the_others(exercise, matcher, found)
    return None


# ---------------------------------------------------------------- what is off in one output


class Look:
    """One output of the learner beside the right one: rows of (S, R, case), S and R as floats."""

    def __init__(self, exercise, matcher, k):
        self.exercise, self.name, self.asked = exercise, exercise.returns[k], exercise.tolerance
        cases = [exercise.inputs[i] for i in matcher.cases if matcher.answers[i] is not None]
        pairs = zip(matcher.rows(), cases, strict=True)
        self.rows = [(S[k].astype(float), R[k].astype(float), case) for (S, R), case in pairs]
        self.off = [row for row in self.rows if not self.same(*row[:2])]

    def same(self, S, R):
        return same(S, R, self.asked)

    def effect(self):
        if self.name in self.exercise.off:
            return Effect("values", list(self.exercise.off[self.name]))
        return next(found for measure in MEASURES if (found := measure(self)))


def shape(look):
    off = [(S, R, case) for S, R, case in look.off if S.shape != R.shape]
    if not off:
        return None
    S, R, case = off[0]
    given = zip(look.exercise.parameters, case.arguments, strict=False)
    given = {k: v for k, v in given if type(v) is int and k not in case.sizes}
    sizes = listed([f"{k} = {v}" for k, v in (case.sizes | given).items()] or [""])
    gaps = {
        "name": look.name,
        "got": S.shape,
        "asked": R.shape or "()",
        "where": f"Print the shapes line by line{f', for {sizes}' * bool(sizes)}.",
    }
    if not R.shape:
        gaps["asked"] = "a single number"
    if all(s.ndim == 2 and look.same(s.T, r) for s, r, _ in off):
        return say("transposed", **gaps)
    if all(s.size == r.size and look.same(s.reshape(r.shape), r) for s, r, _ in off):
        effect = say("reshaped", **gaps)
        if not R.shape:
            effect.hints[2] = "float(...) makes a number of an array with one entry."
        return effect
    for axis, how in itertools.product(range(2), ("sum", "mean")):
        if all(s.ndim > axis and look.same(getattr(s, how)(axis=axis), r) for s, r, _ in off):
            return say("not-reduced", how=how, axis=axis, **gaps)
        if all(r.ndim > axis and look.same(s, getattr(r, how)(axis=axis)) for s, r, _ in off):
            return say("reduced", how=how, axis=axis, **gaps)
    N = case.sizes.get("N")
    effect = say("broadcast" if S.shape == (N, N) else "shape", **gaps)
    if effect.name == "shape" and S.ndim == R.ndim:
        axis = next(a for a in range(S.ndim) if S.shape[a] != R.shape[a])
        long = {"axis": axis, "got": S.shape[axis], "asked": R.shape[axis]}
        effect.hints[2] = words()["shape"]["length"][0].format(**long)
    return effect


def not_finite(look):
    for S, R, case in look.off:
        bad = ~np.isfinite(S) & np.isfinite(R)
        if bad.any():
            i = tuple(int(n) for n in np.argwhere(bad)[0])
            return say(
                "nan",
                name=look.name,
                what="NaN" if np.isnan(S[i]) else "inf",
                where=" everywhere" * (bad.size > 1) if bad.all() else f" at {place(look.name, i)}",
                when=f", for {case.what}" if case.what else "",
            )
    return None


def decimals(look):
    """The right numbers with their decimals cut or rounded."""
    for cut in (np.trunc, np.rint, np.floor):
        if all(look.same(S, cut(R)) for S, R, _ in look.rows):
            return say("decimals", name=look.name)
    return None


def zero(look):
    """Nothing but zeros, where the right answers are not."""
    if all(look.same(S, 0 * R) for S, R, _ in look.rows):
        return say("zero", name=look.name)
    return None


def constant(look):
    """The same number everywhere, in every case."""
    numbers = np.concatenate([np.ravel(S) for S, _, _ in look.rows] or [[]])
    shapes = all(S.shape == R.shape for S, R, _ in look.rows)
    if numbers.size < 6 or not shapes or not np.isfinite(numbers).all() or np.ptp(numbers):
        return None
    right = np.concatenate([np.ravel(R) for _, R, _ in look.rows])
    return say("constant", name=look.name, number=f"{numbers[0]:.6g}") if np.ptp(right) else None


def inside(look):
    """Every argument, and every entry of one that is a list or a dictionary: name, and picker.

    An update gives new numbers for old ones of the same name: then it is the old one.
    """
    given = [case.arguments for _, _, case in look.rows]
    updates = look.exercise.play == "step_of_a_dictionary"

    def told(name):
        return f"the old {name}" if name == look.name else name

    for k, name in enumerate(look.exercise.parameters if given else []):
        if k >= len(given[0]):
            return
        yield told(name), lambda arguments, k=k: arguments[k]
        first = given[0][k]
        if isinstance(first, (list, dict)) and all(len(each[k]) == len(first) for each in given):
            for key in first if isinstance(first, dict) else range(len(first)):
                updated = updates and not k and key == look.name
                entry = f"the old {key}" if updated else told(f"{name}[{key!r}]")
                yield entry, lambda arguments, k=k, key=key: arguments[k][key]


def argument(look):
    """The answer is one of the arguments, unchanged."""
    for name, pick in inside(look):
        given = [(as_array(pick(case.arguments)), S) for S, _, case in look.rows]
        if given and all(a is not None and same(S, a) for a, S in given):
            back = asked_for(look.exercise)[1]
            effect = say("copy", name=look.name, argument=name, back=back)
            if name.startswith("the old"):
                effect.hints[1:] = [h.format(name=look.name) for h in words()["copy"]["old"]]
            return effect
    return None


def factor(look):
    """A constant times the right answer, by the same rule in every case."""
    factors, met = [], []
    for S, R, case in look.rows:
        s, r = S.ravel(), R.ravel()
        if r.any():
            c = s @ r / (r @ r)
            if not np.isfinite(c) or not look.same(s, c * r):
                return None
            factors.append((c, case.sizes))
            met.append(case)
        elif not look.same(s, r):
            return None
    if all(np.isclose(c, 1) for c, _ in factors):
        return None
    found = np.array([c for c, _ in factors])
    known = dict.fromkeys([*SIZES, *factors[0][1]])
    letters = [k for k in known if all(k in sizes for _, sizes in factors)]
    if text := off_by_one_example(factors):
        return say(
            "factor", name=look.name, factor=text, meaning=" (N is the number of examples)",
            where="Look at what is divided by, and at how many terms are added up.",
            fix="Divide by N, the number of examples.",
        )  # fmt: skip
    for number, (up, down) in itertools.product((1, -1, 2, 0.5, -2, -0.5), products(letters)):
        rule = (number * size(up, sizes) / size(down, sizes) for _, sizes in factors)
        if all(math.isclose(c, r, rel_tol=1e-5) for c, r in zip(found, rule, strict=True)):
            return of_factor(look, number, up, down)
    if by := of_an_argument(look, found, met):
        return by
    if np.allclose(found, found[0], rtol=1e-5):
        if abs(found[0]) < 1e-12:
            return say("zero", name=look.name)
        effect = of_factor(look, float(f"{found[0]:.4g}"), (), ())
        for name, a in constants(look, met):
            if np.isclose(found[0], a) or np.isclose(found[0], 1 / a):
                effect.hints[1:] = [
                    f"{name} is {a:g} in the check: does it come in once too often, or not at all?",
                    "Compare with the formula, factor by factor.",
                ]
        return effect
    tables = all(np.size(R) > 1 for _, R, _ in look.rows)  # any number is a factor times another
    off = [(c, sizes) for c, sizes in factors if not np.isclose(c, 1)]
    most = len(off) > max(1, len(factors) / 2) and all(c > 0 for c, _ in factors)
    if tables and most:
        c, sizes = off[0]
        inside = ", ".join(f"{k} = {n}" for k, n in sizes.items())
        return say("factors", name=look.name, number=f"{c:.4g}", inside=inside and f" for {inside}")
    return None


def of_an_argument(look, found, cases):
    """A factor that is an argument, a number, or a simple expression of it."""
    if np.allclose(found, found[0], rtol=1e-5):
        return None
    for name, given in numbers(look, cases):
        a = np.array(given, dtype=float)
        for text, rule in SIMPLE.items():
            for sign, also in ((1, ""), (-1, " and has the wrong sign")):
                if np.allclose(found, sign * rule(a), rtol=1e-5, atol=0):
                    return say(
                        "factor", name=look.name, factor=text.format(name), meaning=also,
                        where=f"Look at {name}: too often, not at all, or on the wrong side of /?",
                        fix="Compare with the formula, factor by factor.",
                    )  # fmt: skip
    return None


def constants(look, cases):
    """Arguments that are one and the same number in every case, other than 0, 1, 2 and ½."""
    for name, given in numbers(look, cases):
        if len(set(given)) == 1 and given[0] not in (0, 1, 2, 0.5):
            yield name, given[0]


def numbers(look, cases):
    """The arguments that are a plain number in every case, and these numbers."""
    columns = (case.arguments for case in cases)
    for name, *given in zip(look.exercise.parameters, *columns, strict=False):
        if all(type(a) in (int, float) for a in given):
            yield name, given


SIMPLE = {
    "{}": lambda a: a,
    "1/{}": lambda a: 1 / a,
    "(1 − {})": lambda a: 1 - a,
    "1/(1 − {})": lambda a: 1 / (1 - a),
    "{}²": lambda a: a**2,
    "1/{}²": lambda a: 1 / a**2,
    "√{}": lambda a: np.sqrt(a),
    "1/√{}": lambda a: 1 / np.sqrt(a),
    "√(1 − {})": lambda a: np.sqrt(1 - a),
    "1/√(1 − {})": lambda a: 1 / np.sqrt(1 - a),
}


def off_by_one_example(factors):
    """N − 1 or N + 1 in the place of N, also under a root: in words, or None."""
    some = [(c, sizes["N"]) for c, sizes in factors if sizes.get("N", 0) > 1]
    if len({N for _, N in some}) < 2 or not all(c > 0 for c, _ in some):
        return None
    found = np.array([c for c, _ in some])
    for more, root in itertools.product((1, -1), (1, 2)):
        ratio = np.array([N / (N + more) for _, N in some])
        other = f"N {'+' if more == 1 else '−'} 1"
        for rule, text in (ratio, f"N/({other})"), (1 / ratio, f"({other})/N"):
            if np.allclose(found**root, rule, rtol=1e-5):
                return text if root == 1 else f"√({text})"
    return None


def products(letters):
    """Fractions of sizes: what stands above the line, what stands below; plain ones first."""
    some = [(), *((k,) for k in letters), *itertools.combinations_with_replacement(letters, 2)]
    pairs = [(up, down) for up in some for down in some if not set(up) & set(down)]
    return sorted(pairs, key=lambda pair: len(pair[0]) + len(pair[1]))


def size(letters, sizes):
    return math.prod(sizes[k] for k in letters)


def of_factor(look, number, up, down):
    if number == -1 and not up and not down:
        return say("sign", name=look.name)
    whole, half = abs(number), abs(number) == 0.5
    top = "·".join([f"{whole:g}"] * (whole not in (1, 0.5)) + list(up)) or "1"
    under = ["2"] * half + list(down)
    bottom = f"({'·'.join(under)})" if len(under) > 1 else "".join(under)
    text = f"{top}/{bottom}" if bottom else top
    letters = list(dict.fromkeys((*up, *down)))
    told = [f"{k} is {SIZES[k]}" for k in letters if k in SIZES]
    meaning = f" ({', '.join(told)})" if told else ""
    where = "Look for a constant: a 2, a ½, a 100, another base of the logarithm."
    if letters:
        where = "Look for a division or a mean that is missing, or that is there twice."
    fix = f"Divide by {text}, at the place where that belongs."
    if down and not up and whole == 1:
        fix = f"Leave out the division by {bottom}, or take a sum in place of a mean."
    elif half and not letters:
        fix = "Leave out the ½ that is too many, or put in the 2 that is missing: d/dx x² is 2x."
    return say(
        "factor",
        name=look.name,
        factor=text,
        meaning=meaning + (" and has the wrong sign" if number < 0 else ""),
        where=where,
        fix=fix,
    )


def some_cases(look):
    """Right for ordinary inputs, wrong for one that is special."""
    special = list(dict.fromkeys(case.what for _, _, case in look.off))
    if len(look.off) == len(look.rows) or len(special) > 2 or not all(special):
        return None
    return say("some-cases", name=look.name, cases=listed(special), example=example(look))


def signs(look):
    """The right sizes, without their signs."""
    if all(look.same(S, np.abs(R)) for S, R, _ in look.rows):
        return say("signs", name=look.name)
    return None


def rounded(look):
    """The right numbers, to a few decimals."""
    for digits in range(1, 7):
        if all(look.same(S, np.round(R, digits)) for S, R, _ in look.rows):
            return say("rounded", name=look.name, digits=digits)
    return None


def clipped(look):
    """The right numbers, with all above one bound, or below another, cut off."""
    rows = [(S, R) for S, R, _ in look.rows]
    low = min((S.min() for S, _ in rows if S.size), default=0.0)
    high = max((S.max() for S, _ in rows if S.size), default=0.0)
    kept = sum(int(close(S, R, look.asked).sum()) for S, R in rows)
    at = sum(int(((S == low) | (S == high)).sum()) for S, _ in rows)
    if low < high and kept and at > 3 and all(look.same(S, np.clip(R, low, high)) for S, R in rows):
        below = any((R < low).any() for _, R in rows if R.size)
        above = any((R > high).any() for _, R in rows if R.size)
        low, high = low + 0.0, high + 0.0  # −0 is 0
        bounds = [f"below {low:.4g}"] * below + [f"above {high:.4g}"] * above
        return say("clipped", name=look.name, bounds=" and ".join(bounds))
    return None


def reordered(look):
    """The rows, or the columns, of the right table in another order."""
    if any(R.ndim not in (1, 2) for _, R, _ in look.rows):
        return None
    lines = ("row", "column") if all(R.ndim == 2 for _, R, _ in look.rows) else ("entry",)
    for axis, line in enumerate(lines):
        if all(permutation(look, S, R, axis) for S, R, _ in look.rows):
            return say("reordered", name=look.name, lines=PLURAL[line])
    pairs = [(np.sort(S, axis=-1), np.sort(R, axis=-1)) for S, R, _ in look.rows]
    if len(lines) == 2 and all(look.same(S, R) for S, R in pairs):
        return say("reordered", name=look.name, lines="entries in each row")
    return None


PLURAL = {"row": "rows", "column": "columns", "entry": "entries"}


def permutation(look, S, R, axis):
    """True where each line of S is a line of R, each once."""
    left = list(np.moveaxis(R, axis, 0))
    for line in np.moveaxis(S, axis, 0):
        found = [i for i, other in enumerate(left) if look.same(line, other)]
        if not found:
            return False
        left.pop(found[0])
    return True


def some_zero(look):
    """What is off is 0; what is not 0 is right."""
    rows = [(S, R) for S, R, _ in look.rows]
    right = sum(int((close(S, R, look.asked) & (R != 0)).sum()) for S, R in rows)
    if right and all((close(S, R, look.asked) | (S == 0)).all() for S, R in rows):
        return say("some-zero", name=look.name, example=example(look))
    return None


def stretched(look):
    """One number times the right answer, plus another number: the same two everywhere."""
    S = np.concatenate([np.ravel(S) for S, _, _ in look.rows])
    R = np.concatenate([np.ravel(R) for _, R, _ in look.rows])
    if R.size < 6 or not np.isfinite(S).all() or not np.ptp(R):
        return None
    a, b = np.polyfit(R, S, 1)
    if abs(a) > 1e-6 and abs(b) > 1e-6 and all(look.same(S, a * R + b) for S, R, _ in look.rows):
        if abs(a + 1) < 1e-6 and abs(b - 1) < 1e-6:
            return say("one-minus", name=look.name)
        sign = "−" if b < 0 else "+"
        return say("stretched", name=look.name, a=f"{a:.4g}", b=f"{abs(b):.4g}", sign=sign)
    return None


def with_an_argument(look):
    """The right answer times an argument, divided by it, or with a multiple of it added."""
    rows = look.rows
    for name, pick in inside(look):
        given = [as_array(pick(case.arguments)) for _, _, case in rows]
        fits = all(
            a is not None and a.dtype.kind == "f" and a.shape == R.shape and a.all()
            for a, (_, R, _) in zip(given, rows, strict=True)
        )
        if not rows or not fits or all(a.size == 1 for a in given):
            continue
        triples = [(S, R, a) for a, (S, R, _) in zip(given, rows, strict=True)]
        if all(look.same(S, R * a) for S, R, a in triples):
            return say("times", name=look.name, how="multiplied", argument=name)
        if all(look.same(S, R / a) for S, R, a in triples):
            return say("times", name=look.name, how="divided", argument=name)
        parts = [float(((S - R) * a).sum() / (a * a).sum()) for S, R, a in triples]
        large = [c for c, (_, _, a) in zip(parts, triples, strict=True) if a.size > 1]
        if all(look.same(S, R + c * a) for (S, R, a), c in zip(triples, parts, strict=True)):
            parts = parts if np.ptp(large) > 1e-6 * abs(large[0]) else large
            much = (
                f"{parts[0]:.4g} times "
                if np.ptp(parts) < 1e-6 * abs(parts[0])
                else "a multiple of "
            )
            return say("more", name=look.name, much=much + name, argument=name)
    return None


def added(look):
    """A factor of the right one: not of the output, but of what is added to its old value."""
    for name, pick in inside(look):
        if not name.startswith("the old"):
            continue
        rows = [(as_array(pick(case.arguments)), S, R, case) for S, R, case in look.rows]
        if any(a is None or not a.shape == R.shape == S.shape for a, S, R, _ in rows):
            continue
        step = copy.copy(look)
        step.name = f"what is added to the old {look.name}"
        step.rows = [(S - a, R - a, case) for a, S, R, case in rows]
        effect = factor(step)
        if effect and effect.name in ("factor", "sign"):
            effect.name = "added"
            effect.hints[0] = effect.hints[0].replace("what is", "What is", 1)
            return effect
    return None


OF_THE_RIGHT_ONE = {
    "the square root of": np.sqrt,
    "the square of": np.square,
    "1 divided by": np.reciprocal,
    "the natural logarithm of": np.log,
    "e to the power of": np.exp,
}


def function_of(look):
    """A simple function of the right answer."""
    right = np.concatenate([np.ravel(R) for _, R, _ in look.rows])
    if right.size < 6 or not right.all() or not np.isfinite(right).all():
        return None
    with np.errstate(all="ignore"):
        for what, rule in OF_THE_RIGHT_ONE.items():
            if all(look.same(S, rule(R)) for S, R, _ in look.rows):
                return say("function", name=look.name, what=what)
    return None


def evenness(look):
    """Probabilities that are too even, or too sure, in rows that sum to 1 as they should."""
    tables = [(S, R) for S, R, _ in look.rows if R.ndim == 2]
    if len(tables) < len(look.rows) or all(np.array_equal(T, np.rint(T)) for _, T in tables):
        return None
    if not all(np.allclose(T.sum(axis=1), 1) and T.min() >= 0 for _, T in tables):
        return None
    if not all(np.allclose(S.sum(axis=1), 1) for S, _ in tables):
        return say("rows-do-not-sum", name=look.name, example=example(look))
    gaps = np.concatenate([S.max(axis=1) - T.max(axis=1) for S, T in tables])
    if (gaps <= 1e-9).all() or (gaps >= -1e-9).all():
        if np.abs(gaps).max() < 1e-6:
            return None
        way = "even" if gaps.min() < -1e-9 else "sure"
        return say("evenness", name=look.name, way=way, example=example(look))
    return None


def lines(look):
    """Each row, or each column, has a factor of its own."""
    if any(R.ndim != 2 for _, R, _ in look.rows):
        return None
    for axis, line in ((1, "row"), (0, "column")):
        rows = [(S, R) for S, R, _ in look.rows if R.shape[axis] > 1]
        if rows and all(look.same(S, fitted(S, R, axis) * R) for S, R in rows):
            own = [fitted(S, R, axis).ravel() for S, R in rows]
            if all(np.ptp(each) < 1e-6 * np.abs(each).max() for each in own):
                continue  # one factor for the whole table
            factors = np.concatenate(own)
            some = np.isclose(factors, 1) | np.isclose(factors, 0)
            return say("rows-missing" if some.all() else "rows", name=look.name, line=line)
    return None


def fitted(S, R, axis):
    """The factor of each row or column that brings R nearest to S."""
    below = (R * R).sum(axis=axis, keepdims=True)
    return (S * R).sum(axis=axis, keepdims=True) / np.where(below == 0, 1, below)


def shift(look):
    """One number added to the right answer, the same at each entry of a table."""
    rows = [(S, R) for S, R, _ in look.rows if R.size > 1]
    if any(look.same(S, R) for S, R in rows):
        return None  # not everywhere
    if all(R.size == 1 for _, R, _ in look.rows):  # single numbers: one and the same difference
        rows = [(S, R) for S, R, _ in look.rows]
        if len(rows) < 3 or np.ptp([float((S - R).sum()) for S, R in rows]) > 1e-9:
            return None
    if not rows or not all(look.same(S, R + (S - R).mean()) for S, R in rows):
        return None
    by = np.array([(S - R).mean() for S, R in rows])
    first = by[np.abs(by).argmax()]
    each = "" if np.allclose(by, first, rtol=1e-4) else " in one input, and by another in others"
    way = "large" if first > 0 else "small"
    return say("shift", name=look.name, much=f"{abs(first):.4g}", way=way, each=each)


def entries(look):
    """Only some entries are wrong, and a rule says which."""
    wrong = [~close(S, R, look.asked) for S, R, _ in look.off]
    few = sum(int(w.sum()) for w in wrong)
    for where, rule in regions(look.exercise.parameters):
        chosen = [rule(R, case) for _, R, case in look.off]
        if few < (6 if "diagonal" in where else 3):
            continue  # a few may lie there by chance
        if any(mask is None for mask in chosen) or all(mask.all() for mask in chosen):
            continue
        if not any((w & ~mask).any() for w, mask in zip(wrong, chosen, strict=True)):
            return say("entries", name=look.name, where=where, example=example(look))
    return None


def regions(names):
    """Parts of an output, in words, each with a function that marks them (or gives None)."""
    for k, name in enumerate(names):
        yield f"where {name} < 0", lambda R, case, k=k: sign_of(case.arguments[k], R, -1)
        yield f"where {name} > 0", lambda R, case, k=k: sign_of(case.arguments[k], R, 1)
    yield "at the label's class", lambda R, case: at_label(case.arguments[-1], R)
    yield (
        "at the classes that are not the label's",
        lambda R, case: at_label(case.arguments[-1], R, False),
    )
    for axis, line in enumerate(("row", "column")):
        yield f"in the last {line}", lambda R, case, axis=axis: in_line(R, axis, -1)
        yield f"in the first {line}", lambda R, case, axis=axis: in_line(R, axis, 0)
    yield "on the diagonal", lambda R, case: np.eye(*R.shape) == 1 if R.ndim == 2 else None
    yield "off the diagonal", lambda R, case: np.eye(*R.shape) == 0 if R.ndim == 2 else None


def sign_of(a, R, sign):
    fits = isinstance(a, np.ndarray) and a.dtype.kind == "f" and a.shape == R.shape
    return np.sign(a) == sign if fits else None


def at_label(y, R, there=True):
    if (
        R.ndim != 2
        or not isinstance(y, np.ndarray)
        or y.shape != R.shape[:1]
        or y.dtype.kind == "f"
    ):
        return None
    return (np.arange(R.shape[1]) == y[:, None]) == there


def in_line(R, axis, index):
    if R.ndim <= axis:
        return None
    chosen = np.zeros(R.shape, dtype=bool)
    np.moveaxis(chosen, axis, 0)[index] = True
    return chosen


def own_hints(look):
    """What the exercise itself says of numbers that are off."""
    if not look.exercise.hints:
        return None
    gaps = {"{name}": look.name, "{example}": example(look)}
    filled = list(look.exercise.hints)
    for gap, text in gaps.items():
        filled = [hint.replace(gap, text) for hint in filled]
    return Effect("values", filled)


def anything(look):
    return say("values", name=look.name, example=example(look), share=share(look))


def share(look):
    """How many entries of the first case are right; of a single number, which way it is off."""
    S, R, _ = look.off[0]
    if R.size > 1:
        right = int(close(S, R, look.asked).sum())
        verb = "is" if right == 1 else "are"
        return f" Of its {R.size} entries there, {right or 'none'} {verb} right."
    ways = {bool(np.all(S > R)) for S, R, _ in look.off}
    return (
        "" if len(ways) > 1 else f" It is too {'high' if ways.pop() else 'low'} wherever it is off."
    )


MEASURES = [
    shape, not_finite, zero, argument, factor, decimals, signs, rounded, some_cases, constant,
    reordered, lines, shift, stretched, clipped, entries, added, function_of,
    own_hints, some_zero, with_an_argument, evenness, anything,
]  # fmt: skip


def example(look):
    """One wrong entry beside the right one, in words."""
    S, R, case = look.off[0]
    i = tuple(int(n) for n in np.argwhere(~close(S, R, look.asked))[0])
    given = dict(zip(look.exercise.parameters, case.arguments, strict=False))
    text = f"{place(look.name, i)} is {told_apart(S[i], R[i])}"
    if len(given) == len(case.arguments) and all(map(is_small, given.values())):
        text += f", for {', '.join(f'{k} = {in_short(v)}' for k, v in given.items())}"
    return text + "."


def is_small(value):
    """A number, or a short row of them: it can be shown."""
    array = as_array(value)
    return array is not None and array.ndim < 2 and array.size <= 6


def in_short(value):
    return str(np.round(np.asarray(value), 4).tolist())


def told_apart(wrong, right):
    """`0.51234 and should be 0.51239`: as many digits as differ."""
    for digits in range(4, 18):
        texts = [f"{number + 0.0:.{digits}g}" for number in (wrong, right)]  # −0 is 0
        if texts[0] != texts[1]:
            break
    return f"{texts[0]} and should be {texts[1]}"


def place(name, index):
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def values(exercise, matcher):
    """The effect of the first output that is off, and which of the others are right."""
    k = matcher.wrong_outputs()[0]
    effect = twice(exercise, matcher, k) or Look(exercise, matcher, k).effect()
    return with_the_others(exercise, matcher, effect)


def twice(exercise, matcher, k):
    """Output number k holds the numbers of another one, which are right there."""
    if exercise.off or hasattr(exercise.player, "notes"):
        return None
    wrong, asked = matcher.wrong_outputs(), exercise.tolerance
    for j, other in enumerate(exercise.returns):
        rows = [(S[k], S[j]) for S, _ in matcher.rows()]
        if j not in wrong and sum(a.size for a, _ in rows) > 5:
            if all(same(a, b, asked) for a, b in rows):
                return say("twice", name=exercise.returns[k], other=other)
    return None


def with_the_others(exercise, matcher, effect):
    """The effect of the first output that is off, and a word about each of the others.

    What a player notes beside the outputs is none of them.
    """
    wrong, names = matcher.wrong_outputs(), exercise.returns
    beside = getattr(exercise.player, "notes", ())
    if not exercise.off and not (wrong and names[wrong[0]] in beside):
        right = [name for k, name in enumerate(names) if k not in wrong and name not in beside]
        others = [names[k] for k in wrong[1:]]
        if right:
            verb = "is" if len(right) == 1 else "are"
            effect.hints[1] = f"{listed(right)} {verb} right. {effect.hints[1]}"
        if others:
            verb = "is" if len(others) == 1 else "are"
            effect.hints[1] += f" ({listed(others)} {verb} off, too.)"
    return effect


def stops_too(outcomes, cases):
    """A sentence on the first case that ended in an error, for hints about the other cases."""
    number = next(i for i, outcome in enumerate(outcomes) if outcome.trouble)
    trouble, case = outcomes[number].trouble, cases[number]
    sizes = ", ".join(f"{k} = {v}" for k, v in case.sizes.items())
    when = f" for {case.what or sizes}" if case.what or sizes else " for one input"
    return f"(It also stops with an error{when}: {trouble.kind}.)"


def undiagnosed(exercise, right=None, of=None):
    """The diagnosis itself met something that it does not know: what is known is said."""
    known = f" It is right for {right} of {of} inputs." if of else ""
    return say("undiagnosed", known=known, asked=", ".join(exercise.returns or exercise.names))
