from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from types import ModuleType

import pytest

from quantassay.records.artifacts import VariantFacts
from quantassay.records.result import Result
from quantassay.records.speed import Speed
from quantassay.reports.blocks import Document, KeyValues, Paragraph, Section, Table
from quantassay.reports.document import comparison_document, document


def _texts(value: object) -> list[str]:
    """Every string anywhere in a document."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple | list):
        return [text for item in value for text in _texts(item)]
    if is_dataclass(value) and not isinstance(value, type):
        return [text for each in fields(value) for text in _texts(getattr(value, each.name))]
    return []


def _section(made: Document, key: str) -> Section:
    return next(section for section in made.sections if section.key == key)


@pytest.fixture
def result(factory: ModuleType) -> Result:
    made: Result = factory.result()
    return made


def test_the_order_of_a_run(result: Result) -> None:
    assert [section.key for section in document(result).sections] == [
        "amendments",
        "findings",
        "candidates",
        "frontier",
        "hidden",
        "strata",
        "penalty",
        "cells",
        "agreements",
        "noise",
        "timing",
        "disclosures",
        "variants",
        "test-set",
        "executor",
        "metrics",
        "reading",
        "reproduce",
    ]


def test_amendments_come_first_only_where_there_are_some(factory: ModuleType) -> None:
    keys = [section.key for section in document(factory.passing()).sections]
    assert keys[0] == "findings"
    assert "amendments" in keys


def test_keys_are_unique(result: Result) -> None:
    keys = [section.key for section in document(result).sections]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("made", ["run", "compare", "pass", "wide"])
def test_no_report_says_none_or_nan(made: str, factory: ModuleType) -> None:
    documents = {
        "run": lambda: document(factory.result()),
        "compare": lambda: comparison_document(factory.comparison()),
        "pass": lambda: document(factory.passing()),
        "wide": lambda: document(factory.wide(40, None)),
    }
    for text in _texts(documents[made]()):
        words = text.replace(",", " ").replace("[", " ").replace("]", " ").split()
        assert not {"None", "nan", "NaN", "inf", "-inf"} & set(words), text


def test_a_bare_result_reports_what_is_not_known(result: Result) -> None:
    bare = replace(
        result,
        others=(),
        noise_floor=None,
        speeds=(),
        machine=None,
        engines={},
        disclosures={},
        variants=(VariantFacts("fp32", "model.onnx", None, "fp32", True),),
        metrics=(),
        comparison=replace(result.comparison, cells=(), agreements=()),
    )
    made = document(bare)
    assert "its noise is unknown" in " ".join(_texts(_section(made, "noise")))
    assert "Nothing was timed." in _texts(_section(made, "timing"))
    assert "The machine was not recorded." in _texts(_section(made, "executor"))
    assert "No cell was measured." in _texts(_section(made, "cells"))


def test_what_is_not_disclosed_says_so(result: Result) -> None:
    table = _section(document(result), "disclosures").blocks[0]
    assert isinstance(table, Table)
    here = {row[0].text: row[1].text for row in table.rows}
    assert here["pruning"] == "not disclosed"
    assert table.note == "2 items of 5 not disclosed."


@pytest.mark.parametrize("calibration", ["undisclosed", None])
def test_undisclosed_calibration(result: Result, calibration: str | None) -> None:
    variants = tuple(replace(each, calibration=calibration) for each in result.variants)
    texts = _texts(_section(document(replace(result, variants=variants)), "variants"))
    assert ("not disclosed" in texts) == (calibration is not None)


def test_findings_are_drawn_from_the_records(result: Result) -> None:
    text = "\n".join(_texts(_section(document(result), "findings")))
    assert "int8-dynamic changed nothing" in text
    assert "int8-poor: 2 outputs not finite or missing" in text
    assert "img-0017, <script>alert(1)</script>" in text
    assert (
        "int8-poor: 3 near-duplicates between its 64 calibration samples and the test set." in text
    )
    assert "ran emulated" in text
    assert "Clusters are unknown" in text


def test_a_finding_in_the_run_s_own_words_is_not_said_twice(result: Result) -> None:
    own = (
        "int8-dynamic: changed nothing: neither operations nor weights differ from fp32",
        "assumption: samples are taken as independent of each other",
        "int8-poor: 2 of 898 outputs are not finite or missing",
        "calibration 'ones-only': 3 test samples are near-duplicates of calibration samples",
    )
    texts = _texts(_section(document(replace(result, findings=own)), "findings"))
    for word in ("changed nothing", "independent", "not finite", "near-duplicate"):
        assert sum(word in text for text in texts) == 1


def test_a_like_name_does_not_silence_a_finding(result: Result) -> None:
    own = ("int8-dynamic-2: changed nothing", "my-int8-dynamic: changed nothing")
    text = "\n".join(_texts(_section(document(replace(result, findings=own)), "findings")))
    assert "int8-dynamic changed nothing: neither" in text


def test_very_many_findings_are_counted(result: Result) -> None:
    many = replace(result, findings=tuple(f"finding {i}" for i in range(1000)))
    texts = _texts(_section(document(many), "findings"))
    assert sum(text.startswith("finding ") for text in texts) == 100
    assert any("more findings in the run folder" in text for text in texts)


def test_the_penalty_moves_with_metric_and_reference(result: Result) -> None:
    texts = _texts(_section(document(result), "penalty"))
    assert (
        "int8-static: relative to the reference's value, the loss runs from 2.17 % (top1) to "
        "103.15 % (nll), with the metric alone (point values)."
    ) in texts
    assert (
        "The reference choice changes the number: int8-static, top1 loss against fp32 2.12 pp "
        "[0.81, 3.42] (n 898), against fp16 2.01 pp [0.81, 3.42] (n 898)."
    ) in texts


def test_a_reference_value_of_zero_has_no_relative_loss(result: Result) -> None:
    cells = tuple(replace(cell, reference_value=0.0) for cell in result.cells)
    made = document(replace(result, comparison=replace(result.comparison, cells=cells)))
    assert "undefined: the reference's value is 0" in _texts(_section(made, "penalty"))


def test_throughput_stands_beside_loss(result: Result) -> None:
    for key in ("candidates", "timing"):
        tables = [b for b in _section(document(result), key).blocks if isinstance(b, Table)]
        names = " ".join(column.name for column in tables[0].columns)
        assert "Throughput" in names and "Loss of top1" in names


def test_a_speed_without_an_interval_or_queries_says_so(result: Result) -> None:
    def bare(speed: Speed) -> Speed:
        return replace(speed, ratio_interval=None, artifact_bytes=None, verdict=None)

    made = document(replace(result, speeds=tuple(bare(speed) for speed in result.speeds)))
    texts = _texts(_section(made, "timing"))
    assert "1.86×, no interval" in texts
    assert any(text == "10.3, no interval" for text in texts)
    assert "unknown" in texts


def test_looks_and_amendments(result: Result) -> None:
    section = _section(document(result), "amendments")
    table = section.blocks[0]
    assert isinstance(table, Table)
    assert [value.text for value in table.rows[0]] == [
        "metrics.top1.margin",
        "0.01",
        "0.02",
        "2026-03-04T09:58:11Z",
    ]
    assert isinstance(section.blocks[1], Paragraph)
    assert section.blocks[1].tone == "warning"


def test_metrics_without_facts_are_plain_numbers(factory: ModuleType) -> None:
    texts = " ".join(_texts(comparison_document(factory.comparison())))
    assert "0.0212 [0.0081, 0.0342]" in texts
    assert " pp " not in " ".join(_texts(comparison_document(factory.comparison()).banner))


def test_ten_thousand_strata_of_the_test_set_are_summed_up(result: Result) -> None:
    many = {"class": {f"c{i}": 3 for i in range(10_000)}}
    facts = replace(result.test_set, strata=many)
    block = _section(document(replace(result, test_set=facts)), "test-set").blocks[0]
    assert isinstance(block, KeyValues)
    assert block.items[-1][1].endswith("and 9,980 more")


def test_importing_reports_loads_no_renderer() -> None:
    code = (
        "import sys; import quantassay.reports.document, quantassay.reports.html, "
        "quantassay.reports.markdown, quantassay.reports.console; "
        "print(sorted({'jinja2', 'altair', 'rich', 'numpy', 'vl_convert'} & set(sys.modules)))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert out.strip() == "[]"
