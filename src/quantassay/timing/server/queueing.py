"""A server's queue replayed: which rate of arrivals keeps a latency bound, told from its calls."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

#: arrivals of a replay, and late ones among them at the least
ARRIVALS, LATE = 20_000, 200
MOST_ARRIVALS = 200_000
#: calls that are compared in pairs, at the most
MOST_PAIRED = 200
#: share of the time that a server is busy below which no rate is looked for: trials would not end
IDLE = 1e-3
#: halvings of a factor of two between a rate that keeps the bound and one that does not: 0.1 %
HALVINGS = 10


@dataclass(frozen=True)
class Calls:
    """Calls of a server in their order: samples held, and seconds each kept the server busy."""

    sizes: NDArray[np.int64]
    seconds: NDArray[np.float64]


@dataclass(frozen=True)
class Service:
    """How long calls last: ``seconds[n]`` that of n samples, times each of ``scatter`` in turn.

    The scatter is in the order in which it was seen, so that slow calls that come together in
    truth come together in a replay.
    """

    seconds: tuple[float, ...]
    scatter: tuple[float, ...]

    @property
    def batch(self) -> int:
        """The most samples that a call may hold."""
        return len(self.seconds) - 1

    @property
    def most(self) -> float:
        """Samples per second that full calls would reach."""
        best = max(n / self.seconds[n] for n in range(1, len(self.seconds)))
        return best / float(np.mean(self.scatter))

    def late_alone(self, bound: float) -> float:
        """Return the share of samples that take longer than the bound when nothing else waits."""
        return float(np.mean(np.array(self.scatter) * self.seconds[1] > bound))


def joined(calls: Sequence[Calls]) -> Calls:
    """Return calls one after the other."""
    return Calls(
        np.concatenate([one.sizes for one in calls]), np.concatenate([one.seconds for one in calls])
    )


def service(calls: Calls, looks: Calls, batch: int) -> Service:
    """Return how long calls of any size last, told from calls.

    Parameters
    ----------
    calls
        Of one block.
    looks
        Calls from elsewhere, which count where those of the block are of fewer than three sizes.
    batch
        The most samples that a call may hold.

    Notes
    -----
    Seconds by size lie on the line of Theil and Sen (Sen, 1968, Journal of the American Statistical
    Association 63:1379): a call during which the processor was taken away is part of the scatter,
    and may come at any size, whichever it was seen at. A block tells for itself, so that what one
    block got wrong is not in the others.
    """
    few = len(np.unique(calls.sizes)) < 3
    line = _line(joined([calls, looks]) if few else calls, np.arange(batch + 1))
    return Service(tuple(line.tolist()), tuple((calls.seconds / line[calls.sizes]).tolist()))


def _line(calls: Calls, sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return seconds by size: a robust line, or one through 0 where that is not above 0."""
    some = np.linspace(0, len(calls.sizes) - 1, min(len(calls.sizes), MOST_PAIRED)).astype(int)
    x, y = calls.sizes[some], calls.seconds[some]
    run, rise = np.subtract.outer(x, x), np.subtract.outer(y, y)
    slope = float(np.median(rise[run > 0] / run[run > 0])) if (run > 0).any() else 0.0
    slope = max(slope, 0.0)
    base = float(np.median(y - slope * x))
    if base + slope <= 0:
        base, slope = 0.0, float(np.median(y / x))
    return np.asarray(base + slope * sizes, np.float64)


def late_share(gaps: NDArray[np.float64], served: Service, rate: float, bound: float) -> float:
    """Return the share of arrivals that complete later than the bound after they arrived.

    Parameters
    ----------
    gaps
        Between arrivals (n,), as multiples of their mean.
    served
        How long calls last. A call takes what waits in order of arrival, as many as it may hold.
    rate
        Arrivals per second.
    bound
        In seconds.
    """
    arrivals = (np.cumsum(gaps) - gaps[0]) / rate
    ends = _single(arrivals, served) if served.batch == 1 else _joined(arrivals.tolist(), served)
    return float(np.mean(ends - arrivals > bound))


def long_run(percentile: float, seed: int) -> NDArray[np.float64]:
    """Return gaps of Poisson arrivals, enough of them to tell a percentile of a queue."""
    count = int(np.clip(LATE / (1 - percentile), ARRIVALS, MOST_ARRIVALS))
    return np.random.default_rng(seed).exponential(size=count)


def highest_rate(
    served: Service, bound: float, percentile: float, seed: int, near: float | None = None
) -> float | None:
    """Return the most arrivals per second of which a declared share completes within the bound.

    Parameters
    ----------
    served
        How long calls last.
    bound, percentile
        Seconds, and the share in (0, 1) of arrivals that must keep them.
    seed
        Of the gaps between arrivals, which are exponential.
    near
        A rate to start from.

    Returns
    -------
    float or None
        None where even samples that nothing else waits with take too long, or would in a replay.
    """
    may = 1 - percentile
    if served.late_alone(bound) > may:
        return None
    gaps = long_run(percentile, seed)
    least = IDLE / (served.seconds[1] * float(np.mean(served.scatter)))
    # a replay ends within a round of the calls seen, and may hold more of the slow ones than they
    if late_share(gaps, served, least, bound) > may:
        return None
    low, high = _bracket(gaps, served, bound, may, (near or served.most / 2, least))
    for _ in range(HALVINGS):
        middle = float(np.sqrt(low * high))
        if late_share(gaps, served, middle, bound) <= may:
            low = middle
        else:
            high = middle
    return low


def _bracket(
    gaps: NDArray[np.float64],
    served: Service,
    bound: float,
    may: float,
    rates: tuple[float, float],
) -> tuple[float, float]:
    """Return a rate that keeps the bound and one twice as high that does not.

    ``rates`` are where to start, and one that keeps the bound.
    """
    rate, least = max(rates), rates[1]
    while late_share(gaps, served, rate, bound) > may:
        rate = max(rate / 2, least)
    while rate < served.most and late_share(gaps, served, 2 * rate, bound) <= may:
        rate *= 2
    return rate, 2 * rate


def _single(arrivals: NDArray[np.float64], served: Service) -> NDArray[np.float64]:
    """Return completions where a call holds one sample (Lindley, 1952)."""
    busy = np.resize(served.scatter, len(arrivals)) * served.seconds[1]
    work = np.cumsum(busy)
    return work + np.maximum.accumulate(arrivals - (work - busy))


def _joined(arrivals: list[float], served: Service) -> NDArray[np.float64]:
    """Return completions where a call takes what waits."""
    seconds, batch, scatter = served.seconds, served.batch, cycle(served.scatter)
    at, free, count = 0, 0.0, len(arrivals)
    sizes, ends = [], []
    while at < count:
        start = max(free, arrivals[at])
        upto = bisect_right(arrivals, start, at + 1, min(at + batch, count))
        free = start + seconds[upto - at] * next(scatter)
        sizes.append(upto - at)
        ends.append(free)
        at = upto
    return np.repeat(ends, sizes)
