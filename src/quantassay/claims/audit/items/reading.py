"""What the rules of the items look at: a document's names, tables and sentences within a scope."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from quantassay.claims.audit.items.grid import Grid
from quantassay.claims.lexicons.matches import Kind, Match, find
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Item, Presence

Scope = tuple[tuple[int, int], ...]
Span = tuple[int, int]

_STOP = re.compile(
    r"(?<!\bvs\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bapprox\.)(?<=[.!?;。；！？])\s+|[。！？|]"
    r"|\n[ \t]*\n|\n(?=[ \t]{2,}|[ \t]*[-*+#>\d•]|[A-Z][\w ()-]{1,30}:)"
)
_LINK = re.compile(r"https?://[^\s()<>\"']+|(?<=\]\()[^\s()]+")
MOST_QUOTES = 3
_SHORT, _LONGEST = 90, 400
_MOST_NAMES, _MOST_TRIED = 1500, 60


@dataclass(frozen=True)
class Reading:
    """A document as the rules see it: only what stands in ``scope``, or all of it."""

    document: Document
    scope: Scope | None = None
    whole: Reading | None = None

    def scoped(self, scope: Scope) -> Reading:
        """Return the reading of some stretches, whose names are those found here."""
        return Reading(self.document, scope, self)

    @cached_property
    def text(self) -> str:
        """The plain text, empty lines outside the scope; places are those of the source."""
        plain = self.document.plain
        if self.scope is None:
            return plain
        pieces, reached = [], 0
        for start, end in sorted(self.scope):
            start = max(start, reached)
            if end > start:
                pieces += ["\n" * (start - reached), plain[start:end]]
                reached = end
        return "".join([*pieces, "\n" * (len(plain) - reached)])

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """The tables in the scope, with the roles of their cells."""
        if self.whole is not None:
            return tuple(grid for grid in self.whole.grids if self._holds(grid.start, grid.end))
        tables = (
            table for table in self.document.tables if self.text[table.start : table.end].strip()
        )
        return tuple(Grid(table, self.within) for table in tables)

    def _holds(self, start: int, end: int) -> bool:
        """Whether a stretch lies within the scope."""
        scope = self.scope
        return scope is None or any(first <= start and end <= last for first, last in scope)

    @cached_property
    def _grid_starts(self) -> list[int]:
        return [grid.start for grid in self.grids]

    @cached_property
    def _metadata(self) -> list[Span]:
        kinds = (region for region in self.document.regions if region.kind == "metadata")
        return [(region.start, region.end) for region in kinds]

    @cached_property
    def _heading_starts(self) -> list[int]:
        return [heading.start for heading in self.document.headings]

    @cached_property
    def _links(self) -> tuple[list[int], list[int]]:
        if self.whole is not None:
            return self.whole._links
        spans = [match.span() for match in _LINK.finditer(self.text)]
        return [start for start, _ in spans], [end for _, end in spans]

    @cached_property
    def _names(self) -> tuple[Match, ...]:
        if self.whole is not None:
            names = self.whole._names
            return tuple(match for match in names if self._holds(match.start, match.end))
        return _plainly_meant(find(self.text))

    @cached_property
    def _places(self) -> list[int]:
        return [match.start for match in self._names]

    @cached_property
    def _kinds(self) -> dict[str, tuple[Match, ...]]:
        kinds: dict[str, list[Match]] = {}
        for match in self._names:
            kinds.setdefault(match.kind, []).append(match)
        return {kind: tuple(matches[:_MOST_NAMES]) for kind, matches in kinds.items()}

    @cached_property
    def _stops(self) -> list[int]:
        if self.whole is not None:
            return self.whole._stops
        return [0, *(match.end() for match in _STOP.finditer(self.text)), len(self.text)]

    def of(self, kind: Kind, **facts: str) -> tuple[Match, ...]:
        """Return the names of one kind, in order, of which the lexicon says these facts."""
        return tuple(
            match
            for match in self._kinds.get(kind, ())
            if all(match.facts.get(key) == value for key, value in facts.items())
        )

    def within(self, start: int, end: int) -> tuple[Match, ...]:
        """Return the names of any kind that lie within a stretch."""
        first = bisect_right(self._places, start - 1)
        last = bisect_right(self._places, end - 1)
        return tuple(match for match in self._names[first:last] if match.end <= end)

    def linked(self, match: Match) -> bool:
        """Whether a name stands in the target of a link."""
        starts, ends = self._links
        place = bisect_right(starts, match.start) - 1
        return place >= 0 and match.start < ends[place]

    def sentence(self, place: int) -> Span:
        """Return the sentence, cell or item of a list around a place, as far as it is near."""
        at = bisect_right(self._stops, place)
        end = self._stops[min(at, len(self._stops) - 1)]
        return max(self._stops[at - 1], place - _LONGEST), min(end, place + _LONGEST)

    def line(self, place: int) -> Span:
        """Return the line around a place, as far as it is near."""
        least, most = max(place - _LONGEST, 0), min(place + _LONGEST, len(self.text))
        start, end = self.text.rfind("\n", least, place), self.text.find("\n", place, most)
        return max(start + 1, least), end if end >= 0 else most

    def said(self, place: int, reach: int = 400) -> str:
        """Return the words of a place's sentence, at most ``reach`` characters either side."""
        start, end = self.sentence(place)
        return self.text[max(start, place - reach) : min(end, place + reach)]

    def grid_at(self, place: int) -> Grid | None:
        """Return the table that a place lies in."""
        at = bisect_right(self._grid_starts, place) - 1
        return self.grids[at] if at >= 0 and place < self.grids[at].end else None

    def in_heading(self, place: int) -> bool:
        """Whether a place lies in a heading."""
        at = bisect_right(self._heading_starts, place) - 1
        return at >= 0 and place < self.document.headings[at].end

    def in_metadata(self, place: int) -> bool:
        """Whether a place lies in front matter, where names are tags rather than words."""
        at = bisect_right(self._metadata, (place, len(self.text))) - 1
        return at >= 0 and place < self._metadata[at][1]

    def matching(self, pattern: re.Pattern[str]) -> tuple[Span, ...]:
        """Return where a pattern is found."""
        stretches = self.scope or ((0, len(self.text)),)
        return tuple(
            match.span()
            for start, end in stretches
            for match in pattern.finditer(self.text, start, end)
        )

    def item(self, answer: Presence, spans: Iterable[Match | Span], why: str) -> Item:
        """Return an answer with the words around at most three of its spans."""
        taken: list[Span] = []
        for span in islice(spans, _MOST_TRIED):
            start, end = (span.start, span.end) if isinstance(span, Match) else span
            first, last = self._phrase(start, end)
            apart = all(last <= other[0] or other[1] <= first for other in taken)
            if apart and self.text[first:last].strip():
                taken.append((first, last))
            if len(taken) == MOST_QUOTES:
                break
        quotes = tuple(self.document.quote(first, last) for first, last in taken)
        return Item(answer, quotes, why)

    def _phrase(self, start: int, end: int) -> Span:
        """Return the cell or sentence around a span where it is short, else the words beside it."""
        first, last = self._place(start, end)
        if last - first > _SHORT or last < end:
            first = max(first, self.text.rfind(" ", 0, max(start - 25, 0)) + 1)
            cut = self.text.find(" ", min(end + 25, len(self.text)))
            last = max(end, min(last, len(self.text) if cut < 0 else cut))
        return min(first, start), last

    def _place(self, start: int, end: int) -> Span:
        """Return the cell that a span lies in, else its sentence as far as it is on its line."""
        grid = self.grid_at(start)
        cell = grid.cell_at(start) if grid else None
        inside = cell is not None and end <= cell.end
        first, last = (cell.start, cell.end) if cell and inside else self.sentence(start)
        return max(first, self.line(start)[0]), min(last, self.line(end)[1])


def _plainly_meant(found: Sequence[Match]) -> tuple[Match, ...]:
    """Leave out the names that are only part of a phrase which means something else."""
    starts: dict[str, list[int]] = {}
    ends: dict[str, list[int]] = {}
    for match in found:
        if "hides" in match.facts:
            starts.setdefault(match.facts["hides"], []).append(match.start)
            ends.setdefault(match.facts["hides"], []).append(match.end)

    def hidden(match: Match) -> bool:
        at = bisect_right(starts.get(match.kind, []), match.start) - 1
        return at >= 0 and match.end <= ends[match.kind][at]

    return tuple(match for match in found if not hidden(match))
