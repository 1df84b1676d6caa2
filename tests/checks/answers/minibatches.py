"""Answers to `minibatches`, as many hands write them; see tests/checks/test_answers.py."""
# ruff: noqa: B007, B023, B905, E501, E731, E741, F402, F811, F821, F841, NPY002, UP031

import math

import numpy as np
from hands import right, wrong


def batches(X, y, size):
    return [(X[s : s + size], y[s : s + size]) for s in range(0, len(X), size)]


class MB:
    def __init__(s, X, y, bs, rng):
        s.a = (X, y, bs, rng)

    def __iter__(s):
        X, y, bs, rng = s.a
        p = rng.permutation(len(X))
        for i in range(0, len(X), bs):
            yield X[p[i : i + bs]], y[p[i : i + bs]]


# ---------------------------------------------------------------- wrong


@wrong("shuffle-separately")
def _(X, y, bs, rng):
    X = X[rng.permutation(len(X))]
    y = y[rng.permutation(len(y))]
    return [(X[i : i + bs], y[i : i + bs]) for i in range(0, len(X), bs)]


@wrong("shuffle-separately")
def y_not(X, y, bs, rng):
    X = X[rng.permutation(len(X))]
    for i in range(0, len(X), bs):
        yield X[i : i + bs], y[i : i + bs]


@wrong("shuffle-separately")
def X_not(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[i : i + bs], y[p[i : i + bs]]


@wrong("shuffle-separately")
def in_place(X, y, bs, rng):
    rng.shuffle(X)
    rng.shuffle(y)
    for i in range(0, len(X), bs):
        yield X[i : i + bs], y[i : i + bs]


@wrong("same-order")
def _(X, y, bs, rng):
    rng = np.random.default_rng(0)
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong("same-order")
def _(X, y, bs, rng):
    np.random.seed(42)
    p = np.random.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong("global-rng")
def global_rng(X, y, bs, rng):
    p = np.random.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong("last-batch")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(len(X) // bs):
        yield X[p[i * bs : (i + 1) * bs]], y[p[i * bs : (i + 1) * bs]]


@wrong("last-batch")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    n = len(X) // bs
    return iter([(X[c], y[c]) for c in np.split(p[: n * bs], n)])


@wrong("last-batch")
def last_one_dropped_even_if_whole(X, y, bs, rng):
    p = rng.permutation(len(X))
    i = 0
    while i + bs < len(X):
        yield X[p[i : i + bs]], y[p[i : i + bs]]
        i += bs


@wrong("with-replacement")
def replacement(X, y, bs, rng):
    for i in range(0, len(X), bs):
        c = rng.integers(0, len(X), size=min(bs, len(X) - i))
        yield X[c], y[c]


@wrong("with-replacement")
def new_choice_each_batch(X, y, bs, rng):
    for i in range(0, len(X), bs):
        c = rng.choice(len(X), bs, replace=False)
        yield X[c], y[c]


@wrong("new-order-each-batch")
def perm_inside_loop(X, y, bs, rng):
    for i in range(0, len(X), bs):
        p = rng.permutation(len(X))
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong("")
def only_first(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        return X[p[i : i + bs]], y[p[i : i + bs]]


@wrong("")
def only_first_listed(X, y, bs, rng):
    p = rng.permutation(len(X))[:bs]
    return [(X[p], y[p])]


@wrong("")
def one_row_short(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[p[i : i + bs - 1]], y[p[i : i + bs - 1]]


@wrong("")
def step_1(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(len(X)):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong("")
def y_first(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield y[p[i : i + bs]], X[p[i : i + bs]]


@wrong("")
def bs_as_count(X, y, bs, rng):
    for c in np.array_split(rng.permutation(len(X)), bs):
        yield X[c], y[c]


@wrong("accepted")
def array_split_equalised(X, y, bs, rng):
    for c in np.array_split(rng.permutation(len(X)), -(-len(X) // bs)):
        yield X[c], y[c]


@wrong("")
def empty_extra(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X) + bs, bs):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong("")
def padded(X, y, bs, rng):
    p = rng.permutation(len(X))
    p = np.resize(p, -(-len(X) // bs) * bs)
    for i in range(0, len(p), bs):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@wrong("")
def shuffles_inputs_together(X, y, bs, rng):
    p = rng.permutation(len(X))
    X[:] = X[p]
    y[:] = y[p]
    for i in range(0, len(X), bs):
        yield X[i : i + bs], y[i : i + bs]


@wrong("")
def _(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        out = [(X[p[i : i + bs]], y[p[i : i + bs]])]
    return out


@wrong("shuffled-batches-only")
def order_shuffled_within_batches_only(X, y, bs, rng):
    for i in range(0, len(X), bs):
        c = i + rng.permutation(min(bs, len(X) - i))
        yield X[c], y[c]


@wrong("")
def only_X(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[p[i : i + bs]]


wrong(
    "shuffle-separately", lambda X, y, batch_size, rng: batches(X, rng.permutation(y), batch_size)
)


@wrong("same-order")
def m_seeded(X, y, batch_size, rng):
    rng = np.random.default_rng(42)
    order = rng.permutation(len(X))
    return batches(X[order], y[order], batch_size)


@wrong("no-shuffle")
def m_in_order(X, y, batch_size, rng):
    yield from batches(X, y, batch_size)


@wrong("shuffled-batches-only")
def m_batches_shuffled(X, y, batch_size, rng):
    made = batches(X, y, batch_size)
    for k in rng.permutation(len(made)):
        yield made[k]


@wrong("with-replacement")
def m_replaced(X, y, batch_size, rng):
    for _ in range(math.ceil(len(X) / batch_size)):
        rows = rng.choice(len(X), size=min(batch_size, len(X)))
        yield X[rows], y[rows]


@wrong("global-rng")
def m_global(X, y, batch_size, rng):
    order = np.random.permutation(len(X))
    return batches(X[order], y[order], batch_size)


@wrong("same-order+last-batch")
def seeded_and_dropped(X, y, batch_size, rng):
    order = np.random.default_rng(7).permutation(len(X))
    for k in range(len(X) // batch_size):
        yield X[order][k * batch_size :][:batch_size], y[order][k * batch_size :][:batch_size]


@wrong("shuffle-separately+last-batch")
def only_X_shuffled_rest_dropped(X, y, bs, rng):
    X, n = X[rng.permutation(len(X))], len(X) // bs * bs
    return [(X[i : i + bs], y[i : i + bs]) for i in range(0, n, bs)]


@wrong("shuffle-separately", says="one that reaches X or y alone")
def y_as_it_was(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for s in range(0, len(X), batch_size):
        yield X[order[s : s + batch_size]], y[s : s + batch_size]


@wrong("", says="return batches, each of them a pair")
def no_return(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    X, y = X[order], y[order]


@wrong("remarked")
def first_batch_short(X, y, batch_size, rng):
    order, first = rng.permutation(len(X)), len(X) % batch_size or batch_size
    later = [order[i : i + batch_size] for i in range(first, len(X), batch_size)]
    return [(X[rows], y[rows]) for rows in [order[:first], *later]]


@wrong("remarked")
def equal_parts(X, y, batch_size, rng):
    parts = np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size))
    return [(X[rows], y[rows]) for rows in parts]


@wrong("", says="not rows of X")
def columns_too(X, y, batch_size, rng):
    order, columns = rng.permutation(len(X)), rng.permutation(X.shape[1])
    starts = range(0, len(X), batch_size)
    cuts = [order[i : i + batch_size] for i in starts]
    return [(X[rows][:, columns], y[rows]) for rows in cuts]


def changed_batches(X, y, batch_size, rng, of_rows=lambda x: x, of_labels=lambda y: y):
    order = rng.permutation(len(X))
    pieces = np.split(order, range(batch_size, len(X), batch_size))
    return [(of_rows(X[piece]), of_labels(y[piece])) for piece in pieces]


wrong(
    "",
    lambda X, y, n, rng: changed_batches(X, y, n, rng, lambda x: x[:, ::-1]),
    "columns turned round",
    says="not rows of X",
)
wrong(
    "",
    lambda X, y, n, rng: changed_batches(X, y, n, rng, lambda x: 2 * x),
    "doubled",
    says="not rows of X",
)
wrong(
    "",
    lambda X, y, n, rng: changed_batches(X, y, n, rng, of_labels=lambda y: y + 1),
    "labels from 1",
    says="do not occur in y",
)

# ---------------------------------------------------------------- right


@right
def generator(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield X[p[i : i + bs]], y[p[i : i + bs]]


@right
def as_a_list(X, y, bs, rng):
    p = rng.permutation(len(X))
    return [(X[p[i : i + bs]], y[p[i : i + bs]]) for i in range(0, len(X), bs)]


@right
def as_an_iterator(X, y, bs, rng):
    p = rng.permutation(len(y))
    return iter([(X[p[i : i + bs]], y[p[i : i + bs]]) for i in range(0, len(X), bs)])


@right
def choice(X, y, bs, rng):
    i = rng.choice(len(X), len(X), replace=False)
    return ((X[i[a : a + bs]], y[i[a : a + bs]]) for a in range(0, len(X), bs))


@right
def argsort_random(X, y, bs, rng):
    i = np.argsort(rng.random(len(X)))
    for c in np.split(i, range(bs, len(i), bs)):
        yield X[c], y[c]


@right
def lists_yield(X, y, bs, rng):
    p = rng.permutation(len(X))
    for i in range(0, len(X), bs):
        yield [X[p[i : i + bs]], y[p[i : i + bs]]]


@right
def until_none_are_left(X, y, bs, rng):
    p = list(rng.permutation(len(X)))
    while p:
        c, p = p[:bs], p[bs:]
        yield X[c], y[c]


@right
def zip_pairs(X, y, bs, rng):
    pairs = list(zip(X, y))
    pairs = [pairs[i] for i in rng.permutation(len(pairs))]
    for a in range(0, len(pairs), bs):
        c = pairs[a : a + bs]
        yield np.array([q[0] for q in c]), np.array([q[1] for q in c])


right(MB, "class")


@right
def same_state_twice(X, y, bs, rng):
    st = rng.bit_generator.state
    X = rng.permutation(X)
    end = rng.bit_generator.state
    rng.bit_generator.state = st
    y = rng.permutation(y)
    rng.bit_generator.state = end
    for k in range(0, len(X), bs):
        yield X[k : k + bs], y[k : k + bs]


@right
def mb_list(X, y, batch_size, rng):
    order = rng.permutation(len(y))
    batches = []
    for start in range(0, len(y), batch_size):
        batches.append((X[order][start : start + batch_size], y[order][start : start + batch_size]))
    return batches


@right
def mb_choice(X, y, batch_size, rng):
    order = rng.choice(len(X), size=len(X), replace=False)
    for k in range(int(np.ceil(len(X) / batch_size))):
        rows = order[k * batch_size : (k + 1) * batch_size]
        yield [X[rows], y[rows]]


@right
def mb_array_split(X, y, batch_size, rng):
    order = rng.permutation(len(X))
    for rows in np.array_split(order, math.ceil(len(X) / batch_size)):
        yield X[rows], y[rows]


@right
def mb_class(X, y, batch_size, rng):
    class Batches:
        def __init__(self):
            self.order = rng.permutation(len(X))

        def __iter__(self):
            for s in range(0, len(X), batch_size):
                yield X[self.order[s : s + batch_size]], y[self.order[s : s + batch_size]]

    return Batches()


@right
def mb_in_one_table(X, y, batch_size, rng):
    table = np.column_stack([X, y])
    rng.shuffle(table)
    for s in range(0, len(table), batch_size):
        yield table[s : s + batch_size, :-1], table[s : s + batch_size, -1].astype(int)


@right
def mb_take(X, y, batch_size, rng):
    order = rng.permuted(np.arange(len(X)))
    for s in range(0, len(X), batch_size):
        rows = order[s : min(s + batch_size, len(X))]
        yield X.take(rows, axis=0), y.take(rows)
