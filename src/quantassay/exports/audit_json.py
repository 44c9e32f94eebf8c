"""The audit contract as JSON: ``quantassay/audit/1``."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import NotRequired, TypedDict

from quantassay.records.audit import Audit, ClaimAudit, Finding, Grade, Item, Presence, Quote

SCHEMA = "quantassay/audit/1"


class QuoteDocument(TypedDict):
    """Words of the source, verbatim, at their place: characters from 0, lines from 1."""

    text: str
    start: int
    end: int
    line: int
    file: str


class ItemDocument(TypedDict):
    """One item of the checklist."""

    answer: Presence
    quotes: list[QuoteDocument]
    why: str


class FindingDocument(TypedDict):
    """What does not follow, or cannot be determined; information where ``doubt`` is false."""

    rule: str
    doubt: bool
    finding: str
    quotes: list[QuoteDocument]


class ClaimDocument(TypedDict):
    """One claim of a text."""

    headline: str
    items: dict[str, ItemDocument]
    decision_grade: bool
    arithmetic: list[FindingDocument]
    contradictions: list[FindingDocument]
    grade: Grade
    grade_why: str
    questions: list[str]


class AuditDocument(ClaimDocument):
    """The headline claim of a source; all of them under ``claims`` where there are several.

    ``claimed`` is false where the source says nothing of a quantized model.
    """

    schema: Literal["quantassay/audit/1"]
    source: str
    kind: str
    claimed: bool
    claims: NotRequired[list[ClaimDocument]]


def audit_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an audit."""
    from pydantic import TypeAdapter

    found = TypeAdapter(AuditDocument).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **found}


def audit_document(audit: Audit) -> dict[str, Any]:
    """Return the contract as a dict."""
    claims = [_claim(one) for one in audit.claims]
    several = {"claims": claims} if len(claims) > 1 else {}
    return {
        "schema": SCHEMA, "source": audit.source, "kind": audit.kind, "claimed": audit.claimed,
        **claims[0], **several,
    }  # fmt: skip


def _claim(claim: ClaimAudit) -> dict[str, Any]:
    return {
        "headline": claim.headline,
        "items": {name: _item(item) for name, item in claim.items.items()},
        "decision_grade": claim.decision_grade,
        "arithmetic": [_finding(one) for one in claim.arithmetic],
        "contradictions": [_finding(one) for one in claim.contradictions],
        "grade": claim.grade,
        "grade_why": claim.grade_why,
        "questions": list(claim.questions),
    }


def _item(item: Item) -> dict[str, Any]:
    return {"answer": item.answer, "quotes": [_quote(one) for one in item.quotes], "why": item.why}


def _finding(found: Finding) -> dict[str, Any]:
    quotes = [_quote(one) for one in found.quotes]
    return {"rule": found.rule, "doubt": found.doubt, "finding": found.finding, "quotes": quotes}


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text, "start": quote.start, "end": quote.end, "line": quote.line,
        "file": quote.file,
    }  # fmt: skip
