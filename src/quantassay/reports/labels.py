"""Which samples to label where gold answers are missing."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.cells import Cell
from .blocks import Bullets, Paragraph, Section
from .names import counted, several, short, stratum
from .subject import Subject


def labels(subject: Subject) -> tuple[Section, ...]:
    """Say how many labels would decide, and how to give them; nothing where none would."""
    needed = len(subject.comparison.labels_needed)
    if not needed:
        return ()
    how = (
        f"{counted(needed, 'sample')} in all. Write their ids with --labels-needed FILE.csv, fill "
        "in the targets, and compare again with --labels FILE.csv. No other label can change a "
        "verdict."
    )
    blocks = Bullets(tuple(_each(subject))), Paragraph(how)
    return (Section("labels", "Labels that would decide", blocks, brief=True),)


def _each(subject: Subject) -> Iterator[str]:
    for candidate in subject.ranked:
        for metric in subject.metric_names:
            cells = [
                cell
                for cell in subject.comparison.cells
                if (cell.candidate, cell.metric) == (candidate, metric) and cell.labels_needed
            ]
            if cells:
                yield f"{short(candidate)}, {metric}: label {several(map(_count, cells))}"


def _count(cell: Cell) -> str:
    where = f" of {stratum(cell.stratum)}" if cell.stratum else ""
    return f"{cell.labels_needed:,} of {counted(cell.n, 'sample')}{where}"
