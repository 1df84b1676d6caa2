"""Every notebook keeps the rules, and every rule can fail: each breaks one good notebook."""

import copy

import guards
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import ROOT
from tools.notebooks import METADATA, all_notebooks, normalised, read

NOTEBOOKS = all_notebooks()
HIDDEN = {"source_hidden": True, "outputs_hidden": True}


def markdown(id, source, *tags):
    return new_markdown_cell(source, id=id, metadata={"tags": list(tags)} if tags else {})


def code(id, number, source, *outputs, tags=(), **metadata):
    metadata |= {"tags": list(tags)} if tags else {}
    cell = new_code_cell(source, id=id, metadata=metadata, execution_count=number)
    cell.outputs = list(outputs)
    return cell


def printed(text):
    return new_output("stream", name="stdout", text=text)


def picture(alt):
    return new_output("display_data", {"image/png": "iVBORw0K"}, metadata={"image/png": alt})


def good_notebook():
    """The smallest notebook that keeps every rule. Its cells: 0 to 3, then one exercise, 4 to 7."""
    cells = [
        markdown("title", "# 99 · A try\n\nThis takes about 12 minutes."),
        code("seventh", 1, "print(round(1 / 7, 4))", printed("0.1429\n")),
        markdown(
            "seen", "## Seen\n\nHalf is 50 %, as code shows; see ![a line](../figures/a.png)."
        ),
        code("half", 2, "half = 0.5\nhalf", picture({"alt": "A line that rises."})),
        markdown("task", "### Exercise 1\n\nDouble it.", "exercise"),
        code("answer", 3, "double = ...", tags=["exercise"]),
        code("check", 4, "print(double)", printed("Ellipsis\n"), tags=["exercise"]),
        code(
            "solution", 5, "# Twice.\ndouble_solution = 2 * half", tags=["solution"], jupyter=HIDDEN
        ),
        markdown("end", "## What we found\n\nNothing new."),
    ]
    return new_notebook(cells=cells, metadata=copy.deepcopy(METADATA))


def compared(source, **claim):
    """Turns the good notebook's second cell into a comparison."""

    def change(nb):
        nb.cells[1].source = source
        nb.cells[1].metadata |= {"tags": ["comparison"], "comparison": claim}

    return change


LOOP = "for seed in range(12):\n    print(seed)"

BREAKS = {  # guard → ways to break the good notebook
    guards.has_run_in_order: [
        lambda nb: nb.cells[1].update(execution_count=None),
        lambda nb: nb.cells[1].update(execution_count=7),
    ],
    guards.compares_over_enough_seeds: [
        lambda nb: nb.cells[1].metadata.update(tags=["comparison"]),
        lambda nb: nb.cells[1].metadata.update(comparison={"what": "a or b", "seeds": 12}),
        compared(LOOP, seeds=12),
        compared(LOOP.replace("12", "3"), what="a or b", seeds=3),
        compared(LOOP.replace("12", "3"), what="a or b", seeds=12),
        compared(LOOP, what="a or b"),
    ],
    guards.marks_stand_alone: [
        lambda nb: nb.cells[1].update(source="# on paperhalf = 1 / 2"),
        lambda nb: nb.cells[1].update(source="# needs torch, import torch"),
    ],
    guards.has_no_error_output: [
        lambda nb: nb.cells[1].outputs.append(new_output("stream", name="stderr", text="careful")),
        lambda nb: nb.cells[1].outputs.append(new_output("error", ename="ValueError", evalue="no")),
    ],
    guards.has_one_title: [
        lambda nb: nb.cells.append(markdown("again", "# Again")),
        lambda nb: nb.cells[0].update(source="It takes 12 minutes."),
    ],
    guards.skips_no_heading: [
        lambda nb: nb.cells[2].update(source="### Too deep"),
        lambda nb: nb.cells[0].update(source="## Too deep"),
    ],
    guards.describes_every_picture: [
        lambda nb: nb.cells[3].outputs[0].update(metadata={}),
        lambda nb: nb.cells[3].outputs[0].update(metadata={"image/png": {"alt": " "}}),
        lambda nb: nb.cells[2].update(source="## Seen\n\n![](a.png)"),
        lambda nb: nb.cells[2].update(source='## Seen\n\n<img src="a.png">'),
        lambda nb: nb.cells[2].update(source='## Seen\n\n<img src="a.png" alt="">'),
    ],
    guards.quotes_only_what_is_shown: [
        lambda nb: nb.cells[0].update(source="# 99\n\nThe result is 0.1430."),
        lambda nb: nb.cells[2].update(source="## Seen\n\nThe result is 0.1429."),
        lambda nb: nb.cells[2].update(source="## Seen\n\nIt is 49 % of all."),
        lambda nb: nb.cells[2].update(source="## Seen\n\nIt is $49\\%$ of all."),
        lambda nb: nb.cells[2].update(source="## Seen\n\nIt is 5.00 of all."),
        lambda nb: nb.cells[0].update(source="# 99\n\nIt is $1.429 \\times 10^{-3}$."),
    ],
    guards.names_no_machine: [
        lambda nb: nb.cells[1].outputs.append(printed("File /" + "home/ada/course/x.py")),
        lambda nb: nb.cells[2].update(source="## Seen in C:\\Users\\ada"),
    ],
    guards.prints_no_address: [
        lambda nb: nb.cells[1].outputs.append(printed("<Line2D at 0x7f12ab>")),
    ],
    guards.knows_its_tags: [
        lambda nb: nb.cells[1].metadata.update(tags=["nbval-ignore-output"]),
        lambda nb: nb.cells[1].metadata.update(tags=["raises-exception"]),
        lambda nb: nb.cells[1].update(source="# NBVAL_IGNORE_OUTPUT\nprint(1)"),
    ],
    guards.collapses_solutions: [
        lambda nb: nb.cells[7].metadata.pop("jupyter"),
        lambda nb: nb.cells[7].metadata.update(jupyter={"source_hidden": True}),
    ],
    guards.hides_solutions_well: [
        lambda nb: nb.cells[7].update(source="double_solution = 2 * half"),
    ],
    guards.needs_no_exercise: [
        lambda nb: nb.cells.append(code("later", 6, "print(double_solution)")),
        lambda nb: nb.cells.append(code("later", 6, "def f(x):\n    return double * x")),
    ],
    guards.is_a_plain_notebook: [
        lambda nb: nb.metadata.kernelspec.update(name="my-venv"),
        lambda nb: nb.cells[1].update(id="8D2f1c"),
        lambda nb: nb.cells[1].update(id="half"),
        lambda nb: nb.cells.append(code("later", 6, "")),
    ],
    guards.states_its_time: [
        lambda nb: nb.cells[0].update(source="# 99"),
        lambda nb: nb.cells[0].update(source="# 99\n\nThis takes 75 minutes."),
        lambda nb: nb.cells[0].update(source="# 99\n\nThis takes 2 minutes."),
        lambda nb: nb.cells[0].update(source="# 99\n\nThis takes 6 minutes, then 6 minutes."),
        lambda nb: nb.cells[0].update(source="# 99\n\nThis takes 40 minutes."),
    ],
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_every_rule(path):
    notebook = read(path)
    faults = [fault for guard in guards.GUARDS for fault in guard(notebook)]
    assert not faults + guards.is_small(path), "\n".join(faults)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_as_make_notebooks_leaves_it(path):
    notebook = read(path)
    assert normalised(notebook) == notebook, "run: make notebooks"


def test_the_good_notebook_breaks_no_rule():
    assert [fault for guard in guards.GUARDS for fault in guard(good_notebook())] == []


@pytest.mark.parametrize("guard", guards.GUARDS, ids=lambda guard: guard.__name__)
def test_each_guard_can_fail(guard):
    for change in BREAKS[guard]:
        notebook = good_notebook()
        change(notebook)
        assert guard(notebook), f"{guard.__name__} sees nothing wrong in a broken notebook"


def test_the_size_budget_can_be_passed(tmp_path):
    big = tmp_path / "big.ipynb"
    big.write_bytes(b" " * (guards.SIZE + 1))
    assert guards.is_small(big)


def test_a_name_bound_anew_no_longer_belongs_to_the_exercise():
    notebook = good_notebook()
    notebook.cells.append(code("own", 6, "double = 1\nprint(double)"))
    assert guards.needs_no_exercise(notebook) == []


@pytest.mark.parametrize("quote", ["0.1429", "0.14", "14.29 %", "14.3\\%", "0.143"])
def test_a_result_may_be_quoted_rounded_or_in_percent(quote):
    notebook = good_notebook()
    notebook.cells[0].source = f"# 99\n\nThe result is {quote}."
    assert guards.quotes_only_what_is_shown(notebook) == []


# ---------------------------------------------------------------- nnlib's files


LAYERS = guards.layers((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))


def test_imports_run_downward_only():
    assert guards.layering(ROOT / "nnlib", LAYERS) == []


def test_every_layer_of_the_list_exists():
    modules = {path.stem for path in (ROOT / "nnlib").iterdir()} - {"__init__", "__pycache__"}
    assert set().union(*LAYERS) == modules


def test_no_files_import_each_other_in_a_circle():
    folders = [ROOT / "nnlib", *(p for p in (ROOT / "nnlib").iterdir() if p.is_dir())]
    assert [fault for folder in folders for fault in guards.circles(folder)] == []


def test_what_a_learner_opens_the_folder_for_is_short():
    assert guards.is_short_to_read(ROOT / "nnlib") == []


@pytest.mark.parametrize(
    "name, line",
    [
        ("layers", "from .network import Sequential"),
        ("layers", "from . import optim"),
        ("layers", "from nnlib.losses import MSELoss"),
        ("network", "def f():\n    from nnlib import plots"),
        ("train", "import matplotlib.pyplot as plt"),
        ("data/toy", "from sklearn import datasets"),
        ("plots/curves", "import ipywidgets"),
        ("plots/curves", "from ..widgets import screen"),
        ("losses", "import pandas"),
        ("unheard_of", "import numpy"),
        ("layers/dense", "from ..network import Sequential"),
    ],
)
def test_an_upward_import_is_seen(tmp_path, name, line):
    path = tmp_path / f"{name}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(line)
    assert guards.layering(tmp_path, LAYERS)


def test_a_downward_import_is_allowed(tmp_path):
    (tmp_path / "train.py").write_text(
        "import math\n\nimport numpy as np\n\nfrom .network import Sequential"
    )
    (tmp_path / "data.py").write_text("from . import errors\ndef f():\n    import sklearn.datasets")
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "run.py").write_text("from . import result\nfrom ..train import fit")
    assert guards.layering(tmp_path, LAYERS) == []


def test_a_circle_is_seen(tmp_path):
    (tmp_path / "a.py").write_text("from .b import f")
    (tmp_path / "b.py").write_text("def f():\n    from . import a")
    assert guards.circles(tmp_path)


def test_a_long_file_is_seen(tmp_path):
    (tmp_path / "layers.py").write_text("\n" * 251)
    assert guards.is_short_to_read(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        compared(LOOP, what="a or b", seeds=12),
        compared("n = 12\n" + LOOP.replace("12", "n"), what="a or b", seeds=12),
        compared("1 + 1", what="a or b", proof="the sum of two squares"),
    ],
)
def test_a_comparison_over_enough_seeds_or_proved_is_fine(change):
    notebook = good_notebook()
    change(notebook)
    assert guards.compares_over_enough_seeds(notebook) == []
