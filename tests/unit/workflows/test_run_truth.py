"""What a run says of variants that are not what they are called."""

import json
import shutil
from pathlib import Path

import onnxruntime
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from tests.models.two_layers import by_gptq, by_onnxruntime, inputs, two_layers

from quantassay.workflows.run import run
from quantassay.workflows.verify import verify

RUBRIC = {
    "rubric": "four bits/1",
    "task": {
        "name": "largest",
        "data": {"path": "test.parquet", "id": "id", "input": "x", "target": "target"},
        "outputs": {"kind": "logits"},
        "clusters": "independent",
    },
    "strata": [],
    "metrics": [{"name": "top1", "margin": 0.2}],
    "reference": "fp32",
    "variants": {
        "fp32": {"model": "fp32.onnx"},
        "rtn": {"model": "rtn.onnx", "precision": "int4"},
        "gptq": {"model": "gptq.onnx", "precision": "int4"},
        "again": {"model": "again.onnx", "precision": "int4"},
        "true-gptq": {"model": "true.onnx", "precision": "int4"},
        "copy": {"model": "copy.onnx"},
        "said-int4": {"scheme": "onnxruntime-dynamic", "of": "fp32", "precision": "int4"},
        "half": {"scheme": "onnxruntime-dynamic", "of": "fp32", "options": {"exclude": ["up"]}},
    },
    "timing": None,
}

# blocks of 32, each with a scale of 32 bits and a zero point of 4
BITS = "{}: 5.1 bits per weight, scales included, not 4"


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("truth")
    model = two_layers(folder / "fp32.onnx")
    by_onnxruntime(model, folder / "rtn.onnx", "RTN")
    by_onnxruntime(model, folder / "gptq.onnx", "GPTQ")
    by_gptq(model, folder / "true.onnx")
    shutil.copy(folder / "rtn.onnx", folder / "again.onnx")
    shutil.copy(model, folder / "copy.onnx")
    x = inputs(300, seed=5)
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    target = session.run(None, {"x": x})[0].argmax(1)
    table = {"id": [f"s{i}" for i in range(len(x))], "x": list(x), "target": target}
    pq.write_table(pa.table(table), folder / "test.parquet")
    (folder / "assay.yaml").write_text(yaml.safe_dump(RUBRIC, sort_keys=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("QUANTASSAY_CACHE", str(folder / "cache"))
        yield run("assay.yaml", "out")


def said(result, name):
    return [text for text in result.findings if text.startswith(f"{name}:")]


def test_the_gptq_of_onnxruntime_is_caught(result):
    found = said(result, "gptq")
    assert any("in effect round-to-nearest" in text for text in found), found
    assert any("of its quantized weights differ from those of rtn" in text for text in found)


def test_gptq_is_called_what_it_is(result):
    assert said(result, "true-gptq") == [BITS.format("true-gptq")]


def test_round_to_nearest_is_called_what_it_is(result):
    assert said(result, "rtn") == [BITS.format("rtn")]


def test_one_result_under_two_names(result):
    same = "again: the same model as rtn, byte for byte: two names for one result"
    assert said(result, "again") == [BITS.format("again"), same]


def test_another_precision_than_was_said(result):
    (found,) = said(result, "said-int4")
    assert found == "said-int4: declared as int4, but most of its weights are int8"


def test_a_part_of_the_layers(result):
    (found,) = said(result, "half")
    assert "only 1 of 2 layers is in low precision" in found
    assert "5.88 % of the weights" in found
    assert "bits per weight, scales included, not 8" in found


def test_the_model_itself_is_not_judged(result):
    assert said(result, "copy")[0].startswith("copy: changed nothing")
    assert result.comparison.candidates["copy"].verdict == "insufficient"


def test_the_claim_and_the_report_say_so_too(result, tmp_path):
    folder = Path(result.folder)
    claim = json.loads((folder / "claim.json").read_text())
    truth = claim["candidates"]["gptq"]["truth"]
    assert truth["nearest_share"] > 0.999 and truth["compared"] == 1
    assert claim["candidates"]["true-gptq"]["truth"]["nearest_share"] < 0.97
    assert claim["candidates"]["again"]["truth"]["same_as"] == ["rtn"]
    assert truth["bytes"] < truth["source_bytes"]
    assert (truth["layers_low"], truth["layers"], truth["low_macs_share"]) == (2, 2, 1)
    report = (folder / "report.md").read_text()
    assert "in effect round-to-nearest" in report
    assert "the same as again" in report


def test_it_is_verified_again(result, tmp_path, monkeypatch):

    path = Path(result.folder) / "claim.json"
    found = {check.what: check for check in verify(path).checks}
    assert found["what the schemes did"].outcome == "agrees", found["what the schemes did"]
    edited = json.loads(path.read_text())
    edited["candidates"]["gptq"]["truth"]["nearest_share"] = 0.9
    edited["candidates"]["again"]["truth"]["same_as"] = []
    (tmp_path / "claim.json").write_text(json.dumps(edited))
    differ = {check.what for check in verify(tmp_path / "claim.json").checks}
    assert {"what the schemes did: gptq.nearest_share", "what the schemes did: again.same_as"} <= (
        differ
    )


def test_likeness_to_a_file_that_is_gone_is_not_checked(result):

    hidden = Path("rtn.onnx").rename("away.onnx")
    try:
        checks = verify(Path(result.folder) / "claim.json").checks
    finally:
        hidden.rename("rtn.onnx")
    found = {check.what: check for check in checks}
    assert found["likeness of variants"].outcome == "not checked"
    assert "rtn" in found["likeness of variants"].found
    assert found["what the schemes did"].outcome == "agrees"
