"""What metrics need of samples and predictions: columns by the names that readers give them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from quantassay.errors import DataError, nearest
from quantassay.records.ragged import Ragged, ragged

# gold columns belong to the sample, the others to each variant
NEEDS = {
    "target": "gold answer",
    "prediction": "answer, or `correct`: whether it was right",
    "probabilities": "probability of each class",
    "score": "one number that ranks the sample",
    "references": "gold texts, a list; or `target`, one text",
    "outcomes": "of each attempt, whether it was right",
    "token_logprobs": "natural log probability of each token, or `loglikelihood` and `tokens`",
    "loglikelihood": "natural log probability of the whole text",
    "tokens": "number of tokens",
    "words": "number of words",
    "bytes": "number of bytes",
    "top_tokens": "most probable token at each place",
    "rating": "number on the declared scale",
    "preferred": "1 where this side was preferred, 0.5 a tie, 0 the other",
    "ranking": "documents found: document, score",
    "embedding": "vector of the sample, a list of numbers",
    "relevant_embedding": "unit vectors of its relevant documents, one after another",
    "relevant": "documents judged: document, grade",
    "objects": "boxes that are there: category, x, y, width, height; also area and crowd",
    "detections": "boxes found: category, x, y, width, height, score",
}


def numbers(table: pa.Table | None, name: str, metric: str) -> NDArray[np.float64]:
    """Return a column as numbers (n,); NaN where a sample has none.

    Raises
    ------
    DataError
        If there is no such column, or it holds no numbers.
    """
    found = column(table, name, metric)
    if not (pa.types.is_null(found.type) or _numeric(found.type)):
        msg = f"{metric} needs numbers in column {name!r}; it holds {found.type}"
        raise DataError(msg)
    values = pc.cast(found, pa.float64()).to_numpy(zero_copy_only=False)
    return np.asarray(values, np.float64)


def lists(table: pa.Table | None, name: str, metric: str, fields: Sequence[str] = ()) -> Ragged:
    """Return a column of lists; its items have at least the named fields.

    Raises
    ------
    DataError
        If there is no such column, it holds no lists, or their items lack a field.
    """
    found = column(table, name, metric)
    try:
        items = ragged(found)
    except TypeError as error:
        msg = f"{metric} needs a list for each sample in column {name!r}; it {error}"
        raise DataError(msg) from error
    for field in fields:
        if field not in items.flat:
            msg = f"{metric}: the items of column {name!r} have no {field!r}"
            raise DataError(msg)
    return items


def column(table: pa.Table | None, name: str, metric: str) -> Any:
    """Return a column that a metric needs.

    Raises
    ------
    DataError
        If there is none.
    """
    names = table.column_names if table is not None else []
    if table is None or name not in names:
        what = f" ({NEEDS[name]})" if name in NEEDS else ""
        there = f"; there are: {', '.join(names)}" if names else ""
        msg = f"{metric} needs the column {name!r}{what}{nearest(name, names)}{there}"
        raise DataError(msg)
    return table.column(name)


def _numeric(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_floating(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_decimal(kind)
    )
