"""McNemar's tests of no difference: diagnostics beside a margin, never a verdict."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_counts, scalar


def mcnemar_exact(losses: ArrayLike, gains: ArrayLike) -> Floats:
    """Return the two-sided exact conditional p that losses and gains are equally likely.

    Parameters
    ----------
    losses, gains
        Counts; broadcastable.

    Returns
    -------
    Floats
        p in (0, 1]; 1 where there is no disagreement.

    Raises
    ------
    ValueError
        If a count is negative or not whole.
    """
    fewer, discordant = _fewer(losses, gains)
    return scalar(np.minimum(2 * special.bdtr(fewer, discordant.astype(int), 0.5), 1.0))


def mcnemar_midp(losses: ArrayLike, gains: ArrayLike) -> Floats:
    """Return the mid-p of `mcnemar_exact`: half the probability of the observed table is left out.

    See Fagerland, Lydersen and Laake, 2013, BMC Medical Research Methodology 13:91.
    """
    fewer, discordant = _fewer(losses, gains)
    whole = discordant.astype(int)
    below = np.where(fewer > 0, special.bdtr(np.maximum(fewer - 1, 0), whole, 0.5), 0.0)
    tail = special.bdtr(fewer, whole, 0.5) + below
    return scalar(np.minimum(tail, 1.0))


def mcnemar_asymptotic(
    losses: ArrayLike, gains: ArrayLike, *, corrected: bool
) -> tuple[Floats, Floats]:
    """Return McNemar's chi-square and its p.

    Parameters
    ----------
    losses, gains
        Counts; broadcastable.
    corrected
        Subtract 1 from the absolute difference (Edwards, 1948).

    Returns
    -------
    tuple of Floats
        Statistic and p with one degree of freedom; NaN where there is no disagreement.

    Raises
    ------
    ValueError
        If a count is negative or not whole.
    """
    fewer, discordant = _fewer(losses, gains)
    apart = np.maximum(discordant - 2 * fewer - corrected, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        statistic = apart**2 / discordant
    return scalar(statistic), scalar(special.chdtrc(1, statistic))


def mcnemar_power(loss: float, gain: float, n: int, alpha: float = 0.05) -> float:
    """Return the power of `mcnemar_exact` to find that losses and gains are not equally likely.

    Parameters
    ----------
    loss, gain
        Probabilities of a loss and of a gain, at most 1 together.
    n
        Pairs.
    alpha
        Two-sided level in (0, 1).

    Returns
    -------
    float
        In [0, 1], enumerated over every number of losses and gains.

    Raises
    ------
    ValueError
        If a probability, n or the level is out of range.
    """
    same = 1 - loss - gain
    if not (min(loss, gain, same, n) >= 0 and 0 < alpha < 1):
        msg = "probabilities are 0 or more and at most 1 together, n 0 or more, alpha in (0, 1)"
        raise ValueError(msg)
    b, c = np.nonzero(np.add.outer(np.arange(n + 1), np.arange(n + 1)) <= n)
    rejected = mcnemar_exact(b, c) <= alpha
    b, c = b[rejected], c[rejected]
    ways = special.gammaln(n + 1) - special.gammaln([b + 1, c + 1, n - b - c + 1]).sum(axis=0)
    law = special.xlogy(b, loss) + special.xlogy(c, gain) + special.xlogy(n - b - c, same)
    return float(np.exp(ways + law).sum())


def _fewer(losses: ArrayLike, gains: ArrayLike) -> tuple[Floats, Floats]:
    b, c, discordant = check_counts(losses, gains, np.add(losses, gains))
    return np.minimum(b, c), discordant
