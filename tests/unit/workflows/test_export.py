"""A claim leaves whole, or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quantassay import plugins
from quantassay.__main__ import run_command
from quantassay.claims.build import claim as built
from quantassay.errors import InputError
from quantassay.workflows.export import export
from quantassay.workflows.steps.quoting import of_candidate, read_claim


@pytest.fixture
def claim(factory):
    return json.loads(json.dumps(built(factory.result())))


@pytest.fixture
def write(tmp_path):
    def put(claim, **changes):
        path = tmp_path / "claim.json"
        path.write_text(json.dumps({**claim, **changes}))
        return path

    return put


def test_a_claim_file_reads_as_its_comparison(claim, write, factory):
    found, comparison = read_claim(write(claim))
    assert found == claim
    against = factory.comparison()
    assert comparison.candidates == against.candidates
    assert set(map(repr, comparison.cells)) == set(map(repr, against.cells))


def test_what_is_left_out_is_said(claim, write):
    found = export(write(claim), "csv")
    assert found.text.count("\n") == 1 + sum(
        len(one["accuracy"]) for one in claim["candidates"].values()
    )
    assert "throughput beside the accuracy" in found.dropped


def test_one_candidate_is_exported_with_its_own_verdict(claim, write):
    path = write(claim)
    found = json.loads(export(path, "json", candidate="fp16").text)
    assert list(found["candidates"]) == ["fp16"]
    assert {cell["candidate"] for cell in found["cells"]} == {"fp16"}
    assert found["verdict"] == claim["candidates"]["fp16"]["decision"]["verdict"]
    with pytest.raises(InputError, match=r"'fp15' \(did you mean 'fp16'\?\); it has fp16, "):
        export(path, "csv", candidate="fp15")


def test_the_rest_of_a_claim_is_kept(claim, write):
    found, comparison = of_candidate(*read_claim(write(claim)), "int8-static")
    assert {one["candidate"] for one in found["agreements"]} <= {"int8-static"}
    assert set(comparison.candidates) == set(found["candidates"]) == {"int8-static"}
    assert found["rubric"] == claim["rubric"]


def test_options_go_with_the_name(claim, write):
    text = export(write(claim), "hf-eval-results:dataset=org/name,task=a", candidate="fp16").text
    assert "id: org/name" in text and "task_id: a" in text
    with pytest.raises(InputError, match=r"has no option 'data'.*there is dataset|has no option"):
        export(write(claim), "hf-eval-results:data=x")


def without_accuracy(claim):
    claim["candidates"]["fp16"]["accuracy"] = []
    return claim


def with_nan(claim):
    claim["confidence"] = float("nan")
    return claim


def without_reference(claim):
    del claim["reference"]
    return claim


def half_a_surrogate(claim):
    claim["candidates"]["fp16"]["decision"]["reason"] = "\ud800"
    return claim


def no_date(claim):
    return {**claim, "made": "yesterday"}


@pytest.mark.parametrize("name", plugins.names("exports"))
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without_accuracy, "fp16 has a throughput and no accuracy"),
        (with_nan, "NaN is not a figure"),
        (without_reference, "reference: is missing"),
        (half_a_surrogate, "not a claim of this version"),
        (no_date, "Invalid isoformat string"),
        (lambda claim: {**claim, "schema": "other/1"}, "its schema is 'other/1'"),
        (lambda claim: [claim], "not a claim"),
    ],
)
def test_no_format_takes_what_is_no_claim(claim, tmp_path, name, spoil, words):
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(spoil(claim)))
    with pytest.raises(InputError, match=words):
        export(path, name, tmp_path / "out", candidate=None)
    assert not (tmp_path / "out").exists()


def test_a_number_beyond_any_float_within_a_claim_is_bad_input(claim, write):
    path = write(claim, confidence=0.123456)
    path.write_text(path.read_text().replace("0.123456", "1e999"))
    with pytest.raises(InputError, match="not a claim"):
        export(path, "hf-eval-results", candidate="fp16")


def test_numbers_beyond_any_float_and_deep_nesting_are_bad_input(tmp_path, capsys):
    path = tmp_path / "claim.json"
    for text in ('{"schema": 1e999}', "[" * 200_000, "\xff", ""):
        path.write_text(text, encoding="latin-1")
        assert run_command(["export", str(path)]) == 2
        assert capsys.readouterr().err.count("error:") == 1


def test_the_command_keeps_data_and_words_apart(claim, write, tmp_path, capsys):
    path = write(claim)
    assert run_command(["export", str(path), "--to", "junit"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("<?xml")
    assert said.err.startswith("left out of junit: cells that are described")
    out = tmp_path / "deep" / "junit.xml"
    assert run_command(["export", str(path), "--to", "junit", "--out", str(out)]) == 0
    assert out.read_text() == said.out
    assert capsys.readouterr().out == ""


def test_a_claim_that_is_not_there_is_bad_input(tmp_path, capsys):
    assert run_command(["export", str(tmp_path / "claim.json")]) == 2
    assert "name a run folder or a claim.json" in capsys.readouterr().err


def test_a_run_whose_claim_was_changed_is_refused(claim, factory, tmp_path, monkeypatch):
    from quantassay.exports.json import Json
    from quantassay.workflows.steps import quoting

    monkeypatch.setattr(quoting, "require_finished", lambda folder: None)
    (tmp_path / "verdicts.json").write_text(Json.export(factory.comparison()))
    (tmp_path / "claim.json").write_text(json.dumps(claim))
    assert read_claim(tmp_path)[0] == claim
    claim["candidates"]["fp16"]["accuracy"][0]["candidate_value"] = 0.99
    (tmp_path / "claim.json").write_text(json.dumps(claim))
    with pytest.raises(InputError, match=r"its cells are not those of verdicts\.json"):
        read_claim(Path(tmp_path))


def test_a_run_whose_verdict_was_changed_is_refused(claim, factory, tmp_path, monkeypatch):
    from quantassay.exports.json import Json
    from quantassay.workflows.steps import quoting

    monkeypatch.setattr(quoting, "require_finished", lambda folder: None)
    (tmp_path / "verdicts.json").write_text(Json.export(factory.comparison()))
    claim["candidates"]["fp16"]["decision"].update(verdict="inconclusive", reason="a guess")
    (tmp_path / "claim.json").write_text(json.dumps(claim))
    with pytest.raises(InputError, match=r"its verdicts are not those of verdicts\.json"):
        read_claim(Path(tmp_path))


def test_a_failure_made_a_pass_is_refused(claim, write):
    failed = next(n for n, o in claim["candidates"].items() if o["decision"]["verdict"] == "fail")
    claim["candidates"][failed]["decision"].update(verdict="pass", reason="all 3 gate cells pass")
    with pytest.raises(InputError, match=f"{failed}: its verdict is pass, and its cells say fail"):
        read_claim(write(claim))


def test_an_overall_pass_that_its_candidates_do_not_give_is_refused(claim, write):
    claim["verdict"] = "pass"
    with pytest.raises(InputError, match="its candidates do not all pass"):
        read_claim(write(claim))
