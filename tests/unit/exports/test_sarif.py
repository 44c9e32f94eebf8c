"""Findings of an audit as SARIF: closed models of the format, and the rules of its specification.

No package ships the official schema, so that the models of sarif-pydantic stand in for it, with
every field that they do not know refused.
"""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from sarif_pydantic import Sarif

from quantassay.exports.sarif import sarif
from quantassay.records.audit import ITEMS, Audit, ClaimAudit, Finding, Item, Quote

CARD = "# Größe 🙂\r\nINT8 loses 0.5 %.\rAccuracy: 76.1 → 75.0\n\nCalibrated on the test set.\n"


def words(text, file=""):
    start = CARD.index(text)
    return Quote(text, start, start + len(text), 1, file)


def audit(source="card.md", quotes=(), file=""):
    items = {name: Item("yes", (), "said") for name in ITEMS}
    items["task"] = Item("no", (), "no task is named")
    items["calibration"] = Item("partial", (words("Calibrated", file),), "which data is not said")
    found = Finding("loss-does-not-follow", "0.5 % does not follow from the scores", quotes)
    claim = ClaimAudit("INT8 loses 0.5 %", items, (found,), (), "asserted", "no counts", ())
    return Audit(source, "markdown", (claim,))


def closed(model):
    """Refuse fields that the models do not know."""
    assert not model.model_extra, f"{type(model).__name__}: {model.model_extra}"
    for value in model.__dict__.values():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, BaseModel):
                closed(inner)


def read(text):
    log = json.loads(text)
    schema = log.pop("$schema")
    assert schema.startswith("https://") and schema.endswith("sarif-schema-2.1.0.json")
    assert log["version"] == "2.1.0"
    for run in log["runs"]:
        # sarif-pydantic has no field for this one of the specification, section 3.14.17
        assert run.pop("columnKind") == "unicodeCodePoints"
        rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
        assert len(rules) == len(run["tool"]["driver"]["rules"])
        for result in run["results"]:
            assert result["ruleId"] in rules
            assert result["level"] in ("none", "note", "warning", "error")
            assert result["message"]["text"]
            for place in result["locations"]:
                region = place["physicalLocation"]["region"]
                assert all(number >= 1 for number in region.values())
                ends = [(region[f"{end}Line"], region[f"{end}Column"]) for end in ("start", "end")]
                assert ends == sorted(ends)
    closed(Sarif.model_validate(log))
    return log["runs"][0]["results"]


def test_a_finding_stands_on_its_words():
    quotes = (words("0.5 %"), words("76.1 → 75.0"))
    [finding, *_] = read(sarif([audit(quotes=quotes)], [{"": CARD}]))
    assert (finding["ruleId"], finding["level"]) == ("arithmetic/loss-does-not-follow", "warning")
    assert finding["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 2, "startColumn": 12, "endLine": 2, "endColumn": 17,
    }  # fmt: skip
    related = finding["relatedLocations"][0]["physicalLocation"]["region"]
    assert (related["startLine"], related["startColumn"]) == (3, 11)


def test_what_is_not_disclosed_is_a_note_and_what_is_disclosed_is_none():
    results = read(sarif([audit()], [{"": CARD}]))
    notes = {one["ruleId"]: one for one in results if one["level"] == "note"}
    assert set(notes) == {"disclosure/task", "disclosure/calibration"}
    task = notes["disclosure/task"]
    assert task["message"]["text"] == "task: not disclosed: no task is named"
    # where no words are quoted, on the claim itself
    assert task["locations"][0]["physicalLocation"]["region"]["startLine"] == 2
    [elsewhere, *_] = read(sarif([audit()], [{"": "another text"}]))[1:]
    assert elsewhere["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    calibration = notes["disclosure/calibration"]["locations"][0]["physicalLocation"]["region"]
    assert (calibration["startLine"], calibration["endColumn"]) == (5, 11)


@pytest.mark.parametrize(
    ("source", "file", "uri"),
    [
        ("docs/card one.md", "", "docs/card one.md"),
        ("docs/card.md", "docs/card.md", "docs/card.md"),
        ("docs/card.md", "card.md", "docs/card.md"),
        ("model", "README.md", "model/README.md"),
        ("/abs/größe.md", "", "file:///abs/größe.md"),
    ],
)
def test_a_file_is_named_from_the_root_of_the_sources(source, file, uri):
    found = read(sarif([audit(source, (words("0.5 %", file),), file)], [{file: CARD}]))
    place = found[0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert unquote(place["uri"]) == uri and " " not in place["uri"]
    assert place.get("uriBaseId") == (None if uri.startswith("file") else "%SRCROOT%")


def test_a_finding_keeps_its_mark_when_lines_move():
    moved = "\n\n" + CARD
    quote = words("0.5 %")
    later = Quote(quote.text, quote.start + 2, quote.end + 2)
    first = read(sarif([audit(quotes=(quote,))], [{"": CARD}]))
    second = read(sarif([audit(quotes=(later,))], [{"": moved}]))
    assert first[0]["partialFingerprints"] == second[0]["partialFingerprints"]
    assert first[0]["locations"] != second[0]["locations"]
    assert len({one["partialFingerprints"]["quantassay/1"] for one in first}) == len(first)


def test_no_finding_is_a_run_without_results():
    assert read(sarif([], [])) == []


@given(st.text(alphabet="a\r\n🙂", max_size=30), st.data())
def test_lines_and_columns_lead_back_to_the_words(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = read(sarif([audit(quotes=(Quote(text[start:end], start, end),))], [{"": text}]))
    region = found[0]["locations"][0]["physicalLocation"]["region"]
    lines = text.replace("\r\n", "\0\n").replace("\r", "\n").replace("\0\n", "\r\n")
    starts = [0, *(i + 1 for i, letter in enumerate(lines) if letter == "\n")]
    places = [
        starts[region[f"{name}Line"] - 1] + region[f"{name}Column"] - 1 for name in ("start", "end")
    ]
    assert places == [start, end]
