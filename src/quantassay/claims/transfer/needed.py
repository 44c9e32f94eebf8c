"""How many samples would settle a reading at a mix."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from scipy import special

from quantassay.records.transfer import Reweighted

from .mix import APART, figures

POWER = 0.9
# below this no number of samples is worth naming
SMALLEST = 1e-7


def needed_at_mix(found: Reweighted, confidence: float) -> Mapping[str, int] | None:
    """Return about how many samples of each stratum would bring the interval below the margin.

    At the loss observed, with power .9; the width of each stratum's interval is taken to fall as
    the root of its samples, which are shared out so that there are fewest (Neyman, 1934, Journal of
    the Royal Statistical Society 97:558) where strata are independent, and in proportion to what
    is there where they are not. None where the loss is not below the margin.
    """
    if found.margin is None or found.loss is None or found.loss >= found.margin:
        return None
    used = [one for one in found.strata if one.share > 0]
    loss, (_, high), shares = figures(found)
    z = float(-special.ndtri((1 - confidence) / 2))
    slack = (found.margin - found.loss) / (1 + float(special.ndtri(POWER)) / z)
    n = np.array([one.n for one in used], np.float64)
    if slack < SMALLEST:
        return None
    reach = shares * (high - loss)
    if found.method == APART:
        spread = reach * np.sqrt(n)
        wanted = spread * spread.sum() / slack**2
    else:
        wanted = n * (reach.sum() / slack) ** 2
    if not np.isfinite(wanted).all() or wanted.max() > 1e12:
        return None
    return {one.value: math.ceil(size) for one, size in zip(used, wanted, strict=True)}
