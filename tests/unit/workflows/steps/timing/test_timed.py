from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from quantassay.errors import RubricError
from quantassay.readers.outputs import interpret
from quantassay.records.samples import Predictions
from quantassay.rubrics.load import load
from quantassay.workflows.steps.asking import read_exam
from quantassay.workflows.steps.progress import Silent
from quantassay.workflows.steps.timing import bench as benches
from quantassay.workflows.steps.timing import timed as module
from quantassay.workflows.steps.timing.kept_trials import kept_trials
from quantassay.workflows.steps.timing.timed import Timed, time_variants
from quantassay.workflows.steps.variants import prepare_variants

DIGITS = Path(__file__).parents[5] / "examples" / "digits"
N = 896
RUBRIC = {
    "rubric": "timed/1",
    "task": {
        "name": "digits",
        "data": {
            "path": str(DIGITS / "test.parquet"),
            "id": "image_id",
            "input": "pixels",
            "target": "digit",
            "where": {"domain": "in-domain"},
        },
        "preprocess": {"tensor": {"shape": [1, 8, 8], "divide": 16}},
        "outputs": {"kind": "logits"},
        "composition": "clean",
        "clusters": "independent",
    },
    "metrics": [{"name": "top1", "margin": 0.02}],
    "reference": "fp32",
    "variants": {
        "fp32": {"model": str(DIGITS / "fp32.onnx")},
        "same": {"model": str(DIGITS / "fp32.onnx")},
        "fp16": {"scheme": "onnxruntime-fp16", "of": "fp32"},
    },
    "inference": {"batch": 128},
}
QUICK = {"blocks": 10, "warmup": "5ms", "duration": "20ms"}


def answered(exam, variant) -> Predictions:
    """Return what a variant answers in its accuracy pass."""
    session = variant.open()
    raw = np.concatenate([session.run(feeds)["logits"] for _, feeds in exam.batches()])
    fields = interpret(raw, "logits", None, exam.samples.ids)
    return Predictions(exam.samples.ids, absent=np.zeros(N, bool), **fields)


@pytest.fixture
def timed(tmp_path, monkeypatch):
    """Time the variants of a small rubric, with changes to its timing and other keys."""
    monkeypatch.setattr(module, "peak_memory", lambda *_: (None, "not measured in this test"))

    def run(timing=None, **changes) -> Timed:
        path = tmp_path / "assay.yaml"
        asked = {**QUICK, **(timing or {})} if timing != "null" else None
        path.write_text(yaml.safe_dump({**RUBRIC, "timing": asked, **changes}, sort_keys=False))
        loaded = load(path)
        exam = read_exam(loaded)
        variants = prepare_variants(loaded, lambda name: None, tmp_path, lambda name: None)
        answers = answered(exam, variants["fp32"])
        return time_variants(exam, variants, dict.fromkeys(variants, answers), Silent())

    return run


def test_every_variant_runs_once_in_every_block(timed):
    found = timed()
    assert [one.variant for one in found.speeds] == ["fp32", "same", "fp16"]
    for one in found.speeds:
        own = found.trials[one.variant]
        assert [trial.block for trial in own] == list(range(10))
        assert one.blocks == 10
        assert one.queries == sum(len(trial.latencies) for trial in own)
        assert one.protocol == "offline"
        assert one.batch == 128
    for block in zip(*found.trials.values(), strict=True):
        assert sorted(trial.place for trial in block) == [0, 1, 2]


def test_the_ratio_is_that_of_throughputs_and_the_reference_has_none(timed):
    reference, same, _ = timed().speeds
    assert (reference.ratio, reference.ratio_interval) == (None, None)
    assert same.ratio == pytest.approx(same.throughput / reference.throughput)
    assert same.ratio_interval[0] < same.ratio < same.ratio_interval[1]
    assert same.throughput_interval[0] < same.throughput < same.throughput_interval[1]
    assert [one.q for one in same.latencies] == [0.5, 0.9, 0.99, 0.999]


def test_conditions_say_what_was_timed(timed):
    found = timed()
    said = found.conditions
    assert (said.protocol, said.driver, said.blocks) == ("offline", "own loop", 10)
    assert "reading and preprocessing are not in it" in said.timed
    assert 0 < said.loading_seconds < said.seconds
    asked = min(sum(len(t.latencies) for t in found.trials["fp32"]), N // 128)
    assert said.samples == 128 * asked


def test_outputs_are_held_against_the_accuracy_pass(timed):
    same, other = timed().speeds[0].same_outputs, timed().speeds[2].same_outputs
    assert same.n > 0
    assert (same.changed, same.largest) == (0, 0.0)
    assert other.largest > 0  # fp16, whose accuracy pass was said to be that of fp32


@pytest.mark.parametrize(
    ("timing", "batch"),
    [({"protocol": "single-stream"}, 1), ({"protocol": "multi-stream", "streams": 4}, 4)],
)
def test_streams_ask_so_many_samples_a_query(timed, timing, batch):
    found = timed(timing)
    assert {one.batch for one in found.speeds} == {batch}
    assert {one.saturation for one in found.speeds} == {None}
    for own in found.trials.values():
        assert all(trial.samples == batch * len(trial.latencies) for trial in own)


def test_saturation_is_looked_for_offline_unless_it_is_not_wanted(timed):
    assert timed({"duration": "4s", "blocks": 10}).speeds[0].saturation.samples[-1] >= 128
    assert timed({"saturation": False}).speeds[0].saturation is None


def test_variants_that_do_not_fit_together_are_timed_in_groups(timed, monkeypatch):
    memory = type("Memory", (), {"available": 0})
    monkeypatch.setattr(benches.psutil, "virtual_memory", lambda: memory)
    found = timed()
    assert [trial.block for trial in found.trials["fp32"]] == list(range(20))
    assert [trial.block for trial in found.trials["same"]] == list(range(10))
    assert [trial.block for trial in found.trials["fp16"]] == list(range(10, 20))
    assert [one.blocks for one in found.speeds] == [20, 10, 10]
    assert any("timed in 2 groups, each beside the reference" in text for text in found.findings)


def test_nothing_is_timed_where_the_rubric_says_so(timed):
    assert timed("null") == Timed()


def test_a_model_of_one_batch_size_is_refused_in_one_line(timed, monkeypatch):
    fixed = property(lambda session: 128, lambda session, value: None)
    from quantassay.engines.onnxruntime.engine import OnnxSession

    monkeypatch.setattr(OnnxSession, "fixed_batch", fixed, raising=False)
    with pytest.raises(RubricError) as raised:
        timed({"protocol": "single-stream"})
    said = str(raised.value)
    assert "timing.protocol: single-stream asks one sample at a time, and fp32 takes" in said
    assert said.endswith("export it with a free batch axis, or set 'protocol: offline'")
    note = timed().speeds[0].saturation.note
    assert note.startswith("the model takes batches of exactly 128")


def test_a_model_that_refuses_other_sizes_is_timed_all_the_same(timed, tmp_path):
    (tmp_path / "choosy.py").write_text(
        "def answer(batch):\n"
        "    assert len(batch) == 128, 'only 128'\n"
        "    return batch.reshape(len(batch), -1)[:, :10]\n"
    )
    own = {"fp32": RUBRIC["variants"]["fp32"], "choosy": {"engine": "python:choosy:answer"}}
    found = timed({"duration": "4s"}, variants=own)
    note = found.speeds[1].saturation.note
    assert note.startswith("not found: another number of samples a query was refused: choosy")
    assert found.speeds[1].ratio > 0


def test_trials_that_are_kept_read_back(timed, tmp_path):
    from quantassay.runs.recording import record_timings

    found = timed()
    record_timings(tmp_path / "timings.parquet", found.trials)
    again = kept_trials(tmp_path / "timings.parquet", "fp32")
    assert list(again) == list(found.trials)
    for name, own in found.trials.items():
        for one, read in zip(own, again[name], strict=True):
            assert read.latencies.tobytes() == one.latencies.tobytes()
            assert (read.span, read.samples, read.rate) == (one.span, one.samples, one.rate)
            assert (read.block, read.place) == (one.block, one.place)


def test_memory_is_that_of_the_variant(timed, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "peak_memory", lambda *order: (asked.append(order), (7, "peak"))[1])
    found = timed()
    assert {(one.peak_memory, one.memory_note) for one in found.speeds} == {(7, "peak")}
    assert [order[1].name for order in asked] == ["fp32.onnx", "fp32.onnx", "fp16.onnx"]


SERVER = {"protocol": "server", "latency": "500ms", "percentile": 0.5}


def test_a_server_says_whether_it_kept_its_bound_and_compares_joined_answers(timed):
    found = timed({**SERVER, "rate": 2000.0})
    for name in ("fp32", "same", "fp16"):
        assert any(text.startswith(f"{name}: at 2,000 arrivals a second") for text in found.said)
    assert all(one.same_outputs.n > 10 and not one.same_outputs.changed for one in found.speeds)


def test_a_bound_that_no_rate_keeps_is_said_and_nothing_is_timed(timed):
    found = timed({**SERVER, "latency": 1e-6})
    assert found.speeds == () and found.trials == {}
    assert "no rate of arrivals keeps 0.001 ms" in found.findings[0]
