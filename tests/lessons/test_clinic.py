"""The patients of notebook 14: each is sick as it says, is seen, and can be cured."""

import numpy as np
import pytest

import nnlib as nn
from nnlib import clinic
from nnlib.lessons.clinic import DISEASES, GOALS, PARTS, RECIPES, WARD, sound

SEEDS = range(10)


def lines(patient):
    return {line.looked_at for line in patient.examine().complaints}


def cured(patient, kind):
    parts = sound(RECIPES[kind][1])
    return patient.treat(**{part: parts[part] for part in patient.sick_parts})


@pytest.mark.parametrize("name", DISEASES)
def test_nine_in_ten_of_each_disease_are_seen_where_they_belong(name):
    for kind in DISEASES[name].kinds:
        found = [clinic.admitted(0, kind, [name], 300 + seed) for seed in SEEDS]
        found = sum(DISEASES[name].sign in lines(patient) for patient in found)
        print(f"{name}, {kind}: {found} of {len(SEEDS)}")
        assert found >= 0.9 * len(SEEDS)


@pytest.mark.parametrize("number", WARD)
def test_a_patient_of_the_ward_is_seen_and_cured_by_its_sick_parts_alone(number):
    patient, kind = clinic.patient(number), WARD[number][0]
    signs = {DISEASES[name].sign for name in patient.diseases}
    assert signs <= lines(patient) and bool(signs) == bool(lines(patient))
    healthy = cured(patient, kind)
    assert lines(healthy) == set()
    assert healthy.train().validation >= GOALS[kind]
    assert patient.treated == () and set(healthy.treated) == set(patient.sick_parts)


def test_the_ward_has_one_healthy_and_two_with_two_diseases():
    numbers = [len(clinic.patient(number).diseases) for number in WARD]
    assert sorted(numbers) == [0] + [1] * 9 + [2] * 2


def with_sigmoids():
    return [nn.Sigmoid() if isinstance(each, nn.ReLU) else each for each in clinic.table_layers()]


@pytest.mark.parametrize(
    "number, part, cure, left",
    [
        (11, "layers", with_sigmoids, {"saturation"}),
        (11, "start", clinic.as_drawn, {"gradient", "gradient sizes"}),
        (12, "layers", clinic.pictures_layers, {"probabilities", "mean"}),
        (12, "loss", nn.CrossEntropyLoss, {"repetition"}),
    ],
)
def test_each_cured_disease_of_two_leaves_the_other(number, part, cure, left):
    assert lines(clinic.patient(number).treat(**{part: cure})) == left


def test_a_disease_has_its_part_its_line_and_its_source():
    for each in DISEASES.values():
        assert each.part in PARTS and each.sign and each.seen
    assert {part for each in DISEASES.values() for part in [each.part]} == set(PARTS)


def test_names_of_classes_tell_nothing():
    for name in ("mask of the wrong array", "a gradient is missing"):
        text = repr(clinic.admitted(0, "table", [name], 0))
        assert text == repr(clinic.admitted(0, "table", [], 0))


def test_a_stranger_shows_all_that_it_has():
    met = set()
    for seed in range(30):
        patient = clinic.stranger(seed)
        assert {DISEASES[name].sign for name in patient.diseases} <= lines(patient)
        assert patient.diseases == clinic.stranger(seed).diseases
        met.add(len(patient.diseases))
    assert met == {0, 1, 2}


def test_a_run_is_repeatable_and_says_how_it_went(capsys):
    patient = clinic.patient(4)
    first, again = patient.train(), patient.train()
    np.testing.assert_array_equal(first.net.theta, again.net.theta)
    assert repr(first).startswith("loss 0.") and "in validation" in repr(first)
    clinic.key([patient, clinic.patient(12)])
    told = capsys.readouterr().out
    assert "patient 4: healthy" in told and "(layers, loss)" in told
    clinic.diseases()
    assert "softmax twice" in capsys.readouterr().out
    clinic.sources()
    assert "https://" in capsys.readouterr().out


@pytest.mark.parametrize(
    "call, told",
    [
        (lambda: clinic.patient(13), "a number from 1 to 12, got 13"),
        (lambda: clinic.patient("two"), "patient expected"),
        (lambda: clinic.patient(1).treat(colour=nn.SGD), "the name of a part"),
        (lambda: clinic.patient(1).treat(loss=nn.CrossEntropyLoss()), "without brackets"),
    ],
)
def test_what_does_not_fit_is_refused(call, told):
    with pytest.raises(ValueError) as error:
        call()
    assert told in str(error.value)
