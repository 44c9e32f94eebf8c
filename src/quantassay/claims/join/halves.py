"""The accuracy half that a throughput is joined to: one variant of a claim, with its figures."""

from __future__ import annotations

from dataclasses import dataclass

from quantassay.errors import InputError, nearest
from quantassay.records.artifacts import Artifact
from quantassay.records.executor import EngineUse
from quantassay.records.recorded_speed import RecordedSpeed
from quantassay.records.result import Result

from ..reading import ClaimFile, result_of
from ..schema import Claim

ALONE = (
    "a throughput without its accuracy is half of the trade-off, and is not reported: name {what}"
)
MODEL = "the model file that was timed, with --model"
EXECUTOR = (
    "the executor that it was timed on, with --executor: `quantassay executor assay.yaml -o "
    "executor.json` writes it on that machine"
)


@dataclass(frozen=True)
class AccuracyHalf:
    """One variant of a claim that has a loss, or is what losses are measured against."""

    file: ClaimFile
    claim: Claim
    result: Result
    variant: str
    artifact: Artifact
    use: EngineUse | None

    @property
    def is_reference(self) -> bool:
        """Whether it is the reference."""
        return self.variant == self.claim["reference"]["name"]


def accuracy_half(file: ClaimFile, variant: str | None) -> AccuracyHalf:
    """Return the variant of a claim to join to; the only candidate where none is named.

    Raises
    ------
    InputError
        If there is no such variant, it has no accuracy, no model file, or a throughput already.
    """
    claim = file.claim
    if claim is None:
        msg = f"{file.path}: no whole claim of this version: {file.problems[0]}; run again"
        raise InputError(msg)
    name = _variant(file, claim, variant)
    found = claim["reference"] if name == claim["reference"]["name"] else claim["candidates"][name]
    if not _measured(claim, name):
        msg = f"{file.path}: {name} has no accuracy there; {ALONE.format(what='a claim that has')}"
        raise InputError(msg)
    if found["artifact"] is None:
        msg = (
            f"{file.path}: {name} names no model file: its answers were recorded elsewhere, and "
            "nothing says which file gave them; declare it as 'model: FILE' in the rubric and run "
            "again"
        )
        raise InputError(msg)
    result = result_of(claim)
    _require_untimed(file, result, name)
    return AccuracyHalf(file, claim, result, name, found["artifact"], found["execution"])


def require_own_log(half: AccuracyHalf, log: str, found: RecordedSpeed) -> None:
    """Refuse a log that was joined to another variant, unless it tells models apart.

    Raises
    ------
    InputError
        If it was.
    """
    for one in half.claim.get("joined", []):
        if one.log == log and not found.model:
            msg = (
                f"{found.file}: was joined to {one.variant} already, and tells of one model: time "
                f"{half.variant} too"
            )
            raise InputError(msg)


def _variant(file: ClaimFile, claim: Claim, variant: str | None) -> str:
    known = [claim["reference"]["name"], *claim["candidates"]]
    if variant is None:
        if len(known) == 2:
            return known[1]
        msg = f"{file.path}: whose throughput is it? name one with --variant: {', '.join(known)}"
        raise InputError(msg)
    if variant not in known:
        near = nearest(variant, known)
        msg = f"{file.path}: no variant is called {variant!r}{near}; it has {', '.join(known)}"
        raise InputError(msg)
    return variant


def _measured(claim: Claim, name: str) -> bool:
    """Return whether any loss stands there of a variant, or against it."""
    own = claim["candidates"].get(name)
    cells = (
        own["accuracy"] if own else [c for o in claim["candidates"].values() for c in o["accuracy"]]
    )
    return any(cell.loss is not None for cell in cells)


def _require_untimed(file: ClaimFile, result: Result, name: str) -> None:
    there = next((speed for speed in result.speeds if speed.variant == name), None)
    if there is None:
        return
    by = f"measured elsewhere by {there.source}" if there.source else "timed in the run"
    msg = (
        f"{file.path}: {name} has a throughput already, {by}; no log replaces one: join to the "
        "claim of a run with 'timing: null' in its rubric"
    )
    raise InputError(msg)
