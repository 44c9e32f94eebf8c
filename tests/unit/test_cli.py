"""The command line from outside: what lands on stdout, and the exit code."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from quantassay import __version__
from quantassay.__main__ import run_command
from quantassay.claims.schema import claim_schema
from quantassay.exports.json import comparison_schema

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
RUBRIC = f"""
rubric: small/1
task:
  name: handwritten-digits
  data:
    path: {DIGITS / "test.parquet"}
    id: image_id
    input: pixels
    target: digit
    where: {{domain: in-domain}}
  preprocess: {{tensor: {{shape: [1, 8, 8], divide: 16}}}}
  outputs: {{kind: logits}}
  composition: in-domain
strata: [digit]
metrics:
  - {{name: top1, margin: 0.02}}
  - {{name: f1, average: macro, margin: 0.1}}
  - ece
reference: fp32
variants:
  fp32: {{model: {DIGITS / "fp32.onnx"}}}
  int8: {{scheme: onnxruntime-dynamic, of: fp32}}
timing: null
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUANTASSAY_CACHE", str(cache))


@pytest.fixture(scope="module")
def rubric(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rubric") / "assay.yaml"
    path.write_text(RUBRIC)
    return path


@pytest.fixture
def finished(rubric: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = rubric.parent / "run"
    if not (folder / "report.html").exists():
        assert run_command(["run", str(rubric), "--out", str(folder)]) in (0, 3)
    capsys.readouterr()
    return folder


def test_run_prints_json_alone_and_its_code_is_the_verdict(
    rubric: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run_command(["run", str(rubric), "--out", str(tmp_path / "run"), "--json"])
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, comparison_schema())
    assert code == {"pass": 0, "fail": 1}.get(found["verdict"], 3)
    assert {cell["metric"] for cell in found["cells"]} == {"top1", "f1-macro", "ece"}


def test_a_run_leaves_a_journal_a_claim_and_reports(finished: Path) -> None:
    names = {path.name for path in finished.iterdir()}
    assert names >= {
        "artifacts", "claim.json", "journal.jsonl", "predictions", "report.html", "report.md",
        "verdicts.json",
    }  # fmt: skip
    journal = (finished / "journal.jsonl").read_text()
    events = [json.loads(line)["event"] for line in journal.splitlines()]
    assert events.index("rubric") < events.index("results") < events.index("finished")
    assert {path.name for path in (finished / "predictions").iterdir()} == {
        "fp32.parquet", "int8.parquet",
    }  # fmt: skip


def test_a_claim_without_throughput_says_so_and_is_not_decision_grade(finished: Path) -> None:
    claim = json.loads((finished / "claim.json").read_text())
    jsonschema.validate(claim, claim_schema())
    assert "throughput" in claim["missing"]
    assert claim["decision_grade"] is False
    cells = claim["candidates"]["int8"]["accuracy"]
    assert {cell["stratum"].get("digit") for cell in cells} == {None, *map(str, range(10))}


def test_report_and_export_read_the_run_back(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["report", str(finished)]) == 0
    assert capsys.readouterr().out == (finished / "report.md").read_text()
    assert run_command(["export", str(finished), "--to", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(
        (finished / "verdicts.json").read_text()
    )
    out = tmp_path / "cells.csv"
    assert run_command(["export", str(finished), "--to", "csv", "--out", str(out)]) == 0
    assert f"wrote {out}\n" in capsys.readouterr().err
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert len(rows) == len(json.loads((finished / "verdicts.json").read_text())["cells"])
    assert rows[0]["stratum"] == "overall"


def test_report_and_export_of_nothing_are_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["report", str(tmp_path)], ["export", str(tmp_path)]):
        assert run_command(arguments) == 2
        assert "holds no finished run" in capsys.readouterr().err


def test_a_damaged_run_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "verdicts.json").write_text('{"schema": "another/1"}')
    assert run_command(["export", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("error:") == 1


def test_plan_says_what_each_margin_needs(rubric: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["plan", str(rubric), "--discordance", "0.03", "--json"]) == 0
    planned = json.loads(capsys.readouterr().out)
    top1 = next(cell for cell in planned["cells"] if cell["metric"] == "top1")
    # 896 in-domain samples; 2 pp at 3 % and power .9 need 933 by the formula, 879 exactly
    assert (top1["n"], top1["floor"]) == (896, 183)
    assert 870 <= top1["outlooks"][0]["needed"] <= 896
    assert 0.9 <= top1["outlooks"][0]["power"] < 0.92
    assert planned["overall"]["3 %"] is None
    assert run_command(["plan", str(rubric)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "f1-macro, 1 %, 3 %, 5 %: needs a pilot" in printed
    assert "3 %: power of the overall PASS is undefined" in printed


@pytest.mark.parametrize("columns", [80, 100, 200])
def test_plan_crops_nothing(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert run_command(["plan", "--margin", "0.01", "--n", "2000", "--metric", "brier"]) == 0
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= columns
    for name in ("1 %", "3 %", "5 %", "needed", "at floor", "power", "detects", "half-width"):
        assert name in printed
    assert printed.count(" Brier") >= 1 + 2 * 3 + 8


def test_plan_without_a_rubric_writes_its_chart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = tmp_path / "chart.svg"
    command = ["plan", "--margin", "0.05", "--discordance", "0.1", "--chart", str(chart)]
    assert run_command(command) == 0
    assert "462" in capsys.readouterr().out
    assert chart.read_text().startswith("<svg")
    assert run_command(["plan"]) == 2
    assert "nothing to plan" in capsys.readouterr().err


def test_plan_takes_a_pilot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [tmp_path / f"{name}.csv" for name in ("first", "second")]
    for path, changed in zip(paths, (0, 6), strict=True):
        rows = [f"s{i},{int(i >= changed)},1" for i in range(250)]
        path.write_text("\n".join(["id,prediction,target", *rows]))
    command = ["plan", "--margin", "0.05", "--pilot", *map(str, paths), "--json"]
    assert run_command(command) == 0
    (cell,) = json.loads(capsys.readouterr().out)["cells"]
    assert "pilot n 250" in cell["outlooks"][0]["basis"]


def test_plan_names_cells_that_can_never_pass(
    rubric: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "assay.yaml"
    path.write_text(rubric.read_text().replace("margin: 0.02}", "margin: 0.001}"))
    assert run_command(["plan", str(path), "--discordance", "0.03"]) == 0
    assert "can never pass: top1 @ overall at 0.1 pp" in capsys.readouterr().out


@pytest.mark.parametrize(
    "kind",
    [
        "metrics",
        "agreements",
        "engines",
        "formats",
        "schemes",
        "readers",
        "throughput_logs",
        "exports",
        "backends",
    ],
)
def test_list_has_a_line_for_each(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["list", kind, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found
    assert all(each["line"] for each in found.values())
    assert run_command(["list", kind]) == 0
    assert all(name in capsys.readouterr().out for name in list(found)[:1])


def test_no_command_prints_the_help_and_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command([]) == 2
    printed = capsys.readouterr()
    assert "Commands" in printed.out
    assert printed.err == ""


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["--version"]) == 0
    assert capsys.readouterr().out.strip() == __version__
    assert run_command(["--help"]) == 0
    assert "Exit codes: 0 pass" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lst"], "No such command"),
        (["run"], "Missing argument"),
        (["list", "metrix"], "metrix"),
        (["compare", "a.csv", "b.csv", "--confidence", "95"], "did you mean 0.95?"),
    ],
)
def test_wrong_words_are_one_line_and_code_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(arguments) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert words in err


def test_compare_without_targets_asks_for_labels_and_takes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, changed in (("ref", 0), ("cand", 9)):
        rows = [f"s{i},{int(i < changed)}" for i in range(1000)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["id,prediction", *rows]))
    sides = [str(tmp_path / f"{name}.csv") for name in ("ref", "cand")]
    needed = tmp_path / "needed.csv"
    asked = ["compare", *sides, "--margin", "0.01"]
    assert run_command([*asked, "--labels-needed", str(needed)]) == 3
    said = capsys.readouterr()
    assert "label at most 9 of 1,000 samples" in said.out
    assert said.err == f"wrote {needed}: 9 ids\n"
    lines = needed.read_text().splitlines()
    needed.write_text("\n".join([lines[0], *(line + "1" for line in lines[1:])]))
    assert run_command([*asked, "--labels-needed", str(needed)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert run_command([*asked, "--labels", str(needed), "--trust-labels"]) == 0
    assert "9 of 1,000 samples have a target" in capsys.readouterr().out
    assert run_command([*asked, "--labels", str(needed), "--proven-fine", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["cells"][0]["gains"], found["proven_fine"]) == (9, [])
