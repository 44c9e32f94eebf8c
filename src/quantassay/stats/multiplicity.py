"""Adjustment of p-values of one family."""

from __future__ import annotations

from collections.abc import Callable

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
    Rejecting what is at most alpha keeps the probability of any false rejection at alpha, however
    the tests depend on each other. Holm, 1979, Scandinavian Journal of Statistics 6:65.

    Examples
    --------
    >>> holm([0.01, 0.04, float("nan")]).tolist()
    [0.02, 0.04, nan]
    """
    return _adjusted(p, _step_down)


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Return p-values adjusted for the false discovery rate (q-values).

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
    Of what is listed at q or less, a share of at most q is false on average, if the tests are
    independent or positively dependent: a list of suspects, not of findings. Benjamini and
    Hochberg, 1995, Journal of the Royal Statistical Society B 57:289.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, float("nan")]).tolist()
    [0.02, 0.04, nan]
    """
    return _adjusted(p, _step_up)


def _step_down(rising: Floats) -> Floats:
    return np.maximum.accumulate(rising * np.arange(len(rising), 0, -1))


def _step_up(rising: Floats) -> Floats:
    scaled = rising * len(rising) / np.arange(1, len(rising) + 1)
    return np.minimum.accumulate(scaled[::-1])[::-1]


def _adjusted(p: ArrayLike, rule: Callable[[Floats], Floats]) -> Floats:
    """Apply a rule for rising p-values to those that were tested."""
    values = np.asarray(p, np.float64)
    tested = ~np.isnan(values)
    if values.ndim != 1 or np.any((values[tested] < 0) | (values[tested] > 1)):
        msg = "p-values are one row of numbers in [0, 1]"
        raise ValueError(msg)
    order = np.flatnonzero(tested)[np.argsort(values[tested], kind="stable")]
    adjusted = np.full(values.shape, np.nan)
    adjusted[order] = np.minimum(rule(values[order]), 1.0)
    return adjusted
