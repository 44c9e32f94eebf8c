"""Which documents are nearest to each query: rankings from vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from quantassay.readers.logs.trec.scored import ITEMS

from .exact_search import CORPUS, exact
from .faiss_search import FaissIndex

Floats = NDArray[np.float32]
DEPTH = 1000
SIMILARITIES = ("inner product", "cosine")


@dataclass(frozen=True)
class Search:
    """How documents are searched: similarity, depth, and by which index; None: exactly."""

    similarity: str = SIMILARITIES[0]
    depth: int = DEPTH
    index: FaissIndex | None = None

    def rankings(
        self,
        queries: Floats,
        corpus: Callable[[int], Iterator[Floats]],
        names: NDArray[np.str_],
    ) -> Any:
        """Return the nearest documents of each query, the best first.

        Parameters
        ----------
        queries : (n, width)
            One that is not finite has no ranking.
        corpus
            Yields all documents in blocks (b, width) of at most so many rows, in order; one that
            holds NaN is never found.
        names : (m,)
            Of the documents.

        Returns
        -------
        pyarrow.LargeListArray
            Of document and score (n,).
        """
        usable = np.asarray(np.isfinite(queries).all(axis=1))
        asked = self._scaled(queries[usable])

        def blocks(rows: int) -> Iterator[Floats]:
            return (self._scaled(block) for block in corpus(rows))

        order = np.argsort(np.argsort(np.char.encode(names, "utf-8")))
        if self.index is None:
            found = exact(asked, blocks(CORPUS), order, self.depth)
        else:
            found = self.index.search(asked, blocks, self.depth)
        return _lists(*found, usable, names)

    def words(self) -> str:
        """Say how it is searched."""
        index = "exact search" if self.index is None else self.index.words()
        return f"{index} by {self.similarity} in float32, to depth {self.depth}"

    def _scaled(self, block: Floats) -> Floats:
        if self.similarity != "cosine":
            return block
        length = np.linalg.norm(block, axis=1, keepdims=True)
        return np.asarray(block / np.where(length == 0, np.float32(1), length), np.float32)


def _lists(
    found: NDArray[np.int64], scores: Floats, usable: NDArray[np.bool_], names: NDArray[np.str_]
) -> Any:
    counts, kept = np.zeros(len(usable), np.int64), found >= 0
    counts[usable] = kept.sum(axis=1)
    places = found[kept].astype(np.int32)
    document = pa.DictionaryArray.from_arrays(places, pa.array(names, pa.string()))
    score = pa.array(scores[kept].astype(np.float64))
    items = pa.StructArray.from_arrays([document, score], ITEMS)
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int64())
    return pa.LargeListArray.from_arrays(offsets, items, mask=pa.array(~usable))
