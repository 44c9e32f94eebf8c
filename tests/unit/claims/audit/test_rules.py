from __future__ import annotations

import re
from pathlib import Path

import pytest

import quantassay.claims.audit as audit
from quantassay.claims.audit.audit import audit_document
from quantassay.claims.audit.reply import reply
from quantassay.claims.audit.rules import RULES, marked
from quantassay.claims.sources.read import read_text
from quantassay.records.audit import Finding

SOURCES = [
    path
    for folder in ("arithmetic", "contradictions", ".")
    for path in (Path(audit.__file__).parent / folder).glob("*.py")
]
NAME = re.compile(r"""(?:Finding\(\s*|"(?:latency|throughput|size)": |rule: str = )"([a-z-]+)\"""")


def test_every_finding_names_a_rule() -> None:
    named = {name for path in SOURCES for name in NAME.findall(path.read_text("utf-8"))}
    sampled = {"sampling-open", "sampling-within", "sampling-beyond"}
    assert named | sampled == set(RULES)


def test_a_finding_without_a_rule_is_refused() -> None:
    with pytest.raises(KeyError):
        marked([Finding("never-heard-of", "...", ())])


def test_information_raises_no_doubt_and_is_no_part_of_a_reply() -> None:
    table = "| | FP16 | INT8 | Drop |\n|---|---|---|---|\n| WER | 20.00 | 20.50 | 2.50 % |\n"
    (claim,) = audit_document(read_text(table), {}).claims
    assert [(one.rule, one.doubt) for one in claim.arithmetic] == [("stated-loss-reading", False)]
    assert "Cannot be told" not in reply(claim)


def test_what_does_not_follow_raises_a_doubt() -> None:
    table = "| | FP16 | INT8 | Drop |\n|---|---|---|---|\n| F1 | 80.00 | 78.00 | 1.00 |\n"
    (claim,) = audit_document(read_text(table), {}).claims
    assert [(one.rule, one.doubt) for one in claim.arithmetic] == [("stated-loss", True)]
    assert "Does not follow" in reply(claim)
    assert "Cannot be told" not in reply(claim)
