"""Throughput and accuracy combined: final verdicts, and the frontier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from quantassay.records.cells import Comparison
from quantassay.records.frontier import Frontier
from quantassay.records.samples import Predictions
from quantassay.records.speed import Speed
from quantassay.runs.history import times_seen, times_timed
from quantassay.runs.journal import Entries

from ..asking import Exam
from ..grounds import withhold
from ..timing.figures import Trials
from ..timing.speedup import Speedups, doubted, held_back, speedups, with_speedups
from .basis import Basis
from .frontiers import frontiers


@dataclass(frozen=True)
class Accuracy:
    """What was found of accuracy, for throughput to be combined with.

    Attributes
    ----------
    exam, answers
        What was asked, and what every variant answered.
    comparison
        Guarded against looks that nobody declared, nothing withheld from it.
    why
        Grounds to withhold a verdict, by candidate.
    outcomes
        Of every candidate, as the journal has or will have them.
    sources
        The digest of every variant's model file, or where its answers come from.
    precisions
        Of every variant, in words.
    """

    exam: Exam
    answers: Mapping[str, Predictions]
    comparison: Comparison
    why: Mapping[str, str]
    outcomes: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, str]
    precisions: Mapping[str, str]

    @property
    def pairs(self) -> dict[str, tuple[str, str]]:
        """Sources of the reference and of each candidate."""
        reference = self.sources[self.comparison.reference]
        return {name: (reference, self.sources[name]) for name in self.comparison.candidates}


@dataclass(frozen=True)
class Combined:
    """Verdicts on accuracy and throughput together, those on the speed-up, and the frontiers."""

    comparison: Comparison
    speedups: Speedups
    frontiers: tuple[Frontier, ...]


def combined(
    accuracy: Accuracy, trials: Trials, journal: Entries, speeds: Iterable[Speed] = ()
) -> Combined:
    """Judge throughput, combine it with accuracy, and set the variants against each other.

    The journal tells how often variants were timed before, and how many outcomes were seen;
    ``speeds`` which throughputs are not those of the answers measured.
    """
    exam, digest = accuracy.exam, digest_of_trials(trials)
    timed = {name: times_timed(journal, pair, digest) for name, pair in accuracy.pairs.items()}
    found = speedups(exam, accuracy.comparison, trials, timed)
    found = doubted(found, accuracy.comparison, {one.variant: one.doubt for one in speeds})
    comparison = withhold(with_speedups(accuracy.comparison, found), accuracy.why)
    found = held_back(found, comparison)
    seen = {name: times_seen(journal, name, one) for name, one in accuracy.outcomes.items()}
    basis = Basis(exam, accuracy.answers, comparison, accuracy.precisions, trials, found, seen)
    return Combined(comparison, found, frontiers(basis))


def digest_of_trials(trials: Trials) -> str:
    """Return what identifies one timing: SHA-256 of every second of it."""
    found = sha256()
    for name, own in trials.items():
        for one in own:
            head = (name, one.block, one.place, one.samples, one.span.hex(), one.rate)
            found.update(repr(head).encode())
            found.update(np.ascontiguousarray(one.latencies, "<f8").tobytes())
    return found.hexdigest()
