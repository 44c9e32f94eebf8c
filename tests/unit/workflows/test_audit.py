"""The audit from a file to what is said of it."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from jsonschema import Draft202012Validator

import quantassay as qa
from quantassay.__main__ import run_command
from quantassay.errors import InputError
from quantassay.exports.audit_json import audit_document, audit_schema
from quantassay.records.audit import ITEMS

CARD = """# sample-net-50-int8

Sample-Net-50 quantized to INT8 with static post-training quantization.

| | FP32 | INT8 |
|---|---|---|
| Top-1 accuracy (%) | 76.13 | 75.12 |

Top-1 on ImageNet, 50,000 images; the loss is 0.3 %.
"""
TWO = """# Accuracy

## Classification

| dataset | FP32 top-1 | INT8 top-1 |
|---|---|---|
| ImageNet | 76.13 | 75.12 |

## Speech

| dataset | FP32 WER | INT8 WER |
|---|---|---|
| LibriSpeech test-clean | 3.10 | 3.31 |
"""


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "card.md"
    path.write_text(CARD, "utf-8")
    return path


def test_every_item_has_an_answer_and_every_quote_is_in_the_text(card: Path) -> None:
    (claim,) = qa.audit(card).claims
    assert tuple(claim.items) == ITEMS
    assert claim.items["reference"].answer == "yes"
    assert claim.items["strata"].answer == "no"
    quotes = [quote for item in claim.items.values() for quote in item.quotes]
    assert quotes
    assert all(CARD[quote.start : quote.end] == quote.text for quote in quotes)
    assert not claim.decision_grade


def test_a_loss_that_does_not_follow_is_said(card: Path) -> None:
    (claim,) = qa.audit(card).claims
    (found,) = [one for one in claim.arithmetic if one.rule == "stated-loss"]
    assert "does not follow" in found.finding
    assert "0.3" in found.finding


def test_the_json_has_the_shape_of_its_schema(card: Path) -> None:
    found = audit_document(qa.audit(card))
    Draft202012Validator(audit_schema()).validate(found)
    assert found["schema"] == "quantassay/audit/1"
    assert "claims" not in found


def test_sections_with_scores_are_claims_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "two.md"
    path.write_text(TWO, "utf-8")
    found = audit_document(qa.audit(path))
    Draft202012Validator(audit_schema()).validate(found)
    whole, speech = found["claims"]
    assert found["items"] == whole["items"]
    assert "ImageNet" in whole["headline"]
    assert "LibriSpeech" in speech["headline"]
    said = {quote["text"] for quote in speech["items"]["task"]["quotes"]}
    assert not any("ImageNet" in words for words in said)


def test_a_text_on_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    piped = SimpleNamespace(buffer=io.BytesIO(CARD.encode()))
    monkeypatch.setattr(sys, "stdin", piped)
    audit = qa.audit("-")
    assert audit.source == "stdin"
    assert audit.claims[0].items["reference"].answer == "yes"


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"%PDF-1.7 ...")
    with pytest.raises(InputError, match="a PDF"):
        qa.audit(path)


def test_the_command_prints_items_findings_and_questions(
    card: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["audit", str(card)]) == 0
    shown = capsys.readouterr().out
    assert "of 6 disclosed, not decision grade" in shown
    assert "✗ per stratum" in shown
    assert "Does not follow, or cannot be told" in shown
    assert "To ask the author" in shown


def test_gaps_fail_where_it_is_strict(card: Path) -> None:
    assert run_command(["audit", str(card), "--strict"]) == 1


def test_several_sources_are_a_line_each(card: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["audit", str(card), str(card), "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["source"] for line in lines] == [str(card)] * 2


def test_the_reply_is_markdown_for_the_author(
    card: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["audit", str(card), "--reply"]) == 0
    shown = capsys.readouterr().out
    assert "**Questions**" in shown
    assert "does not follow" in shown


def test_sarif_is_written_beside_what_is_printed(card: Path, tmp_path: Path) -> None:
    out = tmp_path / "audit.sarif"
    assert run_command(["audit", str(card), "--sarif", str(out)]) == 0
    (run,) = json.loads(out.read_text("utf-8"))["runs"]
    assert {"quantassay"} == {run["tool"]["driver"]["name"]}
    assert any(one["ruleId"].endswith("stated-loss") for one in run["results"])


def test_an_unknown_format_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(bytes(range(256)) * 20)
    assert run_command(["audit", str(path)]) == 2
    assert "can be read" in capsys.readouterr().err
