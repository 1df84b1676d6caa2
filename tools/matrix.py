"""Do the numbers hold elsewhere? (`make matrix`; it takes minutes.)

    python -m tools.matrix [WORD]       only the rows whose name contains WORD

Validates all notebooks strictly with one and two BLAS threads, with other BLAS kernels, without
AVX2, with every package at the oldest version that pyproject.toml allows, and on each Python from
3.11 to 3.14 that is found here; then runs their variants (see tools/variants.py). Each circumstance
is asked whether it is really in force. What this machine does not have is named at the end.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import ROOT, SETTINGS, alone, variants
from tools.environment import python_in
from tools.notebooks import all_notebooks, missing, read

BUILD = ROOT / "build"

# What a process is really running on.
PROBE = """
import json, sys
from importlib.metadata import version
import numpy
from threadpoolctl import threadpool_info
blas = [p for p in threadpool_info() if p["user_api"] == "blas"]
simd = numpy.show_config(mode="dicts").get("SIMD Extensions", {})
print(json.dumps({
    "python": sys.version.split()[0], "numpy": numpy.__version__,
    "versions": {name: version(name) for name in NAMES},
    "threads": sorted({p["num_threads"] for p in blas}),
    "kernels": sorted({p["architecture"] for p in blas if p["internal_api"] == "openblas"}),
    "simd": simd.get("found", []) + simd.get("baseline", []),
}))
"""


class NotHere(Exception):
    """This machine cannot provide the configuration; the message says why."""


def probe(python, environment):
    code = f"NAMES = {list(floors())}\n{PROBE}"
    answer = subprocess.run([python, "-c", code], env=environment, capture_output=True, text=True)
    if answer.returncode:
        raise RuntimeError(answer.stderr.strip().splitlines()[-1])
    return json.loads(answer.stdout)


def strict(python=sys.executable, in_force=lambda seen: True, **variables):
    """Validate all notebooks with nbval under these environment variables; returns a line."""
    environment = {**os.environ, **SETTINGS, **variables}
    if str(python) != sys.executable:  # it has the pinned packages, and no optional ones
        environment.pop("NNLIB_REQUIRE", None)
    seen = probe(python, environment)
    if not in_force(seen):
        raise RuntimeError(f"the setting is not in force: {seen}")
    command = [python, "-m", "pytest", "--nbval", "-q", "-rs", "-p", "no:cacheprovider"]
    command.append("notebooks")
    run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    lines = run.stdout.strip().splitlines() or [run.stderr.strip()]
    if run.returncode:
        raise RuntimeError("\n".join(lines[-60:]))
    kernels = "/".join(seen["kernels"])
    absent = sorted(set(re.findall(r"(\d\d)_\w+\.ipynb needs ([\w, ]+), which", run.stdout)))
    skipped = "".join(f"; {number} skipped for want of {name}" for number, name in absent)
    outcome = f"{lines[-1].strip('= ')}{skipped}"
    return f"{outcome}; Python {seen['python']}, NumPy {seen['numpy']}, {kernels}"


def threads(number):
    return lambda: strict(
        OPENBLAS_NUM_THREADS=str(number), in_force=lambda seen: seen["threads"] == [number]
    )


def kernel(name, *aliases):
    def run():
        on_intel_or_amd_with_openblas()
        return strict(
            OPENBLAS_CORETYPE=name,
            in_force=lambda seen: (
                len(seen["kernels"]) == 1 and seen["kernels"][0] in (name, *aliases)
            ),
        )

    return run


def without_avx2():
    here = on_intel_or_amd_with_openblas()
    if "X86_V3" not in here["simd"]:
        raise NotHere("this processor, or this NumPy, knows no feature X86_V3")
    return strict(
        NPY_DISABLE_CPU_FEATURES="X86_V3", in_force=lambda seen: "X86_V3" not in seen["simd"]
    )


def on_intel_or_amd_with_openblas():
    here = probe(sys.executable, {**os.environ, **SETTINGS})
    if platform.machine().lower() not in ("x86_64", "amd64") or not here["kernels"]:
        raise NotHere(f"{platform.machine()}, BLAS {', '.join(here['kernels']) or 'no OpenBLAS'}")
    return here


def pythons():
    """Every Python from 3.11 on that answers, one of each minor version: {(3, 12): path}."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    places = [Path(folder) / f"python3.{minor}" for folder in folders for minor in range(11, 30)]
    places += sorted(Path.home().glob(".pyenv/versions/*/bin/python3"))
    places += sorted(Path.home().glob(".local/share/uv/python/*/bin/python3"))
    found = {sys.version_info[:2]: Path(sys.executable)}
    for place in places:
        if place.exists():
            # A pyenv shim stands in PATH for versions that are switched off: ask each.
            ask = [place, "-c", "import sys, ensurepip; print(*sys.version_info[:2])"]
            answer = subprocess.run(ask, capture_output=True, text=True)
            if not answer.returncode:
                version = tuple(map(int, answer.stdout.split()))
                if version >= (3, 11):
                    found.setdefault(version, place)
    return found


def python_of(version):
    """A Python of this version with the pinned packages, in build/ unless it is the one running."""
    if version == sys.version_info[:2]:
        return sys.executable
    folder = BUILD / f"python{version[0]}.{version[1]}"
    command = [pythons()[version], "-m", "tools.environment", folder]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(run.stdout + run.stderr)
    return str(python_in(folder))


def floors():
    """The oldest versions that pyproject.toml allows of what notebooks import: {name: "2.0.*"}."""
    pairs = [requirement.split(">=") for requirement in alone.project()["dependencies"]]
    return {name: f"{least}.*" for name, least in pairs if name != "jupyterlab"}


def oldest():
    """The oldest Python found, with every package at its floor, laid before the pinned ones."""
    version = min(pythons())
    python = python_of(version)
    wanted = floors()
    digest = hashlib.sha256(json.dumps(wanted).encode()).hexdigest()[:8]
    folder = BUILD / f"floors-{digest}-python{version[0]}.{version[1]}"
    if not folder.exists():
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:"]
        packages = [f"{name}=={least}" for name, least in wanted.items()]
        run = subprocess.run([*pip, "--target", part, *packages], capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(f"the floors cannot be installed: {run.stderr.strip()[-300:]}")
        part.rename(folder)

    def in_force(seen):
        return all(seen["versions"][n].startswith(v.rstrip("*")) for n, v in wanted.items())

    return strict(python, PYTHONPATH=str(folder), in_force=in_force)


def python(minor):
    """The pinned packages on another Python."""

    def run():
        version = 3, minor
        if version not in pythons():
            raise NotHere(f"no Python 3.{minor} was found")
        return strict(
            python_of(version), in_force=lambda seen: seen["python"].startswith(f"3.{minor}.")
        )

    return run


def variant(run):
    def all_of_them():
        absent = [path for path in all_notebooks() if missing(read(path))]
        here = [path for path in all_notebooks() if path not in absent]
        faults = [f"{path.name}: {fault}" for path in here for fault in run(read(path))]
        if faults:
            raise RuntimeError("\n".join(faults))
        skipped = "".join(
            f"; {path.name[:2]} skipped for want of {', '.join(missing(read(path)))}"
            for path in absent
        )
        return f"{len(here)} notebooks print what is committed{skipped}"

    return all_of_them


ROWS = {
    "every package at its floor": oldest,
    **{f"Python 3.{minor}": python(minor) for minor in (11, 12, 13, 14)},
    "one BLAS thread": threads(1),
    "two BLAS threads": threads(2),
    "BLAS kernel Haswell": kernel("Haswell"),
    "BLAS kernel Prescott": kernel("Prescott", "Katmai"),  # OpenBLAS names this one kernel so, too
    "BLAS kernel Sandybridge": kernel("Sandybridge"),
    "NumPy without AVX2": without_avx2,
    **{f"variant {run.__name__}": variant(run) for run in variants.VARIANTS},
}


def row(name):
    start = time.perf_counter()
    try:
        outcome, line = "passed", ROWS[name]()
    except NotHere as reason:
        outcome, line = "skipped", f"not available here: {reason}"
    except Exception as error:
        outcome, line = "FAILED", f"{error}"
    line = re.sub(r" in [\d.]+s.*?;", ";", line)
    print(f"{outcome:8} {name:24} {time.perf_counter() - start:4.0f} s  {line}", flush=True)
    return outcome


def main(word=""):
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(row, [name for name in ROWS if word in name]))
    passed, failed, skipped = (outcomes.count(o) for o in ("passed", "FAILED", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return bool(failed or not passed)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
