"""Candidates tried one after the other, each run only as far as its verdict needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from quantassay.records.cells import CandidateVerdict, Comparison, Verdict
from quantassay.records.looks import Stop
from quantassay.records.selection import Attempt
from quantassay.records.speed import Speed, SpeedVerdict
from quantassay.runs.history import note_measured
from quantassay.verdicts.hopeless import hopeless, out_of_reach
from quantassay.verdicts.overall import withheld
from quantassay.verdicts.speed import SPEEDUP

from ..grounds import alike, grounds, misnamed, withhold
from ..guarding import Outcomes, guard
from ..joining import decided, merged
from ..judging import compare_variants
from ..looking import Room, take_looks
from ..question import Contender
from ..timetable import planned
from ..timing.doubts import differing
from ..timing.timed import Check
from ..untruths import untruths
from .speed_first import untimed_verdict


@dataclass
class Candidates:
    """Candidates on trial against the deciding reference.

    ``room`` runs them, its exam at the level of each; ``speeds`` are of those that were timed, and
    ``checks`` compare what they answered then with what they answer here.
    """

    room: Room
    speeds: dict[str, Speed]
    checks: Mapping[str, Check]
    parts: dict[str, Comparison] = field(default_factory=dict)
    outcomes: Outcomes = field(default_factory=dict)
    _told: list[str] = field(default_factory=list)
    _rulings: dict[str, CandidateVerdict] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """What every candidate is measured against."""
        return self.room.exam.rubric.references[0]

    def judge(self, name: str) -> Verdict | None:
        """Give a candidate its verdict, running nothing that cannot change it."""
        ruling = self._doubtful(name) or self._too_slow(name) or self._out_of_reach
        if ruling is None:
            ruling = self._checked(name, self._judged(name))
        self._rulings[name] = ruling
        return ruling.verdict

    def comparison(self) -> Comparison | None:
        """Return the cells of all that were tried; None where none answered anything."""
        return merged([*self.parts.values()]) if self.parts else None

    def attempt(self, name: str, why: str) -> Attempt:
        """Return what became of a candidate; ``why`` it was not tried, where it was not."""
        ruling, part = self._rulings.get(name), self.parts.get(name)
        if ruling is None:
            return Attempt(name, None, why)
        if part is None:
            return Attempt(name, ruling.verdict, ruling.reason)
        stop = part.stopping.candidates[name] if part.stopping else None
        samples = stop.n if stop else len(self.room.found[name])
        gates = sum(cell.role == "gate" for cell in part.cells)
        reason = _reason(ruling, stop)
        return Attempt(name, ruling.verdict, reason, samples, stop, gates, self.speeds.get(name))

    def findings(self) -> list[str]:
        """Return what was noticed of the models that were run."""
        room = self.room
        variants = {name: room.variants[name] for name in room.found}
        facts = [one.facts() for one in variants.values()]
        same = alike(self.reference, facts, room.uses)
        return [*untruths(variants, same), *misnamed(facts, room.uses), *self._told]

    def check_outputs(self) -> None:
        """Compare what every variant answered here with what it answered while it was timed."""
        for name in self.room.found:
            if name in self.checks:
                same, told = self.checks[name](self.room.found[name])
                self.speeds[name] = replace(self.speeds[name], same_outputs=same)
                self._told += told

    def samples_run(self) -> int:
        """Return how many samples all variants answered that run here."""
        return sum(len(self.room.found[name]) for name in self._here() if name in self.room.found)

    def samples_full(self) -> int:
        """Return how many they would have answered on the whole, without stopping."""
        return len(self._here()) * len(self.room.exam.samples)

    def _here(self) -> list[str]:
        names = self.room.exam.rubric.variants
        return [name for name in names if self.room.variants[name].recorded is None]

    def _doubtful(self, name: str) -> CandidateVerdict | None:
        """Return the verdict where a throughput is known to be none of new samples."""
        known = (self.speeds[one].doubt for one in (name, self.reference) if one in self.speeds)
        doubt = next(filter(None, known), "")
        return CandidateVerdict("insufficient", doubt) if doubt else None

    def _checked(self, name: str, ruling: CandidateVerdict) -> CandidateVerdict:
        """Withhold a verdict where other answers were timed than were measured."""
        for one in (name, self.reference):
            if one in self.checks:
                same, _ = self.checks[one](self.room.found[one])
                if doubt := differing(same, self.room.exam.rubric):
                    self.speeds[one] = replace(self.speeds[one], doubt=doubt)
                    return withheld(ruling, doubt)
        return ruling

    def _too_slow(self, name: str) -> CandidateVerdict | None:
        """Return the verdict on a declared speed-up, where it is no pass: no sample is needed."""
        speed = self.speeds.get(name)
        found = untimed_verdict(self.room.exam, name) if speed is None else speed.verdict
        if found is None or found.verdict == "pass":
            return None
        return CandidateVerdict(found.verdict, f"{SPEEDUP}: {_without_figures(found)}")

    @cached_property
    def _out_of_reach(self) -> CandidateVerdict | None:
        """Return the verdict on every candidate, where looks tell from sizes that none can pass."""
        exam = self.room.exam
        if exam.order is None:
            return None
        plans = [planned(exam, asked) for asked in exam.question.metrics]
        never = [
            name
            for plan in plans
            for name in out_of_reach(plan.asked.metric.name, plan.declared, plan.schedule)
        ]
        if not never:
            return None
        rest = f" and {len(never) - 1:,} more" if len(never) > 1 else ""
        reason = f"too few samples to pass at this level even without any loss: {never[0]}{rest}"
        return CandidateVerdict("insufficient", reason)

    def _judged(self, name: str) -> CandidateVerdict:
        room, reference = self.room, self.reference
        found = self._at_once(name) if room.exam.order is None else self._by_looks(name)
        sides = [room.variants[reference], room.variants[name]]
        note_measured(room.folder.journal, {one.name: one.identity for one in sides})
        sources = {one.name: one.source for one in sides}
        found, outcomes = guard(room.exam, sources, room.found, found, room.folder.journal)
        self.outcomes |= outcomes
        facts = [one.facts() for one in sides]
        self.parts[name] = withhold(found, grounds(reference, facts, room.uses))
        return self.parts[name].candidates[name]

    def _at_once(self, name: str) -> Comparison:
        """Judge a candidate on the whole test set."""
        exam, n = self.room.exam, len(self.room.exam.samples)
        reference = self.room.ask(self.reference, n)
        contender = Contender(name, self.room.ask(name, n))
        return compare_variants(exam.question, exam.samples, self.reference, reference, [contender])

    def _by_looks(self, name: str) -> Comparison:
        """Judge a candidate look by look, up to the one that decides it or leaves no hope."""
        sittings, stopping = take_looks(self.room, [name], hopeless)
        gates = {name: True}
        return decided(self.room.exam, sittings, self.room.found, gates, stopping)


def _without_figures(found: SpeedVerdict) -> str:
    """Return why a speed-up is no pass: no throughput stands without an accuracy beside it."""
    if found.verdict != "inconclusive":
        return found.reason
    needed = found.needed_seconds
    more = "" if needed is None else f"; {needed:.2g} s of timing would settle it"
    return f"not shown to be above the declared {found.declared:g}{more}"


def _reason(ruling: CandidateVerdict, stop: Stop | None) -> str:
    """Return why a candidate got its verdict; one that was given up says what left no hope."""
    if ruling.verdict != "inconclusive" or stop is None or stop.why == "the last one":
        return ruling.reason
    return f"given up: {stop.why.removeprefix('where ')}"
