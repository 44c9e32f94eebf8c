"""How well calibration samples cover the strata of the test set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from quantassay.errors import DataError
from quantassay.pairing import strata
from quantassay.records.artifacts import Coverage
from quantassay.records.samples import Partition
from quantassay.rubrics.model import Rubric, Stratum

from .asking import Exam

SHOWN = 10


def coverage(exam: Exam, table: pa.Table, chosen: NDArray[np.intp]) -> dict[str, Coverage]:
    """Count the chosen rows of a calibration table in every stratum that the rubric declares."""
    tested = {part.key: part for part in exam.question.partitions}
    found = {}
    for stratum in exam.rubric.strata:
        sizes = tested[stratum.key].sizes()
        try:
            part = same_strata(table, stratum)
            own = {} if part is None else part.sizes(chosen)
            found[stratum.key] = Coverage({name: own.get(name, 0) for name in sizes}, sizes)
        except DataError as error:
            found[stratum.key] = Coverage({}, sizes, str(error))
    return found


def same_strata(table: pa.Table, stratum: Stratum) -> Partition | None:
    """Cut a calibration table as the test set is cut; None where no sample is in the stratum.

    Raises
    ------
    DataError
        If it has no such column, or none that can be cut so.
    """
    columns = [*(stratum.where or [stratum.column])]
    lacking = [name for name in columns if name not in table.column_names]
    if lacking:
        msg = f"the calibration data has no column {lacking[0]!r}"
        raise DataError(msg)
    if stratum.where is None:
        assert stratum.column is not None
        return strata.by_column(table, stratum.column, stratum.name, stratum.bins)
    try:
        return strata.where(table, stratum.key, stratum.where)
    except DataError:
        # the test set has these values, so that here no sample has them
        return None


def stratum_columns(rubric: Rubric) -> set[str]:
    """Return the columns that the strata of a rubric are cut by."""
    cut = ([*(stratum.where or [stratum.column])] for stratum in rubric.strata)
    return {column for columns in cut for column in columns if column is not None}


def uncovered(name: str, found: Mapping[str, Coverage]) -> Iterator[str]:
    """Say which strata of the test set a calibration set has no sample of."""
    for key, one in found.items():
        lacking = one.lacking
        if lacking:
            share = sum(one.test[each] for each in lacking) / sum(one.test.values())
            rest = f" and {len(lacking) - SHOWN} more" if len(lacking) > SHOWN else ""
            labels = ", ".join(f"{key}={each}" for each in lacking[:SHOWN]) + rest
            yield (
                f"calibration {name!r}: no calibration sample is of {labels}; "
                f"test set {100 * share:.1f} %"
            )
