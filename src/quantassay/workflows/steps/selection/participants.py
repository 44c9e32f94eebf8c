"""Who takes part in a selection, at which level, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quantassay.errors import RubricError
from quantassay.records.speed import Speed
from quantassay.rubrics.load import Loaded
from quantassay.rubrics.model import Rubric, Selection
from quantassay.verdicts.selection import Rule

from ..asking import Exam

RECORDED = "left out: its answers are recorded, so it has no throughput here"
UNTIMED = "left out: it was not timed, findings say why"
SEQUENCE = "'selection: {procedure: fixed-sequence, order: [...]}' goes without"


def rule_of(loaded: Loaded) -> Rule:
    """Return how a rubric wants one candidate chosen.

    Raises
    ------
    RubricError
        If nothing can be chosen: no candidate or no margin gates, or none is timed that must be.
    """
    rubric = loaded.rubric
    if not rubric.gating:
        msg = f"{loaded.at('variants')}: every candidate says 'gate: false': none can be chosen"
        raise RubricError(msg)
    if not any(_gates(rubric)):
        msg = f"{loaded.at('metrics')}: no margin gates, so that none can pass: declare one"
        raise RubricError(msg)
    declared = rubric.selection or Selection()
    if declared.procedure == "fastest-first":
        _refuse_untimed(loaded)
    alpha = round((1 - rubric.confidence) / 2, 12)  # .025, not .0250000000000002
    return Rule(declared.procedure, alpha, len(rubric.gating))


def _gates(rubric: Rubric) -> list[bool]:
    margins = [margin for one in rubric.metrics for margin in (one.margin, *one.by.values())]
    return [margin.gate for margin in margins if margin is not None]


def _refuse_untimed(loaded: Loaded) -> None:
    rubric, reference = loaded.rubric, loaded.rubric.references[0]
    if rubric.timing is None:
        msg = f"{loaded.at('timing')}: null, and fastest-first needs throughputs; {SEQUENCE}"
        raise RubricError(msg)
    if rubric.timing.rate is not None:
        msg = (
            f"{loaded.at('timing', 'rate')}: a declared rate is that of all candidates, and "
            "fastest-first needs to tell them apart; leave it out, so that it is searched; "
            f"{SEQUENCE}"
        )
        raise RubricError(msg)
    recorded = [n for n in (reference, *rubric.gating) if _recorded(rubric, n)]
    if reference in recorded or len(recorded) == len(rubric.gating):
        who = "the reference's answers" if reference in recorded else "all candidates' answers"
        msg = (
            f"{loaded.at('variants', recorded[0])}: {who} are recorded, and fastest-first needs "
            f"throughputs measured here; {SEQUENCE}"
        )
        raise RubricError(msg)


def _recorded(rubric: Rubric, name: str) -> bool:
    return rubric.variants[name].origin == "predictions"


def narrowed(loaded: Loaded) -> Loaded:
    """Return the rubric of the deciding reference, the candidates that gate, and their sources."""
    rubric = loaded.rubric
    needed = {rubric.references[0], *rubric.gating}
    for name in list(needed):
        while (source := rubric.variants[name].of) is not None:
            needed.add(source)
            name = source
    return replace(loaded, rubric=_of(rubric, needed))


def at_level(exam: Exam, rule: Rule) -> Exam:
    """Return the exam of those who take part, at the confidence of each.

    What gates at the declared level still does: at a stricter one more strata are too small, and a
    rule that pools or watches those would ask less of a candidate.
    """
    rubric, confidence = exam.rubric, rule.confidence
    part = _of(rubric, {rubric.references[0], *rubric.gating}).model_copy(
        update={"confidence": confidence}
    )
    return replace(
        exam,
        loaded=replace(exam.loaded, rubric=part),
        question=replace(exam.question, confidence=confidence, declared_alpha=exam.question.alpha),
    )


def _of(rubric: Rubric, names: set[str]) -> Rubric:
    """Return a rubric of some variants and one reference."""
    variants = {name: one for name, one in rubric.variants.items() if name in names}
    changes: dict[str, object] = {"variants": variants, "reference": [rubric.references[0]]}
    if rubric.timing is not None:  # how throughput grows with batches orders no candidates
        changes["timing"] = rubric.timing.model_copy(update={"saturation": False})
    return rubric.model_copy(update=changes)


def turns(loaded: Loaded, rule: Rule, speeds: Sequence[Speed]) -> tuple[list[str], dict[str, str]]:
    """Return the order in which candidates are tried, and why others are left out.

    The order of a fixed sequence is declared. Fastest first may go by what was just measured,
    since every declared candidate has its share of alpha whatever the order.
    """
    rubric = loaded.rubric
    if rule.procedure == "fixed-sequence":
        assert rubric.selection is not None and rubric.selection.order is not None
        return rubric.selection.order, {}
    ratios = {one.variant: one.ratio for one in speeds if one.ratio is not None}
    order = sorted((name for name in rubric.gating if name in ratios), key=lambda n: -ratios[n])
    left = {
        name: RECORDED if _recorded(rubric, name) else UNTIMED
        for name in rubric.gating
        if name not in ratios
    }
    return order, left
