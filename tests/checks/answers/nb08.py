"""Answers to exercises of nb08.toml, as many hands write them; see tests/checks/test_answers.py."""

import numpy as np
from hands import of, wrong

import nnlib as nn

of("update_mended")
wrong(
    "update-names-missing",
    lambda params, grads, lr: {n: params[n] - lr * grads[n] for n in params if n[0] == "W"},
    "weights only",
    says="Missing: b1 and b2.",
)
wrong(
    "",
    lambda p, g, lr: {n: p[n] - lr * g[n] if n != "W1" else p[n].copy() for n in p},
    "W1 stays",
    says="Compute the new W1 from the old one",
)
wrong(
    "",
    lambda p, g, lr: {n: p[n] - lr * g[n] if n != "W2" else g[n].copy() for n in p},
    "a gradient for W2",
    says="return a dictionary with all names of params",
)


@wrong("", says="changed its argument grads")
def grads_of_a_dictionary_scaled(params, grads, lr):
    new = {}
    for n in params:
        grads[n] *= lr
        new[n] = params[n] - grads[n]
    return new


@wrong("", says="changed its argument params")
def new_arrays_in_both_dictionaries(params, grads, lr):
    for n in params:
        params[n] = params[n] - lr * grads[n]
    return dict(params)


@wrong("update-shallow-copy", says="the old arrays have moved, too")
def copies_of_what_has_moved(params, grads, lr):
    for n in params:
        params[n] -= lr * grads[n]
    return {n: v.copy() for n, v in params.items()}


of("backward_deep")


def backward(params, X, Y, Z1, A1, Z2, A2, P, gate=True, d=""):
    dZ3 = (P - Y) / len(X)
    dA2 = dZ3 @ params["W3"].T
    dZ2 = dA2 * (Z2 > 0)
    dZ1 = ((dZ2 if gate else dA2) @ params["W2"].T) * (Z1 > 0)
    pairs = {"3": (A2, dZ3), "2": (A1, dZ2), "1": (X, dZ1)}
    weights = {d + "W" + k: A.T @ dZ for k, (A, dZ) in pairs.items()}
    return weights | {d + "b" + k: dZ.sum(axis=0) for k, (A, dZ) in pairs.items()}


wrong("deep-past-the-second-gate", lambda *given: backward(*given, gate=False), "dA2_for_dZ2")
wrong("", lambda *given: backward(*given, d="d"), "names_with_a_d", says='return {"b3": …')
wrong(
    "",
    lambda *given: backward(*given) | {"W3": None},
    "None_for_one",
    says="W3 is no array of numbers, but None.",
)


@wrong("", says='return {"b3": …')
def no_gradients_returned(*given):
    backward(*given)


@wrong("", says="params.copy() alone copies the dictionary")
def a_step_on_the_way(params, *given):
    found = backward(params, *given)
    params["W1"] -= found["W1"]
    return found


of("forward_deep")


def forward(p, X):
    Z1 = X @ p["W1"] + p["b1"]
    A1 = np.maximum(0, Z1)
    Z2 = A1 @ p["W2"] + p["b2"]
    A2 = np.maximum(0, Z2)
    E = np.exp(A2 @ p["W3"] + p["b3"])
    return Z1, A1, Z2, A2, E / E.sum(axis=1, keepdims=True)


wrong(
    "deep-classes-for-probabilities", lambda p, X: (*forward(p, X)[:4], forward(p, X)[4].argmax(1))
)
wrong(
    "", lambda p, X: forward(p, X)[:4], "P missing", says="4 things, the right Z1, A1, Z2 and A2;"
)
wrong(
    "",
    lambda p, X: (*forward(p, X)[:4], np.log(forward(p, X)[4])),
    "logarithm",
    says="P is the natural logarithm of the right one",
)


@wrong("", says="Z1 holds the same numbers as A1")
def written_into_Z1(params, X):
    Z1 = X @ params["W1"] + params["b1"]
    A1 = np.maximum(0, Z1, out=Z1)
    Z2 = A1 @ params["W2"] + params["b2"]
    A2 = np.maximum(0, Z2)
    return Z1, A1, Z2, A2, nn.softmax(A2 @ params["W3"] + params["b3"])


@wrong("", says="Z2 holds the same numbers as A2")
def two_names_for_Z2(params, X):
    Z1 = X @ params["W1"] + params["b1"]
    A1 = np.maximum(0, Z1)
    Z2 = A1 @ params["W2"] + params["b2"]
    A2 = Z2
    A2[A2 < 0] = 0
    return Z1, A1, Z2, A2, nn.softmax(A2 @ params["W3"] + params["b3"])
