"""`make mutants`: what it changes is changed, and what is kept as no fault is still a mutant."""

import ast
import subprocess
import sys
from collections import Counter

import pytest

from tools import ROOT, constants, mutants, notebooks


@pytest.mark.parametrize("file", mutants.MATHEMATICS)
def test_every_mutant_is_another_program_that_compiles(file):
    every = list(mutants.all_mutants(file))
    assert len(every) > 20
    before = ast.dump(mutants.as_it_is(file))
    for mutant in every[::25]:
        assert mutant.old != mutant.new
        assert ast.dump(mutants.tree_of(mutant)) != before
        compile(mutants.tree_of(mutant), file, "exec")


def test_the_tests_of_every_file_are_there():
    for file in mutants.MATHEMATICS:
        for path in mutants.tests_of(file):
            assert path.is_file(), path


def test_what_is_kept_as_no_fault_is_one_mutant_and_has_a_reason():
    every = [mutant for file in mutants.MATHEMATICS for mutant in mutants.all_mutants(file)]
    met = Counter(mutant.key for mutant in every)
    for key, why in mutants.kept().items():
        assert met[key] == 1, key
        assert len(why.split()) > 4, key


HELD = """
import sys
from tools import mutants
assert "numpy" not in sys.modules  # else apply_settings() comes too late for its threads
import numpy as np
import nnlib as nn
from nnlib.functional import identity, softmax_of

def becomes(file, text, old, number=0):
    found = [m for m in mutants.all_mutants(file) if m.old == old and text in m.text]
    mutants.apply(file, mutants.tree_of(found[number]))

loss, net, one = nn.CrossEntropyLoss(), nn.Sequential(nn.Linear(2, 2), rng=0), identity(2, float)
becomes("losses", "dZ = self.P - self.Y", "self.P - self.Y")
loss([[0.0, 0.0]], [0])
print(loss.backward().tolist())  # P + Y, not P - Y
becomes("optim", "alpha=0.99", "0.99", number=1)
print(nn.RMSprop(net).alpha)
becomes("functional", "return E / row_sums(E)", "E / row_sums(E)")
print(softmax_of(np.zeros((1, 2))).tolist())
becomes("gradcheck", "FLOOR = 1e-4", "0.0001")
print(nn.gradcheck.FLOOR)
becomes("autodiff", "order, seen, todo", "False")
print(nn.autodiff.topological_order(nn.autodiff.Value(1.0) + 1))
"""


def test_what_others_hold_already_becomes_the_mutant():
    command = [sys.executable, "-c", HELD]
    told = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert told.splitlines() == ["[[1.5, 0.5]]", "0.495", "[[2.0, 2.0]]", "1.0001", "[Value(2.0)]"]


def test_one_number_of_a_notebook_becomes_another_and_nothing_else():
    path = notebooks.FOLDER / "07_gradient_descent.ipynb"
    cells = notebooks.read(path).cells
    every = list(constants.constants(path))
    assert len(every) > 100
    for number in every[::10]:
        source = cells[number.cell].source
        before, after = (
            [each.value for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Constant)]
            for text in (source, number.changed(source))
        )
        moved = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
        assert moved == [(number.value, number.new)]


def test_a_number_behind_letters_of_several_bytes_is_met():
    number = constants.Constant("", 0, 2, *(len("η = ".encode()) + i for i in (0, 3)), 0.1)
    assert number.changed("x = 1\nη = 0.1  # η") == "x = 1\nη = 0.11000000000000001  # η"
    assert constants.Constant("", 0, 1, 4, 5, 0).changed("x = 0") == "x = 1"
