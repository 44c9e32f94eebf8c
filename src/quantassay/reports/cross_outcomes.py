"""How many triples of each task, model and scheme are robust, fragile or undetermined."""

from __future__ import annotations

from .blocks import Column, Section, Table, Value
from .cross_view import View
from .names import short


def outcomes(view: View) -> tuple[Section, ...]:
    """Count the outcomes by task, model and scheme; nothing where nobody counted."""
    rows = tuple(
        (
            Value(f"{one.by} {short(one.name)}"),
            *(
                Value(f"{count:,}", count)
                for count in (one.robust, one.fragile, one.undetermined, one.not_run)
            ),
        )
        for one in view.found.outcomes
    )
    if not rows:
        return ()
    heads = ("Robust", "Fragile", "Undetermined", "Not measured")
    table = Table(
        "Triples of each task, model and scheme, each on its declared surface",
        (Column("Of", prose=True), *(Column(head, numeric=True) for head in heads)),
        rows,
        source="study.json",
        few=0,
    )
    return (Section("outcomes", "Outcomes counted", (table,)),)
