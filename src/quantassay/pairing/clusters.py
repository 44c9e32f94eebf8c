"""Which samples are not independent of each other."""

from __future__ import annotations

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
