"""A look at a model with known outlier channels, in a real engine."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.stats import kurtosis
from tests.models.outliers import LENGTH, OUTLIERS, WIDTH, inputs, save_block

from quantassay.errors import ArtifactError
from quantassay.formats.onnx import Onnx
from quantassay.rubrics.load import load
from quantassay.workflows.steps.asking import read_exam
from quantassay.workflows.steps.calibrating import calibration_sets
from quantassay.workflows.steps.diagnosing import look as module
from quantassay.workflows.steps.diagnosing import opening
from quantassay.workflows.steps.diagnosing.look import look, looked
from quantassay.workflows.steps.progress import Silent
from quantassay.workflows.steps.variants import prepare_variants

SAMPLES = 40
RUBRIC = f"""
rubric: block/1
task:
  name: blocks
  data: {{path: test.parquet, id: id, input: x, target: y}}
  preprocess: {{tensor: {{shape: [{LENGTH}, {WIDTH}]}}}}
  outputs: {{kind: logits}}
  composition: made up
  clusters: independent
metrics: [{{name: top1, margin: 0.1}}]
reference: fp32
variants:
  fp32: {{model: block.onnx}}
  fp16: {{scheme: onnxruntime-fp16, of: fp32}}
  int8: {{scheme: onnxruntime-dynamic, of: fp32}}
  same: {{model: same.onnx}}
  asked: {{predictions: asked.parquet}}
inference: {{batch: 16}}
seed: 3
tendencies: {{samples: 24, budget: 1}}
"""


class Heard(Silent):
    """Writes down the stages that it is told of."""

    def __init__(self):
        self.stages = []

    def stage(self, text, total=None):
        self.stages.append(text)
        return lambda done: None


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("block")
    block = save_block(folder / "block.onnx")
    (folder / "same.onnx").write_bytes(block.read_bytes())
    x = inputs(5, SAMPLES)
    session = onnxruntime.InferenceSession(str(block), providers=["CPUExecutionProvider"])
    ids, y = [f"s{at}" for at in range(SAMPLES)], session.run(None, {"x": x})[0].argmax(1)
    flat = list(x.reshape(SAMPLES, -1).astype(np.float32))
    pq.write_table(pa.table({"id": ids, "x": flat, "y": y}), folder / "test.parquet")
    pq.write_table(pa.table({"id": ids, "prediction": y}), folder / "asked.parquet")
    (folder / "rubric.yaml").write_text(RUBRIC)
    return folder


@pytest.fixture
def ready(folder, tmp_path, monkeypatch):
    """The exam and the variants; what runs a model many times is looked at elsewhere."""
    monkeypatch.setenv("QUANTASSAY_CACHE", str(folder / "cache"))
    monkeypatch.setattr(module, "many_times", lambda diagnosis: iter(()))
    loaded = load(folder / "rubric.yaml")
    exam = read_exam(loaded)
    return exam, prepare_variants(loaded, calibration_sets(exam), tmp_path, lambda name: None)


def by_name(found, name, of="fp32"):
    return {one.layer: one for one in found.found if (one.name, one.of) == (name, of)}


def drawn_inputs():
    rows = np.sort(np.random.default_rng(3).choice(SAMPLES, 24, replace=False))
    return inputs(5, SAMPLES)[rows]


def normalized(x, gain):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * gain


def test_the_outlier_channels_are_found_where_they_are(ready):
    found = look(*ready, Silent())
    gain = np.ones(WIDTH)
    gain[list(OUTLIERS)] = 60
    entered = normalized(drawn_inputs(), gain)
    largest = np.abs(entered).max(axis=(0, 1))
    assert set(np.argsort(largest)[-3:]) == set(OUTLIERS)
    channels = by_name(found, "outlier-channels")
    expected = largest.max() / np.median(largest)
    assert channels["project_q"].value == pytest.approx(expected, rel=1e-4)
    assert channels[""].value == max(one.value for at, one in channels.items() if at)
    assert channels["shrink"].value < 5 < expected
    tails = by_name(found, "activation-kurtosis")
    assert tails["project_q"].value == pytest.approx(
        kurtosis(entered, None, fisher=False), rel=1e-4
    )
    assert tails["project_q"].n == entered.size
    assert by_name(found, "normalization-layers")[""].value == 2
    assert found.samples == 24


def test_without_outliers_none_are_found(folder, ready):
    exam, variants = ready
    save_block(folder / "plain.onnx", outliers=False)
    plain = replace(variants["fp32"], artifact=Onnx.identify(folder / "plain.onnx"))
    found = look(
        exam, {"fp32": plain, **{k: v for k, v in variants.items() if k != "fp32"}}, Silent()
    )
    assert by_name(found, "outlier-channels")[""].value < 3
    assert by_name(found, "activation-kurtosis")["project_q"].value < 5


def test_noise_of_layers_is_that_of_the_arrays(ready):
    exam, variants = ready
    found = look(exam, variants, Silent())
    worst, layers = (
        by_name(found, "layer-noise-worst", "int8"),
        by_name(found, "layer-noise", "int8"),
    )
    assert len(layers) == 8
    assert worst[""].value == min(one.value for at, one in layers.items() if at)
    outputs = []
    for name in ("fp32", "int8"):
        session = variants[name].open()
        # dynamic ranges are those of a batch
        outputs.append(np.concatenate([session.run({"": part})["y"] for part in
                                       (drawn_inputs()[:16], drawn_inputs()[16:])]))  # fmt: skip
    own, other = (one.astype(float) for one in outputs)
    expected = 10 * np.log10((own**2).sum() / ((own - other) ** 2).sum())
    assert layers[""].value == pytest.approx(expected)
    assert layers["head"].value == pytest.approx(expected, rel=0.02)
    assert layers[""].against == "fp32"
    # its weights are rounded to 11 bits, those of int8 to 8: 6 decibels a bit
    half = by_name(found, "layer-noise", "fp16")
    assert all(half[at].value > layers[at].value + 10 for at in layers)


def test_a_copy_of_the_reference_has_no_noise(ready):
    found = look(*ready, Silent())
    same = by_name(found, "layer-noise", "same")
    assert {one.value for one in same.values()} == {None}
    assert {one.reason for one in same.values()} == {"no difference at all"}


def test_recorded_answers_are_left_out_with_the_reason(ready):
    found = look(*ready, Silent())
    assert "asked: its answers are recorded; there is no model" in found.left_out
    assert by_name(found, "layer-noise", "asked")[""].reason == (
        "its answers are recorded; there is no model"
    )


def test_it_tells_which_model_files_it_looked_at(ready):
    exam, variants = ready
    found = look(exam, variants, Silent())
    assert found.models["fp32"] == variants["fp32"].artifact.digest == found.models["same"]
    assert set(found.models) == {"fp32", "fp16", "int8", "same"}
    assert found.models["int8"] != found.models["fp32"]


def test_labels_make_no_noise(folder, ready, tmp_path, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "other"))
    exam, variants = ready
    model = onnx.load(str(folder / "block.onnx"))
    model.graph.node[-1].output[0] = "scores"
    model.graph.node.append(onnx.helper.make_node("ArgMax", ["scores"], ["y"], axis=1, keepdims=0))
    model.graph.output[0].CopyFrom(
        onnx.helper.make_tensor_value_info("y", onnx.TensorProto.INT64, ["N"])
    )
    onnx.save(model, str(folder / "labels.onnx"))
    (folder / "labels.yaml").write_text(RUBRIC.replace("kind: logits", "kind: labels"))
    labels = Onnx.identify(folder / "labels.onnx")
    both = {name: replace(one, artifact=labels) for name, one in variants.items()
            if one.artifact}  # fmt: skip
    found = look(replace(exam, loaded=load(folder / "labels.yaml")), {**variants, **both}, Silent())
    whole = by_name(found, "layer-noise", "int8")[""]
    assert (whole.value, whole.n) == (None, 0)
    assert whole.reason == "the model's outputs are labels: they change or do not"
    assert len(by_name(found, "layer-noise", "int8")) == 8
    assert found.findings == ()


def test_computed_weights_are_said_to_be_left_out(folder, ready, tmp_path, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "other"))
    exam, variants = ready
    model = onnx.load(str(folder / "block.onnx"))
    node = next(one for one in model.graph.node if "up" in one.input)
    model.graph.node.insert(0, onnx.helper.make_node("Add", ["up", "up"], ["twice"]))
    node = next(one for one in model.graph.node if one.name == node.name)
    node.input[list(node.input).index("up")] = "twice"
    onnx.save(model, str(folder / "computed.onnx"))
    computed = replace(variants["fp32"], artifact=Onnx.identify(folder / "computed.onnx"))
    found = look(exam, {**variants, "fp32": computed}, Silent())
    assert (
        "weights of fp32: 1 of its operations multiply by what is computed from several constants; "
        "they are not looked at as layers"
    ) in found.left_out


def test_every_name_is_defined(ready):
    found = look(*ready, Silent())
    assert {one.name for one in found.definitions} == {one.name for one in found.found}


def test_groups_and_batches_make_no_difference(ready, monkeypatch, tmp_path):
    exam, variants = ready
    whole = look(exam, variants, Silent())
    heard = Heard()
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "other"))
    monkeypatch.setattr(opening.groups, "__defaults__", (1,))
    cut = look(exam, variants, heard)
    assert "activations of fp32, group 5 of 5" in heard.stages
    pairs = list(zip(whole.found, cut.found, strict=True))
    assert all((a.name, a.of, a.layer, a.n) == (b.name, b.of, b.layer, b.n) for a, b in pairs)
    assert [b.value for _, b in pairs] == [
        a.value if a.value is None else pytest.approx(a.value, rel=0.01) for a, _ in pairs
    ]


def test_what_was_looked_at_is_not_looked_at_again(ready, monkeypatch, tmp_path):
    exam, variants = ready
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "other"))
    first, heard = look(exam, variants, Silent()), Heard()
    assert look(exam, variants, heard).found == first.found
    assert heard.stages == []
    fewer = {name: one for name, one in variants.items() if name != "fp16"}
    fewer["int8"] = replace(fewer["int8"], engine_options={"graph": "basic"})
    look(exam, {**variants, **fewer}, heard)
    assert Counter(text.partition(" ")[0] for text in heard.stages) == {"outputs": 2, "layers": 1}


def test_a_damaged_note_of_an_earlier_look_is_not_believed(ready, monkeypatch, tmp_path):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "other"))
    first = look(*ready, Silent())
    notes = sorted((tmp_path / "other" / "tendencies").rglob("*.json"))
    for note, text in zip(notes, ["", "[]", '{"found": [{}]}', "{", "9" * 5000] * 9, strict=False):
        note.write_text(text)
    assert look(*ready, Silent()).found == first.found


def test_a_model_that_takes_whole_batches_only_gets_them(folder, ready):
    exam, variants = ready
    model = onnx.load(str(folder / "block.onnx"))
    model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 16
    onnx.save(model, str(folder / "fixed.onnx"))
    fixed = replace(variants["fp32"], artifact=Onnx.identify(folder / "fixed.onnx"))
    found = look(exam, {**variants, "fp32": fixed, "same": replace(fixed, name="same")}, Silent())
    assert found.samples == 16
    assert by_name(found, "outlier-channels")[""].value > 5


def test_what_cannot_be_looked_at_is_left_out(ready, monkeypatch, tmp_path):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "other"))

    def refused(diagnosis):
        msg = "this engine has no insides"
        raise ArtifactError(msg)

    monkeypatch.setattr(module, "entering", refused)
    found = look(*ready, Silent())
    assert "activations: this engine has no insides" in found.left_out
    assert by_name(found, "layer-noise", "int8")


def test_a_look_that_fails_costs_a_run_nothing(ready, monkeypatch):
    monkeypatch.setattr(module, "stored", lambda diagnosis: 1 / 0)
    monkeypatch.setenv("QUANTASSAY_CACHE", "/nonexistent/quantassay")
    found, said = looked(*ready, Silent())
    assert found is None
    assert "ZeroDivisionError" in said[0]


def test_nothing_is_looked_for_where_nothing_was_asked_for(ready, folder, tmp_path):
    exam, variants = ready
    other = folder / "other.yaml"
    other.write_text(RUBRIC.partition("tendencies:")[0])
    silent = replace(exam, loaded=load(other))
    assert looked(silent, variants, Silent()) == (None, ())
    assert Path(other).exists()
