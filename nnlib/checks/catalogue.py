"""Exercises and mistakes, read from the TOML files, and the functions made of them.

A wrong answer is the right source with a line replaced; two faults at once are two lines replaced.
How the files are written stands in `nnlib/checks/exercises/README.md`.
"""

import copy
import itertools
import json
import math
import textwrap
import tomllib
import zlib
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from . import cases as inputs
from . import steps
from .run import alike, played, quiet

FOLDER = Path(__file__).parent / "exercises"
SEALED = "exercises.bin"
SEED = 5


@dataclass
class Mistake:
    """One row: `replacements` are its ways to be wrong, each a dict from right to wrong line."""

    id: str
    exercise: str
    hints: list
    symptom: str = ""
    evidence: str = ""
    replacements: list = field(default_factory=list)
    values: list = field(default_factory=list)  # what a number or a choice is compared with
    effect: str = ""  # recognised by what is measured, not by its answers
    free: bool = False  # the wrong line holds an unknown number c
    harmless: bool = False  # another right answer; its first hint is said as a note
    file: str = ""


@dataclass
class Variant:
    """The right source with the lines of some mistakes replaced."""

    mistakes: tuple
    replaced: dict
    free: bool = False
    answers: list = field(default_factory=list)  # its outputs, as far as they have been asked for
    first: dict = field(default_factory=dict)  # for each case, the first numbers of its outputs

    @property
    def ids(self):
        return [each.id for each in self.mistakes]


@dataclass
class Exercise:
    name: str
    kind: str = "function"
    signature: str = ""
    solution: str = ""
    cases: str = ""
    returns: list = field(default_factory=list)
    play: str = "call"
    given: str = ""  # the faulty source that the learner is asked to fix
    tolerance: float = 1e-6
    may_change: list = field(default_factory=list)
    fresh: bool = False
    without: dict = field(default_factory=dict)  # a name the task forbids, and what is said of it
    off: dict = field(default_factory=dict)  # hints for an output that no mistake explains
    setup: str = ""
    answer: object = None
    names: list = field(default_factory=list)  # of the numbers, in words
    rounding: float = 0.0
    keywords: dict = field(default_factory=dict)  # of the setup, with their defaults
    hints: list = field(default_factory=list)  # for an answer that no mistake explains
    begin: list = field(default_factory=list)  # for one who has not begun, and asks
    options: list = field(default_factory=list)
    why: str = ""  # said when it is right
    file: str = ""
    mistakes: list = field(default_factory=list)

    @property
    def parameters(self):
        inside = self.signature.partition("(")[2].rpartition(")")[0]
        return [name.split("=")[0].strip() for name in inside.split(",") if name.strip()]

    @property
    def inputs(self):
        """The Cases, made once."""
        return self.all_inputs[0]

    @property
    def beside(self):
        """The Cases in which another answer is right, too, and gets a note."""
        return self.all_inputs[1]

    @cached_property
    def all_inputs(self):
        rng = np.random.default_rng(SEED)
        make = inputs.GENERATORS.get(self.cases)
        if make is None:
            space = namespace()
            body = textwrap.indent(self.cases, "    ")
            exec(compile(f"def make(rng):\n{body}", f"<cases of {self.name}>", "exec"), space)
            make = space["make"]
        made, other = (
            [c if isinstance(c, inputs.Case) else inputs.Case(tuple(c)) for c in cases]
            for cases in (make(rng), itertools.islice(make(np.random.default_rng(SEED + 1)), 1))
        )
        # The first sizes once more, with other numbers: an answer kept by its shape shows itself.
        made += [c for c in other if not alike(c.arguments, made[0].arguments)]
        return [c for c in made if not c.beside], [c for c in made if c.beside]

    @cached_property
    def player(self):
        return inputs.PLAYERS[self.play]

    def source(self, replaced=None):
        """The solution, with lines replaced: {right line: wrong lines}."""
        lines, left = [], dict(replaced or {})
        for line in self.solution.strip("\n").splitlines():
            wrong = left.pop(line.strip(), None)
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(line if wrong is None else textwrap.indent(wrong.strip("\n"), indent))
        if left:
            raise ValueError(f"{self.file}: {self.name} has no line {next(iter(left))!r}")
        return "\n".join(lines) + "\n"

    def function(self, replaced=None):
        space, source = namespace() | {"c": 1.0}, self.solution.strip("\n")
        quick = steps.function(source, self.parameters, space, replaced or {})
        if quick is not None:
            return quick
        exec(compile(self.source(replaced), f"<{self.name}>", "exec"), space)
        return space[self.signature.partition("(")[0].strip()]

    @cached_property
    def right(self):
        """The right answers, one for each case."""
        return self.answers(None)

    def answers(self, replaced):
        """What the source with those lines replaced gives for each case; errors as values."""
        answers, function = [], self.function(replaced)
        for case in self.inputs:
            answers.append(self.answer_of(function, case))
        return answers

    def answer_of(self, function, case):
        try:
            with quiet():
                return played(self.player, function, copy.deepcopy(case.arguments))
        except Exception as error:
            return error

    @cached_property
    def singles(self):
        """Every way in which one mistake is made, in the order of the file."""
        return [
            Variant((m,), replaced, m.free) for m in self.mistakes for replaced in m.replacements
        ]

    @cached_property
    def pairs(self):
        """Two mistakes at once, on different lines."""
        return [
            Variant(a.mistakes + b.mistakes, a.replaced | b.replaced)
            for a, b in itertools.combinations(self.singles, 2)
            if a.mistakes != b.mistakes
            and not a.replaced.keys() & b.replaced.keys()
            and not (a.free or b.free)
        ]


def namespace():
    """The names that sources in the files may use."""
    import nnlib as nn

    return {"np": np, "nn": nn, "math": math, "Case": inputs.Case}


@lru_cache
def exercises():
    """All exercises by name; core.toml first, then the files in order of their names."""
    return read(texts())


def texts(folder=FOLDER):
    """{file name: text} of the files of exercises, or, in a student edition, of the sealed one."""
    if (folder / SEALED).exists():
        return json.loads(zlib.decompress((folder / SEALED).read_bytes()))
    files = sorted(folder.glob("*.toml"), key=lambda path: (path.stem != "core", path.stem))
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def sealed(texts):
    """The bytes of the file in which a student edition has its exercises.

    Nobody who opens it meets an answer. It keeps no secret from one who is looking for it: a check
    that works without the internet has its answers with it.
    """
    return zlib.compress(json.dumps(texts).encode("ascii"), 9)


def read(texts):
    """Exercises by name, from {file name: text}."""
    found, known = {}, {}
    tables = {file: tomllib.loads(text) for file, text in texts.items()}
    for file, table in tables.items():
        for name, row in table.get("exercise", {}).items():
            if name in found:
                raise ValueError(f"{file}: {name} is also in {found[name].file}")
            found[name] = Exercise(name, file=file, **row)
    for file, table in tables.items():
        for row in table.get("mistake", []):
            for mistake in _mistakes(file, dict(row), known):
                if mistake.exercise not in found:
                    raise ValueError(f"{file}: there is no exercise {mistake.exercise!r}")
                found[mistake.exercise].mistakes.append(mistake)
    return found


def _mistakes(file, row, known):
    """One row as one Mistake for each of its exercises."""
    names = row.pop("exercise")
    right, wrong = row.pop("right", None), row.pop("wrong", [])
    wrong = wrong if isinstance(wrong, list) else [wrong]
    told = known.setdefault(row["id"], row)  # a later row of the same id may leave out the words
    words = {key: row.get(key, told.get(key)) for key in ("hints", "symptom", "evidence")}
    number = 1 if row.get("harmless") else 3
    if not words["hints"] or len(words["hints"]) != number:
        raise ValueError(f"{file}: {row['id']} needs {number} hints")
    rest = {key: value for key, value in row.items() if key not in words}
    for name in [names] if isinstance(names, str) else names:
        made = Mistake(exercise=name, file=file, **rest, **words)
        if right is None:
            made.values = wrong
        elif isinstance(right, str):
            made.replacements = [{right: each} for each in wrong]
        else:
            made.replacements = [dict(zip(right, each, strict=True)) for each in wrong]
        yield made
