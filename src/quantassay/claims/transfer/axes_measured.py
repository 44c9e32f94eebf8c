"""Axes that a measurement settles: the mix of strata, and a sample of production."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from quantassay import stats
from quantassay.records.deployment import Deployment
from quantassay.records.production import Production, ProductionMix
from quantassay.records.transfer import Axis, Reweighted, Status

from .claimed import Claimed
from .sameness import implicit

NEAR = 0.005


def mix_axis(
    claim: Claimed, deployment: Deployment, found: list[Reweighted], counted: str | None
) -> Axis:
    """Return the axis of the mix of strata from what came of re-weighting.

    Parameters
    ----------
    claim, deployment
        The two sides.
    found
        Readings at the deployment's mix that decide.
    counted
        The dimension whose mix was counted from production, if one was.
    """
    said = "; ".join(f"{name} ({len(sizes)})" for name, sizes in claim.task.strata.items()) or None
    there = ", ".join(deployment.mix) or (f"{counted}, as counted" if counted else None)
    if there is None:
        return implicit("strata mix", said, None)
    if not found:
        why = "no metric of the claim decides, so that no loss at this mix is known"
        return Axis("strata mix", "implicit", "", said, there, why, gates=True)
    refused = next((one.refused[0] for one in found if one.refused), "")
    if refused:
        return Axis("strata mix", "differs", "measurement", said, there, refused, gates=True)
    # strata of the test set that have no share need not be listed
    more = [max(s.share - s.test_share, 0.0) for s in found[0].strata]
    distance = sum(more)
    if distance <= NEAR:
        return Axis(
            "strata mix", "same", "measurement", said, there, "that of the test set", gates=False
        )
    words = f"{100 * distance:.3g} % of the traffic is in another stratum than in the test set"
    held = all(one.verdict == "pass" for one in found)
    why = f"{words}; re-weighted" + (" and within the margin" if held else "")
    return Axis("strata mix", "differs", "measurement", said, there, why, gates=not held)


def production_axes(
    production: Production | None, mix: Mapping[str, Mapping[str, float]], confidence: float
) -> list[Axis]:
    """Return the axis of a sample of production: whether test set and declared mix are like it."""
    if production is None or not (production.tests or production.mixes):
        return []
    found = [f"{one.what} differ from the test set's" for one in production.tests if one.differs]
    found += [
        f"the declared mix by {one.dimension} is not that of the sample"
        for one in production.mixes
        if one.dimension in mix and _elsewhere(one, mix[one.dimension], 1 - confidence)
    ]
    if found:
        why = "; ".join(found)
        return [
            Axis("production", "differs", "measurement", "the claim", "the sample", why, gates=True)
        ]
    why = "no difference was found in what was compared, which shows little where samples are few"
    compared = bool(production.tests)
    status: Status = "same" if compared else "implicit"
    if not compared:
        why = "only the mix of strata was compared: name 'test' data to compare inputs"
    return [
        Axis("production", status, "measurement", "the test set", "the sample", why, gates=False)
    ]


def _elsewhere(counted: ProductionMix, declared: Mapping[str, float], alpha: float) -> bool:
    """Return whether a declared share is not that of the sample, by Bonferroni over the shares.

    Samples in no stratum are a share of their own, which nobody declared.
    """
    counts = {share.value: share.count for share in counted.shares}
    names = dict.fromkeys([*counts, *declared])
    own = np.array([*(counts.get(name, 0) for name in names), counted.nameless], np.int64)
    said = np.array([*(declared.get(name, 0.0) for name in names), 0.0])
    low, high = stats.clopper_pearson(own, int(own.sum()), alpha / (2 * len(own)))
    return bool(np.any((said < low - NEAR) | (said > high + NEAR)))
