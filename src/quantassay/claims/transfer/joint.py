"""Mixes over several dimensions at once: what their margins leave open."""

from __future__ import annotations

from collections.abc import Sequence

from quantassay.records.cells import MetricFacts
from quantassay.records.transfer import Reweighted

from .claimed import Claimed, ClaimedCandidate
from .refusals import Mix


def joint(
    claim: Claimed,
    candidate: ClaimedCandidate,
    facts: MetricFacts,
    mixes: Sequence[Mix],
    margin: float | None,
) -> Reweighted:
    """Refuse mixes of several dimensions: their shares do not say which strata go together."""
    names = " and ".join(repr(mix.dimension) for mix in mixes)
    first = mixes[0].dimension
    keep = "keep one"
    if any(mix.counts is not None for mix in mixes):
        keep = f"count one, such as production.strata: {{{first}: {first}}}"
    reason = (
        f"mixes over {names} at once are a joint mix, and the claim has no cells of it: {keep}, or "
        "declare a stratum of both in the rubric and measure it"
    )
    return Reweighted(
        candidate=candidate.name,
        reference=claim.reference.name,
        metric=facts.name,
        unit=facts.unit,
        dimension=" and ".join(mix.dimension for mix in mixes),
        declared=True,
        counted=None,
        strata=(),
        n=0,
        loss=None,
        interval=None,
        method="",
        margin=margin,
        verdict="insufficient",
        reason=reason,
        refused=(reason,),
    )
