"""How early a plan of looks stops, and what it saves.

Recursive integration over looks: Jennison and Turnbull, Group Sequential Methods (2000),
chapter 19.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats
from .brownian import Path


def stopping_chances(information: ArrayLike, levels: ArrayLike, drift: float) -> Floats:
    """Return how likely each look is to be the first that rejects.

    Parameters
    ----------
    information, levels
        Of each look (K,), as for `nominal_levels`.
    drift
        Mean of the statistic at full information, in standard errors: ``(margin - loss) / se``;
        ``z_{1 - alpha} + z_{power}`` at the planned alternative of one look.

    Returns
    -------
    Floats
        Chances (K,); their sum is the power.
    """
    t, level = np.asarray(information, np.float64), np.asarray(levels, np.float64)
    path, found = Path(1, drift), np.zeros(len(t))
    for k in np.flatnonzero(level > 0):
        bound, time = -special.ndtri(level[k : k + 1]), t[k : k + 1]
        found[k] = path.tail(bound, time)[0]
        path.advance(bound, time, np.ones(1, bool))
    return found


def expected_information(information: ArrayLike, levels: ArrayLike, drift: float) -> float:
    """Return the share of the largest sample that is expected to be needed.

    Parameters
    ----------
    information, levels, drift
        As for `stopping_chances`.

    Returns
    -------
    float
        In (0, 1]: where no look rejects, all of it is taken.
    """
    t, chances = np.asarray(information, np.float64), stopping_chances(information, levels, drift)
    return float(t @ chances + t[-1] * (1 - chances.sum()))


def chance_left(z: float, information: ArrayLike, levels: ArrayLike, drift: float) -> float:
    """Return how likely the looks ahead are to reject, from what the last look showed.

    Parameters
    ----------
    z
        The statistic at the last look, in standard errors.
    information
        At the last look, above 0, and at each look ahead (1 + K,), rising.
    levels
        Of the looks ahead (K,).
    drift
        As for `stopping_chances`: what is supposed of the samples ahead.

    Returns
    -------
    float
        Conditional power; 0 where no look is ahead.

    Notes
    -----
    Stochastic curtailment: Lan, Simon and Halperin, Communications in Statistics C 1 (1982). Not to
    go on where it is low never adds to the chance to reject wrongly.

    Examples
    --------
    >>> round(chance_left(0.0, [0.5, 1.0], [0.025], 3.24), 3)
    0.315
    """
    t, level = np.asarray(information, np.float64), np.asarray(levels, np.float64)
    now, ahead = t[0], t[1:]
    if not len(ahead):
        return 0.0
    needed = -special.ndtri(level) * np.sqrt(ahead) - z * np.sqrt(now)
    rest = special.ndtr(-needed / np.sqrt(ahead - now))
    left = 1 - now
    return float(stopping_chances((ahead - now) / left, rest, drift * np.sqrt(left)).sum())
