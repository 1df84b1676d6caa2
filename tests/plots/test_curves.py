"""Losses and accuracies over the epochs."""

from types import SimpleNamespace

import numpy as np
import pytest
from examples import history, texts

import nnlib as nn

plots = nn.plots


def test_a_plain_list_is_one_line_from_epoch_1():
    ax = plots.curves([3.0, 2.0, 1.0])
    assert ax.lines[0].get_xydata().tolist() == [[1, 3], [2, 2], [3, 1]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
    assert ax.alt == "Loss against epoch: the loss falls."


def test_train_and_validation_differ_by_colour_dash_and_name():
    val = [1.0, 0.5, 0.7, 0.9]
    loss, acc = plots.curves(history(4, val_loss=val, val_accuracy=[0.5, 0.8, 0.7, 0.7]))
    train, validation = loss.lines[:2]
    assert train.get_color() != validation.get_color()
    assert (train.get_linestyle(), validation.get_linestyle()) == ("-", "--")
    assert {"train", "validation", "best epoch 2"} == set(texts(loss))
    assert "the validation loss falls, then rises" in loss.alt
    assert acc.lines[0].get_ydata().tolist() == [0.5, 0.8, 0.7, 0.7]
    assert acc.get_ylabel() == "accuracy" and acc.get_ylim()[1] > 1


def test_a_real_history_is_drawn():
    data, y = nn.data.xor()
    net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 2), rng=0)
    ran = nn.fit(
        *(net, data, y),
        loss=nn.CrossEntropyLoss(),
        optimizer=nn.SGD(net, lr=0.1),
        epochs=5,
        rng=0,
        validation=(data, y),
    )
    loss, _ = plots.curves(ran)
    assert loss.lines[1].get_ydata().tolist() == ran.val_loss
    assert f"best epoch {ran.best_epoch + 1}" in texts(loss)


@pytest.mark.parametrize(
    "losses",
    [[1, 5, 1e5, 1e300, np.inf, np.nan], [np.nan, np.nan], [np.inf], [1.0, 2.0, 1e300]],
)
def test_a_diverged_run_is_drawn_calmly_and_named(losses):
    ax = plots.curves(losses)
    plots.png_bytes(ax.get_figure())
    assert "loss diverged" in texts(ax) and "the loss diverges" in ax.alt
    heights = ax.lines[0].get_ydata()
    assert ax.get_ylim()[1] < 10 and np.all(np.abs(heights[np.isfinite(heights)]) < 100)


def test_a_run_that_says_it_diverged_is_believed():
    ran = SimpleNamespace(loss=[1.0, 2.0], stopped="diverged")
    assert "loss diverged" in texts(plots.curves(ran))
    ran = SimpleNamespace(loss=[], stopped="diverged")  # in its very first epoch
    assert "loss diverged" in texts(plots.curves(ran))


def test_several_runs_are_compared_under_their_names():
    ax = plots.curves({"lr 0.1": [3, 2, 1], "lr 1": [3, 1, 0.5]})
    assert texts(ax) == ["lr 0.1", "lr 1"]
    assert ax.lines[0].get_linestyle() != ax.lines[1].get_linestyle()


def test_direct_labels_keep_a_line_apart():
    ax = plots.curves({f"run {i}": [1, 0.001 * i] for i in range(4)})
    heights = sorted(t.xy[1] for t in ax.texts)
    assert min(np.diff(heights)) > 0.05 and heights[0] > 0


@pytest.mark.parametrize("bad", [[], {}, {"loss": []}, {"val_accuracy": [1]}, [[1, 2], [3, 4]]])
def test_curves_says_what_is_wrong(bad):
    with pytest.raises(ValueError, match="curves"):
        plots.curves(bad)
