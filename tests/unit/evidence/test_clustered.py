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
    assert found.floor(margin, 0.025)[0] == pytest.approx(stats.cluster_floor(1.0, 0.4, 0.025))
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


def test_the_floor_counts_the_largest_clusters_as_far_as_they_hide_a_loss(state):
    """One cluster of ten among singles hides less than a cell of clusters of ten would."""
    units = np.r_[np.zeros(10), np.arange(1, 31)]
    found = state(Mean(cap=1.0), FIRST, SECOND, units=units).evidence()
    sizes, margin = np.r_[10, np.ones(30)], np.array([0.4])
    assert found.size().tolist() == [4.0]
    # twenty of them at the loosest level that may be declared, or a mean's floor at this one
    few = 20 * 4 / stats.equivalent_clusters(sizes, 0.15)
    enough = stats.mean_floor(1.0, 0.4, 0.025) * 4 / stats.equivalent_clusters(sizes, 0.025)
    assert found.floor(margin, 0.025)[0] == pytest.approx(max(few, enough))
    assert enough < 4 < few < 20


def test_design_effect_and_correlation_of_the_differences(state, part):
    parts = [part(np.zeros(40)), part(np.repeat([0, 1], 20), strata=2)]
    units = np.r_[np.repeat(np.arange(5), 4), np.arange(5, 25)]
    found = state(Binary(), FIRST, SECOND, parts, units).evidence()
    sizes, totals = np.full(5, 4), np.array([-4.0, -4, -2, 0, 0])
    assert found.design_effect[1] == pytest.approx(stats.design_effect(sizes, totals, 10))
    assert found.intraclass[1] == pytest.approx(stats.intraclass_correlation(sizes, totals, 10))
    assert np.isfinite([found.design_effect[0], found.intraclass[0]]).all()
    assert np.isnan([found.design_effect[2], found.intraclass[2]]).all()


def test_two_hundred_strata_are_judged_as_each_alone(state, part):
    rng = np.random.default_rng(0)
    second, codes, units = rng.random(4000) < 0.9, rng.integers(0, 200, 4000), np.arange(4000) // 2
    found = state(Binary(), np.ones(4000), second, [part(codes, strata=200)], units).evidence()
    low, high = found.bounds(0.025)
    for g in (0, 77, 199):
        inside = codes == g
        alone = state(Binary(), np.ones(inside.sum()), second[inside], units=units[inside])
        assert (low[g], high[g]) == pytest.approx([e[0] for e in alone.evidence().bounds(0.025)])
