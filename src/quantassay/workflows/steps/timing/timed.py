"""Throughput of every variant beside the reference, on the exam's own samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

from quantassay.records.samples import Predictions
from quantassay.records.speed import Conditions, Sameness, Speed
from quantassay.rubrics.model import Timing
from quantassay.timing.contract import Driver, Trial, Workload
from quantassay.timing.drivers import driver_for
from quantassay.timing.memory import peak_memory
from quantassay.timing.saturation import growing
from quantassay.timing.server.bound_kept import server_findings
from quantassay.timing.server.driver import NoRate
from quantassay.timing.watching.watch import Watch, drift, drift_findings

from ..asking import Exam
from ..progress import Progress
from ..same_outputs.sameness import sameness
from ..variants import Prepared
from .bench import Bench, TimedTogether, TimedVariant, timed_together
from .doubts import differing, remembering
from .figures import METHOD, figures
from .queries import asked_of, samples_of_a_query

Answered = Mapping[str, Predictions]
Check = Callable[[Predictions], tuple[Sameness, list[str]]]
UNSTEADY = (
    "times of {name} were not yet steady when its warm-up ended ({queries:,} queries in "
    "{seconds:.2g} s): raise 'timing.warmup', or look for what else runs on this machine"
)
AS_ARRIVED = "as they arrived, up to {} in a call"
GROUPED = (
    "not all variants fit in memory together: they were timed in {count} groups, each beside the "
    "reference; candidates of different groups share no block"
)


@dataclass(frozen=True)
class Timed:
    """Throughput of every variant, the trials behind it, and what was noticed on the way.

    ``own`` are findings on one variant, by its name. ``checks`` compare what a variant answered
    while it was timed with what it answers later.
    """

    speeds: tuple[Speed, ...] = ()
    trials: Mapping[str, Sequence[Trial]] = field(default_factory=dict)
    conditions: Conditions | None = None
    findings: tuple[str, ...] = ()
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)

    @property
    def said(self) -> tuple[str, ...]:
        """All findings, those on the machine first."""
        return (*self.findings, *(text for own in self.own.values() for text in own))


def time_variants(
    exam: Exam, variants: Mapping[str, Prepared], answered: Answered, progress: Progress
) -> Timed:
    """Time every variant that runs here against the deciding reference.

    None is timed where the rubric says ``timing: null``, or the reference was recorded elsewhere.

    Parameters
    ----------
    exam
        Whose samples are asked.
    variants
        All of them, by name.
    answered
        What each answered when its accuracy was measured, as far as that is known by now.
    progress
        Told what is going on.

    Raises
    ------
    RubricError
        If a model cannot be asked as the protocol asks.
    """
    timing, reference = exam.rubric.timing, exam.rubric.references[0]
    names = [n for n in exam.rubric.candidates if variants[n].recorded is None]
    if timing is None or variants[reference].recorded is not None or not names:
        return Timed()
    start = perf_counter()
    workload = asked_of(exam, timing, _most(exam, answered.get(reference)))
    bench = Bench(
        exam, timing, workload, _driver(timing), Watch(), loading_seconds=perf_counter() - start
    )
    try:
        found = timed_together(bench, [variants[name] for name in (reference, *names)], progress)
    except NoRate as error:
        return Timed(findings=(f"nothing was timed: {error}",))
    seconds = perf_counter() - start
    checks = {name: partial(_same, bench, one) for name, one in found.variants.items()}
    same = {name: check(answered[name]) for name, check in checks.items() if name in answered}
    speeds = []
    for name, one in found.variants.items():
        progress.stage(f"measuring the memory of {name}")
        speeds.append(_speed(bench, one, found, same[name][0] if name in same else None))
    conditions, noticed = _conditions(bench, found, seconds)
    grouped = (GROUPED.format(count=found.groups),) if found.groups > 1 else ()
    own = {
        name: (*_findings(bench, one, found.trials[name]), *(same[name][1] if name in same else ()))
        for name, one in found.variants.items()
    }
    return Timed(tuple(speeds), found.trials, conditions, (*grouped, *noticed), own, checks)


def _most(exam: Exam, answered: Predictions | None) -> int:
    """Return how many samples accuracy is measured on, at most."""
    if answered is not None:
        return len(answered)
    return len(exam.samples) if exam.order is None else exam.order.ends[-1]


def _driver(timing: Timing) -> Driver:
    return driver_for(
        timing.protocol,
        timing.driver,
        streams=samples_of_a_query(timing) or 1,
        latency=timing.latency,
        percentile=timing.percentile,
        rate=timing.rate,
    )


def _same(bench: Bench, one: TimedVariant, predictions: Predictions) -> tuple[Sameness, list[str]]:
    rubric = bench.exam.rubric
    return sameness(
        one.prepared.name,
        rubric.task.outputs,
        bench.workload,
        one.recording.outputs,
        predictions,
        rubric.inference.batch,
        how=AS_ARRIVED.format(bench.workload.batch) if bench.timing.protocol == "server" else "",
    )


def _speed(bench: Bench, one: TimedVariant, found: TimedTogether, same: Sameness | None) -> Speed:
    variant, confidence = one.prepared, bench.exam.rubric.confidence
    artifact = variant.artifact
    memory, memory_note = peak_memory(
        variant.engine,
        artifact.path if artifact else None,
        variant.engine_options,
        bench.workload.queries[:2],
    )
    own = found.trials[variant.name]
    energy, energy_note = bench.watch.energy(variant.name, sum(trial.samples for trial in own))
    return Speed(
        variant=variant.name,
        protocol=bench.timing.protocol,
        **figures(found.trials, variant.name, bench.reference, confidence),
        batch=samples_of_a_query(bench.timing) or bench.workload.batch,
        confidence=confidence,
        method=METHOD,
        load_seconds=one.load_seconds,
        artifact_bytes=artifact.bytes if artifact else None,
        peak_memory=memory,
        memory_note=memory_note,
        energy=energy,
        energy_note=energy_note,
        warmup=one.warm.warmup,
        saturation=one.saturation,
        same_outputs=same,
        doubt=remembering(one.recalled) or differing(same, bench.exam.rubric),
    )


def _conditions(
    bench: Bench, found: TimedTogether, seconds: float
) -> tuple[Conditions, tuple[str, ...]]:
    """Return the circumstances of timing, and findings on them."""
    reference, seen = found.trials[bench.reference], bench.watch.seen()
    drifted = drift(reference, bench.exam.rubric.confidence)
    conditions = Conditions(
        protocol=bench.timing.protocol,
        driver=bench.driver.name,
        timed=bench.driver.timed,
        blocks=len(reference),
        seconds=seconds,
        loading_seconds=bench.loading_seconds,
        samples=_samples(bench.workload, reference),
        drift=drifted,
        other_load=seen.other_load,
        facts=seen.facts,
    )
    return conditions, (*seen.findings, *drift_findings(bench.reference, drifted))


def _samples(workload: Workload, trials: Sequence[Trial]) -> int:
    """Return how many different samples were asked."""
    asked = min(sum(len(trial.latencies) for trial in trials), len(workload.queries))
    return int(workload.sizes[:asked].sum())


def _findings(bench: Bench, one: TimedVariant, trials: Sequence[Trial]) -> Iterator[str]:
    """Yield what was noticed of one variant."""
    name, warmup = one.prepared.name, one.warm.warmup
    if not warmup.steady:
        yield UNSTEADY.format(name=name, queries=warmup.queries, seconds=warmup.seconds)
    if one.saturation and (text := growing(name, one.saturation, bench.workload.batch)):
        yield text
    yield from server_findings(bench.driver, {name: trials}, bench.exam.rubric.confidence)
    if text := remembering(one.recalled):
        yield f"{name}: {text}"
