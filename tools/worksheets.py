"""Printable worksheets of the pass of notebook 01, one for each student (`make worksheets`).

    python -m tools.worksheets [COUNT]        (default: 30)

Writes dist/worksheets.pdf, a page with its own numbers for each student, and
dist/worksheet-answers.pdf with the same pages filled in.
"""

import sys

import matplotlib

from nnlib import plots
from nnlib.lessons.pencil import Worksheet
from tools import ROOT


def write(count, folder):
    """Both files, for the seeds 1 to count; returns their paths."""
    matplotlib.use("pdf")
    import matplotlib.pyplot as plt
    from matplotlib.backends.backend_pdf import PdfPages

    folder.mkdir(exist_ok=True)
    paths = folder / "worksheets.pdf", folder / "worksheet-answers.pdf"
    for path, answers in zip(paths, (False, True), strict=True):
        with PdfPages(path, metadata={"CreationDate": None}) as pages, plots.style():
            for seed in range(1, count + 1):
                fig = Worksheet(seed).draw(answers)
                pages.savefig(fig)
                plt.close(fig)
    return paths


if __name__ == "__main__":
    for path in write(int(sys.argv[1]) if len(sys.argv) > 1 else 30, ROOT / "dist"):
        print(path.relative_to(ROOT))
