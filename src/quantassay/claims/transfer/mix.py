"""The loss at a deployment's mix of strata, from the cells of a claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.records.cells import MetricFacts, Verdict
from quantassay.records.transfer import Reweighted, StratumShare

from .claimed import Claimed, ClaimedCandidate
from .refusals import Mix, refusals, unusable
from .shifts import Strata, smallest_shift, worst_within

Floats = NDArray[np.float64]
# limits whose recovery was enumerated or simulated: benchmarks/validity/standardized.py
RECOVERED = ("paired binary, E p-value", "paired t with pseudo-", "cluster t with pseudo-")
APART = "re-weighted from stratum limits by MOVER, strata without a common cluster"
TOGETHER = "re-weighted stratum limits, added: no independence of strata is assumed"
AS_MEASURED = "the claim's own cell: this is the mix of the test set"
SAME = 1e-6


def reweighted(
    claim: Claimed,
    candidate: ClaimedCandidate,
    facts: MetricFacts,
    mix: Mix,
    margin: float | None,
) -> Reweighted:
    """Return the loss of one candidate at a mix, with its verdict; or why there is none.

    Parameters
    ----------
    claim, candidate, facts
        What was measured.
    mix
        Where the loss is wanted.
    margin
        Largest loss accepted there; None: nothing is judged.
    """
    test = claim.task.strata.get(mix.dimension, {})
    strata = tuple(_share(candidate, facts.name, mix, value, test) for value in mix.shares)
    found = Reweighted(
        candidate=candidate.name,
        reference=claim.reference.name,
        metric=facts.name,
        unit=facts.unit,
        dimension=mix.dimension,
        declared=mix.declared,
        counted=mix.counted,
        strata=strata,
        n=sum(one.n for one in strata if one.share > 0),
        loss=None,
        interval=None,
        method="",
        margin=margin,
        verdict=None,
        reason="",
    )
    refused = refusals(claim, candidate, facts, mix)
    if refused:
        return replace(found, verdict="insufficient", reason=refused[0], refused=tuple(refused))
    apart = separate(candidate, facts.name, mix.dimension)
    figured = _figured(found, candidate, mix, apart)
    strata_there = _measured(candidate, figured, apart)
    level, higher = 1 - claim.confidence, facts.higher_is_better
    return _judged(figured, candidate, mix, strata_there, level, higher)


def _share(
    candidate: ClaimedCandidate, metric: str, mix: Mix, value: str, test: Mapping[str, int]
) -> StratumShare:
    cell = candidate.cell(metric, {mix.dimension: value})
    whole = sum(test.values())
    return StratumShare(
        value=value,
        share=mix.shares[value],
        test_share=test.get(value, 0) / whole if whole else 0.0,
        n=cell.n if cell else 0,
        loss=cell.loss if cell else None,
        interval=cell.interval if cell else None,
        verdict=cell.verdict if cell else None,
        method=cell.method if cell else "",
    )


def _figured(found: Reweighted, candidate: ClaimedCandidate, mix: Mix, apart: bool) -> Reweighted:
    """Give the loss and its interval at the mix."""
    whole = candidate.cell(found.metric, {})
    off = sum(abs(one.share - one.test_share) for one in found.strata) / 2
    given = mix.counts is None and off <= SAME
    if given and whole and not unusable(whole) and found.n == whole.n:
        method = f"{AS_MEASURED} ({whole.method})"
        return replace(found, loss=whole.loss, interval=whole.interval, method=method)
    loss, ends, shares = figures(found)
    combined = stats.standardized if apart else stats.standardized_shared
    mean, low, high = combined(loss, ends, shares)
    interval, method = (float(low), float(high)), APART if apart else TOGETHER
    return replace(found, loss=float(mean), interval=interval, method=method)


def figures(found: Reweighted) -> tuple[Floats, tuple[Floats, Floats], Floats]:
    """Return losses, both ends and shares of the strata of a mix that have a share."""
    used = [one for one in found.strata if one.share > 0]
    ends = [one.interval or (np.nan, np.nan) for one in used]
    loss = np.array([np.nan if one.loss is None else one.loss for one in used])
    low, high = np.array(ends, np.float64).T
    # rounding on the way through a file must not push a loss out of its interval
    return loss, (np.minimum(low, loss), np.maximum(high, loss)), np.array([o.share for o in used])


def separate(candidate: ClaimedCandidate, metric: str, dimension: str) -> bool:
    """Return whether no cluster can reach over two strata of a dimension, and limits are known.

    Where all strata together hold every sample, and as many clusters as the whole has, none is
    counted in two of them.
    """
    whole = candidate.cell(metric, {})
    cells = [
        cell
        for cell in candidate.cells
        if cell.metric == metric and cell.stratum.keys() == {dimension} and cell.n > 0
    ]
    if whole is None or not all(cell.method.startswith(RECOVERED) for cell in cells):
        return False
    if whole.clusters is None:
        return all(cell.clusters is None for cell in cells)
    return (
        sum(cell.n for cell in cells) == whole.n
        and sum(cell.clusters or cell.n for cell in cells) == whole.clusters
    )


def _judged(
    found: Reweighted,
    candidate: ClaimedCandidate,
    mix: Mix,
    strata: Strata,
    alpha: float,
    higher: bool,
) -> Reweighted:
    """Give the verdict, and the shift of the mix that would turn it."""
    if found.interval is None or found.margin is None:
        return replace(found, reason="no margin stands for this metric: say metric.margin")
    verdict, reason = verdict_of(found.interval, found.margin)
    if verdict == "pass":
        worst = _worst(found, mix, strata, alpha)
        least = _to_lose(found, candidate, higher)
        if least is not None and least <= found.margin:
            verdict = "insufficient"
            reason = (
                f"the reference would lose {least:.4g} at worst at this mix: all that it has to "
                "lose is within the margin"
            )
        elif worst is not None and worst >= found.margin:
            verdict = "inconclusive"
            ends = f"would end at {worst:.4g}" if np.isfinite(worst) else "has no end"
            reason = (
                f"within the margin at the mix as counted, but {mix.counted:,} samples leave mixes "
                f"open at which the interval {ends}"
            )
    judged = replace(found, verdict=verdict, reason=reason)
    shares = np.array([mix.shares.get(name, 0.0) for name in strata.names])
    # the whole set's own cell may pass where the limits of its strata together do not
    if (strata.upper(shares) < found.margin) != (found.interval[1] < found.margin):
        return judged
    return replace(judged, shift=smallest_shift(strata, shares, found.margin))


def _worst(found: Reweighted, mix: Mix, strata: Strata, alpha: float) -> float | None:
    """Return the bound of the upper end over the mixes that a count leaves open.

    A stratum that was not counted may have a share all the same: one that was not measured either
    counts as wholly lost, where a loss has a largest value that is known.
    """
    if mix.counts is None:
        return None
    unmeasured = [name for name in mix.counts if name not in strata.names]
    if unmeasured and found.unit != "fraction":
        return float("inf")
    lost = np.ones(len(unmeasured))
    strata = Strata(
        [*strata.names, *unmeasured],
        np.concatenate([strata.loss, lost]),
        np.concatenate([strata.high, lost]),
        strata.apart,
    )
    counts = np.array([mix.counts.get(name, 0) for name in strata.names], np.int64)
    return worst_within(strata, counts, alpha)


def room(score: float, *, higher: bool) -> float:
    """Return all that a reference of this score can lose, of a share."""
    return score if higher else 1.0 - score


def _to_lose(found: Reweighted, candidate: ClaimedCandidate, higher: bool) -> float | None:
    """Return all that the reference has to lose at the mix; None of units other than shares."""
    if found.unit != "fraction":
        return None
    cells = {
        one.value: candidate.cell(found.metric, {found.dimension: one.value})
        for one in found.strata
        if one.share > 0
    }
    scores = {value: cell.reference_value for value, cell in cells.items() if cell}
    if any(score is None for score in scores.values()):
        return None
    whole = sum(one.share * (scores.get(one.value) or 0.0) for one in found.strata)
    return room(whole, higher=higher)


def _measured(candidate: ClaimedCandidate, found: Reweighted, apart: bool) -> Strata:
    """Return every stratum of the dimension that could be weighed, with a share or without."""
    usable = {
        cell.stratum[found.dimension]: cell
        for cell in candidate.cells
        if cell.metric == found.metric
        and cell.stratum.keys() == {found.dimension}
        and not unusable(cell)
    }
    loss = np.array([cell.loss or 0.0 for cell in usable.values()])
    high = np.array([cell.interval[1] if cell.interval else np.nan for cell in usable.values()])
    return Strata(list(usable), loss, np.maximum(high, loss), apart)


def verdict_of(interval: tuple[float, float], margin: float) -> tuple[Verdict, str]:
    """Return the verdict of an interval against a margin, and why."""
    low, high = interval
    if low > margin:
        return "fail", "the loss interval lies beyond the margin"
    if high < margin:
        return "pass", "the loss interval ends below the margin"
    return "inconclusive", "the loss interval holds the margin"
