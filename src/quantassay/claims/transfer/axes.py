"""A claim beside a deployment, axis by axis: same, differs, or implicit."""

from __future__ import annotations

from quantassay.errors import nearest, some
from quantassay.records.artifacts import CalibrationFacts
from quantassay.records.deployment import Deployment, ModelReference
from quantassay.records.transfer import Axis, Status

from .claimed import Claimed, ClaimedCandidate, ClaimedVariant
from .layers import NEEDED, executor_axes
from .sameness import compared, digest_of, implicit, made, norm, said_of, short

# how likely an axis is not to survive, the likeliest first; executor layers follow their own order
ORDER = (
    "task", "composition", "critical strata", "strata mix", "calibration", "quantized model",
    "base model", "scheme", "metric", "reference", "production", "executor", "throughput",
)  # fmt: skip
# no calibration was used: `none` says so in a deployment alone, and nothing in a claim
UNNEEDED = {
    "not needed", "none needed", "no calibration", "not calibrated", "none needed by this scheme",
}  # fmt: skip
STATUSES: tuple[Status, ...] = ("differs", "implicit", "same")


def worst_first(axes: list[Axis]) -> tuple[Axis, ...]:
    """Order axes: those that gate, then what differs before what nobody says, then by kind."""
    return tuple(sorted(axes, key=_rank))


def _rank(axis: Axis) -> tuple[bool, bool, int, int]:
    """Put details of the executor, on which answers rest least, behind every other axis."""
    kind, _, layer = axis.name.partition(": ")
    detail = bool(layer) and layer not in NEEDED
    return (not axis.gates, detail, STATUSES.index(axis.status), ORDER.index(kind))


def axes_of(
    claim: Claimed, candidate: ClaimedCandidate, deployment: Deployment, candidates: int
) -> list[Axis]:
    """Return every axis that words and digests settle; the mix is a matter of its own.

    Parameters
    ----------
    claim, deployment
        The two sides.
    candidate
        The one that the deployment could be running.
    candidates
        How many it could be.
    """
    return [
        _task(claim, deployment),
        _model("base model", claim.reference, deployment.base),
        _quantized(candidate, deployment, candidates),
        _scheme(candidate, deployment),
        _metric(claim, deployment),
        _reference(claim, deployment),
        _calibration(candidate, deployment),
        *executor_axes(candidate, deployment),
        _composition(claim, deployment),
        _throughput(candidate, deployment),
    ]


def _task(claim: Claimed, deployment: Deployment) -> Axis:
    task = claim.task
    said = f"{task.task}, test set {short(task.digest)}"
    if deployment.test_set is not None:
        there = f"test set {short(deployment.test_set)}"
        if digest_of(deployment.test_set) == digest_of(task.digest):
            return made("task", "same", "digest", said, there, "the test set is the same")
        return made("task", "differs", "digest", said, there, f"another test set: {there}")
    return compared("task", task.task, deployment.task, "words")


def _model(name: str, variant: ClaimedVariant, there: ModelReference | None) -> Axis:
    artifact = variant.artifact
    said = f"{artifact.path.name}, {short(artifact.digest)}" if artifact else None
    if there is None:
        return implicit(name, said, None)
    if there.digest and artifact:
        shown = f"{there.name or there.path or 'model'}, {short(there.digest)}"
        if digest_of(there.digest) == digest_of(artifact.digest):
            return made(name, "same", "digest", said, shown, "the file is the same")
        return made(name, "differs", "digest", said, shown, f"another file: {said} → {shown}")
    own = str(there)
    if there.name and norm(there.name) not in {norm(variant.name), norm(said)}:
        return made(name, "differs", "words", said or variant.name, own, f"{variant.name} → {own}")
    why = "one name may stand for several files: give its path or digest"
    return Axis(name, "implicit", "", said, own, why, gates=True)


def _quantized(candidate: ClaimedCandidate, deployment: Deployment, candidates: int) -> Axis:
    axis = _model("quantized model", candidate, deployment.quantized)
    if deployment.candidate is not None and deployment.quantized is None:
        why = "named as a candidate: neither path nor digest says that it is that file"
        return made(axis.name, "implicit", "", axis.claim, deployment.candidate, why)
    if axis.status == "implicit" and candidates > 1:
        why = f"{axis.why}; the claim has {candidates} candidates that it could be"
        return Axis(axis.name, axis.status, "", axis.claim, axis.deployment, why, gates=True)
    return axis


def _same_file(candidate: ClaimedCandidate, deployment: Deployment) -> bool:
    """Return whether the served file is the claimed one, byte for byte."""
    found = _model("quantized model", candidate, deployment.quantized)
    return (found.by, found.status) == ("digest", "same")


def _scheme(candidate: ClaimedCandidate, deployment: Deployment) -> Axis:
    said = candidate.scheme or candidate.precision
    if deployment.scheme is None and _same_file(candidate, deployment):
        return made("scheme", "same", "digest", said, None, "it is part of the same file")
    if candidate.scheme and norm(deployment.scheme) == norm(candidate.precision):
        why = f"{deployment.scheme} is a precision; the claim's scheme is {candidate.scheme}"
        return Axis("scheme", "implicit", "", said, deployment.scheme, why, gates=True)
    return compared("scheme", said, deployment.scheme)


def _metric(claim: Claimed, deployment: Deployment) -> Axis:
    names = [facts.name for facts in claim.metrics]
    there = deployment.metric
    if there is None:
        return implicit("metric", ", ".join(names) or None, None)
    facts = claim.metric(there)
    if facts is None:
        why = f"the claim has no {there!r}{nearest(there, names)}: it measures {', '.join(names)}"
        return made("metric", "differs", "definition", ", ".join(names), there, why)
    return made("metric", "same", "definition", facts.name, there, facts.definition)


def _reference(claim: Claimed, deployment: Deployment) -> Axis:
    own = claim.reference
    said = f"{own.name} ({own.precision})"
    base, artifact = deployment.base, own.artifact
    pairs = [(own.name, deployment.reference), (own.precision, deployment.precision)]
    found = [compared("reference", *pair, "words") for pair in pairs if pair[1] is not None]
    # what a model was made from need not be what its loss is counted against
    other = next((axis for axis in found if axis.status != "same"), None)
    if other is not None:
        return other
    if base and base.digest and artifact and digest_of(base.digest) == digest_of(artifact.digest):
        return made("reference", "same", "digest", said, str(base), "it is the same base model")
    return found[-1] if found else implicit("reference", said, None)


def _calibration(candidate: ClaimedCandidate, deployment: Deployment) -> Axis:
    facts = candidate.calibration
    said = calibration_words(facts)
    digest = facts.digest if isinstance(facts, CalibrationFacts) else None
    there = deployment.calibration
    if deployment.calibration_digest and digest:
        shown = f"{there or 'samples'}, {short(deployment.calibration_digest)}"
        same = digest_of(deployment.calibration_digest) == digest_of(digest)
        why = "the samples are the same" if same else f"other samples: {said} → {shown}"
        return made("calibration", "same" if same else "differs", "digest", said, shown, why)
    if _same_file(candidate, deployment):
        return made("calibration", "same", "digest", said, there, "it is part of the same file")
    if norm(there) in UNNEEDED | {"none"}:
        return _uncalibrated(said, there)
    if facts is not None and there is not None and said_of(there):
        data, procedure = ({norm(one) for one in each} for each in _calibration_parts(facts))
        words = {norm(part) for part in there.split(",")}
        if words <= data | procedure:
            if words & data:
                why = "all that the deployment says of it"
                return made("calibration", "same", "words", said, there, why)
            why = "the deployment does not say which data"
            return made("calibration", "implicit", "", said, there, why)
    return compared("calibration", said, there, "words")


def _uncalibrated(said: str | None, there: str | None) -> Axis:
    """Return the axis where the deployment says that nothing was calibrated."""
    if said_of(said) is None:
        return implicit("calibration", None, there)
    if norm(said) in UNNEEDED:
        why = "neither is calibrated, as both say"
        return made("calibration", "same", "words", said, there, why)
    return made("calibration", "differs", "words", said, there, f"{said} → {there}")


def _calibration_parts(facts: CalibrationFacts | str) -> tuple[list[str], list[str]]:
    """Return every way in which a deployment may rightly name its data, and its procedure."""
    if isinstance(facts, str):
        return [facts], []
    data = [facts.source, f"{facts.samples} samples of {facts.source}", short(facts.digest)]
    procedure = [facts.method, f"{facts.samples} samples", f"seed {facts.seed}"]
    return [one for one in (facts.name, *data) if norm(one)], procedure


def calibration_words(facts: CalibrationFacts | str | None) -> str | None:
    """Say in words what set the ranges; None where the claim does not."""
    if isinstance(facts, CalibrationFacts):
        return f"{facts.samples} samples of {facts.source}, {facts.method}, {short(facts.digest)}"
    return facts


def _composition(claim: Claimed, deployment: Deployment) -> Axis:
    return compared("composition", claim.task.composition, deployment.composition, "words")


def _throughput(candidate: ClaimedCandidate, deployment: Deployment) -> Axis:
    """Compare speeds: one holds on its executor alone, and never gates what is said of loss."""
    speed, wanted = candidate.throughput, deployment.speedup
    there = None if wanted is None else f"{wanted:g} x wanted"
    if speed is not None and speed.source:
        why = f"measured elsewhere by {speed.source}, not beside the reference: no ratio"
        said = f"{speed.throughput:.4g} {speed.unit}/s"
        return Axis("throughput", "implicit", "", said, there, why, gates=False)
    if speed is None or speed.ratio is None:
        why = "the claim has no throughput: half of the trade-off"
        return Axis("throughput", "implicit", "", None, there, why, gates=False)
    said = f"{speed.ratio:.3g} x"
    if deployment.protocol not in (None, speed.protocol):
        why = (
            f"measured {speed.protocol}; here samples arrive {deployment.protocol}: another figure"
        )
        counts = wanted is not None
        return Axis("throughput", "differs", "words", said, there, why, gates=counts)
    low = speed.ratio_interval[0] if speed.ratio_interval else None
    moved = [a for a in executor_axes(candidate, deployment) if a.status != "same"]
    if moved:
        names = some([axis.name.partition(": ")[2] for axis in moved], 3)
        why = f"it holds on its executor alone, of which these are not known to be same: {names}"
        status: Status = "differs" if any(a.status == "differs" for a in moved) else "implicit"
        return Axis("throughput", status, "", said, there, why, gates=False)
    if wanted is not None and (low is None or low < wanted):
        least = f"at least {low:.3g} x" if low is not None else "without an interval"
        why = f"you count on {wanted:g} x; measured {said} ({least})"
        return Axis("throughput", "differs", "measurement", said, there, why, gates=True)
    return Axis("throughput", "same", "measurement", said, there, "the executor is the same", False)
