"""A claim file of our own: each item is disclosed twice, in words and as data, or it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quantassay.records.audit import ClaimAudit, Finding, Item, Quote

from ..consistency import consistent
from ..reading import ClaimFile, parsed, result_of
from ..sources.document import Document, Entry

Claim = Mapping[str, Any]
Missing = Iterator[str]
QUOTES = 3


@dataclass(frozen=True)
class Rule:
    """Where an item stands: its name among the disclosures, and what its data lacks."""

    words: str
    lacks: Callable[[Claim], Missing]
    shown: tuple[str, ...]


def audit_claim(document: Document) -> ClaimAudit:
    """Audit a claim file.

    Raises
    ------
    InputError
        If it is no claim.
    """
    file = parsed(document.source.encode(), Path(document.name))
    found = claim_items(document, file.raw)
    counts = found["sample_size"].answer == "yes"
    return ClaimAudit(
        headline=_headline(file.raw),
        items=found,
        arithmetic=(),
        contradictions=tuple(_contradictions(file)),
        grade="measured with counts" if counts else "measured",
        grade_why="a claim with n in every cell" if counts else "a claim with a cell that lacks n",
        questions=tuple(_questions(found, file.raw)),
    )


def _headline(claim: Claim) -> str:
    names = ", ".join(str(name) for name, _ in _candidates(claim))
    verdict = str(claim.get("verdict") or "no verdict").upper()
    return f"{verdict}: {names} against {_within(claim, 'reference', 'name')}"


def _contradictions(file: ClaimFile) -> Iterator[Finding]:
    """Yield what the claim says of itself and does not bear out."""
    for problem in file.problems:
        yield Finding("claim-schema", f"not as the schema of a claim has it: {problem}", ())
    if file.claim is None:
        return
    for check in consistent(file.claim, result_of(file.claim)):
        if check.outcome == "differs":
            said = f"{check.what}: claimed: {check.claimed or 'nothing'}; found: {check.found}"
            yield Finding("claim-consistency", said, ())


def _questions(found: Mapping[str, Item], claim: Claim) -> Iterator[str]:
    """Yield what each missing disclosure asks for, those outside the nine items too."""
    for name, item in found.items():
        if item.answer != "yes":
            yield f"{RULES[name].words}: {item.why}. Can the claim be made again with it?"
    known = [rule.words for rule in RULES.values()]
    for name in undisclosed(claim):
        if not any(name == one or name.startswith(f"{one} of ") for one in known):
            yield f"{name}: not disclosed. Can the claim be made again with it?"


def claim_items(document: Document, claim: Claim) -> dict[str, Item]:
    """Return the nine items of a claim file."""
    entries = {entry.path: entry for entry in document.entries}
    return {name: _item(document, claim, entries, rule) for name, rule in RULES.items()}


def undisclosed(claim: Claim) -> list[str]:
    """Name what the claim's own list of disclosures lacks, whatever the data says."""
    said = claim.get("disclosures")
    said = said if isinstance(said, dict) else {}
    known = list(dict.fromkeys([*(rule.words for rule in RULES.values()), *OTHERS]))
    absent = [name for name in known if name not in said]
    return absent + [name for name, words in said.items() if words is None]


def _item(document: Document, claim: Claim, entries: Mapping[str, Entry], rule: Rule) -> Item:
    missing = [f"disclosures: {name!r} is missing" for name in undisclosed(claim)
               if name == rule.words or name.startswith(f"{rule.words} of ")]  # fmt: skip
    lacking = list(rule.lacks(claim))
    quotes = tuple(_quotes(document, entries, rule))[:QUOTES]
    why = "; ".join([*missing, *lacking])
    if not why and quotes:
        return Item("yes", quotes, "in words and as data")
    if not quotes or (missing and lacking):
        return Item("no", (), f"not disclosed: {why or 'not in the claim'}")
    return Item("partial", quotes, why)


def _quotes(document: Document, entries: Mapping[str, Entry], rule: Rule) -> Iterator[Quote]:
    for path in (f"disclosures.{rule.words}", *rule.shown):
        entry = entries.get(path)
        if entry is not None and entry.value not in ("", "null", "None"):
            yield document.quote(entry.start, entry.end)


def _within(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _absent(*path: str) -> Callable[[Claim], Missing]:
    def lacks(claim: Claim) -> Missing:
        if _within(claim, *path) in (None, "", "undeclared", "undisclosed", "unknown", [], {}):
            yield f"{'.'.join(path)} is missing"

    return lacks


def _candidates(claim: Claim) -> Iterator[tuple[str, Any]]:
    found = claim.get("candidates")
    if not isinstance(found, dict) or not found:
        yield "(none)", None
        return
    yield from found.items()


def _each_candidate(*path: str) -> Callable[[Claim], Missing]:
    def lacks(claim: Claim) -> Missing:
        for name, one in _candidates(claim):
            for problem in _absent(*path)(one if isinstance(one, dict) else {}):
                yield f"candidates.{name}.{problem}"

    return lacks


def _metrics(claim: Claim) -> Missing:
    metrics = claim.get("metrics")
    if not isinstance(metrics, list) or not metrics:
        yield "metrics is missing"
        return
    for number, metric in enumerate(metrics):
        for key in ("name", "definition"):
            if not _within(metric, key):
                yield f"metrics.{number}.{key} is missing"


def _strata(claim: Claim) -> Missing:
    for name, one in _candidates(claim):
        cells = _within(one, "accuracy")
        cells = cells if isinstance(cells, list) else []
        if not any(_within(cell, "stratum") and _within(cell, "interval") for cell in cells):
            yield f"candidates.{name}.accuracy has no stratum with an interval"


def _sizes(claim: Claim) -> Missing:
    yield from _absent("task", "n")(claim)
    for name, one in _candidates(claim):
        cells = _within(one, "accuracy")
        cells = cells if isinstance(cells, list) else []
        if not cells or any(not isinstance(_within(cell, "n"), int) for cell in cells):
            yield f"candidates.{name}.accuracy has a cell without n"


RULES = {
    "task": Rule("task", _absent("task", "digest"), ("task.task", "task.digest")),
    "model_base": Rule(
        "base model", _absent("reference", "artifact", "digest"), ("reference.artifact.digest",)
    ),
    "model_quantized": Rule("quantized model", _each_candidate("artifact", "digest"), ()),
    "metric": Rule("metric", _metrics, ("metrics.0.name", "metrics.0.definition")),
    "reference": Rule("reference", _absent("reference", "precision"), ("reference.precision",)),
    "calibration": Rule("calibration", _each_candidate("calibration"), ()),
    "strata": Rule("per-stratum", _strata, ()),
    "composition": Rule(
        "test-set composition", _absent("task", "composition"), ("task.composition",)
    ),
    "sample_size": Rule("sample size", _sizes, ("task.n",)),
}
OTHERS = ("executor", "throughput", "noise floor", "rubric", "software", "reproduction")
