"""What one finished run tells: of each candidate its loss, and the tendencies of its triple."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quantassay.claims.untrusted_json import parsed
from quantassay.errors import InputError, QuantassayError, nearest, reason
from quantassay.records.cells import Cell, Comparison
from quantassay.records.foretelling import Observed, PassedOver
from quantassay.records.tendencies import Tendencies, Tendency, tendencies_from_plain

from ..quoting import Claim, read_claim

FILE = "tendencies.json"
#: what makes two triples the same: task, test set, both models, metric
Same = tuple[str, ...]


def observed(
    folder: Path, metric: str | None, passed: list[PassedOver]
) -> Iterator[tuple[Same, Observed]]:
    """Yield the triples of a run with what identifies each; what tells nothing goes on the list."""
    try:
        if not (folder / FILE).exists():
            msg = f"no {FILE}: run it with `tendencies` in the rubric, or `quantassay diagnose`"
            raise InputError(msg)
        claim, comparison = read_claim(folder)
        seen = _tendencies(folder, claim)
        model, name = _model(claim), _metric(comparison, metric)
    except QuantassayError as error:
        passed.append(PassedOver(str(folder), reason(error).removeprefix(f"{folder}: ")))
        return
    for cell in comparison.cells:
        if cell.metric != name or cell.stratum or cell.reference != comparison.reference:
            continue
        facts = claim["candidates"][cell.candidate]
        if why := _nothing_to_rank(cell, facts):
            passed.append(PassedOver(f"{folder}: {cell.candidate}", why))
            continue
        yield _same(claim, model, facts, name), _observed(folder, claim, model, cell, seen)


def _tendencies(folder: Path, claim: Claim) -> Tendencies:
    """Read what was seen, and refuse what was under another rubric than the run's, or of others."""
    path = folder / FILE
    seen = tendencies_from_plain(parsed(path, "tendencies"), str(path))
    if (seen.rubric_digest, seen.reference) != (
        claim["rubric"]["digest"],
        claim["reference"]["name"],
    ):
        msg = f"{FILE} is of another rubric than the run: `quantassay diagnose` again"
        raise InputError(msg)
    if other := _others(seen, claim):
        msg = (
            f"{FILE} is of other model files than the run ({', '.join(other)}): `quantassay "
            "diagnose` again"
        )
        raise InputError(msg)
    return seen


def _others(seen: Tendencies, claim: Claim) -> list[str]:
    """Return the variants that were looked at in another model file than the run measured."""
    measured = {seen.reference: claim["reference"], **claim["candidates"]}
    told = {name: facts["artifact"] for name, facts in measured.items() if facts["artifact"]}
    return [
        name for name, artifact in told.items()
        if seen.models.get(name, artifact["digest"]) != artifact["digest"]
    ]  # fmt: skip


def _model(claim: Claim) -> str:
    artifact = claim["reference"]["artifact"]
    if artifact is None:
        msg = "the reference has no model file, so it cannot be told which model it is"
        raise InputError(msg)
    return str(artifact["digest"])


def _metric(comparison: Comparison, asked: str | None) -> str:
    names = [one.name for one in comparison.metrics]
    if asked is None:
        return names[0] if names else ""
    if asked not in names:
        msg = f"has no metric {asked!r}{nearest(asked, names)}; it has {', '.join(names)}"
        raise InputError(msg)
    return asked


def _nothing_to_rank(cell: Cell, facts: dict[str, Any]) -> str:
    if cell.loss is None:
        return f"its loss is undefined: {cell.reason}"
    truth = facts["truth"]
    if truth is not None and not truth["changed"]:
        return "its scheme changed nothing"
    return ""


def _same(claim: Claim, model: str, facts: dict[str, Any], metric: str) -> Same:
    artifact = facts["artifact"]
    made = artifact["digest"] if artifact else f"{claim['rubric']['name']} {facts['name']}"
    return claim["task"]["task"], claim["task"]["digest"], model, made, facts["engine"], metric


def _observed(folder: Path, claim: Claim, model: str, cell: Cell, seen: Tendencies) -> Observed:
    assert cell.loss is not None
    facts = claim["candidates"][cell.candidate]
    told = _of_triple(seen, cell.candidate)
    return Observed(
        folder=str(folder),
        task=claim["task"]["task"],
        model=model,
        candidate=cell.candidate,
        scheme=facts["scheme"] or "",
        metric=cell.metric,
        loss=cell.loss,
        interval=cell.interval,
        tendencies={
            one.name: one.value for one in told if one.value is not None and not one.reason
        },
        partial=any(one.value is not None and one.reason for one in told),
    )


def _of_triple(seen: Tendencies, candidate: str) -> list[Tendency]:
    """Return the tendencies of the reference, and of the candidate against it."""
    pair = {(seen.reference, ""), (candidate, seen.reference)}
    return [one for one in seen.of_models() if (one.of, one.against) in pair]
