"""Are these probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError

TOLERANCE = 1e-3


def check_probabilities(
    values: NDArray[Any], rows: NDArray[np.bool_], ids: NDArray[np.str_] | None, mend: str
) -> None:
    """Raise DataError where a row leaves [0, 1] or does not sum to one within 1e-3.

    Parameters
    ----------
    values : ndarray, (n, k)
    rows : ndarray of bool, (n,)
        Rows to check.
    ids : ndarray of str, (n,), or None
        Names of the samples; else they are named by row.
    mend : str
        What ends the message: how to put it right.
    """
    with np.errstate(invalid="ignore"):
        sums = values.sum(axis=1, dtype=np.float64)
    outside = ((values < -TOLERANCE) | (values > 1 + TOLERANCE)).any(axis=1) & rows
    off = ~(np.abs(sums - 1) <= TOLERANCE) & rows
    odd = np.flatnonzero(outside | off)
    if not len(odd):
        return
    at = odd[np.argmax(np.abs(sums[odd] - 1))]
    name = f"sample {str(ids[at])!r}" if ids is not None else f"row {at}"
    more = f" ({len(odd)} samples in all)" if len(odd) > 1 else ""
    if off[at]:
        what = f"probabilities of {name} sum to {sums[at]:.4g}, not 1{more}"
    else:
        low, high = values[at].min(), values[at].max()
        what = f"probabilities of {name} leave [0, 1]: {low:.4g} to {high:.4g}{more}"
    msg = f"{what}; {mend}"
    raise DataError(msg)
