"""Where the damage sits: loss by stratum, and what the average hides."""

from __future__ import annotations

from collections.abc import Iterator

from ..records.cells import Cell
from .blocks import Block, Bullets, Forest, ForestRow, Paragraph, Section
from .figures import ends, estimate, estimate_with_n, known, margin, number, size, with_unit
from .names import counted, short, stratum
from .subject import Subject
from .wording import WORDS, tone

ROWS_DRAWN = 30
CHARTS_DRAWN = 12
_HIDDEN_SHOWN = 3


def strata(subject: Subject) -> Section:
    """Draw loss by stratum for each candidate, and say where the average misleads."""
    if not subject.strata:
        return Section("strata", "Strata", (Paragraph("No stratum was declared."),))
    charts = list(_charts(subject))
    blocks: list[Block] = [*charts[:CHARTS_DRAWN]]
    if len(charts) > CHARTS_DRAWN:
        blocks.append(
            Paragraph(f"{CHARTS_DRAWN} of {len(charts)} charts are drawn; every cell is tabulated.")
        )
    drawn = tuple(_shrunk(subject))
    if drawn:
        blocks.append(Bullets(drawn))
    if not blocks:
        blocks.append(Paragraph("No loss of a stratum is known without targets."))
    return Section("strata", "Loss by stratum", tuple(blocks))


def _shrunk(subject: Subject) -> Iterator[str]:
    """Say beside each worst stratum what it is likely to be, given the others."""
    for (candidate, metric), cells in subject.strata.items():
        measured = [cell for cell in cells if None not in (cell.shrunk, known(cell.loss))]
        if not measured:
            continue
        worst, unit = max(measured, key=lambda cell: cell.loss or 0.0), subject.scale(metric)
        towards = with_unit(number(unit.of(worst.shrunk or 0.0), unit.decimals), unit.loss_unit)
        yield (
            f"{short(candidate)}: the worst stratum of {metric} is {stratum(worst.stratum)}: "
            f"observed {estimate_with_n(worst, unit)}, picked out of {len(measured):,}; drawn "
            f"towards the others {towards} (empirical Bayes; never used for verdicts)."
        )


def hidden(subject: Subject) -> Section:
    """Say in words where the average hides a stratum, or that no stratum stands out."""
    sentences = tuple(_sentences(subject))
    if sentences:
        blocks: tuple[Block, ...] = (
            Bullets(sentences, "warning"),
            Paragraph("Strata were picked after looking; their intervals are not adjusted for it."),
        )
        return Section("hidden", "What the average hides", blocks, brief=True)
    known_ends = sum(len([c for c in cells if ends(c)]) for cells in subject.strata.values())
    if not known_ends:
        text = "No interval of a stratum is known: nothing is said of what the average hides."
        return Section("hidden", "What the average hides", (Paragraph(text),))
    text = (
        f"No loss among {counted(known_ends, 'cell')} of strata lies, with its whole interval, "
        "beyond that of the whole test set. Wide intervals hide much: this is no evidence that "
        "strata are alike."
    )
    return Section("hidden", "What the average hides", (Paragraph(text),))


def _sentences(subject: Subject) -> Iterator[str]:
    for (candidate, metric), cells in subject.strata.items():
        whole = subject.whole(candidate, metric)
        if whole is None:
            continue
        beyond = [cell for cell in cells if stands_out(cell, whole)]
        if not beyond:
            continue
        unit = subject.scale(metric)
        worst = sorted(beyond, key=lambda cell: -(cell.loss or 0.0))[:_HIDDEN_SHOWN]
        named = "; ".join(f"{stratum(c.stratum)}: {stratum_figure(c, subject)}" for c in worst)
        rest = len(beyond) - len(worst)
        more = f"; and {counted(rest, 'more stratum', 'more strata')}" if rest else ""
        yield (
            f"{short(candidate)}: the overall {metric} loss of {estimate_with_n(whole, unit)} "
            f"hides {named}{more}."
        )


def stratum_figure(cell: Cell, subject: Subject) -> str:
    """Write loss, interval and n of a stratum, and its verdict with the margin where it has one."""
    unit = subject.scale(cell.metric)
    figure = estimate_with_n(cell, unit)
    if cell.verdict is None:
        return figure
    watched = ", watched" if cell.role == "watch" else ""
    return f"{figure}, {WORDS[cell.verdict]} at its margin of {margin(cell, unit)}{watched}"


def stands_out(cell: Cell, whole: Cell) -> bool:
    """Return whether a stratum is clearly worse than the whole test set says.

    It is where its interval lies beyond that of the whole, or beyond the margin of a whole that
    looks to be within it, or where it fails and the whole does not.
    """
    loss, overall, bounds = known(cell.loss), known(whole.loss), ends(cell)
    if loss is None or overall is None or loss <= overall:
        return False
    if cell.verdict == "fail" and whole.verdict != "fail":
        return True
    if bounds is None:
        return False
    around = ends(whole)
    beyond_whole = around is not None and bounds[0] > around[1]
    beyond_margin = whole.margin is not None and overall <= whole.margin < bounds[0]
    return beyond_whole or beyond_margin


def _charts(subject: Subject) -> Iterator[Forest]:
    for metric in _drawn_metrics(subject):
        for candidate in subject.ranked:
            cells = subject.strata.get((candidate, metric), ())
            if any(known(cell.loss) is not None for cell in cells):
                yield _chart(subject, candidate, metric, cells)


def _drawn_metrics(subject: Subject) -> list[str]:
    """Return the main metric and any other with a margin on a stratum."""
    judged = {
        cell.metric for cell in subject.comparison.cells if cell.stratum and cell.margin is not None
    }
    return [name for name in subject.metric_names if name == subject.main or name in judged]


def _chart(subject: Subject, candidate: str, metric: str, cells: tuple[Cell, ...]) -> Forest:
    unit = subject.scale(metric)
    whole = subject.whole(candidate, metric)
    rows = [whole] if whole is not None else []
    drawn = _most_telling(cells)
    note = ""
    if len(drawn) < len(cells):
        note = (
            f"The {len(drawn)} most telling of {len(cells):,} strata are drawn (critical, failed, "
            f"then the largest loss); the table of cells has more, {subject.source} has all."
        )
    axis = f"loss of {metric}" + (f" ({unit.loss_unit})" if unit.loss_unit else "")
    return Forest(
        title=f"{short(candidate)}: loss of {metric} by stratum, against "
        f"{short(subject.comparison.reference)}",
        axis=axis,
        rows=tuple(_row(subject, cell) for cell in (*rows, *drawn)),
        note=note,
    )


def _most_telling(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Choose the strata to draw; keep them in their order."""
    if len(cells) <= ROWS_DRAWN:
        return cells
    ranked = sorted(
        range(len(cells)), key=lambda i: (not cells[i].critical, cells[i].verdict != "fail", i)
    )
    return tuple(cells[index] for index in sorted(ranked[:ROWS_DRAWN]))


def _row(subject: Subject, cell: Cell) -> ForestRow:
    unit, bounds, loss = subject.scale(cell.metric), ends(cell), known(cell.loss)
    bar = "no margin" if cell.margin is None else f"margin {margin(cell, unit)}"
    return ForestRow(
        label="whole test set" if not cell.stratum else stratum(cell.stratum),
        text=estimate(cell, unit),
        facts=f"{size(cell)}, {bar}",
        loss=None if loss is None else unit.of(loss),
        low=None if bounds is None else unit.of(bounds[0]),
        high=None if bounds is None else unit.of(bounds[1]),
        margin=None if cell.margin is None else unit.of(cell.margin),
        tone=tone(cell.verdict),
        critical=cell.critical,
        whole=not cell.stratum,
    )
