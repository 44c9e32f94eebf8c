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


def _fewer(losses: ArrayLike, gains: ArrayLike) -> tuple[Floats, Floats]:
    b, c, discordant = check_counts(losses, gains, np.add(losses, gains))
    return np.minimum(b, c), discordant
