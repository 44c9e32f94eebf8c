"""Fuzz the audit with coverage: ``python tests/fuzz/audit.py -max_total_time=600 [CORPUS]``.

Any text must be audited, or refused as input, within 2 seconds, and every quote must be in it.
Needs the extra ``fuzz``.
"""

import sys
import time

import atheris

with atheris.instrument_imports(include=["quantassay.claims"]):
    from quantassay.claims.audit.audit import audit_document
    from quantassay.claims.sources.read import read_text

from quantassay.errors import InputError

LIMIT = 2.0
PIECES = (
    "| model | top-1 (%) |\n|---|---|\n", "| int8 | 75.3 |\n", "<table><tr><td>", "</td></tr>",
    "<!-- fp32 76.1 -->", "---\nbase_model: a/b\n---\n", "```\n", "&amp;", "INT8 loses 0.5 %",
    "ImageNet", "calibrated on 512 samples of the training split", "+ 82.0\n- 83.1\n  x\n",
    ".. list-table::\n   * - a\n     - b\n", "recovering 98.7% of", "n = 10,000", "7,435 of 10,000",
)  # fmt: skip


def one_input(data: bytes) -> None:
    """Audit one drawn text."""
    provider = atheris.FuzzedDataProvider(data)
    parts = []
    while provider.remaining_bytes() and len(parts) < 400:
        if provider.ConsumeBool():
            parts.append(PIECES[provider.ConsumeIntInRange(0, len(PIECES) - 1)])
        else:
            parts.append(provider.ConsumeUnicodeNoSurrogates(30))
    text = "".join(parts) * provider.ConsumeIntInRange(1, 50)
    began = time.perf_counter()
    try:
        document = read_text(text, "drawn.md")
        audit = audit_document(document, {})
    except InputError:
        return
    took = time.perf_counter() - began
    assert took < LIMIT, f"{len(text)} characters took {took:.1f} s"
    for claim in audit.claims:
        found = [*claim.items.values(), *claim.arithmetic, *claim.contradictions]
        for quote in (quote for one in found for quote in one.quotes):
            assert document.source[quote.start : quote.end] == quote.text


atheris.Setup(sys.argv, one_input)
atheris.Fuzz()
