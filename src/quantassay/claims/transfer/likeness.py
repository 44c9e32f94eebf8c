"""Whether a sample of production is like a test set, without targets."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.records.production import (
    ColumnDifference,
    ProductionMix,
    ProductionShare,
    TwoSample,
)

Numbers = Mapping[str, NDArray[np.float64]]
Categories = Mapping[str, NDArray[np.str_]]
SHOWN = 8
# rows of each side whose distances are taken: time and memory grow as their square
MOST_ROWS = 1_000


def mix_of(
    dimension: str, counts: Mapping[str, int], test: Mapping[str, int], nameless: int,
    confidence: float, seed: int,
) -> ProductionMix:  # fmt: skip
    """Return how production falls into strata, beside the test set.

    Parameters
    ----------
    dimension
        What the strata are named by.
    counts, test
        Samples of each stratum, in production and in the test set.
    nameless
        Samples of production in no stratum.
    confidence
        Of each share's two-sided interval.
    seed
        Of permutations where counts are small.
    """
    values = list(dict.fromkeys([*counts, *test]))
    own = np.array([counts.get(value, 0) for value in values], np.int64)
    other = np.array([test.get(value, 0) for value in values], np.int64)
    n, m = int(own.sum()), int(other.sum())
    low, high = (np.atleast_1d(e) for e in stats.clopper_pearson(own, n, (1 - confidence) / 2))
    found = stats.mix_difference(own, other, seed)
    shares = [
        ProductionShare(
            value,
            int(own[i]),
            own[i] / n,
            (float(low[i]), float(high[i])),
            int(other[i]),
            other[i] / m if m else 0.0,
        )
        for i, value in enumerate(values)
    ]
    known = not np.isnan(found.p)
    law = "4,999 permutations" if found.drawn else "the chi-square law"
    return ProductionMix(
        dimension, n, nameless, tuple(shares),
        found.p if known else None,
        None if np.isnan(found.distance) else found.distance,
        f"Pearson's test of homogeneity, {law}" if known else "one stratum: nothing to test",
    )  # fmt: skip


def two_sample(
    what: str,
    numbers: tuple[Numbers, Numbers],
    categories: tuple[Categories, Categories],
    sizes: tuple[int, int],
    alpha: float,
    seed: int,
    left_out: Mapping[str, str],
    matched: str | None = None,
) -> TwoSample | None:
    """Compare production with the test set column by column, and in all numbers at once.

    Half of ``alpha`` goes to the columns (Holm), half to the energy distance. None where there is
    no column to compare.

    Parameters
    ----------
    what
        Inputs, or outputs of the reference.
    numbers, categories
        Columns of (production, test): the same names on both sides.
    sizes
        Samples there are on each side; columns may hold fewer rows, drawn from them.
    alpha
        Chance to find a difference where both are samples of one law.
    seed
        Of permutations and of rows drawn.
    left_out
        Columns that are not compared, and why.
    matched
        Dimension whose strata the test set was drawn by.
    """
    found = [
        *(_numbers(name, numbers[0][name], numbers[1][name]) for name in numbers[0]),
        *(_categories(n, categories[0][n], categories[1][n], seed) for n in categories[0]),
    ]
    rows = _rows(numbers[0], categories[0]), _rows(numbers[1], categories[1])
    if not found or not all(rows):
        return None
    adjusted = np.atleast_1d(stats.holm([one[3] for one in found]))
    every = [
        ColumnDifference(name, effect, measure, float(p), medians)
        for (name, effect, measure, _, medians), p in zip(found, adjusted, strict=True)
    ]
    every.sort(key=lambda one: (np.isnan(one.p), one.p, -one.effect))
    effect, p = _energy(numbers, seed)
    least = float(np.nanmin(adjusted)) if not np.isnan(adjusted).all() else 1.0
    differs = least <= alpha / 2 or (p is not None and p <= alpha / 2)
    kept = tuple(f"{name}: {why}" for name, why in sorted(left_out.items()))[:SHOWN]
    top = tuple(one for one in every if not np.isnan(one.p))[:SHOWN]
    return TwoSample(what, sizes, rows, len(every), top, effect, p, least, differs, kept, matched)


def _rows(numbers: Numbers, categories: Categories) -> int:
    return max((len(column) for column in (*numbers.values(), *categories.values())), default=0)


Found = tuple[str, float, str, float, tuple[float, float] | None]


def _numbers(name: str, first: NDArray[np.float64], second: NDArray[np.float64]) -> Found:
    """Compare one column of numbers; what is missing is another matter than what it is."""
    a, b = first[~np.isnan(first)], second[~np.isnan(second)]
    if not len(a) or not len(b):
        return name, float(len(a) != len(b)), "missing on one side", np.nan, None
    gap, p = stats.ks_difference(a, b)
    with np.errstate(over="ignore", invalid="ignore"):
        medians = float(np.median(a)), float(np.median(b))
    finite = medians if all(np.isfinite(medians)) else None
    return name, float(np.ravel(gap)[0]), "Kolmogorov-Smirnov", float(np.ravel(p)[0]), finite


def _categories(name: str, first: NDArray[np.str_], second: NDArray[np.str_], seed: int) -> Found:
    values, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    own = np.bincount(codes[: len(first)], minlength=len(values))
    found = stats.mix_difference(own, np.bincount(codes, minlength=len(values)) - own, seed)
    return name, found.distance, "total variation", found.p, None


def _energy(numbers: tuple[Numbers, Numbers], seed: int) -> tuple[float | None, float | None]:
    """Return the energy distance of standardized numbers; None where there is none that varies."""
    rng = np.random.default_rng(seed)
    sides = []
    for side in numbers:
        columns = [side[name] for name in numbers[0]]
        stacked = np.stack(columns, axis=1) if columns else np.zeros((0, 0))
        chosen = rng.permutation(len(stacked))[:MOST_ROWS]
        sides.append(stacked[np.sort(chosen)])
    if min(map(len, sides)) < 2:
        return None, None
    both = np.concatenate(sides)
    whole = np.isfinite(both).all(axis=0)
    with np.errstate(invalid="ignore", over="ignore"):
        spread = np.where(whole, both.std(axis=0), 0.0)
    varies = whole & (spread > 0) & np.isfinite(spread)
    if not varies.any():
        return None, None
    first, second = (
        (side[:, varies] - both[:, varies].mean(axis=0)) / spread[varies] for side in sides
    )
    return stats.energy_difference(first, second, seed=seed)
