from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.evidence import Binary, Mean
from quantassay.evidence.bracketed import Bracketed
from quantassay.evidence.described import Described
from quantassay.evidence.strict import UNPROVEN, strict

RNG = np.random.default_rng(5)
FIRST = RNG.random(400)
SECOND = np.clip(FIRST - 0.02 + 0.05 * RNG.standard_normal(400), 0, 1)
RIGHT = (FIRST < 0.8).astype(float)
ANSWER = np.where(RNG.random(400) < 0.05, 1 - RIGHT, RIGHT)
MARGIN = np.array([0.08])


def ends(evidence, alpha=0.025):
    return [float(end[0]) for end in evidence.bounds(alpha)]


def test_right_or_wrong_is_judged_exactly(state):
    plain = state(Binary(), RIGHT, ANSWER).evidence()
    found = strict(plain)
    table = int(plain.losses[0]), int(plain.gains[0]), 400
    assert ends(found) == [float(end) for end in stats.exact_binary_interval(*table, 0.025)]
    assert found.p_within(MARGIN)[0] == stats.exact_binary_p_within(*table, 0.08)
    assert found.p_beyond(MARGIN)[0] == stats.exact_binary_p_beyond(*table, 0.08)
    assert ends(found)[1] >= ends(plain)[1] - 1e-6
    assert found.floor(MARGIN, 0.025)[0] == stats.binary_floor(0.08, 0.025)
    assert found.method == ["exact unconditional paired binary"]


@pytest.mark.parametrize("units", [np.arange(400), np.repeat(np.arange(100), 4)])
def test_means_are_judged_by_betting(state, units):
    plain = state(Mean(cap=1.0), FIRST, SECOND, units=units).evidence()
    found = strict(plain)
    low, high = ends(found)
    assert low < ends(plain)[0] < found.loss[0] < ends(plain)[1] < high
    for end, side in ((low, found.p_beyond), (high, found.p_within)):
        assert side(np.array([end]))[0] == pytest.approx(0.025, rel=1e-6)
    assert found.floor(MARGIN, 0.025)[0] >= plain.floor(MARGIN, 0.025)[0]
    assert found.size()[0] == plain.size()[0]
    assert np.isnan(found.needed(MARGIN, 0.025, 0.9)[0])
    assert np.isnan(found.detectable(0.025, 0.9)[0])
    assert found.method == ["betting"]
    assert (found.clusters is None) == (units[1] == 1)


def test_right_or_wrong_in_clusters_is_bet_on_where_they_are_shared(state, part):
    parts = [part(np.zeros(400)), part(np.r_[np.zeros(200), np.full(200, -1)])]
    units = np.r_[np.arange(200), np.repeat(np.arange(200, 250), 4)]
    plain = state(Binary(), RIGHT, ANSWER, parts=parts, units=units).evidence()
    found = strict(plain)
    assert found.method == ["betting", "exact unconditional paired binary"]
    table = int(plain.losses[1]), int(plain.gains[1]), 200
    exact = [float(end) for end in stats.exact_binary_interval(*table, 0.025)]
    assert [float(end[1]) for end in found.bounds(0.025)] == pytest.approx(exact)
    margin = np.array([0.08, 0.08])
    assert found.p_within(margin)[1] == pytest.approx(stats.exact_binary_p_within(*table, 0.08))
    assert found.p_beyond(margin)[1] == pytest.approx(stats.exact_binary_p_beyond(*table, 0.08))
    bets = stats.cluster_bets(
        np.r_[np.ones(200), np.full(50, 4.0)],
        np.r_[(ANSWER - RIGHT)[:200], (ANSWER - RIGHT)[200:].reshape(50, 4).sum(axis=1)],
        1.0,
    )
    assert ends(found) == pytest.approx([float(end[0]) for end in bets.bounds(0.025)])
    assert found.p_within(margin)[0] == pytest.approx(bets.p_within(0.08)[0])


def test_no_samples_have_no_interval(state, part):
    evidence = state(Mean(cap=1.0), [1.0], [0.0], parts=[part([-1])], units=[0]).evidence()
    found = strict(evidence)
    assert np.isnan(ends(found)).all()
    assert found.undefined == ["no samples"]
    assert np.isnan(found.p_within(MARGIN)[0])


def test_what_has_no_proven_bound_says_so(state):
    plain = state(Mean(cap=1.0), FIRST, SECOND).evidence()
    found = strict(plain)
    assert np.isnan(ends(found)).all()
    assert np.isnan(found.p_within(MARGIN)[0])
    assert np.isnan(found.p_beyond(MARGIN)[0])
    assert found.undefined == [UNPROVEN]
    assert found.floor(MARGIN, 0.025)[0] == plain.floor(MARGIN, 0.025)[0]
    described = strict(state(Described("biased"), FIRST, SECOND).evidence())
    assert described.undefined == ["biased"]


def test_unknown_rows_are_read_both_ways(state):
    worst = state(Binary(), RIGHT, ANSWER).evidence()
    best = state(Binary(), RIGHT, RIGHT).evidence()
    found = strict(Bracketed(worst, best))
    sides = [strict(one) for one in (worst, best)]
    assert ends(found) == [min(ends(s)[0] for s in sides), max(ends(s)[1] for s in sides)]


def test_undeclared_looks_are_covered_as_before(state):
    plain = state(Binary(), RIGHT, ANSWER).evidence()
    assert strict(plain).anytime_p(MARGIN) == plain.anytime_p(MARGIN)
