from __future__ import annotations

import numpy as np

from quantassay.timing import workload as module
from quantassay.timing.workload import repeated, workload


def samples(load):
    return [feeds["x"][:, 0].tolist() for feeds in load.queries]


def test_offline_asks_the_batches_of_the_accuracy_pass(batches):
    given = batches(4, 4, 2)
    load = workload(given, 4, None)
    assert all(mine is theirs for mine, (_, theirs) in zip(load.queries, given, strict=True))
    assert load.sizes.tolist() == [4, 4, 2]
    assert load.first.tolist() == [0, 4, 8]
    assert load.batch == 4


def test_single_stream_asks_every_sample_alone(batches):
    load = workload(batches(3, 2), 3, 1)
    assert samples(load) == [[0], [1], [2], [3], [4]]
    assert load.first.tolist() == [0, 1, 2, 3, 4]
    assert load.sizes.tolist() == [1] * 5


def test_multi_stream_cuts_batches_and_leaves_out_what_is_left_over(batches):
    load = workload(batches(5, 5), 5, 2)
    assert samples(load) == [[0, 1], [2, 3], [5, 6], [7, 8]]
    assert load.first.tolist() == [0, 2, 5, 7]


def test_multi_stream_joins_batches_that_are_smaller_than_a_query(batches):
    load = workload(batches(2, 2, 2, 2), 2, 4)
    assert samples(load) == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_batches_of_different_shapes_are_not_joined(batches):
    narrow, wide = batches(2, 2), batches(2, 2, width=3)
    given = [narrow[0], narrow[1], wide[0], wide[1]]
    assert [feeds["x"].shape for feeds in workload(given, 2, 4).queries] == [(4, 1), (4, 3)]


def test_too_few_samples_for_one_query_are_repeated(batches):
    assert samples(workload(batches(2, 1), 2, 5)) == [[0, 1, 2, 0, 1]]


def test_memory_is_bounded(batches, monkeypatch):
    given = batches(4, 4, 4, 4)
    monkeypatch.setattr(module, "MOST_BYTES", given[0][1]["x"].nbytes)
    assert workload(given, 4, None).sizes.tolist() == [4, 4]


def test_repeated_keeps_every_input():
    feeds = {"a": np.arange(3), "b": np.eye(3)}
    found = repeated(feeds, 5)
    assert found["a"].tolist() == [0, 1, 2, 0, 1]
    assert found["b"].shape == (5, 3)
