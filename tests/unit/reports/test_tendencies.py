from __future__ import annotations

import re
from dataclasses import replace
from types import ModuleType

from quantassay.records.tendencies import Tendencies, Tendency
from quantassay.reports.blocks import Bullets, Paragraph, Section, Table
from quantassay.reports.document import document as run_document
from quantassay.reports.html import render
from quantassay.reports.tendencies import document, panel

JUDGING = re.compile(r"\b(pass|passes|fail|fails|robust|fragile|inconclusive)\b", re.IGNORECASE)


def tables(section: Section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]


def test_the_first_line_says_what_they_are(studies: ModuleType, factory: ModuleType) -> None:
    for measured in (None, factory.comparison()):
        found = panel(studies.tendencies(), measured, factory.METRICS)
        first = found.blocks[0]
        assert found.title == "Tendencies"
        assert isinstance(first, Paragraph)
        assert first.text.startswith("These are tendencies")
        assert "No verdict rests on any of them." in first.text


def test_what_was_measured_stands_first_in_the_same_table(
    studies: ModuleType, factory: ModuleType
) -> None:
    table = tables(panel(studies.tendencies(), factory.comparison(), factory.METRICS))[0]
    assert [column.name for column in table.columns[:4]] == [
        "Tendency", "fp32", "fp16", "int8-static",
    ]  # fmt: skip
    verdict, loss, *rest = [[entry.text for entry in row] for row in table.rows]
    assert verdict[:4] == ["Measured: verdict", "reference", "PASS", "FAIL"]
    assert loss[:2] == ["Measured: loss of top1, n 898", "reference"]
    assert loss[3] == "2.12 pp [0.81, 3.42]"
    assert [row[0] for row in rest] == [
        "activation-kurtosis", "layer-noise (dB)", "pruning-loss-0.3 (pp)",
    ]  # fmt: skip


def test_nothing_is_judged_by_a_tendency(studies: ModuleType) -> None:
    made = document(studies.tendencies())
    text = re.sub(r"<style>.*?</style>|<script>.*?</script>|class=\"[^\"]*\"", "", render(made),
                  flags=re.DOTALL)  # fmt: skip
    assert JUDGING.findall(text) == []
    assert made.banner.tone == "unjudged" and made.banner.rulings == ()


def test_beside_a_verdict_only_the_measured_row_judges(
    studies: ModuleType, factory: ModuleType
) -> None:
    for table in tables(panel(studies.tendencies(), factory.comparison(), factory.METRICS)):
        for row in table.rows:
            if row[0].text.startswith("Measured"):
                continue
            assert not JUDGING.search(" ".join(entry.text for entry in row))
            assert {entry.tone for entry in row} == {"plain"}


def test_layers_are_folded_worst_first_and_counted(studies: ModuleType) -> None:
    noise = next(t for t in tables(panel(studies.tendencies())) if "layer-noise by" in t.caption)
    assert noise.folded
    assert noise.caption == "layer-noise by layer, dB: lowest first, 60 layers"
    assert [row[0].text for row in noise.rows[:2]] == ["layer-059", "layer-058"]
    assert len(noise.rows) == 40
    assert noise.note.startswith("40 of 60 rows are shown; the rest are in tendencies.json.")


def test_what_is_undefined_or_left_out_has_its_reason(studies: ModuleType) -> None:
    lists = [b for b in panel(studies.tendencies()).blocks if isinstance(b, Bullets)]
    assert lists[-1].items == (
        "undefined, the budget is over: pruning-loss-0.3 of fp32",
        "undefined, no spread: activation-kurtosis of fp32 (1 layer, first dead)",
        "layer-sensitivity of 12 layers: the budget of 60 s was over",
    )


def test_a_reason_is_said_once_with_its_layers_counted(studies: ModuleType) -> None:
    base, why = studies.tendencies(), "there are no answers"
    names = [f"pruning-changed-answers-{share}" for share in range(20)]
    layers = [("layer-changed-answers", layer) for layer in ("", *map(str, range(30)))]
    found = [
        Tendency(
            name,
            "fp32",
            None,
            "share",
            0,
            "samples",
            layer,
            reason=why if layer or "pruning" in name else f"of no layer: {why}",
        )
        for name, layer in (*layers, *((name, "") for name in names))
    ]
    lists = [b for b in panel(replace(base, found=tuple(found))).blocks if isinstance(b, Bullets)]
    (said, _) = lists[-1].items
    assert said.startswith(
        "undefined, there are no answers: layer-changed-answers of fp32 (whole model, 30 layers, "
        "first 0); pruning-changed-answers-0 of fp32; "
    )
    assert said.endswith("9 more figures in tendencies.json")


def test_counts_are_whole_numbers(studies: ModuleType) -> None:
    one = Tendency("normalization-layers", "fp32", 1213.0, "layers", 40, "operations")
    table = tables(panel(replace(studies.tendencies(), found=(one,))))[0]
    assert table.rows[0][1].text == "1,213"


def test_a_figure_of_some_layers_alone_says_of_how_many(studies: ModuleType) -> None:
    why = "the budget was over before the other layers were looked at"
    one = Tendency("layer-sensitivity", "fp16", 31.5, "dB", 2, "of 7 layers", "", "fp32", why)
    table = tables(panel(replace(studies.tendencies(), found=(one,))))[0]
    assert table.rows[0][2].text == "31.5 (2 of 7 layers)"


def test_the_panel_says_that_layers_were_watched_in_copies(studies: ModuleType) -> None:
    def said(found: Tendencies) -> bool:
        return any(
            isinstance(block, Paragraph) and "cannot fuse" in block.text
            for block in panel(found).blocks
        )

    base = studies.tendencies()
    assert said(base)
    assert not said(replace(base, found=base.of_models()))


def test_a_figure_that_is_not_finite_is_undefined(studies: ModuleType) -> None:
    base = studies.tendencies()
    odd = replace(base.found[0], value=float("nan"))
    table = tables(panel(replace(base, found=(odd,))))[0]
    assert table.rows[0][1].text == "undefined"


def test_the_panel_of_a_run_stands_after_all_that_decides(
    studies: ModuleType, factory: ModuleType
) -> None:
    made = run_document(replace(factory.result(), tendencies=studies.tendencies()))
    keys = [section.key for section in made.sections]
    assert keys.index("tendencies") > max(
        keys.index(key) for key in ("candidates", "strata", "cells", "frontier", "timing")
    )
    assert "tendencies" not in {s.key for s in run_document(factory.result()).sections}


def test_one_of_nothing_says_so(studies: ModuleType) -> None:
    bare = replace(studies.tendencies(), found=(), left_out=(), findings=(), definitions=())
    table = tables(panel(bare))[0]
    assert table.rows == () and table.note == "No figure of a whole model was found."
