"""Groups that stand out: one half of the samples finds them, the other half confirms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arrays import Floats
from .multiplicity import holm

_PRIME = np.uint64(0x100000001B3)
_SHIFT = np.uint64(33)
_FACTORS = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))


@dataclass(frozen=True)
class Discovered:
    """Groups that the first half found, and what the second half says of them.

    Attributes
    ----------
    found
        Positions of the found groups (f,), the largest loss first.
    p
        Their p-values in the second half, adjusted by Holm over the found ones (f,).
    """

    found: NDArray[np.intp]
    p: Floats


def halves(ids: ArrayLike, seed: int) -> NDArray[np.bool_]:
    """Split samples in two by a hash of their ids, whatever their order.

    Parameters
    ----------
    ids
        Names (n,), read as text; samples that belong together (clusters) share one.
    seed
        Another seed gives another split.

    Returns
    -------
    ndarray of bool
        True for the half that confirms (n,).

    Notes
    -----
    Fowler, Noll and Vo's FNV-1a over code points, with the finalizer of MurmurHash3.
    """
    text = np.ascontiguousarray(np.asarray(ids, np.str_))
    width = text.dtype.itemsize // 4
    letters = text.view(np.uint32).reshape(len(text), width).astype(np.uint64)
    start = np.uint64((0xCBF29CE484222325 + 0x9E3779B97F4A7C15 * (seed + 1)) % 2**64)
    hashed = np.full(len(text), start)
    for column in letters.T:
        hashed = np.where(column > 0, (hashed ^ column) * _PRIME, hashed)
    for factor in _FACTORS:
        hashed = (hashed ^ (hashed >> _SHIFT)) * factor
    return np.asarray((hashed >> np.uint64(40)) & np.uint64(1), bool)


def discover(loss: ArrayLike, p: ArrayLike, most: int = 5) -> Discovered:
    """Confirm in one half the groups with the largest losses of the other.

    Parameters
    ----------
    loss
        Loss of each group (k,) in the half that finds; NaN where it was not measured.
    p
        p of each group (k,) in the half that confirms, of the hypothesis that it loses nothing
        (or no more than a margin). Only those of the found groups count.
    most
        How many groups are found at most, declared beforehand.

    Returns
    -------
    Discovered
        Groups with a positive loss, with adjusted p-values: always exploratory, since the list of
        groups itself was not declared.

    Raises
    ------
    ValueError
        If shapes differ, ``most`` is below 1, or a p is outside [0, 1].

    Notes
    -----
    Cox, 1975, Biometrika 62:441, on splitting data to find and to confirm. The p-values hold
    whatever was done with the first half, as long as no sample of the second was looked at.
    """
    values, found_p = np.asarray(loss, np.float64), np.asarray(p, np.float64)
    if values.ndim != 1 or values.shape != found_p.shape or most < 1:
        msg = "every group has one loss and one p, and at least one is to be found"
        raise ValueError(msg)
    order = np.argsort(-np.nan_to_num(values, nan=-np.inf), kind="stable")[:most]
    found = order[values[order] > 0]
    return Discovered(found, holm(found_p[found]))
