"""Findings of an audit on the lines of a card: SARIF 2.1.0, which code hosts show."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from quantassay.records.audit import Audit, ClaimAudit, Finding, Item, Quote

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LINE_END = re.compile("\r\n|\n|\r")
LONGEST_MESSAGE = 1000
Starts = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Place:
    """A finding before it has lines: the rule, how grave, in which words, on which quotes."""

    rule: str
    level: str
    message: str
    quotes: tuple[Quote, ...]


def sarif(audits: Sequence[Audit], sources: Sequence[Mapping[str, str]]) -> str:
    """Return findings of audits as SARIF 2.1.0.

    What does not follow is a warning on its words, information on them a note; what is not
    disclosed, or only in part, is a note on the words that come nearest, else on the claim.

    Parameters
    ----------
    audits
        Of each source.
    sources
        Of each source the text of every file, by the name that quotes give it.
    """
    results = [
        result
        for audit, texts in zip(audits, sources, strict=True)
        for starts in [{file: _line_starts(text) for file, text in texts.items()}]
        for claim in audit.claims
        for result in _results(audit, claim, _headline(claim, texts), starts)
    ]
    rules = sorted({(result["ruleId"], result["level"]) for result in results})
    run = {
        "tool": {"driver": _driver(rules)},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def _driver(rules: Iterable[tuple[str, str]]) -> dict[str, Any]:
    described = [
        {
            "id": rule,
            "shortDescription": {"text": rule.rpartition("/")[2].replace("_", " ")},
            "defaultConfiguration": {"level": level},
        }
        for rule, level in rules
    ]
    return {"name": "quantassay", "semanticVersion": version("quantassay"), "rules": described}


def _headline(claim: ClaimAudit, texts: Mapping[str, str]) -> Quote:
    """Return where a claim stands; the first line where its words are not found."""
    for file, text in texts.items():
        start = text.find(claim.headline) if claim.headline else -1
        if start >= 0:
            return Quote(claim.headline, start, start + len(claim.headline), file=file)
    return Quote("", 0, 0, file=next(iter(texts), ""))


def _results(
    audit: Audit, claim: ClaimAudit, headline: Quote, starts: Starts
) -> Iterator[dict[str, Any]]:
    for place in _places(claim):
        first, *others = [_location(audit, one, starts) for one in place.quotes or (headline,)]
        words = "\n".join([place.rule, claim.headline, *(one.text for one in place.quotes)])
        yield {
            "ruleId": place.rule,
            "level": place.level,
            "message": {"text": place.message[:LONGEST_MESSAGE]},
            "locations": [first],
            **({"relatedLocations": others} if others else {}),
            # the same finding keeps its mark when lines move
            "partialFingerprints": {"quantassay/1": sha256(words.encode()).hexdigest()},
        }


def _places(claim: ClaimAudit) -> Iterator[Place]:
    for kind in ("contradictions", "arithmetic"):
        found: Finding
        for found in getattr(claim, kind):
            level = "warning" if found.doubt else "note"
            yield Place(f"{kind}/{found.rule}", level, found.finding, found.quotes)
    for name, item in claim.items.items():
        if item.answer != "yes":
            yield Place(f"disclosure/{name}", "note", _undisclosed(name, item), item.quotes)


def _undisclosed(name: str, item: Item) -> str:
    how = "not disclosed" if item.answer == "no" else "disclosed in part"
    why = item.why if item.why.startswith(how) else f"{how}: {item.why}"
    return f"{name.replace('_', ' ')}: {why}"


def _location(audit: Audit, words: Quote, starts: Starts) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": _uri(audit.source, words.file),
            "region": _region(starts.get(words.file, [0]), words),
        }
    }


def _uri(source: str, file: str) -> dict[str, str]:
    path = PurePath(source)
    if file and PurePath(file) != path and path.name != file:
        path = path / file
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(path.as_posix()), "uriBaseId": "%SRCROOT%"}


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in LINE_END.finditer(text))]


def _region(starts: Sequence[int], words: Quote) -> dict[str, int]:
    """Return lines and columns from 1 on; a column after the last character is its end."""
    first, column = _line(starts, words.start)
    last, after = _line(starts, max(words.start, words.end))
    return {"startLine": first, "startColumn": column, "endLine": last, "endColumn": after}


def _line(starts: Sequence[int], place: int) -> tuple[int, int]:
    number = bisect_right(starts, place)
    return number, place - starts[number - 1] + 1
