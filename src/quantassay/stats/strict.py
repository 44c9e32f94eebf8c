"""The exact unconditional rule for paired binary outcomes: certain, and ten times as slow."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats
from .crossing import PValue, interval, p_beyond, p_within
from .proportions import clopper_pearson
from .trinomial import Tables, largest_tail

LARGEST = 1_000_000_000
# Probability that the discordance lies outside the interval searched; it is part of p.
GAMMA = 1e-6
PLACES = (np.arange(101) / 100) ** 1.5


def exact_binary_p_within(
    losses: ArrayLike, gains: ArrayLike, n: ArrayLike, margin: ArrayLike, gamma: float = GAMMA
) -> Floats:
    """Return the exact unconditional p of the hypothesis that the loss is ``margin`` or more.

    Parameters
    ----------
    losses, gains, n
        Counts; broadcastable; n at most 1e9.
    margin
        Loss in [-1, 1]; NaN gives NaN.
    gamma
        Probability, added to p, of a discordance outside the exact interval to which the worst
        case is confined; in (0, 1).

    Returns
    -------
    Floats
        p in (gamma, 1], falling as the margin widens; NaN where n is 0.

    Raises
    ------
    ValueError
        If counts do not fit in one another, n is more than 1e9, or an argument is out of
        range.

    Notes
    -----
    Berger and Boos, 1994, JASA 89:1012: the probability of a table ranked at least as good, largest
    over the discordances in Clopper and Pearson's interval at ``gamma``, plus ``gamma``. Tables
    are ranked as in `binary_p_within`, so that p, interval and margin agree. P(p <= alpha) is then
    at most alpha whatever the true discordance, up to the spacing of the 101 discordances tried
    (at most .15 standard errors apart). Full agreement passes at `binary_floor` only where
    ``(1 - margin)^n`` is below alpha by gamma.
    """
    return p_within(_p(n, gamma), losses, gains, n, margin)


def exact_binary_p_beyond(
    losses: ArrayLike, gains: ArrayLike, n: ArrayLike, margin: ArrayLike, gamma: float = GAMMA
) -> Floats:
    """Return the exact unconditional p of the hypothesis that the loss is ``margin`` or less.

    The mirror of `exact_binary_p_within`: losses and gains swapped, at ``-margin``.
    """
    return p_beyond(_p(n, gamma), losses, gains, n, margin)


def exact_binary_interval(
    losses: ArrayLike, gains: ArrayLike, n: ArrayLike, alpha: ArrayLike, gamma: float = GAMMA
) -> tuple[Floats, Floats]:
    """Return the exact unconditional interval of the loss, each end one-sided at ``alpha``.

    Parameters
    ----------
    losses, gains, n, gamma
        As for `exact_binary_p_within`.
    alpha
        One-sided level in (0, .5]; at ``gamma`` or less the interval is everything.

    Returns
    -------
    tuple of Floats
        Low and high end in [-1, 1]: the losses at which `exact_binary_p_beyond` and
        `exact_binary_p_within` equal ``alpha``. NaN where n is 0.

    Raises
    ------
    ValueError
        As for `exact_binary_p_within`, or if a level is out of range.
    """
    return interval(_p(n, gamma), losses, gains, n, alpha)


def _p(n: ArrayLike, gamma: float) -> PValue:
    if np.any(np.asarray(n) > LARGEST) or not 0 < gamma < 1:
        msg = f"the exact rule takes n up to {LARGEST:,} and gamma in (0, 1)"
        raise ValueError(msg)

    def p(tables: Tables, loss: Floats) -> Floats:
        low, high = clopper_pearson(tables.b + tables.c, tables.n, gamma / 2)
        low, high = np.maximum(low, np.abs(loss)), np.maximum(high, np.abs(loss))
        psi = low[:, None] + (high - low)[:, None] * PLACES
        return np.asarray(np.minimum(largest_tail(tables, loss, np.minimum(psi, 1)) + gamma, 1.0))

    return p
