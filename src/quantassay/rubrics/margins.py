"""What a margin means in errors, and what it costs in samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .. import stats

MARGINS = (0.005, 0.01, 0.02, 0.05)
DISCORDANCES = (0.01, 0.03, 0.05)
POWER = 0.9


@dataclass(frozen=True)
class MarginCost:
    """One margin on a share of right answers.

    ``errors`` more in a thousand answers are accepted; below ``floor`` samples no result can
    pass; ``needed`` samples give power .9 where nothing is lost, one figure for each
    discordance; ``passable`` says whether the present samples reach the floor, and
    ``strata_passable`` how many strata do.
    """

    margin: float
    errors: float
    floor: int
    needed: tuple[int, ...]
    passable: bool
    strata_passable: int


def margin_costs(n: int, strata: Sequence[int], alpha: float) -> list[MarginCost]:
    """Return the cost of each usual margin for a test set of n samples and these strata."""
    return [_cost(margin, n, strata, alpha) for margin in MARGINS]


def _cost(margin: float, n: int, strata: Sequence[int], alpha: float) -> MarginCost:
    floor = int(np.ceil(stats.binary_floor(margin, alpha)))
    sizes = stats.enumerated_binary_sample_size(margin, np.array(DISCORDANCES), 0.0, POWER, alpha)
    return MarginCost(
        margin,
        errors=margin * 1000,
        floor=floor,
        needed=tuple(max(floor, int(np.ceil(size))) for size in sizes),
        passable=n >= floor,
        strata_passable=sum(size >= floor for size in strata),
    )


def table(costs: Sequence[MarginCost], n: int, strata: int) -> list[str]:
    """Write the costs as an aligned text table."""
    head = ["margin", "more errors in 1000", "least n", *_heads(), f"with these {n:,}"]
    rows = [head, *(_row(cost, strata) for cost in costs)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]


def _heads() -> list[str]:
    return [f"n at {psi * 100:g} %" for psi in DISCORDANCES]


def _row(cost: MarginCost, strata: int) -> list[str]:
    can = "can pass" if cost.passable else "can never pass"
    if strata:
        can += f"; {cost.strata_passable} of {strata} strata can"
    sizes = [f"{size:,}" for size in cost.needed]
    return [f"{cost.margin:g}", f"{cost.errors:g}", f"{cost.floor:,}", *sizes, can]
