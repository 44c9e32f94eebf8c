"""Variants on the bench: opened together, warmed up, timed in blocks, let go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace

import psutil

from quantassay.errors import InputError, reason
from quantassay.records.speed import Saturation
from quantassay.rubrics.model import Timing
from quantassay.timing.blocks import FEWEST, in_blocks, planned
from quantassay.timing.contract import Driver, Trial, Workload
from quantassay.timing.groups import groups
from quantassay.timing.recall import recall
from quantassay.timing.recording import Recording
from quantassay.timing.saturation import Look, saturation
from quantassay.timing.steady import Warm, warmed_up
from quantassay.timing.watching.watch import Watch

from ..asking import Exam
from ..progress import Progress
from ..variants import Prepared
from .queries import refuse_fixed

#: of 'duration', for the look at other numbers of samples a query, of each variant
LOOK = 0.05


@dataclass(frozen=True)
class Bench:
    """What all variants share while they are timed."""

    exam: Exam
    timing: Timing
    workload: Workload
    driver: Driver
    watch: Watch
    loading_seconds: float

    @property
    def reference(self) -> str:
        """The deciding one."""
        return self.exam.rubric.references[0]


@dataclass(frozen=True)
class TimedVariant:
    """A variant after it was timed: how long it took to load and to warm up, what it answered."""

    prepared: Prepared
    load_seconds: float
    recording: Recording
    saturation: Saturation | None
    warm: Warm
    recalled: float | None = None


@dataclass(frozen=True)
class TimedTogether:
    """All variants after they were timed, their trials, and in how many groups they ran."""

    variants: Mapping[str, TimedVariant]
    trials: Mapping[str, list[Trial]]
    groups: int


def timed_together(bench: Bench, variants: Iterable[Prepared], progress: Progress) -> TimedTogether:
    """Time all variants, as many at once as memory holds, the reference in every group."""
    known = {variant.name: variant for variant in variants}
    sizes = {name: one.artifact.bytes if one.artifact else 0 for name, one in known.items()}
    parts = groups(bench.reference, sizes, psutil.virtual_memory().available)
    timed: dict[str, TimedVariant] = {}
    trials: dict[str, list[Trial]] = {}
    for part in parts:
        chosen = [known[name] for name in part]
        with ExitStack() as open_sessions:
            sides = {one.name: _opened(bench, one, open_sessions, progress) for one in chosen}
            progress.stage(f"timing {', '.join(sides)} in random blocks")
            done = len(trials.get(bench.reference, ()))
            found = _timed(bench, sides, done, bench.timing.duration / len(parts))
            sides = {name: _recalled(bench, side) for name, side in sides.items()}
        for name, side in sides.items():
            timed.setdefault(name, side)
            trials.setdefault(name, []).extend(found[name])
    return TimedTogether(timed, trials, len(parts))


def _opened(bench: Bench, variant: Prepared, held: ExitStack, progress: Progress) -> TimedVariant:
    """Open a variant and make it ready to be timed."""
    progress.stage(f"warming up {variant.name}")
    session = variant.open()
    held.callback(session.close)
    refuse_fixed(bench.exam, bench.timing, variant.name, session)
    recording = Recording(session.run, bench.workload)
    look = _saturation(bench, recording, session.fixed_batch)
    warm = warmed_up(session.run, bench.workload, bench.timing.warmup)
    return TimedVariant(variant, session.load_seconds, recording, look, warm)


def _recalled(bench: Bench, side: TimedVariant) -> TimedVariant:
    """Look whether a variant that was timed remembers what it was asked."""
    found = recall(side.recording.run, bench.workload, LOOK * bench.timing.duration)
    return replace(side, recalled=found)


def _saturation(bench: Bench, recording: Recording, fixed: int | None) -> Saturation | None:
    """Look where throughput stops growing; the protocols but offline ask what is declared."""
    timing = bench.timing
    if timing.protocol != "offline" or not timing.saturation:
        return None
    look = Look(LOOK * timing.duration, bench.exam.rubric.seed)
    try:
        return saturation(recording.run, bench.workload, look, fixed)
    except InputError as error:
        note = f"not found: another number of samples a query was refused: {reason(error)}"
        return Saturation((), (), None, note)


def _timed(
    bench: Bench, sides: Mapping[str, TimedVariant], done: int, seconds: float
) -> dict[str, list[Trial]]:
    """Time variants that are open together, after so many blocks of others."""
    timing = bench.timing
    blocks = timing.blocks or (FEWEST if timing.protocol == "server" else None)
    once = {name: side.warm.query_seconds for name, side in sides.items()}
    plan = planned(seconds, blocks, once, bench.exam.rubric.seed, first=done)
    recordings = {name: side.recording for name, side in sides.items()}
    return in_blocks(bench.driver, recordings, bench.workload, plan, bench.watch.trial)
