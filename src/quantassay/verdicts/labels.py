"""What is said of cells whose gold answers are missing: which labels would decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quantassay.records.cells import Cell


def awaiting_labels(
    cells: Sequence[Cell], changed: Sequence[int], missing: Sequence[int], unused: str = ""
) -> list[Cell]:
    """Say of each cell how many samples could lose, and how many labels would decide it.

    Parameters
    ----------
    cells
        Judged with missing gold answers at their worst.
    changed, missing
        Samples of each cell whose outputs could change its loss, and those of them still without
        a gold answer.
    unused
        Why gold answers that there are were not used, '' where they were.
    """
    return [
        _awaiting(cell, int(could), int(open_), unused)
        for cell, could, open_ in zip(cells, changed, missing, strict=True)
    ]


def _awaiting(cell: Cell, changed: int, missing: int, unused: str) -> Cell:
    if not missing:
        return replace(cell, changed=changed, labels_needed=0)
    wanted = missing if cell.verdict == "inconclusive" else 0
    return replace(
        cell,
        changed=changed,
        labels_needed=wanted,
        losses=None,
        gains=None,
        needed_n=None,
        reason=_reason(cell, changed, missing, unused),
    )


def _reason(cell: Cell, changed: int, missing: int, unused: str) -> str:
    outputs = f"{changed:,} of {cell.n:,} outputs changed in a way that could cost"
    match cell.verdict:
        case "pass" if cell.interval is not None:
            return (
                f"no more labels needed: {outputs}, and whatever the missing targets the loss is "
                f"at most {cell.interval[1]:.4g}, below the margin of {cell.margin:g}"
            )
        case "inconclusive":
            most = "at most " if missing > 1 else ""
            return unused or f"{outputs}: label {most}{missing:,} of {cell.n:,} samples to decide"
        case None if cell.role == "described":
            return f"{cell.reason}; {outputs}, {missing:,} of them without a target"
        case _:
            return cell.reason
