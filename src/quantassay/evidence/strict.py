"""The same cells judged by bounds whose error rate is proven, at the price of width."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from quantassay import stats

from .anytime import anytime_p
from .binary import BinaryEvidence
from .bracketed import Bracketed
from .clustered import Clustered
from .contract import Evidence, Floats, Level

UNPROVEN = "no bound of proven error rate is known for this kind of metric, and strict asks for one"


def strict(evidence: Evidence) -> Evidence:
    """Return evidence whose bounds are proven.

    Exact unconditional for right-or-wrong samples; by betting, valid even at undeclared looks, for
    bounded means and for clusters; undefined, with the reason, for all else. Means are bounded
    where every sample was accumulated as a unit.
    """
    if isinstance(evidence, Bracketed):
        return Bracketed(*(strict(reading) for reading in evidence.readings))
    return Strict(evidence, _bound(evidence))


class Bound(Protocol):
    """Proven bounds of some cells (G,)."""

    def bounds(self, alpha: Level) -> tuple[Floats, Floats]:
        """Return both ends."""
        ...

    def p_within(self, margin: Floats) -> Floats:
        """Return p within."""
        ...

    def p_beyond(self, margin: Floats) -> Floats:
        """Return p beyond."""
        ...


def _bound(evidence: Evidence) -> Bound | None:
    if isinstance(evidence, BinaryEvidence):
        return Exact(evidence)
    if not isinstance(evidence, Clustered):
        return None
    units, groups = evidence.units, len(evidence.n)
    totals = units.total / evidence.scale
    bets = stats.cluster_bets(units.size, totals, evidence.cap, units.cell, groups)
    if isinstance(evidence.plain, BinaryEvidence):
        return Mixed(evidence, Exact(evidence.plain), bets)
    return bets


class Strict:
    """Evidence with proven bounds in place of its own; none: undefined."""

    def __init__(self, evidence: Evidence, bound: Bound | None) -> None:
        self.within, self._bound = evidence, bound
        self.n, self.clusters = evidence.n, evidence.clusters
        self.reference, self.candidate = evidence.reference, evidence.candidate
        self.loss, self.losses, self.gains = evidence.loss, evidence.losses, evidence.gains
        if self.clusters is not None and np.array_equal(self.clusters, self.n):
            self.clusters = None
        self.method = _methods(evidence) if bound else ["no proven bound"] * len(self.n)
        why = "" if bound is not None else UNPROVEN
        self.undefined = [own or why for own in evidence.undefined]

    def _known(self, found: Floats) -> Floats:
        return np.where([not why for why in self.undefined], found, np.nan)

    def bounds(self, alpha: Level) -> tuple[Floats, Floats]:
        """Return both ends of the loss interval."""
        nothing = np.full(len(self.n), np.nan)
        low, high = (nothing, nothing) if self._bound is None else self._bound.bounds(alpha)
        return self._known(low), self._known(high)

    def p_within(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or more'."""
        return self._known(margin if self._bound is None else self._bound.p_within(margin))

    def p_beyond(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or less'."""
        return self._known(margin if self._bound is None else self._bound.p_beyond(margin))

    def anytime_p(self, margin: Floats) -> tuple[Floats, Floats]:
        """Return p within and p beyond that hold at every look."""
        return anytime_p(self.within, margin)

    def floor(self, margin: Floats, alpha: Level) -> Floats:
        """Return the least n, or clusters of the largest size, at which a pass is possible."""
        own = self.within.floor(margin, alpha)
        if not isinstance(self.within, Clustered):
            return own
        bets = self.within.shared if self.losses is not None else np.ones(len(own), bool)
        least = stats.betting_floor(self.within.cap, margin, alpha)
        return np.where(bets, np.maximum(own, least), own)

    def size(self) -> Floats:
        """Return what the floor is compared with."""
        return self.within.size()

    def needed(self, margin: Floats, alpha: Level, power: float) -> Floats:
        """Return nothing: no sample size is known for these bounds."""
        return np.full(len(self.n), np.nan)

    def detectable(self, alpha: Level, power: float) -> Floats:
        """Return nothing: no sample size is known for these bounds."""
        return np.full(len(self.n), np.nan)


def _methods(evidence: Evidence) -> list[str]:
    exact = evidence.losses is not None
    shared = evidence.shared if isinstance(evidence, Clustered) else np.zeros(len(evidence.n), bool)
    return [
        "exact unconditional paired binary" if exact and not together else "betting"
        for together in shared
    ]


class Exact:
    """Exact unconditional inference; see `quantassay.stats.exact_binary_interval`."""

    def __init__(self, evidence: BinaryEvidence) -> None:
        assert evidence.losses is not None and evidence.gains is not None
        self._table = evidence.losses, evidence.gains, evidence.n

    def bounds(self, alpha: Level) -> tuple[Floats, Floats]:
        """Return both ends."""
        return stats.exact_binary_interval(*self._table, alpha)

    def p_within(self, margin: Floats) -> Floats:
        """Return p within."""
        return stats.exact_binary_p_within(*self._table, margin)

    def p_beyond(self, margin: Floats) -> Floats:
        """Return p beyond."""
        return stats.exact_binary_p_beyond(*self._table, margin)


class Mixed:
    """Bets where samples share clusters, exact inference elsewhere."""

    def __init__(self, evidence: Clustered, exact: Exact, bets: stats.ClusterBets) -> None:
        self._shared, self._exact, self._bets = evidence.shared, exact, bets

    def _mixed(self, exact: Floats, bets: Floats) -> Floats:
        return np.where(self._shared, bets, exact)

    def bounds(self, alpha: Level) -> tuple[Floats, Floats]:
        """Return both ends."""
        exact, bets = self._exact.bounds(alpha), self._bets.bounds(alpha)
        return self._mixed(exact[0], bets[0]), self._mixed(exact[1], bets[1])

    def p_within(self, margin: Floats) -> Floats:
        """Return p within."""
        return self._mixed(self._exact.p_within(margin), self._bets.p_within(margin))

    def p_beyond(self, margin: Floats) -> Floats:
        """Return p beyond."""
        return self._mixed(self._exact.p_beyond(margin), self._bets.p_beyond(margin))
