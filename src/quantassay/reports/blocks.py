"""What a report is made of, before anyone decides how it looks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Tone = Literal["plain", "pass", "fail", "inconclusive", "insufficient", "unjudged", "warning"]


@dataclass(frozen=True, slots=True)
class Value:
    """One entry of a table; ``sort`` orders it where its text would not."""

    text: str
    sort: float | None = None
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; ``brief`` ones are kept where room is short, ``prose`` ones need it."""

    name: str
    numeric: bool = False
    brief: bool = True
    prose: bool = False


@dataclass(frozen=True)
class Table:
    """Rows in order of importance, so that a renderer with little room may stop early.

    The first column names the row. ``source`` says where the rows are that are not shown; ``few``
    is how many a terminal shows; where that is 0, it does not show the table. ``folded`` ones are
    shut until a reader opens them.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""
    source: str = "the full report"
    few: int = 40
    folded: bool = False

    def head(self, limit: int) -> Table:
        """Return the first rows, and say in the note how many are not shown."""
        rest = len(self.rows) - limit
        if rest <= 0:
            return self
        said = f"{limit:,} of {len(self.rows):,} rows are shown; the rest are in {self.source}."
        return replace(self, rows=self.rows[:limit], note=" ".join(filter(None, [said, self.note])))

    def brief(self) -> Table:
        """Return the table with its brief columns only."""
        kept = [index for index, column in enumerate(self.columns) if column.brief]
        return replace(
            self,
            columns=tuple(self.columns[index] for index in kept),
            rows=tuple(tuple(row[index] for index in kept) for row in self.rows),
        )


@dataclass(frozen=True)
class Paragraph:
    """A sentence or a few."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Bullets:
    """Sentences that stand beside each other."""

    items: tuple[str, ...]
    tone: Tone = "plain"


@dataclass(frozen=True)
class KeyValues:
    """Named facts in order."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Code:
    """A command to copy."""

    text: str


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One line of a forest plot, in the unit shown; None where undefined.

    ``group`` heads the lines that share it. ``of`` tells lines of one label apart, and ``shape``
    which mark is drawn for it, where that is not the verdict's. ``outer`` is a wider interval.
    """

    label: str
    text: str
    facts: str
    loss: float | None
    low: float | None
    high: float | None
    margin: float | None
    tone: Tone
    critical: bool = False
    whole: bool = False
    group: str = ""
    of: str = ""
    shape: int | None = None
    outer: tuple[float, float] | None = None


@dataclass(frozen=True)
class Forest:
    """Losses with intervals, one a row, the margin marked.

    The axis is linear up to ``bend`` on both sides of zero and logarithmic beyond, or linear
    throughout where that is None. ``key`` says what the lines are that a reader cannot know.
    """

    title: str
    axis: str
    rows: tuple[ForestRow, ...]
    note: str = ""
    bend: float | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """One variant's throughput ratio and loss, in the units shown, with a rectangle for both.

    ``text`` holds the same figures; ``tag`` says what the pair is beside the others.
    """

    name: str
    precision: str
    text: str
    speed: float
    speed_interval: tuple[float, float] | None
    loss: float
    loss_interval: tuple[float, float] | None
    tone: Tone
    tag: str = ""
    fastest: bool = False
    dominated: bool = False


@dataclass(frozen=True)
class Frontier:
    """Throughput against loss; ``margin`` is drawn, and named by ``margin_text``, where it stands.

    ``reference`` names what all are measured against, at throughput 1 and loss 0.
    """

    title: str
    description: str
    speed_axis: str
    loss_axis: str
    pairs: tuple[Pair, ...]
    reference: str
    margin: float | None
    margin_text: str = ""
    note: str = ""


Block = Paragraph | Bullets | KeyValues | Code | Table | Forest | Frontier


@dataclass(frozen=True)
class Section:
    """A titled part; ``brief`` ones belong in the shortest rendering too."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    brief: bool = False


@dataclass(frozen=True)
class Ruling:
    """The verdict on one candidate in words; ``facts`` are figures, ``limits`` what it leaves."""

    name: str
    tone: Tone
    gate: bool
    reason: str
    facts: tuple[str, ...] = ()
    deciding: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Banner:
    """The verdict, first of all; ``word`` stands in its place where a report judges nothing."""

    tone: Tone
    headline: str
    rulings: tuple[Ruling, ...]
    cautions: tuple[str, ...] = ()
    word: str = ""


@dataclass(frozen=True)
class Document:
    """A report, ready for any renderer."""

    title: str
    subtitle: str
    banner: Banner
    sections: tuple[Section, ...]
    confidence: str
    footer: tuple[str, ...] = ()
