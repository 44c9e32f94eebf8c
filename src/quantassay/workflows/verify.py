"""A claim against its run folder, its signature and itself: what agrees, what differs."""

from __future__ import annotations

from pathlib import Path

from quantassay.claims.consistency import consistent
from quantassay.claims.join.consistent import outside_checks
from quantassay.claims.reading import ClaimFile, read_claim_file, result_of
from quantassay.claims.study import unchecked_study
from quantassay.errors import InputError
from quantassay.records.result import Result
from quantassay.records.verification import Check, Verification, agrees, differs, unchecked

from .steps.executor.criteria import criteria_kept
from .steps.executor.other_machine import executor_here
from .steps.locked import decided_by_cells, kept_to
from .steps.recomputing import figures
from .steps.refinding import files
from .steps.retracing import retrace
from .steps.vouching import committed_to, signed

NO_RUN = "there is no run folder beside it: name one with --run"
SHAPE = "shape of the claim"
CLAIM = "claim.json"


def verify(
    claim: str | Path,
    run: str | Path | None = None,
    *,
    key: str | Path | None = None,
    digest: str | None = None,
) -> Verification:
    """Check a claim: its signature, the journal, itself, and every figure computed again.

    Parameters
    ----------
    claim
        A claim file, or the run folder that holds it.
    run
        The run folder; by default the folder that the claim lies in, if that is one.
    key
        A public key that must have signed the claim.
    digest
        A SHA-256 committed to beforehand: of the claim, of the rubric or of the journal.

    Returns
    -------
    Verification
        What agrees, what differs, and what was not checked, with the reason.

    Raises
    ------
    InputError
        If there is no such claim, key or run folder.
    """
    try:
        return _verified(_file(Path(claim)), run, None if key is None else Path(key), digest)
    except RecursionError as error:
        msg = f"{claim}: nested too deeply for a claim; nothing was checked"
        raise InputError(msg) from error


def _file(claim: Path) -> Path:
    within = claim / CLAIM
    return within if within.is_file() else claim


def _verified(
    claim: Path, run: str | Path | None, key: Path | None, digest: str | None
) -> Verification:
    file = read_claim_file(claim)
    folder = _folder(file, run)
    checks = [signed(file, key)]
    if digest is not None:
        checks.append(committed_to(file, digest, folder))
    checks += _shape(file)
    result = None if file.claim is None else result_of(file.claim)
    checks += _itself(file, result)
    checks += _against(file, result, folder)
    return Verification(str(claim), None if folder is None else str(folder), tuple(checks))


def _folder(file: ClaimFile, run: str | Path | None) -> Path | None:
    if run is None:
        beside = file.path.parent
        return beside if (beside / "journal.jsonl").is_file() else None
    folder = Path(run)
    if not (folder / "journal.jsonl").is_file():
        msg = f"{folder}: no run folder: there is no journal.jsonl in it"
        raise InputError(msg)
    return folder


def _shape(file: ClaimFile) -> list[Check]:
    if not file.problems:
        return [agrees(SHAPE, str(file.raw["schema"]))]
    shown = [differs(SHAPE, "", problem) for problem in file.problems[:20]]
    older = "a claim of an older version, or one that parts were taken from: run again"
    return [*shown, unchecked("figures", older)]


def _itself(file: ClaimFile, result: Result | None) -> list[Check]:
    if file.claim is None or result is None:
        return []
    return [
        *consistent(file.claim, result),
        *executor_here(result),
        *criteria_kept(result),
        *unchecked_study(result),
        *kept_to(result),
        *decided_by_cells(result),
        *outside_checks(file.claim),
    ]


def _against(file: ClaimFile, result: Result | None, folder: Path | None) -> list[Check]:
    if folder is None:
        here = [] if result is None else list(files(result, None))
        return [*here, unchecked("journal", NO_RUN), unchecked("figures", NO_RUN)]
    trail = retrace(file, result, folder)
    if result is None:
        return trail.checks
    return [*trail.checks, *files(result, folder), *figures(file, result, trail)]
