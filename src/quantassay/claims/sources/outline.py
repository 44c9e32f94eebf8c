"""What stands around a table: the sections that it is in, and its caption."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from .document import Region, Table

Words = Callable[[int, int], str]
TITLE = re.compile(r"\W*(?:table|tab\.)\s*[\dIVX]+", re.IGNORECASE)
LONGEST = 300
BOLD = ("**", "__", "<b>", "<strong>")


def without_overlaps(
    regions: Iterable[Region], comments: Sequence[tuple[int, int]]
) -> tuple[Region, ...]:
    """Return the regions in order of place, each cut where a comment stands in it."""
    starts = [start for start, _ in comments]
    cut: list[Region] = [Region("comment", start, end) for start, end in comments if end > start]
    for region in regions:
        at = region.start
        for number in range(bisect_left(starts, at), bisect_left(starts, region.end)):
            start, end = comments[number]
            if start > at:
                cut.append(replace(region, start=at, end=start))
            at = max(at, end)
        if at < region.end:
            cut.append(replace(region, start=at))
    cut.sort(key=lambda region: region.start)
    return tuple(_in_order(cut))


def _in_order(regions: Iterable[Region]) -> Iterator[Region]:
    """Yield the regions, each without what an earlier one reaches over."""
    at = 0
    for region in regions:
        if region.end > at:
            yield replace(region, start=max(at, region.start))
            at = region.end


def with_headings(tables: Iterable[Table], regions: Sequence[Region], words: Words) -> list[Table]:
    """Return the tables with the titles of the sections that they stand in, outermost first."""
    headings = [region for region in regions if region.kind == "heading"]
    placed, at = [], 0
    path: list[tuple[int, str]] = []
    for table in tables:
        while at < len(headings) and headings[at].start <= table.start:
            while path and path[-1][0] >= headings[at].level:
                path.pop()
            path.append((headings[at].level, words(headings[at].start, headings[at].end)))
            at += 1
        placed.append(replace(table, headings=tuple(title for _, title in path)))
    return placed


def with_captions(
    tables: Iterable[Table], regions: Sequence[Region], source: str, words: Words
) -> tuple[Table, ...]:
    """Return the tables with a caption: their own, or the title or bold line that stands by."""
    prose = [region for region in regions if region.kind != "comment"]
    starts = [region.start for region in prose]
    captioned = []
    for table in tables:
        at = bisect_left(starts, table.start)
        above = prose[at - 1] if at else None
        after = bisect_left(starts, table.end)
        below = prose[after] if after < len(prose) else None
        caption = table.caption or _above(above, source, words) or _below(below, source, words)
        captioned.append(replace(table, caption=caption))
    return tuple(captioned)


def _above(region: Region | None, source: str, words: Words) -> str:
    if region is None or region.kind != "prose" or region.end - region.start > LONGEST:
        return ""
    text = source[region.start : region.end].rstrip(" :")
    bold = text.startswith(BOLD) and text.endswith(("**", "__", "</b>", "</strong>", ":**"))
    return words(region.start, region.end) if bold or TITLE.match(text) else ""


def _below(region: Region | None, source: str, words: Words) -> str:
    if region is None or region.kind != "prose" or region.end - region.start > LONGEST:
        return ""
    titled = TITLE.match(source[region.start : region.end])
    return words(region.start, region.end) if titled else ""
