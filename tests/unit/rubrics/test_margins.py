"""What margins mean and cost, against the figures of the literature's formulas."""

from __future__ import annotations

import pytest

from quantassay.rubrics.margins import margin_costs, table
from quantassay.workflows.plan import plan


def test_floors_and_sizes_are_those_of_the_methods() -> None:
    costs = margin_costs(899, [90, 60], 0.025)
    assert [cost.floor for cost in costs] == [736, 368, 183, 72]
    assert [cost.errors for cost in costs] == pytest.approx([5, 10, 20, 50])
    # Exact power where few answers change, Nam's formula where many do.
    assert costs[1].needed[1] == 3332
    assert costs[2].needed[2] == 1413


def test_a_draft_and_a_plan_give_the_same_sizes() -> None:
    for cost in margin_costs(899, [], 0.025):
        found = plan(margin=cost.margin).cells[0]
        assert cost.needed == tuple(one.needed for one in found.outlooks)
        assert cost.floor == found.floor_n


def test_what_the_present_data_can_pass() -> None:
    costs = margin_costs(200, [90, 60], 0.025)
    assert [cost.passable for cost in costs] == [False, False, True, True]
    assert [cost.strata_passable for cost in costs] == [0, 0, 0, 1]


def test_the_table_is_aligned_and_says_never() -> None:
    lines = table(margin_costs(200, [90, 60], 0.025), 200, 2)
    assert len({len(line) for line in lines}) == 1
    assert lines[0].endswith("with these 200")
    assert lines[1].endswith("can never pass; 0 of 2 strata can")
    assert lines[4].endswith("can pass; 1 of 2 strata can")


def test_without_strata_none_are_mentioned() -> None:
    assert "strata" not in "\n".join(table(margin_costs(200, [], 0.025), 200, 0))
