"""Claims to export, and the validator of each format."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from huggingface_hub import EvalResultEntry, ModelCard, eval_result_entries_to_yaml
from huggingface_hub._eval_results import parse_eval_result_entries
from huggingface_hub.repocard_data import EvalResult
from junitparser import JUnitXml, TestSuite

from quantassay.claims.build import claim as built
from quantassay.records.cells import Agreement, CandidateVerdict, Cell, Comparison, MetricFacts

EVERY_EVAL_EVER = Path(__file__).with_name("every_eval_ever.yaml")
Claimed = tuple[dict[str, Any], Comparison]


@pytest.fixture(scope="session")
def rich(factory: ModuleType) -> Claimed:
    """A claim of which every part has something in it, and text that other programs would run."""
    result = factory.result()
    return json.loads(json.dumps(built(result))), result.comparison


@pytest.fixture(scope="session")
def one(rich: Claimed) -> Claimed:
    """The same of one candidate, which fails."""
    from quantassay.workflows.steps.quoting import of_candidate

    return of_candidate(*rich, "int8-static")


def hf_eval_results(text: str) -> list[EvalResultEntry]:
    found = yaml.safe_load(text)
    entries = parse_eval_result_entries(found)
    assert eval_result_entries_to_yaml(entries) == found
    return entries


def model_index(text: str) -> list[EvalResult]:
    card = ModelCard(text, ignore_metadata_errors=False)
    assert card.data.eval_results
    again = ModelCard(f"---\n{card.data.to_yaml()}\n---\n")
    assert again.data.eval_results == card.data.eval_results
    assert card.data.to_dict()["model-index"] == front_matter(text)["model-index"]
    return card.data.eval_results


def front_matter(text: str) -> dict[str, Any]:
    return yaml.safe_load(text.removeprefix("---\n").removesuffix("---\n"))


def cyclonedx(text: str) -> dict[str, Any]:
    for version in (SchemaVersion.V1_6,):
        wrong = JsonStrictValidator(version).validate_str(text)
        assert wrong is None, wrong
    return json.loads(text)


def every_eval_ever(text: str) -> dict[str, Any]:
    found = json.loads(text)
    shape = yaml.safe_load(EVERY_EVAL_EVER.read_text())
    jsonschema.Draft202012Validator(shape).validate(found)
    for result in found["evaluation_results"]:
        metric, score = result["metric_config"], result["score_details"]["score"]
        assert metric.get("min_score", score) <= score <= metric.get("max_score", score)
    return found


def junit(text: str) -> list[TestSuite]:
    suites = list(JUnitXml.fromstring(text.encode()))
    for suite in suites:
        said = suite.tests, suite.failures, suite.skipped
        suite.update_statistics()
        assert (suite.tests, suite.failures, suite.skipped) == said
    return suites


def sheet(text: str) -> list[dict[str, str]]:
    import csv

    return list(csv.DictReader(io.StringIO(text)))


VALIDATORS: dict[str, Callable[[str], Any]] = {
    "hf-eval-results": hf_eval_results,
    "model-index": model_index,
    "cyclonedx": cyclonedx,
    "every-eval-ever": every_eval_ever,
    "junit": junit,
    "csv": sheet,
    "json": json.loads,
}


@pytest.fixture(scope="session")
def valid() -> Callable[[str, str], Any]:
    """Read text by the tool of its format, which refuses what is not valid; return what it read."""
    return lambda name, text: VALIDATORS[name](text)


@pytest.fixture
def comparison() -> Comparison:
    common = {
        "candidate": "=int8", "reference": "fp32", "metric": "top1", "method": "exact",
        "losses": 5, "gains": 1, "delta": -0.01,
    }  # fmt: skip
    judged = Cell(
        stratum={}, role="gate", n=400, reference_value=0.9, candidate_value=0.89, loss=0.01,
        interval=(-0.01, 0.02), margin=0.05, p_within=0.001, p_beyond_adjusted=1.0, verdict="pass",
        reason="fine", **common,
    )  # fmt: skip
    shown = Cell(
        stratum={"class": "a,b\n<script>"}, role="described", n=0, reference_value=None,
        candidate_value=None, loss=None, interval=None, margin=None, p_within=None,
        p_beyond_adjusted=None, verdict=None, reason="no samples", **common,
    )  # fmt: skip
    return Comparison(
        reference="fp32",
        confidence=0.95,
        verdict="pass",
        candidates={"=int8": CandidateVerdict("pass", "all pass", True, ("class=a",), ("top1",))},
        cells=(judged, shown),
        agreements=(Agreement("=int8", "flips", {}, 400, 0.015, (0.0, 0.04), "fraction", "share"),),
        findings=("=int8: 1 of 400 outputs are absent",),
        metrics=(MetricFacts("top1", "share", "source", True, "paired binary", "fraction"),),
    )
