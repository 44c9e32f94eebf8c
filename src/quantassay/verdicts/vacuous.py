"""Passes that no answers could have missed: a reference with less to lose than the margin."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from quantassay.records.cells import Cell, MetricFacts


def without_vacuous(cells: Sequence[Cell], metrics: Collection[MetricFacts]) -> list[Cell]:
    """Give no pass where losing all that the reference scores would be within the margin.

    Said of metrics alone that are a share and better when higher, so that the least score is 0.
    """
    shares = {each.name for each in metrics if each.higher_is_better and each.unit == "fraction"}
    return [_withheld(cell) if cell.metric in shares else cell for cell in cells]


def _withheld(cell: Cell) -> Cell:
    if cell.verdict != "pass" or cell.margin is None or cell.reference_value is None:
        return cell
    if cell.reference_value > cell.margin:
        return cell
    reason = (
        f"the reference itself scores {cell.reference_value:.4g}: losing all of it would be within "
        f"the margin of {cell.margin:g}"
    )
    return replace(cell, verdict="insufficient", reason=reason)
