from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.evidence import Binary, Described, Mean
from quantassay.evidence.anytime import Anytime, anytime_p
from quantassay.evidence.bracketed import Bracketed

FIRST = np.ones(600)
SECOND = np.r_[np.zeros(4), np.ones(596)]
MARGIN = np.array([0.05])


def test_right_or_wrong_is_by_betting(state):
    within, beyond = anytime_p(state(Binary(), FIRST, SECOND).evidence(), MARGIN)
    assert within[0] == pytest.approx(float(1 / stats.paired_binary_e(4, 0, 600, 0.05)))
    assert within[0] < 0.025
    assert beyond[0] == 1


def test_means_are_by_their_sums(state):
    evidence = state(Mean(cap=1.0), FIRST, SECOND).evidence()
    within, beyond = anytime_p(evidence, MARGIN)
    wanted = stats.anytime_p(-4 + 600 * 0.05, 4 - 2 * 0.05 * 4 + 600 * 0.05**2, 0.95)
    assert within[0] == pytest.approx(float(wanted), rel=1e-6)
    assert beyond[0] == pytest.approx(1.0)


def test_swapping_sides_swaps_the_two(state):
    one = anytime_p(state(Mean(cap=1.0), FIRST, SECOND).evidence(), MARGIN)
    other = anytime_p(state(Mean(cap=1.0), SECOND, FIRST).evidence(), -MARGIN)
    assert one[0] == pytest.approx(other[1])


@pytest.mark.parametrize("kind", [Binary(), Mean(cap=1.0)])
def test_clusters_count_by_their_totals(state, kind):
    units = np.repeat(np.arange(120), 5)
    shared = state(kind, FIRST, SECOND, units=units).evidence()
    within, _ = anytime_p(shared, MARGIN)
    kept = 5 * 0.05 + np.r_[-4.0, np.zeros(119)]
    wanted = stats.anytime_p(kept.sum(), (kept**2).sum(), 5 * 0.95)
    assert within[0] == pytest.approx(float(wanted), rel=1e-6)
    assert within[0] > anytime_p(state(kind, FIRST, SECOND).evidence(), MARGIN)[0][0]


def test_single_samples_are_no_clusters(state):
    single = state(Binary(), FIRST, SECOND, units=np.arange(600)).evidence()
    alone = state(Binary(), FIRST, SECOND).evidence()
    assert anytime_p(single, MARGIN)[0] == pytest.approx(anytime_p(alone, MARGIN)[0])


def test_what_is_unknown_is_read_both_ways(state):
    better, worse = (state(Binary(), FIRST, s).evidence() for s in (FIRST, SECOND))
    both = anytime_p(Bracketed(worse, better), MARGIN)
    assert both[0] == anytime_p(worse, MARGIN)[0]
    assert both[1] == anytime_p(better, MARGIN)[1]


def test_other_evidence_knows_none(state):
    evidence = state(Described("why"), FIRST, SECOND).evidence()
    assert not isinstance(evidence, Anytime)
    assert np.isnan(anytime_p(evidence, MARGIN)).all()
