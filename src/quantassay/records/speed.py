"""Throughput and latency of one variant beside the reference, on the same samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .cells import Verdict

#: of latency, that are told wherever queries are enough
PERCENTILES = (0.5, 0.9, 0.99, 0.999)


@dataclass(frozen=True)
class Percentile:
    """A latency percentile in seconds per query, with its interval (None: too few queries)."""

    q: float
    value: float
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class Warmup:
    """Seconds and queries until a variant ran steadily; ``steady`` False: it never did."""

    seconds: float
    queries: int
    steady: bool


@dataclass(frozen=True)
class Saturation:
    """Throughput (samples/s) by samples per query, and the knee.

    ``knee`` is the smallest number of samples per query beyond which throughput hardly grows; None
    with the reason in ``note`` where none was found or looked for.
    """

    samples: tuple[int, ...]
    throughput: tuple[float, ...]
    knee: int | None
    note: str


@dataclass(frozen=True)
class SpeedVerdict:
    """The verdict on a declared speed-up, as on any other margin.

    ``p_within`` is p of 'the ratio is the declared speed-up or less', ``p_beyond`` of 'it is that
    or more', adjusted together with the gate cells of the candidate. ``needed_seconds``: how long
    a run would settle it at the spread seen; None where that is not known.
    """

    declared: float
    verdict: Verdict
    reason: str
    p_within: float | None
    p_beyond: float | None
    needed_seconds: float | None = None


@dataclass(frozen=True)
class Sameness:
    """Outputs produced while timing beside those of the accuracy pass, on ``n`` samples.

    ``changed`` counts samples whose answer differs; ``largest`` is the largest difference of any
    number that was output (None where outputs are no numbers).
    """

    n: int
    changed: int
    largest: float | None
    note: str


@dataclass(frozen=True)
class Speed:
    """Throughput in ``unit`` per second; ``ratio`` is candidate over reference, with interval.

    ``ratio`` is None for the reference itself, and for a throughput that was measured elsewhere.
    ``batch`` is the number of samples per query. ``peak_memory`` is in bytes, ``energy`` in joules
    a sample; None where they could not be told, with the reason in their notes. ``rate`` is the
    arrival rate in queries per second of protocol ``server``: declared, or the highest that met
    the bound. ``source`` names who measured it, where that was not this run: only then may the unit
    be another than samples, such as tokens or requests. ``doubt`` says why the throughput is not
    one of the answers whose accuracy was measured, '' where it is: no speed-up is judged by it, and
    no candidate is called the fastest.
    """

    variant: str
    protocol: str
    throughput: float
    throughput_interval: tuple[float, float] | None
    latencies: tuple[Percentile, ...]
    ratio: float | None
    ratio_interval: tuple[float, float] | None
    blocks: int
    queries: int
    batch: int
    confidence: float
    method: str
    load_seconds: float | None
    artifact_bytes: int | None
    peak_memory: int | None
    memory_note: str
    energy: float | None = None
    energy_note: str = ""
    rate: float | None = None
    warmup: Warmup | None = None
    saturation: Saturation | None = None
    same_outputs: Sameness | None = None
    verdict: SpeedVerdict | None = None
    source: str = ""
    doubt: str = ""
    unit: str = "samples"


@dataclass(frozen=True)
class Conditions:
    """The circumstances under which all variants of a run were timed.

    Attributes
    ----------
    protocol, driver : str
        The throughput protocol, and what issued the queries: ``own`` or ``loadgen`` with version.
    timed : str
        What is inside a timed interval and what is not, in words.
    blocks : int
        Randomized blocks, each variant once in each.
    seconds : float
        Of the whole of timing, warm-up included.
    loading_seconds : float
        To read and preprocess the timed samples, which is not inside any latency.
    samples : int
        Different samples that were timed.
    drift : tuple of float or None
        Throughput of the reference in the last block over that in the first by a straight line on
        its logarithm: low, estimate, high at the confidence of the comparison; None: too few.
    other_load : tuple of float or None
        Cores that other processes kept busy: mean and largest over the trials.
    facts : mapping of str to str
        What else was watched: processor frequency, temperature, throttling, pressure; or why not.
    """

    protocol: str
    driver: str
    timed: str
    blocks: int
    seconds: float
    loading_seconds: float
    samples: int
    drift: tuple[float, float, float] | None
    other_load: tuple[float, float] | None
    facts: Mapping[str, str]
