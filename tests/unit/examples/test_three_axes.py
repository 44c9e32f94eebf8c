import numpy as np
import onnxruntime
import pyarrow.parquet as pq
import pytest

from quantassay.rubrics.load import load

PLUS, MINUS, END = 10, 11, 12


@pytest.fixture(scope="module")
def sums(examples):
    return pq.read_table(examples / "three_axes" / "sums.parquet")


def tokens(table):
    return table["tokens"].combine_chunks().flatten().to_numpy().reshape(len(table), -1)


def worked_out(row):
    """Compute one chain as a person would; return its answer and its number of steps."""
    total, steps = 10 * row[0] + row[1], 0
    for operation, tens, ones in row[2:].reshape(-1, 3):
        if operation != END:
            total += (10 * tens + ones) * {PLUS: 1, MINUS: -1}[operation]
            steps += 1
    return total % 100, steps


def test_answers_and_steps_are_those_of_the_chains(sums):
    found = np.array([worked_out(row) for row in tokens(sums)])
    np.testing.assert_array_equal(found[:, 0], sums["answer"].to_numpy())
    np.testing.assert_array_equal(found[:, 1], sums["steps"].to_numpy())


def test_every_number_of_steps_has_as_many_chains_and_none_twice(sums):
    assert np.bincount(sums["steps"].to_numpy()).tolist() == [0, *[2000] * 6]
    assert len(np.unique(tokens(sums), axis=0)) == len(sums)


def test_no_calibration_chain_is_in_the_test_set(examples, sums):
    others = tokens(pq.read_table(examples / "three_axes" / "more-sums.parquet"))
    asked = {row.tobytes() for row in tokens(sums)}
    assert not [row for row in others if row.tobytes() in asked]


def test_the_reference_is_right_at_every_number_of_steps(examples, sums):
    model = examples / "three_axes" / "arithmetic.onnx"
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"tokens": tokens(sums)})
    right, steps = found == sums["answer"].to_numpy(), sums["steps"].to_numpy()
    assert min(right[steps == k].mean() for k in range(1, 7)) >= 0.95


def test_what_is_committed_stays_under_a_megabyte(examples):
    folder = examples / "three_axes"
    kept = [path for path in folder.iterdir() if path.suffix in (".parquet", ".onnx")]
    assert sum(path.stat().st_size for path in kept) < 1_000_000


@pytest.mark.parametrize("axis", ["classification", "retrieval", "arithmetic"])
def test_rubric_loads_without_a_warning(examples, axis):
    assert load(examples / "three_axes" / f"{axis}.yaml").warnings == ()


def test_the_axes_share_their_precisions(examples):
    made = [load(path).rubric.variants for path in (examples / "three_axes").glob("*.yaml")]
    shared = {"fp32", "fp16", "int8-dynamic", "int8-static", "int4"}
    assert len(made) == 3 and all(shared <= set(variants) for variants in made)
