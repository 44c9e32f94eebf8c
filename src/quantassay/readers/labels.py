"""Gold answers in a table of their own: ids and targets, nothing predicted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..errors import DataError
from ..records.samples import Labels
from .contract import Reader
from .ids import as_ids, refuse_duplicates
from .predictions import gold_answers
from .roles import find_column

ROWS = 65536


def read_labels(
    reader: Reader, source: Path | pa.Table | Any, id: str | None = None, target: str | None = None
) -> tuple[NDArray[np.str_], Labels]:
    """Read gold answers of some samples; columns with usual names are found by themselves.

    Returns
    -------
    tuple
        Ids (n,) and the labels of those that have one.

    Raises
    ------
    DataError
        If a column is missing or ambiguous, an id occurs twice, or no sample has a target.
    """
    where = str(source) if isinstance(source, Path) else "labels"
    if isinstance(source, Path):
        named = find_column(reader.columns(source), where, "id", id)
        source = pa.Table.from_batches(list(reader.read(source, None, ROWS, (named,))))
    elif not isinstance(source, pa.Table):
        source = pa.Table.from_pandas(source, preserve_index=False)
    named = find_column(source.schema, where, "id", id)
    ids = as_ids(source.column(named), f"{where}, column {named!r}")
    refuse_duplicates(ids, where)
    column = find_column(source.schema, where, "target", target)
    try:
        labels = gold_answers(source, column)
    except DataError as error:
        msg = f"{where}: {error}"
        raise DataError(msg) from error
    if labels is None:
        msg = f"{where}: no sample has a target yet: fill in its column"
        raise DataError(msg)
    return ids, labels
