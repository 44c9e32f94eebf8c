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
