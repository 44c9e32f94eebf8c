"""An audit on the console: each item with its words, then what does not follow, then questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..records.audit import ITEMS, SIX, Audit, ClaimAudit, Finding, Item, Quote
from .console import print_wrapped
from .names import counted, printable

if TYPE_CHECKING:
    from rich.console import Console

NAMES = {
    "task": "task",
    "model_base": "base model",
    "model_quantized": "quantized model",
    "metric": "metric",
    "reference": "reference",
    "calibration": "calibration",
    "strata": "per stratum",
    "composition": "test set",
    "sample_size": "sample size",
}
SYMBOLS = {"yes": "✓", "partial": "~", "no": "✗"}
STYLES = {"yes": "green", "partial": "yellow", "no": "red"}
SAMPLING = "Sampling error: of the loss, if the fewest samples changed, and if the most did"
LONGEST_QUOTE = 90
QUOTES_SHOWN = 3
Line = tuple[str, str, int]


def render(audit: Audit, console: Console) -> None:
    """Print every claim of a source; the headline first."""
    from rich.text import Text

    for text, style, indent in _lines(audit):
        print_wrapped(console, Text(printable(text), style), indent)


def disclosed(claim: ClaimAudit) -> int:
    """Count the items of the checklist of six that are disclosed; the model is one of them."""
    yes = {name for name in SIX if claim.items[name].answer == "yes"}
    model = {"model_base", "model_quantized"}
    return len(yes - model) + (model <= yes)


def _lines(audit: Audit) -> Iterator[Line]:
    several = len(audit.claims) > 1
    if not audit.claimed:
        yield f"{audit.source}: {audit.kind}, no claim about a quantized model", "bold", 0
        return
    yield f"{audit.source}: {audit.kind}, {counted(len(audit.claims), 'claim')}", "bold", 0
    for number, claim in enumerate(audit.claims, 1):
        yield "", "", 0
        yield f"{f'{number}. ' if several else ''}{claim.headline}", "bold", 0
        if number == 1 or claim.items != audit.claims[0].items:
            yield from _items(claim, audit.source)
        else:
            yield "disclosed as in the headline", "dim", 2
        for title, findings in _grouped(claim).items():
            yield from _findings(title, findings, audit.source)
        yield from _questions(claim)


def _grouped(claim: ClaimAudit) -> dict[str, list[Finding]]:
    """Return the findings under the title that says how grave they are."""
    groups: dict[str, list[Finding]] = {
        "Contradictions": list(claim.contradictions), "Does not follow, or cannot be told": [],
        SAMPLING: [], "How the figures are meant": [],
    }  # fmt: skip
    _, doubts, sampling, meant = groups.values()
    for found in claim.arithmetic:
        own = sampling if found.rule.startswith("sampling") else doubts if found.doubt else meant
        own.append(found)
    return groups


def _items(claim: ClaimAudit, source: str) -> Iterator[Line]:
    grade = "decision grade" if claim.decision_grade else "not decision grade"
    yield f"{disclosed(claim)} of 6 disclosed, {grade}; the two models count as one", "", 2
    for name in SIX:
        yield _line(name, claim.items[name], source)
    yield "not counted among the six", "dim", 2
    for name in ITEMS[len(SIX) :]:
        yield _line(name, claim.items[name], source)
    yield f"evidence: {claim.grade}; {claim.grade_why}", "", 2


def _line(name: str, item: Item, source: str) -> Line:
    width = max(map(len, NAMES.values()))
    said = f"{SYMBOLS[item.answer]} {NAMES[name]:<{width}}  {_said(item, source)}"
    return said, STYLES[item.answer], 2


def _said(item: Item, source: str) -> str:
    quotes = ", ".join(_quoted(quote, source) for quote in item.quotes[:QUOTES_SHOWN])
    return f"{item.why}: {quotes}" if quotes else item.why


def _quoted(quote: Quote, source: str) -> str:
    words = " ".join(quote.text.split())
    if len(words) > LONGEST_QUOTE:
        words = f"{words[:LONGEST_QUOTE]}…"
    where = "line" if quote.file in ("", source) else f"{quote.file} line"
    return f"“{words}” ({where} {quote.line})"


def _findings(title: str, findings: Sequence[Finding], source: str) -> Iterator[Line]:
    if findings:
        yield title, "bold", 2
    for found in findings:
        yield f"- {found.finding}", "", 4
        for quote in found.quotes[:QUOTES_SHOWN]:
            yield _quoted(quote, source), "dim", 6


def _questions(claim: ClaimAudit) -> Iterator[Line]:
    if claim.questions:
        yield "To ask the author, what matters most first", "bold", 2
    for number, question in enumerate(claim.questions, 1):
        yield f"{number}. {question}", "", 4
