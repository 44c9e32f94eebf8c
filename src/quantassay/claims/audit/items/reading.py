"""What the rules of the items look at: a document's names, tables and sentences within a scope."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from operator import itemgetter

from quantassay.claims.audit.items.grid import Grid
from quantassay.claims.audit.items.phrases import plainly_meant
from quantassay.claims.lexicons.matches import Kind, Match, find
from quantassay.claims.lexicons.words import stretches
from quantassay.claims.sources.document import Document, RegionKind
from quantassay.records.audit import Item, Presence

Scope = tuple[tuple[int, int], ...]
Span = tuple[int, int]

_STOP = re.compile(
    r"(?<!\bvs\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bapprox\.)(?<=[.!?;。；！？])\s+|[。！？|]"
    r"|\n[ \t]*\n|\n(?=[ \t]{2,}|[ \t]*[-*+#>\d•]|[A-Z][\w ()-]{1,30}:)"
)
# No name is as long: data in a text, such as an image.
_RUN = re.compile(
    r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/=_-]{200,}"
    r"|(?<![\d.,;:()\[\]/ -])[\d.,;:()\[\]/ -]{400,}"
)
_LINK = re.compile(r"https?://[^\s()<>\"']+|(?<=\]\()[^\s()]+")
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,300}>")
_MARKS = frozenset("|`*_>#-")
MOST_QUOTES = 3
MOST_TEXT = 250_000
_SHORT, _LONGEST = 90, 400
_MOST_NAMES, _MOST_TRIED = 1500, 60


@dataclass(frozen=True)
class Reading:
    """A document as the rules see it: only what stands in ``scope``, or all of it."""

    document: Document
    scope: Scope | None = None
    whole: Reading | None = None
    _found: dict[re.Pattern[str], tuple[re.Match[str], ...]] = field(default_factory=dict)

    def scoped(self, scope: Scope) -> Reading:
        """Return the reading of some stretches, whose names are those found here."""
        return Reading(self.document, scope, self)

    @cached_property
    def text(self) -> str:
        """The plain text that is read, without long runs; empty lines outside the scope."""
        if self.whole is None or self.scope is None:
            return _RUN.sub(lambda run: " " * len(run[0]), self.document.plain[:MOST_TEXT])
        text, pieces, reached = self.whole.text, list[str](), 0
        for start, end in self.scope:
            pieces += ["\n" * (start - reached), text[start:end]]
            reached = end
        return "".join([*pieces, "\n" * (len(text) - reached)])[: len(text)]

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
        if self.scope is None:
            return True
        at = bisect_right(self.scope, start, key=itemgetter(0)) - 1
        return at >= 0 and end <= self.scope[at][1]

    @cached_property
    def _stretches(self) -> tuple[Span, ...]:
        return stretches(self.text)

    @cached_property
    def _grid_starts(self) -> list[int]:
        return [grid.start for grid in self.grids]

    @cached_property
    def _regions(self) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {}
        for region in self.document.regions:
            found.setdefault(region.kind, []).append((region.start, region.end))
        return found

    @cached_property
    def _heading_starts(self) -> list[int]:
        return [heading.start for heading in self.document.headings]

    @cached_property
    def _links(self) -> tuple[list[int], list[int]]:
        if self.whole is not None:
            return self.whole._links
        spans = self.matching(_LINK)
        return [start for start, _ in spans], [end for _, end in spans]

    @cached_property
    def _names(self) -> tuple[Match, ...]:
        if self.whole is not None:
            return tuple(
                match for start, end in self.scope or () for match in self.whole.within(start, end)
            )
        return plainly_meant(find(self.text))

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
        return [0, *(match.end() for match in self.finds(_STOP)), len(self.text)]

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
        return self._in("metadata", place)

    def in_code(self, place: int) -> bool:
        """Whether a place lies in a block of code."""
        return self._in("code", place)

    def _in(self, kind: RegionKind, place: int) -> bool:
        regions = self._regions.get(kind, [])
        at = bisect_right(regions, place, key=itemgetter(0)) - 1
        return at >= 0 and place < regions[at][1]

    def finds(self, pattern: re.Pattern[str]) -> tuple[re.Match[str], ...]:
        """Return where a pattern is found, searched for once in a document."""
        if self.whole is not None:
            found = self.whole.finds(pattern)
            return tuple(match for match in found if self._holds(*match.span()))
        if pattern not in self._found:
            self._found[pattern] = tuple(
                match
                for start, end in self._stretches
                for match in pattern.finditer(self.text, start, end)
            )
        return self._found[pattern]

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Whether a pattern is found at all."""
        if self.whole is None:
            return any(pattern.search(self.text, *one) for one in self._stretches)
        return bool(self.finds(pattern))

    def matching(self, pattern: re.Pattern[str]) -> tuple[Span, ...]:
        """Return the places where a pattern is found."""
        return tuple(match.span() for match in self.finds(pattern))

    def item(self, answer: Presence, spans: Iterable[Match | Span], why: str) -> Item:
        """Return an answer with the words around at most three of its spans."""
        taken: list[Span] = []
        tried = islice(spans, _MOST_TRIED)
        places = [(one.start, one.end) if isinstance(one, Match) else one for one in tried]
        for start, end in sorted(places, key=lambda one: self.in_code(one[0])):
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
        return self._bare(min(first, start), start, end, last)

    def _bare(self, first: int, start: int, end: int, last: int) -> Span:
        """Return a phrase without the tags, fences and marks around its words."""
        source, text = self.document.source, self.text
        tags = [one.span() for one in _TAG.finditer(source, max(first - 400, 0), last + 400)]
        gone = [one for one in tags if not text[slice(*one)].strip()]
        first = max([first, *(stop for _, stop in gone if stop <= start)])
        last = min([last, *(at for at, _ in gone if at >= end)])
        while first < start and (text[first] in _MARKS or text[first].isspace()):
            first += 1
        while last > end and (text[last - 1] in _MARKS or text[last - 1].isspace()):
            last -= 1
        return first, last

    def _place(self, start: int, end: int) -> Span:
        """Return the cell that a span lies in, else its sentence as far as it is on its line."""
        grid = self.grid_at(start)
        cell = grid.cell_at(start) if grid else None
        inside = cell is not None and end <= cell.end
        first, last = (cell.start, cell.end) if cell and inside else self.sentence(start)
        return max(first, self.line(start)[0]), min(last, self.line(end)[1])
