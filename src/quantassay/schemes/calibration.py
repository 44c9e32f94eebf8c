"""Which samples set the ranges: drawn with a seed, hashed, and kept apart from the test set."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .overlap import Overlap, check_overlap


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
    if strata_codes is None:
        return np.sort(random.permutation(available)[:wanted])
    _, codes, sizes = np.unique(strata_codes, return_inverse=True, return_counts=True)
    order = random.permutation(available)
    order = order[np.argsort(codes[order], kind="stable")]
    rank = np.arange(available) - np.repeat(np.cumsum(sizes) - sizes, sizes)
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


__all__ = ["Overlap", "check_overlap", "digest", "draw"]
