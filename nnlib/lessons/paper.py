"""Arithmetic as on paper: a cell that starts with `# on paper` shows its lines with their numbers.

    %load_ext nnlib.lessons.paper

    # on paper
    z_1 = x_1*w_11 + b_1

runs as always, and then shows z₁ = x₁·w₁₁ + b₁ = 0.9·0.9 + (−0.3) = 0.51. Formula and numbers are
read off the line that ran, so they cannot disagree with it.
"""

import ast
import sys

MARK = "# on paper"
DECIMALS = 4
ONE_ROW = 110  # characters of LaTeX that fit side by side

# how tightly each operation binds: a weaker one inside a stronger one needs brackets
BINDING = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.USub: 2, ast.Pow: 4}
FUNCTIONS = {"log": r"\log", "max": r"\max"}
ATOM = 5


class NotArithmetic(ValueError):
    """A line that paper cannot show: it says which, and what would do."""


def calculate(source, names):
    """Run each line `name = arithmetic`; yield its LaTeX and its plain text.

    `names` is the dict of values: read from, and assigned to.
    """
    for statement in ast.parse(source).body:
        line = ast.unparse(statement)
        if not (isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)):
            raise NotArithmetic(f"Each line is `name = arithmetic`, got: {line}")
        formula = latex(statement.value, _symbol)
        numbers = latex(statement.value, lambda name: _number(names[name]))
        name = statement.targets[0].id
        value = names[name] = float(eval(ast.unparse(statement.value), names))
        steps = list(dict.fromkeys([formula, numbers.removeprefix("+")]))
        equals = "=" if abs(value - round(value, DECIMALS)) < 1e-9 else r"\approx"
        result = _number(value, bracket=False)
        if steps[-1] == result:
            steps.pop()
        chain = [f"= {step}" for step in steps] + [f"{equals} {result}"]
        plain = "=" if equals == "=" else "≈"
        yield _symbol(name), chain, f"{line} {plain} {result}"


def latex(node, leaf, inside=0):
    """The LaTeX of an expression; `leaf` gives that of a name, its symbol or its number."""
    kind = type(getattr(node, "op", None))
    if isinstance(node, ast.Name):
        text, binding = leaf(node.id), ATOM
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        text, binding = _number(node.value), ATOM
    elif isinstance(node, ast.BinOp) and kind is ast.Div:
        return rf"\frac{{{latex(node.left, leaf)}}}{{{latex(node.right, leaf)}}}"
    elif isinstance(node, ast.BinOp) and kind is ast.Pow:
        binding = BINDING[kind]
        text = f"{latex(node.left, leaf, ATOM)}^{{{latex(node.right, leaf)}}}"
    elif isinstance(node, ast.BinOp) and kind in BINDING:
        binding = BINDING[kind]
        sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: r"\cdot"}[kind]
        right = latex(node.right, leaf, binding + (kind is ast.Sub))
        text = f"{latex(node.left, leaf, binding)} {sign} {right}"
    elif isinstance(node, ast.UnaryOp) and kind is ast.USub:
        text, binding = f"-{latex(node.operand, leaf, BINDING[kind])}", BINDING[ast.Add]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _call(node, leaf)
    else:
        shown = "Only + - * / ** and exp, log, max can be shown"
        raise NotArithmetic(f"{shown}, got: {ast.unparse(node)}")
    return rf"\left({text}\right)" if binding < inside else text


def _call(node, leaf):
    inner = ", ".join(latex(each, leaf) for each in node.args)
    if node.func.id == "exp":
        return f"e^{{{inner}}}"
    if node.func.id not in FUNCTIONS:
        raise NotArithmetic(f"Only exp, log and max can be shown, got: {ast.unparse(node)}")
    return rf"{FUNCTIONS[node.func.id]}\left({inner}\right)"


def _symbol(name):
    """x_11 as x with the index 11; the d of a gradient, as in dz_1, stands upright."""
    stem, _, index = name.partition("_")
    if len(stem) > 1 and stem[0] == "d":
        stem = r"\mathrm{d}" + stem[1:]
    elif len(stem) > 1:
        stem = rf"\mathrm{{{stem}}}"
    if index and not index.isdigit():
        index = r"\mathrm{" + index.replace("_", r"\,") + "}"
    return f"{stem}_{{{index}}}" if index else stem


def _number(value, bracket=True):
    """At most four decimals, no trailing zeros; a negative one in brackets inside a formula."""
    text = f"{float(value):.{DECIMALS}f}".rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return f"({text})" if bracket and text.startswith("-") else text


def load_ipython_extension(shell):
    """What `%load_ext nnlib.lessons.paper` does: show the cells that start with `# on paper`."""
    from IPython.display import display

    before = {}

    def remember(info):
        before.clear()
        if info.raw_cell and info.raw_cell.startswith(MARK):
            before.update(shell.user_ns)

    def show(result):
        if not before or not result.success:
            return
        try:
            lines = list(calculate(result.info.raw_cell, dict(before)))
        except NotArithmetic as cause:
            print(cause, file=sys.stderr)  # a notebook with such an output is refused
            return
        rows = []
        for name, chain, _ in lines:
            text = " ".join(chain)
            if len(text) > ONE_ROW:  # the formula in one row, the numbers below it
                text = chain[0] + r" \\ &" + " ".join(chain[1:])
            rows.append(f"{name} &{text}")
        body = r" \\[4pt] ".join(rows)
        plain = "\n".join(plain for *_, plain in lines)
        latex = rf"$$\begin{{aligned}}{body}\end{{aligned}}$$"
        display({"text/latex": latex, "text/plain": plain}, raw=True)

    shell.events.register("pre_run_cell", remember)
    shell.events.register("post_run_cell", show)
