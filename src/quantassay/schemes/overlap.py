"""Calibration samples that stand in the test set too, or nearly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

Feeds = Mapping[str, NDArray[Any]]

COSINE = 0.9995
EQUAL = 0.98
PROBE = 256
CELLS = 1 << 22


@dataclass(frozen=True)
class Overlap:
    """What a calibration set shares with a test set.

    ``exact`` counts calibration samples that the test set holds too, and ``exact_rows`` are the
    rows of the test set that do; ``near`` counts test samples that are close to a calibration
    sample but not equal to it, None where nothing could be compared; ``compared`` says how.
    """

    exact: int
    exact_rows: tuple[int, ...]
    near: int | None
    near_rows: tuple[int, ...]
    compared: str


def check_overlap(calibration: Feeds, test: Iterable[tuple[int, Feeds]]) -> Overlap:
    """Compare calibration samples with a test set, batch by batch, in bounded memory.

    Parameters
    ----------
    calibration : mapping of str to ndarray, each (samples, ...)
        What the calibration samples feed the model.
    test : iterable of (first row, mapping)
        What the test set feeds the model.

    Notes
    -----
    Close means, for floats, a cosine above .9995; for whole numbers, the same value in at least
    98 % of positions. Nothing is sampled: every pair is compared.
    """
    codes = _joined(calibration)
    known = {row.tobytes(): at for at, row in enumerate(codes)}
    kind, nearness = _nearness(calibration)
    found: set[bytes] = set()
    exact: list[int] = []
    near: list[int] = []
    for start, feeds in test:
        rows = [row.tobytes() for row in _joined(feeds)]
        same = np.array([row in known for row in rows])
        found.update(row for row in rows if row in known)
        exact.extend((start + np.flatnonzero(same)).tolist())
        if nearness is not None:
            close = nearness.close(feeds) & ~same
            near.extend((start + np.flatnonzero(close)).tolist())
    shared = sum(row.tobytes() in found for row in codes)
    return Overlap(shared, tuple(exact), None if nearness is None else len(near), tuple(near), kind)


def _joined(feeds: Feeds) -> NDArray[np.uint8]:
    """Put the bytes of each sample side by side, (rows, bytes)."""
    parts = [_bytes(feeds[name]) for name in sorted(feeds)]
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)


def _bytes(array: NDArray[Any]) -> NDArray[np.uint8]:
    if array.dtype.kind in "OU":
        rows = (repr(row).encode() for row in array.tolist())
        hashed = b"".join(blake2b(row, digest_size=16).digest() for row in rows)
        return np.frombuffer(hashed, np.uint8).reshape(len(array), 16)
    return np.ascontiguousarray(array).reshape(len(array), -1).view(np.uint8)


class _Cosine:
    """Close where the cosine of all floating inputs, laid side by side, is above .9995."""

    def __init__(self, calibration: Feeds) -> None:
        self._known = self._directions(calibration)

    @staticmethod
    def _directions(feeds: Feeds) -> NDArray[np.float32]:
        flat = [feeds[name].reshape(len(feeds[name]), -1) for name in sorted(feeds)]
        values = np.concatenate(flat, axis=1).astype(np.float32)
        norms = np.linalg.norm(values, axis=1, keepdims=True)
        unit: NDArray[np.float32] = np.divide(
            values, norms, out=np.zeros_like(values), where=norms > 0
        )
        return unit

    def close(self, feeds: Feeds) -> NDArray[np.bool_]:
        directions = self._directions(feeds)
        close = np.zeros(len(directions), np.bool_)
        step = max(1, CELLS // max(1, len(directions)))
        for start in range(0, len(self._known), step):
            close |= (directions @ self._known[start : start + step].T > COSINE).any(axis=1)
        return close


class _Equality:
    """Close where at least 98 % of positions hold the same value.

    Pairs are first compared at the 256 positions that vary most among the calibration samples:
    more differences there than 2 % of all positions rule a pair out for certain. Only the others
    are compared in full.
    """

    def __init__(self, calibration: Feeds) -> None:
        self._known = self._laid(calibration)
        positions = self._known.shape[1]
        self._allowed = int(np.floor((1 - EQUAL) * positions))
        variety = (np.diff(np.sort(self._known, axis=0), axis=0) != 0).sum(axis=0)
        self._probe = np.sort(np.argsort(-variety, kind="stable")[:PROBE])

    @staticmethod
    def _laid(feeds: Feeds) -> NDArray[Any]:
        flat = [feeds[name].reshape(len(feeds[name]), -1) for name in sorted(feeds)]
        return flat[0] if len(flat) == 1 else np.concatenate(flat, axis=1)

    def close(self, feeds: Feeds) -> NDArray[np.bool_]:
        rows = self._laid(feeds)
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


def _nearness(calibration: Feeds) -> tuple[str, _Cosine | _Equality | None]:
    kinds = {array.dtype.kind for array in calibration.values()}
    positions = sum(array[:1].size for array in calibration.values())
    if kinds <= set("f") and positions > 1:
        return f"cosine above {COSINE} over {positions} values", _Cosine(calibration)
    if kinds <= set("biuf") and positions > 1:
        return f"at least {EQUAL:.0%} of {positions} values equal", _Equality(calibration)
    return "exact content only", None
