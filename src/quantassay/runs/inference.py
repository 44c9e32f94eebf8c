"""One pass of a model over ordered batches: resumable, and no slower than a bare loop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import UserCodeError

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
        How many samples there are.
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
    """
    parts = cache.load() if cache else []
    done = sum(len(part) for part in parts)
    pending: list[NDArray[Any]] = []
    if progress and done:
        progress(done)
    flushed = time.monotonic()
    for start, feeds in batches(done) if done < n else ():
        rows = _chosen(run(feeds), output)
        pending.append(rows)
        if progress:
            progress(start + len(rows))
        if cache and time.monotonic() - flushed > FLUSH_SECONDS:
            parts.append(_flush(cache, pending, start + len(rows)))
            pending, flushed = [], time.monotonic()
    if pending:
        last = np.concatenate(pending)
        parts.append(last)
        if cache:
            cache.append(n - len(last), last)
    return np.concatenate(parts) if len(parts) > 1 else parts[0]


def _chosen(outputs: Mapping[str, NDArray[Any]], output: str | None) -> NDArray[Any]:
    if output is None:
        return next(iter(outputs.values()))
    if output not in outputs:
        msg = f"the model has no output {output!r}; it has {', '.join(outputs)}"
        raise UserCodeError(msg)
    return outputs[output]


def _flush(cache: OutputCache, pending: list[NDArray[Any]], stop: int) -> NDArray[Any]:
    rows = np.concatenate(pending)
    cache.append(stop - len(rows), rows)
    return rows
