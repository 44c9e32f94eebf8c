from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from quantassay.errors import DataError
from quantassay.readers.logs.embeddings.search import Search
from quantassay.readers.retrieved import embedded, relevant_lists

CORPUS = np.array(["x", "y", "z"])
IDS = np.array(["q0", "q1"])


def relevant(column):
    return relevant_lists(column, "gold", IDS, CORPUS, Path("q.parquet"))


def fields(queries, documents, gold, depth=3, similarity="cosine"):
    both = (np.array(each, np.float32) for each in (queries, documents))
    return embedded(*both).fields(CORPUS, relevant(gold), Search(similarity, depth))


def test_every_document_is_ranked_by_cosine():
    gold = pa.array(["x", "z"])
    found = fields([[1, 0], [0, 1]], [[9, 1], [1, 1], [0, 5]], gold, depth=2)
    rankings = found["table"].column("ranking").to_pylist()
    assert [[each["document"] for each in one] for one in rankings] == [["x", "y"], ["z", "y"]]
    assert found["labels"].tolist() == ["x", "z"]
    assert rankings[0][1]["score"] == pytest.approx(np.sqrt(0.5))
    assert not found["failed"].any()


def test_inner_products_count_lengths():
    gold = pa.array(["x", "z"])
    documents = [[1, 0], [9, 9], [0, 1]]
    assert fields([[1, 0], [0, 1]], documents, gold, 1, "inner product")["labels"].tolist() == [
        "y",
        "y",
    ]


def test_a_broken_query_or_a_broken_relevant_document_fails():
    nan = np.nan
    found = fields([[nan, 0], [0, 1]], [[1, 0], [1, 1], [0, 1]], pa.array(["x", "z"]))
    assert found["failed"].tolist() == [True, False]
    assert found["table"].column("ranking").to_pylist()[0] is None
    found = fields([[1, 0], [0, 1]], [[1, 0], [1, 1], [nan, 1]], pa.array(["x", "z"]))
    assert found["failed"].tolist() == [False, True]
    assert [each["document"] for each in found["table"].column("ranking").to_pylist()[0]] == [
        "x",
        "y",
    ]


def test_the_vectors_of_relevant_documents_are_kept_as_units():
    gold = pa.array([["x", "y"], ["z"]])
    found = fields([[1, 0], [0, 1]], [[2, 0], [3, 4], [0, 7]], gold)
    kept = found["table"].column("relevant_embedding").to_pylist()
    np.testing.assert_allclose(kept[0], [1, 0, 0.6, 0.8])
    np.testing.assert_allclose(kept[1], [0, 1])


@pytest.mark.parametrize("column", [pa.array(["x", "z"]), pa.array([["x"], ["z", "y"]])])
def test_one_relevant_document_or_several(column):
    found = relevant(column).to_pylist()
    assert found[0] == [{"document": "x", "grade": 1}]
    assert [one["document"] for one in found[1]] == (
        ["z"] if column.type == pa.string() else ["z", "y"]
    )


def test_numbers_name_documents_too():
    found = relevant_lists(pa.array([2, 1]), "gold", IDS, np.array(["1", "2"]), Path("q.csv"))
    assert [one[0]["document"] for one in found.to_pylist()] == ["2", "1"]


@pytest.mark.parametrize("column", [pa.array(["x", None]), pa.array([["x"], []])])
def test_a_query_without_a_document_is_refused(column):
    with pytest.raises(DataError, match=r"1 queries have no document in 'gold': 'q1'"):
        relevant(column)


def test_a_document_that_is_not_there_is_refused():
    with pytest.raises(DataError, match=r"1 documents that the corpus does not.*'q1': 'w'"):
        relevant(pa.array(["x", "w"]))


@pytest.mark.parametrize("queries", [np.zeros((2, 3, 4), np.float32), np.zeros((2, 3), np.int64)])
def test_outputs_that_are_no_vectors_are_refused(queries):
    with pytest.raises(DataError, match="one row of numbers a sample"):
        embedded(queries, np.zeros((3, 3), np.float32))


def test_queries_and_documents_have_one_width():
    with pytest.raises(DataError, match="queries have 2 dimensions, documents 3"):
        embedded(np.zeros((2, 2), np.float32), np.zeros((3, 3), np.float32))
