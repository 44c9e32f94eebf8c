"""Read, draw, hash and check the calibration sets of a rubric."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from numpy.typing import NDArray

from quantassay.records.artifacts import CalibrationFacts


@dataclass(frozen=True)
class CalibrationSet:
    """Inputs of the drawn samples in batches, with what identifies them."""

    batches: Sequence[Mapping[str, NDArray[Any]]]
    facts: CalibrationFacts
