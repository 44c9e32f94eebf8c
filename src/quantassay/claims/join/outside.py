"""A recorded speed as the throughput of a variant: no ratio, for nothing ran beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from quantassay import stats
from quantassay.errors import InputError
from quantassay.records.recorded_speed import RecordedSpeed
from quantassay.records.speed import PERCENTILES, Percentile, Speed

from .halves import AccuracyHalf

LEAST_REPEATS = 3
BLOCKS = 20
FEWEST = 10
HELD = "--samples-per-query"


def outside_speed(
    found: RecordedSpeed, half: AccuracyHalf, log: Path, digest: str, samples: int | None
) -> Speed:
    """Return what a log says as the throughput of a variant.

    Parameters
    ----------
    found
        The measurement.
    half
        The accuracy half.
    log, digest
        The log and its SHA-256.
    samples
        Samples that each query or request held, as the user says; None: not said.

    Raises
    ------
    InputError
        If samples a query are needed and not said, or said of a log that counts otherwise.
    """
    factor = _factor(found, log, samples)
    interval = _interval(found.repeats, half.claim["confidence"])
    return Speed(
        variant=half.variant,
        protocol=found.protocol,
        throughput=found.throughput * factor,
        throughput_interval=interval and (interval[0] * factor, interval[1] * factor),
        latencies=tuple(_percentiles(found, half.claim["confidence"])),
        ratio=None,
        ratio_interval=None,
        blocks=0,
        queries=found.queries,
        batch=samples or (found.per_query or 1 if found.unit == "samples" else 1),
        confidence=half.claim["confidence"],
        method=_method(found, interval is not None),
        load_seconds=found.load_seconds,
        artifact_bytes=half.artifact.bytes,
        peak_memory=found.peak_memory,
        memory_note="" if found.peak_memory else f"not told by {found.program}",
        energy_note=f"not told by {found.program}",
        rate=found.rate,
        source=f"{found.program}, {found.file}, {digest}",
        unit="samples" if samples else found.unit,
    )


def _factor(found: RecordedSpeed, log: Path, samples: int | None) -> int:
    """Return samples per unit; 1 where units stay what they are."""
    if found.unit in ("samples", "tokens"):
        if samples is not None:
            msg = f"{log}: counts {found.unit}; leave {HELD} out"
            raise InputError(msg)
        return 1
    if samples is None and found.unit == "queries":
        msg = f"{log}: {found.program} counts queries, and not what they held; say it with {HELD}"
        raise InputError(msg)
    return samples or 1


def _interval(repeats: tuple[float, ...], confidence: float) -> tuple[float, float] | None:
    """Return the interval of a throughput over repetitions, by t on their logarithms."""
    if len(repeats) < LEAST_REPEATS:
        return None
    found = stats.throughput_interval(np.log(repeats), confidence)
    # repetitions that are all alike were not measured
    return (found.low, found.high) if found.low < found.high else None


def _percentiles(found: RecordedSpeed, confidence: float) -> Iterator[Percentile]:
    """Yield percentiles: with intervals of single latencies, else as the program says them."""
    n = len(found.latencies)
    if not n:
        for share, value in sorted(found.percentiles.items()):
            yield Percentile(share, value, None)
        return
    # neighbours are alike, so that blocks of them count, not single queries
    blocks = np.arange(n) * BLOCKS // n
    for share in PERCENTILES:
        if n < FEWEST / (1 - share):
            continue
        one = stats.quantile_interval(found.latencies, share, confidence, blocks)
        yield Percentile(share, one.estimate, one.ends)


def _method(found: RecordedSpeed, interval: bool) -> str:
    how = f"measured elsewhere by {found.program}, not beside the reference: no ratio"
    if interval:
        how += f"; interval by t on logarithms of {len(found.repeats)} repetitions in one session"
    return how
