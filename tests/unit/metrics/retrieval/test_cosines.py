import numpy as np
import pyarrow as pa
import pytest

from quantassay.errors import DataError
from quantassay.metrics.retrieval.cosines import Cosine, RelevantCosine
from quantassay.records.samples import Predictions, Samples

SAMPLES = Samples(np.array(["a", "b", "c"]), None, pa.table({"x": [1, 2, 3]}), "")


def side(vectors, column="embedding"):
    none = np.zeros(3, bool)
    table = pa.table({column: pa.array(vectors, pa.list_(pa.float32()))})
    return Predictions(SAMPLES.ids, none, none, table=table)


def test_the_cosine_of_each_sample():
    first = side([[1, 0], [1, 1], [0, 2]])
    second = side([[0, 3], [1, 0], [0, -1]])
    found = Cosine().pair_rows(SAMPLES, first, second)
    np.testing.assert_allclose(found, [0, np.sqrt(0.5), -1])


def test_a_zero_vector_and_a_missing_one_have_no_cosine():
    found = Cosine().pair_rows(SAMPLES, side([[1, 0], [0, 0], None]), side([[2, 0], [1, 0], [1]]))
    np.testing.assert_array_equal(found, [1, np.nan, np.nan])


def test_vectors_of_other_lengths_are_refused():
    with pytest.raises(DataError, match=r"'b' have 2 dimensions in the reference, 1 in the cand"):
        Cosine().pair_rows(SAMPLES, side([[1], [1, 2], [1]]), side([[1], [1], [1]]))


def test_unit_vectors_joined_give_the_mean_cosine():
    one = [0.6, 0.8, 1.0, 0.0]
    other = [1.0, 0.0, 0.0, 1.0]
    sides = (side([each] * 3, "relevant_embedding") for each in (one, other))
    found = RelevantCosine().pair_rows(SAMPLES, *sides)
    np.testing.assert_allclose(found, [(0.6 + 0.0) / 2] * 3)


def test_cannot_be_told_without_embeddings():
    none = np.zeros(3, bool)
    plain = Predictions(SAMPLES.ids, none, none)
    words = Predictions(SAMPLES.ids, none, none, table=pa.table({"embedding": ["x", "y", "z"]}))
    for other in (plain, words):
        assert Cosine().pair_rows(SAMPLES, side([[1]] * 3), other) is None
