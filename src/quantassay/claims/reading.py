"""A claim file: its bytes, what they say, and whether that has the shape of a claim."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from quantassay.errors import InputError
from quantassay.records.artifacts import VariantFacts
from quantassay.records.cells import Comparison
from quantassay.records.executor import ExecutorSpecification
from quantassay.records.result import Result
from quantassay.records.study import CalibrationStudy

from .build import SCHEMA
from .earlier import brought_up
from .executors.reading import specified
from .schema import Claim, VariantClaim

MOST_BYTES = 256 << 20


@dataclass(frozen=True)
class ClaimFile:
    """What a claim file holds. ``claim`` is None where ``problems`` say why it has not its shape.

    ``raw`` are its plain values, with the order of keys kept.
    """

    path: Path
    content: bytes
    raw: dict[str, Any]
    claim: Claim | None
    problems: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the exact bytes, as ``sha256:`` and hexadecimal."""
        return f"sha256:{sha256(self.content).hexdigest()}"


def read_claim_file(path: Path) -> ClaimFile:
    """Read a claim; one that lacks parts is read as far as it goes.

    Raises
    ------
    InputError
        If there is no such file, or it is no claim at all.
    """
    return parsed(_bytes(path), path)


def parsed(content: bytes, path: Path) -> ClaimFile:
    """Return what the bytes of a claim file say.

    Raises
    ------
    InputError
        If they are no claim at all.
    """
    try:
        raw = json.loads(content, object_pairs_hook=_unique, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        msg = f"{path}: not JSON: {error or 'nested too deeply'}; give it a claim.json"
        raise InputError(msg) from error
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        kind = raw.get("schema") if isinstance(raw, dict) else None
        msg = f"{path}: not a claim: its schema is {str(kind)[:60]!r}, not {SCHEMA!r}"
        raise InputError(msg)
    brought_up(raw)
    try:
        claim, problems = _adapter().validate_json(json.dumps(raw), strict=True), ()
    except ValidationError as error:
        return ClaimFile(path, content, raw, None, tuple(_problems(error)))
    return ClaimFile(path, content, raw, claim, problems)


def result_of(claim: Claim) -> Result:
    """Return the result that a claim is of, as far as the claim tells."""
    candidates, study = claim["candidates"], claim["calibration_study"]
    variants = [claim["reference"], *candidates.values()]
    speeds = [claim["reference_throughput"], *(one["throughput"] for one in candidates.values())]
    comparison = Comparison(
        reference=claim["reference"]["name"],
        confidence=claim["confidence"],
        verdict=claim["verdict"],
        candidates={name: one["decision"] for name, one in candidates.items()},
        cells=tuple(cell for one in candidates.values() for cell in one["accuracy"]),
        agreements=tuple(claim["agreements"]),
        metrics=tuple(claim["metrics"]),
        stopping=claim.get("stopping"),
    )
    return Result(
        rubric=claim["rubric"]["name"],
        rubric_digest=claim["rubric"]["digest"],
        rubric_locked=claim["rubric"]["locked"],
        rubric_declared=claim["rubric"]["declared"],
        made=claim["made"],
        quantassay=claim["quantassay"],
        test_set=claim["task"],
        metrics=tuple(claim["metrics"]),
        comparison=comparison,
        variants=tuple(_facts(one) for one in variants),
        noise_floor=claim["noise_floor"],
        speeds=tuple(speed for speed in speeds if speed is not None),
        machine=claim["executor"],
        executor=_specified(claim),
        software=claim["software"],
        engines={one["name"]: one["execution"] for one in variants if one["execution"]},
        disclosures=claim["disclosures"],
        amendments=tuple(claim["amendments"]),
        looks=claim["looks"],
        findings=tuple(claim["findings"]),
        reproduce=claim["reproduce"],
        conditions=claim["conditions"],
        frontiers=tuple(claim["frontiers"]),
        triples=tuple(one["triple"] for one in candidates.values() if one["triple"]),
        calibration_study=study if isinstance(study, CalibrationStudy) else None,
    )


def _specified(claim: Claim) -> ExecutorSpecification | None:
    told = claim.get("executor_specification")
    return None if told is None else specified(told)


def _facts(one: VariantClaim) -> VariantFacts:
    return VariantFacts(
        name=one["name"],
        origin=one["origin"],
        scheme=one["scheme"],
        precision=one["precision"],
        gate=one["gate"],
        artifact=one["artifact"],
        truth=one["truth"],
        calibration=one["calibration"],
        engine=one["engine"],
        failed=one["failed"],
        failed_ids=tuple(one["failed_ids"]),
    )


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        what = _folder(path) if path.is_dir() else error.strerror
        msg = f"{path}: cannot be read: {what}"
        raise InputError(msg) from error
    if len(content) > MOST_BYTES:
        msg = f"{path}: over {MOST_BYTES >> 20} MiB; no claim is that long"
        raise InputError(msg)
    return content


def _folder(path: Path) -> str:
    """Say which file of a folder, or which folder in it, is meant."""
    if (path / "run" / "claim.json").is_file():
        return f"is a folder: name {path / 'run'}"
    if (path / "cells").is_dir():
        return "is the folder of a study: name that of a run in it, cells/TASK/MODEL/SCHEME/run"
    return "is a folder: name the claim.json in it"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        msg = f"the key {twice[:60]!r} stands twice in one object"
        raise ValueError(msg)
    return found


def _refused(constant: str) -> None:
    msg = f"{constant} is not a figure"
    raise ValueError(msg)


def _problems(error: ValidationError) -> list[str]:
    found = {}
    for one in error.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in one["loc"]) or "the claim"
        found[where] = "is missing" if one["type"] == "missing" else one["msg"].lower()
    return [f"{where}: {what}" for where, what in found.items()]


@cache
def _adapter() -> TypeAdapter[Claim]:
    return TypeAdapter(Claim)
