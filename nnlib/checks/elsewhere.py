"""What a check reads off a learner's function, and one that runs in another process.

A check in a notebook is handed the function itself. A grader (`nnlib/grade`) is handed an
`Elsewhere`: its calls go to the process of the learner, and what can be read off a function was
read off there, by the same three functions.
"""

import dis
import inspect


class Elsewhere:
    """`call(*arguments)` runs the function; the rest describes it."""

    def __init__(self, call, name="...", placeholder=False, given=False, names=(), parameters=None):
        self.call, self.__name__ = call, name
        self.placeholder = placeholder  # its body is `...`
        self.given = given  # it is the faulty function of the exercise, as it was found
        self.names = frozenset(names)  # the names in it, and in the learner's functions it calls
        if parameters is not None:
            self.__signature__ = inspect.Signature(parameters)

    def __call__(self, *arguments):
        return self.call(*arguments)

    def __deepcopy__(self, memo):
        return self


def is_empty(function):
    """True where the body is `...`, `pass` or a docstring alone."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = [
        (step.opname, step.argval)
        for step in dis.get_instructions(code)
        if step.opname not in ("RESUME", "NOP", "COPY_FREE_VARS")
    ]
    return steps in (
        [("LOAD_CONST", None), ("RETURN_VALUE", None)],
        [("RETURN_CONST", None)],
    )


def names_in(function, deep=2):
    """The names in a function, and in those of the learner's that it calls."""
    codes, found = [getattr(function, "__code__", None)], set()
    while codes:
        code = codes.pop()
        if hasattr(code, "co_names"):
            found |= {*code.co_names}
            codes += code.co_consts
    space = getattr(function, "__globals__", {})
    for helper in [space.get(name) for name in found] if deep else []:
        if hasattr(helper, "__code__"):
            found = found | names_in(helper, deep - 1)
    return found


def is_made_by(source, function):
    """True where the source defines this very function: code, constants and names."""
    code, space = getattr(function, "__code__", None), {}
    if not source or code is None:
        return False
    exec(compile(source, "<given>", "exec"), space)
    (given,) = (f.__code__ for f in space.values() if hasattr(f, "__code__"))
    parts = "co_code", "co_consts", "co_names", "co_varnames"
    return all(getattr(code, part) == getattr(given, part) for part in parts)
