"""What a transfer rests on, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quantassay.records.cells import stratum_label
from quantassay.records.deployment import Deployment
from quantassay.records.production import Production

from .claimed import Claimed
from .refusals import Mix

TRUSTED = "the figures are taken as the claim states them: quantassay verify recomputes them"


def notes(
    claim: Claimed, there: Deployment, production: Production | None, mixes: Sequence[Mix]
) -> Iterator[str]:
    """Say what a reader of a transfer must know before relying on it."""
    yield TRUSTED
    if claim.looks > 1 or claim.amended:
        yield (
            f"the claim was computed {claim.looks} times, with {claim.amended} amendments: its "
            "error rates hold for one computation under one rubric"
        )
    if "unknown" in claim.task.clusters:
        yield f"the claim does not know whether clusters are independent ({claim.task.clusters})"
    yield from _wider(claim, there)
    yield from _wider_strata(claim, there)
    if claim.missing:
        yield f"the claim is not decision grade: it lacks {', '.join(claim.missing)}"
    if any(mix.declared for mix in mixes):
        yield (
            "re-weighting holds the loss within each stratum as it was measured: traffic that is "
            "harder within a stratum is not covered by it"
        )
    if there.mix and production is not None:
        yield from _elsewhere(production, mixes)


def _elsewhere(production: Production, mixes: Sequence[Mix]) -> Iterator[str]:
    """Say where a declared share lies outside of the interval of the one that was counted."""
    declared = {mix.dimension: mix.shares for mix in mixes}
    for one in production.mixes:
        shares = declared.get(one.dimension, {})
        off = [
            f"{share.value} ({100 * shares.get(share.value, 0.0):.3g} % declared, "
            f"{100 * share.share:.3g} % counted)"
            for share in one.shares
            if shares and not share.interval[0] <= shares.get(share.value, 0.0) <= share.interval[1]
        ]
        if off:
            yield f"the declared mix is not that of the production sample: {', '.join(off[:5])}"


def _wider(claim: Claimed, there: Deployment) -> Iterator[str]:
    """Say where a margin is wider than that of the claim: nobody declared it beforehand."""
    own = [
        cell.margin
        for one in claim.candidates
        for cell in one.cells
        if cell.metric == there.metric and not cell.stratum and cell.margin is not None
    ]
    if there.margin is not None and own and there.margin > max(own):
        yield (
            f"the margin of {there.margin:g} is wider than the claim's {max(own):g}: it was not "
            "declared before the result was known"
        )


def _wider_strata(claim: Claimed, there: Deployment) -> Iterator[str]:
    """Say the same of every stratum that may not degrade."""
    for one in there.critical:
        metric = one.metric or there.metric
        own = [
            cell.margin
            for candidate in claim.candidates
            for cell in candidate.cells
            if cell.stratum == one.stratum and metric in (None, cell.metric)
            if cell.margin is not None
        ]
        if one.margin is not None and one.margin > max(own, default=0.0):
            said = f"wider than the claim's {max(own):g}" if own else "not in the claim"
            yield (
                f"the margin of {one.margin:g} of {stratum_label(one.stratum)} is {said}: it was "
                "not declared before the result was known"
            )
