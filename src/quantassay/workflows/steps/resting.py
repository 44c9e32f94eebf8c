"""A PASS that rests on one calibration, where another one might not have passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quantassay.records.artifacts import CalibrationFacts
from quantassay.records.cells import Comparison, stratum_label
from quantassay.records.study import CalibrationStudy, StudyCell

from .variants import Prepared

SHOWN = 3


def rests_on_one(
    study: CalibrationStudy | None, comparison: Comparison, variants: Mapping[str, Prepared]
) -> Iterator[str]:
    """Yield a finding where a candidate passes, and a fresh calibration may lose the margin.

    Parameters
    ----------
    study
        None where there is none: nothing is known of a fresh calibration then.
    comparison
        What was judged; nothing of it changes.
    variants
        Of the calibration that was judged, the nearest size studied is told of.
    """
    decided = comparison.candidates.get(study.of) if study else None
    if study is None or decided is None or decided.verdict != "pass":
        return
    facts = variants[study.of].calibration
    samples = facts.samples if isinstance(facts, CalibrationFacts) else 0
    size = min((one.samples for one in study.sizes), key=lambda each: abs(each - samples))
    beyond = [one for one in study.cells if one.samples == size and _crosses(one)]
    if not beyond:
        return
    beyond.sort(key=_excess, reverse=True)
    units = {metric.name: metric.unit for metric in comparison.metrics}
    told = "; ".join(_told(one, units) for one in beyond[:SHOWN])
    more = f"; and {len(beyond) - SHOWN} more cells" if len(beyond) > SHOWN else ""
    yield (
        f"{study.of}: its PASS rests on one calibration of {samples:,} samples; after a fresh one "
        f"of {size:,} the loss may lie beyond the margin "
        f"({100 * study.confidence:g} % intervals from {study.draws} draws): {told}{more}"
    )


def _crosses(cell: StudyCell) -> bool:
    return bool(cell.gate and cell.margin and cell.fresh and cell.fresh[1] >= cell.margin)


def _excess(cell: StudyCell) -> float:
    assert cell.fresh is not None and cell.margin is not None
    return cell.fresh[1] / cell.margin


def _told(cell: StudyCell, units: Mapping[str, str]) -> str:
    assert cell.fresh is not None and cell.margin is not None and cell.loss is not None
    where = f"{cell.metric} @ {stratum_label(cell.stratum)}" if cell.stratum else cell.metric
    factor, unit = (100, " pp") if units.get(cell.metric) == "fraction" else (1, "")
    low, high, margin, loss = (
        f"{factor * value:.3g}" for value in (*cell.fresh, cell.margin, cell.loss)
    )
    return f"{where} {low} to {high}{unit} (mean {loss}{unit}, margin {margin}{unit})"
