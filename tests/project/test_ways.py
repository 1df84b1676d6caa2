"""The README's ways to the course, each tried as it stands there (minutes; the workflow does it).

Each in a fresh copy, as a user without rights where this one has them, with a home folder that
nobody may write to (but for uv, which keeps its cache there), and without a network once it is
installed. A way's lines are read from the README: its first lines install, the last but one opens
JupyterLab, the last one tests.
"""

import ctypes
import encodings.idna  # noqa: F401  while the library of Python can still be read
import json
import multiprocessing
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tools import ROOT

pytestmark = [
    pytest.mark.ways,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="made for Linux"),
]
NOBODY = 65534
NEW_NETWORK = 0x40000000  # CLONE_NEWNET of unshare(2)
A_FEW_TESTS = "tests/test_functional.py notebooks/00_start_here.ipynb"


def ways():
    start = (ROOT / "README.md").read_text(encoding="utf-8").split("## Start")[1].split("\n## ")[0]
    blocks = [block.split("\n") for block in re.findall(r"```\n(.*?)\n```", start, re.DOTALL)]
    lab, test, windows, uv, own = blocks
    assert [lab, test] == [["make lab"], ["make test"]]
    return {"make": [*lab, *test], "windows": windows, "uv": uv, "own environment": own}


WAYS = ways()


@pytest.mark.parametrize("way", WAYS)
def test_a_way_of_the_readme_opens_the_course_and_tests_it(way):
    *install, lab, test = WAYS[way]
    python = next(filter(None, map(usable, pythons())), None)
    somebody_else = os.geteuid() == 0 and python is not None
    python = python or sys._base_executable
    # Not pytest's own folder, which no other user may enter.
    with tempfile.TemporaryDirectory() as there:
        there = Path(there)
        there.chmod(0o755)
        course, home, tools = there / "course", there / "home", there / "tools"
        copy_to(course)
        home.mkdir(mode=0o755 if way == "uv" else 0o555)  # uv itself keeps a cache there
        for line in (f"-m venv {tools}", f"-m venv {there / 'own'}"):
            subprocess.run([python, *line.split()], check=True)
        environment = settings(way, home, there, python)
        if way == "uv":
            subprocess.run(
                [tools / "bin/python", "-m", "pip", "install", "--quiet", "uv"], check=True
            )
        if somebody_else:
            subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", there], check=True)
        say = {"cwd": course, "env": environment, "somebody_else": somebody_else}
        for line in (*install, with_arguments(lab, "--version")):
            done = apart(shell, line=here(line, python), **say)
            assert done.returncode == 0, f"{line}\n{done.stdout}"
        apart(opens, line=here(lab, python), **say, network=False)
        done = apart(
            shell, line=here(with_arguments(test, A_FEW_TESTS), python), **say, network=False
        )
        assert done.returncode == 0, done.stdout
        assert re.search(r"\d+ passed", done.stdout)
        if way != "uv" and (somebody_else or os.geteuid()):
            assert not list(home.iterdir())


def pythons():
    return [sys._base_executable, *(f"{folder}/python3" for folder in os.get_exec_path())]


def usable(python):
    """The Python's path, where a user without rights can make an environment with it."""
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    ask = "import sys, ensurepip; assert sys.version_info >= (3, 11); print(sys.executable)"
    try:
        answer = subprocess.run(
            [python, "-c", ask], capture_output=True, text=True, cwd="/", **user
        )
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def copy_to(course):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (course / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, course / name)
    subprocess.run(["git", "init", "--quiet"], cwd=course, check=True)


def settings(way, home, there, python):
    """The variables of somebody who has just logged in, and what this machine says of packages."""
    kept = ("LANG", "LC_ALL", "TMPDIR")
    result = {
        name: value
        for name, value in os.environ.items()
        if name in kept or name.startswith(("PIP_", "UV_"))
    }
    folders = {"own environment": [there / "own/bin"], "uv": [there / "tools/bin"]}.get(way, [])
    path = [*map(str, folders), str(Path(python).parent), "/usr/local/bin", "/usr/bin", "/bin"]
    result["UV_SYSTEM_CERTS"] = "1"  # where a proxy signs what comes in, uv knows of it by this
    return result | {"HOME": str(home), "PATH": os.pathsep.join(path)}


def here(line, python):
    """A line of the README as this system says it."""
    line = re.sub(r"^py ", f"{python} ", line).replace(r".venv\Scripts\python", ".venv/bin/python")
    return line.replace("make ", f"make PYTHON={python} ", 1) if line.startswith("make ") else line


def with_arguments(line, arguments):
    return f'{line} ARGS="{arguments}"' if line.startswith("make ") else f"{line} {arguments}"


def apart(what, network=True, **arguments):
    """Call `what` in a process of its own: there it may give up its rights and its network."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(without, (what, network), arguments)


def without(what, network, somebody_else, **arguments):
    if not network:
        cut_off()
    if somebody_else:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    return what(**arguments)


def cut_off():
    """Leave the network but for the machine itself, where the kernel lets us."""
    import fcntl  # which Windows does not have

    if ctypes.CDLL(None, use_errno=True).unshare(NEW_NETWORK):
        print("The network stays: no right to leave it.", file=sys.stderr)
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        up = struct.pack("16sh", b"lo", 1)  # SIOCSIFFLAGS, IFF_UP
        fcntl.ioctl(any_socket, 0x8914, up)


def shell(line, cwd, env):
    run = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.run(line, shell=True, cwd=cwd, env=env, stdin=subprocess.DEVNULL, **run)


def opens(line, cwd, env):
    """Open JupyterLab as the line does, and ask it for the learner's first notebook."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = f"--no-browser --port={port} --ServerApp.port_retries=0 --IdentityProvider.token=me"
    with tempfile.TemporaryFile() as log:
        lab = subprocess.Popen(
            with_arguments(line, options),
            shell=True,
            **{"cwd": cwd, "env": env, "stdout": log, "stderr": log, "start_new_session": True},
        )
        try:
            address = f"http://127.0.0.1:{port}/%s?token=me"
            page = wait_for(address % "lab/tree/my_course/00_start_here.ipynb", lab, log)
            assert b"jupyter-config-data" in page
            news = "lab/api/settings/@jupyterlab/apputils-extension:notification"
            asked = json.loads(wait_for(address % news, lab, log))["schema"]["properties"]
            assert asked["fetchNews"]["default"] == "false", "the course greets a learner, not news"
            notebook = wait_for(address % "api/contents/my_course/00_start_here.ipynb", lab, log)
            assert b'"type": "notebook"' in notebook
        finally:
            os.killpg(lab.pid, signal.SIGTERM)
            lab.wait(60)


def wait_for(address, lab, log, seconds=300):
    end = time.monotonic() + seconds
    while time.monotonic() < end and lab.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return answer.read()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    log.seek(0)
    raise AssertionError(f"JupyterLab does not answer:\n{log.read().decode(errors='replace')}")
