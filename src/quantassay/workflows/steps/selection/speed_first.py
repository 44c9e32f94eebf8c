"""Throughputs judged before any accuracy is: what is too slow need not be run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from quantassay.records.speed import Speed, SpeedVerdict
from quantassay.runs.history import note_timed, times_timed
from quantassay.runs.journal import Journal
from quantassay.verdicts.speed import Family, Timing, speed_verdict

from ..asking import Exam
from ..frontier.combining import digest_of_trials
from ..question import Question
from ..timing.figures import log_ratios
from ..timing.speedup import declared_speedup, not_timed
from ..timing.timed import Timed


def judged_first(
    exam: Exam, timed: Timed, sources: Mapping[str, str], journal: Journal
) -> dict[str, Speed]:
    """Return the speed of every variant that was timed, judged where a speed-up is declared.

    The timing is written down first: the more often one pair was timed, the harder it is to pass.
    ``sources`` say by digest, or in words, what answered under which name.
    """
    reference, digest = exam.rubric.references[0], digest_of_trials(timed.trials)
    pairs = {
        name: (sources[reference], sources[name])
        for name in exam.rubric.candidates
        if name in timed.trials
    }
    if pairs:
        note_timed(journal, pairs, digest)
    times = {name: times_timed(journal, pair, digest) for name, pair in pairs.items()}
    return {
        one.variant: replace(one, verdict=_verdict(exam, timed, one.variant, times))
        if one.variant in times
        else one
        for one in timed.speeds
    }


def untimed_verdict(exam: Exam, name: str) -> SpeedVerdict | None:
    """Return the verdict on the speed-up of a candidate that was not timed; None: none declared."""
    speedup = declared_speedup(exam.rubric)
    return None if speedup is None else not_timed(exam.rubric, name, speedup)


def _verdict(exam: Exam, timed: Timed, name: str, times: Mapping[str, int]) -> SpeedVerdict | None:
    speedup, reference = declared_speedup(exam.rubric), exam.rubric.references[0]
    if speedup is None:
        return None
    own, other = timed.trials[name], timed.trials[reference]
    seconds = sum(one.span for trials in timed.trials.values() for one in trials)
    timing = Timing(log_ratios(own, other), seconds, times[name])
    # Holm's rule as if no cell had failed: none is known yet, and there are no more than these
    return speed_verdict(timing, speedup, exam.question.alpha, Family(sum(_gates(exam.question))))


def _gates(question: Question) -> Iterator[int]:
    """Yield how many gate cells each metric has on the whole and in every partition, at most."""
    for asked in question.metrics:
        yield int(asked.margin is not None and asked.margin.gate)
        for part in question.partitions:
            margin = asked.by.get(part.key)
            yield len(part.labels) if margin is not None and margin.gate else 0
