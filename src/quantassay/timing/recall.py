"""Whether a variant answers again what it was asked before, instead of computing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import QuantassayError

from .contract import Feeds, Run, Workload

#: new queries that are asked, and the fewest that can tell
MOST, FEWEST = 8, 4
#: times as long as known ones that all new queries take, one of them excepted, to tell of memory
LONGER = 2.0
#: queries among which another of the same shape is looked for
NEAR = 64


def recall(
    run: Run, workload: Workload, seconds: float, clock: Callable[[], float] = perf_counter
) -> float | None:
    """Return how many times as long as known queries new ones take, where answers are remembered.

    Trials ask the same queries over and over. A cache of answers, or of prompts that begin alike,
    makes them faster than any new sample would be. New queries are known ones mixed with each
    other: of the same shapes and values, and never asked before.

    Parameters
    ----------
    run
        Answers one query; those of the workload were asked before.
    workload
        What was asked.
    seconds
        After which no more is asked, where there is enough to tell.
    clock
        Seconds since whenever.

    Returns
    -------
    float or None
        The median ratio; None where nothing tells of memory, or queries cannot be mixed.
    """
    new = list(_new_queries(workload))
    ratios: list[float] = []
    start = clock()
    try:
        for known, mixed in new:
            if len(ratios) >= FEWEST and clock() - start > seconds:
                break
            own, other = _seconds(run, known, clock), _seconds(run, mixed, clock)
            ratios.append(other / max(own, 1e-9))
    except QuantassayError:
        return None  # it takes no mixed samples
    return float(np.median(ratios)) if _remembers(ratios) else None


def _remembers(ratios: list[float]) -> bool:
    if len(ratios) < FEWEST:
        return False
    least = sorted(ratios)[1 if len(ratios) == MOST else 0]
    return least > LONGER


def _seconds(run: Run, feeds: Feeds, clock: Callable[[], float]) -> float:
    start = clock()
    run(feeds)
    return clock() - start


def _new_queries(workload: Workload) -> Iterator[tuple[Feeds, Feeds]]:
    """Yield known queries, each with a new one that is like it."""
    count, found = len(workload.queries), 0
    for at in range(count):
        known = workload.queries[at]
        mixed = _mixed(known, _other(workload, at))
        if mixed is not None:
            found += 1
            yield known, mixed
        if found == MOST:
            return


def _other(workload: Workload, at: int) -> Feeds | None:
    """Return samples to mix a query with: its own in another order, or another query."""
    known = workload.queries[at]
    if all(len(array) > 1 for array in known.values()):
        return {name: np.roll(array, 1, axis=0) for name, array in known.items()}
    others = workload.queries[at + 1 : at + NEAR]
    return next((one for one in others if _shapes(one) == _shapes(known)), None)


def _mixed(known: Feeds, other: Feeds | None) -> Feeds | None:
    """Return one half of every sample and the other half of another; None if that is no other."""
    if other is None:
        return None
    mixed = {name: _crossed(array, other[name]) for name, array in known.items()}
    same = all(np.array_equal(array, known[name]) for name, array in mixed.items())
    return None if same else mixed


def _crossed(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    if one.ndim > 1 and one.dtype.kind not in "OUS":
        found = one.copy()
        half = one.shape[-1] // 2
        found[..., :half] = other[..., :half]
        return found
    texts = [_text(a, b) for a, b in zip(one.ravel(), other.ravel(), strict=True)]
    return np.array(texts, one.dtype if one.dtype.kind not in "US" else None).reshape(one.shape)


def _text(one: Any, other: Any) -> Any:
    """Return the end of one text before the beginning of another: prompts begin anew."""
    if not isinstance(one, str):
        return other
    return f"{other[len(other) // 2 :]} {one[: len(one) // 2]}"


def _shapes(feeds: Feeds) -> list[tuple[str, tuple[int, ...]]]:
    return [(name, array.shape) for name, array in feeds.items()]
