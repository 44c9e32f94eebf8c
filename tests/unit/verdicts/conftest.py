"""Groups of cells from counts of losses and gains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from quantassay.evidence import Binary
from quantassay.evidence.contract import Evidence
from quantassay.records.samples import Partition
from quantassay.verdicts.cells import Declared, Group


def mean(totals: Any, n: Any) -> Any:
    return np.asarray(totals[..., 0] / n)


@pytest.fixture(scope="session")
def counted() -> Callable[..., Evidence]:
    """Binary evidence of cells given as (losses, gains, n)."""

    def make(cells: Sequence[tuple[int, int, int]], units: Any = None) -> Evidence:
        first = np.concatenate(
            [np.r_[np.ones(b), np.zeros(c), np.ones(n - b - c)] for b, c, n in cells]
        )
        second = np.concatenate([np.r_[np.zeros(b), np.ones(n - b)] for b, c, n in cells])
        codes = np.repeat(np.arange(len(cells)), [n for _, _, n in cells])
        part = Partition("part", tuple({"part": str(i)} for i in range(len(cells))), codes)
        rows = first[:, None], second[:, None]
        return Binary().accumulate(*rows, [part], units, mean, True).evidence()

    return make


@pytest.fixture(scope="session")
def group(counted: Callable[..., Evidence]) -> Callable[..., Group]:
    """A group of top-1 cells: counts with a margin each, None for described."""

    def make(
        cells: Sequence[tuple[int, int, int]],
        margins: Sequence[float | None],
        role: Any = "gate",
        **more: Any,
    ) -> Group:
        declared = [
            Declared({"part": str(i)}, margin, "described" if margin is None else role)
            for i, margin in enumerate(margins)
        ]
        return Group("top1", counted(cells), declared, **more)

    return make
