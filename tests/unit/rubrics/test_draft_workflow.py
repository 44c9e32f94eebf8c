"""The command `draft`, on real files and a real model."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import onnx
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import pytest
from onnx import TensorProto, helper, numpy_helper
from tests.models.tflite import float_dense

from quantassay.errors import QuantassayError, RubricError
from quantassay.rubrics.load import load
from quantassay.workflows.draft import draft
from quantassay.workflows.plan import plan
from quantassay.workflows.run import run

N = 120
LABELS = np.arange(N) % 3


def put_data(folder: Path, target: list[object] | None = None, repeat: int = 0) -> Path:
    """Write pixels of which the brightest of three names the class."""
    rng = np.random.default_rng(0)
    pixels = rng.uniform(0, 0.5, (N, 4)).astype(np.float32)
    pixels[np.arange(N), LABELS] = 1
    pixels[:repeat] = pixels[-1]
    path = folder / "test.parquet"
    columns = {
        "image_id": [f"i{i}" for i in range(N)],
        "pixels": pa.array(list(pixels)),
        "digit": pa.array(LABELS if target is None else target),
        "writer": [f"w{i % 7}" for i in range(N)],
    }
    pq.write_table(pa.table(columns), path)
    return path


def put_model(folder: Path, batch: str | int = "n", softmax: bool = True) -> Path:
    """Write a model that answers with the brightest of the first three pixels."""
    weight = numpy_helper.from_array(9 * np.eye(4, 3, dtype=np.float32), "w")
    nodes = [
        helper.make_node("Flatten", ["image"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["scores"]),
        helper.make_node("Softmax" if softmax else "Identity", ["scores"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [batch, 1, 2, 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [batch, 3])],
        [weight],
    )
    opset = [helper.make_opsetid("", 17)]
    path = folder / "fp32.onnx"
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), path)
    return path


def test_data_and_model_make_a_rubric_that_loads(tmp_path: Path, words) -> None:
    out = tmp_path / "sub" / "assay.yaml"
    drafted = draft(put_data(tmp_path), put_model(tmp_path), out)
    assert drafted.path == out
    rubric = load(out, words).rubric
    data = rubric.task.data
    assert (data.path, data.id, data.input, data.target) == (
        "../test.parquet",
        "image_id",
        "pixels",
        "digit",
    )
    assert rubric.variants["fp32"].model == "../fp32.onnx"
    assert rubric.task.outputs.kind == "probabilities"
    assert rubric.task.preprocess.tensor.shape == [1, 2, 2]
    assert (out.parent / "rubric.schema.json").exists()
    text = "\n".join(drafted.lines)
    assert "outputs: probabilities, from 64 samples; 64 are right" in text
    assert "may be 'writer'" in text


def test_the_draft_runs_unchanged_and_judges_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    drafted = draft(put_data(tmp_path), put_model(tmp_path), tmp_path / "assay.yaml")
    result = run(drafted.path, tmp_path / "run")
    assert result.verdict is None
    assert {cell.role for cell in result.cells} == {"described"}


def test_scores_are_told_from_probabilities(tmp_path: Path, words) -> None:
    out = tmp_path / "assay.yaml"
    draft(put_data(tmp_path), put_model(tmp_path, softmax=False), out)
    rubric = load(out, words).rubric
    assert rubric.task.outputs.kind == "scores"
    assert [metric.name for metric in rubric.metrics] == ["top1"]


def test_class_names_are_tried(tmp_path: Path, words) -> None:
    names = [["ant", "bee", "cat"][label] for label in LABELS]
    drafted = draft(put_data(tmp_path, names), put_model(tmp_path), tmp_path / "assay.yaml")
    assert load(drafted.path, words).rubric.task.outputs.classes == ["ant", "bee", "cat"]
    assert "64 are right" in "\n".join(drafted.lines)


def test_class_names_in_another_order_are_noticed(tmp_path: Path) -> None:
    names = [["cat", "ant", "bee"][label] for label in LABELS]
    drafted = draft(put_data(tmp_path, names), put_model(tmp_path), tmp_path / "assay.yaml")
    assert "only 0 are right: check preprocess, classes and target" in "\n".join(drafted.lines)


def test_a_model_of_one_fixed_batch_is_tried_too(tmp_path: Path, words) -> None:
    drafted = draft(put_data(tmp_path), put_model(tmp_path, 1), tmp_path / "assay.yaml")
    assert load(drafted.path, words).rubric.inference.batch == 1
    assert "64 are right" in "\n".join(drafted.lines)


def test_data_alone_is_enough(tmp_path: Path, words) -> None:
    drafted = draft(put_data(tmp_path), None, tmp_path / "assay.yaml")
    assert load(drafted.path, words).rubric.task.data.target == "digit"
    assert "outputs: not seen (no model was given)" in drafted.lines


def test_repeated_inputs_are_found(tmp_path: Path) -> None:
    drafted = draft(put_data(tmp_path, repeat=5), None, tmp_path / "assay.yaml")
    assert "repeated: 5 inputs occur more than once" in "\n".join(drafted.lines)


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    out = tmp_path / "assay.yaml"
    out.write_text("mine")
    data = put_data(tmp_path)
    with pytest.raises(RubricError, match=r"assay.yaml: is there already: .*--force"):
        draft(data, None, out)
    assert out.read_text() == "mine"
    draft(data, None, out, force=True)
    assert out.read_text() != "mine"


def test_a_schema_file_of_ones_own_stays(tmp_path: Path) -> None:
    (tmp_path / "rubric.schema.json").write_text("{}")
    drafted = draft(put_data(tmp_path), None, tmp_path / "assay.yaml")
    assert (tmp_path / "rubric.schema.json").read_text() == "{}"
    assert "is a file of yours and stays as it is" in drafted.lines[0]


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    draft(put_data(tmp_path), None, tmp_path / "assay.yaml")
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"assay.yaml", "rubric.schema.json", "test.parquet"}


@pytest.mark.parametrize("name", ["nowhere.parquet", "nowhere.onnx"])
def test_files_that_are_not_there_are_named(tmp_path: Path, name: str) -> None:
    data, model = put_data(tmp_path), put_model(tmp_path)
    given = {data.suffix: data, model.suffix: model} | {Path(name).suffix: tmp_path / name}
    with pytest.raises(QuantassayError, match=re.escape(name)):
        draft(given[".parquet"], given[".onnx"], tmp_path / "assay.yaml")
    assert not (tmp_path / "assay.yaml").exists()


def test_a_model_that_cannot_be_tried_is_a_finding(tmp_path: Path, words) -> None:
    model = put_model(tmp_path)
    data = put_data(tmp_path)
    table = pq.read_table(data).drop_columns(["pixels"])
    table = table.append_column("pixels", pa.array([[0.5] * 5] * N))
    pq.write_table(table, data)
    drafted = draft(data, model, tmp_path / "assay.yaml")
    assert load(drafted.path, words)
    assert "outputs: not seen (" in "\n".join(drafted.lines)


K = 12


def put_wide(folder: Path, suffix: str, names: list[str]) -> Path:
    """Write a feature in each column, of which the largest of the first three names the class."""
    rng = np.random.default_rng(0)
    values = rng.uniform(0, 0.5, (N, K))
    values[np.arange(N), LABELS] = 1
    columns = {"id": [f"s{i}" for i in range(N)]}
    columns |= {name: values[:, at] for at, name in enumerate(names)}
    table = pa.table({**columns, "label": LABELS})
    path = folder / f"wide{suffix}"
    write = csv.write_csv if suffix == ".csv" else pq.write_table
    write(table, path)
    return path


def put_mlp(folder: Path, *shape: int, dtype: int = TensorProto.FLOAT) -> Path:
    """Write a model of two layers that answers with the largest of the first three features."""
    weights = [
        numpy_helper.from_array(np.eye(K, 8, dtype=np.float32), "w1"),
        numpy_helper.from_array(9 * np.eye(8, 3, dtype=np.float32), "w2"),
    ]
    nodes = [
        helper.make_node("Cast", ["x"], ["cast"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["cast"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w1"], ["h"]),
        helper.make_node("Relu", ["h"], ["r"]),
        helper.make_node("MatMul", ["r", "w2"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "mlp",
        [helper.make_tensor_value_info("x", dtype, ["n", *shape])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 3])],
        weights,
    )
    path = folder / "mlp.onnx"
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), path)
    return path


FEATURES = [f"f{at}" for at in range(K)]


@pytest.mark.parametrize(
    ("suffix", "shape", "dtype", "names"),
    [
        (".csv", (12,), TensorProto.FLOAT, FEATURES),
        (".parquet", (12,), TensorProto.FLOAT, FEATURES),
        (".csv", (1, 3, 4), TensorProto.FLOAT, FEATURES),
        (".csv", (12,), TensorProto.FLOAT16, FEATURES),
        (".csv", (12,), TensorProto.FLOAT, [f"a feature: #{at}, [{'x' * at}]" for at in range(K)]),
    ],
)
def test_features_in_a_column_each_are_drafted_and_run_unchanged(
    tmp_path: Path, words, monkeypatch, suffix: str, shape: tuple[int], dtype: int, names: list[str]
) -> None:
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    data, model = put_wide(tmp_path, suffix, names), put_mlp(tmp_path, *shape, dtype=dtype)
    drafted = draft(data, model, tmp_path / "assay.yaml")
    source = load(drafted.path, words).rubric.task.data
    assert (source.id, source.input, source.target) == ("id", names, "label")
    text = "\n".join(drafted.lines)
    assert f"input of 12 columns, {names[0]!r} to {names[-1]!r}" in text
    assert "64 are right" in text
    assert plan(drafted.path).cells == ()
    result = run(drafted.path, tmp_path / "run")
    assert result.verdict is None
    assert {cell.role for cell in result.cells} == {"described"}


def test_a_feature_may_also_be_a_stratum(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    drafted = draft(put_wide(tmp_path, ".csv", FEATURES), put_mlp(tmp_path, K), tmp_path / "a.yaml")
    text = drafted.path.read_text()
    drafted.path.write_text(text.replace("  - label\n", "  - {column: f0, bins: [0.75]}\n"))
    result = run(drafted.path, tmp_path / "run")
    assert set(result.test_set.strata["f0"].values()) == {40, 80}


def test_undeclared_features_are_asked_for(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    drafted = draft(put_wide(tmp_path, ".csv", FEATURES), put_mlp(tmp_path, K), tmp_path / "a.yaml")
    text = drafted.path.read_text()
    drafted.path.write_text(re.sub(r"(?m)^    input: .*$", "    # input:", text))
    with pytest.raises(QuantassayError, match=r"input is not declared: name a column, or a list"):
        run(drafted.path, tmp_path / "run")


def test_a_model_of_another_format_is_tried_in_its_own_engine(tmp_path: Path) -> None:
    pytest.importorskip("ai_edge_litert", reason="not installed: make test")
    weight = np.eye(4, dtype=np.float32)[:3]
    model = float_dense(tmp_path / "model.tflite", weight, np.zeros(3, np.float32))
    drafted = draft(put_data(tmp_path), model, out=tmp_path / "assay.yaml")
    assert not any("outputs: not seen" in line for line in drafted.lines), drafted.lines
    loaded = load(drafted.path).rubric
    assert set(loaded.variants) == {"fp32", "candidate"}
    assert loaded.variants["candidate"].scheme is None
