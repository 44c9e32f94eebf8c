"""All variants as pairs of throughput and loss: a chart, a table, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.frontier import Frontier, Point, StratumFrontier
from .blocks import Block, Bullets, Column, Pair, Paragraph, Section, Table, Value
from .blocks import Frontier as Chart
from .figures import (
    NOT_APPLICABLE,
    Scale,
    confidence,
    probability,
    ratio,
    trimmed,
    with_unit,
)
from .frontier_figures import cost_text, loss_text
from .frontier_strata import by_stratum, elsewhere
from .names import counted, several, short
from .subject import Subject
from .timing_conditions import in_one_line
from .wording import tone, verdict_value

MARKS = "Dashed rectangle: dominated. Ring: the fastest that passes."


def frontier(subject: Subject) -> tuple[Section, ...]:
    """Set throughput against the loss of each judged metric, the one shown first, first."""
    result = subject.result
    if result is None or not result.frontiers:
        return ()
    first, *rest = sorted(result.frontiers, key=lambda one: one.metric != subject.main)
    title, found = "Throughput against loss", result.conditions
    timed = () if found is None else (Paragraph(in_one_line(found)),)
    blocks = (*_blocks(subject, first), *timed)
    sections = [Section("frontier", title, blocks, brief=True)]
    if rest:
        others = tuple(block for one in rest for block in _blocks(subject, one))
        sections.append(Section("frontiers", f"{title} of other metrics", others))
    return tuple(sections)


def _blocks(subject: Subject, one: Frontier) -> Iterator[Block]:
    scale = subject.scale(one.metric)
    yield Bullets(tuple(_sentences(subject, one)))
    if any(point.speed is not None for point in one.whole.points):
        yield _chart(one, scale)
        yield _table(one, scale)
        yield from by_stratum(one, scale)


def _sentences(subject: Subject, one: Frontier) -> Iterator[str]:
    """Say which is the fastest that passes, where another is, and which are dominated."""
    yield _fastest(one)
    yield from _costs(one)
    yield from elsewhere(one)
    gating = {name for name, each in subject.comparison.candidates.items() if each.gate}
    for point in one.whole.points:
        if point.verdict == "pass" and not point.passes and point.variant in gating:
            level = counted(one.candidates, "candidate")
            yield (
                f"{short(point.variant)} passes by itself, but not at the level shared among "
                f"{level}."
            )
        if point.dominated_by:
            yield (
                f"{short(point.variant)} is dominated by {several(point.dominated_by, 3)}: faster, "
                f"and with less loss (adjusted p {probability(point.p_dominated)})."
            )


def _fastest(one: Frontier) -> str:
    where = "Fastest that passes on every declared stratum"
    if one.fastest is None:
        return f"{where}: none; {one.reason.rstrip('.')}."
    at = next((point for point in one.whole.points if point.variant == one.fastest), None)
    speed = "" if at is None else f", {ratio(at.speed, at.speed_interval)}"
    but = f"; {one.reason.rstrip('.')}" if one.reason else ""
    guarantee = (
        f" {one.guarantee[0].upper()}{one.guarantee[1:].rstrip('.')}." if one.guarantee else ""
    )
    return f"{where}: {short(one.fastest)}{speed}{but}.{guarantee}"


def _costs(one: Frontier) -> Iterator[str]:
    """Say what the fastest that passes costs beside the reference, where both are known."""
    known = {p.variant: p for p in one.whole.points if p.cost is not None}
    if one.fastest in known and one.reference in known:
        costs = (
            f"{cost_text(known[name])} with {short(name)}" for name in (one.fastest, one.reference)
        )
        yield f"1,000 right answers cost, in {one.cost_unit}: {', '.join(costs)}."


def _ordered(part: StratumFrontier) -> list[Point]:
    """Put the fastest first; those whose throughput is not known last."""
    return sorted(part.points, key=lambda p: (p.speed is None, -(p.speed or 0.0)))


def _table(one: Frontier, scale: Scale) -> Table:
    unit = f", {scale.loss_unit}" if scale.loss_unit else ""
    costs = any(point.cost is not None for point in one.whole.points)
    return Table(
        caption=f"Every variant, the fastest first, against {short(one.reference)}",
        columns=(
            Column("Variant", prose=True),
            Column("Precision", prose=True),
            Column("Throughput ratio", numeric=True),
            Column(f"Loss of {one.metric}{unit}", numeric=True),
            Column("Verdict"),
            Column("Passes at the shared level", brief=False),
            Column("Dominated by", brief=False, prose=True),
            Column("Adjusted p of that", numeric=True, brief=False),
            *((_cost_column(one),) if costs else ()),
        ),
        rows=tuple(_row(one, point, scale, costs) for point in _ordered(one.whole)),
        note=f"Both intervals of a row hold at once with {confidence(one.confidence)} confidence, "
        "so each is wider than one taken alone.",
    )


def _cost_column(one: Frontier) -> Column:
    return Column(f"Cost of 1,000 right answers, {one.cost_unit}", numeric=True, brief=False)


def _row(one: Frontier, point: Point, scale: Scale, costs: bool) -> tuple[Value, ...]:
    none, own = Value(NOT_APPLICABLE), point.variant == one.reference
    cost = (Value(cost_text(point), point.cost),) if costs else ()
    if own:
        verdict, loss, passes = none, Value("reference"), none
    else:
        verdict, loss = verdict_value(point.verdict), Value(loss_text(point, scale), point.loss)
        passes = Value("yes" if point.passes else "no")
    return (
        Value(short(point.variant)),
        Value(point.precision or "unknown"),
        Value("1×", 1.0) if own else Value(ratio(point.speed, point.speed_interval), point.speed),
        loss,
        verdict,
        passes,
        Value(several(point.dominated_by, 3) or "none"),
        Value(probability(point.p_dominated), point.p_dominated),
        *cost,
    )


def _chart(one: Frontier, scale: Scale) -> Chart:
    drawn = [point for point in _ordered(one.whole) if point.variant != one.reference]
    pairs = tuple(filter(None, (_pair(one, point, scale) for point in drawn)))
    reference, margin = short(one.reference), one.whole.margin
    bar = None if margin is None else scale.of(margin)
    unit = f" ({scale.loss_unit})" if scale.loss_unit else ""
    return Chart(
        title=f"Throughput against loss of {one.metric}",
        description=f"Each variant's throughput over that of {reference}, and its loss of "
        f"{one.metric} against it. A rectangle holds both at once with "
        f"{confidence(one.confidence)} confidence. Lower and further right is better. The table "
        "holds the same figures.",
        speed_axis=f"throughput, times {reference}",
        loss_axis=f"loss of {one.metric}{unit}",
        pairs=pairs,
        reference=reference,
        margin=bar,
        margin_text="" if bar is None else f"margin {with_unit(trimmed(bar, 6), scale.loss_unit)}",
        note=" ".join(_notes(one, len(drawn) - len(pairs))),
    )


def _notes(one: Frontier, absent: int) -> Iterator[str]:
    yield MARKS
    if absent:
        yield f"In the table only, without both figures: {counted(absent, 'variant')}."
    if one.cost_note:
        yield f"Cost: {one.cost_note.rstrip('.')}."
    if one.method:
        yield f"Method: {one.method.rstrip('.')}."


def _pair(one: Frontier, point: Point, scale: Scale) -> Pair | None:
    if point.speed is None or point.loss is None:
        return None
    ends = point.loss_interval
    tags = ["fastest that passes"] if point.variant == one.fastest else []
    tags += [f"dominated by {several(point.dominated_by, 2)}"] if point.dominated_by else []
    loss = with_unit(loss_text(point, scale), scale.loss_unit)
    return Pair(
        name=short(point.variant),
        precision=point.precision or "precision unknown",
        text=f"{ratio(point.speed, point.speed_interval)}, loss {loss}",
        speed=point.speed,
        speed_interval=point.speed_interval,
        loss=scale.of(point.loss),
        loss_interval=None if ends is None else (scale.of(ends[0]), scale.of(ends[1])),
        tone=tone(point.verdict),
        tag="; ".join(tags),
        fastest=point.variant == one.fastest,
        dominated=bool(point.dominated_by),
    )
