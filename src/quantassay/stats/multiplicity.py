"""Adjustment of p-values of one family."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats


def holm(p: ArrayLike) -> Floats:
    """Return p-values adjusted by Holm's step-down rule.

    Parameters
    ----------
    p
        p-values (k,); NaN marks a hypothesis that was not tested and does not count.

    Returns
    -------
    Floats
        Adjusted values (k,) in [0, 1]; NaN stays NaN.

    Raises
    ------
    ValueError
        If a value is outside [0, 1].

    Notes
    -----
    Holm, 1979, Scandinavian Journal of Statistics 6:65.

    Examples
    --------
    >>> holm([0.01, 0.04, float("nan")]).tolist()
    [0.02, 0.04, nan]
    """
    values = np.asarray(p, np.float64)
    tested = ~np.isnan(values)
    if values.ndim != 1 or np.any((values[tested] < 0) | (values[tested] > 1)):
        msg = "p-values are one row of numbers in [0, 1]"
        raise ValueError(msg)
    order = np.argsort(values[tested], kind="stable")
    scaled = values[tested][order] * np.arange(tested.sum(), 0, -1)
    adjusted = np.full(values.shape, np.nan)
    adjusted[np.flatnonzero(tested)[order]] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return adjusted
