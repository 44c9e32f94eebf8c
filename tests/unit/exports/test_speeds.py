"""A throughput can never be exported without its accuracy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from quantassay import plugins
from quantassay.errors import InputError
from quantassay.exports.contract import Claim, PlaceExport, TextExport
from quantassay.exports.speeds import cost, paired_speed, throughput_words
from quantassay.records.cells import Comparison
from quantassay.testing import check_export
from quantassay.testing.exports import halved

CARRY = ["cyclonedx", "every-eval-ever", "hf-eval-results", "json", "junit", "model-index"]


@pytest.mark.parametrize("name", plugins.names("exports"))
def test_an_export_that_carries_throughput_refuses_it_alone(
    name: str, one: Any, tmp_path: Any
) -> None:
    claim, comparison = one
    made = plugins.load("exports", name)()
    alone = {**halved(claim), "frontiers": []}
    empty = replace(comparison, cells=(), metrics=())
    if isinstance(made, PlaceExport):
        with pytest.raises(InputError, match="without its accuracy"):
            made.write(alone, empty, f"sqlite:///{tmp_path}/none.db", [])
        assert list(tmp_path.iterdir()) == []
        return
    if name in CARRY:
        with pytest.raises(InputError, match=r"without its accuracy|no cell has a figure"):
            made.text(alone, empty)
        return
    assert "throughput" in made.drops
    assert "22026" not in made.text(claim, comparison)


class Careless(TextExport):
    """Writes a throughput whatever stands beside it."""

    suffix = ".txt"

    def text(self, claim: Claim, comparison: Comparison) -> str:
        cells = [c for one in claim["candidates"].values() for c in one["accuracy"]]
        speeds = [one["throughput"] for one in claim["candidates"].values()]
        return f"{[c['candidate_value'] for c in cells]} {[s and s['throughput'] for s in speeds]}"


def test_the_law_finds_an_export_of_half_a_trade_off() -> None:
    with pytest.raises(AssertionError, match="it exports half of the trade-off"):
        check_export(Careless)


def test_words_hold_protocol_interval_verdict_and_cost(one: Any) -> None:
    said = throughput_words("int8-static", one[0])
    assert "(offline, 64 samples per query)" in said
    assert "1.86 x that of fp32 [1.8042, 1.9344] at 0.95" in said
    assert "speed-up of 0.75 x declared: pass" in said
    assert "a thousand right answers cost 6.66667 [6.33333, 7.06667] s of the executor" in said


def test_what_was_not_timed_or_priced_is_said(one: Any) -> None:
    claim, _ = one
    untimed = {**claim["candidates"]["int8-static"], "throughput": None}
    bare = {**claim, "candidates": {"int8-static": untimed}, "frontiers": []}
    assert paired_speed(untimed) is None
    assert throughput_words("int8-static", bare) == (
        "throughput not measured: half of the trade-off"
    )
    assert cost("int8-static", bare) is None


def test_an_accuracy_that_is_undefined_is_none(one: Any) -> None:
    candidate = one[0]["candidates"]["int8-static"]
    cells = [{**cell, "candidate_value": None} for cell in candidate["accuracy"]]
    with pytest.raises(InputError, match="without its accuracy"):
        paired_speed({**candidate, "accuracy": cells})
