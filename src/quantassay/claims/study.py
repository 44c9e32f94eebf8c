"""Whether the calibration study of a claim follows from the losses of its draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from quantassay.evidence.drawn import drawn_figures
from quantassay.records.artifacts import CalibrationFacts
from quantassay.records.cells import stratum_label
from quantassay.records.plain import plain
from quantassay.records.result import Result
from quantassay.records.study import CalibrationStudy, StudyCell
from quantassay.records.verification import Check, unchecked
from quantassay.stats import SampleNoise

from .build import NO_STUDY
from .differences import Difference, differences
from .schema import Claim

FIGURES = "loss", "fresh", "spread", "spread_interval", "share", "share_interval"


def study_told(result: Result) -> str:
    """Say what was checked of a study that agrees."""
    study = result.calibration_study
    if study is None:
        return "none was made"
    return f"{len(study.cells)} cells follow from the losses of {study.draws} draws"


def unchecked_study(result: Result) -> list[Check]:
    """Say what of a study is taken from the claim itself."""
    if result.calibration_study is None:
        return []
    why = "the answers of its draws are not kept in the run folder: run again to compare"
    shifted = [] if result.calibration_study.shifted is None else ["losses after shifted draws"]
    losses = ["losses of its draws", *shifted]
    return [unchecked(f"calibration study, {what}", why) for what in losses]


def study_differences(claim: Claim, result: Result) -> Iterator[Difference]:
    """Yield what of a study does not follow from its own losses, variants and cells."""
    study = result.calibration_study
    yield from _declared(study, (result.rubric_declared or {}).get("calibration_study"))
    if study is None:
        # without a study the field holds the reason alone
        yield from differences(plain(claim["calibration_study"]).get("reason"), NO_STUDY)
        return
    yield from _of(study, result)
    shared = {one.samples: one.shared for one in study.sizes}
    own = {
        (cell.metric, stratum_label(cell.stratum)): cell
        for cell in result.comparison.cells
        if cell.candidate == study.of
    }
    for cell in study.cells:
        place = f"{cell.metric} @ {stratum_label(cell.stratum)}, {cell.samples} samples"
        key = cell.metric, stratum_label(cell.stratum)
        if cell.samples not in shared or (cell.losses and len(cell.losses) != study.draws):
            yield place, f"{len(cell.losses)} draws", f"{study.draws} draws of each size"
        elif key not in own:
            yield place, cell.metric, "no cell of the candidate is called so"
        else:
            for what in ("n", "margin"):
                told = getattr(cell, what), getattr(own[key], what)
                yield from differences(*told, f"{place}, {what}")
            yield from differences(cell.gate, own[key].role == "gate", f"{place}, gate")
            yield from _figures(cell, study, shared[cell.samples], place)


def _declared(study: CalibrationStudy | None, declared: Any) -> Iterator[Difference]:
    """Compare the study with the one that the rubric declared."""
    if not isinstance(declared, Mapping):
        if study is not None:
            yield "study", f"of {study.of}", "the rubric declares none"
        return
    if study is None:
        yield "study", "none", f"the rubric declares one of {declared.get('of')}"
        return
    yield from differences(study.of, declared.get("of"), "of")
    yield from differences(study.draws, declared.get("draws"), "draws")
    sizes, wanted = (one.samples for one in study.sizes), declared.get("samples")
    wanted = wanted if isinstance(wanted, list) else [wanted]
    yield from differences(sorted(map(str, sizes)), sorted(map(str, wanted)), "samples")
    yield from differences(study.shifted and study.shifted.key, declared.get("shifted"), "shifted")


def _of(study: CalibrationStudy, result: Result) -> Iterator[Difference]:
    """Compare the study with the candidate that it is of."""
    facts = next((one for one in result.variants if one.name == study.of), None)
    own = None if facts is None else facts.calibration
    if not isinstance(own, CalibrationFacts):
        yield "of", study.of, "no variant of the claim has a calibration set and this name"
        return
    for what in ("available", "seed"):
        yield from differences(getattr(study, what), getattr(own, what), what)
    yield from differences(study.calibration, own.name, "calibration")
    yield from differences(study.confidence, result.comparison.confidence, "confidence")


def _figures(
    cell: StudyCell, study: CalibrationStudy, shared: float, place: str
) -> Iterator[Difference]:
    noise = None if cell.noise is None else SampleNoise(*cell.noise)
    ends = cell.below, cell.above
    try:
        found = drawn_figures(cell.losses, ends, noise, shared, study.confidence)
    except ValueError as error:
        yield place, str(list(cell.losses))[:80], str(error)
        return
    for what in FIGURES:
        told = getattr(cell, what)
        yield from differences(plain(told), plain(getattr(found, what)), f"{place}, {what}")
    if not cell.reason and None in {getattr(found, what) for what in FIGURES}:
        yield place, "no reason", "a figure is undefined"
