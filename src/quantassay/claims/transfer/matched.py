"""Which candidates of a claim could be the one that a deployment serves."""

from __future__ import annotations

from quantassay.errors import DataError, nearest
from quantassay.records.deployment import Deployment

from .claimed import Claimed, ClaimedCandidate
from .sameness import digest_of, norm


def matching(claim: Claimed, deployment: Deployment) -> tuple[ClaimedCandidate, ...]:
    """Return the candidates that could be deployed: by digest, name, or scheme; else all that gate.

    Raises
    ------
    DataError
        If the claim has no candidate, or none of the name that the deployment gives.
    """
    if not claim.candidates:
        msg = f"{claim.path}: the claim has no candidate: nothing can travel"
        raise DataError(msg)
    if deployment.candidate is not None:
        return (_named(claim, deployment.candidate),)
    for found in (_by_digest(claim, deployment), _by_name(claim, deployment)):
        if found:
            return found
    schemed = tuple(
        one
        for one in claim.candidates
        if deployment.scheme is not None
        and norm(deployment.scheme) in {norm(one.scheme), norm(one.precision)}
    )
    gating = tuple(one for one in schemed or claim.candidates if one.gate)
    return gating or schemed or claim.candidates


def _named(claim: Claimed, name: str) -> ClaimedCandidate:
    names = [one.name for one in claim.candidates]
    if name not in names:
        msg = (
            f"model.candidate: the claim has no candidate {name!r}{nearest(name, names)}: it has "
            f"{', '.join(names)}"
        )
        raise DataError(msg)
    return claim.candidates[names.index(name)]


def _by_digest(claim: Claimed, deployment: Deployment) -> tuple[ClaimedCandidate, ...]:
    there = deployment.quantized
    if there is None or there.digest is None:
        return ()
    return tuple(
        one
        for one in claim.candidates
        if one.artifact and digest_of(one.artifact.digest) == digest_of(there.digest)
    )


def _by_name(claim: Claimed, deployment: Deployment) -> tuple[ClaimedCandidate, ...]:
    there = deployment.quantized
    if there is None or there.name is None:
        return ()
    return tuple(one for one in claim.candidates if norm(one.name) == norm(there.name))
