"""Metrics that are functions of sums: paired jackknife over buckets with pseudo-samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, scalar
from .pseudo import p_over_levels, pseudo_count

Value: TypeAlias = Callable[[Any], Any]


def ratio_bounds(
    ref_totals: ArrayLike,
    cand_totals: ArrayLike,
    value: Value,
    pseudo_ref_row: ArrayLike,
    pseudo_cand_row: ArrayLike,
    alpha: float,
    df: float,
) -> tuple[Floats, Floats]:
    """Return the interval of the loss of a metric of sums, each end one-sided at ``alpha``.

    Parameters
    ----------
    ref_totals, cand_totals
        Sums of the reference's and the candidate's rows in every occupied bucket (m, d).
    value
        Maps sums (..., d) to the metric (...), higher is better; NaN where undefined.
    pseudo_ref_row, pseudo_cand_row
        Rows (d,) of the most harmful sample: the reference's best beside the candidate's worst.
    alpha
        One-sided level in (0, .5].
    df
        Degrees of freedom: the smaller of buckets and positives, less one.

    Returns
    -------
    tuple of Floats
        Low and high end of the loss; NaN where the metric is undefined on the whole or on any
        part, or where ``df`` is below 1.

    Raises
    ------
    ValueError
        If shapes do not fit, or the level is out of range.

    Notes
    -----
    `pseudo_count` pseudo-samples, two at least, each in a bucket of its own. For the low end the
    two sides are swapped.
    """
    level = check_alpha(alpha)
    harm = np.asarray(pseudo_ref_row, np.float64), np.asarray(pseudo_cand_row, np.float64)
    ref, cand = _check_totals(ref_totals, cand_totals, *harm)
    count, t = _count(int(pseudo_count(level))), special.stdtrit(df, level)

    def upper(better: Floats, worse: Floats) -> Floats:
        loss, error = _jackknife(better, worse, value, *harm, count)
        return np.asarray(loss - t * error if df >= 1 else np.nan)

    return scalar(-upper(cand, ref)), scalar(upper(ref, cand))


def ratio_p_within(
    ref_totals: ArrayLike,
    cand_totals: ArrayLike,
    value: Value,
    pseudo_ref_row: ArrayLike,
    pseudo_cand_row: ArrayLike,
    margin: float,
    df: float,
) -> Floats:
    """Return p of the hypothesis that the loss is ``margin`` or more.

    Parameters
    ----------
    ref_totals, cand_totals, value, pseudo_ref_row, pseudo_cand_row, df
        As for `ratio_bounds`.
    margin
        Loss in the metric's unit; NaN gives NaN.

    Returns
    -------
    Floats
        The largest level whose high end is not below the margin; NaN where undefined.
    """
    harm = np.asarray(pseudo_ref_row, np.float64), np.asarray(pseudo_cand_row, np.float64)
    ref, cand = _check_totals(ref_totals, cand_totals, *harm)

    def p_with(count: int) -> Floats:
        loss, error = _jackknife(ref, cand, value, *harm, _count(count))
        if df < 1 or np.isnan(loss + error + margin):
            return np.asarray(np.nan)
        if error == 0:
            return np.asarray(float(loss >= margin))
        return np.asarray(special.stdtr(df, (loss - margin) / error))

    return scalar(p_over_levels(p_with))


def ratio_p_beyond(
    ref_totals: ArrayLike,
    cand_totals: ArrayLike,
    value: Value,
    pseudo_ref_row: ArrayLike,
    pseudo_cand_row: ArrayLike,
    margin: float,
    df: float,
) -> Floats:
    """Return p of the hypothesis that the loss is ``margin`` or less; see `ratio_p_within`."""
    return ratio_p_within(
        cand_totals, ref_totals, value, pseudo_ref_row, pseudo_cand_row, -margin, df
    )


def ratio_standard_error(ref_totals: ArrayLike, cand_totals: ArrayLike, value: Value) -> Floats:
    """Return the jackknife standard error of the paired loss, without pseudo-samples.

    Parameters
    ----------
    ref_totals, cand_totals, value
        As for `ratio_bounds`.

    Returns
    -------
    Floats
        In the metric's unit; NaN where it is undefined or there are fewer than two buckets.
    """
    none = np.zeros(np.shape(ref_totals)[-1:])
    ref, cand = _check_totals(ref_totals, cand_totals, none, none)
    return scalar(_jackknife(ref, cand, value, none, none, 0)[1])


def _count(count: int) -> int:
    return max(count, 2)


def _check_totals(
    ref_totals: ArrayLike, cand_totals: ArrayLike, pseudo_ref: Floats, pseudo_cand: Floats
) -> tuple[Floats, Floats]:
    ref, cand = np.asarray(ref_totals, np.float64), np.asarray(cand_totals, np.float64)
    row = ref.shape[1:]
    if ref.ndim != 2 or ref.shape != cand.shape or {pseudo_ref.shape, pseudo_cand.shape} != {row}:
        msg = "totals are (buckets, d) on both sides, and pseudo-rows (d,)"
        raise ValueError(msg)
    return ref, cand


def _jackknife(
    ref: Floats,
    cand: Floats,
    value: Value,
    pseudo_ref: Floats,
    pseudo_cand: Floats,
    count: int,
) -> tuple[float, float]:
    """Return the loss and its standard error with ``count`` pseudo-samples appended."""
    ref = np.concatenate([ref, np.tile(pseudo_ref, (count, 1))])
    cand = np.concatenate([cand, np.tile(pseudo_cand, (count, 1))])
    buckets, ref_sum, cand_sum = len(ref), ref.sum(axis=0), cand.sum(axis=0)
    if buckets < 2:
        return np.nan, np.nan
    without = np.asarray(value(ref_sum - ref)) - np.asarray(value(cand_sum - cand))
    loss = float(value(ref_sum)) - float(value(cand_sum))
    return loss, float(np.sqrt((buckets - 1) * without.var()))
