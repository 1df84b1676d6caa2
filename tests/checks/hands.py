"""How the files in answers/ hand in what learners write: a registry of answers with speaking ids.

    wrong("softmax", "softmax-axis0", lambda Z: ...)           # the mistake that must be named
    wrong("softmax", "", ..., "label")                         # "": no known one, it is measured
    wrong("softmax", "accepted", ...)                          # right enough, on purpose

    @fed("softmax", "softmax-axis0", "softmax-overflow")       # exactly these, in any order
    def by_columns(Z): ...

    @right("softmax")
    def loop_with_math(Z): ...

An id says the exercise, the mistake and the style: "softmax/softmax-axis0/by_columns". The style is
the label, the function's name, or the code itself.
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
    kind: str  # "wrong", "fed" or "right"
    exercise: str
    ids: tuple
    style: str
    function: object

    @property
    def id(self):
        named = "+".join(self.ids) or "measured"
        return f"{self.exercise}/{'right' if self.kind == 'right' else named}/{self.style}"


ANSWERS = []


def _put(kind, exercise, ids, function, label):
    ANSWERS.append(Answer(kind, exercise, ids, label or _style(function), function))
    return function


def wrong(exercise, mistake, function=None, label=None):
    ids = tuple(filter(None, mistake.split("+")))

    def put(f):
        return _put("wrong", exercise, ids, f, label)

    return put(function) if function else put


def fed(exercise, *ids):
    return lambda function: _put("fed", exercise, ids, function, None)


def right(exercise, function=None, label=None):
    def put(f):
        return _put("right", exercise, (), f, label)

    return put(function) if function else put


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
