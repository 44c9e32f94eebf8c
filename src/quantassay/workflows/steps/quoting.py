"""A claim as it was written, with its comparison, read back from a run folder or a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from quantassay.claims.reading import read_claim_file, result_of
from quantassay.errors import InputError, nearest
from quantassay.records.cells import Comparison, comparison_from_plain
from quantassay.records.result import Result
from quantassay.runs.finished import require_finished
from quantassay.verdicts.overall import candidate_verdict, overall_verdict

from .locked import with_claimed_speed

Claim = Mapping[str, Any]


def read_claim(path: Path) -> tuple[Claim, Comparison]:
    """Read the claim of a finished run, or a claim file.

    Raises
    ------
    InputError
        If there is none, it is of another shape, or one half of the trade-off stands alone.
    RunFolderError
        If the run did not finish, or its verdicts were changed by hand.
    """
    if not path.is_dir():
        return _claim_file(path)
    require_finished(path)
    comparison = read_verdicts(path)
    claim, own = _claim_file(path / "claim.json")
    if set(map(repr, own.cells)) != set(map(repr, comparison.cells)):
        msg = f"{path / 'claim.json'}: its cells are not those of verdicts.json; run again"
        raise InputError(msg)
    if (own.verdict, dict(own.candidates)) != (comparison.verdict, dict(comparison.candidates)):
        msg = f"{path / 'claim.json'}: its verdicts are not those of verdicts.json; run again"
        raise InputError(msg)
    return claim, comparison


def read_verdicts(folder: Path) -> Comparison:
    """Read ``verdicts.json`` of a run folder."""
    path = folder / "verdicts.json"
    try:
        return comparison_from_plain(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        msg = f"{folder} holds no finished run: there is no verdicts.json; `quantassay run` first"
        raise InputError(msg) from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        msg = f"{path}: not a comparison of this version ({error}); run again"
        raise InputError(msg) from error


def of_candidate(claim: Claim, comparison: Comparison, name: str) -> tuple[Claim, Comparison]:
    """Return what a claim says of one candidate; the verdict is then the candidate's own.

    Raises
    ------
    InputError
        If no candidate has this name.
    """
    if name not in claim["candidates"]:
        known = ", ".join(claim["candidates"])
        msg = f"no candidate is called {name!r}{nearest(name, claim['candidates'])}; it has {known}"
        raise InputError(msg)
    verdict = comparison.candidates[name].verdict
    narrowed = replace(
        comparison,
        verdict=verdict,
        candidates={name: comparison.candidates[name]},
        **{
            field: _of(getattr(comparison, field), name)
            for field in ("cells", "agreements", "suspects", "contrasts")
        },
        proven_fine=_of(comparison.proven_fine, name),
        losing_tasks=_of(comparison.losing_tasks, name),
    )
    kept = {
        "verdict": verdict,
        "candidates": {name: claim["candidates"][name]},
        "agreements": [one for one in claim["agreements"] if one["candidate"] == name],
    }
    return {**claim, **kept}, narrowed


def _of(listed: Any, name: str) -> Any:
    return None if listed is None else tuple(one for one in listed if one.candidate == name)


def _claim_file(path: Path) -> tuple[Claim, Comparison]:
    if not path.exists():
        msg = f"{path}: no such claim; name a run folder or a claim.json"
        raise InputError(msg)
    file = read_claim_file(path)
    if file.claim is None:
        msg = f"{path}: not a claim of this version: {file.problems[0]}"
        raise InputError(msg)
    claim = file.raw
    try:
        json.dumps(claim, allow_nan=False, ensure_ascii=False).encode()
        datetime.fromisoformat(claim["made"])
    except ValueError as error:  # no number, half a surrogate, no date
        msg = f"{path}: not a claim ({error})"
        raise InputError(msg) from error
    _require_both_halves(path, claim)
    result = result_of(file.claim)
    found = result.comparison
    _require_verdicts_of_cells(path, result)
    return claim, replace(found, findings=tuple(claim["findings"]))


def _require_both_halves(path: Path, claim: Claim) -> None:
    for name, one in claim["candidates"].items():
        known = any(cell["candidate_value"] is not None for cell in one["accuracy"])
        if one["throughput"] is not None and not known:
            msg = f"{path}: {name} has a throughput and no accuracy: neither goes without the other"
            raise InputError(msg)


def _require_verdicts_of_cells(path: Path, result: Result) -> None:
    """Refuse a pass that cells and speed-up do not give: most formats show the verdict alone."""
    found = result.comparison
    for name, one in found.candidates.items():
        cells = candidate_verdict([c for c in found.cells if c.candidate == name], one.gate)
        own = with_claimed_speed(cells, name, result)
        if one.verdict == "pass" != own.verdict:
            what = "its cells say" if cells.verdict != "pass" else "its speed-up makes it"
            msg = f"{path}: {name}: its verdict is pass, and {what} {own.verdict or 'none'}"
            raise InputError(msg)
    if found.verdict == "pass" != overall_verdict(found.candidates):
        msg = f"{path}: its verdict is pass, and its candidates do not all pass"
        raise InputError(msg)
