"""What the losses of several calibrations amount to, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.evidence.drawn import MOST_SHARED, drawn_figures
from quantassay.records.study import StudyCell

from .measuring import Arranged

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class OneDraw:
    """The cells of one metric after one calibration.

    ``low`` and ``high`` (G,) are the ends of each loss; ``values`` the jackknife values of each,
    None where the loss is no function of sums.
    """

    cells: Arranged
    low: Floats
    high: Floats
    values: Sequence[Floats] | None


def study_cells(
    metric: str, size: int, draws: Sequence[OneDraw], shared: float, confidence: float
) -> Iterator[StudyCell]:
    """Yield every cell of one metric over the draws of one size."""
    for index in range(len(draws[0].cells.declared)):
        yield _cell(metric, size, draws, index, (shared, confidence))


def _cell(
    metric: str, size: int, draws: Sequence[OneDraw], index: int, how: tuple[float, float]
) -> StudyCell:
    declared, evidence = draws[0].cells.declared[index], draws[0].cells.evidence
    losses = [float(one.cells.evidence.loss[index]) for one in draws]
    undefined = not all(isfinite(loss) for loss in losses)
    below, above = (None, None) if undefined else _ends(draws, index, losses)
    noise = None if undefined else _noise(draws, index)
    figures = drawn_figures([] if undefined else losses, (below, above), noise, *how)
    return StudyCell(
        metric=metric,
        stratum=declared.stratum,
        samples=size,
        n=int(evidence.n[index]),
        losses=() if undefined else tuple(losses),
        loss=figures.loss,
        below=below,
        above=above,
        fresh=figures.fresh,
        noise=None if noise is None else (noise.between, noise.within, noise.error),
        spread=figures.spread,
        spread_interval=figures.spread_interval,
        share=figures.share,
        share_interval=figures.share_interval,
        margin=declared.margin,
        gate=declared.role == "gate",
        reason=_reason(draws, index, undefined, how[0]),
    )


def _ends(
    draws: Sequence[OneDraw], index: int, losses: Sequence[float]
) -> tuple[float | None, float | None]:
    """Return how far the ends of a draw's own interval lie from its loss, on average."""
    below = np.mean([loss - one.low[index] for one, loss in zip(draws, losses, strict=True)])
    above = np.mean([one.high[index] - loss for one, loss in zip(draws, losses, strict=True)])
    found = float(below), float(above)
    return found if all(isfinite(end) for end in found) else (None, None)


def _noise(draws: Sequence[OneDraw], index: int) -> stats.SampleNoise | None:
    """Return what a finite test set makes of the losses; None where it cannot be told."""
    values = [one.values[index] for one in draws if one.values is not None]
    if len(values) < len(draws) or not all(np.isfinite(each).all() for each in values):
        return None
    found = stats.sample_noise(values)
    return found if isfinite(found.error) else None


def _reason(draws: Sequence[OneDraw], index: int, undefined: bool, shared: float) -> str:
    """Say why a figure is None; '' where none is."""
    evidence = draws[0].cells.evidence
    if undefined:
        return evidence.undefined[index] or "undefined after one of the calibrations"
    if shared > MOST_SHARED:
        return (
            f"draws have {100 * shared:.0f} % of their samples in common: too few to draw from to "
            "tell how far a fresh one may lie"
        )
    reasons = []
    if draws[0].values is None:
        reasons.append("what the test set adds to the spread of draws is not known of this metric")
    elif _noise(draws, index) is None:
        reasons.append("too few samples to tell the spread of draws from that of samples")
    elif len({float(one.cells.evidence.loss[index]) for one in draws}) == 1:
        reasons.append("all draws lose the same here: this test set shows no spread between them")
    if _ends(draws, index, [0.0] * len(draws)) == (None, None):
        reasons.append(evidence.undefined[index] or "the loss of one draw has no interval")
    return "; ".join(reasons)
