"""MLPerf LoadGen issues the queries and takes the time (Reddi et al., 2020; extra ``perf``)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..contract import Run, Trial, Workload
from ..server.calls import Arrived, Queue
from .log import Samples
from .run import Complete, loadgen, loadgen_name, tested

TIMED = {
    "offline": "all batches are issued at once, and a batch is timed from the completion of the "
    "one before it",
    "single-stream": "from LoadGen's issue of one sample until it is told of its completion; the "
    "time between one query and the next is LoadGen's own and is left out",
    "multi-stream": "from LoadGen's issue of a query until it is told of the completion of its "
    "last sample; the time between one query and the next is LoadGen's own and is left out",
}


class LoadGen:
    """Runs one performance test of LoadGen a trial, with exactly the chosen queries.

    LoadGen decides when a query is issued and takes the time; which samples a query holds is
    decided by the run, so that all variants answer the same. What LoadGen calls a sample is a query
    of the workload (of multi-stream one of its samples).

    Parameters
    ----------
    protocol
        ``offline``, ``single-stream`` or ``multi-stream``.
    """

    def __init__(self, protocol: str) -> None:
        loadgen()
        self.name = loadgen_name()
        self.timed = f"{TIMED[protocol]}; reading and preprocessing are not in it"
        self._protocol = protocol

    def trial(
        self, variant: str, run: Run, workload: Workload, chosen: Sequence[int], seed: int
    ) -> Trial:
        """Ask the chosen queries of the workload in this order.

        Raises
        ------
        InputError
            If LoadGen says that the test did not run as asked.
        """
        each = int(workload.sizes[chosen[0]]) if self._protocol == "multi-stream" else 1
        settings = {"multi_stream_samples_per_query": each}
        queries = iter([workload.queries[i] for i in chosen])

        def serve(issued: list[int], complete: Complete) -> None:
            for at in range(0, len(issued), each):
                run(next(queries))
                complete(issued[at : at + each])

        found = tested(self._protocol, len(chosen), len(chosen) * each, settings, seed, serve)
        latencies, span = self._times(found, len(chosen))
        return Trial(latencies, span, int(workload.sizes[list(chosen)].sum()))

    def _times(self, found: Samples, queries: int) -> tuple[NDArray[np.float64], float]:
        """Return seconds of each query, and of all."""
        if self._protocol == "offline":
            ends = np.sort(found.latency)
            return np.diff(ends, prepend=0) / 1e9, float(ends[-1]) / 1e9
        latencies = np.zeros(queries)
        np.maximum.at(latencies, found.query, found.latency / 1e9)
        return latencies, float(latencies.sum())


class LoadGenArrivals:
    """LoadGen lets samples arrive with exponential gaps; those that wait are issued together."""

    def __init__(self) -> None:
        loadgen()
        self.name = loadgen_name()

    def __call__(
        self, run: Run, workload: Workload, positions: Sequence[int], rate: float, seed: int
    ) -> Arrived:
        """Serve queries in order of arrival, as many in one call of the model as it may hold."""
        queue, at = Queue(workload, positions), 0

        def serve(issued: list[int], complete: Complete) -> None:
            nonlocal at
            end = at + len(issued)
            first = at
            while at < end:
                size = queue.size(at, end)
                run(queue.call(at, size))
                complete(issued[at - first : at - first + size])
                at += size

        settings = {"server_target_qps": rate, "server_coalesce_queries": True}
        found = tested("server", len(queue), len(queue), settings, seed, serve)
        arrivals = found.scheduled - found.scheduled[0]
        return Arrived(arrivals / 1e9, (arrivals + found.latency) / 1e9)
