"""Tables of predictions as other programs leave them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="session")
def table() -> Callable[..., pd.DataFrame]:
    """A table of predictions: targets, answers and further columns."""

    def make(target: Any, prediction: Any = None, **columns: Any) -> pd.DataFrame:
        found = {"id": [f"s{i}" for i in range(len(target))], "target": np.asarray(target)}
        if prediction is not None:
            found["prediction"] = prediction
        return pd.DataFrame({**found, **columns})

    return make


@pytest.fixture(scope="session")
def counted(table: Callable[..., pd.DataFrame]) -> Callable[..., tuple[pd.DataFrame, pd.DataFrame]]:
    """Two tables with so many losses, gains and samples; all else right on both sides."""

    def make(losses: int, gains: int, n: int, wrong: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
        first, second = np.zeros(n, int), np.zeros(n, int)
        second[:losses] = 1
        first[losses : losses + gains] = 1
        both = slice(losses + gains, losses + gains + wrong)
        first[both] = second[both] = 1
        return table(np.zeros(n, int), first), table(np.zeros(n, int), second)

    return make
