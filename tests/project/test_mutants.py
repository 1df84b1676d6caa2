"""`make mutants`: what it changes is changed, and what is kept as no fault is still a mutant."""

import ast

import pytest

from tools import ROOT, mutants


@pytest.mark.parametrize("file", mutants.MATHEMATICS)
def test_every_mutant_is_another_program_that_compiles(file):
    every = list(mutants.all_mutants(file))
    assert len(every) > 20
    before = ast.dump(ast.parse((ROOT / "nnlib" / f"{file}.py").read_text("utf-8")))
    for mutant in every[::7]:
        assert mutant.old != mutant.new
        assert ast.dump(mutants.tree_of(mutant)) != before
        compile(mutants.tree_of(mutant), file, "exec")


def test_the_tests_of_every_file_are_there():
    for tests in mutants.MATHEMATICS.values():
        for name in tests:
            assert (ROOT / "tests" / f"{name}.py").is_file(), name


def test_what_is_kept_as_no_fault_is_still_a_mutant_and_has_a_reason():
    keys = {mutant.key for file in mutants.MATHEMATICS for mutant in mutants.all_mutants(file)}
    for key, why in mutants.kept().items():
        assert key in keys, key
        assert len(why.split()) > 4, key


def test_a_mutant_that_no_test_can_miss_is_killed():
    add = next(m for m in mutants.all_mutants("losses") if m.old == "self.P - self.Y")
    namespace = {"__name__": "nnlib.losses", "__package__": "nnlib"}
    exec(compile(mutants.tree_of(add), "losses.py", "exec"), namespace)
    loss = namespace["CrossEntropyLoss"]()
    loss([[0.0, 0.0]], [0])
    assert loss.backward().tolist() == [[1.5, 0.5]]  # P + Y, not P − Y
