"""A run that may stop early: look by look, with no inference that no verdict needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from quantassay.records.cells import Cell, Comparison
from quantassay.records.executor import EngineUse
from quantassay.records.looks import Stop, Stopping
from quantassay.records.samples import Predictions
from quantassay.runs.folder import RunFolder
from quantassay.runs.history import note_look
from quantassay.runs.recording import record_predictions
from quantassay.verdicts.cells import Group
from quantassay.verdicts.looks import Sitting
from quantassay.verdicts.overall import candidate_verdict
from quantassay.verdicts.vacuous import without_vacuous

from .answering import Answers, answers, recorded, scope_of
from .asking import Exam
from .crossing import without_crossed_passes
from .joining import decided, shown
from .progress import Progress
from .timetable import Planned, planned
from .variants import Prepared

GiveUp = Callable[[Sitting, Sequence[Group]], str]


class Desk(Protocol):
    """Who hands out answers at a look, and who writes it down.

    ``found`` are the answers asked for so far.
    """

    exam: Exam
    found: dict[str, Predictions]

    def ask(self, name: str, n: int) -> Predictions:
        """Return a variant's answers to the first samples, and keep them in ``found``."""
        ...

    def note(self, name: str, n: int, cells: Sequence[Cell]) -> None:
        """Write down what a look at a candidate showed."""
        ...


@dataclass
class Room:
    """Where variants are run, as far as a look needs it."""

    exam: Exam
    variants: Mapping[str, Prepared]
    folder: RunFolder
    allow_missing: bool
    progress: Progress
    uses: dict[str, EngineUse] = field(default_factory=dict)
    found: dict[str, Predictions] = field(default_factory=dict)
    _recorded: dict[str, Predictions] = field(default_factory=dict)

    def ask(self, name: str, n: int) -> Predictions:
        """Return a variant's answers to the first samples, running it as far as that."""
        if name in self.found and len(self.found[name]) >= n:
            return self.found[name].first(n)
        variant = self.variants[name]
        if variant.recorded is None:
            scope = scope_of(self.folder)
            found, self.uses[name] = answers(self.exam, variant, n, scope, self.progress)
        else:
            if name not in self._recorded:
                self._recorded[name] = recorded(self.exam, variant, self.allow_missing)
            found = self._recorded[name].first(n)
        self.found[name] = found
        return found

    def note(self, name: str, n: int, cells: Sequence[Cell]) -> None:
        """Write a look at a candidate into the journal."""
        reference = self.exam.rubric.references[0]
        pair = self.variants[reference].source, self.variants[name].source
        answered = {one: self.variants[one].identity for one in (reference, name)}
        note_look(self.folder.journal, name, pair, n, cells, answered)

    def again(self, n: int) -> Predictions | None:
        """Return the reference's second pass over the first samples; None of recorded answers."""
        variant = self.variants[self.exam.rubric.references[0]]
        if variant.recorded is not None:
            return None
        return answers(self.exam, variant, n, scope_of(self.folder), self.progress, replicate=1)[0]


def look_by_look(
    exam: Exam,
    variants: Mapping[str, Prepared],
    folder: RunFolder,
    allow_missing: bool,
    progress: Progress,
) -> tuple[Answers, list[Comparison]]:
    """Run and judge every candidate up to the look that decides it.

    Returns
    -------
    tuple
        Answers, as many of each variant as were needed, and a comparison for each reference: the
        deciding one first; against others figures are shown, and nothing is judged.
    """
    assert exam.order is not None
    room = Room(exam, variants, folder, allow_missing, progress)
    sittings, stopping = take_looks(room)
    repeated = room.again(exam.order.ends[0])
    found = {name: room.found[name] for name in variants}
    for name, predictions in found.items():
        record_predictions(folder.path / "predictions" / f"{name}.parquet", predictions)
    return Answers(found, repeated, room.uses), judged(exam, sittings, found, stopping)


def never(sitting: Sitting, groups: Sequence[Group]) -> str:
    """Go on to the last look."""
    return ""


def take_looks(
    desk: Desk, candidates: Sequence[str] | None = None, give_up: GiveUp = never
) -> tuple[list[Sitting], Stopping]:
    """Take looks until every candidate is decided; return them, and where each stopped.

    Parameters
    ----------
    desk
        Who hands out answers.
    candidates
        Those that are looked at; None: all.
    give_up
        Says after a look that decided nothing why none should follow, '' where one should.
    """
    exam = desk.exam
    assert exam.order is not None and exam.rubric.stopping is not None
    reference = exam.rubric.references[0]
    plans = [planned(exam, asked) for asked in exam.question.metrics]
    sittings = [
        Sitting(
            (name, reference),
            [p.schedule for p in plans],
            exam.rubric.confidence,
            reserved=exam.question.reserved,
        )
        for name in (exam.rubric.candidates if candidates is None else candidates)
    ]
    stops = _sit(desk, plans, sittings, give_up)
    return sittings, Stopping(
        spending=exam.rubric.stopping.spending,
        looks=exam.order.ends,
        n=len(exam.samples),
        reference=len(desk.found[reference]),
        candidates=stops,
    )


def judged(
    exam: Exam,
    sittings: Sequence[Sitting],
    found: Mapping[str, Predictions],
    stopping: Stopping,
) -> list[Comparison]:
    """Return a comparison for each reference: the deciding one first, others only shown."""
    gates = {name: variant.gate for name, variant in exam.rubric.variants.items()}
    comparison = decided(exam, sittings, found, gates, stopping)
    return [comparison, *(shown(exam, name, found) for name in exam.rubric.references[1:])]


def _sit(
    desk: Desk, plans: Sequence[Planned], sittings: Sequence[Sitting], give_up: GiveUp
) -> dict[str, Stop]:
    """Take looks until every candidate is decided; return where each stopped."""
    assert desk.exam.order is not None
    stops: dict[str, Stop] = {}
    for n in desk.exam.order.ends:
        waiting = [one for one in sittings if one.names[0] not in stops]
        if not waiting:
            break
        desk.ask(desk.exam.rubric.references[0], n)
        for sitting in waiting:
            name = sitting.names[0]
            desk.ask(name, n)
            if _decides(desk, plans, sitting, n, give_up):
                sitting.stop()
                stops[name] = Stop(sitting.looks, n, sitting.why)
    return stops


def _decides(
    desk: Desk, plans: Sequence[Planned], sitting: Sitting, n: int, give_up: GiveUp
) -> bool:
    """Take one look at a candidate, write it down, and say whether it is the last."""
    name, reference = sitting.names
    part = desk.exam.first(n)
    sides = desk.found[reference].first(n), desk.found[name].first(n)
    measured = [plan.measured(part, (reference, name), sides) for plan in plans]
    groups = [one.group for one in measured]
    samples = [part.samples] * len(plans)
    level = min(float(plan.schedule.level[sitting.looks].min()) for plan in plans)

    def refine(cells: Sequence[Cell]) -> list[Cell]:
        kept = without_vacuous(cells, groups)
        return without_crossed_passes(kept, measured, samples, level)

    sitting.look(groups, refine)
    desk.note(name, n, sitting.cells)
    if sitting.last or candidate_verdict(sitting.cells).verdict in ("pass", "fail"):
        return True
    sitting.given_up = give_up(sitting, groups)
    return bool(sitting.given_up)
