"""Tables drawn with characters: grids, and columns under rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from .document import Table, TableCell
from .draft import Draft
from .lines import Line

WIDEST = 256
BOXES = str.maketrans(
    {
        **dict.fromkeys("│┃║┆┊", "|"),
        **dict.fromkeys("─━┄┈", "-"),
        "═": "=",
        **dict.fromkeys("┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬╒╕╘╛╞╡╤╧╪╭╮╰╯┡┩╇╈┢┪┱┲╟╢╫╥╨╂┿", "+"),
    }
)
CORNERS = "+┌┏╔╒╭"
BORDER = frozenset("+-=|:")
RULE = re.compile(r"[ \t]*(?:(?:={2,}[ \t]+)++={2,}|(?:-{2,}[ \t]+)++-{2,})[ \t]*$")
RUN = re.compile(r"=+|-+")
Markup = Callable[[Draft, int, int], None]
Place = tuple[int, int]
Row = list[list[Place]]


def drawn_table(draft: Draft, lines: Sequence[Line], at: int, markup: Markup) -> int:
    """Add the table that begins at a line, if one does; return the line after it."""
    first = _text(draft, lines[at]).lstrip()[:1]
    if not first:
        return at
    if first in CORNERS:
        return _grid(draft, lines, at, markup)
    if first in "=-" and RULE.match(_text(draft, lines[at])):
        return _between_rules(draft, lines, at, markup)
    if at + 1 < len(lines) and _text(draft, lines[at + 1]).lstrip()[:2] in ("--", "=="):
        return _over_rule(draft, lines, at, markup)
    return at


def _text(draft: Draft, line: Line) -> str:
    return draft.work[line.start : line.end]


def _is_border(text: str) -> bool:
    text = text.strip()
    return len(text) > 2 and BORDER.issuperset(text) and text[0] in "+|" and text.strip("|") != ""


def _grid(draft: Draft, lines: Sequence[Line], at: int, markup: Markup) -> int:
    """Read a grid: bands of rows between borders, cells between bars."""
    bands: list[list[list[Place]]] = []
    heads, after = 0, at
    cuts: dict[int, int] = {}
    while after < len(lines):
        line = lines[after]
        text = _text(draft, line).translate(BOXES)
        if text.count("|") + text.count("+") > WIDEST:
            break
        if _is_border(text):
            cuts = cuts or {place: n for n, place in enumerate(_places(text, "+|"))}
            heads = heads or (len(bands) if "=" in text and bands else 0)
            bands.append([])
        elif bands and text.lstrip().startswith("|"):
            bands[-1].append(_between_bars(text, line, cuts))
        else:
            break
        after += 1
    bands = [full for band in bands if (full := [line for line in band if line])]
    if not bands or after - at < 3:
        return at
    rows, heads = _rows_of(draft, bands, heads)
    return (
        after if _add(draft, (lines[at].start, lines[after - 1].end), rows, heads, markup) else at
    )


def _places(text: str, marks: str) -> list[int]:
    return [place for place, character in enumerate(text) if character in marks]


def _between_bars(text: str, line: Line, cuts: dict[int, int]) -> list[Place]:
    """Return the places of a row's cells; one that reaches over columns stands in each."""
    bars = _places(text, "|")
    if len(bars) > 1 and bars[0] in cuts and bars[-1] in cuts:
        bars = [bar for bar in bars if bar in cuts]
        spans = [cuts[right] - cuts[left] for left, right in pairwise(bars)]
    else:
        spans = [1] * (len(bars) - 1)
    cells: list[Place] = []
    for (left, right), span in zip(pairwise(bars), spans, strict=True):
        cells += [(line.start + left + 1, line.start + right)] * span
    return cells


def _rows_of(draft: Draft, bands: list[list[list[Place]]], heads: int) -> tuple[list[Row], int]:
    """Return rows of cells of pieces; with borders around the body only, each line is a row.

    Unless the header is ruled off as such and a line of the body goes on with the cells above.
    """
    body = bands[-1]
    goes_on = heads and not all(draft.work[slice(*line[0])].strip() for line in body)
    if len(bands) <= 2 and len(body) > 1 and not goes_on:
        rows = [[[piece] for piece in line] for band in bands for line in band]
        return rows, len(bands[0]) if len(bands) == 2 else 0
    return [_joined(band) for band in bands], heads


def _joined(band: list[list[Place]]) -> Row:
    """Return one row whose cells are written over several lines."""
    row: Row = [[] for _ in range(max(len(line) for line in band))]
    for line in band:
        for number, piece in enumerate(line):
            row[number].append(piece)
    return row


def _between_rules(draft: Draft, lines: Sequence[Line], at: int, markup: Markup) -> int:
    """Read columns between two rules, or three where there is a header."""
    rules, after = [at], at + 1
    drawn_with = _text(draft, lines[at]).lstrip()[0]
    while after < len(lines) and len(rules) < 3 and _text(draft, lines[after]).strip():
        text = _text(draft, lines[after])
        if text.lstrip().startswith(drawn_with) and RULE.match(text):
            rules.append(after)
        after += 1
    if len(rules) < 2:
        return at
    edges = _edges(_text(draft, lines[at]))
    head = range(at + 1, rules[1]) if len(rules) == 3 else range(0)
    body = range(rules[-2] + 1, rules[-1])
    heads = _columns(draft, lines, head, edges, joined=False)
    rows = heads + _columns(draft, lines, body, edges, joined=drawn_with == "=")
    place = (lines[at].start, lines[rules[-1]].end)
    added = rows and _add(draft, place, rows, len(heads), markup)
    return rules[-1] + 1 if added else at


def _over_rule(draft: Draft, lines: Sequence[Line], at: int, markup: Markup) -> int:
    """Read columns whose header stands above the only rule, up to a blank line."""
    if not RULE.match(_text(draft, lines[at + 1])):
        return at
    after = at + 2
    while after < len(lines) and _text(draft, lines[after]).strip():
        after += 1
    edges = _edges(_text(draft, lines[at + 1]))
    head = _columns(draft, lines, range(at, at + 1), edges, joined=False)
    rows = _columns(draft, lines, range(at + 2, after), edges, joined=False)
    place = (lines[at].start, lines[after - 1].end)
    return after if rows and _add(draft, place, head + rows, 1, markup) else at


def _edges(rule: str) -> list[Place]:
    """Return where the columns under a rule begin and end; the last reaches to the end."""
    starts = [run.start() for run in RUN.finditer(rule)]
    return list(zip([0, *starts[1:]], [*starts[1:], 1 << 30], strict=True))


def _columns(
    draft: Draft, lines: Sequence[Line], numbers: range, edges: list[Place], joined: bool
) -> list[Row]:
    """Return the rows of some lines; joined, one whose first column is blank goes on above."""
    rows: list[Row] = []
    for line in (lines[number] for number in numbers):
        text = _text(draft, line)
        if not text.strip(" \t-"):
            draft.mark(line.start, line.end)
            continue
        cells = [
            (line.start + min(left, len(text)), line.start + min(right, len(text)))
            for left, right in edges
        ]
        if joined and rows and not draft.work[slice(*cells[0])].strip():
            for cell, piece in zip(rows[-1], cells, strict=True):
                cell.append(piece)
        else:
            rows.append([[piece] for piece in cells])
    return rows


def _add(draft: Draft, place: Place, rows: list[Row], heads: int, markup: Markup) -> bool:
    width = max(len(row) for row in rows)
    if not 1 < width <= WIDEST or width * len(rows) > draft.cells_left:
        return False
    draft.cells_left -= width * len(rows)
    made = [_cells(draft, row, width, markup) for row in rows]
    heads = heads if heads < len(made) else 0
    header, above = (made[heads - 1], tuple(made[: heads - 1])) if heads else ((), ())
    draft.region("table", *place)
    draft.tables.append(Table(header, tuple(made[heads:]), *place, (), "", above))
    _blank_between(draft, place, rows)
    return True


def _cells(draft: Draft, row: Row, width: int, markup: Markup) -> tuple[TableCell, ...]:
    cells = []
    for pieces in row:
        for piece in pieces:
            markup(draft, *piece)
        parts = [part for part in (draft.cell(*piece) for piece in pieces) if part.text]
        first = parts[0] if parts else draft.cell(*pieces[0])
        cells.append(TableCell(" ".join(part.text for part in parts), first.start, first.end))
    empty = TableCell("", cells[-1].end, cells[-1].end)
    return (*cells, *[empty] * (width - len(cells)))


def _blank_between(draft: Draft, place: Place, rows: list[Row]) -> None:
    """Blank the lines that a table is drawn with."""
    at = place[0]
    for start, end in sorted({piece for row in rows for cell in row for piece in cell}):
        draft.mark(at, start)
        at = max(at, end)
    draft.mark(at, place[1])
