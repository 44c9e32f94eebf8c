from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.claims.transfer.outcome import judged, overall, severest, travels
from quantassay.records.transfer import Axis, Judged, Reweighted

READING = Reweighted(
    "int8", "fp32", "top1", "fraction", "place", True, None, (), 9, 0.0, (0.0, 0.0), "", 0.1,
    "pass", "why",
)  # fmt: skip
OPEN = Axis("task", "implicit", "", None, None, "", gates=True)
SHUT = Axis("task", "same", "digest", None, None, "", gates=False)


@pytest.mark.parametrize(
    ("verdicts", "worst"),
    [
        (["pass", "pass"], "pass"),
        (["pass", "inconclusive"], "inconclusive"),
        (["inconclusive", "insufficient"], "insufficient"),
        (["insufficient", "fail"], "fail"),
        (["pass", None], None),
        ([None, "fail"], "fail"),
        ([], None),
    ],
)
def test_the_worst_reading_decides(verdicts, worst) -> None:
    own = [replace(READING, verdict=verdict) for verdict in verdicts]
    assert judged("int8", own).verdict == worst


def test_only_declared_mixes_of_the_candidate_count() -> None:
    own = [replace(READING, declared=False), replace(READING, candidate="int4")]
    assert judged("int8", own).verdict is None


def test_the_worst_candidate_decides() -> None:
    def of(*verdicts):
        return {str(i): Judged(str(i), verdict, "") for i, verdict in enumerate(verdicts)}

    assert overall(of("pass", "inconclusive")) == "inconclusive"
    assert overall(of("pass", None)) is None
    assert overall(of("fail", None)) == "fail"
    assert severest(of("pass", None, "inconclusive")) == "1"


def test_only_a_pass_without_an_open_axis_travels() -> None:
    assert travels("pass", [SHUT])[0]
    assert travels("pass", [SHUT, replace(OPEN, gates=False)])[0]
    for verdict in ("pass", "fail", "inconclusive", "insufficient", None):
        assert not travels(verdict, [SHUT, OPEN])[0]
    for verdict in ("fail", "inconclusive", "insufficient", None):
        assert not travels(verdict, [SHUT])[0]
