"""Whether a server kept its latency bound, in words, with what that is told from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from quantassay import stats
from quantassay.records.speed import Percentile

from ..contract import Driver, Trial
from .driver import Bound, Server


def server_findings(
    driver: Driver, trials: Mapping[str, Sequence[Trial]], confidence: float
) -> list[str]:
    """Return for each variant whether it kept the bound; nothing for the other protocols.

    Parameters
    ----------
    driver
        That ran the trials.
    trials
        All of them, by variant.
    confidence
        Of the interval that tells.
    """
    if not isinstance(driver, Server):
        return []
    said = declared if driver.rate is not None else searched
    return [f"{name}: {said(name, driver, own, confidence)}" for name, own in trials.items()]


def at_bound(trials: Sequence[Trial], bound: Bound, confidence: float) -> Percentile:
    """Return the declared percentile of latency over all trials of a variant, with its interval.

    Samples of one trial share a queue and are not independent; trials are taken to be.
    """
    values = np.concatenate([trial.latencies for trial in trials])
    blocks = np.repeat(np.arange(len(trials)), [len(trial.latencies) for trial in trials])
    found = stats.quantile_interval(values, bound.percentile, confidence, blocks)
    return Percentile(bound.percentile, found.estimate, found.ends)


def declared(variant: str, driver: Server, trials: Sequence[Trial], confidence: float) -> str:
    """Return in words whether the bound was kept at the declared rate, and would be for long."""
    bound = driver.bound
    found = at_bound(trials, bound, confidence)
    limit = f"the bound of {bound.latency * 1e3:g} ms"
    words = f"at {_rate(driver.rate)} arrivals a second {_quantile(found, confidence)}"
    if found.interval is None:
        count = sum(len(trial.latencies) for trial in trials)
        return f"{words}; {count:,} arrivals are too few to tell whether {limit} is kept"
    if found.interval[0] > bound.latency:
        return f"{words}: {limit} is not kept"
    late = float(np.mean(driver.late_in_the_long_run[variant]))
    if late > 1 - bound.percentile:
        return (
            f"{words}; trials begin with an empty queue, and in a long run of the same calls "
            f"{100 * late:.3g} % of arrivals would be late: {limit} is not kept for long"
        )
    kept = found.interval[1] <= bound.latency
    return f"{words}: {limit} is {'kept' if kept else 'neither surely kept nor surely broken'}"


def searched(variant: str, driver: Server, trials: Sequence[Trial], confidence: float) -> str:
    """Return in words how near the latencies at the rates found are to the bound."""
    bound = driver.bound
    found = at_bound(trials, bound, confidence)
    logs = [np.log(trial.rate) for trial in trials if trial.rate is not None]
    rate = float(np.exp(np.mean(logs)))  # as the throughput is
    words = (
        f"up to {_rate(rate)} arrivals a second keep {bound}, by a replay of the queue with the "
        "calls seen; in the trials themselves, within 10 % of that rate, "
        f"{_quantile(found, confidence)}"
    )
    if found.interval is not None and found.interval[0] > bound.latency:
        return f"{words}, beyond the bound: the rate is too high for calls as uneven as these"
    if found.value > bound.latency:
        return f"{words}, which is more: take the rate for an upper limit, not for one that is kept"
    return words


def _rate(rate: float | None) -> str:
    return "unknown" if rate is None else f"{rate:,.0f}" if rate >= 100 else f"{rate:.4g}"


def _quantile(found: Percentile, confidence: float) -> str:
    words = f"{100 * found.q:.6g} % of samples took {found.value * 1e3:.4g} ms at most"
    if found.interval is None:
        return words
    low, high = (end * 1e3 for end in found.interval)
    level = f"{100 * confidence:g} % confidence"
    return f"{words} ({low:.4g} to {high:.4g} ms at {level}, from trial to trial)"
