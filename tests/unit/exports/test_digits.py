"""The claim of examples/digits: audited, verified, and read back from every export."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from quantassay.records.audit import SIX
from quantassay.workflows.audit import audit
from quantassay.workflows.export import export
from quantassay.workflows.run import run
from quantassay.workflows.verify import verify

DIGITS = Path(__file__).parents[3] / "examples" / "digits"
QUICK = "timing: {protocol: offline, blocks: 10, warmup: 1ms, duration: 2ms}"
ONE_MODEL = ("hf-eval-results", "model-index", "every-eval-ever")


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """The run folder of the example, timed for a moment only."""
    folder = tmp_path_factory.mktemp("digits")
    for name in ("fp32.onnx", "test.parquet", "train.parquet"):
        shutil.copy(DIGITS / name, folder)
    text, count = re.subn(r"^timing: .*$", QUICK, (DIGITS / "assay.yaml").read_text(), flags=re.M)
    assert count == 1
    (folder / "assay.yaml").write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUANTASSAY_CACHE", str(folder / "cache"))
        run(folder / "assay.yaml", folder / "run")
    return folder / "run"


@pytest.mark.parametrize("name", ["csv", "json", "cyclonedx", "junit"])
def test_a_format_that_holds_every_model(digits, name, valid):
    whole = valid(name, export(digits, name).text)
    assert valid(name, export(digits / "claim.json", name).text) is not None
    names = str([suite.name for suite in whole]) if name == "junit" else str(whole)
    for candidate in ("fp16", "int8-dynamic", "int8-static", "int8-one-digit"):
        assert candidate in names


@pytest.mark.parametrize("candidate", ["fp16", "int8-dynamic", "int8-static", "int8-one-digit"])
@pytest.mark.parametrize("name", ONE_MODEL)
def test_a_format_that_holds_one(digits, name, candidate, valid):
    found = export(digits, name, candidate=candidate)
    assert valid(name, found.text)
    assert "throughput" in found.text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_run_of_mlflow(digits, tmp_path):
    place = f"sqlite:///{tmp_path / 'runs.db'}"
    found = export(digits, "mlflow", place)
    assert found.placed.startswith(f"{place}: experiment 'digits-int8/1', runs ")
    assert found.dropped == ()
    import mlflow

    client = mlflow.MlflowClient(tracking_uri=place)
    experiment = client.get_experiment_by_name("digits-int8/1")
    runs = client.search_runs([experiment.experiment_id])
    assert len(runs) == 4
    names = {one.path for one in client.list_artifacts(runs[0].info.run_id)}
    assert names == {"claim.json", "verdicts.json", "report.md", "report.html"}


def test_the_claim_passes_its_own_audit(digits):
    (claim,) = audit(digits / "claim.json").claims
    assert [claim.items[name].answer for name in SIX] == ["yes"] * 7
    assert claim.decision_grade
    assert claim.contradictions == ()


def test_the_claim_is_verified_against_its_run(digits):
    found = verify(digits / "claim.json")
    assert found.agrees
    assert len([check for check in found.checks if check.outcome == "agrees"]) > 30
