"""A test set and answers to it, in a line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from quantassay.records.samples import Predictions, Samples


def ids_of(n: int) -> np.ndarray:
    return np.array([f"s{i:04d}" for i in range(n)])


@pytest.fixture(scope="session")
def make_samples() -> Callable[..., Samples]:
    """Samples with these targets; further columns by name."""

    def make(target: Any, **columns: Any) -> Samples:
        values = None if target is None else np.asarray(target)
        n = len(next(iter(columns.values()))) if values is None else len(values)
        return Samples(ids_of(n), values, pa.table(columns), digest="")

    return make


@pytest.fixture(scope="session")
def make_predictions() -> Callable[..., Predictions]:
    """Predictions by field; ``failed`` and ``absent`` are positions."""

    def make(failed: Any = (), absent: Any = (), **fields: Any) -> Predictions:
        classes = fields.pop("classes", None)
        columns = {name: np.asarray(value) for name, value in fields.items()}
        n = len(next(iter(columns.values())))
        marks = {name: np.zeros(n, bool) for name in ("failed", "absent")}
        marks["failed"][list(failed)] = True
        marks["absent"][list(absent)] = True
        return Predictions(ids_of(n), classes=classes, **marks, **columns)

    return make
