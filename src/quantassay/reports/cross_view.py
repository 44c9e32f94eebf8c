"""A study with the look-ups that the parts of its report share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

from ..records.cross import At, Cross, CrossCell, Penalty
from .figures import UNDEFINED, Scale, bracket, known, number, scale, trimmed, with_unit
from .names import short

Key = tuple[At, str]


@dataclass(frozen=True)
class View:
    """A study, ready to be looked things up in."""

    found: Cross

    @property
    def name(self) -> str:
        """The study's name, fit to be shown."""
        return short(self.found.study)

    def at(self, at: At) -> str:
        """Name a triple in one line."""
        return " / ".join(map(short, (at.task, at.model, at.scheme)))

    @cached_property
    def tasks(self) -> tuple[str, ...]:
        """Tasks in the order of the cells."""
        return tuple(dict.fromkeys(cell.at.task for cell in self.found.cells))

    @cached_property
    def models(self) -> tuple[str, ...]:
        """Names of models in the order of the cells; one may stand for a model of each task."""
        return tuple(dict.fromkeys(cell.at.model for cell in self.found.cells))

    @cached_property
    def schemes(self) -> tuple[str, ...]:
        """Schemes in the order of the cells."""
        return tuple(dict.fromkeys(cell.at.scheme for cell in self.found.cells))

    @cached_property
    def ran(self) -> tuple[CrossCell, ...]:
        """The triples that were measured."""
        return tuple(cell for cell in self.found.cells if cell.triple is not None)

    @cached_property
    def left_out(self) -> tuple[CrossCell, ...]:
        """The triples that were not."""
        return tuple(cell for cell in self.found.cells if cell.triple is None)

    @cached_property
    def whole(self) -> Mapping[Key, Penalty]:
        """Penalties on whole test sets."""
        return {(one.at, one.metric): one for one in self.found.penalties if not one.stratum}

    @cached_property
    def strata(self) -> Mapping[Key, tuple[Penalty, ...]]:
        """Penalties of strata, in their order."""
        found: dict[Key, list[Penalty]] = {}
        for one in self.found.penalties:
            if one.stratum:
                found.setdefault((one.at, one.metric), []).append(one)
        return {key: tuple(each) for key, each in found.items()}

    def headline(self, at: At) -> Penalty | None:
        """Return the loss of a triple by the metric that its task is compared along."""
        metric = self.found.headline.get(at.task)
        return None if metric is None else self.whole.get((at, metric))

    def head(self, task: str) -> str:
        """Name a task with its headline metric, and with margin and n where all share them."""
        ats = (cell.at for cell in self.found.cells if cell.at.task == task)
        shown = [one for one in map(self.headline, ats) if one is not None]
        said = [short(task), short(self.found.headline.get(task, "no headline metric"))]
        margins, sizes = {margin(one) for one in shown}, {size(one) for one in shown}
        said += [f"margin {margins.pop()}"] if len(margins) == 1 else ["margins differ"]
        said += [f"n {sizes.pop()}"] if len(sizes) == 1 else ["n differs"]
        return ", ".join(said if shown else said[:2])

    def others(self, at: At) -> tuple[Penalty, ...]:
        """Return the losses of a triple by the other metrics."""
        main = self.found.headline.get(at.task)
        return tuple(
            one for (where, metric), one in self.whole.items() if where == at and metric != main
        )


def unit(one: Penalty) -> Scale:
    """Return how a loss is written."""
    return scale(one.unit)


def ends(pair: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return an interval where both ends are finite."""
    return pair if pair is not None and all(map(isfinite, pair)) else None


def loss(one: Penalty) -> str:
    """Write a loss with its nominal interval: ``1.23 pp [0.31, 2.20]``."""
    amount, by = known(one.loss), unit(one)
    if amount is None:
        return UNDEFINED
    found = ends(one.interval)
    text = with_unit(number(by.of(amount), by.decimals), by.loss_unit)
    return f"{text}, no interval" if found is None else f"{text} {interval(found, by)}"


def interval(pair: Iterable[float], by: Scale) -> str:
    """Write an interval in the unit shown."""
    return bracket((by.of(end) for end in pair), by.decimals)


def size(one: Penalty) -> str:
    """Write n, with the clusters where there are any."""
    return f"{one.n:,}" if one.clusters is None else f"{one.n:,} in {one.clusters:,} clusters"


def margin(one: Penalty) -> str:
    """Write the margin of a loss, or say that none stands."""
    if one.margin is None:
        return "none"
    return with_unit(trimmed(unit(one).of(one.margin), 6), unit(one).loss_unit)
