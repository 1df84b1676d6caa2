"""Which known mistakes give exactly the learner's answers?

Answers are compared output by output and case by case. A case in which a function raises an error
counts as an answer of its own: a missing transpose shows itself in the square case alone.
"""

import numpy as np

NUMBERS = "biuf"


def unpack(value, names):
    """What a function returned as one array for each name, or None where that is not possible.

    Several outputs may come as a tuple, a list or a dict of these names; an array as nested lists.
    """
    if isinstance(value, dict):
        if set(value) != set(names) or not names:
            return None
        value = [value[name] for name in names]
    elif len(names) == 1:
        several = isinstance(value, tuple) and any(is_table(each) for each in value)
        alone = isinstance(value, tuple) and len(value) == 1 and not is_row(value[0])
        value = value if several or alone else (value,)
    elif isinstance(value, np.ndarray) or not isinstance(value, (tuple, list)):
        return None
    found = tuple(as_array(each) for each in value)
    return None if len(found) != len(names) or any(each is None for each in found) else found


def parted(value, number, axes):
    """An array that holds one output after the other, as a tuple of them; each has one of these
    numbers of axes."""
    stacked = isinstance(value, np.ndarray) and value.ndim and len(value) == number > 1
    return tuple(value) if stacked and value.ndim - 1 in axes else value


def is_table(value):
    return isinstance(value, np.ndarray) and value.ndim > 1


def is_row(value):
    """A row by itself: a tuple of rows is a table, also when it has only one."""
    array = as_array(value)
    return array is not None and array.ndim == 1


def as_array(value):
    """The value as an array of numbers, or None."""
    try:
        array = np.asarray(value)
    except Exception:  # rows of different lengths, or an object that objects
        return None
    if array.dtype.kind == "c" and not array.imag.any():
        array = array.real
    return array if array.dtype.kind in NUMBERS else None


def tolerance(array, asked):
    """How far an answer may be off, relative to the right one: its own kind of float decides."""
    if array.dtype.kind != "f":
        return asked
    return max(asked, {2: 2e-2, 4: 2e-4}.get(array.dtype.itemsize, 0.0))


def same(S, R, asked=1e-6):
    """True where the learner's S is R: the same shape, and every entry as close as asked."""
    return S.shape == R.shape and bool(close(S, R, asked).all())


def close(S, R, asked=1e-6):
    """Entry by entry: is S the same as R? NaN is like NaN, inf like inf of the same sign."""
    tol = tolerance(S, asked)
    S, R = np.asarray(S, dtype=np.float64), np.asarray(R, dtype=np.float64)
    finite = np.abs(R[np.isfinite(R)])
    scale = finite.max() if finite.size else 0.0
    with np.errstate(all="ignore"):
        near = np.abs(S - R) <= tol * (np.abs(R) + 1e-3 * scale + 1e-9)
        near &= np.isfinite(R)  # of an infinite R no number is near
    return near | (np.isnan(S) & np.isnan(R)) | (S == R)


def first_number(array):
    """Shape, first entry, and a size of the entries; a difference of nan tells nothing."""
    if not array.size:
        return array.shape, 0.0, 0.0
    number = float(array.flat[0])
    return array.shape, number, abs(number) + float(np.abs(array).max()) + 1e-9


class Matcher:
    """The learner's answers to an exercise, one tuple of arrays (or None) a case.

    `cases` are the numbers of the cases that are looked at: all of them, or those without an error.
    """

    def __init__(self, exercise, answers, cases=None):
        self.exercise, self.answers = exercise, answers
        self.names, self.asked = exercise.returns, exercise.tolerance
        self.right = [unpack(each, self.names) for each in exercise.right]
        self.cases = range(len(answers)) if cases is None else cases
        self.first = None

    def rows(self):
        """Case by case: the learner's outputs and the right ones, where there are any."""
        return [(S, self.right[i]) for i in self.cases if (S := self.answers[i]) is not None]

    def all_right(self):
        return all(self.equal(self.answers[i], self.right[i]) for i in self.cases)

    def wrong_outputs(self):
        """Numbers of the outputs that are wrong in one of the cases in which there are any."""
        rows = self.rows()
        return [
            k
            for k in range(len(self.names))
            if not all(same(S[k], R[k], self.asked) for S, R in rows)
        ]

    def equal(self, S, V):
        if S is None or V is None:
            return S is V
        return all(same(s, v, self.asked) for s, v in zip(S, V, strict=True))

    def explain(self, variants):
        """The first of these variants that gives exactly these answers, or None."""
        return next((v for v in variants if self.explains(v)), None)

    def explain_by_output(self):
        """A known mistake for each group of outputs that it makes wrong: three faults at once are
        seen, too. A list of (Mistakes, exact), or [] where an output stays unexplained.

        Exact: all that the mistake makes wrong is wrong in just that way, so that its words hold.
        A mistake that would make a right output wrong is none of these. Where the learner's
        function raised an error, one of them must do so, too.
        """
        ran = [i for i in self.cases if self.answers[i] is not None]
        if len(self.names) == 1 or not ran:
            return []
        wrong = set(self.wrong_outputs())
        fitting = []
        for variant in self.exercise.singles:
            spoilt = set() if variant.free else self.spoilt(variant, ran)
            given = {k for k in spoilt & wrong if self.explains_one(variant, k, ran)}
            if given and spoilt <= wrong:
                fitting.append((variant, given, given == spoilt))
        chosen, left = [], set(wrong)
        for exact in True, False:
            for variant, given, whole in fitting:
                if whole is exact and given & left:
                    chosen.append((variant, exact))
                    left -= given
        if left:
            return []
        raised = [i for i in self.cases if i not in ran]
        if not all(any(self.answer(v, i) is None for v, _ in chosen) for i in raised):
            return []
        return [(v.mistakes, exact) for v, exact in chosen]

    def explain_alone(self, k):
        """The first known mistake that gives the learner's output number k, whatever else it would
        make wrong; or None. Where the output shows it in one number alone, that is no evidence."""
        rows = [(S[k], R[k]) for S, R in self.rows()]
        off = sum(int((~close(S, R, self.asked)).sum()) for S, R in rows if S.shape == R.shape)
        if off < 4:
            return None
        ran = [i for i in self.cases if self.answers[i] is not None]
        return next((v for v in self.exercise.singles if self.explains_one(v, k, ran)), None)

    def spoilt(self, variant, cases):
        """The outputs that the variant makes wrong."""
        pairs = [(self.answer(variant, i), self.right[i]) for i in cases]
        if any(V is None for V, _ in pairs):
            return set()
        names = range(len(self.names))
        return {k for k in names if not all(same(V[k], R[k], self.asked) for V, R in pairs)}

    def explains_one(self, variant, k, cases):
        """True where the variant gives the learner's output number k in all of these cases."""
        if variant.free:
            return False
        found = [(self.answers[i], self.answer(variant, i)) for i in cases]
        return all(V is not None and same(S[k], V[k], self.asked) for S, V in found)

    def answer(self, variant, i):
        """What the variant gives in case number i; computed once, when it is asked for."""
        kept = variant.answers
        if len(kept) <= i:
            function = self.exercise.function(variant.replaced)
            for case in self.exercise.inputs[len(kept) : i + 1]:
                kept.append(unpack(self.exercise.answer_of(function, case), self.names))
        return kept[i]

    def explains(self, variant):
        """True where every answer is the variant's, and one of them shows that it is wrong."""
        if variant.free:
            return self.explains_freely(variant)
        if not self.may_be(variant):
            return False
        telling = False
        for i in self.cases:
            S, R = self.answers[i], self.right[i]
            if not self.equal(S, self.answer(variant, i)):
                return False
            telling = telling or (S is not None and not self.equal(S, R))
        return telling

    def may_be(self, variant):
        """False where a number of the first case is far from the variant's: most end here."""
        if not self.cases:
            return True
        i = self.cases[0]
        S, V = self.answers[i], self.answer(variant, i)
        if S is None or V is None:
            return S is V
        if i not in variant.first:
            variant.first[i] = [first_number(v) for v in V]
        if self.first is None:
            self.first = [first_number(s) for s in S]
        return all(
            shape == other and (not abs(number - wanted) > 0.05 * size)
            for (shape, number, _), (other, wanted, size) in zip(
                self.first, variant.first[i], strict=True
            )
        )

    def explains_freely(self, variant):
        """True where the answers are right + c · (variant − right), for one number c."""
        triples = [(self.answers[i], self.right[i], self.answer(variant, i)) for i in self.cases]
        if any(S is None or V is None for S, _, V in triples):
            return False
        if any(
            s.shape != r.shape or v.shape != r.shape or not np.isfinite(s).all()
            for triple in triples
            for s, r, v in zip(*triple, strict=True)
        ):
            return False
        flat = [np.concatenate([np.ravel(x) for t in triples for x in t[i]]) for i in range(3)]
        S, R, V = (np.asarray(each, dtype=np.float64) for each in flat)
        E = V - R
        c = (S - R) @ E / (E @ E)
        return abs(c) > 1e-9 and all(
            same(s, r + c * (v - r), self.asked)
            for triple in triples
            for s, r, v in zip(*triple, strict=True)
        )
