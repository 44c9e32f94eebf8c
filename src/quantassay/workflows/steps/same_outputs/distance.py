"""How far answers to the same samples lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import DataError
from quantassay.metrics.answers import equal

from .answered import Answered

#: of the largest number that was output: a smaller difference is rounding
ROUNDING = 1e-3


@dataclass(frozen=True)
class Difference:
    """Of some samples (m,): which changed, which failed while timing, how far numbers moved.

    ``moved`` is None without numbers, of which the accuracy pass's largest is ``scale``;
    ``named``: answers are names or texts, and not the numbers themselves.
    """

    changed: NDArray[np.bool_]
    failed: NDArray[np.bool_]
    moved: NDArray[np.float64] | None
    scale: float
    named: bool


@dataclass(frozen=True)
class Compared:
    """All samples: how many, of which changed and failed, the largest move of a number.

    ``moved`` is None without numbers, or where it is too large to tell; ``rounded``: no number
    moved by more than rounding; ``constant``: all outputs are the same.
    """

    n: int
    changed: int
    failed: int
    moved: float | None
    rounded: bool
    constant: bool


def difference(new: Answered, old: Answered) -> Difference:
    """Compare answers to the same samples.

    Raises
    ------
    DataError
        If they are of another shape.
    """
    if (new.numbers is None) != (old.numbers is None):
        new, old = new.as_numbers(), old.as_numbers()
    changed = new.failed != old.failed
    both = ~(new.failed | old.failed)
    named = new.answers is not None and old.answers is not None
    if new.answers is not None and old.answers is not None:
        changed |= both & ~equal(new.answers, old.answers)
    if new.numbers is None or old.numbers is None:
        return Difference(changed, new.failed, None, 0.0, named)
    if new.numbers.shape != old.numbers.shape:
        msg = (
            f"{new.numbers.shape[1]} numbers a sample, {old.numbers.shape[1]} in the accuracy pass"
        )
        raise DataError(msg)
    moved, known = np.zeros(len(both)), old.numbers[both]
    with np.errstate(over="ignore"):
        moved[both] = np.abs(new.numbers[both] - known).max(axis=1)
    return Difference(changed, new.failed, moved, float(np.abs(known).max(initial=0)), named)


def together(parts: Sequence[Difference], constant: bool) -> Compared:
    """Put parts of the samples together; ``constant``: all outputs are the same."""
    changed = np.concatenate([part.changed for part in parts])
    failed = int(sum(part.failed.sum() for part in parts))
    moves = [part.moved for part in parts if part.moved is not None]
    if not moves:
        return Compared(len(changed), int(changed.sum()), failed, None, True, constant)
    moved, rounding = np.concatenate(moves), ROUNDING * max(part.scale for part in parts)
    if not parts[0].named:
        changed = changed | (moved > rounding)
    most, count = float(moved.max()), int(changed.sum())
    told = most if np.isfinite(most) else None
    return Compared(len(changed), count, failed, told, most <= rounding, constant)
