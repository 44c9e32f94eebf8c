"""Paired rows reduced to evidence in a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from quantassay.records.samples import Partition


def mean(totals: Any, n: Any) -> Any:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(totals[..., 0] / n)


def column(values: Any) -> np.ndarray:
    return np.asarray(values, float)[:, None]


@pytest.fixture(scope="session")
def part() -> Callable[..., Partition]:
    """A partition from the codes of samples."""

    def make(codes: Any, strata: int = 1) -> Partition:
        labels = tuple({"part": str(i)} for i in range(strata))
        return Partition("part", labels, np.asarray(codes, np.intp))

    return make


@pytest.fixture(scope="session")
def state(part: Callable[..., Partition]) -> Callable[..., Any]:
    """The state of one metric with scores on both sides, on the whole unless parts are given."""

    def make(
        kind: Any,
        first: Any,
        second: Any,
        parts: Any = None,
        units: Any = None,
        higher: bool = True,
    ) -> Any:
        cells = parts or [part(np.zeros(len(first)))]
        codes = None if units is None else np.asarray(units, np.intp)
        return kind.accumulate(column(first), column(second), cells, codes, mean, higher)

    return make
