"""The one table of a study: a row a triple, with all that it takes to read its loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..records.cross import CrossCell, Penalty
from .blocks import Column, Table, Value
from .cross_view import View, loss, margin, unit
from .figures import NOT_APPLICABLE, confidence, known, ratio
from .names import counted, several, short
from .triple import label, outcome, used
from .wording import verdict_value

NONE = Value(NOT_APPLICABLE)
SOURCE = "study.json"
_LISTED = ("added", "removed")


def table(view: View) -> Table:
    """Tabulate every triple that was measured."""
    timed = any(cell.speed is not None for cell in view.ran)
    level = confidence(view.found.confidence)
    return Table(
        caption="Each against the reference of its model",
        columns=(
            Column("Task / model / scheme", prose=True),
            Column("Outcome"),
            Column("Verdict", brief=False),
            Column("Metric", brief=False),
            Column(f"Loss [{level}]", numeric=True),
            Column("Margin", numeric=True, brief=False),
            Column("n", numeric=True, brief=False),
            Column("Clusters", numeric=True, brief=False),
            *((Column(f"Throughput [{level}]", numeric=True, brief=False),) if timed else ()),
            Column("Decided by", brief=False, prose=True),
            Column("Other metrics", brief=False, prose=True),
            Column("Surface", brief=False, prose=True),
            Column("Scheme really applied", brief=False, prose=True),
            Column("Fragile at once", brief=False),
            Column("Precision", brief=False),
        ),
        rows=tuple(_row(view, cell, timed) for cell in view.ran),
        note=" ".join(_notes(view)),
        source=SOURCE,
    )


def _notes(view: View) -> Iterator[str]:
    yield (
        "ROBUST: on its declared surface, that is on every cell that has a margin, and no further. "
        "FRAGILE: at least one of them is beyond its margin. UNDETERMINED: neither is shown."
    )
    yield f"Loss by the headline metric of each task: {several(map(view.head, view.tasks), 6)}."
    if any(map(marked, view.ran)):
        yield (
            "Amended: so many changes of rubric, test set or model file after results of the "
            "triple had been seen. Result 2: the second different one under one rubric. Begun "
            "anew: its run folder was deleted once it had run. The error rates of "
            "an outcome are those of one that has no such mark."
        )
    if view.left_out:
        yield f"{len(view.left_out):,} of {len(view.found.cells):,} triples were not measured: see"
        yield "Triples left out."


def _row(view: View, cell: CrossCell, timed: bool) -> tuple[Value, ...]:
    main = view.headline(cell.at)
    speed = Value(ratio(cell.speed, cell.speed_interval), known(cell.speed))
    return (
        Value(view.at(cell.at)),
        _outcome(cell),
        verdict_value(cell.verdict),
        *_main(main),
        *((speed if cell.speed is not None else Value("not measured"),) if timed else ()),
        Value(_decided(view, cell)),
        Value("; ".join(_named(one) for one in view.others(cell.at)) or NOT_APPLICABLE),
        Value(_surface(cell)),
        _truth(cell),
        _at_once(view, cell),
        Value(short(cell.precision) if cell.precision else "unknown"),
    )


def marked(cell: CrossCell) -> str:
    """Say what takes from the error rates of an outcome; '' of one that was got at first."""
    amended = f"amended {several_times(cell.amendments)}" if cell.amendments else ""
    anew = f"begun anew {several_times(cell.anew)}" if cell.anew else ""
    return ", ".join(
        filter(None, [amended, f"result {cell.looks:,}" if cell.looks > 1 else "", anew])
    )


def several_times(count: int) -> str:
    """Count how often: ``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _outcome(cell: CrossCell) -> Value:
    """Return the outcome, with the mark of one that was not got at first."""
    found, mark = outcome(cell.triple), marked(cell)
    return replace(found, text=f"{found.text}, {mark}") if mark else found


def _main(one: Penalty | None) -> tuple[Value, ...]:
    """Give the headline metric, its loss, margin, n and clusters."""
    if one is None:
        return NONE, Value("not measured"), NONE, NONE, NONE
    return (
        Value(short(one.metric)),
        Value(loss(one), known(one.loss)),
        Value(margin(one), known(one.margin)),
        Value(f"{one.n:,}", one.n),
        NONE if one.clusters is None else Value(f"{one.clusters:,}", one.clusters),
    )


def _named(one: Penalty) -> str:
    why = f" ({one.reason})" if one.loss is None and one.reason else ""
    return f"{short(one.metric)} {loss(one)}{why}"


def _decided(view: View, cell: CrossCell) -> str:
    """Name the cell that decides, and how much of its margin its loss reaches."""
    one = cell.triple
    if one is None or not one.deciding:
        return "" if one is None else one.reason
    own = (each for each in view.found.penalties if each.at == cell.at)
    found = next((each for each in own if label(each.metric, each.stratum) == one.deciding), None)
    text = ""
    if found is not None:
        text = used(found.interval, found.margin, unit(found), one.outcome)
    return ", ".join(filter(None, [short(one.deciding), text]))


def _surface(cell: CrossCell) -> str:
    one = cell.triple
    if one is None or not one.surface:
        return "none declared"
    rest = f"; {len(one.uncovered):,} more without a margin" if one.uncovered else ""
    return f"{counted(len(one.surface), 'cell')}{rest}"


def _truth(cell: CrossCell) -> Value:
    """Say whether the scheme did what its name says; each operation is listed in the run's own."""
    said = {None: "not known", True: "yes", False: "no"}[cell.true]
    parts = [part for part in cell.truth.split("; ") if part and not part.startswith(_LISTED)]
    text = ": ".join(filter(None, [said, "; ".join(parts)]))
    return Value(text, tone="warning" if cell.true is False else "plain")


def _at_once(view: View, cell: CrossCell) -> Value:
    if cell.triple is None or cell.triple.outcome != "fragile":
        return NONE
    return Value("yes" if cell.at in view.found.fragile_at_once else "no")
