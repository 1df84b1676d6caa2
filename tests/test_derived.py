"""Every definition that a notebook derives equals the library's.

DERIVED names them: notebook → {definition: how to compare it}. The notebook's imports and top-level
definitions are run, without the rest of it; the comparison gets the notebook's definition and
raises where it differs from nnlib's. A definition that bears a name of nnlib's must be listed.
"""

import ast

import numpy as np
import pytest
from test_guards import code, good_notebook

import nnlib as nn
from tools.notebooks import all_notebooks, read, tags

rng = np.random.default_rng(0)
Z, P, y = rng.normal(size=(5, 3)), nn.softmax(rng.normal(size=(5, 3))), np.array([0, 2, 1, 1, 0])


def same(library, *arguments):
    """Compare by value, to 1e-12, on these arguments."""

    def compare(own):
        np.testing.assert_allclose(own(*arguments), library(*arguments), rtol=0, atol=1e-12)

    return compare


DERIVED = {}  # for instance {"03_softmax_and_cross_entropy": {"softmax": same(nn.softmax, Z)}}


def definitions(notebook):
    """The functions and classes that a notebook defines outside exercises and solutions."""
    namespace, own = {"__name__": "notebook"}, {}
    for cell in notebook.cells:
        if cell.cell_type != "code" or tags(cell) & {"exercise", "solution"}:
            continue
        lines = [line for line in cell.source.splitlines() if not line.startswith(("%", "!"))]
        for node in ast.parse("\n".join(lines)).body:
            if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)):
                exec(compile(ast.Module([node], []), "notebook", "exec"), namespace)
                if hasattr(node, "name"):
                    own[node.name] = namespace[node.name]
    return own


def faults(notebook, table):
    own = definitions(notebook)
    found = [f"{name} is listed, and not defined" for name in table if name not in own]
    found += [
        f"{name} bears a name of nnlib's, and nothing compares the two"
        for name in own
        if hasattr(nn, name) and name not in table
    ]
    for name in table.keys() & own.keys():
        try:
            table[name](own[name])
        except Exception as error:
            found.append(f"{name} is not the library's: {error}")
    return found


@pytest.mark.parametrize("path", all_notebooks(), ids=lambda path: path.stem)
def test_what_a_notebook_derives_is_what_the_library_does(path):
    assert faults(read(path), DERIVED.get(path.stem, {})) == []


def test_the_table_names_notebooks_that_there_are():
    assert set(DERIVED) <= {path.stem for path in all_notebooks()}


RIGHT = """import numpy as np
def softmax(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)"""


@pytest.mark.parametrize(
    "source, table, number",
    [
        (RIGHT, {"softmax": same(nn.softmax, Z)}, 0),
        (RIGHT, {}, 1),
        (RIGHT.replace("axis=1", "axis=0"), {"softmax": same(nn.softmax, Z)}, 1),
        ("print(1)", {"softmax": same(nn.softmax, Z)}, 1),
        ("def draw(ax):\n    pass", {}, 0),
    ],
)
def test_a_definition_that_differs_is_found(source, table, number):
    notebook = good_notebook()
    notebook.cells.append(code("definition", 6, source))
    assert len(faults(notebook, table)) == number
