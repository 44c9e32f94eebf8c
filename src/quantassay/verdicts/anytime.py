"""Undeclared looks: a decision stands only by a bound that holds at every look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from quantassay import stats
from quantassay.evidence.anytime import anytime_p
from quantassay.records.cells import Cell, stratum_label

from .cells import Group

Key = tuple[str, str]


def anytime_by_cell(groups: Sequence[Group]) -> dict[Key, tuple[float, float]]:
    """Return p within and p beyond that hold at every look, by metric and stratum."""
    found = {}
    for group in groups:
        margin = np.array([0.5 if d.margin is None else d.margin for d in group.declared])
        within, beyond = anytime_p(group.evidence, margin)
        for g, one in enumerate(group.declared):
            found[group.metric, stratum_label(one.stratum)] = float(within[g]), float(beyond[g])
    return found


def held(
    cells: Sequence[Cell],
    p: Mapping[Key, tuple[float, float]],
    alpha: float,
    times: int,
    reserved: int = 0,
) -> list[Cell]:
    """Keep a PASS or FAIL only where it holds at every look; one candidate's cells.

    ``reserved`` hypotheses share Holm's rule with the gate cells and are judged after them.
    """
    within, beyond = np.array([p.get(_key(cell), (np.nan, np.nan)) for cell in cells]).T
    adjusted = np.full(len(cells), np.nan)
    for role in ("gate", "watch"):
        family = np.array([cell.role == role for cell in cells])
        if family.any():
            later = np.ones(reserved if role == "gate" else 0)
            adjusted[family] = stats.holm(np.append(beyond[family], later))[: family.sum()]
    why = f"different results were computed {times} times, and no such look was declared"
    return [
        _held(cell, float(passing if cell.verdict == "pass" else failing), alpha, why)
        for cell, passing, failing in zip(cells, within, adjusted, strict=True)
    ]


def _held(cell: Cell, p: float, alpha: float, why: str) -> Cell:
    if cell.verdict not in ("pass", "fail") or p <= alpha:
        return cell
    if np.isnan(p):
        reason = f"{why}: for this metric no bound is known that holds at every look"
        return replace(cell, verdict="insufficient", reason=reason)
    reason = (
        f"{why}: it would {cell.verdict} at a single look, and not by the bound that holds at "
        f"every look (p {p:.2g} > {alpha:g})"
    )
    return replace(cell, verdict="inconclusive", reason=reason)


def _key(cell: Cell) -> Key:
    return cell.metric, stratum_label(cell.stratum)
