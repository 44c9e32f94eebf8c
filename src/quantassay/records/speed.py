"""Throughput and latency of one variant against the reference, on the same samples."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Percentile:
    """A latency percentile in seconds per batch, with its interval (None: too few batches)."""

    q: float
    value: float
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class Speed:
    """Throughput in samples per second; ``ratio`` is candidate over reference, with interval.

    ``ratio`` is None for the reference itself. ``peak_memory`` is in bytes, None with
    ``memory_note`` where it could not be told apart.
    """

    variant: str
    throughput: float
    latencies: tuple[Percentile, ...]
    ratio: float | None
    ratio_interval: tuple[float, float] | None
    pairs: int
    batches: int
    batch: int
    confidence: float
    method: str
    load_seconds: float
    artifact_bytes: int | None
    peak_memory: int | None
    memory_note: str
