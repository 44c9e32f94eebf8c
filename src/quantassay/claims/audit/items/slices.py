"""Slices: tables whose rows or columns are parts of one task, tasks, or platforms."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from quantassay.claims.audit.items.grid import Grid, numeric
from quantassay.claims.audit.items.parts import columns, models_of, rows
from quantassay.claims.audit.items.platforms import PLATFORM, SPEED
from quantassay.claims.audit.items.reading import Reading, Span
from quantassay.claims.lexicons.matches import Match
from quantassay.claims.sources.document import TableCell

Found = list[Match | Span]

_BY = re.compile(
    r"\b(?:per|by|each|across|broken down by)[ -](?:\w+ )?(?:class|language|categor\w+|subject"
    r"|domain|machine|speaker|topic|subgroup|accent|dialect|gender|site|(?:object )?size|entity"
    r"|label|genre|difficulty|intent|scenario|slice|stratum|cohort|region|country|age|skin|species"
    r"|defect|organ|lesion|emotion|keyword|patient|type|severity|weather|lighting|length)\b"
    r"|\bper[- ](?!channel|tensor|token|layer|group|model|method|row|column|block|batch|device|run"
    r"|seed|task|data|benchmark|head|frame|second|step|epoch|weight)[a-z]+ (?:results?|accuracy"
    r"|breakdown|performance|scores?|AP|F1|WER|CER|IoU|recall|metrics|mAP)\b"
    r"|\b(?:class|language|categor\w+|subject|domain|size|label)[- ](?:wise|level|specific)\b"
    r"|(?:クラス|カテゴリ|言語)(?:別|ごと)|(?:各|分)(?:类别|類別|语言|語言)|(?:클래스|언어|카테고리)별"
    r"|\b(?:por|par|pro|je|по) (?:clase|categor[ií]a|idioma|classe|cat[ée]gorie|langue|klasse"
    r"|kategorie|sprache|классам|категориям|языкам)\b",
    re.I,
)
_WHOLE = re.compile(r"^\W*(?:overall|all classes|all languages|entire set|whole set)\b\W*", re.I)
_WHOLE_TITLE = re.compile(r"\b(?:overall|all classes|all languages)\b", re.I)
_PART = re.compile(r"\b(?:class|category|language|domain|speaker|subset|machine)\b", re.I)
_MOST = 20
_LEGEND = re.compile(r"^[ \t*•]{0,6}[A-Z] ?[-–:=] (?P<board>[^\n]{3,80})", re.M)
_NO_PART = re.compile(
    r"layer|block|module|component|model|method|config|quant|precision|format|metric|seed|\brun\b"
    r"|fold|iou|scheme|variant|threshold|version",
    re.I,
)
_TASKS = re.compile(
    r"^\W*(?:benchmarks?|tasks?|suites?|data ?sets?|axis|evals?|evaluation|test ?sets?|probes?)\b"
    r"(?! (?:size|split))",
    re.I,
)
_NAMING = frozenset({"format", "precision", "model", "dataset", "metric", "tool", "scheme"})
_WHOLE_LABEL = re.compile(r"\W*(?:clean\b|m?AP(?![A-Za-z_]))")
_FEW, _ENOUGH = 2, 3


def parts_of(reading: Reading, grid: Grid) -> Found:
    """Return the labels of a table that are parts of one task, each with a figure."""
    for names in (columns(grid, _value), rows(grid, _value)):
        alone = [match for match in names if not _of_set(grid, match)]
        if len(alone) >= _FEW:
            return list(alone)
        whole = _whole(grid, alone)
        if whole:
            return [*whole, *alone]
    return (
        _column_of_parts(grid)
        or _titled(reading, grid)
        or _beside_whole(grid)
        or _table_of_part(reading, grid)
    )


def _whole(grid: Grid, parts: list[Match]) -> Found:
    """Return the label of the whole beside the only one of a part: "mAP", "mAP small"; "clean"."""
    if len(parts) != 1 or parts[0].facts.get("value") not in {"size", "noise"}:
        return []
    heads = [grid.table.header[at] for at in grid.scored if at < len(grid.table.header)]
    for other in (*heads, *_labels(grid)):
        inside = other.start <= parts[0].start < other.end
        if not inside and _WHOLE_LABEL.match(other.text):
            return [(other.start, other.end)]
    return []


def tasks_of(grid: Grid) -> Found:
    """Return the labels of a table that are tasks of no known name, each with a figure."""
    for names in (_apart(grid, columns(grid, _task)), rows(grid, _family)):
        if len(names) >= _FEW:
            return list(names)
    head = grid.table.header[0] if grid.table.header else None
    if head is None or not _TASKS.search(head.text) or varies_model(grid):
        return []
    return _spans(_labels(grid))


def platforms_of(reading: Reading) -> Found:
    """Return the platforms that head columns of scores, or tables of one form."""
    alike: dict[tuple[str, ...], dict[str, Span]] = {}
    for grid in reading.grids:
        heads = grid.table.header
        boards = [heads[at] for at in grid.scored if at < len(heads) and _board(heads[at].text)]
        if len(boards) >= _FEW and not SPEED.search(_title(reading, grid)):
            return _spans(boards)
        title = grid.table.headings[-1] if grid.table.headings else ""
        if _board(title) and not any(SPEED.search(head.text) for head in heads):
            form = tuple(head.text for head in heads)
            alike.setdefault(form, {}).setdefault(title, _heading(reading, grid))
    several = [found for found in alike.values() if len(found) >= _FEW]
    return list(several[0].values()) if several else _legend(reading)


def _legend(reading: Reading) -> Found:
    """Return the platforms that letters stand for: "A - Xeon 6338"."""
    found = [one.span("board") for one in reading.finds(_LEGEND) if _board(one["board"])]
    return list(found) if len(found) >= _FEW else []


def _heading(reading: Reading, grid: Grid) -> Span:
    """Return the heading that a table stands under."""
    headings = reading.document.headings
    at = bisect_right(headings, grid.start, key=lambda one: one.start) - 1
    return headings[at].start, headings[at].end


def varies_model(grid: Grid) -> bool:
    """Whether the rows of a table are of different models."""
    for place, head in enumerate(grid.table.header):
        named = re.search(r"model|network|\bnet\b|モデル|模型|모델", head.text, re.I)
        if named and place not in grid.scored:
            return len({cell.text for cell in grid.column(place)}) > 1
    return False


def _value(match: Match) -> bool:
    return match.kind == "stratum" and "value" in match.facts


def _family(match: Match) -> bool:
    return match.kind == "word" and "family" in match.facts


def _task(match: Match) -> bool:
    return match.kind == "dataset" or _family(match)


def _apart(grid: Grid, names: list[Match]) -> list[Match]:
    """Return one name of each cell: "MTEB Retrieval" is one task."""
    return list({grid.cell_at(name.start): name for name in names}.values())


def _board(text: str) -> bool:
    return bool(PLATFORM.search(text)) and not SPEED.search(text)


def _of_set(grid: Grid, match: Match) -> bool:
    """Whether a label names a data set, a part of which the word is not: "AIME25 (hard math)"."""
    cell = grid.cell_at(match.start)
    return cell is not None and any(
        name.kind in {"dataset", "model"} for name in grid.in_cell(cell)
    )


def _column_of_parts(grid: Grid) -> Found:
    """Return the cells below a header such as "class" or "language", as far as of one model."""
    models = models_of(grid)
    if any(len({cell.text for cell in grid.column(at)}) > 1 for at in grid.columns_named(_TASKS)):
        return []
    for place, head in enumerate(grid.table.header):
        within = [name for name in grid.in_cell(head) if name.facts.get("within") == "yes"]
        if within and place not in grid.scored[1:] and any(at != place for at in grid.scored):
            found: dict[str, dict[str, Span]] = {}
            for model, cell in zip(models, grid.column(place), strict=False):
                if cell.text:
                    found.setdefault(model, {}).setdefault(cell.text, (cell.start, cell.end))
            most = max(found.values(), key=len, default={})
            if len(most) >= _FEW:
                return list(most.values())
    return []


def _titled(reading: Reading, grid: Grid) -> Found:
    """Return the labels of a table that is called a break-down: "Accuracy per class"."""
    if not _BY.search(_title(reading, grid)) or varies_model(grid):
        return []
    head = grid.table.header[0].text if grid.table.header else ""
    heads = [grid.table.header[at] for at in grid.scored if at < len(grid.table.header)]
    for cells in (() if _NO_PART.search(head) else _labels(grid), heads):
        if len(cells) >= _FEW and not any(_named(grid, cell) for cell in cells):
            return _spans(cells)
    return []


def _beside_whole(grid: Grid) -> Found:
    """Return the labels of rows that stand beside one called "overall"."""
    cells = _labels(grid)
    whole = [found for cell in cells if (found := _WHOLE.match(cell.text))]
    if not whole or not grid.table.header:
        return []
    rest = whole[0].string[whole[0].end() :].strip().casefold()
    others = [cell for cell in cells if not _WHOLE.match(cell.text)]
    if rest:
        return _spans(cell for cell in others if cell.text.casefold().endswith(f" {rest}"))
    if _NO_PART.search(grid.table.header[0].text) or any(_named(grid, cell) for cell in others):
        return []
    return _spans(others)


def _table_of_part(reading: Reading, grid: Grid) -> Found:
    """Return the headings of a table of the whole and of one of a part, both of one form."""
    heads = [cell.text for cell in grid.table.header]
    title = _title(reading, grid)
    if not heads or not _PART.search(title) or _WHOLE_TITLE.search(title):
        return []
    wholes = [
        other
        for other in reading.grids[:_MOST]
        if [cell.text for cell in other.table.header] == heads
        and _WHOLE_TITLE.search(_title(reading, other))
    ]
    return [_heading(reading, other) for other in (*wholes[:1], grid)] if wholes else []


def _labels(grid: Grid) -> list[TableCell]:
    """Return the first cell of each row that has a figure, one of each text."""
    found: dict[str, TableCell] = {}
    for row in grid.table.rows:
        if row and row[0].text and not numeric(row[0]) and any(numeric(cell) for cell in row[1:]):
            found.setdefault(row[0].text, row[0])
    return list(found.values())


def _named(grid: Grid, cell: TableCell) -> bool:
    return any(name.kind in _NAMING for name in grid.in_cell(cell))


def _title(reading: Reading, grid: Grid) -> str:
    """Return what a table is called: its heading, its caption and the line before it."""
    heading = grid.table.headings[-1] if grid.table.headings else ""
    before = reading.text[max(grid.start - 200, 0) : grid.start].rstrip().rpartition("\n")[2]
    return f"{heading}\n{grid.table.caption}\n{before}"


def _spans(cells: Iterable[TableCell]) -> Found:
    found = {cell.text: (cell.start, cell.end) for cell in cells}
    return list(found.values()) if len(found) >= _FEW else []
