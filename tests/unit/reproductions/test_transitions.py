from __future__ import annotations

import pytest
from benchmarks.reproductions.answers import MODELS, answers
from benchmarks.reproductions.transitions import of, ratio, share, together, transitions

QWEN = MODELS[0]


@pytest.fixture
def sides(cases):
    return answers(cases, QWEN, "fp16"), answers(cases, QWEN, "int4")


def test_the_three_ways_to_change_are_told_apart(sides):
    found = transitions(*(of(side, "benchmark", "ARC-Challenge") for side in sides))
    assert (found.n, found.right_before) == (6, 4)
    assert (found.lost, found.gained, found.moved) == (1, 1, 1)
    assert (found.flips, found.all_flips, found.change) == (2, 3, 0.0)


def test_counts_add_up(sides):
    parts = [
        transitions(*(of(side, "benchmark", label) for side in sides))
        for label in ("ARC-Challenge", "MMLU", "CommonsenseQA")
    ]
    assert together(parts) == transitions(*sides)


def test_other_questions_are_refused(sides):
    with pytest.raises(ValueError, match="other questions, or in another order"):
        transitions(sides[0], sides[1].slice(1))


def test_a_ratio_is_the_odds_of_the_exact_interval():
    # Clopper and Pearson, 10 of 20: 0.27196 to 0.72804
    assert share(10, 20) == pytest.approx((0.27196, 0.72804), abs=1e-5)
    low, high = ratio(10, 10)
    assert (low, high) == pytest.approx((0.27196 / 0.72804, 0.72804 / 0.27196), abs=1e-4)
    assert ratio(5, 0)[1] == float("inf")
