"""Our own loop of protocol offline: one query after the other, each a batch."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from .contract import Run, Trial, Workload


class Offline:
    """Asks batch after batch, as a bare loop over the engine would."""

    name = "own loop"
    timed = (
        "from handing a batch in memory to the engine until its outputs are in memory; reading and "
        "preprocessing are not in it"
    )

    def trial(
        self, variant: str, run: Run, workload: Workload, chosen: Sequence[int], seed: int
    ) -> Trial:
        """Ask the chosen queries, each issued when the one before it is complete."""
        return one_after_the_other(run, workload, chosen)


def one_after_the_other(run: Run, workload: Workload, chosen: Sequence[int]) -> Trial:
    """Ask queries in a loop that reads the clock once for each.

    Parameters
    ----------
    run
        Answers one query.
    workload, chosen
        The queries, and which of them, by position.

    Returns
    -------
    Trial
        The latency of each, from the completion of the one before it.
    """
    queries, clock = [workload.queries[i] for i in chosen], perf_counter
    stamps = [clock()]
    note = stamps.append
    for feeds in queries:
        run(feeds)
        note(clock())
    latencies = np.diff(np.array(stamps))
    return Trial(latencies, stamps[-1] - stamps[0], int(workload.sizes[list(chosen)].sum()))
