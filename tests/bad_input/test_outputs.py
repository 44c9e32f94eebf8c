"""What models answer: not finite, of the wrong shape, of classes that nobody declared."""

from __future__ import annotations

import json

import numpy as np
import onnx
import pyarrow.parquet as pq
import pytest
from onnx import TensorProto, helper, numpy_helper

KEEP = {"metrics": [{"name": "top1", "margin": 0.05}, {"name": "nll", "clip": 5}, {"name": "f1"}]}


@pytest.fixture
def spoiled(assay):
    """Write a model whose output is NaN, or infinite, where the first input is above a limit."""

    def write(name, limit, value="nan"):
        tail = {"nan": [0.0, 0.0], "inf": [1.0, 0.0]}[value]
        graph = helper.make_graph(
            [
                helper.make_node("MatMul", ["x", "w"], ["y"]),
                helper.make_node("Slice", ["x", "zero", "one", "one"], ["first"]),
                helper.make_node("Greater", ["first", "limit"], ["above"]),
                helper.make_node("Where", ["above", "top", "ones"], ["up"]),
                helper.make_node("Where", ["above", "nil", "ones"], ["down"]),
                helper.make_node("Div", ["up", "down"], ["factor"]),
                helper.make_node("Mul", ["y", "factor"], ["logits"]),
            ],
            "spoiled",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4])],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 4])],
            [
                numpy_helper.from_array(np.array(value, kind), key)
                for key, value, kind in (
                    ("w", np.eye(4) * 1.01, np.float32), ("zero", [0], np.int64),
                    ("one", [1], np.int64), ("limit", limit, np.float32),
                    ("ones", 1, np.float32), ("top", tail[0], np.float32),
                    ("nil", tail[1], np.float32),
                )
            ],
        )  # fmt: skip
        opsets = [helper.make_opsetid("", 17)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
        onnx.save(model, str(assay.folder / name))
        return [f"s{i:04d}" for i in np.flatnonzero(assay.values[:, 0] > limit)]

    return write


@pytest.mark.parametrize("value", ["nan", "inf"])
def test_outputs_that_are_not_finite_are_named_and_charged(run, assay, spoiled, value):
    ids = spoiled("low.onnx", 0.8, value)
    assert 20 < len(ids) < 120
    outcome = run(KEEP)
    assert outcome.code == 1, outcome.stderr
    assert outcome.verdict() == "fail"
    said = [text for text in outcome.json["findings"] if text.startswith("low: ")]
    assert any(f"{len(ids)} of 400" in text and ids[0] in text for text in said)
    top1 = outcome.json["cells"][0]
    assert top1["losses"] >= len(ids) * 0.9
    report = (assay.out / "report.md").read_text("utf-8")
    assert ids[0] in report and "not finite" in report
    claim = json.loads((assay.out / "claim.json").read_text("utf-8"))
    assert ids[0] in json.dumps(claim) or str(len(ids)) in json.dumps(claim)
    table = pq.read_table(assay.out / "predictions" / "low.parquet")
    assert table.filter(table["failed"])["id"].to_pylist() == ids


def test_a_single_output_that_is_not_finite_is_a_loss(run, assay, spoiled):
    limit = float(np.sort(assay.values[:, 0])[-2])
    (failed,) = spoiled("low.onnx", limit)
    outcome = run(KEEP)
    assert (outcome.code, outcome.json["cells"][0]["losses"]) == (0, 1)
    assert any(failed in text for text in outcome.json["findings"])


def test_a_candidate_that_answers_nothing_fails(run, spoiled):
    spoiled("low.onnx", -100)
    outcome = run(KEEP)
    assert (outcome.code, outcome.verdict()) == (1, "fail")


def test_a_reference_that_answers_nothing_gives_no_pass(run, spoiled):
    spoiled("fp32.onnx", -100)
    outcome = run(KEEP)
    assert (outcome.code, outcome.verdict()) in {(3, "inconclusive"), (3, "insufficient")}
    assert any(text.startswith("fp32: 400 of 400") for text in outcome.json["findings"])


def test_a_failed_output_of_the_reference_counts_as_right(run, assay, spoiled):
    ids = spoiled("fp32.onnx", 0.8)
    outcome = run(KEEP)
    assert [cell["n"] for cell in outcome.json["cells"]] == [400] * 3
    assert any(ids[0] in text for text in outcome.json["findings"])
    assay.model("low.onnx", np.diag([-1.0, 1, 1, 1]))
    outcome = run(KEEP)
    cell = outcome.json["cells"][0]
    assert outcome.verdict() != "pass"
    assert cell["losses"] >= len(ids)


def test_both_failing_on_the_same_samples_cancels_nothing(run, spoiled):
    spoiled("fp32.onnx", 0.8), spoiled("low.onnx", 0.80001)
    outcome = run(KEEP)
    assert outcome.verdict() != "pass"


@pytest.mark.parametrize("kind", ["logits", "scores"])
def test_a_class_in_the_test_set_that_the_model_does_not_have(run, assay, kind):
    target = np.where(np.arange(400) < 3, 7, assay.target)
    assay.data(None, target)
    line = run({"task": {"outputs": {"kind": kind}}}).refused("7 (3 samples", "s0000", "classes")
    assert "declare" in line


def test_classes_by_name_that_do_not_fit(run, assay):
    names = ["ant", "bee", "cat", "dog"]
    assay.data(None, [names[i] for i in assay.target])
    run().refused("'ant", "'0'", "outputs: {classes")
    good = {"task": {"outputs": {"classes": names}}}
    assert run(good).code == 0
    run({"task": {"outputs": {"classes": names[:3]}}}).refused("4 classes", "names 3")
    run({"task": {"outputs": {"classes": [*names[:3], "cow"]}}}).refused("'dog")
    run({"task": {"outputs": {"classes": [*names[:3], "ant"]}}}).refused("ant", "twice")


def test_probabilities_that_do_not_sum_to_one(run):
    line = run({"task": {"outputs": {"kind": "probabilities"}}}).refused("sample 's0", "sum to")
    assert "logits" in line


def test_recorded_probabilities_that_do_not_sum_to_one(command, answers):
    good = [[0.7, 0.1, 0.1, 0.1]] * 400
    bad = [*good[:399], [0.7, 0.7, 0.1, 0.1]]
    files = answers("ref.parquet", probabilities=good), answers("cand.parquet", probabilities=bad)
    command("compare", *files).refused("cand.parquet", "'s0399'", "sum to 1.6")


def test_probabilities_that_leave_the_unit_interval(command, answers):
    odd = [[1.5, -0.5, 0.0, 0.0]] * 400
    files = answers("ref.parquet"), answers("cand.parquet", probabilities=odd)
    command("compare", *files).refused("cand.parquet", "leave [0, 1]")


def test_recorded_answers_that_are_not_finite_are_charged(command, answers):
    target = np.array(pq.read_table(answers("ref.parquet"))["target"])
    given = np.where(np.arange(400) < 60, np.nan, target)
    outcome = command("compare", "ref.parquet", answers("cand.parquet", pred=given),
                      "--margin", "0.05", "--json")  # fmt: skip
    assert (outcome.code, outcome.verdict()) == (1, "fail")
    assert any("60 of 400" in text and "'s0000'" in text for text in outcome.json["findings"])


def test_recorded_answers_that_are_empty_are_charged(command, answers):
    given = [None if i < 60 else str(t) for i, t in enumerate(_target(answers))]
    outcome = command("compare", "ref.parquet", answers("cand.parquet", pred=given),
                      "--margin", "0.05", "--json")  # fmt: skip
    assert (outcome.code, outcome.verdict()) == (1, "fail")


def _target(answers):
    return pq.read_table(answers("ref.parquet"))["target"].to_pylist()


def test_an_output_that_the_model_does_not_have(run):
    run({"task": {"outputs": {"name": "logit"}}}).refused("'logit'", "did you mean 'logits'?")


def collapsed(assay, name, op):
    """Write a model that answers once for a whole batch."""
    graph = helper.make_graph(
        [helper.make_node(op, ["x", "axes"], ["logits"], keepdims=1)],
        "collapsed",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 4])],
        [numpy_helper.from_array(np.array([0], np.int64), "axes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.save(model, str(assay.folder / name))


@pytest.mark.parametrize("name", ["fp32.onnx", "low.onnx"])
def test_a_model_that_answers_once_for_a_whole_batch(run, assay, name):
    collapsed(assay, name, "ReduceSum")
    run().refused("'logits'", "(1, 4)", "64 rows")


def test_a_column_too_many_on_one_side_only(run, assay):
    assay.model("low.onnx", np.hstack([np.eye(4), np.ones((4, 1)) * 9]))
    outcome = run()
    assert (outcome.code, outcome.verdict()) == (1, "fail")
