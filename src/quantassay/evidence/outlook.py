"""What cells could tell before they are measured, whatever kind of evidence they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from quantassay.records.planned import Outlook, Source

from .pilot import Pilot

Floats = NDArray[np.float64]
ROUNDING = 1e-6
FIGURES = ("needed", "needed_each", "power", "power_at_floor", "detectable", "half_width")


@dataclass(frozen=True)
class Prospects:
    """Cells (G,) before they are measured.

    ``n`` samples are there (NaN: unknown), ``floor`` samples could pass at the least (NaN:
    unknown), a share ``rarer`` of them is what the floor counts. ``loss`` is the expected true
    loss, ``each`` the power of each cell that makes all pass together. ``sizes`` are those of the
    clusters of each cell, None where samples are independent, with the intraclass
    ``correlation`` of differences (NaN: as a pilot shows, or else 1). ``alpha`` is one-sided.
    ``wanted`` names the figures that are worked out.
    """

    n: Floats
    margin: Floats
    floor: Floats
    rarer: Floats
    loss: Floats
    alpha: float
    power: float
    each: float
    sizes: tuple[Floats | None, ...]
    correlation: float
    wanted: tuple[str, ...] = FIGURES

    def at(self, margins: Floats) -> Prospects:
        """Return the first cell at other margins, its floor unknown."""
        count = len(margins)
        share = self.loss[0] / self.margin[0]
        return replace(
            self,
            n=np.full(count, self.n[0]),
            margin=margins,
            floor=np.full(count, np.nan),
            rarer=np.full(count, self.rarer[0]),
            loss=share * margins,
            sizes=(self.sizes[0],) * count,
            wanted=("needed",),
        )


@dataclass(frozen=True)
class Expected:
    """What samples are expected to do: a share of them changes, or as a pilot shows.

    ``area`` holds the expected AUROC of the reference and the correlation of both sides'
    placements.
    """

    discordance: float | None = None
    pilot: Pilot | None = None
    area: tuple[float, float] | None = None

    def first(self, count: int) -> Expected:
        """Return the same for the first cell alone, that many times."""
        return self if self.pilot is None else replace(self, pilot=self.pilot.first(count))


class Law(Protocol):
    """What the samples of some cells do; every figure has their shape."""

    @property
    def method(self) -> str:
        """How figures are made."""
        ...

    def floor(self, cells: Prospects) -> Floats:
        """Return the least number of samples that could pass."""
        ...

    def needed(self, cells: Prospects, power: float) -> Floats:
        """Return the number of samples that passes with this power."""
        ...

    def power(self, cells: Prospects, n: Floats) -> Floats:
        """Return the chance of a pass of n samples."""
        ...

    def detectable(self, cells: Prospects, power: float) -> Floats:
        """Return the smallest margin that the samples there are pass with this power."""
        ...


def no_outlook(cells: Prospects, why: str) -> list[Outlook]:
    """Return the reason for every cell, where no formula is known."""
    return [Outlook(why=why)] * len(cells.margin)


def outlooks(
    cells: Prospects,
    law: Law,
    basis: Sequence[str],
    free: Law | None = None,
    source: Source = "declared",
) -> list[Outlook]:
    """Return what cells could tell under a law.

    Parameters
    ----------
    cells
        The cells (G,).
    law
        What their samples do.
    basis
        What that is taken from, for each cell.
    free
        The same law without a cap, where one costs samples.
    source
        Of what was assumed.
    """
    floor = np.where(np.isnan(cells.floor), law.floor(cells), cells.floor)
    figures: dict[str, Callable[[], Floats]] = {
        "needed": lambda: _at_least(law.needed(cells, cells.power), floor),
        "needed_each": lambda: _at_least(law.needed(cells, cells.each), floor),
        "power": lambda: np.where(cells.n >= floor, law.power(cells, cells.n), 0.0 * cells.n),
        "power_at_floor": lambda: law.power(cells, np.ceil(floor - ROUNDING)),
        "detectable": lambda: law.detectable(cells, cells.power),
        "half_width": lambda: law.detectable(cells, 0.5),
    }
    columns = {"least": floor, **{name: figures[name]() for name in cells.wanted}}
    if free is not None:
        columns["uncapped"] = free.needed(cells, cells.power)
    given = {name: getattr(law, name, None) for name in ("discordance", "spread")}
    columns |= {name: values for name, values in given.items() if values is not None}
    return [
        Outlook(basis=text, source=source, method=law.method, **_row(columns, g))
        for g, text in enumerate(basis)
    ]


def _at_least(needed: Floats, floor: Floats) -> Floats:
    return np.where(np.isnan(needed), needed, np.fmax(needed, np.ceil(floor - ROUNDING)))


COUNTS = ("needed", "needed_each", "least", "uncapped")


def _row(columns: dict[str, Floats], g: int) -> dict[str, Any]:
    """Return the figures of one cell; None where one is not finite."""
    values = {name: float(column[g]) for name, column in columns.items()}
    return {
        name: None if not np.isfinite(v) else int(np.ceil(v - ROUNDING)) if name in COUNTS else v
        for name, v in values.items()
    }


def cluster_sizes(
    codes: Sequence[NDArray[np.intp]], widths: Sequence[int], units: NDArray[np.intp] | None
) -> tuple[Floats | None, ...]:
    """Return the cluster sizes of every cell; None where no cluster holds two samples.

    Parameters
    ----------
    codes, widths
        Cell of each sample (n,) and number of cells, of every partition.
    units
        Cluster of each sample (n,); None: all are independent.
    """
    found: list[Floats | None] = []
    for code, width in zip(codes, widths, strict=True):
        for cell in range(width):
            if units is None:
                found.append(None)
                continue
            counts = np.bincount(units[code == cell])
            sizes = counts[counts > 0].astype(float)
            found.append(sizes if (sizes > 1).any() else None)
    return tuple(found)
