"""A corpus that every variant embeds, and what its embeddings of the test set find there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import DataError, RubricError
from quantassay.readers.log_data import data_reader
from quantassay.readers.logs.embeddings.search import Search
from quantassay.readers.outputs import Fields
from quantassay.readers.retrieved import RELEVANT, embedded, relevant_lists
from quantassay.readers.samples import read_samples
from quantassay.records.samples import Samples
from quantassay.rubrics.load import Loaded
from quantassay.rubrics.model import Source


@dataclass(frozen=True)
class Corpus:
    """Documents by name (m,), where they come from, and how they are searched."""

    source: Source
    ids: NDArray[np.str_]
    digest: str
    search: Search

    def __len__(self) -> int:
        return len(self.ids)

    def words(self) -> str:
        """Say what is searched, and how."""
        return (
            f"every variant embeds the {len(self):,} documents of {self.source.path} "
            f"({self.digest}) itself: {self.search.words()}"
        )

    def sought(self, samples: Samples, column: str, where: Path) -> Samples:
        """Return the samples with the documents that they are to find.

        Raises
        ------
        DataError
            If a sample names none, or one that is not there.
        """
        for name, there in ((column, True), (RELEVANT, False)):
            if (name in samples.table.column_names) != there:
                what = f"no column {name!r}" if there else f"rename the column {name!r}"
                msg = f"{where}: {what}"
                raise DataError(msg)
        gold = samples.table.column(column)
        lists = relevant_lists(gold, column, samples.ids, self.ids, where)
        both = sha256(f"{samples.digest} {self.digest}".encode()).hexdigest()
        return replace(
            samples,
            target=_single(lists),
            table=samples.table.append_column(RELEVANT, lists),
            digest=f"sha256:{both}",
        )

    def found(self, queries: Any, documents: Any, samples: Samples) -> Fields:
        """Search the embeddings of the corpus (m, width) for those of samples (n, width)."""
        relevant = samples.table.column(RELEVANT).slice(0, len(queries))
        return embedded(queries, documents).fields(self.ids, relevant, self.search)

    def refuse_deeper(self, metrics: Sequence[Any], loaded: Loaded) -> None:
        """Refuse metrics that look further down than documents are ranked.

        Raises
        ------
        RubricError
            If one does.
        """
        for metric in metrics:
            k = getattr(metric, "k", None)
            if "ranking" in metric.needs and k and self.search.depth < min(k, len(self)):
                msg = (
                    f"{loaded.at('task', 'outputs', 'depth')}: {metric.name} looks at {k} "
                    f"documents, and {self.search.depth} are ranked: set 'depth: {k}'"
                )
                raise RubricError(msg)


def read_corpus(loaded: Loaded) -> Corpus | None:
    """Read the names of the documents that a rubric's embeddings are to find; None without.

    Raises
    ------
    InputError
        If the file or a column is wrong.
    """
    outputs, data = loaded.rubric.task.outputs, loaded.rubric.task.data
    source = outputs.corpus
    if source is None:
        return None
    path = loaded.resolve(source.path)
    if not path.exists():
        msg = f"{loaded.at('task', 'outputs', 'corpus', 'path')}: no such file: {path}"
        raise RubricError(msg)
    found = read_samples(
        data_reader(source.reader, None, []),
        path,
        id=source.id,
        input=source.input or data.input,
        where=source.where,
    )
    search = Search(outputs.similarity, min(outputs.depth, len(found)))
    return Corpus(source, found.ids, found.digest, search)


def _single(lists: Any) -> NDArray[np.str_] | None:
    """Return the only document that each sample is to find (n,); None where one has several."""
    if len(lists.values) != len(lists):
        return None
    names: Any = lists.values.field("document")
    return np.asarray(names.to_numpy(zero_copy_only=False), dtype=np.str_)
