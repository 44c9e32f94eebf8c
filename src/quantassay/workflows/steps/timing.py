"""Throughput of every variant beside the reference, on the exam's own samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from quantassay.engines.contract import Session
from quantassay.records.speed import Speed
from quantassay.timing.memory import peak_memory
from quantassay.timing.pairs import Feeds, PairTimes, Plan, percentiles, throughput, time_pairs

from .asking import Exam
from .progress import Progress
from .variants import Prepared

MOST_BYTES = 256 << 20
METHOD = "t on log ratios of adjacent randomized AB/BA pairs; data in memory, loading not timed"


@dataclass(frozen=True)
class Timed:
    """Throughput of every variant, and the seconds of each candidate's pairs behind it."""

    speeds: tuple[Speed, ...] = ()
    pairs: Mapping[str, PairTimes] = field(default_factory=dict)


def time_variants(exam: Exam, variants: Mapping[str, Prepared], progress: Progress) -> Timed:
    """Time every variant that runs here against the deciding reference.

    None is timed where the rubric says ``timing: null``, or the reference was recorded elsewhere.
    """
    reference = variants[exam.rubric.references[0]]
    names = [n for n in exam.rubric.candidates if variants[n].recorded is None]
    if exam.rubric.timing is None or reference.recorded is not None or not names:
        return Timed()
    batches = _in_memory(exam)
    base = reference.open()
    timed: dict[str, PairTimes] = {}
    speeds = []
    for name in names:
        progress.stage(f"timing {name}")
        session = variants[name].open()
        timed[name] = _timed(exam, base, session, batches)
        speeds.append(_speed(exam, variants[name], session, timed[name], batches))
        session.close()
    speeds.insert(0, _reference_speed(exam, reference, base, list(timed.values()), batches))
    base.close()
    return Timed(tuple(speeds), timed)


def _in_memory(exam: Exam) -> list[Feeds]:
    """Read batches of the test set up to a bound on memory."""
    kept: list[Feeds] = []
    size = 0
    for _, feeds in exam.batches():
        kept.append(feeds)
        size += sum(array.nbytes for array in feeds.values())
        if size > MOST_BYTES:
            break
    return kept


def _timed(exam: Exam, base: Session, session: Session, batches: Sequence[Feeds]) -> PairTimes:
    timing = exam.rubric.timing
    assert timing is not None
    sizes = [len(next(iter(feeds.values()))) for feeds in batches]
    plan = Plan(timing.pairs, timing.warmup, timing.duration, exam.rubric.seed)
    return time_pairs(base.run, session.run, batches, sizes, plan)


def _speed(
    exam: Exam, variant: Prepared, session: Session, times: PairTimes, batches: Sequence[Feeds]
) -> Speed:
    confidence = exam.rubric.confidence
    memory, note = _memory(variant, batches)
    return Speed(
        variant=variant.name,
        **figures(times, confidence),
        batch=exam.rubric.inference.batch,
        confidence=confidence,
        method=METHOD,
        load_seconds=session.load_seconds,
        artifact_bytes=variant.artifact.bytes if variant.artifact else None,
        peak_memory=memory,
        memory_note=note,
    )


def figures(times: PairTimes, confidence: float) -> dict[str, Any]:
    """Return what a candidate's pairs say: fields of its ``Speed``."""
    ratio, interval = times.ratio(confidence)
    return {
        "throughput": throughput(times.candidate, times.samples),
        "latencies": percentiles(times.candidate, confidence),
        "ratio": ratio,
        "ratio_interval": interval,
        "pairs": len(times.samples),
        "batches": int(times.candidate.size),
    }


def reference_figures(times: Sequence[PairTimes], confidence: float) -> dict[str, Any]:
    """Return what the pairs of all candidates say of the reference: fields of its ``Speed``."""
    seconds = np.concatenate([one.reference.ravel() for one in times])
    return {
        "throughput": throughput(seconds, np.concatenate([one.samples for one in times])),
        "latencies": percentiles(seconds, confidence),
        "ratio": None,
        "ratio_interval": None,
        "pairs": sum(len(one.samples) for one in times),
        "batches": int(seconds.size),
    }


def _reference_speed(
    exam: Exam, variant: Prepared, session: Session, times: list[PairTimes], batches: list[Feeds]
) -> Speed:
    memory, note = _memory(variant, batches)
    return Speed(
        variant=variant.name,
        **reference_figures(times, exam.rubric.confidence),
        batch=exam.rubric.inference.batch,
        confidence=exam.rubric.confidence,
        method=METHOD,
        load_seconds=session.load_seconds,
        artifact_bytes=variant.artifact.bytes if variant.artifact else None,
        peak_memory=memory,
        memory_note=note,
    )


def _memory(variant: Prepared, batches: Sequence[Feeds]) -> tuple[int | None, str]:
    path = variant.artifact.path if variant.artifact else None
    return peak_memory(variant.engine, path, variant.engine_options, batches[:4])
