"""The one chart of a study: losses with both intervals, task by task, scheme by scheme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor, log10
from statistics import median

from ..records.cross import CrossCell, Penalty
from .blocks import Forest, ForestRow, Section
from .cross_view import View, ends, interval, loss, unit
from .figures import confidence, known, trimmed, with_unit
from .names import short
from .wording import tone

#: where the farthest end is no more than so many times what is usual, a linear axis shows both
LINEAR_UP_TO = 8.0


def losses(view: View) -> tuple[Section, ...]:
    """Draw every triple's loss by the headline metric of its task; one axis for each unit."""
    shown = (view.headline(cell.at) for cell in view.found.cells)
    units = dict.fromkeys(unit(one).loss_unit for one in shown if one is not None)
    drawn = tuple(_forest(view, name) for name in units)
    return (Section("losses", "Losses drawn", drawn),) if drawn else ()


def _forest(view: View, name: str) -> Forest:
    rows = tuple(_rows(view, name))
    bend = _bend(rows)
    metrics = dict.fromkeys(row.group for row in rows)
    return Forest(
        title=f"Loss of each triple{f', {name}' if name else ''}, by task, scheme and model",
        axis=f"loss{f', {name}' if name else ''}",
        rows=rows,
        note=" ".join(_notes(view, bend, name, len(metrics))),
        bend=bend,
        key="Thick: the interval of one loss alone. Thin: the interval that holds together with "
        "those of all losses of the study.",
    )


def _notes(view: View, bend: float | None, name: str, tasks: int) -> Iterator[str]:
    if bend is None:
        yield "Scale: linear."
    else:
        text = with_unit(trimmed(bend, 6), name)
        yield (
            f"Scale: linear up to {text} on both sides of zero and logarithmic beyond, so that "
            "small and very large losses can be read side by side; lengths beyond it cannot be "
            "compared with lengths within it."
        )
    yield f"Brackets: {confidence(view.found.confidence)} intervals."
    if tasks > 1:
        yield "One axis for all tasks."


def _rows(view: View, name: str) -> Iterator[ForestRow]:
    shapes = {model: place for place, model in enumerate(view.models)}
    schemes = {scheme: place for place, scheme in enumerate(view.schemes)}
    for task in view.tasks:
        own = [cell for cell in view.found.cells if cell.at.task == task]
        shown = [one for one in (view.headline(cell.at) for cell in own) if one is not None]
        if not shown or unit(shown[0]).loss_unit != name:
            continue
        own.sort(key=lambda cell: (schemes[cell.at.scheme], shapes[cell.at.model]))
        for cell in own:
            yield _row(cell, view.headline(cell.at), view.head(task), shapes[cell.at.model])


def _row(cell: CrossCell, one: Penalty | None, head: str, shape: int) -> ForestRow:
    label, of = short(cell.at.scheme), short(cell.at.model)
    if one is None or cell.triple is None:
        facts = cell.reason or "no reason was recorded"
        return ForestRow(
            label, "not measured", facts, None, None, None, None, "unjudged",
            group=head, of=of, shape=shape,
        )  # fmt: skip
    by, found, wide = unit(one), ends(one.interval), ends(one.at_once)
    at_once = "" if wide is None else f"at once {interval(wide, by)}"
    amount = known(one.loss)
    return ForestRow(
        label=label,
        text=loss(one),
        facts=at_once if amount is not None else one.reason,
        loss=None if amount is None else by.of(amount),
        low=None if found is None else by.of(found[0]),
        high=None if found is None else by.of(found[1]),
        margin=None if one.margin is None else by.of(one.margin),
        tone=tone(one.verdict),
        group=head,
        of=of,
        shape=shape,
        outer=None if wide is None else (by.of(wide[0]), by.of(wide[1])),
    )


def _bend(rows: Sequence[ForestRow]) -> float | None:
    """Choose where the axis bends: at the smallest margin, or what is usual; None where none must.

    Ends that are far from what is usual would press all others together on a linear axis.
    """
    reached = [
        max(abs(end) for end in (row.low, row.high, row.loss) if end is not None)
        for row in rows
        if row.loss is not None
    ]
    margins = [row.margin for row in rows if row.margin]
    if not any(reached):
        return None
    most, usual = max(reached), min(margins, default=median(each for each in reached if each))
    if most <= LINEAR_UP_TO * usual:
        return None
    power = 10.0 ** floor(log10(usual))
    return next(step * power for step in (5, 2, 1) if step * power <= usual * (1 + 1e-9))
