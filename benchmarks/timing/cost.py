"""What the throughput half of a pair costs beside its accuracy half.

``python -m benchmarks.timing.cost examples/filetype/assay.yaml`` runs a rubric with every answer
new, prints the seconds of each stage, and what accuracy and timing together cost over accuracy
alone. Timing is everything from reading its samples to the last peak of memory. The bar is 1.25
where the accuracy passes take over 60 s. Judging is in the last stage of accuracy, and is short.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import quantassay as qa

TIMING = ("warming up", "timing", "measuring the memory")


class Stages:
    """Takes the time of each stage of a run."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._name, self._since = "reading", perf_counter()

    def stage(self, text: str, total: int | None = None) -> Callable[[int], object]:
        """End one stage and begin the next."""
        now = perf_counter()
        self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._since
        self._name, self._since = text, now
        return lambda done: None

    def of(self, *verbs: str) -> float:
        """Return the seconds of all stages that begin with these words."""
        return sum(taken for name, taken in self.seconds.items() if name.startswith(verbs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("rubric", type=Path)
    rubric = parser.parse_args().rubric
    stages = Stages()
    with tempfile.TemporaryDirectory() as work:
        os.environ["QUANTASSAY_CACHE"] = f"{work}/cache"
        result = qa.run(rubric, out=Path(work) / "run", progress=stages)
        stages.stage("end")
    for name, taken in stages.seconds.items():
        print(f"{taken:8.2f} s  {name}")
    assert result.conditions is not None
    accuracy = stages.of("running")
    timing = stages.of(*TIMING) + result.conditions.loading_seconds
    print(
        f"accuracy passes {accuracy:.1f} s, timing {timing:.1f} s: the pair costs "
        f"{1 + timing / accuracy:.2f} times the accuracy passes (bar: 1.25 where these take over "
        "60 s)"
    )


if __name__ == "__main__":
    main()
