from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from benchmarks.reproductions.answers import MODELS, WIDTHS, answers
from benchmarks.reproductions.comparing import (
    ACCURACY,
    BETWEEN,
    SQUARED_ERROR,
    by_metric,
    cell,
    compared,
    scores,
)
from benchmarks.reproductions.evidence import evidence

QWEN = MODELS[0]


@pytest.fixture
def tables(many):
    return {width: answers(many, QWEN, width) for width in WIDTHS}


def test_every_benchmark_and_subject_is_judged_at_its_margin(tables):
    found = compared(tables)
    whole, arc = cell(found, "int4"), cell(found, "int4", benchmark="ARC-Challenge")
    law = cell(found, "int4", subject="professional_law")
    assert [one.margin for one in (whole, arc, law)] == [0.02, 0.02, 0.05]
    assert [one.role for one in (whole, arc, law)] == ["gate"] * 3
    assert (arc.n, arc.losses, arc.gains, arc.loss) == (240, 40, 40, 0.0)
    assert (law.n, law.losses, law.gains) == (120, 40, 40)


def test_a_loss_of_a_sixth_fails(tables):
    found = compared(tables)
    assert cell(found, "int4", benchmark="MMLU").verdict == "fail"
    assert found.candidates["int4"].verdict == "fail"


def test_the_counts_of_the_product_are_those_of_the_loop(many):
    same, cells = evidence(many).confirmed()
    assert same == cells == 2 * 2 * (1 + 3 + 2)


def test_the_squared_error_is_that_of_the_stated_confidence(tables):
    found = scores(tables["int4"].slice(0, 2))  # wrong with .5, right with .95
    assert found[ACCURACY].tolist() == [0, 1]
    assert found[SQUARED_ERROR] == pytest.approx([0.25, 0.0025])
    assert found[BETWEEN] == pytest.approx([0.75, -0.0025])


def test_the_difference_of_two_metrics_is_the_difference_of_their_losses(tables):
    sides = tables["fp16"], tables["int4"]
    first, second, between = (
        by_metric(*sides, metric, 0.95).cells[0].loss
        for metric in (ACCURACY, SQUARED_ERROR, BETWEEN)
    )
    assert between == pytest.approx(first - second)
    assert first > 0


@pytest.mark.parametrize("wrong", [0.1, 1.5, float("nan")])
def test_what_is_no_probability_of_the_likeliest_of_four_is_refused(tables, wrong):
    table = tables["fp16"]
    column = np.full(table.num_rows, wrong)
    place = table.schema.get_field_index("confidence")
    with pytest.raises(ValueError, match="not that of the likeliest of four"):
        scores(table.set_column(place, "confidence", pa.array(column)))
