"""The optimisers: first steps by hand, what each leaves alone, the gradient behind a step."""

import copy
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from strategies import cases

import nnlib as nn

pytestmark = pytest.mark.filterwarnings("error")

ALL = [
    lambda net, **more: nn.SGD(net, lr=0.1, **more),
    lambda net, **more: nn.SGD(net, lr=0.1, momentum=0.9, **more),
    lambda net, **more: nn.RMSprop(net, lr=0.01, **more),
    lambda net, **more: nn.Adam(net, lr=0.01, **more),
]


def one_weight(value=2.0, gradient=0.5):
    """A network of one weight and one bias, both with the same gradient."""
    net = nn.Sequential(nn.Linear(1, 1), rng=0)
    net.theta, net.grad = np.array([value, value]), np.array([gradient, gradient])
    return net


def test_sgd_by_hand():
    net = one_weight()
    nn.SGD(net, lr=0.1).step()
    np.testing.assert_allclose(net.theta, 2 - 0.1 * 0.5)


def test_momentum_by_hand():
    net = one_weight()
    opt = nn.SGD(net, lr=0.1, momentum=0.9)
    for _ in range(2):
        opt.step()
    np.testing.assert_allclose(net.theta, 2 - 0.1 * 0.5 - 0.1 * (0.9 * 0.5 + 0.5))


def test_rmsprop_by_hand():
    net = one_weight()
    nn.RMSprop(net, lr=0.1, alpha=0.75, eps=1e-3).step()  # s = ¼ · ¼, √s = ¼
    np.testing.assert_allclose(net.theta, 2 - 0.1 * 0.5 / (0.25 + 1e-3))


def test_adam_by_hand():
    net = one_weight()
    opt = nn.Adam(net, lr=0.1, betas=(0.5, 0.75), eps=1e-3)
    opt.step()  # m̂ = g, v̂ = g²
    first = 2 - 0.1 * 0.5 / (0.5 + 1e-3)
    np.testing.assert_allclose(net.theta, first)
    net.grad = np.array([1.0, 1.0])
    opt.step()
    m, v = (0.5 * 0.25 + 0.5 * 1) / (1 - 0.5**2), (0.75 * 0.0625 + 0.25) / (1 - 0.75**2)
    np.testing.assert_allclose(net.theta, first - 0.1 * m / (math.sqrt(v) + 1e-3))


def test_weight_decay_by_hand_pulls_weights_and_no_biases():
    net = one_weight(gradient=0.0)
    net.grad = np.zeros(2)
    nn.SGD(net, lr=0.1, weight_decay=0.5).step()
    np.testing.assert_allclose(net.theta, [2 - 0.1 * 0.5 * 2, 2])


def test_the_weight_mask_is_1_for_weights_and_0_for_biases():
    net = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3), rng=0)
    np.testing.assert_array_equal(net.weight_mask, [1] * 6 + [0] * 2 + [1] * 6 + [0] * 3)


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("decay", [0, 0.1])
def test_a_step_leaves_the_gradient_as_it_is(make, decay, fruit):
    net, loss, X, y = fruit
    loss(net(X), y)
    net.backward(loss.backward())
    before = net.grad.copy()
    make(net, weight_decay=decay).step()
    np.testing.assert_array_equal(net.grad, before)


@pytest.mark.parametrize("make", ALL)
def test_float32_stays_float32_in_every_state(make):
    net = nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 3), rng=0, dtype=np.float32)
    opt, loss = make(net, weight_decay=0.1), nn.CrossEntropyLoss()
    theta = net.theta
    for _ in range(2):
        loss(net(np.ones((2, 3))), [0, 1])
        net.backward(loss.backward())
        opt.step()
    assert net.theta is theta
    arrays = [net.theta, net.grad, *(v for v in vars(opt).values() if isinstance(v, np.ndarray))]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_lr_may_change_between_steps_and_is_checked():
    net = one_weight()
    opt = nn.SGD(net, lr=0.1)
    opt.lr = 0.2
    opt.step()
    np.testing.assert_allclose(net.theta, 1.9)
    with pytest.raises(ValueError, match="lr > 0, got -1"):
        opt.lr = -1
    assert opt.lr == 0.2


def test_a_gradient_written_by_hand_is_a_gradient():
    net = nn.Sequential(nn.Linear(1, 1), rng=0)
    net.layers[0].dW = np.array([[2.0]])  # a backward pass of the learner's own
    before = net.theta.copy()
    nn.SGD(net, lr=0.5).step()
    np.testing.assert_allclose(net.theta, before - [1, 0])


@pytest.mark.parametrize("name", ["RMSprop", "RMSProp"])
def test_both_spellings(name):
    assert getattr(nn, name) is nn.RMSprop


# Each optimiser's first step can be solved for the gradient that it used (ε = 1 keeps that easy).
IMPLIED = {
    "SGD": (lambda net, decay: nn.SGD(net, 1.0, weight_decay=decay), lambda step: step),
    "momentum": (lambda net, decay: nn.SGD(net, 1.0, 0.9, weight_decay=decay), lambda step: step),
    "RMSprop": (
        lambda net, decay: nn.RMSprop(net, 1.0, alpha=0.75, eps=1.0, weight_decay=decay),
        lambda step: step / (1 - np.abs(step) / 2),  # step = g / (|g| / 2 + 1)
    ),
    "Adam": (
        lambda net, decay: nn.Adam(net, 1.0, eps=1.0, weight_decay=decay),
        lambda step: step / (1 - np.abs(step)),  # step = g / (|g| + 1)
    ),
}


@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize("name", IMPLIED)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=cases())
def test_the_gradient_behind_a_step_is_the_measured_one(worst, case, name, decay):
    net, loss, X, y = case
    layers = [nn.Tanh() if isinstance(layer, nn.Dropout) else layer for layer in net.layers]
    net = nn.Sequential(*map(_free, layers))
    make, solve = IMPLIED[name]
    before = net.theta.copy()

    def penalised(theta):
        net.theta = theta
        return loss(net(X), y) + decay / 2 * (theta**2)[net.weight_mask == 1].sum()

    numeric = nn.numerical_gradient(penalised, before)
    loss(net(X), y)
    net.theta = before
    loss(net(X), y)
    net.backward(loss.backward())
    make(net, decay).step()
    implied = solve(before - net.theta)
    where = int(np.abs(implied - numeric).argmax())
    error = np.abs(implied - numeric).max() / max(np.abs(numeric).max(), 1e-3)
    worst("gradient behind a step against central differences", error)
    assert error <= 1e-7, (
        f"theta[{where}]: implied {implied[where]}, numeric {numeric[where]}\n{net}"
    )


def _free(layer):
    free = copy.deepcopy(layer)
    if free.size:
        free.bind(free.theta.astype(np.float64), free.grad.astype(np.float64))
    return free


@pytest.mark.parametrize("make", ALL)
def test_every_optimiser_learns_xor(make):
    X, y = nn.data.xor()
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2), rng=0)
    nn.fit(net, X, y, loss=nn.CrossEntropyLoss(), optimizer=make(net), epochs=400, rng=0)
    assert nn.accuracy(net.predict(X), y) == 1


# --- numbers that never die --------------------------------------------------------------------

FORGETFUL = {
    "momentum": lambda net: nn.SGD(net, 0.01, momentum=0.9),
    "RMSprop": lambda net: nn.RMSprop(net, 0.001, alpha=0.9),
    "Adam": lambda net: nn.Adam(net, 0.001),
    "AdamW": lambda net: nn.AdamW(net, 0.001),
}


def subnormal(x):
    return int(((x != 0) & (np.abs(x) < np.finfo(x.dtype).tiny)).sum())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", FORGETFUL)
def test_memories_of_gradients_that_are_gone_become_zero(name, dtype):
    """Units that close for ever leave a gradient of 0; their memory must not end as subnormals."""
    net = nn.Sequential(nn.Linear(20, 5), rng=0, dtype=dtype)
    opt, rng = FORGETFUL[name](net), np.random.default_rng(0)
    most = 0
    for step in range(9_000):
        # a tenth of the entries stay; the others were of every size and are gone since
        net.grad = rng.standard_normal(105)
        if step > 0:
            net.grad *= np.arange(105) % 10 == 0
        opt.step()
        most = max(most, *map(subnormal, opt.memory)) if step % 16 == 15 else most
    assert most <= 5, f"{most} of 105 entries stay subnormal"
    gone = np.arange(105) % 10 != 0
    assert (opt.memory[0][gone] == 0).all()


@pytest.mark.parametrize("name", FORGETFUL)
def test_dropping_them_changes_no_digit_of_the_weights(name, monkeypatch):
    X, y = nn.data.moons(50)

    def trained():
        net = nn.Sequential(nn.Linear(2, 30), nn.ReLU(), nn.Linear(30, 2), rng=0, dtype="float32")
        options = {"loss": nn.CrossEntropyLoss(), "optimizer": FORGETFUL[name](net)}
        nn.fit(net, X, y, epochs=100, batch_size=10, rng=0, **options)
        return net.theta

    dropped = trained()
    monkeypatch.setattr(nn.optim, "drop_subnormals", lambda x: None)
    np.testing.assert_array_equal(trained(), dropped)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dropping_subnormals_leaves_every_other_number(dtype):
    numbers = np.finfo(dtype)
    x = np.array(
        [0, 1, -3.7, numbers.max, 1e-9, numbers.smallest_subnormal, numbers.tiny / 2], dtype
    )
    kept = x.copy()
    nn.optim.drop_subnormals(x)
    np.testing.assert_array_equal(x[:5], kept[:5])
    np.testing.assert_array_equal(x[5:], 0)


# --- weight decay on its own, and schedules ----------------------------------------------------


def test_adamw_shrinks_every_weight_alike():
    """With a gradient of 0 a step is the shrinking alone: weights by 1 − ηλ, biases not at all."""
    net = nn.Sequential(nn.Linear(2, 3), rng=0)
    net.layers[0].b = np.ones(3)
    before, opt = net.layers[0].W.copy(), nn.AdamW(net, lr=0.1, weight_decay=0.5)
    net.grad = np.zeros(9)
    opt.step()
    np.testing.assert_allclose(net.layers[0].W, 0.95 * before, rtol=1e-15)
    np.testing.assert_array_equal(net.layers[0].b, 1)


def test_schedules_worked_by_hand():
    assert [nn.step_schedule(s, 10, 0.5, 0.8) for s in (0, 9, 10, 25)] == [0.8, 0.8, 0.4, 0.2]
    cosine = [nn.cosine_schedule(s, 8, 0.4) for s in (0, 2, 4, 8)]
    assert cosine == pytest.approx([0.4, 0.2 + 0.2 * math.sqrt(0.5), 0.2, 0], abs=1e-16)
    assert [nn.warmup_schedule(s, 4, 0.8) for s in (0, 1, 3, 9)] == [0.2, 0.4, 0.8, 0.8]


def test_fit_asks_the_schedule_before_every_step_and_gives_the_rate_back():
    X, y = nn.data.moons(50)
    net = nn.Sequential(nn.Linear(2, 2), rng=0)
    opt, asked = nn.SGD(net, 0.3), []

    def schedule(step):
        asked.append(step)
        return 0.1 / (1 + step)

    options = {"loss": nn.CrossEntropyLoss(), "optimizer": opt, "batch_size": 20, "rng": 0}
    nn.fit(net, X, y, epochs=2, schedule=schedule, **options)
    assert asked == list(range(6)) and opt.lr == 0.3
    by_hand, hand = nn.Sequential(nn.Linear(2, 2), rng=0), iter(range(6))
    opt, loss, rng = nn.SGD(by_hand, 1.0), nn.CrossEntropyLoss(), np.random.default_rng(0)
    for _ in range(2):
        order = rng.permutation(50)
        for start in (0, 20, 40):
            rows = order[start : start + 20]
            loss(by_hand(X[rows]), y[rows])
            by_hand.backward(loss.backward())
            opt.lr = 0.1 / (1 + next(hand))
            opt.step()
    np.testing.assert_array_equal(net.theta, by_hand.theta)


def test_a_schedule_that_is_no_function_is_refused():
    net = nn.Sequential(nn.Linear(2, 2), rng=0)
    options = {"loss": nn.CrossEntropyLoss(), "optimizer": nn.SGD(net, 0.3), "epochs": 1}
    with pytest.raises(ValueError, match="schedule to be a function.*got 0.1"):
        nn.fit(net, *nn.data.moons(50), schedule=0.1, **options)


@pytest.mark.parametrize(
    "make, defaults",
    [
        (lambda net: nn.SGD(net, 0.1), {"momentum": 0, "weight_decay": 0}),
        (nn.RMSprop, {"lr": 0.01, "alpha": 0.99, "eps": 1e-8, "weight_decay": 0}),
        (nn.Adam, {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0}),
        (nn.AdamW, {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01}),
    ],
    ids=["SGD", "RMSprop", "Adam", "AdamW"],
)
def test_the_defaults_are_those_of_pytorch(make, defaults):
    opt = make(one_weight())
    assert {name: getattr(opt, name) for name in defaults} == defaults


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_dropped_is_subnormal_and_what_is_a_little_larger_stays(dtype):
    tiny = np.finfo(dtype).tiny
    x = np.array([0.9, -0.9, 3, -3], dtype) * tiny
    nn.optim.drop_subnormals(x)
    np.testing.assert_array_equal(x[:2], 0)
    np.testing.assert_allclose(x[2:] / tiny, [3, -3], atol=1)


def test_the_ends_of_the_schedules_are_allowed():
    assert nn.step_schedule(100, 10, 1, 0.8) == 0.8
    with pytest.raises(ValueError, match="factor <= 1, got 1.5"):
        nn.step_schedule(0, 10, 1.5, 0.8)
    assert nn.step_schedule(3, 1, 0.5, 0.8) == 0.1 and nn.cosine_schedule(1, 1, 0.5) == 0
    with pytest.raises(ValueError, match="step >= 0, got -1"):
        nn.warmup_schedule(-1, 4, 0.8)


def test_steps_are_counted_by_adam_and_by_every_optimiser():
    net = one_weight()
    opt = nn.Adam(net)
    assert opt.t == opt._taken == 0
    for _ in range(3):
        opt.step()
    assert opt.t == opt._taken == 3


@pytest.mark.parametrize(
    "make, text",
    [
        (lambda net: nn.SGD(net, 0.1), "SGD(lr=0.1)"),
        (lambda net: nn.Adam(net, weight_decay=0.25), "Adam(lr=0.001, weight_decay=0.25)"),
    ],
)
def test_an_optimiser_is_printed_with_its_rate_and_its_decay(make, text):
    assert repr(make(one_weight())) == text


def test_plain_sgd_remembers_nothing_and_the_base_decays_nothing():
    net = one_weight()
    assert nn.SGD(net, 0.1).memory == () and len(nn.SGD(net, 0.1, momentum=0.5).memory) == 1
    assert nn.optim.Optimizer(net, 0.1).weight_decay == 0
