"""What a plan comes to, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.cells import stratum_label
from ..records.planned import Planned, PlannedCell
from . import figures
from .names import printable

MOST_NAMED = 6
STRICT = (
    "no sample size is worked out for strict bounds; right-or-wrong cells need about as many as "
    "without, means and clusters up to twice as many"
)
CHEAP = 0.05


def margin(cell: PlannedCell, value: float, digits: int = 6) -> str:
    """Write a margin or loss in the metric's unit: ``0.5 pp``."""
    unit = figures.scale(cell.unit)
    return figures.with_unit(f"{unit.of(value):.{digits}g}", unit.loss_unit)


def probability(value: float | None) -> str:
    """Write a power: ``.90``; what rounds to one stays below it."""
    if value is None:
        return "–"
    if value >= 0.995:
        return ">.99"
    return f"{value:.2f}".removeprefix("0")


def conclusions(planned: Planned) -> Iterator[str]:
    """Yield what the figures come to, one sentence a line."""
    yield from _never(planned)
    if planned.strict:
        yield STRICT
    yield from _overall(planned)
    yield from _at_floors(planned)
    yield from _caps(planned)
    yield from _undefined(planned)
    yield from _read_as(planned)
    if planned.largest_n is not None:
        yield f"a run that may stop early takes n {planned.largest_n:,} at most"
    for text in planned.assumptions:
        yield f"assumed: {text}"


def _named(cell: PlannedCell) -> str:
    return f"{printable(cell.metric)} @ {printable(stratum_label(cell.stratum))}"


def _never(planned: Planned) -> Iterator[str]:
    for cell in planned.cells:
        unknown = cell.floor_n is None and any(one.why for one in cell.outlooks)
        absent = cell.n is None or not planned.rubric
        if not cell.can_pass and not (unknown and absent):
            at = f"can never pass: {_named(cell)} at {margin(cell, cell.margin)}: "
            if cell.floor_n is None:
                yield at + (cell.why or "no n suffices")
            else:
                yield at + f"needs n {cell.floor_n:,} at the least, has {cell.n:,}"


def _overall(planned: Planned) -> Iterator[str]:
    for name, found in planned.overall.items():
        if found is None and planned.n is not None:
            yield f"{name}: power of the overall PASS is undefined: a gate cell has none"
        if found is None:
            continue
        if found.cells == 1:
            yield f"{name}: power of the PASS {probability(found.independent)} at n {planned.n:,}"
            continue
        yield (
            f"{name}: power of the overall PASS {probability(found.independent)} if the "
            f"{found.cells} gate cells are independent, {probability(found.at_least)} to "
            f"{probability(found.at_most)} whatever their dependence; "
            f"for {probability(planned.power)} each needs {f'{found.power_each:.4f}'[1:]}"
        )


def _at_floors(planned: Planned) -> Iterator[str]:
    found = [
        outlook.power_at_floor
        for cell in planned.cells
        for outlook in cell.outlooks
        if outlook.power_at_floor is not None
    ]
    if found:
        low, high = probability(min(found)), probability(max(found))
        span = low if low == high else f"{low} to {high}"
        yield (
            f"at its floor a cell can pass, but seldom does: power there is {span}; plan for "
            "'needed', not for the floor"
        )


def _caps(planned: Planned) -> Iterator[str]:
    """Name what a cap costs, once a metric and scenario."""
    for index, scenario in enumerate(planned.scenarios):
        seen: set[str] = set()
        for cell in planned.cells:
            one = cell.outlooks[index]
            if cell.metric in seen or one.needed is None or one.uncapped is None:
                continue
            seen.add(cell.metric)
            cost = one.needed - one.uncapped
            if cell.cap is not None and cost > CHEAP * one.uncapped:
                yield (
                    f"{scenario}: the cap of {cell.cap:g} costs {_named(cell)} {cost:,} samples: "
                    f"{one.needed:,} are needed, without it {one.uncapped:,}"
                )


def _undefined(planned: Planned) -> Iterator[str]:
    reasons: dict[tuple[str, str], list[str]] = {}
    for cell in planned.cells:
        for scenario, outlook in zip(planned.scenarios, cell.outlooks, strict=True):
            if outlook.why:
                reasons.setdefault((cell.metric, outlook.why), []).append(scenario)
    for (metric, why), scenarios in reasons.items():
        yield f"{printable(metric)}, {', '.join(dict.fromkeys(scenarios))}: {printable(why)}"


def _read_as(planned: Planned) -> Iterator[str]:
    """Say what each metric's figures are taken from, and how they are made."""
    methods: dict[str, str] = {}
    for cell in planned.cells:
        for outlook in cell.outlooks:
            if outlook.method:
                methods.setdefault(cell.metric, outlook.method)
    for metric, method in methods.items():
        yield f"{printable(metric)}: {method}"
    yield from _pilots(planned)
    yield from _columns(planned)


def _columns(planned: Planned) -> Iterator[str]:
    """Say what each column means."""
    yield "floor: the least n that could pass"
    if not planned.scenarios:
        return
    if planned.several:
        yield "for all: n at which all gate cells pass together with the power wanted"
    yield "at floor: power at that n"
    if planned.n is not None:
        yield "power: chance of a PASS at the n that is there"
        yield "detects: the smallest margin that this n passes with the power wanted"
        yield (
            "half-width: expected upper end of the interval above the true loss, which must stay "
            "below margin less loss"
        )


def _pilots(planned: Planned) -> Iterator[str]:
    """Say what a pilot showed, once for all cells of which it showed the same."""
    shown: dict[tuple[str, str], list[str]] = {}
    for cell in planned.cells:
        for outlook in cell.outlooks:
            if outlook.source == "pilot":
                names = shown.setdefault((cell.metric, outlook.basis), [])
                names.append(stratum_label(cell.stratum))
    for (metric, basis), names in shown.items():
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        where = ", ".join(map(printable, names[:MOST_NAMED]))
        yield f"{printable(metric)} @ {where}{more}: {basis}"
