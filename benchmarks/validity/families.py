"""Many strata and metrics of one candidate.

A PASS of a candidate needs every cell to pass (intersection-union); any FAIL is adjusted by Holm.
Strata are disjoint parts, or overlap in half of their samples; two metrics on the same samples are
positively correlated. max-T is measured beside them: where gains are rare it finds losses that are
not there, so that it describes and never decides.

    python -m benchmarks.validity.families [--quick]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.validity.record import Figure, main
from quantassay import stats

Array = NDArray[Any]
ALPHA = 0.025
STRATA = (1, 10, 50)
STRUCTURES = "disjoint strata", "overlapping strata", "two correlated metrics"


@dataclass(frozen=True)
class Kind:
    """How losses with a given mean are drawn (..., n), and judged from n and their sums."""

    margin: float
    size: int
    draw: Callable[[Array, tuple[int, ...], np.random.Generator], Array]
    high: Callable[[Array, Array, int], Array]
    beyond: Callable[[Array, Array, int, float], Array]


def binary_losses(mean: Array, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Return 1 for a loss, -1 for a gain; gains are one in a hundred."""
    u = rng.random(shape, dtype=np.float32)
    return (u < mean + 0.01) * 1.0 - (u > 0.99)


def skewed_losses(mean: Array, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Return losses of 0, and of 1 with a probability: the hardest law for a mean."""
    return (rng.random(shape, dtype=np.float32) < mean) * 1.0


def few_gains(mean: Array, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Return a small loss everywhere but for one whole gain in fifty: the same for a FAIL."""
    gained = rng.random(shape, dtype=np.float32) < 0.02
    return np.where(gained, -1.0, (mean + 0.02) / 0.98)


def binary_high(total: Array, square: Array, n: int) -> Array:
    tables, which = tables_of(total, square)
    return stats.binary_interval(*tables, n, ALPHA)[1][which]


def binary_beyond(total: Array, square: Array, n: int, margin: float) -> Array:
    tables, which = tables_of(total, square)
    return stats.binary_p_beyond(*tables, n, margin)[which]


def tables_of(total: Array, square: Array) -> tuple[Array, Array]:
    """Return the distinct (losses, gains) of cells, and which one each cell has."""
    counts = np.stack([(square + total) // 2, (square - total) // 2], axis=-1)
    found, which = np.unique(counts.reshape(-1, 2), axis=0, return_inverse=True)
    return found.T, which.reshape(total.shape)


def mean_high(total: Array, square: Array, n: int) -> Array:
    return stats.mean_bounds(n, -total, square, 1.0, ALPHA)[1]


def mean_beyond(total: Array, square: Array, n: int, margin: float) -> Array:
    return stats.mean_p_beyond(n, -total, square, 1.0, margin)


KINDS = {
    "binary": Kind(0.05, 300, binary_losses, binary_high, binary_beyond),
    "means, rare losses": Kind(0.05, 300, skewed_losses, mean_high, mean_beyond),
    "means, rare gains": Kind(0.05, 300, few_gains, mean_high, mean_beyond),
}


def cells(
    kind: Kind, structure: str, truth: Array, draws: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return sums and sums of squares (draws, k) of the losses of k cells with these means."""
    if structure == "overlapping strata":
        # neighbours share half of their samples, so that a mean holds on both halves
        halves = kind.draw(truth[:, None], (draws, len(truth), kind.size // 2), rng)
        both = np.stack([halves, np.roll(halves, 1, axis=1)])
        return both.sum(axis=(0, 3)), (both**2).sum(axis=(0, 3))
    losses = kind.draw(truth[:, None], (draws, len(truth), kind.size), rng)
    if structure == "two correlated metrics":
        # the second metric is the first on four samples in five
        again = kind.draw(truth[:, None], losses.shape, rng)
        same = rng.random(losses.shape, dtype=np.float32) < 0.8
        losses = np.concatenate([losses, np.where(same, losses, again)], axis=1)
    return losses.sum(axis=2), (losses**2).sum(axis=2)


def rates(kind: Kind, structure: str, truth: Array, draws: int, seed: int) -> tuple[float, float]:
    """Return how often every cell passes, and any fails by Holm."""
    rng = np.random.default_rng(seed)
    passed, failed = 0.0, 0.0
    block = max(1, 3_000_000 // (len(truth) * kind.size))
    for start in range(0, draws, block):
        total, square = cells(kind, structure, truth, min(block, draws - start), rng)
        high = kind.high(total, square, kind.size)
        passed += (high < kind.margin).all(axis=1).sum()
        p = kind.beyond(total, square, kind.size, kind.margin)
        # Holm rejects something exactly where the least p, times their number, is at most alpha
        failed += (p.min(axis=1) * p.shape[1] <= ALPHA).sum()
    return float(passed / draws), float(failed / draws)


def truths(kind: Kind, structure: str, strata: int) -> Iterator[tuple[str, Array]]:
    """Yield what is true of the strata, in words; a PASS is false in each, as is any FAIL."""
    yield "every cell at its margin", np.full(strata, kind.margin)
    if structure != "overlapping strata" and strata > 1:
        harmless = np.zeros(strata)
        harmless[0] = kind.margin
        yield "one stratum at its margin, no loss elsewhere", harmless


def families(quick: bool) -> Iterator[Figure]:
    draws = 200 if quick else 4000
    for name, structure, strata in product(KINDS, STRUCTURES, STRATA):
        kind = KINDS[name]
        if structure == "overlapping strata" and strata == 1:
            continue
        for law, truth in truths(kind, structure, strata):
            found = rates(kind, structure, truth, draws, strata)
            for (method, side), rate in zip(RULES, found, strict=True):
                yield Figure(f"{method}, {name}", f"{structure}; {law}", kind.size, kind.margin,
                             side, ALPHA, rate, ALPHA, draws, strata=strata)  # fmt: skip


RULES = ("every cell passes", "false PASS"), ("holm", "false FAIL")


BUCKETS = {
    "normal": lambda shape, rng: rng.standard_normal(shape),
    "t with 3 degrees of freedom": lambda shape, rng: rng.standard_t(3, shape),
    "rare large losses (one in 100)": lambda shape, rng: (rng.random(shape) < 0.01) - 0.01,
    "rare large gains (one in 100)": lambda shape, rng: 0.01 - (rng.random(shape) < 0.01),
}


def max_t(quick: bool) -> Iterator[Figure]:
    """Yield any false finding of max-T over buckets; the shared part makes cells correlated."""
    draws = 40 if quick else 400
    for law, buckets, strata in product(BUCKETS, (100, 1000), (10, 50)):
        rng, found = np.random.default_rng(buckets + strata), 0
        for seed in range(draws):
            own = BUCKETS[law]((buckets, strata), rng)
            losses = own + (BUCKETS[law]((buckets, 1), rng) if law == "normal" else 0.0)
            p = stats.max_t(np.ones(losses.shape), -losses, 0.0, seed, 500)
            found += bool(p.min() <= ALPHA)
        yield Figure("max_t", f"{law}, described only", buckets, 0.0, "false FAIL", ALPHA,
                     found / draws, ALPHA, draws, clusters=f"{buckets} buckets", strata=strata,
                     answer="described")  # fmt: skip


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of the family."""
    yield from families(quick)
    yield from max_t(quick)


if __name__ == "__main__":
    main("families", measure)
