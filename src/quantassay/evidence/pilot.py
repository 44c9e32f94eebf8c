"""What a small set of predictions of both sides tells of the cells to be planned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.records.samples import Partition

Floats = NDArray[np.float64]
ADVISED, FEWEST = 200, 20
CONFIDENCE = 0.8


@dataclass(frozen=True)
class PilotCell:
    """Rows (n, d) of both sides in one cell, and the loss of each sample (n,) of a mean.

    Without targets ``losses`` are the most that each sample could lose or gain. ``unit`` (n,)
    codes clusters, None where there are none. ``borrowed`` says that it holds the whole pilot,
    its own share being too small.
    """

    reference: Floats
    candidate: Floats
    losses: Floats
    labelled: bool
    unit: NDArray[np.intp] | None
    borrowed: bool

    def __len__(self) -> int:
        return len(self.reference)

    def changed_upper(self) -> float:
        """Return the upper bound of the share of samples that change."""
        changed = int(np.count_nonzero(self.losses))
        return float(stats.discordance_upper(changed, len(self), CONFIDENCE))

    def spread_upper(self, influence: Floats, cap: float) -> float:
        """Return the upper bound of the standard deviation of losses or influence values.

        Where nothing, or little, changed, as much may change as Clopper and Pearson's bound
        allows, by as much as what did change, or by the cap.
        """
        moved = influence[influence != 0]
        typical = float((moved**2).mean()) if len(moved) else cap**2
        share = float(stats.discordance_upper(len(moved), len(influence), CONFIDENCE))
        seen = float(np.nan_to_num(stats.spread_upper(influence, CONFIDENCE)))
        if not self.labelled:
            seen = float(np.sqrt(seen**2 + influence.mean() ** 2))
        return min(max(seen, float(np.sqrt(share * typical))), cap)

    def correlation(self) -> float:
        """Return the intraclass correlation of the losses, 0 to 1; NaN where none is seen."""
        if self.unit is None:
            return float("nan")
        code = np.unique(self.unit, return_inverse=True)[1]
        sizes, totals = np.bincount(code), np.bincount(code, self.losses)
        found = stats.intraclass_correlation(sizes, totals, float((self.losses**2).sum()))
        return float(np.clip(found, 0.0, 1.0))


@dataclass(frozen=True)
class Pilot:
    """The cells (G,) of a pilot of ``n`` samples, and how a metric reads their rows."""

    n: int
    cells: tuple[PilotCell, ...]
    value: Callable[[Floats, Floats], Floats]
    higher_is_better: bool

    @property
    def labelled(self) -> bool:
        """Whether it had targets."""
        return self.cells[0].labelled

    def first(self, count: int) -> Pilot:
        """Return the first cell, that many times."""
        return Pilot(self.n, self.cells[:1] * count, self.value, self.higher_is_better)

    def metric(self, totals: Floats) -> Floats:
        """Return the metric, higher better, of sums of rows."""
        sign = 1.0 if self.higher_is_better else -1.0
        return sign * self.value(totals, np.asarray(np.nan))

    def basis(self, what: Sequence[str]) -> list[str]:
        """Say of every cell what its figure is taken from."""
        kind = "pilot" if self.labelled else "pilot without targets"
        return [
            f"{text}, 80 % upper bound, {kind} n {len(cell)}"
            + (" (all of it)" if cell.borrowed else "")
            for text, cell in zip(what, self.cells, strict=True)
        ]


def pilot_of(
    rows: tuple[Floats, Floats],
    partitions: Sequence[Partition | int],
    units: NDArray[np.intp] | None,
    value: Callable[[Floats, Floats], Floats],
    higher_is_better: bool,
    labelled: bool = True,
) -> Pilot:
    """Cut a pilot into the cells of a plan.

    Parameters
    ----------
    rows
        Statistics (n, d) of reference and candidate; without targets the most that each sample
        could lose or gain, beside zeros.
    partitions
        Those of the plan in its order, the whole first; a number of cells where the pilot does
        not hold the column.
    units
        Cluster of each sample (n,).
    value, higher_is_better
        How the metric reads sums of rows.
    labelled
        Whether targets were there.
    """
    sign = 1.0 if higher_is_better or not labelled else -1.0
    losses = sign * (rows[0][:, 0] - rows[1][:, 0])

    def cell(inside: NDArray[np.bool_]) -> PilotCell:
        few = int(inside.sum()) < FEWEST
        own = np.ones_like(inside) if few else inside
        unit = None if units is None else units[own]
        return PilotCell(
            rows[0][own], rows[1][own], losses[own], labelled, unit, few and not inside.all()
        )

    cells = [cell(inside) for part in partitions for inside in _masks(part, len(losses))]
    return Pilot(len(losses), tuple(cells), value, higher_is_better)


def _masks(part: Partition | int, n: int) -> list[NDArray[np.bool_]]:
    if isinstance(part, int):
        return [np.zeros(n, bool)] * part
    return [part.codes == code for code in range(len(part.labels))]
