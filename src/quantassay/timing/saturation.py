"""Throughput by samples per query, and where it stops growing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from quantassay.records.speed import Saturation

from .contract import Feeds, Run, Workload
from .workload import repeated

#: times the declared batch that are tried, as many as there is time for
BEYOND = (4, 2, 1)
ROUNDS = 4
#: growth of throughput that still counts as growing
HARDLY = 0.05
FIXED = "the model takes batches of exactly {fixed}: no other number of samples can be asked"
SHORT = "not looked for: one query of {batch} samples takes {seconds:.2g} s, too long for this look"


@dataclass(frozen=True)
class Look:
    """How long one may look, in seconds, and the seed of the order of sizes."""

    seconds: float
    seed: int


def saturation(
    run: Run,
    workload: Workload,
    look: Look,
    fixed: int | None = None,
    clock: Callable[[], float] = perf_counter,
) -> Saturation:
    """Time queries of 1, 2, 4 ... samples, the declared batch, and up to four times as many.

    Every round asks every size for about equally long, in random order. Throughput grows from one
    size to a larger one where it does so in every round: a busy machine hides growth, and makes
    none up.

    Parameters
    ----------
    run
        Answers one query.
    workload
        Its first query is cut, or repeated, to each size.
    look
        How long.
    fixed
        The only batch size that the model accepts.
    clock
        Seconds since whenever.
    """
    if fixed is not None:
        return Saturation((), (), None, FIXED.format(fixed=fixed))
    batch, first = workload.batch, workload.queries[0]
    run(first)
    seconds = _once(run, first, clock)
    beyond = _affordable(look.seconds / max(seconds, 1e-9))
    if not beyond:
        return Saturation((), (), None, SHORT.format(batch=batch, seconds=seconds))
    sizes = _sizes(batch, beyond)
    found = _rounds(run, [repeated(first, size) for size in sizes], sizes, look, clock)
    return _told(sizes, found)


def growing(variant: str, found: Saturation, batch: int) -> str | None:
    """Say that the declared batch does not saturate a variant; None where it does, or is unknown.

    ``batch`` is the number of samples in a query.
    """
    if batch not in found.samples or (found.knee is not None and found.knee <= batch):
        return None
    at = dict(zip(found.samples, found.throughput, strict=True))
    best = found.knee or found.samples[-1]
    if best == batch:
        return None
    return (
        f"at batch {batch} throughput of {variant} still grows: {at[best] / at[batch]:.2f} times "
        f"as much at {best} samples a query"
    )


def _affordable(room: float) -> int:
    """Return how many times the batch there is time for, ``room`` being in batches; 0: none."""
    # the sizes up to k times the batch hold 2 k batches together, and are asked twice beforehand
    return next((times for times in BEYOND if 2 * times * (ROUNDS + 2) <= room), 0)


def _sizes(batch: int, beyond: int) -> tuple[int, ...]:
    """Return the powers of two below the batch, and the batch itself doubled up to a multiple."""
    below = [2**power for power in range(batch.bit_length()) if 2**power < batch]
    return (*below, *(batch * 2**power for power in range(beyond.bit_length())))


def _once(run: Run, feeds: Feeds, clock: Callable[[], float]) -> float:
    start = clock()
    run(feeds)
    return clock() - start


def _rounds(
    run: Run,
    queries: Sequence[Feeds],
    sizes: Sequence[int],
    look: Look,
    clock: Callable[[], float],
) -> NDArray[np.float64]:
    """Return throughput (rounds, sizes) in samples per second."""
    turn = look.seconds / (ROUNDS + 2) / len(queries)
    counts = []
    for feeds in queries:
        run(feeds)  # whatever is set up anew for a shape
        counts.append(max(1, int(turn / max(_once(run, feeds, clock), 1e-9))))
    random = np.random.default_rng(look.seed)
    found = np.empty((ROUNDS, len(queries)))
    for row in found:
        for at in random.permutation(len(queries)):
            start = clock()
            for _ in range(counts[at]):
                run(queries[at])
            row[at] = counts[at] * sizes[at] / max(clock() - start, 1e-9)
    return found


def _told(sizes: tuple[int, ...], found: NDArray[np.float64]) -> Saturation:
    logs = np.log(found)
    # (smaller, larger): how much more the larger size gets through, in the round that says least
    each = (logs[:, None, :] - logs[:, :, None]).min(axis=0)
    best = logs.max(axis=0)
    growth = np.minimum(each, best[None, :] - best[:, None])
    flat = [
        size for at, size in enumerate(sizes[:-1]) if growth[at, at + 1 :].max() <= np.log1p(HARDLY)
    ]
    through = tuple(float(value) for value in np.exp(best))
    knee = flat[0] if flat else None
    where = (
        "no knee: it still grows"
        if knee is None
        else f"{100 * HARDLY:.0f} % more at most beyond it"
    )
    note = f"{where}; up to {sizes[-1]} samples a query, the fastest of {ROUNDS} rounds each"
    return Saturation(sizes, through, knee, note)
