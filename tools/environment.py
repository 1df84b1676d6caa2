"""Makes an environment: a virtual one with what requirements.lock pins, and nnlib from this folder.

    python3 -m tools.environment [--this-python] [FOLDER]          (default: .venv)

A stamp in the folder records what was installed, and where. It is written last, so that an
interrupted installation is resumed, and while it matches there is nothing to do. An environment
holds paths: one that was moved or copied with the course is made anew. With --this-python one that
another Python has made is, too.
Needs nothing but the standard library.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit(
        "The course needs Python 3.11 or newer, and %s is %d.%d.\n"
        "Name a newer one:  make PYTHON=python3.12 lab" % ((sys.executable,) + sys.version_info[:2])
    )

ROOT = Path(__file__).resolve().parent.parent
NO_PIP = f"""This Python cannot make a virtual environment: its module ensurepip is missing.
On Debian and Ubuntu:  sudo apt install python3-venv
Or name another one:   make PYTHON=python3.{sys.version_info.minor} lab
({sys.executable})"""


NO_WAY = f"""The course makes its environment in its own folder, {ROOT}:
it needs the right to write there, and 1.5 GB on that disk."""

# UTF-8 whatever the locale, for a path with letters outside ASCII; a user's settings of pip that
# would put packages elsewhere do not count here.
SETTINGS = {
    "PYTHONUTF8": "1",
    "PIP_USER": "0",
    "PIP_TARGET": "",
    "PIP_PREFIX": "",
    "PYTHONPATH": "",
}


def python_in(folder):
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted():
    """What a finished environment's stamp says: this Python, these pins, in this place."""
    pins = (ROOT / "requirements.lock").read_bytes()
    return f"{sys.version.split()[0]} {hashlib.sha256(pins).hexdigest()} {ROOT}\n"


def make(folder, this_python=True):
    """Make or complete the environment in `folder` with the Python that runs this."""
    stamp, want = folder / "installed", wanted().split(" ", 2)
    have = read(stamp)
    if have[1:] == want[1:] and python_in(folder).exists():
        if have[0] == want[0] or not this_python:
            return
    moved = len(have) == 3 and have[2] != want[2]
    if moved:
        print(f"This folder was {have[2].strip()} when {folder.name} was made in it.")
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        sys.exit(NO_PIP)
    stamp.unlink(missing_ok=True)
    print(f"Making {folder.name} with Python {sys.version.split()[0]}: a minute or two, once.")
    clear = moved or not usable(folder)
    venv.create(folder, with_pip=True, clear=clear, symlinks=os.name != "nt")
    pip = [python_in(folder), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    pip += ["--require-hashes", "--requirement", ROOT / "requirements.lock"]
    if subprocess.run(pip, env=os.environ | SETTINGS).returncode:
        sys.exit("The installation stopped at the error above. Run the same command again.")
    link(folder)
    stamp.write_text(wanted(), encoding="utf-8")


def link(folder):
    """Install nnlib from this folder as pip's editable install does, but by a relative path.

    pip writes the whole path, which a Python of a plain locale (LC_ALL=C) cannot read where it has
    letters outside ASCII.
    """
    version = "python%d.%d" % sys.version_info[:2]
    packages = folder / ("Lib" if os.name == "nt" else f"lib/{version}") / "site-packages"
    import tomllib  # late: an older Python is told so above

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = f"nnlib-{project['version']}.dist-info"
    files = {
        "nnlib.pth": os.path.relpath(ROOT, packages) + "\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: nnlib\nVersion: {project['version']}\n",
        f"{info}/INSTALLER": "tools.environment\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    (packages / info).mkdir(exist_ok=True)
    for name, text in files.items():
        (packages / name).write_text(text, encoding="utf-8")


def read(stamp):
    """A stamp's three words: the Python, the pins, the place; fewer where there is none."""
    try:
        return stamp.read_text(encoding="utf-8").split(" ", 2)
    except (OSError, ValueError):
        return []


def usable(folder):
    """True when an environment stands there that belongs to this very Python."""
    if not python_in(folder).exists():
        return False
    ask = [python_in(folder), "-c", "import sys; print(sys.version.split()[0])"]
    answer = subprocess.run(ask, capture_output=True, text=True)
    return answer.stdout.strip() == sys.version.split()[0]


def main(*arguments):
    folder = ROOT / next((each for each in arguments if not each.startswith("--")), ".venv")
    try:
        make(folder, "--this-python" in arguments)
    except OSError as problem:
        sys.exit(f"{problem}\n{NO_WAY}")


if __name__ == "__main__":
    main(*sys.argv[1:])
