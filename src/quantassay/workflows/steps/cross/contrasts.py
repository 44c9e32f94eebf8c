"""The axes of a study, from the run folders of its finished cells.

``axes_of(folders, confidence)`` takes the run folder of every finished cell by its place, in the
order of the study. The fields of `Axes` are those of `Cross` by the same names; its ``findings``
are to be appended. ``outcome_counts(cells)`` of `verdicts.axes` gives ``outcomes``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quantassay.errors import DataError
from quantassay.records.cross import At, AxisAnswer, CrossContrast, Penalty
from quantassay.verdicts.axes import answers, conclusion, contrasts, fragile_at_once

from .finished import Finished, finished
from .penalties import penalties

#: contrasts that are listed one by one; all are counted in the answers
MOST = 2000


@dataclass(frozen=True)
class Axes:
    """What the penalties of a study say together; ``level`` is None where none has a bound."""

    level: float | None
    headline: Mapping[str, str]
    penalties: tuple[Penalty, ...]
    contrasts: tuple[CrossContrast, ...]
    answers: tuple[AxisAnswer, ...]
    conclusion: str
    fragile_at_once: tuple[At, ...]
    findings: tuple[str, ...]


def axes_of(
    folders: Mapping[At, Path], confidence: float, headline: Mapping[str, str] | None = None
) -> Axes:
    """Return what the finished cells of a study say of its axes; nothing is run.

    Parameters
    ----------
    folders
        The run folder of every finished cell.
    confidence
        With which all intervals hold at once.
    headline
        The metric of each task along which tasks are compared; the first of its runs by default.
        Intervals of all metrics hold at once, so that it may be chosen late.

    Raises
    ------
    DataError, RunFolderError
        If a folder is not that of a finished run, or its figures are not those computed again.
    """
    runs = [finished(at, folder) for at, folder in folders.items()]
    level, found = penalties(runs, confidence)
    headline = _headline(runs) if headline is None else headline
    every = contrasts(found, headline)
    told = answers(every, found, headline)
    return Axes(
        level=level,
        headline=headline,
        penalties=found,
        contrasts=_listed(every, told),
        answers=told,
        conclusion=conclusion(told),
        fragile_at_once=fragile_at_once(
            {run.at: run.least_p for run in runs}, (1 - confidence) / 2
        ),
        findings=tuple(_findings(runs, every)),
    )


def _headline(runs: Sequence[Finished]) -> dict[str, str]:
    found: dict[str, str] = {}
    for run in runs:
        first = found.setdefault(run.at.task, run.headline)
        if first != run.headline:
            msg = (
                f"task {run.at.task}: its first metric is {first} here and {run.headline} there; "
                "run the study again"
            )
            raise DataError(msg)
    return found


def _listed(
    every: tuple[CrossContrast, ...], told: Sequence[AxisAnswer]
) -> tuple[CrossContrast, ...]:
    """Return all contrasts, of too many those that answers name and the farthest from zero."""
    if len(every) <= MOST:
        return every
    named = [one.largest for one in told]
    first = sorted(
        range(len(every)), key=lambda at: (every[at] not in named, -every[at].beyond_zero)
    )
    return tuple(every[at] for at in sorted(first[:MOST]))


def _findings(runs: Sequence[Finished], every: Sequence[CrossContrast]) -> Iterator[str]:
    for run in runs:
        if run.withheld:
            place = f"{run.at.task}, {run.at.model}, {run.at.scheme}"
            yield f"{place}: in no contrast: {run.withheld}"
    if len(every) > MOST:
        yield f"of {len(every):,} contrasts the {MOST:,} farthest from zero are listed"
