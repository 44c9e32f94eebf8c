"""Each candidate's loss beside its throughput and size: never one without the other."""

from __future__ import annotations

from ..records.artifacts import VariantFacts
from ..records.cells import Cell
from .blocks import Column, Paragraph, Section, Table, Value
from .figures import (
    NOT_APPLICABLE,
    bytes_text,
    confidence,
    estimate,
    known,
    margin,
    ratio,
    value,
)
from .looks import level as at_level
from .looks import over
from .names import short
from .subject import Subject
from .wording import verdict_value


def candidates(subject: Subject) -> Section:
    """Tabulate the candidates."""
    if subject.main is None:
        return Section("candidates", "Candidates", (Paragraph("No cell was measured."),))
    return Section("candidates", "Candidates", (_table(subject, subject.main),))


def _table(subject: Subject, metric: str) -> Table:
    level, alone = at_level(subject.comparison), confidence(subject.comparison.confidence)
    names = [name for name in subject.candidates if name != subject.comparison.reference]
    columns = (
        Column("Candidate"),
        Column("Verdict"),
        Column(f"Loss of {metric} [{level}]", numeric=True),
        Column("Margin", numeric=True),
        Column("n", numeric=True),
        Column("Method", brief=False, prose=True),
        Column(f"Value of {metric}", numeric=True, brief=False),
        Column(f"Throughput [{alone}]", numeric=True),
        Column("Size", numeric=True),
    )
    return Table(
        caption=f"Loss over {over(subject.comparison)} and throughput, both against "
        f"{short(subject.comparison.reference)}",
        columns=columns,
        rows=(_reference_row(subject, metric), *(_row(subject, name, metric) for name in names)),
        note="The verdict rests on every gate cell of a candidate, not on this metric alone.",
    )


def _reference_row(subject: Subject, metric: str) -> tuple[Value, ...]:
    name = subject.comparison.reference
    whole = (subject.whole(candidate, metric) for candidate in subject.candidates)
    cell = next((each for each in whole if each is not None), None)
    none = Value(NOT_APPLICABLE)
    amount = None if cell is None else cell.reference_value
    return (
        Value(short(name)),
        Value("reference"),
        none,
        none,
        none if cell is None else Value(f"{cell.n:,}", cell.n),
        none,
        Value(value(amount, subject.scale(metric)), amount),
        Value("1×" if name in subject.speeds else "not measured", 1.0),
        _size(subject, name),
    )


def _row(subject: Subject, name: str, metric: str) -> tuple[Value, ...]:
    ruling = subject.comparison.candidates.get(name)
    suffix = "" if ruling is None or ruling.gate else " (not gating)"
    verdict = verdict_value(None if ruling is None else ruling.verdict, suffix)
    return (
        Value(short(name)),
        verdict,
        *_figures(subject, subject.whole(name, metric), metric),
        _throughput(subject, name),
        _size(subject, name),
    )


def _figures(subject: Subject, cell: Cell | None, metric: str) -> tuple[Value, ...]:
    if cell is None:
        return (Value("not measured"), *[Value(NOT_APPLICABLE)] * 4)
    unit = subject.scale(metric)
    return (
        Value(estimate(cell, unit), known(cell.loss)),
        Value(margin(cell, unit), known(cell.margin)),
        Value(f"{cell.n:,}", cell.n),
        Value(cell.method or NOT_APPLICABLE),
        Value(value(cell.candidate_value, unit), known(cell.candidate_value)),
    )


def _throughput(subject: Subject, name: str) -> Value:
    speed = subject.speeds.get(name)
    if speed is None:
        return Value("not measured")
    if speed.source:
        return Value("measured elsewhere, no ratio")
    return Value(ratio(speed.ratio, speed.ratio_interval), known(speed.ratio))


def _size(subject: Subject, name: str) -> Value:
    amount = _bytes(subject, name)
    whole = _bytes(subject, subject.comparison.reference)
    if amount is None:
        return Value("unknown")
    if not whole or name == subject.comparison.reference:
        return Value(bytes_text(amount), amount)
    return Value(f"{bytes_text(amount)} ({100 * amount / whole:.0f} %)", amount)


def _bytes(subject: Subject, name: str) -> int | None:
    speed = subject.speeds.get(name)
    if speed is not None and speed.artifact_bytes is not None:
        return speed.artifact_bytes
    facts = _facts(subject, name)
    return facts.artifact.bytes if facts is not None and facts.artifact is not None else None


def _facts(subject: Subject, name: str) -> VariantFacts | None:
    variants = () if subject.result is None else subject.result.variants
    return next((facts for facts in variants if facts.name == name), None)
