"""Answers to `sgd_step`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

from functools import partial

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


G = "sgd_step"
wrong(G, "update-sign", lambda P, g, lr: [p + lr * d for p, d in zip(P, g)])


@wrong(G, "update-sign")
def _(P, g, lr):
    new = []
    for i in range(len(P)):
        new.append(P[i] - (-lr * g[i]))
    return new


@wrong(G, "accepted")
def _(P, g, lr):
    for p, d in zip(P, g):
        p -= lr * d
    return P


@wrong(G, "accepted")
def _(P, g, lr):
    for i in range(len(P)):
        P[i] = P[i] - lr * g[i]
    return P


@wrong(G, "accepted")
def _(P, g, lr):
    out = []
    for p, d in zip(P, g):
        p[...] = p - lr * d
        out.append(p)
    return out


@wrong(G, "nothing-moved", label="rebinding p")
def _(P, g, lr):
    for p, d in zip(P, g):
        p = p - lr * d
    return P


wrong(G, "forgot-lr", lambda P, g, lr: [p - d for p, d in zip(P, g)], "forgot lr")
wrong(G, "step-without-params", lambda P, g, lr: [-lr * d for p, d in zip(P, g)], "only the step")
wrong(G, "step-without-params", lambda P, g, lr: [lr * d for p, d in zip(P, g)], "only the step +")
wrong(G, "step-times-params", lambda P, g, lr: [p * (1 - lr * d) for p, d in zip(P, g)], "times")
wrong(G, "divided-by-lr", lambda P, g, lr: [p - d / lr for p, d in zip(P, g)], "/lr")
wrong(G, "lr-times-everything", lambda P, g, lr: [lr * (p - d) for p, d in zip(P, g)], "brackets")
wrong(G, "params-and-grads-swapped", lambda P, g, lr: [d - lr * p for p, d in zip(P, g)], "swapped")
wrong(G, "step-times-params", lambda P, g, lr: [p - lr * d * p for p, d in zip(P, g)], "times p")
wrong(G, "", lambda P, g, lr: [P[0] - lr * g[0]], "first only")
wrong(G, "", lambda P, g, lr: [P[0] - lr * g[0]] + list(P[1:]), "first changed only")
wrong(G, "", lambda P, g, lr: [p - lr * d for p, d in zip(P, g)][-1], "last")


@wrong(G, "", label="return in loop")
def _(P, g, lr):
    for p, d in zip(P, g):
        return p - lr * d


wrong(G, "", lambda P, g, lr: [p - 2 * lr * d for p, d in zip(P, g)], "2lr")
wrong(G, "", lambda P, g, lr: [p - lr * np.sign(d) for p, d in zip(P, g)], "sign")
wrong(G, "int-weights", lambda P, g, lr: [(p - lr * d).astype(int) for p, d in zip(P, g)])


@wrong(G, "int-weights")
def _(P, g, lr):
    out = []
    for p, d in zip(P, g):
        q = np.array(p, dtype=int)
        q[...] = q - lr * d
        out.append(q)
    return out


wrong(G, "", lambda P, g, lr: [p - lr * g[0] for p in P], "same grad all")
wrong(G, "", lambda P, g, lr: [p - lr * d.mean() for p, d in zip(P, g)], "mean of grad")


# ---------------------------------------------------------------- each with exactly these mistakes


@fed("sgd_step", "update-sign")
def u_sign(params, grads, lr):
    for p, g in zip(params, grads, strict=True):
        p += lr * g
    return params


@fed("sgd_step", "forgot-lr")
def u_no_lr(params, grads, lr):
    return [params[i] - grads[i] for i in range(len(params))]


@fed("sgd_step", "divided-by-lr")
def u_divided(params, grads, lr):
    return [p - g / lr for p, g in zip(params, grads, strict=True)]


@fed("sgd_step", "step-without-params")
def u_step_alone(params, grads, lr):
    return [-(lr * g) for g in grads]


@fed("sgd_step", "nothing-moved")
def u_nothing(params, grads, lr):
    for p, g in zip(params, grads, strict=True):
        p = p - lr * g
    return params


@fed("sgd_step", "int-weights")
def u_integers(params, grads, lr):
    new = []
    for p, g in zip(params, grads, strict=True):
        q = np.zeros(p.shape, dtype=int)
        q[:] = p - lr * g
        new.append(q)
    return new


@fed("sgd_step", "overwrite-in-loop")
def u_last_only(params, grads, lr):
    for i in range(len(params)):
        new = list(params)
        new[i] = params[i] - lr * grads[i]
    return new


@fed("sgd_step", "update-sign", "forgot-lr")
def p_uphill_full_length(params, grads, lr):
    return [p + g for p, g in zip(params, grads, strict=True)]


# ---------------------------------------------------------------- right


s = "sgd_step"
for f in [
    lambda P, g, lr: [p - lr * d for p, d in zip(P, g)],
    lambda P, g, lr: tuple(p - lr * d for p, d in zip(P, g)),
    lambda P, g, lr: (p - lr * d for p, d in zip(P, g)),
    lambda P, g, lr: list(map(lambda p, d: p - lr * d, P, g)),
    lambda P, g, lr: [P[i] - lr * g[i] for i in range(len(P))],
    lambda P, g, lr: [np.subtract(p, np.multiply(lr, d)) for p, d in zip(P, g)],
    lambda P, g, lr: [(p - lr * d).astype("f4") for p, d in zip(P, g)],
    lambda P, g, lr: map(lambda p, d: p - lr * d, P, g),
    lambda P, g, lr: [p + (-lr) * d for p, d in zip(P, g)],
    partial(lambda m, P, g, lr: [p - lr * d for p, d in zip(P, g)], 0),
]:
    right(s, f)


@right(s)
def _(P, g, lr):
    new = [p.copy() for p in P]
    for p, d in zip(new, g):
        p -= lr * d
    return new


@right(s)
def _(P, g, lr):
    import copy

    P = copy.deepcopy(P)
    for i in range(len(P)):
        P[i] -= lr * g[i]
    return P


@right(s)
def _(params, grads, lr):
    out = []
    for p, d in zip(params, grads):
        q = np.empty_like(p)
        for i in np.ndindex(p.shape):
            q[i] = p[i] - lr * d[i]
        out.append(q)
    return out


@right(s)
def _(P, g, lr):
    P = list(P)
    for i in range(len(P)):
        P[i] = P[i] - lr * g[i]
    return P


@right(s, label="generator fn")
def _(P, g, lr):
    for p, d in zip(P, g):
        yield p - lr * d


# ---------------------------------------------------------------- right, in other styles


@right("sgd_step")
def sg_plain(params, grads, lr):
    return [p - lr * g for p, g in zip(params, grads, strict=True)]


@right("sgd_step")
def sg_tuple(params, grads, lr):
    return tuple(p - lr * g for p, g in zip(params, grads, strict=True))


@right("sgd_step")
def sg_generator(params, grads, lr):
    for p, g in zip(params, grads, strict=True):
        yield p - lr * g


@right("sgd_step")
def sg_append(params, grads, lr):
    new = []
    for i in range(len(params)):
        new.append(params[i] + -lr * grads[i])
    return new


@right("sgd_step")
def sg_in_place_and_return(params, grads, lr):
    for p, g in zip(params, grads, strict=True):
        p -= lr * g
    return params


@right("sgd_step")
def sg_into_the_list(params, grads, lr):
    for i, g in enumerate(grads):
        params[i] = params[i] - lr * g
    return params


@right("sgd_step")
def sg_copies(params, grads, lr):
    new = [p.copy() for p in params]
    for p, g in zip(new, grads, strict=True):
        p -= lr * g
    return new


@right("sgd_step")
def sg_entry_by_entry(params, grads, lr):
    new = []
    for p, g in zip(params, grads, strict=True):
        q = np.zeros_like(p)
        for i in np.ndindex(p.shape):
            q[i] = p[i] - lr * g[i]
        new.append(q)
    return new


@right("sgd_step")
def sg_subtract(params, grads, lr):
    return [np.subtract(p, np.multiply(lr, g)) for p, g in zip(params, grads, strict=True)]


@right("sgd_step")
def sg_single(params, grads, lr):
    return [(p - lr * g).astype(np.float32) for p, g in zip(params, grads, strict=True)]


@right("sgd_step")
def sg_one_vector(params, grads, lr):
    theta = np.concatenate([p.ravel() for p in params])
    theta = theta - lr * np.concatenate([g.ravel() for g in grads])
    new, start = [], 0
    for p in params:
        new.append(theta[start : start + p.size].reshape(p.shape))
        start += p.size
    return new
