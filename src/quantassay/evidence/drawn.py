"""The loss of a cell over several draws of what calibrates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from quantassay import stats
from quantassay.records.samples import Partition
from quantassay.records.study import Ends

from .binary import Binary
from .bucketed import bucket_sums
from .contract import Codes, Floats, Value
from .mean import Mean
from .ratio import FIXED, Ratio


def sums_tell(kind: Any) -> bool:
    """Return whether a loss of this kind is a function of the sums of its rows in any part."""
    return isinstance(kind, Binary | Mean | Ratio)


def jackknife_losses(
    reference: Floats,
    candidate: Floats,
    partitions: Sequence[Partition],
    units: Codes | None,
    value: Value,
    higher_is_better: bool,
) -> list[Floats]:
    """Return jackknife values of the loss of every cell, (units of the cell,) each.

    ``g`` units give ``g`` times the loss less ``g - 1`` times the loss without one of them: for a
    mean, the differences themselves; else linear in each unit as far as the loss is smooth (Miller,
    The jackknife: a review, 1974). Clusters are units; over 500 units are grouped by hash.

    Parameters
    ----------
    reference, candidate
        Rows (n, d) of both sides; what their kind is, `sums_tell` about.
    """
    own = np.arange(len(reference)) if units is None else units
    sums = bucket_sums(FIXED.encode(reference), FIXED.encode(candidate), own, partitions)
    sign, found = 1.0 if higher_is_better else -1.0, []

    def loss(rows: Any, size: Any) -> Floats:
        first, second = (value(FIXED.decode(side), size) for side in rows)
        return np.asarray(sign * (first - second))

    for cell in range(sum(len(part.labels) for part in partitions)):
        at = sums.cell == cell
        sides, sizes = [sums.reference[at], sums.candidate[at]], sums.n[at].astype(float)
        totals = [side.sum(axis=0, keepdims=True) for side in sides]
        with np.errstate(invalid="ignore", divide="ignore"):
            whole = loss(totals, np.array([sizes.sum()]))
            rest = [total - side for total, side in zip(totals, sides, strict=True)]
            without = loss(rest, sizes.sum() - sizes)
        found.append(np.asarray(len(sizes) * whole - (len(sizes) - 1) * without))
    return found


MOST_SHARED = 0.5


@dataclass(frozen=True)
class DrawnFigures:
    """What the losses of several draws amount to; None where undefined.

    Where all draws lose the same, the spread is 0 and has no interval: what does not vary here may
    vary on other samples.
    """

    loss: float | None
    fresh: Ends | None
    spread: float | None
    spread_interval: Ends | None
    share: float | None
    share_interval: Ends | None


def drawn_figures(
    losses: Sequence[float],
    ends: tuple[float | None, float | None],
    noise: stats.SampleNoise | None,
    shared: float,
    confidence: float,
) -> DrawnFigures:
    """Return what the losses of several draws amount to.

    Parameters
    ----------
    losses
        Of every draw, on the same samples.
    ends
        How far the ends of a draw's own interval lie below and above its loss, on average.
    noise
        What finite samples do to the losses; None where that is not known.
    shared
        Share of its samples that a draw has in common with another; over a half, nothing can be
        told of a fresh one.
    """
    loss = float(np.mean(losses)) if losses else None
    if shared > MOST_SHARED:
        return DrawnFigures(loss, None, None, None, None, None)
    x, (below, above) = np.asarray(losses, float), (np.nan if end is None else end for end in ends)
    noise = noise or stats.SampleNoise(np.nan, np.nan, np.nan)
    fresh = stats.fresh_draw_interval(x, x - below, x + above, confidence, shared)
    spread = stats.between_draws(x, noise, confidence, shared)
    share = stats.share_of_draws(spread, noise.within)
    varies = spread.high > 0
    return DrawnFigures(
        loss,
        _ends(fresh.low, fresh.high),
        spread.estimate if isfinite(spread.estimate) else None,
        _ends(spread.low, spread.high) if varies else None,
        share.estimate if isfinite(share.estimate) else None,
        _ends(share.low, share.high) if varies else None,
    )


def _ends(low: float, high: float) -> Ends | None:
    return (low, high) if isfinite(low) and isfinite(high) else None
