"""A function with lines replaced, made line by line: each line is compiled once.

An exercise has up to a thousand pairs of mistakes. To compile a whole function for each of them
takes a second; to put compiled lines in a row takes next to nothing.
"""

import ast
from functools import cache, lru_cache

SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return)
ANSWER = "__answer__"


@lru_cache
def lines_of(source):
    """The lines of a function that is a plain row of one-line statements; None for any other."""
    [function] = ast.parse(source).body
    *most, last = function.body
    plain = isinstance(last, ast.Return) and all(
        isinstance(each, SIMPLE) and each.lineno == each.end_lineno for each in function.body
    )
    if not plain or any(isinstance(each, ast.Return) for each in most) or function.args.defaults:
        return None
    rows = source.splitlines()
    return tuple(rows[each.lineno - 1].strip() for each in function.body)


@cache
def compiled(text):
    """The code of some lines, which leave what they return under a name; None if they cannot."""
    tree = ast.parse(text)
    for k, statement in enumerate(tree.body):
        if isinstance(statement, ast.Return) and k == len(tree.body) - 1 and statement.value:
            name = ast.Name(ANSWER, ast.Store())
            tree.body[k] = ast.Assign([name], statement.value)
    if any(isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)) for node in ast.walk(tree)):
        return None
    return compile(ast.fix_missing_locations(tree), "<line>", "exec")


def function(source, parameters, space, replaced):
    """The function with lines replaced, or None where it has to be compiled as a whole."""
    lines = lines_of(source)
    if lines is None or any(lines.count(line) != 1 for line in replaced):
        return None
    codes = [compiled(replaced.get(line, line)) for line in lines]
    if None in codes:
        return None

    def run(*arguments):
        names = space | dict(zip(parameters, arguments, strict=True))
        for code in codes:
            exec(code, names)
        return names[ANSWER]

    return run
