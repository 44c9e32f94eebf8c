"""The product's own timing of a rubric, again and again, without the rest of a run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quantassay.rubrics.load import load
from quantassay.timing.offline import Offline
from quantassay.timing.watching.watch import Watch
from quantassay.workflows.steps.asked import asked_of
from quantassay.workflows.steps.asking import read_exam
from quantassay.workflows.steps.bench import Bench, measured
from quantassay.workflows.steps.progress import Silent
from quantassay.workflows.steps.speeds import figures
from quantassay.workflows.steps.variants import prepare_variants


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
    found = measured(bench, variants.values(), Silent())
    [candidate] = exam.rubric.candidates
    return figures(found.trials, candidate, bench.reference, exam.rubric.confidence)


def _none(name: str) -> Any:
    raise KeyError(name)
