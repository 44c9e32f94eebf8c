"""All figures of a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from quantassay.claims.sources.document import Document, Table

from .apart import apart, carried
from .figure import Figure, Pair, Scored
from .flat import flat_tables
from .grid import MOST_CELLS, Spot, spots
from .sentences import MOST_SENTENCES, Sentence, sentences
from .stated_samples import captioned_samples, stated_samples, with_samples
from .statements import counts_of, figures_of, statement_pairs
from .tables import table_pairs

MOST_PAIRS = 1000


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a text.

    ``grids`` are those of tables with their places, ``pairs`` what belongs together, ``scored`` the
    pairs that have both scores on one scale, ``costs`` such pairs of latencies, throughputs or
    sizes, ``samples`` the numbers of samples that were scored; ``capped`` says that the text has
    more than were read.
    """

    grids: tuple[tuple[Spot, ...], ...]
    spoken: tuple[tuple[Sentence, tuple[Figure, ...]], ...]
    counts: tuple[tuple[Figure, Figure], ...]
    pairs: tuple[Pair, ...]
    scored: tuple[Scored, ...] = ()
    costs: tuple[Scored, ...] = ()
    samples: tuple[Figure, ...] = ()
    capped: bool = False

    @property
    def all(self) -> tuple[Figure, ...]:
        """Every figure of tables and sentences."""
        cells = tuple(spot.figure for grid in self.grids for spot in grid)
        return cells + tuple(one for _, found in self.spoken for one in found)

    @property
    def stated(self) -> tuple[Figure, ...]:
        """The losses, deltas and recoveries that sentences state."""
        roles = ("loss", "delta", "recovery")
        return tuple(one for _, found in self.spoken for one in found if one.role in roles)


def read_figures(document: Document) -> Figures:
    """Return the figures of a document and which of them belong together.

    At most ``MOST_CELLS`` figures of tables, ``MOST_SENTENCES`` sentences and ``MOST_PAIRS`` pairs
    are read; ``capped`` says that there were more.
    """
    grids = _grids(document)
    said = sentences(document)
    spoken = [(sentence, figures_of(sentence)) for sentence in said]
    rows = [pair for grid in grids for pair in _counted(grid)]
    pairs = [pair for pair in rows if pair.known.role == "score"]
    spoken = carried(spoken)
    pairs += [pair for sentence, found in spoken for pair in statement_pairs(sentence, found)]
    pairs += apart(spoken, pairs)
    samples = stated_samples(spoken, grids)
    samples += captioned_samples(document)
    pairs = with_samples(pairs, samples)
    return Figures(
        grids=tuple(grids),
        spoken=tuple(spoken),
        counts=tuple(pair for sentence in said for pair in counts_of(sentence)),
        pairs=tuple(pairs[:MOST_PAIRS]),
        scored=_scored(pairs[:MOST_PAIRS]),
        costs=_scored(pair for pair in rows if pair.known.role != "score"),
        samples=tuple(samples),
        capped=len(pairs) > MOST_PAIRS
        or sum(map(len, grids)) >= MOST_CELLS
        or len(said) >= MOST_SENTENCES,
    )


def _scored(pairs: Iterable[Pair]) -> tuple[Scored, ...]:
    return tuple(scored for pair in pairs if (scored := pair.scored))


def _grids(document: Document) -> list[tuple[Spot, ...]]:
    left, grids = MOST_CELLS, []
    for table in (*document.tables, *flat_tables(document)):
        if left <= 0:
            break
        grid = spots(table, _lead(document, table), left)
        left -= len(grid)
        if grid:
            grids.append(grid)
    return grids


def _lead(document: Document, table: Table) -> str:
    """Return the line before a table, where it is short."""
    before = document.plain[max(0, table.start - 80) : table.start].rstrip(" \n|")
    line = before.rpartition("\n")[2].strip()
    return line if len(line) < 50 else ""


def _counted(grid: tuple[Spot, ...]) -> list[Pair]:
    """Return the pairs of a table with the number of samples that the table gives them."""
    totals = [spot for spot in grid if spot.figure.role == "n"]
    return [replace(pair, n=_total(pair, grid, totals)) for pair in table_pairs(grid)]


def _total(pair: Pair, grid: tuple[Spot, ...], totals: list[Spot]) -> Figure | None:
    """Return n of a pair: in its row or its column, and the same for both."""
    one = pair.candidate or pair.reference
    place = next((spot for spot in grid if one and spot.figure.start == one.start), None)
    if place is None:
        return None
    mine = [spot for spot in totals if spot.row == place.row or spot.column == place.column]
    return mine[0].figure if len({spot.figure.value for spot in mine}) == 1 else None
