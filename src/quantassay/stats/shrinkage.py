"""Losses of many groups drawn towards their mean: what the worst of them is likely to be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, check_counts

FEWEST = 4


@dataclass(frozen=True)
class Shrunk:
    """Losses drawn towards a common mean.

    Attributes
    ----------
    loss
        Empirical-Bayes loss of each group (k,); NaN where it was not measured.
    mean
        The common mean.
    between
        Variance of the true losses between groups, 0 or more.
    """

    loss: Floats
    mean: float
    between: float


def pooled_variance(losses: ArrayLike, gains: ArrayLike, n: ArrayLike) -> Floats:
    """Return the variance of each group's paired binary loss at the discordance of all groups.

    Parameters
    ----------
    losses, gains, n
        Counts of each group (k,).

    Returns
    -------
    Floats
        ``(psi - loss^2) / n_i`` (k,) with psi and loss of all groups together; NaN where n is 0.
        A group without a discordant pair would otherwise seem to be known exactly.

    Raises
    ------
    ValueError
        If counts do not fit in one another.
    """
    b, c, size = check_counts(losses, gains, n)
    whole = size.sum()
    if whole == 0:
        return np.full(size.shape, np.nan)
    discordance, loss = (b + c).sum() / whole, (b - c).sum() / whole
    with np.errstate(divide="ignore"):
        return np.where(size > 0, (discordance - loss**2) / np.where(size > 0, size, 1), np.nan)


def shrink(loss: ArrayLike, variance: ArrayLike) -> Shrunk:
    """Draw each group's loss towards the common mean, the more the less is known of it.

    Parameters
    ----------
    loss
        Observed loss of each group (k,); NaN where there is none.
    variance
        Sampling variance of each (k,), known rather than estimated group by group.

    Returns
    -------
    Shrunk
        Never a basis for a verdict: it trades bias for spread. Losses stay as they are where
        fewer than four groups are measured, or their variance is zero.

    Raises
    ------
    ValueError
        If shapes differ, or a variance of a measured loss is negative or not finite.

    Notes
    -----
    Between-group variance by the method of moments (DerSimonian and Laird, 1986, Controlled
    Clinical Trials 7:177), shrinkage with the factor (k - 3) / (k - 1) of Efron and Morris, 1975,
    Journal of the American Statistical Association 70:311.
    """
    y, v = np.asarray(loss, np.float64), np.asarray(variance, np.float64)
    there = ~np.isnan(y)
    if y.ndim != 1 or y.shape != v.shape or not np.all(np.isfinite(v[there]) & (v[there] >= 0)):
        msg = "every measured loss has one variance, not negative"
        raise ValueError(msg)
    k = int(there.sum())
    if k < FEWEST or np.any(v[there] == 0):
        mean = float(y[there].mean()) if k else np.nan
        return Shrunk(y.copy(), mean, float(y[there].var(ddof=1)) if k > 1 else np.nan)
    between = _between(y[there], v[there])
    weight = 1 / (v[there] + between)
    mean = float(weight @ y[there] / weight.sum())
    kept = 1 - (k - 3) / (k - 1) * v / (v + between)
    return Shrunk(mean + kept * (y - mean), mean, between)


def _between(y: Floats, v: Floats) -> float:
    weight = 1 / v
    mean = weight @ y / weight.sum()
    excess = weight @ (y - mean) ** 2 - (len(y) - 1)
    return max(0.0, float(excess / (weight.sum() - weight @ weight / weight.sum())))
