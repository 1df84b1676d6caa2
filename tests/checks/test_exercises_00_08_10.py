"""The exercises of notebooks 00, 08 and 10 as a learner does them, in the notebooks' own cells.

First the cells as they stand: "Not attempted yet." Then likely wrong answers in the answer cell,
each with the mistake that the check must name (or, where none is known, a word of its first hint).
A hint more, and another; then an answer that is right.
"""

import re
from functools import lru_cache

import numpy as np
import pytest

import nnlib as nn
from nnlib import checks
from tools.notebooks import FOLDER, read, tags


@lru_cache
def cells(number):
    (path,) = FOLDER.glob(f"{number}_*.ipynb")
    return {cell.id: cell for cell in read(path).cells}


def names_00():
    X = np.array([[2, 1, 0], [0, 3, 1], [1, 1, 1], [4, 0, 2]])
    W, b = np.array([[1, 3], [2, 1], [3, 2]]), np.array([1, 0])
    return {"X": X, "W": W, "b": b, "Z": X @ W + b}


def names_08():
    space = {"np": np, "nn": nn}
    for name in "forward", "backward", "update", "train", "start":
        exec(cells("08")[name].source.partition("\n\n\nafter =")[0], space)
    space["X_xor"], space["y_xor"] = nn.data.xor()
    space["X_arms"], space["y_arms"] = nn.data.spirals(30, k=3, rng=0)
    space["by_thinking"] = space["start"](2, 2, 2, rng=0)
    return space


def names_10():
    longer = nn.History()
    longer.val_loss = [0.9, 0.7, 0.6, 0.5, 0.45, 0.4, 0.41]  # as in the notebook, lowest at 6
    y, predicted, X = np.array([0, 1, 9, 9]), np.array([0, 2, 9, 1]), np.eye(64)
    space = {"longer": longer, "y_test": y, "predicted": predicted, "X_val": X}
    return space | {"y_val": np.arange(64) % 10, "final": nn.Sequential(nn.Linear(64, 10), rng=0)}


NAMES = {"00": names_00, "08": names_08, "10": names_10}


class Learner:
    """Runs the answer cell, with an answer in place of what stands there, and the check cell."""

    def __init__(self, number, answer_cell, check_cell):
        self.answer, self.check = (cells(number)[id] for id in (answer_cell, check_cell))
        self.space = NAMES[number]() | {"np": np, "nn": nn, "checks": checks}

    def tries(self, answer=None, hint=None):
        exec(self.answer.source if answer is None else answer, self.space)
        line = self.check.source
        return eval(line if hint is None else f"{line[:-1]}, hint={hint})", self.space)


def one(expression):
    """A function of the exercise in one line."""
    return lambda signature: f"def {signature}:\n    return {expression}"


def body(text):
    """A function of the exercise in several lines."""
    return lambda signature: (
        f"def {signature}:\n" + "\n".join("    " + line for line in text.strip("\n").splitlines())
    )


UPDATE = "update_mended(params, grads, lr)"
FORWARD = "forward_deep(params, X)"
BACKWARD = "backward_deep(params, X, Y, Z1, A1, Z2, A2, P)"
HOLD, STOP, MATRIX, TOP2 = (
    "hold_out(y, share)",
    "stop_at(val_losses, patience)",
    "confusion_matrix(y, predicted, K)",
    "top2_accuracy(P, y)",
)

LAYERS = """
Z1 = X @ params["W1"] + params["b1"]
A1 = np.maximum(0, Z1)
Z2 = A1 @ params["W2"] + params["b2"]
A2 = np.maximum(0, Z2)
P = nn.softmax(A2 @ params["W3"] + params["b3"])
return Z1, A1, Z2, A2, P
"""
ROUNDS = """
dZ3 = (P - Y) / len(X)
dZ2 = dZ3 @ params["W3"].T * (Z2 > 0)
dZ1 = dZ2 @ params["W2"].T * (A1 > 0)
dW3, db3 = A2.T @ dZ3, dZ3.sum(axis=0)
dW2, db2 = A1.T @ dZ2, dZ2.sum(axis=0)
dW1, db1 = X.T @ dZ1, dZ1.sum(axis=0)
return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}
"""
BY_CLASS = """
held = np.zeros(len(y), dtype=bool)
for k in np.unique(y):
    rows = np.flatnonzero(y == k)
    held[rows[: round(share * len(rows))]] = True
return held
"""
WAITING = """
best, kept, waited = float("inf"), 0, 0
for epoch, now in enumerate(val_losses, start=1):
    waited += 1
    if now < best:
        best, kept, waited = now, epoch, 0
    if waited == patience:
        break
return kept, epoch
"""
PAIRS = """
C = np.zeros((K, K))
for n in range(len(y)):
    C[y[n], predicted[n]] += 1
return C
"""


def but(text, *changes):
    """The right answer with some words replaced."""
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return body(text)


# (notebook, exercise, answer cell, check cell, signature or names, wrong answers, right answers)
EXERCISES = [
    (
        "00", "product_shape", "exercise-1-answer", "exercise-1-check", "answer_1 = {}",
        [
            ("(4, 5)", "shape-order"),
            ("(3, 3)", "shape-inner-kept"),
            ("(5, 3)", "shape-one-inner-kept"),
            ("(3, 4)", "shape-one-inner-kept"),
            ("(3, 5)", "shape-one-inner-kept"),
            ("20", "shape-no-pair"),
            ("(5, 3, 3, 4)", "shape-no-pair"),
            ("(7, 8)", "two disappear"),
            ("'(5, 4)'", "text"),
            ("('5', '4')", "text"),
        ],
        ["(5, 4)", "5, 4", "[5, 4]", "(np.ones((5, 3)) @ np.ones((3, 4))).shape"],
    ),
    (
        "00", "takings", "exercise-2-answer", "exercise-2-check", "answer_2 = {}",
        [
            ("Z.sum(axis=1)", "takings-other-axis"),
            ("(X @ W).sum(axis=0)", "takings-no-delivery"),
            ("X.sum(axis=0) @ W", "takings-no-delivery"),
            ("X.sum(axis=0) @ W + b", "takings-delivery-once"),
            ("Z.sum()", "takings-one-number"),
            ("Z", "takings-not-summed"),
            ("Z.mean(axis=0)", "takings-mean"),
            ("X.sum(axis=0)", "shape (3,)"),
            ("Z.max(axis=0)", "Add up the columns"),
            ("'33 and 34'", "text"),
        ],
        ["Z.sum(axis=0)", "Z[:, 0].sum(), Z[:, 1].sum()", "[33, 34]", "sum(Z)", "np.ones(4) @ Z"],
    ),
    (
        "08", "zero_start", "exercise-1-answer", "exercise-1-check", "answer_1 = {}",
        [
            ("0.5", "zero-start-probability"),
            ("0", "zero-start-learns"),
            ("0.01", "zero-start-learns"),
            ("-0.69", "zero-start-sign"),
            ("np.log(0.5)", "zero-start-sign"),
            ("-np.log(0.25)", "zero-start-four-classes"),
            ("2.77", "zero-start-summed"),
            ("1.0", "zero-start-other-log"),
            ("0.3", "zero-start-other-log"),
            ("0.6", "Begin with A1"),
            ("'0.69'", "text"),
        ],
        ["0.69", "0.693", "0.7", "-np.log(0.5)", "np.array(0.6931)"],
    ),
    (
        "08", "update_mended", "exercise-2-answer", "exercise-2-check", UPDATE,
        [
            (
                body("for k in params:\n    params[k] = params[k] - lr * grads[k]\nreturn params"),
                "update-same-dictionary",
            ),
            (
                body("for k, g in grads.items():\n    params[k] -= lr * g\nreturn params"),
                "update-in-place",
            ),
            (
                body(
                    "for k in params:\n    params[k] = params[k] - lr * grads[k]\n"
                    "return params.copy()"
                ),
                "has changed its argument params",
            ),
            (
                body("new = params.copy()\nfor k in new:\n    new[k] -= lr * grads[k]\nreturn new"),
                "update-shallow-copy",
            ),
            (one("{k: params[k] + lr * grads[k] for k in params}"), "update-uphill"),
            (one("{k: params[k] - grads[k] for k in params}"), "update-without-lr"),
            (one("{k: lr * grads[k] for k in params}"), "update-step-alone"),
            (one("params.copy()"), "update-nothing-moves"),
            (one("[params[k] - lr * grads[k] for k in params][0]"), "update-names-missing"),
            (body("for k in params:\n    return {k: params[k] - lr * grads[k]}"),
             "update-names-missing"),
            (body("new = {k: params[k] - lr * grads[k] for k in params}"),
             "update-nothing-returned"),
            (one("{k: params[k] - lr * lr * grads[k] for k in params}"), "old W1 is lr times"),
        ],
        [
            one("{k: params[k] - lr * grads[k] for k in params}"),
            body(
                "import copy\nnew = copy.deepcopy(params)\nfor k in new:\n"
                "    new[k] -= lr * grads[k]\nreturn new"
            ),
            body(
                "new = {}\nfor k in params:\n    new[k] = params[k].copy()\n"
                "    new[k] -= lr * grads[k]\nreturn new"
            ),
            body("new = params.copy()\nfor k in new:\n    new[k] = new[k] - lr * grads[k]\n"
                 "return new"),
            one("params | {k: params[k] - lr * grads[k] for k in params}"),
        ],
    ),
    (
        "08", "forward_deep", "exercise-3-answer", "exercise-3-check", FORWARD,
        [
            (but(LAYERS, ('nn.softmax(A2 @ params["W3"] + params["b3"])',
                          'A2 @ params["W3"] + params["b3"]')), "deep-no-softmax"),
            (but(LAYERS, ("A2 = np.maximum(0, Z2)", "A2 = Z2")), "deep-no-second-gate"),
            (but(LAYERS, ("softmax(A2 @", "softmax(Z2 @")), "deep-second-gate-unused"),
            (but(LAYERS, ("A1 = np.maximum(0, Z1)", "A1 = Z1")), "deep-no-first-gate"),
            (but(LAYERS, ("Z2 = A1 @", "Z2 = Z1 @")), "deep-first-gate-unused"),
            (but(LAYERS, ("softmax(A2 @", "softmax(A1 @")), "deep-layer-skipped"),
            (but(LAYERS, ("Z2 = A1 @", "Z2 = X @")), "deep-second-layer-gets-x"),
            (but(LAYERS, (' + params["b3"]', "")), "deep-no-last-bias"),
            (but(LAYERS, ("Z1, A1, Z2, A2, P\n", "P\n")), "asked for: Z1, A1, Z2, A2, P"),
            (but(LAYERS, ("Z2, A2, P\n", "A2, Z2, P\n")), "deep-order"),
            (but(LAYERS, ("A2, P\n", "A2, P.argmax(axis=1)\n")), "deep-classes-for-probabilities"),
            (but(LAYERS, ('params["b2"]', '2 * params["b2"]')),
             "Z2 is the first that is off, from the front"),
        ],
        [body(LAYERS), but(LAYERS, ("np.maximum(0, Z2)", "np.where(Z2 > 0, Z2, 0)")),
         but(LAYERS, ("np.maximum(0, Z1)", "Z1 * (Z1 > 0)")),
         body('params = {k: np.asarray(v) for k, v in params.items()}\n' + LAYERS.strip())],
    ),
    (
        "08", "backward_deep", "exercise-3-back", "exercise-3-back-check", BACKWARD,
        [
            (but(ROUNDS, (" / len(X)", "")), "deep-not-averaged"),
            (but(ROUNDS, ("len(X)", "P.shape[1]")), "deep-averaged-over-classes"),
            (but(ROUNDS, ("P - Y", "Y - P")), "deep-sign"),
            (but(ROUNDS, (" * (Z2 > 0)", "")), "deep-no-second-gate-back"),
            (but(ROUNDS, (" * (A1 > 0)", "")), "deep-no-first-gate-back"),
            (but(ROUNDS, ("= dZ2 @", '= dZ3 @ params["W3"].T @')), "deep-past-the-second-gate"),
            (but(ROUNDS, ("(Z2 > 0)", "A2")), "deep-gate-multiplies"),
            (but(ROUNDS, ("(A1 > 0)", "np.maximum(0, Z1)")), "deep-first-gate-multiplies"),
            (but(ROUNDS, ("(Z2 > 0)", "(Z1 > 0)")), "deep-wrong-gate"),
            (but(ROUNDS, ('params["W3"].T', 'params["W3"]')), "deep-no-transpose"),
            (but(ROUNDS, ('params["W2"].T', 'params["W2"]')), "deep-no-transpose-first"),
            (but(ROUNDS, ("A2.T @ dZ3", "Z2.T @ dZ3")), "deep-z-for-a"),
            (but(ROUNDS, ("A1.T @ dZ2", "Z1.T @ dZ2")), "deep-z-for-first-a"),
            (but(ROUNDS, ("A2.T @ dZ3", "A1.T @ dZ3"), ("A1.T @ dZ2", "X.T @ dZ2")),
             "deep-wrong-input"),
            (but(ROUNDS, ("A2.T @ dZ3", "dZ3.T @ A2"), ("A1.T @ dZ2", "dZ2.T @ A1"),
                 ("X.T @ dZ1", "dZ1.T @ X")), "deep-product-turned"),
            (but(ROUNDS, (".sum(axis=0)", ".mean(axis=0)")), "deep-bias-mean"),
            (but(ROUNDS, ("db3 = A2.T @ dZ3, dZ3.sum(axis=0)", "db3 = A2.T @ dZ3, dZ3")),
             "b3 has the shape (5, 6), and (6,) is asked for"),
            (but(ROUNDS, ('"W1": dW1, "b1": db1, ', "")), "asked for: b3, W3, b2, W2, b1, W1"),
            (but(ROUNDS, ("(Z2 > 0)", "(Z2 < 0)")), "b2 is the first that is off, from the back"),
        ],
        [body(ROUNDS), but(ROUNDS, ("(Z2 > 0)", "np.sign(A2)")),
         but(ROUNDS, ("A2.T @ dZ3", 'np.einsum("nh,nk->hk", A2, dZ3)')),
         but(ROUNDS, ("dZ1.sum(axis=0)", "np.ones(len(X)) @ dZ1"))],
    ),
    (
        "10", "two_shares", "exercise-read-answer", "exercise-read-check",
        "right_share, lemon_share = {}",
        [
            ("52 / 60, 14 / 15", "share-of-a-column"),
            ("52, 0.7", "share-above-1"),
            ("86.7, 70", "share-above-1"),
            ("0.87, 14", "share-above-1"),
            ("8 / 60, 0.7", "share-of-the-wrong-ones"),
            ("0.87, 14 / 60", "share-of-all-fruits"),
            ("0.87, 0.6", "lemon_share is another share"),
            ("0.8, 0.7", "right_share is another share"),
            ("0.87, '70 %'", "lemon_share is no number, but text"),
        ],
        ["52 / 60, 14 / 20", "0.87, 0.7", "0.867, 0.70"],
    ),
    (
        "10", "hold_out", "exercise-hold-answer", "exercise-hold-check", HOLD,
        [
            (but(BY_CLASS, ("np.flatnonzero(y == k)", "np.arange(len(y))")),
             "hold-out-not-by-class"),
            (one("np.arange(len(y)) < round(share * len(y))"), "hold-out-not-by-class"),
            (but(BY_CLASS, ("share * len(rows)", "share * len(y)")), "hold-out-share-of-all"),
            (but(BY_CLASS, ("round(", "int(")), "hold-out-rounded-down"),
            (but(BY_CLASS, ("round(share * len(rows))", "int(np.ceil(share * len(rows)))")),
             "hold-out-rounded-up"),
            (but(BY_CLASS, ("round(share * len(rows))", "int(share * len(rows) + 0.5)")),
             "hold-out-half-up"),
            (but(BY_CLASS, ("round(share * len(rows))", "max(1, round(share * len(rows)))")),
             "hold-out-at-least-one"),
            (but(BY_CLASS, ("[: round(share * len(rows))]", "[round(share * len(rows)) :]")),
             "hold-out-the-rest"),
            (but(BY_CLASS, ("rows[: round", "rows[::-1][: round")), "hold-out-last-rows"),
            (but(BY_CLASS, ("return held", "return np.flatnonzero(held)")), "hold-out-positions"),
            (but(BY_CLASS, ("np.unique(y)", "range(len(np.unique(y)))")),
             "hold-out-classes-counted"),
            (but(BY_CLASS, ("np.unique(y)", "set(y[1:].tolist()) - {y[0]}")),
             "Other rows should be held out"),
        ],
        [
            body(BY_CLASS),
            one("np.array([np.sum(y[:n] == y[n]) < round(share * np.sum(y == y[n])) "
                "for n in range(len(y))])"),
        ],
    ),
    (
        "10", "stop_at", "exercise-stop-answer", "exercise-stop-check", STOP,
        [
            (but(WAITING, ("waited == patience", "waited == 1")), "stop-at-first-rise"),
            (one("1 + int(np.argmin(val_losses)), len(val_losses)"), "stop-never"),
            (body("kept = 1 + int(np.argmin(val_losses))\nreturn kept, kept + patience"),
             "stop-lowest-of-all"),
            (body("kept, waited = 1, 0\nfor n in range(1, len(val_losses)):\n"
                  "    if val_losses[n] < min(val_losses[:n]):\n        kept = n + 1\n"
                  "    waited = 0 if val_losses[n] < val_losses[n - 1] else waited + 1\n"
                  "    if waited == patience:\n        return kept, n + 1\n"
                  "return kept, len(val_losses)"), "stop-compares-with-the-epoch-before"),
            (but(WAITING, ("    waited += 1\n    if now", "    if now"),
                 ("kept, waited = now, epoch, 0", "kept = now, epoch\n    else:\n"
                  "        waited += 1")), "stop-never-starts-again"),
            (but(WAITING, ("waited == patience", "waited > patience")), "stop-one-too-late"),
            (but(WAITING, ("return kept, epoch", "return kept, len(val_losses)")),
             "stop-epochs-of-the-whole-list"),
            (but(WAITING, ("now < best", "now <= best")), "stop-equal-is-lower"),
            (but(WAITING, ("now < best", "now < best - 0.001")), "stop-only-for-a-clear-drop"),
            (but(WAITING, ("start=1", "start=0")), "stop-counts-from-0"),
            (but(WAITING, ("return kept", "return epoch")), "stop-keeps-the-last"),
            (but(WAITING, ("return kept, epoch", "return epoch, kept")), "stop-exchanged"),
            (but(WAITING, ("return kept", "return best")), "stop-loss-for-epoch"),
        ],
        [body(WAITING)],
    ),
    (
        "10", "confusion_matrix", "exercise-matrix-answer", "exercise-matrix-check", MATRIX,
        [
            (but(PAIRS, ("C[y[n], predicted[n]]", "C[predicted[n], y[n]]")),
             "confusion-transposed"),
            (but(PAIRS, ("+= 1", "= 1")), "confusion-marks"),
            (body("C = np.zeros((K, K))\nC[y, predicted] += 1\nreturn C"), "confusion-marks"),
            (but(PAIRS, ("(K, K)", "(max(y) + 1, max(y) + 1)")), "confusion-sizes-of-the-data"),
            (but(PAIRS, ("\nreturn", "\n    return")), "confusion-returns-early"),
            (but(PAIRS, ("C[y[n], predicted[n]]", "C[y[n], y[n]]")), "confusion-right-ones-only"),
            (but(PAIRS, ("return C", "return C / C.sum()")), "confusion-shares"),
            (but(PAIRS, ("(K, K)", "(K + 1, K + 1)")), "(4, 4) is asked for"),
            (but(PAIRS, ("range(len(y))", "range(1, len(y))")), "The counts are off"),
        ],
        [
            body(PAIRS),
            one("np.array([[sum((y == i) & (predicted == j)) for j in range(K)] "
                "for i in range(K)])"),
            one("np.bincount(K * y + predicted, minlength=K * K).reshape(K, K)"),
            body("C = np.zeros((K, K), int)\nnp.add.at(C, (y, predicted), 1)\nreturn C"),
            one("nn.one_hot(y, K).T @ nn.one_hot(predicted, K)"),
            body("C = [[0] * K for _ in range(K)]\nfor i, j in zip(y, predicted):\n"
                 "    C[i][j] += 1\nreturn C"),
        ],
    ),
    (
        "10", "top2_accuracy", "exercise-top2-answer", "exercise-top2-check", TOP2,
        [
            (one("(P.argsort(axis=1)[:, -2:] == y[:, None]).sum()"), "top2-counts"),
            (one("(P.argmax(axis=1) == y).mean()"), "top2-first-only"),
            (one("(P.argsort(axis=1)[:, -2:] == y[:, None]).mean()"), "top2-mean-of-both"),
            (one("(P.argsort(axis=1)[:, -2] == y).mean()"), "top2-second-only"),
            (one("float((P.argsort(axis=1)[:, -2:] == y[:, None]).any())"), "top2-whole-table"),
            (one("(P.argsort(axis=1)[:, :2] == y[:, None]).any(axis=1).mean()"), "top2-smallest"),
            (one("(P.argsort(axis=1)[:, -2:] == y[:, None]).all(axis=1).mean()"), "top2-both"),
            (one("(P.argsort(axis=1)[:, :-2] == y[:, None]).any(axis=1).mean()"), "top2-misses"),
            (one("(P.argsort(axis=1)[:, -2:] == y[:, None]).any(axis=1)"),
             "a single number is asked for"),
            (one("(P.argsort(axis=1)[:, -3:] == y[:, None]).any(axis=1).mean()"),
             "Not that share"),
            (body("print((P.argsort(axis=1)[:, -2:] == y[:, None]).any(axis=1).mean())"),
             "returns nothing"),
        ],
        [
            one("(np.argsort(P, axis=1)[:, -2:] == y[:, None]).any(axis=1).mean()"),
            one("np.mean([y[n] in np.argsort(-P[n])[:2] for n in range(len(y))])"),
            one("((P > P[np.arange(len(y)), y][:, None]).sum(axis=1) < 2).mean()"),
            one("np.mean([label in sorted(range(len(p)), key=lambda k: p[k])[-2:] "
                "for p, label in zip(P, y)])"),
        ],
    ),
]  # fmt: skip

WRONG = [(*row[:5], *wrong) for row in EXERCISES for wrong in row[5]]
RIGHT = [(*row[:5], right) for row in EXERCISES for right in row[6]]


def name(rows):
    return [f"{row[1]}-{k}" for k, row in enumerate(rows)]


def source(frame, answer):
    return answer(frame) if callable(answer) else frame.format(answer)


@pytest.mark.parametrize("row", EXERCISES, ids=name(EXERCISES))
def test_as_it_stands_it_is_not_attempted_and_three_hints_help_to_begin(row, capsys):
    number, exercise, *places = row[:4]
    learner = Learner(number, *places)
    result = learner.tries()
    assert result.exercise == exercise and result.passed is None and not result.mistakes
    shown = capsys.readouterr().out
    assert "Not attempted yet. Hints to begin with: checks." in shown and "Hint 1" not in shown
    for tier in (1, 2, 3):
        assert learner.tries(hint=tier).passed is None
        shown = capsys.readouterr().out
        assert [f"Hint {n}: " in shown for n in (1, 2, 3)] == [n <= tier for n in (1, 2, 3)]
        assert ("More:" in shown) == (tier < 3)


@pytest.mark.parametrize("row", WRONG, ids=name(WRONG))
def test_a_likely_wrong_answer_is_told_what_is_off(row, capsys):
    number, exercise, *places, frame, answer, said = row
    learner = Learner(number, *places)
    result = learner.tries(source(frame, answer))
    assert result.passed is False
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", said):
        assert result.mistakes == [said], result
    else:
        assert not result.mistakes and said in result.hints[0], result
    assert len(result.hints) == 3 and all(result.hints) and "{" not in result.hints[0]
    shown = capsys.readouterr().out
    assert "Hint 1" in shown and "Hint 2" not in shown and "Traceback" not in shown
    more = re.search(r"More: (checks\..*)", shown)[1]
    again = eval(more, learner.space)  # the line that the check offers can be run as it stands
    assert again.hints == result.hints and again.tier == 2
    assert learner.tries(source(frame, answer), hint=3).passed is False
    assert "Hint 3" in capsys.readouterr().out


@pytest.mark.parametrize("row", RIGHT, ids=name(RIGHT))
def test_right_answers_in_other_styles(row):
    number, exercise, *places, frame, answer = row
    assert Learner(number, *places).tries(source(frame, answer)).passed is True


SOLUTIONS = {
    "product_shape": ("exercise-1-solution", ["shape_solution"]),
    "takings": ("exercise-2-solution", ["takings_solution"]),
    "zero_start": ("exercise-1-solution", ["losses_solution[-1]"]),
    "update_mended": ("exercise-2-solution", ["update_solution"]),
    "forward_deep": ("exercise-3-solution", ["forward_solution"]),
    "backward_deep": ("exercise-3-solution", ["backward_solution"]),
    "two_shares": ("exercise-read-solution", ["right_share_solution", "lemon_share_solution"]),
    "hold_out": ("exercise-hold-solution", ["hold_out_solution"]),
    "stop_at": ("exercise-stop-solution", ["stop_at_solution"]),
    "confusion_matrix": ("exercise-matrix-solution", ["confusion_matrix_solution"]),
    "top2_accuracy": ("exercise-top2-solution", ["top2_accuracy_solution"]),
}


@pytest.mark.parametrize("row", EXERCISES, ids=name(EXERCISES))
def test_the_notebooks_solution_passes_and_shows_nothing(row, capsys):
    """JupyterLab shows a folded cell's output once it has run: there, it would give the answer."""
    number, exercise, *places = row[:4]
    learner, (cell, answers) = Learner(number, *places), SOLUTIONS[exercise]
    learner.tries()
    capsys.readouterr()
    exec(cells(number)[cell].source, learner.space)
    assert capsys.readouterr().out == "" and not cells(number)[cell].outputs
    given = [eval(answer, learner.space) for answer in answers]
    assert getattr(checks, exercise)(*given).passed is True


def test_rounding_is_fine_and_is_told():
    assert "Rounding, fine: the loss is 0.693147" in repr(checks.zero_start(0.7))


def test_half_of_an_exercise_is_not_finished():
    result = checks.two_shares(0.87, ...)
    assert result.passed is None and result.note == "Not finished yet: lemon_share to do."
    result = checks.forward_deep(lambda params, X: (X @ params["W1"], ..., ..., ..., ...))
    assert result.passed is None and "Z2" in result.note


def test_a_given_function_that_has_been_touched_is_an_attempt():
    learner = Learner("08", "exercise-2-answer", "exercise-2-check")
    given = learner.answer.source
    assert learner.tries(given).passed is None
    assert learner.tries("# a comment\n" + given).passed is None
    result = learner.tries(given.replace("-= lr * grads[name]", "-= lr * (1 * grads[name])"))
    assert result.passed is False and result.mistakes == ["update-in-place"]


def test_two_faults_at_once():
    def forward_deep(params, X):
        Z1 = X @ params["W1"] + params["b1"]
        A1 = np.maximum(0, Z1)
        Z2 = A1 @ params["W2"] + params["b2"]
        return Z1, A1, Z2, Z2, Z2 @ params["W3"] + params["b3"]

    found = checks.forward_deep(forward_deep).mistakes
    assert set(found) == {"deep-no-second-gate", "deep-no-softmax"}

    def hold_out(y, share):
        held = np.zeros(len(y), dtype=bool)
        for k in np.unique(y):
            rows = np.flatnonzero(y == k)
            held[rows[int(share * len(rows)) :]] = True
        return held

    found = checks.hold_out(hold_out).mistakes
    assert set(found) == {"hold-out-rounded-down", "hold-out-the-rest"}


def test_every_exercise_of_these_notebooks_stands_above():
    lines = [
        (number, cell.source)
        for number in NAMES
        for cell in cells(number).values()
        if "exercise" in tags(cell) and cell.source.startswith("checks.")
    ]
    assert {(number, line.split("(")[0]) for number, line in lines} == {
        (row[0], f"checks.{row[1]}") for row in EXERCISES
    }
    assert all("\n" not in line for _, line in lines)


def test_every_known_mistake_of_these_notebooks_is_made_above():
    from nnlib.checks.catalogue import exercises

    known = {m.id for row in EXERCISES for m in exercises()[row[1]].mistakes}
    assert known - {wrong[1] for row in EXERCISES for wrong in row[5]} == NOT_MADE


# Rows that need no learner of their own: their lines are fed in test_catalogue.py.
NOT_MADE = {"deep-one-row-softmax", "deep-gate-on-scores"}
