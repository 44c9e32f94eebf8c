"""Weights of a layer with the smallest set to zero, or with noise added."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def pruned(values: Array, share: float) -> Array:
    """Return weights of which a share, those of smallest magnitude, are zero.

    Parameters
    ----------
    values : ndarray
        The weights of one layer, of any shape and floating type.
    share : float
        In (0, 1); of 1,000 weights and 0.3, 300 are zero afterwards. Of equal magnitudes, those
        that come first go first.
    """
    count = int(share * values.size + 1e-9)
    found = values.reshape(-1).copy()
    if count:
        exact = np.float64 if values.dtype == np.float64 else np.float32
        magnitude = np.abs(found).astype(exact, copy=False)
        limit = np.partition(magnitude, count - 1)[count - 1]
        below = magnitude < limit
        found[below] = 0
        found[np.flatnonzero(magnitude == limit)[: count - np.count_nonzero(below)]] = 0
    return found.reshape(values.shape)


def perturbed(values: Array, share: float, seed: int, layer: str) -> Array:
    """Return weights with normal noise, whose sd is a share of the weights' own.

    Parameters
    ----------
    values : ndarray
        The weights of one layer, of any shape and floating type; the type is kept.
    share : float
        Above 0.
    seed : int
        The same seed and layer make the same noise, whatever else is perturbed.
    layer : str
        Name of the layer.
    """
    own = sha256(layer.encode()).digest()
    random = np.random.default_rng([seed, *np.frombuffer(own, np.uint32).tolist()])
    noise = random.standard_normal(values.shape, np.float32)
    noise *= np.float32(share * float(np.std(values, dtype=np.float64)))
    noise += values
    return noise.astype(values.dtype, copy=False)
