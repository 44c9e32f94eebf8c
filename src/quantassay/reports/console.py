"""A screenful for a terminal: the verdict, what it rests on, what to know first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .blocks import Bullets, Document, Paragraph, Ruling, Section, Table, Tone
from .figures import NOT_APPLICABLE
from .names import printable
from .wording import SYMBOLS, WORDS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_STYLES: Mapping[Tone, str] = {
    "pass": "bold green",
    "fail": "bold red",
    "inconclusive": "bold yellow",
    "insufficient": "bold yellow",
    "unjudged": "bold",
    "warning": "yellow",
    "plain": "",
}
_ITEMS_SHOWN = 8
# letters that a column of words keeps: the first, which names the row, and others
_NARROWEST, _GAP = (20, 12), 2
_PLAIN = str.maketrans(
    {"→": "->", "−": "-", "–": "-", "✓": "+", "✗": "x", "○": "o", "×": "x", "…": "."}
)


def render(document: Document, console: Console) -> None:
    """Print the short form; colour and width are the console's."""
    for text, indent in _lines(document):
        if isinstance(text, Table):
            _print_table(console, text)
        else:
            print_wrapped(console, text, indent)


def print_wrapped(console: Console, text: Text, indent: int) -> None:
    """Wrap a line; what follows its start is indented two further."""
    from rich.text import Text

    if not console.encoding.lower().startswith("utf"):
        text = _plain(text, console.encoding)
    for index, part in enumerate(text.wrap(console, max(console.width - indent - 2, 20)) or [text]):
        part.rstrip()
        margin = " " * (indent + (2 if index else 0))
        console.print(Text(margin).append_text(part), highlight=False, soft_wrap=True)


def _print_table(console: Console, table: Table) -> None:
    """Print the brief columns of the first rows; what it says of them below is wrapped.

    Columns that do not fit beside each other are printed below, again after the first.
    """
    shown = table.head(table.few).brief()
    print_wrapped(console, _text((shown.caption, "dim")), 2)
    for columns in _beside(shown, console.width - 2):
        _print_columns(console, shown, columns)
    if shown.note:
        print_wrapped(console, _text((shown.note, "dim")), 2)


def _print_columns(console: Console, shown: Table, columns: Sequence[int]) -> None:
    from rich.table import Table as Grid

    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column, index in ((shown.columns[index], index) for index in columns):
        grid.add_column(
            _fit(column.name, console), justify="right" if column.numeric else "left",
            no_wrap=not column.prose, overflow="fold" if column.prose else "ellipsis",
            min_width=_narrowest(shown, index) if column.prose else None,
        )  # fmt: skip
    for row in shown.rows:
        entries = [row[index] for index in columns]
        if len(columns) < len(row) and all(one.text == NOT_APPLICABLE for one in entries[1:]):
            continue
        grid.add_row(*(_fit(entry.text, console, _STYLES[entry.tone]) for entry in entries))
    console.print(_indented(grid))


def _beside(table: Table, width: int) -> Iterator[list[int]]:
    """Yield the columns that fit beside the first one, whose names stand in each part."""
    needs = [_narrowest(table, index) for index in range(len(table.columns))]
    part, used = [0], needs[0]
    for index, need in list(enumerate(needs))[1:]:
        if len(part) > 1 and used + _GAP + need > width:
            yield part
            part, used = [0], needs[0]
        part.append(index)
        used += _GAP + need
    yield part


def _narrowest(table: Table, index: int) -> int:
    """Return how narrow a column may become before it says nothing: one of words can be wrapped."""
    column = table.columns[index]
    longest = max((len(row[index].text) for row in table.rows), default=1)
    if column.prose:
        return min(_NARROWEST[min(index, 1)], longest)
    return max(longest, len(column.name))  # its name is not wrapped either


def _indented(grid: object) -> object:
    from rich.padding import Padding

    return Padding(grid, (0, 0, 0, 2))  # type: ignore[arg-type]


def _fit(text: str, console: Console, style: str = "") -> Text:
    """Write an entry so that the terminal can show it."""
    made = _text((text, style))
    return made if console.encoding.lower().startswith("utf") else _plain(made, console.encoding)


def _plain(text: Text, encoding: str) -> Text:
    """Use only what the terminal can show."""
    plain = text.copy()
    plain.plain = text.plain.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
    return plain


def _text(*parts: tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*((printable(text), style) for text, style in parts))


def _lines(document: Document) -> Iterator[tuple[Text | Table, int]]:
    banner = document.banner
    word = banner.word or f"{SYMBOLS[banner.tone]} {WORDS[banner.tone]}"
    yield _text((word, _STYLES[banner.tone]), ("  ", ""), (banner.headline, "bold")), 0
    yield _text((f"{document.title}; {document.subtitle}", "dim")), 0
    for caution in banner.cautions:
        yield _text((f"{SYMBOLS['warning']} {caution}", _STYLES["warning"])), 0
    for ruling in banner.rulings:
        yield _text(("", "")), 0
        yield from _ruling(ruling)
    for section in document.sections:
        if section.brief:
            yield from _section(section)
    yield _text(("", "")), 0
    yield _text((document.confidence, "dim")), 0


def _ruling(ruling: Ruling) -> Iterator[tuple[Text, int]]:
    verdict = (f"{SYMBOLS[ruling.tone]} {WORDS[ruling.tone]}", _STYLES[ruling.tone])
    yield _text(verdict, ("  ", ""), (ruling.name, "bold"), (f"  {ruling.reason}", "")), 0
    for fact in ruling.facts:
        yield _text((fact, "")), 2
    for cell in ruling.deciding:
        yield _text(("decided by ", "dim"), (cell, "")), 2
    for limit in ruling.limits:
        yield _text((limit, "dim")), 2


def _section(section: Section) -> Iterator[tuple[Text | Table, int]]:
    yield _text(("", "")), 0
    yield _text((section.title, "bold")), 0
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield _text((block.text, "dim")), 2
        elif isinstance(block, Table) and block.few:
            yield block, 2
        elif isinstance(block, Bullets):
            for item in block.items[:_ITEMS_SHOWN]:
                yield _text(("- ", ""), (item, "")), 2
            rest = len(block.items) - _ITEMS_SHOWN
            if rest > 0:
                yield _text((f"and {rest} more in the report", "dim")), 2
