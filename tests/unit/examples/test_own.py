import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest


@pytest.fixture(scope="module")
def own(script):
    return script("own/own.py")


@pytest.fixture(scope="module")
def rows(examples) -> pa.RecordBatch:
    table = pq.read_table(examples / "digits" / "test.parquet")
    domain = np.array(table["domain"].to_pylist())
    return table.filter(pa.array(domain == "in-domain")).combine_chunks().to_batches()[0]


def test_prepare_scales_and_keeps_the_order(own, rows):
    images = own.prepare(rows)
    assert images.shape == (896, 1, 8, 8)
    assert images.dtype == np.float32
    assert (images[5].ravel() * 16).tolist() == rows["pixels"][5].as_py()


def test_prepare_of_a_slice_starts_where_the_slice_does(own, rows):
    assert np.array_equal(own.prepare(rows.slice(100, 7)), own.prepare(rows)[100:107])


def test_predict_answers_a_batch(own, rows):
    logits = own.predict(own.prepare(rows))
    assert logits.shape == (896, 10)
    assert (logits.argmax(axis=1) == rows["digit"].to_numpy()).mean() > 0.97


def test_weights_are_rounded_to_255_steps(own):
    weights = np.random.default_rng(0).uniform(-1, 1, (40, 50)).astype(np.float32)
    rounded = own.to_8_bits(weights)
    assert 200 < len(np.unique(rounded)) <= 255
    assert np.abs(rounded - weights).max() <= np.abs(weights).max() / 254 * 1.001


def test_recorded_predictions_cover_the_in_domain_images(examples, rows):
    recorded = pq.read_table(examples / "own" / "recorded.parquet")
    assert recorded["image_id"].to_pylist() == rows["image_id"].to_pylist()
    probabilities = np.stack([recorded[f"p{digit}"].to_numpy() for digit in range(10)], axis=1)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert (probabilities.argmax(axis=1) == recorded["prediction"].to_numpy()).all()
    assert (examples / "own" / "recorded.parquet").stat().st_size < 100_000
