"""Our own loop of protocols single-stream and multi-stream: a query, then the next."""

from __future__ import annotations

from collections.abc import Sequence

from .contract import Run, Trial, Workload
from .offline import one_after_the_other


class Streams:
    """Asks query after query of ``samples`` samples each: 1 is single-stream.

    MLPerf's rule: the next query is issued when the last is complete (Reddi et al., 2020, MLPerf
    Inference Benchmark, section III).
    """

    name = "own loop"

    def __init__(self, samples: int) -> None:
        what = "one sample" if samples == 1 else f"a query of {samples} samples"
        self.timed = (
            f"from handing {what} in memory to the engine until the outputs are in memory; reading "
            "and preprocessing are not in it"
        )

    def trial(
        self, variant: str, run: Run, workload: Workload, chosen: Sequence[int], seed: int
    ) -> Trial:
        """Ask the chosen queries, each issued when the one before it is complete."""
        return one_after_the_other(run, workload, chosen)
