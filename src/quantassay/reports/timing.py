"""Throughput as one half of a pair: the other half, the loss, stands in the same row."""

from __future__ import annotations

from collections.abc import Mapping

from ..records.executor import EngineUse
from ..records.speed import Speed
from .blocks import Block, Column, Paragraph, Section, Table, Value
from .figures import (
    bracket,
    confidence,
    estimate,
    known,
    number,
    probability,
    ratio,
    trimmed,
)
from .latencies import latencies
from .names import short
from .resources import resources
from .subject import Subject
from .timing_conditions import conditions
from .wording import verdict_value

OPERATIONS = 3


def timing(subject: Subject) -> Section:
    """Tabulate what was timed: pairs, latencies, what each variant takes, and the conditions."""
    speeds = tuple(subject.speeds.values())
    if not speeds or subject.result is None:
        return Section("timing", "Timing", (Paragraph("Nothing was timed."),))
    blocks: tuple[Block, ...] = (
        _pairs(subject, speeds),
        latencies(speeds),
        resources(speeds),
        *conditions(subject.result.conditions),
    )
    return Section("timing", "Timing", blocks)


def _pairs(subject: Subject, speeds: tuple[Speed, ...]) -> Table:
    levels = " or ".join(dict.fromkeys(confidence(speed.confidence) for speed in speeds))
    methods = "; ".join(dict.fromkeys(speed.method for speed in speeds))
    judged = any(speed.verdict is not None for speed in speeds)
    reference = short(subject.comparison.reference)
    return Table(
        caption=f"Throughput and loss of each variant, one pair: same {_shared(speeds)}",
        columns=(
            Column("Variant"),
            Column("Precision executed", prose=True),
            Column(f"Loss of {subject.main}", numeric=True),
            Column(f"Throughput, {_unit(speeds)}", numeric=True),
            Column(f"Times {reference}", numeric=True),
            *(_JUDGED if judged else ()),
            Column("Blocks", numeric=True, brief=False),
            *((Column("Measured by", prose=True),) if any(s.source for s in speeds) else ()),
        ),
        rows=tuple(_row(subject, speed, judged, speeds) for speed in speeds),
        note=f"Intervals are {levels} two-sided, each taken alone. Method: {methods}. A block is "
        f"every variant once, in random order.{_P_WORDS if judged else ''}",
    )


_JUDGED = (
    Column("Speed-up declared", numeric=True),
    Column("Verdict on it"),
    Column("p of less", numeric=True, brief=False),
    Column("p of more, adjusted", numeric=True, brief=False),
    Column("Reason", prose=True, brief=False),
)

_P_WORDS = (
    " “p of less” tests a ratio of the declared speed-up or less (small: more is shown), “p of "
    "more” one of it or more (small: less is shown), adjusted by Holm with the candidate's gate "
    "cells."
)


def _row(
    subject: Subject, speed: Speed, judged: bool, speeds: tuple[Speed, ...]
) -> tuple[Value, ...]:
    own = speed.variant == subject.comparison.reference
    ends = speed.throughput_interval
    interval = "no interval" if ends is None else bracket(ends, _decimals(speed.throughput))
    source = (Value(speed.source or "this run"),) if any(s.source for s in speeds) else ()
    return (
        Value(short(speed.variant)),
        Value(_executed(subject, speed.variant)),
        _loss(subject, speed),
        Value(f"{number(speed.throughput, _decimals(speed.throughput))}{_own_unit(speed, speeds)} "
              f"{interval}", known(speed.throughput)),
        Value("reference") if own
        else Value("no ratio") if speed.source
        else Value(ratio(speed.ratio, speed.ratio_interval), known(speed.ratio)),
        *(_judged(speed, own) if judged else ()),
        Value(f"{speed.blocks:,}", speed.blocks),
        *source,
    )  # fmt: skip


def _shared(speeds: tuple[Speed, ...]) -> str:
    """Name what both halves have in common; a program elsewhere issued queries of its own."""
    outside = any(speed.source for speed in speeds)
    return "model file, same executor" if outside else "samples, same executor"


def _unit(speeds: tuple[Speed, ...]) -> str:
    """Name the unit of all; rows name their own where there are several."""
    units = {speed.unit for speed in speeds}
    return f"{units.pop()}/s" if len(units) == 1 else "by the second"


def _own_unit(speed: Speed, speeds: tuple[Speed, ...]) -> str:
    return f" {speed.unit}/s" if len({one.unit for one in speeds}) > 1 else ""


def _decimals(throughput: float) -> int:
    return 1 if throughput >= 10 else 3


def _judged(speed: Speed, own: bool) -> tuple[Value, ...]:
    found = speed.verdict
    if found is None:
        return (Value("reference" if own else "none"), verdict_value(None), *[Value("–")] * 3)
    return (
        Value(f"{trimmed(found.declared, 4)}×", found.declared),
        verdict_value(found.verdict),
        Value(probability(found.p_within), found.p_within),
        Value(probability(found.p_beyond), found.p_beyond),
        Value(found.reason),
    )


def _loss(subject: Subject, speed: Speed) -> Value:
    if speed.variant == subject.comparison.reference:
        return Value("reference")
    cell = subject.whole(speed.variant, subject.main)
    if cell is None:
        return Value("not measured")
    return Value(estimate(cell, subject.scale(cell.metric)), known(cell.loss))


def _executed(subject: Subject, name: str) -> str:
    """Say in which precisions operations ran, natively or not.

    Where none ran lower, it is the one declared; so it is said to be where nothing was told.
    """
    result = subject.result
    uses: Mapping[str, EngineUse] = {} if result is None else result.engines
    use, found = uses.get(name), dict[str, int]()
    for one in use.precisions if use else ():
        key = one.precision if one.execution == "native" else f"{one.precision} ({one.execution})"
        found[key] = found.get(key, 0) + one.count
    if found:
        ranked = sorted(found, key=lambda key: -found[key])
        return ", ".join(ranked[:OPERATIONS])
    declared = {} if result is None else {facts.name: facts.precision for facts in result.variants}
    if use and not use.tells:
        return f"not told by {use.engine}"
    said = declared.get(name) or "unknown"
    return said if use else f"{said} as declared"
