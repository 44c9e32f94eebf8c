"""Group-sequential integration: a normal statistic looked at several times, many tests at once."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import special

from .arrays import Floats

# Beyond this many standard errors a normal density is nothing beside any level used.
REACH = 8.3
NODES, MOST_NODES = 40, 200
CLOSEST = 0.005


@cache
def legendre(count: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of Gauss and Legendre on [-1, 1]."""
    nodes, weights = special.roots_legendre(count)
    return np.asarray(nodes), np.asarray(weights)


class Path:
    """What is left of the statistics (G,) that crossed no boundary so far.

    Parameters
    ----------
    tests
        How many there are.
    drift
        Mean of each statistic at full information.

    Notes
    -----
    Recursive numerical integration (Armitage, McPherson and Rowe 1969; Jennison and Turnbull,
    Group Sequential Methods, 2000, chapter 19) over the z-values at the last look.
    """

    def __init__(self, tests: int, drift: float = 0.0) -> None:
        self._drift = drift
        self._time = np.zeros(tests)
        self._nodes = np.zeros((tests, 1))
        self._mass = np.ones((tests, 1))

    def tail(self, bound: Floats, time: Floats) -> Floats:
        """Return the chance (G,) to lie at or above ``bound`` at ``time``, not having crossed."""
        spread, mean = self._moved(time)
        below = (mean - bound[:, None]) / spread[:, None]
        return np.asarray((self._mass * special.ndtr(below)).sum(axis=1))

    def close(self, time: Floats) -> np.ndarray:
        """Return where ``time`` is too near the last look to be integrated."""
        return np.asarray((self._time > 0) & (time - self._time < CLOSEST * time))

    def advance(self, bound: Floats, time: Floats, used: np.ndarray) -> None:
        """Go on to a look at ``time``, in the tests that use it, below ``bound``."""
        if not used.any():
            return
        count = self._count(time, used)
        centre = self._drift * np.sqrt(time)
        low, high = centre - REACH, np.clip(bound, centre - REACH, centre + REACH)
        points, weights = legendre(count)
        half = (high - low) / 2
        nodes = low[:, None] + half[:, None] * (points + 1)
        density = self._density(nodes, time)
        self._keep(nodes, density * half[:, None] * weights, time, used)

    def _count(self, time: Floats, used: np.ndarray) -> int:
        """Return enough nodes for the narrowest step that is taken now."""
        step = np.where(used & (self._time > 0), 1 - self._time / time, 1.0)
        wanted = NODES * np.sqrt(0.1 / max(float(step.min()), CLOSEST))
        return int(np.clip(np.ceil(wanted), NODES, MOST_NODES))

    def _moved(self, time: Floats) -> tuple[Floats, Floats]:
        """Return sd (G,) and mean (G, M) of the z-value at ``time``, from where each mass lies."""
        share = np.sqrt(self._time / time)
        gone = self._drift * (np.sqrt(time) - share * np.sqrt(self._time))
        spread = np.sqrt(np.maximum(1 - self._time / time, 1e-300))
        return spread, share[:, None] * self._nodes + gone[:, None]

    def _density(self, nodes: Floats, time: Floats) -> Floats:
        spread, mean = self._moved(time)
        found = np.empty_like(nodes)
        for g in range(len(nodes)):
            apart = (nodes[g][:, None] - mean[g]) / spread[g]
            kernel = np.exp(-0.5 * apart * apart)
            found[g] = kernel @ self._mass[g] / (spread[g] * np.sqrt(2 * np.pi))
        return found

    def _keep(self, nodes: Floats, mass: Floats, time: Floats, used: np.ndarray) -> None:
        width = max(nodes.shape[1], self._nodes.shape[1])
        old = _widened(self._nodes, width), _widened(self._mass, width)
        new = _widened(nodes, width), _widened(mass, width)
        self._nodes = np.where(used[:, None], new[0], old[0])
        self._mass = np.where(used[:, None], new[1], old[1])
        self._time = np.where(used, time, self._time)


def _widened(values: Floats, width: int) -> Floats:
    """Add columns without mass."""
    return np.pad(values, ((0, 0), (0, width - values.shape[1])))
