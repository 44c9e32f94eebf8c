"""Adjacent randomized AB/BA pairs: the ratio survives a machine that drifts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.records.speed import Percentile

Feeds = Mapping[str, NDArray[Any]]
Run = Callable[[Feeds], object]
PERCENTILES = (0.5, 0.9, 0.99)
MOST_SHAPES = 16


@dataclass(frozen=True)
class Plan:
    """How long and how often; ``warmup`` and ``duration`` in seconds a side."""

    pairs: int = 12
    warmup: float = 0.3
    duration: float = 0.1
    seed: int = 0


@dataclass(frozen=True)
class PairTimes:
    """Seconds of each batch on both sides, a row per pair, and how many samples a row holds."""

    reference: NDArray[np.float64]
    candidate: NDArray[np.float64]
    samples: NDArray[np.int64]

    def ratio(self, confidence: float) -> tuple[float, tuple[float, float] | None]:
        """Return throughput of the candidate over the reference, with its interval."""
        logs = np.log(self.reference.sum(axis=1) / self.candidate.sum(axis=1))
        found = stats.speed_ratio(logs, confidence)
        return found.estimate, _ends(found.low, found.high)


def time_pairs(
    reference: Run, candidate: Run, batches: Sequence[Feeds], sizes: Sequence[int], plan: Plan
) -> PairTimes:
    """Run both sides on the same batches, one right after the other, in random order.

    Parameters
    ----------
    reference, candidate
        Run one batch; data are in memory, so loading is not timed.
    batches, sizes
        Inputs, and how many samples each holds.
    plan
        How long and how often.
    """
    block = _block_length(reference, batches, plan)
    _warm_up(candidate, batches, plan.warmup)
    random = np.random.default_rng(plan.seed)
    rows: list[tuple[list[float], list[float], int]] = []
    for pair in range(plan.pairs):
        chosen = [(pair * block + i) % len(batches) for i in range(block)]
        first = bool(random.integers(2))
        times: dict[bool, list[float]] = {}
        for side in (first, not first):
            times[side] = _time_block(candidate if side else reference, batches, chosen)
        rows.append((times[False], times[True], sum(sizes[i] for i in chosen)))
    return PairTimes(
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
    )


def _time_block(run: Run, batches: Sequence[Feeds], chosen: Sequence[int]) -> list[float]:
    seconds = []
    for index in chosen:
        start = time.perf_counter()
        run(batches[index])
        seconds.append(time.perf_counter() - start)
    return seconds


def _warm_up(run: Run, batches: Sequence[Feeds], seconds: float) -> float:
    """Run for some seconds and return the seconds that one batch took at the end.

    Batches of every shape are run first: a model that is compiled is compiled for each.
    """
    for feeds in _one_of_each_shape(batches):
        run(feeds)
    start, last, index = time.perf_counter(), 0.0, 0
    while index < 2 or time.perf_counter() - start < seconds:
        before = time.perf_counter()
        run(batches[index % len(batches)])
        last, index = time.perf_counter() - before, index + 1
    return last


def _one_of_each_shape(batches: Sequence[Feeds]) -> list[Feeds]:
    shapes = [tuple((name, feeds[name].shape) for name in sorted(feeds)) for feeds in batches]
    return list(dict(zip(shapes, batches, strict=True)).values())[:MOST_SHAPES]


def _block_length(reference: Run, batches: Sequence[Feeds], plan: Plan) -> int:
    one = _warm_up(reference, batches, plan.warmup)
    return int(np.clip(np.ceil(plan.duration / max(one, 1e-7)), 1, 10_000))


def throughput(seconds: NDArray[np.float64], samples: NDArray[np.int64]) -> float:
    """Return samples per second over all rows."""
    return float(samples.sum() / seconds.sum())


def percentiles(seconds: NDArray[np.float64], confidence: float) -> tuple[Percentile, ...]:
    """Return latency percentiles of a batch, with order-statistic intervals."""
    values = np.sort(seconds.ravel())
    found = []
    for q in PERCENTILES:
        interval = stats.quantile_interval(values, q, confidence)
        ends = _ends(interval.low, interval.high)
        found.append(Percentile(q, interval.estimate, ends))
    return tuple(found)


def _ends(low: float, high: float) -> tuple[float, float] | None:
    return (low, high) if np.isfinite([low, high]).all() else None
