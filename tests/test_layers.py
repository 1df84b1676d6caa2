"""Every layer: one value worked by hand, what is special about it, and its own parameters."""

import copy
import pickle

import numpy as np
import pytest
from strategies import Scale

import nnlib as nn

pytestmark = pytest.mark.filterwarnings("error")

Z = np.array([[-2.0, 0.0, 3.0]])
dA = np.array([[10.0, 20.0, 30.0]])
LAYERS = [
    nn.ReLU,
    nn.LeakyReLU,
    nn.Sigmoid,
    nn.Tanh,
    nn.Softmax,
    nn.Dropout,
    lambda: nn.Linear(3, 2),
]


def test_linear_by_hand():
    layer = nn.Linear(2, 3)
    layer.W = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    layer.b = np.array([0.1, 0.2, 0.3])
    np.testing.assert_allclose(layer([[1, 10], [0, 1]]), [[41.1, 52.2, 63.3], [4.1, 5.2, 6.3]])
    dX = layer.backward(np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]]))
    np.testing.assert_array_equal(layer.dW, [[1, 0, 0], [10, 2, 0]])
    np.testing.assert_array_equal(layer.db, [1, 2, 0])
    np.testing.assert_array_equal(dX, [[1, 4], [4, 10]])


@pytest.mark.parametrize("kind", [int, np.float32, np.float64])
def test_linear_goes_back_from_numbers_of_any_type(kind):
    layer = nn.Linear(2, 3, rng=0)
    X, dZ = np.array([[1, 2], [3, -4]]), np.array([[1, 0, 2], [-1, 3, 1]])
    layer.forward(X.astype(kind))
    dX = layer.backward(dZ.astype(kind))
    assert np.array_equal(layer.dW, X.T @ dZ) and np.array_equal(layer.db, dZ.sum(axis=0))
    assert np.allclose(dX, dZ @ layer.W.T)
    with pytest.raises(ValueError, match="matmul"):  # one row too many: NumPy's own words
        layer.backward(np.ones((3, 3), kind))


def test_relu_by_hand_and_0_at_the_kink():
    layer = nn.ReLU()
    np.testing.assert_array_equal(layer(Z), [[0, 0, 3]])
    np.testing.assert_array_equal(layer.backward(dA), [[0, 0, 30]])


def test_leaky_relu_by_hand():
    layer = nn.LeakyReLU(0.1)
    np.testing.assert_allclose(layer(Z), [[-0.2, 0, 3]])
    np.testing.assert_allclose(layer.backward(dA), [[1, 2, 30]])


def test_sigmoid_by_hand():
    layer = nn.Sigmoid()
    np.testing.assert_allclose(layer([[0.0, np.log(3)]]), [[0.5, 0.75]])
    np.testing.assert_allclose(layer.backward(np.array([[1.0, 16.0]])), [[0.25, 3]])


def test_tanh_by_hand():
    layer = nn.Tanh()
    np.testing.assert_allclose(layer([[0.0, np.arctanh(0.5)]]), [[0, 0.5]])
    np.testing.assert_allclose(layer.backward(np.array([[1.0, 4.0]])), [[1, 3]])


def test_softmax_by_hand():
    layer = nn.Softmax()
    np.testing.assert_allclose(layer([[0.0, np.log(3)]]), [[0.25, 0.75]])
    np.testing.assert_allclose(layer.backward(np.array([[1.0, 0.0]])), [[3 / 16, -3 / 16]])


def test_dropout_keeps_the_expected_value_and_sends_back_through_the_same_mask():
    layer = nn.Dropout(0.3, rng=0)
    A = layer(np.ones((400, 100)))
    assert set(np.unique(A)) == {0, 1 / 0.7}
    assert A.mean() == pytest.approx(1, abs=0.02)
    np.testing.assert_array_equal(layer.backward(np.ones_like(A)), A)


def test_dropout_does_nothing_in_evaluation_mode_or_at_p_0():
    for layer in (nn.Dropout(0.5), nn.Dropout(0)):
        layer.training = layer.p == 0
        np.testing.assert_array_equal(layer(Z), Z)
        np.testing.assert_array_equal(layer.backward(dA), dA)


def test_dropout_of_a_seeded_network_draws_the_same_masks():
    make = lambda: nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), rng=5)  # noqa: E731
    one, two, X = make(), make(), np.ones((4, 3))
    first = one(X)
    np.testing.assert_array_equal(first, two(X))
    assert not np.array_equal(first, one(X)), "the second batch gets a mask of its own"


def test_adding_dropout_leaves_the_starting_weights_as_they_were():
    plain = nn.Sequential(nn.Linear(3, 8), nn.Linear(8, 2), rng=5)
    with_dropout = nn.Sequential(nn.Linear(3, 8), nn.Dropout(), nn.Linear(8, 2), rng=5)
    np.testing.assert_array_equal(plain.theta, with_dropout.theta)


@pytest.mark.parametrize("make", LAYERS)
def test_what_a_layer_returns_belongs_to_the_caller(make):
    layer = make()
    layer.training = False
    X = np.array([[0.5, -1.0, 2.0]])
    A = layer(X)
    expected = layer.backward(np.ones_like(A)).copy()
    A = layer(X)
    A[...], X[...] = 77, 99
    np.testing.assert_array_equal(layer.backward(np.ones_like(A)), expected)


@pytest.mark.parametrize("make", LAYERS)
def test_a_gradient_is_not_written_into(make):
    layer, gradient = make(), np.full((1, 3), 2.0)
    gradient = gradient[:, : layer([[0.5, -1.0, 2.0]]).shape[1]].copy()
    layer.backward(gradient)
    assert (gradient == 2).all()


def test_a_layer_works_alone_and_draws_when_first_looked_at():
    layer = nn.Linear(3, 2)
    assert layer(np.ones((4, 3))).shape == (4, 2)
    assert layer.W.any() and not layer.b.any()
    layer.backward(np.ones((4, 2)))
    layer.W -= 0.1 * layer.dW
    np.testing.assert_array_equal(layer.theta[:6], layer.W.ravel())


def test_a_layer_with_its_own_rng_is_the_same_every_time():
    np.testing.assert_array_equal(nn.Linear(3, 2, rng=1).W, nn.Linear(3, 2, rng=1).W)


def test_init_may_be_a_function():
    layer = nn.Linear(3, 2, init=lambda n_in, n_out, rng: np.full((n_in, n_out), 7.0))
    assert (layer.W == 7).all()


def test_xavier_and_he_differ_as_their_formulas_say():
    he, xavier = (nn.Linear(50, 10, init=name, rng=3).W for name in ("he", "xavier"))
    np.testing.assert_allclose(he / xavier, np.sqrt((2 / 50) / (2 / 60)))


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))]
)
@pytest.mark.parametrize("make", [lambda: nn.Linear(3, 2), lambda: Scale(3)])
def test_a_copy_of_a_layer_owns_its_numbers_and_its_views(duplicate, make):
    layer = make()
    layer.theta += 1
    other = duplicate(layer)
    np.testing.assert_array_equal(other.theta, layer.theta)
    other.theta[...] = 5
    name = next(iter(layer.shapes))
    assert (getattr(other, name) == 5).all() and not (layer.theta == 5).any()


def test_a_free_copy_of_an_adopted_layer_can_join_another_network():
    net = nn.Sequential(nn.Linear(3, 2), rng=0)
    other = nn.Sequential(copy.deepcopy(net.layers[0]), nn.Linear(2, 2), rng=1)
    np.testing.assert_array_equal(other.layers[0].W, net.layers[0].W)
    other.layers[0].W += 1
    assert not np.may_share_memory(other.theta, net.theta)


def test_a_layer_of_the_learners_own_by_hand():
    layer = Scale(2)
    layer.w = np.array([2.0, 3.0])
    np.testing.assert_array_equal(layer([[1, 10], [5, 7]]), [[2, 30], [10, 21]])
    np.testing.assert_array_equal(layer.backward(np.ones((2, 2))), [[2, 3], [2, 3]])
    np.testing.assert_array_equal(layer.dw, [6, 17])


def test_two_layers_of_one_class_with_other_shapes_do_not_mix():
    net = nn.Sequential(Scale(3), nn.Linear(3, 2), Scale(2), rng=0)
    net.layers[0].w, net.layers[2].w = np.ones(3), np.full(2, 4.0)
    np.testing.assert_array_equal(net.theta[:3], 1)
    np.testing.assert_array_equal(net.theta[-2:], 4)
    np.testing.assert_array_equal(net.weight_mask, [0] * 3 + [1] * 6 + [0] * 4)


@pytest.mark.parametrize("layer", [nn.ReLU(), nn.LeakyReLU(0.1)])
def test_below_one_is_still_above_zero(layer):
    np.testing.assert_allclose(layer([[0.25, 1.0]]), [[0.25, 1]])
    np.testing.assert_array_equal(layer.backward(np.array([[3.0, 4.0]])), [[3, 4]])


def test_softmax_of_three_axes_goes_back_along_each_row():
    rng = np.random.default_rng(0)
    Z, dP = rng.standard_normal((2, 3, 4)), rng.standard_normal((2, 3, 4))
    whole, row = nn.Softmax(), nn.Softmax()
    whole.forward(Z)
    dZ = whole.backward(dP)
    for i in range(2):
        row.forward(Z[i])
        np.testing.assert_allclose(dZ[i], row.backward(dP[i]), atol=1e-15)


def test_the_defaults_are_those_of_pytorch():
    assert nn.LeakyReLU().negative_slope == 0.01 and nn.Dropout().p == 0.5


@pytest.mark.parametrize(
    "layer, config",
    [
        (nn.Linear(3, 2), {"n_in": 3, "n_out": 2}),
        (nn.Linear(3, 2, init="xavier"), {"n_in": 3, "n_out": 2, "init": "xavier"}),
        (nn.Linear(3, 2, init=nn.he_normal), {"n_in": 3, "n_out": 2}),
        (nn.LeakyReLU(0.2), {"negative_slope": 0.2}),
        (nn.Dropout(0.3), {"p": 0.3}),
        (nn.Tanh(), {}),
    ],
)
def test_a_layer_is_described_by_what_it_was_made_of(layer, config):
    assert layer.config() == config


@pytest.mark.parametrize(
    "n_in, shape, fix",
    [
        (3, (3,), "pass one example as X[None, :]."),
        (3, (3, 5), "rows are examples; X.T may be what you mean."),
        (6, (5, 2, 3), "X.reshape(len(X), -1) makes one row of each example."),
        (3, (5,), ""),
        (3, (5, 4), ""),
        (3, (3, 2, 2), ""),
        (3, (5, 2, 2), ""),
        (1, (4,), ""),
    ],
)
def test_a_fix_is_named_where_there_is_one(n_in, shape, fix):
    with pytest.raises(ValueError) as caught:
        nn.Linear(n_in, 2)(np.zeros(shape))
    assert str(caught.value).partition(" Fix: ")[2] == fix


def test_the_shape_that_comes_out_is_told_before_anything_runs():
    layer = nn.Linear(3, 2)
    assert layer.output_shape((5, 3)) == (5, 2) and layer.output_shape((None, 3)) == (None, 2)
    assert layer.output_shape(None) == (None, 2)
    assert nn.Tanh().output_shape((5, 3)) == (5, 3)


def test_what_gives_probabilities_says_so():
    assert nn.Softmax().gives_probabilities and nn.Sigmoid().gives_probabilities
    assert not nn.Tanh().gives_probabilities and not nn.Linear(3, 2).gives_probabilities


def test_dropout_of_nothing_draws_nothing():
    layer = nn.Dropout(0, rng=3)
    before = layer.rng.bit_generator.state
    layer.forward(np.ones((4, 3)))
    assert layer.rng.bit_generator.state == before and layer.mask is None
