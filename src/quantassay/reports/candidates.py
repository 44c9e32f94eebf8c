"""Each candidate's loss beside its throughput and size: never one without the other."""

from __future__ import annotations

from ..records.artifacts import VariantFacts
from ..records.cells import Cell
from .blocks import Block, Column, Frontier, Pair, Paragraph, Section, Table, Value
from .figures import (
    NOT_APPLICABLE,
    bytes_text,
    confidence,
    ends,
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
from .wording import tone, verdict_value


def candidates(subject: Subject) -> Section:
    """Tabulate the candidates and draw throughput against loss."""
    if subject.main is None:
        return Section("candidates", "Candidates", (Paragraph("No cell was measured."),))
    blocks: list[Block] = [_table(subject, subject.main)]
    chart = _frontier(subject, subject.main)
    if chart is not None:
        blocks.insert(0, chart)
    return Section("candidates", "Candidates", tuple(blocks))


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


def _frontier(subject: Subject, metric: str) -> Frontier | None:
    pairs = tuple(filter(None, (_pair(subject, name, metric) for name in subject.candidates)))
    if not pairs:
        return None
    unit = subject.scale(metric)
    several = subject.comparison.stopping is not None
    level = "" if several else f"{confidence(subject.comparison.confidence)} "
    reference = short(subject.comparison.reference)
    absent = len(subject.candidates) - len(pairs)
    cells = [cell for name in subject.candidates if (cell := subject.whole(name, metric))]
    margins = {cell.margin for cell in cells}
    shared = margins.pop() if len(margins) == 1 else None
    return Frontier(
        title=f"Throughput against loss of {metric}",
        description=f"Each candidate's throughput ratio and loss of {metric} against {reference}; "
        f"boxes span both {level}intervals, each taken alone (together they hold less often). "
        "Lower and further right is better. The table holds the same figures.",
        speed_axis=f"throughput, times {reference}",
        loss_axis=f"loss of {metric}" + (f" ({unit.loss_unit})" if unit.loss_unit else ""),
        pairs=pairs,
        reference=reference,
        margin=None if shared is None else unit.of(shared),
        note="" if not absent else "Candidates without both figures are in the table only.",
    )


def _pair(subject: Subject, name: str, metric: str) -> Pair | None:
    speed, cell = subject.speeds.get(name), subject.whole(name, metric)
    if speed is None or cell is None:
        return None
    ratio_, loss_ = known(speed.ratio), known(cell.loss)
    if ratio_ is None or loss_ is None:
        return None
    ruling = subject.comparison.candidates.get(name)
    unit, bounds = subject.scale(metric), ends(cell)
    return Pair(
        name=short(name),
        speed=ratio_,
        speed_interval=speed.ratio_interval,
        loss=unit.of(loss_),
        loss_interval=None if bounds is None else (unit.of(bounds[0]), unit.of(bounds[1])),
        tone=tone(None if ruling is None else ruling.verdict),
    )
