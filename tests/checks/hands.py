"""How the files in answers/ hand in what learners write: a registry of answers with speaking ids.

    wrong("softmax-axis0", lambda Z: ...)          # the mistake that must be named
    wrong("softmax-axis0+softmax-overflow", ...)   # exactly these, the first one first
    wrong("", ..., "label")                        # "": no known one, it is measured
    wrong("accepted", ...)                         # right enough, on purpose
    wrong("remarked", ...)                         # the same, and a word is said about it
    wrong("", ..., says="off by one number")       # and these words stand in the hints

    @wrong("softmax-axis0")
    def by_columns(Z): ...

    @right
    def loop_with_math(Z): ...

The exercise is the file's name; in a file such as nb12.py, for the exercises of nb12.toml, it is
the one that `of("adam_step")` has named last. An answer that is no function is a tuple of numbers.
An id says the exercise, the mistake and the style:
"softmax/softmax-axis0/by_columns". The style is the label, the function's name, or the code itself.
An answer has its place here if the check sees something that it sees in no other of its kind:
other numbers, another type, another argument changed.
"""

import linecache
import re
from collections import Counter
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

FOLDER = Path(__file__).with_name("answers")


@dataclass
class Answer:
    kind: str  # "wrong" or "right"
    exercise: str
    ids: tuple
    style: str
    function: object
    says: str = ""

    @property
    def id(self):
        named = "+".join(self.ids) or "measured"
        return f"{self.exercise}/{'right' if self.kind == 'right' else named}/{self.style}"


ANSWERS, FILE = [], []  # of the last file, the name


def of(exercise):
    """The answers that follow are to this exercise."""
    FILE.append(exercise)


def _put(kind, ids, function, label, says=""):
    ANSWERS.append(Answer(kind, FILE[-1], ids, label or _style(function), function, says))
    return function


def wrong(mistake, function=None, label=None, says=""):
    ids = tuple(filter(None, mistake.split("+")))
    if function is None:
        return lambda f: _put("wrong", ids, f, label, says)
    return _put("wrong", ids, function, label, says)


def right(function, label=None):
    return _put("right", (), function, label)


def _style(function):
    """The function's name, or, where that says nothing, its code in short."""
    name = getattr(function, "__name__", type(function).__name__)
    code = getattr(function, "__code__", None)
    if name not in ("_", "<lambda>", "f") or code is None:
        return name
    places = [p for p in code.co_positions() if None not in p and p[0] >= code.co_firstlineno]
    if name == "<lambda>":
        start, end = min((p[0], p[2]) for p in places), max((p[1], p[3]) for p in places)
    else:  # its last statement
        last = max(p[1] for p in places)
        start, end = (last, 0), (last, 200)
    lines = [linecache.getline(code.co_filename, n) for n in range(start[0], end[0] + 1)]
    code = " ".join(" ".join(lines).split())
    return code.rpartition("lambda ")[2].partition(": ")[2][:60] or code[:60]


def answers():
    """Every answer of every file, each with an id of its own."""
    if not ANSWERS:
        for path in sorted(FOLDER.glob("*.py")):
            FILE.append(path.stem)
            spec = spec_from_file_location(f"answers_{path.stem}", path)
            spec.loader.exec_module(module_from_spec(spec))
        met = Counter()
        for answer in ANSWERS:
            met[answer.id] += 1
            if met[answer.id] > 1:
                answer.style += f" ({met[answer.id]})"
    return ANSWERS


def friendly(result, shown):
    """Three hints, the first of two sentences at most, and nothing on the screen but them."""
    assert len(result.hints) == 3 and all(result.hints)
    first = re.sub(r"`[^`]*`", "", result.hints[0])
    assert len(re.findall(r"[.!?](?:\s|$)", first)) <= 2, result.hints[0]
    assert "Traceback" not in shown.out and not shown.err
