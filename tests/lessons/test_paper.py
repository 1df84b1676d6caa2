"""Arithmetic cells: formula, numbers and result are those of the line that runs."""

import pytest
from IPython.testing.globalipapp import start_ipython

from nnlib.lessons.paper import NotArithmetic, calculate

VALUES = {"x_1": 0.9, "w_11": -0.4, "b_1": -0.3, "p_2": 0.1649}


def shown(source, **names):
    from math import exp, log

    values = VALUES | {"exp": exp, "log": log} | names
    (name, chain, plain), *rest = calculate(source, values)
    assert not rest
    return name, " ".join(chain), plain


def test_a_sum_of_products_shows_formula_numbers_and_result():
    name, chain, plain = shown("z_1 = x_1*w_11 + b_1")
    assert name == "z_{1}"
    formula, numbers = r"x_{1} \cdot w_{11} + b_{1}", r"0.9 \cdot (-0.4) + (-0.3)"
    assert chain == f"= {formula} = {numbers} = -0.66"
    assert plain == "z_1 = x_1 * w_11 + b_1 = -0.66"


@pytest.mark.parametrize(
    "line, numbers",
    [
        ("L = -log(p_2)", r"-\log\left(0.1649\right) \approx 1.8024"),
        ("e = exp(w_11)", r"e^{(-0.4)} \approx 0.6703"),
        ("a = max(0, b_1)", r"\max\left(0, (-0.3)\right) = 0"),
        ("q = x_1/(x_1 + b_1)", r"\frac{0.9}{0.9 + (-0.3)} = 1.5"),
        ("q = (p_2 - 1)*w_11", r"\left(0.1649 - 1\right) \cdot (-0.4) \approx 0.334"),
        ("q = x_1 - (b_1 - w_11)", r"0.9 - \left((-0.3) - (-0.4)\right) = 0.8"),
        ("q = -x_1*w_11", r"\left(-0.9\right) \cdot (-0.4) = 0.36"),
        ("q = w_11**2", r"(-0.4)^{2} = 0.16"),
        ("w_11 = w_11 - 0.1*x_1", r"(-0.4) - 0.1 \cdot 0.9 = -0.49"),
    ],
)
def test_every_operation_of_the_course_is_shown_with_its_numbers(line, numbers):
    assert shown(line)[1].endswith("= " + numbers)


def test_names_are_set_as_in_print():
    assert shown("dw_11 = x_1")[0] == r"\mathrm{d}w_{11}"
    assert shown("total = x_1")[0] == r"\mathrm{total}"
    assert shown("x_new = x_1")[0] == r"x_{\mathrm{new}}"


def test_the_result_is_that_of_python_for_every_line():
    values = dict(VALUES)
    list(calculate("z = x_1*w_11 + b_1\na = max(0, z)\nq = z**2/(1 + z)", values))
    z = 0.9 * -0.4 + -0.3
    assert (values["z"], values["a"], values["q"]) == (z, 0, z**2 / (1 + z))


def test_what_is_no_arithmetic_is_named():
    with pytest.raises(NotArithmetic, match="got: print"):
        shown("print(x_1)")
    with pytest.raises(NotArithmetic, match="got: x_1 @ w_11"):
        shown("z = x_1 @ w_11")


def test_a_cell_that_starts_with_the_comment_is_shown_and_others_are_not(capsys):
    shell = start_ipython()
    shell.run_line_magic("load_ext", "nnlib.lessons.paper")
    shell.run_cell("x_1 = 2.0\nw_1 = -3.0")
    capsys.readouterr()
    shell.run_cell("# on paper\nz_1 = x_1*w_1")
    assert "z_1 = x_1 * w_1 = -6" in capsys.readouterr().out
    shell.run_cell("z_1 = x_1*w_1")
    assert capsys.readouterr().out == ""
    shell.run_cell("# on paper\nz_1 = z_1 - 1")  # the numbers are those before the line ran
    assert shell.user_ns["z_1"] == -7
    assert "z_1 = z_1 - 1 = -7" in capsys.readouterr().out
    shell.run_cell("# on paper\nz_1, z_2 = 1, 2")
    assert "Each line is" in capsys.readouterr().err
