"""A model that embeds queries and documents, from the rubric to the claim verified."""

import json
import re

import pytest

import quantassay as qa
from quantassay.errors import QuantassayError, RubricError

FUNCTIONS = """
import zlib
from functools import cache
import numpy as np


@cache
def vector(text):
    return np.random.default_rng(zlib.crc32(text.encode())).normal(size=48)


def vectors(texts, noise):
    found = [sum(map(vector, text.split())) + noise * vector(text) for text in texts]
    return np.array(found, np.float32)


def full(texts):
    return vectors(texts, 0.0)


def near(texts):
    return vectors(texts, 0.1)


def far(texts):
    return vectors(texts, 9.0)
"""
ASSAY = """
rubric: search/1
task:
  name: find the text
  data: {path: queries.jsonl, id: q, input: text, target: doc}
  outputs: {kind: embeddings, corpus: {path: documents.jsonl, id: doc}, depth: 20}
  composition: made up
  clusters: independent
strata: [half]
metrics:
  - {name: recall@1, margin: 0.1}
reference: full
timing: {blocks: 10, duration: 0.01s, warmup: 0.01s}
variants:
  full: {engine: "python:mine:full", precision: fp32}
  near: {engine: "python:mine:near", precision: int8}
  far: {engine: "python:mine:far", precision: int4}
  same: {engine: "python:mine:full", precision: int8, gate: false}
"""
N = 120


def lines(path, rows):
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("search")
    (made / "mine.py").write_text(FUNCTIONS)
    (made / "assay.yaml").write_text(ASSAY)
    texts = [" ".join(f"w{(at * 7 + step * step) % 211}" for step in range(8)) for at in range(N)]
    lines(made / "documents.jsonl", [{"doc": at, "text": text} for at, text in enumerate(texts)])
    rows = [
        {"q": f"q{at}", "text": " ".join(text.split()[:4]), "doc": at, "half": at % 2}
        for at, text in enumerate(texts)
    ]
    lines(made / "queries.jsonl", rows)
    return made


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUANTASSAY_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def result(folder):
    return qa.run(folder / "assay.yaml", folder / "run")


def test_each_candidate_is_judged_by_what_it_finds(result):
    verdicts = {name: one.verdict for name, one in result.comparison.candidates.items()}
    assert verdicts == {"near": "pass", "far": "fail", "same": "insufficient"}


def test_the_cosine_to_the_reference_is_shown_with_n(result):
    found = {
        (one.candidate, one.name): one for one in result.comparison.agreements if one.stratum == {}
    }
    for name in ("cosine", "document_cosine"):
        assert found["same", name].value == pytest.approx(1)
        assert found["near", name].value > 0.99 > 0.7 > found["far", name].value
        assert found["near", name].n == N
    assert found["same", "flips"].value == 0


def test_the_search_and_the_corpus_are_told(result):
    (said,) = [text for text in result.findings if "documents.jsonl" in text]
    assert "120 documents" in said and "exact search by cosine in float32, to depth 20" in said
    assert result.noise_floor.identical_outputs and result.noise_floor.answer_changes == 0


def test_the_claim_is_verified_from_the_run_folder(folder, result):
    found = qa.verify(folder / "run" / "claim.json")
    assert [one for one in found.checks if one.outcome == "differs"] == []
    assert any("agreements" in one.what for one in found.checks)


def test_another_corpus_is_another_test_set(folder, result, tmp_path):
    for file in ("mine.py", "queries.jsonl"):
        (tmp_path / file).write_text((folder / file).read_text())
    longer = (folder / "documents.jsonl").read_text() + '{"doc": 999, "text": "w1 w2"}\n'
    (tmp_path / "documents.jsonl").write_text(longer)
    short = re.sub(r"  (far|same):.*\n", "", ASSAY)
    (tmp_path / "assay.yaml").write_text(short)
    again = qa.run(tmp_path / "assay.yaml", tmp_path / "run")
    assert again.test_set.digest != result.test_set.digest


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", corpus: {path: documents.jsonl, id: doc}", "", "name a 'corpus'"),
        ("kind: embeddings", "kind: scores", "'corpus' goes with 'kind: embeddings'"),
        (", target: doc", "", "name the column of the relevant document's id"),
        ("id: doc}", "id: doc, target: text}", "a corpus holds documents alone"),
        ("recall@1,", "recall@30,", "recall@30 looks at 30 documents, and 20 are ranked"),
        ("path: documents", "path: document", "no such file"),
    ],
)
def test_what_is_wrong_is_said(folder, old, new, said):
    path = folder / "wrong.yaml"
    assert old in ASSAY
    path.write_text(ASSAY.replace(old, new, 1))
    with pytest.raises((RubricError, QuantassayError), match=re.escape(said)):
        qa.run(path, folder / "wrong")
