"""The ward of notebook 14 judges a diagnosis and a cure, each for itself."""

import pytest

import nnlib as nn
from nnlib import clinic
from nnlib.checks import ward
from nnlib.lessons.clinic import DISEASES, RECIPES, WARD, sound


@pytest.mark.parametrize("number", WARD)
def test_the_right_diagnosis_passes_and_every_other_one_is_answered(number):
    patient = clinic.patient(number)
    right = patient.diseases or ("healthy",)
    assert ward.diagnosis(patient, right).passed
    assert ward.diagnosis(patient, tuple(name.upper() for name in right[::-1])).passed
    for name in [*DISEASES, "healthy"]:
        if name not in right:
            result = ward.diagnosis(patient, name)
            assert result.passed is False and len(result.hints) == 3
            assert not any(each in result.hints[0] for each in patient.diseases)


@pytest.mark.parametrize("number", [11, 12])
def test_one_disease_of_two_is_half_of_the_answer(number):
    patient = clinic.patient(number)
    for name in patient.diseases:
        result = ward.diagnosis(patient, name)
        assert result.passed is False and "there is another one" in result.hints[0]


def said(result):
    return result.hints[0]


def test_what_is_said_of_a_wrong_diagnosis_was_measured():
    patient = clinic.patient(1)
    assert "There: agrees in all 6 arrays" in said(ward.diagnosis(patient, "missing 1/N"))
    assert "Something stands out: steps" in said(ward.diagnosis(patient, "healthy"))
    assert "Do you mean 'softmax twice'?" in said(ward.diagnosis(patient, "softmax twce"))
    patient = clinic.patient(2)
    told = said(ward.diagnosis(patient, "pictures mixed by reshape"))
    assert "stands out, but" in told
    assert "does not even have" in said(ward.diagnosis(patient, "saturated sigmoids"))


@pytest.mark.parametrize("number", [n for n in WARD if clinic.patient(n).diseases])
def test_a_cure_of_the_sick_parts_passes(number):
    patient = clinic.patient(number)
    parts = sound(RECIPES[WARD[number][0]][1])
    result = ward.cure(patient.treat(**{part: parts[part] for part in patient.sick_parts}))
    assert result.passed and "Not sick" not in result.note


def test_treating_a_symptom_is_no_cure():
    patient = clinic.patient(8)  # missing 1/N: a lower rate makes it train
    slow = patient.treat(optimizer=lambda net: nn.SGD(net, lr=0.2 / 32))
    assert slow.train().validation > 0.8
    assert "gradient" in said(ward.cure(slow))


def test_a_part_that_was_not_sick_is_named():
    patient = clinic.patient(8).treat(loss=nn.CrossEntropyLoss)
    assert "Not sick: optimizer" in ward.cure(patient.treat(optimizer=clinic.sgd)).note


def test_rows_may_not_be_thrown_away():
    def few(X, y):
        train, validation = clinic.table_data(X, y)
        return (train[0][:60], train[1][:60]), validation

    assert "Of 200 rows, 120 are left" in said(ward.cure(clinic.patient(5).treat(data=few)))


def test_a_cure_that_does_not_train_is_none():
    def tiny():
        return [nn.Linear(64, 1), nn.ReLU(), nn.Linear(1, 10)]

    result = ward.cure(clinic.patient(3).treat(layers=tiny))
    assert result.passed is False


@pytest.mark.parametrize("answer", [5, "x", None, [], nn])
def test_whatever_is_handed_in_gets_a_sentence(answer):
    assert not ward.diagnosis(answer, "healthy")
    assert not ward.cure(answer)
    assert not ward.diagnosis(clinic.patient(1), answer)


def test_not_attempted_is_a_state_of_its_own():
    assert ward.diagnosis(clinic.patient(1), ...).passed is None
    assert ward.diagnosis(clinic.patient(11), ("saturated sigmoids", ...)).passed is None
    assert ward.cure(...).passed is None
    assert ward.cure(clinic.patient(1)).passed is None


def test_a_solution_says_nothing(capsys):
    ward.diagnosis(clinic.patient(3), "softmax twice", quiet=True)
    ward.cure(clinic.patient(3).treat(layers=clinic.pictures_layers), quiet=True)
    assert capsys.readouterr().out == ""


def test_the_next_hint_can_be_typed(capsys):
    ward.diagnosis(clinic.patient(3), "dead units")
    told = capsys.readouterr().out
    assert "checks.ward.diagnosis(clinic.patient(3), 'dead units', hint=2)" in told
    assert "Hint 3" in repr(ward.diagnosis(clinic.patient(3), "dead units", hint=3))
