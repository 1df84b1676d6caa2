"""The whole pass of notebook 01, one elementary step at a time: the network and the arithmetic.

    stepper.walk()                     the steps in the page, to go through and to change
    stepper.draw(ax, "z_1")            a picture of one of them

PASS holds the lines that run, and a sentence for each step. Which numbers are known by then, which
go into the new one and where they stand in the drawing is read off these lines.
"""

import ast
import re
from functools import cache
from math import exp, log

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch

from .. import data
from ..plots import theme
from ..plots.theme import COLOURS, readable, styled, tint
from . import paper

# inches: what the letters are made for; for a projector, the whole picture is larger
SIZE = (9.4 * theme.SCALE, 3.3 * theme.SCALE)

# name of the step: (part, what it does, the lines)
PASS = {
    "start": ("Start", "Three measurements and the 17 numbers are all that is known.", ""),
    "z_1": (
        "Forward",
        "Hidden unit 1: each input times its weight, added up, plus the bias.",
        "z_1 = x_1*w_11 + x_2*w_21 + x_3*w_31 + b_1",
    ),
    "z_2": (
        "Forward",
        "Hidden unit 2: the same inputs, with weights and a bias of its own.",
        "z_2 = x_1*w_12 + x_2*w_22 + x_3*w_32 + b_2",
    ),
    "a_1": ("Forward", "The gate: what is positive passes unchanged.", "a_1 = max(0, z_1)"),
    "a_2": ("Forward", "The gate of hidden unit 2.", "a_2 = max(0, z_2)"),
    "s_1": (
        "Forward",
        "The score of apple: each activation times its weight, added up, plus the bias.",
        "s_1 = a_1*u_11 + a_2*u_21 + c_1",
    ),
    "s_2": ("Forward", "The score of banana.", "s_2 = a_1*u_12 + a_2*u_22 + c_2"),
    "s_3": ("Forward", "The score of lemon.", "s_3 = a_1*u_13 + a_2*u_23 + c_3"),
    "e_1 to e_3": (
        "Forward",
        "e to the power of each score: now all three are positive.",
        "e_1 = exp(s_1); e_2 = exp(s_2); e_3 = exp(s_3)",
    ),
    "total": ("Forward", "Their total.", "total = e_1 + e_2 + e_3"),
    "p_1 to p_3": (
        "Forward",
        "The probabilities: each one's share of the total. Lemon leads, and it is a banana.",
        "p_1 = e_1/total; p_2 = e_2/total; p_3 = e_3/total",
    ),
    "L": (
        "Loss",
        "The surprise at the truth. It is banana, so p_2 counts.",
        "L = -log(p_2)",
    ),
    "ds_1": ("Backward", "Rule 1, apple: its probability. Apple is not the truth.", "ds_1 = p_1"),
    "ds_2": (
        "Backward",
        "Rule 1, banana: its probability, minus 1 for the truth.",
        "ds_2 = p_2 - 1",
    ),
    "ds_3": ("Backward", "Rule 1, lemon: its probability. Lemon is not the truth.", "ds_3 = p_3"),
    "du_11 to du_13": (
        "Backward",
        "Rule 2, the weights that leave hidden unit 1: what came in × the blame on the right.",
        "du_11 = a_1*ds_1; du_12 = a_1*ds_2; du_13 = a_1*ds_3",
    ),
    "du_21 to du_23": (
        "Backward",
        "Rule 2, the weights that leave hidden unit 2.",
        "du_21 = a_2*ds_1; du_22 = a_2*ds_2; du_23 = a_2*ds_3",
    ),
    "dc_1 to dc_3": (
        "Backward",
        "Rule 2, the biases of the scores: a 1 came in.",
        "dc_1 = 1*ds_1; dc_2 = 1*ds_2; dc_3 = 1*ds_3",
    ),
    "da_1": (
        "Backward",
        "Rule 3: three paths lead on from hidden unit 1. Weight × blame on the right, added up.",
        "da_1 = u_11*ds_1 + u_12*ds_2 + u_13*ds_3",
    ),
    "da_2": (
        "Backward",
        "Rule 3: the three paths from hidden unit 2.",
        "da_2 = u_21*ds_1 + u_22*ds_2 + u_23*ds_3",
    ),
    "dz_1": ("Backward", "Rule 4: the gate is open, the blame passes.", "dz_1 = da_1*1"),
    "dz_2": ("Backward", "Rule 4: the gate is open, the blame passes.", "dz_2 = da_2*1"),
    "dw_11 to dw_31": (
        "Backward",
        "Rule 2, the weights into hidden unit 1: what came in × the blame on the right.",
        "dw_11 = x_1*dz_1; dw_21 = x_2*dz_1; dw_31 = x_3*dz_1",
    ),
    "dw_12 to dw_32": (
        "Backward",
        "Rule 2, the weights into hidden unit 2.",
        "dw_12 = x_1*dz_2; dw_22 = x_2*dz_2; dw_32 = x_3*dz_2",
    ),
    "db_1 and db_2": (
        "Backward",
        "Rule 2, the biases of the hidden units. All 17 blames are found.",
        "db_1 = 1*dz_1; db_2 = 1*dz_2",
    ),
    "new u_11 to u_13": (
        "Update",
        "From each number, a tenth of its blame is subtracted.",
        "u_11_new = u_11 - 0.1*du_11; u_12_new = u_12 - 0.1*du_12; u_13_new = u_13 - 0.1*du_13",
    ),
    "new u_21 to u_23": (
        "Update",
        "The weights that leave hidden unit 2.",
        "u_21_new = u_21 - 0.1*du_21; u_22_new = u_22 - 0.1*du_22; u_23_new = u_23 - 0.1*du_23",
    ),
    "new c_1 to c_3": (
        "Update",
        "The biases of the scores.",
        "c_1_new = c_1 - 0.1*dc_1; c_2_new = c_2 - 0.1*dc_2; c_3_new = c_3 - 0.1*dc_3",
    ),
    "new w_11 to w_31": (
        "Update",
        "The weights into hidden unit 1.",
        "w_11_new = w_11 - 0.1*dw_11; w_21_new = w_21 - 0.1*dw_21; w_31_new = w_31 - 0.1*dw_31",
    ),
    "new w_12 to w_32": (
        "Update",
        "The weights into hidden unit 2.",
        "w_12_new = w_12 - 0.1*dw_12; w_22_new = w_22 - 0.1*dw_22; w_32_new = w_32 - 0.1*dw_32",
    ),
    "new b_1 and b_2": (
        "Update",
        "The biases of the hidden units. All 17 numbers are new.",
        "b_1_new = b_1 - 0.1*db_1; b_2_new = b_2 - 0.1*db_2",
    ),
    "the pass again": (
        "Forward again",
        "The same lines with the new numbers: banana has gained, and the loss is smaller.",
        "p_2 = e_2/total; L = -log(p_2)",
    ),
}
STEPS = list(PASS)

# What is said instead where other numbers make it true; the first condition that holds counts.
SHARES = "The probabilities: each one's share of the total."
CLOSED = "Rule 4: the gate is closed, the blame stops here."
OTHERWISE = {
    "p_1 to p_3": [
        ("p_2 > max(p_1, p_3)", f"{SHARES} Banana leads, and a banana it is."),
        ("p_1 > max(p_2, p_3)", f"{SHARES} Apple leads, and it is a banana."),
    ],
    "dz_1": [("z_1 <= 0", CLOSED)],
    "dz_2": [("z_2 <= 0", CLOSED)],
    "the pass again": [
        ("L_before <= L", "The same lines with the new numbers: this step did not lower the loss.")
    ],
}

LEGEND = (
    "In bold: what goes into a step.",
    "In a frame: what comes out of it.",
    "Blue: weights and biases.",
    "Orange: blame.",
)

# Where things stand: hundredths of an inch, from the left and from the bottom.
WIDE, HIGH = 940, 330
IN, HIDDEN, OUT, TEXT = 38, 284, 560, 640
SMALL = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
HALF = {"x": 28, "z": 58, "s": 58}  # half the width of a unit
ROWS = {"x": (272, 168, 64), "z": (220, 116), "s": (272, 168, 64)}
TALL = 15  # half the height of a unit


@styled
def draw(ax, step):
    """The network on the left, the arithmetic of one step on the right; returns what is done.

    Numbers that go into the step are dark and their lines strong; the new ones stand in a frame.
    """
    seen = _seen()[step]
    ax.set(xlim=(0, WIDE), ylim=(0, HIGH))
    ax.set_aspect("equal")
    ax.set_axis_off()
    wide, high = ax.get_position().size * ax.get_figure().get_size_inches()
    sheet = _Sheet(ax, seen, min(1.02, 100 * wide / WIDE, 100 * high / HIGH))
    sheet.network()
    sheet.arithmetic()
    ax.alt = seen["reading"]
    return ax.alt


def walk():
    """Show the pass in the page: one key a step, and any of the 17 numbers can be dragged."""
    from ..widgets import steps

    steps.walk(table())


def table():
    """The pass as the page computes it: its numbers, and every line as a tree."""
    fruit, steps = data.fruit(), []
    for name, (part, words, lines) in PASS.items():
        told = [[_tree(condition), said] for condition, said in OTHERWISE.get(name, [])]
        lines = [
            {"name": (new := line.targets[0].id), "tree": _gated(new, _tree(line.value))}
            for line in ast.parse(lines).body
        ]
        steps.append({"name": name, "part": part, "words": [*told, [None, words]], "lines": lines})
    return {
        "numbers": _begin(),
        "inputs": list(fruit.inputs),
        "names": list(fruit.names),
        "steps": steps,
    }


OPERATIONS = {
    **{ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"},
    **{ast.USub: "minus", ast.Gt: ">", ast.LtE: "<="},
}


def _tree(node):
    """An expression as nested lists: a number, a name or [operation, part, part]."""
    match node:
        case str():
            return _tree(ast.parse(node, mode="eval").body)
        case ast.Constant():
            return node.value
        case ast.Name():
            return node.id
        case ast.BinOp():
            return [OPERATIONS[type(node.op)], _tree(node.left), _tree(node.right)]
        case ast.UnaryOp():
            return [OPERATIONS[type(node.op)], _tree(node.operand)]
        case ast.Compare():
            return [OPERATIONS[type(node.ops[0])], _tree(node.left), _tree(node.comparators[0])]
        case ast.Call():
            return [node.func.id, *map(_tree, node.args)]


def _gated(new, tree):
    """The 1 that stands for an open gate becomes the gate itself: other numbers may close it."""
    return [*tree[:2], [">", f"z_{new[-1]}", 0]] if new.startswith("dz_") else tree


@cache
def _seen():
    """{step: what it shows}: its lines as paper shows them, and the values known by then."""
    steps, values = {}, _begin()
    tools = {"exp": exp, "log": log, "max": max}
    for step, (part, words, lines) in PASS.items():
        if step == "the pass again":
            values = _again(values, tools)
        names = tools | values
        shown = list(paper.calculate(lines.replace("; ", "\n"), names))
        tree = ast.parse(lines)
        new = [node.targets[0].id for node in tree.body]
        values = values | {name: names[name] for name in new}
        results = ", ".join(plain.replace(" ≈ ", " = ").split(" = ")[0] + _result(plain)
                            for *_, plain in shown)  # fmt: skip
        steps[step] = {
            "part": part,
            "words": words,
            "shown": shown,
            "values": values,
            "new": set(new),
            "used": {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - set(new),
            "reading": f"{part}: {results}. {words}" if results else f"{part}. {words}",
        }
    return steps


def _begin():
    """The banana's measurements and the 17 numbers, by name."""
    fruit = data.fruit()
    values = {f"x_{i + 1}": float(x) for i, x in enumerate(fruit.X[0])}
    for letter, held in (("w", fruit.W1), ("b", fruit.b1), ("u", fruit.W2), ("c", fruit.b2)):
        for place, number in np.ndenumerate(held):
            values[f"{letter}_{''.join(str(k + 1) for k in place)}"] = float(number)
    return values


def _again(values, tools):
    """The values of the forward pass with the updated numbers."""
    begin = {name: values.get(f"{name}_new", values[name]) for name in values if name[0] in "xwbuc"}
    begin = {name: v for name, v in begin.items() if not name.endswith("_new")} | tools
    for part, _, lines in PASS.values():
        if part in ("Forward", "Loss"):
            list(paper.calculate(lines.replace("; ", "\n"), begin))
    return {name: v for name, v in begin.items() if isinstance(v, float)}


def _result(plain):
    """The sign and the number at the end of a line."""
    sign = "≈" if " ≈ " in plain else "="
    return f" {sign} {plain.split()[-1]}".replace("-", "−")


class _Sheet:
    """One drawing: where each number stands, and how it looks at this step."""

    def __init__(self, ax, seen, letters):
        self.ax, self.letters = ax, letters
        self.seen, self.values, self.new, self.used = (
            seen, seen["values"], seen["new"], seen["used"]
        )  # fmt: skip

    def write(self, x, y, text, size=12, colour="ink", **look):
        look = {"ha": "center", "va": "center", "zorder": 5, "in_layout": False} | look
        colour = COLOURS.get(colour, colour)
        return self.ax.text(x, y, text, color=colour, fontsize=size * self.letters, **look)

    def line(self, xs, ys, **look):
        self.ax.add_artist(Line2D(xs, ys, in_layout=False, **look))

    def state(self, *names):
        """new, used, known or unknown: the first that is true of one of the names."""
        names = [name for each in names for name in (f"{each}_new", each)]
        if self.new.intersection(names):
            return "new"
        if self.used.intersection(names):
            return "used"
        return "known" if any(name in self.values for name in names) else "unknown"

    def number(self, x, y, name, colour="ink", label="", **look):
        """The number of this name, if it is known by now: pale, bold or framed."""
        value = self.values.get(f"{name}_new", self.values.get(name))
        if value is None:
            return
        text = f"{label} {_short(value)}".strip()
        state = self.state(name)
        look |= {"weight": "bold"} if state in ("new", "used") else {"alpha": 0.8}
        if state == "new":
            frame = {"boxstyle": "round,pad=0.2", "fc": "white", "ec": COLOURS["ink"]}
            look["bbox"] = frame | {"lw": 1.6 * self.letters}
        self.write(x, y, text, colour=colour, **look)

    def network(self):
        self.lines(("x", "z"), "w", IN + HALF["x"], HIDDEN - HALF["z"], 0.37)
        self.lines(("z", "s"), "u", HIDDEN + HALF["z"], OUT - HALF["s"], 0.63)
        fruit = data.fruit()
        for i, y in enumerate(ROWS["x"], 1):
            self.unit(IN, y, "x", f"x_{i}")
            self.number(IN, y, f"x_{i}")
            self.write(8, y + 28, f"{fruit.inputs[i - 1]} {_plain(f'x_{i}')}", 11, ha="left")
        for j, y in enumerate(ROWS["z"], 1):
            self.pair(HIDDEN, y, f"z_{j}", f"a_{j}", f"b_{j}")
            self.blame(HIDDEN + 74, y - 28, f"a_{j}", "right")
        for k, y in enumerate(ROWS["s"], 1):
            self.pair(OUT, y, f"s_{k}", f"p_{k}" if f"p_{k}" in self.values else f"e_{k}", f"c_{k}")
            self.write(OUT + 58, y - 27, fruit.names[k - 1], 10.5, ha="right")
        below = {"x": IN, "z": HIDDEN - 29, "a": HIDDEN + 29, "s": OUT - 29}
        below["p" if "p_1" in self.values else "e"] = OUT + 29
        for letter, x in below.items():
            self.write(x, 13, letter, 12, "neutral")

    def unit(self, x, y, kind, *names):
        h, state = HALF[kind], self.state(*names)
        pill = FancyBboxPatch(
            (x - h, y - TALL),
            *(2 * h, 2 * TALL),
            boxstyle=f"round,pad=0,rounding_size={TALL}",
            fc=tint(COLOURS["input"], 0.14) if kind == "x" else "white",
            ec=COLOURS["input"] if kind == "x" else COLOURS["ink"],
            lw=(2.6 if state in ("new", "used") else 1.2) * self.letters,
            alpha=0.5 if state == "unknown" else None,
            zorder=3,
            in_layout=False,
        )
        self.ax.add_artist(pill)

    def pair(self, x, y, total, after, bias):
        """A unit with its sum on the left, what comes of it on the right, its bias above."""
        self.unit(x, y, total[0], total, after)
        self.line([x, x], [y - TALL, y + TALL], color=COLOURS["ink"], lw=0.8, zorder=4)
        self.number(x - 29, y, total)
        self.number(x + 29, y, after)
        self.number(x - 66, y + 27, bias, "weight", _plain(bias), size=11, ha="left")
        self.blame(x + 70, y + 27, bias, "right")
        self.blame(x - (72 if total[0] == "z" else 66), y - 28, total, "left")

    def blame(self, x, y, name, ha):
        self.number(x, y, f"d{name}", "gradient", _plain(f"d{name}"), size=11, ha=ha)

    def lines(self, kinds, letter, x0, x1, share):
        """Every weight's line, and on it the weight and, as soon as it is found, its blame."""
        lines, looks, gaps = [], [], []
        for i, y0 in enumerate(ROWS[kinds[0]], 1):
            for j, y1 in enumerate(ROWS[kinds[1]], 1):
                name = f"{letter}_{i}{j}"
                w = self.values.get(f"{name}_new", self.values[name])
                strong = self.state(name, f"d{name}") in ("new", "used")
                dashes = (0, None) if w >= 0 else (0, (3.0, 1.6))
                lines.append([(x0, y0), (x1, y1)])
                looks.append(((0.8 + 3.0 * abs(w)) * self.letters, dashes, 0.9 if strong else 0.22))
                x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
                label = _plain(name) if name in self.used and f"{name}_new" not in self.new else ""
                wide = 4.6 * len(_short(w)) + (20 if label else 0)  # half of what is written
                if f"d{name}" in self.values:
                    self.number(x - 5, y, name, "weight", label, size=11, ha="right")
                    self.number(x + 6, y, f"d{name}", "gradient", size=11, ha="left")
                    gaps += [_box(x - 5 - wide, y, wide), _box(x + 28, y, 22)]
                else:
                    self.number(x, y, name, "weight", label, size=11)
                    gaps.append(_box(x, y, wide))
        wide, dashes, alpha = zip(*looks, strict=True)
        drawn = {"lw": wide, "ls": dashes, "alpha": alpha, "color": COLOURS["weight"]}
        self.ax.add_artist(LineCollection(lines, **drawn, zorder=1, in_layout=False))
        gaps = PolyCollection(gaps, fc="white", ec="none", zorder=2, in_layout=False)
        self.ax.add_artist(gaps)

    def arithmetic(self):
        left = {"ha": "left", "va": "center"}
        self.write(TEXT, 308, self.seen["part"], 15, weight="bold", **left)
        shown, y = self.seen["shown"], 266
        for symbol, chain, _ in shown:
            for text, indent, height, size in _rows(symbol, chain, len(shown)):
                self.write(TEXT + indent, y, f"${text}$", size, **left)
                y -= height
        for text in () if shown else LEGEND:
            self.write(TEXT, y, text, 13, **left)
            y -= 34
        self.number(TEXT, 14, "total", label="total", **left)
        self.number(TEXT + 130, 14, "L", readable(COLOURS["loss"]), "loss L", **left)


def _rows(symbol, chain, lines):
    """A line as rows of a narrow column: (LaTeX, how far in, height, size of the letters)."""
    quick = {r"\left": "", r"\right": "", "frac": "dfrac", r"\approx -": r"\approx {-}"}
    for long, short in quick.items():  # what mathtext sets faster, larger, closer
        chain = [part.replace(long, short) for part in chain]
    if lines == 1:
        pieces = [piece for part in chain[:-1] for piece in _broken(part)]
        for place, piece in enumerate(pieces):
            text = piece if place else f"{symbol} {piece}"
            indent = 40 if piece.startswith("+") else 24 if place else 0
            yield text, indent, 46 if "frac" in text else 32, 13
        yield chain[-1], 24, 40, 17
    elif _length(whole := " ".join([symbol, *chain])) <= 36:
        yield whole, 0, 60, 13
    else:  # the formula, and below it numbers and result
        yield f"{symbol} {chain[0]}", 0, 31, 13
        yield " ".join(chain[1:]), 24, 43, 13


def _broken(text, longest=29):
    """A sum in pieces that fit into the column, broken before a plus."""
    rows = [""]
    for i, term in enumerate(text.split(" + ")):
        if rows[-1] and _length(f"{rows[-1]} + {term}") > longest:
            rows.append(rf"+\;{term}")
        else:
            rows[-1] += f" + {term}" if i else term
    return rows


def _length(text):
    """About how many letters wide it is."""
    text = re.sub(r"\\dfrac\{.*?\}\{(.*)\}", r"\1", text)
    return len(
        re.sub(r"\\(mathrm|left|right|;)|[ _{}^]", "", re.sub(r"\\(cdot|approx)", "=", text))
    )


def _box(x, y, half):
    return [(x - half, y - 8), (x + half, y - 8), (x + half, y + 8), (x - half, y + 8)]


def _short(number):
    """One decimal where that is all of it, otherwise two."""
    text = f"{number:.{1 if abs(number - round(number, 1)) < 1e-9 else 2}f}"
    return (text.lstrip("-") if float(text) == 0 else text).replace("-", "\N{MINUS SIGN}")


def _plain(name):
    """x_11 with small figures, without the help of mathtext, which takes its time."""
    letter, _, index = name.partition("_")
    return letter + index.translate(SMALL)
