"""Misses of a loss at declared weights, from the limits of its strata alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np

from quantassay.stats import (
    binary_interval,
    cluster_bounds,
    mean_bounds,
    standardized,
    standardized_shared,
)

from .contrast import SIDES, _cell
from .record import Figure, main

ALPHA = 0.025
WEIGHTS = (0.5, 0.7, 0.9, 0.97)
MOVER = "standardized (MOVER of exact binary limits)"
SHARED = "standardized_shared (exact binary limits, added)"


def measure(quick: bool) -> Iterator[Figure]:
    """Yield misses of two strata exactly, of more, of means and of shared clusters by draws."""
    draws = 10_000 if quick else 100_000
    for first, second in product(SIDES[:3] if quick else SIDES, repeat=2):
        for weight in WEIGHTS:
            yield _two(first, second, weight)
    yield from _many(draws)
    yield from _means(draws // 10)
    yield from _couplings(draws // 5)
    yield from _clustered(draws // 50)


def _misses(truth: float, low: np.ndarray, high: np.ndarray, chance: np.ndarray | None) -> float:
    """Return how often the worse end misses."""
    found = [np.average(out, weights=chance) for out in (truth < low, truth > high)]
    return float(max(found))


def _two(first: tuple[int, float, float], second: tuple[int, float, float], w: float) -> Figure:
    one, other = _cell(*first), _cell(*second)
    rows, columns = len(one[0]), len(other[0])
    at = [np.repeat(x, columns) for x in one[:4]], [np.tile(x, rows) for x in other[:4]]
    seen, low, high = (np.stack([at[0][i], at[1][i]], axis=1) for i in (1, 2, 3))
    _, below, above = standardized(seen, (low, high), [w, 1 - w])
    truth = w * first[2] + (1 - w) * second[2]
    return Figure(
        MOVER,
        f"weight {w:g} on n {first[0]}, psi {first[1]:g}, loss {first[2]:g}; the rest on "
        f"psi {second[1]:g}, loss {second[2]:g}; the worse end",
        second[0], truth, "interval misses", ALPHA,
        _misses(truth, below, above, at[0][0] * at[1][0]), ALPHA, discordance=second[1], strata=2,
    )  # fmt: skip


def _many(draws: int) -> Iterator[Figure]:
    """Yield misses at mixes of three and of ten strata that lose alike or in one place."""
    rng = np.random.default_rng(41)
    quiet, loud, rare = (100, 0.01, 0.01), (400, 0.10, 0.05), (1000, 0.005, 0.005)
    for name, sides, weights in (
        ("ten alike of n 100", [quiet] * 10, np.ones(10)),
        ("ten, the loud one at 1 %", [loud, *[rare] * 9], np.array([0.01, *[0.11] * 9])),
        ("ten, weights halving", [quiet, rare] * 5, 0.5 ** np.arange(10)),
        ("three, the smallest at 80 %", [(50, 0.02, 0.02), rare, loud], np.array([0.8, 0.1, 0.1])),
    ):
        drawn = []
        for side in sides:
            chance, *figures, _ = _cell(*side)
            rows = rng.choice(len(chance), draws, p=chance / chance.sum())
            drawn.append([figure[rows] for figure in figures])
        seen, low, high = (np.stack(column, axis=1) for column in zip(*drawn, strict=True))
        truth = float(weights @ [side[2] for side in sides] / weights.sum())
        for method, combined in ((MOVER, standardized), (SHARED, standardized_shared)):
            _, below, above = combined(seen, (low, high), weights)
            yield Figure(
                method, f"{name}; the worse end", sides[-1][0], truth, "interval misses", ALPHA,
                _misses(truth, below, above, None), ALPHA, draws=draws, strata=len(sides),
            )  # fmt: skip


def _means(draws: int) -> Iterator[Figure]:
    """Yield misses of means of exponential losses with the cap 1."""
    rng = np.random.default_rng(42)
    for weight in (0.5, 0.9):
        sides = []
        for n, scale in ((50, 0.05), (200, 0.1)):
            loss = np.minimum(rng.exponential(scale, (draws, n)), 1.0)
            total, square = loss.sum(axis=1), (loss**2).sum(axis=1)
            ends = mean_bounds(n, -total, square, 1.0, ALPHA)
            sides.append((total / n, *ends, scale * -np.expm1(-1 / scale)))
        seen, low, high = (np.stack([sides[0][i], sides[1][i]], axis=1) for i in (0, 1, 2))
        truth = weight * sides[0][3] + (1 - weight) * sides[1][3]
        _, below, above = standardized(seen, (low, high), [weight, 1 - weight])
        yield Figure(
            "standardized (MOVER of t+w limits)",
            f"exponential of mean 0.05 (n 50, weight {weight:g}) and 0.1; the worse end",
            200, truth, "interval misses", ALPHA, _misses(truth, below, above, None), ALPHA,
            draws=draws, strata=2,
        )  # fmt: skip


def _same(rng: np.random.Generator, first: np.ndarray, lost: float) -> np.ndarray:
    return first


def _alone(rng: np.random.Generator, first: np.ndarray, lost: float) -> np.ndarray:
    return np.where(rng.random(first.shape) < lost, 1.0, 0.0)


def _half(rng: np.random.Generator, first: np.ndarray, lost: float) -> np.ndarray:
    return np.where(rng.random(first.shape) < 0.5, first, _alone(rng, first, lost))


def _couplings(draws: int) -> Iterator[Figure]:
    """Yield misses where every cluster has one sample in each of two strata."""
    rng = np.random.default_rng(43)
    couplings: dict[str, Callable[[np.random.Generator, np.ndarray, float], np.ndarray]] = {
        "the same answer": _same, "the same in half": _half, "unrelated": _alone,
    }  # fmt: skip
    for n, lost, weight in product((50, 200, 1000), (0.01, 0.05), (0.5, 0.9)):
        for coupling, second in couplings.items():
            counts = []
            for _ in range(draws // 1000):
                first = np.where(rng.random((1000, n)) < lost, 1.0, 0.0)
                counts.append([first.sum(1), second(rng, first, lost).sum(1)])
            b = np.concatenate(counts, axis=1).T
            low, high = binary_interval(b, 0, n, ALPHA)
            _, below, above = standardized_shared(b / n, (low, high), [weight, 1 - weight])
            yield Figure(
                SHARED, f"weight {weight:g}, psi = loss = {lost:g}; the worse end", n, lost,
                "interval misses", ALPHA, _misses(lost, below, above, None), ALPHA,
                draws=draws // 1000 * 1000, discordance=lost, strata=2,
                clusters=f"of one sample in each stratum: {coupling}",
            )  # fmt: skip


def _clustered(draws: int) -> Iterator[Figure]:
    """Yield misses of two strata of pairs of samples, each judged by its clusters."""
    rng = np.random.default_rng(44)
    for clusters, lost, weight in product((60, 200), (0.02, 0.1), (0.5, 0.9)):
        drawn = []
        for _ in range(2):
            pairs = 2.0 * (rng.random((draws, clusters)) < lost)
            cells = np.repeat(np.arange(draws), clusters)
            ends = cluster_bounds(np.full(pairs.size, 2.0), -pairs.ravel(), 1.0, ALPHA, cells)
            drawn.append([pairs.sum(1) / (2 * clusters), *ends])
        seen, low, high = (np.stack(column, axis=1) for column in zip(*drawn, strict=True))
        _, below, above = standardized(seen, (low, high), [weight, 1 - weight])
        yield Figure(
            "standardized (MOVER of cluster t limits)",
            f"weight {weight:g}, pairs of samples lost together; the worse end",
            2 * clusters, lost, "interval misses", ALPHA, _misses(lost, below, above, None), ALPHA,
            draws=draws, discordance=lost, strata=2, clusters=f"{clusters} of 2 in each stratum",
        )  # fmt: skip


if __name__ == "__main__":
    main("standardized", measure)
