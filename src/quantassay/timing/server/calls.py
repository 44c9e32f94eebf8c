"""What a server asks of a model: queries that wait, joined into one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..contract import Feeds, Run, Workload
from .queueing import Calls


@dataclass(frozen=True)
class Arrived:
    """One trial of a server: seconds (n,) from the first arrival on, in order of arrival."""

    arrivals: NDArray[np.float64]
    completions: NDArray[np.float64]

    @property
    def latencies(self) -> NDArray[np.float64]:
        """Seconds from arrival to completion: waiting counts, whoever made a sample wait."""
        return self.completions - self.arrivals

    @property
    def calls(self) -> Calls:
        """The calls: samples that completed together. Each lasts from when it could have begun."""
        ends, first, sizes = np.unique(self.completions, return_index=True, return_counts=True)
        free = np.concatenate([[0.0], ends[:-1]])
        return Calls(sizes, ends - np.maximum(free, self.arrivals[first]))


#: asks queries, by position, at a rate of arrivals and with a seed
Serve = Callable[[Run, Workload, Sequence[int], float, int], Arrived]


class Joined(dict[str, NDArray[Any]]):
    """Inputs of one call, and the queries, of one sample each, that it joins."""

    def __init__(self, members: Sequence[Feeds]) -> None:
        super().__init__(
            {name: np.concatenate([one[name] for one in members]) for name in members[0]}
        )
        self.members = members


class Queue:
    """Queries by position in order of arrival, joined into calls where they are of one shape."""

    def __init__(self, workload: Workload, positions: Sequence[int]) -> None:
        self._queries = [workload.queries[i] for i in positions]
        self._batch = workload.batch
        self._shapes = [[array.shape[1:] for array in feeds.values()] for feeds in self._queries]

    def __len__(self) -> int:
        return len(self._queries)

    def size(self, at: int, ready: int) -> int:
        """Return how many from ``at`` on, all before ``ready``, the next call takes."""
        end = min(ready, at + self._batch)
        unlike = (i for i in range(at + 1, end) if self._shapes[i] != self._shapes[at])
        return next(unlike, end) - at

    def call(self, at: int, size: int) -> Feeds:
        """Return the inputs of a call; one query is handed over as it is."""
        if size == 1:
            return self._queries[at]
        return Joined(self._queries[at : at + size])
