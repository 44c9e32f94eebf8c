"""Positions of a batch that only fill it up: what a model makes of them never comes out of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..asking import Feeds

MASK = "attention_mask"


def unpadded(values: NDArray[Any], feeds: Feeds) -> NDArray[Any]:
    """Return the positions (positions, ...) of a tensor that the attention mask does not leave out.

    A tensor whose first dimensions are not those of the mask, (samples, positions), is returned
    whole, and so is every tensor of a model that takes no such mask.
    """
    mask = feeds.get(MASK)
    if mask is None or np.ndim(mask) != 2 or values.shape[:2] != mask.shape:
        return values
    kept: NDArray[Any] = values[np.asarray(mask) != 0]
    return kept
