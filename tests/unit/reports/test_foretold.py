"""How well tendencies foretold a loss, as a document."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from quantassay.records.foretelling import Foretelling, Foretold, Observed, PassedOver
from quantassay.reports.console import render
from quantassay.reports.foretold import document
from quantassay.reports.html import render as html
from quantassay.reports.markdown import render as markdown
from quantassay.tendencies.definitions import definition


def observed(model, scheme, loss, interval):
    return Observed(
        f"runs/{model}", "digits", model, scheme, scheme, "top1", loss, interval, {"layer-noise": 1}
    )


@pytest.fixture
def found():
    rows = (
        Foretold("layer-noise", "lower", 24, 12, 0.82, (0.5, 0.94), 0.95, "t", "", 0.001, 0.002),
        Foretold("weight-outliers", "higher", 24, 12, -0.04, (-0.6, 0.5), 0.95, "t", "", 0.9, 0.9),
        Foretold("normalization-layers", "higher", 24, 12, None, None, 0.95, "described",
                 "it is the same in every triple"),
    )  # fmt: skip
    triples = [
        observed(f"m{at}", scheme, loss, (loss - 0.01, loss + 0.01))
        for at in range(12)
        for scheme, loss in (("int8", 0.0), ("int4", 0.02))
    ]
    return Foretelling(
        "", 0.95, rows, tuple(triples), (PassedOver("runs/x", "holds no finished run"),),
        (definition("layer-noise"),), "now", "0", "quantassay foretell runs/*",
        ("schemes are pooled",),
    )  # fmt: skip


def shown(found, width=100):
    console = Console(file=StringIO(), width=width)
    render(document(found), console)
    return console.file.getvalue()


def test_it_says_what_is_settled_and_that_no_verdict_rests_on_it(found):
    text = " ".join(shown(found).split())
    assert text.startswith("TENDENCIES 1 of 2 tendencies went with the loss beyond chance: ")
    assert "layer-noise 0.82 [0.50, 0.94]. No verdict rests on this." in text
    assert "24 triples of 12 models, 2 schemes, 1 task" in text
    assert "In 12 of 24 triples (50 %) the interval of the loss leaves zero out." in text
    assert "Holm over 2 tendencies" in text
    assert "schemes are pooled" in text
    assert "runs/x: holds no finished run" in text


def test_the_table_says_which_way_and_why_not(found):
    lines = [line.split("  ") for line in shown(found, 120).splitlines()]
    rows = {line[1].strip(): " ".join(line) for line in lines if len(line) > 1}
    assert "as said" in rows["layer-noise"]
    assert "no" in rows["weight-outliers"]
    assert "−0.04 [−0.60, 0.50]" in rows["weight-outliers"]
    assert "undefined" in rows["normalization-layers"]
    assert "the same in every triple" in rows["normalization-layers"]


def test_against_what_is_said_is_settled_too(found):
    other = replace(found.foretold[0], correlation=-0.82, interval=(-0.94, -0.5))
    text = shown(replace(found, foretold=(other,)), 120)
    assert "the other way" in text


def test_nothing_settled(found):
    text = " ".join(shown(replace(found, foretold=found.foretold[1:])).split())
    assert "None of 1 tendency is shown to go with the loss. No verdict rests on this." in text


def test_few_models_are_described_only(found):
    row = replace(
        found.foretold[0], models=3, interval=None, p=None, p_adjusted=None,
        reason="fewer than 10 models: described only",
    )  # fmt: skip
    few = replace(found, foretold=(row,), triples=found.triples[:6])
    text = " ".join(shown(few).split())
    assert "Described only: an interval takes 10 models, and there are 3." in text
    assert "0.82 [" not in text
    assert "Holm" not in text
    assert "Fisher" not in text


def test_no_tendency_at_all(found):
    assert "No tendency was seen in any triple" in shown(replace(found, foretold=()))


def test_long_lists_are_cut_and_say_so(found):
    many = tuple(PassedOver(f"runs/{at}", "holds no finished run") for at in range(25))
    assert "and 5 more (--json lists all)" in markdown(document(replace(found, passed_over=many)))


def test_within_one_scheme(found):
    text = " ".join(shown(replace(found, scheme="onnxruntime-int4", findings=())).split())
    assert "scheme onnxruntime-int4" in text


def test_markdown_and_html_show_the_table_open(found):
    text = markdown(document(found))
    table = text.index("### What foretold the loss")
    assert text.startswith("## TENDENCIES:")
    assert table < text.index("<details>")
    assert "0.82 [0.50, 0.94]" in text
    page = html(document(replace(found, passed_over=(PassedOver("<b>", "<i>why</i>"),))))
    assert "&lt;i&gt;why" in page
    assert "<i>why" not in page
