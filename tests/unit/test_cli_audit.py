"""What makes ``audit --strict`` fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.exports.audit_json import audit_document
from quantassay.exports.sarif import sarif
from quantassay.records.audit import ITEMS, Audit, ClaimAudit, Finding, Item

WHOLE = ClaimAudit(
    "", {name: Item("yes", (), "") for name in ITEMS}, (), (), "measured with counts", "", ()
)
DOUBT = Finding("stated-loss", "...", ())
INFORMATION = Finding("stated-loss-reading", "...", (), doubt=False)


@pytest.mark.parametrize(
    ("claim", "gaps"),
    [
        (WHOLE, False),
        (replace(WHOLE, arithmetic=(INFORMATION,)), False),
        (replace(WHOLE, arithmetic=(INFORMATION, DOUBT)), True),
        (replace(WHOLE, contradictions=(DOUBT,)), True),
        (replace(WHOLE, items={**WHOLE.items, "task": Item("no", (), "")}), True),
    ],
)
def test_a_gap_is_a_missing_item_or_a_doubt(claim: ClaimAudit, gaps: bool) -> None:
    assert Audit("card.md", "markdown", (claim,)).has_gaps is gaps


def test_information_is_a_note_and_no_doubt_in_what_is_written() -> None:
    claim = replace(WHOLE, arithmetic=(INFORMATION, DOUBT))
    audit = Audit("card.md", "markdown", (claim,))
    assert [one["doubt"] for one in audit_document(audit)["arithmetic"]] == [False, True]
    written = sarif([audit], [{"card.md": "..."}])
    assert '"ruleId": "arithmetic/stated-loss",\n     "level": "warning"' in written
    assert '"ruleId": "arithmetic/stated-loss-reading",\n     "level": "note"' in written
