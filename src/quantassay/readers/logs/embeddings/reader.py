"""Embeddings of queries and of a corpus: a folder that is searched, by query, with qrels."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from quantassay.errors import DataError, nearest, some
from quantassay.readers.contract import Recording
from quantassay.readers.logs.trec.qrels import left_out, read_qrels
from quantassay.readers.logs.trec.scored import notes_on, sensible_metrics

from .exact_search import CORPUS
from .faiss_search import read_index
from .search import DEPTH, SIMILARITIES, Search
from .vectors import Floats, Vectors, file_of, read_vectors

INDEX, DECLARED = "index.txt", "search.json"


class Embeddings:
    """A folder of ``queries`` and ``corpus``, each ``.npy``, ``.npz`` or ``.parquet``.

    Names stand in the files (``ids``, column ``id``) or a line each in ``query_ids.txt`` and
    ``corpus_ids.txt``. ``search.json`` may declare ``similarity`` ("inner product" where it does
    not, or "cosine") and ``depth``; ``index.txt`` holds the string of a faiss index, then settings
    such as ``efSearch=64``. Declare the depth that is used in earnest: an index that searches at
    least as widely as it is asked finds more at a greater depth.
    """

    name = "embeddings"
    gold = "qrels"

    @staticmethod
    def recognizes(path: Path) -> bool:
        """Return whether a folder has the two files."""
        return path.is_dir() and all(file_of(path, stem) for stem in ("queries", "corpus"))

    @staticmethod
    def read_log(path: Path, gold: Sequence[Path] = ()) -> list[Recording]:
        """Return what is found for every query that has a relevant document.

        Raises
        ------
        DataError
            If a file is damaged or missing, or the qrels judge none of the queries.
        """
        qrels = read_qrels(gold, str(path))
        queries = read_vectors(path, "queries", "query_ids.txt")
        corpus = read_vectors(path, "corpus", "corpus_ids.txt")
        if queries.width != corpus.width:
            msg = f"{path}: queries have {queries.width} dimensions, the corpus {corpus.width}"
            raise DataError(msg)
        skipped = left_out(qrels, pa.array(queries.ids), path)
        search = _declared(path, len(corpus.ids))
        rankings, failed = _rankings(queries, corpus, qrels.queries, search)
        table = pa.table({"id": qrels.queries, "relevant": qrels.relevant, "ranking": rankings})
        notes = (*qrels.notes, *skipped, *_said(queries, corpus, search), *_failures(failed))
        return [
            Recording(
                table,
                "embeddings",
                metrics=sensible_metrics(rankings),
                facts={"similarity": search.similarity, "depth": str(search.depth)},
                notes=(*notes, *notes_on(rankings, qrels.queries)),
            )
        ]


def _declared(folder: Path, documents: int) -> Search:
    given: Any = {}
    if (folder / DECLARED).is_file():
        try:
            given = json.loads((folder / DECLARED).read_bytes()[: 1 << 16])
        except ValueError as error:
            msg = f"{folder / DECLARED}: no JSON: {error}"
            raise DataError(msg) from error
    known = ("similarity", "depth")
    for key in given if isinstance(given, dict) else [str(given)[:40]]:
        if key not in known:
            there = f"; there are: {', '.join(known)}"
            msg = f"{folder / DECLARED}: no key {key!r}{nearest(key, known)}{there}"
            raise DataError(msg)
    similarity, depth = given.get("similarity", SIMILARITIES[0]), given.get("depth", DEPTH)
    if similarity not in SIMILARITIES or type(depth) is not int or depth < 1:
        msg = (
            f"{folder / DECLARED}: similarity is one of {', '.join(SIMILARITIES)}, depth a whole "
            f"number of at least 1; they are {similarity!r} and {depth!r}"
        )
        raise DataError(msg)
    index = read_index(folder / INDEX) if (folder / INDEX).is_file() else None
    return Search(similarity, min(depth, documents), index)


def _rankings(
    queries: Vectors, corpus: Vectors, asked: Any, search: Search
) -> tuple[Any, list[str]]:
    """Return the ranking of each query that is asked, and the names of those without vector."""
    place = pc.index_in(asked, value_set=pa.array(queries.ids, asked.type)).to_numpy(
        zero_copy_only=False
    )
    there = np.flatnonzero(~np.isnan(place.astype(float)))
    own = np.full((len(asked), queries.width), np.nan, np.float32)
    own[there] = _taken(queries.blocks(CORPUS), place[there].astype(np.int64), queries.width)
    broken = there[~np.isfinite(own[there]).all(axis=1)]
    lists = search.rankings(own, corpus.blocks, corpus.ids)
    return lists, asked.take(pa.array(broken)).to_pylist()


def _taken(blocks: Iterator[Floats], places: NDArray[np.int64], width: int) -> Floats:
    """Return the vectors at some places (m, width), reading each block once."""
    taken, start = np.empty((len(places), width), np.float32), 0
    for block in blocks:
        inside = (places >= start) & (places < start + len(block))
        taken[inside] = block[places[inside] - start]
        start += len(block)
    return taken


def _said(queries: Vectors, corpus: Vectors, search: Search) -> tuple[str, ...]:
    return (
        f"index: {search.words()}; queries are {queries.kind}, the corpus is {corpus.kind}; both "
        f"of {corpus.width} dimensions",
    )


def _failures(failed: list[str]) -> tuple[str, ...]:
    if not failed:
        return ()
    said = f"queries without a vector of finite numbers count as failed ({len(failed)})"
    return (f"{said}: {some(failed)}",)
