"""A claim of answers that other programs recorded: accuracy alone, and much that nobody told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from quantassay import __version__
from quantassay.claims.build import SCHEMA, claim
from quantassay.claims.disclosures import disclosures
from quantassay.engines.executor import software
from quantassay.errors import InputError
from quantassay.records.artifacts import VariantFacts
from quantassay.records.cells import TASK, Comparison
from quantassay.records.result import Result, TestSet
from quantassay.runs.files import write_json
from quantassay.runs.journal import now

from .question import Sitting
from .sides import Side
from .tables import Table

NO_RUBRIC = "none: margins given with the comparison"
UNTOLD = "undisclosed"


def refuse_other_file(path: Path, inputs: Sequence[Table | None]) -> None:
    """Refuse to write a claim over anything but an earlier claim.

    Raises
    ------
    InputError
        If an input, or another file, stands there.
    """
    read = any(isinstance(t, (str, Path)) and Path(t).resolve() == path.resolve() for t in inputs)
    if path.exists() and (read or not _is_claim(path)):
        msg = f"{path} is there already and is no claim: name another file for --claim"
        raise InputError(msg)


def _is_claim(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return SCHEMA.encode() in file.read(1000)


def write_claim(
    path: Path,
    comparison: Comparison,
    sides: Sequence[Side],
    sat: Sequence[Sitting],
    cluster: str | None,
) -> None:
    """Write what was compared as a claim: accuracy, and in ``missing`` what the logs do not tell.

    Raises
    ------
    RunFolderError
        If the file cannot be written.
    """
    result = Result(
        rubric=NO_RUBRIC,
        rubric_digest="",
        made=now(),
        quantassay=__version__,
        test_set=_test_set(sat, cluster),
        metrics=comparison.metrics,
        comparison=comparison,
        variants=tuple(_variant(side, at, sat) for at, side in enumerate(sides)),
        software=software(),
        findings=(*comparison.findings, *_facts(sides)),
    )
    write_json(path, claim(replace(result, disclosures=disclosures(result))))


def _test_set(sat: Sequence[Sitting], cluster: str | None) -> TestSet:
    sizes = {one.task: len(one.samples) for one in sat}
    several = len(sat) > 1
    parts = sat[0].question.partitions
    return TestSet(
        task=", ".join(filter(None, sizes)),
        path="",
        digest=_digest(sat),
        n=sum(sizes.values()),
        composition="undeclared",
        clusters=cluster or "unknown",
        strata={TASK: sizes} if several else {part.key: part.sizes() for part in parts},
    )


def _digest(sat: Sequence[Sitting]) -> str:
    """Return a SHA-256 of the ids and gold answers of every task."""
    digest = sha256()
    for one in sat:
        gold = one.samples.target
        answers = [""] * len(one.samples) if gold is None else [str(each) for each in gold.tolist()]
        for pair in zip(one.samples.ids.tolist(), answers, strict=True):
            digest.update(repr((one.task, *pair)).encode())
    return f"sha256:{digest.hexdigest()}"


def _variant(side: Side, at: int, sat: Sequence[Sitting]) -> VariantFacts:
    """Return what is known of one side; ``at`` 0 is the reference."""
    answers = [one.contenders[at - 1].predictions if at else one.reference for one in sat]
    failed = [str(i) for one in answers for i in one.ids[one.failed | one.absent].tolist()]
    return VariantFacts(
        side.name,
        side.format or "a table",
        None,
        UNTOLD,
        gate=True,
        calibration=UNTOLD,
        failed=len(failed),
        failed_ids=tuple(failed[:20]),
    )


def _facts(sides: Sequence[Side]) -> list[str]:
    """Return what a log says of its tasks, which every side was held to."""
    return [
        f"{f'{task}: ' if task else ''}{key}: {value}"
        for task, part in sides[0].parts.items()
        for key, value in part.facts.items()
    ]
