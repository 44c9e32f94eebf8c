"""Folders that lack parts, or hold other things than a run leaves: said, never a crash."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quantassay.__main__ import run_command
from quantassay.errors import DataError
from quantassay.workflows.run import run
from quantassay.workflows.steps.keeping import kept_predictions
from quantassay.workflows.verify import verify


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("samples.parquet", "figures"),
        ("predictions/low.parquet", "figures"),
        ("verdicts.json", "figures"),
        ("second-pass.parquet", "noise floor"),
        ("timings.parquet", "throughput: low"),
    ],
)
def test_a_file_that_is_gone_is_told(folder, differing, name, what):
    (folder.out / name).unlink()
    found = differing(folder.verify())
    assert found[f"files as committed: {name}"][0] == "not there"
    assert what in found


def test_timings_that_were_not_claimed_are_told(folder, differing):
    folder.edit(lambda claim: claim["candidates"]["low"].update(throughput=None))
    assert differing(folder.verify())["throughput: low"] == ("not in the claim", "timed")


@pytest.mark.parametrize("column", ["id", "own.part"])
def test_a_column_that_is_gone_is_told(folder, differing, column):
    path = folder.out / "samples.parquet"
    pq.write_table(pq.read_table(path).drop_columns([column]), path)
    assert column.removeprefix("own.") in differing(folder.verify())["figures"][1]


def test_rows_of_other_samples_are_told(folder, differing):
    folder.edit_rows("predictions/low.parquet", lambda c: c["id"].reverse())
    assert "in their order" in differing(folder.verify())["figures"][1]


def test_probabilities_that_are_no_rows_are_told(folder, differing):
    path = folder.out / "predictions" / "low.parquet"
    table = pq.read_table(path)
    at = table.column_names.index("probabilities")
    pq.write_table(table.set_column(at, "probabilities", pa.array(np.ones(len(table)))), path)
    assert "not rows of one length" in differing(folder.verify())["figures"][1]


def test_a_file_that_unfolds_to_too_much_is_not_read(folder, monkeypatch):
    import quantassay.workflows.steps.keeping as keeping

    monkeypatch.setattr(keeping, "MOST_ROWS", 10)
    with pytest.raises(DataError, match="unfolds to too much"):
        kept_predictions(folder.out / "predictions" / "low.parquet", np.array(["a"]))


def test_a_metric_that_is_not_installed_is_not_checked(folder, unchecked, monkeypatch):
    from quantassay import plugins
    from quantassay.errors import PluginError

    def absent(*_):
        msg = "no metric is called 'top1'"
        raise PluginError(msg)

    monkeypatch.setattr(plugins, "configured", absent)
    found = unchecked(folder.verify())
    assert "no metric is called" in found["figures"]
    assert "no metric is called" in found["margins as locked"]


def test_a_rubric_that_is_none_is_told(folder, differing):
    folder.edit(lambda claim: claim["rubric"].update(declared={"metrics": 3}))
    assert "is none" in differing(folder.verify())["rubric"][1]


def test_a_declared_rubric_that_is_gone_is_told(folder, differing, unchecked):
    folder.edit(lambda claim: claim["rubric"].update(declared=None))
    found = folder.verify()
    assert "margins as locked" in unchecked(found)
    assert any(what.startswith("rubric as locked") for what in differing(found))


def test_a_candidate_that_is_gone_is_told(folder, differing):
    folder.edit(lambda claim: claim["candidates"].pop("low"))
    found = differing(folder.verify())
    assert found["variants: low"] == ("not in the claim", "a variant of the rubric")
    assert "declared: candidates" in found


def test_a_metric_that_is_gone_is_told_without_the_run(folder, tmp_path, differing):
    def drop(claim):
        claim["metrics"] = [m for m in claim["metrics"] if m["name"] != "brier"]
        cells = claim["candidates"]["low"]["accuracy"]
        cells[:] = [cell for cell in cells if cell["metric"] != "brier"]

    folder.edit(drop)
    alone = tmp_path / "alone.json"
    alone.write_bytes(folder.claim_path.read_bytes())
    assert "margins as locked: brier of low" in differing(verify(alone))


def test_a_cell_that_stands_twice_is_told(folder, differing):
    def double(claim):
        cells = claim["candidates"]["low"]["accuracy"]
        cells.append(cells[0])

    folder.edit(double)
    assert differing(folder.verify())["cells of low"][1] == "some stand twice"


@pytest.mark.parametrize("path", ["../../../etc/hostname", "\0", "x" * 5000, "/etc/hostname", "."])
def test_a_path_that_leads_elsewhere_is_not_read(folder, unchecked, path):
    folder.edit(lambda claim: claim["reference"]["artifact"].update(path=path))
    assert "model file of fp32" in unchecked(folder.verify())


@pytest.mark.parametrize(
    "command", ["", "'", "quantassay run", "quantassay run \0", "rm x", "quantassay run /etc/hosts"]
)
def test_a_command_that_names_no_rubric_is_not_followed(folder, unchecked, command):
    folder.edit(lambda claim: claim.update(reproduce=command))
    assert unchecked(folder.verify())["rubric file"].startswith("not here")


@pytest.fixture
def beside(tmp_path, cache, make_assay, monkeypatch):
    """An assay with its run, in the folder that the command line stands in."""
    rubric = make_assay(tmp_path)
    rubric.write_text(rubric.read_text().split("timing:")[0] + "timing: null\n")
    monkeypatch.chdir(tmp_path)
    run("assay.yaml", "out")
    return tmp_path


def test_data_and_models_beside_the_rubric_that_changed_are_told(beside, differing, unchecked):
    model = (beside / "other.onnx").read_bytes()
    (beside / "low.onnx").write_bytes(model)
    table = pq.read_table(beside / "test.parquet")
    pq.write_table(table.slice(0, 500), beside / "test.parquet")
    found = differing(verify("out/claim.json"))
    assert {"test set", "model file of low: digest"} <= set(found)
    (beside / "low.onnx").write_bytes(b"no model")
    (beside / "test.parquet").write_bytes(b"no data")
    found = differing(verify("out/claim.json"))
    assert "ONNX" in found["model file of low"][1]
    assert "test set" in found
    (beside / "low.onnx").unlink()
    (beside / "test.parquet").unlink()
    found = unchecked(verify("out/claim.json"))
    assert {"test set", "model file of low", "what the scheme did to low"} <= set(found)


def test_another_rubric_of_the_same_file_name_is_not_taken_for_it(beside, unchecked):
    text = (beside / "assay.yaml").read_text().replace("small/1", "another/1")
    (beside / "assay.yaml").write_text(text)
    assert "is another rubric" in unchecked(verify("out/claim.json"))["rubric file"]


def test_onnx_that_is_not_installed_leaves_models_compared_by_bytes(
    beside, differing, unchecked, monkeypatch
):
    import sys

    monkeypatch.setitem(sys.modules, "onnx", None)
    found = verify("out/claim.json")
    assert differing(found) == {}
    assert "onnx" in unchecked(found)["what the scheme did to low"]


def test_a_truth_that_was_edited_is_told(beside, differing):
    value = json.loads((beside / "out" / "claim.json").read_text())
    value["candidates"]["low"]["truth"]["weights_changed"] = 0
    (beside / "out" / "claim.json").write_text(json.dumps(value))
    found = differing(verify("out/claim.json"))
    assert "what the schemes did: low.weights_changed" in found


def test_deep_nesting_is_bad_input(folder, capsys):
    deep = "[" * 900 + "]" * 900
    text = folder.claim_path.read_text("utf-8")
    folder.claim_path.write_text(text.replace('"declared": {', f'"declared": {{"deep": {deep},', 1))
    assert run_command(["verify", str(folder.claim_path)]) in (1, 2)
    assert "internal error" not in capsys.readouterr().err


def test_a_journal_that_cannot_be_read_is_told(folder, differing, monkeypatch):
    import quantassay.workflows.steps.retracing as retracing

    monkeypatch.setattr(retracing, "MOST_BYTES", 10)
    assert "too long" in differing(folder.verify())["journal"][1]
