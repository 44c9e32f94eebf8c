from __future__ import annotations

import numpy as np

from quantassay.pairing.suspicion import same_answers, same_outputs, suspicions

NAMES = ("fp32", "int8")


def test_the_same_numbers_are_told_from_the_same_answers(make_predictions):
    scores = np.array([[0.1, 0.9], [0.8, 0.2]])
    first = make_predictions(labels=[1, 0], scores=scores)
    moved = make_predictions(labels=[1, 0], scores=scores + 1e-9)
    assert same_outputs(first, first)
    assert not same_outputs(first, moved)
    assert same_answers(first, moved)
    assert not same_answers(first, make_predictions(labels=[1, 1], scores=scores))


def test_without_numbers_no_outputs_are_the_same(make_predictions):
    labels = make_predictions(labels=[1, 0])
    assert not same_outputs(labels, labels)
    assert "every answer is the same as that of fp32" in suspicions(labels, labels, NAMES)[0]


def test_numbers_that_differ_show_two_variants(make_predictions):
    scores = np.array([[0.1, 0.9], [0.8, 0.2]])
    first = make_predictions(labels=[1, 0], scores=scores)
    moved = make_predictions(labels=[1, 0], scores=scores + 1e-9)
    assert suspicions(first, moved, NAMES) == []
    assert "identical to the last bit" in suspicions(first, first, NAMES)[0]


def sides(make_predictions, first, second):
    return make_predictions(labels=first), make_predictions(labels=second)


def told(make_predictions, target, first, second):
    target, first, second = (np.array(column) for column in (target, first, second))
    right = (target == first, target == second)
    return suspicions(*sides(make_predictions, first, second), NAMES, target, right)


def test_a_reference_no_better_than_the_commonest_class_is_told(make_predictions):
    target = [0, 0, 0, 1, 1, 2]
    (text,) = told(make_predictions, target, [0, 0, 1, 0, 1, 1], [0, 0, 1, 0, 1, 0])
    assert text.startswith("fp32 is right on 50.0%, no more often than")
    assert told(make_predictions, target, [0, 0, 0, 1, 0, 1], [0, 0, 0, 1, 0, 0]) == []


def test_a_reference_that_luck_explains_is_told(make_predictions):
    target = np.arange(400) % 4
    lucky = np.where(np.arange(400) < 110, target, (target + 1) % 4)
    (text,) = told(make_predictions, target, lucky, np.roll(lucky, 1))
    assert text.startswith("fp32 is right on 27.5%, hardly more often than")
    better = np.where(np.arange(400) < 160, target, (target + 1) % 4)
    assert told(make_predictions, target, better, np.roll(lucky, 1)) == []


def test_answers_that_are_the_targets_and_answers_that_never_are(make_predictions):
    target, near = [0, 0, 1, 1, 2], [0, 0, 1, 1, 1]
    assert told(make_predictions, target, near, target) == [
        "int8 is right on every sample: were targets taken for its answers?"
    ]
    assert told(make_predictions, target, near, [9, 9, 9, 9, 9]) == [
        "int8 is right on no sample: are its answers written like the targets?"
    ]


def test_targets_that_are_all_one_class_tell_nothing_of_chance(make_predictions):
    assert told(make_predictions, [1, 1, 1], [1, 1, 0], [1, 0, 0]) == []
