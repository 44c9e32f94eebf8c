"""What embeddings of queries and of a corpus come to: rankings, and whom they were to find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from quantassay.errors import DataError, some
from quantassay.records.ragged import Ragged, ragged

from .columns.arrays import is_list, joined
from .columns.ids import as_ids
from .logs.embeddings.search import Search
from .outputs import Fields

Floats = NDArray[np.float32]
RELEVANT, RANKING = "relevant", "ranking"
EMBEDDING, DOCUMENTS = "embedding", "relevant_embedding"


def relevant_lists(
    column: Any, name: str, ids: NDArray[np.str_], corpus: NDArray[np.str_], where: Path
) -> Any:
    """Read a column of ids, or of lists of ids, as the documents relevant to each query.

    Parameters
    ----------
    column
        Arrow, (n,).
    name
        Of the column, for messages.
    ids : (n,)
        Of the queries.
    corpus : (m,)
        Names of all documents.
    where
        The file, for messages.

    Returns
    -------
    pyarrow.Array
        Lists of document and grade, which is 1 (n,).

    Raises
    ------
    DataError
        If a query has none, or the corpus lacks one.
    """
    column = joined(column)
    if not is_list(column.type):
        lists = Ragged(np.arange(len(column) + 1), {"": column}, np.zeros(len(column), bool))
    else:
        lists = ragged(column)
    without = lists.missing | (lists.lengths == 0)
    nulls = lists.flat[""].is_null().to_numpy(zero_copy_only=False)
    without[lists.sample[nulls]] = True
    if without.any():
        listed = some(ids[without].tolist())
        msg = f"{where}: {int(without.sum())} queries have no document in {name!r}: {listed}"
        raise DataError(msg)
    documents = as_ids(lists.flat[""], f"{where}, column {name!r}")
    unknown = ~np.isin(documents, corpus)
    if unknown.any():
        first = ids[lists.sample[unknown]][0]
        msg = (
            f"{where}: column {name!r} names {int(unknown.sum())} documents that the corpus does "
            f"not hold, the first for {str(first)!r}: {some(documents[unknown].tolist())}"
        )
        raise DataError(msg)
    items = pa.StructArray.from_arrays(
        [pa.array(documents), pa.array(np.ones(len(documents), np.int64))], ["document", "grade"]
    )
    return pa.ListArray.from_arrays(pa.array(lists.offsets, pa.int32()), items)


@dataclass(frozen=True)
class Embedded:
    """One variant's vectors of the queries (n, width) and of the corpus (m, width)."""

    queries: Floats
    documents: Floats

    def fields(self, names: NDArray[np.str_], relevant: Any, search: Search) -> Fields:
        """Search the corpus for every query.

        Parameters
        ----------
        names : (m,)
            Of the documents.
        relevant
            Lists of those relevant to each query (n,).
        search
            How.

        Returns
        -------
        Fields
            ``labels`` is the document found first; ``failed`` marks queries that are not finite,
            or of which a relevant document is not.
        """
        lists = ragged(relevant)
        places = pc.index_in(
            pc.cast(lists.flat["document"], pa.string()), value_set=pa.array(names, pa.string())
        ).to_numpy(zero_copy_only=False)
        sought = self.documents[places]
        lost = ~np.isfinite(sought).all(axis=1)
        failed = np.asarray(~np.isfinite(self.queries).all(axis=1))
        failed[lists.sample[lost]] = True
        rankings = search.rankings(self.queries, self._blocks, names)
        columns = {
            RANKING: rankings,
            EMBEDDING: _rows(self.queries),
            DOCUMENTS: _together(lists, sought),
        }
        return {"failed": failed, "labels": _first(rankings), "table": pa.table(columns)}

    def _blocks(self, rows: int) -> Iterator[Floats]:
        return (self.documents[at : at + rows] for at in range(0, len(self.documents), rows))


def embedded(queries: NDArray[Any], documents: NDArray[Any]) -> Embedded:
    """Check that outputs are vectors, of one width on both sides.

    Raises
    ------
    DataError
        If they are not.
    """
    for array, what in ((queries, "queries"), (documents, "documents")):
        if array.dtype.kind != "f" or array.ndim != 2:
            msg = (
                f"embeddings are one row of numbers a sample; those of the {what} are "
                f"{array.dtype} of shape {array.shape}: name another output in 'outputs: name', "
                "or pool the tokens in the model"
            )
            raise DataError(msg)
    if queries.shape[1] != documents.shape[1]:
        msg = f"queries have {queries.shape[1]} dimensions, documents {documents.shape[1]}"
        raise DataError(msg)
    return Embedded(queries.astype(np.float32), documents.astype(np.float32))


def _rows(vectors: Floats) -> Any:
    return pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])


def _together(lists: Ragged, vectors: Floats) -> Any:
    """Join the unit vectors of each query's documents: the cosine of two is their mean cosine."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        units = (vectors / length).astype(np.float32)
    offsets = pa.array(lists.offsets * vectors.shape[1], pa.int64())
    return pa.LargeListArray.from_arrays(offsets, pa.array(units.ravel()))


def _first(rankings: Any) -> NDArray[np.str_]:
    """Return the name of each query's first document; '' where it has none."""
    lists = ragged(rankings)
    named = lists.lengths > 0
    found = np.full(len(lists), "", object)
    firsts = lists.flat["document"].take(pa.array(lists.offsets[:-1][named]))
    found[named] = firsts.cast(pa.string()).to_numpy(zero_copy_only=False)
    return found.astype(np.str_)
