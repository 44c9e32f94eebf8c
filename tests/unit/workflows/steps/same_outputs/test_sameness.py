from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quantassay.engines.onnxruntime.engine import OnnxRuntime
from quantassay.readers.outputs import interpret
from quantassay.readers.retrieved import EMBEDDING
from quantassay.records.samples import Predictions
from quantassay.rubrics.task import Outputs
from quantassay.schemes.onnxruntime.dynamic import OnnxRuntimeDynamic
from quantassay.timing.contract import Workload
from quantassay.workflows.steps.same_outputs.sameness import AT_ONCE, sameness

DIGITS = Path(__file__).parents[5] / "examples" / "digits"
BATCH = 64


def workload(n, size):
    first = np.arange(0, n, size)
    sizes = np.minimum(size, n - first)
    return Workload([{}] * len(first), sizes, first, BATCH)


def produced(outputs, size):
    return {at: {"out": outputs[i : i + size]} for at, i in enumerate(range(0, len(outputs), size))}


def predictions(outputs, kind):
    n = len(outputs)
    fields = interpret(outputs, kind)
    return Predictions(np.arange(n).astype(str), absent=np.zeros(n, bool), **fields)


def compare(timed, accurate, kind="logits", size=1, **more):
    known = more.get("known") or predictions(accurate, kind)
    return sameness(
        "int8",
        Outputs(kind=kind),
        workload(len(timed), size),
        produced(timed, size),
        known,
        BATCH,
    )


@pytest.fixture(scope="module")
def digits():
    table = pq.read_table(DIGITS / "test.parquet")
    pixels = np.array(table.column("pixels").to_pylist(), np.float32)
    return pixels.reshape(-1, 1, 8, 8) / 16


def answered(path, inputs, size):
    session = OnnxRuntime.open(path, {"threads": 1})
    batches = range(0, len(inputs), size)
    found = [session.run({"": inputs[at : at + size]})["logits"] for at in batches]
    session.close()
    return np.concatenate(found)


@pytest.fixture(scope="module")
def dynamic(tmp_path_factory):
    out = tmp_path_factory.mktemp("dynamic") / "int8.onnx"
    OnnxRuntimeDynamic.quantize(DIGITS / "fp32.onnx", None, {}, out)
    return out


def test_a_dynamic_model_answers_otherwise_alone_than_in_a_batch(digits, dynamic):
    timed, accurate = answered(dynamic, digits, 1), answered(dynamic, digits, BATCH)
    changed = int((timed.argmax(axis=1) != accurate.argmax(axis=1)).sum())
    assert changed, "the model is no test case"
    found, told = compare(timed, accurate)
    assert (found.n, found.changed) == (len(digits), changed)
    assert found.largest == pytest.approx(float(np.abs(timed - accurate).max()))
    assert told == [f"int8 {found.note}"]
    assert f"answers {changed} of 1,792 samples differently one at a time than in" in told[0]
    assert told[0].endswith("its accuracy belongs to batches of 64, its latency to one")


def test_the_same_batches_give_the_same(digits, dynamic):
    timed, accurate = (answered(dynamic, digits, BATCH) for _ in range(2))
    found, told = compare(timed, accurate, size=BATCH)
    assert (found.n, found.changed, found.largest, told) == (len(digits), 0, 0.0, [])
    assert found.note == (
        "answered all 1,792 samples as in its accuracy pass to the last bit, in the same batches "
        "of 64"
    )


def test_full_precision_alone_differs_by_rounding_which_is_no_finding(digits):
    model = DIGITS / "fp32.onnx"
    timed, accurate = answered(model, digits, 1), answered(model, digits, BATCH)
    found, told = compare(timed, accurate)
    assert found.changed == 0
    assert found.largest < 1e-3
    assert told == []


def test_samples_that_a_server_joins_are_asked_in_words(digits, dynamic):
    timed, accurate = answered(dynamic, digits, 1), answered(dynamic, digits, BATCH)
    asked, known = Outputs(kind="logits"), predictions(accurate, "logits")
    some = produced(timed, 1), known, BATCH, "as they arrived"
    _, told = sameness("int8", asked, workload(len(timed), 1), *some)
    assert "samples differently as they arrived than in batches of 64" in told[0]
    assert told[0].endswith("its latency to samples so asked")


@pytest.fixture
def logits():
    return np.random.default_rng(7).normal(size=(300, 4))


def test_other_answers_in_the_same_batches_are_not_deterministic(logits):
    timed = logits.copy()
    timed[7] = -timed[7]
    found, told = compare(timed, logits, size=BATCH)
    assert found.changed == 1
    assert "not deterministic" in told[0]


def test_numbers_that_move_are_told_though_answers_stay(logits):
    found, told = compare(logits * 1.1, logits)
    assert found.changed == 0
    assert found.largest > 0.1
    assert "answers 0 of 300 samples differently" in told[0]


def test_outputs_that_are_not_finite_are_no_answers(logits):
    timed = logits.copy()
    timed[:12] = np.nan
    found, told = compare(timed, logits)
    assert found.changed == 12
    assert "gave 12 of 300 outputs that are not finite" in told[0]
    same, still = compare(timed, timed)
    assert same.changed == 0
    assert len(still) == 1, "what failed in both is still no answer"


def test_one_output_for_all_samples_is_no_answer(logits):
    constant = np.tile(logits[:1], (300, 1))
    found, told = compare(constant, constant)
    assert found.changed == 0
    assert "gave the same output to all 300 samples" in told[0]
    assert "gave the same output" in found.note


def test_names_may_be_alike_where_the_test_set_is_sorted():
    labels = np.repeat([0, 1], 50)
    part = {"timed": labels[:50], "accurate": None, "kind": "labels"}
    assert compare(**part, known=predictions(labels, "labels"))[1] == []
    alike = compare(**part, known=predictions(np.zeros(100, int), "labels"))
    assert "the same output to all 50" in alike[1][0]


def test_texts_are_compared_as_they_are():
    texts = np.array([f"answer {i}" for i in range(40)], object)
    other = texts.copy()
    other[3] = "another"
    found, told = compare(other, texts.astype(str), kind="texts")
    assert (found.n, found.changed, found.largest) == (40, 1, None)
    assert "1 of 40" in told[0]


def test_probabilities_are_compared(logits):
    shares = np.abs(logits) / np.abs(logits).sum(axis=1, keepdims=True)
    found, told = compare(shares, shares, kind="probabilities")
    assert (found.changed, found.largest, told) == (0, 0.0, [])


def test_measurements_change_where_they_move_by_more_than_rounding():
    values = np.linspace(-10, 10, 50) + 0.123
    timed = values.copy()
    timed[0] += 1e-6
    timed[1] += 0.5
    found, _ = compare(timed, values, kind="labels")
    assert found.changed == 1
    assert found.largest == pytest.approx(0.5)


def test_whole_numbers_among_measurements_are_measurements():
    values = np.append(np.arange(40.0), 0.5)
    found, told = compare(values[:40], None, kind="labels", known=predictions(values, "labels"))
    assert (found.n, found.changed, found.largest, told) == (40, 0, 0.0, [])
    whole = predictions(np.arange(40.0), "labels")
    found, told = compare(np.arange(40) + 0.25, None, kind="labels", known=whole)
    assert found.changed == 40
    assert len(told) == 1


def test_loglikelihoods_are_compared_as_numbers():
    pairs = np.column_stack([-np.linspace(5, 50, 30), np.full(30, 20.0)])
    moved = pairs + np.array([0.4, 0])
    assert compare(pairs, pairs, kind="loglikelihood")[1] == []
    found, told = compare(moved, pairs, kind="loglikelihood")
    assert found.changed == 30
    assert len(told) == 1


def test_embeddings_are_compared_as_vectors():
    vectors = np.random.default_rng(3).normal(size=(60, 8)).astype(np.float32)
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), 8)
    none = np.zeros(60, bool)
    known = Predictions(np.arange(60).astype(str), none, none, table=pa.table({EMBEDDING: column}))
    asked = Outputs.model_construct(kind="embeddings", name=None, classes=None)
    timed = vectors.copy()
    timed[5] *= -1
    for given, changed in ((vectors, 0), (timed, 1)):
        found, told = sameness("int8", asked, workload(60, 1), produced(given, 1), known, BATCH)
        assert (found.changed, len(told)) == (changed, changed)


def test_part_of_the_queries_by_position(logits):
    timed = produced(-logits, 1)
    some = {at: timed[at] for at in (200, 3)}
    found, _ = sameness(
        "int8", Outputs(kind="logits"), workload(300, 1), some, predictions(logits, "logits"), BATCH
    )
    assert (found.n, found.changed) == (2, 2)


def test_samples_beyond_those_that_were_looked_at_are_left_out(logits):
    known = predictions(logits[:100], "logits")
    found, told = compare(logits, None, size=BATCH, known=known)
    assert (found.n, found.changed, told) == (100, 0, [])


def test_a_lone_query_that_repeats_samples_is_compared_once(logits):
    ten = logits[:10]
    lone = Workload([{}], np.array([64]), np.array([0]), BATCH)
    repeated = {0: {"out": ten[np.arange(64) % 10]}}
    found, told = sameness(
        "int8", Outputs(kind="logits"), lone, repeated, predictions(ten, "logits"), BATCH
    )
    assert (found.n, found.changed, told) == (10, 0, [])


def test_nothing_kept_is_no_comfort(logits):
    found, told = sameness(
        "int8", Outputs(), workload(300, 1), {}, predictions(logits, "logits"), BATCH
    )
    assert (found.n, found.largest) == (0, None)
    assert "not kept" in told[0]


@pytest.mark.parametrize(
    ("timed", "why"),
    [
        (np.zeros((300, 7)), "7 numbers a sample, 4 in the accuracy pass"),
        (np.array(["x"] * 300), "not logits"),
    ],
)
def test_outputs_of_another_kind_are_told(logits, timed, why):
    found, told = compare(timed, logits)
    assert found.n == 0
    assert why in told[0]


@pytest.mark.parametrize(
    ("outputs", "why"), [({}, "no output"), ({"out": np.zeros((63, 4))}, "63 rows for 64 samples")]
)
def test_outputs_that_are_not_there_are_told(logits, outputs, why):
    known = predictions(logits, "logits")
    asked = Outputs(kind="logits")
    found, told = sameness("int8", asked, workload(300, BATCH), {0: outputs}, known, BATCH)
    assert found.n == 0
    assert why in told[0]


def test_an_output_is_found_by_name(logits):
    outputs = {0: {"other": logits[:1] * 0, "wanted": logits[:1]}}
    asked = Outputs(kind="logits", name="wanted")
    known = predictions(logits, "logits")
    assert sameness("int8", asked, workload(300, 1), outputs, known, BATCH)[0].changed == 0
    asked = Outputs(kind="logits", name="want")
    told = sameness("int8", asked, workload(300, 1), outputs, known, BATCH)[1]
    assert "did you mean 'wanted'?" in told[0]


def test_many_samples_are_compared_piece_by_piece():
    n = 2 * AT_ONCE + 10
    logits = np.random.default_rng(5).normal(size=(n, 3))
    timed = logits.copy()
    timed[[0, AT_ONCE, n - 1]] *= -1
    found, _ = compare(timed, logits)
    assert (found.n, found.changed) == (n, 3)
