"""Count, mean and central moments of numbers that come in pieces.

Pieces merge in any order by the formulas of Chan, Golub and LeVeque (1979) and Pébay (2008,
SAND2008-6212), which lose no digits where the mean is far from zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .figure import Figure, figure
from .pieces import pieces

#: a spread below this share of the magnitude is rounding, not spread
NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Moments:
    """How many numbers, their mean, and sums of powers 2 to 4 of their distances from it."""

    count: int = 0
    mean: float = 0.0
    second: float = 0.0
    third: float = 0.0
    fourth: float = 0.0

    @staticmethod
    def of(values: NDArray[np.generic]) -> Moments:
        """Return the moments of an array of any shape; all numbers finite."""
        found = Moments()
        for (piece,) in pieces(values):
            found = found.merged(_of(piece))
        return found

    def merged(self, other: Moments) -> Moments:
        """Return the moments of all numbers of both."""
        if not self.count or not other.count:
            return self if self.count else other
        a, b = self.count, other.count
        n = a + b
        d = other.mean - self.mean
        second = self.second + other.second + d**2 * a * b / n
        third = (
            self.third
            + other.third
            + d**3 * a * b * (a - b) / n**2
            + 3 * d * (a * other.second - b * self.second) / n
        )
        fourth = (
            self.fourth
            + other.fourth
            + d**4 * a * b * (a * a - a * b + b * b) / n**3
            + 6 * d**2 * (a * a * other.second + b * b * self.second) / n**2
            + 4 * d * (a * other.third - b * self.third) / n
        )
        return Moments(n, self.mean + d * b / n, second, third, fourth)


def _of(values: NDArray[np.float64]) -> Moments:
    mean = float(values.mean())
    values -= mean
    squares = values * values
    return Moments(
        len(values),
        mean,
        float(squares.sum()),
        float(squares @ values),
        float(squares @ squares),
    )


def kurtosis(seen: Moments, counted: str) -> Figure:
    """Return the fourth standardized moment: 3 for a normal distribution, 1 at the least."""
    if not seen.count:
        return Figure(None, 0, counted, f"no {counted}")
    if not seen.second > (NOTHING * seen.mean) ** 2 * seen.count:
        return Figure(None, seen.count, counted, f"all {counted} are the same")
    return figure(seen.count * seen.fourth / seen.second**2, seen.count, counted)
