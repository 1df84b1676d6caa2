"""Running a learner's function: on copies, quietly, and never for ever.

A loop without end cannot be left by an alarm signal on every system. So a second thread watches
the clock and, when the time is up, raises `Stopped` in the thread that runs the loop. Python
delivers it between two of its own steps; inside one long NumPy call it has to wait, and then the
watchdog says how to interrupt the kernel. A function that gets on, case by case, has more time.

What comes back is copied at once, and brought into one usual kind: see outcome.py.
"""

import contextlib
import copy
import ctypes
import io
import linecache
import os
import sys
import sysconfig
import threading
import time
import traceback
import warnings
from dataclasses import dataclass, field

import numpy as np

from .outcome import settled

SECONDS = 5.0  # for one call
ALL_SECONDS = 30.0  # for all calls of one check together
GRACE = 3.0  # after that, the watchdog speaks
AGAIN = 0.5  # and raises again, in case the learner's `except:` swallowed it

HOW_TO_INTERRUPT = (
    "This does not stop by itself. Interrupt it: the square button above the notebook, "
    "or the menu Kernel, Interrupt."
)


class Stopped(BaseException):
    """Raised by the watchdog inside the learner's function; no `except Exception` catches it."""

    changed = ()  # the arguments that the call had changed by then


class StoppedAgain(Stopped):
    """The first one was swallowed by an `except:`. From here on there is one for each line.

    Python makes it in the thread in which it is raised, and there alone lines can be followed.
    """

    def __init__(self, *words):
        super().__init__(*words)
        thread, frame = threading.get_ident(), sys._getframe(1)

        def at_a_line(frame, event, argument):
            if event == "line":
                _raise_in(thread, Stopped)  # raised here, it would end the following of lines
            return at_a_line

        while frame is not None and frame.f_code.co_filename != __file__:
            frame.f_trace, frame = at_a_line, frame.f_back
        sys.settrace(lambda *new_frame: None)


@dataclass
class Trouble:
    """What ended a call: the exception's type and words, and the learner's own line."""

    error: BaseException
    line: int | None = None
    text: str = ""

    @property
    def kind(self):
        return type(self.error).__name__

    @property
    def place(self):
        if self.line is None:
            return ""
        return f"line {self.line}" + (f", `{self.text}`" if self.text else "")


@dataclass
class Outcome:
    """One call: what came back, what was printed, which arguments it changed, what ended it."""

    value: object = None
    trouble: Trouble | None = None
    printed: str = ""
    changed: list = field(default_factory=list)
    shared: bool = False  # what came back lies in the memory of an argument
    idle: bool = False  # a generator was handed in, and no number was drawn from it


def played(play, function, arguments):
    """What the player makes of the function, each of whose answers is copied at once."""
    if getattr(play, "as_it_is", False):
        return settled(play(function, *arguments))
    return settled(play(lambda *given: settled(function(*given)), *arguments))


def call(play, function, arguments, names):
    """Call the learner's function on a copy of the arguments. Only `Stopped` gets out."""
    given = copy.deepcopy(arguments)
    outcome, printed = Outcome(), io.StringIO()

    def observed(*handed):
        value = function(*handed)
        outcome.shared = outcome.shared or shares(value, given)
        return value

    try:
        with contextlib.redirect_stdout(printed), quiet():
            outcome.value = played(play, observed, given)
    except Stopped as error:
        error.changed = differing(names, arguments, given)
        raise
    except BaseException as error:  # also SystemExit, and the stop button
        outcome.trouble = Trouble(error, *own_line(error))
    outcome.printed = printed.getvalue()
    outcome.idle = not hasattr(function, "placeholder") and undrawn(arguments, given)
    outcome.changed = differing(names, arguments, given)
    return outcome


def differing(names, before, after):
    """The names of the arguments that are no longer what they were."""
    pairs = zip(names, before, after, strict=False)
    return [name for name, old, new in pairs if not alike(old, new)]


def undrawn(before, after):
    """True where there are generators, each of which stands where it stood."""
    same = [
        old.bit_generator.state == new.bit_generator.state
        for old, new in zip(before, after, strict=True)
        if isinstance(old, np.random.Generator)
    ]
    return bool(same) and all(same)


@contextlib.contextmanager
def untouched(module):
    """What the learner's code puts in the place of a module's functions is put right afterwards."""
    before = dict(vars(module))
    try:
        yield
    finally:
        now = vars(module)
        now.update({k: v for k, v in before.items() if now.get(k) is not v})


@contextlib.contextmanager
def quiet():
    """No warning reaches the screen: what it warns of is told by the check."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def watched(work, seconds=None, grace=None):
    """work() and None; or None and the Trouble, when it had to be stopped.

    work(progress) calls progress() wherever it has got on: then the seconds begin anew.
    """
    dog = Watchdog(SECONDS if seconds is None else seconds, GRACE if grace is None else grace)
    try:
        try:
            dog.on_duty = True
            return work(dog.hears_of_progress), None
        finally:
            dog.on_duty = False
            dog.call_off()
    except Stopped as error:  # from work, or late, from the line above
        dog.on_duty = False
        dog.call_off()
        return None, Trouble(error, *own_line(error))


class Watchdog:
    """A thread that raises `Stopped` in the thread that made it, unless called off in time.

    It may do so once more just after it has been taken off duty. So `call_off` expects that,
    waits until the dog has gone, and lets what has been raised and has not arrived arrive there.
    """

    def __init__(self, seconds, grace):
        self.seconds, self.grace = seconds, grace
        self.watched, self.traced = threading.get_ident(), sys.gettrace()
        self.start = self.since = time.monotonic()
        self.screen = sys.stdout  # before the learner's prints are caught
        self.on_duty, self.barked, self.gone = False, False, False
        self.leash = threading.Lock()  # released to wake the dog
        self.leash.acquire()
        threading.Thread(target=self.live, daemon=True).start()

    def live(self):
        try:
            self.watch()
        finally:
            self.gone = True

    def hears_of_progress(self):
        self.since = time.monotonic()

    def left(self):
        """Seconds until the time is up: of this call, or of all of them."""
        return min(self.since + self.seconds, self.start + ALL_SECONDS) - time.monotonic()

    def watch(self):
        wait, end, spoken = self.left(), None, False
        while not self.leash.acquire(timeout=max(wait, 0)):
            if not self.barked and self.left() > 0:
                wait = self.left()
                continue
            end = end or time.monotonic() + self.grace
            wait = AGAIN
            if not self.on_duty:
                continue
            _raise_in(self.watched, StoppedAgain if self.barked else Stopped)
            self.barked = True
            if time.monotonic() > end and not spoken:
                print(HOW_TO_INTERRUPT, file=self.screen, flush=True)
                spoken = True

    def call_off(self):
        try:
            if self.barked:
                sys.settrace(self.traced)
            self._go()
        except Stopped:
            try:
                sys.settrace(self.traced)
                self._go()
            except Stopped:
                sys.settrace(self.traced)
                self._go()

    def _go(self):
        if self.leash.locked():
            self.leash.release()
        while not self.gone:  # Thread.join, when it is interrupted, takes the thread for ended
            time.sleep(0.0001)
        if self.barked:
            self._hear()
        sys.stdout = self.screen  # a second `Stopped` may have kept it from being put back

    def _hear(self):
        """Let one more arrive, here; it takes the place of one that has not arrived yet.

        (Python can also take one back. Python 3.11 and 3.12 then go on looking for it for ever,
        which slows down all that follows, and keeps a profiler from ever coming back.)
        """
        try:
            _raise_in(self.watched, Stopped)
            while True:
                pass
        except Stopped:
            pass


def _raise_in(thread, exception):
    """Ask Python to raise `exception` in that thread, between two of its next steps."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))


_LIBRARIES = (
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))),  # nnlib
    sysconfig.get_path("stdlib"),
    sysconfig.get_path("purelib"),
    sysconfig.get_path("platlib"),
    os.path.dirname(np.__file__),
)


# Code without a file that a learner may have typed; all other is made, as ours is.
_TYPED = ("<stdin>", "<string>", "<ipython-input", "<doctest", "<console>")


def own_line(error):
    """Number and text of the learner's line in which it happened; (None, "") if there is none.

    A library's frame is not the learner's, nor is that of compiled code (`numpy/random/….pyx`), nor
    that of an input of the check, which may be a function. (A function that ran elsewhere has told
    its line.)
    """
    if hasattr(error, "learners_line"):
        return error.learners_line
    for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = frame.f_code.co_filename
        made = file.startswith("<") and not file.startswith(_TYPED)
        if not made and not file.startswith(_LIBRARIES) and not file.endswith((".pyx", ".pxd")):
            return number, linecache.getline(file, number).strip()
    return None, ""


def alike(a, b):
    """True where nothing in `b` differs from `a`; lists, dicts and tuples are looked into."""
    if isinstance(a, np.ndarray):
        same_kind = isinstance(b, np.ndarray) and a.shape == b.shape and a.dtype == b.dtype
        return same_kind and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(alike(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(alike, a, b))
    return True  # numbers cannot be changed; functions and generators are none of our business


def arrays(value):
    """Every array inside a value."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from arrays(each)
    elif isinstance(value, dict):
        yield from arrays(list(value.values()))


def shares(value, arguments):
    return any(np.may_share_memory(a, b) for a in arrays(value) for b in arrays(arguments))
