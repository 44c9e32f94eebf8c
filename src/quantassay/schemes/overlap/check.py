"""Calibration samples that stand in the test set too, or nearly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .images import Pictures, pictured
from .numbers import Directions, SameValues
from .texts import Shingles

Feeds = Mapping[str, NDArray[Any]]
EXACT_ONLY = "exact content only"


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


class Nearness(Protocol):
    """Compares samples with those that calibrate; ``compared`` says how."""

    compared: str

    def close(self, feeds: Feeds) -> NDArray[np.bool_]:
        """Return which samples are close to one that calibrates."""
        ...


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
    What is close depends on what is fed: `Pictures` for a single image of at least 16 x 16,
    `Shingles` for texts, `Directions` for other floats and `SameValues` for other whole numbers.
    Nothing is sampled: every pair is compared.
    """
    codes = _joined(calibration)
    known = {row.tobytes() for row in codes}
    nearness = nearness_of(calibration)
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
    if nearness is None:
        return Overlap(shared, tuple(exact), None, (), EXACT_ONLY)
    return Overlap(shared, tuple(exact), len(near), tuple(near), nearness.compared)


def shared_rows(
    calibration: Iterable[Feeds], test: Iterable[tuple[int, Feeds]]
) -> tuple[int, tuple[int, ...]]:
    """Return how many calibration samples the test set holds too, and its rows that they are.

    Both are read batch by batch: of a calibration sample 16 bytes are kept.
    """
    known = [row for feeds in calibration for row in _hashed(feeds)]
    wanted, found, rows = set(known), set[bytes](), list[int]()
    for start, feeds in test:
        for at, row in enumerate(_hashed(feeds), start):
            if row in wanted:
                found.add(row)
                rows.append(at)
    return sum(row in found for row in known), tuple(rows)


def _hashed(feeds: Feeds) -> list[bytes]:
    return [blake2b(row.tobytes(), digest_size=16).digest() for row in _joined(feeds)]


def nearness_of(calibration: Feeds) -> Nearness | None:
    """Return what compares samples like these; None where nothing does."""
    kinds = {array.dtype.kind for array in calibration.values()}
    positions = sum(array[:1].size for array in calibration.values())
    if kinds <= set("OUS"):
        return Shingles(calibration)
    if not kinds <= set("biuf") or positions < 2:
        return None
    if pictured(calibration):
        return Pictures(calibration)
    return Directions(calibration) if kinds <= set("f") else SameValues(calibration)


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
