"""What must be true of every notebook, and of nnlib's files: one small function for each rule.

A guard takes a notebook (or a folder) and returns a list of sentences, one for each fault; an empty
list is a pass. test_guards.py runs them all, and breaks a good notebook to see each of them fail.
"""

import ast
import builtins
import itertools
import re
import sys
from graphlib import CycleError, TopologicalSorter

TAGS = {"exercise", "solution", "teacher", "slider", "measured", "comparison"}
SIZE = 1_500_000  # bytes a notebook may take, its pictures included
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

# Numbers in prose that are constants of a derivation and no results.
CONSTANTS = {"0.25": "the largest value of σ′", "2.718": "e"}

SEEDS = 10  # the fewest seeds, starts or shuffles that a comparison is made over
EXERCISE_MINUTES = (5, 12)  # an easy and a hard one


def guard(function):
    GUARDS.append(function)
    return function


GUARDS = []


# ---------------------------------------------------------------- reading a notebook


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def tags(cell):
    return set(cell.metadata.get("tags", []))


def headings(cell):
    """The levels of a markdown cell's headings, leaving out what stands in fenced code."""
    text = re.sub(r"```.*?```", "", cell.source, flags=re.S)
    return [len(marks) for marks in re.findall(r"^(#{1,6}) ", text, flags=re.M)]


def sections(notebook):
    """The cells under one heading, heading included; H4 and smaller do not begin a new section."""
    section = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and any(n <= 3 for n in headings(cell)[:1]) and section:
            yield section
            section = []
        section.append(cell)
    yield section


def output_texts(cell):
    for output in cell.get("outputs", []):
        yield output.get("text", "")
        yield from (str(v) for k, v in output.get("data", {}).items() if k.startswith("text/"))


def exercises(notebook):
    """How many there are: neighbouring `exercise` cells are one, unless a heading parts them."""
    count, before = 0, False
    for cell in notebook.cells:
        now = "exercise" in tags(cell)
        headed = cell.cell_type == "markdown" and bool(headings(cell))
        count += now and (headed or not before)
        before = now
    return count


# ---------------------------------------------------------------- the guards


@guard
def has_run_in_order(notebook):
    """nbval compares nothing in a cell without a number, so each must have its own."""
    counts = [cell.execution_count for cell in code_cells(notebook)]
    if counts == list(range(1, len(counts) + 1)):
        return []
    return [f"the code cells were run as {counts}, not as 1 to {len(counts)}"]


@guard
def marks_stand_alone(notebook):
    """`# on paper` and `# needs torch` are the whole first line; code behind them never runs."""
    marks = re.compile(r"# (on paper|needs [a-z]+)(?P<behind>.*)")
    found = [(cell, marks.match(cell.source.split("\n")[0])) for cell in code_cells(notebook)]
    return [
        f"cell '{cell.id}': {mark['behind']!r} stands in the line of its mark"
        for cell, mark in found
        if mark and mark["behind"]
    ]


@guard
def has_no_error_output(notebook):
    return [
        f"cell '{cell.id}' shows {output.get('name') or output.get('ename')}"
        for cell in code_cells(notebook)
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


@guard
def has_one_title(notebook):
    number = sum(headings(cell).count(1) for cell in prose(notebook))
    return [] if number == 1 else [f"there are {number} first-level headings, not one"]


@guard
def skips_no_heading(notebook):
    levels = [level for cell in prose(notebook) for level in headings(cell)]
    return [
        f"a heading of level {after} follows one of level {before}"
        for before, after in itertools.pairwise([0, *levels])
        if after > before + 1
    ]


@guard
def describes_every_picture(notebook):
    faults = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            faults += [
                f"cell '{cell.id}' shows a picture without an alt text"
                for kind in output.get("data", {})
                if kind.startswith("image/")
                and not output.metadata.get(kind, {}).get("alt", "").strip()
            ]
        if cell.cell_type == "markdown":
            bare = re.findall(r"!\[\s*\]\(|<img(?![^>]*\balt=[\"'][^\"'])[^>]*>", cell.source)
            faults += [f"cell '{cell.id}' has a picture without an alt text" for _ in bare]
    return faults


NUMBER = re.compile(
    r"(?<![\w.])(?P<digits>\d+\.\d{2,}|\d+(?:\.\d+)?(?=\s?\\?%))(?P<percent>\s?\\?%)?"
    r"(?:\s?(?:\\times|·|×|\\cdot)\s?10\^?\{?(?P<exponent>[-−]?\d+)\}?)?(?!\w|\.\d)"
)
SHOWN = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?", flags=re.I)


@guard
def quotes_only_what_is_shown(notebook):
    """A result in prose (two decimals or more, or a percentage) stands in its section's code or
    output, to the digits quoted. A percentage may stand there as a fraction."""
    faults = []
    for section in sections(notebook):
        shown = [
            float(number)
            for cell in section
            if cell.cell_type == "code"
            for text in (re.sub(r"#.*", "", cell.source), *output_texts(cell))
            for number in SHOWN.findall(text)
        ]
        for cell in section:
            if cell.cell_type != "markdown" or "teacher" in tags(cell):
                continue
            for match in NUMBER.finditer(cell.source):
                digits, percent, exponent = match.group("digits", "percent", "exponent")
                if digits + ("%" if percent else "") in CONSTANTS:
                    continue
                places = len(digits.partition(".")[2])
                scale = 10.0 ** -int((exponent or "0").replace("−", "-"))
                scales = (scale, 100 * scale) if percent else (scale,)
                if not any(round(v * s, places) == float(digits) for v in shown for s in scales):
                    faults.append(
                        f"cell '{cell.id}' quotes {match[0]}, which its section does not show"
                    )
    return faults


MACHINE = re.compile(r"(?<![\w.:/-])/(home|root|work|tmp|Users|usr|opt|var)/\w|[A-Za-z]:\\+Users")


@guard
def names_no_machine(notebook):
    faults = []
    for cell in notebook.cells:
        for text in (cell.source, *output_texts(cell)):
            found = MACHINE.search(text)
            faults += [f"cell '{cell.id}' holds a machine's path, {found[0]}…"] if found else []
    return faults


@guard
def prints_no_address(notebook):
    """An address differs from run to run, so that the file would, too."""
    return [
        f"cell '{cell.id}' prints an object's address: end it with plt.show() or a name"
        for cell in code_cells(notebook)
        if any(re.search(r"\bat 0x[0-9a-fA-F]+", text) for text in output_texts(cell))
    ]


@guard
def knows_its_tags(notebook):
    """Also keeps out nbval's tags and comments, which would take a cell out of the comparison."""
    faults = []
    for cell in notebook.cells:
        faults += [f"cell '{cell.id}' has the unknown tag {tag}" for tag in tags(cell) - TAGS]
        if re.search(r"^\s*#\s*(NBVAL_|PYTEST_VALIDATE)", cell.source, flags=re.M):
            faults.append(f"cell '{cell.id}' holds a comment that turns nbval off")
    return faults


@guard
def collapses_solutions(notebook):
    hidden = {"source_hidden": True, "outputs_hidden": True}
    return [
        f"the solution '{cell.id}' is not collapsed"
        for cell in code_cells(notebook)
        if "solution" in tags(cell) and dict(cell.metadata.get("jupyter", {})) != hidden
    ]


@guard
def hides_solutions_well(notebook):
    """JupyterLab shows the first line of a collapsed cell: a solution begins with a comment."""
    return [
        f"the solution '{cell.id}' shows its first line even when collapsed: begin with a comment"
        for cell in code_cells(notebook)
        if "solution" in tags(cell) and not cell.source.startswith("#")
    ]


@guard
def needs_no_exercise(notebook):
    """No plain cell reads a name that only exercises and solutions above it have bound."""
    plain, practice, faults = set(dir(builtins)), {}, []
    for cell in code_cells(notebook):
        bound, read = names(cell.source)
        if tags(cell) & {"exercise", "solution"}:
            practice.update({name: cell.id for name in bound})
        else:
            faults += [
                f"cell '{cell.id}' uses {name}, which comes from '{practice[name]}'"
                for name in sorted(read - bound - plain)
                if name in practice
            ]
            plain |= bound
    return faults


def names(source):
    """The names that a cell binds and those that it reads, wherever in the cell."""
    tree = ast.parse(re.sub(r"^\s*[%!].*", "", source, flags=re.M))
    bound, read = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    return bound, read


def lengths_of_loops(source, constants):
    """How often each loop over `range(...)` in this code runs, where that can be read off."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.For | ast.comprehension):
            walked = node.iter
            if isinstance(walked, ast.Call) and ast.unparse(walked.func) == "range":
                bounds = [constants.get(ast.unparse(a), a) for a in walked.args]
                if all(isinstance(b, ast.Constant) for b in bounds):
                    found.append(len(range(*(b.value for b in bounds))))
    return found


@guard
def compares_over_enough_seeds(notebook):
    """A `comparison` says what it compares, and loops over its seeds or names a proof."""
    faults, constants = [], {}
    for cell in code_cells(notebook):
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:  # a cell with a magic compares nothing
            continue
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                constants |= {ast.unparse(target): node.value for target in node.targets}
        claim = cell.metadata.get("comparison")
        if (claim is not None) != ("comparison" in tags(cell)):
            faults.append(f"{cell.id}: the tag `comparison` and its metadata go together")
        if claim is None:
            continue
        if not claim.get("what"):
            faults.append(f"{cell.id}: its comparison does not say what it compares")
        if claim.get("proof"):
            continue
        seeds = claim.get("seeds", 0)
        if seeds < SEEDS:
            faults.append(f"{cell.id}: compares over {seeds} seeds, fewer than {SEEDS}")
        if seeds not in lengths_of_loops(cell.source, constants):
            faults.append(f"{cell.id}: says {seeds} seeds, and no loop over range has as many")
    return faults


@guard
def is_a_plain_notebook(notebook):
    faults = []
    if dict(notebook.metadata.get("kernelspec", {})) != KERNEL:
        faults.append(f"its kernel is {dict(notebook.metadata.get('kernelspec', {}))}")
    ids = [cell.id for cell in notebook.cells]
    faults += [
        f"the id '{i}' is no readable slug" for i in ids if not re.fullmatch(r"[a-z0-9-]+", i)
    ]
    faults += [f"the id '{i}' occurs twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
    faults += [
        f"code cell '{cell.id}' is empty" for cell in code_cells(notebook) if not cell.source
    ]
    return faults


def minutes(notebook):
    """The least and the most: words/150, one for a code cell, 5 to 12 for an exercise."""
    cells = [c for c in notebook.cells if not tags(c) & {"teacher", "solution"}]
    words = sum(
        len(re.sub(r"\$\$.*?\$\$|\$.*?\$|```.*?```", " ", c.source, flags=re.S).split())
        for c in cells
        if c.cell_type == "markdown"
    )
    code = sum(c.cell_type == "code" and "exercise" not in tags(c) for c in cells)
    return [words / 150 + code + n * exercises(notebook) for n in EXERCISE_MINUTES]


@guard
def states_its_time(notebook):
    opening = "\n".join(c.source for c in prose(notebook)[:3] if "teacher" not in tags(c))
    stated = [int(n) for n in re.findall(r"(\d+) minutes", opening)]
    if not stated:
        return ["its opening does not say how many minutes it takes"]
    least, most = minutes(notebook)
    faults = [f"{n} minutes at a stretch are more than 60" for n in stated if n > 60]
    if len(stated) > 1 and "place to stop" not in opening:
        faults.append("it takes more than one sitting, and no place to stop is marked")
    if not 0.75 * least <= sum(stated) <= 1.25 * most:
        faults.append(
            f"it states {sum(stated)} minutes, the formula gives {least:.0f} to {most:.0f}"
        )
    return faults


def is_small(path):
    size = path.stat().st_size
    return [] if size <= SIZE else [f"{path.name} has {size:,} bytes, more than {SIZE:,}"]


# ---------------------------------------------------------------- nnlib's files

# The lowest layer that may import it.
HEAVY = {
    "matplotlib": "plots",
    "PIL": "plots",
    "IPython": "plots",
    "anywidget": "widgets",
    "traitlets": "widgets",
}
LATE = {"sklearn", "tqdm", "torch"}  # imported only inside the function that needs it
READ_THESE = ["functional", "layers", "losses", "network", "optim", "train", "gradcheck", "conv"]
LINES = dict.fromkeys(READ_THESE, 250) | {"autodiff": 150}


def layers(text):
    """CONTRIBUTING.md's list of layers, from the top down: a list of sets of names of modules.

    Each row names modules, then, after two spaces, says what they are for. Each may import from the
    rows below its own; a row's modules do not know one another.
    """
    block = re.search(r"```layers\n(.*?)```", text, flags=re.S).group(1)
    rows = [re.split(r"\s{2,}", line)[0].split() for line in block.splitlines()]
    return [{name.rstrip("/") for name in row} for row in rows]


def imports(tree, package):
    """Pairs (full name of what is imported, at the top of the file?) for every import in a file."""
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*base, *filter(None, [node.module])])
            found = [f"{base}.{a.name}" for a in node.names] if base == "nnlib" else [base]
        else:
            continue
        yield from ((name, id(node) in top) for name in found)


def layering(folder, layers):
    """Imports that do not run downward, and files that stand in no layer."""
    row = {name: n for n, names in enumerate(layers) for name in names}
    faults = []
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder)
        module = place.parts[0].removesuffix(".py")  # a folder is one module
        if module == "__init__":
            continue
        if module not in row:
            faults.append(f"{place} stands in no layer: name it in CONTRIBUTING.md")
            continue
        here, package = row[module], ["nnlib", *place.parts[:-1]]
        for name, at_top in imports(ast.parse(path.read_text(encoding="utf-8")), package):
            root, _, rest = name.partition(".")
            other = rest.split(".")[0]
            if root == "nnlib":
                fine = other == module or row.get(other, -1) > here
                whole = row.get("checks", 0)  # from here upward it may be imported whole
                fine = fine or (not other and here <= whole)
            else:
                known = root == "numpy" or root in sys.stdlib_module_names | HEAVY.keys() | LATE
                fine = known and here <= row.get(HEAVY.get(root), here)
                fine = fine and not (at_top and root in LATE)
            if not fine:
                faults.append(f"{place} may not import {name}")
    return faults


def circles(folder):
    """Files of one folder that import each other, directly or through others."""
    files = {path.stem: path for path in sorted(folder.glob("*.py")) if path.stem != "__init__"}
    knows = {}
    for stem, path in files.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = []
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                own = node.module.split(".")[0] if node.module else None
                named += [own] if own else [alias.name for alias in node.names]
        knows[stem] = {name for name in named if name in files}
    try:
        tuple(TopologicalSorter(knows).static_order())
    except CycleError as error:
        return [f"{folder.name}: {' -> '.join(error.args[1])}"]
    return []


def is_short_to_read(folder):
    """The files that a learner opens the folder for stay short."""
    faults = []
    for name, most in LINES.items():
        path = folder / f"{name}.py"
        n = len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0
        faults += [f"{path.name} has {n} lines, more than {most}"] if n > most else []
    return faults
