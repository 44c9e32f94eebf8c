"""Stopping at declared looks: error of PASS and FAIL, samples saved, and undeclared looks.

One cell is enumerated exactly over (losses, gains) from look to look; several strata, clusters,
F1 and cells that wait for all of their samples are simulated. A candidate stops at its first PASS
or FAIL.

    python -m benchmarks.validity.stopping [--quick]
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from quantassay import stats

from .record import Figure, main
from .stopping_draws import BOUND, DEFAULT, SIDES, SPENDINGS, clusters, ratios, strata, undeclared
from .stopping_exact import ALPHA, P, Rule, Walk, binary_p, levels, mean_p
from .stopping_waiting import waits

LOOKS = {"default looks": DEFAULT, "2 looks": np.array([0.5, 1.0]), "5 looks": np.arange(1, 6) / 5}
# n at the last look, margin, discordances at a true loss of the margin
CELLS = (
    (100, 0.10, (0.10, 0.2, 0.4)),
    (200, 0.05, (0.05, 0.1, 0.2)),
    (400, 0.02, (0.02, 0.05, 0.1)),
    (1000, 0.01, (0.01, 0.02, 0.03, 0.06)),
    (3000, 0.01, (0.01,)),
)
PLANNED = ((0.01, 0.01), (0.01, 0.03), (0.02, 0.05), (0.05, 0.10))


def cells(quick: bool) -> Iterator[tuple[str, P, int, float, tuple[float, ...]]]:
    """Yield the cells enumerated, by method."""
    for name, p in (("paired_binary", binary_p), ("paired_mean", mean_p)):
        for cell in CELLS[:2] if quick else CELLS:
            yield (name, p, *cell)


def one_cell(quick: bool) -> Iterator[Figure]:
    """Enumerate false PASS and false FAIL of one cell, its true loss at the margin."""
    for name, p, n_max, margin, discordances in cells(quick):
        Rule.kept.clear()
        for looks, shares in LOOKS.items():
            n = np.ceil(shares * n_max).astype(int)
            for spending, (side, sign) in product(SPENDINGS, SIDES):
                level = levels(n, margin, spending, p if sign > 0 else None)
                for psi in discordances[:1] if quick else discordances:
                    rule = Rule(p, n, sign * margin, level)
                    rate = float(Walk(n, psi, margin).chances(rule).sum())
                    yield Figure(
                        f"nominal_levels({spending}) of {name}", f"{looks}; -1, 0, 1", n_max,
                        margin, side, ALPHA, rate, BOUND, discordance=psi,
                    )  # fmt: skip


def savings(quick: bool) -> Iterator[Figure]:
    """Enumerate samples saved by default looks where nothing is lost, and the power kept."""
    for margin, psi in PLANNED[-1:] if quick else PLANNED:
        planned = float(stats.binary_sample_size(margin, psi, 0.0, 0.9, ALPHA))
        for times, least in ((1.0, 0.25), (2.5, 0.45)):
            Rule.kept.clear()
            for spending in SPENDINGS:
                n = np.ceil(DEFAULT * planned * times).astype(int)
                level = levels(n, margin, spending, binary_p)
                first = Walk(n, psi, 0.0).chances(Rule(binary_p, n, margin, level))
                saved = 1 - float(n @ first + n[-1] * (1 - first.sum())) / n[-1]
                law = f"default looks, {times:g} times the planned n, no loss"
                method = f"nominal_levels({spending}) of paired_binary"
                yield Figure(
                    f"samples saved by {method}", law, int(n[-1]), margin, "power", least, saved,
                    least, discordance=psi,
                )  # fmt: skip
                kept = 0.87 if spending == "obrien-fleming" else 0.80
                yield Figure(
                    method, law, int(n[-1]), margin, "power", 0.9, float(first.sum()), kept,
                    discordance=psi,
                )  # fmt: skip


def measure(quick: bool) -> Iterator[Figure]:
    """Yield every figure."""
    for part in (savings, one_cell, strata, clusters, ratios, undeclared, waits):
        yield from part(quick)


if __name__ == "__main__":
    main("stopping", measure)
