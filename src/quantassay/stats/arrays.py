"""Types and checks shared by every method: arrays in, arrays out, scalars stay scalars."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]


def floats(*values: ArrayLike) -> tuple[Floats, ...]:
    """Broadcast values against each other as float64 arrays."""
    return tuple(np.broadcast_arrays(*(np.asarray(value, np.float64) for value in values)))


def scalar(values: Any) -> Floats:
    """Return an array as it is, and an array without dimensions as a float64 scalar."""
    return cast(Floats, np.asarray(values)[()])


def check_alpha(alpha: ArrayLike) -> Floats:
    """Return one-sided levels; ValueError outside (0, .5]."""
    levels = np.asarray(alpha, np.float64)
    if not np.all((levels > 0) & (levels <= 0.5)):
        msg = f"a one-sided level lies in (0, .5]: {alpha!r}"
        raise ValueError(msg)
    return levels


def check_confidence(confidence: float) -> float:
    """Return the one-sided level of a two-sided confidence; ValueError outside (0, 1)."""
    if not 0 < confidence < 1:
        msg = f"a confidence lies in (0, 1): {confidence}"
        raise ValueError(msg)
    return (1 - confidence) / 2


def check_margin(margin: ArrayLike) -> Floats:
    """Return margins; ValueError where one is zero, negative or infinite (NaN: no margin)."""
    margins = np.asarray(margin, np.float64)
    if np.any((margins <= 0) | np.isinf(margins)):
        msg = f"a margin is positive and finite: {margin!r}"
        raise ValueError(msg)
    return margins


def check_cap(cap: ArrayLike) -> Floats:
    """Return caps; ValueError unless they are positive and finite."""
    caps = np.asarray(cap, np.float64)
    if not np.all((caps > 0) & np.isfinite(caps)):
        msg = f"a cap is positive and finite: {cap!r}"
        raise ValueError(msg)
    return caps


def check_power(power: ArrayLike) -> Floats:
    """Return probabilities of a pass; ValueError outside (0, 1)."""
    values = np.asarray(power, np.float64)
    if not np.all((values > 0) & (values < 1)):
        msg = f"power lies in (0, 1): {power!r}"
        raise ValueError(msg)
    return values


def check_counts(losses: ArrayLike, gains: ArrayLike, n: ArrayLike) -> tuple[Floats, ...]:
    """Broadcast counts of a paired binary table; ValueError unless they fit in one another."""
    b, c, size = floats(losses, gains, n)
    whole = (b == np.floor(b)) & (c == np.floor(c)) & (size == np.floor(size))
    if not np.all(whole & (b >= 0) & (c >= 0) & (b + c <= size) & np.isfinite(size)):
        msg = "losses, gains and n are whole numbers with 0 <= losses + gains <= n"
        raise ValueError(msg)
    return b, c, size
