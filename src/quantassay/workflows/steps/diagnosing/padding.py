"""Positions of a batch that only fill it up: what a model makes of them never comes out of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..asking import Feeds

MASK = "attention_mask"
Rows = NDArray[np.intp]


def unpadded(values: NDArray[Any], feeds: Feeds) -> NDArray[Any]:
    """Return the positions (positions, ...) of a tensor that the attention mask does not leave out.

    A tensor is returned whole where its first dimensions are not those of the mask, (samples,
    positions), nor both in one, or there is no dimension beside them; and so is every tensor of a
    model that takes no such mask.
    """
    return owned(values, feeds)[0]


def owned(values: NDArray[Any], feeds: Feeds, axis: int = -1) -> tuple[NDArray[Any], Rows | None]:
    """Return the rows of a tensor that are no padding, and which sample of the batch each is of.

    Parameters
    ----------
    values
        The tensor of one batch.
    feeds
        What the model was given.
    axis
        Of the tensor's channels: rows are never cut across it.

    Returns
    -------
    tuple of ndarray
        As of `unpadded`; and (rows,) places in the batch, None where the first dimension is not
        that of the samples.
    """
    samples, mask = len(next(iter(feeds.values()))), feeds.get(MASK)
    dims, channels = values.shape, axis % max(values.ndim, 1)
    if mask is not None and np.ndim(mask) == 2:
        kept = np.asarray(mask).reshape(-1) != 0
        if values.ndim > 2 and dims[:2] == np.shape(mask) and channels > 1:
            values, dims = values.reshape(-1, *dims[2:]), (kept.size,)
        if values.ndim > 1 and dims[0] == kept.size and channels > 0:
            return values[kept], np.repeat(np.arange(samples), np.shape(mask)[1])[kept]
    return values, np.arange(samples) if dims[:1] == (samples,) else None
