from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quantassay.claims.transfer.claimed import read_claim
from quantassay.errors import DataError


def test_what_is_needed_is_read_and_what_is_new_is_let_pass(claim) -> None:
    candidate = claim.candidates[0]
    assert (candidate.name, candidate.scheme) == ("int8", "static")
    assert candidate.cell("top1", {"place": "night"}).losses == 12
    assert candidate.cell("top1", {"place": "dawn"}) is None
    assert candidate.layers == {
        "engine": "ort", "version": "1.20", "provider": "cpu", "threads": "2",
        "graph_level": "all", "processor": "CPU", "architecture": "x86_64", "system": "Linux",
        "instructions": "avx2", "batch": "64",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("[]", "it names no schema"),
        ('{"schema": "quantassay/claim/2"}', "its schema is 'quantassay/claim/2'"),
        ('{"schema": "quantassay/claim/1"}', "made: Field required"),
        ('{"x": NaN}', "NaN is no figure"),
        ('{"x": 1, "\\u0078": 2}', "stands twice"),
        ('{"x": 1e999}', "too large for a figure"),
        ('{"x": 1111111111111111111111}', "a number of 22 digits"),
        ("[" * 200_000, "nested too deep"),
        (
            '{"a": "\ud800"}'.encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
            "no schema",
        ),
    ],
)
def test_what_is_no_claim_is_refused(text: str, words: str, write: Callable[[Any], Path]) -> None:
    with pytest.raises(DataError, match=words) as error:
        read_claim(write(text))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"interval": [0.02, 0.01]}, "outside of its interval"),
        ({"loss": 0.5}, "outside of its interval"),
        ({"n": 0}, "a loss of 0 samples"),
        ({"margin": -0.1}, "a margin of -0.1"),
        ({"stratum": {"place": "night"}}, "stands there twice"),
        ({"n": "many"}, "valid integer"),
        ({"n": "600"}, "valid integer"),
        ({"n": 6e2}, "valid integer"),
        ({"loss": "0.0"}, "valid number"),
        ({"loss": False}, "valid number"),
    ],
)
def test_figures_that_cannot_be_are_refused(fields, words: str, edited) -> None:
    with pytest.raises(DataError, match=words):
        edited(1, fields)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_claim(tmp_path / "claim.json")
    with pytest.raises(DataError, match="directory"):
        read_claim(tmp_path)


def test_no_confidence_that_is_none(raw, write) -> None:
    with pytest.raises(DataError, match="it lies between"):
        read_claim(write({**raw, "confidence": 95.0}))
