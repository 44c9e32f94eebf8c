"""Strata: what the figure is within parts of the task, or task by task."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quantassay.claims.audit.items.grid import Grid, numeric
from quantassay.claims.audit.items.parts import columns, listed, scored_sets, tasks
from quantassay.claims.audit.items.reading import Reading, Span
from quantassay.claims.audit.items.slices import parts_of, platforms_of, tasks_of
from quantassay.claims.lexicons.matches import Match
from quantassay.records.audit import Item

_NAMED = re.compile(
    r"(?<!one )(?<!\d )(?<!images )(?<!samples )(?<!examples )"
    r"\b(?:per|by|each|every|across|between|for some)[ -](?:class|language|categor\w+|subject"
    r"|domain|machine|speaker|topic|subgroup|accent|dialect|gender|site)\b"
    r"|\b(?:class|language|categor\w+|subject|domain)[- ](?:wise|level)\b|\bnon-(?:English|Latin)\b"
    r"|\b(?:low|high)-resource\b[^.\n]{0,40}\blanguages|\b(?:rare|minority|tail|worst) class"
    r"|\bsmall objects?\b|\b\w{3,20} strat(?:um|a)\b"
    r"|\b(?:across|over|on) \d+ (?:test )?(?:records|subjects|speakers|patients|languages|domains"
    r"|dialects|accents|machines)\b|, \d+ languages\b",
    re.I,
)
_DRAWN = re.compile(r"\bquotas?\b|\bstratified\b|\bsupports?\b|\btrained (?:on|for)\b", re.I)
_RESPECTIVE = re.compile(
    r"\d ?%?(?:,? and|,) [-+]?\d[\d.]{0,7} ?%[^.\n\d]{0,60} (?:on|for|in) (?:the )?"
    r"(?P<one>[A-Za-z][\w-]{1,30}) and (?P<other>[A-Za-z][\w-]{1,30})"
)
_LINE = re.compile(
    r"^[^\w\n]{0,6}(?P<label>[A-Za-z][\w /-]{1,24}?) ?(?::|->|=>)[^\n]{0,60}?"
    r"\b(?:acc(?:uracy)?|AP|F1|IoU|precision|recall|WER|CER|error)\b\W{1,4}\d[\d.]*",
    re.I | re.M,
)
_CLASS_LINE = re.compile(
    r"^[^\w\n]{0,6}(?:[A-Za-z]\w{0,9} )?class(?:_?id)? ?[=:#]? ?(?P<label>\w+)[^\n]{0,60}?\d\.\d",
    re.I | re.M,
)
_CLASS_VALUE = re.compile(r"(?<![A-Za-z])class[_ ]?(?P<label>\d{1,4})\W{1,3}\d?\.\d", re.I)
_TASKED = re.compile(
    r"(?<![\d.])\d[\d.]{0,8} ?%[^.%\n]{0,80}? (?:in|on|for) the [\w-]+ task\b"
    r"|\d\.\d+ (?:in|on|for) [\w-]+ tasks\b",
    re.I,
)
_FACET = re.compile(
    r"(?<![\w.%])(?P<of>(?!(?:macro|micro|weighted|mean|avg|average|median|test|val|valid|validation"
    r"|train|eval|box|mask|overall|top|best|word|raw|final|total|the|and|its|our|same|in|on|of|with"
    r"|for|is|to|by|an|a|or|as|but|full|new|baseline|accuracy|absolute|relative)\b)[A-Za-z]{2,20})"
    r"(?:[ -](?:macro|micro|weighted|marginal|mean|test))?[ -]$",
    re.I,
)
_FOLLOWED = re.compile(r"\W{0,3}(?:is |of |at )?\W{0,3}\d*\.\d")
_OTHER_KINDS = frozenset({"format", "precision", "model", "tool", "scheme", "metric"})
_MOST_ROWS = 40
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
        parts = parts_of(reading, grid)
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
    lists: list[Sequence[Match | Span]] = [tasks(reading), _flattened(reading)]
    lists.append(_facets(reading))
    lists += [tasks_of(grid) for grid in reading.grids]
    for several in (*lists, reading.matching(_TASKED), _respective(reading)):
        if len(several) >= _FEW:
            why = "figures of several tasks for one model, none within a task"
            return reading.item("partial", several, why)
    platforms = _runtimes(reading) or platforms_of(reading)
    if platforms:
        return reading.item("partial", platforms, "figures by platform, none within the task")
    named = [span for span in reading.matching(_NAMED) if not _DRAWN.search(reading.said(span[0]))]
    if named:
        return reading.item("partial", named, "strata are named, without figures")
    return reading.item("no", (), "not disclosed: one pooled figure")


def _respective(reading: Reading) -> list[Span]:
    """Return two tasks said together after their figures: "99% and 97% on A and B"."""
    for found in reading.finds(_RESPECTIVE):
        pair = [found.span("one"), found.span("other")]
        kinds = {name.kind for span in pair for name in reading.within(*span)}
        if "dataset" in kinds or not kinds & _OTHER_KINDS:
            return pair
    return []


def _facets(reading: Reading) -> list[Match]:
    """Return one rule said of several things, each with a figure: "style F1 0.9, tone F1 0.8"."""
    found: dict[str, dict[str, Match]] = {}
    for match in reading.of("metric", rule="named"):
        before = _FACET.search(reading.text, max(match.start - 40, 0), match.start)
        if before is None or not _figured(reading, match):
            continue
        names = reading.within(*before.span("of"))
        if not any(name.kind in _OTHER_KINDS for name in names):
            found.setdefault(match.name, {}).setdefault(before["of"].casefold(), match)
    most = max(found.values(), key=len, default={})
    return list(most.values()) if len(most) >= _ENOUGH else []


def _figured(reading: Reading, match: Match) -> bool:
    """Whether a figure follows a rule, or stands in the row that it labels."""
    grid = reading.grid_at(match.start)
    if grid is None:
        return bool(_FOLLOWED.match(reading.text, match.end))
    return any(
        row[0].start <= match.start < row[0].end and any(numeric(cell) for cell in row[1:])
        for row in grid.table.rows[:_MOST_ROWS]
        if row
    )


def _runtimes(reading: Reading) -> list[Match]:
    """Return the runtimes that head columns with figures."""
    for grid in reading.grids:
        found = columns(grid, lambda name: name.kind == "tool" and name.facts.get("role") == "runs")
        if len(found) >= _FEW:
            return found
    return []


def _flattened(reading: Reading) -> list[Match]:
    """Return the data sets of a table that a page dump left without its rows and columns."""
    found = {
        match.name: match for match in scored_sets(reading) if reading.grid_at(match.start) is None
    }
    figures = len(reading.finds(_DECIMAL)) if len(found) >= _ENOUGH else 0
    return list(found.values()) if figures >= 2 * len(found) > 0 and not reading.grids else []


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
    if len(formats) == 1 and not precisions and _referred(reading, grid):
        return "the parts have no figures of the reference"
    return ""


def _referred(reading: Reading, grid: Grid) -> bool:
    """Whether another table has figures of an unquantized model."""
    others = (other for other in reading.grids if other is not grid)
    cells = (cell for other in others for cell in (*other.heads, *other.labels))
    kinds = (
        (name.kind, name.facts.get("state"))
        for cell in cells
        for name in reading.within(cell.start, cell.end)
    )
    return ("precision", "exact") in kinds


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
    numbered = {match["label"]: match.span() for match in reading.finds(_CLASS_LINE)}
    if len(numbered) >= _ENOUGH:
        return list(numbered.values())
    valued = {match["label"]: match.span() for match in reading.finds(_CLASS_VALUE)}
    if len(valued) >= _FEW:
        return list(valued.values())
    lines = {match["label"].casefold(): match for match in reading.finds(_LINE)}
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
