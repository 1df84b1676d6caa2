"""The pass of notebook 01 on one printed page: a network with other numbers for every seed.

    sheet = pencil.Worksheet(seed=7)
    plots.show(sheet.draw())                 # empty boxes; sheet.draw(answers=True) fills them
    sheet.check(z_1=0.34, a_1=0.34)          # says "you forgot b_1", "rounding, fine", ...

Every quantity is one line of arithmetic. Its slips, the wrong answers that people give, are that
line with one thing left out or turned round.
"""

import re
from math import exp, log, log10

import matplotlib.pyplot as plt
import numpy as np

from .. import data, plots
from ..plots import theme
from ..plots.theme import lowered

ROUNDING = 0.02  # a result from numbers that were rounded to two decimals on the way
OF_A_STEP = 0.0075  # of a tenth of such a number, taken from one that is exact

LINES = {
    "z_1": "x_1*w_11 + x_2*w_21 + x_3*w_31 + b_1",
    "z_2": "x_1*w_12 + x_2*w_22 + x_3*w_32 + b_2",
    "a_1": "max(0, z_1)",
    "a_2": "max(0, z_2)",
    "s_1": "a_1*u_11 + a_2*u_21 + c_1",
    "s_2": "a_1*u_12 + a_2*u_22 + c_2",
    "s_3": "a_1*u_13 + a_2*u_23 + c_3",
    "total": "exp(s_1) + exp(s_2) + exp(s_3)",
    "p_1": "exp(s_1)/total",
    "p_2": "exp(s_2)/total",
    "p_3": "exp(s_3)/total",
    "L": "-log(p_t)",
    "ds_1": "p_1 - y_1",
    "ds_2": "p_2 - y_2",
    "ds_3": "p_3 - y_3",
    "du_11": "a_1*ds_1",
    "du_23": "a_2*ds_3",
    "da_1": "u_11*ds_1 + u_12*ds_2 + u_13*ds_3",
    "da_2": "u_21*ds_1 + u_22*ds_2 + u_23*ds_3",
    "dz_1": "da_1*(z_1 > 0)",
    "dz_2": "da_2*(z_2 > 0)",
    "dw_11": "x_1*dz_1",
    "dw_32": "x_3*dz_2",
    "w_11_new": "w_11 - 0.1*dw_11",
}
BACKWARD = "ds_1"  # the first line of the backward pass
SHOWN = {  # how a line is printed where its Python would not be read easily
    "total": "$e^{s_1} + e^{s_2} + e^{s_3}$",
    "p_1": r"$e^{s_1}$ / total",
    "p_2": r"$e^{s_2}$ / total",
    "p_3": r"$e^{s_3}$ / total",
    "L": "−ln p_TRUTH",
    "dz_1": "da_1 if z_1 > 0, else 0",
    "dz_2": "da_2 if z_2 > 0, else 0",
}
PAPER = {"a4": (8.27, 11.69), "letter": (8.5, 11.0)}  # inches


class Worksheet:
    """One student's sheet. Seed 0 is the banana of notebook 01; every other seed draws numbers.

    given   the 20 numbers that are printed: x, w, b, u, c
    right   all results, unrounded
    """

    def __init__(self, seed=0):
        self.seed = seed
        fruit = data.fruit()
        self.truth = int(fruit.y[0]) if seed == 0 else None
        tables = (fruit.X[0], fruit.W1, fruit.b1, fruit.W2, fruit.b2)
        if seed != 0:
            self.truth, tables = _drawn(np.random.default_rng(seed))
        self.tables = tables
        self.inputs, self.names = fruit.inputs, fruit.names
        self.given = _named(*tables)
        self.right = _computed(self.given, self.truth)
        self.typed = {}  # the numbers that were handed to check

    def check(self, **typed):
        """Say of each number what is right or wrong with it; `...` stands for not attempted."""
        unknown = [name for name in typed if name not in LINES]
        if unknown:
            raise ValueError(f"The sheet has no {unknown[0]}. It has: {', '.join(LINES)}.")
        if all(value is ... for value in typed.values()):
            print(f"{', '.join(typed)}: not attempted yet.")
            return
        for name, value in typed.items():
            print(f"{name}: {self.verdict(name, value)}")
        self.typed |= typed

    def right_so_far(self, name):
        """True where the number that was last handed to check for this quantity is right."""
        return self.verdict(name, self.typed.get(name, ...)).startswith("right")

    def verdict(self, name, value):
        """One sentence on a number that was typed for the quantity `name`."""
        if value is ...:
            return "not attempted yet."
        try:
            value = float(value)
        except (TypeError, ValueError):
            return "one number, please."
        right = self.right[name]
        if abs(value - right) < 5e-4:
            return "right."
        room = OF_A_STEP if name == "w_11_new" else ROUNDING * max(1.0, abs(right))
        slips = [(abs(value - slip), said) for slip, said in self.slips(name)]
        nearest, said = min(slips, default=(np.inf, ""))
        if abs(value - right) < room and abs(value - right) < 2 * nearest:
            return f"right. Rounding, fine; more exactly {right:.4f}."
        if nearest < room:
            return said
        return f"not yet. The line is {name} = {self.line(name)}."

    def line(self, name):
        """The arithmetic of a quantity, with this sheet's truth in it."""
        return LINES[name].replace("p_t", f"p_{self.truth + 1}")

    def slips(self, name):
        """(wrong value, what to say) for the wrong answers that people give."""
        values = self.given | self.right | _truth(self.truth)
        line, right = self.line(name), self.right[name]
        if " + " in line:
            for term in line.split(" + "):
                part = _value(term, values)
                if part:
                    yield right - part, f"you forgot {term}."
                    yield right - 2 * part, f"the sign of {term} is turned round."
                yield part, f"that is {term} alone: add the others."
            unweighted = " + ".join(term.split("*")[0] for term in line.split(" + "))
            if unweighted != line:
                yield _value(unweighted, values), "you forgot the weights."
        if name.startswith("a_"):
            yield values["z" + name[1:]], "the gate: what is negative becomes 0."
            yield 0.0, "the gate is open: what is positive passes unchanged."
            yield -values["z" + name[1:]], "the gate does not turn signs round: negative becomes 0."
        if name.startswith("p_"):
            yield right * values["total"], "divide by the total."
            scores = [values[f"s_{k}"] for k in (1, 2, 3)]
            yield values["s" + name[1:]] / sum(scores), "e to the power of the score comes first."
        if name == "L":
            p = values[f"p_{self.truth + 1}"]
            yield log(p), "the minus sign: a surprise is positive."
            yield -log10(p), "the natural logarithm, the key ln, not log."
            yield 1 - p, "the logarithm is missing."
            for k in (1, 2, 3):
                if k != self.truth + 1:
                    yield -log(values[f"p_{k}"]), f"the truth is {self.names[self.truth]}."
        if name.startswith("ds_"):
            p = values["p" + name[2:]]
            yield p, "minus 1, because this is the truth."
            yield p - 1, "no minus 1 here: this is not the truth."
            yield -right, "probability minus truth, not truth minus probability."
        if name.startswith("dz_"):
            yield values["da" + name[2:]], "the gate is closed: no blame passes."
            yield 0.0, "the gate is open: the blame passes unchanged."
            yield values["da" + name[2:]] * values["z" + name[2:]], "the gate passes 0 or 1 times."
        if name.startswith(("du_", "dw_")):
            came, blame = line.split("*")
            yield values[blame], f"times what came in, {came}."
            yield values[came], f"times the blame on its right, {blame}."
            yield values[name[1:]] * values[blame], f"times what came in, {came}, not the weight."
        if name == "w_11_new":
            yield values["w_11"], "that is the old weight: it has not taken its step."
            yield values["w_11"] + 0.1 * values["dw_11"], "subtract: the gradient points uphill."
            yield values["w_11"] - values["dw_11"], "a tenth of the gradient: the learning rate."
        if right:
            yield -right, "the sign is turned round."

    def draw(self, answers=False, paper="a4"):
        """The page as a figure (portrait, A4 or letter): the network, a box for each result."""
        if paper not in PAPER:
            raise ValueError(f"draw expected paper to be {' or '.join(PAPER)}, got {paper!r}")
        x, W1, b1, W2, b2 = self.tables
        with theme.style():
            fig = plt.figure(figsize=PAPER[paper], layout="none")
            ax = fig.add_axes((0.115, 0.63, 0.8, 0.27))
        plots.network(
            [W1, W2],
            biases=[b1, b2],
            inputs=[f"{name} x{lowered(i + 1)} {x[i]:g}" for i, name in enumerate(self.inputs)],
            outputs=self.names,
            letters=[("w", "b", "z", "a"), ("u", "c", "s", "p")],
            ax=ax,
        )
        write = fig.text
        write(0.06, 0.955, "One pass by hand", size=20, weight="bold", va="top")
        what = "Answer sheet" if answers else "Name: ______________________"
        write(0.94, 0.95, f"{what}     sheet {self.seed}", size=11, ha="right", va="top")
        task = f"The fruit to learn: {self.names[self.truth]}. Round to two decimals."
        write(0.06, 0.92, task, size=12, va="top")
        names = list(LINES)
        back = names.index(BACKWARD)
        for left, title, part in (
            (0.06, "Forward", names[:back]),
            (0.53, "Backward", names[back:]),
        ):
            write(left, 0.6, title, size=14, weight="bold")
            for row, name in enumerate(part):
                self._box(fig, left, 0.565 - 0.0415 * row, name, answers)
        fig.alt = (
            f"A worksheet for one pass by hand, sheet {self.seed}: a 3-2-3 network with its "
            f"numbers, and below it one line of arithmetic with "
            f"{'its result' if answers else 'an empty box'} for each step forward and back."
        )
        return fig

    def _box(self, fig, left, y, name, answers):
        formula = SHOWN.get(name, LINES[name]).replace("TRUTH", str(self.truth + 1))
        if name.startswith("ds_"):
            formula = f"{formula.split(' - ')[0]} - {int(name[-1]) == self.truth + 1:d}"
        label = _printed("new w_11" if name == "w_11_new" else name)
        fig.text(left, y, f"{label} = {_printed(formula)}", size=10.5, va="center")
        box = plt.Rectangle(
            (left + 0.335, y - 0.0145), 0.075, 0.029, fill=False, lw=1, transform=fig.transFigure
        )
        fig.add_artist(box)
        if answers:
            colour = theme.COLOURS["gradient" if name[0] == "d" else "ink"]
            text = f"{self.right[name] + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−")
            place = {"size": 10.5, "ha": "center", "va": "center"}
            fig.text(left + 0.3725, y, text, color=colour, **place)


def _named(x, W1, b1, W2, b2):
    """The tables as single numbers: x_1, w_11, ..."""
    names = {"x": x, "b": b1, "c": b2}
    given = {f"{k}_{i + 1}": float(v) for k, row in names.items() for i, v in enumerate(row)}
    for letter, W in (("w", W1), ("u", W2)):
        given |= {f"{letter}_{i + 1}{j + 1}": float(v) for (i, j), v in np.ndenumerate(W)}
    return given


def _truth(truth):
    return {f"y_{k + 1}": float(k == truth) for k in range(3)}


def _value(line, values):
    return float(eval(line, {"__builtins__": {"max": max}, "exp": exp, "log": log}, values))


def _computed(given, truth):
    values = given | _truth(truth)
    right = {}
    for name, line in LINES.items():
        right[name] = values[name] = _value(line.replace("p_t", f"p_{truth + 1}"), values)
    return right


def _drawn(rng):
    """Numbers with one decimal that make a good exercise: no sum near a gate, nobody sure, and a
    new weight that is another one to two decimals as well."""
    while True:
        x = rng.integers(1, 11, 3) / 10
        W1, W2 = (rng.choice([-1, 1], shape) * rng.integers(2, 10, shape) / 10
                  for shape in ((3, 2), (2, 3)))  # fmt: skip
        b1, b2 = (rng.choice([-1, 1], n) * rng.integers(1, 4, n) / 10 for n in (2, 3))
        truth = int(rng.integers(3))
        tables = x, W1, b1, W2, b2
        right = _computed(_named(*tables), truth)
        clear = min(abs(right["z_1"]), abs(right["z_2"])) > 0.1
        moves = abs(0.1 * right["dw_11"]) > 0.01  # so the gate of unit 1 is open
        if clear and moves and 0.05 < right[f"p_{truth + 1}"] < 0.6:
            return truth, tables


def _printed(line):
    """Python's arithmetic as it is written: x_1*w_11 - b_1 as x₁·w₁₁ − b₁."""
    if "$" in line:
        return line
    line = line.replace("*", "·").replace(" - ", " − ")
    return re.sub(r"_(\d+)", lambda found: lowered(found[1]), line)
