"""Numeric samples that are nearly the same: the same direction, or almost every value equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Feeds = Mapping[str, NDArray[Any]]

COSINE = 0.9995
EQUAL = 0.98
PROBE = 256
CELLS = 1 << 22


class Directions:
    """Close where the cosine of all floating inputs, laid side by side, is above .9995."""

    def __init__(self, calibration: Feeds) -> None:
        self._known = self._directions(calibration)
        self.compared = f"cosine above {COSINE} over {self._known.shape[1]} values"

    @staticmethod
    def _directions(feeds: Feeds) -> NDArray[np.float32]:
        flat = [feeds[name].reshape(len(feeds[name]), -1) for name in sorted(feeds)]
        values = np.concatenate(flat, axis=1).astype(np.float32)
        norms = np.linalg.norm(values, axis=1, keepdims=True)
        told = (norms > 0) & np.isfinite(norms)  # what holds infinity has no direction
        unit: NDArray[np.float32] = np.divide(values, norms, out=np.zeros_like(values), where=told)
        return unit

    def close(self, feeds: Feeds) -> NDArray[np.bool_]:
        """Return which samples are close to one that calibrates."""
        directions = self._directions(feeds)
        if directions.shape[1] != self._known.shape[1]:
            return np.zeros(len(directions), np.bool_)
        close = np.zeros(len(directions), np.bool_)
        step = max(1, CELLS // max(1, len(directions)))
        for start in range(0, len(self._known), step):
            close |= (directions @ self._known[start : start + step].T > COSINE).any(axis=1)
        return close


class SameValues:
    """Close where at least 98 % of positions hold the same value.

    Pairs are first compared at the 256 positions that vary most among the calibration samples:
    more differences there than 2 % of all positions rule a pair out for certain. Only the others
    are compared in full.
    """

    def __init__(self, calibration: Feeds) -> None:
        self._known = self._laid(calibration)
        positions = self._known.shape[1]
        self.compared = f"at least {EQUAL:.0%} of {positions} values equal"
        self._allowed = int(np.floor((1 - EQUAL) * positions))
        variety = (np.diff(np.sort(self._known, axis=0), axis=0) != 0).sum(axis=0)
        self._probe = np.sort(np.argsort(-variety, kind="stable")[:PROBE])

    @staticmethod
    def _laid(feeds: Feeds) -> NDArray[Any]:
        flat = [feeds[name].reshape(len(feeds[name]), -1) for name in sorted(feeds)]
        return flat[0] if len(flat) == 1 else np.concatenate(flat, axis=1)

    def close(self, feeds: Feeds) -> NDArray[np.bool_]:
        """Return which samples are close to one that calibrates."""
        rows = self._laid(feeds)
        if rows.shape[1] != self._known.shape[1]:  # tokens, padded to another length
            return np.zeros(len(rows), np.bool_)
        probed, known = rows[:, self._probe], self._known[:, self._probe]
        close = np.zeros(len(rows), np.bool_)
        step = max(1, CELLS // max(1, len(rows) * len(self._probe)))
        for start in range(0, len(known), step):
            part = known[start : start + step]
            differ = (probed[:, None, :] != part[None, :, :]).sum(axis=2)
            left, right = np.nonzero(differ <= self._allowed)
            for row, other in zip(left.tolist(), (right + start).tolist(), strict=True):
                if not close[row]:
                    close[row] = (rows[row] != self._known[other]).sum() <= self._allowed
        return close
