from __future__ import annotations

import numpy as np
import pytest

from quantassay.timing.steady import FEWEST, MOST_SHAPES, WINDOWS, is_steady, warmed_up


def test_a_steady_variant_is_found_so_before_the_time_is_over(load, worker, clock):
    work = worker(lambda rows: 0.001)
    warm = warmed_up(work, load(4, 4, 4), 60.0, clock)
    assert warm.warmup.steady
    assert warm.warmup.seconds < 60
    assert warm.warmup.queries == len(work.asked)
    assert warm.query_seconds == pytest.approx(0.001)


def test_a_variant_that_grows_faster_is_waited_for(load, worker, clock):
    def cost(rows):
        return 0.001 + 0.01 * np.exp(-clock.now)

    warm = warmed_up(worker(cost), load(4), 60.0, clock)
    assert warm.warmup.steady
    assert cost(4) < 0.00105


def test_one_that_never_settles_is_told_of(load, worker, clock):
    warm = warmed_up(worker(lambda rows: 0.001 * (1 + clock.now)), load(4), 5.0, clock)
    assert not warm.warmup.steady
    assert warm.warmup.seconds == pytest.approx(5.0, rel=0.5)


def test_every_shape_is_asked_first(load, worker, clock):
    work = worker(lambda rows: 0.001)
    warmed_up(work, load(4, 4, 2, 4, 3), 0.1, clock)
    assert sorted(work.asked[:3]) == [2, 3, 4]


def test_shapes_are_bounded(load, worker, clock):
    work = worker(lambda rows: 1.0)
    warmed_up(work, load(*range(1, 40)), 0.0, clock)
    assert len(work.asked) == MOST_SHAPES + 1 + FEWEST


def test_a_slow_model_is_asked_a_few_queries_and_not_a_window_of_them(load, worker, clock):
    work = worker(lambda rows: 10.0)
    warm = warmed_up(work, load(*[4] * 20), 2.0, clock)
    assert len(work.asked) == 2 + FEWEST
    assert warm.warmup.steady
    assert warm.query_seconds == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("windows", "steady"),
    [
        ([1.0] * 7, False),
        ([1.0] * 8, True),
        ([9.0] * 5 + [1.0] * 8, True),
        ([2.0] * 4 + [1.0] * 4, False),
        ([1.08, 1.07, 1.06, 1.05, 1.04, 1.03, 1.02, 1.01], False),
        ([1.0, 1.3, 0.9, 1.1, 1.2, 0.9, 1.0, 1.2], True),
    ],
    ids=["too few", "level", "only the last count", "a step", "a trend", "scatter alone"],
)
def test_steady(windows, steady):
    assert is_steady(windows, WINDOWS) is steady
