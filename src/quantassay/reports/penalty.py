"""How far the apparent penalty moves with the metric and with the reference."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.cells import Cell, Comparison
from .blocks import Block, Bullets, Column, Paragraph, Section, Table, Value
from .figures import UNDEFINED, estimate, estimate_with_n, known, number, value
from .looks import level as at_level
from .looks import over
from .names import short
from .subject import Subject, whole_cells

_FOLDED = 1e-12


def penalty(subject: Subject) -> Section:
    """Set the same candidate's losses beside each other by metric and by reference."""
    others = () if subject.result is None else subject.result.others
    sentences = (*_by_metric(subject), *_by_reference(subject, others))
    blocks: list[Block] = [Bullets(sentences)] if sentences else []
    rows = [
        _row(subject, cell)
        for comparison in (subject.comparison, *others)
        for cell in comparison.cells
        if not cell.stratum
    ]
    if rows:
        blocks.append(_table(subject, rows))
    else:
        blocks.append(Paragraph("No cell covers the whole test set."))
    title = "How far the penalty moves with metric and reference"
    return Section("penalty", title, tuple(blocks))


def relative(cell: Cell) -> float | None:
    """Return loss over the reference's value; None where either is unknown or the value is 0."""
    loss, base = known(cell.loss), known(cell.reference_value)
    if loss is None or base is None or abs(base) < _FOLDED:
        return None
    return loss / abs(base)


def _relative_text(cell: Cell) -> str:
    found = relative(cell)
    if found is not None:
        return f"{number(100 * found)} %"
    if known(cell.reference_value) is None or known(cell.loss) is None:
        return UNDEFINED
    return f"{UNDEFINED}: the reference's value is 0"


def _by_metric(subject: Subject) -> Iterator[str]:
    for candidate in subject.candidates:
        cells = (subject.whole(candidate, metric) for metric in subject.metric_names)
        found = [(r, cell.metric) for cell in cells if cell and (r := relative(cell)) is not None]
        if len(found) < 2:
            continue
        (low, first), (high, last) = min(found), max(found)
        if high - low > _FOLDED:
            yield (
                f"{short(candidate)}: relative to the reference's value, the loss runs from "
                f"{number(100 * low)} % ({first}) to {number(100 * high)} % ({last}), "
                "with the metric alone (point values)."
            )


def _by_reference(subject: Subject, others: tuple[Comparison, ...]) -> Iterator[str]:
    metric = subject.main
    if metric is None or not others:
        return
    unit = subject.scale(metric)
    tables = [(other.reference, whole_cells(other.cells)) for other in others]
    for candidate in subject.candidates:
        first = subject.whole(candidate, metric)
        found = [(ref, cell) for ref, table in tables if (cell := table.get((candidate, metric)))]
        if first is None or not found:
            continue
        moved = any(cell.loss != first.loss for _, cell in found)
        each = [(subject.comparison.reference, first), *found]
        figures = ", ".join(f"against {short(r)} {estimate_with_n(c, unit)}" for r, c in each)
        start = (
            "The reference choice changes the number" if moved else "The reference choice is idle"
        )
        yield f"{start}: {short(candidate)}, {metric} loss {figures}."


def _table(subject: Subject, rows: list[tuple[Value, ...]]) -> Table:
    level = at_level(subject.comparison)
    return Table(
        caption=f"Loss over {over(subject.comparison)} by metric and reference",
        columns=(
            Column("Candidate"),
            Column("Metric"),
            Column("Reference"),
            Column("Reference value", numeric=True),
            Column("Candidate value", numeric=True),
            Column(f"Loss [{level}]", numeric=True),
            Column("Relative loss", numeric=True),
            Column("n", numeric=True),
            Column("Method", prose=True),
        ),
        rows=tuple(rows),
        note="Relative loss is the loss over the absolute value of the reference: a point value, "
        f"without interval. Only {short(subject.comparison.reference)} decides.",
    )


def _row(subject: Subject, cell: Cell) -> tuple[Value, ...]:
    unit = subject.scale(cell.metric)
    return (
        Value(short(cell.candidate)),
        Value(cell.metric),
        Value(short(cell.reference)),
        Value(value(cell.reference_value, unit), known(cell.reference_value)),
        Value(value(cell.candidate_value, unit), known(cell.candidate_value)),
        Value(estimate(cell, unit), known(cell.loss)),
        Value(_relative_text(cell), relative(cell)),
        Value(f"{cell.n:,}", cell.n),
        Value(cell.method or UNDEFINED),
    )
