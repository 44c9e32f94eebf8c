from __future__ import annotations

import json

import numpy as np
import pytest

from quantassay.errors import DataError
from quantassay.readers.logs.embeddings.reader import Embeddings

CORPUS = np.array([[1, 0], [0, 1], [3, 3], [0, 1]], np.float32)
QUERIES = np.array([[1, 0.5], [0, 2], [5, 5]], np.float32)


@pytest.fixture
def folder(tmp_path):
    here = tmp_path / "run"
    here.mkdir()
    np.save(here / "queries.npy", QUERIES)
    np.save(here / "corpus.npy", CORPUS)
    (here / "query_ids.txt").write_text("q0\nq1\nq2\n")
    (here / "corpus_ids.txt").write_text("a\nb\nc\nd\n")
    return here


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "qrels"
    path.write_text("q1 0 b 1\nq0 0 a 1\nq9 0 a 1\n")
    return [path]


def ranked(found):
    rankings = found.table.column("ranking").to_pylist()
    return [one and "".join(item["document"] for item in one) for one in rankings]


def test_exact_search_by_inner_product(folder, gold):
    assert Embeddings.recognizes(folder)
    (found,) = Embeddings.read_log(folder, gold)
    assert found.table.column("id").to_pylist() == ["q1", "q0", "q9"]
    # b and d are the same vector: the name that sorts last is first
    assert ranked(found) == ["cdba", "cadb", None]
    assert found.table.column("ranking")[0].as_py()[0]["score"] == 6.0
    assert found.facts == {"similarity": "inner product", "depth": "4"}
    said = "\n".join(found.notes)
    assert "index: exact search by inner product in float32, to depth 4" in said
    assert "queries that the qrels do not judge are left out (1): 'q2'" in said
    assert "queries of the qrels without documents here (1): 'q9'; they count as failed" in said


def test_cosine_and_depth_are_declared(folder, gold):
    (folder / "search.json").write_text(json.dumps({"similarity": "cosine", "depth": 2}))
    (found,) = Embeddings.read_log(folder, gold)
    assert ranked(found)[:2] == ["db", "ca"]
    assert found.facts == {"similarity": "cosine", "depth": "2"}


def test_int8_with_a_scale_on_one_side(folder, gold):
    (folder / "corpus.npy").unlink()
    scale = np.array([[1], [1], [0.01], [2]], np.float32)
    np.savez(folder / "corpus.npz", vectors=CORPUS.astype(np.int8), scale=scale)
    (found,) = Embeddings.read_log(folder, gold)
    assert ranked(found)[:2] == ["dbca", "dabc"]
    assert "queries are float32, the corpus is int8 times a scale" in "\n".join(found.notes)


def test_a_query_without_finite_vector_has_failed(folder, gold):
    np.save(folder / "queries.npy", np.array([[np.nan, 1], [0, 1], [1, 1]], np.float32))
    (found,) = Embeddings.read_log(folder, gold)
    assert ranked(found) == ["cdba", None, None]
    assert any(note.endswith("count as failed (1): 'q0'") for note in found.notes)


def test_a_faiss_index_is_noted(folder, gold):
    pytest.importorskip("faiss", reason="faiss is not installed: make test")
    (folder / "index.txt").write_text("Flat")
    (found,) = Embeddings.read_log(folder, gold)
    assert sorted(ranked(found)[0]) == list("abcd") and ranked(found)[0][0] == "c"
    assert any(note.startswith("index: faiss ") and " Flat by " in note for note in found.notes)
    assert set(found.facts) == {"similarity", "depth"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"depht": 3}', r"no key 'depht' .did you mean 'depth'"),
        ('{"depth": 0}', "depth a whole number of at least 1"),
        ('{"depth": true}', "depth a whole number of at least 1"),
        ('{"similarity": "l2"}', "similarity is one of inner product, cosine"),
        ("[1]", "no key"),
        ("{", "no JSON"),
    ],
)
def test_declarations_that_are_refused(folder, gold, text, said):
    (folder / "search.json").write_text(text)
    with pytest.raises(DataError, match=said):
        Embeddings.read_log(folder, gold)


def test_what_does_not_fit(folder, gold, tmp_path):
    np.save(folder / "queries.npy", QUERIES[:, :1])
    with pytest.raises(DataError, match="queries have 1 dimensions, the corpus 2"):
        Embeddings.read_log(folder, gold)
    assert not Embeddings.recognizes(tmp_path)
    assert not Embeddings.recognizes(gold[0])
