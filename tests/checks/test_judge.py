"""The checks of exercises as a learner meets them: verdicts, hints, and what goes wrong."""

import re
import sys
import threading
import time

import numpy as np
import pytest

import nnlib
from nnlib import checks
from nnlib.checks import run


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def relu_backward(dA, Z):
    return dA * (Z > 0)


def linear_backward(dZ, X, W):
    return dZ @ W.T, X.T @ dZ, dZ.sum(axis=0)


# ---------------------------------------------------------------- the verdict


def test_a_right_answer():
    result = checks.softmax(softmax)
    assert result.passed is True and result.mistake is None and result.mistakes == []
    assert repr(result) == "softmax: right."


def test_the_names_and_signatures_that_were_promised():
    promised = """sigmoid(Z); sigmoid_backward(dA, A); relu_backward(dA, Z); softmax(Z);
        cross_entropy(P, y); softmax_cross_entropy_backward(P, y); linear_forward(X, W, b);
        linear_backward(dZ, X, W); two_layer_gradients(X, y, W1, b1, W2, b2); one_hot(y, K);
        sgd_step(params, grads, lr); accuracy(P, y); numerical_gradient(f, x);
        minibatches(X, y, batch_size, rng); standardise(X_train, X_test)"""
    for signature in promised.split(";"):
        name = signature.strip().partition("(")[0]
        assert getattr(checks, name).exercise.signature == signature.strip()
        assert name in dir(checks)


def test_nn_checks_is_loaded_when_used():
    assert nnlib.checks is checks


def test_an_unknown_check_names_the_nearest():
    with pytest.raises(AttributeError, match="Do you mean checks.softmax?"):
        checks.sofmax  # noqa: B018


def test_a_known_mistake_and_its_first_hint(capsys):
    def my_softmax(Z):
        E = np.exp(Z - np.max(Z, axis=1, keepdims=True))
        return E / np.sum(E)

    result = checks.softmax(my_softmax)
    assert result.passed is False and result.mistake == "softmax-whole-array"
    assert capsys.readouterr().out == (
        "softmax: not right yet.\n"
        f"Hint 1: {result.hints[0]}\n"
        "More: checks.softmax(my_softmax, hint=2)\n"
    )


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_hints_come_in_tiers(tier, capsys):
    result = checks.softmax(lambda Z: np.exp(Z) / np.exp(Z).sum(), hint=tier)
    shown = capsys.readouterr().out
    assert [hint in shown for hint in result.hints] == [n <= tier for n in (1, 2, 3)]
    assert ("More:" in shown) == (tier < 3)


def test_another_right_answer_is_right_and_something_is_said():
    def my_softmax(Z):
        E = np.exp(Z - Z.max())
        return E / E.sum(axis=1, keepdims=True)

    result = checks.softmax(my_softmax)
    assert result.passed is True and result.mistakes == [] and "whole batch" in result.note


# ---------------------------------------------------------------- not attempted yet


def just_dots(Z): ...


def just_pass(Z):
    pass


def returns_dots(Z):
    return ...


def with_docstring(Z):
    """Scores to probabilities."""


def not_implemented(Z):
    raise NotImplementedError


@pytest.mark.parametrize(
    "answer",
    [..., None, just_dots, just_pass, returns_dots, with_docstring, not_implemented, lambda Z: ...],
)
def test_the_placeholder_is_no_error(answer, capsys):
    result = checks.softmax(answer)
    assert result.passed is None and result.mistakes == [] and result.hints == []
    assert capsys.readouterr().out == "Not attempted yet.\n"


def test_no_answer_is_no_attempt():
    assert checks.softmax().passed is None


def test_dots_inside_are_named():
    def my_softmax(Z):
        E = ...
        return E / E.sum(axis=1)

    result = checks.softmax(my_softmax)
    assert result.passed is None and "E / E.sum(axis=1)" in result.note


def test_what_is_still_to_do_is_named():
    def my_backward(dZ, X, W):
        dX = dZ @ W.T
        dW = ...
        db = ...
        return dX, dW, db

    result = checks.linear_backward(my_backward)
    assert result.passed is None and result.note == "Not finished yet: dW and db to do."


def test_a_placeholder_of_several_outputs():
    assert checks.linear_backward(lambda dZ, X, W: (..., ..., ...)).passed is None


# ---------------------------------------------------------------- it does not get that far


def test_an_error_is_told_with_the_learners_own_line():
    def my_softmax(Z):
        E = np.exp(Z)
        return E / totl  # noqa: F821

    result = checks.softmax(my_softmax, hint=3)
    assert result.passed is False and result.mistakes == []
    assert "NameError" in result.hints[0] and "`return E / totl" in result.hints[0]
    number = my_softmax.__code__.co_firstlineno + 2
    assert f"line {number}," in result.hints[0]
    assert "nnlib" not in repr(result) and "Traceback" not in repr(result)


def test_an_error_in_a_helper_of_the_learner_is_told_at_the_helper():
    def helper(E):
        return E.total()

    def my_softmax(Z):
        return helper(np.exp(Z))

    assert "`return E.total()`" in checks.softmax(my_softmax).hints[0]


def test_an_error_inside_numpy_is_told_at_the_learners_line():
    result = checks.linear_forward(lambda X, W, b: np.einsum("ij,kl", X, W).reshape(7, 7))
    assert "np.einsum" in result.hints[0]


@pytest.mark.parametrize(
    "error, said",
    [
        (SystemExit, "ends the whole program"),
        (KeyboardInterrupt, "interrupted"),
        (MemoryError, "more memory"),
        (ValueError("one\ntwo"), "ValueError: one two"),
        (BaseException("odd"), "BaseException: odd"),
    ],
)
def test_every_way_to_stop_is_caught(error, said):
    def my_softmax(Z):
        raise error

    result = checks.softmax(my_softmax)
    assert result.passed is False and said in result.hints[0] and len(result.hints) == 3


def test_endless_recursion():
    def my_softmax(Z):
        return my_softmax(Z)

    result = checks.softmax(my_softmax)
    assert result.passed is False and "calls itself without end" in result.hints[0]


def test_an_if_over_an_array_is_explained():
    def my_relu_backward(dA, Z):
        if Z > 0:
            return dA
        return 0 * dA

    result = checks.relu_backward(my_relu_backward)
    assert "truth value" in result.hints[0] and "np.where" in result.hints[2]


def test_the_function_itself_is_wanted():
    result = checks.softmax(softmax(np.ones((2, 3))))
    assert result.passed is False and "the function itself" in result.hints[0]


def test_the_number_of_arguments_is_told():
    result = checks.softmax(lambda Z, axis: Z)
    assert "takes 2 arguments, and 1 is asked for: Z" in result.hints[0]


def test_arguments_in_another_order_are_told():
    result = checks.linear_backward(lambda X, W, dZ: linear_backward(dZ, X, W))
    assert "another order: X, W, dZ" in result.hints[0]


def test_extra_arguments_with_defaults_are_fine():
    assert checks.softmax(lambda Z, axis=1: softmax(Z)).passed is True


def test_a_method_and_an_object_can_be_checked():
    class Layer:
        def forward(self, Z):
            return softmax(Z)

        def __call__(self, Z):
            return softmax(Z)

    assert checks.softmax(Layer().forward).passed is True
    assert checks.softmax(Layer()).passed is True


# ---------------------------------------------------------------- the watchdog


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(run, "SECONDS", 0.3)
    monkeypatch.setattr(run, "GRACE", 0.3)
    monkeypatch.setattr(run, "AGAIN", 0.05)


def for_ever(Z):
    n = 0
    while True:
        n += 1
    return Z


def test_a_loop_without_end_is_stopped_in_time():
    start = time.monotonic()
    result = checks.softmax(for_ever)
    assert time.monotonic() - start < 8
    assert result.passed is False and "has been stopped" in result.hints[0]
    assert "`while True:`" in result.hints[0] or "`n += 1`" in result.hints[0]


def test_a_loop_that_catches_every_exception_is_stopped(impatient):
    def stubborn(Z):
        while True:
            try:
                time.sleep(0.001)
            except Exception:
                pass

    assert "has been stopped" in checks.softmax(stubborn).hints[0]


def test_even_a_bare_except_cannot_hold_it_for_ever(impatient):
    def stubborn(Z):
        for _ in range(4):
            try:
                while True:
                    time.sleep(0.001)
            except:  # noqa: E722 (this is what learners write)
                pass
        return Z

    start = time.monotonic()
    assert checks.softmax(stubborn).passed is False
    assert time.monotonic() - start < 5


def test_what_cannot_be_stopped_says_how_to_interrupt(impatient, capsys):
    def one_long_call(Z):
        time.sleep(1.0)
        return Z

    checks.softmax(one_long_call)
    assert run.HOW_TO_INTERRUPT in capsys.readouterr().out


def test_the_watchdog_leaves_nothing_behind(impatient):
    before = threading.active_count()
    for _ in range(5):
        checks.softmax(for_ever)
        checks.softmax(softmax)
    for _ in range(20_000):  # a late exception would arrive here
        pass
    end = time.monotonic() + 2
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_a_call_that_ends_just_when_the_time_is_up(monkeypatch):
    """Whoever wins, no exception gets out, and printing is put right."""
    monkeypatch.setattr(run, "SECONDS", 0.003)
    monkeypatch.setattr(run, "AGAIN", 0.0003)

    def slow(seconds):
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            pass
        return seconds

    interval, screen, stopped = sys.getswitchinterval(), sys.stdout, 0
    sys.setswitchinterval(1e-5)
    try:
        for n in range(400):
            value, trouble = run.watched(lambda progress, n=n: slow(0.0015 + 0.0075e-3 * n))
            assert (value is None) != (trouble is None) and sys.stdout is screen
            stopped += value is None
    finally:
        sys.setswitchinterval(interval)
    for _ in range(20_000):  # a late one would arrive here
        pass
    assert 0 < stopped < 400


def test_it_works_in_another_thread_than_the_first(impatient):
    found = []
    thread = threading.Thread(target=lambda: found.append(checks.softmax(for_ever)))
    thread.start()
    thread.join(timeout=10)
    assert found and "has been stopped" in found[0].hints[0]


def test_a_check_takes_less_than_half_a_second():
    checks.two_layer_gradients(lambda *a: tuple(np.zeros_like(p) for p in a[2:]))
    start = time.monotonic()
    checks.two_layer_gradients(lambda *a: tuple(np.ones_like(p) for p in a[2:]))
    assert time.monotonic() - start < 0.5


# ---------------------------------------------------------------- around the call


def test_nothing_that_the_learner_prints_is_shown(capsys):
    def my_softmax(Z):
        print("a look at", Z)
        return softmax(Z)

    checks.softmax(my_softmax)
    assert capsys.readouterr().out == "softmax: right.\n"


def test_printing_is_not_returning():
    def my_softmax(Z):
        print(softmax(Z))

    assert "prints its result" in checks.softmax(my_softmax).hints[0]


def test_returning_nothing():
    def my_softmax(Z):
        P = softmax(Z)  # noqa: F841

    assert "returns nothing (None)" in checks.softmax(my_softmax).hints[0]


def test_returning_nothing_sometimes():
    assert (
        "for some inputs" in checks.softmax(lambda Z: softmax(Z) if len(Z) > 1 else None).hints[0]
    )


def test_moving_in_place_without_a_return_is_told_kindly():
    def my_step(params, grads, lr):
        for p, g in zip(params, grads, strict=True):
            p -= lr * g

    result = checks.sgd_step(my_step)
    assert result.passed is False
    assert "in place, which is fine, but returns nothing" in result.hints[0]
    assert result.hints[2] == "return params"


def test_no_warning_is_shown(recwarn):
    checks.softmax(lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))
    assert len(recwarn) == 0


def test_the_arguments_are_the_checks_own_copies():
    def spoils(Z):
        P = softmax(Z)
        Z[:] = np.nan
        return P

    assert checks.softmax(spoils).mistake == "alias-inplace-activation"
    assert checks.softmax(softmax).passed is True


def test_changing_an_argument_is_told_by_name():
    def my_backward(P, y):
        P[np.arange(len(y)), y] -= 1
        return P / len(y)

    result = checks.softmax_cross_entropy_backward(my_backward)
    assert result.passed is False and "changed its argument P" in result.hints[0]


def test_an_answer_that_differs_from_call_to_call():
    result = checks.softmax(lambda Z: softmax(Z + np.random.random(Z.shape)))  # noqa: NPY002
    assert "two different answers" in result.hints[0]


def test_an_answer_that_grows():
    total = {}

    def my_backward(dA, Z):
        total[Z.shape] = total.get(Z.shape, 0) + relu_backward(dA, Z)
        return total[Z.shape]

    assert "gives twice as much" in checks.relu_backward(my_backward).hints[0]


# ---------------------------------------------------------------- what is measured


def measured(exercise, function, *said):
    """The check of a function that no known mistake explains says this in its three hints."""
    result = getattr(checks, exercise)(function, hint=3)
    assert result.passed is False and result.mistakes == [], result
    assert len(result.hints) == 3 and all(result.hints)
    for words in said:
        assert words in " ".join(result.hints), result
    return result


@pytest.mark.parametrize(
    "factor, said",
    [
        (lambda N, D: 2, "2 times"),
        (lambda N, D: 0.5, "1/2 times"),
        (lambda N, D: -1, "wrong sign everywhere"),
        (lambda N, D: N, "N times the right one (N is the number of examples)"),
        (lambda N, D: 1 / N, "1/N times"),
        (lambda N, D: D, "D times"),
        (lambda N, D: 1 / D, "1/D times"),
        (lambda N, D: N * D, "N·D times"),
        (lambda N, D: 1 / (N * D), "1/(N·D) times"),
        (lambda N, D: -1 / N, "1/N times the right one (N is the number of examples) and has the"),
        (lambda N, D: 2 / N, "2/N times"),
        (lambda N, D: 0.3, "0.3 times"),
        (lambda N, D: 0, "0 everywhere"),
    ],
)
def test_a_factor_is_named(factor, said):
    def my_backward(dZ, X, W):
        return factor(*X.shape) * (dZ @ W.T), X.T @ dZ, dZ.sum(axis=0)

    result = measured("linear_backward", my_backward, said)
    assert "dW and db are right." in result.hints[1]


def test_outputs_in_another_order():
    def my_backward(dZ, X, W):
        dX, dW, db = linear_backward(dZ, X, W)
        return dW, dX, db

    measured("linear_backward", my_backward, "another order: dW, dX, db")


def test_too_few_and_too_many_outputs():
    measured("linear_backward", lambda dZ, X, W: (dZ @ W.T, X.T @ dZ), "returns 2 things")
    measured("linear_backward", lambda dZ, X, W: dZ @ W.T, "returns one thing")
    measured("softmax", lambda Z: (softmax(Z), Z), "returns 2 things")
    measured("linear_backward", lambda dZ, X, W: {"dx": 1}, "a dictionary of dx")


def test_a_transposed_output():
    def my_backward(dZ, X, W):
        return (dZ @ W.T).T, X.T @ dZ, dZ.sum(axis=0)

    measured("linear_backward", my_backward, "dX has the shape (4, 5)", "transposed")


def test_shapes():
    measured(
        "cross_entropy", lambda P, y: -np.log(P[np.arange(len(y)), y] + 1e-12), "Its mean over"
    )
    measured("softmax", lambda Z: softmax(Z)[None], "The numbers are right")
    measured("softmax", lambda Z: softmax(Z).sum(axis=1), "You return the sum over axis 1")
    measured("sigmoid", lambda Z: Z[:-1], "has the shape (4, 4), and (5, 4) is asked for")
    wide = np.array([[7.0]])
    measured("softmax", lambda Z: np.exp(Z[:, :1] - Z[:, 0]), "has the shape (5, 5)", "N × N")
    measured("accuracy", lambda P, y: wide, "a single number")


def test_things_that_are_no_numbers():
    measured("softmax", lambda Z: "0.5", "text ('0.5')")
    measured("softmax", lambda Z: [[1.0], [1.0, 2.0]], "rows of different lengths")
    measured("softmax", lambda Z: softmax(Z) + 1j, "complex numbers")
    measured("softmax", lambda Z: Z.sum, "a function, not its result")
    measured(
        "linear_backward", lambda dZ, X, W: (dZ @ W.T, None, dZ.sum(axis=0)), "dW is no", "None"
    )


def test_nan_and_where():
    def my_backward(dZ, X, W):
        dX, dW, db = linear_backward(dZ, X, W)
        dW[0, 1] = np.nan
        return dX, dW, db

    measured("linear_backward", my_backward, "dW is NaN at dW[0, 1]")
    measured("relu_backward", lambda dA, Z: dA / 0.0, "inf everywhere")


def test_lost_decimals():
    def my_backward(dZ, X, W):
        return dZ @ W.T, (X.T @ dZ).astype(int), dZ.sum(axis=0)

    measured("linear_backward", my_backward, "The decimals of dW are lost")


def test_wrong_only_where():
    def below(dA, Z):
        return np.where(Z > 0, dA, 0.3 * Z)

    def last_row(Z):
        A = 1 / (1 + np.exp(-Z))
        A[-1] = 0.3
        return A

    def first_column(P, y):
        dZ = (P - np.eye(P.shape[1])[y]) / len(y)
        dZ[:, 0] = 0.2
        return dZ

    def at_the_label(P, y):
        dZ = P / len(y)
        dZ[np.arange(len(y)), y] = 0.123 + P[:, 0]
        return dZ

    def off_diagonal(dZ, X, W):
        dW = X.T @ dZ
        return dZ @ W.T, dW * np.eye(*dW.shape), dZ.sum(axis=0)

    measured("relu_backward", below, "wrong only where Z < 0")
    measured("sigmoid", last_row, "wrong only in the last row")
    measured("softmax_cross_entropy_backward", first_column, "wrong only in the first column")
    measured("softmax_cross_entropy_backward", at_the_label, "wrong only at the label's class")
    measured("linear_backward", off_diagonal, "dW is wrong only off the diagonal")


def test_wrong_only_for_a_special_input():
    measured("softmax", lambda Z: softmax(Z) if len(Z) > 1 else softmax(Z) ** 2, "a single example")


def test_rows_with_factors_of_their_own():
    def my_softmax(Z):
        return softmax(Z) * np.arange(1, len(Z) + 1)[:, None] * (1 + (len(Z) == 1))

    measured("softmax", my_softmax, "Each row of P is right up to a factor")


def test_something_added():
    measured("linear_forward", lambda X, W, b: X @ W + b + X[0, 0], "off by one number", "is added")


def test_an_argument_returned_as_it_came():
    measured(
        "linear_backward", lambda dZ, X, W: (X, X.T @ dZ, dZ.sum(axis=0)), "dX is X, unchanged"
    )


def test_when_nothing_explains_it_one_number_stands_beside_the_right_one():
    measured("sigmoid", lambda Z: np.cos(Z), "does not know", "and should be")


def test_features_of_batches_have_their_own_hints():
    def overlapping(X, y, batch_size, rng):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            rows = order[start : start + batch_size + 1]
            yield X[rows], y[rows]

    measured("minibatches", overlapping, "not every example comes exactly once")
    measured("minibatches", lambda X, y, batch_size, rng: [X], "no pair of rows")


# ---------------------------------------------------------------- in a notebook


@pytest.fixture
def shell():
    from IPython.core.interactiveshell import InteractiveShell

    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def cell(shell, source, capsys):
    """Run a cell; what it shows, without the prompt."""
    assert shell.run_cell(source, store_history=True).success
    return re.sub(r"Out\[\d+\]: ", "", capsys.readouterr().out)


def test_from_placeholder_to_right(shell, capsys):
    cell(shell, "import numpy as np\nfrom nnlib import checks", capsys)
    cell(shell, "def my_softmax(Z):\n    return ...", capsys)
    assert cell(shell, "checks.softmax(my_softmax)", capsys) == "Not attempted yet.\n"

    cell(shell, "def my_softmax(Z):\n    E = np.exp(Z)\n    return E / E.total()", capsys)
    shown = cell(shell, "checks.softmax(my_softmax)", capsys)
    assert "line 3, `return E / E.total()`" in shown and "Traceback" not in shown

    cell(shell, "def my_softmax(Z):\n    E = np.exp(Z)\n    return E / E.sum(axis=0)", capsys)
    shown = cell(shell, "result = checks.softmax(my_softmax)", capsys)
    assert "Hint 1" in shown and "Hint 2" not in shown and "my_softmax, hint=2" in shown
    assert cell(shell, "result.mistakes", capsys).count("softmax-") == 2
    assert "Hint 1" in cell(shell, "result", capsys)
    assert "Hint 3" in cell(shell, "checks.softmax(my_softmax, hint=3)", capsys)

    right = (
        "E = np.exp(Z - Z.max(axis=1, keepdims=True))\n    return E / E.sum(axis=1, keepdims=True)"
    )
    cell(shell, f"def my_softmax(Z):\n    {right}", capsys)
    assert cell(shell, "checks.softmax(my_softmax)", capsys) == "softmax: right.\n"


def test_the_checks_need_no_notebook():
    """Importing them brings NumPy and Python's own modules."""
    import subprocess

    code = "import sys; from nnlib import checks; checks.softmax(...); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert not {"IPython", "matplotlib", "ipywidgets", "sklearn"} & set(loaded.split())
