"""Claims of one candidate, cell by cell, and deployments of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from quantassay.claims.transfer.claimed import Claimed, read_claim
from quantassay.records.artifacts import Artifact
from quantassay.records.cells import Cell
from quantassay.records.executor import EngineUse, Machine
from quantassay.records.plain import plain
from quantassay.records.speed import Speed
from quantassay.stats import binary_interval

METHOD = "paired binary, E p-value in Tango's order"
MACHINE = Machine("CPU", "x86_64", ("avx2",), 8, 2, 10**9, None, "Linux", "6", "3.11", {})
USE = EngineUse("ort", "1.20", "cpu", 2, "all")


def binary_cell(
    stratum: Mapping[str, str], losses: int, n: int, margin: float | None = 0.02, **more: Any
) -> Cell:
    """A cell of right-or-wrong samples without a gain, its interval as the product makes it."""
    low, high = binary_interval(losses, 0, n, 0.025)
    verdict = None if margin is None else "pass" if high < margin else "inconclusive"
    whole: dict[str, Any] = {
        "candidate": "int8", "reference": "fp32", "metric": "top1", "stratum": dict(stratum),
        "role": "gate", "n": n, "reference_value": 0.9, "candidate_value": 0.9 - losses / n,
        "delta": -losses / n, "loss": losses / n, "interval": (float(low), float(high)),
        "method": METHOD, "losses": losses, "gains": 0, "margin": margin, "p_within": None,
        "p_beyond_adjusted": None, "verdict": verdict, "reason": "",
    }  # fmt: skip
    return Cell(**{**whole, **more})


def variant(name: str, **more: Any) -> dict[str, Any]:
    artifact = Artifact(Path(f"{name}.onnx"), "sha256:" + name.encode().hex().ljust(64, "0"), 10)
    return {
        "name": name, "scheme": None, "precision": name, "gate": True, "artifact": plain(artifact),
        "calibration": None, "execution": plain(USE), **more,
    }  # fmt: skip


def claim_of(cells: list[Cell], strata: Mapping[str, Mapping[str, int]], n: int) -> dict[str, Any]:
    """Return a claim as JSON values, with a field that no version knows yet."""
    facts = {
        "definition": "share right", "source": "s", "higher_is_better": True,
        "evidence": "paired binary", "unit": "fraction", "components": [],
    }  # fmt: skip
    area = {**facts, "name": "auroc", "evidence": "area under the ROC curve"}
    speed = Speed(
        "int8", "offline", 9.0, None, (), 1.8, (1.7, 1.9), 12, 3, 64, 0.95, "blocks", 0.1, 9, None,
        "",
    )  # fmt: skip
    return {
        "schema": "quantassay/claim/1",
        "made": "2026-01-01T00:00:00+00:00",
        "task": {
            "task": "digits", "path": "t", "digest": "sha256:" + "cd" * 32, "n": n,
            "composition": "in-domain", "clusters": "independent", "strata": strata,
        },
        "metrics": [{**facts, "name": "top1"}, area],
        "reference": variant("fp32"),
        "confidence": 0.95,
        "candidates": {
            "int8": {
                **variant("int8", scheme="static", calibration="64 samples"),
                "decision": {"verdict": "inconclusive", "reason": "", "gate": True,
                             "uncovered": [], "deciding": []},
                "accuracy": plain(cells),
                "throughput": plain(speed),
            }
        },
        "executor": plain(MACHINE),
        "missing": [],
        "a later field": {"x": 1},
    }  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Any], Path]:
    """Write JSON values to a file."""

    def made(value: Any) -> Path:
        path = tmp_path / "claim.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return path

    return made


@pytest.fixture
def raw() -> dict[str, Any]:
    """A claim of 600 samples by day without a loss, and 300 by night with 12."""
    cells = [
        binary_cell({}, 12, 900),
        binary_cell({"place": "day"}, 0, 600),
        binary_cell({"place": "night"}, 12, 300),
    ]
    return claim_of(cells, {"place": {"day": 600, "night": 300}}, 900)


@pytest.fixture
def claim(raw: dict[str, Any], write: Callable[[Any], Path]) -> Claimed:
    """That claim, read."""
    return read_claim(write(raw))


@pytest.fixture
def edited(
    raw: dict[str, Any], write: Callable[[Any], Path]
) -> Callable[[int, Mapping[str, Any]], Claimed]:
    """That claim with some fields of one cell changed."""

    def made(cell: int, fields: Mapping[str, Any]) -> Claimed:
        raw["candidates"]["int8"]["accuracy"][cell].update(fields)
        return read_claim(write(raw))

    return made
