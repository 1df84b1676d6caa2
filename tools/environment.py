"""Makes an environment: a virtual one with what requirements.lock pins, and nnlib from this folder.

    python3 -m tools.environment [FOLDER]          (default: .venv)

A stamp in the folder records what was installed. It is written last, so that an interrupted
installation is resumed, and while it matches there is nothing to do.
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


def python_in(folder):
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted():
    """What a finished environment's stamp says: this Python, these pins, in this place."""
    pins = (ROOT / "requirements.lock").read_bytes()
    return f"{sys.version.split()[0]} {hashlib.sha256(pins).hexdigest()} {ROOT}\n"


def make(folder):
    """Make or complete the environment in `folder` with the Python that runs this."""
    stamp = folder / "installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted():
        stamp.touch()
        return
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        sys.exit(NO_PIP)
    stamp.unlink(missing_ok=True)
    print(f"Making {folder.name} with Python {sys.version.split()[0]}: a minute or two, once.")
    venv.create(folder, with_pip=True, clear=not usable(folder), symlinks=os.name != "nt")
    pip = [python_in(folder), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    for arguments in (
        ["--require-hashes", "--requirement", ROOT / "requirements.lock"],
        ["--no-deps", "--no-build-isolation", "--editable", ROOT],
    ):
        if subprocess.run([*pip, *arguments]).returncode:
            sys.exit("The installation stopped at the error above. Run the same command again.")
    stamp.write_text(wanted(), encoding="utf-8")


def usable(folder):
    """True when an environment stands there that belongs to this very Python."""
    if not python_in(folder).exists():
        return False
    ask = [python_in(folder), "-c", "import sys; print(sys.version.split()[0])"]
    answer = subprocess.run(ask, capture_output=True, text=True)
    return answer.stdout.strip() == sys.version.split()[0]


if __name__ == "__main__":
    make(ROOT / (sys.argv[1] if len(sys.argv) > 1 else ".venv"))
