"""What one layer alone does to the answers of a model, and how layers share that out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .figure import Figure, figure

SAMPLES, LAYERS = "samples", "layers"
QUIET = "no layer alone makes any difference"


def changed(reference: NDArray[np.generic], candidate: NDArray[np.generic]) -> Figure:
    """Return the share of samples whose answer is another one (0 to 1).

    Parameters
    ----------
    reference, candidate : ndarray (n,)
        Answers to the same samples, in the same order.
    """
    n = len(reference)
    if not n:
        return Figure(None, 0, SAMPLES, "no samples")
    return figure(float(np.mean(reference != candidate)), n, SAMPLES)


def loudness(found: Figure) -> Figure:
    """Return noise to signal in decibels, of signal to noise: high where there is much noise."""
    return found if found.value is None else replace(found, value=-found.value)


def concentration(found: Mapping[str, Figure]) -> Figure:
    """Return the noisiest layer's share of the noise that layers make one at a time (0 to 1).

    Parameters
    ----------
    found : mapping of str to Figure
        Signal to noise in decibels, by layer; those without any noise count as none.
    """
    noise = _powers(found)
    if not len(noise):
        return Figure(None, 0, LAYERS, QUIET if found else "no layer was looked at")
    return figure(float(noise.max() / noise.sum()), len(noise), LAYERS)


def _powers(found: Mapping[str, Figure]) -> NDArray[np.float64]:
    """Return noise over signal of each layer that makes any."""
    decibels = [one.value for one in found.values() if one.value is not None]
    powers: NDArray[np.float64] = 10.0 ** (-np.array(decibels, np.float64) / 10)
    return powers
