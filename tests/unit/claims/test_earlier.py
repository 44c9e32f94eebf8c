"""A claim that was written before throughput had blocks, conditions and a frontier."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quantassay.claims.build import claim
from quantassay.claims.consistency import consistent
from quantassay.claims.earlier import brought_up
from quantassay.claims.reading import parsed, result_of
from quantassay.records.result import Result

#: the fields of a throughput before this version
FIELDS = (
    "variant", "throughput", "latencies", "ratio", "ratio_interval", "confidence", "method",
    "batch", "load_seconds", "artifact_bytes", "peak_memory", "memory_note",
)  # fmt: skip


@pytest.fixture
def earlier(result: Result) -> dict[str, Any]:
    found = json.loads(json.dumps(claim(result)))
    for key in ("conditions", "frontiers"):
        del found[key]
    found["reference_throughput"] = _as_before(found["reference_throughput"])
    for one in found["candidates"].values():
        one["throughput"] = _as_before(one["throughput"])
        del one["triple"]
    return found


def _as_before(speed: dict[str, Any]) -> dict[str, Any]:
    old = {key: speed[key] for key in FIELDS}
    return {**old, "pairs": speed["blocks"], "batches": speed["queries"]}


def read(raw: object) -> Any:
    return parsed(json.dumps(raw).encode(), Path("claim.json"))


def test_it_is_read_and_agrees_with_itself(earlier: dict[str, Any]) -> None:
    file = read(earlier)
    assert file.problems == ()
    result = result_of(file.claim)
    assert (result.conditions, result.frontiers, result.triples) == (None, (), ())
    assert {(s.blocks, s.queries, s.protocol) for s in result.speeds} == {(12, 3, "offline")}
    checks = {check.what: check.outcome for check in consistent(file.claim, result)}
    assert {checks[what] for what in ("throughput", "frontier", "trade-off")} == {"agrees"}


def test_what_exports_see_has_the_fields_of_today(earlier: dict[str, Any]) -> None:
    speed = read(earlier).raw["candidates"]["int8"]["throughput"]
    assert speed["blocks"] == 12
    assert (speed["throughput_interval"], speed["verdict"], speed["source"]) == (None, None, "")
    assert "pairs" not in speed


def test_a_speed_that_is_short_of_fields_is_not_made_whole(result: Result) -> None:
    found = json.loads(json.dumps(claim(result)))
    del found["candidates"]["int8"]["throughput"]["protocol"]
    assert "protocol" in read(found).problems[0]


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"candidates": 3},
        {"candidates": {"a": None}},
        {"reference_throughput": "fast", "candidates": {"a": {}}},
    ],
)
def test_what_is_no_claim_is_left_as_it_is(raw: dict[str, Any]) -> None:
    kept = {key: value for key, value in brought_up(dict(raw)).items() if key in raw}
    assert kept == raw
