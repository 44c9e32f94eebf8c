from __future__ import annotations

import dataclasses

import pytest
from benchmarks.reproductions import flips, tiny
from benchmarks.reproductions.answers import MODELS
from benchmarks.reproductions.evidence import evidence
from benchmarks.reproductions.flips_checks import of_model
from benchmarks.reproductions.flips_metrics import other_metric
from benchmarks.reproductions.flips_page import section
from benchmarks.reproductions.flips_pooled import below_chance, three_to_two, twice, wrong_to_wrong
from benchmarks.reproductions.published import ITEMS

QWEN, PHI = MODELS


@pytest.fixture
def found(many):
    return evidence(many)


def by_words(rows):
    return {row.statement: row for row in rows}


def test_statements_are_checked_against_the_answers(found):
    rows = by_words(of_model(found, QWEN))
    # MMLU at 4 bits: 80 of 240 right answers lost, 40 gained; the largest loss is 16.7 points
    assert rows[flips.FIVE_POINTS].ours.startswith("MMLU 16.7 [")
    assert rows[flips.FIVE_POINTS].outcome == "differs"
    assert rows[flips.ABOVE_RANGE].ours.startswith("120 of 240, 50.0 % [")
    assert rows[flips.ABOVE_RANGE].outcome == "agrees"
    # the lost answers of MMLU had .95 and .7 at fp16
    assert rows[flips.WEAKLY_HELD].ours.startswith("40 of 80 at 0.9 or above, 50.0 %")
    assert rows[flips.WEAKLY_HELD].outcome == "differs"
    assert rows[flips.PRESERVED].outcome == "not supported"


def test_a_benchmark_that_goes_the_other_way_is_named(found):
    row = by_words(of_model(found, PHI))[flips.EVERY_MODEL]
    assert "CommonsenseQA: 16.7 → 0.0 %" in row.why


def test_the_pooled_balance_counts_both_models(found):
    # lost 1 + 2 + 0, gained 1 + 1 + 0 of six questions, forty times, two models
    assert three_to_two(found).ours.startswith("4 bits: 240 : 160, 1.50 : 1 [")
    assert below_chance(found).outcome == "agrees"
    assert wrong_to_wrong(found).ours.endswith("int4: 160 of 560, 28.6 % [24.9, 32.5]")


def test_the_preregistered_rule_is_counted_by_cell(found):
    # 4 bits on CommonsenseQA change nothing and gain nothing; 8 bits there lose one and gain none
    assert twice(found).ours == "6 of 12 cells"
    assert twice(found).outcome == "not met everywhere"


def test_the_part_is_written_without_a_word_of_a_question(found):
    text = "\n".join(section(found))
    assert "| MMLU (240) | 4 |" in text
    assert "?" not in text
    assert "nan" not in text


def test_the_losses_by_two_metrics_stand_side_by_side(found):
    text = "\n".join(other_metric(found))
    assert "| Qwen2.5-1.5B | 4 | MMLU | 16.7 [" in text
    # both models gave the same answers, so that nothing sets them apart
    assert "disjoint" not in text


@pytest.mark.parametrize("publication", [flips.PUBLICATION, tiny.PUBLICATION])
def test_all_six_disclosures_are_given_with_their_words(publication):
    assert tuple(one.item for one in publication.disclosures) == ITEMS
    for one in publication.disclosures:
        assert bool(one.words) == (one.given != "no"), one.item
        assert bool(one.where) == bool(one.words)


def test_a_disclosure_left_out_is_refused():
    with pytest.raises(ValueError, match="the six disclosures are task, model"):
        dataclasses.replace(flips.PUBLICATION, disclosures=flips.PUBLICATION.disclosures[1:])
