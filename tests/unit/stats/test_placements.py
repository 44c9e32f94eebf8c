from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats


def kernel(score, positive):
    """Every pair of a positive and a negative: 1 right, one half tied, 0 wrong."""
    first, second = score[positive][:, None], score[~positive][None]
    return (np.sign(first - second) + 1) / 2


def drawn(n=120, cells=4, seed=0):
    rng = np.random.default_rng(seed)
    positive, cell = rng.random(n) < 0.3, rng.integers(-1, cells, n)
    reference = np.round(rng.normal(size=n) + positive, 1)
    return reference, np.round(reference + rng.normal(size=n) / 2, 1), positive, cell


def test_sums_are_those_of_every_pair():
    reference, candidate, positive, cell = drawn()
    found = stats.paired_placements(reference, candidate, positive, cell, 4)
    for g in range(4):
        inside = cell == g
        first, second = (kernel(side[inside], positive[inside]) for side in (reference, candidate))
        moved = second - first
        assert (found.positives[g], found.negatives[g]) == moved.shape
        assert found.reference[g] == pytest.approx(first.mean())
        assert found.candidate[g] == pytest.approx(second.mean())
        assert found.difference[g] == pytest.approx(moved.mean())
        assert found.positive_square[g] == pytest.approx((moved.mean(axis=1) ** 2).sum())
        assert found.negative_square[g] == pytest.approx((moved.mean(axis=0) ** 2).sum())


def test_order_does_not_matter():
    columns = drawn(seed=3)
    order = np.random.default_rng(1).permutation(len(columns[0]))
    first = stats.paired_placements(*columns, 4)
    second = stats.paired_placements(*(column[order] for column in columns), 4)
    for one, other in zip(vars(first).values(), vars(second).values(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)


def test_swapping_sides():
    reference, candidate, positive, _ = drawn()
    swapped = stats.paired_placements(candidate, reference, positive).swapped()
    found = stats.paired_placements(reference, candidate, positive)
    assert all(np.array_equal(a, b) for a, b in zip(*map(_fields, (swapped, found)), strict=True))


def _fields(found):
    return vars(found).values()


@pytest.mark.parametrize(
    ("score", "area"),
    [([1, 2, 3, 4], 1.0), ([4, 3, 2, 1], 0.0), ([1, 1, 1, 1], 0.5), ([1, 3, 2, 4], 0.75)],
)
def test_area_of_four(score, area):
    assert stats.area_under_roc(score, [False, False, True, True]) == area


def test_infinities_rank_at_the_ends():
    assert stats.area_under_roc([-np.inf, 0, np.inf], [False, True, True]) == 1.0
    assert stats.area_under_roc([np.inf, 0, np.inf], [False, True, True]) == 0.25


@pytest.mark.parametrize("positive", [[True, True], [False, False], []])
def test_undefined_without_both_classes(positive):
    assert np.isnan(stats.area_under_roc(np.zeros(len(positive)), positive))


def test_more_cells_than_short_codes_hold():
    cell = np.array([70_000, 70_000, 0, 0])
    found = stats.paired_placements([1, 2, 2, 1], [1, 2, 1, 2], [False, True] * 2, cell, 70_001)
    assert found.reference[[0, 70_000]].tolist() == [0.0, 1.0]
    assert found.candidate[[0, 70_000]].tolist() == [1.0, 1.0]


def test_what_has_no_rank_is_refused():
    with pytest.raises(ValueError, match="not a number"):
        stats.area_under_roc([np.nan, 1], [True, False])
    with pytest.raises(ValueError, match="one length"):
        stats.paired_placements([1, 2], [1], [True, False])
