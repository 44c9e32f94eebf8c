from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from quantassay.records.speed import Percentile, Saturation, Warmup
from quantassay.reports.blocks import KeyValues, Paragraph, Table
from quantassay.reports.subject import Subject
from quantassay.reports.timing import timing


@pytest.fixture
def result(factory: ModuleType) -> Any:
    return factory.result()


def tables(result: Any) -> list[Table]:
    section = timing(Subject(result.comparison, result.metrics, result))
    return [block for block in section.blocks if isinstance(block, Table)]


def entry(table: Table, variant: str, column: str) -> str:
    (at,) = [i for i, each in enumerate(table.columns) if each.name.startswith(column)]
    (row,) = [row for row in table.rows if row[0].text == variant]
    return row[at].text


def with_speed(result: Any, variant: str, **fields: Any) -> Any:
    speeds = tuple(replace(s, **fields) if s.variant == variant else s for s in result.speeds)
    return replace(result, speeds=speeds)


def test_nothing_timed_is_said(result: Any) -> None:
    section = timing(Subject(result.comparison, result.metrics, replace(result, speeds=())))
    assert section.blocks == (Paragraph("Nothing was timed."),)


def test_a_throughput_stands_beside_its_loss_and_precision(result: Any) -> None:
    table = tables(result)[0]
    assert entry(table, "int8-static", "Loss of top1") == "2.12 pp [0.81, 3.42]"
    assert entry(table, "int8-static", "Throughput") == "22,026.7 [21,586.1, 22,467.2]"
    assert entry(table, "int8-static", "Times fp32") == "1.86× [1.80, 1.93]"
    assert entry(table, "int8-static", "Precision executed") == "int8"
    assert entry(table, "fp16", "Precision executed") == "float16 (emulated)"
    assert entry(table, "fp32", "Precision executed") == "fp32"


def test_a_speed_up_has_its_verdict_only_where_one_was_declared(result: Any) -> None:
    table = tables(result)[0]
    assert entry(table, "int8-static", "Speed-up declared") == "0.75×"
    assert entry(table, "int8-static", "Verdict on it") == "PASS"
    assert entry(table, "fp32", "Speed-up declared") == "reference"
    free = replace(result, speeds=tuple(replace(s, verdict=None) for s in result.speeds))
    assert "Verdict on it" not in [column.name for column in tables(free)[0].columns]


def test_a_latency_is_in_milliseconds_and_undefined_where_it_is(result: Any) -> None:
    table = tables(result)[1]
    assert entry(table, "fp32", "p50") == "5.40 [5.30, 5.51]"
    assert entry(table, "fp32", "p99") == "10.3, no interval"
    lone = with_speed(result, "fp16", latencies=(Percentile(0.999, float("nan"), None),))
    assert entry(tables(lone)[1], "fp16", "p99.9") == "undefined: too few queries"
    assert entry(tables(lone)[1], "fp16", "p50") == "undefined: too few queries"


def test_what_a_variant_takes_is_told_or_why_not(result: Any) -> None:
    table = tables(result)[2]
    assert entry(table, "fp16", "Warm-up") == "0.31 s, 42 queries"
    assert entry(table, "int8-dynamic", "Warm-up") == "never steady in 0.31 s, 42 queries"
    assert entry(table, "int8-static", "Energy") == "0.0413 mJ"
    assert entry(table, "fp16", "Energy") == "not available"
    assert table.note.count("no counter of the processor can be read") == 1
    assert entry(table, "fp16", "Outputs") == "the same on 898 samples"
    changed = entry(table, "int8-dynamic", "Outputs")
    assert changed == "3 of 898 answers changed; largest difference 0.0125"


def test_no_knee_has_its_reason(result: Any) -> None:
    found = Saturation((1, 8), (1.0, 2.0), None, "throughput still grows at 8")
    table = tables(with_speed(result, "fp16", saturation=found))[2]
    assert entry(table, "fp16", "Knee") == "not found"
    assert "Knee of fp16: throughput still grows at 8." in table.note


def test_what_was_not_measured_is_no_zero(result: Any) -> None:
    nothing = {"warmup": None, "load_seconds": None, "same_outputs": None, "peak_memory": None}
    table = tables(with_speed(result, "fp16", **nothing))[2]
    (row,) = [row for row in table.rows if row[0].text == "fp16"]
    said = [value.text for value in row]
    assert "0" not in said
    assert said.count("not measured") == 2
    assert "not compared" in said and "not available" in said


def test_a_warm_up_that_was_steady_is_no_finding_of_the_other(result: Any) -> None:
    table = tables(with_speed(result, "fp16", warmup=Warmup(0.0, 1, steady=True)))[2]
    assert entry(table, "fp16", "Warm-up") == "0.00 s, 1 query"


def test_the_conditions_are_words(result: Any) -> None:
    section = timing(Subject(result.comparison, result.metrics, result))
    (found,) = [block for block in section.blocks if isinstance(block, KeyValues)]
    said = dict(found.items)
    assert said["Protocol"] == "offline"
    assert said["Drift of the reference"] == "last block over first: 1.01× [0.98, 1.04]"
    assert said["Other load"].startswith("0.12 cores busy with other processes on average")
    assert said["Frequency"] == "2.45 GHz before, 2.44 GHz after"
    unknown = replace(result, conditions=replace(result.conditions, drift=None, other_load=None))
    section = timing(Subject(unknown.comparison, unknown.metrics, unknown))
    (found,) = [block for block in section.blocks if isinstance(block, KeyValues)]
    assert dict(found.items)["Other load"] == "not available"
    drift = dict(found.items)["Drift of the reference"]
    assert "undefined: blocks too few or too uneven to tell" in drift
