"""Which shift of a mix would turn a reading, and the worst mix within its sampling error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.records.transfer import Move, Shift

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
# strata that share is moved to, the most telling first
RECEIVERS = 8
STEPS = 60


@dataclass(frozen=True)
class Strata:
    """Measured strata of one dimension: names, losses, upper ends (k,); ``apart``: independent."""

    names: Sequence[str]
    loss: Floats
    high: Floats
    apart: bool

    def upper(self, shares: Floats) -> float:
        """Return the upper end of the loss at a mix (k,)."""
        reach = shares * (self.high - self.loss)
        wide = np.sqrt((reach**2).sum()) if self.apart else reach.sum()
        return float(shares @ self.loss + wide)


def smallest_shift(strata: Strata, shares: Floats, margin: float) -> Shift:
    """Return the smallest shift found that takes the upper end over the margin, or below it.

    Share goes into one stratum, from those that are furthest from it in their upper ends, each
    emptied in turn; the best of eight receivers is taken.

    Parameters
    ----------
    strata
        Those that were measured.
    shares
        The mix (k,), which sums to one.
    margin
        Largest loss accepted.
    """
    passes = strata.upper(shares) < margin
    order = np.argsort(-strata.high if passes else strata.high, kind="stable")
    best: tuple[float, Floats] | None = None
    for receiver in order[:RECEIVERS]:
        donors = order[::-1][order[::-1] != receiver]
        share = _least(strata, shares, margin, int(receiver), donors)
        if share is not None and (best is None or share < best[0]):
            best = share, moved(shares, int(receiver), donors, share)
    turns: Literal["a pass", "no pass"] = "no pass" if passes else "a pass"
    if best is None:
        return Shift(None, turns)
    return Shift(best[0], turns, _moves(strata.names, best[1] - shares))


def moved(shares: Floats, receiver: int, donors: Indices, amount: float) -> Floats:
    """Return the mix after an amount has gone from the donors, in their order, to the receiver."""
    there = np.cumsum(shares[donors])
    given = np.diff(np.minimum(there, amount), prepend=0.0)
    after = shares.copy()
    after[donors] -= given
    after[receiver] += given.sum()
    return after


def _least(
    strata: Strata, shares: Floats, margin: float, receiver: int, donors: Indices
) -> float | None:
    """Return the least amount that turns the reading, by bisection; None where none does."""
    passes = strata.upper(shares) < margin

    def turned(amount: float) -> bool:
        return (strata.upper(moved(shares, receiver, donors, amount)) < margin) != passes

    low, high = 0.0, float(shares[donors].sum())
    if not turned(high):
        return None
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if turned(middle) else (middle, high)
    return high


def _moves(names: Sequence[str], change: Floats) -> tuple[Move, ...]:
    to = names[int(np.argmax(change))]
    return tuple(
        Move(names[i], to, float(-change[i]))
        for i in np.argsort(change, kind="stable")
        if change[i] < -1e-12
    )


def worst_within(strata: Strata, counts: NDArray[np.int64], alpha: float) -> float:
    """Return a bound of the upper end over every mix that counts leave open.

    Each share lies within its Clopper-Pearson interval, ``alpha`` split over the strata and both
    ends; share that passes to a stratum counts at its upper end, and share that leaves one where
    strata are independent at its loss alone, which is never too little.

    Parameters
    ----------
    strata
        Those that were measured.
    counts
        Samples of each (k,).
    alpha
        Chance that the mix lies outside of its box.
    """
    n, k = int(counts.sum()), len(counts)
    shares = counts / n
    low, high = stats.clopper_pearson(counts, n, alpha / (2 * k))
    room, spare = np.atleast_1d(high - shares), np.atleast_1d(shares - low)
    saved = strata.loss if strata.apart else strata.high
    gains, costs = np.argsort(-strata.high, kind="stable"), np.argsort(saved, kind="stable")
    amount = min(room.sum(), spare.sum())
    bound = strata.upper(shares)
    steps = np.unique(np.concatenate([np.cumsum(room[gains]), np.cumsum(spare[costs]), [amount]]))
    start = 0.0
    for end in steps[steps <= amount + 1e-15]:
        at = (start + end) / 2
        to = gains[min(int(np.searchsorted(np.cumsum(room[gains]), at)), k - 1)]
        out = costs[min(int(np.searchsorted(np.cumsum(spare[costs]), at)), k - 1)]
        if strata.high[to] <= saved[out]:
            break
        bound += (end - start) * float(strata.high[to] - saved[out])
        start = end
    return float(bound)
