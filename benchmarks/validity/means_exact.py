"""Exact error rates of bounds of a mean, on laws with few points.

Losses lie in [-1, 1] (cap 1). t+w does not change when the distances to the cap, 1 - loss, are
scaled: the ratio of two distances stands for every pair of losses, and every margin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from quantassay.stats import betting_bounds, mean_bounds, paired_binary_e

Floats = NDArray[np.float64]
# high(losses (..., K), counts (T, K), alpha) -> upper end of the mean loss (..., T)
High = Callable[[Floats, Floats, float], Floats]
RATIOS = (0.0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.99)
BATCH = 2_000_000


def t_with_pseudo(losses: Floats, counts: Floats, alpha: float) -> Floats:
    """Return the high end of `mean_bounds`."""
    n, total, square = counts[0].sum(), losses @ counts.T, losses**2 @ counts.T
    return mean_bounds(n, -total, square, 1.0, alpha)[1]


def t_with_pseudo_mirrored(losses: Floats, counts: Floats, alpha: float) -> Floats:
    """Return the same from the low end: gains for losses."""
    n, total, square = counts[0].sum(), losses @ counts.T, losses**2 @ counts.T
    return -mean_bounds(n, total, square, 1.0, alpha)[0]


def plain_t(losses: Floats, counts: Floats, alpha: float) -> Floats:
    """Return the high end of Student's interval, without pseudo-observations."""
    n, total, square = counts[0].sum(), losses @ counts.T, losses**2 @ counts.T
    spread = np.maximum(square - total**2 / n, 0) / (n - 1) / n
    return total / n - special.stdtrit(n - 1, alpha) * np.sqrt(spread)


def betting(losses: Floats, counts: Floats, alpha: float) -> Floats:
    """Return the high end of `betting_bounds`."""
    return betting_bounds(-losses, counts, 1.0, alpha)[1]


def betting_mirrored(losses: Floats, counts: Floats, alpha: float) -> Floats:
    """Return the same from the low end."""
    return -betting_bounds(losses, counts, 1.0, alpha)[0]


@dataclass(frozen=True)
class Worst:
    """A largest error rate, and the law that has it: losses and their probabilities."""

    rate: float
    losses: Floats
    shares: Floats

    @property
    def margin(self) -> float:
        """The true loss, which is the margin."""
        return float(self.losses @ self.shares)

    @property
    def law(self) -> str:
        """The law in words."""
        terms = zip(self.losses, self.shares, strict=True)
        return ", ".join(f"{loss:.3g} ({share:.3g})" for loss, share in terms)


NONE = Worst(0.0, np.zeros(2), np.array([0.5, 0.5]))


@lru_cache(2)
def tables(n: int, points: int) -> tuple[Floats, Floats]:
    """Return every table of counts (T, points) of n samples, and the log of its orderings."""
    parts = np.indices((n + 1,) * (points - 1), dtype=np.float64).reshape(points - 1, -1)
    parts = parts[:, parts.sum(axis=0) <= n]
    counts = np.vstack([parts, n - parts.sum(axis=0)]).T
    ways = special.gammaln(n + 1) - special.gammaln(counts + 1).sum(axis=1)
    return counts, ways


def errors(losses: Floats, shares: Floats, high: Floats, n: int) -> Floats:
    """Return P(high end < true loss) under laws ``losses``, ``shares`` (P, K); high (P or 1, T)."""
    counts, ways = tables(n, shares.shape[1])
    mean = (losses * shares).sum(axis=1)
    found = []
    for part in np.array_split(np.arange(len(shares)), max(1, len(shares) * len(ways) // BATCH)):
        wrong = high[part if len(high) > 1 else [0]] < mean[part, None]
        logs = np.log(shares[part]) @ counts.T + ways
        found.append(np.exp(np.where(wrong, logs, -np.inf)).sum(axis=1))
    return np.concatenate(found)


def worst_at_cap(high: High, n: int, alpha: float) -> Worst:
    """Return the worst law on {the cap, 0}: exact over all its probabilities, whatever n."""
    count = np.arange(n + 1.0)
    losses = np.array([1.0, 0.0])
    ends = high(losses, np.column_stack([count, n - count]), alpha)
    share = np.clip(ends, 0, 1)
    rate = np.where(ends < 1, special.bdtr(count, n, share), 0.0)
    at = int(np.nanargmax(rate))
    return Worst(float(rate[at]), losses, np.array([share[at], 1 - share[at]]))


def worst_two_points(high: High, n: int, alpha: float, width: float, even: int = 200) -> Worst:
    """Return the worst two-point law over `RATIOS` of distances up to ``width``, at any p."""
    counts, best = tables(n, 2)[0], NONE
    for ratio in RATIOS:
        losses = 1 - width * np.array([ratio, 1.0])
        ends = high(losses, counts, alpha)
        breaks = (ends - losses[1]) / (losses[0] - losses[1]) * (1 + 1e-12)
        share = np.concatenate([breaks, np.linspace(0, 1, even + 2)])
        share = share[(share > 0) & (share < 1)]
        laws = np.column_stack([share, 1 - share])
        rate = errors(np.broadcast_to(losses, laws.shape), laws, ends[None], n)
        if rate.max() > best.rate:
            best = Worst(float(rate.max()), losses, laws[rate.argmax()])
    return best


def worst_three_points(n: int, alphas: tuple[float, ...], step: float) -> dict[float, Worst]:
    """Return the worst three-point law per level on a grid of supports and probabilities."""
    side = np.unique(np.concatenate([np.arange(step, 1, step), [0.002, 0.01, 0.98, 0.995]]))
    one, two = (a.ravel() for a in np.meshgrid(side, side))
    inside = one + two < 0.9995
    shares = np.column_stack([one, two, 1 - one - two])[inside]
    ratios = np.concatenate([[0.0, 0.01], np.arange(step, 0.999, step)])
    counts, ways = tables(n, 3)
    chance, best = np.exp(np.log(shares) @ counts.T + ways), dict.fromkeys(alphas, NONE)
    for low, middle in ((a, b) for a in ratios for b in ratios if a < b):
        losses = 1 - np.array([low, middle, 1.0])
        mean = shares @ losses
        for alpha in alphas:
            ends = t_with_pseudo(losses, counts, alpha)
            rate = np.where(ends < mean[:, None], chance, 0.0).sum(axis=1)
            if rate.max() > best[alpha].rate:
                best[alpha] = Worst(float(rate.max()), losses, shares[rate.argmax()])
    return best


def climb(n: int, alpha: float, start: Worst, rng: np.random.Generator, turns: int) -> Worst:
    """Return a worse law near ``start``: random steps in support and probabilities."""
    best, reach = start, 0.5
    for _ in range(turns):
        scale = reach * rng.choice([1.0, 0.1, 0.01, 0.0], (60, 5))
        steps = scale * rng.normal(size=(60, 5))
        distance = np.clip((1 - best.losses[:2]) * np.exp(steps[:, :2]), 0, 1)
        distance = np.where(steps[:, :2] > 1, 0.0, distance)
        losses = 1 - np.column_stack([distance, np.ones(60)])
        shares = special.softmax(np.log(best.shares) + steps[:, 2:], axis=1)
        rate = errors(losses, shares, t_with_pseudo(losses, tables(n, 3)[0], alpha), n)
        at = rate.argmax()
        if rate[at] > best.rate:
            best = Worst(float(rate[at]), losses[at], shares[at])
        else:
            reach *= 0.75
    return best


def ever_reached(n: int, margin: float, alpha: float, discordances: Floats) -> Floats:
    """Return P(the wealth of a binary stream reaches 1/alpha at any of n looks), loss at margin."""
    b, c = np.meshgrid(np.arange(n + 1.0), np.arange(n + 1.0), indexing="ij")
    lost, won = ((discordances + s * margin)[:, None, None] / 2 for s in (1, -1))
    still = np.zeros((len(discordances), n + 1, n + 1))
    still[:, 0, 0] = 1.0
    for size in range(1, n + 1):
        after = still * (1 - lost - won)
        after[:, 1:, :] += still[:, :-1, :] * lost
        after[:, :, 1:] += still[:, :, :-1] * won
        inside = b + c <= size
        wealth = paired_binary_e(b[inside], c[inside], size, margin)
        after[:, inside] *= wealth < 1 / alpha
        still = after
    return 1 - still.sum(axis=(1, 2))
