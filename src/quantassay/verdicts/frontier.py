"""Throughput against loss: who is dominated with confidence, and the fastest that passes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.records.frontier import Point, StratumFrontier

Floats = NDArray[np.float64]
NOBODY = "the only candidate that gates does not pass"
NOBODY_AT_ONCE = "no candidate passes at the level shared among {} candidates"
NOT_GATED = "no cell gates here"


@dataclass(frozen=True)
class Pairs:
    """p of ordered pairs of variants (k, k): that i loses no more than j, and is no slower.

    NaN where a pair shares no samples, or no blocks.
    """

    p_worse: Floats
    p_slower: Floats


def shared_level(alpha: float, candidates: int) -> float:
    """Return the one-sided level of each candidate that may be chosen.

    The fastest of those that pass at ``alpha`` over their number is at or beyond its margin with
    probability ``alpha`` at most, however candidates depend on each other and whatever orders
    them: Bonferroni's inequality, as in `stats.fastest_first`.
    """
    return alpha / max(candidates, 1)


def stratum_frontier(
    stratum: Mapping[str, str],
    margin: float | None,
    points: Sequence[Point],
    pairs: Pairs,
    alpha: float,
    gated: tuple[bool, int],
) -> StratumFrontier:
    """Set the variants of one stratum against each other.

    Parameters
    ----------
    stratum, margin
        Which one, and the margin of the metric in it.
    points
        The reference first, then every candidate; dominated by none yet.
    pairs
        In the order of the points.
    alpha
        One-sided, of all pairs of this stratum together.
    gated
        Whether any cell gates here, and how many candidates share the level.
    """
    adjusted = dominance(pairs)
    fastest, reason = chosen(points, gated)
    return StratumFrontier(
        stratum=dict(stratum),
        margin=margin,
        points=tuple(_dominated(one, points, adjusted[i], alpha) for i, one in enumerate(points)),
        fastest=fastest,
        reason=reason,
    )


def dominance(pairs: Pairs) -> Floats:
    """Return adjusted p (k, k) that i is dominated by j; one that is not known counts as 1.

    A pair without common blocks stays a member of Holm's family, so that the others do not gain by
    what could not be measured.
    """
    sides = (np.where(np.isnan(p), 1.0, p) for p in (pairs.p_worse, pairs.p_slower))
    return stats.dominated(*sides)


def chosen(points: Sequence[Point], gated: tuple[bool, int]) -> tuple[str | None, str]:
    """Return the fastest that passes, and a reason where there is none or more to say."""
    any_gate, candidates = gated
    if not any_gate:
        return None, NOT_GATED
    passing = [one for one in points if one.passes]
    untimed = [one.variant for one in passing if one.speed is None]
    timed = [one for one in passing if one.speed is not None]
    too = "pass, and were" if len(untimed) > 1 else "passes, and was"
    more = f"{', '.join(untimed)} {too} not timed beside the others" if untimed else ""
    if not timed:
        return None, more or (NOBODY if candidates == 1 else NOBODY_AT_ONCE.format(candidates))
    best = max(timed, key=_speed)
    slower = "it is slower than the reference" if _speed(best) < 1 else ""
    return best.variant, "; ".join(filter(None, [slower, more]))


def _speed(one: Point) -> float:
    assert one.speed is not None
    return one.speed


def _dominated(one: Point, others: Sequence[Point], adjusted: Floats, alpha: float) -> Point:
    above = [other.variant for other, p in zip(others, adjusted, strict=True) if p <= alpha]
    known = adjusted[~np.isnan(adjusted)]
    smallest = float(known.min()) if len(known) else None
    return replace(one, dominated_by=tuple(above), p_dominated=smallest)
