"""Which samples are not independent of each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from quantassay.errors import DataError

from .strata import column_of


def cluster_codes(table: pa.Table, column: str) -> NDArray[np.intp]:
    """Return the cluster of each sample as a code (n,).

    Raises
    ------
    DataError
        If the column is missing or has nulls.
    """
    values = column_of(table, column)
    if values.null_count:
        msg = (
            f"cluster column {column!r} is empty for {values.null_count} samples: name each cluster"
        )
        raise DataError(msg)
    text = values.cast(pa.string()).to_numpy(zero_copy_only=False).astype(np.str_)
    return np.asarray(np.unique(text, return_inverse=True)[1], np.intp)


def merged_by_content(
    units: NDArray[np.intp] | None, contents: NDArray[Any]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Join clusters that share a sample of the same content.

    Parameters
    ----------
    units
        Cluster of each sample (n,); None: every sample is its own.
    contents
        Content of each sample (n,), as anything that can be sorted.

    Returns
    -------
    tuple of ndarray
        Cluster of each sample (n,), and which repeat the content of an earlier sample of another
        cluster (n,).
    """
    # a third of a second to import, which comparing recorded tables does not need
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    own = np.arange(len(contents)) if units is None else units
    _, first, codes = np.unique(contents, return_index=True, return_inverse=True)
    repeats = own != own[first[codes]]
    width = int(own.max()) + 1
    nodes = width + len(first)
    edges = coo_matrix((np.ones(len(own)), (own, width + codes)), shape=(nodes, nodes))
    merged = connected_components(edges, directed=False)[1][own]
    return np.asarray(np.unique(merged, return_inverse=True)[1], np.intp), repeats
