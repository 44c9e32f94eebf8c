"""A run that may stop early: look by look, with no inference that no verdict needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quantassay.records.cells import Comparison
from quantassay.records.executor import EngineUse
from quantassay.records.looks import Stop, Stopping
from quantassay.records.samples import Predictions
from quantassay.runs.folder import RunFolder
from quantassay.runs.history import note_look
from quantassay.runs.recording import record_predictions
from quantassay.verdicts.looks import Sitting
from quantassay.verdicts.overall import candidate_verdict
from quantassay.verdicts.vacuous import without_vacuous

from .answering import Answers, answers, recorded, scope_of
from .asking import Exam
from .joining import decided, shown
from .progress import Progress
from .timetable import Planned, planned
from .variants import Prepared


@dataclass
class Room:
    """Answers asked for so far, and those who give them."""

    exam: Exam
    variants: Mapping[str, Prepared]
    folder: RunFolder
    allow_missing: bool
    progress: Progress
    uses: dict[str, EngineUse] = field(default_factory=dict)
    found: dict[str, Predictions] = field(default_factory=dict)
    _recorded: dict[str, Predictions] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """The deciding reference."""
        return self.exam.rubric.references[0]

    def ask(self, name: str, n: int) -> Predictions:
        """Return a variant's answers to the first samples, running it as far as that."""
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

    def again(self, n: int) -> Predictions | None:
        """Return the reference's second pass over the first samples; None of recorded answers."""
        variant = self.variants[self.reference]
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
    assert exam.order is not None and exam.rubric.stopping is not None
    room = Room(exam, variants, folder, allow_missing, progress)
    plans = [planned(exam, asked) for asked in exam.question.metrics]
    sittings = [
        Sitting((name, room.reference), [p.schedule for p in plans], exam.rubric.confidence)
        for name in exam.rubric.candidates
    ]
    stops = _sit(room, plans, sittings, exam.order.ends)
    repeated = room.again(exam.order.ends[0])
    found = {name: room.found[name] for name in variants}
    for name, predictions in found.items():
        record_predictions(folder.path / "predictions" / f"{name}.parquet", predictions)
    stopping = Stopping(
        spending=exam.rubric.stopping.spending,
        looks=exam.order.ends,
        n=len(exam.samples),
        reference=len(found[room.reference]),
        candidates=stops,
    )
    gates = {name: variant.declared.gate for name, variant in variants.items()}
    comparison = decided(exam, sittings, found, gates, stopping)
    others = [shown(exam, name, found) for name in exam.rubric.references[1:]]
    return Answers(found, repeated, room.uses), [comparison, *others]


def _sit(
    room: Room, plans: Sequence[Planned], sittings: Sequence[Sitting], ends: Sequence[int]
) -> dict[str, Stop]:
    """Take looks until every candidate is decided; return where each stopped."""
    stops: dict[str, Stop] = {}
    for n in ends:
        waiting = [one for one in sittings if one.names[0] not in stops]
        if not waiting:
            break
        room.ask(room.reference, n)
        for sitting in waiting:
            name = sitting.names[0]
            room.ask(name, n)
            if _decides(room, plans, sitting, n):
                sitting.stop()
                stops[name] = Stop(sitting.looks, n, sitting.why)
    return stops


def _decides(room: Room, plans: Sequence[Planned], sitting: Sitting, n: int) -> bool:
    """Take one look at a candidate, write it down, and say whether it is the last."""
    name, reference = sitting.names
    part = room.exam.first(n)
    sides = room.found[reference], room.found[name]
    groups = [plan.group(part, (reference, name), sides) for plan in plans]
    sitting.look(groups, lambda cells: without_vacuous(cells, groups))
    pair = room.variants[reference].source, room.variants[name].source
    answered = {one: room.variants[one].identity for one in (reference, name)}
    note_look(room.folder.journal, name, pair, n, sitting.cells, answered)
    return sitting.last or candidate_verdict(sitting.cells).verdict in ("pass", "fail")
