from __future__ import annotations

import pytest

from quantassay.metrics.exact_match import ExactMatch


@pytest.mark.parametrize(
    ("options", "right"),
    [
        ({}, [1, 1, 0, 0]),
        ({"strip": False}, [1, 0, 0, 0]),
        ({"lower": True}, [1, 1, 1, 0]),
        ({"strip": False, "lower": True}, [1, 0, 1, 0]),
    ],
)
def test_normalization(make_samples, make_predictions, options, right):
    samples = make_samples(["Paris", "Paris", "Paris", "Paris"])
    given = make_predictions(labels=["Paris", " Paris\n", "paris", "Par is"])
    assert ExactMatch(**options).rows(samples, given)[:, 0].tolist() == right


@pytest.mark.parametrize("labels", [[18, 20], [18.0, 20.5], ["18", "20.5"], ["18.0", "x"]])
def test_a_number_matches_however_it_is_stored(make_samples, make_predictions, labels):
    rows = ExactMatch().rows(make_samples([18, 19]), make_predictions(labels=labels))
    assert rows[:, 0].tolist() == [1, 0]


def test_long_answers_are_not_cut(make_samples, make_predictions):
    samples = make_samples(["a" * 20, "b"])
    given = make_predictions(labels=["a" * 20 + "c", "b"])
    assert ExactMatch().rows(samples, given)[:, 0].tolist() == [0, 1]


def test_recorded_correctness_is_taken_as_it_is(make_samples, make_predictions):
    given = make_predictions(correct=[True, False])
    assert ExactMatch().rows(make_samples(["a", "b"]), given)[:, 0].tolist() == [1, 0]


def test_definition_says_the_normalization():
    assert "(stripped, lower-cased)" in ExactMatch(lower=True).definition
    assert "(as is)" in ExactMatch(strip=False).definition
