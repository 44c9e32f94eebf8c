"""Sample size against effect: how wide the intervals are beside margins and losses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quantassay.records.cells import Cell, Comparison


@dataclass(frozen=True)
class SampleSize:
    """How many samples a candidate's figures rest on, and its widest interval.

    ``metric``, ``stratum``, ``interval``, ``loss`` and ``margin`` are those of the cell with the
    widest interval for its margin; of the widest overall one where no margin stands. ``share`` is
    the interval's width over the margin, ``smallest_detectable`` the loss that the cell could have
    shown.
    """

    n: int
    clusters: int | None
    metric: str
    stratum: Mapping[str, str]
    interval: tuple[float, float]
    loss: float | None
    margin: float | None
    share: float | None
    smallest_detectable: float | None


def sample_size(comparison: Comparison, candidate: str) -> SampleSize | None:
    """Return it of one candidate; None where no cell has an interval."""
    own = [cell for cell in comparison.cells if cell.candidate == candidate and cell.interval]
    judged = [cell for cell in own if cell.margin]
    cell = _widest(judged or [cell for cell in own if not cell.stratum])
    if cell is None or cell.interval is None:
        return None
    whole = [each for each in own if not each.stratum and each.metric == cell.metric] or [cell]
    return SampleSize(
        n=whole[0].n,
        clusters=whole[0].clusters,
        metric=cell.metric,
        stratum=cell.stratum,
        interval=cell.interval,
        loss=cell.loss,
        margin=cell.margin,
        share=_width(cell) / cell.margin if cell.margin else None,
        smallest_detectable=cell.smallest_detectable,
    )


def _widest(cells: Sequence[Cell]) -> Cell | None:
    return max(cells, key=lambda cell: _width(cell) / (cell.margin or 1.0), default=None)


def _width(cell: Cell) -> float:
    low, high = cell.interval or (0.0, 0.0)
    return high - low
