"""A comparison with text that other programs would run."""

from __future__ import annotations

import pytest

from quantassay.records.cells import Agreement, CandidateVerdict, Cell, Comparison, MetricFacts


@pytest.fixture
def comparison() -> Comparison:
    common = {
        "candidate": "=int8", "reference": "fp32", "metric": "top1", "method": "exact",
        "losses": 5, "gains": 1, "delta": -0.01,
    }  # fmt: skip
    judged = Cell(
        stratum={}, role="gate", n=400, reference_value=0.9, candidate_value=0.89, loss=0.01,
        interval=(-0.01, 0.02), margin=0.05, p_within=0.001, p_beyond_adjusted=1.0, verdict="pass",
        reason="fine", **common,
    )  # fmt: skip
    shown = Cell(
        stratum={"class": "a,b\n<script>"}, role="described", n=0, reference_value=None,
        candidate_value=None, loss=None, interval=None, margin=None, p_within=None,
        p_beyond_adjusted=None, verdict=None, reason="no samples", **common,
    )  # fmt: skip
    return Comparison(
        reference="fp32",
        confidence=0.95,
        verdict="pass",
        candidates={"=int8": CandidateVerdict("pass", "all pass", True, ("class=a",), ("top1",))},
        cells=(judged, shown),
        agreements=(Agreement("=int8", "flips", {}, 400, 0.015, (0.0, 0.04), "fraction", "share"),),
        findings=("=int8: 1 of 400 outputs are absent",),
        metrics=(MetricFacts("top1", "share", "source", True, "paired binary", "fraction"),),
    )
