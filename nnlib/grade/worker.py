"""The process of one learner's notebook: runs its cells, and calls its functions when asked.

sandbox.py orders it; a process that has imported everything (`nursery`) begets it, which takes no
time. Its nnlib is a copy in which no solution stands. Whatever happens here, all that leaves it is
values (wire.py); nothing here decides.
"""

import builtins
import contextlib
import ctypes
import inspect
import io
import json
import linecache
import os
import resource
import signal
import socket
import struct
import sys
import sysconfig
import traceback
import tracemalloc
import warnings

import numpy as np

from ..checks.elsewhere import is_empty, is_made_by, names_in
from ..checks.outcome import settled
from . import wire

AGAIN = 0.5  # seconds after which a function that went on is stopped once more
SAID = 2000  # letters of what was printed or said in an error
NOBODY = 65534


class Interrupted(BaseException):
    """The time is up."""


class Worker:
    def __init__(self, incoming, outgoing):
        self.incoming, self.outgoing = incoming, outgoing
        self.home, self.shell = wire.Home(), None
        self.busy = False

    # ------------------------------------------------------------ messages

    def read(self):
        head = self.exactly(wire.HEAD.size)
        length, size = wire.HEAD.unpack(head)
        return wire.from_bytes(self.exactly(length), size)

    def exactly(self, count):
        parts = []
        while count:
            part = os.read(self.incoming, min(count, 2**20))
            if not part:
                os._exit(0)
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def write(self, tree, raw=()):
        try:
            data = memoryview(wire.to_bytes(tree, raw))
        except (wire.Garbled, MemoryError) as error:
            data = memoryview(wire.to_bytes({"error": self.error(error)}))
        while data:
            data = data[os.write(self.outgoing, data) :]

    def serve(self):
        while True:
            request, raw = self.read()
            try:
                self.write(*self.answer(request, raw))
            except Interrupted:
                self.write({"stopped": ["", ""]})
            except BaseException as error:  # a message of ours that could not be answered
                self.write({"error": self.error(error)})

    def answer(self, request, raw):
        return getattr(self, "do_" + request["do"])(request, raw)

    # ------------------------------------------------------------ what is asked

    def do_run(self, request, raw):
        """Run a cell."""
        with self.limited(request["seconds"]), quiet():
            result = self.shell.run_cell(request["source"], store_history=False)
        plt = sys.modules.get("matplotlib.pyplot")
        if plt:
            with contextlib.suppress(BaseException):
                plt.close("all")
        error = result.error_before_exec or result.error_in_exec
        if isinstance(error, Interrupted):
            return ({"stopped": self.place(error)},)
        return ({"error": self.error(error) if error else None},)

    def do_values(self, request, raw):
        """The values of an expression, a tuple of answers."""
        self.given = request.get("given")
        self.home.forget()
        with self.limited(request["seconds"]), quiet():
            values = eval(request["source"], self.shell.user_ns)
            packer = self.packer()
            return {"value": packer.pack(values)}, packer.raw

    def do_call(self, request, raw):
        """Call a function of the learner's."""
        self.home.forget()
        arguments = wire.Unpacker(self.home, raw, self.far, new=True).unpack(request["arguments"])
        function, printed = self.home.functions[request["function"]], io.StringIO()
        packer, reply = self.packer(), {}
        try:
            with self.limited(request["seconds"]), quiet(printed):
                if request["measure"]:
                    tracemalloc.start()
                try:
                    value = function(*arguments)
                    reply["value"] = packer.pack(value)
                finally:
                    if request["measure"]:
                        reply["memory"] = tracemalloc.get_traced_memory()[1]
                        tracemalloc.stop()
        except Interrupted as error:
            return {"stopped": self.place(error), "after": packer.after()}, packer.raw
        except BaseException as error:
            reply["error"] = self.error(error)
        reply["after"] = packer.after()
        reply["printed"] = printed.getvalue()[:SAID]
        return reply, packer.raw

    def packer(self):
        return wire.Packer(self.home, settle=settled, describe=self.describe)

    def far(self, number, about):
        """A function of the grader's, such as the f of a gradient check."""

        def function(*arguments):
            packer = wire.Packer(wire.Home(), settle=settled)
            tree = {"callback": number, "arguments": packer.pack(list(arguments))}
            left = signal.setitimer(signal.ITIMER_REAL, 0)[0]  # the answer comes whole
            try:
                self.write(tree, packer.raw)
                reply, raw = self.read()
            finally:
                signal.setitimer(signal.ITIMER_REAL, max(left, 0.01), AGAIN)
            if "error" in reply:
                raise getattr(builtins, reply["error"][0], Exception)(reply["error"][1])
            return wire.Unpacker(wire.Home(), raw, self.far).unpack(reply["value"])

        return function

    # ------------------------------------------------------------ the clock

    @contextlib.contextmanager
    def limited(self, seconds):
        def up(number, frame):
            if self.busy:
                raise Interrupted

        signal.signal(signal.SIGALRM, up)
        self.busy = True
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
        try:
            yield
        finally:
            self.busy = False
            signal.setitimer(signal.ITIMER_REAL, 0)

    # ------------------------------------------------------------ what a function is

    def describe(self, function):
        about = {"name": str(getattr(function, "__name__", "..."))[:80]}
        with contextlib.suppress(Exception):
            about["placeholder"] = is_empty(function)
            about["names"] = sorted(names_in(function))
            about["given"] = is_made_by(self.given, function)
            about["library"] = str(getattr(function, "__module__", "")).startswith("nnlib")
        with contextlib.suppress(Exception):
            about["parameters"] = [
                [p.name, int(p.kind), p.default is not p.empty]
                for p in inspect.signature(function).parameters.values()
            ]
        return about

    def error(self, error):
        """Kind, words, and the learner's own line with its number."""
        kind = type(error)
        known = getattr(builtins, kind.__name__, None) is kind
        try:
            words = error.msg if isinstance(error, SyntaxError) else str(error)
        except BaseException:
            words = ""
        return [kind.__name__, words[:SAID], known, *self.place(error)]

    def place(self, error):
        """Number and text of the line of a cell in which it happened."""
        if isinstance(error, SyntaxError) and error.lineno:
            return [error.lineno, str(error.text or "").strip()[:200]]
        for frame, number in reversed(list(traceback.walk_tb(error.__traceback__))):
            file = frame.f_code.co_filename
            if not file.startswith(LIBRARIES) and not file.endswith((".pyx", ".pxd")):
                return [number, linecache.getline(file, number).strip()[:200]]
        return [None, ""]


LIBRARIES = (
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
    *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
    "<frozen", "<given", "<__array", "<string",
)  # fmt: skip


@contextlib.contextmanager
def quiet(printed=None):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        with contextlib.redirect_stdout(printed or open(os.devnull, "w")):
            yield


# ---------------------------------------------------------------- the start


def nursery(number):
    """Wait for orders; for each, a process that serves one notebook, with all imported already."""
    orders = socket.socket(fileno=int(number))
    ends_with_its_parent()
    shell = start_shell()
    import matplotlib.pyplot  # noqa: F401

    import nnlib  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the processes
    null = os.open(os.devnull, os.O_RDWR)
    for known in (0, 1, 2):
        os.dup2(null, known)
    orders.send(b"ready")
    while True:
        words, ends, _, _ = socket.recv_fds(orders, 4096, 2)
        if not words:
            os._exit(0)
        told, tell = os.pipe()
        if os.fork() == 0:
            try:
                orders.close()
                os.close(told)
                keep(json.loads(words), ends, tell, shell)
            finally:
                os._exit(1)
        for each in (*ends, tell):
            os.close(each)
        orders.send(os.read(told, 20) or b"0")
        os.close(told)


def keep(order, ends, tell, shell):
    """Make the namespaces, and in them the first process, by whose end all of them end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ends_with_its_parent()
    os.setsid()
    os.chdir(order["home"])
    os.environ |= dict.fromkeys(("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR"), order["home"])
    libc = ctypes.CDLL(None, use_errno=True)
    first = 0
    if order["apart"]:
        user, group = os.geteuid(), os.getegid()
        if libc.unshare(NAMESPACES | (0 if user == 0 else NEW_USER)):
            raise OSError(ctypes.get_errno(), "no namespaces")
        if user:
            for name, line in ("setgroups", "deny"), ("uid_map", f"0 {user} 1"), (
                "gid_map", f"0 {group} 1",
            ):  # fmt: skip
                with open(f"/proc/self/{name}", "w") as file:
                    file.write(line)
        first = os.fork()
    if first:
        os.write(tell, str(first).encode())
        for each in (*ends, tell):
            os.close(each)
        os.waitpid(first, 0)
        os._exit(0)
    if not order["apart"]:
        os.write(tell, str(os.getpid()).encode())
    os.close(tell)
    if order["apart"]:
        enclose(libc)
    if sys.platform == "linux":
        drop_rights(libc, order["nobody"])
        ends_with_its_parent()
    limit(order["memory"], order["seconds"])
    worker = Worker(*ends)
    worker.shell = shell
    worker.write({"ready": True})
    worker.serve()


def limit(memory, seconds):
    """The limits of this process and of all that it starts; they cannot be raised again."""
    for name, most in (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_FSIZE", 50 * 2**20),
        ("RLIMIT_NOFILE", 256),
        ("RLIMIT_CORE", 0),
    ):
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit of addresses
            resource.setrlimit(kind, (most, most))


def enclose(libc):
    """All files are read-only from here on but those of an own, empty folder in memory."""
    home, attributes = os.getcwd(), struct.pack("<4Q", RDONLY_NOSUID, 0, 0, 0)
    if libc.mount(None, b"/", None, PRIVATE, None):
        raise OSError(ctypes.get_errno(), "the mounts cannot be made private")
    libc.mount(b"proc", b"/proc", b"proc", NOSUID_NODEV, None)  # shows its own processes alone
    every = (MOUNT_SETATTR, AT_FDCWD, b"/", AT_RECURSIVE, attributes, len(attributes))
    if libc.syscall(*every):
        raise OSError(ctypes.get_errno(), "the files cannot be made read-only")
    if libc.mount(b"tmpfs", home.encode(), b"tmpfs", NOSUID_NODEV, b"size=64m,mode=777"):
        raise OSError(ctypes.get_errno(), "there is no folder in memory")
    os.chdir(home)


def drop_rights(libc, nobody):
    """No rights of root, and no program that is started can have them again."""
    for capability in range(64):
        libc.prctl(CAPBSET_DROP, capability, 0, 0, 0)
    if nobody:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    none = struct.pack("<6I", 0, 0, 0, 0, 0, 0)
    libc.capset(struct.pack("<Ii", CAPABILITY_VERSION, 0), none)
    libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)


def ends_with_its_parent():
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGKILL, 0, 0, 0)


# Numbers of Linux.
MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, RDONLY_NOSUID, NOSUID_NODEV = 442, -100, 0x8000, 3, 6
PRIVATE, PDEATHSIG, CAPBSET_DROP, NO_NEW_PRIVS = 1 << 18 | 1 << 14, 1, 24, 38
CAPABILITY_VERSION, NEW_USER = 0x20080522, 0x10000000
NAMESPACES = (
    0x20000 | 0x4000000 | 0x8000000 | 0x20000000 | 0x40000000
)  # files, names, ipc, pid, net


def start_shell():
    """IPython, with nothing that is written down, drawn or printed."""
    import IPython.display
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    shell = InteractiveShell.instance(config=config)
    shell.showtraceback = shell.showsyntaxerror = lambda *_, **__: None
    shell.display_formatter.active_types = ["text/plain"]
    shell.displayhook.write_format_data = lambda *_, **__: None
    IPython.display.display = lambda *_, **__: None
    return shell
