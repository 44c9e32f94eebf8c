"""Verdicts on a declared speed-up, and the candidates' own that they are part of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from quantassay.records.cells import Comparison
from quantassay.records.speed import Speed, SpeedVerdict
from quantassay.rubrics.model import Rubric
from quantassay.verdicts.overall import overall_verdict
from quantassay.verdicts.speed import (
    Timing,
    family,
    level_of,
    speed_verdict,
    untimed,
    with_speed,
    withheld_speed,
)

from ..asking import Exam
from .figures import Trials, log_ratios

RECORDED = "its answers are recorded ones"
REFERENCE = "the answers of the reference are recorded ones"
NOT_KEPT = "there is no trial of it"


@dataclass(frozen=True)
class Speedups:
    """Verdicts on the declared speed-up by candidate; ``declared`` None: there is none.

    ``times`` says how often each was timed, this time too; ``doubts`` why a throughput is not one
    of the answers whose accuracy was measured.
    """

    declared: float | None = None
    verdicts: Mapping[str, SpeedVerdict] = field(default_factory=dict)
    times: Mapping[str, int] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)

    def passes(self, name: str, level: float) -> bool:
        """Return whether a candidate is as fast as declared at a one-sided level of its own."""
        if name in self.doubts:
            return False
        if self.declared is None:
            return True
        found = self.verdicts[name]
        within, needed = found.p_within, level_of(self.times.get(name, 1), level)
        return found.verdict == "pass" and within is not None and within <= needed


def declared_speedup(rubric: Rubric) -> float | None:
    """Return the speed-up that every candidate must reach; None where none is declared."""
    return None if rubric.timing is None else rubric.timing.speedup


def speedups(
    exam: Exam, comparison: Comparison, trials: Trials, times: Mapping[str, int]
) -> Speedups:
    """Judge every candidate's throughput against the declared speed-up.

    Parameters
    ----------
    exam
        Whose rubric declares it, or does not.
    comparison
        Of accuracy: its gate cells share Holm's rule with the speed-up.
    trials
        Of every variant that was timed.
    times
        How often each candidate was timed beside this reference, this time too.
    """
    speedup = declared_speedup(exam.rubric)
    if speedup is None:
        return Speedups(times=times)
    verdicts = {
        name: _judged(exam, comparison, trials, name, times.get(name, 1))
        for name in comparison.candidates
    }
    return Speedups(speedup, verdicts, times)


def _judged(
    exam: Exam, comparison: Comparison, trials: Trials, name: str, times: int
) -> SpeedVerdict:
    speedup, reference = declared_speedup(exam.rubric), comparison.reference
    assert speedup is not None
    if name not in trials or reference not in trials:
        return not_timed(exam.rubric, name, speedup)
    blocks = {trial.block for trial in trials[name]}
    timing = Timing(
        log_ratios(trials[name], trials[reference]),
        sum(one.span for own in trials.values() for one in own if one.block in blocks),
        times,
    )
    cells = family(cell for cell in comparison.cells if cell.candidate == name)
    return speed_verdict(timing, speedup, exam.question.alpha, cells)


def not_timed(rubric: Rubric, name: str, speedup: float) -> SpeedVerdict:
    """Return the verdict on a candidate that could not be timed."""
    if rubric.variants[rubric.references[0]].origin == "predictions":
        return untimed(speedup, REFERENCE)
    recorded = rubric.variants[name].origin == "predictions"
    return untimed(speedup, RECORDED if recorded else NOT_KEPT)


def with_speedups(comparison: Comparison, found: Speedups) -> Comparison:
    """Give every candidate the worse of its verdicts on accuracy and on the speed-up."""
    if found.declared is None:
        return comparison
    verdicts = {
        name: with_speed(one, found.verdicts[name]) for name, one in comparison.candidates.items()
    }
    return replace(comparison, candidates=verdicts, verdict=overall_verdict(verdicts))


def doubted(found: Speedups, comparison: Comparison, doubts: Mapping[str, str]) -> Speedups:
    """Withhold the verdict on the speed-up of every candidate whose throughput is in doubt.

    That of the reference puts them all in doubt: each is a multiple of it.
    """
    home = doubts.get(comparison.reference, "")
    about = f"of the reference: {home}" if home else ""
    why = {name: doubts.get(name) or about for name in comparison.candidates}
    why = {name: text for name, text in why.items() if text}
    verdicts = {
        name: withheld_speed(one, why[name]) if name in why else one
        for name, one in found.verdicts.items()
    }
    return replace(found, verdicts=verdicts, doubts=why)


def held_back(found: Speedups, comparison: Comparison) -> Speedups:
    """Withhold the verdict on the speed-up of candidates whose own was withheld."""
    verdicts = dict(found.verdicts)
    for name, one in comparison.candidates.items():
        if name in verdicts and one.verdict == "insufficient" and not one.deciding:
            verdicts[name] = withheld_speed(verdicts[name], one.reason)
    return replace(found, verdicts=verdicts)


def judged_speeds(speeds: Sequence[Speed], found: Speedups) -> tuple[Speed, ...]:
    """Add the verdict on the declared speed-up to every throughput that has one."""
    return tuple(replace(one, verdict=found.verdicts.get(one.variant)) for one in speeds)
