"""All variants as pairs of throughput and loss, for each metric that has a margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.records.cells import stratum_label
from quantassay.records.frontier import Frontier, Interval, Point, StratumFrontier
from quantassay.verdicts.cost import with_cost
from quantassay.verdicts.frontier import Pairs, stratum_frontier

from ..question import Asked
from ..timing.figures import log_ratios
from .basis import Basis
from .dominance import WORTH_A_LOOK, p_slower, p_worse
from .pricing import COST, NO_COST, tariff
from .shortlist import Listed, listed

Floats = NDArray[np.float64]
METHOD = (
    "both intervals at {each:g}, so that they hold at once at {whole:g}; throughput is of the "
    "whole test set, in every stratum; dominated: slower in the same blocks and worse on the same "
    "samples, by Holm's rule over {pairs} ordered pairs of each stratum at {alpha:g}; the "
    "reference takes part"
)
APART = "without common blocks, and so not compared: {}"
CHOICE = (
    "P(the one named is {wrong}) is at most {alpha:g}: each of {count} is judged at {level:.2g}, "
    "one-sided (Bonferroni), so that it may be chosen by its throughput; in a stratum the same "
    "holds of that stratum's margins alone"
)
ALONE = "P(a PASS, where it is {wrong}) is at most {alpha:g}: no other candidate gates"
WRONG = "at or beyond a margin"
SLOW = "or no faster than declared"


def frontiers(basis: Basis) -> tuple[Frontier, ...]:
    """Return the frontier of every metric that has a margin; none where no timing is declared."""
    asked = [one for one in basis.exam.question.metrics if one.margin is not None or one.by]
    if basis.exam.rubric.timing is None or not basis.comparison.candidates:
        return ()
    if basis.empty:
        return tuple(_empty(basis, one) for one in asked)
    candidates = {name: listed(basis, name) for name in basis.comparison.candidates}
    slower = p_slower(basis.names, basis.trials)
    return tuple(_frontier(_Sheet.of(basis, one, candidates, slower)) for one in asked)


@dataclass(frozen=True)
class _Sheet:
    """What the frontier of one metric is drawn from.

    ``intervals`` are those of the loss by candidate, one of each cell of the metric; ``start`` is
    the place of the first of these cells among all cells of a candidate.
    """

    basis: Basis
    asked: Asked
    candidates: Mapping[str, Listed]
    slower: Floats
    start: int
    intervals: Mapping[str, tuple[Floats, Floats]]

    @classmethod
    def of(
        cls, basis: Basis, asked: Asked, candidates: Mapping[str, Listed], slower: Floats
    ) -> _Sheet:
        """Take the loss of every candidate at the level of a rectangle's side."""
        place = next(i for i, one in enumerate(basis.exam.question.metrics) if one is asked)
        first = next(iter(candidates.values())).measured
        start = sum(len(one.group.declared) for one in first[:place])
        intervals = {
            name: one.measured[place].group.evidence.bounds(basis.alpha / 2)
            for name, one in candidates.items()
        }
        return cls(basis, asked, candidates, slower, start, intervals)

    def worse(self) -> Floats:
        """Return p of 'i loses no more than j' in every cell of the metric (G, k, k)."""
        basis = self.basis
        place = next(i for i, one in enumerate(basis.exam.question.metrics) if one is self.asked)
        partitions = next(iter(self.candidates.values())).measured[place].partitions
        with np.errstate(invalid="ignore"):
            wanted = self.slower < WORTH_A_LOOK
        return p_worse(basis.exam, self.asked, basis.names, basis.answers, partitions, wanted)


def _frontier(sheet: _Sheet) -> Frontier:
    basis, asked = sheet.basis, sheet.asked
    cells = next(iter(sheet.candidates.values())).cells[sheet.start :]
    worse = sheet.worse()
    whole, *strata = [
        _stratum(sheet, g, Pairs(worse[g], sheet.slower))
        for g in range(len(worse))
        if cells[g].margin is not None or not cells[g].stratum
    ]
    cost = tariff(basis, asked, cells[0].reference_value)
    if cost is not None:
        whole = replace(whole, points=tuple(with_cost(point, cost) for point in whole.points))
    return Frontier(
        metric=asked.metric.name,
        confidence=basis.exam.question.confidence,
        reference=basis.reference,
        candidates=basis.candidates,
        whole=whole,
        strata=tuple(strata),
        fastest=whole.fastest,
        reason=whole.reason,
        guarantee=_guarantee(basis),
        cost_unit="" if cost is None else cost.unit,
        cost_note=NO_COST.format(asked.metric.name) if cost is None else COST,
        method=_method(basis, sheet.slower),
    )


def _guarantee(basis: Basis) -> str:
    wrong = WRONG if basis.speedups.declared is None else f"{WRONG}, {SLOW}"
    if basis.candidates == 1:
        return ALONE.format(wrong=wrong, alpha=basis.alpha)
    count = f"{basis.candidates} candidates"
    return CHOICE.format(wrong=wrong, alpha=basis.alpha, count=count, level=basis.level)


def _method(basis: Basis, slower: Floats) -> str:
    k, alpha = len(basis.names), basis.alpha
    text = METHOD.format(each=1 - alpha, whole=1 - 2 * alpha, pairs=k * (k - 1), alpha=alpha)
    names = basis.names
    apart = [
        f"{names[i]} and {names[j]}"
        for i in range(k)
        for j in range(i)
        if {names[i], names[j]} <= set(basis.trials) and np.isnan(slower[i, j])
    ]
    return f"{text}; {APART.format(', '.join(apart))}" if apart else text


def _stratum(sheet: _Sheet, g: int, pairs: Pairs) -> StratumFrontier:
    basis = sheet.basis
    one = next(iter(sheet.candidates.values())).cells[sheet.start + g]
    label = stratum_label(one.stratum) if one.stratum else None
    home = basis.reference
    points = [
        Point(home, basis.precisions.get(home, ""), 1.0, (1.0, 1.0), 0.0, (0.0, 0.0), None, False),
        *(_point(sheet, each, g, label) for each in sheet.candidates.values()),
    ]
    gated = [
        bool(each.gates) if label is None else label in each.gates
        for each in sheet.candidates.values()
    ]
    shared = any(gated), basis.candidates
    return stratum_frontier(one.stratum, one.margin, points, pairs, basis.alpha, shared)


def _point(sheet: _Sheet, one: Listed, g: int, label: str | None) -> Point:
    basis, cell = sheet.basis, one.cells[sheet.start + g]
    speed, ends = _speed(basis, one.name)
    low, high = (float(end[g]) for end in sheet.intervals[one.name])
    ruling = basis.comparison.candidates[one.name]
    return Point(
        variant=one.name,
        precision=basis.precisions.get(one.name, ""),
        speed=speed,
        speed_interval=ends,
        loss=cell.loss,
        loss_interval=_ends(low, high),
        verdict=ruling.verdict if label is None else cell.verdict,
        passes=one.passes(label),
    )


def _speed(basis: Basis, name: str) -> tuple[float | None, Interval | None]:
    """Return the throughput over the reference's, at the level of a rectangle's side."""
    if name not in basis.trials:
        return None, None
    logs = log_ratios(basis.trials[name], basis.trials[basis.reference])
    if not len(logs):
        return None, None
    found = stats.speed_ratio(logs, 1 - basis.alpha)
    return found.estimate, found.ends


def _ends(low: float, high: float) -> Interval | None:
    return (low, high) if np.isfinite([low, high]).all() else None


def _empty(basis: Basis, asked: Asked) -> Frontier:
    margin = None if asked.margin is None else asked.margin.value
    return Frontier(
        metric=asked.metric.name,
        confidence=basis.exam.question.confidence,
        reference=basis.reference,
        candidates=basis.candidates,
        whole=StratumFrontier({}, margin, (), None, basis.empty),
        strata=(),
        fastest=None,
        reason=basis.empty,
        guarantee="",
        cost_note=basis.empty,
    )
