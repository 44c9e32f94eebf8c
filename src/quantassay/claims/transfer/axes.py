"""A claim beside a deployment, axis by axis: same, differs, or implicit."""

from __future__ import annotations

from quantassay.errors import nearest, some
from quantassay.records.artifacts import CalibrationFacts
from quantassay.records.deployment import Deployment, ModelReference
from quantassay.records.transfer import Axis, By, Status

from .claimed import Claimed, ClaimedCandidate, ClaimedVariant
from .layers import UNSAID, executor_axes

# how likely an axis is not to survive, the likeliest first; executor layers follow their own order
ORDER = (
    "quantized model", "task", "metric", "critical strata", "strata mix", "reference",
    "base model", "scheme", "calibration", "production", "executor", "composition", "throughput",
)  # fmt: skip
STATUSES: tuple[Status, ...] = ("differs", "implicit", "same")


def worst_first(axes: list[Axis]) -> tuple[Axis, ...]:
    """Order axes: those that gate, then what differs before what nobody says, then by kind."""
    return tuple(sorted(axes, key=_rank))


def _rank(axis: Axis) -> tuple[bool, int, int]:
    kind = axis.name.partition(":")[0]
    return (not axis.gates, STATUSES.index(axis.status), ORDER.index(kind))


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


def norm(text: str | None) -> str:
    """Return words as they are compared: case and runs of spaces do not count."""
    return " ".join((text or "").casefold().split())


def digest_of(text: str | None) -> str:
    """Return a digest without its prefix, as it is compared."""
    return norm(text).removeprefix("sha256:")


def _axis(
    name: str, status: Status, by: By, claim: str | None, there: str | None, why: str
) -> Axis:
    return Axis(name, status, by, claim, there, why, gates=status != "same")


def implicit(name: str, claim: str | None, there: str | None) -> Axis:
    """Return the axis of which one side, or neither, says anything."""
    silent = " and ".join(
        who for who, said in (("the claim", claim), ("the deployment", there)) if said is None
    )
    verb = "do" if " and " in silent else "does"
    return _axis(name, "implicit", "", claim, there, f"{silent} {verb} not say")


def _compared(name: str, claim: str | None, there: str | None, kind: By = "definition") -> Axis:
    """Compare what both sides say in words; where one says nothing the axis is implicit."""
    said, there = _said(claim), _said(there)
    if said is None or there is None:
        return implicit(name, said, there)
    if norm(said) == norm(there):
        return _axis(name, "same", kind, said, there, "both say the same")
    return _axis(name, "differs", kind, said, there, f"{said} -> {there}")


def _said(text: str | None) -> str | None:
    return None if norm(text) in UNSAID else text


def _task(claim: Claimed, deployment: Deployment) -> Axis:
    task = claim.task
    said = f"{task.task}, test set {_short(task.digest)}"
    if deployment.test_set is not None:
        there = f"test set {_short(deployment.test_set)}"
        if digest_of(deployment.test_set) == digest_of(task.digest):
            return _axis("task", "same", "digest", said, there, "the test set is the same")
        return _axis("task", "differs", "digest", said, there, f"another test set: {there}")
    return _compared("task", task.task, deployment.task, "words")


def _short(digest: str) -> str:
    return f"sha256:{digest_of(digest)[:16]}"


def _model(name: str, variant: ClaimedVariant, there: ModelReference | None) -> Axis:
    artifact = variant.artifact
    said = f"{artifact.path.name}, {_short(artifact.digest)}" if artifact else None
    if there is None:
        return implicit(name, said, None)
    if there.digest and artifact:
        shown = f"{there.name or there.path or 'model'}, {_short(there.digest)}"
        if digest_of(there.digest) == digest_of(artifact.digest):
            return _axis(name, "same", "digest", said, shown, "the file is the same")
        return _axis(name, "differs", "digest", said, shown, f"another file: {said} -> {shown}")
    own = str(there)
    if there.name and norm(there.name) not in {norm(variant.name), norm(said)}:
        return _axis(
            name, "differs", "words", said or variant.name, own, f"{variant.name} -> {own}"
        )
    why = "one name may stand for several files: give its path or digest"
    return Axis(name, "implicit", "", said, own, why, gates=True)


def _quantized(candidate: ClaimedCandidate, deployment: Deployment, candidates: int) -> Axis:
    axis = _model("quantized model", candidate, deployment.quantized)
    if deployment.candidate is not None and deployment.quantized is None:
        why = "named as a candidate: neither path nor digest says that it is that file"
        return _axis(axis.name, "implicit", "", axis.claim, deployment.candidate, why)
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
        return _axis("scheme", "same", "digest", said, None, "it is part of the same file")
    if candidate.scheme and norm(deployment.scheme) == norm(candidate.precision):
        why = f"{deployment.scheme} is a precision; the claim's scheme is {candidate.scheme}"
        return Axis("scheme", "implicit", "", said, deployment.scheme, why, gates=True)
    return _compared("scheme", said, deployment.scheme)


def _metric(claim: Claimed, deployment: Deployment) -> Axis:
    names = [facts.name for facts in claim.metrics]
    there = deployment.metric
    if there is None:
        return implicit("metric", ", ".join(names) or None, None)
    facts = claim.metric(there)
    if facts is None:
        why = f"the claim has no {there!r}{nearest(there, names)}: it measures {', '.join(names)}"
        return _axis("metric", "differs", "definition", ", ".join(names), there, why)
    return _axis("metric", "same", "definition", facts.name, there, facts.definition)


def _reference(claim: Claimed, deployment: Deployment) -> Axis:
    own = claim.reference
    said = f"{own.name} ({own.precision})"
    base, artifact = deployment.base, own.artifact
    pairs = [(own.name, deployment.reference), (own.precision, deployment.precision)]
    found = [_compared("reference", *pair, "words") for pair in pairs if pair[1] is not None]
    # what a model was made from need not be what its loss is counted against
    other = next((axis for axis in found if axis.status != "same"), None)
    if other is not None:
        return other
    if base and base.digest and artifact and digest_of(base.digest) == digest_of(artifact.digest):
        return _axis("reference", "same", "digest", said, str(base), "it is the same base model")
    return found[-1] if found else implicit("reference", said, None)


def _calibration(candidate: ClaimedCandidate, deployment: Deployment) -> Axis:
    facts = candidate.calibration
    said = calibration_words(facts)
    digest = facts.digest if isinstance(facts, CalibrationFacts) else None
    there = deployment.calibration
    if deployment.calibration_digest and digest:
        shown = f"{there or 'samples'}, {_short(deployment.calibration_digest)}"
        same = digest_of(deployment.calibration_digest) == digest_of(digest)
        why = "the samples are the same" if same else f"other samples: {said} -> {shown}"
        return _axis("calibration", "same" if same else "differs", "digest", said, shown, why)
    if _same_file(candidate, deployment):
        return _axis("calibration", "same", "digest", said, there, "it is part of the same file")
    if facts is not None and there is not None and _said(there):
        data, procedure = ({norm(one) for one in each} for each in _calibration_parts(facts))
        words = {norm(part) for part in there.split(",")}
        if words <= data | procedure:
            if words & data:
                why = "all that the deployment says of it"
                return _axis("calibration", "same", "words", said, there, why)
            why = "the deployment does not say which data"
            return _axis("calibration", "implicit", "", said, there, why)
    return _compared("calibration", said, there, "words")


def _calibration_parts(facts: CalibrationFacts | str) -> tuple[list[str], list[str]]:
    """Return every way in which a deployment may rightly name its data, and its procedure."""
    if isinstance(facts, str):
        return [facts], []
    data = [facts.source, f"{facts.samples} samples of {facts.source}", _short(facts.digest)]
    procedure = [facts.method, f"{facts.samples} samples", f"seed {facts.seed}"]
    return [one for one in (facts.name, *data) if norm(one)], procedure


def calibration_words(facts: CalibrationFacts | str | None) -> str | None:
    """Say in words what set the ranges; None where the claim does not."""
    if isinstance(facts, CalibrationFacts):
        return f"{facts.samples} samples of {facts.source}, {facts.method}, {_short(facts.digest)}"
    return facts


def _composition(claim: Claimed, deployment: Deployment) -> Axis:
    return _compared("composition", claim.task.composition, deployment.composition, "words")


def _throughput(candidate: ClaimedCandidate, deployment: Deployment) -> Axis:
    """Compare speeds: one holds on its executor alone, and never gates what is said of loss."""
    speed, wanted = candidate.throughput, deployment.speedup
    there = None if wanted is None else f"{wanted:g} x wanted"
    if speed is None or speed.ratio is None:
        why = "the claim has no throughput: half of the trade-off"
        return Axis("throughput", "implicit", "", None, there, why, gates=False)
    said = f"{speed.ratio:.3g} x"
    low = speed.ratio_interval[0] if speed.ratio_interval else None
    moved = [a for a in executor_axes(candidate, deployment) if a.status != "same"]
    if moved:
        names = some([axis.name.partition(": ")[2] for axis in moved], 3)
        why = f"it holds on its executor alone, of which these are not known to be same: {names}"
        status: Status = "differs" if any(a.status == "differs" for a in moved) else "implicit"
        return Axis("throughput", status, "", said, there, why, gates=False)
    if wanted is not None and (low is None or low < wanted):
        why = f"{said} was measured, from {low:.3g} x on" if low else f"{said}, without an interval"
        return Axis("throughput", "differs", "measurement", said, there, why, gates=True)
    return Axis("throughput", "same", "measurement", said, there, "the executor is the same", False)
