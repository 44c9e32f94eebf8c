from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.evidence import Binary, Mean

FIRST = np.ones(40)
SECOND = np.r_[np.zeros(10), np.ones(30)]
PAIRS = np.repeat(np.arange(20), 2)


def test_clusters_widen_what_they_share(state):
    alone = state(Binary(), FIRST, SECOND).evidence()
    shared = state(Binary(), FIRST, SECOND, units=np.repeat(np.arange(20), 2)).evidence()
    assert shared.loss.tolist() == alone.loss.tolist() == [0.25]
    assert shared.bounds(0.025)[1][0] > alone.bounds(0.025)[1][0]
    assert shared.clusters.tolist() == [20]
    assert "cluster t" in shared.method[0]


def test_inference_is_that_of_stats(state):
    found = state(Mean(cap=1.0), FIRST, SECOND, units=PAIRS).evidence()
    sizes = np.full(20, 2.0)
    totals = np.r_[np.full(5, -2.0), np.zeros(15)]
    margin = np.array([0.4])
    assert [float(end[0]) for end in found.bounds(0.025)] == pytest.approx(
        stats.cluster_bounds(sizes, totals, 1.0, 0.025)
    )
    assert found.p_within(margin)[0] == pytest.approx(
        stats.cluster_p_within(sizes, totals, 1.0, 0.4)
    )
    assert found.p_beyond(margin)[0] == pytest.approx(
        stats.cluster_p_beyond(sizes, totals, 1.0, 0.4)
    )
    assert found.floor(margin, 0.025)[0] == stats.cluster_floor(1.0, 0.4, 0.025)
    assert found.size().tolist() == [20.0]


def test_clusters_of_one_change_nothing_but_their_count(state):
    alone = state(Binary(), FIRST, SECOND).evidence()
    single = state(Binary(), FIRST, SECOND, units=np.arange(40)).evidence()
    assert single.bounds(0.025) == alone.bounds(0.025)
    assert single.method == alone.method
    assert single.clusters.tolist() == [40]
    assert single.size().tolist() == [40.0]


def test_one_shared_cluster_makes_its_cell_clustered_and_no_other(state, part):
    units = np.arange(40)
    units[1] = 0
    parts = [part(np.zeros(40)), part(np.r_[np.zeros(20), np.ones(20)], strata=2)]
    found = state(Binary(), FIRST, SECOND, parts, units).evidence()
    assert ["cluster t" in method for method in found.method] == [True, True, False]
    full = [stats.full_clusters(np.r_[2.0, np.ones(n)]) for n in (38, 18)]
    assert found.size().tolist() == [*full, 20.0]
    exact = state(Binary(), FIRST[20:], SECOND[20:]).evidence()
    assert found.bounds(0.025)[1][2] == exact.bounds(0.025)[1][0]


def test_a_cluster_split_over_strata_counts_where_it_is(state, part):
    units = np.tile([0, 1], 20)
    by_unit = part(units, strata=2)
    found = state(Binary(), FIRST, SECOND, [by_unit], units).evidence()
    assert found.clusters.tolist() == [1, 1]
    assert np.isnan(found.bounds(0.025)[1]).all()


def test_an_empty_cell_stays_undefined(state, part):
    found = state(Binary(), FIRST, SECOND, [part(np.zeros(40), strata=2)], PAIRS).evidence()
    assert found.undefined == ["", "no samples"]
    assert found.clusters.tolist() == [20, 0]


def test_planning_figures_grow_with_the_design_effect(state):
    alone = state(Mean(cap=1.0), FIRST, SECOND).evidence()
    shared = state(Mean(cap=1.0), FIRST, SECOND, units=np.repeat(np.arange(8), 5)).evidence()
    margin = np.array([0.5])
    assert shared.needed(margin, 0.025, 0.9)[0] > alone.needed(margin, 0.025, 0.9)[0]
    assert shared.detectable(0.025, 0.9)[0] > alone.detectable(0.025, 0.9)[0]


def test_clusters_that_differ_less_than_chance_promise_nothing(state):
    alone = state(Mean(cap=1.0), FIRST, np.tile([0.0, 1.0], 20)).evidence()
    even = state(Mean(cap=1.0), FIRST, np.tile([0.0, 1.0], 20), units=PAIRS).evidence()
    assert even.detectable(0.025, 0.9)[0] == alone.detectable(0.025, 0.9)[0]


def test_shards_of_clusters_add(state):
    whole = state(Mean(cap=1.0), FIRST, SECOND, units=PAIRS)
    added = state(Mean(cap=1.0), FIRST[:15], SECOND[:15], units=PAIRS[:15]) + state(
        Mean(cap=1.0), FIRST[15:], SECOND[15:], units=PAIRS[15:]
    )
    assert added.evidence().bounds(0.025) == whole.evidence().bounds(0.025)
