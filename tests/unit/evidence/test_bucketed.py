from __future__ import annotations

import numpy as np
import pytest

from quantassay.errors import DataError
from quantassay.evidence.bucketed import BUCKETS, bucket_sums, buckets


def by_hand(reference, bucket, codes, strata, first=0):
    rows = []
    for code in range(strata):
        for one in np.unique(bucket[codes == code]):
            inside = (codes == code) & (bucket == one)
            rows.append([first + code, one, inside.sum(), *reference[inside].sum(axis=0)])
    return rows


def table(sums):
    return np.column_stack([sums.cell, sums.bucket, sums.n, sums.reference]).tolist()


def test_sums_are_those_of_a_loop(part):
    rng = np.random.default_rng(0)
    rows = rng.integers(-(2**50), 2**50, (800, 2))
    units, codes = rng.integers(0, 5000, 800), rng.integers(-1, 3, 800)
    found = bucket_sums(rows, -rows, units, [part(np.zeros(800)), part(codes, 4)])
    wanted = by_hand(rows, buckets(units), np.zeros(800), 1)
    wanted += by_hand(rows, buckets(units), codes, 3, first=1)
    assert table(found) == wanted
    assert np.array_equal(found.candidate, -found.reference)
    assert found.by_cell(found.n, 5).tolist() == [800, *np.bincount(codes + 1, minlength=5)[1:]]


def test_shards_add_bit_for_bit(part):
    rng = np.random.default_rng(1)
    rows, units = rng.integers(-(2**40), 2**40, (300, 3)), rng.integers(0, 9000, 300)
    codes = rng.integers(0, 2, 300)
    whole = bucket_sums(rows, rows, units, [part(codes, 2)])
    cut = [slice(0, 100), slice(100, 300)]
    one, two = (bucket_sums(rows[s], rows[s], units[s], [part(codes[s], 2)]) for s in cut)
    assert table(one + two) == table(two + one) == table(whole)


def test_many_strata_of_few_samples(part):
    rows = np.arange(3)[:, None]
    codes = np.array([3_000, 0, 3_000])
    found = bucket_sums(rows, rows, np.zeros(3, int), [part(codes, 3_001)])
    assert table(found) == [[0, 0, 1, 1], [3_000, 0, 2, 2]]


def test_no_sample_at_all(part):
    none = np.zeros((0, 2), np.int64)
    found = bucket_sums(none, none, np.zeros(0, int), [part([], 2)])
    assert found.by_cell(found.reference, 2).tolist() == [[0, 0], [0, 0]]


def test_merging_refuses_to_wrap_round(part):
    large = np.full((1, 1), 2**62)
    one = bucket_sums(large, large, np.zeros(1, int), [part([0])])
    with pytest.raises(DataError, match="too large"):
        one + one + one


def test_a_unit_has_one_bucket():
    units = np.arange(3 * BUCKETS)
    assert buckets(units)[:BUCKETS].tolist() == list(range(BUCKETS))
    assert np.array_equal(buckets(units)[::-1], buckets(units[::-1]))
    assert buckets(units).max() == BUCKETS - 1
