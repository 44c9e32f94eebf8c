"""Calibration studies: how far a fresh calibration may lie from the draws that were seen.

A draw shifts the true loss; the test set adds its own error, part of it the same for every draw.
The interval over draws takes them as normal: with heavy tails it misses more often, and a rare bad
draw that eight did not hold is not foreseen. Draws of a source that is too small share samples; the
correction is exact for what is linear in the samples, and not for the largest of them. Described;
no verdict rests on any of it.

    python -m benchmarks.validity.calibration [--quick]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.validity.record import Figure, main
from quantassay import stats
from quantassay.schemes.calibration import draw_apart, shared_by

Array = NDArray[Any]
ALPHA, MEAN = 0.025, 0.03

DRAWS: dict[str, Callable[[np.random.Generator, int], Array]] = {
    "normal draws": lambda rng, k: rng.standard_normal(k),
    "t (3 df) draws": lambda rng, k: rng.standard_t(3, k) / np.sqrt(3),
    "lognormal draws (skewness 1.75)": lambda rng, k: (
        (np.exp(0.5 * rng.standard_normal(k)) - 1.1331) / 0.6039
    ),
    "a draw in ten far worse": lambda rng, k: 3.33 * ((rng.random(k) < 0.1) - 0.1),
}


def whole_losses(true: Array, n: int, rng: np.random.Generator) -> tuple[Array, ...]:
    """Return 0 or 1 for each draw and sample (K, n), and both ends of E+M's intervals.

    Four samples in five are lost by the same order in every draw.
    """
    shared, own = rng.random(n), rng.random((len(true), n))
    lost = np.where(rng.random(n) < 0.8, shared, own) < np.clip(true, 0, 1)[:, None]
    return lost * 1.0, *stats.binary_interval(lost.sum(axis=1), 0, n, ALPHA)


def small_losses(true: Array, n: int, rng: np.random.Generator) -> tuple[Array, ...]:
    """Return normal losses within a cap of 1 (K, n), and both ends of t+w's intervals."""
    spread = 0.1 * rng.standard_normal(n) + 0.1 * rng.standard_normal((len(true), n))
    lost = np.clip(true[:, None] + spread, -1, 1)
    return lost, *stats.mean_bounds(n, -lost.sum(axis=1), (lost**2).sum(axis=1), 1.0, ALPHA)


KINDS = {"whole losses": whole_losses, "normal losses": small_losses}
SPREADS, SIZES = (0.0, 0.005, 0.02), (500, 5000)


def missed(
    kind: str, true: Array, spread: float, n: int, rng: np.random.Generator, shared: float = 0.0
) -> tuple[bool, bool]:
    """Return whether the spread, and the last draw's true loss, lie outside their intervals."""
    losses, low, high = KINDS[kind](true[:-1], n, rng)
    noise = stats.sample_noise(losses)
    means = losses.mean(axis=1)
    between = stats.between_draws(means, noise, shared=shared)
    fresh = stats.fresh_draw_interval(means, low, high, shared=shared)
    return not between.low <= spread <= between.high, not fresh.low <= true[-1] <= fresh.high


def apart(quick: bool) -> Iterator[Figure]:
    """Yield figures of draws that share nothing."""
    repeats = 100 if quick else 1000
    for seed, (law, kind, spread, n, k) in enumerate(
        product(DRAWS, KINDS, SPREADS, SIZES, (4, 8, 20))
    ):
        if (law != "normal draws" and not spread) or (n == SIZES[1] and k == 20):
            continue
        rng = np.random.default_rng(seed)
        found = [
            missed(kind, MEAN + spread * DRAWS[law](rng, k + 1), spread, n, rng)
            for _ in range(repeats)
        ]
        tails = "" if law == "normal draws" else ", draws that are not normal"
        yield from figures(np.array(found), tails, f"{kind}, {law} of sd {spread:g}", n, k)


def overlapping(quick: bool) -> Iterator[Figure]:
    """Yield figures of draws of 64 from a source that is too small, drawn as the product does."""
    repeats, spread, k, size = 100 if quick else 1000, 0.02, 8, 64
    for seed, (what, source) in enumerate(product(RANGES, (512, 256, 128, 96))):
        rng, shift = np.random.default_rng(1000 + seed), RANGES[what]
        found = []
        for repeat in range(repeats):
            drawn = draw_apart(source, size, k, repeat)
            values, fresh = rng.standard_exponential(source), rng.standard_exponential(size)
            shifts = [shift(values[rows]) for rows in drawn] + [shift(fresh)]
            true = MEAN + spread * np.array(shifts)
            found.append(missed("normal losses", true, spread, 500, rng, shared_by(drawn)))
        law = f"normal losses, {k} draws of {size} of {source}, shifted by {what}, sd {spread:g}"
        tails = ", draws that share samples"
        if what != "their mean":
            tails += " and follow the largest"
        yield from figures(np.array(found), tails, law, 500, k)


RANGES = {
    "their mean": lambda x: (x.mean() - 1) * np.sqrt(64),
    # the largest of 64: Gumbel, mean and deviation of harmonic sums
    "their largest": lambda x: (x.max() - 4.7439) / 1.2727,
}


def figures(found: Array, tails: str, law: str, n: int, k: int) -> Iterator[Figure]:
    methods = "between_draws", "fresh_draw_interval"
    for method, rate in zip(methods, found.mean(axis=0).tolist(), strict=True):
        yield Figure(method + tails, law, n, 0.0, "interval misses", ALPHA, rate, 2 * ALPHA,
                     len(found), clusters=f"{k} draws", answer="described")  # fmt: skip


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of the family."""
    yield from apart(quick)
    yield from overlapping(quick)


if __name__ == "__main__":
    main("calibration", measure)
