"""Starts the process of a learner's notebook, fenced in as far as this system can, and talks to it.

The fence: limits of time and memory; on Linux, by namespaces, no network, no other processes, and
all files read-only but those of an own, empty folder; and, where the grader runs as root and
`nobody` can read Python, the user `nobody`. `Fence.says` tells what there is here. The process has
its own copy of nnlib, in which the checks do nothing and no solution stands.
"""

import builtins
import contextlib
import inspect
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

from ..checks import run
from ..checks.elsewhere import Elsewhere
from . import wire
from .worker import NOBODY

LIBRARY = Path(__file__).resolve().parent.parent
EARLY = (
    0.3  # a function is stopped this long before the check's own clock, so that its line is told
)
LATE = 2.0  # seconds after which a process that does not stop is ended
QUIET_CHECKS = '''"""In the process of a learner's notebook checks are silent: the grader checks."""


class _Quiet:
    def __call__(self, *_, **__):
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __bool__(self):
        return False


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _Quiet()
'''
START = (
    "import sys; sys.path.insert(0, {folder!r}); from nnlib.grade import worker; "
    "worker.nursery(sys.argv[1])"
)


class Died(Exception):
    """The process has come to an end, or does not answer, or answers with no message."""


@dataclass
class Fence:
    """Where and how processes of learners are started here."""

    folder: Path  # holds the copy of nnlib, and the homes
    apart: bool = False  # in namespaces of their own
    nobody: bool = False
    memory: int = 4 * 2**30
    seconds: int = 300
    cell: int = 60  # seconds for one cell

    @property
    def says(self):
        if self.apart:
            apart = "without network, apart from other processes, with all files read-only"
        else:
            apart = "WITH network and WITH your files, because there are no namespaces here"
        user = "as the user nobody" if self.nobody else "as you"
        limits = f"{self.memory / 2**30:.1f} GB and {self.seconds} s each"
        return f"Notebooks run {user}, {apart}; {limits}."


@contextlib.contextmanager
def fence(memory=4 * 2**30, seconds=300, cell=60):
    """The best fence that works here; its folder is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="nnlib-grade-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        copy_library(folder / "nnlib")
        (folder / "homes").mkdir()
        try:
            yield best(folder, memory, seconds, cell)
        finally:
            close(folder)


# What a process imports late must be readable for its user, too.
LATE_IMPORTS = "import wave, importlib.util\nassert importlib.util.find_spec('sklearn')"


def best(folder, memory, seconds, cell):
    """The first of these fences that works, and in which a notebook can import what it needs."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    reason = None
    for apart in (True, False) if sys.platform == "linux" else (False,):
        for nobody in (True, False) if root else (False,):
            found = Fence(folder, apart, nobody, memory, seconds, cell)
            try:
                process = Process(found)
                reason = process.run(LATE_IMPORTS, 60)
                process.end()
            except Died as error:
                reason = error
            if reason is None:
                return found
    raise RuntimeError(f"No process could be started for a notebook: {reason}")


NURSERIES = {}  # of this process, by the folder of their fence


def order(fence, home, ends):
    """Have a process begotten that serves one notebook; the number of its first process."""
    words = {
        "home": str(home), "apart": fence.apart, "nobody": fence.nobody,
        "memory": fence.memory, "seconds": fence.seconds,
    }  # fmt: skip
    with contextlib.suppress(OSError, ValueError):
        socket.send_fds(orders(fence.folder), [json.dumps(words).encode()], ends)
        return int(orders(fence.folder).recv(20) or 0)
    close(fence.folder)
    raise Died("no process could be started")


def orders(folder):
    """The socket to this process's nursery, which is started when it is needed first."""
    if folder not in NURSERIES:
        own, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        code = START.format(folder=str(folder))
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", code, str(its.fileno())],
            pass_fds=(its.fileno(),),
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        its.close()
        NURSERIES[folder] = own, process
        if own.recv(20) != b"ready":
            close(folder)
            raise Died("Python does not start")
    return NURSERIES[folder][0]


def close(folder):
    if folder in NURSERIES:
        own, process = NURSERIES.pop(folder)
        own.close()
        process.wait()


def environment():
    kept = ("PATH", "LANG", "HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME")  # of matplotlib's fonts
    threads = ("OPENBLAS", "OMP", "MKL")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        **{f"{name}_NUM_THREADS": "1" for name in threads},
        "VECLIB_MAXIMUM_THREADS": "1",
        "MPLBACKEND": "agg",
        "PYTHONHASHSEED": "0",
    }


def copy_library(target):
    """nnlib without the exercises' solutions, and with checks that do nothing."""
    skip = shutil.ignore_patterns("__pycache__", "exercises", "*.toml")
    shutil.copytree(LIBRARY, target, ignore=skip)
    for path in (target / "checks").glob("*.py"):
        if path.name not in ("outcome.py", "elsewhere.py"):  # they judge nothing
            path.unlink()
    (target / "checks" / "__init__.py").write_text(QUIET_CHECKS, encoding="utf-8")
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


class Process:
    """The process of one notebook; every answer is waited for, for a limited time."""

    def __init__(self, fence):
        self.fence, self.home, self.alive = fence, wire.Home(), True
        self.folder = Path(tempfile.mkdtemp(dir=fence.folder / "homes"))
        if fence.nobody:
            os.chown(self.folder, NOBODY, NOBODY)
        to_read, self.outgoing = os.pipe()
        self.incoming, to_write = os.pipe()
        self.first = 0
        try:
            self.first = order(fence, self.folder, (to_read, to_write))
        finally:
            os.close(to_read)
            os.close(to_write)
            if not self.first:
                self.end()
        try:
            reply, _ = self.receive(time.monotonic() + 60)
        except BaseException:
            self.end()
            raise
        if reply != {"ready": True}:
            self.end()
            raise Died("it does not start")

    # ------------------------------------------------------------ what is asked of it

    def run(self, source, seconds):
        """Run a cell: None, or the error as [kind, words, known, line, text]."""
        reply, _ = self.exchange({"do": "run", "source": source, "seconds": seconds}, (), seconds)
        if "stopped" in reply:
            return ["Stopped", "", False, *place(reply["stopped"])]
        return trouble(reply.get("error"))

    def values(self, source, given="", seconds=10):
        """The value of an expression in the notebook's names."""
        request = {"do": "values", "source": source, "given": given, "seconds": seconds}
        reply, raw = self.exchange(request, (), seconds)
        if "value" not in reply:
            raise exception(trouble(reply.get("error")) or ["Stopped", "", False, None, ""])
        return self.unpacker(raw).unpack(reply["value"])

    def unpacker(self, raw):
        return wire.Unpacker(self.home, raw, self.far)

    def far(self, number, about):
        """A function of the learner's; about is what its process says of it."""
        about = about if isinstance(about, dict) else {}
        parameters = None
        with contextlib.suppress(Exception):
            kinds = list(inspect._ParameterKind)
            parameters = [
                inspect.Parameter(name, kinds[kind], default=None if has else inspect._empty)
                for name, kind, has in about["parameters"]
            ]
        names = [name for name in about.get("names") or () if isinstance(name, str)]
        made = Elsewhere(
            lambda *arguments: self.call(number, arguments),
            str(about.get("name", "...")),
            about.get("placeholder") is True,
            about.get("given") is True,
            names,
            parameters,
        )
        made.library = about.get("library") is True
        return made

    def call(self, number, arguments):
        """Call a function of the learner's, as if it stood here."""
        if not self.alive:
            raise exception(["SystemExit", "", True, None, ""])
        self.home.forget()
        packer = wire.Packer(self.home, new=True)
        tree = packer.pack(list(arguments))
        seconds, measure = run.SECONDS - EARLY, tracemalloc.is_tracing()
        request = {
            "do": "call", "function": number, "arguments": tree, "seconds": seconds,
            "measure": measure,
        }  # fmt: skip
        try:
            reply, raw = self.exchange(request, packer.raw, seconds)
        except Died as error:
            if error.args and error.args[0] == "late":
                raise run.Stopped() from None
            raise exception(["SystemExit", "", True, None, ""]) from None
        if "stopped" in reply:
            with contextlib.suppress(Exception):  # what it says of the arguments may be anything
                self.unpacker(raw).apply(reply["after"])
            stopped = run.Stopped()
            stopped.learners_line = place(reply["stopped"])
            raise stopped
        unpacker, value = self.unpacker(raw), None
        try:
            if "value" in reply:
                value = unpacker.unpack(reply["value"])
            if "after" in reply:
                unpacker.apply(reply["after"])
        except wire.Garbled:
            return wire.opaque("object")()
        print(end=str(reply.get("printed", "")))
        if reply.get("error"):
            raise exception(trouble(reply["error"]))
        if measure:
            del request, tree, packer, raw, unpacker
            tracemalloc.reset_peak()
            memory = reply.get("memory")
            bytearray(min(memory, wire.LARGEST) if isinstance(memory, int) and memory > 0 else 0)
        return value

    # ------------------------------------------------------------ messages

    def exchange(self, tree, raw, seconds):
        """The answer to a request; on the way, the other side may call functions of this one."""
        deadline = time.monotonic() + seconds + LATE
        try:
            self.send(tree, raw, deadline)
            while True:
                reply, raw = self.receive(deadline)
                if not isinstance(reply, dict):
                    raise Died("it answers with no message")
                if "callback" not in reply:
                    return reply, raw
                self.send(*self.callback(reply, raw), deadline)
        except BaseException:  # also the clock of a check, which may ring at any line
            self.end()
            raise

    def callback(self, reply, raw):
        try:
            function = self.home.functions[reply["callback"]]
            arguments = wire.Unpacker(wire.Home(), raw, self.far).unpack(reply["arguments"])
            packer = wire.Packer(wire.Home())
            return {"value": packer.pack(function(*arguments))}, packer.raw
        except Exception as error:
            return {"error": [type(error).__name__, str(error)]}, ()

    def send(self, tree, raw, deadline):
        data = memoryview(wire.to_bytes(tree, raw))
        while data:
            if not select.select([], [self.outgoing], [], max(deadline - time.monotonic(), 0))[1]:
                raise Died("late")
            try:
                data = data[os.write(self.outgoing, data[:4096]) :]  # no more than a pipe takes
            except OSError:
                raise Died("it has ended") from None

    def receive(self, deadline):
        length, size = wire.HEAD.unpack(self.exactly(wire.HEAD.size, deadline))
        if size > length or length > wire.LARGEST:
            raise Died("it answers with no message")
        try:
            return wire.from_bytes(self.exactly(length, deadline), size)
        except wire.Garbled:
            raise Died("it answers with no message") from None

    def exactly(self, count, deadline):
        parts = []
        while count:
            wait = min(max(deadline - time.monotonic(), 0), 0.2)  # the check's clock is heard, too
            if not select.select([self.incoming], [], [], wait)[0]:
                if time.monotonic() >= deadline:
                    raise Died("late")
                continue
            part = os.read(self.incoming, min(count, 2**20))
            if not part:
                raise Died("it has ended")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    # ------------------------------------------------------------ the end

    def end(self):
        """End the process; with the first one of a namespace all others end."""
        if not self.alive:
            return
        self.alive = False
        with contextlib.suppress(OSError):
            if self.first and not self.fence.apart:
                os.killpg(self.first, signal.SIGKILL)
        with contextlib.suppress(OSError):
            if self.first:
                os.kill(self.first, signal.SIGKILL)
        os.close(self.incoming)
        os.close(self.outgoing)
        shutil.rmtree(self.folder, ignore_errors=True)


# ---------------------------------------------------------------- what ended a call


def place(found):
    line, text = found if isinstance(found, list) and len(found) == 2 else (None, "")
    return (line if isinstance(line, int) else None), str(text)


def trouble(found):
    """An error that the other side tells of, in its usual form, or None."""
    if not found:
        return None
    if not isinstance(found, list) or len(found) != 5:
        return ["Exception", "", True, None, ""]
    kind, words, known, line, text = found
    return [str(kind), str(words), known is True, *place([line, text])]


def exception(found):
    """The error as an exception of the same name and words, which knows the learner's line."""
    kind, words, known, line, text = found
    base = getattr(builtins, kind, None) if known else None
    if not (isinstance(base, type) and issubclass(base, BaseException)):
        base = Exception
    made = type(
        kind if kind.isidentifier() else "Exception",
        (base,),
        {"__init__": lambda self: None, "__str__": lambda self: words},
    )()
    made.learners_line = (line, text)
    return made
