"""The seven lines of notebook 05 in HTML: right, complete, and the same names everywhere."""

import re

import numpy as np

import nnlib as nn
from nnlib.lessons import lights

DATA = nn.data.fruit()


def tables():
    X, Y, W1, b1, W2, b2 = (
        DATA.X[:1],
        nn.one_hot(DATA.y)[:1],
        *(getattr(DATA, name) for name in ("W1", "b1", "W2", "b2")),
    )
    Z1 = X @ W1 + b1
    A1 = np.maximum(0, Z1)
    Z2 = A1 @ W2 + b2
    P = nn.softmax(Z2)
    return {"X": X, "Y": Y, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "Z1": Z1, "A1": A1} | {
        "Z2": Z2,
        "P": P,
    }


def test_the_code_shown_is_the_backward_pass(fruit):
    names = tables()
    for _, _, code in lights.LINES.values():
        exec(code, {}, names)
    net, loss, X, y = fruit
    first, _, second = net.layers
    loss(net(X[:1]), y[:1])
    net.backward(loss.backward())
    for name, table in (("dW1", first.dW), ("db1", first.db), ("dW2", second.dW)):
        np.testing.assert_allclose(names[name], table, rtol=0, atol=1e-12)
    np.testing.assert_allclose(names["db2"], second.db, rtol=0, atol=1e-12)


def test_each_form_of_a_line_names_the_same_tables():
    def named(marked):
        return set(re.findall(r'data-t="(\w+)"', marked))

    for name, (index, formula, code) in lights.LINES.items():
        forms = [lights._index_form(index), lights._with_tables(formula), lights._marked(code)]
        assert name in named(forms[0])
        assert named(forms[0]) == named(forms[1]) == named(forms[2]), name


def test_every_table_lights_up_by_a_rule_of_its_own_and_stands_in_the_graph():
    page = lights.lights(tables())
    for name in [*lights.BOXES, *lights.LINES]:
        assert f':has([data-t="{name}"]:is(:hover, :focus))' in page
        assert f'<g data-t="{name}" tabindex="0">' in page
    assert "<script" not in page and "http" not in page


def test_a_gradient_stands_below_its_table_with_the_same_shape():
    page = lights.lights(tables())
    told = dict(re.findall(r">(d?\w+)  (\([^)]+\))</text>", page))
    assert told["W1"] == told["dW1"] == "(3, 2)"
    assert told["Z2"] == told["dZ2"] == "(1, 3)"
    assert told["b2"] == told["db2"] == "(3,)"
