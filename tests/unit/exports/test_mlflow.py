from __future__ import annotations

import json
import subprocess
import sys
import warnings
from copy import deepcopy

import pytest

from quantassay.errors import InputError
from quantassay.exports.mlflow import Mlflow
from quantassay.testing import check_export


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('tracking') / 'runs.db'}"


@pytest.fixture(scope="module")
def client(place, rich, tmp_path_factory):
    """A client of a database that holds the rich claim."""
    report = tmp_path_factory.mktemp("run") / "report.md"
    report.write_text("# Report\n")
    said = Mlflow().write(*rich, place, [report])
    import mlflow

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of sqlalchemy, in MLflow

        client = mlflow.MlflowClient(tracking_uri=place)
    assert "experiment 'digits-int8/1', runs " in said
    return client


@pytest.fixture
def runs(client):
    experiment = client.get_experiment_by_name("digits-int8/1")
    found = client.search_runs([experiment.experiment_id])
    return {run.info.run_name: run for run in found}


def test_a_run_is_a_candidate(runs, rich):
    assert set(runs) == set(rich[0]["candidates"])
    assert {run.info.status for run in runs.values()} == {"FINISHED"}


def test_figures_stand_by_stratum_beside_the_throughput(runs, rich):
    metrics = runs["int8-static"].data.metrics
    cell = rich[0]["candidates"]["int8-static"]["accuracy"][9]
    assert metrics["top1/digit_8/loss"] == pytest.approx(cell["loss"])
    assert metrics["top1/digit_8/loss_high"] == pytest.approx(cell["interval"][1])
    assert metrics["top1/overall/n"] == 898
    assert metrics["throughput/ratio"] == 1.86
    assert not any(value != value for value in metrics.values())


def test_parameters_tags_and_artefacts(runs, rich, client, tmp_path):
    run = runs["int8-static"]
    assert run.data.params["precision"] == "int8"
    assert json.loads(run.data.params["calibration"])["source"] == "train.parquet"
    assert run.data.tags["quantassay.verdict"] == "fail"
    names = {one.path for one in client.list_artifacts(run.info.run_id)}
    assert names == {"claim.json", "report.md"}


def test_names_that_mlflow_refuses_are_spelled_otherwise(client, place, one):
    claim, comparison = deepcopy(one[0]), one[1]
    claim["rubric"]["name"] = "hard/1"
    cells = claim["candidates"]["int8-static"]["accuracy"]
    for cell, value in zip(cells[1:6], ["../..", "a/b", "a|b", "ö" * 400, ""], strict=False):
        cell["stratum"] = {"=1": value}
    Mlflow().write(claim, comparison, place, [])
    experiment = client.get_experiment_by_name("hard/1")
    [run] = client.search_runs([experiment.experiment_id])
    losses = [name for name in run.data.metrics if name.endswith("/loss")]
    assert len(losses) == sum(cell["loss"] is not None for cell in cells)
    assert {"top1/_1_a_b/loss", "top1/_1_a_b.2/loss"} <= set(losses)


def test_it_obeys_what_every_export_obeys(client, place):
    check_export(Mlflow, seeds=[1], place=place)


@pytest.mark.parametrize("nowhere", ["nowhere://x", "http://127.0.0.1:9/none"])
def test_a_place_that_is_none_is_bad_input(nowhere, one, monkeypatch, client):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(InputError, match=f"--out {nowhere}: no tracking server or database"):
        Mlflow().write(*one, nowhere, [])


def test_without_its_packages_it_names_the_extra(tmp_path):
    code = (
        "import sys; sys.modules['mlflow'] = None\n"
        "from quantassay.exports.mlflow import Mlflow\n"
        "try: Mlflow().write({}, None, '', [])\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        "PluginError export 'mlflow' needs 'mlflow': pip install 'quantassay[mlflow]'"
    )
