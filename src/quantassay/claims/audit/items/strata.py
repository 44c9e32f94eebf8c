"""Strata: what the figure is within parts of the task, or task by task."""

from __future__ import annotations

import re

from quantassay.claims.audit.items.grid import Grid
from quantassay.claims.audit.items.parts import columns, listed, rows, tasks
from quantassay.claims.audit.items.reading import Reading, Span
from quantassay.claims.lexicons.matches import Match
from quantassay.records.audit import Item

_NAMED = re.compile(
    r"\b(?:per|by|each|every|across|between|for some)[ -](?:class|language|categor\w+|subject"
    r"|domain|machine|speaker|topic|subgroup|accent|dialect|gender|site)\b"
    r"|\b(?:class|language|categor\w+|subject|domain)[- ](?:wise|level)\b|\bnon-(?:English|Latin)\b"
    r"|\b(?:low|high)-resource\b[^.\n]{0,40}\blanguages|\b(?:rare|minority|tail|worst) class"
    r"|\bsmall objects\b",
    re.I,
)
_LINE = re.compile(
    r"^[^\w\n]{0,6}(?P<label>[A-Za-z][\w /-]{1,24}?) ?(?::|->|=>)[^\n]{0,60}?"
    r"\b(?:acc(?:uracy)?|AP|F1|IoU|precision|recall|WER|CER|error)\b\W{1,4}\d[\d.]*",
    re.I | re.M,
)
_CODED = re.compile(r"[ |:\t]{1,4}\d+\.\d")
_DECIMAL = re.compile(r"\d\.\d|\d ?%")
_LINE_LENGTH = 120
_INLINE = re.compile(
    r"\b(?:per|by)[ -](?:class|language|categor\w+|subject|domain|machine"
    r"|speaker)\b[^\n:]{0,24}:\s?"
    r"[A-Za-z]\w*\W{1,3}\d+\.\d[^\n]{0,20}?[,;] ?[A-Za-z]\w*\W{1,3}\d+\.\d",
    re.I,
)
_FEW, _ENOUGH = 2, 3


def strata(reading: Reading) -> Item:
    """Answer by the guideline: parts of a task with figures "yes"; several tasks "partial"."""
    for grid in reading.grids:
        parts = _parts(grid)
        if len(parts) >= _FEW:
            why = _otherwise(reading, grid)
            return reading.item(
                "partial" if why else "yes", parts, why or "figures within the task"
            )
    spoken = _spoken(reading)
    if spoken:
        return reading.item("yes", spoken, "figures within the task")
    return _coarser(reading)


def _coarser(reading: Reading) -> Item:
    """Answer where no part of a task has a figure, by tasks, platforms and words."""
    several = tasks(reading)
    several = several if len(several) >= _FEW else _flattened(reading)
    if len(several) >= _FEW:
        why = "figures of several tasks for one model, none within a task"
        return reading.item("partial", several, why)
    for grid in reading.grids:
        platforms = columns(
            grid, lambda match: match.kind == "tool" and match.facts.get("role") == "runs"
        )
        if len(platforms) >= _FEW:
            return reading.item("partial", platforms, "figures by platform, none within the task")
    named = reading.matching(_NAMED)
    if named:
        return reading.item("partial", named, "strata are named, without figures")
    return reading.item("no", (), "not disclosed: one pooled figure")


def _flattened(reading: Reading) -> list[Match]:
    """Return the data sets of a table that a page dump left without its rows and columns."""
    found = {
        match.name: match for match in reading.of("dataset") if reading.grid_at(match.start) is None
    }
    figures = len(_DECIMAL.findall(reading.text)) if len(found) >= _ENOUGH else 0
    return list(found.values()) if figures >= 2 * len(found) > 0 and not reading.grids else []


def _value(match: Match) -> bool:
    return match.kind == "stratum" and "value" in match.facts


def _parts(grid: Grid) -> list[Match | Span]:
    """Return the labels of a table that are parts of one task, each with a figure."""
    for names in (columns(grid, _value), rows(grid, _value)):
        alone = [match for match in names if not _of_set(grid, match)]
        if len(alone) >= _FEW:
            return list(alone)
    return _column_of_parts(grid)


def _of_set(grid: Grid, match: Match) -> bool:
    """Whether a label names a data set, a part of which the word is not: "AIME25 (hard math)"."""
    cell = grid.cell_at(match.start)
    return cell is not None and any(
        name.kind in {"dataset", "model"} for name in grid.in_cell(cell)
    )


def _column_of_parts(grid: Grid) -> list[Match | Span]:
    """Return the cells below a header such as "class" or "language" where they differ."""
    for place, head in enumerate(grid.table.header):
        within = [name for name in grid.in_cell(head) if name.facts.get("within") == "yes"]
        if within and place not in grid.scored[1:] and not _varies_model(grid):
            cells = {cell.text: cell for cell in grid.column(place) if cell.text}
            others = [at for at in grid.scored if at != place]
            if len(cells) >= _FEW and others:
                return [(cell.start, cell.end) for cell in cells.values()]
    return []


def _varies_model(grid: Grid) -> bool:
    """Whether the rows of a table are of different models."""
    for place, head in enumerate(grid.table.header):
        if re.search(r"model|network|\bnet\b", head.text, re.I):
            return len({cell.text for cell in grid.column(place)}) > 1
    return False


def _otherwise(reading: Reading, grid: Grid) -> str:
    """Say how the figures of the parts differ from those of the headline; "" where they do not."""
    before = reading.text[max(grid.start - 200, 0) : grid.start]
    labels = [name for cell in (*grid.heads, *grid.labels) for name in grid.in_cell(cell)]
    if "confidence" in before and not any(
        name.name == "confidence" for name in reading.within(grid.start, grid.end)
    ):
        return "the parts have figures in another metric: confidence"
    formats = {name.name for name in labels if name.kind == "format"}
    precisions = [name for name in labels if name.kind == "precision"]
    if len(formats) > 1 and not precisions and reading.of("precision", state="exact"):
        return "the parts are compared with another reference"
    return ""


def _spoken(reading: Reading) -> list[Match | Span]:
    """Return parts that have figures in running text or in lines of one form."""
    values = [match for match in reading.of("stratum", within="yes") if "value" in match.facts]
    for kind in ("language", "subject", "size"):
        names = [match for match in values if match.facts["value"] == kind]
        for found, least in ((listed(reading, names), _FEW), (_lined(reading, names), _ENOUGH)):
            if len(found) >= least:
                return list(found)
    inline = reading.matching(_INLINE)
    if inline:
        return list(inline)
    codes = [
        match
        for match in values
        if match.facts["value"] == "language code" and _CODED.match(reading.text, match.end)
    ]
    if len({match.name for match in codes}) >= _ENOUGH:
        return list(codes)
    lines = {match["label"].casefold(): match for match in _LINE.finditer(reading.text)}
    told = [
        match.span() for match in lines.values() if not _of_variant(reading, match.span("label"))
    ]
    return list(told) if len(told) >= _ENOUGH else []


def _lined(reading: Reading, names: list[Match]) -> list[Match]:
    """Return names that stand on a line of their own with a figure, one of each."""
    found: dict[str, Match] = {}
    for match in names:
        line = reading.text[slice(*reading.line(match.start))]
        if (
            len(line) <= _LINE_LENGTH
            and _DECIMAL.search(line)
            and reading.grid_at(match.start) is None
        ):
            found.setdefault(match.name, match)
    return list(found.values())


def _of_variant(reading: Reading, span: Span) -> bool:
    """Whether a line is labelled by a model, a format or a data set rather than by a part."""
    kinds = {"format", "precision", "model", "dataset", "metric", "split", "tool", "scheme"}
    return any(match.kind in kinds for match in reading.within(*span))
