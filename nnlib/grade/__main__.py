"""Grades a folder of handed-in notebooks.

    python -m nnlib.grade FOLDER [--course NOTEBOOKS] [--to FOLDER]

FOLDER holds NAME/03_softmax_and_cross_entropy.ipynb or NAME_03_softmax_and_cross_entropy.ipynb, as
many as you like; which notebook of the course a file is, its cells say, whatever it is called.
Writes marks.csv, a row for each student and a column for each exercise, and marks.html, the same to
look at, with the class's most frequent mistakes.

Each notebook runs in a process of its own, with limits of time and memory; the checks run
outside of it, on what comes back. Needs Linux or macOS.
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from .. import files
from . import course, table
from .marks import grade
from .sandbox import LIBRARY, fence


def main(arguments=None):
    options = asked(arguments)
    books = course.read(options.course)
    if not books:
        return f"{options.course} holds no notebooks of the course. Name their folder: --course"
    if not options.folder.is_dir():
        return f"{options.folder} is no folder"
    handed = course.handed_in(options.folder, books)
    if not handed:
        return f"{options.folder} holds no notebook"
    marks, problems, says = graded(handed, options)
    options.to.mkdir(parents=True, exist_ok=True)
    page = table.as_page(marks, says, problems)
    for name, words in ("marks.csv", table.as_csv(marks)), ("marks.html", page):
        files.write_text(options.to / name, words)
        print(options.to / name)
    return 0


def asked(arguments):
    about = __doc__.partition("\n\n")
    read = argparse.ArgumentParser(
        prog="python -m nnlib.grade", description=about[0], epilog=about[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    notebooks = LIBRARY.parent / "notebooks"
    read.add_argument("folder", type=Path, help="what was handed in")
    read.add_argument("--course", type=Path, default=notebooks, help="the course's own notebooks")
    read.add_argument("--to", type=Path, default=Path(), help="where the marks are written")
    read.add_argument("--everything", action="store_true", help="run cells that no answer needs")
    read.add_argument("--seconds", type=int, default=300, help="for each notebook (300)")
    read.add_argument("--cell-seconds", type=int, default=60, help="for each cell (60)")
    read.add_argument("--memory", type=float, default=4.0, help="GB for each notebook (4)")
    read.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    return read.parse_args(arguments)


def graded(handed, options):
    """All marks, what could not be graded, and how the notebooks were fenced in."""
    marks, problems = [], []
    with fence(int(options.memory * 2**30), options.seconds, options.cell_seconds) as place:
        print(place.says, file=sys.stderr)
        context = get_context("spawn")
        with ProcessPoolExecutor(options.processes, mp_context=context) as pool:
            jobs = {pool.submit(grade, h, place, options.everything): h for h in handed}
            for number, job in enumerate(as_completed(jobs), 1):
                each = jobs[job]
                file = each.path.relative_to(options.folder)
                print(f"{number} of {len(jobs)}: {file}", file=sys.stderr, flush=True)
                if each.problem:
                    problems.append(f"{file}: {each.problem}")
                marks += job.result()
        return marks, sorted(problems), place.says


if __name__ == "__main__":
    sys.exit(main())
