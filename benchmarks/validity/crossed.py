"""Means under two crossed random factors.

Complete tables of rows and columns, and some in which each row has a few of the columns. A loss may
come with a row, with a column, with either or only with both; where a factor's floor is not met the
answer is `insufficient`.

    python -m benchmarks.validity.crossed [--quick]
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.validity.clusters import sums_of
from benchmarks.validity.record import Figure, main
from quantassay import stats
from quantassay.stats.crossed import CrossedSums

Array = NDArray[Any]
LEVELS = (0.025, 0.025 / 20, 0.025 / 200)
TABLES = (3, 200), (25, 25), (30, 100), (60, 60), (20, 200)


def sums(losses: Array) -> CrossedSums:
    """Return the sums of many tables (draws, rows, columns)."""
    draws, rows, columns = losses.shape
    flat = losses.reshape(draws, -1)
    return CrossedSums(
        sums_of(np.full(rows, float(columns)), losses.sum(axis=2)),
        sums_of(np.full(columns, float(rows)), losses.sum(axis=1)),
        sums_of(np.ones(rows * columns), flat),
        1.0,
    )


LAWS = (
    "each pair alone", "whole rows", "whole columns", "rows or columns, mostly rows",
    "rows or columns, half and half", "rows or columns, mostly columns",
    "rows and columns, rarely rows", "rows and columns alike",
    "chances of rows times those of columns", "whole rows lost or gained",
)  # fmt: skip


def drawn(law: str, margin: float, shape: tuple[int, int, int], rng: np.random.Generator) -> Array:
    """Return losses (draws, rows, columns) with the margin as their mean."""
    draws, rows, columns = shape
    row, column = rng.random((draws, rows, 1)), rng.random((draws, 1, columns))
    pair = rng.random(shape, dtype=np.float32)
    if law.startswith("rows or columns"):
        part = {"rows": 0.75, "columns": 0.25}.get(law.split("mostly ")[-1], 0.5) * margin
        return ((row < part) | (column < 1 - (1 - margin) / (1 - part))) * 1.0
    if law.startswith("rows and columns"):
        chance = margin / 0.5 if "rarely" in law else margin**0.5
        return ((row < chance) & (column < margin / chance)) * 1.0
    if law.startswith("chances"):
        mean = 4 * margin * rng.beta(0.5, 0.5, row.shape) * rng.beta(0.5, 0.5, column.shape)
        return (pair < mean) * 1.0
    losses = {
        "each pair alone": lambda: (pair < margin) * 1.0,
        "whole rows": lambda: (row < margin) * 1.0,
        "whole columns": lambda: (column < margin) * 1.0,
        "whole rows lost or gained": lambda: (row < margin + 0.05) * 1.0 - (row > 0.95),
    }[law]()
    return np.broadcast_to(losses, shape)


def simulated(
    law: str, margin: float, table: tuple[int, int], draws: int, seed: int
) -> Iterator[tuple[str, float, float]]:
    """Yield side, level and how often that end misses the margin."""
    rng, wrong = np.random.default_rng(seed), dict.fromkeys(product(SIDES, LEVELS), 0)
    block = max(1, 1_000_000 // (table[0] * table[1]))
    for start in range(0, draws, block):
        found = sums(drawn(law, margin, (min(block, draws - start), *table), rng))
        for alpha in LEVELS:
            level = np.asarray(alpha)
            wrong["false PASS", alpha] += int((found.upper(level) < margin).sum())
            wrong["false FAIL", alpha] += int((found.mirrored().upper(level) < -margin).sum())
    for (side, alpha), count in wrong.items():
        yield side, alpha, count / draws


SIDES = "false PASS", "false FAIL"


def incomplete(quick: bool) -> Iterator[Figure]:
    """Yield figures of 150 rows with 1 to 8 of 60 columns each, some columns taken more often."""
    draws, margin = 20 if quick else 400, 0.2
    for seed, law in enumerate(LAWS):
        rng, wrong, judged = np.random.default_rng(seed), np.zeros(2), 0
        for _ in range(draws):
            losses = drawn(law, margin, (1, 150, 60), rng)[0]
            rows = np.repeat(np.arange(150), rng.integers(1, 9, 150))
            columns = (60 * rng.random(len(rows)) ** 1.3).astype(int)
            met = stats.crossed_clusters(rows, columns, 0.025) >= stats.cluster_floor(
                1, margin, 0.025
            )
            low, high = stats.crossed_bounds(rows, columns, -losses[rows, columns], 1, 0.025)
            judged += bool(met)
            wrong += [met and high < margin, low > margin]
        for side, count, of in zip(SIDES, wrong, (judged, draws), strict=True):
            yield Figure("crossed_bounds", f"{law}; incomplete", 675, margin, side, 0.025,
                         count / max(of, 1), 0.025, of,
                         clusters=f"150 rows with 1 to 8 of 60 columns, floor met in {judged}",
                         answer="judged" if of else "insufficient")  # fmt: skip


def measure(quick: bool) -> Iterator[Figure]:
    """Yield the figures of the family."""
    draws = 200 if quick else 4000
    for table, margin in product(TABLES, (0.1, 0.2)):
        size, name = table[0] * table[1], f"{table[0]} rows x {table[1]} columns"
        if min(table) < stats.cluster_floor(1, margin, 0.025):
            yield Figure("crossed_bounds", "any", size, margin, "false PASS", 0.025, 0.0, 0.025,
                         clusters=name, answer="insufficient")  # fmt: skip
            continue
        for seed, law in enumerate(LAWS):
            for side, alpha, rate in simulated(law, margin, table, draws, seed):
                yield Figure("crossed_bounds", law, size, margin, side, alpha, rate, alpha, draws,
                             clusters=name)  # fmt: skip
    yield from incomplete(quick)


if __name__ == "__main__":
    main("crossed", measure)
