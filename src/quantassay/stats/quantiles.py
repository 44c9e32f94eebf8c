"""Quantiles: distribution-free intervals from order statistics, of dependent values too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .arrays import check_confidence


@dataclass(frozen=True)
class Interval:
    """An estimate with both ends of its interval; NaN where undefined."""

    estimate: float
    low: float
    high: float

    @property
    def ends(self) -> tuple[float, float] | None:
        """Both ends; None where one of them is undefined or not finite."""
        return (self.low, self.high) if np.isfinite([self.low, self.high]).all() else None


def quantile_interval(
    values: ArrayLike, q: float, confidence: float = 0.95, blocks: ArrayLike | None = None
) -> Interval:
    """Return a quantile between two order statistics.

    Parameters
    ----------
    values
        Values (n,) in any order: independent of each other, or from block to block.
    q
        Quantile in (0, 1).
    confidence
        Of the two-sided interval.
    blocks
        Label of the block of each value (n,); None: every value is independent of all others.

    Returns
    -------
    Interval
        An end is NaN where no order statistic bounds the quantile at this confidence (the 99th
        percentile of fewer than 368 independent values has no high end at .95). With blocks it is
        never narrower than without; both ends are NaN for fewer than two.

    Raises
    ------
    ValueError
        If a value is NaN, ``q`` or the confidence is outside (0, 1), or labels and values are not
        of one length.

    Notes
    -----
    Ranks r, s with P(Binomial(n, q) < r) <= alpha and P(Binomial(n, q) >= s) <= alpha (David and
    Nagaraja, Order Statistics, 2003, section 7.1). With blocks n is the number of independent
    values that tell the share below the quantile as well: by its variance between blocks and t
    with K - 1 degrees of freedom (Woodruff, 1952, Journal of the American Statistical Association
    47:635; Korn and Graubard, 1998, Survey Methodology 24:193).
    """
    alpha = check_confidence(confidence)
    own = np.asarray(values, np.float64).ravel()
    if not 0 < q < 1 or np.isnan(own).any():
        msg = "a quantile in (0, 1) of numbers is asked for, none of them NaN"
        raise ValueError(msg)
    n, x = len(own), np.sort(own)
    if not n:
        return Interval(np.nan, np.nan, np.nan)
    estimate, size = float(np.quantile(x, q)), n
    if blocks is not None:
        size = _effective(own, estimate, q, alpha, np.asarray(blocks).ravel())
    low, high = _ranks(size, q, alpha) if size else (0, 1)
    # the r-th of the fewer values that count stands for n / size neighbours
    first, last = (low - 1) * n // max(size, 1) + 1, -(-high * n // max(size, 1))
    return Interval(
        estimate,
        float(x[first - 1]) if low else np.nan,
        float(x[last - 1]) if high <= size else np.nan,
    )


def _ranks(n: int, q: float, alpha: float) -> tuple[int, int]:
    """Return the ranks of both ends: 0 and n + 1 where there is none."""
    below = special.bdtr(np.arange(n, dtype=float), n, q)
    low = int(np.searchsorted(below, alpha, side="right"))
    return low, int(np.searchsorted(below, 1 - alpha, side="left")) + 1


def _effective(
    values: NDArray[np.float64], at: float, q: float, alpha: float, labels: NDArray[np.generic]
) -> int:
    """Return how many independent values tell the share below the quantile as well as these."""
    if len(labels) != len(values):
        msg = f"{len(labels)} labels of blocks for {len(values)} values of a quantile"
        raise ValueError(msg)
    codes = np.unique(labels, return_inverse=True)[1]
    k, n = int(codes.max()) + 1, len(values)
    if k < 2:
        return 0
    below = (values <= at).astype(np.float64)
    sums = np.bincount(codes, below - below.mean())
    variance = k / (k - 1) * float(sums @ sums) / n**2
    # few blocks that hold most of what lies beyond tell little: a normal law gives k for these
    telling = 3 * float(sums @ sums) ** 2 / max(float((sums**4).sum()), 1e-300)
    freedom = max(min(telling, k) - 1, 1.0)
    wider = (float(special.stdtrit(freedom, alpha)) / float(special.ndtri(alpha))) ** 2
    effect = max(variance * n / (q * (1 - q)) * wider, 1.0)
    return int(n / effect)
