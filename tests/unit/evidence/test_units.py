from __future__ import annotations

import numpy as np
import pytest

from quantassay.evidence.units import merged, unit_sums


def plain(found):
    return {
        (int(c), int(u)): (int(s), int(t))
        for c, u, s, t in zip(found.cell, found.unit, found.size, found.total, strict=True)
    }


def test_none_where_every_sample_is_its_own(part):
    assert unit_sums(np.array([1, 2]), [part([0, 0])], None) is None


def test_size_and_total_of_every_cluster_of_every_cell(part):
    parts = [part([0, 0, 0, 0]), part([0, 1, 1, -1], strata=2)]
    found = unit_sums(np.array([1, 2, 4, 8]), parts, np.array([5, 5, 9, 9]))
    assert plain(found) == {
        (0, 5): (2, 3), (0, 9): (2, 12), (1, 5): (1, 1), (2, 5): (1, 2), (2, 9): (1, 4),
    }  # fmt: skip
    assert np.lexsort((found.unit, found.cell)).tolist() == [0, 1, 2, 3, 4]


def test_a_cluster_on_both_sides_becomes_one(part):
    values, units = np.array([1, 2, 4, 8]), np.array([3, 0, 3, 7])
    whole = unit_sums(values, [part([0, 0, 0, 0])], units)
    halves = [unit_sums(values[s], [part([0, 0])], units[s]) for s in (slice(2), slice(2, 4))]
    assert plain(merged(*halves)) == plain(whole)


def test_one_shard_without_clusters_is_refused(part):
    one = unit_sums(np.array([1]), [part([0])], np.array([0]))
    assert merged(None, None) is None
    for sides in ((one, None), (None, one)):
        with pytest.raises(ValueError, match="one shard has clusters"):
            merged(*sides)
