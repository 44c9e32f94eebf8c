"""Layers one at a time, weights pruned and perturbed, checkpoints: in a real engine."""

import json
import math
import weakref

import numpy as np
import onnx
import onnxruntime
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from onnx import numpy_helper
from tests.models.two_layers import inputs, two_layers

from quantassay.errors import RubricError
from quantassay.records.plain import plain
from quantassay.rubrics.load import load
from quantassay.tendencies.redundancy import pruned
from quantassay.workflows.steps.asking import read_exam
from quantassay.workflows.steps.calibrating import calibration_sets
from quantassay.workflows.steps.diagnosing import one_layer
from quantassay.workflows.steps.diagnosing.budget import Budget
from quantassay.workflows.steps.diagnosing.checkpoints import checked_checkpoints
from quantassay.workflows.steps.diagnosing.diagnosis import Diagnosis, drawn
from quantassay.workflows.steps.diagnosing.many_times import many_times
from quantassay.workflows.steps.diagnosing.part import together
from quantassay.workflows.steps.progress import Silent
from quantassay.workflows.steps.variants import prepare_variants

SAMPLES = 60
RUBRIC = """
rubric: two/1
task:
  name: two
  data: {path: test.parquet, id: id, input: x, target: y}
  outputs: {kind: KIND}
  composition: made up
  clusters: independent
metrics: [{name: top1, margin: 0.1}]
reference: fp32
variants:
  fp32: {model: MODEL}
VARIANTS
calibrations:
  other: {data: {path: other.parquet, id: id, input: x}}
inference: {batch: 16}
seed: 3
tendencies: {samples: 32, pruned: [0.2, 0.6], perturbed: [0.01, 0.1], checkpoints: CHECKPOINTS}
"""
INT8 = "  int8: {scheme: onnxruntime-dynamic, of: fp32}"
STOPPED = lambda: 0.0  # noqa: E731 - a clock on which nothing takes any time


def with_outlier(path, weight):
    """Write the model with one weight so large that one scale for all loses the others."""
    model = onnx.load(str(two_layers(path)))
    for tensor in model.graph.initializer:
        if tensor.name == weight:
            values = numpy_helper.to_array(tensor).copy()
            values[0, 0] = 40 * np.abs(values).max()
            tensor.CopyFrom(numpy_helper.from_array(values, weight))
    onnx.save(model, str(path))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    for name in ("first", "second", "none"):
        with_outlier(tmp_path / f"{name}.onnx", name)
    x = inputs(SAMPLES, seed=1)
    session = onnxruntime.InferenceSession(str(tmp_path / "none.onnx"))
    ids = [f"s{at}" for at in range(SAMPLES)]
    y = session.run(None, {"x": x})[0].argmax(1)
    pq.write_table(pa.table({"id": ids, "x": list(x), "y": y}), tmp_path / "test.parquet")
    other = pa.table({"id": ids, "x": list(inputs(SAMPLES, seed=2))})
    pq.write_table(other, tmp_path / "other.parquet")
    return tmp_path


def rubric(folder, variants=INT8, model="none.onnx", checkpoints="[]", kind="logits"):
    words = {"VARIANTS": variants, "MODEL": model, "CHECKPOINTS": checkpoints, "KIND": kind}
    text = RUBRIC
    for word, value in words.items():
        text = text.replace(word, value)
    (folder / "rubric.yaml").write_text(text)
    return load(folder / "rubric.yaml")


def looked(loaded, seconds=1.0, clock=STOPPED, listen=None):
    exam, work = read_exam(loaded), loaded.path.parent / "work"
    work.mkdir(exist_ok=True)
    variants = prepare_variants(loaded, calibration_sets(exam), work, lambda name: None)
    rows = drawn(len(exam.samples), 32, 3)
    asked, budget = exam.rubric.tendencies, Budget(seconds, clock)
    diagnosis = Diagnosis(exam, asked, variants, rows, budget, listen or Silent(), work)
    return together(many_times(diagnosis))


class Heard(Silent):
    """Writes down the stages that it is told of."""

    def __init__(self):
        self.stages = []

    def stage(self, text, total=None):
        self.stages.append(text)
        return lambda done: None


def ticking():
    ticks = iter(range(10_000))
    return lambda: float(next(ticks))


def by_layer(part, name, of="int8"):
    return {one.layer: one for one in part.found if (one.name, one.of) == (name, of)}


@pytest.mark.parametrize(("outlier", "worst"), [("first", "up"), ("second", "down")])
def test_the_sensitive_layer_comes_first(folder, outlier, worst):
    part = looked(rubric(folder, model=f"{outlier}.onnx"))
    noise = by_layer(part, "layer-sensitivity")
    assert set(noise) == {"", "up", "down"}
    assert (
        noise[worst].value
        == noise[""].value
        < min(one.value for name, one in noise.items() if name not in ("", worst))
    )
    assert (noise["up"].n, noise["up"].against, noise[""].n) == (32 * 8, "fp32", 2)
    assert by_layer(part, "sensitivity-concentration")[""].value > 0.5
    assert by_layer(part, "layer-changed-answers")[worst].n == 32
    assert part.left_out == ()


def test_a_candidate_like_the_reference_makes_no_noise(folder):
    (folder / "same.onnx").write_bytes((folder / "first.onnx").read_bytes())
    part = looked(rubric(folder, "  int8: {model: same.onnx}", model="first.onnx"))
    assert part.left_out == (
        "layers of int8, one at a time: up, down: the candidate keeps it as it is",
    )
    whole = by_layer(part, "layer-sensitivity")[""]
    assert whole.value is None
    assert whole.reason
    text = json.dumps(plain(part), allow_nan=False)
    assert "Infinity" not in text


def test_schemes_of_other_kinds_are_looked_at_too(folder):
    variants = (
        "  int8: {scheme: onnxruntime-static, of: fp32, calibration: other}\n"
        "  codes: {scheme: onnxruntime-static, of: fp32, calibration: other,"
        " options: {format: QOperator, per_channel: false}}\n"
        "  half: {scheme: onnxruntime-fp16, of: fp32}\n"
        "  int4: {scheme: onnxruntime-int4, of: fp32, options: {exclude: [up]}}"
    )
    part = looked(rubric(folder, variants))
    assert by_layer(part, "layer-sensitivity")["up"].counted == "values"
    for name in ("codes", "half"):
        found = by_layer(part, "layer-sensitivity", name)
        assert found["up"].counted == "values, weights alone rounded"
        assert found[""].counted == "layers, weights alone rounded"
    assert set(by_layer(part, "layer-sensitivity", "int4")) == {"", "down"}
    halves = by_layer(part, "layer-sensitivity", "half")
    assert halves["up"].value > by_layer(part, "layer-sensitivity")["up"].value + 20
    assert part.left_out == ("layers of int4, one at a time: up: the candidate keeps it as it is",)


def test_more_pruning_and_more_noise_cost_more(folder):
    part = looked(rubric(folder))
    found = {one.name: one for one in part.found if one.of == "fp32"}
    losses = {name: one.value for name, one in found.items() if "-loss-" in name}
    assert losses["pruning-loss-0.2"] < losses["pruning-loss-0.6"] < 0
    # ten times the noise is 20 dB more
    more = losses["perturbation-loss-0.1"] - losses["perturbation-loss-0.01"]
    assert more == pytest.approx(20, abs=2)
    assert 0 <= found["pruning-changed-answers-0.6"].value <= 1
    assert looked(rubric(folder)).found == part.found


def test_labels_change_or_do_not(folder):
    model = onnx.load(str(folder / "none.onnx"))
    model.graph.node[-1].output[0] = "z"
    model.graph.node.append(onnx.helper.make_node("ArgMax", ["z"], ["y"], axis=1, keepdims=0))
    model.graph.output[0].CopyFrom(
        onnx.helper.make_tensor_value_info("y", onnx.TensorProto.INT64, ["n"])
    )
    onnx.save(model, str(folder / "labels.onnx"))
    part = looked(rubric(folder, model="labels.onnx", kind="labels"))
    noise = by_layer(part, "layer-sensitivity")["up"]
    assert noise.value is None
    assert noise.reason == "the model's outputs are labels: they change or do not"
    assert by_layer(part, "layer-changed-answers")["up"].value is not None


def test_a_short_budget_names_who_was_not_looked_at(folder):
    part = looked(rubric(folder), 0.5, ticking())
    assert {one.name for one in part.found if one.of == "fp32"} == {
        "pruning-loss-0.2", "pruning-changed-answers-0.2", "pruning-task-loss-0.2",
    }  # fmt: skip
    assert part.left_out == (
        "weights of fp32 pruned and perturbed: 3 of 4 not looked at, since its share of the budget "
        "of 0.5 s was over: perturbation-0.01, pruning-0.6, perturbation-0.1",
        "layers of int8, one at a time: 2 of 2 not looked at, since its share of the budget of 0.5 "
        "s was over: up, down",
    )
    assert part.cut


def test_a_figure_of_some_layers_alone_says_of_how_many(folder):
    looked(rubric(folder, "  same: {model: second.onnx}"))  # what is of the reference is kept
    part = looked(rubric(folder), 1, ticking())
    whole = by_layer(part, "layer-sensitivity")[""]
    assert (whole.n, whole.counted) == (1, "of 2 layers")
    assert whole.reason == "the budget was over before the other layers were looked at"
    assert by_layer(part, "layer-sensitivity")["up"].reason == ""
    complete = by_layer(looked(rubric(folder)), "layer-sensitivity")[""]
    assert (complete.n, complete.counted, complete.reason) == (2, "layers", "")


def test_what_was_cut_short_is_looked_at_again_and_what_was_not_is_kept(folder):
    short = looked(rubric(folder), 0.5, ticking())
    heard = Heard()
    whole = looked(rubric(folder), listen=heard)
    assert short.cut and not whole.cut
    assert len(heard.stages) == 4 + 2
    again = Heard()
    assert looked(rubric(folder), 0.5, ticking(), again).found == whole.found
    assert again.stages == []


def test_other_candidates_do_not_look_at_the_reference_again(folder):
    (folder / "same.onnx").write_bytes((folder / "none.onnx").read_bytes())
    stages = "[same.onnx]"
    looked(rubric(folder, checkpoints=stages))
    heard = Heard()
    half = "  half: {scheme: onnxruntime-fp16, of: fp32}"
    part = looked(rubric(folder, f"{INT8}\n{half}", checkpoints=stages), listen=heard)
    assert {text.partition(",")[0] for text in heard.stages} == {"layers of half"}
    assert by_layer(part, "pruning-loss-0.2", "fp32")
    assert by_layer(part, "checkpoint-cosine", "same.onnx")
    assert by_layer(part, "layer-sensitivity") and by_layer(part, "layer-sensitivity", "half")


def test_one_candidate_is_in_memory_at_a_time(folder, monkeypatch):
    seen, most = {}, []

    class Counted(one_layer.OneLayer):
        def look(self, name):
            seen[self.candidate.name] = weakref.ref(self)
            most.append(sum(one() is not None for one in seen.values()))
            super().look(name)

    monkeypatch.setattr(one_layer, "OneLayer", Counted)
    variants = f"{INT8}\n  half: {{scheme: onnxruntime-fp16, of: fp32}}"
    looked(rubric(folder, variants))
    assert list(seen) == ["int8", "half"]
    assert most == [1] * 4


def test_loss_by_the_first_metric_is_that_of_the_answers(folder):
    part = looked(rubric(folder))
    loss = by_layer(part, "pruning-task-loss-0.6", "fp32")[""]
    assert (loss.n, loss.counted) == (32, "samples by top1")
    rows = drawn(SAMPLES, 32, 3)
    model = onnx.load(str(folder / "none.onnx"))
    for tensor in model.graph.initializer:
        values = pruned(numpy_helper.to_array(tensor), 0.6)
        tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    x = {"x": inputs(SAMPLES, seed=1)}
    answers = [
        onnxruntime.InferenceSession(each).run(None, x)[0].argmax(1)[rows]
        for each in (str(folder / "none.onnx"), model.SerializeToString())
    ]
    # the targets are the reference's own answers
    assert loss.value == pytest.approx(np.mean(answers[0] != answers[1]))
    assert loss.value > 0


def test_a_metric_that_cannot_be_had_says_why(folder):
    loaded = rubric(folder)
    text = loaded.path.read_text().replace("{name: top1, margin: 0.1}", "auroc")
    loaded.path.write_text(text)
    part = looked(load(loaded.path))
    loss = by_layer(part, "pruning-task-loss-0.6", "fp32")[""]
    assert loss.value is None
    assert loss.reason == "auroc: targets are '0', '1', '2': name one of them as 'positive'"
    assert by_layer(part, "pruning-loss-0.6", "fp32")[""].value is not None


def test_a_search_is_not_repeated_for_each_share(folder):
    path = folder / "test.parquet"
    table = pq.read_table(path)
    pq.write_table(table.set_column(2, "y", table.column("id")), path)
    corpus = "embeddings, corpus: {path: test.parquet, id: id, input: x}"
    loaded = rubric(folder, kind=corpus)
    text = loaded.path.read_text().replace("{name: top1, margin: 0.1}", "mrr")
    loaded.path.write_text(text)
    part = looked(load(loaded.path))
    assert by_layer(part, "pruning-loss-0.6", "fp32")[""].value is not None
    assert not any("task-loss" in one.name for one in part.found)
    assert part.left_out == (
        "weights of fp32 pruned and perturbed: no loss by the task's metric: the corpus would have "
        "to be embedded again for each share",
    )


def test_a_full_disk_is_said_in_a_line(folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("quantassay.formats.onnx.altered.Alterable._share", full)
    part = looked(rubric(folder))
    assert part.found == ()
    assert all("cannot be written: No space left on device" in text for text in part.left_out)


def test_checkpoints_are_held_against_the_reference(folder):
    (folder / "same.onnx").write_bytes((folder / "none.onnx").read_bytes())
    part = looked(rubric(folder, checkpoints="[same.onnx, second.onnx]"))
    same = {one.name: one for one in part.found if one.of == "same.onnx" and not one.layer}
    other = {one.name: one for one in part.found if one.of == "second.onnx" and not one.layer}
    assert same["checkpoint-cosine"].value == pytest.approx(1)
    assert same["checkpoint-change"].value == 0
    assert same["checkpoint-changed-answers"].value == 0
    assert other["checkpoint-cosine"].value < 0.9
    assert other["checkpoint-change"].value > 1
    layers = by_layer(part, "checkpoint-change", "second.onnx")
    assert layers["up"].value == 0 < layers["down"].value == layers[""].value
    # two layers have no order worth a correlation
    assert "ranks need 3" in other["checkpoint-stability"].reason
    assert math.isfinite(other["checkpoint-changed-answers"].value)


def test_a_checkpoint_that_is_no_stage_of_the_model_is_refused(folder):
    with pytest.raises(
        RubricError, match=r"rubric.yaml:\d+: tendencies.checkpoints\[0\]: no such model file"
    ):
        checked_checkpoints(rubric(folder, checkpoints="[absent.onnx]"))
    (folder / "broken.onnx").write_bytes(b"\x00junk")
    with pytest.raises(RubricError, match="not an ONNX model"):
        checked_checkpoints(rubric(folder, checkpoints="[broken.onnx]"))
    (folder / "text.txt").write_text("no model")
    with pytest.raises(RubricError, match="compared as ONNX models"):
        checked_checkpoints(rubric(folder, checkpoints="[text.txt]"))
    model = onnx.load(str(folder / "none.onnx"))
    model.graph.node[1].op_type = "Tanh"
    onnx.save(model, str(folder / "other.onnx"))
    with pytest.raises(RubricError, match="other operations or weights of other shapes"):
        checked_checkpoints(rubric(folder, checkpoints="[none.onnx, other.onnx]"))
    assert checked_checkpoints(rubric(folder)) == {}
