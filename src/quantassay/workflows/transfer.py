"""A claim put beside a deployment: what travels, what does not, what nobody said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from quantassay.claims.executors.compare import compared
from quantassay.claims.executors.reading import read_executor
from quantassay.claims.executors.words import differing_words
from quantassay.claims.transfer.axes import axes_of, worst_first
from quantassay.claims.transfer.axes_measured import mix_axis, production_axes
from quantassay.claims.transfer.claimed import Claimed, ClaimedCandidate, read_claim
from quantassay.claims.transfer.critical import critical_axis, critical_readings
from quantassay.claims.transfer.joint import joint
from quantassay.claims.transfer.matched import matching
from quantassay.claims.transfer.mix import reweighted
from quantassay.claims.transfer.notes import notes
from quantassay.claims.transfer.outcome import judged, overall, severest, travels
from quantassay.claims.transfer.refusals import Mix
from quantassay.claims.transfer.slips import slips
from quantassay.errors import RubricError
from quantassay.formats.recognized import identify
from quantassay.records.cells import MetricFacts
from quantassay.records.deployment import Deployment, ModelReference
from quantassay.records.production import Production
from quantassay.records.transfer import Axis, CriticalReading, Reweighted, Transfer, Whose
from quantassay.rubrics.deployment_load import LoadedDeployment, declared, load_deployment

from .steps.production import read_production
from .steps.settling import settle


def transfer(claim: str | Path, deployment: str | Path) -> Transfer:
    """Say whether a claim holds for a deployment, axis by axis.

    Parameters
    ----------
    claim
        A ``claim.json``.
    deployment
        A deployment file: see ``docs/transfer.md``.

    Returns
    -------
    Transfer
        Every axis, worst first; the loss at the deployment's mix of strata with its verdict.

    Raises
    ------
    InputError
        If a file is missing or wrong.
    """
    loaded, claimed = load_deployment(deployment), read_claim(Path(claim))
    there = _filled(loaded, declared(loaded.file))
    _refuse_slips(loaded, claimed, there)
    candidates = matching(claimed, there)
    production = read_production(loaded, claimed)
    mixes = list(_mixes(claimed, there, production))
    at_mix = [found for one in candidates for found in _readings(claimed, one, there, mixes)]
    critical = [
        reading
        for one in candidates
        for reading in critical_readings(claimed, one, there, _deciding(claimed, one, there))
    ]
    verdicts = {one.name: judged(one.name, [*at_mix, *critical]) for one in candidates}
    worst = next(one for one in candidates if one.name == severest(verdicts))
    axes = _axes(claimed, worst, there, len(candidates), at_mix, critical, production, mixes)
    held, reason = travels(overall(verdicts), axes)
    found = Transfer(
        deployment=there.name,
        claim=str(claimed.path),
        confidence=claimed.confidence,
        reference=claimed.reference.name,
        candidates=verdicts,
        worst=worst.name,
        verdict=overall(verdicts),
        travels=held,
        reason=reason,
        axes=axes,
        reweighted=tuple(at_mix),
        critical=tuple(critical),
        production=production,
        weakest=None,
        measurement=None,
        notes=(*notes(claimed, there, production, mixes), *_executors(loaded, claimed)),
    )
    return _settled(found, claimed, worst, there)


def _settled(
    found: Transfer, claim: Claimed, worst: ClaimedCandidate, there: Deployment
) -> Transfer:
    """Name the axis most likely not to survive, and what would settle it."""
    weakest = found.axes[0]
    if weakest.status == "same":
        return found
    read: list[Reweighted | CriticalReading] = [*found.reweighted, *found.critical]
    own = [one for one in read if one.candidate == worst.name]
    measurement = settle(claim, worst, there, weakest, own)
    return replace(found, weakest=weakest.name, measurement=measurement)


def _refuse_slips(loaded: LoadedDeployment, claim: Claimed, there: Deployment) -> None:
    """Refuse names that are a letter off one of the claim's, all of them at once."""
    found = [f"{loaded.at(*key)}: {what}" for key, what in slips(claim, there)]
    if found:
        raise RubricError("\n".join(found))


def _filled(loaded: LoadedDeployment, there: Deployment) -> Deployment:
    """Hash the model files that are there, and read the executor of another claim."""
    executor = loaded.file.executor
    found = replace(
        there,
        base=_hashed(loaded, "base", there.base),
        quantized=_hashed(loaded, "quantized", there.quantized),
    )
    if executor.claim is None:
        return found
    other = read_claim(loaded.folder / executor.claim)
    names = [one.name for one in other.candidates]
    if executor.candidate is not None and executor.candidate not in names:
        msg = (
            f"{loaded.at('executor', 'candidate')}: {other.path} has no candidate "
            f"{executor.candidate!r}: it has {', '.join(names)}"
        )
        raise RubricError(msg)
    at = names.index(executor.candidate) if executor.candidate else 0
    layers = other.candidates[at].layers if names else {}
    return replace(found, executor={**layers, **there.executor})


def _executors(loaded: LoadedDeployment, claimed: Claimed) -> Iterator[str]:
    """Say which layers differ, where a deployment names its executor by another claim."""
    other = loaded.file.executor.claim
    if other is not None:
        sides = read_executor(claimed.path), read_executor(loaded.folder / other)
        names = "the claim", "that of the deployment"
        if words := differing_words(compared(*sides), names):
            yield f"the executors of both claims differ: {words}"


def _hashed(
    loaded: LoadedDeployment, key: str, model: ModelReference | None
) -> ModelReference | None:
    if model is None or model.path is None:
        return model
    path = loaded.folder / model.path
    if not path.exists():
        msg = f"{loaded.at('model', key, 'path')}: no such model file: {path}"
        raise RubricError(msg)
    made = identify(path)
    if model.digest is not None and model.digest != made.digest:
        msg = (
            f"{loaded.at('model', key, 'digest')}: {path} has the digest {made.digest}: name the "
            "file or the digest, or the file of that digest"
        )
        raise RubricError(msg)
    return replace(model, digest=made.digest)


def _deciding(claim: Claimed, candidate: ClaimedCandidate, there: Deployment) -> list[MetricFacts]:
    """Return the metric that matters; where none is named, those that gate the claim."""
    if there.metric is not None:
        known = claim.metric(there.metric)
        return [] if known is None else [known]
    gates = {cell.metric for cell in candidate.cells if cell.role == "gate"}
    return [facts for facts in claim.metrics if facts.name in gates]


def _mixes(claim: Claimed, there: Deployment, production: Production | None) -> Iterator[Mix]:
    """Return the deployment's mixes, declared or counted; else the test set's, to be shifted."""
    if there.mix:
        yield from (Mix(name, shares) for name, shares in there.mix.items())
        return
    if production is not None and production.mixes:
        for one in production.mixes:
            counts = {share.value: share.count for share in one.shares}
            if one.nameless:
                counts["(in no stratum)"] = one.nameless
            n = sum(counts.values())
            yield Mix(one.dimension, {v: c / n for v, c in counts.items()}, counts=counts)
        return
    for name, sizes in claim.task.strata.items():
        if sum(sizes.values()) == claim.task.n and len(sizes) > 1:
            shares = {value: size / claim.task.n for value, size in sizes.items()}
            yield Mix(name, shares, declared=False)


def _readings(
    claim: Claimed, candidate: ClaimedCandidate, there: Deployment, mixes: Sequence[Mix]
) -> Iterator[Reweighted]:
    """Read every metric that decides at every mix; of the test set's own only what can be."""
    given = [mix for mix in mixes if mix.declared]
    for facts in _deciding(claim, candidate, there):
        whole = candidate.cell(facts.name, {})
        margin = there.margin or (whole.margin if whole else None)
        whose: Whose = "deployment" if there.margin else "claim"
        if len(given) > 1:
            yield replace(joint(claim, candidate, facts, given, margin), margin_of=whose)
            continue
        for mix in mixes:
            found = reweighted(claim, candidate, facts, mix, margin)
            if mix.declared or not found.refused:
                yield replace(found, margin_of=whose if margin else "")


def _axes(
    claim: Claimed,
    candidate: ClaimedCandidate,
    there: Deployment,
    count: int,
    at_mix: Sequence[Reweighted],
    critical: Sequence[CriticalReading],
    production: Production | None,
    mixes: Sequence[Mix],
) -> tuple[Axis, ...]:
    own = [one for one in at_mix if one.candidate == candidate.name and one.declared]
    counted = next((mix.dimension for mix in mixes if mix.counts is not None), None)
    return worst_first(
        [
            *axes_of(claim, candidate, there, count),
            mix_axis(claim, there, own, counted),
            *critical_axis([one for one in critical if one.candidate == candidate.name]),
            *production_axes(production, there.mix, claim.confidence),
        ]
    )
