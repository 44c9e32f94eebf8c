from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.verdicts.cells import Declared
from quantassay.verdicts.schedule import schedule

SPENDING = "obrien-fleming"


@pytest.fixture
def planned(counted):
    def plan(sizes, margins, spending=SPENDING):
        declared = [
            Declared({"part": str(i)}, margin, "described" if margin is None else "gate")
            for i, margin in enumerate(margins)
        ]
        looks = [counted([(0, 0, n) for n in row]) for row in sizes]
        return schedule(looks, declared, 0.025, spending)

    return plan


def test_levels_are_those_of_each_cells_own_information(planned):
    plan = planned([(1000, 600), (2000, 1000)], (0.1, 0.1))
    assert plan.information.tolist() == [[0.5, 1.0], [0.6, 1.0]]
    assert pytest.approx(stats.nominal_levels(plan.information, [0.025, 0.025])) == plan.level.T
    assert plan.reachable.all()


def test_no_level_is_spent_on_a_pass_below_the_floor(planned):
    # at the first look 30 pairs cannot rule out 5 pp, so that the second has all of the level
    plan = planned([(30,), (200,)], (0.05,), "pocock")
    assert plan.level[1] == pytest.approx([0.025])
    assert plan.level[0] < 0.025
    assert plan.reachable.tolist() == [True]


def test_a_cell_too_small_at_the_end_is_out_of_reach(planned):
    assert planned([(20,), (40,)], (0.05,)).reachable.tolist() == [False]


def test_a_look_without_new_samples_keeps_the_level_before(planned):
    plan = planned([(500,), (500,), (1000,)], (0.05,))
    assert plan.level[0] == plan.level[1] < plan.level[2]


def test_an_empty_cell_is_never_looked_at(planned):
    plan = planned([(500, 0), (1000, 0)], (0.05, 0.05))
    assert plan.reachable.tolist() == [True, False]
    assert plan.information[1].tolist() == [0.0, 0.0]


def test_p_over_looks(planned):
    plan = planned([(500,), (1000,)], (0.05,))
    first = plan.p_beyond([np.array([0.001])])
    both = plan.p_beyond([np.array([0.001]), np.array([0.9])])
    wanted = stats.sequential_p([0.001, 0.9], [0.5, 1.0])
    assert first == both == pytest.approx(wanted)
