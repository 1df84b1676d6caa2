"""Starts the process of a learner's notebook, fenced in as far as this system can, and talks to it.

The fence: limits of time and memory; on Linux, by the program `unshare`, no network, no other
processes, and all files read-only but those of an own, empty folder; and, where the grader runs as
root and `nobody` can read Python, the user `nobody`. `Fence.says` tells what there is here. The
process has its own copy of nnlib, in which the checks do nothing and no solution stands.
"""

import builtins
import contextlib
import inspect
import os
import select
import shutil
import signal
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
    "worker.main(*sys.argv[1:])"
)


class Died(Exception):
    """The process has come to an end, or does not answer, or answers with no message."""


@dataclass
class Fence:
    """Where and how processes of learners are started here."""

    folder: Path  # holds the copy of nnlib, and the homes
    before: tuple = ()  # the program that makes the namespaces
    nobody: bool = False
    memory: int = 4 * 2**30
    seconds: int = 300
    cell: int = 60  # seconds for one cell

    @property
    def says(self):
        if self.before:
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
        yield best(folder, memory, seconds, cell)


def best(folder, memory, seconds, cell):
    """The first of these fences in which a notebook can import what the course imports."""
    spaces = ("--mount", "--net", "--ipc", "--uts", "--pid", "--fork", "--kill-child")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    apart = ("unshare", *([] if root else ["--user", "--map-root-user"]), *spaces)
    reason = None
    ways = (*apart, "--mount-proc", "--"), (*apart, "--"), ()
    for before in ways if shutil.which("unshare") else ((),):
        for nobody in (True, False) if root else (False,):
            found = Fence(folder, before, nobody, memory, seconds, cell)
            try:
                process = Process(found)
                reason = process.run("import numpy.random, matplotlib.pyplot, nnlib", 120)
                process.end()
            except Died as error:
                reason = error
            if reason is None:
                return found
    raise RuntimeError(f"No process could be started for a notebook: {reason}")


def copy_library(target):
    """nnlib without the exercises' solutions, and with checks that do nothing."""
    skip = shutil.ignore_patterns("__pycache__", "exercises", "*.toml")
    shutil.copytree(LIBRARY, target, ignore=skip)
    for path in (target / "checks").glob("*.py"):
        if path.name != "outcome.py":
            path.unlink()
    (target / "checks" / "__init__.py").write_text(QUIET_CHECKS, encoding="utf-8")
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


class Process:
    """The process of one notebook; every answer is waited for, for a limited time."""

    def __init__(self, fence):
        self.fence, self.home, self.given = fence, wire.Home(), None
        self.folder = Path(tempfile.mkdtemp(dir=fence.folder / "homes"))
        if fence.nobody:
            os.chown(self.folder, NOBODY, NOBODY)
        to_read, self.outgoing = os.pipe()
        self.incoming, to_write = os.pipe()
        yes = ("no", "yes")
        limits = (str(fence.memory), str(fence.seconds), yes[bool(fence.before)], yes[fence.nobody])
        code = START.format(folder=str(fence.folder))
        self.process = subprocess.Popen(
            [*fence.before, sys.executable, "-I", "-c", code, str(to_read), str(to_write), *limits],
            pass_fds=(to_read, to_write),
            cwd=self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(to_read)
        os.close(to_write)
        self.first = None  # of the namespace, by whose end all its processes end
        self.alive = True
        reply = self.receive(time.monotonic() + 60)[0]
        if not isinstance(reply, dict) or "ready" not in reply:
            self.end()
            raise Died("it does not start")
        self.first = child(self.process.pid) if fence.before else None

    def environment(self):
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        threads = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM")
        return kept | {f"{name}_NUM_THREADS": "1" for name in threads} | {
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "MPLCONFIGDIR": str(self.folder),
            "MPLBACKEND": "agg",
            "PYTHONHASHSEED": "0",
        }  # fmt: skip

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
        """End the process and all that it has started."""
        if not self.alive:
            return
        self.alive = False
        first = self.first or (child(self.process.pid) if self.fence.before else None)
        with contextlib.suppress(OSError):
            if first:
                os.kill(first, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.incoming)
        os.close(self.outgoing)
        shutil.rmtree(self.folder, ignore_errors=True)


def child(pid):
    """The only child of a process, on Linux."""
    try:
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


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
