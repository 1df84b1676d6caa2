"""Answers to `sgd_step`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

from functools import partial

import numpy as np
from hands import right, wrong

# ---------------------------------------------------------------- wrong


wrong("update-sign", lambda P, g, lr: [p + lr * d for p, d in zip(P, g)])


@wrong("accepted")
def _(P, g, lr):
    for p, d in zip(P, g):
        p -= lr * d
    return P


@wrong("nothing-moved")
def rebinding_p(P, g, lr):
    for p, d in zip(P, g):
        p = p - lr * d
    return P


wrong("forgot-lr", lambda P, g, lr: [p - d for p, d in zip(P, g)], "forgot lr")
wrong("step-without-params", lambda P, g, lr: [-lr * d for p, d in zip(P, g)], "only the step")
wrong("step-without-params", lambda P, g, lr: [lr * d for p, d in zip(P, g)], "only the step +")
wrong("step-times-params", lambda P, g, lr: [p * (1 - lr * d) for p, d in zip(P, g)], "times")
wrong("divided-by-lr", lambda P, g, lr: [p - d / lr for p, d in zip(P, g)], "/lr")
wrong("lr-times-everything", lambda P, g, lr: [lr * (p - d) for p, d in zip(P, g)], "brackets")
wrong("params-and-grads-swapped", lambda P, g, lr: [d - lr * p for p, d in zip(P, g)], "swapped")
wrong("", lambda P, g, lr: [P[0] - lr * g[0]], "first only")
wrong("", lambda P, g, lr: [P[0] - lr * g[0]] + list(P[1:]), "first changed only")
wrong("", lambda P, g, lr: [p - lr * d for p, d in zip(P, g)][-1], "last")


@wrong("")
def return_in_loop(P, g, lr):
    for p, d in zip(P, g):
        return p - lr * d


wrong("", lambda P, g, lr: [p - 2 * lr * d for p, d in zip(P, g)], "2lr")
wrong("", lambda P, g, lr: [p - lr * np.sign(d) for p, d in zip(P, g)], "sign")
wrong("int-weights", lambda P, g, lr: [(p - lr * d).astype(int) for p, d in zip(P, g)])


@wrong("int-weights")
def _(P, g, lr):
    out = []
    for p, d in zip(P, g):
        q = np.array(p, dtype=int)
        q[...] = q - lr * d
        out.append(q)
    return out


wrong("", lambda P, g, lr: [p - lr * g[0] for p in P], "same grad all")
wrong("", lambda P, g, lr: [p - lr * d.mean() for p, d in zip(P, g)], "mean of grad")


@wrong("update-sign")
def u_sign(params, grads, lr):
    for p, g in zip(params, grads):
        p += lr * g
    return params


@wrong("overwrite-in-loop")
def u_last_only(params, grads, lr):
    for i in range(len(params)):
        new = list(params)
        new[i] = params[i] - lr * grads[i]
    return new


wrong("update-sign+forgot-lr", lambda params, grads, lr: [p + g for p, g in zip(params, grads)])


@wrong("", says="It is the last one")
def list_made_in_each_turn(params, grads, lr):
    for p, g in zip(params, grads):
        new = [p - lr * g]
    return new


@wrong("", says="It is the first one")
def return_inside_the_loop(params, grads, lr):
    for p, g in zip(params, grads):
        return [p - lr * g]


wrong(
    "",
    lambda p, g, lr: [a - lr * b if a.ndim == 2 else a.copy() for a, b in zip(p, g)],
    "biases stay",
    says="is it computed at all",
)
wrong(
    "update-sign",
    lambda p, g, lr: [*(a - lr * b for a, b in zip(p[:3], g)), p[3] + lr * g[3]],
    "the last one",
    says="In params[3]",
)
wrong("gradient-squared", lambda p, g, lr: [a - lr * b * b for a, b in zip(p, g)])
wrong("gradient-clipped", lambda p, g, lr: [a - lr * np.clip(b, -0.5, 0.5) for a, b in zip(p, g)])


@wrong("", says="none of its arrays")
def grads_scaled_in_place(params, grads, lr):
    for g in grads:
        g *= lr
    return [p - g for p, g in zip(params, grads)]


@wrong("remarked")
def entries_of_the_old_list(params, grads, lr):
    for i in range(len(params)):
        params[i] = params[i] - lr * grads[i]
    return params


# ---------------------------------------------------------------- right


right(lambda P, g, lr: [p - lr * d for p, d in zip(P, g)])
right(lambda P, g, lr: tuple(p - lr * d for p, d in zip(P, g)))
right(lambda P, g, lr: list(map(lambda p, d: p - lr * d, P, g)))
right(lambda P, g, lr: [P[i] - lr * g[i] for i in range(len(P))])
right(lambda P, g, lr: [np.subtract(p, np.multiply(lr, d)) for p, d in zip(P, g)])
right(lambda P, g, lr: [(p - lr * d).astype("f4") for p, d in zip(P, g)])
right(partial(lambda m, P, g, lr: [p - lr * d for p, d in zip(P, g)], 0))


@right
def _(P, g, lr):
    new = [p.copy() for p in P]
    for p, d in zip(new, g):
        p -= lr * d
    return new


@right
def _(P, g, lr):
    import copy

    P = copy.deepcopy(P)
    for i in range(len(P)):
        P[i] -= lr * g[i]
    return P


@right
def _(params, grads, lr):
    out = []
    for p, d in zip(params, grads):
        q = np.empty_like(p)
        for i in np.ndindex(p.shape):
            q[i] = p[i] - lr * d[i]
        out.append(q)
    return out


@right
def generator_fn(P, g, lr):
    for p, d in zip(P, g):
        yield p - lr * d


@right
def sg_in_place_and_return(params, grads, lr):
    for p, g in zip(params, grads):
        p -= lr * g
    return params


@right
def sg_into_the_list(params, grads, lr):
    for i, g in enumerate(grads):
        params[i] = params[i] - lr * g
    return params


right(lambda params, grads, lr: [(p - lr * g).astype(np.float32) for p, g in zip(params, grads)])


@right
def sg_one_vector(params, grads, lr):
    theta = np.concatenate([p.ravel() for p in params])
    theta = theta - lr * np.concatenate([g.ravel() for g in grads])
    new, start = [], 0
    for p in params:
        new.append(theta[start : start + p.size].reshape(p.shape))
        start += p.size
    return new


@right
def array_of_arrays(params, grads, lr):
    new = np.empty(len(params), dtype=object)
    for k, (p, g) in enumerate(zip(params, grads)):
        new[k] = p - lr * g
    return new
