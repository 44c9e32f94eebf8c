"""Exact chances of what happens at every look at one cell, over (losses, gains)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar

import numpy as np
from scipy import fft, special

from quantassay import stats

ALPHA = 0.025
P = Callable[[np.ndarray, np.ndarray, float, float], np.ndarray]


def binary_p(b: np.ndarray, c: np.ndarray, n: float, margin: float) -> np.ndarray:
    """Return p of a loss of the margin or more (positive) or less (negative, sides swapped)."""
    if margin > 0:
        return stats.binary_p_within(b, c, n, margin)
    return stats.binary_p_beyond(b, c, n, -margin)


def mean_p(b: np.ndarray, c: np.ndarray, n: float, margin: float) -> np.ndarray:
    """Return the same of the mean of differences at -1, 0 and 1."""
    if margin > 0:
        return stats.mean_p_within(n, c - b, b + c, 1.0, margin)
    return stats.mean_p_beyond(n, c - b, b + c, 1.0, -margin)


class Rule:
    """Which tables reject at each look; p-values are computed once for each table."""

    kept: ClassVar[dict[tuple[object, int, float], np.ndarray]] = {}

    def __init__(self, p: P, n: np.ndarray, margin: float, level: np.ndarray) -> None:
        self.p, self.n, self.margin, self.level = p, n, margin, level

    def __call__(self, k: int, b: np.ndarray, c: np.ndarray) -> np.ndarray:
        """Return whether the tables reject at a look."""
        key, width = (self.p, int(self.n[k]), self.margin), int(max(b.max(), c.max())) + 1
        table = self.kept.get(key, np.empty((0, 0)))
        more = max(width - len(table), 0)
        table = self.kept[key] = np.pad(table, ((0, more), (0, more)), constant_values=np.nan)
        new = np.isnan(table[b, c])
        table[b[new], c[new]] = self.p(
            b[new].astype(float), c[new].astype(float), float(self.n[k]), self.margin
        )
        return np.asarray(table[b, c] <= self.level[k])


def increments(n: int, psi: float, loss: float, width: int) -> np.ndarray:
    """Return the probability (width, width) of b losses and c gains among n pairs."""
    b, c = np.meshgrid(np.arange(width), np.arange(width), indexing="ij")
    rest = n - b - c
    with np.errstate(divide="ignore"):
        logs = (
            special.gammaln(n + 1) - special.gammaln(b + 1) - special.gammaln(c + 1)
            - special.gammaln(np.maximum(rest, 0) + 1)
            + special.xlogy(b, (psi + loss) / 2) + special.xlogy(c, max(psi - loss, 0.0) / 2)
            + special.xlogy(np.maximum(rest, 0), 1 - psi)
        )  # fmt: skip
    return np.where(rest >= 0, np.exp(logs), 0.0)


def reach(n: int, psi: float) -> int:
    """Return a count that losses or gains pass with probability below 1e-10."""
    return int(min(n, n * psi + 7 * math.sqrt(n * psi) + 12)) + 1


class Walk:
    """Exact chances of what happens at every look of one cell."""

    def __init__(self, n: np.ndarray, psi: float, loss: float) -> None:
        self.n, self.psi, self.loss = n, psi, loss
        self.width = reach(int(n[-1]), psi)
        self.b, self.c = np.meshgrid(np.arange(self.width), np.arange(self.width), indexing="ij")

    def chances(self, rejects: Rule) -> np.ndarray:
        """Return how likely each look is the first to reject (K,)."""
        size = fft.next_fast_len(2 * self.width)
        mass, before, found = None, 0, []
        for k, n in enumerate(self.n):
            step = increments(int(n) - before, self.psi, self.loss, self.width)
            before = int(n)
            if mass is None:
                mass = step
            else:
                both = fft.rfft2(mass, (size, size)) * fft.rfft2(step, (size, size))
                mass = np.maximum(fft.irfft2(both, (size, size))[: self.width, : self.width], 0.0)
            likely = (mass > 1e-14) & (self.b + self.c <= n)
            out = np.zeros(mass.shape, bool)
            out[likely] = rejects(k, self.b[likely], self.c[likely])
            found.append(mass[out].sum())
            mass = np.where(out, 0.0, mass)
        return np.array(found)


def levels(n: np.ndarray, margin: float, spending: str, floor: P | None) -> np.ndarray:
    """Return the levels (K,) of PASS: no look before full agreement would pass."""
    information, used = n / n[-1], np.ones(len(n), bool)
    if floor is None:
        return stats.nominal_levels(information, ALPHA, spending)
    for k, size in enumerate(n):
        level = stats.nominal_levels(information, ALPHA, spending, used)[k]
        none = np.zeros(1)
        used[k] = level > 0 and bool(floor(none, none, float(size), margin)[0] <= level)
    return stats.nominal_levels(information, ALPHA, spending, used)
