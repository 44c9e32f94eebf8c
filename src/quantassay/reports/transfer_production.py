"""What an unlabelled sample of production says of the test set."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.production import ColumnDifference, Production, ProductionMix, TwoSample
from ..records.transfer import Transfer
from .blocks import Block, Bullets, Column, Paragraph, Section, Table, Value
from .figures import bracket, number, probability, share
from .names import counted, short

FEW = 6


def production(found: Transfer) -> Iterator[Section]:
    """Show how the sample falls into strata, and which columns differ most."""
    one = found.production
    if one is None:
        return
    blocks: list[Block] = []
    for mix in one.mixes:
        blocks += [Paragraph(_mix_line(mix)), _mix_table(mix)]
    for test in one.tests:
        blocks += [Paragraph(_test_line(test)), _columns(test)]
    blocks.append(Bullets(_notes(one)))
    title = f"Production sample {short(one.path)}, {counted(one.n, 'sample')}"
    yield Section("production", title, tuple(blocks), brief=True)


def _mix_line(mix: ProductionMix) -> str:
    if mix.p is None or mix.distance is None:
        return f"Mix by {short(mix.dimension)}: {mix.method}"
    apart = f"{share(mix.distance, 1)} of the samples are in another stratum than in the test set"
    return f"Mix by {short(mix.dimension)}: {apart} (p {probability(mix.p)}, {mix.method})"


def _mix_table(mix: ProductionMix) -> Table:
    columns = (Column("stratum", prose=True), Column("count", numeric=True),
               Column("share", numeric=True), Column("in the test set", numeric=True))  # fmt: skip
    rows = tuple(
        (
            Value(short(one.value)),
            Value(f"{one.count:,}", float(one.count)),
            Value(
                f"{share(one.share, 1)} {bracket([100 * e for e in one.interval], 1)}", one.share
            ),
            Value(share(one.test_share, 1), one.test_share),
        )
        for one in sorted(mix.shares, key=lambda each: -abs(each.share - each.test_share))
    )
    note = f"{counted(mix.nameless, 'sample')} in no stratum" if mix.nameless else ""
    return Table("shares with Clopper-Pearson intervals", columns, rows, note, few=FEW)


def _test_line(test: TwoSample) -> str:
    verdict = "differ" if test.differs else "no difference was found"
    rows = f"{test.rows[0]:,} of {test.n[0]:,} samples against {test.rows[1]:,} of {test.n[1]:,}"
    energy = ""
    if test.effect is not None:
        effect = f"energy distance {number(test.effect, 3)}, p {probability(test.p)}"
        energy = f"; all numbers at once: {effect}"
    word = f"{test.what[:1].upper()}{test.what[1:]}"
    columns = f"{counted(test.tested, 'column')}, smallest p {probability(test.p_any)} by Holm"
    drawn = "" if test.matched is None else f", drawn at the mix of production by {test.matched}"
    return f"{word}: {verdict} ({rows}{drawn}; {columns}{energy})"


def _columns(test: TwoSample) -> Table:
    columns = (Column("column", prose=True), Column("effect", numeric=True), Column("measure"),
               Column("p", numeric=True), Column("medians", numeric=True, brief=False))  # fmt: skip
    rows = tuple(_column(one) for one in test.columns)
    return Table("what differs most; effects lie in 0 to 1", columns, rows, few=FEW)


def _column(one: ColumnDifference) -> tuple[Value, ...]:
    medians = "–" if one.medians is None else " / ".join(number(m, 3) for m in one.medians)
    return (
        Value(short(one.column)),
        Value(number(one.effect, 3), one.effect),
        Value(one.measure),
        Value(probability(one.p), one.p),
        Value(medians),
    )


def _notes(one: Production) -> tuple[str, ...]:
    left = tuple(f"not compared: {text}" for test in one.tests for text in test.left_out[:3])
    return (*one.notes, *left)
