"""What the course asks, read from its notebooks, and which of them was handed in by whom."""

import ast
import copy
import json
import re
import symtable
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ..checks import catalogue

LARGEST = 100 * 2**20  # bytes of a notebook
JUDGES = ("checks", "audit", "ward", "sheet")
# Calls that stand alone in a line and change nothing that an answer could need.
SHOWS = {"print", "display", "show", "watch", "strip", "paint"}


class NoNotebook(Exception):
    """A file that cannot be read as a notebook; the message says why."""


@dataclass
class Cell:
    id: str
    source: str
    tags: tuple = ()

    def __post_init__(self):
        self.tree = parsed(self.source)


@dataclass
class Question:
    """One answer that is asked for: a call of a check in the course's notebook."""

    notebook: str  # "03"
    cell: str  # the id of the cell that calls the check
    judge: str  # checks, audit, ward or sheet
    name: str  # of the check
    arguments: list = field(default_factory=list)  # expressions, as source
    keywords: dict = field(default_factory=dict)
    label: str = ""

    @property
    def column(self):
        return f"{self.notebook} {self.label or self.name}"

    @property
    def answer(self):
        """An expression for the pair of all that is handed to the check: a tuple, a dictionary."""
        arguments = "".join(f"{each}, " for each in self.arguments)
        keywords = ", ".join(f"{name!r}: {source}" for name, source in self.keywords.items())
        return f"(({arguments}), {{{keywords}}})"

    @property
    def asked(self):
        """The names that the learner fills."""
        sources = [*self.arguments, *self.keywords.values()]
        names = {n for each in sources for n in loaded(ast.parse(each))}
        return names | {"sheet"} if self.judge == "sheet" else names


@dataclass
class Notebook:
    """A notebook of the course."""

    name: str  # 03_softmax_and_cross_entropy
    cells: list
    markdown: set
    questions: list

    @property
    def number(self):
        return self.name[:2]


def read(folder):
    """The notebooks of the course in a folder."""
    found = []
    for path in sorted(Path(folder).glob("[0-9][0-9]_*.ipynb")):
        cells, markdown = cells_of(path)
        found.append(Notebook(path.stem, cells, markdown, questions(path.stem[:2], cells)))
    return found


def cells_of(path):
    """The cells with code, and the texts of the others."""
    try:
        if path.stat().st_size > LARGEST:
            raise NoNotebook("it is larger than 100 MB")
        table = json.loads(path.read_text(encoding="utf-8"))
        cells, texts = [], set()
        for number, row in enumerate(table["cells"]):
            source = row["source"] if isinstance(row["source"], str) else "".join(row["source"])
            if row["cell_type"] == "code":
                about = row.get("metadata") or {}
                name = str(row.get("id") or about.get("id") or f"cell {number + 1}")
                cells.append(Cell(name, source, tuple(map(str, about.get("tags") or ()))))
            else:
                texts.add(source)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NoNotebook(f"it is no notebook ({type(error).__name__})") from None
    return cells, texts


def parsed(source):
    """The tree of a cell's Python, or None; lines of IPython's own are left out."""
    lines = [
        re.sub(r"\S.*", "pass", line) if re.match(r"\s*[%!?]", line) else line
        for line in source.splitlines()
    ]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


# ---------------------------------------------------------------- what is asked


def questions(number, cells):
    found = []
    for cell in cells:
        if "exercise" in cell.tags and cell.tree is not None:
            found += [question(number, cell.id, call) for call in calls(cell.tree)]
    merged = {}
    for each in found:
        if each.judge == "sheet" and (first := merged.get(each.column)):
            first.keywords |= each.keywords
        else:
            merged.setdefault(each.column, each)
    return list(merged.values())


def question(number, cell, call):
    judge, name = call.func.value.id, call.func.attr
    arguments = [ast.unparse(each) for each in call.args]
    keywords = {k.arg: ast.unparse(k.value) for k in call.keywords if k.arg}
    keywords = {k: v for k, v in keywords.items() if k not in ("hint", "quiet")}
    label = name if judge == "checks" else f"{judge}.{name}"
    if judge == "ward":
        label = f"{name} {re.sub(r'[^0-9]', '', arguments[0]) or arguments[0]}"
        arguments = arguments[1:]
    if judge == "sheet":
        label = "worksheet"
    return Question(number, cell, judge, name, arguments, keywords, label)


def calls(tree):
    """The calls of checks in a cell, those in a loop over names once for each of them."""
    for node in ast.walk(unrolled(tree)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in JUDGES
        ):
            yield node


def unrolled(tree):
    class Unroll(ast.NodeTransformer):
        def visit_For(self, node):
            if not isinstance(node.iter, (ast.Tuple, ast.List)) or not isinstance(
                node.target, ast.Name
            ):
                return node
            rows = []
            for each in node.iter.elts:
                for row in copy.deepcopy(node.body):
                    rows.append(Replace(node.target.id, each).visit(row))
            return rows

    return Unroll().visit(copy.deepcopy(tree))


class Replace(ast.NodeTransformer):
    def __init__(self, name, by):
        self.name, self.by = name, by

    def visit_Name(self, node):
        return copy.deepcopy(self.by) if node.id == self.name else node


def judged_here(question):
    """False for what cannot be judged outside of the learner's process."""
    if question.judge == "checks":
        return question.name in catalogue.exercises()
    return (
        question.judge in ("audit", "sheet")
        or question.label.startswith("diagnosis ")
        and (question.label.rpartition(" ")[2].isdigit())
    )


# ---------------------------------------------------------------- which cells an answer needs


def loaded(tree, how=(ast.Load, ast.Store, ast.Del)):
    names = [n for n in ast.walk(tree) if isinstance(n, ast.Name)] if tree else ()
    return {n.id for n in names if isinstance(n.ctx, how)}


@dataclass
class Use:
    """The names of a cell, as far as other cells can know them."""

    makes: set = field(default_factory=set)
    anew: set = field(default_factory=set)  # of these, the ones that are made in any case
    takes: set = field(default_factory=set)
    later: set = field(default_factory=set)  # taken when a function of the cell is called


def use(cell):
    if cell.tree is None:
        return Use()
    top = symtable.symtable(ast.unparse(cell.tree), "cell", "exec")
    found, tables = Use(), [top]
    for symbol in top.get_symbols():
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
            found.makes.add(symbol.get_name())
    while tables:
        inner = tables.pop().get_children()
        tables += inner
        found.later |= {s.get_name() for t in inner for s in t.get_symbols() if s.is_global()}
    referenced = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    for row in cell.tree.body:
        if not isinstance(row, ast.FunctionDef):
            found.takes |= loaded(row, ast.Load) & referenced - found.anew
        if isinstance(row, PLAIN):
            made = loaded(row, ast.Store) | {getattr(row, "name", "")}
            found.anew |= found.makes & made
    found.makes |= changed(cell.tree) & (found.takes | found.later)
    return found


PLAIN = (ast.Assign, ast.FunctionDef, ast.ClassDef)


def changed(tree):
    """The names of things that a cell may change in place: `net.W = ...`, `net.backward(dZ)` in a
    line of its own, and whatever is handed to `fit`."""
    found = set()
    for node in ast.walk(tree):
        call = node.value if isinstance(node, ast.Expr) else node
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            found |= set() if isinstance(node.ctx, ast.Load) else loaded(node.value)
        elif isinstance(call, ast.Call):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name == "fit" or (call is not node and name not in SHOWS):
                found |= loaded(call)
    return found


def needed(cells, own, names):
    """Numbers of the cells that are run: those that the learner wrote or changed (`own`), and of
    the others those on which they, or the names that are asked for, depend."""
    uses = [use(cell) for cell in cells]
    modules = {a for c in cells if c.tree for a in imported(c.tree)}
    run, later, before = set(own), set(), None
    while before != (len(run), len(later)):
        before, wanted = (len(run), len(later)), names | later
        for k in reversed(range(len(cells))):
            imports = wanted & uses[k].makes & modules and imported(cells[k].tree)
            if k in run or imports or wanted & uses[k].makes - modules:
                run.add(k)
                wanted = wanted - uses[k].anew | uses[k].takes
                later |= uses[k].later
            wanted |= later - uses[k].anew
    return sorted(run)


def imported(tree):
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.alias)] if tree else ()
    return {(node.asname or node.name).partition(".")[0] for node in nodes}


# ---------------------------------------------------------------- who handed in what


@dataclass
class Handed:
    """One notebook that was handed in."""

    student: str
    path: Path
    notebook: Notebook | None
    cells: list = field(default_factory=list)
    problem: str = ""


def handed_in(folder, course):
    """The notebooks of a folder: NAME/03_....ipynb, or NAME_03_....ipynb; of several by the same
    student for one notebook of the course, the newest."""
    folder, found = Path(folder), {}
    paths = [p for p in folder.rglob("*.ipynb") if not any(q.startswith(".") for q in p.parts[-3:])]
    for path in sorted(paths, key=lambda p: (p.lstat().st_mtime_ns, str(p))):
        if path.is_symlink() or not path.is_file():
            continue
        each = one(folder, path, course)
        which = each.notebook.name if each.notebook else path.stem
        found[each.student, which] = each
    return sorted(found.values(), key=lambda h: (h.student.lower(), str(h.path)))


def one(folder, path, course):
    try:
        cells, texts = cells_of(path)
    except NoNotebook as problem:
        which = by_name(path, course)
        return Handed(student(folder, path, which), path, which, problem=str(problem))
    which = by_name(path, course)
    sources = Counter({book.name: len(texts & book.markdown) for book in course})
    sources.update({book.name: len(same(cells, book)) for book in course})
    best = max(course, key=lambda book: sources[book.name], default=None)
    if best and sources[best.name] >= 3 and (not which or sources[which.name] < 3):
        which = best
    problem = "" if which else "it is none of the course's notebooks"
    return Handed(student(folder, path, which), path, which, cells, problem)


def same(cells, book):
    return {c.source for c in cells} & {c.source for c in book.cells}


def by_name(path, course):
    return next((book for book in course if book.name in path.stem), None)


def student(folder, path, which):
    parts = path.relative_to(folder).parts
    if len(parts) > 1:
        return parts[0]
    rest = path.stem.replace(which.name, "") if which else path.stem
    return re.sub(r"^[\W_]+|[\W_]+$", "", rest) or path.stem
