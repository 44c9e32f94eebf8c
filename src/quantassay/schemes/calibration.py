"""Which samples set the ranges: drawn with a seed, hashed, and kept apart from the test set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .overlap.check import Overlap, check_overlap, shared_rows


def draw(
    available: int, samples: int | None, seed: int, strata_codes: NDArray[np.intp] | None = None
) -> NDArray[np.intp]:
    """Draw samples without replacement.

    Parameters
    ----------
    available : int
        How many there are.
    samples : int or None
        How many to draw; all of them for None.
    seed : int
        The same seed draws the same samples.
    strata_codes : ndarray of int, (available,), optional
        Stratum of each sample, negative for none. As many are drawn from each stratum, and all
        of a stratum that has fewer; samples of no stratum count as a stratum of their own.

    Returns
    -------
    ndarray of int, rising

    Raises
    ------
    DataError
        If more are asked for than there are, or none.
    """
    wanted = available if samples is None else samples
    if not 0 < wanted <= available:
        msg = f"calibration asks for {wanted} samples; there are {available}"
        raise DataError(msg)
    random = np.random.default_rng(seed)
    return _least_used(np.zeros(available, np.intp), wanted, random, strata_codes)


def draw_apart(
    available: int,
    samples: int,
    draws: int,
    seed: int | Sequence[int],
    strata_codes: NDArray[np.intp] | None = None,
) -> list[NDArray[np.intp]]:
    """Draw several times, each time those first that were drawn least.

    No sample stands in two draws as long as there are enough: see `shared_by`.

    Parameters
    ----------
    available, samples, seed, strata_codes
        As for `draw`, of each.
    draws : int
        How many draws.

    Raises
    ------
    DataError
        If a draw asks for more than there are, or none.
    """
    if not 0 < samples <= available:
        msg = f"a draw asks for {samples} samples; there are {available}"
        raise DataError(msg)
    random, used, found = np.random.default_rng(seed), np.zeros(available, np.intp), []
    for _ in range(draws):
        chosen = _least_used(used, samples, random, strata_codes)
        used[chosen] += 1
        found.append(chosen)
    return found


def shared_by(draws: Sequence[NDArray[np.intp]]) -> float:
    """Return the share of its samples that a draw has in common with another, over all pairs."""
    used = np.bincount(np.concatenate(draws))
    pairs = len(draws) * (len(draws) - 1)
    return float((used * (used - 1)).sum() / (pairs * len(draws[0]))) if pairs else 0.0


def _least_used(
    used: NDArray[np.intp],
    wanted: int,
    random: np.random.Generator,
    strata_codes: NDArray[np.intp] | None,
) -> NDArray[np.intp]:
    """Draw in random order, least used first; as many from each stratum where there are any."""
    order = random.permutation(len(used))
    order = order[np.argsort(used[order], kind="stable")]
    if strata_codes is None:
        return np.sort(order[:wanted])
    _, codes, sizes = np.unique(strata_codes, return_inverse=True, return_counts=True)
    order = order[np.argsort(codes[order], kind="stable")]
    rank = np.arange(len(used)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    taken = rank < np.repeat(_shares(sizes, wanted), sizes)
    return np.sort(order[taken])


def _shares(sizes: NDArray[np.intp], wanted: int) -> NDArray[np.intp]:
    """Share out equally, as far as each stratum reaches; the first take what is left over."""
    low, high = 0, int(sizes.max())
    while low < high:
        level = (low + high + 1) // 2
        if int(np.minimum(sizes, level).sum()) <= wanted:
            low = level
        else:
            high = level - 1
    shares = np.minimum(sizes, low)
    more = np.flatnonzero(sizes > shares)[: wanted - int(shares.sum())]
    shares[more] += 1
    return shares


def digest(feeds: Mapping[str, NDArray[Any]]) -> str:
    """Return the SHA-256 of what calibrates: names, types, shapes, values and order.

    Parameters
    ----------
    feeds : mapping of str to ndarray, each (samples, ...)
    """
    whole = sha256()
    for name in sorted(feeds):
        array = feeds[name]
        whole.update(f"{name}\0{array.dtype.str}\0{array.shape}\0".encode())
        if array.dtype.kind in "OU":
            texts = [str(value).encode() for value in array.ravel().tolist()]
            whole.update(b"".join(len(text).to_bytes(8) + text for text in texts))
        else:
            whole.update(np.ascontiguousarray(array).data)
    return f"sha256:{whole.hexdigest()}"


__all__ = ["Overlap", "check_overlap", "digest", "draw", "draw_apart", "shared_by", "shared_rows"]
