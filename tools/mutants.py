"""`make mutants`: change the mathematics in one place, and see whether its tests notice.

A mutant is one change of one operator, number or name in a file of MATHEMATICS. The tests of that
file run on it, in a process of their own with a limit of processor time. What survives is printed,
unless `tests/mutants.toml` says why it is no fault. COUNT mutants are drawn by SEED from all.

    make mutants COUNT=300 SEED=0
"""

import ast
import contextlib
import copy
import importlib
import importlib.machinery
import os
import random
import resource
import sys
import time
import tomllib
from dataclasses import dataclass

from . import ROOT, apply_settings

KEPT = ROOT / "tests" / "mutants.toml"
GOAL = 0.97
SECONDS = 40  # of processor time, for the tests of one mutant: some never end
MATHEMATICS = {  # each file with its tests, fast ones first
    "functional": ("test_functional", "test_limits", "test_losses", "fuzz/test_functions"),
    "layers": ("test_layers", "fuzz/test_networks", "test_network"),
    "losses": ("test_losses", "test_limits", "fuzz/test_functions"),
    "network": ("test_network", "fuzz/test_machine", "test_nested", "fuzz/test_networks"),
    "optim": ("test_optim", "fuzz/test_machine", "fuzz/test_functions"),
    "train": ("test_train", "test_checkpoint"),
    "gradcheck": ("test_gradcheck", "test_limits", "test_nested", "fuzz/test_functions"),
    "conv": ("test_conv", "fuzz/test_networks"),
    "autodiff": ("test_autodiff",),
}
OPTIONS = "-q -x --tb=no -p no:cacheprovider -o addopts= --import-mode=importlib".split()
SETTINGS = {
    "NNLIB_HYPOTHESIS": "mutants",
    "NNLIB_FUZZ": "150",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}
BROUGHT = (  # imported once, not in each fork
    "pytest", "hypothesis.extra.numpy", "hypothesis.stateful", "sklearn.datasets", "torch",
    "nbclient", "nbformat",
)  # fmt: skip

# ---------------------------------------------------------------- what is changed

OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
NAMES = {
    "max": "min", "min": "max", "argmax": "argmin", "maximum": "minimum", "minimum": "maximum",
    "sum": "mean", "mean": "sum", "zeros": "ones", "any": "all", "all": "any", "tanh": "sin",
    "exp": "expm1", "log": "log1p", "log1p": "log", "sqrt": "square", "abs": "real",
    "zeros_like": "ones_like",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    file: str
    line: int
    text: str  # the line as it stands
    old: str
    new: str
    place: int  # which of the places of this file, in the order of the tree
    which: int  # which change of that place

    @property
    def key(self):
        return f"{self.file}.py", self.text, f"{self.old} -> {self.new}"


def changes(node):
    """New nodes that may stand in the place of this one."""
    if isinstance(node, (ast.BinOp, ast.AugAssign, ast.BoolOp)) and type(node.op) in OPERATORS:
        yield _with(node, op=OPERATORS[type(node.op)]())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OPERATORS:
        yield _with(node, ops=[OPERATORS[type(node.ops[0])](), *node.ops[1:]])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
        yield copy.deepcopy(node.operand)
    if isinstance(node, ast.IfExp):
        yield copy.deepcopy(node.body)
        yield copy.deepcopy(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield ast.Constant(node.value + 1)
        if node.value:
            yield ast.Constant(0 if isinstance(node.value, int) else node.value / 2)
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield _with(node, attr=NAMES[node.attr])
    if isinstance(node, ast.Name) and node.id in NAMES and isinstance(node.ctx, ast.Load):
        yield _with(node, id=NAMES[node.id])
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        yield copy.deepcopy(node.value)


def _with(node, **new):
    node = copy.deepcopy(node)
    for name, value in new.items():
        setattr(node, name, value)
    return node


def places(tree):
    """Every node of a file that may be changed, each time in the same order."""
    return [node for node in ast.walk(tree) if hasattr(node, "lineno")]


def all_mutants(file):
    """Every mutant of a file."""
    source = (ROOT / "nnlib" / f"{file}.py").read_text("utf-8")
    lines = source.splitlines()
    for place, node in enumerate(places(ast.parse(source))):
        for which, new in enumerate(changes(node)):
            text = lines[node.lineno - 1].strip()
            new = ast.unparse(ast.fix_missing_locations(new))
            yield Mutant(file, node.lineno, text, ast.unparse(node), new, place, which)


def tree_of(mutant):
    """The file, changed in one place."""
    tree = ast.parse((ROOT / "nnlib" / f"{mutant.file}.py").read_text("utf-8"))
    node = places(tree)[mutant.place]
    new = list(changes(node))[mutant.which]

    class Swap(ast.NodeTransformer):
        def visit(self, each):
            return ast.copy_location(new, each) if each is node else super().visit(each)

    return ast.fix_missing_locations(Swap().visit(tree))


# ---------------------------------------------------------------- the tests on it


class Finder:
    """Hands out the mutant where its module is imported."""

    def __init__(self, mutant):
        self.mutant = mutant

    def find_spec(self, name, path=None, target=None):
        if name != f"nnlib.{self.mutant.file}":
            return None
        file, mutant = str(ROOT / "nnlib" / f"{self.mutant.file}.py"), self.mutant

        class Loader(importlib.machinery.SourceFileLoader):
            def get_code(self, fullname):
                return compile(tree_of(mutant), file, "exec")

        loader = Loader(name, file)
        return importlib.machinery.ModuleSpec(name, loader, origin=file)


def start(file, mutant):
    """Run the tests of a file in a fork, on a mutant or on the file as it is; its process id."""
    pid = os.fork()
    if pid:
        return pid
    status = 99
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        if mutant:
            sys.meta_path.insert(0, Finder(mutant))
        import pytest

        tests = [f"tests/{name}.py" for name in MATHEMATICS[file]]
        status = int(pytest.main([*OPTIONS, "-m", "not clock", *tests]))
    finally:
        os._exit(status)


def outcome(status):
    """What the end of a process says: "survived", "killed", "time", or an error of this tool."""
    if os.WIFSIGNALED(status):
        return "time"
    code = os.WEXITSTATUS(status)
    if code in (4, 5):
        raise SystemExit(f"mutants: pytest found no tests (status {code})")
    return "survived" if code == 0 else "killed"


def run(mutants, jobs):
    """The outcome of each mutant, some at a time; before them, of each file as it is."""
    files = sorted({mutant.file for mutant in mutants})
    waiting, running, told = (
        [*((file, None) for file in files), *((m.file, m) for m in mutants)],
        {},
        {},
    )
    while waiting or running:
        while waiting and len(running) < jobs:
            file, mutant = waiting.pop(0)
            running[start(file, mutant)] = file, mutant
        pid, status = os.wait()
        file, mutant = running.pop(pid)
        end = outcome(status)
        if mutant is None:
            if end != "survived":
                raise SystemExit(f"mutants: the tests of {file}.py fail on the file as it is")
            continue
        told[mutant] = end
        if end == "survived":
            name, text, change = mutant.key
            print(f"survived: {name}:{mutant.line}  {change}\n          {text}", flush=True)
    return told


def kept():
    """The mutants that are no faults, by key, with the reason why."""
    entries = tomllib.loads(KEPT.read_text("utf-8")).get("equivalent", [])
    return {(e["file"], e["line"], e["change"]): e["why"] for e in entries}


def main(count=300, seed=0, jobs=2, only=()):
    apply_settings()
    os.environ |= SETTINGS
    os.chdir(ROOT)
    files = [file for file in MATHEMATICS if not only or file in only]
    every = [mutant for file in files for mutant in all_mutants(file)]
    mutants = random.Random(seed).sample(every, min(count, len(every)))
    equivalent = [mutant for mutant in mutants if mutant.key in kept()]
    mutants = [mutant for mutant in mutants if mutant.key not in kept()]
    for name in BROUGHT:
        with contextlib.suppress(ImportError):  # PyTorch is optional
            importlib.import_module(name)
    began = time.monotonic()
    told = run(mutants, jobs)
    killed = sum(end != "survived" for end in told.values())
    late = sum(end == "time" for end in told.values())
    score = killed / max(1, len(told))
    print(
        f"{len(every)} possible mutants, {len(told) + len(equivalent)} drawn (seed {seed}), "
        f"{len(equivalent)} of them no faults (tests/mutants.toml); "
        f"{killed} of {len(told)} killed ({late} by the time limit): {score:.1%}, "
        f"in {time.monotonic() - began:.0f} s"
    )
    return 0 if score >= GOAL else 1


if __name__ == "__main__":
    usual = {"COUNT": 300, "SEED": 0, "JOBS": 2}
    sys.exit(main(*(int(os.environ.get(k) or v) for k, v in usual.items()), sys.argv[1:]))
