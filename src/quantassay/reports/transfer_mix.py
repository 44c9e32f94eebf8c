"""Losses at a deployment's mix, of the strata that may not degrade, and what would turn them."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.cells import stratum_label
from ..records.transfer import CriticalReading, Reweighted, StratumShare, Transfer
from .blocks import Bullets, Column, Section, Table, Value
from .figures import UNDEFINED, Scale, bracket, number, scale, share, trimmed, with_unit
from .names import short
from .wording import verdict_value

COLUMNS = (
    Column("stratum", prose=True),
    Column("there", numeric=True),
    Column("test set", numeric=True),
    Column("n", numeric=True),
    Column("loss", numeric=True),
    Column("verdict", brief=False),
    Column("method", brief=False, prose=True),
)
# a terminal shows the strata that weigh most
FEW = 12


def readings(one: Reweighted | CriticalReading) -> Iterator[str]:
    """Say one reading in a line, unless it is there for its shift alone."""
    unit = scale(one.unit)
    if isinstance(one, CriticalReading):
        n = "" if one.n is None else f"n {one.n:,}, "
        name, facts = (
            f"{one.metric} @ {short(stratum_label(one.stratum))}",
            f"{n}{_margin(one, unit)}",
        )
    elif one.declared:
        name, facts = (
            f"{one.metric} at the mix by {short(one.dimension)}",
            f"n {one.n:,}, {_margin(one, unit)}",
        )
    else:
        return
    if one.loss is None:
        yield f"{name}: no figure: {one.reason}"
        return
    figure = f"{_figure(one.loss, one.interval, unit, one.margin)} against {short(one.reference)}"
    yield f"{name}: loss {figure} ({facts}; {one.method})"


def _margin(one: Reweighted | CriticalReading, unit: Scale) -> str:
    if one.margin is None:
        return "no margin"
    whose = f" of the {one.margin_of}" if one.margin_of else ""
    return f"margin {_limit(one.margin, unit)}{whose}"


def _limit(margin: float, unit: Scale) -> str:
    return with_unit(trimmed(unit.of(margin), 6), unit.loss_unit)


def _figure(
    loss: float | None, interval: tuple[float, float] | None, unit: Scale, margin: float | None
) -> str:
    if loss is None:
        return UNDEFINED
    decimals = unit.decimals
    limit = None if margin is None else unit.of(margin)
    ends = [] if interval is None else [unit.of(end) for end in interval]
    # an end never looks equal to a margin that it is not equal to
    while (
        limit is not None
        and decimals < 9
        and any(
            number(end, decimals) == number(limit, decimals) != number(end, 9)
            and abs(end - limit) > 1e-9
            for end in ends
        )
    ):
        decimals += 1
    text = with_unit(number(unit.of(loss), decimals), unit.loss_unit)
    return f"{text} {bracket(ends, decimals)}" if interval else f"{text}, no interval"


def mixes(found: Transfer) -> Iterator[Section]:
    """Show every mix with its strata, those that weigh most first."""
    tables = tuple(_table(one) for one in found.reweighted if one.declared and one.strata)
    if tables:
        yield Section("mix", "Strata of the deployment's mix", tables, brief=True)


def _table(one: Reweighted) -> Table:
    unit = scale(one.unit)
    where = "as declared" if one.counted is None else f"as counted from {one.counted:,} samples"
    caption = f"{one.metric} of {short(one.candidate)} by {short(one.dimension)}, {where}"
    order = sorted(one.strata, key=lambda stratum: -stratum.share)
    note = "; ".join(one.refused[:3]) if one.refused else ""
    return Table(caption, COLUMNS, tuple(_row(s, unit) for s in order), note, few=FEW)


def _row(one: StratumShare, unit: Scale) -> tuple[Value, ...]:
    return (
        Value(short(one.value)),
        Value(share(one.share, 1), one.share),
        Value(share(one.test_share, 1), one.test_share),
        Value(f"{one.n:,}", float(one.n)),
        Value(_figure(one.loss, one.interval, unit, None), one.loss),
        verdict_value(one.verdict),
        Value(one.method or "not measured"),
    )


def critical(found: Transfer) -> Iterator[Section]:
    """Show the strata that may not degrade."""
    if not found.critical:
        return
    columns = (Column("stratum", prose=True), Column("n", numeric=True),
               Column("loss", numeric=True), Column("margin", numeric=True), Column("verdict"),
               Column("margin of", brief=False),
               Column("why", brief=False, prose=True))  # fmt: skip
    several = len(found.candidates) > 1
    rows = tuple(_critical_row(one, several) for one in found.critical)
    table = Table("each is judged by its own cell of the claim", columns, rows)
    yield Section("critical", "Strata that may not degrade", (table,), brief=True)


def _critical_row(one: CriticalReading, several: bool) -> tuple[Value, ...]:
    unit = scale(one.unit)
    of = f" of {short(one.candidate)}" if several else ""
    return (
        Value(f"{one.metric} @ {short(stratum_label(one.stratum))}{of}"),
        Value("0" if one.n is None else f"{one.n:,}"),
        Value(_figure(one.loss, one.interval, unit, one.margin)),
        Value("no margin" if one.margin is None else _limit(one.margin, unit)),
        verdict_value(one.verdict),
        Value(one.margin_of or UNDEFINED),
        Value(one.reason),
    )


def shifts(found: Transfer) -> Iterator[Section]:
    """Say which shift of each mix would turn its reading."""
    lines = tuple(_shift(one) for one in found.reweighted if one.shift is not None)
    if lines:
        yield Section("shifts", "Sensitivity to the mix", (Bullets(lines),), brief=True)


def _shift(one: Reweighted) -> str:
    shift, start = one.shift, "" if one.declared else ", from the mix of the test set"
    name = f"{one.metric} of {short(one.candidate)} by {short(one.dimension)}{start}"
    if shift is None or shift.share is None:
        return f"{name}: no mix of the measured strata would turn it"
    parts = [f"{share(m.share, 1)} of the traffic from {short(m.origin)}" for m in shift.moves[:3]]
    more = f" and {len(shift.moves) - 3} more strata" if len(shift.moves) > 3 else ""
    to = short(shift.moves[0].to) if shift.moves else "another stratum"
    return f"{name}: {' and '.join(parts)}{more} moved to {to} would turn it into {shift.turns}"
