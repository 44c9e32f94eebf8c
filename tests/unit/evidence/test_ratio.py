from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.errors import DataError
from quantassay.evidence import Ratio
from quantassay.evidence.outlook import Prospect
from quantassay.evidence.ratio import BUCKETS

MARGIN = np.array([0.2])


def hit_lost(totals):
    return np.array([1.0]), np.array([0.0])


def count(totals):
    return np.asarray(float(np.asarray(totals)[0]))


KIND = Ratio(hit_lost, count)


def sides(n, seed=0):
    first = np.random.default_rng(seed).integers(0, 2, n).astype(float)
    return first, np.where(np.arange(n) % 7 == 0, 0.0, first)


@pytest.fixture(scope="module")
def share(state):
    """Evidence of the share of ones, read as a ratio of sums."""

    def value(totals, n):
        return np.asarray(totals[..., 0] / 100)

    def make(first, second, parts, units=None, higher=True):
        rows = np.asarray(first, float)[:, None], np.asarray(second, float)[:, None]
        codes = None if units is None else np.asarray(units)
        return KIND.accumulate(*rows, parts, codes, value, higher)

    return make


def test_inference_is_that_of_stats(share, part):
    first, second = sides(100)
    found = share(first, second, [part(np.zeros(100))]).evidence()
    rows = first[:, None], second[:, None]
    given = (*rows, lambda t: t[..., 0] / 100, [1.0], [0.0])
    df = min(100, first.sum()) - 1
    assert [float(end[0]) for end in found.bounds(0.025)] == pytest.approx(
        stats.ratio_bounds(*given, 0.025, df)
    )
    assert found.p_within(MARGIN)[0] == pytest.approx(stats.ratio_p_within(*given, 0.2, df))
    assert found.p_beyond(MARGIN)[0] == pytest.approx(stats.ratio_p_beyond(*given, 0.2, df))
    assert found.size().tolist() == [first.sum()]
    assert found.floor(MARGIN, 0.025)[0] == stats.binary_floor(0.2, 0.025)
    assert found.detectable(0.025, 0.9)[0] > 0
    assert found.needed(MARGIN, 0.025, 0.9)[0] > 0


def test_lower_is_better_mirrors(share, part):
    first, second = sides(100)
    up = share(first, second, [part(np.zeros(100))]).evidence()
    down = share(second, first, [part(np.zeros(100))], higher=False).evidence()
    assert down.loss.tolist() == up.loss.tolist()


def test_no_difference_is_plain_zero(share, part):
    first, _ = sides(30)
    assert str(share(first, first, [part(np.zeros(30))], higher=False).evidence().loss[0]) == "0.0"


def test_a_unit_is_in_the_same_bucket_in_every_shard(share, part):
    n = 1200
    first, second = sides(n)
    units = np.random.default_rng(1).integers(0, 3 * BUCKETS, n)
    cells = np.random.default_rng(2).integers(-1, 3, n)
    whole = share(first, second, [part(np.zeros(n)), part(cells, 3)], units)
    cut = [slice(0, 500), slice(500, 501), slice(501, n)]
    shards = [
        share(first[s], second[s], [part(np.zeros(len(units[s]))), part(cells[s], 3)], units[s])
        for s in cut
    ]
    added = (shards[2] + shards[0] + shards[1]).evidence()
    found = whole.evidence()
    assert np.array_equal(added.loss, found.loss)
    assert added.clusters.tolist() == found.clusters.tolist()
    assert added.undefined == found.undefined
    assert all("share clusters" in why for why in found.undefined)
    assert np.isnan(found.bounds(0.025)).all()


def test_buckets_are_used_evenly(share, part):
    n = 40_000
    found = share(np.ones(n), np.ones(n), [part(np.zeros(n))]).cells[0]
    assert len(found.bucket) == BUCKETS
    assert found.n.max() < 3 * found.n.min()


def test_few_samples_have_a_bucket_each(share, part):
    first, second = sides(BUCKETS)
    assert share(first, second, [part(np.zeros(BUCKETS))]).cells[0].n.tolist() == [1] * BUCKETS


def test_a_cluster_stays_whole(share, part):
    first, second = sides(60)
    found = share(first, second, [part(np.zeros(60))], np.repeat(np.arange(6), 10))
    assert found.cells[0].n.tolist() == [10] * 6
    assert found.evidence().clusters.tolist() == [6]
    assert share(first, second, [part(np.zeros(60))]).evidence().clusters is None


def test_cells_without_samples_or_positives_say_so(share, part):
    found = share([1, 1, 0], [1, 0, 0], [part([0, 0, 1], strata=3)])
    undefined = share([0, 0], [0, 0], [part([0, 0])]).evidence()
    assert found.evidence().undefined == ["", "", "no samples"]
    # one bucket has no degree of freedom, and neither has a cell without positives
    assert np.isnan(found.evidence().bounds(0.025)[1]).tolist() == [False, True, True]
    assert np.isnan(undefined.p_within(MARGIN)).all()


def test_an_undefined_value_is_named(state, part):
    def nothing(totals, n):
        return np.asarray(totals[..., 0] * np.nan)

    rows = np.ones((3, 1))
    found = KIND.accumulate(rows, rows, [part([0, 0, 0])], None, nothing, True).evidence()
    assert found.undefined == ["no positives"]
    assert np.isnan(found.bounds(0.025)).all()


def test_sums_refuse_to_wrap_round(share, part):
    large = np.full(1, 2.0**29)
    one = share(large, large, [part([0])], [0])
    with pytest.raises(DataError, match="too large"):
        one + one + one + one


def test_no_outlook():
    found = KIND.outlook(Prospect(10, 0.1, 0.025, 0.9), 0.1)
    assert found.needed is None
    assert "no sample-size formula" in found.why
