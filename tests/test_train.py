"""fit: what it computes, what it records, how it ends, and what it leaves alone."""

import signal
import subprocess
import sys
import textwrap
import threading
import tracemalloc
import warnings

import numpy as np
import pytest
from test_nested import Embedding

import nnlib as nn
from tools import ROOT

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def moons():
    return nn.data.moons(n=60, noise=0.1, rng=0)


def made(dtype=np.float64, lr=0.1, extra=(), kind=nn.SGD):
    net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), *extra, nn.Linear(8, 2), rng=0, dtype=dtype)
    return net, kind(net, lr=lr), nn.CrossEntropyLoss()


def run(data, net=None, opt=None, loss=None, **options):
    net, opt, loss = (net, opt, loss) if net else made()
    options = {"epochs": 5, "rng": 0} | options
    return net, nn.fit(net, *data, loss=loss, optimizer=opt, **options)


# --- by hand ---------------------------------------------------------------------------------


def test_one_full_batch_epoch_is_one_step_by_hand(moons):
    X, y = moons
    net, history = run(moons, epochs=1, batch_size=None)
    other, opt, loss = made()
    order = np.random.default_rng(0).permutation(60)
    L = loss(other(X[order]), y[order])
    other.backward(loss.backward())
    opt.step()
    np.testing.assert_array_equal(net.theta, other.theta)
    assert history.loss == [L]


def test_one_permutation_for_X_and_y_and_a_last_short_batch_weighed_by_its_length(moons):
    X, y = moons
    net, history = run(moons, epochs=2, batch_size=25)  # 25, 25, 10
    other, opt, loss = made()
    rng, means = np.random.default_rng(0), []
    for _ in range(2):
        order, total = rng.permutation(60), 0.0
        for rows in (order[:25], order[25:50], order[50:]):
            total += loss(other(X[rows]), y[rows]) * len(rows)
            other.backward(loss.backward())
            opt.step()
        means.append(total / 60)
    np.testing.assert_array_equal(net.theta, other.theta)
    np.testing.assert_allclose(history.loss, means, rtol=1e-15)


# --- properties ------------------------------------------------------------------------------


def test_the_same_rng_gives_the_same_run_and_another_one_another(moons):
    (one, a), (two, b), (three, _) = run(moons), run(moons), run(moons, rng=1)
    np.testing.assert_array_equal(one.theta, two.theta)
    assert a.loss == b.loss
    assert not np.array_equal(one.theta, three.theta)


def test_numpys_global_random_state_is_neither_read_nor_moved(moons):
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    run(moons, rng=None)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_a_batch_size_above_n_is_one_full_batch(moons):
    for size in (60, 61, 10**9):
        np.testing.assert_array_equal(
            run(moons, batch_size=size)[0].theta, run(moons, batch_size=None)[0].theta
        )


def test_the_data_stay_as_they_were_and_may_be_read_only(moons):
    X, y = (array.copy() for array in moons)
    for array in (X, y):
        array.flags.writeable = False
    run((X, y), validation=(X, y), record_accuracy=True)
    np.testing.assert_array_equal(X, moons[0])


def test_pixels_as_bytes_and_floats_learn_the_same():
    X = np.random.default_rng(0).integers(0, 9, (40, 2)).astype(np.uint8)
    y = (X[:, 0] > X[:, 1]).astype(np.uint8)
    np.testing.assert_array_equal(run((X, y))[0].theta, run((X.astype(float), y.tolist()))[0].theta)


def test_pixels_as_bytes_are_floats_before_the_first_layer():
    """The tanh of bytes would be one of half precision."""
    X = np.random.default_rng(0).integers(0, 3, (40, 2)).astype(np.uint8)
    y = (X[:, 0] > X[:, 1]).astype(int)
    thetas = []
    for kind in (np.uint8, np.float32, np.float64):
        net = nn.Sequential(nn.Tanh(), nn.Linear(2, 2), rng=0)
        run((X.astype(kind), y), net, nn.SGD(net, 0.1), nn.CrossEntropyLoss())
        thetas.append(net.theta)
    np.testing.assert_array_equal(thetas[0], thetas[2])
    np.testing.assert_array_equal(thetas[1], thetas[2])


def test_data_too_large_for_the_network_are_refused(moons):
    net = nn.Sequential(nn.Linear(2, 2), rng=0, dtype=np.float32)
    with pytest.raises(ValueError, match="fit expected X to hold finite numbers, got -inf"):
        run((moons[0] * 1e300, moons[1]), net, nn.SGD(net, 0.1), nn.CrossEntropyLoss())


def test_data_on_disk_stay_there(tmp_path):
    """Neither a copy of all of it nor one in the network's precision."""
    X = np.memmap(tmp_path / "X", np.float32, "w+", shape=(4000, 500))
    net = nn.Sequential(nn.Linear(500, 2), rng=0)
    y = np.arange(4000) % 2
    tracemalloc.start()
    try:
        run((X, y), net, nn.SGD(net, 0.1), nn.CrossEntropyLoss(), epochs=1)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < X.nbytes / 2, f"{most:,} of {X.nbytes:,} bytes"


@pytest.mark.parametrize(
    "loss, last, inside",
    [
        (nn.BCEWithLogitsLoss(), nn.Sigmoid, "sigmoid"),
        (nn.CrossEntropyLoss(), nn.Softmax, "softmax"),
    ],
)
def test_what_stands_in_the_loss_already_is_refused_in_the_network(loss, last, inside):
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2), last(), rng=0)
    y = np.array([0, 1]) if loss.takes_labels else np.eye(2)
    with pytest.raises(ValueError) as caught:
        nn.fit(net, np.eye(2), y, loss=loss, optimizer=nn.SGD(net, 0.1), epochs=1)
    name = f"{last.__name__}()"
    assert str(caught.value) == (
        f"{loss} takes scores, the {inside} is inside it, got a network that ends in {name}. "
        f"Fix: leave {name} out; net.predict(X) gives probabilities."
    )


def test_one_callback_that_is_none_is_enough_to_refuse(moons):
    with pytest.raises(ValueError, match="callbacks"):
        run(moons, callbacks=[lambda net, history: None, 3])


@pytest.mark.parametrize("kind", [nn.SGD, nn.RMSprop, nn.Adam])
def test_float32_stays_float32(moons, kind):
    net, history = run(moons, *made(np.float32, kind=kind), validation=moons, record_accuracy=True)
    assert net.theta.dtype == net.grad.dtype == net.layers[0].W.dtype == np.float32
    numbers = history.loss + history.val_loss + history.accuracy + history.val_accuracy
    assert {type(number) for number in numbers} == {float}


def test_validation_disturbs_nothing_not_even_dropout(moons):
    extra = lambda: (nn.Dropout(0.3),)  # noqa: E731
    plain, _ = run(moons, *made(extra=extra()))
    watched, _ = run(moons, *made(extra=extra()), validation=moons, record_accuracy=True)
    np.testing.assert_array_equal(plain.theta, watched.theta)


@pytest.mark.parametrize("mode", [True, False])
def test_dropout_is_active_while_training_and_the_mode_comes_back(moons, mode):
    net, opt, loss = made(extra=(nn.Dropout(0.5),))
    net.train(mode)
    seen = []
    nn.fit(
        net, *moons, loss=loss, optimizer=opt, epochs=1, rng=0,
        callbacks=[lambda net, history: seen.append(net.layers[2].mask)],
    )  # fmt: skip
    assert net.training is mode and net.layers[2].training is mode
    assert net.layers[2].mask is not None, "the last training batch went through a mask"


# --- history ---------------------------------------------------------------------------------


def test_the_history_holds_one_number_per_epoch(moons):
    net, history = run(moons, validation=moons, record_accuracy=True, epochs=4)
    lists = history.loss, history.val_loss, history.val_accuracy, history.accuracy
    assert [len(each) for each in lists] == [4] * 4
    assert history.stopped == "completed" and history.epochs == 4
    loss = nn.CrossEntropyLoss()
    assert history.val_loss[-1] == pytest.approx(loss(net.scores(moons[0]), moons[1]), rel=1e-14)
    assert history.val_accuracy[-1] == history.accuracy[-1]
    assert history.accuracy[-1] == nn.accuracy(net.predict(moons[0]), moons[1])
    assert history.best_epoch == int(np.argmin(history.val_loss))
    assert "4 epochs" in repr(history) and "completed" in repr(history)


def test_without_validation_there_are_no_validation_numbers(moons):
    _, history = run(moons)
    assert history.val_loss == history.val_accuracy == history.accuracy == []
    assert history.best_epoch is None


def test_a_regression_has_no_accuracy_and_learns():
    X = np.linspace(-1, 1, 40)[:, None]
    net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1), rng=0)
    history = nn.fit(
        net, X, X**2, loss=nn.MSELoss(), optimizer=nn.Adam(net, lr=0.02), epochs=200, rng=0,
        validation=(X, X**2),
    )  # fmt: skip
    assert history.val_accuracy == [] and history.val_loss[-1] < 0.01 < history.val_loss[0]


def test_early_stopping_brings_back_a_copy_of_the_best_weights(moons):
    thetas = []
    net, opt, loss = made(lr=0.5)
    wrong = (moons[0], 1 - moons[1])  # what is learned makes this worse
    _, history = run(
        moons, net, opt, loss, epochs=50, validation=wrong, patience=3,
        callbacks=[lambda net, history: thetas.append(net.theta.copy())],
    )  # fmt: skip
    assert history.stopped == "early"
    assert history.epochs == history.best_epoch + 1 + 3
    np.testing.assert_array_equal(net.theta, thetas[history.best_epoch])
    assert not np.array_equal(net.theta, thetas[-1])
    assert net.layers[0].W[0, 0] == net.theta[0], "the views still are views"


def test_patience_restores_the_best_even_if_it_never_ran_out(moons):
    net, history = run(moons, epochs=3, validation=(moons[0], 1 - moons[1]), patience=50)
    assert history.stopped == "completed"
    loss = nn.CrossEntropyLoss()
    assert loss(net.scores(moons[0]), 1 - moons[1]) == pytest.approx(min(history.val_loss))


def test_callbacks_run_after_every_epoch_and_may_end_the_run(moons):
    seen = []

    def look(net, history):
        seen.append((history.epochs, net.training))
        return history.epochs == 3

    other = []
    _, history = run(moons, epochs=9, callbacks=[look, lambda *both: other.append(1)])
    assert seen == [(1, False), (2, False), (3, False)] and len(other) == 3
    assert history.stopped == "callback" and history.epochs == 3


def test_an_error_in_a_callback_comes_out_and_leaves_the_mode_as_it_was(moons):
    net, opt, loss = made()
    before = signal.getsignal(signal.SIGINT)

    def fail(net, history):
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        run(moons, net, opt, loss, callbacks=[fail])
    assert net.training
    assert signal.getsignal(signal.SIGINT) is before


def test_a_batch_has_32_examples_unless_said_otherwise(moons):
    np.testing.assert_array_equal(run(moons)[0].theta, run(moons, batch_size=32)[0].theta)


@pytest.mark.parametrize(
    "loss, y, before, after",
    [
        (nn.BCEWithLogitsLoss(), [[0, 1], [1, 1]], "classes", "labels"),
        (nn.CrossEntropyLoss(), [0, 1], "labels", "classes"),
        (nn.MSELoss(), [[0, 1], [1, 1]], "labels", "labels"),
    ],
)
def test_fit_tells_the_network_how_its_scores_are_read(loss, y, before, after):
    net = nn.Sequential(nn.Linear(2, 2), rng=0)
    net.predicts = before
    nn.fit(net, np.eye(2), np.array(y), loss=loss, optimizer=nn.SGD(net, 0.1), epochs=1)
    assert net.predicts == after


def test_the_history_is_printed_in_one_line():
    history = nn.History()
    assert repr(history) == "History(0 epochs, completed)"
    history.loss, history.stopped = [2.0, 1.5, 0.25], "early"
    assert repr(history) == "History(3 epochs, loss 0.2500, early)"
    history.val_accuracy = [0.5, 0.75, 0.875]
    assert repr(history) == "History(3 epochs, loss 0.2500, validation accuracy 87.5%, early)"
    history.stopped = "diverged"
    assert repr(history) == "History(3 epochs, diverged)"


def test_an_accuracy_of_scores_that_are_no_numbers_is_nan():
    X, y = np.ones((4, 2)), np.array([0, 1, 0, 1])
    net = nn.Sequential(nn.Linear(2, 2), rng=0)
    net.theta = np.array([1e308, 0, 1e308, 0, 0, 0])  # the first column becomes infinite
    history = nn.History()
    with np.errstate(over="ignore"):
        history.measure(net, nn.CrossEntropyLoss(), (X, y), None)
    assert np.isnan(history.accuracy).all() and len(history.accuracy) == 1


def test_what_takes_integers_is_given_integers():
    seen = set()

    class Table(Embedding):
        def forward(self, X):
            seen.add(X.dtype.kind)
            return super().forward(X)

    net = nn.Sequential(Table(5, 2), nn.Linear(2, 2), rng=0)
    X, y = np.arange(5)[:, None], np.array([0, 1, 0, 1, 0])
    nn.fit(net, X, y, loss=nn.CrossEntropyLoss(), optimizer=nn.SGD(net, 0.1), epochs=2, rng=0)
    assert seen and seen <= set("iu")


# --- diverging -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [nn.SGD, nn.RMSprop, nn.Adam])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_run_that_diverges_is_called_so_without_a_warning(moons, kind, dtype):
    net = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1), rng=0, dtype=dtype)
    history = nn.fit(
        net, moons[0], moons[1][:, None], loss=nn.MSELoss(), optimizer=kind(net, lr=1e200),
        epochs=50, rng=0, validation=(moons[0], moons[1][:, None]), record_accuracy=False,
    )  # fmt: skip
    assert history.stopped == "diverged" and "diverged" in repr(history)
    assert np.isfinite(history.loss).all()


def test_a_learners_own_loop_that_diverges_is_told_so_by_the_loss(moons):
    net, _, _ = made()
    loss = nn.MSELoss()
    opt = nn.SGD(net, lr=1e200)
    Y = nn.one_hot(moons[1])
    with pytest.raises(ValueError, match="diverged"):
        for _ in range(9):
            loss(net(moons[0]), Y)
            net.backward(loss.backward())
            opt.step()


# --- the stop button -------------------------------------------------------------------------


def test_an_interrupt_lets_the_step_finish_and_returns_the_history(moons):
    before = signal.getsignal(signal.SIGINT)

    def press(net, history):
        if history.epochs == 2:
            signal.raise_signal(signal.SIGINT)

    net, history = run(moons, epochs=99, callbacks=[press])
    assert history.stopped == "interrupted" and history.epochs == 2
    np.testing.assert_array_equal(net.theta, run(moons, epochs=2)[0].theta)
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_in_the_last_step_of_an_epoch_leaves_that_epoch_complete(moons):
    class Pressed(nn.CrossEntropyLoss):
        calls = 0

        def forward(self, Z, y):
            self.calls += 1
            if self.calls == 3:
                signal.raise_signal(signal.SIGINT)
            return super().forward(Z, y)

    net, opt, _ = made(kind=nn.Adam)
    _, history = run(moons, net, opt, Pressed(), epochs=9, batch_size=None)
    assert history.stopped == "interrupted" and history.epochs == opt.t == 3


def test_an_interrupt_within_an_epoch_ends_after_that_step(moons):
    class Press(nn.SGD):
        steps = 0

        def update(self, theta, g):
            self.steps += 1
            if self.steps == 5:
                signal.raise_signal(signal.SIGINT)
            super().update(theta, g)

    net, _, loss = made()
    opt = Press(net, lr=0.1)
    before = net.theta.copy()
    _, history = run(moons, net, opt, loss, batch_size=20, epochs=99)  # 3 steps an epoch
    assert history.stopped == "interrupted" and opt.steps == 5 and history.epochs == 1
    assert np.isfinite(net.theta).all() and not np.array_equal(net.theta, before)


def test_a_keyboard_interrupt_out_of_a_callback_keeps_what_was_reached(moons):
    def press(net, history):
        raise KeyboardInterrupt

    assert run(moons, callbacks=[press])[1].stopped == "interrupted"


def test_a_second_press_stops_at_once(moons):
    reached = []

    def press(net, history):
        signal.raise_signal(signal.SIGINT)
        reached.append("once")
        signal.raise_signal(signal.SIGINT)
        reached.append("twice")

    assert run(moons, callbacks=[press])[1].stopped == "interrupted"
    assert reached == ["once"]


def test_an_interrupt_brings_back_the_best_weights_too(moons):
    thetas = []

    def press(net, history):
        thetas.append(net.theta.copy())
        if history.epochs == 4:
            signal.raise_signal(signal.SIGINT)

    wrong = (moons[0], 1 - moons[1])
    net, history = run(moons, validation=wrong, patience=20, epochs=20, callbacks=[press])
    assert history.stopped == "interrupted"
    np.testing.assert_array_equal(net.theta, thetas[history.best_epoch])


def test_fit_works_in_a_thread(moons):
    results = []
    thread = threading.Thread(target=lambda: results.append(run(moons)[1]))
    thread.start()
    thread.join()
    assert results[0].stopped == "completed"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_a_real_interrupt_from_outside():
    script = """
        import nnlib as nn
        X, y = nn.data.xor()
        net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2), rng=0)
        say = lambda net, history: history.epochs == 1 and print("running", flush=True)
        history = nn.fit(net, X, y, loss=nn.CrossEntropyLoss(), optimizer=nn.SGD(net, lr=0.1),
                         epochs=10**9, callbacks=[say])
        print(history.stopped, history.epochs == len(history.loss) > 0)
    """
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(script)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            assert process.stdout.readline() == "running\n"
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (out, err, process.returncode) == ("interrupted True\n", "", 0)


# --- the bar ---------------------------------------------------------------------------------


def test_progress_shows_a_bar_and_never_warns(moons, capsys):
    run(moons, progress=True, epochs=3)
    assert "3/3" in capsys.readouterr().err


def test_without_progress_nothing_is_printed(moons, capsys):
    run(moons, validation=moons, patience=2)
    assert capsys.readouterr() == ("", "")


def test_the_bar_is_closed_when_a_run_stops_early(moons, capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(moons, progress=True, epochs=9, callbacks=[lambda net, history: history.epochs == 2])
    assert capsys.readouterr().err.endswith("\n")


# --- learning --------------------------------------------------------------------------------


def test_moons_are_learned(moons):
    net, opt, loss = made(kind=nn.Adam, lr=0.02)
    history = nn.fit(net, *moons, loss=loss, optimizer=opt, epochs=150, rng=0)
    assert nn.accuracy(net.predict(moons[0]), moons[1]) > 0.95
    assert history.loss[-1] < 0.2 * history.loss[0]


def test_a_single_layer_cannot_learn_xor_and_a_hidden_one_can():
    X, y = nn.data.xor()
    shares = []
    for layers in ([nn.Linear(2, 2)], [nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2)]):
        net = nn.Sequential(*layers, rng=0)
        nn.fit(
            net, X, y, loss=nn.CrossEntropyLoss(), optimizer=nn.SGD(net, lr=0.5), epochs=500, rng=0
        )
        shares.append(nn.accuracy(net.predict(X), y))
    assert shares[0] <= 0.75 and shares[1] == 1


@pytest.mark.parametrize("extra", [{}, {"patience": 90, "record_accuracy": True}], ids=str)
def test_an_epoch_leaves_nothing_in_memory_but_its_numbers(moons, extra):
    held = []

    def look(net, history):
        held.append(tracemalloc.get_traced_memory()[0])

    validation = moons if extra else None
    tracemalloc.start()
    try:
        run(moons, epochs=60, callbacks=[look], validation=validation, **extra)
    finally:
        tracemalloc.stop()
    an_epoch = (held[-1] - held[4]) / (len(held) - 5)
    assert an_epoch < 250  # bytes: up to four floats in lists, and what `look` keeps itself
