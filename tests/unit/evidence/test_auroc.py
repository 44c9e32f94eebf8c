from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.errors import DataError
from quantassay.evidence import Auroc

MARGIN = np.full(4, 0.1)


def rows(n=300, seed=0, digits=1):
    rng = np.random.default_rng(seed)
    positive = (rng.random(n) < 0.4).astype(float)
    reference = np.round(rng.normal(size=n) + positive, digits)
    candidate = np.round(reference + rng.normal(size=n) / 2, digits)
    return [np.stack([side, positive], axis=1) for side in (reference, candidate)]


def state(sides, parts, units=None, higher=True):
    return Auroc().accumulate(*sides, parts, units, None, higher)


def figures(found):
    columns = [found.n, found.reference, found.candidate, found.loss, *found.bounds(0.025)]
    margin = np.full(len(found.n), 0.1)
    columns += [found.p_within(margin), found.p_beyond(margin), found.floor(margin, 0.025)]
    columns += [found.size(), found.needed(margin, 0.025, 0.9), found.detectable(0.025, 0.9)]
    return np.stack([np.asarray(column, float) for column in columns])


def test_inference_is_that_of_stats(part):
    sides = rows()
    codes = np.random.default_rng(1).integers(-1, 3, 300)
    found = state(sides, [part(np.zeros(300)), part(codes, 3)]).evidence()
    positive = sides[0][:, 1] > 0
    for cell, inside in ((0, codes > -2), (1, codes == 0), (3, codes == 2)):
        pairs = stats.paired_placements(sides[0][inside, 0], sides[1][inside, 0], positive[inside])
        low, high = found.bounds(0.025)
        assert (low[cell], high[cell]) == pytest.approx(
            tuple(end[0] for end in stats.auroc_bounds(pairs, 0.025))
        )
        assert found.p_within(MARGIN)[cell] == pytest.approx(stats.auroc_p_within(pairs, 0.1)[0])
        assert found.p_beyond(MARGIN)[cell] == pytest.approx(stats.auroc_p_beyond(pairs, 0.1)[0])
        assert found.n[cell] == inside.sum()
        assert found.size()[cell] == min(positive[inside].sum(), (~positive[inside]).sum())
    assert found.floor(MARGIN, 0.025)[0] == stats.auroc_floor(0.1, 0.025)
    assert found.clusters is None
    assert found.method[0] == "paired DeLong with pseudo-samples of the smaller class"


@pytest.mark.parametrize("clustered", [True, False])
def test_shards_add_to_the_whole_bit_for_bit(part, clustered):
    sides = rows()
    units = np.random.default_rng(2).integers(0, 120, 300) if clustered else None
    codes = np.random.default_rng(1).integers(-1, 3, 300)
    whole = state(sides, [part(np.zeros(300)), part(codes, 3)], units)
    order = np.random.default_rng(3).permutation(300)
    cut = [order[:10], order[10:200], order[200:]]
    shards = [
        state(
            [side[s] for side in sides],
            [part(np.zeros(len(s))), part(codes[s], 3)],
            None if units is None else units[s],
        )
        for s in cut
    ]
    added = shards[2] + shards[0] + shards[1]
    assert np.array_equal(figures(added.evidence()), figures(whole.evidence()))
    assert np.array_equal(added.reference, whole.reference)
    assert np.array_equal(added.codes, whole.codes)


def test_clusters_judge_where_samples_share_one(part):
    sides = rows()
    units = np.where(np.arange(300) < 200, np.arange(300) // 5, np.arange(300))
    codes = (np.arange(300) >= 200).astype(int)
    found = state(sides, [part(np.zeros(300)), part(codes, 2)], units).evidence()
    alone = state(sides, [part(np.zeros(300)), part(codes, 2)]).evidence()
    assert found.clusters.tolist() == [140, 40, 100]
    assert [("by cluster" in method) for method in found.method] == [True, True, False]
    assert found.bounds(0.025)[1][2] == alone.bounds(0.025)[1][2]
    assert found.bounds(0.025)[1][1] > alone.bounds(0.025)[1][1]
    own = stats.cluster_placements(sides[0][:, 0], sides[1][:, 0], sides[0][:, 1] > 0, units)
    assert found.bounds(0.025)[1][0] == pytest.approx(stats.auroc_cluster_bounds(own, 0.025)[1][0])
    assert found.size()[0] == own.full[0]
    assert found.floor(MARGIN[:3], 0.025).tolist() == [
        stats.auroc_cluster_floor(0.1, 0.025),
        stats.auroc_cluster_floor(0.1, 0.025),
        stats.auroc_floor(0.1, 0.025),
    ]


def test_clusters_of_one_sample_are_no_clusters(part):
    sides = rows()
    found = state(sides, [part(np.zeros(300))], np.arange(300)[::-1].copy()).evidence()
    alone = state(sides, [part(np.zeros(300))]).evidence()
    np.testing.assert_allclose(found.bounds(0.025), alone.bounds(0.025), rtol=1e-12)


def test_lower_is_better_mirrors(part):
    sides = rows()
    up = state(sides, [part(np.zeros(300))]).evidence()
    negated = [side * [-1, 1] for side in sides]
    down = state(negated, [part(np.zeros(300))], higher=False).evidence()
    np.testing.assert_allclose(figures(down), figures(up), rtol=1e-12)


def test_cells_without_both_classes_say_so(part):
    sides = [np.array([[1.0, 1], [2, 0], [3, 1], [4, 0], [5, 0]])] * 2
    found = state(sides, [part([0, 1, 2, 2, 2], 4)]).evidence()
    assert found.undefined == ["no negatives", "no positives", "", "no samples"]
    assert np.isnan(found.bounds(0.025)[1]).tolist() == [True, True, False, True]
    assert found.floor(MARGIN, 0.025).shape == (4,)


def test_levels_may_differ_by_cell(part):
    codes = np.random.default_rng(1).integers(0, 2, 300)
    found = state(rows(), [part(codes, 2)]).evidence()
    high = found.bounds(np.array([0.025, 0.001]))[1]
    assert high[0] == found.bounds(0.025)[1][0]
    assert high[1] == found.bounds(0.001)[1][1]


def test_shards_of_another_kind_are_refused(part):
    one, other = (state(rows(), [part(np.zeros(300))], u) for u in (None, np.arange(300)))
    with pytest.raises(ValueError, match="same cells"):
        one + other


def test_rows_without_rank_or_of_two_classes_are_refused(part):
    good = np.array([[0.5, 1.0], [0.2, 0.0]])
    with pytest.raises(DataError, match="not a number"):
        state([good, good * [np.nan, 1]], [part([0, 0])])
    with pytest.raises(DataError, match="the same"):
        state([good, good[::-1]], [part([0, 0])])
