"""Axes that a measurement settles: the mix of strata, and a sample of production."""

from __future__ import annotations

from quantassay.records.deployment import Deployment
from quantassay.records.production import Production
from quantassay.records.transfer import Axis, Reweighted, Status

from .axes import implicit
from .claimed import Claimed

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
    refused = next((one.refused[0] for one in found if one.refused), "")
    if refused:
        return Axis("strata mix", "differs", "measurement", said, there, refused, gates=True)
    off = [abs(share.share - share.test_share) for one in found[:1] for share in one.strata]
    distance = sum(off) / 2
    if distance <= NEAR:
        return Axis(
            "strata mix", "same", "measurement", said, there, "that of the test set", gates=False
        )
    words = f"{100 * distance:.3g} % of the traffic is in another stratum than in the test set"
    held = bool(found) and all(one.verdict == "pass" for one in found)
    why = f"{words}; re-weighted" + (" and within the margin" if held else "")
    return Axis("strata mix", "differs", "measurement", said, there, why, gates=not held)


def production_axes(production: Production | None) -> list[Axis]:
    """Return the axis of a sample of production: whether the test set is like it."""
    if production is None or not (production.tests or production.mixes):
        return []
    found = [f"{one.what} differ from the test set's" for one in production.tests if one.differs]
    if found:
        why = "; ".join(found)
        return [
            Axis(
                "production",
                "differs",
                "measurement",
                "the test set",
                "the sample",
                why,
                gates=True,
            )
        ]
    why = "no difference was found in what was compared, which shows little where samples are few"
    compared = bool(production.tests)
    status: Status = "same" if compared else "implicit"
    if not compared:
        why = "only the mix of strata was compared: name 'test' data to compare inputs"
    return [
        Axis("production", status, "measurement", "the test set", "the sample", why, gates=False)
    ]
