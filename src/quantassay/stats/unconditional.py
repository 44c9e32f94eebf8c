"""The exact unconditional test of a paired loss: slow, certain, a check on the rest."""

from __future__ import annotations

import numpy as np
from scipy import special

from .arrays import Floats, check_counts
from .proportions import clopper_pearson
from .tango import score

LARGEST = 1000
GRID = 2001
TIE = 1e-9


def exact_unconditional(
    losses: int, gains: int, n: int, margin: float = 0.0, gamma: float = 0.0
) -> float:
    """Return p of the hypothesis that the loss is ``margin`` or more, at the worst discordance.

    Parameters
    ----------
    losses, gains, n
        Counts of one table; n at most 1000.
    margin
        Loss in (-1, 1). At 0 twice the smaller of both sides is the unconditional McNemar test of
        Suissa and Shuster (1991, Biometrics 47:361).
    gamma
        Probability, added to p, of the discordance outside the exact interval to which the worst
        case is then confined (Berger and Boos, 1994, JASA 89:1012); 0 searches all discordances.

    Returns
    -------
    float
        p in (0, 1]; NaN where n is 0.

    Raises
    ------
    ValueError
        If counts do not fit in one another, n is more than 1000, or an argument is out of range.

    Notes
    -----
    Tables are ordered by Tango's score at ``margin``; its convexity puts the worst case on the
    boundary (Sidik, 2003, Statistics in Medicine 22:265). The discordance runs over a grid of
    [abs(margin), 1], dense at its lower end.
    """
    b, c, size = (float(v) for v in check_counts(losses, gains, n))
    if size > LARGEST or not -1 < margin < 1 or not 0 <= gamma < 1:
        msg = f"the exact test takes n up to {LARGEST}, a margin in (-1, 1), gamma in [0, 1)"
        raise ValueError(msg)
    if size == 0:
        return float("nan")
    fewest = _fewest_gains(b, c, size, margin)
    low, high = (0.0, 1.0) if gamma == 0 else clopper_pearson(b + c, size, gamma / 2)
    return min(1.0, worst_probability(fewest, size, margin, (float(low), float(high))) + gamma)


def worst_probability(
    fewest: Floats, n: float, margin: float, confined: tuple[float, float] = (0.0, 1.0)
) -> float:
    """Return the largest probability of a region at a true loss of ``margin``.

    Parameters
    ----------
    fewest
        Gains (n + 1,) at which 0, 1, ... n discordant pairs belong to the region.
    n, margin
        Pairs and true loss in [-1, 1].
    confined
        Discordances between which the worst is sought; never below the absolute loss.

    Returns
    -------
    float
        Largest over some 4000 discordances, dense at the lower end.
    """
    low, high = np.clip(confined, abs(margin), 1.0)
    rise = np.linspace(0, 1, GRID)
    grid = np.concatenate([low + (high - low) * rise, low + (high - low) * rise**4])
    return max(
        _tail(fewest, n, margin, psi) for psi in np.array_split(np.unique(grid), 50) if len(psi)
    )


def _fewest_gains(b: float, c: float, n: float, margin: float) -> Floats:
    """Return, for every count of discordant pairs, the fewest gains that rank as high."""
    k, gains = np.arange(n + 1)[:, None], np.arange(n + 1)
    one = np.asarray
    observed = float(score(one(b), one(c), one(n), one(margin)))
    t = score(np.maximum(k - gains, 0.0), gains, one(n), one(margin))
    high = (gains <= k) & (t >= observed - TIE * max(1.0, abs(observed)))
    return np.where(high.any(axis=1), high.argmax(axis=1), n + 1).astype(np.float64)


def _tail(fewest: Floats, n: float, margin: float, psi: Floats) -> float:
    """Return the largest probability, over discordances (J,), of a table that ranks as high."""
    k, psi = np.arange(n + 1), psi[:, None]
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    count = np.exp(ways + special.xlogy(k, psi) + special.xlog1py(n - k, -psi))
    share = np.clip((psi - margin) / (2 * np.maximum(psi, 1e-300)), 0.0, 1.0)
    tail = special.betainc(np.maximum(fewest, 1), np.maximum(k - fewest + 1, 1), share)
    tail = np.where(fewest <= 0, 1.0, np.where(fewest > k, 0.0, tail))
    return float((count * tail).sum(axis=1).max())
