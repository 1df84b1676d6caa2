"""Pictures are tested by what they are made of: lines, labels, patches and their alt texts."""

import base64
import io
import warnings
from types import SimpleNamespace

import matplotlib
import matplotlib.pyplot as plt
import nbclient
import nbformat
import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from PIL import Image

import nnlib as nn
from nnlib.plots import theme

plots = nn.plots
rng = np.random.default_rng(0)
X = rng.normal(size=(60, 2))
Y2 = (X @ [2, -1] > 0).astype(int)
W1, W2 = nn.data.fruit().W1, nn.data.fruit().W2


def half_plane(points):
    p = nn.sigmoid(4 * points @ [2, -1])
    return np.stack([1 - p, p], axis=1)


def history(n=20, **more):
    loss = [1.0 / (i + 1) for i in range(n)]
    return SimpleNamespace(loss=loss, stopped="completed", **more)


# one example call of every function, used by the tests that hold for all of them
EXAMPLES = {
    "network": lambda **o: plots.network([W1, W2], **o),
    "graph": lambda **o: plots.graph({"x": None, "y": "σ"}, [("x", "y")], **o),
    "boundary": lambda **o: plots.boundary(half_plane, X, Y2, **o),
    "curves": lambda **o: plots.curves(history(), **o),
    "confusion": lambda **o: plots.confusion([[5, 1], [0, 4]], **o),
    "images": lambda **o: plots.images(rng.random((4, 64)), **o),
    "histograms": lambda **o: plots.histograms({"layer 1": X}, **o),
}


@pytest.fixture(autouse=True)
def quiet_and_clean():
    """No warning from right use, no setting changed; figures are closed after each test."""
    before = dict(matplotlib.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    assert {k: v for k, v in matplotlib.rcParams.items() if before[k] != v} == {}
    plt.close("all")


def texts(ax):
    return [t.get_text() for t in ax.texts if t.get_text()]


def numbers(ax):
    return [t.replace("\N{MINUS SIGN}", "-") for t in texts(ax)]


# ------------------------------------------------------------------------------ all of them


@pytest.mark.parametrize("name", EXAMPLES)
def test_draws_on_the_ax_it_is_given_and_returns_it(name):
    fig, axes = plots.figure(columns=2)
    assert EXAMPLES[name](ax=axes[1]) is axes[1]
    assert len(axes[1].get_children()) > len(axes[0].get_children())
    assert plt.get_fignums() == [fig.number]


@pytest.mark.parametrize("name", EXAMPLES)
def test_without_an_ax_makes_a_figure_in_the_courses_style(name):
    ax = EXAMPLES[name]()
    assert ax.get_figure().dpi == 100
    assert not ax.spines["top"].get_visible() or not ax.axison


@pytest.mark.parametrize("name", EXAMPLES)
def test_says_in_one_paragraph_what_is_seen(name):
    alt = plots.alt_text(EXAMPLES[name]())
    assert 20 < len(alt) < 300 and alt.endswith(".") and "\n" not in alt
    assert alt == plots.alt_text(EXAMPLES[name]())


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_picture_gives_the_same_bytes(name):
    again = [plots.png_bytes(theme.figure_of(EXAMPLES[name](**o))) for o in ({}, {})]
    if name != "images":  # its example draws new numbers
        assert again[0] == again[1]
    assert len(again[0]) < 100_000


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_ax_that_is_none_is_refused(name):
    with pytest.raises(TypeError, match="ax"):
        EXAMPLES[name](ax="here")


def test_importing_plots_leaves_a_picture_of_someone_else_as_it_was():
    fig, ax = plt.subplots()
    assert ax.spines["top"].get_visible() == matplotlib.rcParams["axes.spines.top"]


def test_one_factor_enlarges_letters_and_lines(monkeypatch):
    def sizes():
        ax = plots.curves(history())
        points = ax.lines[0].get_linewidth(), ax.xaxis.label.get_size()
        return [ax.get_figure().dpi * n for n in points]  # on the page

    small = sizes()
    monkeypatch.setattr(theme, "SCALE", 1.5)
    assert np.allclose(sizes(), 1.5 * np.array(small))


# ---------------------------------------------------------------------------------- colours


@pytest.mark.parametrize(
    "together",
    [
        ("train", "validation"),
        ("weight", "gradient"),
        ("ink", "gradient"),
        ("input", "weight"),
        ("positive", "negative"),
    ],
)
def test_colours_used_together_differ_in_grey(together):
    light, dark = sorted((theme.luminance(plots.COLOURS[c]) for c in together), reverse=True)
    assert (light + 0.05) / (dark + 0.05) > 1.25


def test_the_first_three_classes_differ_in_grey_and_every_class_has_its_own_marker():
    greys = sorted(theme.luminance(c) for c in plots.CLASS_COLOURS[:3])
    assert np.all((np.array(greys[1:]) + 0.05) / (np.array(greys[:-1]) + 0.05) > 1.25)
    assert len(set(plots.CLASS_COLOURS)) == len(set(plots.CLASS_MARKERS)) == 10


def test_letters_in_any_colour_can_be_read_on_white():
    for colour in (*plots.COLOURS.values(), *plots.CLASS_COLOURS):
        assert 1.05 / (theme.luminance(theme.readable(colour)) + 0.05) >= 3.8


# ------------------------------------------------------------------------------------- show


@pytest.fixture
def shown(monkeypatch):
    """What `show` hands to Jupyter: (bundle, metadata) of every display."""
    import IPython.display

    seen = []

    def display(bundle, raw, metadata=None):
        assert raw
        seen.append((bundle, metadata))

    monkeypatch.setattr(IPython.display, "display", display)
    return seen


def test_show_displays_once_with_alt_text_and_caption_and_closes(shown):
    ax = plots.confusion([[5, 1], [0, 4]])
    assert plots.show(ax) is None
    (picture, metadata), (caption, _) = shown
    assert metadata == {"image/png": {"alt": ax.alt, "width": 280, "height": 260}}
    pixels = Image.open(io.BytesIO(base64.b64decode(picture["image/png"])))
    assert pixels.size == (560, 520), "two pixels for one of the page"
    assert picture["image/png"].startswith("iVBOR") and picture["text/plain"] == ax.alt
    assert list(caption) == ["text/html"] and f"<em>{ax.alt}</em>" in caption["text/html"]
    assert plt.get_fignums() == []


def test_an_alt_text_of_yours_comes_first_and_its_signs_stay_signs(shown):
    plots.show(plots.curves([1, 0.5]), alt="The <loss>\n  of W_1.")
    assert shown[0][1]["image/png"]["alt"] == "The <loss> of W_1."
    assert "<em>The &lt;loss&gt; of W_1.</em>" in shown[1][0]["text/html"]


def test_panels_of_one_kind_are_told_once():
    fig, axes = plots.figure(columns=2)
    for ax, epoch in zip(axes, (1, 50), strict=True):
        plots.boundary(half_plane, X, Y2, ax=ax).set_title(f"epoch {epoch}")
    alt = plots.alt_text(fig)
    assert alt.startswith("2 panels (epoch 1 and epoch 50). The plane") and alt.count("plane") == 1


def test_show_without_words_asks_for_them(shown):
    fig, ax = plots.figure()
    ax.plot([1, 2])
    with pytest.raises(ValueError, match="alt="):
        plots.show(fig)
    with pytest.raises(TypeError, match="a figure or an ax, got int"):
        plots.show(3)
    assert shown == []


def test_in_a_notebook_a_picture_comes_once_and_runs_the_same_again():
    cells = [
        "import nnlib as nn",
        "nn.plots.show(nn.plots.curves([3, 2, 1]))",
        "fig, ax = nn.plots.figure()\n_ = ax.plot([1, 2])\nnn.plots.show(fig, alt='A line.')",
    ]
    runs = []
    for _ in range(2):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
        runs.append([cell["outputs"] for cell in notebook["cells"]])
    assert runs[0] == runs[1]
    assert runs[0][0] == []
    for outputs in runs[0][1:]:
        assert [sorted(o["data"]) for o in outputs] == [
            ["image/png", "text/plain"],
            ["text/html"],
        ]
        assert outputs[0]["metadata"]["image/png"]["alt"] == outputs[0]["data"]["text/plain"]


# ---------------------------------------------------------------------------------- network


def test_every_number_of_the_small_network_is_printed():
    fruit = nn.data.fruit()
    ax = plots.network(
        [W1, W2],
        biases=[[0.11, 0.12], [0.13, 0.14, 0.15]],
        values=[fruit.X[0], ([0.21, 0.22], [0.23, 0.24]), ([0.25, 0.26, 0.27], [0.31, 0.32, 0.33])],
        dW=[np.full((3, 2), 0.41), np.full((2, 3), 0.42)],
        db=[[0.51, 0.52], [0.53, 0.54, 0.55]],
        dZ=[[0.61, 0.62], [0.63, 0.64, 0.65]],
        inputs=fruit.inputs,
        outputs=fruit.names,
    )
    told = numbers(ax)
    for w in (*W1.ravel(), *W2.ravel(), *fruit.X[0]):
        assert f"{w:.1f}" in told
    assert told.count("0.41") == told.count("0.42") == 6
    for text in ("b 0.11", "b 0.15", "db 0.51", "dz 0.65", "0.21", "0.33", *fruit.inputs):
        assert text in told
    assert len([p for p in ax.patches if isinstance(p, FancyBboxPatch)]) == 8
    assert "yellow, long and sour in" in ax.alt and "gradients" in ax.alt


def test_letters_give_every_weight_and_bias_its_own_name():
    letters = [("w", "b", "z", "a"), ("u", "c", "s", "p")]
    ax = plots.network([W1, W2], biases=[[0, 0], [0, 0, 0]], letters=letters)
    told = texts(ax)
    assert {t.split()[0] for t in told} >= {"w₃₂", "u₂₃", "b₂", "c₃"}
    assert len(told) == len(set(told)) == 17


def test_the_signs_of_weights_are_dashes_and_their_sizes_are_widths():
    ax = plots.network([np.array([[2.0, -1.0]])])
    strong, weak = ax.lines[:2]
    assert strong.get_linestyle() == "-" and weak.get_linestyle() == "--"
    assert strong.get_linewidth() > weak.get_linewidth()


def test_no_two_weights_are_printed_on_top_of_each_other():
    for seed in range(10):
        draw = np.random.default_rng(seed)
        ax = plots.network([draw.normal(size=(3, 2)), draw.normal(size=(2, 3))])
        at = np.array([t.get_position() for t in ax.texts if t.get_rotation()])
        apart = np.hypot(*(at[:, None] - at).T) + 9 * np.eye(len(at))
        assert len(at) == 12 and apart.min() > 0.25, "inches between the middles of two labels"
        plt.close("all")


def test_a_big_network_is_drawn_without_numbers_and_shortened():
    ax = plots.network((2, 16, 16, 3))
    assert len([p for p in ax.patches if isinstance(p, Circle)]) == 2 + 7 + 7 + 3
    assert texts(ax).count("⋮") == 2 and "16 units" in texts(ax)


def test_a_sequential_is_drawn_with_its_own_weights():
    net = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 3), rng=0)
    told = numbers(plots.network(net))
    assert f"{net.layers[0].W[0, 0]:.2f}" in told and told.count("b 0") == 5


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: plots.network([3]), "at least two sizes"),
        (lambda: plots.network([3, 0.5]), "whole numbers"),
        (lambda: plots.network([W1, W1]), r"W2 needs 2 rows, got shape \(3, 2\)"),
        (lambda: plots.network([W1, [1, 2]]), r"W2 needs shape \(n_in, n_out\)"),
        (lambda: plots.network([W1, W2], biases=[[1, 2]]), "2 entries, one a layer"),
        (lambda: plots.network([W1, W2], dW=[W1.T, W2]), r"layer 1, needs shape \(3, 2\)"),
        (lambda: plots.network([W1, W2], values=[[1, 2, 3]]), r"one a column.*got 1"),
        (lambda: plots.network([3, 2], inputs=["a"]), "inputs needs 3 names, got 1"),
    ],
)
def test_network_says_what_is_wrong(call, told):
    with pytest.raises(ValueError, match=told):
        call()


# ------------------------------------------------------------------------------------ graph


def circuit(**more):
    """CS231n's first circuit: (x + y) z."""
    return plots.graph(
        {"x": None, "y": None, "z": None, "q": "+", "f": "×"},
        [("x", "q"), ("y", "q"), ("q", "f"), ("z", "f")],
        **more,
    )


def test_operations_are_circles_values_boxes_and_numbers_stand_above_and_below():
    ax = circuit(values={"x": -2, "q": 3, "f": -12}, gradients={"x": -4, "q": -4, "f": 1})
    kinds = [type(p) for p in ax.patches]
    assert (kinds.count(Circle), kinds.count(FancyBboxPatch)) == (2, 3)
    assert kinds.count(FancyArrowPatch) == 4
    told = {t: p.get_position()[1] for t, p in zip(numbers(ax), ax.texts, strict=True)}
    node = {c.get_center()[0]: c.get_center()[1] for c in ax.patches if isinstance(c, Circle)}
    assert told["f = -12"] > node[max(node)] > told["1"]
    assert "q = 3" in told and "-2" in told


def test_the_computed_chain_runs_level_from_left_to_right():
    places = {t.get_text(): t.get_position() for t in circuit().texts}
    assert places["x"][0] < places["+"][0] < places["×"][0]
    assert places["+"][1] == pytest.approx(places["×"][1])


def test_a_highlighted_path_is_thicker_and_named():
    ax = circuit(highlight=["x", "q", "f"])
    widths = [p.get_linewidth() for p in ax.patches if isinstance(p, FancyArrowPatch)]
    assert [w > 2 for w in widths] == [True, False, True, False]
    assert "x → q → f" in ax.alt


def test_a_long_edge_passes_the_nodes_between_at_a_distance():
    ax = plots.graph(["x", "a", "b", "c"], [("x", "a"), ("a", "b"), ("b", "c"), ("x", "c")])
    between = [t.get_position() for t in ax.texts if t.get_text() in "ab"]
    long_way = [p for p in ax.patches if isinstance(p, FancyArrowPatch)][3]
    # rays through the columns of a and b meet the long edge away from the nodes
    points = long_way._path_original.vertices
    for x, y in between:
        height = np.interp(x, points[:, 0], points[:, 1])
        assert abs(height - y) > 0.3


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: plots.graph(["x"], [("x", "y")]), "an edge names 'y'"),
        (lambda: plots.graph(["x"], [], values={"w": 1}), "values names 'w'"),
        (lambda: plots.graph(["x", "y"], [("x", "y"), ("y", "x")]), "without a circle"),
        (lambda: plots.graph(["x"], [], values={"x": np.zeros((2, 2, 2))}), "numbers, rows and"),
    ],
)
def test_graph_says_what_is_wrong(call, told):
    with pytest.raises(ValueError, match=told):
        call()


# --------------------------------------------------------------------------------- boundary


def test_regions_follow_the_prediction_and_points_their_class():
    ax = plots.boundary(half_plane, X, Y2, names=["left", "right"])
    picture = ax.images[0].get_array()
    assert ax.images[0].origin == "lower"
    blue, orange = plots.CLASS_COLOURS[:2]
    for colour, side in ((blue, picture[-3, 2]), (orange, picture[2, -3])):  # rows go upward
        wanted = np.array(matplotlib.colors.to_rgb(colour))
        assert np.argmin(side) == np.argmin(wanted)
    groups = [c for c in ax.collections if isinstance(c, PathCollection)]
    assert [len(g.get_offsets()) for g in groups] == [np.sum(Y2 == 0), np.sum(Y2 == 1)]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["left", "right"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == (r"$\mathrm{x}_{1}$", r"$\mathrm{x}_{2}$")


def test_the_line_runs_where_two_classes_tie():
    ax = plots.boundary(half_plane, X, Y2)
    line = next(c for c in ax.collections if not isinstance(c, PathCollection))
    assert np.allclose(line.get_paths()[0].vertices @ [2, -1], 0, atol=0.02)


def test_undecided_is_white():
    ax = plots.boundary(lambda P: np.full((len(P), 3), 1 / 3), X, Y2)
    assert np.allclose(ax.images[0].get_array(), 1)


@pytest.mark.parametrize(
    "predict",
    [
        lambda P: nn.sigmoid(P[:, :1]),
        lambda P: nn.sigmoid(P[:, 0]),
        lambda P: (P[:, 0] > 0).astype(int),
        lambda P: np.full((len(P), 2), np.nan),
        lambda P: np.ones((len(P), 1)),
    ],
    ids=["one sigmoid", "flat", "labels", "nan", "certain"],
)
def test_boundary_takes_what_models_answer(predict):
    assert plots.boundary(predict, X, Y2).images


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: plots.boundary(half_plane, X[:, :1], Y2), r"two columns.*got shape \(60, 1\)"),
        (lambda: plots.boundary(half_plane, X, Y2[:5]), "60 points, 5 labels"),
        (lambda: plots.boundary(half_plane, X, Y2 + 0.5), "whole-number labels"),
        (lambda: plots.boundary(half_plane, X, Y2 - 1), "from 0 up, got -1"),
        (lambda: plots.boundary(half_plane, X * np.nan, Y2), "without NaN"),
        (lambda: plots.boundary(lambda P: P * 9, X, Y2), "these are scores: pass net.predict"),
        (lambda: plots.boundary(lambda P: P[:3], X, Y2), r"must return \(40000, K\)"),
        (lambda: plots.boundary(half_plane, X, Y2, names=["a"]), "names needs 2 names"),
    ],
)
def test_boundary_says_what_is_wrong(call, told):
    with pytest.raises(ValueError, match=told):
        call()


def test_boundary_asks_for_a_function():
    with pytest.raises(TypeError, match="such as net.predict, got ndarray"):
        plots.boundary(X, X, Y2)


# ----------------------------------------------------------------------------------- curves


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


# -------------------------------------------------------------------------------- confusion


def test_rows_are_the_truth_columns_the_prediction_and_counts_are_printed():
    y, predicted = [0, 0, 1, 2, 2], [0, 2, 1, 2, 2]
    ax = plots.confusion((y, predicted), ["apple", "banana", "lemon"])
    assert texts(ax) == ["1", "·", "1", "·", "1", "·", "·", "·", "2"]
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("true", "predicted")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["apple", "banana", "lemon"]


def test_mistakes_are_loud_and_the_diagonal_is_quiet():
    ax = plots.confusion([[9, 0], [2, 9]])
    picture = ax.images[0].get_array()
    spread = np.ptp(picture, axis=-1)  # 0 is grey or white
    assert spread[1, 0] > 0.5 and spread[0, 0] == spread[1, 1] == spread[0, 1] == 0
    assert [t.get_fontweight() for t in ax.texts] == ["normal", "normal", "bold", "normal"]


def test_a_pair_and_its_matrix_give_the_same_picture():
    one = plots.confusion(([0, 1, 1], [0, 1, 0]))
    other = plots.confusion(np.array([[1, 0], [1, 1]]))
    assert texts(one) == texts(other) and one.alt == other.alt


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ([[1, 2, 3]], r"square matrix.*got shape \(1, 3\)"),
        ([[1, -1], [0, 1]], "whole numbers from 0 up"),
        ([[0.5, 0], [0, 1]], "whole numbers"),
        (([0, 1], [0]), "as many predictions as labels"),
        (([0, 1], [[0.9, 0.1], [0.2, 0.8]]), "predicted must be whole-number labels"),
    ],
)
def test_confusion_says_what_is_wrong(bad, told):
    with pytest.raises(ValueError, match=told):
        plots.confusion(bad)


# ----------------------------------------------------------------------------------- images


@pytest.mark.parametrize("shape", [(5, 64), (5, 8, 8)])
def test_rows_and_squares_are_the_same_pictures(shape):
    pixels = np.arange(5 * 64).reshape(shape) / 320
    ax = plots.images(pixels, titles=range(5), columns=3)
    assert [i.get_array().shape for i in ax.images] == [(8, 8)] * 5
    assert np.array_equal(ax.images[4].get_array(), pixels.reshape(5, 8, 8)[4])
    assert texts(ax) == ["0", "1", "2", "3", "4"]
    assert "5 pictures of 8 by 8 pixels" in ax.alt


def test_all_pictures_share_one_scale_and_weights_are_centred_on_zero():
    ax = plots.images(np.array([np.full((8, 8), -2.0), np.ones((8, 8))]))
    assert {i.get_clim() for i in ax.images} == {(-2.0, 2.0)}
    white = ax.images[0].get_cmap()(0.5)
    assert np.allclose(white, 1, atol=0.01)
    assert plots.images(np.ones((1, 784))).images[0].get_clim() == (0, 1)


@pytest.mark.parametrize(
    "bad", [np.ones((2, 10)), np.ones(64), np.ones((0, 64)), np.ones((1, 2, 3, 4))]
)
def test_images_says_what_is_wrong(bad):
    with pytest.raises(ValueError, match="images needs"):
        plots.images(bad)


# ------------------------------------------------------------------------------- histograms


def test_one_row_a_layer_on_one_scale():
    ax = plots.histograms({"layer 1": [[0, 1], [2, 3]], "layer 2": [1, 1, 1]}, bins=3)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["layer 1", "layer 2"]
    first, second = (p.get_data() for p in ax.patches)
    assert first.baseline == 1 and second.baseline == 0
    assert np.array_equal(first.edges, second.edges)
    assert np.allclose(second.values, [0, 0.85, 0])
    assert numbers(ax) == ["std 1.1", "std 0"]


@pytest.mark.parametrize("values", [[1, np.nan, 2], [np.inf, np.nan], [1e300, 1e-300], [0, 0, 0]])
def test_histograms_of_a_diverged_layer_are_drawn_calmly(values):
    assert plots.histograms({"layer 1": values}, kind="gradient").patches


def test_histograms_says_what_is_wrong():
    with pytest.raises(TypeError, match="a dict such as"):
        plots.histograms([1, 2])
    with pytest.raises(ValueError, match="layer 1 is empty"):
        plots.histograms({"layer 1": []})
    with pytest.raises(ValueError, match="kind must be"):
        plots.histograms({"layer 1": [1]}, kind="loss")
    with pytest.raises(TypeError, match="must be numbers"):
        plots.histograms({"layer 1": ["a"]})
