"""What a check answers, and how it is shown."""

import re
import sys
from dataclasses import dataclass, field

from .card import card


@dataclass
class Result:
    """The verdict on an exercise.

    passed    True, False, or None while the placeholder stands
    mistake   the catalogue's id of the mistake that was recognised, or None; mistakes, all of them
    effect    what was measured, by its name in effects.toml ("endless", "raises", "shape"), where
              that is what the hints speak of; "" where they speak of a known mistake
    hints     three strings: what is off, where to look, the fix
    """

    exercise: str
    passed: bool | None
    mistakes: list = field(default_factory=list)
    hints: list = field(default_factory=list)
    note: str = ""
    tier: int = 1
    effect: str = ""
    answer: str = "..."  # what the learner typed between the brackets, for the next hint
    shown_in: object = field(default=None, repr=False)

    @property
    def mistake(self):
        return self.mistakes[0] if self.mistakes else None

    def __bool__(self):
        return self.passed is True

    def __repr__(self):
        if self.passed is None:
            lines = [self.note or "Not attempted yet."]
            if self.hints and not self.tier:
                lines[0] += f" Hints to begin with: {self.call(1)}"
            elif self.hints:
                lines += self.told()
            return "\n".join(lines)
        if self.passed:
            return f"{self.exercise}: right." + (f" {self.note}" if self.note else "")
        lines = [f"{self.exercise}: not right yet." + (f" {self.note}" if self.note else "")]
        return "\n".join([*lines, *self.told()])

    def told(self):
        """The hints as far as they have been asked for, and how to get the next one."""
        lines = [f"Hint {n}: {hint}" for n, hint in enumerate(self.hints[: self.tier], 1)]
        more = [f"More: {self.call(self.tier + 1)}"] if self.tier < len(self.hints) else []
        return lines + more

    def call(self, hint):
        return f"checks.{self.exercise}({self.answer}, hint={hint})"

    def show(self):
        """Show the verdict: as a card in a notebook, as text elsewhere."""
        MET[self.exercise] = bool(self.passed or MET.get(self.exercise))
        shell = _shell()
        if self.passed is not None and shell and hasattr(shell, "kernel"):
            from IPython.display import display

            display({"text/html": card(self, MET), "text/plain": str(self)}, raw=True)
        else:
            print(self)
        self.shown_in = this_cell()
        return self

    def _ipython_display_(self):
        """As the last line of the cell that ran the check it is on the screen already."""
        if self.shown_in is None or self.shown_in != this_cell():
            print(self)


MET = {}  # the exercises checked in this session, and whether each has been right once


def _shell():
    """IPython's shell, or None outside of it."""
    return sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()


def this_cell():
    """The number of the cell that runs now, or None outside of a notebook."""
    shell = _shell()
    return shell.execution_count if shell else None


def told(exercise, result, effect):
    """The effect's hints, or those of the mistake that the catalogue knows it by."""
    result.effect = effect.name
    for mistake in exercise.mistakes:
        if mistake.effect == effect.name:
            named(result, [mistake])
            result.note = ""
            missing = re.match(r"Missing: .*?\. ", effect.hints[1])
            result.hints[1] = (missing[0] if missing else "") + result.hints[1]
            return result
    result.hints, result.note = effect.hints, ""
    return result


def often(result, effect, found):
    """What is measured comes first; the mistakes that give these numbers, as a guess."""
    result.mistakes = list(dict.fromkeys(m.id for m in found))
    result.effect = effect.name
    fixes = list(dict.fromkeys(m.hints[2] for m in found))
    numbered = [f"({n}) {fix}" for n, fix in enumerate(fixes, 1)] if len(fixes) > 1 else fixes
    result.hints = [effect.hints[0], effect.hints[1], f"Often this helps: {' '.join(numbered)}"]
    return result


def named(result, found):
    result.mistakes = list(dict.fromkeys(m.id for m in found))
    result.hints = combine([m.hints for m in found])
    return result


def combine(triples):
    """The hints of several mistakes as three: the first one keeps to a sentence for each of two."""
    triples = [list(each) for each in dict.fromkeys(map(tuple, triples))]
    if len(triples) == 1:
        return triples[0]
    first = " Also: ".join(re.split(r"(?<=[.!?])\s", each[0])[0] for each in triples[:2])
    rest = (" ".join(f"({n}) {each[k]}" for n, each in enumerate(triples, 1)) for k in (1, 2))
    return [first, *rest]
