"""Strata that may not degrade: each needs a pass of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quantassay.errors import nearest, some
from quantassay.records.cells import Cell, MetricFacts, stratum_label
from quantassay.records.deployment import CriticalStratum, Deployment
from quantassay.records.transfer import Axis, CriticalReading, Status, Whose

from .claimed import Claimed, ClaimedCandidate
from .mix import room, verdict_of
from .refusals import unusable


def critical_readings(
    claim: Claimed, candidate: ClaimedCandidate, deployment: Deployment, metrics: list[MetricFacts]
) -> list[CriticalReading]:
    """Return a reading of every critical stratum, by each metric that it names or that matters."""
    return [
        _reading(claim, candidate, one, facts, deployment)
        for one in deployment.critical
        for facts in _of(claim, one, metrics, deployment.metric)
    ]


def _of(
    claim: Claimed, one: CriticalStratum, metrics: list[MetricFacts], matters: str | None
) -> list[MetricFacts]:
    name = one.metric or ("" if metrics else matters)
    if not name:
        return metrics
    return [claim.metric(name) or MetricFacts(name, "", "", True, "", "")]


def _reading(
    claim: Claimed,
    candidate: ClaimedCandidate,
    one: CriticalStratum,
    facts: MetricFacts,
    deployment: Deployment,
) -> CriticalReading:
    cell = candidate.cell(facts.name, one.stratum)
    margin, whose = _margin(cell, one, facts, deployment)
    found = CriticalReading(
        candidate=candidate.name,
        reference=claim.reference.name,
        metric=facts.name,
        unit=facts.unit,
        stratum=one.stratum,
        n=cell.n if cell else None,
        loss=cell.loss if cell else None,
        interval=cell.interval if cell else None,
        method=cell.method if cell else "",
        margin=margin,
        margin_of=whose,
        verdict="insufficient",
        reason=_unmeasured(claim, candidate, facts, one) if cell is None else "",
    )
    return found if cell is None else _judged(found, cell, facts, candidate.withheld)


def _margin(
    cell: Cell | None, one: CriticalStratum, facts: MetricFacts, deployment: Deployment
) -> tuple[float | None, Whose]:
    """Return the margin of the stratum; without one, the smaller of claim's and deployment's."""
    if one.margin is not None:
        return one.margin, "deployment"
    own = cell.margin if cell else None
    there = deployment.margin if deployment.metric == facts.name else None
    if there is not None and (own is None or there < own):
        return there, "deployment"
    return own, "" if own is None else "claim"


def _unmeasured(
    claim: Claimed, candidate: ClaimedCandidate, facts: MetricFacts, one: CriticalStratum
) -> str:
    labels = {stratum_label(cell.stratum) for cell in candidate.cells if cell.stratum}
    label = stratum_label(one.stratum)
    unmeasured = f"{label} was not measured: the claim has {some(_alike(candidate, one))}"
    if claim.metric(facts.name) is None:
        names = [known.name for known in claim.metrics]
        why = f"the claim has no metric {facts.name!r}{nearest(facts.name, names)}"
        return why if label in labels else f"{why}, and {unmeasured}"
    return unmeasured


def _alike(candidate: ClaimedCandidate, one: CriticalStratum) -> list[str]:
    """Return the strata of the same dimension, else all, that were measured."""
    strata = [cell.stratum for cell in candidate.cells if cell.stratum]
    own = [stratum for stratum in strata if stratum.keys() == one.stratum.keys()]
    return list(dict.fromkeys(map(stratum_label, own or strata))) or ["no strata"]


def _judged(
    found: CriticalReading, cell: Cell, facts: MetricFacts, withheld: str
) -> CriticalReading:
    """Judge a measured stratum at the deployment's margin; what was insufficient stays so."""
    score, margin = cell.reference_value, found.margin
    if withheld:
        return replace(found, reason=f"the claim gives it no verdict: {withheld}")
    if cell.interval is None or unusable(cell):
        return replace(found, reason=unusable(cell))
    if margin is None:
        return replace(found, verdict=None, reason="no margin stands there: say critical.margin")
    verdict, reason = verdict_of(cell.interval, margin)
    known = facts.unit == "fraction" and score is not None
    least = room(score or 0.0, higher=facts.higher_is_better)
    if verdict == "pass" and known and least <= margin:
        verdict = "insufficient"
        reason = (
            f"the reference itself scores {score:.4g}: all that it has to lose is within the margin"
        )
    return replace(found, verdict=verdict, reason=reason)


def critical_axis(readings: Sequence[CriticalReading]) -> list[Axis]:
    """Return the axis of the strata that may not degrade; none where none is named."""
    if not readings:
        return []
    verdicts = {one.verdict for one in readings}
    status: Status = "same" if verdicts == {"pass"} else "implicit"
    if "fail" in verdicts:
        status = "differs"
    first = next((one for one in readings if one.verdict != "pass"), readings[0])
    label = f"{first.metric} @ {stratum_label(first.stratum)}"
    why = f"{label}: {first.reason}" if status != "same" else "each is within its margin"
    names = ", ".join(dict.fromkeys(stratum_label(one.stratum) for one in readings))
    said = f"{label}: {first.verdict or 'not judged'}"
    return [Axis("critical strata", status, "measurement", said, names, why, status != "same")]
