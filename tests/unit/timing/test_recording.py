from __future__ import annotations

from dataclasses import replace

import numpy as np

from quantassay.timing import recording
from quantassay.timing.recording import Recording
from quantassay.timing.server.calls import Queue


def test_the_bare_model_answers_where_nothing_new_is_kept(load, worker):
    work = worker(lambda rows: 1.0)
    workload = load(2, 2)
    side = Recording(work, workload)
    side.run_for([0])(load(2, 2).queries[0])  # an equal query that is not of the workload
    assert side.outputs == {}
    for feeds in workload.queries:
        side.run_for([0, 1])(feeds)
    assert side.run_for([0, 1]) is work
    assert sorted(side.outputs) == [0, 1]


def test_the_first_answer_stays(load):
    answers = iter(range(10))
    workload = load(2)
    side = Recording(lambda feeds: {"y": np.array([next(answers)])}, workload)
    noting = side.run_for([0])
    noting(workload.queries[0])
    noting(workload.queries[0])
    assert side.outputs[0]["y"].tolist() == [1]  # the very first told how large outputs are


def test_memory_is_bounded(load, worker, monkeypatch):
    workload = load(2, 2, 2)
    monkeypatch.setattr(recording, "MOST_BYTES", 2 * workload.queries[0]["x"].nbytes)
    side = Recording(worker(lambda rows: 1.0), workload)
    for feeds in workload.queries:
        side.run_for([0, 1, 2])(feeds)
    assert sorted(side.outputs) == [0, 1]
    assert side.run_for([2]) is side.run


def test_each_sample_of_a_joined_call_has_its_own_row(load, worker):
    workload = load(1, 1, 1)
    side = Recording(lambda feeds: {"y": 10 * feeds["x"]}, workload)
    queue = Queue(replace(workload, batch=2), [2, 0, 1])
    noting = side.run_for([0, 1, 2])
    for at, size in ((0, 2), (2, 1)):
        noting(queue.call(at, size))
    for at, feeds in enumerate(workload.queries):
        assert side.outputs[at]["y"].tolist() == (10 * feeds["x"]).tolist()


def test_a_copy_of_a_call_is_nothing_that_arrived(load, worker):
    workload = load(1, 1)
    side = Recording(worker(lambda rows: 1.0), workload)
    queue = Queue(replace(workload, batch=2), [0, 1])
    for size in (1, 2):
        side.run_for([0, 1])(dict(queue.call(0, size)))
    assert side.outputs == {}
