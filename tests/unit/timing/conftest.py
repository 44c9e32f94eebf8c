from __future__ import annotations

import numpy as np
import pytest

from quantassay.timing.workload import workload


class Clock:
    """Time that only work moves."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Worker:
    """Answers a query in as many seconds as ``cost`` says of the number of its samples."""

    def __init__(self, clock, cost):
        self.clock, self.cost, self.asked = clock, cost, []

    def __call__(self, feeds):
        rows = len(feeds["x"])
        self.asked.append(rows)
        self.clock.now += self.cost(rows)
        return {"y": feeds["x"] + 1}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def worker(clock):
    return lambda cost: Worker(clock, cost)


def batches_of(*sizes, width=1):
    """Return batches of these sizes, the samples numbered through."""
    starts = np.cumsum([0, *sizes[:-1]])
    return [
        (int(first), {"x": np.repeat(np.arange(first, first + size)[:, None], width, axis=1)})
        for first, size in zip(starts, sizes, strict=True)
    ]


@pytest.fixture
def batches():
    return batches_of


@pytest.fixture
def load():
    """Return a workload of batches of these sizes."""
    return lambda *sizes: workload(batches_of(*sizes), max(sizes), None)
