"""A finished cell, read back from its run folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from quantassay.claims.reading import read_claim_file, result_of
from quantassay.errors import InputError, RunFolderError
from quantassay.formats.digests import by_bytes
from quantassay.records.artifacts import VariantFacts
from quantassay.records.cross import CrossCell
from quantassay.records.result import Result
from quantassay.runs.folder import RunFolder

from ..grounds import unchanged
from ..retracing import retrace
from .again import Parts, again, why_again
from .cells import Planned

DIFFERS = "differs"


@dataclass(frozen=True)
class Found:
    """What a cell was found to be, or ``why`` it is to be run."""

    cell: CrossCell | None
    why: str = ""


def found(cell: Planned, parts: Parts, folder: Path) -> Found:
    """Return what a finished cell of a study was found to be, as its run folder says.

    Raises
    ------
    RunFolderError
        If its journal was changed by hand, or its verdicts are none that the journal tells of.
    """
    _refuse_changed(cell)
    if why := why_again(cell, parts):
        return Found(None, why)
    try:
        file = read_claim_file(cell.run / "claim.json")
    except InputError:
        return Found(None, "there is no claim in its run folder")
    result = None if file.claim is None else result_of(file.claim)
    trail = retrace(file, result, cell.run)
    wrong = [check for check in trail.checks if check.outcome == DIFFERS]
    if wrong or result is None:
        return Found(None, f"its run folder was changed by hand ({wrong[0].what if wrong else ''})")
    if other := _of_other(result, cell, parts):
        return Found(None, f"its run is not that of this {other}")
    return Found(_cell(cell, result, parts, folder))


def _refuse_changed(cell: Planned) -> None:
    """Refuse beforehand what a run would refuse once it came to it."""
    if not (cell.run / "journal.jsonl").is_file():
        return
    try:
        with RunFolder(cell.run):
            pass
    except RunFolderError as error:
        msg = f"{error}; once {cell.folder} is deleted, the study runs that cell again"
        raise RunFolderError(msg) from error


def _of_other(result: Result, cell: Planned, parts: Parts) -> str:
    """Return what the run of a cell was really of, where its note says otherwise."""
    here = result.machine
    facts = _facts(result, cell.cell.reference)
    told = {
        "rubric": result.rubric_digest == parts["rubric"],
        "data": result.test_set.digest == parts["data"],
        "model": facts is not None and _is_model(facts, cell.model, parts["model"]),
        "software": all(parts["software"].get(k) == v for k, v in result.software.items()),
        "processor": here is not None
        and [here.processor, *here.instructions, here.usable_cores] == parts["processor"],
    }
    return next((part for part, same in told.items() if not same), "")


def _is_model(facts: VariantFacts, path: Path, wanted: str) -> bool:
    """Return whether a variant is of a model file, whichever way its engine identifies it."""
    own = facts.artifact.digest if facts.artifact else ""
    return own == wanted or own == by_bytes(path).digest


def _facts(result: Result, name: str) -> VariantFacts | None:
    return next((one for one in result.variants if one.name == name), None)


def _cell(cell: Planned, result: Result, parts: Parts, folder: Path) -> CrossCell:
    name = cell.at.scheme
    facts = _facts(result, name)
    assert facts is not None
    speed = next((one for one in result.speeds if one.variant == name), None)
    triple = next((one for one in result.triples if one.candidate == name), None)
    return CrossCell(
        at=cell.at,
        folder=cell.run.relative_to(folder).as_posix(),
        precision=facts.precision,
        triple=triple,
        verdict=result.comparison.candidates[name].verdict,
        truth=facts.truth.summary if facts.truth else "nothing tells what the scheme changed",
        true=None if facts.truth is None else not unchanged(facts),
        speed=speed.ratio if speed else None,
        speed_interval=speed.ratio_interval if speed else None,
        looks=result.looks,
        amendments=len(result.amendments),
        findings=result.findings,
        again=again(parts),
    )


def not_applied(cell: Planned, reason: str, parts: Parts, folder: Path) -> CrossCell:
    """Return a cell whose scheme cannot be applied, or cannot run, with the reason."""
    return CrossCell(
        at=cell.at,
        folder=cell.run.relative_to(folder).as_posix(),
        precision=cell.rubric.variants[cell.at.scheme].precision or "",
        triple=None,
        verdict=None,
        truth="",
        true=None,
        reason=reason,
        again=again(parts),
    )
