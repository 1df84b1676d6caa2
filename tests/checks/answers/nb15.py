"""Answers to exercises of nb15.toml, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B905

import numpy as np
from hands import of, right, wrong

of("division_rule")
wrong("division-forgot-upstream-in-db", lambda d, a, b: (d / b, -a / b**2))
wrong("division-forgot-upstream-in-da", lambda d, a, b: (1 / b, -d * a / b**2))


@right
def stacked(d, a, b):
    return np.stack([d / b, -d * a / b**2])


of("walk_back")


@wrong("walk-to-itself", says="Nothing arrives at its parents")
def times_equal(order):
    for node in order:
        node.grad = 0.0
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, slope in zip(node.parents, node.slopes):
            parent.grad *= slope * node.grad
    return [node.grad for node in order]


@wrong("walk-clears-too-late")
def cleared_when_used(order):
    for node in order:
        node.grad = 0.0
    order[-1].grad = 1.0
    for node in reversed(order):
        for parent, slope in zip(node.parents, node.slopes):
            parent.grad += slope * node.grad
            node.grad = 0.0
    return [node.grad for node in order]


of("topological_order")


@wrong("order-appended-by-its-users")
def appended_in_the_loop(node):
    order, seen = [], set()

    def visit(n):
        if n not in seen:
            seen.add(n)
            for p in n.parents:
                visit(p)
                order.append(p)

    visit(node)
    return [*order, node]


@wrong("", says="A result stands before something that it was computed from.")
def sorted_by_value(node):
    found, todo = [node], [node]
    while todo:
        new = [p for p in todo.pop().parents if p not in found]
        found, todo = [*found, *dict.fromkeys(new)], todo + new
    return sorted(found, key=lambda n: float(n.data))


wrong("", lambda node: (1, 2), says="asked for: a list of nodes.")


@wrong("")
def list_kept_between_calls(node, order=[]):  # noqa: B006
    for parent in node.parents:
        list_kept_between_calls(parent)
    if node not in order:
        order.append(node)
    return order


@wrong("", says="that node was not computed from")
def a_foreign_node_in_front(node):
    order, seen = [], set()

    def visit(n):
        if n not in seen:
            seen.add(n)
            for p in n.parents:
                visit(p)
            order.append(n)

    visit(node)
    return [type(node)(0.0), *order]


of("max_rule")


@wrong("max-of-the-table")
def of_the_whole_table(d, x):
    dx = np.zeros_like(x)
    dx[np.unravel_index(x.argmax(), x.shape)] = d.sum()
    return dx


@wrong("max-of-sizes")
def farthest_from_0(d, x):
    dx = np.zeros_like(x)
    dx[np.arange(len(x)), np.abs(x).argmax(axis=1)] = d
    return dx


of("unbroadcast")


@wrong("")
def first_stretched_axis_alone(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, n in enumerate(shape):
        if n == 1:
            return grad.sum(axis=axis, keepdims=True)
    return grad
