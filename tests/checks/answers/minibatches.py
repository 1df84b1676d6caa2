"""Answers to `minibatches`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import math

import numpy as np
from hands import fed, right, wrong

# ---------------------------------------------------------------- wrong


M = "minibatches"


@wrong(M, "shuffle-separately")
def _(X, y, bs, rng):
    X = X.copy()
    y = y.copy()
    rng.shuffle(X)
    rng.shuffle(y)
    for i in range(0, len(X), bs):
        yield X[i : i + bs], y[i : i + bs]


@wrong(M, "shuffle-separately")
def _(X, y, bs, rng):
    X = X[rng.permutation(len(X))]
    y = y[rng.permutation(len(y))]
    return [(X[i : i + bs], y[i : i + bs]) for i in range(0, len(X), bs)]


@wrong(M, "shuffle-separately", label="y not")
def _(X, y, bs, rng):
    X = X[rng.permutation(len(X))]
    for i in range(0, len(X), bs):
        yield X[i : i + bs], y[i : i + bs]


@wrong(M, "shuffle-separately", label="X not")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[i : i + bs], y[p[i : i + bs]]


@wrong(M, "shuffle-separately", label="in place")
def _(X, y, bs, rng):
    rng.shuffle(X)
    rng.shuffle(y)
    for i in range(0, len(X), bs):
        yield X[i : i + bs], y[i : i + bs]


@wrong(M, "same-order")
def _(X, y, bs, rng):
    rng = np.random.default_rng(0)
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong(M, "same-order")
def _(X, y, bs, rng):
    np.random.seed(42)
    p = np.random.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong(M, "global-rng", label="global rng")
def _(X, y, bs, rng):
    p = np.random.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong(M, "last-batch")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(len(X) // bs):
        yield X[p[i * bs : (i + 1) * bs]], y[p[i * bs : (i + 1) * bs]]


@wrong(M, "last-batch")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    n = len(X) // bs
    return iter([(X[c], y[c]) for c in np.split(p[: n * bs], n)])


@wrong(M, "last-batch")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    i = 0
    while i + bs <= len(X):
        yield X[p[i : i + bs]], y[p[i : i + bs]]
        i += bs


@wrong(M, "last-batch", label="i+bs<N")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    i = 0
    while i + bs < len(X):
        yield X[p[i : i + bs]], y[p[i : i + bs]]
        i += bs


@wrong(M, "no-shuffle", label="no shuffle")
def _(X, y, bs, rng):
    for i in range(0, len(X), bs):
        yield X[i : i + bs], y[i : i + bs]


@wrong(M, "with-replacement", label="replacement")
def _(X, y, bs, rng):
    for i in range(0, len(X), bs):
        c = rng.integers(0, len(X), size=min(bs, len(X) - i))
        yield X[c], y[c]


@wrong(M, "with-replacement", label="new choice each batch")
def _(X, y, bs, rng):
    for i in range(0, len(X), bs):
        c = rng.choice(len(X), bs, replace=False)
        yield X[c], y[c]


@wrong(M, "new-order-each-batch", label="perm inside loop")
def _(X, y, bs, rng):
    for i in range(0, len(X), bs):
        p = rng.permutation(len(X))
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong(M, "", label="only first")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        return X[p[i : i + bs]], y[p[i : i + bs]]


@wrong(M, "", label="only first, listed")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))[:bs]
    return [(X[p], y[p])]


@wrong(M, "", label="off by one i+bs-1")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[p[i : i + bs - 1]], y[p[i : i + bs - 1]]


@wrong(M, "", label="step 1")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(len(X)):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong(M, "", label="y first")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield y[p[i : i + bs]], X[p[i : i + bs]]


@wrong(M, "", label="bs as count")
def _(X, y, bs, rng):
    for c in np.array_split(rng.permutation(len(X)), bs):
        yield X[c], y[c]


@wrong(M, "accepted", label="array_split equalised")
def _(X, y, bs, rng):
    for c in np.array_split(rng.permutation(len(X)), -(-len(X) // bs)):
        yield X[c], y[c]


@wrong(M, "", label="empty extra")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X) + bs, bs):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong(M, "", label="padded")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    p = np.resize(p, -(-len(X) // bs) * bs)
    for i in range(0, len(p), bs):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong(M, "", label="shuffles inputs together")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    X[:] = X[p]
    y[:] = y[p]
    for i in range(0, len(X), bs):
        yield X[i : i + bs], y[i : i + bs]


@wrong(M, "")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        out = [(X[p[i : i + bs]], y[p[i : i + bs]])]
    return out


@wrong(M, "shuffled-batches-only", label="order shuffled within batches only")
def _(X, y, bs, rng):
    for i in range(0, len(X), bs):
        c = i + rng.permutation(min(bs, len(X) - i))
        yield X[c], y[c]


@wrong(M, "", label="only X")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[p[i : i + bs]]


# ---------------------------------------------------------------- each with exactly these mistakes


def batches(X, y, size):
    return [(X[s : s + size], y[s : s + size]) for s in range(0, len(X), size)]


@fed("minibatches", "shuffle-separately")
def m_apart(X, y, batch_size, rng):
    X, y = X.copy(), y.copy()
    rng.shuffle(X)
    rng.shuffle(y)
    return batches(X, y, batch_size)


@fed("minibatches", "shuffle-separately")
def m_only_y(X, y, batch_size, rng):
    return batches(X, rng.permutation(y), batch_size)


@fed("minibatches", "same-order")
def m_seeded(X, y, batch_size, rng):
    rng = np.random.default_rng(42)
    order = rng.permutation(len(X))
    return batches(X[order], y[order], batch_size)


@fed("minibatches", "last-batch")
def m_rest_dropped(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for k in range(len(X) // batch_size):
        rows = order[k * batch_size : (k + 1) * batch_size]
        yield X[rows], y[rows]


@fed("minibatches", "no-shuffle")
def m_in_order(X, y, batch_size, rng):
    yield from batches(X, y, batch_size)


@fed("minibatches", "shuffled-batches-only")
def m_batches_shuffled(X, y, batch_size, rng):
    made = batches(X, y, batch_size)
    for k in rng.permutation(len(made)):
        yield made[k]


@fed("minibatches", "with-replacement")
def m_replaced(X, y, batch_size, rng):
    for _ in range(math.ceil(len(X) / batch_size)):
        rows = rng.choice(len(X), size=min(batch_size, len(X)))
        yield X[rows], y[rows]


@fed("minibatches", "global-rng")
def m_global(X, y, batch_size, rng):
    order = np.random.permutation(len(X))  # noqa: NPY002 (this is the mistake)
    return batches(X[order], y[order], batch_size)


def scaled(X, mean, std):
    return (X - mean) / std


@fed("minibatches", "same-order", "last-batch")
def p_seeded_dropped(X, y, batch_size, rng):
    order = np.random.default_rng(7).permutation(len(X))
    for k in range(len(X) // batch_size):
        yield X[order][k * batch_size :][:batch_size], y[order][k * batch_size :][:batch_size]


# ---------------------------------------------------------------- right


s = "minibatches"


@right(s)
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@right(s, label="list")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    return [(X[p[i : i + bs]], y[p[i : i + bs]]) for i in range(0, len(X), bs)]


@right(s, label="iter")
def _(X, y, bs, rng):
    p = rng.permutation(len(y))
    return iter([(X[p[i : i + bs]], y[p[i : i + bs]]) for i in range(0, len(X), bs)])


@right(s, label="shuffle idx")
def _(X, y, bs, rng):
    i = np.arange(len(X))
    rng.shuffle(i)
    Xs, ys = X[i], y[i]
    for a in range(0, len(X), bs):
        yield Xs[a : a + bs], ys[a : a + bs]


@right(s, label="choice")
def _(X, y, bs, rng):
    i = rng.choice(len(X), len(X), replace=False)
    return ((X[i[a : a + bs]], y[i[a : a + bs]]) for a in range(0, len(X), bs))


@right(s, label="argsort random")
def _(X, y, bs, rng):
    i = np.argsort(rng.random(len(X)))
    for c in np.split(i, range(bs, len(i), bs)):
        yield X[c], y[c]


@right(s, label="lists yield")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield [X[p[i : i + bs]], y[p[i : i + bs]]]


@right(s, label="while")
def _(X, y, bs, rng):
    p = list(rng.permutation(len(X)))
    while p:
        c, p = p[:bs], p[bs:]
        yield X[c], y[c]


@right(s, label="zip pairs")
def _(X, y, bs, rng):
    pairs = list(zip(X, y))
    pairs = [pairs[i] for i in rng.permutation(len(pairs))]
    for a in range(0, len(pairs), bs):
        c = pairs[a : a + bs]
        yield np.array([q[0] for q in c]), np.array([q[1] for q in c])


@right(s, label="joined table")
def _(X, y, bs, rng):
    t = np.column_stack([X, y])
    t = rng.permutation(t)
    for a in range(0, len(t), bs):
        yield t[a : a + bs, :-1], t[a : a + bs, -1].astype(int)


@right(s, label="small batch first")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    return zip(
        (X[p[i : i + bs]] for i in range(0, len(X), bs)),
        (y[p[i : i + bs]] for i in range(0, len(X), bs)),
    )


class MB:
    def __init__(s, X, y, bs, rng):
        s.a = (X, y, bs, rng)

    def __iter__(s):
        X, y, bs, rng = s.a
        p = rng.permutation(len(X))
        for i in range(0, len(X), bs):
            yield X[p[i : i + bs]], y[p[i : i + bs]]


right(s, MB, "class")


@right(s, label="ceil")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    X, y = X[p], y[p]
    for k in range(math.ceil(len(X) / bs)):
        yield X[k * bs : (k + 1) * bs], y[k * bs : (k + 1) * bs]


@right(s, label="same state twice")
def _(X, y, bs, rng):
    st = rng.bit_generator.state
    X = rng.permutation(X)
    end = rng.bit_generator.state
    rng.bit_generator.state = st
    y = rng.permutation(y)
    rng.bit_generator.state = end
    for k in range(0, len(X), bs):
        yield X[k : k + bs], y[k : k + bs]


# ---------------------------------------------------------------- right, in other styles


@right("minibatches")
def mb_generator(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


@right("minibatches")
def mb_list(X, y, batch_size, rng):
    order = rng.permutation(len(y))
    batches = []
    for start in range(0, len(y), batch_size):
        batches.append((X[order][start : start + batch_size], y[order][start : start + batch_size]))
    return batches


@right("minibatches")
def mb_shuffled_indices(X, y, batch_size, rng):
    index = np.arange(len(X))
    rng.shuffle(index)
    X, y = X[index], y[index]
    return ((X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size))


@right("minibatches")
def mb_choice(X, y, batch_size, rng):
    order = rng.choice(len(X), size=len(X), replace=False)
    for k in range(int(np.ceil(len(X) / batch_size))):
        rows = order[k * batch_size : (k + 1) * batch_size]
        yield [X[rows], y[rows]]


@right("minibatches")
def mb_array_split(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for rows in np.array_split(order, math.ceil(len(X) / batch_size)):
        yield X[rows], y[rows]


@right("minibatches")
def mb_split_at(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    return [(X[r], y[r]) for r in np.split(order, range(batch_size, len(X), batch_size))]


@right("minibatches")
def mb_argsort(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(X)))
    return zip(
        [X[order[s : s + batch_size]] for s in range(0, len(X), batch_size)],
        [y[order[s : s + batch_size]] for s in range(0, len(X), batch_size)],
        strict=True,
    )


@right("minibatches")
def mb_zipped_lists(X, y, batch_size, rng):
    pairs = [(X[i], y[i]) for i in rng.permutation(len(X))]
    for start in range(0, len(pairs), batch_size):
        part = pairs[start : start + batch_size]
        yield np.array([x for x, _ in part]), np.array([label for _, label in part])


@right("minibatches")
def mb_class(X, y, batch_size, rng):
    class Batches:
        def __init__(self):
            self.order = rng.permutation(len(X))

        def __iter__(self):
            for s in range(0, len(X), batch_size):
                yield X[self.order[s : s + batch_size]], y[self.order[s : s + batch_size]]

    return Batches()


@right("minibatches")
def mb_in_one_table(X, y, batch_size, rng):
    table = np.column_stack([X, y])
    rng.shuffle(table)
    for s in range(0, len(table), batch_size):
        yield table[s : s + batch_size, :-1], table[s : s + batch_size, -1].astype(int)


@right("minibatches")
def mb_take(X, y, batch_size, rng):
    order = rng.permuted(np.arange(len(X)))
    for s in range(0, len(X), batch_size):
        rows = order[s : min(s + batch_size, len(X))]
        yield X.take(rows, axis=0), y.take(rows)
