"""Judges the diagnosis and the cure of a patient of notebook 14, each for itself.

    ward.diagnosis(clinic.patient(1), "softmax twice")     # ("one", "two") where there are two
    ward.cure(clinic.patient(1).treat(loss=nn.CrossEntropyLoss))

A diagnosis is compared with what the patient has; what is said about a wrong one was measured on
this patient. A cure is judged by its effect alone: examined again, then trained.
"""

import difflib

import nnlib as nn

from . import run
from .result import Result, this_cell

HEALTHY = "healthy"


def diagnosis(patient=..., names=..., *, hint=None, quiet=False):
    """Check the diseases of a patient, named as in clinic.diseases(), or "healthy"."""
    result = Result("ward.diagnosis", None, answer=f"{_called(patient)}, {_written(names)}")
    names = tuple(names) if isinstance(names, (tuple, list, set)) else (names,)
    if patient is ... or any(name is ... or name is None for name in names):
        return result.show()
    said = _judged(result, lambda: _diagnosis(patient, names))
    return _shown(result, said, f"Patient {getattr(patient, 'number', '?')}: ", hint, quiet)


def cure(patient=..., *, hint=None, quiet=False):
    """Check a treated patient: no line of its examination stands out, and it trains."""
    result = Result("ward.cure", None, answer=f"{_called(patient)}.treat(...)")
    if patient is ... or patient is None or getattr(patient, "treated", None) == ():
        return result.show()
    said = _judged(result, lambda: _cure(patient))
    return _shown(result, said, f"Patient {getattr(patient, 'number', '?')}: ", hint, quiet)


# ---------------------------------------------------------------- the two verdicts


def _diagnosis(patient, names):
    known = nn.clinic.DISEASES
    given = {str(name).strip().lower() for name in names}
    names = {name.lower(): name for name in [*known, HEALTHY]}
    for name in sorted(given - names.keys()):
        near = difflib.get_close_matches(name, names, n=1)
        mean = f" Do you mean {names[near[0]]!r}?" if near else ""
        return False, [
            f"No disease is called {name!r}.{mean}",
            "clinic.diseases() lists the names.",
            'Two diseases are two names in brackets; "healthy" is a name, too.',
        ]
    given = {names[name] for name in given}
    has = set(patient.diseases) or {HEALTHY}
    if given == has:
        return True, "Now cure it." if patient.diseases else "A complaint is not a disease."
    report = patient.examine()
    out = [line.looked_at for line in report.complaints]
    where = f"Lines that stand out in p.examine(): {', '.join(out) or 'none'}."
    parts = f"What is sick: {_listed(patient.sick_parts)}." if patient.diseases else "All is sound."
    wrong = [name for name in [*known, HEALTHY] if name in given - has]
    if not wrong:
        return False, ["Right, and there is another one.", where, parts]
    if wrong[0] == HEALTHY:
        return False, [f"Something stands out: {_listed(out)}.", where, parts]
    line = next((each for each in report.lines if each.looked_at == known[wrong[0]].sign), None)
    if line is None:
        first = f"{wrong[0]!r} would show in a line that this patient does not even have."
    elif line.advice:
        first = f"The line {line.looked_at!r} stands out, but {wrong[0]!r} is not the reason."
    else:
        first = f"{wrong[0]!r} would show in the line {line.looked_at!r}. There: {line.seen}."
    return False, [first, where, parts]


def _cure(patient):
    rows, kept = len(patient.raw[1]), len(patient.y) + len(patient.y_val)
    if kept < 0.9 * rows or not len(patient.y_val):
        return False, [
            f"Of {rows} rows, {kept} are left.",
            "Look at your data(X, y): every row belongs to training or to validation.",
            "nn.data.split(X, y, (0.7, 0.3), rng=0) gives both pairs.",
        ]
    report = patient.examine()
    if report.complaints:
        line = report.complaints[0]
        return False, [
            f"A line still stands out: {line.looked_at}, {line.seen}.",
            f"You have exchanged: {_listed(patient.treated)}. Which part does that line look at?",
            f"Try: {line.advice}.",
        ]
    outcome = patient.train()
    if not outcome.validation >= patient.goal:
        return False, [
            f"No line stands out, but only {outcome.validation:.0%} of validation is right.",
            "Compare the parts that you exchanged with those of a healthy patient.",
            f"{patient.goal:.0%} can be reached when nothing but the sick part is exchanged.",
        ]
    idle = [part for part in patient.treated if part not in patient.sick_parts]
    note = f"{outcome}."
    if idle:
        note += f" Not sick: {_listed(idle)}. One change at a time shows what helps."
    return True, note


# ---------------------------------------------------------------- small things


def _judged(result, look):
    try:
        with run.quiet():
            return look()
    except Exception as error:  # whatever was handed in: a sentence, never a traceback of ours
        text = str(error).split("\n")[0]
        return False, [
            f"This could not be examined: {type(error).__name__}.",
            f"Python says: {text}",
            "Hand in a patient: clinic.patient(1), or clinic.patient(1).treat(loss=...).",
        ]


def _shown(result, said, who, hint, quiet):
    result.passed, words = said
    if result.passed:
        result.note = who + words
    else:
        result.hints = [who + words[0], *words[1:]]
        result.tier = 1 if hint is None else min(max(int(hint), 1), 3)
    if quiet and result.passed:
        result.shown_in = this_cell()
        return result
    return result.show()


def _called(patient):
    number = getattr(patient, "number", "...")
    return f"clinic.patient({number})" if isinstance(number, int) else "..."


def _written(names):
    """The diagnosis as it was typed, for the line that asks for the next hint."""
    text = (str, tuple, list)
    return repr(names) if isinstance(names, text) and ... not in tuple(names) else "..."


def _listed(names):
    names = list(names)
    return " and ".join(names) if len(names) < 3 else ", ".join(names)
