"""The claims of one text: the headline is all of it, another section with scores is another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from ..lexicons.matches import Match
from ..sources.document import Document
from .figures.figure import Figure, Pair
from .figures.read import Figures

Scope = tuple[tuple[int, int], ...]
Names = Callable[[int, int], tuple[Match, ...]]
MOST = 10
_FEW = 2
LONGEST = 120


def further_scopes(document: Document, figures: Figures) -> list[Scope]:
    """Return the scope of every claim after the headline.

    A section whose table compares a candidate with a reference makes a claim; what stands in no
    such section belongs to all of them.
    """
    return _scopes(document, _claiming(document, figures)[1 : MOST + 1], figures)


def first_scope(document: Document, figures: Figures, names: Names) -> Scope | None:
    """Return the scope of the headline where sections are of several models or formats.

    None where any heading of a section with a claim names neither, or the same one as the first:
    then the whole text is read.
    """
    sections = _sections(document)
    held = _claiming(document, figures)
    subjects = [_subject(document, sections[at][0], names) for at in held]
    if len(held) < _FEW or not all(subjects):
        return None
    if any(subjects[0] & other for other in subjects[1:]):
        return None
    return _scopes(document, held[:1], figures)[0]


def _subject(document: Document, start: int, names: Names) -> set[str]:
    """Return the models and formats in the heading at a place."""
    ends = (one.end for one in document.headings if one.start == start)
    found = names(start, next(ends, start))
    return {one.name for one in found if one.kind in {"model", "format"}}


def _claiming(document: Document, figures: Figures) -> list[int]:
    """Return which sections make a claim, by their order."""
    starts = [start for start, _ in _sections(document)]
    return sorted({
        bisect_right(starts, pair.candidate.start) - 1
        for pair in figures.pairs
        if pair.candidate is not None and pair.candidate.table and pair.both
    })  # fmt: skip


def _scopes(document: Document, wanted: Sequence[int], figures: Figures) -> list[Scope]:
    """Return sections, each with what belongs to no section with a claim."""
    sections, held = _sections(document), set(_claiming(document, figures))
    shared = tuple(one for at, one in enumerate(sections) if at not in held)
    return [_merged(sorted((*shared, sections[at]))) for at in wanted]


def headline(document: Document, figures: Figures, scope: Scope | None = None) -> str:
    """Return the words that carry a claim: two scores, a stated loss, one score, or the title."""
    scored = [pair for pair in figures.pairs if _candidate(pair, scope)]
    both = [pair for pair in scored if pair.both]
    if both:
        return _scores(document, _first(both))
    said = [one for one in figures.stated if not one.hidden and _inside(one, scope)]
    if said and scope is None:
        return _words(document, said[0])
    if scored:
        return _scores(document, scored[0])
    titles = [document.plain[one.start : one.end] for one in document.headings]
    return _short(titles[0].strip("#=-~ \n") if titles else document.plain)


def _first(pairs: Sequence[Pair]) -> Pair:
    """Return the average of the first table with one, or else the first pair."""
    table = pairs[0].known.table
    mine = (one for one in pairs if table and one.known.table == table and one.known.average)
    return next(mine, pairs[0])


def inside(start: int, scope: Scope) -> bool:
    """Say whether a place lies within a scope."""
    return any(first <= start < last for first, last in scope)


def _merged(stretches: Sequence[tuple[int, int]]) -> Scope:
    """Join the stretches that follow each other."""
    joined: list[tuple[int, int]] = []
    for start, end in stretches:
        if joined and joined[-1][1] == start:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return tuple(joined)


def _sections(document: Document) -> list[tuple[int, int]]:
    starts = [0, *(one.start for one in document.headings if one.start)]
    ends = [*starts[1:], len(document.source)]
    return list(zip(starts, ends, strict=True))


def _inside(figure: Figure, scope: Scope | None) -> bool:
    return scope is None or inside(figure.start, scope)


def _candidate(pair: Pair, scope: Scope | None) -> bool:
    return pair.candidate is not None and _inside(pair.candidate, scope)


def _scores(document: Document, pair: Pair) -> str:
    if pair.both is None or pair.candidate is None:
        return _words(document, pair.candidate) if pair.candidate else ""
    reference, candidate = pair.both
    name = f"{pair.name}: " if pair.name else ""
    return _short(f"{name}{reference.text} → {candidate.text}")


def _words(document: Document, figure: Figure) -> str:
    return _short(document.plain[slice(*figure.row)])


def _short(text: str | Sequence[str]) -> str:
    words = " ".join(str(text).split())
    return f"{words[:LONGEST]}…" if len(words) > LONGEST else words
