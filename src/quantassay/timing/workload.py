"""Samples of the accuracy pass in memory, cut into the queries of a protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from .contract import Feeds, Workload

MOST_BYTES = 256 << 20
Batch = tuple[int, Feeds]


def workload(batches: Iterable[Batch], batch: int, samples: int | None) -> Workload:
    """Read batches up to a bound on memory, and cut them into queries.

    Parameters
    ----------
    batches
        First sample and inputs of each batch of the accuracy pass, in its order.
    batch
        The most samples that one call of the model may hold.
    samples
        In each query; None: the batches are the queries.

    Returns
    -------
    Workload
        Queries of exactly so many samples, cut from the batches or joined from neighbours of one
        shape. Samples left over are not asked; where there are too few for one query, it repeats
        them.
    """
    held = _bounded(batches)
    queries = held if samples is None else _cut(list(_joined(held, samples)), samples)
    sizes = np.array([rows(feeds) for _, feeds in queries], np.int64)
    starts = np.array([first for first, _ in queries], np.int64)
    return Workload([feeds for _, feeds in queries], sizes, starts, batch)


def rows(feeds: Feeds) -> int:
    """Return how many samples a query holds."""
    return len(next(iter(feeds.values())))


def repeated(feeds: Feeds, samples: int) -> Feeds:
    """Return a query of so many samples, those of another over and over."""
    chosen = np.arange(samples) % rows(feeds)
    return {name: array[chosen] for name, array in feeds.items()}


def _bounded(batches: Iterable[Batch]) -> list[Batch]:
    held: list[Batch] = []
    size = 0
    for first, feeds in batches:
        held.append((first, feeds))
        size += sum(array.nbytes for array in feeds.values())
        if size > MOST_BYTES:
            break
    return held


def _joined(batches: list[Batch], samples: int) -> Iterator[Batch]:
    """Join neighbours of one shape until each holds enough samples, or no more can be joined."""
    held: list[Batch] = []
    for first, feeds in batches:
        if held and (sum(rows(one) for _, one in held) >= samples or not _alike(held[0][1], feeds)):
            yield _one(held)
            held = []
        held.append((first, feeds))
    if held:
        yield _one(held)


def _alike(feeds: Feeds, others: Feeds) -> bool:
    return all(array.shape[1:] == others[name].shape[1:] for name, array in feeds.items())


def _one(batches: list[Batch]) -> Batch:
    first, feeds = batches[0]
    if len(batches) == 1:
        return first, feeds
    return first, {name: np.concatenate([one[name] for _, one in batches]) for name in feeds}


def _cut(batches: list[Batch], samples: int) -> list[Batch]:
    """Cut batches into queries; what is left of one is not asked, unless there is nothing else."""
    pieces: list[Batch] = [
        (first + at, {name: array[at : at + samples] for name, array in feeds.items()})
        for first, feeds in batches
        for at in range(0, rows(feeds) - samples + 1, samples)
    ]
    first, feeds = batches[0]
    return pieces or [(first, repeated(feeds, samples))]
