from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.records.frontier import Point
from quantassay.verdicts.frontier import (
    NOT_GATED,
    Pairs,
    chosen,
    dominance,
    shared_level,
    stratum_frontier,
)

ALPHA = 0.025


def point(name, speed, passes, loss=0.0):
    return Point(name, "int8", speed, None, loss, None, None, passes)


def pairs(k, **p):
    worse, slower = np.full((k, k), p.get("worse", 1.0)), np.full((k, k), p.get("slower", 1.0))
    return Pairs(worse, slower)


def test_the_fastest_of_those_that_pass():
    points = [point("slow", 1.1, True), point("fast", 3.0, False), point("b", 2.0, True)]
    assert chosen(points, (True, 3)) == ("b", "")


def test_who_was_not_timed_is_never_the_fastest():
    name, reason = chosen([point("a", None, True), point("b", 1.1, True)], (True, 2))
    assert name == "b" and reason.startswith("a passes")
    name, reason = chosen([point("a", None, True)], (True, 1))
    assert name is None and "not timed" in reason


def test_one_that_is_slower_than_the_reference_is_said_to_be():
    assert chosen([point("a", 0.9, True)], (True, 1)) == (
        "a",
        "it is slower than the reference",
    )


def test_nobody_passes():
    name, reason = chosen([point("a", 2.0, False)], (True, 4))
    assert name is None and "shared among 4 candidates" in reason
    alone = "the only candidate that gates does not pass"
    assert chosen([point("a", 2.0, False)], (True, 1)) == (None, alone)
    assert chosen([point("a", 2.0, True)], (False, 1)) == (None, NOT_GATED)


def test_both_coordinates_dominate_or_neither():
    found = pairs(3)
    found.p_worse[1, 2] = found.p_slower[1, 2] = 0.001
    found.p_worse[2, 0] = 0.001
    points = [point("ref", 1.0, False), point("a", 0.5, True), point("b", 2.0, True)]
    points = stratum_frontier({}, 0.1, points, found, ALPHA, (True, 2)).points
    assert [point.dominated_by for point in points] == [(), ("b",), ()]
    assert points[1].p_dominated == pytest.approx(6 * 0.001)


def test_a_pair_that_is_not_known_stays_in_the_family():
    known, unknown = pairs(3), pairs(3)
    for one in (known, unknown):
        one.p_worse[1, 2] = one.p_slower[1, 2] = 0.004
    unknown.p_slower[0, :2] = np.nan
    assert dominance(unknown)[1, 2] == dominance(known)[1, 2] == pytest.approx(6 * 0.004)
    assert dominance(unknown)[0, 1] == 1


def test_the_reference_can_dominate():
    found = pairs(2)
    found.p_worse[1, 0] = found.p_slower[1, 0] = 1e-6
    points = [point("ref", 1.0, False), point("a", 0.5, True)]
    points = stratum_frontier({}, None, points, found, ALPHA, (True, 1)).points
    assert points[1].dominated_by == ("ref",)


@pytest.mark.parametrize("candidates", [1, 10])
def test_the_fastest_is_seldom_a_bad_one(candidates):
    # all are at the margin: whoever is named is bad; the one that looks best is fastest too
    n, margin, psi, draws = 2000, 0.01, 0.03, 4000
    rng = np.random.default_rng(7)
    chances = [(psi + margin) / 2, (psi - margin) / 2, 1 - psi]
    tables = rng.multinomial(n, chances, size=(draws, candidates))
    codes, place = np.unique(tables[..., 0] * n + tables[..., 1], return_inverse=True)
    p = stats.binary_p_within(codes // n, codes % n, n, margin)[place].reshape(draws, candidates)
    level = shared_level(ALPHA, candidates)
    wrong = sum(
        chosen([point("x", 2 - one, one <= level) for one in row], (True, candidates))[0]
        is not None
        for row in p
    )
    assert wrong / draws <= ALPHA + 3 * np.sqrt(ALPHA / draws)
    if candidates > 1:
        assert np.mean((p <= ALPHA).any(axis=1)) > 4 * ALPHA


@pytest.mark.parametrize("level", [0.025 / 2, 0.025 / 3, 0.025 / 10])
def test_p_at_a_shared_level_passes_what_its_interval_does(counted, level):
    cells = [(b, c, 900) for b in range(0, 80, 5) for c in (0, 4)]
    clusters = np.repeat(np.arange(len(cells) * 300), 3)
    for evidence in (counted(cells), counted(cells, clusters)):
        margin = np.full(len(cells), 0.08)
        enough = evidence.size() >= evidence.floor(margin, level)
        by_p = (evidence.p_within(margin) <= level) & enough
        assert by_p.tolist() == ((evidence.bounds(level)[1] < margin) & enough).tolist()
        assert 0 < by_p.sum() < len(cells)
