"""The README's output is what the command prints; QUANTASSAY_UPDATE_GOLDEN=1 writes it anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml

from quantassay import plugins
from quantassay.__main__ import run_command
from quantassay.engines.executor import machine
from quantassay.rubrics.load import load

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DIGITS = ROOT / "examples/digits/assay.yaml"
BLOCK = re.compile(r"(<!-- demo:begin -->\n```text\n)(.*?)(```\n<!-- demo:end -->)", re.DOTALL)
AUDIT = re.compile(r"(<!-- audit:begin -->\n```text\n)(.*?)(```\n<!-- audit:end -->)", re.DOTALL)
MEASURED_ANEW = [
    (r"\d+\.\d+×", "?×"),
    (r"[\d,.]+ samples/s against [\d,.]+", "? samples/s against ?"),
    (r"\?× \[\d+\.\d+, \d+\.\d+\]", "?× [?, ?]"),
    (r"\d{4}-\d\d-\d\dT[\d:+]+", "TIME"),
    (r"report: .*", "report: PATH"),
    (r"\s+", " "),
]
FRONTIER = re.compile(r"\n\nThroughput against loss\n.*?(?=\n\n)", re.DOTALL)
#: findings that come and go with what else the machine does while variants are timed
OF_THE_MOMENT = (
    "is slower than", "other processes kept", "the processor", "the container's quota",
    "was held back", "its throughput", "warm-up", "samples a query", "samples per query",
)  # fmt: skip


def comparable(text: str) -> str:
    """Mask what is measured anew each time: speed, time of day, the folder; and line breaks."""
    text = FRONTIER.sub("\n\nTHE FRONTIER", text)
    parts = re.split(r"(?=\n  - |\n\n)", text)
    text = "".join(p for p in parts if not p.startswith("\n  - ") or not of_the_moment(p))
    for pattern, mask in MEASURED_ANEW:
        text = re.sub(pattern, mask, text)
    return text.strip()


def of_the_moment(finding: str) -> bool:
    words = " ".join(finding.split())
    return any(each in words for each in OF_THE_MOMENT)


def timed(text: str) -> list[str]:
    """Return the variants in the table of the frontier, by name."""
    section = FRONTIER.search(text)
    assert section is not None
    _, _, table = section[0].partition("Verdict")
    rows = re.findall(r"^  (\S+)  .*(?:PASS|FAIL|INCONCLUSIVE|INSUFFICIENT|–)\s*$", table, re.M)
    return sorted(rows)


def printed(capsys: pytest.CaptureFixture[str], folder: Path) -> tuple[int, str]:
    capsys.readouterr()
    code = run_command(["run", str(DIGITS), "--out", str(folder)])
    return code, capsys.readouterr().out


@pytest.mark.skipif(
    "avx512_vnni" not in machine().instructions,
    reason="the README's figures come from a processor with AVX512-VNNI; int8 differs elsewhere",
)
def test_the_readme_shows_what_the_demo_prints(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "100")
    code, text = printed(capsys, tmp_path / "run")
    assert code in (0, 1, 3)
    if os.environ.get("QUANTASSAY_UPDATE_GOLDEN"):
        shown = re.sub(r"report: .*", "report: runs/digits-int8-1/report.html", text)
        README.write_text(BLOCK.sub(lambda m: m[1] + shown + m[3], README.read_text("utf-8")))
    block = BLOCK.search(README.read_text("utf-8"))
    assert block is not None
    assert comparable(block[2]) == comparable(text)
    assert timed(block[2]) == timed(text) == sorted(load(DIGITS).rubric.variants)


def test_what_is_compared_is_the_same_on_a_busier_machine() -> None:
    quiet = """PASS  all
  throughput 1.61× [1.43, 1.82] against fp32 (offline, 20 random blocks)

Findings
  - the calibration set holds one digit only

Throughput against loss
  - Fastest that passes on every declared stratum: int8, 1.61× [1.41, 1.85].
  Timed: offline; 7.4 s in all.

Loss: positive is worse."""
    busy = """PASS  all
  throughput 0.90× [0.43, 2.82] against fp32 (offline, 20 random blocks)

Findings
  - the calibration set holds one digit only
  - other processes kept 1.7 of 2 cores busy on average while variants were
    timed, at most 1.7: throughputs are those of a machine in use
  - int8 is slower than fp32: 0.90× [0.43, 0.99].

Throughput against loss
  - Fastest that passes on every declared stratum: fp16, 1.01× [1.00, 1.02].
  - int8 is dominated by fp16: faster, and with less loss (adjusted p 0.0004).
  Timed: offline; 9.9 s in all.

Loss: positive is worse."""
    assert comparable(busy) == comparable(quiet)
    assert comparable(busy.replace("one digit", "two digits")) != comparable(quiet)


def test_the_readme_shows_what_an_audit_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(ROOT)
    assert run_command(["audit", "examples/audit/card.md"]) == 0
    text = capsys.readouterr().out
    if os.environ.get("QUANTASSAY_UPDATE_GOLDEN"):
        README.write_text(AUDIT.sub(lambda m: m[1] + text + m[3], README.read_text("utf-8")))
    block = AUDIT.search(README.read_text("utf-8"))
    assert block is not None
    assert block[2] == text


def test_the_readme_names_commands_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    commands = set(re.findall(r"\$ (?:\.venv/bin/)?quantassay (\w+)", README.read_text("utf-8")))
    assert commands >= {"draft", "plan", "run", "compare"}
    for command in sorted(commands):
        assert run_command([command, "--help"]) == 0
    targets = set(re.findall(r"^\$ make (\S+)", README.read_text("utf-8"), re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert targets == {"demo", "test"}
    assert all(f"\n{target}:" in makefile for target in targets)


def test_the_readme_names_schemes_and_engines_that_exist(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    head = {
        "rubric": "readme/1",
        "task": {"name": "any", "data": {"path": "test.parquet"}},
        "metrics": [{"name": "top1", "margin": 0.01}],
        "reference": "fp32",
    }
    path = tmp_path / "assay.yaml"
    path.write_text(yaml.safe_dump(head) + block, encoding="utf-8")
    assert {"int8", "int8-openvino"} == set(load(path).rubric.candidates)
    counts = re.findall(r"(\d+) \[(schemes|engines)\]", README.read_text("utf-8"))
    kinds: list[plugins.Kind] = ["schemes", "engines"]
    assert counts == [(str(len(plugins.names(kind))), kind) for kind in kinds]


def test_the_readme_links_to_files_that_exist() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text("utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
