"""A document with every claim in it audited."""

from __future__ import annotations

import re
from collections.abc import Mapping

from quantassay.records.audit import Audit, ClaimAudit, Finding, Grade, Item

from ..sources.document import Document
from .arithmetic.check import arithmetic
from .claim_file import audit_claim
from .contradictions.check import contradictions
from .figures.read import Figures, read_figures
from .grade import grade
from .items.checklist import items
from .items.reading import MOST_TEXT, Reading
from .questions import questions
from .rules import marked
from .scopes import Scope, first_scope, further_scopes, headline, inside

Items = Mapping[str, Item]
QUANTIZED = re.compile(r"quanti[sz]|low[- ]bit|lower[- ]precision", re.IGNORECASE)


def audit_document(document: Document, overruling: Items) -> Audit:
    """Audit every claim of a document, the headline first.

    Parameters
    ----------
    document
        What was read.
    overruling
        Items of the headline that somebody else read, in place of ours.
    """
    if document.kind == "claim":
        return Audit(document.name, document.kind, (audit_claim(document),))
    return _of_text(document, overruling)


def _of_text(document: Document, overruling: Items) -> Audit:
    figures = read_figures(document)
    sums = marked([*arithmetic(document, figures), *_unread(document)])
    clashes = marked(contradictions(document, figures))
    reading = Reading(document)
    first = first_scope(document, figures, reading.within)
    own = items(reading.scoped(first) if first else reading)
    evidence = grade(document, figures)
    whole = _claim(document, figures, evidence, {**own, **overruling}, (sums, clashes), None)
    others = [
        _claim(
            document,
            figures,
            evidence,
            items(reading.scoped(scope)),
            (_in(sums, scope), _in(clashes, scope)),
            scope,
        )
        for scope in further_scopes(document, figures)
    ]
    claimed = bool(figures.pairs) or _of_quantization(reading)
    return Audit(document.name, document.kind, (whole, *others), claimed)


def _unread(document: Document) -> list[Finding]:
    """Say what was not looked at."""
    if len(document.plain) <= MOST_TEXT:
        return []
    text = (
        f"The text is longer than is read for disclosures: the first {MOST_TEXT:,} characters are."
    )
    return [Finding("capped", text, ())]


def _of_quantization(reading: Reading) -> bool:
    """Whether a text names a format, a scheme or a precision, or says that it quantizes."""
    named = any(reading.of(kind) for kind in ("format", "scheme", "precision"))
    return named or QUANTIZED.search(reading.text) is not None


def _claim(
    document: Document,
    figures: Figures,
    evidence: tuple[Grade, str],
    found: Items,
    findings: tuple[tuple[Finding, ...], tuple[Finding, ...]],
    scope: Scope | None,
) -> ClaimAudit:
    sums, clashes = findings
    return ClaimAudit(
        headline=headline(document, figures, scope),
        items=found,
        arithmetic=sums,
        contradictions=clashes,
        grade=evidence[0],
        grade_why=evidence[1],
        questions=tuple(questions(found, [*sums, *clashes])),
    )


def _in(findings: tuple[Finding, ...], scope: Scope) -> tuple[Finding, ...]:
    """Keep the findings that rest on words of a scope alone."""
    return tuple(
        one for one in findings if one.quotes and all(inside(q.start, scope) for q in one.quotes)
    )
