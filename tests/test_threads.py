"""In threads: networks do not disturb each other, and one may be asked from many."""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import nnlib as nn

X, y = nn.data.moons(n=120)


def trained(seed, epochs=30):
    net = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2), rng=seed)
    opt = nn.Adam(net, lr=0.01)
    history = nn.fit(net, X, y, loss=nn.CrossEntropyLoss(), optimizer=opt, epochs=epochs, rng=seed)
    return net, history


def test_networks_trained_at_the_same_time_are_those_trained_one_by_one():
    alone = [trained(seed) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(trained, range(4)))
    for (net, history), (other, said) in zip(alone, together, strict=True):
        assert net.theta.tobytes() == other.theta.tobytes()
        assert history.loss == said.loss and said.stopped == "completed"


def test_one_network_may_be_asked_from_four_threads():
    net, _ = trained(0, epochs=3)
    parts = [np.random.default_rng(i).normal(size=(40 + i, 2)) for i in range(200)]
    expected = [net.predict(part) for part in parts]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(net.predict, parts))
    for answer, right in zip(answers, expected, strict=True):
        assert answer.tobytes() == right.tobytes()


def test_training_in_another_thread_needs_no_signal_and_sets_none():
    before, seen = signal.getsignal(signal.SIGINT), []
    thread = threading.Thread(target=lambda: seen.append(trained(0)))
    thread.start()
    while thread.is_alive():
        assert signal.getsignal(signal.SIGINT) is before
    assert seen[0][1].stopped == "completed"
    assert seen[0][0].theta.tobytes() == trained(0)[0].theta.tobytes()
