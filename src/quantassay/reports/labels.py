"""Which samples to label where gold answers are missing."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.cells import Cell
from .blocks import Block, Bullets, Paragraph, Section
from .names import cell_name, counted, several, short, stratum
from .subject import Subject

SETTLED = ("fail", "insufficient")


def labels(subject: Subject) -> tuple[Section, ...]:
    """Say how many labels would decide, and how to give them; nothing where none would."""
    needed = len(subject.comparison.labels_needed)
    if not needed:
        return ()
    how = (
        f"{_most(needed).capitalize()}{counted(needed, 'sample')} in all. Write their ids with "
        "--labels-needed FILE.csv, fill in the targets, and compare again with --labels FILE.csv. "
        "No other label can change a verdict."
    )
    paragraphs = [Paragraph(text) for text in (*_in_vain(subject), how)]
    blocks: tuple[Block, ...] = (Bullets(tuple(_each(subject))), *paragraphs)
    return (Section("labels", "Labels that would decide", blocks, brief=True),)


def _in_vain(subject: Subject) -> Iterator[str]:
    """Say where labels decide cells, and yet no pass of the whole can come of them."""
    cells = subject.comparison.cells
    decided = counted(sum(bool(cell.labels_needed) for cell in cells), "cell")
    held = [text for name in subject.ranked for text in _held(subject, name)]
    if held:
        yield (
            f"These labels decide {decided}; they cannot make the overall verdict a pass: "
            f"{several(held, 3)}."
        )
    elif not any(cell.labels_needed and cell.role == "gate" for cell in cells):
        yield f"These labels decide {decided}, and not the verdict: no verdict rests on them."


def _held(subject: Subject, candidate: str) -> Iterator[str]:
    """Say what keeps a candidate that gates from passing, whatever its labels."""
    ruling = subject.comparison.candidates.get(candidate)
    if ruling is None or not ruling.gate or ruling.verdict == "pass":
        return
    blocking = [
        f"{cell_name(cell)} is {cell.verdict}"
        for cell in subject.comparison.cells
        if (cell.candidate, cell.role) == (candidate, "gate")
        and cell.verdict != "pass"
        and not cell.labels_needed
    ]
    if blocking:
        yield f"{short(candidate)}, {several(blocking, 3)}"
    elif ruling.verdict in SETTLED:
        yield f"{short(candidate)}, {ruling.reason}"


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
    needed = cell.labels_needed or 0
    return f"{_most(needed)}{needed:,} of {counted(cell.n, 'sample')}{where}"


def _most(needed: int) -> str:
    return "at most " if needed > 1 else ""
