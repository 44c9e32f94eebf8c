"""Test set and variants of a claim beside the rubric, the samples and the answers kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from quantassay import plugins
from quantassay.claims.differences import Difference, differences
from quantassay.claims.places import portable
from quantassay.errors import PluginError
from quantassay.records.artifacts import CalibrationFacts, VariantFacts
from quantassay.records.plain import plain
from quantassay.records.result import Result
from quantassay.records.samples import Predictions
from quantassay.rubrics.model import Rubric, Variant

from .asking import Exam
from .making import method_of
from .variants import Prepared


def test_set(exam: Exam, result: Result) -> Iterator[Difference]:
    """Compare the test set with the samples that are kept."""
    own = exam.test_set()
    path = portable(own.path)
    expected = replace(own, digest=result.test_set.digest, path=path)
    yield from differences(plain(result.test_set), plain(expected))


def variants(
    exam: Exam, answers: Mapping[str, Predictions], result: Result
) -> Iterator[Difference]:
    """Compare every variant with the rubric and with the answers that are kept."""
    claimed = {variant.name: variant for variant in result.variants}
    for name, declared in exam.rubric.variants.items():
        if name not in claimed:
            yield name, "not in the claim", "a variant of the rubric"
            continue
        own, side = claimed[name], answers[name]
        failed = side.ids[side.failed | side.absent]
        expected = {
            "origin": portable(Prepared(name, declared).facts().origin),
            "scheme": declared.scheme,
            "gate": declared.gate,
            "failed": len(failed),
            "failed_ids": [str(each) for each in failed[:20]],
        }
        said = {key: plain(getattr(own, key)) for key in expected}
        yield from differences(said, expected, name)
        yield from _calibration(own, declared, exam.rubric)


def _calibration(own: VariantFacts, variant: Variant, rubric: Rubric) -> Iterator[Difference]:
    """Compare what a scheme was calibrated on with the set that the rubric declares."""
    declared = variant.calibration
    chosen = rubric.calibrations.get(declared or "")
    place = f"{own.name}, calibration"
    if not isinstance(own.calibration, CalibrationFacts):
        if declared is not None:
            yield from differences(own.calibration, declared, place)
        return
    if chosen is None:
        yield place, own.calibration.name, "no set of the rubric"
        return
    wanted = {"name": declared, "source": portable(chosen.data.path),
              "method": _method(variant, chosen.method),
              "samples": min(chosen.samples or own.calibration.available,
                             own.calibration.available),
              "seed": rubric.seed}  # fmt: skip
    said = {key: getattr(own.calibration, key) for key in wanted}
    yield from differences(said, wanted, place)


def _method(variant: Variant, declared: str) -> str:
    """Return how the variant's scheme sets ranges; as declared, where no such scheme is here."""
    name = variant.scheme or ""
    try:
        return method_of(name, plugins.load("schemes", name), variant.options, declared)
    except PluginError:
        return declared
