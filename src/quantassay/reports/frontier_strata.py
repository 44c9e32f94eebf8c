"""Where another variant is the fastest that passes than on the whole."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.frontier import Frontier, StratumFrontier
from .blocks import Column, Table, Value
from .figures import NOT_APPLICABLE, Scale, ratio, trimmed
from .frontier_figures import loss_text
from .names import counted, several, short, stratum

_NAMED = 6
_FEW = 6


def elsewhere(one: Frontier) -> Iterator[str]:
    """Say on which strata the fastest that passes is not that of the whole test set."""
    whole = one.whole.fastest
    if not one.strata:
        return
    others: dict[str | None, list[str]] = {}
    for part in one.strata:
        if part.fastest != whole:
            others.setdefault(part.fastest, []).append(stratum(part.stratum))
    if not others and whole is not None:
        yield f"The same on each of {counted(len(one.strata), 'stratum', 'strata')}."
    against = "none" if whole is None else short(whole)
    for name, labels in others.items():
        where = several(labels, _NAMED)
        if name is None:
            yield f"None passes on {where}, although {against} does over all samples."
        else:
            yield f"Another is the fastest that passes on {where}: {short(name)}, not {against}."


def by_stratum(one: Frontier, scale: Scale) -> Iterator[Table]:
    """Tabulate the fastest that passes on each stratum, those that differ first."""
    if not one.strata:
        return
    differ = [part for part in one.strata if part.fastest != one.whole.fastest]
    same = [part for part in one.strata if part.fastest == one.whole.fastest]
    unit = f", {scale.loss_unit}" if scale.loss_unit else ""
    yield Table(
        caption="Fastest that passes, by stratum",
        columns=(
            Column("Stratum"),
            Column(f"Margin{unit}", numeric=True, brief=False),
            Column("Fastest that passes"),
            Column("Throughput ratio", numeric=True),
            Column(f"Its loss of {one.metric}{unit}", numeric=True),
            Column("Candidates that pass", numeric=True, brief=False),
            Column("Why none", prose=True, brief=False),
        ),
        rows=tuple(_row(one, part, scale) for part in (*differ, *same)),
        few=min(len(differ), _FEW),
    )


def _row(one: Frontier, part: StratumFrontier, scale: Scale) -> tuple[Value, ...]:
    at = next((point for point in part.points if point.variant == part.fastest), None)
    passing = sum(point.passes for point in part.points if point.variant != one.reference)
    none = Value(NOT_APPLICABLE)
    margin = part.margin
    return (
        Value(stratum(part.stratum)),
        none if margin is None else Value(trimmed(scale.of(margin), 6), margin),
        Value("none" if part.fastest is None else short(part.fastest)),
        none if at is None else Value(ratio(at.speed, at.speed_interval), at.speed),
        none if at is None else Value(loss_text(at, scale), at.loss),
        Value(f"{passing:,}", passing),
        Value(part.reason if part.fastest is None else NOT_APPLICABLE),
    )
