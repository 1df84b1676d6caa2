"""`make mutants`: change the mathematics in one place, and see whether its tests notice.

A mutant is one change of one operator, number or name in a file of MATHEMATICS. The tests of that
file run on it until one fails, in a process of their own with a limit of processor time. What
survives is printed, unless `tests/mutants.toml` says why it is no fault. COUNT mutants are drawn by
SEED from all of them, or from those of the files that are named.

    make mutants COUNT=300 SEED=0 ARGS="losses optim"
    make mutants COUNT=20 ARGS=notebooks       numbers in notebooks instead, see tools/constants.py

pytest collects all tests once; each mutant is a fork of that process, in which the functions that
everything holds already get the code of the changed file. A change of the few lines that run only
on import is thus less likely to be noticed: the score can be too low, never too high.
"""

import ast
import copy
import importlib
import os
import random
import resource
import sys
import time
import tomllib
from collections import Counter
from dataclasses import dataclass
from types import FunctionType

import pytest
from hypothesis import settings

from . import ROOT, apply_settings

KEPT = ROOT / "tests" / "mutants.toml"
GOAL = 0.97
PATIENCE = 3  # times the processor time of the file as it is, and the mutant does not end
EXAMPLES = 25  # of hypothesis for each test; where it takes 500, a mutant falls in the first few
MATHEMATICS = {  # each file with its tests, those first that are fast and notice most
    "functional": "test_functional test_limits test_losses test_bad_input test_nested",
    "layers": "test_layers test_limits test_bad_input fuzz/test_networks test_network",
    "losses": "test_losses test_limits fuzz/test_functions test_bad_input",
    "network": "test_network test_bad_input fuzz/test_machine test_nested fuzz/test_networks",
    "optim": "test_optim test_bad_input fuzz/test_machine fuzz/test_functions",
    "train": "test_train test_bad_input test_limits test_nested test_checkpoint",
    "gradcheck": "test_limits test_gradcheck test_nested test_bad_input fuzz/test_functions",
    "conv": "test_conv fuzz/test_networks",
    "autodiff": "test_autodiff",
}
OPTIONS = "-q -p no:cacheprovider -o addopts= --import-mode=importlib".split()
SETTINGS = {
    "NNLIB_HYPOTHESIS": "mutants",
    "NNLIB_FUZZ": "150",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}

CONSTANTS = (bool, int, float, str, tuple, type(None))

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
    again: int  # how many equal changes stand before it in its line

    @property
    def key(self):
        change = f"{self.old} -> {self.new}" + (f" #{self.again + 1}" if self.again else "")
        return f"{self.file}.py", self.text, change


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
    lines, met = source.splitlines(), Counter()
    for place, node in enumerate(places(ast.parse(source))):
        for which, new in enumerate(changes(node)):
            text = lines[node.lineno - 1].strip()
            change = ast.unparse(node), ast.unparse(ast.fix_missing_locations(new))
            again = met[node.lineno, change]
            met[node.lineno, change] += 1
            yield Mutant(file, node.lineno, text, *change, place, which, again)


def as_it_is(file):
    return ast.parse((ROOT / "nnlib" / f"{file}.py").read_text("utf-8"))


def tree_of(mutant):
    """The file, changed in one place."""
    tree = as_it_is(mutant.file)
    node = places(tree)[mutant.place]
    new = list(changes(node))[mutant.which]

    class Swap(ast.NodeTransformer):
        def visit(self, each):
            return ast.copy_location(new, each) if each is node else super().visit(each)

    return ast.fix_missing_locations(Swap().visit(tree))


# ---------------------------------------------------------------- the tests on it


def tests_of(file):
    return [ROOT / "tests" / f"{name}.py" for name in MATHEMATICS[file].split()]


def become(old, new):
    """Give a function, class or constant that others hold already the code of another one."""
    if isinstance(new, property):
        for was, now in ((old.fget, new.fget), (old.fset, new.fset)):
            become(was, now)
    elif hasattr(new, "__wrapped__"):  # by lru_cache, errstate, contextmanager
        become(old.__wrapped__, new.__wrapped__)
        getattr(old, "cache_clear", bool)()
    elif isinstance(new, FunctionType):
        for part in ("__code__", "__defaults__", "__kwdefaults__"):
            setattr(old, part, getattr(new, part))
    elif isinstance(new, type):
        for name, value in vars(new).items():
            if isinstance(value, CONSTANTS):
                setattr(old, name, value)
            elif name in vars(old):
                become(vars(old)[name], value)


def apply(file, tree):
    """Change what is imported already of a file into what the tree says."""
    module = importlib.import_module(f"nnlib.{file}")
    changed = {"__name__": module.__name__, "__package__": "nnlib"}
    exec(compile(tree, module.__file__, "exec"), changed)
    for name, value in changed.items():
        if name.startswith("__"):
            continue
        if isinstance(value, CONSTANTS):
            setattr(module, name, value)
        elif getattr(value, "__module__", None) == module.__name__:
            become(getattr(module, name), value)


class Run:
    """A plugin of pytest that has collected the tests: it runs them on one mutant after another."""

    def __init__(self, mutants, jobs, tell):
        self.mutants, self.jobs, self.tell = mutants, jobs, tell
        self.told, self.limits = {}, {}

    def pytest_runtestloop(self, session):
        session.config.option.maxfail = 1
        for item in session.items:  # no public way leads to what @settings has decided
            held = getattr(item.function, "_hypothesis_internal_use_settings", None)
            if held and held.max_examples > EXAMPLES:
                fewer = settings(held, max_examples=EXAMPLES)
                item.function._hypothesis_internal_use_settings = fewer
        files = sorted({mutant.file for mutant in self.mutants})
        self.all(session, [(file, None) for file in files])
        self.all(session, [(mutant.file, mutant) for mutant in self.mutants])
        return True

    def all(self, session, waiting):
        """Each of these in a fork of its own, some at a time."""
        running = {}
        while waiting or running:
            while waiting and len(running) < self.jobs:
                file, mutant = waiting.pop(0)
                running[self.start(session, file, mutant)] = file, mutant
            pid, status, used = os.wait4(-1, 0)
            file, mutant = running.pop(pid)
            if mutant is not None:
                self.ended(mutant, status)
            elif status:
                raise SystemExit(f"mutants: the tests of {file}.py fail on the file as it is")
            else:
                self.limits[file] = int(10 + PATIENCE * (used.ru_utime + used.ru_stime))

    def start(self, session, file, mutant):
        """Run the tests of a file in a fork; its process id."""
        pid = os.fork()
        if pid:
            return pid
        failed = True
        try:
            if mutant:
                resource.setrlimit(resource.RLIMIT_CPU, (self.limits[file],) * 2)
            apply(file, tree_of(mutant) if mutant else as_it_is(file))
            session.items = [
                item for path in tests_of(file) for item in session.items if item.path == path
            ]
            importlib.import_module("_pytest.main").pytest_runtestloop(session)
            failed = session.testsfailed > 0
        finally:
            os._exit(failed)

    def ended(self, mutant, status):
        self.told[mutant] = end = (
            "time" if os.WIFSIGNALED(status) else "killed" if status else "survived"
        )
        if len(self.told) % 25 == 0:
            print(f"{len(self.told)} of {len(self.mutants)}", file=self.tell)
        if end == "survived":
            name, text, change = mutant.key
            print(f"survived: {name}:{mutant.line}  {change}\n          {text}", file=self.tell)


def run(mutants, jobs):
    """The outcome of each mutant; before them, of each file as it is."""
    with open(os.dup(1), "w", buffering=1) as tell, open(os.devnull, "w") as nowhere:
        screen = [os.dup(1), os.dup(2)]
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
        plugin = Run(mutants, jobs, tell)
        files = sorted({str(path) for mutant in mutants for path in tests_of(mutant.file)})
        try:
            status = pytest.main([*OPTIONS, "-m", "not clock", *files], plugins=[plugin])
        finally:
            for stream, back in enumerate(screen, start=1):
                os.dup2(back, stream)
    if status or len(plugin.told) < len(mutants):
        raise SystemExit(f"mutants: pytest ended with status {status}")
    return plugin.told


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
    count, seed, jobs = (int(os.environ.get(name) or value) for name, value in usual.items())
    if sys.argv[1:] == ["notebooks"]:
        from . import constants  # it brings NumPy, which must not come before apply_settings()

        sys.exit(constants.main(count, seed))
    sys.exit(main(count, seed, jobs, sys.argv[1:]))
