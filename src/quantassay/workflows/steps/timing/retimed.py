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
from quantassay.timing.watching.watch import drift

from ..asking import Exam
from ..keeping import SECOND_PASS, TIMINGS, kept_predictions
from ..repeating import noise_floor
from .figures import METHOD, Trials, figures
from .kept_trials import kept_trials
from .queries import samples_of_a_query

TOLD = (
    "told by the machine that ran it: executor, software, operations executed, load times, memory, "
    "energy, warm-up, saturation, outputs while timed, other load, when the claim was made, "
    "findings on rubric, models and timing"
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
    reference, path = exam.rubric.references[0], folder / TIMINGS
    trials = kept_trials(path, reference) if path.is_file() else {}
    speeds = _speeds(exam, result, trials)
    timed = sum(not speed.source for speed in result.speeds)
    yield from grouped("throughput", speeds, f"{timed} computed again")
    yield unchecked("what ran", TOLD)


def _speeds(exam: Exam, result: Result, trials: Trials) -> Iterator[Difference]:
    confidence, reference = exam.rubric.confidence, exam.rubric.references[0]
    expected = {name: figures(trials, name, reference, confidence) for name in trials}
    # what was measured elsewhere has no trials here
    claimed = {speed.variant: speed for speed in result.speeds if not speed.source}
    for name in dict.fromkeys([*expected, *claimed]):
        if name not in claimed:
            yield name, "not in the claim", "timed"
        elif name not in expected:
            yield name, f"{claimed[name].throughput:g} samples/s", "no trial of it was kept"
        else:
            yield from differences(
                _said(claimed[name], expected[name]), plain(expected[name]), name
            )
            told = {key: getattr(claimed[name], key) for key in _declared(exam)}
            yield from differences(told, _declared(exam), name)
    yield from _conditions(exam, result, trials)


def _declared(exam: Exam) -> dict[str, object]:
    """Return what a throughput says of itself that the rubric fixes."""
    timing = exam.rubric.timing
    batch = exam.rubric.inference.batch
    return {
        "method": METHOD,
        "confidence": exam.rubric.confidence,
        "protocol": timing.protocol if timing else None,
        "batch": (samples_of_a_query(timing) if timing else None) or batch,
    }


def _conditions(exam: Exam, result: Result, trials: Trials) -> Iterator[Difference]:
    """Compare what the circumstances of timing say that trials or the rubric say too."""
    timing, said = exam.rubric.timing, result.conditions
    if timing is None or said is None or not trials:
        return
    reference = trials[exam.rubric.references[0]]
    drifted = drift(reference, exam.rubric.confidence)
    again = {"protocol": timing.protocol, "blocks": len(reference), "drift": plain(drifted)}
    told = {"protocol": said.protocol, "blocks": said.blocks, "drift": plain(said.drift)}
    yield from differences(told, again, "conditions")


def _said(speed: Speed, expected: Mapping[str, object]) -> dict[str, object]:
    return {key: plain(getattr(speed, key)) for key in expected}
