"""What a paired comparison says of one cell, whatever the metric."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .arrays import Floats


@dataclass(frozen=True)
class Paired:
    """Loss of one or more cells, each judged alone (no multiplicity).

    Attributes
    ----------
    estimate
        Observed loss; NaN where undefined.
    interval
        Low and high end of the loss, each one-sided at (1 - confidence) / 2.
    p_within
        p of the hypothesis that the loss is the margin or more; small lets the cell pass.
    p_beyond
        p of the hypothesis that the loss is the margin or less; small makes the cell fail.
    n
        Pairs.
    floor
        Least n at which a pass is possible.
    verdict
        ``pass``, ``fail``, ``inconclusive`` or ``insufficient``: a string for one cell, an array
        of strings for several.
    """

    estimate: Floats
    interval: tuple[Floats, Floats]
    p_within: Floats
    p_beyond: Floats
    n: Floats
    floor: Floats
    verdict: str | NDArray[np.str_]


def judged(
    n: Floats, floor: Floats, interval: tuple[Floats, Floats], margin: Floats
) -> str | NDArray[np.str_]:
    """Judge by the interval: fail first, whatever n; the floor only ever blocks a pass."""
    low, high = interval
    undefined = np.isnan(low) | np.isnan(high) | np.isnan(margin)
    verdict = np.select(
        [undefined, low > margin, n < floor, high < margin],
        ["insufficient", "fail", "insufficient", "pass"],
        "inconclusive",
    )
    return str(verdict) if verdict.ndim == 0 else verdict
