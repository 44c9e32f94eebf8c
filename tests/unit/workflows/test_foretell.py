"""`foretell` on finished runs: real ones, copied as if they were of other models."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import quantassay as qa
from quantassay.__main__ import run_command
from quantassay.errors import InputError
from quantassay.records.plain import plain
from quantassay.records.tendencies import Tendencies, Tendency
from quantassay.tendencies.definitions import definition

DIGITS = Path(__file__).parents[3] / "examples" / "digits"
RUBRIC = f"""
rubric: foretold/1
task:
  name: handwritten-digits
  data: {{path: {DIGITS / "test.parquet"}, id: image_id, input: pixels, target: digit}}
  preprocess: {{tensor: {{shape: [1, 8, 8], divide: 16}}}}
  outputs: {{kind: logits}}
  composition: both domains
  clusters: {{column: original, between: unknown}}
strata: [domain]
metrics: [top1, brier]
reference: fp32
variants:
  fp32: {{model: {DIGITS / "fp32.onnx"}}}
  fp16: {{scheme: onnxruntime-fp16, of: fp32}}
  dynamic: {{scheme: onnxruntime-dynamic, of: fp32}}
timing: null
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """One real run."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "assay.yaml").write_text(RUBRIC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUANTASSAY_CACHE", str(folder / "cache"))
        qa.run(folder / "assay.yaml", folder / "run")
    return folder / "run"


@pytest.fixture
def models(finished, tmp_path, monkeypatch):
    """Return a maker of run folders, each as of another model unless it is told which."""
    monkeypatch.chdir(tmp_path)

    def make(count, same=False, at="runs"):
        rng = np.random.default_rng(0)
        for model in range(count):
            folder = Path(at) / f"m{model}"
            shutil.copytree(finished, folder)
            claim = json.loads((folder / "claim.json").read_text())
            if not same:
                claim["reference"]["artifact"]["digest"] = f"sha256:{model:064x}"
                for one in claim["candidates"].values():
                    one["artifact"]["digest"] = f"sha256:{model:063x}{one['name'][0]}"
            (folder / "claim.json").write_text(json.dumps(claim))
            seen = tendencies(claim["rubric"]["digest"], rng)
            (folder / "tendencies.json").write_text(json.dumps(plain(seen)))
        return [str(path) for path in sorted(Path(at).iterdir())]

    return make


def tendencies(digest, rng):
    """What a look could have found: dynamic is the noisier of both."""
    figures = [
        ("activation-kurtosis", "fp32", "", "", rng.exponential()),
        ("activation-kurtosis", "fp32", "", "/0/Conv", 99.0),
        ("activation-kurtosis", "dynamic", "", "", 99.0),
        ("layer-noise", "fp16", "fp32", "", 60 + rng.normal()),
        ("layer-noise", "dynamic", "fp32", "", 20 + rng.normal()),
        ("layer-noise-worst", "dynamic", "fp32", "", None),
    ]
    found = tuple(
        Tendency(name, of, value, "dB", 9, "values", layer, against, "" if value else "why not")
        for name, of, against, layer, value in figures
    )
    return Tendencies(
        rubric="foretold/1", rubric_digest=digest, task="handwritten-digits", reference="fp32",
        candidates=("fp16", "dynamic"), samples=64, seed=0, budget=1.0, made="now", quantassay="0",
        found=found, definitions=tuple(definition(name) for name in ("layer-noise",)),
    )  # fmt: skip


def test_a_triple_has_the_tendencies_of_its_reference_and_its_own(models):
    found = qa.foretell(models(2))
    assert len(found.triples) == 4
    first = {one.candidate: one for one in found.triples[:2]}
    assert first["dynamic"].scheme == "onnxruntime-dynamic"
    assert set(first["dynamic"].tendencies) == {"activation-kurtosis", "layer-noise"}
    assert first["fp16"].tendencies["activation-kurtosis"] < 99
    assert first["fp16"].tendencies["layer-noise"] > 50 > first["dynamic"].tendencies["layer-noise"]
    cells = json.loads(Path("runs/m0/verdicts.json").read_text())["cells"]
    losses = {
        cell["candidate"]: cell["loss"]
        for cell in cells
        if cell["metric"] == "top1" and not cell["stratum"]
    }
    assert {name: one.loss for name, one in first.items()} == losses


def test_enough_models_have_an_interval(models):
    found = qa.foretell(models(12), metric="brier")
    rows = {one.name: one for one in found.foretold}
    noise = rows["layer-noise"]
    assert (noise.models, noise.triples) == (12, 24)
    assert noise.settled is (noise.interval[0] > 0 or noise.interval[1] < 0)
    assert rows["activation-kurtosis"].correlation == pytest.approx(0, abs=0.2)
    assert "layer-noise-worst" not in rows
    assert found.names("metric") == ("brier",)
    assert any("schemes are pooled" in text for text in found.findings)


def test_two_names_of_one_file_are_one_model_and_one_triple_counts_once(models):
    folders = models(3, same=True)
    found = qa.foretell([*folders, folders[0]])
    assert len(found.names("model")) == 1
    assert len(found.triples) == 2
    again = [one for one in found.passed_over if "the same triple as in runs/m0" in one.reason]
    assert [one.what for one in again] == [
        "runs/m1: fp16", "runs/m1: dynamic", "runs/m2: fp16", "runs/m2: dynamic",
    ]  # fmt: skip


def test_copies_of_one_model_under_other_digests_are_one_model(models):
    folders = models(12)
    for number, folder in enumerate(folders):
        path = Path(folder) / "tendencies.json"
        seen = json.loads(path.read_text())
        base = next(one for one in seen["found"] if one["name"] == "activation-kurtosis")
        weights = {"weight-kurtosis": 3.0517578125, "weight-outliers": 2.25 + (number == 11)}
        seen["found"] += [{**base, "name": name, "value": value} for name, value in weights.items()]
        path.write_text(json.dumps(seen))
    found = qa.foretell(folders)
    assert len(found.names("model")) == 2
    assert all(one.interval is None for one in found.foretold)
    assert found.findings[0].startswith("10 models have another file than one here")


def test_one_run_by_many_ways_is_one(models):
    folders = models(1)
    Path("link").symlink_to(folders[0])
    cell = Path("study/cells/digits/m/int8")
    cell.mkdir(parents=True)
    (cell / "run").symlink_to(Path(folders[0]).resolve())
    shutil.copytree(folders[0], "copy")
    found = qa.foretell([*folders, *folders, "link", "study", str(cell / "run"), "copy"])
    assert len(found.triples) == 2
    assert {one.what for one in found.passed_over} == {"copy: fp16", "copy: dynamic"}


def test_within_one_scheme(models):
    found = qa.foretell(models(2), scheme="onnxruntime-dynamic")
    assert found.names("scheme") == ("onnxruntime-dynamic",)
    assert len(found.triples) == 2
    assert found.findings == ()
    assert found.passed_over[-1].reason == "of other schemes than onnxruntime-dynamic"
    with pytest.raises(InputError, match="did you mean 'onnxruntime-dynamic'"):
        qa.foretell(["runs/m0"], scheme="onnxruntime-dynamics")


def test_figures_of_some_layers_alone_are_not_ranked_and_that_is_told(models):
    folders = models(2)
    path = Path(folders[1]) / "tendencies.json"
    seen = json.loads(path.read_text())
    for one in seen["found"]:
        if (one["name"], one["of"], one["layer"]) == ("layer-noise", "fp16", ""):
            one["reason"] = "the budget was over before the other layers were looked at"
    path.write_text(json.dumps({**seen, "left_out": ["what says nothing of a figure"]}))
    found = qa.foretell(folders)
    assert [one.partial for one in found.triples] == [False, False, True, False]
    assert ["layer-noise" in one.tendencies for one in found.triples] == [True, True, False, True]
    assert any("of 1 of 4 triples something was not looked at" in one for one in found.findings)


def test_a_study_folder_holds_its_runs(models):
    models(2)
    for at in range(2):
        cell = Path("study/cells/digits") / f"model-{at}" / "int8"
        cell.mkdir(parents=True)
        shutil.move(f"runs/m{at}", cell / "run")
    (Path("study/cells/digits/model-1/fp16") / "run").mkdir(parents=True)
    found = qa.foretell(["study"])
    assert len(found.triples) == 4
    assert [(one.what, one.reason) for one in found.passed_over] == [
        ("study/cells/digits/model-1/fp16/run", "holds no finished run")
    ]


def without_tendencies(folder):
    (folder / "tendencies.json").unlink()


def of_other_models(folder):
    path = folder / "tendencies.json"
    seen = json.loads(path.read_text())
    path.write_text(json.dumps({**seen, "models": {"fp16": "sha256:0"}}))


def of_another_rubric(folder):
    path = folder / "tendencies.json"
    path.write_text(path.read_text().replace('"rubric_digest": "', '"rubric_digest": "f'))


def unfinished(folder):
    with (folder / "journal.jsonl").open("r+") as journal:
        lines = journal.readlines()
        journal.seek(0)
        journal.truncate()
        journal.writelines(lines[:-1])


def broken(folder):
    (folder / "tendencies.json").write_text("{")


def without_a_model(folder):
    claim = json.loads((folder / "claim.json").read_text())
    claim["reference"]["artifact"] = None
    (folder / "claim.json").write_text(json.dumps(claim))


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (without_tendencies, "no tendencies.json"),
        (of_another_rubric, "of another rubric"),
        (of_other_models, "of other model files than the run"),
        (unfinished, "did not finish"),
        (broken, "not JSON"),
        (without_a_model, "has no model file"),
    ],
)
def test_what_tells_nothing_is_passed_over_and_said(models, harm, why):
    folders = models(2)
    harm(Path(folders[0]))
    found = qa.foretell(folders)
    assert [one.what for one in found.passed_over] == ["runs/m0"]
    assert why in found.passed_over[0].reason
    assert {one.folder for one in found.triples} == {"runs/m1"}
    with pytest.raises(InputError, match=f"no triple with tendencies .* is left: runs/m0: .*{why}"):
        qa.foretell(folders[:1])


def test_a_metric_that_a_run_has_not(models):
    with pytest.raises(InputError, match=r"has no metric 'brierr'.*did you mean 'brier'"):
        qa.foretell(models(1), metric="brierr")


def test_from_outside(models, capsys):
    folders = models(11)
    assert run_command(["foretell", *folders, "--metric", "brier", "--out", "table.md"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("TENDENCIES ")
    text = " ".join(printed.out.split())
    assert "No verdict rests on this." in text
    assert "the interval of the loss leaves zero out" in text
    assert "schemes are pooled" in text
    assert printed.err == "wrote table.md\n"
    assert "layer-noise" in Path("table.md").read_text()
    assert run_command(["foretell", *folders, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "quantassay/foretelling/1"
    assert len(found["triples"]) == 22
    assert found["foretold"][0].keys() >= {"name", "correlation", "interval", "p_adjusted"}


def test_bad_input_is_one_line(models, capsys):
    models(1)
    Path("file").touch()
    for argument, told in (("nowhere", "no such folder"), ("runs", ""), ("file", "is a file")):
        assert run_command(["foretell", argument]) == 2
        printed = capsys.readouterr().err
        assert told in printed and printed.count("\n") == 1


def test_what_is_wrong_with_every_run_is_said_once(models):
    with pytest.raises(InputError, match=r"runs/m0 and 2 more: has no metric 'brierr'") as said:
        qa.foretell(models(3), metric="brierr")
    assert str(said.value).count("brierr") == 1
