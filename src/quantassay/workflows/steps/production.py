"""An unlabelled sample of production beside the test set of a claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from quantassay.claims.transfer.claimed import Claimed
from quantassay.claims.transfer.likeness import mix_of, two_sample
from quantassay.errors import DataError, RubricError, nearest, some
from quantassay.pairing.strata import by_column
from quantassay.readers.columns.features import features, together
from quantassay.readers.columns.where import matches
from quantassay.readers.contract import ROWS, Reader
from quantassay.readers.log_data import data_reader
from quantassay.records.production import Production, ProductionMix, TwoSample
from quantassay.rubrics.deployment import Sample
from quantassay.rubrics.deployment_load import LoadedDeployment

Rows = NDArray[np.intp]
# rows of each side that columns are compared on, drawn where there are more
MOST_ROWS = 5_000
# columns of recorded predictions that say nothing of the sample, or repeat another
NOT_COMPARED = {"id", "target", "correct", "failed", "absent", "scores"}
NAMES = {"prediction", "label", "answer"}
NOT_SHOWN = (
    "a difference that is not found is not shown to be absent: these tests see inputs and outputs, "
    "not whether the model errs alike on them, and few samples see little"
)


@dataclass(frozen=True)
class Matched:
    """Rows of the test set drawn at the mix of production by one dimension."""

    dimension: str
    rows: Rows


@dataclass(frozen=True)
class Opened:
    """A sample's file and what reads it; ``columns`` are those that are there."""

    source: Sample
    path: Path
    reader: Reader
    columns: Sequence[str]

    def batches(self, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield rows of some columns that the condition keeps."""
        where = self.source.where or {}
        names = list(dict.fromkeys([*wanted, *where])) or [self.columns[0]]
        for batch in self.reader.read(self.path, names, ROWS, ()):
            yield batch.filter(matches(batch, where)) if where else batch

    def table(self, wanted: Sequence[str]) -> pa.Table:
        """Return some columns of every row."""
        batches = list(self.batches(wanted))
        return pa.Table.from_batches(batches).select(list(wanted) or batches[0].schema.names[:1])

    def drawn(self, wanted: Sequence[str], rows: Rows, seed: int) -> pa.Table:
        """Return some columns of some rows, at most 5,000 of them."""
        rng = np.random.default_rng(seed)
        rows = np.sort(rng.permutation(rows)[:MOST_ROWS])
        kept, start = [], 0
        for batch in self.batches(wanted):
            inside = rows[(rows >= start) & (rows < start + len(batch))] - start
            kept.append(batch.take(inside))
            start += len(batch)
        return pa.Table.from_batches(kept).select(list(wanted))

    def __len__(self) -> int:
        return sum(len(batch) for batch in self.batches(()))


def read_production(loaded: LoadedDeployment, claim: Claimed) -> Production | None:
    """Return what the production sample shows; None where the deployment names none.

    Raises
    ------
    InputError
        If a file or a column is missing.
    """
    source, test = loaded.file.production, loaded.file.test
    if source is None:
        return None
    own = _opened(loaded, "production", source)
    mixes = tuple(_mixes(loaded, own, claim))
    tests, notes = [], [NOT_SHOWN]
    if test is None:
        notes.append("inputs are not compared: the deployment names no 'test' data")
    else:
        other = _opened(loaded, "test", test)
        matched = _matched(own, other, mixes, loaded.file.seed)
        tests = [found for found in _tests(loaded, own, other, claim, matched) if found]
    if claim.task.clusters != "independent":
        notes.append(
            f"every p takes samples as independent; those of the test set are {claim.task.clusters}"
            ", so that a p may be too small"
        )
    return Production(source.path, len(own), mixes, tuple(tests), tuple(notes))


def _opened(loaded: LoadedDeployment, key: str, source: Sample) -> Opened:
    path = loaded.folder / source.path
    if not path.exists():
        msg = f"{loaded.at(key, 'path')}: no such file: {path}"
        raise RubricError(msg)
    reader = data_reader(source.reader, source.task, [loaded.folder / one for one in source.gold])
    columns = list(reader.columns(path).names)
    wanted = [*source.inputs, *source.strata.values(), *(source.where or {})]
    missing = [name for name in wanted if name not in columns]
    if missing:
        msg = (
            f"{loaded.at(key)}: no column {missing[0]!r} in {path}{nearest(missing[0], columns)}: "
            f"it has {some(columns)}"
        )
        raise RubricError(msg)
    return Opened(source, path, reader, columns)


def _mixes(loaded: LoadedDeployment, own: Opened, claim: Claimed) -> Iterator[ProductionMix]:
    """Count the strata that the sample has a column for."""
    named: Mapping[str, str] = own.source.strata or {
        name: name for name in claim.task.strata if name in own.columns
    }
    for dimension, column in named.items():
        table = own.table([column])
        if not len(table):
            msg = f"{loaded.at('production')}: {own.path} holds no row"
            raise DataError(msg)
        part = by_column(table, column, dimension)
        test = claim.task.strata.get(dimension, {})
        yield mix_of(
            dimension, part.sizes(), test, part.nameless, claim.confidence, loaded.file.seed
        )


def _matched(
    own: Opened, other: Opened, mixes: Sequence[ProductionMix], seed: int
) -> Matched | None:
    """Draw rows of the test set at the mix of production, so that what is left is another matter.

    None where the mix has not one dimension, the test set has no column for it, or it lacks a
    stratum of production.
    """
    if len(mixes) != 1 or mixes[0].nameless:
        return None
    key = mixes[0].dimension
    column = other.source.strata.get(key, key)
    if column not in other.columns:
        return None
    part = by_column(other.table([column]), column, key)
    sizes = part.sizes()
    wanted = {one.value: one.share for one in mixes[0].shares if one.share > 0}
    most = min((sizes.get(value, 0) / share for value, share in wanted.items()), default=0.0)
    rng = np.random.default_rng(seed)
    names = list(sizes)
    rows = [
        rng.permutation(np.flatnonzero(part.codes == names.index(value)))[: int(most * share)]
        for value, share in wanted.items()
        if most
    ]
    chosen = np.sort(np.concatenate(rows)) if rows else np.zeros(0, np.intp)
    return Matched(key, chosen) if len(chosen) > 1 else None


def _tests(
    loaded: LoadedDeployment, own: Opened, other: Opened, claim: Claimed, matched: Matched | None
) -> Iterator[TwoSample | None]:
    yield _compared("inputs", own, other, _inputs(own, other), loaded, claim, matched)
    if own.source.outputs is None or other.source.outputs is None:
        return
    first = _opened(loaded, "production", Sample(path=own.source.outputs))
    second = _opened(loaded, "test", Sample(path=other.source.outputs))
    columns = [c for c in first.columns if c in second.columns and c not in NOT_COMPARED]
    same = matched if _in_order(other, second) else None
    yield _compared("outputs of the reference", first, second, columns, loaded, claim, same)


def _in_order(data: Opened, outputs: Opened) -> bool:
    """Return whether outputs stand in the order of the data, by the ids of both."""
    if data.source.id is None or "id" not in outputs.columns:
        return False
    own, other = data.table([data.source.id]).column(0), outputs.table(["id"]).column(0)
    return bool(own.cast(pa.string()).equals(other.cast(pa.string())))


def _inputs(own: Opened, other: Opened) -> list[str]:
    """Return the columns that describe samples on both sides, without ids and gold answers."""
    named = [*own.source.inputs, *other.source.inputs]
    sides = own.source, other.source
    names = {text for source in sides for text in (source.id, source.target) if text}
    both = [name for name in own.columns if name in other.columns and name not in names]
    chosen = [name for name in both if not named or name in named]
    if not chosen:
        msg = f"{own.path} and {other.path} share no column that could be compared"
        raise DataError(msg)
    return chosen


def _compared(
    what: str, own: Opened, other: Opened, columns: list[str], loaded: LoadedDeployment,
    claim: Claimed, matched: Matched | None,
) -> TwoSample | None:  # fmt: skip
    if not columns:
        return None
    seed, n, m = loaded.file.seed, len(own), len(other)
    rows = np.arange(m) if matched is None else matched.rows
    first, second = own.drawn(columns, np.arange(n), seed), other.drawn(columns, rows, seed)
    one, two = features(first, NAMES), features(second, NAMES)
    left_out = together(one, two)
    return two_sample(
        what,
        (one.numbers, two.numbers),
        (one.categories, two.categories),
        (n, m),
        1 - claim.confidence,
        seed,
        left_out,
        None if matched is None else matched.dimension,
    )
