"""What is asked of a variant while it is timed, and what one trial of it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Feeds = Mapping[str, NDArray[Any]]
Run = Callable[[Feeds], Mapping[str, NDArray[Any]]]


@dataclass(frozen=True)
class Workload:
    """Samples of the accuracy pass, in its order, in memory and ready to be asked.

    ``queries[i]`` holds ``sizes[i]`` samples, the first of which is sample ``first[i]`` of the
    accuracy pass. ``batch`` is the most samples that one call of the model may hold.
    """

    queries: Sequence[Feeds]
    sizes: NDArray[np.int64]
    first: NDArray[np.int64]
    batch: int


@dataclass(frozen=True)
class Trial:
    """One variant in one block.

    ``latencies`` (queries,) are seconds from issue, or arrival, to completion of each query;
    ``span`` seconds from the first issue to the last completion; ``rate`` the arrival rate in
    queries per second of protocol ``server``, None of the others. ``block`` is what trials of the
    same queries share, ``place`` the turn of this one in it, from 0 on.
    """

    latencies: NDArray[np.float64]
    span: float
    samples: int
    rate: float | None = None
    block: int = 0
    place: int = 0

    @property
    def throughput(self) -> float:
        """Samples per second; of protocol ``server`` the arrival rate, one sample a query."""
        return self.samples / self.span if self.rate is None else self.rate


class Driver(Protocol):
    """Issues queries to a variant and takes the time until they complete.

    Attributes
    ----------
    name : str
        What issues them, with its version: ``own loop`` or ``MLPerf LoadGen 6.0.17``.
    timed : str
        What is inside a timed interval and what is not, in words.
    """

    name: str
    timed: str

    def trial(
        self, variant: str, run: Run, workload: Workload, chosen: Sequence[int], seed: int
    ) -> Trial:
        """Ask the chosen queries of the workload, by position, and time them.

        ``variant`` names whose trial it is, for drivers that learn from one trial to the next;
        ``seed`` is that of arrivals and of whatever else is random.
        """
        ...
