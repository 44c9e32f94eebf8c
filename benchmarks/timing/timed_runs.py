"""The product's own timing of a rubric, again and again, without the rest of a run."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from quantassay.rubrics.load import load
from quantassay.timing.offline import Offline
from quantassay.timing.watching.watch import Watch
from quantassay.workflows.steps.asking import read_exam
from quantassay.workflows.steps.progress import Silent
from quantassay.workflows.steps.timing.bench import Bench, timed_together
from quantassay.workflows.steps.timing.figures import figures
from quantassay.workflows.steps.timing.queries import asked_of
from quantassay.workflows.steps.variants import prepare_variants

from .background import background, stay_on


class Asked(argparse.Namespace):
    """What the command line asks of repeated runs under a load of our own."""

    runs: int
    duration: float
    blocks: str
    core: int
    stretch: float
    here: int | None

    @classmethod
    def of(cls, description: str | None, duration: float) -> Asked:
        """Read the command line, and stay on the core that it names."""
        parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
        parser.add_argument("--runs", type=int, default=100)
        parser.add_argument("--duration", type=float, default=duration, help="seconds of a run")
        parser.add_argument("--blocks", default="null", help="null: as many as there is time for")
        parser.add_argument("--core", type=int, default=0, help="that is loaded; -1: none")
        parser.add_argument("--stretch", type=float, default=0.3, help="mean seconds on, and off")
        parser.add_argument("--here", type=int, help="core that the models stay on; default: any")
        found = parser.parse_args(namespace=cls())
        stay_on(found.here)
        return found

    def rubric(self, text: str) -> str:
        """Return a rubric with its BLOCKS and its DURATION."""
        return text.replace("BLOCKS", str(self.blocks)).replace("DURATION", str(self.duration))

    def load(self) -> AbstractContextManager[None]:
        """Keep the core busy for random stretches."""
        return background(None if self.core < 0 else self.core, self.stretch, seed=1)


def timed_runs(rubric: str, folder: Path, runs: int) -> Iterator[dict[str, Any]]:
    """Yield what each run says of the only candidate: fields of its ``Speed``.

    ``rubric`` is text with ``{seed}`` in it, ``folder`` where its paths begin.
    """
    for seed in range(runs):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            path = Path(place).with_suffix(".yaml")
            path.write_text(rubric.format(seed=seed))
            try:
                yield _timed(path, Path(place))
            finally:
                path.unlink()


def _timed(path: Path, folder: Path) -> dict[str, Any]:
    loaded = load(path)
    exam = read_exam(loaded)
    timing = exam.rubric.timing
    assert timing is not None
    variants = prepare_variants(loaded, lambda name: _none(name), folder, lambda name: None)
    asked = asked_of(exam, timing, len(exam.samples))
    bench = Bench(exam, timing, asked, Offline(), Watch(), 0.0)
    found = timed_together(bench, variants.values(), Silent())
    [candidate] = exam.rubric.candidates
    return figures(found.trials, candidate, bench.reference, exam.rubric.confidence)


def _none(name: str) -> Any:
    raise KeyError(name)
