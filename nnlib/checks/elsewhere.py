"""A learner's function that runs in another process: what a check has to know of it.

A check in a notebook is handed the function itself. A grader (`nnlib/grade`) is handed this: its
calls go to the process of the learner, and what can be read off a function was read off there.
"""

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
