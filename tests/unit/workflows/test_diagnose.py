"""`diagnose` and `run` on the digits: what is written, what stands beside it, what is untouched."""

import json
from hashlib import sha256
from pathlib import Path

import onnx
import pytest

import quantassay as qa
from quantassay.errors import InputError, RubricError
from quantassay.records.tendencies import tendencies_from_plain
from quantassay.workflows.steps.diagnosing import look

EXAMPLE = Path(__file__).parents[3] / "examples" / "digits"
RUBRIC = f"""
rubric: digits/1
task:
  name: digits
  data: {{path: "{EXAMPLE / "test.parquet"}", id: image_id, input: pixels, target: digit}}
  preprocess: {{tensor: {{shape: [1, 8, 8], divide: 16}}}}
  outputs: {{kind: logits}}
  composition: made up
  clusters: {{column: original, between: unknown}}
metrics: [{{name: top1, margin: 0.05}}]
reference: fp32
variants:
  fp32: {{model: "{EXAMPLE / "fp32.onnx"}"}}
  int8: {{scheme: onnxruntime-dynamic, of: fp32}}
"""
ASKED = "tendencies: {samples: 16, budget: 0.1, pruned: [0.5], perturbed: [0.02]}\n"
FILES = ("tendencies.json", "tendencies.md", "tendencies.html")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUANTASSAY_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def place(cache, tmp_path):
    (tmp_path / "silent.yaml").write_text(RUBRIC)
    (tmp_path / "asked.yaml").write_text(RUBRIC + ASKED)
    return tmp_path


def digests(folder):
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in FILES)
    return {path: sha256(path.read_bytes()).hexdigest() for path in files}


def read(folder):
    return tendencies_from_plain(json.loads((folder / FILES[0]).read_text()), "t")


def test_alone_it_writes_what_it_found_and_says_that_nothing_was_measured(place):
    found = qa.diagnose(place / "asked.yaml", place / "out")
    assert found.comparison is None
    assert read(place / "out") == found.tendencies
    assert found.tendencies.samples == 16
    text = (place / "out" / "tendencies.md").read_text()
    assert "No verdict rests on any of them" in text
    assert "No loss was measured here" in text
    assert not (place / "out" / "verdicts.json").exists()


def test_beside_a_run_it_shows_the_verdict_and_touches_nothing(place):
    qa.run(place / "silent.yaml", place / "out")
    before = digests(place / "out")
    found = qa.diagnose(place / "asked.yaml", place / "out")
    assert digests(place / "out") == before
    assert found.comparison is not None
    assert "Measured: verdict" in (place / "out" / "tendencies.md").read_text()
    assert qa.verify(place / "out").agrees


def test_beside_another_run_it_shows_no_verdict_and_says_why(place):
    qa.run(place / "silent.yaml", place / "out")
    (place / "asked.yaml").write_text((RUBRIC + ASKED).replace("0.05", "0.04"))
    found = qa.diagnose(place / "asked.yaml", place / "out")
    assert found.comparison is None
    assert any("another rubric" in text for text in found.tendencies.findings)


def test_beside_a_run_of_other_model_files_under_the_same_names_it_shows_no_verdict(place):
    text = (RUBRIC + ASKED).replace(str(EXAMPLE / "fp32.onnx"), "model.onnx")
    (place / "asked.yaml").write_text(text)
    (place / "model.onnx").write_bytes((EXAMPLE / "fp32.onnx").read_bytes())
    qa.run(place / "asked.yaml", place / "out")
    model = onnx.load(str(place / "model.onnx"))
    weight = next(one for one in model.graph.initializer if len(one.dims) > 1)
    values = onnx.numpy_helper.to_array(weight) * 2
    weight.CopyFrom(onnx.numpy_helper.from_array(values, weight.name))
    onnx.save(model, str(place / "model.onnx"))
    before = read(place / "out").models
    found = qa.diagnose(place / "asked.yaml", place / "out")
    assert found.comparison is None
    assert any("measured other models (fp32, int8)" in one for one in found.tendencies.findings)
    assert {name for name, one in read(place / "out").models.items() if one != before[name]} == {
        "fp32", "int8",
    }  # fmt: skip
    with pytest.raises(InputError, match=r"of other model files than the run \(fp32, int8\)"):
        qa.foretell([place / "out"])


def test_a_run_that_declares_tendencies_shows_them_and_judges_as_without(place):
    silent = qa.run(place / "silent.yaml", place / "silent")
    asked = qa.run(place / "asked.yaml", place / "asked")
    assert silent.tendencies is None
    assert asked.tendencies is not None
    assert asked.cells == silent.cells
    assert asked.verdict == silent.verdict
    assert asked.tendencies == read(place / "asked")
    assert "No verdict rests on any of them" in (place / "asked" / "report.md").read_text()
    assert qa.verify(place / "asked").agrees
    qa.run(place / "silent.yaml", place / "asked")
    assert not any((place / "asked" / name).exists() for name in FILES)


def test_a_look_that_fails_is_a_finding_of_the_run(place, monkeypatch):
    def broken(*given):
        raise MemoryError

    monkeypatch.setattr(look, "look", broken)
    result = qa.run(place / "asked.yaml", place / "out")
    assert result.tendencies is None
    assert result.verdict == "pass"
    assert any("looking for them failed: MemoryError" in text for text in result.findings)
    assert (place / "out" / "report.html").exists()


def test_a_checkpoint_that_is_not_there_stops_both_before_anything_runs(place):
    (place / "asked.yaml").write_text(f"{RUBRIC}tendencies: {{checkpoints: [none.onnx]}}\n")
    for verb in (qa.run, qa.diagnose):
        with pytest.raises(RubricError, match=r"tendencies.checkpoints.*no such model file"):
            verb(place / "asked.yaml", place / "out")
    assert not (place / "out").exists()
