"""What the test set can tell, before anything is measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from quantassay import stats
from quantassay.errors import InputError
from quantassay.records.planned import Planned, PlannedCell
from quantassay.reports.planning_chart import svg
from quantassay.rubrics.load import load

from .steps.asking import Exam, read_exam
from .steps.piloting import read_pilot
from .steps.prospecting import Field, field_of, field_without_data
from .steps.question import Asked
from .steps.scenarios import Scenario, assumptions_of, overall_of
from .steps.spelled import asked_of
from .steps.tables import Columns, Table

DISCORDANCES = (0.01, 0.03, 0.05)
PILOT = "pilot"


def plan(
    rubric: str | Path | None = None,
    *,
    margin: float | str | Sequence[str] | None = None,
    discordance: float | Sequence[float] | None = None,
    loss: float = 0.0,
    power: float = 0.9,
    pilot: tuple[Table, Table] | None = None,
    correlation: float | None = None,
    auroc: tuple[float, float] | None = None,
    metric: str | Sequence[str] = "top1",
    n: int | None = None,
    confidence: float = 0.95,
    columns: Columns | None = None,
) -> Planned:
    """Say how many samples each margin needs, and what a test set can tell.

    Parameters
    ----------
    rubric
        The rubric's file: its test set is read, no model is run. Without it, ``margin`` says what
        is planned, and ``metric``, ``n`` and ``confidence`` the rest.
    margin
        A number for every metric, or ``"top1=0.01"``.
    discordance
        Expected share of samples whose correctness changes; 1, 3 and 5 % by default.
    loss
        Expected true loss, as a share of each margin, below 1.
    power
        Wanted chance of a PASS at that loss.
    pilot
        Predictions of the reference and of a candidate on a few samples, with targets or without.
    correlation
        Of the differences within a cluster, 0 to 1; by default as a pilot shows, or else 1.
    auroc
        Expected AUROC of the reference, and correlation of both sides' placements.
    metric, n, confidence
        Metrics, samples and two-sided confidence where there is no rubric.
    columns
        Names of the pilot's columns where they are not the usual ones.

    Raises
    ------
    InputError
        If rubric, data or pilot are wrong, or a number is out of range.

    Examples
    --------
    >>> plan(margin=0.02, discordance=0.03).cells[0].outlooks[0].needed
    879
    """
    shares = _checked(discordance, power, loss, correlation)
    within = np.nan if correlation is None else correlation
    exam = None if rubric is None else read_exam(load(rubric))
    if exam is None:
        metrics = _asked(metric, margin, confidence, n)
    else:
        _refuse_both(margin, n)
        metrics, confidence = list(exam.question.metrics), exam.rubric.confidence
    recording = None if pilot is None else read_pilot(pilot, columns or Columns(), exam)
    named = [(_percent(share), share, None) for share in shares]
    chosen = [(PILOT, None, recording)] if recording else []
    both = [*chosen, *(named if discordance is not None or not recording else [])]
    scenarios = [Scenario(name, share, pilot_, auroc) for name, share, pilot_ in both]
    fields = _fields(exam, metrics, confidence, (power, loss, within), n)
    return _planned(exam, fields, scenarios, confidence, (power, loss), correlation)


def write_chart(planned: Planned, path: Path) -> None:
    """Write n against the margin as an SVG.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    try:
        path.write_text(svg(planned), encoding="utf-8")
    except OSError as error:
        msg = f"{path}: cannot be written: {error.strerror}"
        raise InputError(msg) from error


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


def _checked(
    discordance: float | Sequence[float] | None,
    power: float,
    loss: float,
    correlation: float | None,
) -> Sequence[float]:
    given = DISCORDANCES if discordance is None else discordance
    shares = [given] if isinstance(given, (int, float)) else list(given)
    for name, value in [*(("discordance", share) for share in shares), ("power", power)]:
        if not 0 < value < 1:
            msg = f"{name} is {value:g}; it must lie between 0 and 1"
            raise InputError(msg)
    if not -1 < loss < 1:
        msg = f"loss is {loss:g}; it is a share of the margin, above -1 and below 1"
        raise InputError(msg)
    if correlation is not None and not 0 <= correlation <= 1:
        msg = f"correlation is {correlation:g}; it must lie in [0, 1]"
        raise InputError(msg)
    return shares


def _asked(
    metric: str | Sequence[str],
    margin: float | str | Sequence[str] | None,
    confidence: float,
    n: int | None,
) -> list[Asked]:
    if margin is None:
        msg = "nothing to plan: name a rubric, or a margin (--margin 0.01)"
        raise InputError(msg)
    if not 0.7 <= confidence < 1 or (n is not None and n < 1):
        msg = "confidence is at least 0.7 and below 1, and n at least 1"
        raise InputError(msg)
    return asked_of([metric] if isinstance(metric, str) else metric, margin, [])


def _refuse_both(margin: object, n: int | None) -> None:
    if margin is not None or n is not None:
        msg = "margins and n stand in the rubric and its test set: leave --margin and --n out"
        raise InputError(msg)


def _fields(
    exam: Exam | None,
    metrics: Sequence[Asked],
    confidence: float,
    wanted: tuple[float, float, float],
    n: int | None,
) -> list[tuple[Asked, Field]]:
    """Return the judged cells of every metric, with the power that each needs."""
    power, loss, correlation = wanted
    each_field = [
        field_without_data(asked, n, (1 - confidence) / 2, power, loss)
        if exam is None
        else field_of(exam, asked, power, loss, correlation)
        for asked in metrics
    ]
    found = [(a, f) for a, f in zip(metrics, each_field, strict=True) if f is not None]
    gates = sum(cell.role == "gate" for _, field in found for cell in field.cells)
    each = float(stats.power_of_each(power, max(gates, 1)))
    return [
        (asked, replace(field, prospects=replace(field.prospects, each=each)))
        for asked, field in found
    ]


def _planned(
    exam: Exam | None,
    fields: Sequence[tuple[Asked, Field]],
    scenarios: Sequence[Scenario],
    confidence: float,
    wanted: tuple[float, float],
    correlation: float | None,
) -> Planned:
    cells: list[PlannedCell] = []
    curves = []
    for asked, field in fields:
        columns = []
        for scenario in scenarios:
            expected, why = scenario.of(field, asked)
            found = field.outlooks(expected)
            columns.append([replace(one, why=why) if why else one for one in found])
            if any(one.needed for one in columns[-1]):
                curves.append(field.curve(expected, scenario.name))
        cells += [
            replace(cell, outlooks=row, floor_n=cell.floor_n or row[0].least)
            for cell, row in zip(field.cells, zip(*columns, strict=True), strict=True)
        ]
    cells = [cell if cell.floor else replace(cell, floor=cell.floor_n) for cell in cells]
    gates = [cell for cell in cells if cell.role == "gate"]
    warned = {text for one in scenarios if one.pilot for text in one.pilot.warnings()}
    stopping = None if exam is None else exam.rubric.stopping
    return Planned(
        rubric="" if exam is None else exam.rubric.rubric,
        n=len(exam.samples) if exam is not None else cells[0].n,
        confidence=confidence,
        power=wanted[0],
        scenarios=tuple(one.name for one in scenarios),
        cells=tuple(cells),
        overall={one.name: overall_of(gates, i, wanted[0]) for i, one in enumerate(scenarios)},
        curves=tuple(curves),
        assumptions=tuple(assumptions_of(cells, correlation)),
        warnings=tuple(sorted(warned)),
        loss=wanted[1],
        correlation=correlation,
        largest_n=stopping.sizes(len(exam.samples))[-1] if exam and stopping else None,
    )
