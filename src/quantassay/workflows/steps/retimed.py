"""Noise floor and throughput of a claim computed again from the passes and seconds kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from quantassay.claims.consistency import grouped
from quantassay.claims.differences import Difference, differences
from quantassay.records.plain import plain
from quantassay.records.result import Result
from quantassay.records.samples import Predictions
from quantassay.records.speed import Speed
from quantassay.records.verification import Check, unchecked

from .asking import Exam
from .keeping import SECOND_PASS, TIMINGS, kept_pairs, kept_predictions
from .repeating import noise_floor
from .timing import METHOD, figures, reference_figures

TOLD = (
    "told by the machine that ran it: executor, software, operations executed, load times, memory, "
    "when the claim was made, findings on rubric and models"
)


def retimed(
    exam: Exam, answers: Mapping[str, Predictions], result: Result, folder: Path
) -> Iterator[Check]:
    """Yield the checks of the noise floor and of every throughput."""
    second = folder / SECOND_PASS
    repeated = kept_predictions(second, exam.samples.ids) if second.is_file() else None
    floor = noise_floor(exam, answers[exam.rubric.references[0]], repeated)
    said = differences(plain(result.noise_floor), plain(floor))
    agreed = "none" if floor is None else f"{floor.answer_changes} of {floor.n} answers changed"
    yield from grouped("noise floor", said, agreed)
    speeds = _speeds(exam, result, folder / TIMINGS)
    yield from grouped("throughput", speeds, f"{len(result.speeds)} computed again")
    yield unchecked("what ran", TOLD)


def _speeds(exam: Exam, result: Result, path: Path) -> Iterator[Difference]:
    pairs = kept_pairs(path) if path.is_file() else {}
    confidence, reference = exam.rubric.confidence, exam.rubric.references[0]
    expected = {name: figures(times, confidence) for name, times in pairs.items()}
    if pairs:
        expected[reference] = reference_figures(list(pairs.values()), confidence)
    claimed = {speed.variant: speed for speed in result.speeds}
    for name in dict.fromkeys([*expected, *claimed]):
        if name not in claimed:
            yield name, "not in the claim", "timed"
        elif name not in expected:
            yield name, f"{claimed[name].throughput:g} samples/s", "no pair of it was kept"
        else:
            yield from differences(
                _said(claimed[name], expected[name]), plain(expected[name]), name
            )
            yield from differences(claimed[name].method, METHOD, f"{name}, method")
            batch = exam.rubric.inference.batch
            yield from differences(claimed[name].batch, batch, f"{name}, batch")
            yield from differences(claimed[name].confidence, confidence, f"{name}, confidence")


def _said(speed: Speed, expected: Mapping[str, object]) -> dict[str, object]:
    return {key: plain(getattr(speed, key)) for key in expected}
