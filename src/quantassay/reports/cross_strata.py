"""Losses by stratum: a table of each task, model and metric, a column for each scheme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..records.cells import stratum_label
from ..records.cross import At, Penalty
from .blocks import Block, Column, Paragraph, Section, Table, Value
from .cross_table import SOURCE
from .cross_view import View, loss, margin, size
from .figures import NOT_APPLICABLE, confidence, known
from .names import counted, short, stratum
from .wording import SYMBOLS, tone

#: more rows are folded; more tables, or rows of one, are in the file only
OPEN, ROWS, TABLES = 12, 60, 24


def strata(view: View) -> tuple[Section, ...]:
    """Tabulate the loss of every stratum, that by the headline metrics first."""
    tables = list(_tables(view))
    if not tables:
        return ()
    blocks: list[Block] = list(tables[:TABLES])
    rest = len(tables) - TABLES
    if rest > 0:
        blocks.append(Paragraph(f"{counted(rest, 'more table')} by stratum in {SOURCE}."))
    return (Section("strata", "Loss by stratum", tuple(blocks)),)


def _tables(view: View) -> Iterator[Table]:
    """Yield the tables of headline metrics, then those of others."""
    keys = dict.fromkeys((at.task, at.model, metric) for at, metric in view.strata)
    order = sorted(keys, key=lambda key: view.found.headline.get(key[0]) != key[2])
    for task, model, metric in order:
        by_scheme = {
            at.scheme: {stratum_label(one.stratum): one for one in found}
            for (at, by), found in view.strata.items()
            if (at.task, at.model, by) == (task, model, metric)
        }
        yield _table(view, task, model, metric, by_scheme)


def _table(
    view: View, task: str, model: str, metric: str, by: Mapping[str, Mapping[str, Penalty]]
) -> Table:
    schemes = [scheme for scheme in view.schemes if scheme in by]
    first = {label: one for scheme in reversed(schemes) for label, one in by[scheme].items()}
    labels = list(first)
    level = confidence(view.found.confidence)
    main = view.found.headline.get(task) == metric
    return Table(
        caption=f"{short(task)} / {short(model)}: loss of {short(metric)} by stratum [{level}]",
        columns=(
            Column("Stratum", prose=True),
            Column("n", numeric=True),
            Column("Margin", numeric=True),
            *(Column(short(scheme), numeric=True) for scheme in schemes),
        ),
        rows=(
            *_whole(view, At(task, model, ""), metric, schemes),
            *(
                (
                    Value(stratum(first[label].stratum)),
                    Value(size(first[label]), first[label].n),
                    Value(margin(first[label]), known(first[label].margin)),
                    *(_value(by[scheme].get(label)) for scheme in schemes),
                )
                for label in labels
            ),
        ),
        note=_note(first),
        source=SOURCE,
        few=0,
        folded=not main or len(labels) > OPEN,
    ).head(ROWS)


def _whole(view: View, at: At, metric: str, schemes: list[str]) -> Iterator[tuple[Value, ...]]:
    """Yield the row of the whole test set, to read the others against."""
    ones = [view.whole.get((At(at.task, at.model, scheme), metric)) for scheme in schemes]
    known_one = next((one for one in ones if one is not None), None)
    if known_one is not None:
        head = (Value("whole test set"), Value(size(known_one), known_one.n))
        yield (*head, Value(margin(known_one), known_one.margin), *map(_value, ones))


def _value(one: Penalty | None) -> Value:
    if one is None:
        return Value(NOT_APPLICABLE)
    judged = f"{SYMBOLS[tone(one.verdict)]} " if one.verdict is not None else ""
    return Value(f"{judged}{loss(one)}", known(one.loss))


def _note(first: Mapping[str, Penalty]) -> str:
    marks = "✓ within the margin, ✗ beyond it, ~ neither shown, ○ too few samples to pass."
    reasons = [
        f"{stratum(one.stratum)}: {one.reason}"
        for one in first.values()
        if one.loss is None and one.reason
    ]
    few = [f"Undefined: {'; '.join(reasons[:3])}."] if reasons else []
    return " ".join([marks, *few])
