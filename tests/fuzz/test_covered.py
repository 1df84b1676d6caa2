"""Nothing public is left out: a name is asked here with anything, or another test is named."""

from pathlib import Path

from fuzzing import SHARES

import nnlib as nn

ELSEWHERE = {
    "Examination": "what examine returns; test_networks.py reads its lines",
    "GradientReport": "what check_gradients returns",
    "History": "what fit returns",
    "Layer": "the base of all layers; test_nested.py and test_network.py derive from it",
    "Loss": "the base of all losses",
    "Optimizer": "the base of all optimisers",
    "RMSProp": "another spelling of RMSprop",
    "autodiff": "test_autodiff.py, with hypothesis",
    "checks": "test_hands.py, by exercises",
    "clinic": "lessons/test_clinic.py, checks/test_ward.py",
    "from_torch": "test_bridge.py",
    "paper": "lessons/test_paper.py",
    "pencil": "lessons/test_pencil.py",
    "plots": "plots/test_all.py",
    "to_torch": "test_bridge.py",
    "widgets": "widgets/",
    "data.digits": "takes nothing",
    "data.fruit": "takes nothing",
    "data.idx": "data/test_idx.py, damaged files",
    "data.mnist": "data/test_data.py, damaged files",
    "data.xor": "takes nothing",
}


def test_every_public_name_is_asked_here_or_another_test_is_named():
    text = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    public = {*nn.__all__} - {"data"} | {f"data.{name}" for name in nn.data.__all__}
    assert ELSEWHERE.keys() <= public
    for name in sorted(public - ELSEWHERE.keys()):
        assert f"nn.{name}" in text, name


def test_the_shares_of_the_examples_make_a_whole():
    assert sum(SHARES.values()) == 100
