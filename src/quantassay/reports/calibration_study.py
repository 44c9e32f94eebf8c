"""How far the choice of calibration samples moves a candidate's loss: described, never judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..records.study import CalibrationStudy, Ends, Shifted, ShiftedCell, StudyCell
from .blocks import Block, Bullets, Column, Paragraph, Section, Table, Value
from .figures import (
    NOT_APPLICABLE,
    UNDEFINED,
    Scale,
    bracket,
    confidence,
    number,
    share,
    trimmed,
    with_unit,
)
from .names import counted, short, stratum
from .subject import Subject

KEY, TITLE = "calibration-study", "Calibration study"


def calibration_study(subject: Subject) -> tuple[Section, ...]:
    """Say what a study found: the whole test set first, every cell below; nothing without one."""
    study = None if subject.result is None else subject.result.calibration_study
    if study is None:
        return ()
    lines = [_line(subject, study, one) for one in study.cells if not one.stratum]
    blocks: list[Block] = [Paragraph(_made(study)), Bullets(tuple(lines))]
    if study.shifted is not None:
        blocks.append(Bullets(tuple(_diagonals(subject, study.shifted))))
    details: list[Block] = [_cells(subject, study), Paragraph(_read(study))]
    if study.shifted is not None:
        details += _matrices(subject, study, study.shifted)
    return (
        Section(KEY, TITLE, tuple(blocks), brief=True),
        Section(f"{KEY}-cells", f"{TITLE}: every cell", tuple(details)),
    )


def _made(study: CalibrationStudy) -> str:
    sizes = " and of ".join(f"{one.samples:,}" for one in study.sizes)
    common = [
        f"of {one.samples:,}: {share(one.shared, 0)}" for one in study.sizes if one.shared > 0
    ]
    apart = "no two draws of one size have a sample in common"
    if common:
        apart = (
            "the source is too small for draws that have no sample in common (shared by two draws "
            f"on average: {'; '.join(common)}), and figures are corrected for it, exactly only for "
            "what is linear in the samples"
        )
    return (
        f"{short(study.of)} was quantized again with {study.draws} draws of {sizes} samples from "
        f"{study.available:,} of calibration {short(study.calibration)}; {apart}. Described: no "
        "verdict rests on it."
    )


def _line(subject: Subject, study: CalibrationStudy, cell: StudyCell) -> str:
    unit = subject.scale(cell.metric)
    head = f"{cell.metric} with {counted(cell.samples, 'calibration sample')}: "
    if cell.loss is None:
        return f"{head}{UNDEFINED}: {cell.reason}"
    parts = [f"mean loss {_amount(unit, cell.loss)} over {study.draws} draws (n {cell.n:,})"]
    if cell.fresh is not None:
        parts.append(f"loss of a fresh calibration {_interval(unit, cell.fresh)}")
    if cell.spread is not None:
        parts.append(f"standard deviation between draws {_spread(unit, cell)}")
        parts.append(f"{_share(cell)} of the loss's variance is the choice of calibration")
    level = f" ({confidence(study.confidence)} intervals)" if len(parts) > 1 else ""
    why = f"; more is undefined: {cell.reason}" if cell.reason else ""
    return f"{head}{'; '.join(parts)}{level}{why}"


def _number(unit: Scale, amount: float) -> str:
    return number(unit.of(amount), unit.decimals)


def _amount(unit: Scale, amount: float) -> str:
    return with_unit(_number(unit, amount), unit.loss_unit)


def _ends(unit: Scale, ends: Ends) -> str:
    return bracket([unit.of(end) for end in ends], unit.decimals)


def _interval(unit: Scale, ends: Ends | None) -> str:
    return UNDEFINED if ends is None else with_unit(_ends(unit, ends), unit.loss_unit)


def _spread(unit: Scale, cell: StudyCell) -> str:
    if cell.spread is None:
        return UNDEFINED
    amount = _amount(unit, cell.spread)
    if cell.spread_interval is None:
        return f"{amount}, no interval"
    zero = " (cut off at 0)" if cell.spread == 0 and _differ(cell) else ""
    return f"{amount}{zero} {_ends(unit, cell.spread_interval)}"


def _differ(cell: StudyCell) -> bool:
    return len(set(cell.losses)) > 1


def _share(cell: StudyCell) -> str:
    if cell.share is None:
        return f"an {UNDEFINED} share"
    if cell.share_interval is None:
        return f"{share(cell.share, 0)}, no interval,"
    ends = bracket([100 * end for end in cell.share_interval], 0)
    return f"{share(cell.share, 0)} {ends}"


def _cells(subject: Subject, study: CalibrationStudy) -> Table:
    level = confidence(study.confidence)
    heads = (
        ("Metric and stratum", False),
        ("Calibration samples", True),
        ("n", True),
        ("Mean loss", True),
        (f"Loss of a fresh calibration [{level}]", True),
        ("Margin", True),
        (f"Standard deviation between draws [{level}]", True),
        (f"Share of variance [{level}]", True),
        ("Note", False),
    )
    return Table(
        f"{short(study.of)}: {study.draws} draws of each size",
        tuple(Column(head, numeric=numeric, prose=head == "Note") for head, numeric in heads),
        tuple(_row(subject, cell) for cell in study.cells),
        "Fresh: of a calibration that was not drawn yet, on samples that were not tested yet.",
    )


def _row(subject: Subject, cell: StudyCell) -> tuple[Value, ...]:
    unit = subject.scale(cell.metric)
    name = f"{cell.metric} @ {stratum(cell.stratum)}" if cell.stratum else cell.metric
    crosses = bool(cell.margin and cell.fresh and cell.fresh[1] >= cell.margin)
    return (
        Value(name),
        Value(f"{cell.samples:,}", cell.samples),
        Value(f"{cell.n:,}", cell.n),
        Value(UNDEFINED if cell.loss is None else _amount(unit, cell.loss), cell.loss),
        Value(
            _interval(unit, cell.fresh),
            None if cell.fresh is None else cell.fresh[1],
            "warning" if crosses else "plain",
        ),
        Value(_margin(unit, cell.margin), cell.margin),
        Value(_spread(unit, cell), cell.spread),
        Value(
            _share(cell).removeprefix("an ").removesuffix(",").removesuffix(" share"), cell.share
        ),
        Value(cell.reason or NOT_APPLICABLE),
    )


def _margin(unit: Scale, margin: float | None) -> str:
    if margin is None:
        return "none"
    return with_unit(trimmed(unit.of(margin), 6), unit.loss_unit)


def _read(study: CalibrationStudy) -> str:
    units = "clusters" if study.clusters else "samples"
    return (
        f"The spread between draws is that on endless {units}: what the finite test set adds is "
        "taken off, and 0 stands where nothing is left. The share is the spread's part of the "
        "variance of a loss measured once, with one calibration and one test set. Intervals over "
        "draws take them as normal; a rare bad calibration that no draw met is not foreseen."
    )


def _names(shifted: Shifted) -> tuple[list[str], list[str]]:
    """Return the strata calibrated on, and those measured."""
    own = dict.fromkeys(cell.calibrated for cell in shifted.cells)
    return list(own), list(dict.fromkeys(cell.measured for cell in shifted.cells))


def _diagonals(subject: Subject, shifted: Shifted) -> Iterator[str]:
    """Compare calibration on the stratum itself with that on another one, in a sentence each."""
    for metric in dict.fromkeys(cell.metric for cell in shifted.cells):
        cells = [one for one in shifted.cells if one.metric == metric and one.loss is not None]
        known = set(_names(shifted)[0])
        own = [one for one in cells if one.calibrated == one.measured]
        other = [one for one in cells if one.calibrated != one.measured and one.measured in known]
        if own and other:
            yield _diagonal(subject, shifted, own, other)


def _diagonal(
    subject: Subject, shifted: Shifted, own: Sequence[ShiftedCell], other: Sequence[ShiftedCell]
) -> str:
    unit = subject.scale(own[0].metric)
    means = [sum(one.loss or 0.0 for one in part) / len(part) for part in (own, other)]
    first, second = (_amount(unit, mean) for mean in means)
    worst = max(other, key=lambda one: one.loss or 0.0)
    loss = _amount(unit, worst.loss or 0.0)
    ends = UNDEFINED if worst.interval is None else _ends(unit, worst.interval)
    return (
        f"{own[0].metric}, calibrated on one {short(shifted.key)} alone ({shifted.samples:,} "
        f"samples): on that one it loses {first} on average, on others {second}; most on "
        f"{short(shifted.key)}={short(worst.measured)} after {short(worst.calibrated)}: {loss} "
        f"{ends} (n {worst.n:,}), the largest of {len(other)}"
    )


def _matrices(subject: Subject, study: CalibrationStudy, shifted: Shifted) -> Iterator[Table]:
    rows, columns = _names(shifted)
    level, key = confidence(study.confidence), short(shifted.key)
    lacking = ""
    if shifted.lacking:
        lacking = f" Too few calibration samples of {key}={', '.join(map(short, shifted.lacking))}."
    for metric in dict.fromkeys(cell.metric for cell in shifted.cells):
        unit = subject.scale(metric)
        found = {(c.calibrated, c.measured): c for c in shifted.cells if c.metric == metric}
        yield Table(
            f"Loss of {_in_unit(metric, unit)} on each {key} (columns) after calibration on one "
            f"alone (rows), {shifted.samples:,} samples each [{level}]",
            (
                Column("Calibrated on"),
                *(Column(_counted(name, found), numeric=True) for name in columns),
            ),
            tuple(
                (Value(short(row)), *(_shifted(unit, found[row, column]) for column in columns))
                for row in rows
            ),
            f"One draw each; intervals are of the test set alone.{lacking}",
        )


def _shifted(unit: Scale, cell: ShiftedCell) -> Value:
    if cell.loss is None:
        return Value(f"{UNDEFINED}: {cell.reason}")
    ends = UNDEFINED if cell.interval is None else _ends(unit, cell.interval)
    return Value(f"{_number(unit, cell.loss)} {ends}", cell.loss)


def _in_unit(metric: str, unit: Scale) -> str:
    return f"{metric}, {unit.loss_unit}," if unit.loss_unit else metric


def _counted(measured: str, found: Mapping[tuple[str, str], ShiftedCell]) -> str:
    n = next(cell.n for (_, name), cell in found.items() if name == measured)
    return f"{short(measured)} (n {n:,})"
