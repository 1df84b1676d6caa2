"""The editions, all made from notebooks/ by the tags of its cells; none is kept by hand.

    python -m tools.editions lab        the learner's copy, my_course/, opened in JupyterLab
    python -m tools.editions copy       only the copy
    python -m tools.editions with ...   a command (Binder's), with the settings of `make lab`
    python -m tools.editions student    dist/course-student.zip: without solutions, to hand out;
                                        the exercises' right lines stand in no file that can be read
    python -m tools.editions teacher    dist/course-teacher.zip: solutions, notes and outputs

The learner's copy is made once and never overwritten: it holds the learner's work. A notebook that
is new in the course is added; one that has changed since it was copied is laid beside the learner's
as NAME.new.ipynb, and so is a fresh one beside a copy that is no notebook any more. A notebook that
the learner has deleted comes back fresh.
"""

import copy
import hashlib
import json
import os
import subprocess
import sys
import zipfile

import nbformat

from nnlib import files
from nnlib.checks import catalogue
from tools import ROOT, apply_settings
from tools.notebooks import all_notebooks, cleared, read, tags, without

MINE = ROOT / "my_course"
RECORD = ".copied_from.json"  # notebook → the hash of what was laid into the learner's folder last
ZIPPED = [
    *(f"nnlib/**/*.{kind}" for kind in ("py", "mplstyle", "toml", "js", "css")),
    *("figures/*.png", "figures/*.json", "figures/*.npz", "pyproject.toml", "requirements.txt"),
]
README = """# A neural network from scratch in NumPy: the {edition} edition

With Python 3.11 or newer, in this folder:

    python -m pip install -r requirements.txt
    jupyter lab notebooks

Begin with the notebook whose name starts with {first}.
"""


def learner(notebook):
    """Outputs cleared, so that a prediction is a prediction; solutions stay, collapsed."""
    return cleared(without(notebook, "teacher"))


def student(notebook):
    return cleared(without(notebook, "teacher", "solution"))


def teacher(notebook):
    """Everything, with the notes shown."""
    result = copy.deepcopy(notebook)
    for cell in result.cells:
        if "teacher" in tags(cell):
            cell.metadata.pop("jupyter", None)
    return result


def lay_out(folder=MINE, paths=None):
    """Bring the learner's folder up to date, touching no file in it; returns lines to show."""
    folder.mkdir(exist_ok=True)
    record = folder / RECORD
    copied = recorded(record)
    lines = []
    for path in all_notebooks() if paths is None else paths:
        text = nbformat.writes(learner(read(path))) + "\n"
        digest = hashlib.sha256(text.encode()).hexdigest()
        mine = folder / path.name
        if not mine.exists():
            files.write_text(mine, text)
        elif copied.get(path.name, digest) != digest:
            fresh = offered(mine, text).name
            lines.append(f"{path.name} has changed in the course: yours is kept, see {fresh}")
        elif not is_notebook(mine):
            fresh = offered(mine, text).name
            lines.append(f"{path.name} is damaged and cannot be opened: a fresh one is {fresh}")
        copied[path.name] = digest
    files.write_text(record, json.dumps(copied, indent=1, sort_keys=True) + "\n")
    return lines


def recorded(record):
    """What was laid out last; nothing, where that is not known or cannot be read."""
    try:
        copied = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return copied if isinstance(copied, dict) else {}


def is_notebook(path):
    try:
        nbformat.read(path, as_version=4)
    except Exception:  # whatever half a file makes of itself
        return False
    return True


def offered(mine, text):
    """The text in a file beside the learner's: in the one that has it already, or in a new one."""
    for there in sorted(mine.parent.glob(f"{mine.stem}.new*.ipynb")):
        if there.read_bytes() == text.encode("utf-8"):
            return there
    new = free_name(mine)
    files.write_text(new, text)
    return new


def free_name(path):
    """NAME.new.ipynb, or NAME.new2.ipynb, and so on: the first that no file has."""
    number = 1
    while (new := path.with_suffix(f".new{number if number > 1 else ''}.ipynb")).exists():
        number += 1
    return new


def greet():
    """JupyterLab's settings, as defaults: what greets a learner is the course, not news."""
    apply_settings()
    paths = [str(ROOT / "tools" / "jupyter"), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))


def open_lab(arguments):
    greet()
    print("\n".join([*lay_out(), f"Your own copy of the course is in {MINE.name}/."]))
    first = min(MINE.glob("00_*.ipynb"), default=MINE).relative_to(ROOT).as_posix()
    command = [
        *(sys.executable, "-m", "jupyterlab", "--log-level=WARN"),
        f"--ServerApp.root_dir={ROOT}",
        f"--LabApp.default_url=/lab/tree/{first}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        command.append("--no-browser")
    server = subprocess.Popen([*command, *arguments], cwd=ROOT)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:
            continue  # JupyterLab has had it, too, and asks whether to stop


def pack(edition, folder=None, paths=None):
    """Zip an edition with all that it takes to run it; returns the file's path."""
    make = {"student": student, "teacher": teacher}[edition]
    folder = folder or ROOT / "dist"
    folder.mkdir(parents=True, exist_ok=True)
    paths = all_notebooks() if paths is None else paths
    contents = {f"notebooks/{path.name}": nbformat.writes(make(read(path))) for path in paths}
    contents["README.md"] = README.format(edition=edition, first=paths[0].name[:2])
    patterns = ZIPPED + (["notebooks/TEACHING.md"] if edition == "teacher" else []) + ["LICENSE*"]
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern)}):
        contents[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    if edition == "student":
        contents = sealed(contents)
    target = folder / f"course-{edition}.zip"
    with files.whole(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(contents.items()):
            # A fixed date: the same course makes the same file.
            archive.writestr(zipfile.ZipInfo(f"course-{edition}/{name}"), content, 8)
    return target


def sealed(contents):
    """The same files; those of the exercises, in which the right lines stand, as one that is not
    read by opening it."""
    folder = catalogue.FOLDER.relative_to(ROOT).as_posix()
    rest = {name: data for name, data in contents.items() if not name.startswith(f"{folder}/")}
    return rest | {f"{folder}/{catalogue.SEALED}": catalogue.sealed(catalogue.texts())}


def main(command="lab", *arguments):
    if command == "lab":
        return open_lab(arguments)
    if command == "copy":
        print("\n".join([*lay_out(), f"Your own copy of the course is in {MINE.name}/."]))
        return 0
    if command == "with" and arguments:
        greet()
        os.execvp(arguments[0], arguments)
    if command in ("student", "teacher"):
        print(pack(command).relative_to(ROOT))
        return 0
    return __doc__


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except OSError as problem:
        sys.exit(
            f"{problem}\nThe course needs a folder that it may write to, with room on its disk."
        )
