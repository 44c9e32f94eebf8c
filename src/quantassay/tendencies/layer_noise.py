"""How far two streams of arrays differ, as signal to noise in decibels."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import numpy as np
from numpy.typing import NDArray

from .figure import Figure, figure
from .pieces import pieces


@dataclass(frozen=True, slots=True)
class Noise:
    """Sums of squares of a signal and of what was added to it; those of parts merge by addition."""

    count: int = 0
    signal: float = 0.0
    noise: float = 0.0
    wrong: int = 0

    @staticmethod
    def between(reference: NDArray[np.generic], candidate: NDArray[np.generic]) -> Noise:
        """Compare one batch of the reference's numbers with the candidate's.

        Raises
        ------
        ValueError
            If their shapes differ.
        """
        if reference.shape != candidate.shape:
            msg = f"shape {candidate.shape} instead of {reference.shape}"
            raise ValueError(msg)
        found = Noise()
        for signal, noisy in pieces(reference, candidate):
            found = found.merged(_between(signal, noisy))
        return found

    def merged(self, other: Noise) -> Noise:
        """Return the sums over both."""
        return Noise(
            self.count + other.count,
            self.signal + other.signal,
            self.noise + other.noise,
            self.wrong + other.wrong,
        )


def _between(signal: NDArray[np.float64], noisy: NDArray[np.float64]) -> Noise:
    wrong = int(signal.size - (np.isfinite(signal) & np.isfinite(noisy)).sum())
    if wrong:
        return Noise(signal.size, wrong=wrong)
    noise = noisy - signal
    return Noise(signal.size, float(signal @ signal), float(noise @ noise))


def decibels(seen: Noise, counted: str = "values") -> Figure:
    """Return 10 log10 of signal over noise; undefined where either is zero throughout."""
    n = seen.count
    if seen.wrong:
        return Figure(None, n, counted, f"{seen.wrong:,} {counted} are NaN or infinite")
    if not n:
        return Figure(None, 0, counted, f"no {counted}")
    if not seen.signal > 0:
        return Figure(None, n, counted, "the reference is zero throughout")
    if not seen.noise > 0:
        return Figure(None, n, counted, "no difference at all")
    return figure(10 * log10(seen.signal / seen.noise), n, counted)
