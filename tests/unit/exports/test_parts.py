"""What an export says that it leaves out is what it leaves out."""

from __future__ import annotations

from copy import deepcopy

import pytest

from quantassay import plugins
from quantassay.exports.contract import PlaceExport, TextExport
from quantassay.exports.parts import PARTS
from quantassay.records.cells import comparison_from_plain

TEXTS = [name for name in plugins.names("exports") if name != "mlflow"]

# where a word is put into a claim, so that an export that holds the part holds the word
MARKS = {
    "other metrics": ("candidates", "int8-static", "accuracy", 1, "metric"),
    "strata": ("candidates", "int8-static", "accuracy", 1, "stratum", "digit"),
    "definitions": ("metrics", 0, "definition"),
    "agreements": ("agreements", 0, "definition"),
    "test set": ("task", "composition"),
    "rubric": ("rubric", "digest"),
    "artifacts": ("candidates", "int8-static", "artifact", "digest"),
    "truth": ("candidates", "int8-static", "truth", "summary"),
    "calibration": ("candidates", "int8-static", "calibration", "source"),
    "executor": ("executor", "processor"),
    "precisions": ("candidates", "int8-static", "execution", "precisions", 0, "why"),
    "amendments": ("amendments", 0, "key"),
    "findings": ("findings", 0),
    "disclosures": ("disclosures", "task"),
    "reproduce": ("reproduce",),
    "software": ("software", "zq"),
    "declaration": ("rubric", "declared"),
}
FIGURES = {
    "evidence": ("candidates", "int8-static", "accuracy", 0, "p_within"),
    "throughput": ("candidates", "int8-static", "throughput", "throughput"),
    "latencies": ("candidates", "int8-static", "throughput", "load_seconds"),
    "noise floor": ("noise_floor", "interval", 1),
}


def compared(claim):
    """Return what a claim holds of its comparison; the marks need not fit the claim's schema."""
    names = ("confidence", "verdict", "agreements", "findings", "metrics")
    return comparison_from_plain({
        **{name: claim[name] for name in names},
        "reference": claim["reference"]["name"],
        "candidates": {name: one["decision"] for name, one in claim["candidates"].items()},
        "cells": [cell for one in claim["candidates"].values() for cell in one["accuracy"]],
    })  # fmt: skip


def put(claim, way, value):
    found = deepcopy(claim)
    inner = found
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    return found


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("part", [*MARKS, *FIGURES])
def test_a_part_is_held_or_said_to_be_left_out(name, part, one):
    claim, _ = one
    way = MARKS.get(part) or FIGURES[part]
    # the first overall cell is the headline, so another part must not stand in its words
    marked = put(claim, way, "zqmark" if part in MARKS else 0.654321)
    exporter = plugins.load("exports", name)()
    text = exporter.text(marked, compared(marked))
    held = ("zqmark" if part in MARKS else "0.654321") in text
    words = PARTS[part].words
    assert held != (words in exporter.dropped(marked)), f"{name}: {words}: held={held}"


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in ("csv", "json")])
def test_a_cell_without_a_figure_and_a_stopping_rule_are_held_or_said(name, one):
    claim = deepcopy(one[0])
    cell = claim["candidates"]["int8-static"]["accuracy"][13]
    cell |= {"candidate_value": None, "loss": None, "interval": None, "reason": "zqcell"}
    claim["stopping"] = {"rule": "zqstop"}
    exporter = plugins.load("exports", name)()
    text, dropped = exporter.text(claim, one[1]), exporter.dropped(claim)
    assert ("zqcell" in text) != (PARTS["undefined"].words in dropped)
    assert ("zqstop" in text) != (PARTS["stopping"].words in dropped)


@pytest.mark.parametrize("name", plugins.names("exports"))
def test_every_part_that_is_left_out_has_its_words(name):
    found = plugins.load("exports", name)
    assert issubclass(found, TextExport | PlaceExport)
    assert set(found.drops) <= set(PARTS)


def test_what_a_claim_does_not_hold_is_not_said_to_be_left_out(one):
    claim = {**one[0], "agreements": [], "noise_floor": None, "amendments": [], "looks": 1}
    exporter = plugins.load("exports", "csv")()
    assert not {PARTS[n].words for n in ("agreements", "noise floor", "amendments")} & set(
        exporter.dropped(claim)
    )
    assert PARTS["amendments"].words in exporter.dropped({**claim, "looks": 2})


@pytest.mark.parametrize("name", ["cyclonedx", "every-eval-ever", "hf-eval-results", "junit",
                                  "model-index"])  # fmt: skip
def test_the_file_itself_says_what_is_left_out(name, one):
    exporter = plugins.load("exports", name)()
    text = exporter.text(*one)
    for words in exporter.dropped(one[0]):
        assert words.replace("'", "&apos;") in text or words in text
