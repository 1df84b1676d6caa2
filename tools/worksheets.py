"""Printable worksheets of the pass of notebook 01, one for each student (`make worksheets`).

    python -m tools.worksheets [COUNT] [a4|letter]        (default: 30 a4)

Writes dist/worksheets.pdf, a page with its own numbers for each student, and
dist/worksheet-answers.pdf with the same pages filled in.
"""

import sys

import matplotlib
from tqdm import tqdm

from nnlib import plots
from nnlib.lessons.pencil import Worksheet
from tools import ROOT


def write(count, folder, paper="a4"):
    """Both files, for the seeds 1 to count; returns their paths."""
    matplotlib.use("pdf")
    import matplotlib.pyplot as plt
    from matplotlib.backends.backend_pdf import PdfPages

    folder.mkdir(exist_ok=True)
    sheets = [Worksheet(seed) for seed in range(1, count + 1)]
    paths = folder / "worksheets.pdf", folder / "worksheet-answers.pdf"
    with tqdm(total=2 * count, unit="page") as bar, plots.style():
        for path, answers in zip(paths, (False, True), strict=True):
            with PdfPages(path, metadata={"CreationDate": None}) as pages:
                for sheet in sheets:
                    fig = sheet.draw(answers, paper)
                    pages.savefig(fig)
                    plt.close(fig)
                    bar.update()
    return paths


def main(count="30", paper="a4"):
    if not count.isdigit() or int(count) < 1:
        sys.exit(f"worksheets expected a number of students, got {count!r}")
    try:
        paths = write(int(count), ROOT / "dist", paper.lower())
    except ValueError as error:
        sys.exit(str(error))
    for path in paths:
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main(*sys.argv[1:3])
