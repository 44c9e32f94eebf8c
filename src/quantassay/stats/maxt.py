"""Many means at once over shared buckets: step-down max-T by multiplier bootstrap."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats

# Rows of multipliers that are drawn and multiplied at a time.
BLOCK = 500


def max_t(
    sizes: ArrayLike, totals: ArrayLike, margin: ArrayLike, seed: int, draws: int = 4000
) -> Floats:
    """Return p of 'the mean loss is the margin or less' of every cell, adjusted for all.

    Parameters
    ----------
    sizes, totals
        Samples, and sum of their differences, of every bucket and cell (m, k). Buckets are
        independent of each other; the cells of one bucket need not be.
    margin
        Loss in the metric's unit, one or one for every cell (k,); NaN: not tested.
    seed
        Of the multipliers.
    draws
        Multiplier draws; the smallest p is 1 / (draws + 1).

    Returns
    -------
    Floats
        Adjusted values (k,) in (0, 1]; NaN where the margin is NaN, there is no sample, or no
        bucket differs.

    Raises
    ------
    ValueError
        If shapes differ, there are fewer than two buckets, or no draw is asked for.

    Notes
    -----
    Standard normal multipliers are drawn once over the buckets and shared by all cells, so that
    their dependence is kept (Chernozhukov, Chetverikov and Kato, 2013, Annals of Statistics
    41:2786); step-down as Westfall and Young, Resampling-Based Multiple Testing, 1993, algorithm
    2.8. The size is asymptotic in the number of buckets: where losses are rare or heavy-tailed
    it is not kept, so that these p-values describe and never decide.
    """
    n, loss = np.asarray(sizes, np.float64), -np.asarray(totals, np.float64)
    if n.ndim != 2 or n.shape != loss.shape or len(n) < 2 or draws < 1:
        msg = "sizes and totals are (buckets, cells) of two buckets or more, and draws 1 or more"
        raise ValueError(msg)
    statistic, influence = _studentized(n, loss, np.asarray(margin, np.float64))
    tested = np.flatnonzero(~np.isnan(statistic))
    adjusted = np.full(len(statistic), np.nan)
    order = tested[np.argsort(-statistic[tested], kind="stable")]
    exceeded = _exceedances(influence[:, order], statistic[order], seed, draws)
    adjusted[order] = np.maximum.accumulate((1 + exceeded) / (1 + draws))
    return adjusted


def _studentized(n: Floats, loss: Floats, margin: Floats) -> tuple[Floats, Floats]:
    """Return t of every cell (k,), and the unit influence of every bucket on it (m, k)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        size = n.sum(axis=0)
        mean = loss.sum(axis=0) / size
        influence = (loss - mean * n) / size
        spread = np.sqrt((influence**2).sum(axis=0))
        known = spread > 1e-12 * (np.abs(mean) + np.abs(margin))
        spread = np.where(known, spread, np.nan)
        correction = np.sqrt((len(n) - 1) / len(n))
        return (mean - margin) / spread * correction, influence / spread


def _exceedances(influence: Floats, statistic: Floats, seed: int, draws: int) -> Floats:
    """Count draws in which a cell, or one after it, exceeds its statistic; cells by falling t."""
    rng, columns = np.random.default_rng(seed), influence.astype(np.float32)
    found = np.zeros(len(statistic))
    for start in range(0, draws, BLOCK):
        rows = min(BLOCK, draws - start)
        weights = rng.standard_normal((rows, len(columns)), dtype=np.float32)
        drawn = weights @ columns
        later = np.maximum.accumulate(drawn[:, ::-1], axis=1)[:, ::-1]
        found += (later >= statistic).sum(axis=0)
    return found
