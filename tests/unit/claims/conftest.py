"""A small result that discloses everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantassay.records.artifacts import Artifact, CalibrationFacts, VariantFacts
from quantassay.records.cells import CandidateVerdict, Cell, Comparison, MetricFacts
from quantassay.records.executor import EngineUse, Machine
from quantassay.records.result import NoiseFloor, Result, TestSet
from quantassay.records.speed import Speed


def cell(stratum: dict[str, str], low: float, high: float) -> Cell:
    return Cell(
        candidate="int8", reference="fp32", metric="top1", stratum=stratum, role="gate", n=400,
        reference_value=0.9, candidate_value=0.89, delta=-0.01, loss=0.01, interval=(low, high),
        method="exact", losses=5, gains=1, margin=0.05, p_within=0.001, p_beyond_adjusted=1.0,
        verdict="pass", reason="fine",
    )  # fmt: skip


def variant(name: str, precision: str, **more: object) -> VariantFacts:
    artifact = Artifact(Path("models") / f"{name}.onnx", "ab" * 32, 1000)
    return VariantFacts(name, "made here", None, precision, True, artifact, engine="ort", **more)  # type: ignore[arg-type]


def speed(name: str, ratio: float | None) -> Speed:
    return Speed(
        name, "offline", 100.0, None, (), ratio, None, 12, 3, 64, 0.95, "blocks", 0.1, 1000, None,
        "",
    )  # fmt: skip


@pytest.fixture
def result() -> Result:
    calibration = CalibrationFacts("train", "train.parquet", "entropy", 256, 900, 7, "cd" * 32)
    return Result(
        rubric="digits/1",
        rubric_digest="ef" * 32,
        made="2026-01-01T00:00:00+00:00",
        quantassay="0.1.0",
        test_set=TestSet("digits", "t.parquet", "sha256:1", 400, "in-domain", "independent",
                         {"digit": {"0": 200, "1": 200}}),
        metrics=(MetricFacts("top1", "share right", "source", True, "paired binary", "fraction"),),
        comparison=Comparison(
            "fp32", 0.95, "pass", {"int8": CandidateVerdict("pass", "all 2 gate cells pass")},
            (cell({}, -0.01, 0.02), cell({"digit": "0"}, -0.02, 0.04)),
        ),
        variants=(variant("fp32", "fp32"), variant("int8", "int8", calibration=calibration)),
        noise_floor=NoiseFloor(400, 0, 0, (0.0, 0.01), 0.95, True),
        speeds=(speed("fp32", None), speed("int8", 1.8)),
        machine=Machine("CPU", "x86_64", ("avx2",), 8, 2, 10**9, None, "Linux", "6", "3.11", {}),
        engines={
            "fp32": EngineUse("ort", "1.20", "CPUExecutionProvider", 2, "all"),
            "int8": EngineUse("ort", "1.20", "CPUExecutionProvider", 2, "all"),
        },
        reproduce="quantassay run assay.yaml",
        rubric_locked="2025-12-31T00:00:00+00:00",
        rubric_declared={"confidence": 0.95},
        software={"python": "3.11"},
    )  # fmt: skip
