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
    """

    n: NDArray[np.int64]
    level: NDArray[np.float64]
    reachable: NDArray[np.bool_]
    spending: Literal["obrien-fleming", "pocock"]

    @property
    def information(self) -> NDArray[np.float64]:
        """Share of the samples of the last look (G, K); 0 in an empty cell."""
        return np.asarray((self.n / np.maximum(self.n[-1], 1)).T)

    def p_beyond(self, p_values: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        """Return the sequential p (G,) of those of the looks so far (G,) each."""
        looks = len(p_values)
        found = stats.sequential_p(
            np.stack(p_values, axis=-1), self.information[:, :looks], self.spending
        )
        return np.asarray(found)


def schedule(
    sizes: Sequence[Evidence],
    declared: Sequence[Declared],
    alpha: float,
    spending: Literal["obrien-fleming", "pocock"],
) -> Schedule:
    """Return the levels of every look; none is spent on a PASS below the floor.

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
    """
    margin = np.array([0.5 if one.margin is None else one.margin for one in declared])
    n = np.stack([each.n for each in sizes])
    information = (n / np.maximum(n[-1], 1)).T
    used, shown = np.ones(information.shape, bool), np.full(information.shape, alpha)
    levels = stats.nominal_levels(information, alpha, spending)
    can = np.zeros(len(declared), bool)
    for k, each in enumerate(sizes):
        new, before = levels[:, k] > 0, shown[:, max(k - 1, 0)]
        shown[:, k] = np.where(new, levels[:, k], before)
        used[:, k] = each.size() >= each.floor(margin, shown[:, k])
        can = np.where(new, used[:, k], can)
        skipped = np.flatnonzero(new & ~used[:, k])
        if len(skipped):
            # what is not spent here is left to later looks
            levels[skipped] = stats.nominal_levels(
                information[skipped], alpha, spending, used[skipped]
            )
    return Schedule(n, shown.T, can, spending)
