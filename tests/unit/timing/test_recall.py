"""Caches of answers told from the time that new samples take."""

from __future__ import annotations

import numpy as np
import pytest

from quantassay.errors import UserCodeError
from quantassay.timing.contract import Workload
from quantassay.timing.recall import LONGER, MOST, recall


class Clock:
    """A clock that only moves when somebody works."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def workload(arrays):
    queries = [{"x": array} for array in arrays]
    sizes = np.array([len(array) for array in arrays])
    return Workload(queries, sizes, np.cumsum(sizes) - sizes, int(sizes.max()))


def images(rows, queries=12):
    return [*np.random.default_rng(0).normal(size=(queries, rows, 1, 4, 4))]


def texts(rows, queries=12):
    made = [[f"what is {i} plus {j}?" for j in range(rows)] for i in range(queries)]
    return [np.array(one, dtype=object) for one in made]


class Model:
    """Takes a second a sample, or a thousandth for one that it remembers."""

    def __init__(self, key=None):
        self.clock, self.key, self.known, self.asked = Clock(), key, set(), 0

    def __call__(self, feeds):
        self.asked += 1
        for row in feeds["x"]:
            key = None if self.key is None else self.key(row)
            self.clock.now += 0.001 if key in self.known else 1.0
            if key is not None:
                self.known.add(key)
        return {"y": feeds["x"]}

    def recalls(self, work, seconds=np.inf):
        for feeds in work.queries:
            self(feeds)
        return recall(self, work, seconds, self.clock)


@pytest.mark.parametrize("rows", [1, 4])
@pytest.mark.parametrize("arrays", [images, texts])
def test_a_cache_of_single_samples_is_found(arrays, rows):
    model = Model(lambda row: row if isinstance(row, str) else row.tobytes())
    assert model.recalls(workload(arrays(rows))) == pytest.approx(1000, rel=0.01)
    assert Model().recalls(workload(arrays(rows))) is None


@pytest.mark.parametrize("rows", [1, 4])
def test_a_cache_of_prompts_that_begin_alike_is_found(rows):
    model = Model(lambda row: row[:10])
    assert model.recalls(workload(texts(rows))) > LONGER


def test_one_slow_answer_is_no_memory():
    model, work = Model(), workload(images(4))
    slow = iter([False, False, True])

    def run(feeds):
        model.clock.now += 60 if next(slow, False) else 0
        return model(feeds)

    assert recall(run, work, np.inf, model.clock) is None


def test_no_more_is_asked_than_there_is_time_for():
    model, work = Model(), workload(images(1, 100))
    recall(model, work, np.inf, model.clock)
    assert model.asked == 2 * MOST
    model.asked = 0
    recall(model, work, 0.0, model.clock)
    assert model.asked == 2 * 4


def test_nothing_is_told_of_what_cannot_be_mixed():
    assert Model(lambda row: row.tobytes()).recalls(workload([np.ones((4, 2))] * 12)) is None
    assert Model(lambda row: row.tobytes()).recalls(workload(images(1, 1))) is None
    model, work = Model(), workload(images(4))

    def run(feeds):
        if not any(feeds is one for one in work.queries):
            raise UserCodeError("no such sample")
        return model(feeds)

    assert recall(run, work, np.inf, model.clock) is None
