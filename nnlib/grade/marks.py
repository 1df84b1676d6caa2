"""From one handed-in notebook to its marks: its cells run in a process of their own, the checks run
here, on what comes back."""

import ast
import contextlib
import io
import re
import time
from dataclasses import dataclass, field

from .. import checks
from ..checks import audit, run, ward
from ..checks.result import Result
from ..lessons import clinic, pencil
from . import course, sandbox, wire

RIGHT, WRONG, MISSING = "right", "wrong", "not attempted"


@dataclass
class Mark:
    student: str
    column: str
    status: str
    mistakes: list = field(default_factory=list)  # ids of the catalogue, or what was measured
    hints: list = field(default_factory=list)
    note: str = ""


def grade(handed, fence, everything=False):
    """The marks of one notebook that was handed in."""
    if handed.notebook is None:
        return []
    try:
        return Grading(handed, fence, everything).grade()
    except Exception as error:  # ours: one notebook must not take the others with it
        note = f"could not be graded: {type(error).__name__}: {error}"
        asked = [q for q in handed.notebook.questions if course.judged_here(q)]
        return [Mark(handed.student, q.column, MISSING, note=note) for q in asked]


class Grading:
    """One notebook, in one process, or in several when the first one has come to an end."""

    def __init__(self, handed, fence, everything=False):
        self.handed, self.fence, self.everything = handed, fence, everything
        self.marks, self.errors, self.stuck = {}, {}, set()
        self.process, self.until = None, 0  # the process, and the first cell that it has not run
        self.began = time.monotonic()

    def grade(self):
        handed, book = self.handed, self.handed.notebook
        questions = [q for q in book.questions if course.judged_here(q)]
        if handed.problem:
            return [Mark(handed.student, q.column, MISSING, note=handed.problem) for q in questions]
        self.plan(book, questions)
        try:
            for place, question in self.places(questions):
                self.marks[question.column] = self.mark(place, question)
        finally:
            self.end()
        return [self.marks[q.column] for q in questions]

    # ------------------------------------------------------------ which cells, and in which order

    def plan(self, book, questions):
        """The cells that are run: not the checks, and of the course's own only what is needed."""
        plain = {cell.source for cell in book.cells}
        self.cells = [c for c in self.handed.cells if "solution" not in c.tags]
        self.own = {k for k, cell in enumerate(self.cells) if cell.source not in plain}
        names = {name for question in questions for name in question.asked}
        run_these = range(len(self.cells))
        if not self.everything:
            run_these = course.needed(self.cells, self.own, names | {"np", "nn"})
        self.run_these = [k for k in run_these if not only_checks(self.cells[k])]

    def places(self, questions):
        """Each question with the number of the cell before which it is judged."""
        found = []
        for question in questions:
            at = [k for k, c in enumerate(self.cells) if c.id == question.cell]
            at += [k for k, c in enumerate(self.cells) if calls_it(c, question)]
            found.append((at[-1] + 1 if at else len(self.cells), question))
        return sorted(found, key=lambda each: each[0])

    def reach(self, place):
        """A process in which the cells down to this place have been run."""
        if self.until > place:  # back: only from the start
            self.end()
        while True:
            if self.process is None or not self.process.alive:
                self.process, self.until = sandbox.Process(self.fence), 0
            try:
                for k in self.run_these:
                    if self.until <= k < place and k not in self.stuck:
                        self.stuck.add(k)  # unless it comes to its end
                        self.errors[k] = ["SystemExit", "", True, None, ""]
                        self.errors[k] = self.process.run(
                            self.cells[k].source, self.left(self.fence.cell)
                        )
                        self.stuck.discard(k)
                    self.until = max(self.until, k + 1) if k < place else self.until
                return
            except sandbox.Died as error:
                if error.args[0] == "late":
                    self.errors[k] = ["Stopped", "", False, None, ""]

    def left(self, seconds):
        return max(0.1, min(seconds, self.began + self.fence.seconds - time.monotonic()))

    def end(self):
        if self.process is not None:
            self.process.end()

    # ------------------------------------------------------------ one answer

    def mark(self, place, question):
        """The mark of an answer: in the course's own words for it, or, where these stand for no
        attempt, as the learner's notebook hands it to the check."""
        first, tries = None, [(place, source) for source in self.expressions(question)]
        tries += [(self.answered(question, place), tries[0][1])]
        for spot, source in tries:
            if first is not None and spot < place and first.effect != "absent":
                break
            try:
                self.reach(spot)
                found = self.judged(question, source)
            except (sandbox.Died, wire.Garbled):
                found = self.broken("It ends the process of the notebook.")
            if found.passed is not None:
                return self.made(question, found)
            first = found if first is None else first
        return self.made(question, first)

    def answered(self, question, place):
        """The place after the answer: what is wiped out before it is checked was there."""
        makes = [k for k in range(place) if question.asked & course.use(self.cells[k]).anew]
        return makes[-1] + 1 if makes else place

    def judged(self, question, source):
        given = ""
        if question.judge == "checks":
            given = checks._catalogue.exercises()[question.name].given
        try:
            values, keywords = self.process.values(source, given, self.left(10))
        except (sandbox.Died, wire.Garbled):
            raise
        except Exception as error:
            return self.absent(question, error)
        with contextlib.redirect_stdout(io.StringIO()), run.quiet():
            result = JUDGES[question.judge](question, values, keywords)
        if result.passed and any(getattr(value, "library", False) for value in values):
            result.note = "handed in: a function of nnlib"
        return result

    def expressions(self, question):
        if question.judge == "sheet":
            yield self.sheet(question)
            return
        yield question.answer
        for cell in reversed(self.cells if question.judge != "ward" else []):
            for call in course.calls(cell.tree) if cell.tree else ():
                if call.func.value.id == question.judge and call.func.attr == question.name:
                    own = course.question(question.notebook, cell.id, call).answer
                    if own != question.answer:
                        yield own

    def sheet(self, question):
        """The numbers that were typed into the calls of sheet.check, and the seed of the sheet."""
        typed = dict(question.keywords)
        for cell in self.cells:
            for call in course.calls(cell.tree) if cell.tree else ():
                if call.func.value.id == "sheet":
                    typed |= course.question(question.notebook, cell.id, call).keywords
        rows = ", ".join(f"{name!r}: {source}" for name, source in typed.items())
        return f"((sheet.seed,), {{{rows}}})"

    def absent(self, question, problem):
        """There is no answer: because its cell stops, or because there is none."""
        names = question.asked
        for k, error in self.errors.items():
            if error and any(re.search(rf"\b{n}\b", self.cells[k].source) for n in names):
                return self.stopped(error)
        return Result(question.name, None, note=f"no answer: {problem}", effect="absent")

    def stopped(self, error):
        kind, words, _, line, text = error
        where = f" It stopped at line {line}, `{text}`." if line else ""
        if kind == "Stopped":
            result = self.broken(f"The cell of the answer does not come to an end.{where}")
            result.effect = "endless"
        elif kind == "SystemExit":
            result = self.broken("The cell of the answer ends Python.")
            result.effect = "exits"
        else:
            words = " ".join(words.split())[:160]
            result = self.broken(f"The cell of the answer stops: {kind}: {words}.{where}")
            result.effect = kind
        return result

    def broken(self, sentence):
        hints = [sentence, "Run the cell alone, and read the last line of what it says.",
                 "Restart the kernel, run all, and look where it stops."]  # fmt: skip
        return Result("", False, hints=hints, effect="ends")

    def made(self, question, result):
        status = {True: RIGHT, False: WRONG, None: MISSING}[result.passed]
        mistakes = result.mistakes or ([result.effect or "off"] if status == WRONG else [])
        hints = list(result.hints) if status == WRONG else []
        return Mark(
            self.handed.student, question.column, status, list(mistakes), hints, result.note
        )


def only_checks(cell):
    """True for a cell that does nothing but call checks."""
    rows = cell.tree.body if cell.tree else []
    return bool(rows) and all(is_check(row) for row in rows)


def is_check(row):
    if isinstance(row, ast.For):
        return all(is_check(each) for each in row.body)
    function = getattr(getattr(row, "value", None), "func", None)
    return getattr(getattr(function, "value", None), "id", None) in course.JUDGES


def calls_it(cell, question):
    return cell.tree is not None and any(
        call.func.value.id == question.judge and call.func.attr == question.name
        for call in course.calls(cell.tree)
    )


# ---------------------------------------------------------------- the judges


def by_checks(question, values, keywords):
    return getattr(checks, question.name).judge(values or (...,), keywords)


def by_audit(question, values, keywords):
    return getattr(audit, question.name)(*values, **keywords)


def by_ward(question, values, keywords):
    number = int(question.label.rpartition(" ")[2])
    return ward.diagnosis(clinic.patient(number), *values)


def by_sheet(question, values, typed):
    sheet = pencil.Worksheet(int(values[0]))
    said = {n: sheet.verdict(n, v) for n, v in typed.items() if v is not ... and n in sheet.right}
    wrong = {name: words for name, words in said.items() if not words.startswith("right")}
    result = Result("worksheet", None if not said else not wrong)
    if result.passed and len(said) < len(typed):
        result.passed, result.note = None, f"{len(said)} of {len(typed)} lines, all right"
    result.hints = [f"{name}: {words}" for name, words in wrong.items()][:3]
    result.mistakes = [f"line {name}" for name in wrong][:3]
    return result


JUDGES = {"checks": by_checks, "audit": by_audit, "ward": by_ward, "sheet": by_sheet}
