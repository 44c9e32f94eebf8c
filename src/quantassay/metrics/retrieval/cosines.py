"""Cosine of a vector to the reference's."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import DataError
from quantassay.records.ragged import Ragged, vectors
from quantassay.records.samples import Predictions, Samples


class Cosine:
    """Mean cosine of each sample's embedding to that of the reference."""

    name: ClassVar[str] = "cosine"
    column: ClassVar[str] = "embedding"
    unit: ClassVar[str] = "cosine"
    definition: ClassVar[str] = (
        "mean cosine of each sample's embedding to the reference's embedding of it; needs no "
        "targets"
    )
    cap: ClassVar[float | None] = 1.0
    least: ClassVar[float] = -1.0

    def pair_rows(
        self, samples: Samples, reference: Predictions, candidate: Predictions
    ) -> NDArray[np.float64] | None:
        """Return the cosine of each sample (n,), NaN for zero vectors; None without embeddings.

        Raises
        ------
        DataError
            If the two sides' embeddings differ in length.
        """
        first, second = (vectors(side.table, self.column) for side in (reference, candidate))
        if first is None or second is None:
            return None
        both = ~(first.missing | second.missing)
        if (first.lengths != second.lengths)[both].any():
            at = int(np.argmax((first.lengths != second.lengths) & both))
            msg = (
                f"{self.name}: embeddings of {str(samples.ids[at])!r} have {first.lengths[at]} "
                f"dimensions in the reference, {second.lengths[at]} in the candidate"
            )
            raise DataError(msg)
        return _cosines(first, second, both)


class RelevantCosine(Cosine):
    """Mean cosine of the embeddings of each query's relevant documents to the reference's."""

    name: ClassVar[str] = "document_cosine"
    column: ClassVar[str] = "relevant_embedding"
    definition: ClassVar[str] = (
        "mean over queries of the mean cosine of the embeddings of their relevant documents to "
        "the reference's; reads no ranking"
    )


def _cosines(first: Ragged, second: Ragged, both: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return a cosine for each sample that has both vectors (n,)."""
    kept = [side.numbers()[both[side.sample]] for side in (first, second)]
    sample = first.sample[both[first.sample]]
    n = len(both)
    product = np.bincount(sample, kept[0] * kept[1], n)
    squares = np.bincount(sample, kept[0] ** 2, n) * np.bincount(sample, kept[1] ** 2, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(both, product / np.sqrt(squares), np.nan)
    return np.clip(found, -1.0, 1.0)
