"""Images that are nearly the same: encoded again, resized, brighter, or cropped by a little."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Feeds = Mapping[str, NDArray[Any]]
Floats = NDArray[np.float32]

CORRELATION, COARSE = 0.98, 0.95
LEAST, GRID, SIDE = 16, 32, 16
CROPS = (1 / 32, 2 / 32, 3 / 32)
CHANNELS = (1, 3, 4)
CELLS, PAIRS = 1 << 22, 1 << 16


class Pictures:
    """Close where 16 x 16 grey thumbnails correlate above .98, one of them cropped or neither.

    Crops are of 1/32, 2/32 and 3/32 from each edge in turn, and from all. A correlation is the same
    for a brighter or flatter copy. Difference hashes of 64 bits were tried and refused: half of the
    distinct images of MNIST agree in all but 4 bits.
    """

    def __init__(self, calibration: Feeds) -> None:
        (images,) = calibration.values()
        self._known = list(_thumbnails(images))
        self.compared = f"grey thumbnails correlate above {CORRELATION}, cropped or not"

    def close(self, feeds: Feeds) -> NDArray[np.bool_]:
        """Return which samples are close to one that calibrates."""
        (images,) = feeds.values()
        whole, *cropped = _thumbnails(images)
        close = np.zeros(len(images), np.bool_)
        for known in self._known:
            whole.mark(close, known)
        for crop in cropped:
            crop.mark(close, self._known[0])
        return close


def pictured(feeds: Feeds) -> bool:
    """Return whether samples are single images of at least 16 x 16 numbers."""
    shapes = [array.shape for array in feeds.values() if array.dtype.kind in "uif"]
    return len(feeds) == len(shapes) == 1 and _plane(shapes[0]) is not None


def _plane(shape: tuple[int, ...]) -> tuple[int, int] | None:
    """Return the axes of height and width; None where there are none."""
    axes = {3: (1, 2)}.get(len(shape))
    if len(shape) == 4:
        axes = (2, 3) if shape[1] in CHANNELS else (1, 2) if shape[3] in CHANNELS else None
    return axes if axes and min(shape[axis] for axis in axes) >= LEAST else None


@dataclass(frozen=True)
class _Thumbnails:
    """Directions of 8 x 8 and 16 x 16 thumbnails (n, 64) and (n, 256)."""

    coarse: Floats
    fine: Floats

    def mark(self, close: NDArray[np.bool_], known: _Thumbnails) -> None:
        """Mark what is close to a known one; what differs coarsely is not looked at closely."""
        step = max(1, CELLS // max(1, len(close)))
        for start in range(0, len(known.coarse), step):
            likely = self.coarse @ known.coarse[start : start + step].T > COARSE
            rows, others = np.nonzero(likely & ~close[:, None])
            for part in range(0, len(rows), PAIRS):
                mine, theirs = rows[part : part + PAIRS], others[part : part + PAIRS] + start
                alike = (self.fine[mine] * known.fine[theirs]).sum(axis=1)
                close[mine[alike > CORRELATION]] = True


def _thumbnails(images: NDArray[Any]) -> Iterator[_Thumbnails]:
    """Yield those of the whole images first, then of their crops."""
    grey = _grey(images)
    yield _cut(grey, 0, 0, 0, 0)
    for edge in CROPS:
        for top, bottom, left, right in (*np.eye(4), np.ones(4)):
            yield _cut(grey, top * edge, bottom * edge, left * edge, right * edge)


def _cut(grey: Floats, top: float, bottom: float, left: float, right: float) -> _Thumbnails:
    height = _averaging(grey.shape[1], SIDE, top, bottom)
    width = _averaging(grey.shape[2], SIDE, left, right)
    fine = _reduced(grey, height, width)
    half = SIDE // 2
    coarse = fine.reshape(len(fine), half, 2, half, 2).mean(axis=(2, 4))
    return _Thumbnails(_directions(coarse), _directions(fine))


def _grey(images: NDArray[Any]) -> Floats:
    """Return grey images of at most 32 x 32 (n, h, w)."""
    axes = _plane(images.shape)
    assert axes is not None
    colours = np.moveaxis(images, sum({1, 2, 3} - set(axes)), 0) if images.ndim == 4 else [images]
    # one colour after the other: much quicker than a mean over a short axis
    grey = sum((colour.astype(np.float32) for colour in colours[1:]), colours[0].astype(np.float32))
    height, width = (_averaging(size, min(size, GRID), 0, 0) for size in grey.shape[1:])
    return grey if max(grey.shape[1:]) <= GRID else _reduced(grey, height, width)


def _directions(thumbnails: Floats) -> Floats:
    flat = thumbnails.reshape(len(thumbnails), -1)
    centred = flat - flat.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(centred, axis=1, keepdims=True)
    # what an image of one colour leaves is rounding, which correlates with anything
    plain = norms <= 1e-5 * np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(np.where(plain, 0, centred / np.where(plain, 1, norms)), np.float32)


def _reduced(grey: Floats, height: Floats, width: Floats) -> Floats:
    """Return ``height @ grey @ width.T`` of every image, by two large products: far quicker."""
    n, tall, wide = grey.shape
    across = (grey.reshape(n * tall, wide) @ width.T).reshape(n, tall, len(width))
    down = np.ascontiguousarray(across.transpose(0, 2, 1)).reshape(-1, tall) @ height.T
    return np.asarray(down.reshape(n, len(width), len(height)).transpose(0, 2, 1))


@lru_cache(maxsize=64)
def _averaging(size: int, into: int, before: float, after: float) -> Floats:
    """Return the matrix (into, size) that averages a side, cut at both ends, over equal cells."""
    edges = np.linspace(before * size, size - after * size, into + 1)
    pixels = np.arange(size)
    shared = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    weights = np.maximum(shared, 0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)
