from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from quantassay.verdicts.hopeless import hopeless, out_of_reach
from quantassay.verdicts.looks import Sitting
from quantassay.verdicts.schedule import schedule
from quantassay.verdicts.waiting import UNEQUAL, Waiting

MARGIN, SIZES = 0.02, (600, 1200, 2000)


@pytest.fixture
def looked(group, counted):
    """Return a candidate after one look at cells of one margin each, and what it was judged by."""

    def make(cells, margins=(MARGIN,), role="gate", waiting=None, level=0.025, looks=1):
        sizes = [counted([(0, 0, n)] * len(cells)) for n in SIZES]
        seen = group(cells, margins, role)
        plan = schedule(sizes, seen.declared, level, "obrien-fleming", waiting)
        sitting = Sitting(("int8", "fp32"), [plan], 1 - 2 * level)
        for _ in range(looks):
            sitting.look([seen])
        return sitting, [seen]

    return make


def test_what_lost_far_more_than_its_margin_is_given_up(looked):
    said = hopeless(*looked([(40, 4, 600)]))
    assert said == "top1 @ part=0 hardly could pass any more"


@pytest.mark.parametrize("losses", [4, 12, 15])
def test_what_might_still_pass_goes_on(looked, losses):
    assert hopeless(*looked([(losses, 0, 600)])) == ""


def test_one_cell_that_gates_is_enough(looked):
    cells, margins = [(0, 0, 600), (40, 4, 600)], (MARGIN, MARGIN)
    assert hopeless(*looked(cells, margins)).startswith("top1 @ part=1")
    assert hopeless(*looked(cells, margins, role="watch")) == ""


def test_cells_that_wait_for_all_samples_say_nothing(looked):
    waits = Waiting((UNEQUAL,), np.zeros(1, bool))
    assert hopeless(*looked([(40, 4, 600)], waiting=waits)) == ""


def test_nothing_is_left_to_give_up_after_the_last_look(looked):
    assert hopeless(*looked([(40, 4, 600)], looks=3)) == ""


def test_cells_out_of_reach_are_named_before_any_answer(looked):
    sitting, (seen,) = looked([(0, 0, 600)] * 2, (MARGIN, 0.0005))
    assert out_of_reach("top1", seen.declared, sitting.schedules[0]) == ["top1 @ part=1"]


def test_hardly_any_candidate_without_loss_is_given_up(looked):
    """9 losses and 9 gains are expected at the first look: how many losses more does it take?"""
    least = next(b for b in range(9, 60) if hopeless(*looked([(b, 9, 600)])))
    assert stats.binom.sf(least - 1, 600, 0.015) < 1e-4
    # and what loses twice its margin mostly is
    assert stats.binom.sf(least - 10, 600, 2 * MARGIN) > 0.2
