"""The page is what the command writes, where the published answers are at hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.reproductions.__main__ import CASES, PAGE
from benchmarks.reproductions.evidence import evidence
from benchmarks.reproductions.page import HEAD, flips_part, flips_rows, page
from benchmarks.reproductions.tiny import PUBLICATION

ROOT = Path(__file__).parents[3]
CPUINFO = Path("/proc/cpuinfo")
here = pytest.mark.skipif(
    not CASES.exists(), reason="the published answers are not beside the repository"
)


def same_kernels() -> bool:
    """Whether LiteRT takes the kernels that the figures are of."""
    return CPUINFO.exists() and "avx512_vnni" in CPUINFO.read_text()


@here
def test_the_part_on_language_models_is_current():
    found, text = evidence(CASES / "llm_flips"), PAGE.read_text(encoding="utf-8")
    assert text.startswith(HEAD)
    assert flips_part(found) in text, "run: python -m benchmarks.reproductions --write"
    for row in flips_rows(found):
        assert " | ".join(row) in text


@here
@pytest.mark.long
@pytest.mark.skipif(not same_kernels(), reason="the processor has no AVX-512 VNNI")
def test_the_whole_page_is_current(monkeypatch, tmp_path):
    pytest.importorskip("ai_edge_litert")
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    assert page(CASES) == PAGE.read_text(encoding="utf-8")


def test_the_page_names_every_publication():
    text = PAGE.read_text(encoding="utf-8")
    assert PUBLICATION.title in text
    assert text.count("**agrees**") >= 3


def test_a_missing_folder_is_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.reproductions", "--cases", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("llm_flips: no such folder; give --cases")
