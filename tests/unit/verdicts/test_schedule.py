from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.verdicts.cells import Declared
from quantassay.verdicts.schedule import schedule
from quantassay.verdicts.waiting import UNEQUAL, Waiting

SPENDING = "obrien-fleming"


@pytest.fixture
def planned(counted):
    def plan(sizes, margins, spending=SPENDING, waiting=None):
        declared = [
            Declared({"part": str(i)}, margin, "described" if margin is None else "gate")
            for i, margin in enumerate(margins)
        ]
        looks = [counted([(0, 0, n) for n in row]) for row in sizes]
        return schedule(looks, declared, 0.025, spending, waiting)

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


def waits(*never):
    return Waiting(tuple(UNEQUAL for _ in never), np.array(never))


def test_a_cell_that_waits_has_all_of_the_level_where_its_samples_are_complete(planned):
    plan = planned([(500, 500), (1000, 1000), (1000, 2000)], (0.05, 0.05), waiting=waits(0, 0))
    assert plan.held.tolist() == [[True, True], [False, True], [False, False]]
    assert plan.level[1:, 0] == pytest.approx([0.025] * 2)
    assert plan.level[2, 1] == pytest.approx(0.025)
    assert plan.reachable.all()


def test_a_cell_that_waits_fails_on_its_last_p_alone(planned):
    plan = planned([(500,), (1000,)], (0.05,), waiting=waits(0))
    assert plan.p_beyond([np.array([1e-9])]).tolist() == [1.0]
    assert plan.p_beyond([np.array([1e-9]), np.array([0.04])]) == pytest.approx([0.04], rel=1e-5)


def test_a_cell_that_the_last_look_leaves_open_has_no_p_and_no_level(planned):
    plan = planned([(500,), (1000,)], (0.05,), waiting=waits(True))
    assert plan.held.all()
    assert not plan.reachable.any()
    assert np.isnan(plan.p_beyond([np.array([1e-9]), np.array([1e-9])])).all()


def test_a_cell_without_samples_yet_stays_in_the_family(planned):
    plan = planned([(500, 0), (1000, 500), (1000, 500)], (0.05, 0.05))
    early, undefined = np.array([0.001, np.nan]), np.array([0.001, 0.3])
    assert plan.p_beyond([early])[1] == 1.0
    assert plan.p_beyond([early, undefined])[1] == pytest.approx(0.3, rel=1e-5)
    assert np.isnan(plan.p_beyond([early, early, early])[1])


def test_a_look_without_p_by_chance_is_spent(planned):
    plan = planned([(500,), (1000,)], (0.05,), "pocock")
    taken = plan.p_beyond([np.array([1.0]), np.array([0.01])])
    assert plan.p_beyond([np.array([np.nan]), np.array([0.01])]) == taken
    assert taken > 0.01
