"""Arrays of any size, looked at in stretches, so that what is computed of them stays small."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

PIECE = 1 << 20  # numbers


def pieces(*arrays: NDArray[np.generic]) -> Iterator[tuple[NDArray[np.float64], ...]]:
    """Yield the same stretch of each array in double precision, copied.

    Parameters
    ----------
    *arrays : ndarray
        Of the same number of elements, in any shape; read in C order.
    """
    flat = [array.reshape(-1) for array in arrays]
    for start in range(0, flat[0].size, PIECE):
        yield tuple(one[start : start + PIECE].astype(np.float64) for one in flat)
