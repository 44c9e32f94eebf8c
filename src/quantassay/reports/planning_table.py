"""Tables of a plan that no width crops: columns where they fit, rows beneath each other else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

GAP = 2

Row = Sequence[str]


def width(rows: Sequence[Row]) -> int:
    """Return the columns that a table takes on a terminal."""
    widths = _widths(rows)
    return sum(widths) + GAP * (len(widths) - 1)


def aligned(rows: Sequence[Row], left: int = 1) -> list[str]:
    """Write rows as lines, the first ``left`` columns to the left, the others to the right."""
    widths = _widths(rows)
    return [
        (" " * GAP)
        .join(
            _padded(text, wide, place < left)
            for place, (text, wide) in enumerate(zip(row, widths, strict=True))
        )
        .rstrip()
        for row in rows
    ]


def beneath(
    cells: Sequence[tuple[str, Sequence[Row]]], heads: Row, room: int
) -> Iterator[tuple[str, bool]]:
    """Yield lines, and whether each is a heading: every cell, and what is expected of it below.

    Where not even that fits, every figure stands behind its name.
    """
    rows = [heads, *(row for _, rows in cells for row in rows)]
    if width(rows) + GAP > room:
        yield from _spelled(cells, heads)
        return
    lines = iter(aligned(rows))
    yield f"{' ' * GAP}{next(lines)}", True
    for title, own in cells:
        yield title, False
        for _ in own:
            yield f"{' ' * GAP}{next(lines)}", False


def _spelled(cells: Sequence[tuple[str, Sequence[Row]]], heads: Row) -> Iterator[tuple[str, bool]]:
    for title, rows in cells:
        yield title, True
        for first, *rest in rows:
            figures = (f"{name} {text}" for name, text in zip(heads[1:], rest, strict=True))
            yield f"  {first}: {', '.join(figures)}", False


def blocks(rows: Sequence[Row], kept: int, room: int) -> Iterator[list[list[str]]]:
    """Cut a table into blocks of columns that fit, the first ``kept`` in each."""
    start, count = kept, len(rows[0])
    while start < count:
        stop = start + 1
        while (
            stop < count and width([[*row[:kept], *row[start : stop + 1]] for row in rows]) <= room
        ):
            stop += 1
        yield [[*row[:kept], *row[start:stop]] for row in rows]
        start = stop


def _widths(rows: Sequence[Row]) -> list[int]:
    from rich.cells import cell_len

    return [max(map(cell_len, column)) for column in zip(*rows, strict=True)]


def _padded(text: str, wide: int, left: bool) -> str:
    from rich.cells import cell_len

    space = " " * (wide - cell_len(text))
    return text + space if left else space + text
