"""Every cell with all that it takes to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..records.cells import Cell
from .blocks import Column, Paragraph, Section, Table, Value
from .figures import (
    NOT_APPLICABLE,
    ends,
    interval,
    known,
    look,
    loss,
    margin,
    number,
    probability,
    value,
    with_unit,
)
from .looks import level as at_level
from .names import counted, short, stratum
from .subject import Subject
from .wording import WORDS, role, severity, tone, verdict_value

ROWS_HELD = 2000

_ROLES = {"gate": 0, "watch": 1, "described": 2}


def cells(subject: Subject) -> Section:
    """Tabulate the cells: whole test set, then gate cells by verdict, then the worst."""
    every = subject.comparison.cells
    if not every:
        return Section("cells", "All cells", (Paragraph("No cell was measured."),))
    ordered = sorted(every, key=_importance)
    kept, left = ordered[:ROWS_HELD], ordered[ROWS_HELD:]
    table = Table(
        caption=f"Every cell against {short(subject.comparison.reference)}"
        if not left
        else f"{len(kept):,} of {len(ordered):,} cells against {subject.comparison.reference}",
        columns=_columns(subject),
        rows=tuple(_row(subject, cell) for cell in kept),
        note=" ".join(filter(None, [_left_out(left, subject.source), _NOTE])),
        source=subject.source,
    )
    return Section("cells", "All cells", (table,))


_NOTE = (
    f"“{NOT_APPLICABLE}” means that the entry does not apply to this cell. “p within” tests a loss "
    "of the margin or more (small: within), “p beyond” a loss of the margin or less, adjusted by "
    "Holm over the gate cells (small: beyond). “n needed” is what would settle the cell if the "
    "observed rates hold. The floor counts samples, positives, samples of the smaller class, or "
    "clusters of the largest size."
)


def _importance(cell: Cell) -> tuple[bool, int, int, bool, bool, float]:
    amount = known(cell.loss)
    return (
        bool(cell.stratum),
        _ROLES[cell.role],
        severity(cell.verdict),
        not cell.critical,
        amount is None,
        0.0 if amount is None else -amount,
    )


def _left_out(left: Sequence[Cell], source: str) -> str:
    if not left:
        return ""
    counts = Counter(tone(cell.verdict) for cell in left)
    verdicts = ", ".join(f"{count:,} {WORDS[kind]}" for kind, count in sorted(counts.items()))
    return (
        f"{counted(len(left), 'cell')} not shown here ({verdicts}); {source} has all. "
        "Shown first: the whole test set, then gate cells by verdict, then the largest losses."
    )


def _columns(subject: Subject) -> tuple[Column, ...]:
    level = at_level(subject.comparison)
    looks = () if subject.comparison.stopping is None else (Column("Look", prose=True),)
    return (
        Column("Candidate"),
        Column("Metric"),
        Column("Stratum", prose=True),
        Column("Role", brief=False),
        Column("Verdict"),
        Column("Loss", numeric=True),
        Column(f"{level} interval" if not looks else f"Interval {level}", numeric=True),
        *looks,
        Column("Margin", numeric=True),
        Column("n", numeric=True),
        Column("Reference value", numeric=True, brief=False),
        Column("Candidate value", numeric=True, brief=False),
        Column("Losses", numeric=True, brief=False),
        Column("Gains", numeric=True, brief=False),
        Column("Method", prose=True),
        Column("p within", numeric=True, brief=False),
        Column("p beyond, adjusted", numeric=True, brief=False),
        Column("Smallest detectable loss", numeric=True, brief=False),
        Column("n needed", numeric=True, brief=False),
        Column("Reason", prose=True),
    )


def _row(subject: Subject, cell: Cell) -> tuple[Value, ...]:
    unit = subject.scale(cell.metric)
    bounds = ends(cell)
    return (
        Value(short(cell.candidate)),
        Value(cell.metric),
        Value(stratum(cell.stratum) + (" (critical)" if cell.critical else "")),
        Value(role(cell)),
        verdict_value(cell.verdict),
        Value(loss(cell, unit), known(cell.loss)),
        Value(interval(cell, unit), None if bounds is None else bounds[1]),
        *_look(subject, cell),
        Value(margin(cell, unit), cell.margin),
        _n(cell),
        Value(value(cell.reference_value, unit), known(cell.reference_value)),
        Value(value(cell.candidate_value, unit), known(cell.candidate_value)),
        _count(cell.losses),
        _count(cell.gains),
        Value(cell.method or NOT_APPLICABLE),
        Value(probability(cell.p_within), cell.p_within),
        Value(probability(cell.p_beyond_adjusted), cell.p_beyond_adjusted),
        _smallest(subject, cell),
        _count(cell.needed_n),
        Value(_reason(cell)),
    )


def _look(subject: Subject, cell: Cell) -> tuple[Value, ...]:
    if subject.comparison.stopping is None:
        return ()
    return (Value(look(cell), None if cell.look is None else cell.look.number),)


def _n(cell: Cell) -> Value:
    if cell.clusters is None:
        return Value(f"{cell.n:,}", cell.n)
    told = [f"{cell.clusters:,} clusters"]
    if cell.design_effect is not None:
        told.append(f"design effect {number(cell.design_effect)}")
    if cell.intraclass_correlation is not None:
        told.append(f"intraclass correlation {number(cell.intraclass_correlation)}")
    return Value(f"{cell.n:,} ({', '.join(told)})", cell.n)


def _count(amount: int | None) -> Value:
    return Value(NOT_APPLICABLE) if amount is None else Value(f"{amount:,}", amount)


def _smallest(subject: Subject, cell: Cell) -> Value:
    amount = known(cell.smallest_detectable)
    if amount is None:
        return Value(NOT_APPLICABLE)
    unit = subject.scale(cell.metric)
    return Value(with_unit(number(unit.of(amount), unit.decimals), unit.loss_unit), amount)


def _reason(cell: Cell) -> str:
    floor = f" (floor: {cell.floor_n:,})" if cell.floor_n and cell.verdict != "pass" else ""
    return f"{cell.reason}{floor}" if cell.reason else f"no reason was recorded{floor}"
