"""When each cell is looked at, and at which level: fixed by sizes, before any answer is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.evidence.contract import Evidence

from .cells import Declared
from .waiting import Waiting, no_waiting


@dataclass(frozen=True)
class Schedule:
    """The looks (K) at the cells (G) of one metric.

    Attributes
    ----------
    n
        Samples of each cell at each look (K, G).
    level
        One-sided nominal level of a PASS (K, G); where nothing is new, that of the look before.
    reachable
        Whether each cell can pass at its last look (G,).
    spending
        How error is spent.
    waiting
        Which cells are judged on all of their samples alone.
    """

    n: NDArray[np.int64]
    level: NDArray[np.float64]
    reachable: NDArray[np.bool_]
    spending: Literal["obrien-fleming", "pocock"]
    waiting: Waiting

    @property
    def held(self) -> NDArray[np.bool_]:
        """Where a look is not used for a cell (K, G), neither for a PASS nor for a FAIL."""
        return _held(self.n, self.waiting)

    @property
    def information(self) -> NDArray[np.float64]:
        """Share of the samples of the last look (G, K); 0 in an empty cell."""
        return np.asarray((self.n / np.maximum(self.n[-1], 1)).T)

    def p_beyond(self, p_values: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        """Return the sequential p (G,) of those of the looks so far (G,) each.

        A cell that has none yet, and will have, counts with 1: Holm's family is the same at every
        look. So does a look at which a cell had none by chance.
        """
        looks, p = len(p_values), np.stack(p_values, axis=-1)
        p = np.where(np.isnan(p) & ~np.isnan(p[:, -1:]), 1.0, p)
        p = np.where(self.held[:looks].T, np.nan, p)
        found = stats.sequential_p(p, self.information[:, :looks], self.spending)
        ahead = self.n[looks - 1] < self.n[-1]
        return np.where(np.isnan(found) & ahead, 1.0, found)


def schedule(
    sizes: Sequence[Evidence],
    declared: Sequence[Declared],
    alpha: float,
    spending: Literal["obrien-fleming", "pocock"],
    waiting: Waiting | None = None,
) -> Schedule:
    """Return the levels of every look; none is spent below the floor, or where a cell waits.

    Parameters
    ----------
    sizes
        Evidence of the cells at each look, of any answers: its sizes and floors count.
    declared
        What was declared of each cell.
    alpha
        One-sided, of all looks at a cell together.
    spending
        How it is spent.
    waiting
        Which cells are judged on all of their samples alone; None: none.
    """
    waiting = waiting or no_waiting(len(declared))
    margin = np.array([0.5 if one.margin is None else one.margin for one in declared])
    n = np.stack([each.n for each in sizes])
    information = (n / np.maximum(n[-1], 1)).T
    free = ~_held(n, waiting).T
    used, shown = free.copy(), np.full(information.shape, alpha)
    levels = stats.nominal_levels(information, alpha, spending, used)
    can = np.zeros(len(declared), bool)
    for k, each in enumerate(sizes):
        new, before = levels[:, k] > 0, shown[:, max(k - 1, 0)]
        shown[:, k] = np.where(new, levels[:, k], before)
        used[:, k] = free[:, k] & (each.size() >= each.floor(margin, shown[:, k]))
        can = np.where(new, used[:, k], can)
        skipped = np.flatnonzero(new & ~used[:, k])
        if len(skipped):
            # what is not spent here is left to later looks
            levels[skipped] = stats.nominal_levels(
                information[skipped], alpha, spending, used[skipped]
            )
    return Schedule(n, shown.T, can, spending, waiting)


def _held(n: NDArray[np.int64], waiting: Waiting) -> NDArray[np.bool_]:
    """Return where a look is not used (K, G): samples of a cell that waits are still to come."""
    return np.asarray((waiting.waits & (n < n[-1])) | waiting.never)
