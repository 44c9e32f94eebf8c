"""Protocol server: samples arrive at random, and a share of them must keep a latency bound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from quantassay.errors import InputError

from ..contract import Run, Trial, Workload
from .calls import Arrived, Queue, Serve
from .queueing import Calls, Service, highest_rate, joined, late_share, long_run, service

#: arrivals of a trial; and at least so many that one of them is the share that may be late
LEAST, MOST = 50, 1_000_000
#: trials of one block at the most, and how near the rate of the last must be to the rate found
MOST_TRIALS, NEAR = 4, 1.1
#: calls of each size before the first trial
LOOKS = 6


class NoRate(InputError):
    """No rate of arrivals keeps the bound."""


@dataclass
class _Asked:
    """Trials of one variant in one block; ``last`` is the latest."""

    serve: Serve
    run: Run
    workload: Workload
    chosen: Sequence[int]
    seed: int
    last: Arrived = field(init=False)

    def at(self, rate: float, arrivals: int) -> Arrived:
        """Serve the chosen queries, over and over, at a rate."""
        positions = np.resize(self.chosen, arrivals).tolist()
        self.last = self.serve(self.run, self.workload, positions, rate, self.seed)
        return self.last


@dataclass(frozen=True)
class Bound:
    """Seconds from arrival to completion that a share of all samples must keep."""

    latency: float
    percentile: float

    def __str__(self) -> str:
        return f"{self.latency * 1e3:g} ms for {100 * self.percentile:.6g} % of all samples"


class Server:
    """Serves samples at a declared rate of arrivals, or at the highest that keeps the bound.

    The highest rate is found by replay. In each block a trial at the rates found last says how long
    calls really last, and a long run of the queue with those calls, at one rate after the other,
    which rate the bound allows; where that is far from the rate of the trial, another trial is made
    there. A search by short trials alone would find rates that are too high, since a queue takes
    long to build up: at 100 arrivals and a 99th percentile by a quarter and more.

    Parameters
    ----------
    serve
        Asks queries at a rate: the own loop, or LoadGen.
    bound
        What is to be kept.
    rate
        Arrivals per second; None: the highest is looked for.

    Attributes
    ----------
    late_in_the_long_run : dict of str to list of float
        Of each trial at a declared rate: the share of arrivals that would be late in a replay of
        the queue with its calls, for as long as it takes to build up.
    """

    def __init__(
        self,
        serve: Serve,
        name: str,
        bound: Bound,
        rate: float | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self.name, self._serve, self.bound, self.rate = name, serve, bound, rate
        self._clock = clock
        self._looks: dict[str, Calls] = {}
        self._last: dict[str, float] = {}
        self.late_in_the_long_run: dict[str, list[float]] = {}
        self.timed = (
            "from the arrival of a sample, by a schedule with exponential gaps, until its outputs "
            "are in memory: waiting and joining samples into calls of the model are in it; reading "
            "and preprocessing are not"
        )

    def trial(
        self, variant: str, run: Run, workload: Workload, chosen: Sequence[int], seed: int
    ) -> Trial:
        """Serve samples for as long as the chosen queries take, or as the percentile needs.

        Returns
        -------
        Trial
            ``rate`` is the declared one, or the highest that keeps the bound; ``latencies`` are
            of a trial at that rate, within 10 % of it where it is looked for.

        Raises
        ------
        NoRate
            If too many samples take longer than the bound even when nothing else waits.
        """
        if variant not in self._looks:
            self._looks[variant] = self._looked(run, workload, chosen)
        ask = _Asked(self._serve, run, workload, chosen, seed)
        if self.rate is not None:
            return _trial(self._at_declared(variant, ask, self.rate), self.rate)
        rate = self._last[variant] = self._highest(variant, ask)
        return _trial(ask.last, rate)

    def _at_declared(self, variant: str, ask: _Asked, rate: float) -> Arrived:
        """Return a trial, and keep what its calls say of a long run: its own queue began empty."""
        looks, batch = self._looks[variant], ask.workload.batch
        alone = service(looks, looks, batch).seconds[1]
        arrived = ask.at(rate, self._enough(len(ask.chosen) * min(1.0, alone * rate)))
        served = service(arrived.calls, looks, batch)
        gaps = long_run(self.bound.percentile, ask.seed)
        late = late_share(gaps, served, rate, self.bound.latency)
        self.late_in_the_long_run.setdefault(variant, []).append(late)
        return arrived

    def _enough(self, wanted: float) -> int:
        """Return how many arrivals a trial has: as many as wanted, and as the percentile needs."""
        of_the_share = 1 / (1 - self.bound.percentile) - 1e-9
        return int(np.ceil(np.clip(wanted, max(LEAST, of_the_share), MOST)))

    def _highest(self, variant: str, ask: _Asked) -> float:
        """Return the rate that all trials of a block allow; the last of them is near it.

        A trial lasts as long as the chosen queries would one after the other.
        """
        looks, batch = self._looks[variant], ask.workload.batch
        looked = service(looks, looks, batch)
        planned = len(ask.chosen) * looked.seconds[1]
        rate = self._begun() or self._allowed(looked, ask.seed) or looked.most / 10
        seen: list[Calls] = []
        for _ in range(MOST_TRIALS):
            seen.append(ask.at(rate, self._enough(planned * rate)).calls)
            served = service(joined(seen), looks, batch)
            found = self._allowed(served, ask.seed, rate)
            asked, rate = rate, found or rate
            if found is not None and abs(np.log(found / asked)) <= np.log(NEAR):
                break
        else:
            if found is None:
                raise NoRate(self._no_rate(variant, served))
            ask.at(rate, self._enough(planned * rate))
        return rate

    def _begun(self) -> float | None:
        """Return the rate to begin at, one for all variants.

        Calls last longer at a low rate, when each begins cold. A variant that always began at its
        own last rate could stay where one bad block had put it.
        """
        last = list(self._last.values())
        return float(np.exp(np.mean(np.log(last)))) if last else None

    def _allowed(self, served: Service, seed: int, near: float | None = None) -> float | None:
        return highest_rate(served, self.bound.latency, self.bound.percentile, seed, near)

    def _no_rate(self, variant: str, served: Service) -> str:
        late = served.late_alone(self.bound.latency)
        return (
            f"{variant}: no rate of arrivals keeps {self.bound}: {100 * late:.3g} % take longer "
            f"even when nothing else waits (median {served.seconds[1] * 1e3:.3g} ms); raise "
            "'timing.latency', or lower 'timing.percentile'"
        )

    def _looked(self, run: Run, workload: Workload, chosen: Sequence[int]) -> Calls:
        """Return calls of 1, 2, 4 ... samples, nothing else waiting.

        Calls of all sizes are made once before: an engine that compiles for each size does it here.
        They are copies, so that nobody takes what is answered here for answers to what arrived.
        """
        queue = Queue(workload, np.resize(chosen, workload.batch).tolist())
        most = queue.size(0, len(queue))
        calls = {size: dict(queue.call(0, size)) for size in range(1, most + 1)}
        for size in range(most, 0, -1):
            run(calls[size])
        sizes = sorted({1, most, *(2**k for k in range(most.bit_length()))})
        asked = np.repeat(sizes, LOOKS)
        times = [self._clock()]
        for size in asked:
            run(calls[int(size)])
            times.append(self._clock())
        return Calls(asked, np.diff(times))


def _trial(arrived: Arrived, rate: float) -> Trial:
    return Trial(arrived.latencies, float(arrived.completions[-1]), len(arrived.arrivals), rate)
