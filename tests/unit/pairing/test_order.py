from __future__ import annotations

import numpy as np
import pytest

from quantassay.pairing.order import shuffled

IDS = np.array([f"s{i:03d}" for i in range(100)])


def test_every_sample_once_and_blocks_in_the_order_of_the_data():
    order = shuffled(IDS, None, 7, [30, 60])
    assert sorted(order.rows) == list(range(100))
    assert order.blocks == [(0, 30), (30, 60), (60, 100)]
    for begin, end in order.blocks:
        assert np.all(np.diff(order.rows[begin:end]) > 0)
    assert order.rows[:30].max() > 60
    assert order.rows[order.places].tolist() == list(range(100))


def test_the_order_of_the_file_does_not_matter():
    mixed = np.random.default_rng(0).permutation(100)
    first, second = shuffled(IDS, None, 7, [30]), shuffled(IDS[mixed], None, 7, [30])
    assert set(IDS[first.rows[:30]]) == set(IDS[mixed][second.rows[:30]])


def test_neither_do_the_sizes_of_later_looks():
    assert set(shuffled(IDS, None, 7, [30]).rows[:30]) == set(
        shuffled(IDS, None, 7, [10, 30, 80]).rows[:30]
    )


def test_another_seed_is_another_order():
    assert set(shuffled(IDS, None, 7, [30]).rows[:30]) != set(
        shuffled(IDS, None, 8, [30]).rows[:30]
    )


def test_clusters_stay_whole():
    units = np.arange(100) // 7
    order = shuffled(IDS, units, 7, [30, 60, 100])
    assert order.ends[0] >= 30 and order.ends[-1] == 100
    for begin, end in order.blocks:
        inside = set(units[order.rows[begin:end]])
        assert not inside & set(units[np.r_[order.rows[:begin], order.rows[end:]]])


def test_looks_that_one_cluster_fills_are_one():
    assert shuffled(IDS, np.zeros(100, int), 7, [30, 60, 100]).ends == (100,)


@pytest.mark.parametrize("sizes", [[30], [40], [20, 30]])
def test_the_digest_tells_orders_apart(sizes):
    found = shuffled(IDS, None, 7, [25]).digest
    assert found != shuffled(IDS, None, 7, sizes).digest
    assert found == shuffled(IDS, None, 7, [25]).digest
