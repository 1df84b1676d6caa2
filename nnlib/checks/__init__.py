"""Checks of the exercises: they say what is wrong, not only that something is.

    from nnlib import checks

    checks.softmax(my_softmax)             # the verdict and the first hint
    checks.softmax(my_softmax, hint=3)     # all three: what is off, where to look, the fix

The exercises and the known mistakes are data: `exercises/*.toml`, core.toml first, then one file a
notebook (nb02.toml, ...). No Python has to be written to add one.

An exercise
-----------

    [exercise.softmax]                     # learners type checks.softmax(...)
    signature = "softmax(Z)"
    solution = '''
    def softmax(Z):
        shifted = Z - Z.max(axis=1, keepdims=True)
        E = np.exp(shifted)
        total = E.sum(axis=1, keepdims=True)
        return E / total
    '''
    cases = "scores"                       # its inputs
    returns = ["P"]                        # names of what it returns, in order

Write the solution so that faults that are independent stand on lines of their own
(`dZ = P - Y`, then `dZ = dZ / N`): then two at once are recognised, too. It may use `np`, `nn`
(nnlib) and `math`.

`cases` names a generator of cases.py, or is the body of one, which has an `rng` and yields tuples
of arguments, or Cases with their sizes and what is special about them:

    cases = '''
    for N, D in (5, 4), (3, 3), (1, 2):
        yield Case((rng.normal(size=(N, D)),), {"N": N, "D": D})
    yield Case((np.full((2, 3), 1000.0),), {"N": 2, "D": 3}, "very large numbers")
    '''

`beside="a note"` in a Case: where another answer is right, too, and gets that note.

Inputs should hide nothing: N = 5 examples, no square shape but one, both signs, the first label
and the last. The sizes let a wrong factor be named ("N times too large").

Optional: `begin` (three hints for one who has not begun: `checks.softmax(..., hint=1)`), `hints`
(three, for numbers that are off and that nothing explains; `{name}` and `{example}` are filled in),
`given` (the faulty source of an exercise that asks for a fix; unchanged, it is not an attempt),
`play` (a player of cases.py, which turns what comes back into what is compared, such as "epochs"
for mini-batches), `tolerance` (relative, 1e-6), `may_change = ["params"]` (arguments that the
function may change in place), `fresh = true` (what is returned must not share memory with an
argument), `without = {exp = "…"}` (a name that the task does without, and the note for an answer
that is right with it), and `off` (hints for an output that no known mistake explains):

    [exercise.minibatches.off]
    pairs = ["what is off", "where to look", "the fix"]

A mistake
---------

    [[mistake]]
    id = "softmax-axis0"
    exercise = "softmax"                   # or a list of exercises that hold the line
    right = "total = E.sum(axis=1, keepdims=True)"    # a line of the solution, without indent
    wrong = "total = E.sum(axis=0)"        # what stands there instead; '''several lines''' are fine
    hints = [
        "What is off, in at most two sentences.",     # the first one stands on its own
        "Where to look.",
        "The fix.",
    ]
    symptom = "what the learner sees when nobody tells"
    evidence = "where it was seen"

- `wrong = ["one way", "another"]`: several ways to make the same mistake.
- `right = ["line a", "line b"]` and `wrong = [["wrong a", "wrong b"]]`: one mistake on two lines.
- A second row of the same id, for another exercise, may leave out hints, symptom and evidence.
- `free = true`: the wrong line holds an unknown number `c`, in which the answers are linear
  (a learning rate that the learner chose).
- `harmless = true`: the row is another right answer, and its first hint is said as a note.
- `effect = "grows"` in place of right and wrong: recognised by what is measured; the effects, and
  what is said about them otherwise, stand in effects.toml.
- Where two mistakes give the same answers, the row that comes first is named.

A number, typed by the learner
------------------------------

    [exercise.first_z]
    kind = "number"
    setup = '''
    fruit = nn.data.fruit()
    x, w, b = fruit.X[0], fruit.W1[:, 0], fruit.b1[0]
    '''
    answer = "x @ w + b"                   # an expression; a list of them for several numbers
    names = ["z_1"]
    tolerance = 0.005                      # absolute here: half of the last place that is asked for
    rounding = 0.02                        # "rounding, fine": this far at most, and no further than
                                           # one unit of the last digit that was typed

    [[mistake]]
    id = "forgot-b"
    exercise = "first_z"
    wrong = "x @ w"                        # an expression; a list of them: several ways
    hints = ["You forgot b.", "...", "..."]

`checks.first_z(0.25)`; several numbers are given one after the other, `checks.both(0.25, 0.5)`. In
`wrong` of an exercise with several numbers, an expression that is a tuple stands for all of them,
and `{z_1 = "x @ w"}` for one. The setup may depend on keywords, `checks.first_z(0.25, seed=3)`:
`keywords = {seed = 0}` names them with their defaults, and the setup uses `seed`.

A choice
--------

    [exercise.which_line]
    kind = "choice"
    options = ["a", "b", "c"]
    answer = "b"
    why = "said when it is right"          # also for functions and numbers

    [[mistake]]
    id = "which-line-a"
    exercise = "which_line"
    wrong = "a"
    hints = ["...", "...", "..."]

Capital letters and quotes make no difference: "B" is b, "3" is 3. `hints` (three) in an exercise
of these two kinds are said when no mistake explains the answer; for numbers, `{name}` is filled in.
`begin` may stand here, too.
"""

import difflib

from . import catalogue as _catalogue


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(name)
    known = _catalogue.exercises()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        mean = f" Do you mean checks.{near[0]}?" if near else ""
        raise AttributeError(f"There is no check {name!r}.{mean} dir(checks) lists all of them.")
    from .judge import Check

    check = Check(known[name])
    globals()[name] = check
    return check


def __dir__():
    return sorted(_catalogue.exercises())
