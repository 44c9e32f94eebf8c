"""What trials say of a variant: the fields of its ``Speed`` that follow from them alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.records.speed import PERCENTILES, Percentile
from quantassay.timing.contract import Trial

METHOD = (
    "geometric mean over randomized complete blocks, t on logarithms; ratio: t on log ratios "
    "inside blocks, with an allowance for bias; percentiles: order statistics, by the share below "
    "in each block"
)
Trials = Mapping[str, Sequence[Trial]]


def figures(trials: Trials, variant: str, reference: str, confidence: float) -> dict[str, Any]:
    """Return what the trials say of a variant: fields of its ``Speed``."""
    own = trials[variant]
    through = stats.throughput_interval(np.log([trial.throughput for trial in own]), confidence)
    ratio, interval = None, None
    if variant != reference:
        found = stats.speed_ratio(log_ratios(own, trials[reference]), confidence)
        ratio, interval = found.estimate, found.ends
    rates = [trial.rate for trial in own if trial.rate is not None]
    return {
        "throughput": through.estimate,
        "throughput_interval": through.ends,
        "latencies": tuple(_percentiles(own, confidence)),
        "ratio": ratio,
        "ratio_interval": interval,
        "blocks": len(own),
        "queries": sum(len(trial.latencies) for trial in own),
        "rate": _rate(rates),
    }


def log_ratios(own: Sequence[Trial], other: Sequence[Trial]) -> NDArray[np.float64]:
    """Return log throughput over another variant's (blocks,), in the blocks that both ran in."""
    beside = {trial.block: trial.throughput for trial in other}
    pairs = [(one.throughput, beside[one.block]) for one in own if one.block in beside]
    return np.array([np.log(mine / theirs) for mine, theirs in pairs])


def _rate(rates: Sequence[float]) -> float | None:
    """Return the rate of arrivals: the declared one, or the mean of those found, as throughput."""
    if len(set(rates)) > 1:
        return float(np.exp(np.mean(np.log(rates))))
    return rates[0] if rates else None


def _percentiles(trials: Sequence[Trial], confidence: float) -> Iterator[Percentile]:
    values = np.concatenate([trial.latencies for trial in trials])
    blocks = np.repeat(range(len(trials)), [len(trial.latencies) for trial in trials])
    for q in PERCENTILES:
        found = stats.quantile_interval(values, q, confidence, blocks)
        yield Percentile(q, found.estimate, found.ends)
