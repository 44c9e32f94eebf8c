"""Throughput, latency, memory and size, with the loss that they were bought with."""

from __future__ import annotations

from collections.abc import Sequence

from ..records.speed import Percentile, Speed
from .blocks import Column, Paragraph, Section, Table, Value
from .figures import (
    NOT_APPLICABLE,
    bracket,
    bytes_text,
    confidence,
    estimate,
    known,
    number,
    ratio,
)
from .names import short
from .subject import Subject


def timing(subject: Subject) -> Section:
    """Tabulate what was timed."""
    speeds = tuple(subject.speeds.values())
    if not speeds:
        return Section("timing", "Timing", (Paragraph("Nothing was timed."),))
    quantiles = sorted({each.q for speed in speeds for each in speed.latencies})
    methods = dict.fromkeys(speed.method for speed in speeds if speed.ratio is not None)
    levels = dict.fromkeys(confidence(speed.confidence) for speed in speeds)
    table = Table(
        caption="Throughput on the same samples and executor, beside the loss",
        columns=_columns(subject, quantiles),
        rows=tuple(_row(subject, speed, quantiles) for speed in speeds),
        note=f"Intervals are {' or '.join(levels)} two-sided. Ratio: {'; '.join(methods)}. "
        f"Latency is per batch. {_memory_notes(speeds)}",
    )
    return Section("timing", "Timing", (table,))


def _memory_notes(speeds: Sequence[Speed]) -> str:
    """Say what peak memory is: once where it is the same of all."""
    notes: dict[str, list[str]] = {}
    for speed in speeds:
        if speed.memory_note:
            notes.setdefault(speed.memory_note, []).append(short(speed.variant))
    if len(notes) == 1 and len(speeds) == sum(map(len, notes.values())):
        return f"Peak memory: {next(iter(notes))}."
    return " ".join(f"Peak memory of {', '.join(who)}: {note}." for note, who in notes.items())


def _columns(subject: Subject, quantiles: list[float]) -> tuple[Column, ...]:
    return (
        Column("Variant"),
        Column(f"Loss of {subject.main}", numeric=True),
        Column("Throughput, samples/s", numeric=True),
        Column(f"Times {short(subject.comparison.reference)}", numeric=True),
        Column("Timed pairs", numeric=True, brief=False),
        *(Column(f"p{100 * q:g} latency, ms", numeric=True, brief=False) for q in quantiles),
        Column("Batches", numeric=True, brief=False),
        Column("Batch size", numeric=True, brief=False),
        Column("Peak memory", numeric=True),
        Column("Load, s", numeric=True, brief=False),
        Column("Size", numeric=True),
    )


def _row(subject: Subject, speed: Speed, quantiles: list[float]) -> tuple[Value, ...]:
    by_q = {each.q: each for each in speed.latencies}
    return (
        Value(short(speed.variant)),
        _loss(subject, speed),
        Value(number(speed.throughput, 1), known(speed.throughput)),
        _ratio(subject, speed),
        Value(f"{speed.pairs:,}", speed.pairs),
        *(_latency(by_q.get(q)) for q in quantiles),
        Value(f"{speed.batches:,}", speed.batches),
        Value(f"{speed.batch:,}", speed.batch),
        Value(bytes_text(speed.peak_memory), speed.peak_memory),
        Value(number(speed.load_seconds), speed.load_seconds),
        Value(bytes_text(speed.artifact_bytes), speed.artifact_bytes),
    )


def _ratio(subject: Subject, speed: Speed) -> Value:
    if speed.ratio is None and speed.variant == subject.comparison.reference:
        return Value("reference")
    return Value(ratio(speed.ratio, speed.ratio_interval), known(speed.ratio))


def _loss(subject: Subject, speed: Speed) -> Value:
    if speed.variant == subject.comparison.reference:
        return Value("reference")
    cell = subject.whole(speed.variant, subject.main)
    if cell is None:
        return Value("not measured")
    return Value(estimate(cell, subject.scale(cell.metric)), known(cell.loss))


def _latency(percentile: Percentile | None) -> Value:
    if percentile is None:
        return Value(NOT_APPLICABLE)
    text = number(1e3 * percentile.value)
    if percentile.interval is None:
        return Value(f"{text}, no interval: too few batches", percentile.value)
    return Value(f"{text} {bracket(1e3 * end for end in percentile.interval)}", percentile.value)
