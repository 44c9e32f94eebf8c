"""What a cell of a given size could tell, at an assumed discordance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quantassay import stats
from quantassay.records.planned import Outlook


@dataclass(frozen=True)
class Prospect:
    """One cell before it is measured: its size, margin, and the rates wanted.

    ``alpha`` is one-sided.
    """

    size: float
    margin: float
    alpha: float
    power: float


def binary_outlook(cell: Prospect, discordance: float) -> Outlook:
    """Return the outlook of a paired binary cell.

    The smallest discordance that a loss of the margin can come from is the margin itself.
    """
    size = np.floor(cell.size)
    return Outlook(
        discordance,
        needed=_count(
            stats.binary_sample_size(cell.margin, discordance, 0.0, cell.power, cell.alpha)
        ),
        power=_number(stats.binary_power(size, cell.margin, discordance, 0.0, cell.alpha)),
        detectable=_number(
            stats.smallest_detectable_binary(size, discordance, cell.alpha, cell.power)
        ),
    )


def mean_outlook(cell: Prospect, discordance: float, cap: float | None) -> Outlook:
    """Return the outlook of a bounded mean of which a share of samples moves by half the cap."""
    if cap is None:
        return Outlook(discordance, None, None, None, "no cap is declared: it can never pass")
    spread = cap / 2 * np.sqrt(discordance)
    return Outlook(
        discordance,
        needed=_count(
            stats.mean_sample_size(cell.margin, spread, cap, 0.0, cell.power, cell.alpha)
        ),
        power=_number(stats.mean_power(cell.size, cell.margin, spread, cap, 0.0, cell.alpha)),
        detectable=_number(
            stats.smallest_detectable_mean(cell.size, spread, cap, cell.alpha, cell.power)
        ),
    )


def no_outlook(discordance: float, why: str) -> Outlook:
    """Return the reason, where no formula is known."""
    return Outlook(discordance, None, None, None, why)


def _number(value: object) -> float | None:
    found = float(np.asarray(value, float))
    return found if np.isfinite(found) else None


def _count(value: object) -> int | None:
    found = _number(value)
    return None if found is None else int(np.ceil(found))
