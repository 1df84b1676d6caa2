"""Runs notebooks from a fresh kernel and keeps their outputs (`make notebooks`).

    python -m tools.notebooks [NOTEBOOK ...]       (default: all in notebooks/)

What changes from run to run without meaning anything (times, random ids of widgets) is left out, so
that git shows a difference only when an output moved.
"""

import asyncio
import copy
import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from nnlib import files
from nnlib.lessons import optional
from tools import ROOT, apply_settings

FOLDER = ROOT / "notebooks"
TIMEOUT = 60  # seconds a cell may take, here as under nbval
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
# Of a cell's metadata; the rest belongs to one run or one editor.
KEPT = ("tags", "jupyter", "alt", "measured_of", "comparison")
WIDGET = "application/vnd.jupyter.widget-view+json"


class NotebookFailed(Exception):
    """A cell raised an error or took too long; the message says which cell and what."""


def all_notebooks():
    return sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)


def tags(cell):
    return set(cell.metadata.get("tags", []))


def missing(notebook):
    """What cells ask for (`# needs torch`, `# needs mnist`) and is not here."""
    asked = {optional.needs(cell.source) for cell in notebook.cells if cell.cell_type == "code"}
    return sorted(name for name in asked - {None} if not optional.is_here(name))


def without(notebook, *unwanted):
    """A copy of the notebook without the cells that carry one of these tags."""
    result = copy.deepcopy(notebook)
    result.cells = [cell for cell in result.cells if not tags(cell) & set(unwanted)]
    return result


def cleared(notebook):
    """A copy of the notebook as before its first run."""
    result = copy.deepcopy(notebook)
    for cell in result.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return result


def execute(notebook, folder=FOLDER, allow_errors=False):
    """A copy of the notebook, run from its first cell to its last in a kernel of its own."""
    apply_settings()
    result = cleared(notebook)
    client = NotebookClient(
        result,
        timeout=TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        coalesce_streams=True,
        allow_errors=allow_errors,
        shutdown_kernel="immediate",
        extra_arguments=["--log-level=ERROR"],  # a warning about encryption is no help here
    )
    try:
        asyncio.run(client.async_execute())  # client.execute() leaves an event loop open
    except CellExecutionError as error:
        raise NotebookFailed(f"{where(result)}: {error.ename}: {error.evalue}") from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise NotebookFailed(f"{where(result)}: {str(error).splitlines()[0]}") from None
    return result


def where(notebook):
    """The cell at which a run stopped: the last one that has been given a number."""
    run = [c for c in notebook.cells if c.cell_type == "code" and c.execution_count]
    return f"cell '{run[-1].id}' (In [{run[-1].execution_count}])" if run else "at the start"


def normalised(notebook):
    """A copy of the notebook without anything that belongs to one run only."""
    result = copy.deepcopy(notebook)
    result.metadata = nbformat.from_dict(METADATA)
    result.nbformat, result.nbformat_minor = 4, 5
    for cell in result.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in KEPT})
        for output in cell.get("outputs", []):
            if WIDGET in output.get("data", {}):
                output.data[WIDGET]["model_id"] = cell.id
    return result


def with_measured(notebook, before):
    """The notebook with the pictures of before in cells tagged `measured`.

    Such a picture shows times, which differ from run to run. It stays as long as the code down to
    this cell, of which it keeps a short hash, and all else that the cell shows stay the same.
    """
    old = {cell.id: cell for cell in before.cells}
    above = hashlib.sha256()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            above.update(cell.source.encode())
        if "measured" in tags(cell):
            code = above.hexdigest()[:12]
            then = old.get(cell.id)
            if then and then.metadata.get("measured_of") == code and _told(then) == _told(cell):
                cell.outputs = copy.deepcopy(then.outputs)
            cell.metadata["measured_of"] = code
    return notebook


def _told(cell):
    """What a cell shows, pictures left out."""
    return [
        (output.get("text"), {k: v for k, v in output.get("data", {}).items() if "image" not in k})
        for output in cell.outputs
    ]


def write(notebook, path):
    """Write the notebook, unless the file says the same already; returns whether it was written."""
    text = nbformat.writes(notebook) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    files.write_text(path, text)
    return True


def refresh(path):
    """Run one notebook in place; returns a line about it, and whether it ran to its end."""
    try:
        before = read(path)
        if missing(before):  # what its cells show stays as it is committed
            return f"not run    {path.name}: {', '.join(missing(before))} is not here", True
        after = normalised(execute(before, path.parent))
        changed = write(with_measured(after, before), path)
    except NotebookFailed as error:
        return f"FAILED     {path.name}: {error}", False
    return f"{'changed' if changed else 'unchanged':10} {path.name}", True


def main(paths):
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(refresh, paths))
    print("\n".join(line for line, _ in results) or "There is no notebook in notebooks/ yet.")
    return not all(passed for _, passed in results)


if __name__ == "__main__":
    sys.exit(main([Path(name).resolve() for name in sys.argv[1:]] or all_notebooks()))
