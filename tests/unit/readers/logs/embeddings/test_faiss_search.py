from __future__ import annotations

import sys

import numpy as np
import pytest

from quantassay.errors import DataError, PluginError
from quantassay.readers.logs.embeddings.exact_search import exact
from quantassay.readers.logs.embeddings.faiss_search import FaissIndex, read_index

pytest.importorskip("faiss", reason="faiss is not installed: make test")
RANDOM = np.random.default_rng(3)
CORPUS = RANDOM.normal(size=(300, 8)).astype(np.float32)
QUERIES = CORPUS[:20] + RANDOM.normal(size=(20, 8)).astype(np.float32) / 10


def blocks(rows):
    return (CORPUS[at : at + rows] for at in range(0, len(CORPUS), rows))


@pytest.mark.parametrize(
    ("index", "least"),
    [
        (FaissIndex("Flat"), 1.0),
        (FaissIndex("SQ8"), 0.9),
        (FaissIndex("HNSW16", {"efSearch": 64}), 0.9),
        (FaissIndex("IVF4,Flat", {"nprobe": 4}), 1.0),
    ],
)
def test_near_to_exact_search_and_the_same_each_time(index, least):
    found, scores = index.search(QUERIES, blocks, 10)
    wanted, values = exact(QUERIES, blocks(100), np.arange(300), 10)
    same = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found, wanted, strict=True)])
    assert same >= least
    if least == 1.0:
        np.testing.assert_allclose(scores, values, 1e-5, 1e-5)
    again, _ = index.search(QUERIES, blocks, 10)
    assert np.array_equal(found, again)


def test_a_document_that_is_no_number_is_never_found():
    broken = CORPUS[:50].copy()
    broken[7, 0] = np.nan
    found, _ = FaissIndex("Flat").search(QUERIES, lambda _: iter([broken]), 50)
    assert (found != 7).all()
    assert ((found == -1).sum(axis=1) == 1).all()


def test_words_name_the_version():
    assert FaissIndex("HNSW32", {"efSearch": 64}).words().startswith("faiss ")
    assert FaissIndex("HNSW32", {"efSearch": 64}).words().endswith(" HNSW32, efSearch 64")


def test_a_file_of_string_and_settings(tmp_path):
    (tmp_path / "index.txt").write_text("IVF16,SQ8\n\nnprobe = 4\n")
    assert read_index(tmp_path / "index.txt") == FaissIndex("IVF16,SQ8", {"nprobe": 4})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'' is no string"),
        ("HNSW999999999", "is no string of a faiss index"),
        ("rm -rf", "is no string of a faiss index"),
        ("Flat\nnprobe", "'nprobe' is not of the form name=number"),
    ],
)
def test_other_files_are_refused(tmp_path, text, said):
    (tmp_path / "index.txt").write_text(text)
    with pytest.raises(DataError, match=said):
        read_index(tmp_path / "index.txt")


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (FaissIndex("Nope"), "'Nope': could not parse index string Nope"),
        (FaissIndex("Flat", {"nprobe": 1}), "could not set parameter nprobe"),
        (FaissIndex("IVF4096,Flat"), "cannot use the index"),
    ],
)
def test_what_faiss_refuses(index, said):
    with pytest.raises(DataError, match=said):
        index.search(QUERIES, blocks, 10)


def test_without_faiss(monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(PluginError, match=r'pip install "quantassay\[retrieval\]"'):
        FaissIndex("Flat").words()
