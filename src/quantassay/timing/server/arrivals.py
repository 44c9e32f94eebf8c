"""Our own loop of protocol server: samples arrive at random, whether or not others are done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter, sleep

import numpy as np

from ..contract import Run, Workload
from .calls import Arrived, Queue

#: seconds before a moment from which on the clock is read instead of sleeping: a sleep ends late
AWAKE = 5e-4


def wait_until(moment: float) -> None:
    """Return at a moment of ``perf_counter``, not before and hardly after."""
    while (left := moment - perf_counter()) > 0:
        if left > AWAKE:
            sleep(left - AWAKE)


class Arrivals:
    """Lets queries arrive with exponential gaps and serves what waits.

    Parameters
    ----------
    clock
        Seconds since whenever.
    wait
        Returns at a moment of the clock.
    """

    name = "own loop"

    def __init__(
        self,
        clock: Callable[[], float] = perf_counter,
        wait: Callable[[float], None] = wait_until,
    ) -> None:
        self.clock, self._wait = clock, wait

    def __call__(
        self, run: Run, workload: Workload, positions: Sequence[int], rate: float, seed: int
    ) -> Arrived:
        """Serve queries in order of arrival, as many at a time as wait and a call may hold.

        Latency is counted from arrival by the schedule, so that a slow call is charged with the
        wait of all that arrived meanwhile.
        """
        queue, clock = Queue(workload, positions), self.clock
        gaps = np.random.default_rng(seed).exponential(1 / rate, len(queue))
        due = (np.cumsum(gaps) - gaps[0]).tolist()
        ends: list[float] = []
        start, ready = clock(), 0
        while (at := len(ends)) < len(due):
            if ready == at:
                self._wait(start + due[at])
                ready += 1
            now = clock() - start
            while ready < len(due) and due[ready] <= now:
                ready += 1
            size = queue.size(at, ready)
            run(queue.call(at, size))
            ends += [clock() - start] * size
        return Arrived(np.array(due), np.array(ends))
