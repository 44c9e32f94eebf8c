from __future__ import annotations

from quantassay.claims.transfer.claimed import read_claim
from quantassay.claims.transfer.joint import joint
from quantassay.claims.transfer.notes import notes
from quantassay.claims.transfer.refusals import Mix
from quantassay.records.deployment import CriticalStratum, Deployment


def said(claim, **deployment) -> str:
    return "\n".join(notes(claim, Deployment("d", **deployment), None, []))


def test_figures_are_trusted_and_that_is_said(claim) -> None:
    assert said(claim) == (
        "the figures are taken as the claim states them: quantassay verify recomputes them"
    )


def test_a_margin_wider_than_the_claims_was_not_declared_beforehand(claim) -> None:
    assert "wider than the claim's 0.02" in said(claim, metric="top1", margin=0.03)
    assert "wider" not in said(claim, metric="top1", margin=0.02)


def test_so_was_that_of_a_stratum_that_may_not_degrade(claim) -> None:
    def wide(place: str, margin: float | None) -> str:
        return said(claim, critical=(CriticalStratum({"place": place}, None, margin),))

    assert "0.5 of place=night is wider than the claim's 0.02" in wide("night", 0.5)
    assert "0.5 of place=dawn is not in the claim" in wide("dawn", 0.5)
    assert "margin" not in wide("night", 0.02) + wide("night", None)


def test_looks_amendments_gaps_and_unknown_clusters(raw, write) -> None:
    change = {"time": "t", "key": "margin", "old": "1", "new": "2"}
    more = {"looks": 3, "amendments": [change], "missing": ["throughput"]}
    raw["task"]["clusters"] = "unknown"
    text = said(read_claim(write({**raw, **more})))
    assert "computed 3 times, with 1 amendments" in text
    assert "lacks throughput" in text
    assert "does not know whether clusters are independent" in text


def test_two_dimensions_say_how_to_keep_one(claim) -> None:
    def reason(**more) -> str:
        mixes = [Mix(name, {"a": 1.0}, **more) for name in ("place", "light")]
        facts = claim.metric("top1")
        return joint(claim, claim.candidates[0], facts, mixes, 0.1).reason

    assert "keep one" in reason()
    assert "production.strata: {place: place}" in reason(counts={"a": 9})
