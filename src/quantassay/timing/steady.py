"""Warm-up until a variant runs steadily: detected, not assumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from quantassay.records.speed import Warmup

from .contract import Feeds, Run, Workload

MOST_SHAPES = 16
#: different queries that a window asks over and over, so that windows can be compared
MOST_QUERIES = 8
#: windows that are looked at together, and the fewest that can tell anything
WINDOWS, FEWEST = 8, 4
#: windows that the longest warm-up has room for
ROOM = 40
#: halves of the last windows agree if they differ by no more, as a share, than this ...
CLOSE = 0.02
#: ... or than the windows' own scatter explains; a trend has so many pairs of windows in one order
SCATTER, TREND = 2.5, 0.7


@dataclass(frozen=True)
class Warm:
    """How warming up went, and the seconds that a query took at its end."""

    warmup: Warmup
    query_seconds: float


def warmed_up(
    run: Run, workload: Workload, most: float, clock: Callable[[], float] = perf_counter
) -> Warm:
    """Ask queries until their times are steady, at most for some seconds.

    Queries of every shape are asked first: a model that is compiled is compiled for each. Then the
    same few queries are asked window after window, until the medians of the older and newer
    windows agree and there is no trend in them.

    Parameters
    ----------
    run
        Answers one query.
    workload
        What is asked.
    most
        Seconds; where they are over before there are windows enough, a few are asked all the same.
    clock
        Seconds since whenever.
    """
    start = clock()
    firsts = _one_of_each_shape(workload)
    for feeds in firsts:
        run(feeds)
    asked = list(workload.queries[:MOST_QUERIES])
    once = _seconds(run, asked[:1], 1, clock)
    turns = max(1, int(most / ROOM / max(once * len(asked), 1e-9)))
    if once * len(asked) * FEWEST > most:  # a slow model: one query is a window
        asked, turns = asked[:1], 1
    windows: list[float] = []
    while not (steady := is_steady(windows, WINDOWS)):
        if len(windows) >= FEWEST and clock() - start >= most:
            steady = is_steady(windows, FEWEST)
            break
        windows.append(_seconds(run, asked, turns, clock))
    count = turns * len(asked)
    queries = len(firsts) + 1 + count * len(windows)
    query = float(np.median(windows[-WINDOWS:])) / count
    return Warm(Warmup(clock() - start, queries, steady), query)


def is_steady(windows: list[float], fewest: int) -> bool:
    """Return whether the last windows (seconds each) tell of no change; False for too few."""
    if len(windows) < fewest:
        return False
    last = np.log(np.maximum(windows[-WINDOWS:], 1e-12))
    halves = last[: len(last) // 2], last[len(last) // 2 :]
    old, new = (float(np.median(half)) for half in halves)
    scatter = float(np.median(np.abs(np.concatenate([halves[0] - old, halves[1] - new]))))
    apart = abs(new - old)
    return apart <= CLOSE or (apart <= SCATTER * scatter and abs(_trend(last)) < TREND)


def _trend(values: NDArray[np.float64]) -> float:
    """Return Kendall's tau of values with their order, from -1 (falling) to 1 (rising)."""
    earlier, later = np.triu_indices(len(values), 1)
    return float(np.sign(values[later] - values[earlier]).mean())


def _seconds(run: Run, queries: list[Feeds], turns: int, clock: Callable[[], float]) -> float:
    start = clock()
    for _ in range(turns):
        for feeds in queries:
            run(feeds)
    return clock() - start


def _one_of_each_shape(workload: Workload) -> list[Feeds]:
    shapes = {
        tuple((name, feeds[name].shape) for name in sorted(feeds)): feeds
        for feeds in workload.queries
    }
    return list(shapes.values())[:MOST_SHAPES]
