"""One pass of a model over ordered batches: resumable, and no slower than a bare loop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import UserCodeError, nearest

from .cache import OutputCache

Feeds = Mapping[str, NDArray[Any]]
FLUSH_SECONDS = 2.0


def predict(
    run: Callable[[Feeds], Mapping[str, NDArray[Any]]],
    batches: Callable[[int], Iterable[tuple[int, Feeds]]],
    n: int,
    output: str | None = None,
    cache: OutputCache | None = None,
    progress: Callable[[int], object] | None = None,
) -> NDArray[Any]:
    """Run every batch and return the outputs of all samples.

    Parameters
    ----------
    run
        A session's ``run``: inputs by name to outputs by name.
    batches
        Yields (first row, inputs) in data order, from a given row on.
    n
        How many samples are asked for; more may be kept from earlier.
    output
        Which output; the first by default.
    cache
        Where finished parts are kept and looked up.
    progress
        Told how many samples are done after each batch.

    Returns
    -------
    numpy.ndarray
        Outputs (n, ...), in data order.

    Raises
    ------
    UserCodeError
        If there is no such output, or it is not one row of the same kind for each sample.
    """
    parts = _Parts(cache, n)
    if progress and parts.rows:
        progress(parts.rows)
    try:
        for start, feeds in batches(parts.rows) if parts.rows < n else ():
            parts.add(*_chosen(run(feeds), output), start, len(next(iter(feeds.values()))))
            if progress:
                progress(parts.rows)
    finally:
        # whatever stopped it, what was measured is kept
        parts.flush()
    return parts.whole(n)


class _Parts:
    """Outputs so far: whole parts, and rows that are not yet kept."""

    def __init__(self, cache: OutputCache | None, most: int) -> None:
        self._cache = cache
        self._kept = _first(cache.load(), most) if cache else []
        self._pending: list[NDArray[Any]] = []
        self.rows = sum(len(part) for part in self._kept)
        self._like = self._kept[0][:1] if self._kept else None
        self._flushed = time.monotonic()

    def add(self, name: str, rows: Any, start: int, wanted: int) -> None:
        """Take in the rows of one batch."""
        if self._like is None or not _same_kind(rows, self._like, wanted):
            self._like = _checked(name, rows, self._like, start, wanted)
        self._pending.append(rows if rows.dtype != object else rows.astype(np.str_))
        self.rows += wanted
        if self._cache and time.monotonic() - self._flushed > FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Keep what is pending."""
        if not self._pending:
            return
        rows, self._pending = np.concatenate(self._pending), []
        self._kept.append(rows)
        if self._cache:
            self._cache.append(self.rows - len(rows), rows)
        self._flushed = time.monotonic()

    def whole(self, n: int) -> NDArray[Any]:
        """Return all rows."""
        if self.rows != n:
            msg = f"{self.rows} of {n} samples were answered: the data changed during the run"
            raise UserCodeError(msg)
        return np.concatenate(self._kept) if len(self._kept) > 1 else self._kept[0]


def _first(parts: list[NDArray[Any]], rows: int) -> list[NDArray[Any]]:
    """Keep the first rows of all parts."""
    found = []
    for part in parts:
        if rows <= 0:
            break
        found.append(part[:rows])
        rows -= len(part)
    return found


def _chosen(outputs: Mapping[str, NDArray[Any]], output: str | None) -> tuple[str, NDArray[Any]]:
    if output is None:
        return next(iter(outputs.items()))
    if output not in outputs:
        close = nearest(output, outputs)
        msg = f"the model has no output {output!r}{close}; it has {', '.join(outputs)}"
        raise UserCodeError(msg)
    return output, outputs[output]


def _same_kind(rows: Any, like: NDArray[Any], wanted: int) -> bool:
    return (
        isinstance(rows, np.ndarray)
        and rows.shape == (wanted, *like.shape[1:])
        and rows.dtype == like.dtype
    )


def _checked(
    name: str, rows: Any, like: NDArray[Any] | None, start: int, wanted: int
) -> NDArray[Any]:
    """Return what later batches must look like; raise UserCodeError for what cannot be."""
    where = f"output {name!r} for samples {start} to {start + wanted - 1}"
    if not isinstance(rows, np.ndarray):
        msg = f"{where} is a {type(rows).__name__}, not a tensor; name another output in 'outputs'"
        raise UserCodeError(msg)
    if rows.ndim == 0 or len(rows) != wanted:
        msg = f"{where} has shape {rows.shape}; expected {wanted} rows, one for each sample"
        raise UserCodeError(msg)
    if like is None:
        return rows[:1]
    if rows.shape[1:] != like.shape[1:] or (rows.dtype.kind in "OUS") != (like.dtype.kind in "OUS"):
        msg = (
            f"{where} has shape {rows.shape} of {rows.dtype}, earlier ones "
            f"{('n', *like.shape[1:])} of {like.dtype}; every batch must give the same"
        )
        raise UserCodeError(msg)
    return like
